//! `/api/v1/releases/{id}/cite`

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::Answer;
use super::params::{CiteAsked, Id, MAX_PASSAGE, refuse};
use crate::model::{Block, History, Release, ReleaseId, Version};
use crate::web::cite::{Format, Reference, Style, wikipedia};
use crate::web::error::Failure;
use crate::web::extract::{FieldError, Params};
use crate::web::pages::gone::{absent, no_passage, no_version, read_id};
use crate::web::state::App;

/// The template of the English Wikipedia.
const WIKIPEDIA: &str = "wikipedia";

/// A citation in one style or form.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Citation {
    #[schema(example = "apa")]
    pub style: String,
    /// What a person calls it.
    #[schema(example = "APA, 7th edition")]
    pub label: String,
    /// The citation itself.
    pub text: String,
}

/// How to cite a release, one of its versions or a passage.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Citations {
    pub id: String,
    /// The address that is cited.
    #[schema(format = "uri")]
    pub permalink: String,
    /// Number of the version whose words are cited.
    pub version: u32,
    /// Lower-case hex SHA-256 of its text.
    pub sha256: String,
    /// The number of the passage, where one is cited.
    pub passage: Option<u32>,
    /// The words of that passage, white space folded: what a quotation must agree with.
    pub words: Option<String>,
    /// The day of access that the citations name.
    pub accessed: chrono::NaiveDate,
    pub items: Vec<Citation>,
}

/// Every style and form by name.
pub fn styles() -> impl Iterator<Item = &'static str> {
    Style::ALL.into_iter().map(Style::token).chain([WIKIPEDIA]).chain(Format::ALL.into_iter().map(name))
}

/// What a form is called here: as references managers call it, not as its files end.
const fn name(format: Format) -> &'static str {
    match format {
        Format::Bib => "bibtex",
        Format::Ris => "ris",
        Format::Csl => "csl-json",
    }
}

/// A reference in one style or form; `None` for a name that is none.
pub fn cited(style: &str, reference: &Reference) -> Option<Citation> {
    let citation = |label: &str, text: String| Citation { style: style.to_owned(), label: label.to_owned(), text };
    if style == WIKIPEDIA {
        return Some(citation("Wikipedia", wikipedia::template(reference)));
    }
    if let Some(of) = Style::ALL.into_iter().find(|of| of.token() == style) {
        return Some(citation(of.label(), of.set(reference).plain()));
    }
    let format = Format::ALL.into_iter().find(|format| name(*format) == style)?;
    Some(citation(format.label(), format.record(reference)))
}

struct CiteForm {
    styles: Vec<&'static str>,
    version: Option<u32>,
    passage: Option<usize>,
}

impl CiteForm {
    fn read(params: &Params) -> Result<Self, Failure> {
        let mut errors = Vec::new();
        let mut chosen = Vec::new();
        if params.count("style") > styles().count() {
            errors.push(FieldError {
                field: "style",
                message: format!("There are {} styles and forms, and more were asked for.", styles().count()),
            });
        }
        for typed in params.all("style") {
            match styles().find(|style| *style == typed) {
                Some(style) if !chosen.contains(&style) => chosen.push(style),
                Some(_) => {}
                None => {
                    errors.push(FieldError { field: "style", message: format!("There are {}.", styles().collect::<Vec<_>>().join(", ")) })
                }
            }
        }
        let mut number = |field: &'static str, most: usize| match params.first(field) {
            "" => None,
            typed => {
                let read = typed.parse::<usize>().ok().filter(|number| (1..=most).contains(number));
                if read.is_none() {
                    errors.push(FieldError { field, message: format!("A whole number from 1 to {most} is wanted.") });
                }
                read
            }
        };
        let version = number("version", i32::MAX as usize).and_then(|number| u32::try_from(number).ok());
        let passage = number("passage", MAX_PASSAGE);
        errors.dedup();
        refuse(errors)?;
        Ok(Self { styles: if chosen.is_empty() { styles().collect() } else { chosen }, version, passage })
    }
}

