//! `/data/{generation}/{file}`: the files of a set, whole or in parts.

use std::io;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use chrono::DateTime;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use super::range::{Part, part};
use super::turns::{Pace, lowest};
use crate::ingest::dumps::{DumpFile, Set, SetFile};
use crate::web::encoding::matches;
use crate::web::error::Failure;
use crate::web::state::App;

/// What stands for the newest set in an address.
pub const LATEST: &str = "latest";

/// Bytes that are read at a time.
const CHUNK: u64 = 128 << 10;

pub async fn file(
    State(app): State<App>,
    Path((generation, name)): Path<(String, String)>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    if generation == LATEST {
        let set = app.sets().latest().filter(|set| set.files.iter().any(|file| file.name == name)).ok_or(Failure::NotFound)?;
        let to = app.urls().dump(&set.generation.to_string(), &name);
        let mut response = axum::response::Redirect::temporary(&to).into_response();
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        return Ok(response);
    }
    let generation = generation.parse::<i64>().ok().filter(|number| number.to_string() == generation).ok_or(Failure::NotFound)?;
    let shelf = app.sets().shelf().ok_or(Failure::NotFound)?.clone();
    let asked = name.clone();
    let opened = tokio::task::spawn_blocking(move || shelf.open(generation, &asked)).await.map_err(|_| Failure::Internal)?;
    match opened {
        Ok(Some((set, about, opened))) => Ok(answer(&set, &about, (opened, app.exports().file()?), &method, &headers)),
        Ok(None) => Err(missing(&app, generation, &name)),
        Err(error) => {
            tracing::error!(%error, "a file of a set cannot be read");
            Err(Failure::Internal)
        }
    }
}

/// What is said of a file that is not there: where the archive has been in that state, its set has gone, or was never made.
fn missing(app: &App, generation: i64, name: &str) -> Failure {
    let latest = app.sets().latest();
    let holds = |set: &Set| set.files.iter().any(|file| file.name == name);
    match latest {
        Some(set) if set.generation == generation => Failure::NotFound,
        Some(set) if !holds(&set) => Failure::NotFound,
        _ if !(1..=app.archive().overview().generation.store).contains(&generation) => Failure::NotFound,
        latest => Failure::NoSuchSet(latest.map(|_| app.urls().absolute(&app.urls().dump(LATEST, name)))),
    }
}

fn answer(set: &Set, about: &SetFile, opened: (DumpFile, OwnedSemaphorePermit), method: &Method, headers: &HeaderMap) -> Response {
    // The very bytes: a set that is made again has other checksums where anything differs.
    let etag = format!("\"{}\"", about.sha256);
    let modified = DateTime::parse_from_rfc3339(&set.made_at).map(|at| httpdate::fmt_http_date(at.into())).unwrap_or_default();
    let asked = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    let unchanged =
        headers.get(header::IF_RANGE).is_none_or(|known| known.as_bytes() == etag.as_bytes() || known.as_bytes() == modified.as_bytes());
    let wanted = part(asked.filter(|_| unchanged && method == Method::GET), about.bytes);
    let (status, from, length) = match wanted {
        _ if matches(headers, &etag) => (StatusCode::NOT_MODIFIED, 0, 0),
        Part::All => (StatusCode::OK, 0, about.bytes),
        Part::Bytes(from, length) => (StatusCode::PARTIAL_CONTENT, from, length),
        Part::Beyond => (StatusCode::RANGE_NOT_SATISFIABLE, 0, 0),
    };
    let sends = length > 0 && method == Method::GET;
    let mut response = Response::new(if sends { body(opened, from, length) } else { Body::empty() });
    *response.status_mut() = status;
    let out = response.headers_mut();
    let mut put = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            out.insert(name, value);
        }
    };
    put(header::ETAG, &etag);
    put(header::LAST_MODIFIED, &modified);
    put(header::CACHE_CONTROL, "no-cache");
    put(header::ACCEPT_RANGES, "bytes");
    put(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    put(HeaderName::from_static("x-robots-tag"), "noindex");
    match status {
        StatusCode::NOT_MODIFIED => return response,
        StatusCode::RANGE_NOT_SATISFIABLE => put(header::CONTENT_RANGE, &format!("bytes */{}", about.bytes)),
        StatusCode::PARTIAL_CONTENT => put(header::CONTENT_RANGE, &format!("bytes {from}-{}/{}", from + length - 1, about.bytes)),
        _ => {}
    }
    put(header::CONTENT_TYPE, &about.media_type);
    put(header::CONTENT_LENGTH, &length.to_string());
    response
}

/// A part of a file, read as it is taken, and the place that is held until then. A reader that takes too little is left; a file that cannot be read on breaks the answer off, which
/// its length gives away.
fn body((file, place): (DumpFile, OwnedSemaphorePermit), from: u64, length: u64) -> Body {
    let file = Arc::new(file);
    let (to, pieces) = mpsc::channel::<io::Result<Bytes>>(1);
    tokio::spawn(async move {
        let _place = place;
        let (end, mut pace) = (from + length, Pace::default());
        let mut at = from;
        while at < end {
            let size = CHUNK.min(end - at);
            let file = Arc::clone(&file);
            let read = tokio::task::spawn_blocking(move || file.read_at(at, usize::try_from(size).unwrap_or(0)));
            let piece = read.await.map_err(io::Error::other).and_then(|read| read).map(Bytes::from);
            let failed = piece.is_err();
            if !pace.hand(&to, piece, size, lowest()).await || failed {
                return;
            }
            at += size;
        }
    });
    Body::from_stream(futures_util::stream::unfold(pieces, |mut pieces| async { pieces.recv().await.map(|piece| (piece, pieces)) }))
}
