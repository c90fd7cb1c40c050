//! Where the archive is taken away from.

use super::{SearchUrl, Urls};

impl Urls {
    /// All that a search finds, as a file with this extension.
    pub fn search_export(&self, search: &SearchUrl, extension: &str) -> String {
        let search = SearchUrl { show: None, by_name: false, page: 1, ..search.clone() };
        self.with_query(&format!("/search/export.{extension}"), &search.query())
    }

    /// The page on how to take the archive away.
    pub fn data(&self) -> String {
        self.to("/data")
    }

    /// A file of a set that was made of the whole archive; `generation` is its number, or `latest`.
    pub fn dump(&self, generation: &str, file: &str) -> String {
        self.to(&format!("/data/{generation}/{file}"))
    }
}
