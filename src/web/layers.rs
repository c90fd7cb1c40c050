//! What happens around every handler: headers, bounds, error pages, and finished pages kept by address and generation.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use http_body_util::BodyExt;

use super::cached::CachedPage;
use super::encoding::{Encoded, Encoding, matches};
use super::error::Failure;
use super::feeds::shows_page;
use super::pages::error::error_response;
use super::pages::suggest::wants_options;
use super::state::App;
use crate::reading::history::moment_of;

/// The longest address that is answered, in bytes: room for the longest query (4,096 characters, percent-encoded) and its filters. What is
/// longer than 64 KiB never gets here: the connection refuses it.
const MAX_URI: usize = 60 << 10;

/// How long a page may take in all, and how long it may wait for its turn before that.
const MAX_TIME: Duration = Duration::from_secs(10);
const MAX_WAIT: Duration = Duration::from_secs(2);

/// How long after the last change its date begins to count: clocks are not that exact.
const SETTLED: Duration = Duration::from_secs(3);

/// Keeps finished pages: a page is made once for each address, generation and day, compressed once for each encoding, and answered with a
/// strong `ETag`. What is not a 200 is never kept.
pub async fn kept_pages(State(app): State<App>, request: Request, next: Next) -> Response {
    let head = *request.method() == Method::HEAD;
    if !head && *request.method() != Method::GET {
        return next.run(request).await;
    }
    // Before anything is looked up; see `dated`.
    let as_of = is_feed(request.uri()).then(|| app.as_of());
    let generation = app.archive().overview().generation;
    let headers = request.headers().clone();
    let form = form(request.uri(), &headers);
    // The page that lists the sets of files changes with them.
    let set = if request.uri().path() == "/data" { app.sets().latest().map(|set| set.made_at.clone()) } else { None };
    let set = set.unwrap_or_default();
    let key = format!("{}.{}.{}{form}{set}|{}", generation.store, generation.index, app.today(), request.uri());
    if let Some(page) = app.pages().get(&key).await {
        return answer(&page, &headers, head, as_of.as_deref());
    }
    let Ok(Ok(_turn)) = tokio::time::timeout(MAX_WAIT, app.making().acquire()).await else {
        return Failure::Busy.into_response();
    };
    let mut request = request;
    *request.method_mut() = Method::GET;
    let Ok(response) = tokio::time::timeout(MAX_TIME, next.run(request)).await else {
        return Failure::TooSlow.into_response();
    };
    if response.status() != StatusCode::OK {
        return response;
    }
    let (parts, body) = response.into_parts();
    let body = match body.collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) => {
            tracing::error!(%error, "a page could not be read back");
            return Failure::Internal.into_response();
        }
    };
    let mut extra = parts.headers;
    let content_type = extra.remove(header::CONTENT_TYPE).unwrap_or(HeaderValue::from_static("text/html; charset=utf-8"));
    extra.remove(header::CONTENT_LENGTH);
    let page = Arc::new(CachedPage { content_type, extra, body: Encoded::new(body) });
    app.pages().insert(key, Arc::clone(&page)).await;
    answer(&page, &headers, head, as_of.as_deref())
}

/// For answers that are made anew each time: they wait for their turn as pages do, and may take as long.
pub async fn in_turn(State(app): State<App>, request: Request, next: Next) -> Response {
    let Ok(Ok(_turn)) = tokio::time::timeout(MAX_WAIT, app.making().acquire()).await else {
        return Failure::Busy.into_response();
    };
    tokio::time::timeout(MAX_TIME, next.run(request)).await.unwrap_or_else(|_| Failure::TooSlow.into_response())
}

/// Which of several forms of a page is asked for, where there are several.
fn form(uri: &Uri, headers: &HeaderMap) -> &'static str {
    match uri.path() {
        "/suggest" if wants_options(headers) => "options",
        _ if is_feed(uri) && shows_page(uri, headers) => "page",
        _ => "",
    }
}

fn is_feed(uri: &Uri) -> bool {
    uri.path().ends_with(".atom") || uri.path().ends_with(".json")
}

