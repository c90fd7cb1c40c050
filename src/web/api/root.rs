//! `/api/v1` and `/api/v1/openapi.json`

use axum::extract::State;
use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::answer::Answer;
use super::openapi;
use crate::web::error::Failure;
use crate::web::shell::SITE;
use crate::web::state::App;

/// Something that can be asked for.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Resource {
    /// The operation’s name in the description.
    #[schema(example = "getRelease")]
    pub name: String,
    /// What is given there.
    pub about: String,
    /// Its address; parts in braces stand for values.
    #[schema(example = "https://archive.example/api/v1/releases/{id}")]
    pub url: String,
}

/// Which state of the archive answers come from.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct GenerationOf {
    /// The last entry of its log.
    pub store: i64,
    /// The last entry that searches know of.
    pub index: i64,
}

/// What the archive is, and all that can be asked of it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Root {
    pub name: String,
    /// The archive’s own identifier, chosen once.
    pub archive_id: String,
    pub generation: GenerationOf,
    pub releases: u64,
    /// How many of them have no day.
    pub undated: u64,
    /// The first day with a release.
    pub first: Option<NaiveDate>,
    /// The last day with a release.
    pub last: Option<NaiveDate>,
    /// When a document was last loaded (RFC 3339, UTC).
    pub loaded_at: Option<String>,
    pub rights: String,
    pub resources: Vec<Resource>,
    /// The OpenAPI document.
    #[schema(format = "uri")]
    pub openapi: String,
    /// The same for people.
    #[schema(format = "uri")]
    pub docs: String,
    /// Everything at once, and in other forms.
    #[schema(format = "uri")]
    pub data: String,
}

/// What there is
///
/// What the archive holds, and every address of this interface.
#[utoipa::path(
    get, path = "/api/v1", operation_id = "getRoot", tag = "About",
    responses((status = 200, description = "The archive at a glance", body = Root)),
)]
pub async fn root(State(app): State<App>) -> Result<Answer<Root>, Failure> {
    let (urls, overview) = (app.urls(), app.archive().overview());
    let document = openapi::document(urls);
    let (openapi, docs) = (urls.api_description(), urls.api_docs());
    let root = Root {
        name: SITE.to_owned(),
        archive_id: overview.archive_id.clone(),
        generation: GenerationOf { store: overview.generation.store, index: overview.generation.index },
        releases: overview.releases,
        undated: overview.undated,
        first: overview.first(),
        last: overview.last(),
        loaded_at: overview.loaded_at.clone(),
        rights: openapi::RIGHTS.to_owned(),
        resources: resources(&document, &urls.base()),
        openapi: urls.absolute(&openapi),
        docs: urls.absolute(&docs),
        data: urls.absolute(&urls.page("data")),
    };
    // RFC 8631: where a service describes itself to programs and to people.
    Ok(Answer::new(root).link(urls, "service-desc", &openapi).link(urls, "service-doc", &docs))
}

fn resources(document: &Value, base: &str) -> Vec<Resource> {
    let operations = openapi::operations(document).map(|(path, operation)| Resource {
        name: openapi::words(operation, "operationId").to_owned(),
        about: openapi::words(operation, "summary").to_owned(),
        url: format!("{base}{path}"),
    });
    operations.collect()
}

/// This description
///
/// The OpenAPI 3.1 document of this interface.
#[utoipa::path(
    get, path = "/api/v1/openapi.json", operation_id = "getDescription", tag = "About",
    responses((status = 200, description = "An OpenAPI document", body = Value)),
)]
pub async fn description(State(app): State<App>) -> Answer<Value> {
    Answer::new(openapi::document(app.urls()))
}
