//! Feeds for programs that follow the archive: the whole of it, a topic, any search, and the log of changes, each as Atom 1.0 (RFC 4287) and as
//! JSON Feed 1.1. A person who opens one in a browser is shown a page that explains it.

mod asked;
mod atom;
pub mod changes;
mod content;
mod entry;
mod json;
mod moments;
mod page;
pub mod releases;

pub use asked::shows_page;
pub use entry::licence_address;

use axum::http::{HeaderValue, header};
use axum::response::Response;

use super::answer::typed;
use super::memento::http_date;
use super::urls::FeedForm;
use crate::reading::history::moment_of;

/// What an identifier of this archive begins with: it is made from the archive's own, so that a move to another address makes nothing new.
fn urn(archive: &str, name: &str) -> String {
    format!("urn:nato-archive:{archive}:{name}")
}

/// A feed as an answer. `changed` becomes `Last-Modified`: when any record of the archive last changed, since a release that goes or is described anew
/// changes a feed too, and no entry of it says so. It is asked for before anything else is, so that the feed holds at least what had changed by
/// then.
fn document(form: FeedForm, body: String, changed: Option<&str>) -> Response {
    let mut response = match form {
        FeedForm::Atom => typed("application/atom+xml; charset=utf-8", body),
        FeedForm::Json => typed("application/feed+json; charset=utf-8", body),
    };
    if let Some(moment) = changed.and_then(moment_of).and_then(|at| HeaderValue::from_str(&http_date(at)).ok()) {
        response.headers_mut().insert(header::LAST_MODIFIED, moment);
    }
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept"));
    response
}
