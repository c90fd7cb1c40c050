//! Answers that several handlers give.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use bytes::Bytes;

use super::error::Failure;

/// A body of the given type.
pub fn typed(content_type: &'static str, body: impl Into<Bytes>) -> Response {
    let mut response = Response::new(Body::from(body.into()));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// 301 to an address made by [`Urls`](super::urls::Urls).
pub fn moved(to: &str) -> Response {
    match to.parse::<HeaderValue>() {
        Ok(location) => (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, location)]).into_response(),
        Err(_) => Failure::NotFound.into_response(),
    }
}

/// 301 that the owner may take back: a title that was corrected, two releases that are one. Browsers keep a 301 for good where nothing else is said
/// (RFC 9110, 15.4.2), and two that lead to each other would lock a reader out.
pub fn led(to: &str) -> Response {
    let mut response = moved(to);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// 303 to an address made by [`Urls`](super::urls::Urls).
pub fn see_other(to: &str) -> Response {
    Redirect::to(to).into_response()
}
