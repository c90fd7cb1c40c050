//! Programs in other pages may read: every answer below `/api/`, errors too, and every file of JSON says so, and a question beforehand
//! (a preflight of the Fetch standard, section 4.8) is answered. No credentials: there are none.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// What can be asked of every address below `/api/`.
const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS");

/// Headers of answers that a program in another page may look at, beside those that it always may.
const EXPOSED: HeaderValue = HeaderValue::from_static("ETag, Link, Retry-After, Allow, Location");

/// Headers of requests that mean something here.
const ALLOWED: HeaderValue = HeaderValue::from_static("Accept, If-None-Match, If-Modified-Since, Range");

pub async fn shared(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let api = path.starts_with("/api/");
    if !api && !path.ends_with(".json") {
        return next.run(request).await;
    }
    let beforehand = *request.method() == Method::OPTIONS;
    let mut response = next.run(request).await;
    if api && response.status() == StatusCode::METHOD_NOT_ALLOWED {
        if beforehand {
            response = StatusCode::NO_CONTENT.into_response();
            permit(response.headers_mut());
        }
        response.headers_mut().insert(header::ALLOW, METHODS);
    }
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    response
}

fn permit(headers: &mut HeaderMap) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
}
