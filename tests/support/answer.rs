//! An answer, and what can be asked of it.

use axum::http::{HeaderMap, StatusCode};
use bytes::Bytes;
use serde_json::Value;

use super::page::Page;

pub struct Answer {
    pub path: String,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}: {}", self.path, String::from_utf8_lossy(&self.body[..self.body.len().min(400)]));
        self
    }

    #[track_caller]
    pub fn ok(self) -> Self {
        self.is(200)
    }

    /// A header that must be there.
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        self.maybe(name).unwrap_or_else(|| panic!("{}: no header {name}", self.path))
    }

    pub fn maybe(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    #[track_caller]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap_or_else(|error| panic!("{}: {error}", self.path))
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        assert!(self.header("content-type").contains("json"), "{} is no JSON: {}", self.path, self.header("content-type"));
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{}: {error}", self.path))
    }

    #[track_caller]
    pub fn html(&self) -> Page {
        assert_eq!(self.header("content-type"), "text/html; charset=utf-8", "{}", self.path);
        Page::read(&self.path, self.text())
    }

    /// Where a permanent redirect leads.
    #[track_caller]
    pub fn moved_to(self) -> String {
        self.is(301).header("location").to_owned()
    }
}
