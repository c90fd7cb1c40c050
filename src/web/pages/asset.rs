//! `/static/{name}`

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::web::encoding::{Encoding, matches};
use crate::web::error::Failure;
use crate::web::state::App;

/// A file under the name that changes with its content; it may be kept for ever.
pub async fn asset(State(app): State<App>, Path(name): Path<String>, headers: HeaderMap) -> Result<Response, Failure> {
    let asset = app.assets().get(&name).ok_or(Failure::NotFound)?;
    let encoding = Encoding::accepted(&headers);
    let (encoding, body) =
        if asset.content_type.starts_with("font/") { (Encoding::Identity, asset.body.identity()) } else { asset.body.get(encoding) };
    let etag = asset.body.etag(encoding);
    let mut response = if matches(&headers, &etag) { StatusCode::NOT_MODIFIED.into_response() } else { Body::from(body).into_response() };
    let head = response.headers_mut();
    head.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    head.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    head.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        head.insert(header::ETAG, etag);
    }
    if let Some(token) = encoding.token() {
        head.insert(header::CONTENT_ENCODING, HeaderValue::from_static(token));
    }
    Ok(response)
}