/// How to cite a release
///
/// A citation in the style of each manual and in the form of each reference manager: of the release as it stands, of one of its versions, or of a
/// passage with its very words.
#[utoipa::path(
    get, path = "/api/v1/releases/{id}/cite", operation_id = "citeRelease", tag = "Releases",
    params(Id, CiteAsked),
    responses((status = 200, description = "The citations", body = Citations)),
)]
pub async fn cite(State(app): State<App>, Path(id): Path<String>, params: Params) -> Result<Response, Failure> {
    let id = read_id(&id)?;
    let urls = app.urls();
    match cited_release(&app, id, &params).await? {
        Some(citations) => Ok(Answer::new(citations).into_response()),
        None => absent(&app, id, |id, _| urls.api_list(&format!("releases/{id}/cite"), "")).await,
    }
}

/// Citations as parameters ask for them; `None` where the release is not shown.
///
/// # Errors
/// [`Failure::Fields`] for what cannot be read, [`Failure::Absent`] for a version or a passage that there is not.
pub async fn cited_release(app: &App, id: ReleaseId, params: &Params) -> Result<Option<Citations>, Failure> {
    cited_form(app, id, CiteForm::read(params)?).await
}

async fn cited_form(app: &App, id: ReleaseId, form: CiteForm) -> Result<Option<Citations>, Failure> {
    let Some(lasting) = app.archive().lasting(id).await? else { return Ok(None) };
    let number = match form.version {
        // Of a release that is held to be another one, only what was quoted from it is cited still.
        None if lasting.joined.is_some() && form.passage.is_none() => return Ok(None),
        None if lasting.joined.is_some() => Some(lasting.history.version),
        asked => asked,
    };
    let version = match number {
        None => None,
        Some(number) => match app.archive().version(id, number).await? {
            Some(version) => Some(version),
            None => {
                return match app.archive().split_off(id, number).await? {
                    // What was split off is the first version of a release of its own.
                    Some(other) => Box::pin(cited_form(app, other, CiteForm { version: Some(1), ..form })).await,
                    None => Err(lacking("version", no_version(lasting.history.versions, number))),
                };
            }
        },
    };
    citations(app, &form, &lasting.release, &lasting.history, version.as_ref()).map(Some)
}

fn citations(app: &App, form: &CiteForm, release: &Release, history: &History, version: Option<&Version>) -> Result<Citations, Failure> {
    let (blocks, text) = version.map_or((&release.blocks, &release.text), |version| (&version.blocks, &version.text));
    let (urls, today) = (app.urls(), app.today());
    let mut reference = match version {
        Some(version) => Reference::version(release, history, version, urls, today),
        None => Reference::of(release, history, urls, today),
    };
    if let Some(number) = form.passage {
        reference = reference.passage(number);
    }
    let cited_version = reference.version.as_ref().unwrap_or(&reference.current);
    Ok(Citations {
        id: release.item.id.to_string(),
        permalink: reference.permalink.clone(),
        version: cited_version.number,
        sha256: cited_version.sha256.clone(),
        passage: form.passage.and_then(|number| u32::try_from(number).ok()),
        words: form.passage.map(|number| words(blocks, text, number)).transpose()?,
        accessed: reference.accessed,
        items: form.styles.iter().filter_map(|style| cited(style, &reference)).collect(),
    })
}

fn lacking(field: &'static str, message: String) -> Failure {
    Failure::absent(field, message)
}

/// The words of a passage.
fn words(blocks: &[Block], text: &str, number: usize) -> Result<String, Failure> {
    let block = number.checked_sub(1).and_then(|index| blocks.get(index));
    let block = block.ok_or_else(|| lacking("passage", no_passage(blocks.len(), number)))?;
    Ok(crate::model::release::fold_spaces(block.span.of(text)))
}
