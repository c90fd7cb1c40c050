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

/// 303 to an address made by [`Urls`](super::urls::Urls).
pub fn see_other(to: &str) -> Response {
    Redirect::to(to).into_response()
}
