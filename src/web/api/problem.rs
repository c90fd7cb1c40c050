//! What programs are told when there is no ordinary answer: problem documents (RFC 9457).

use axum::http::{StatusCode, Uri};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use crate::web::answer::typed;
use crate::web::error::{Failure, Tombstone};
use crate::web::extract::FieldError;
use crate::web::state::App;

/// Media type of a problem document (RFC 9457, section 3).
pub const MEDIA_TYPE: &str = "application/problem+json";

/// A parameter that could not be read.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ParameterError {
    #[schema(example = "limit")]
    pub parameter: String,
    /// What is wrong with it, and what would be understood.
    pub detail: String,
}

/// What is still told of a withdrawn release.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Withdrawn {
    pub title: String,
    /// The date of publication in words.
    pub published: String,
    /// Empty where it is not known.
    pub publisher: String,
    pub reason: String,
    /// RFC 3339, UTC.
    pub withdrawn_at: String,
    /// Whether its words were taken out of the archive.
    pub erased: bool,
}

impl From<&Tombstone> for Withdrawn {
    fn from(tombstone: &Tombstone) -> Self {
        let Tombstone { title, date, publisher, reason, at, erased, .. } = tombstone.clone();
        Self { title, published: date, publisher, reason, withdrawn_at: at, erased }
    }
}

/// Why there is no ordinary answer (RFC 9457).
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Problem {
    /// What sort of problem it is: an address that explains it.
    #[serde(rename = "type")]
    #[schema(format = "uri")]
    pub kind: String,
    pub title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// What happened and what to do about it, in sentences.
    pub detail: String,
    /// The path that was asked for.
    pub instance: String,
    /// Each parameter that could not be read; left out where the problem is another.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<ParameterError>,
    /// What is still told of a withdrawn release; left out of every other problem.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Withdrawn>,
}

/// The sorts of problem: status, the word at the end of its `type`, and what it means.
pub const SORTS: [(u16, &str, &str); 7] = [
    (400, "parameters", "A parameter is missing or cannot be read; `errors` names each."),
    (
        404,
        "not-found",
        "There is nothing at this address, or no such version or passage; `errors` then names the parameter. No address of a release ever stops working.",
    ),
    (405, "method", "The archive can only be read: GET, HEAD and OPTIONS are answered."),
    (410, "withdrawn", "The release was withdrawn; `withdrawn` says when and why."),
    (
        414,
        "too-long",
        "The address is longer than 60 KiB. What is longer than 64 KiB is refused before it is read, and has no problem document.",
    ),
    (500, "internal", "A fault of the archive’s own."),
    (503, "busy", "Too many readers, a search beyond its time, or an index that is being built; `Retry-After` says when to come back."),
];

/// The word at the end of a problem’s `type`.
pub fn sort_of(status: u16) -> &'static str {
    SORTS.iter().find(|(known, ..)| *known == status).map_or("other", |(_, word, _)| word)
}

/// The answer to a program’s failed request. Needs no database.
pub fn problem(app: &App, failure: &Failure, status: StatusCode, (title, sentences): (&str, &[String]), uri: &Uri) -> Response {
    let urls = app.urls();
    let error = |error: &FieldError| ParameterError { parameter: error.field.to_owned(), detail: error.message.clone() };
    let errors = failure.fields().iter().map(error).collect();
    let problem = Problem {
        kind: urls.absolute(&urls.api_problem(sort_of(status.as_u16()))),
        title: title.to_owned(),
        status: status.as_u16(),
        detail: sentences.join(" "),
        instance: urls.to(uri.path()),
        errors,
        withdrawn: match failure {
            Failure::Gone(tombstone) => Some(Withdrawn::from(&**tombstone)),
            _ => None,
        },
    };
    // Words and numbers alone: nothing in it can fail to be written.
    typed(MEDIA_TYPE, serde_json::to_vec(&problem).unwrap_or_default())
}
