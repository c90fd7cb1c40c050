//! `/search/export.…`: all that a search finds, in the forms that programs read. Nothing is capped, and no reader, however slow, holds up the archive.

mod dumped;
pub mod files;
mod form;
mod range;
mod send;
mod sets;
mod spool;
mod table;
mod turns;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Version, header};
use axum::response::Response;
use bytes::Bytes;
use tokio::time::Instant;

use self::send::{Chosen, Filled};
use super::encoding::Encoding;
use super::error::Failure;
use super::extract::{Params, SearchForm};
use super::state::App;
use crate::model::slug::slugify;
use crate::reading::ReadingError;
use crate::reading::walk::Matches;

pub use dumped::kit;
pub use form::{Form, With};
pub use sets::Sets;
pub use table::COLUMNS;
pub use turns::Turns;

/// How long an export waits for search and database to be at the same entry of the log.
const LEVEL: Duration = Duration::from_secs(5);

/// How often it looks.
const LOOK: Duration = Duration::from_millis(100);

/// All that a search finds.
pub async fn export(
    app: App,
    form: Form,
    params: Params,
    (method, version): (Method, Version),
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let asked = SearchForm::read(&params, app.today());
    if let Some(error) = asked.errors.iter().find(|error| error.field != "page") {
        return Err(Failure::BadRequest(format!("{}: {}", error.field, error.message)));
    }
    let gzip = Encoding::gzip_is_accepted(&headers);
    let until = Instant::now() + LEVEL;
    let (total, generation, body, length) = loop {
        let found = search(&app, &asked).await?;
        let (total, generation) = (found.seqs.len(), found.generation.index);
        if method == Method::HEAD {
            // Of a length that is not known, which no body at all would be.
            break (total, generation, Body::from_stream(futures_util::stream::empty::<io::Result<Bytes>>()), None);
        }
        let with = With { urls: app.urls().clone(), today: app.today() };
        let chosen = Chosen { seqs: found.seqs, at: generation, form, with, gzip };
        if let Some((body, length)) = written(&app, chosen, version < Version::HTTP_11).await? {
            break (total, generation, body, length);
        }
        level(&app, until).await?;
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
    if let Some(length) = length {
        out.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
        out.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    if gzip {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    if let Ok(named) = HeaderValue::from_str(&format!("attachment; filename=\"{}\"", name(&asked.url.q, form))) {
        out.insert(header::CONTENT_DISPOSITION, named);
    }
    Ok(response)
}

async fn search(app: &App, asked: &SearchForm) -> Result<Matches, Failure> {
    let found = tokio::time::timeout(Duration::from_secs(10), app.archive().every(asked.request(0))).await;
    let found = found.map_err(|_| Failure::TooSlow)??;
    match &found.query.left_out {
        Some(left_out) => Err(Failure::BadRequest(format!("q: nothing was searched. A page would say: {left_out}"))),
        None => Ok(found),
    }
}

/// A body of what was chosen, begun; `None` where the archive has gone on since the search. Where `measured`, it is written to its end first and its
/// length told: over HTTP/1.0 the end of the connection is the end of the body (RFC 1945, section 7.2.2), and what was broken off would look whole.
async fn written(app: &App, chosen: Chosen, measured: bool) -> Result<Option<(Body, Option<u64>)>, Failure> {
    let (place, turn) = app.exports().take(chosen.seqs.len()).await?;
    // A folder that cannot be written to is passed over.
    let folder = app.data_dir().filter(|folder| tempfile::tempfile_in(folder).is_ok());
    let room = app.exports().room();
    let (writer, mut reader) = spool::spool(folder, room);
    let filling = tokio::spawn(send::fill(app.clone(), chosen, writer, turn));
    if !reader.begins().await {
        return match filling.await {
            Ok(Filled::Outdated) => Ok(None),
            ended => Err(broken(ended.ok())),
        };
    }
    let length = match measured {
        false => None,
        true => match reader.whole().await {
            Ok(length) => Some(length),
            Err(_) => return Err(broken(filling.await.ok())),
        },
    };
    Ok(Some((send::body(reader, place, Arc::clone(room)), length)))
}

/// What a reader is told of a file that could not be written.
fn broken(ended: Option<Filled>) -> Failure {
    match ended {
        Some(Filled::NoRoom) => Failure::NoRoom,
        _ => Failure::Internal,
    }
}

/// Waits until a search sees what the database holds; one that is being written to all the time asks to come back.
async fn level(app: &App, until: Instant) -> Result<(), Failure> {
    loop {
        tokio::time::sleep(LOOK).await;
        let stored = app.archive().store().generation().await.map_err(ReadingError::from)?;
        if Instant::now() >= until {
            return Err(Failure::Busy);
        }
        if stored == app.archive().overview().generation.index {
            return Ok(());
        }
    }
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
}
