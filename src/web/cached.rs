//! What is kept of a page once it is made.

use axum::http::{HeaderMap, HeaderValue};

use super::encoding::Encoded;

/// A finished page.
pub struct CachedPage {
    pub content_type: HeaderValue,
    /// Headers that the handler gave beside the type.
    pub extra: HeaderMap,
    pub body: Encoded,
}

impl CachedPage {
    /// Memory that it takes, in bytes.
    pub fn weight(&self) -> usize {
        self.body.weight()
    }
}
