//! What is answered for a release that is not shown: where it went, or why it was withdrawn.

use axum::http::{HeaderValue, header};
use axum::response::Response;

use crate::model::{Gone, ReleaseId};
use crate::web::answer::moved;
use crate::web::cite::reference::one_line;
use crate::web::error::{Failure, Tombstone};
use crate::web::past::Moment;
use crate::web::shell::SITE;
use crate::web::state::App;
use crate::web::urls::Urls;

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
            Err(Failure::Gone(Box::new(Tombstone { id, title, date, publisher, reason, at, erased })))
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
    /// How it is cited still, with the fact.
    pub citation: String,
}

impl GoneView {
    pub fn of(tombstone: &Tombstone, urls: &Urls) -> Self {
        let Tombstone { id, title, date, publisher, reason, at, .. } = tombstone.clone();
        let at = Moment::of(&at);
        let who = if publisher.is_empty() { String::new() } else { format!("{}. ", one_line(&publisher)) };
        let when = if date == "undated" { "n.d." } else { &date };
        let day = if at.day.is_empty() { String::new() } else { format!(", on {}", at.day) };
        let address = urls.absolute(&urls.short(id));
        let citation = format!("{who}“{}”. {}. Withdrawn from {SITE}{day}. {address}", one_line(&title), when.trim_end_matches('.'));
        Self { title, date, publisher, reason, at, citation }
    }
}
