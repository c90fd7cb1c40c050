//! Addresses below `/api/v1`.

use percent_encoding::utf8_percent_encode;

use super::{SEGMENT, Urls};

impl Urls {
    /// Where the archive begins, without a slash at its end: what paths are put behind.
    pub fn base(&self) -> String {
        self.absolute(self.prefix())
    }

    /// What names all that programs can ask for.
    pub fn api_root(&self) -> String {
        self.to("/api/v1")
    }

    /// The OpenAPI document.
    pub fn api_description(&self) -> String {
        self.to("/api/v1/openapi.json")
    }

    /// The same for people.
    pub fn api_docs(&self) -> String {
        self.to("/api/v1/docs")
    }

    /// What explains a sort of problem.
    pub fn api_problem(&self, sort: &str) -> String {
        format!("{}#problem-{sort}", self.api_docs())
    }

    /// A list below `/api/v1`; `query` is written as an address has it.
    pub fn api_list(&self, list: &str, query: &str) -> String {
        self.with_query(&format!("/api/v1/{list}"), query)
    }

    /// The page of a list that a cursor names.
    pub fn api_next(&self, list: &str, query: &str, cursor: &str) -> String {
        let cursor = form_urlencoded::Serializer::new(String::new()).append_pair("cursor", cursor).finish();
        let query = if query.is_empty() { cursor } else { format!("{query}&{cursor}") };
        self.api_list(list, &query)
    }

    /// A topic for programs.
    pub fn api_topic(&self, slug: &str) -> String {
        self.to(&format!("/api/v1/topics/{}", utf8_percent_encode(slug, SEGMENT)))
    }
}
