//! What can go wrong with a request: one small enum, a status each. The page for it is made by [`layers`](super::layers), which knows
//! whether a person or a program asked.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::extract::FieldError;
use crate::index::IndexError;
use crate::model::ReleaseId;
use crate::reading::ReadingError;

/// A request that gets no ordinary answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    NotFound,
    /// Files of the whole archive as it was in a state of which none are kept any more, and where the newest are, if there are any.
    NoSuchSet(Option<String>),
    /// A release that its archive's owner has withdrawn.
    Gone(Box<Tombstone>),
    /// A sentence that names the field and says what would be understood.
    BadRequest(String),
    /// Each parameter that could not be read, and what would be understood.
    Fields(Vec<FieldError>),
    /// Something, or a part of something that is there, that a parameter names and the archive does not have.
    Absent(FieldError),
    /// A version that a release does not have.
    NoSuchVersion(Box<Lacking>),
    /// A longer address than is read.
    TooLong,
    /// A search that used up its time.
    TooSlow,
    /// More than can be answered at the moment.
    Busy,
    /// The index is not there yet.
    Building,
    /// What was asked for has to be written first, and the disk is full.
    NoRoom,
    Internal,
}

/// What is said of a version that there is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lacking {
    pub sentence: String,
    /// Where those are listed that there are.
    pub history: String,
}

/// What is still told of a withdrawn release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tombstone {
    pub id: ReleaseId,
    pub title: String,
    /// The date of publication in words.
    pub date: String,
    /// Empty where it is not known.
    pub publisher: String,
    pub reason: String,
    /// When it was withdrawn (RFC 3339, UTC).
    pub at: String,
    /// Whether its words were taken out of the archive.
    pub erased: bool,
}

impl Failure {
    /// The parameters that it is about, each with what is to be said of it.
    pub fn fields(&self) -> &[FieldError] {
        match self {
            Self::Fields(errors) => errors,
            Self::Absent(error) => std::slice::from_ref(error),
            _ => &[],
        }
    }

    /// One parameter that could not be read.
    pub fn field(field: &'static str, message: impl Into<String>) -> Self {
        Self::Fields(vec![FieldError { field, message: message.into() }])
    }

    /// What a parameter names and the archive does not have.
    pub fn absent(field: &'static str, message: impl Into<String>) -> Self {
        Self::Absent(FieldError { field, message: message.into() })
    }

    pub const fn status(&self) -> StatusCode {
        match self {
            Self::NotFound | Self::NoSuchSet(_) | Self::Absent(_) | Self::NoSuchVersion(_) => StatusCode::NOT_FOUND,
            Self::Gone(_) => StatusCode::GONE,
            Self::BadRequest(_) | Self::Fields(_) => StatusCode::BAD_REQUEST,
            Self::TooLong => StatusCode::URI_TOO_LONG,
            Self::TooSlow | Self::Busy | Self::Building | Self::NoRoom => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<ReadingError> for Failure {
    fn from(error: ReadingError) -> Self {
        match error {
            ReadingError::Building => Self::Building,
            ReadingError::Index(IndexError::TooSlow) => Self::TooSlow,
            other => {
                tracing::error!(error = %other, "a page could not be made");
                Self::Internal
            }
        }
    }
}

impl From<askama::Error> for Failure {
    fn from(error: askama::Error) -> Self {
        tracing::error!(%error, "a template could not be filled");
        Self::Internal
    }
}
