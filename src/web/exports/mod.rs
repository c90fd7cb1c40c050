//! `/search/export.…`: all that a search finds, in the forms that programs read. Nothing is capped, and no reader, however slow, holds up the archive.

mod dumped;
pub mod files;
mod form;
mod range;
mod send;
mod sets;
mod spool;
mod table;

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::response::Response;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::encoding::Encoding;
use super::error::Failure;
use super::extract::{Params, SearchForm};
use super::state::App;
use crate::model::slug::slugify;

pub use dumped::kit;
pub use form::{Form, With};
pub use sets::Sets;
pub use table::COLUMNS;

/// Exports written at the same time; each holds a snapshot of the archive and a core.
const WRITTEN: usize = 4;

/// Exports on their way to readers; each holds a file of the size of what was found.
const SENT: usize = 16;

/// How long a request waits for its turn.
const MAX_WAIT: Duration = Duration::from_secs(2);

/// How many exports there may be.
pub struct Turns {
    written: Arc<Semaphore>,
    sent: Arc<Semaphore>,
}

impl Default for Turns {
    fn default() -> Self {
        Self { written: Arc::new(Semaphore::new(WRITTEN)), sent: Arc::new(Semaphore::new(SENT)) }
    }
}

impl Turns {
    /// A turn to write and one to send.
    async fn take(&self) -> Result<(OwnedSemaphorePermit, OwnedSemaphorePermit), Failure> {
        let both = async {
            let sent = Arc::clone(&self.sent).acquire_owned().await;
            let written = Arc::clone(&self.written).acquire_owned().await;
            written.and_then(|written| sent.map(|sent| (written, sent)))
        };
        match tokio::time::timeout(MAX_WAIT, both).await {
            Ok(Ok(turns)) => Ok(turns),
            _ => Err(Failure::Busy),
        }
    }
}

/// All that a search finds.
pub async fn export(app: App, form: Form, params: Params, method: Method, headers: HeaderMap) -> Result<Response, Failure> {
    let asked = SearchForm::read(&params, app.today());
    if let Some(error) = asked.errors.iter().find(|error| error.field != "page") {
        return Err(Failure::BadRequest(format!("{}: {}", error.field, error.message)));
    }
    let found = tokio::time::timeout(Duration::from_secs(10), app.archive().every(asked.request(0))).await;
    let found = found.map_err(|_| Failure::TooSlow)??;
    if let Some(left_out) = &found.query.left_out {
        return Err(Failure::BadRequest(format!("q: nothing was searched. A page would say: {left_out}")));
    }
    let gzip = Encoding::gzip_is_accepted(&headers);
    let (total, generation) = (found.seqs.len(), found.generation.index);
    let body = if method == Method::HEAD {
        Body::empty()
    } else {
        let (written, sent) = app.exports().take().await?;
        // A folder that cannot be written to is passed over.
        let folder = app.data_dir().filter(|folder| tempfile::tempfile_in(folder).is_ok());
        let (writer, reader) = spool::spool(folder);
        let with = With { urls: app.urls().clone(), today: app.today() };
        tokio::spawn(send::fill(app.clone(), found.seqs, form, with, writer, gzip, written));
        send::body(reader, sent)
    };
    let mut response = Response::new(body);
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(form.media_type()));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    out.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    out.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    out.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    // How many releases the search found, and in which state of the archive, so that whoever keeps the file can say so.
    out.insert(HeaderName::from_static("x-total-count"), HeaderValue::from(total));
    out.insert(HeaderName::from_static("x-archive-generation"), HeaderValue::from(generation));
    if gzip {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    if let Ok(named) = HeaderValue::from_str(&format!("attachment; filename=\"{}\"", name(&asked.url.q, form))) {
        out.insert(header::CONTENT_DISPOSITION, named);
    }
    Ok(response)
}

/// What the file is called where it is kept: letters, digits and hyphens, whatever was searched for.
fn name(q: &str, form: Form) -> String {
    let words: String = slugify(q).chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(60).collect();
    let words = words.trim_matches('-');
    format!("releases{}{words}.{}", if words.is_empty() { "" } else { "-" }, form.extension())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_have_names_that_any_system_takes() {
        for (q, expected) in [
            ("", "releases.csv"),
            ("collective defence", "releases-collective-defence.csv"),
            ("\"../..\\\r\n\" “Łódź”", "releases-lodz.csv"),
            ("Київ", "releases"),
        ] {
            let named = name(q, Form::Csv);
            assert!(named.starts_with(expected.trim_end_matches(".csv")) && named.ends_with(".csv"), "{named}");
            assert!(named.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte)), "{named}");
        }
        assert!(name(&"words ".repeat(100), Form::Ndjson).len() < 80);
    }

    #[tokio::test]
    async fn no_more_are_written_at_once_than_the_machine_can_bear() {
        let turns = Turns::default();
        let mut taken = Vec::new();
        for _ in 0..WRITTEN {
            taken.push(turns.take().await.expect("a turn"));
        }
        assert!(matches!(turns.take().await, Err(Failure::Busy)));
        // One that is written and only being sent stands in nobody's way.
        let (written, sent) = taken.pop().expect("one");
        drop(written);
        assert!(turns.take().await.is_ok());
        drop(sent);
    }
}