/// `as_of`: the moment as of which what the page was made from was complete, where its date counts.
fn answer(page: &CachedPage, headers: &HeaderMap, head: bool, as_of: Option<&str>) -> Response {
    let (encoding, body) = page.body.get(Encoding::accepted(headers));
    let etag = page.body.etag(encoding);
    let mut extra = page.extra.clone();
    if !as_of.is_some_and(|as_of| dated(&extra, as_of)) {
        extra.remove(header::LAST_MODIFIED);
    }
    let not_modified = matches(headers, &etag) || unmodified_since(headers, &extra);
    let length = body.len();
    let mut response = if not_modified {
        StatusCode::NOT_MODIFIED.into_response()
    } else if head {
        Response::new(Body::empty())
    } else {
        Response::new(Body::from(body))
    };
    let out = response.headers_mut();
    out.extend(extra);
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    let vary = if page.extra.contains_key(header::VARY) { "Accept, Accept-Encoding" } else { "Accept-Encoding" };
    out.insert(header::VARY, HeaderValue::from_static(vary));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        out.insert(header::ETAG, etag);
    }
    if not_modified {
        return response;
    }
    out.insert(header::CONTENT_TYPE, page.content_type.clone());
    if let Some(token) = encoding.token() {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(token));
    }
    if head {
        out.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    response
}

/// Whether the date of a page's last change tells it from every later one: whatever was not there yet as of some moment bears that moment or a later
/// one, and dates have whole seconds only (RFC 9110, section 8.8.2.2).
fn dated(page: &HeaderMap, as_of: &str) -> bool {
    let changed = page.get(header::LAST_MODIFIED).and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok());
    changed.zip(moment_of(as_of)).is_some_and(|(changed, as_of)| DateTime::<Utc>::from(changed) + SETTLED <= as_of)
}

/// Whether a page has not changed since a moment that a request names (`If-Modified-Since`, RFC 9110, section 13.1.3), where the page says when it
/// was changed. A validator that the request names too says it better, and then only that is asked.
fn unmodified_since(headers: &HeaderMap, page: &HeaderMap) -> bool {
    let moment = |headers: &HeaderMap, name: HeaderName| httpdate::parse_http_date(headers.get(name)?.to_str().ok()?).ok();
    let known = moment(headers, header::IF_MODIFIED_SINCE).filter(|_| !headers.contains_key(header::IF_NONE_MATCH));
    known.zip(moment(page, header::LAST_MODIFIED)).is_some_and(|(known, changed)| changed <= known)
}

/// Gives each request a number for the error page and the log, and turns failures into pages (or, for programs, problem documents).
pub async fn failures(State(app): State<App>, request: Request, next: Next) -> Response {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let uri = request.uri().clone();
    let head = *request.method() == Method::HEAD;
    if uri.to_string().len() > MAX_URI {
        return finish(&app, Failure::TooLong, &uri, number, head, None);
    }
    let started = Instant::now();
    let mut response = next.run(request).await;
    tracing::debug!(number, status = response.status().as_u16(), path = uri.path(), elapsed = ?started.elapsed(), "request");
    if let Some(failure) = response.extensions_mut().remove::<Failure>() {
        return finish(&app, failure, &uri, number, head, None);
    }
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        let allow = response.headers().get(header::ALLOW).cloned();
        return finish(
            &app,
            Failure::NotFound,
            &uri,
            number,
            head,
            Some(allow.unwrap_or(HeaderValue::from_static(if uri.path() == "/oai" { "GET,HEAD,POST" } else { "GET,HEAD" }))),
        );
    }
    // The framework's own refusal of a path that is no UTF-8: nothing has such a name.
    let plain = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if response.status() == StatusCode::BAD_REQUEST && plain {
        return finish(&app, Failure::NotFound, &uri, number, head, None);
    }
    if response.status().is_client_error() {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if response.status() == StatusCode::INTERNAL_SERVER_ERROR {
        return finish(&app, Failure::Internal, &uri, number, head, None);
    }
    response
}

