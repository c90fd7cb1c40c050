//! `/api/v1/docs`: the OpenAPI document for people, with requests that work.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde_json::Value;

use super::fields::{Field, Parts, members, parameter, parts};
use super::openapi::{document, operations, words};
use super::problem::SORTS;
use crate::model::ReleaseItem;
use crate::model::query::Facet;
use crate::web::error::Failure;
use crate::web::shell::{Alternate, Shell};
use crate::web::state::App;
use crate::web::view::page;

/// An operation.
pub struct OperationView {
    pub name: String,
    /// With its parts in braces.
    pub path: String,
    pub summary: String,
    pub about: Parts,
    pub parameters: Vec<Field>,
    /// An address that can be followed: what it reads, and where it leads.
    pub example: Option<(String, String)>,
    /// The shape of its answer.
    pub shape: Option<String>,
}

/// Operations that belong together.
pub struct GroupView {
    pub name: String,
    pub about: String,
    pub operations: Vec<OperationView>,
}

pub struct ShapeView {
    pub name: String,
    pub about: Parts,
    pub members: Vec<Field>,
    /// The words that it can be, where it is a word.
    pub values: Vec<String>,
}

#[derive(Template)]
#[template(path = "api.html")]
struct ApiPage {
    shell: Shell,
    about: Vec<Parts>,
    base: String,
    openapi: String,
    groups: Vec<GroupView>,
    shapes: Vec<ShapeView>,
    /// Status, the word that it is known by, and what it means.
    problems: Vec<(u16, &'static str, Parts)>,
    data: String,
}

/// What examples are made of: a release, and one that has an original address.
struct Samples {
    release: Option<ReleaseItem>,
    address: Option<String>,
    topic: String,
}

impl Samples {
    async fn of(app: &App) -> Result<Self, Failure> {
        let latest = app.archive().latest(20).await?;
        let overview = app.archive().overview();
        Ok(Self {
            address: latest.iter().find_map(|item| item.url.clone()),
            release: latest.into_iter().next(),
            topic: overview.values(Facet::Topic).first().map(|(slug, _)| (*slug).to_owned()).unwrap_or_default(),
        })
    }

    /// The path of an operation with a value for each of its parts; `None` where the archive holds none.
    fn filled(&self, path: &str) -> Option<String> {
        let id = self.release.as_ref().map(|item| item.id.to_string());
        let mut filled = path.to_owned();
        for (part, value) in [
            ("{id}", id),
            ("{number}", Some("1".to_owned())),
            ("{slug}", Some(self.topic.clone()).filter(|topic| !topic.is_empty())),
            ("{facet}", Some("topic".to_owned())),
            ("{kind}", Some("places".to_owned())),
        ] {
            if filled.contains(part) {
                filled = filled.replace(part, &value?);
            }
        }
        Some(filled)
    }

    /// The parameters of an example; `None` where the archive holds nothing to ask for.
    fn query(&self, operation: &str) -> Option<String> {
        let pairs: Vec<(&str, &str)> = match operation {
            "listReleases" => vec![("from", "2025"), ("limit", "5")],
            "search" => vec![("q", "defence industry"), ("limit", "5")],
            "listFacetValues" => vec![("q", "defence"), ("limit", "5")],
            "getTrends" => vec![("q", "defence"), ("q", "deterrence"), ("by", "month")],
            "resolve" => vec![("url", self.address.as_deref()?)],
            "listMentions" | "listChanges" => vec![("limit", "5")],
            _ => Vec::new(),
        };
        Some(form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish())
    }
}

/// `/api/v1/docs`
pub async fn docs(State(app): State<App>) -> Result<Response, Failure> {
    let urls = app.urls();
    let document = document(urls);
    let samples = Samples::of(&app).await?;
    let mut shell = Shell::new(&app, "Interface for programs", &urls.api_docs())
        .described("Every address, parameter and field of the archive’s JSON interface, with requests that work.")
        .under("Data", urls.page("data"))
        .at("data");
    shell.alternates.push(Alternate { media_type: "application/vnd.oai.openapi+json", href: urls.api_description(), title: "OpenAPI 3.1" });
    page(&ApiPage {
        shell,
        about: words(&document["info"], "description").split("\n\n").map(parts).collect(),
        base: urls.base(),
        openapi: urls.api_description(),
        groups: groups(&document, &samples, &app),
        shapes: shapes(&document["components"]["schemas"]),
        problems: SORTS.map(|(status, word, means)| (status, word, parts(means))).to_vec(),
        data: urls.page("data"),
    })
}

fn groups(document: &Value, samples: &Samples, app: &App) -> Vec<GroupView> {
    let tags = document["tags"].as_array().into_iter().flatten();
    let group = |tag: &Value| {
        let name = words(tag, "name");
        let of_tag = operations(document).filter(|(_, operation)| operation["tags"][0] == name);
        GroupView {
            name: name.to_owned(),
            about: words(tag, "description").to_owned(),
            operations: of_tag.map(|(path, operation)| view(path, operation, samples, app)).collect(),
        }
    };
    tags.map(group).collect()
}

fn view(path: &str, operation: &Value, samples: &Samples, app: &App) -> OperationView {
    let name = words(operation, "operationId");
    let example = samples.filled(path).zip(samples.query(name)).map(|(path, query)| {
        let shown = if query.is_empty() { path } else { format!("{path}?{query}") };
        (shown.clone(), app.urls().to(&shown))
    });
    let shape = &operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"];
    OperationView {
        name: name.to_owned(),
        path: path.to_owned(),
        summary: words(operation, "summary").to_owned(),
        about: parts(words(operation, "description")),
        parameters: operation["parameters"].as_array().into_iter().flatten().map(parameter).collect(),
        example,
        shape: shape.as_str().and_then(|shape| shape.rsplit('/').next()).map(str::to_owned),
    }
}

fn shapes(schemas: &Value) -> Vec<ShapeView> {
    let shape = |(name, schema): (&String, &Value)| ShapeView {
        name: name.clone(),
        about: parts(words(schema, "description")),
        members: members(schema, schemas),
        values: schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect(),
    };
    schemas.as_object().into_iter().flatten().map(shape).collect()
}
