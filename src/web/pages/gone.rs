//! What is answered for a release that is not shown: where it went, or why it was withdrawn.

use axum::http::{HeaderValue, header};
use axum::response::Response;

use crate::model::{Gone, ReleaseId};
use crate::web::answer::moved;
use crate::web::error::{Failure, Tombstone};
use crate::web::past::Moment;
use crate::web::state::App;

/// The id in an address, as typed.
pub fn read_id(typed: &str) -> Result<ReleaseId, Failure> {
    typed.parse().map_err(|()| Failure::NotFound)
}

/// The answer where no release is shown under an id: 410 with the reason for one that was withdrawn, the way to the other one where two were
/// found to be the same (`elsewhere` makes the address of its id and slug), 404 for an id that the archive never gave.
pub async fn absent(app: &App, id: ReleaseId, elsewhere: impl FnOnce(ReleaseId, &str) -> String) -> Result<Response, Failure> {
    match app.archive().gone(id).await? {
        None => Err(Failure::NotFound),
        Some(Gone::Merged(other, slug)) => {
            let mut response = moved(&elsewhere(other, &slug));
            // The owner may part them again.
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
            Ok(response)
        }
        Some(Gone::Withdrawn { title, date, source, reason, at, erased }) => {
            let publisher = if source.is_known() { source.name } else { String::new() };
            Err(Failure::Gone(Box::new(Tombstone { title, date, publisher, reason, at, erased })))
        }
    }
}

/// What the page says of a withdrawn release.
pub struct GoneView {
    pub title: String,
    pub date: String,
    pub publisher: String,
    pub reason: String,
    pub at: Moment,
}

impl GoneView {
    pub fn of(tombstone: &Tombstone) -> Self {
        let Tombstone { title, date, publisher, reason, at, .. } = tombstone.clone();
        Self { title, date, publisher, reason, at: Moment::of(&at) }
    }
}