fn finish(app: &App, failure: Failure, uri: &Uri, number: u64, head: bool, allow: Option<HeaderValue>) -> Response {
    let mut response = error_response(app, &failure, uri, number, allow.is_some());
    if let Some(allow) = allow {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    let seconds = match failure {
        Failure::Busy | Failure::TooSlow | Failure::Building => Some("5"),
        // Somebody has to make room.
        Failure::NoRoom => Some("600"),
        _ => None,
    };
    if let Some(seconds) = seconds {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(seconds));
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if head {
        let (mut parts, body) = response.into_parts();
        // What GET would send, since an empty body would otherwise be counted.
        if let Some(length) = body.size_hint().exact() {
            parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
        }
        return Response::from_parts(parts, Body::empty());
    }
    response
}

/// Headers of every answer. The policy starts at nothing and allows what the pages have: their own style, script, font and pictures.
pub async fn security_headers(request: Request, next: Next) -> Response {
    const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; \
                          base-uri 'none'; frame-ancestors 'none'; connect-src 'self'";
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Takes the path prefix of the base URL off a request that still carries it: some proxies pass it on, others do not.
pub fn without_prefix(prefix: &str, mut request: hyper::Request<hyper::body::Incoming>) -> hyper::Request<hyper::body::Incoming> {
    if let Some(uri) = stripped(prefix, request.uri()) {
        *request.uri_mut() = uri;
    }
    request
}

fn stripped(prefix: &str, uri: &Uri) -> Option<Uri> {
    if prefix.is_empty() {
        return None;
    }
    let path_and_query = uri.path_and_query()?.as_str();
    let rest = path_and_query.strip_prefix(prefix)?;
    match rest.chars().next() {
        None => Some(Uri::from_static("/")),
        Some('/') => rest.parse().ok(),
        Some('?') => format!("/{rest}").parse().ok(),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_unmodified_since_it_was_last_modified() {
        let page = HeaderMap::from_iter([(header::LAST_MODIFIED, HeaderValue::from_static("Sat, 03 May 2025 14:05:09 GMT"))]);
        for (since, tag, expected) in [
            ("Sat, 03 May 2025 14:05:09 GMT", None, true),
            ("Sat, 03 May 2025 14:05:10 GMT", None, true),
            ("Sat, 03 May 2025 14:05:08 GMT", None, false),
            ("Sat, 03 May 2025 14:05:09 GMT", Some("\"other\""), false),
            ("yesterday", None, false),
        ] {
            let mut headers = HeaderMap::from_iter([(header::IF_MODIFIED_SINCE, HeaderValue::from_static(since))]);
            headers.extend(tag.map(|tag| (header::IF_NONE_MATCH, HeaderValue::from_static(tag))));
            assert_eq!(unmodified_since(&headers, &page), expected, "{since} {tag:?}");
            assert!(!unmodified_since(&headers, &HeaderMap::new()));
        }
    }

    #[test]
    fn a_date_counts_once_no_later_change_can_bear_it() {
        let page = HeaderMap::from_iter([(header::LAST_MODIFIED, HeaderValue::from_static("Sat, 03 May 2025 14:05:09 GMT"))]);
        for (as_of, expected) in [
            ("2025-05-03T14:05:08Z", false),
            ("2025-05-03T14:05:09Z", false),
            ("2025-05-03T14:05:11Z", false),
            ("2025-05-03T14:05:12Z", true),
            ("2026-01-01T00:00:00Z", true),
            ("", false),
        ] {
            assert_eq!(dated(&page, as_of), expected, "{as_of}");
            assert!(!dated(&HeaderMap::new(), as_of));
        }
    }

    #[test]
    fn the_prefix_is_taken_off_once() {
        for (uri, expected) in [
            ("/archive", Some("/")),
            ("/archive/", Some("/")),
            ("/archive/search?q=a", Some("/search?q=a")),
            ("/archive?x=1", Some("/?x=1")),
            ("/archives", None),
            ("/search", None),
        ] {
            let uri: Uri = uri.parse().expect("a uri");
            assert_eq!(stripped("/archive", &uri).map(|uri| uri.to_string()).as_deref(), expected, "{uri}");
        }
    }
}
