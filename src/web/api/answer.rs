//! Answers for programs.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::web::answer::typed;
use crate::web::error::Failure;
use crate::web::urls::Urls;

/// A shape on its way out, with links to what belongs to it (RFC 8288).
#[derive(Clone, Debug)]
pub struct Answer<T> {
    shape: T,
    links: Vec<String>,
}

impl<T> Answer<T> {
    pub const fn new(shape: T) -> Self {
        Self { shape, links: Vec::new() }
    }

    /// `path` is as [`Urls`] makes it.
    pub fn link(mut self, urls: &Urls, rel: &str, path: &str) -> Self {
        self.links.push(format!("<{}>; rel=\"{rel}\"", urls.absolute(path)));
        self
    }

    /// A page of a list at `/api/v1/{list}` that was asked for with `query`: its first page, and the next one where there is one.
    pub fn paged(self, urls: &Urls, list: &str, query: &str, next: Option<&str>) -> Self {
        let first = self.link(urls, "first", &urls.api_list(list, query));
        match next {
            Some(cursor) => first.link(urls, "next", &urls.api_next(list, query, cursor)),
            None => first,
        }
    }
}

impl<T: Serialize> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        let Ok(body) = serde_json::to_vec(&self.shape) else { return Failure::Internal.into_response() };
        let mut response = typed("application/json", body);
        if !self.links.is_empty()
            && let Ok(links) = HeaderValue::from_str(&self.links.join(", "))
        {
            response.headers_mut().insert(header::LINK, links);
        }
        response
    }
}
