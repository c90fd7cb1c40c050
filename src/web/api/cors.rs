//! Programs in other pages may read: every answer below `/api/`, errors too, every file of JSON, every feed, exports and the files of the whole
//! archive say so, and a question beforehand (a preflight of the Fetch standard, section 4.8) is answered. No credentials: there are none.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// What can be asked of each of these addresses.
const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS");

/// Headers of answers that a program in another page may look at, beside those that it always may.
const EXPOSED: HeaderValue =
    HeaderValue::from_static("ETag, Link, Retry-After, Allow, Location, Content-Range, X-Total-Count, X-Archive-Generation");

/// Headers of requests that mean something here.
const ALLOWED: HeaderValue = HeaderValue::from_static("Accept, Content-Type, If-None-Match, If-Modified-Since, If-Range, Range");

pub async fn shared(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let api = path.starts_with("/api/");
    let file = [".json", ".atom"].iter().any(|end| path.ends_with(end))
        || ["/search/export.", "/data/"].iter().any(|start| path.starts_with(start));
    if !api && !file {
        return next.run(request).await;
    }
    let beforehand = *request.method() == Method::OPTIONS;
    let mut response = next.run(request).await;
    if response.status() == StatusCode::METHOD_NOT_ALLOWED && (api || beforehand) {
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
