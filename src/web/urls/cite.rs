//! Addresses of citations and passages.

use super::{SearchUrl, Urls};
use crate::model::{ReleaseId, ReleaseItem};

impl Urls {
    /// A file that cites a release, or one of its passages.
    pub fn release_cited(&self, id: ReleaseId, extension: &str, passage: Option<usize>) -> String {
        with_passage(self.release_file(id, extension), passage)
    }

    /// A file that cites a version, or one of its passages.
    pub fn version_cited(&self, id: ReleaseId, number: u32, extension: &str, passage: Option<usize>) -> String {
        with_passage(self.version_file(id, number, extension), passage)
    }

    /// A passage of a release, with the version that it was read in: when the release has another version by then, the address leads to the words
    /// that were meant.
    pub fn passage(&self, item: &ReleaseItem, version: u32, passage: usize) -> String {
        Self::passage_of(&self.item(item), version, passage)
    }

    /// [`passage`](Self::passage) of the release at an address made here.
    pub fn passage_of(release: &str, version: u32, passage: usize) -> String {
        format!("{release}?v={version}&p={passage}#p{passage}")
    }

    /// Where a passage of a release is cited.
    pub fn passage_cited(&self, item: &ReleaseItem, version: u32, passage: usize) -> String {
        format!("{}?v={version}&p={passage}#cite", self.item(item))
    }

    /// A passage of a version.
    pub fn version_passage(&self, id: ReleaseId, number: u32, passage: usize) -> String {
        Self::version_passage_of(&self.version(id, number), passage)
    }

    /// [`version_passage`](Self::version_passage) of the version at an address made here.
    pub fn version_passage_of(version: &str, passage: usize) -> String {
        format!("{version}?p={passage}#p{passage}")
    }

    /// Where a passage of a version is cited.
    pub fn version_passage_cited(&self, id: ReleaseId, number: u32, passage: usize) -> String {
        format!("{}?p={passage}#cite", self.version(id, number))
    }

    /// A release with what was asked of it: the words that it was found by, a version, a passage.
    pub fn release_read(&self, item: &ReleaseItem, q: &str, version: Option<u32>, passage: Option<usize>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let named = [
            ("q", Some(q.to_owned()).filter(|q| !q.is_empty())),
            ("v", version.map(|v| v.to_string())),
            ("p", passage.map(|p| p.to_string())),
        ];
        for (name, value) in named {
            if let Some(value) = value {
                query.append_pair(name, &value);
            }
        }
        let (address, query) = (self.item(item), query.finish());
        if query.is_empty() { address } else { format!("{address}?{query}") }
    }

    /// A version that a passage was read in, whether or not the passage is known.
    pub fn version_read(&self, id: ReleaseId, number: u32, passage: Option<usize>) -> String {
        with_passage(self.version(id, number), passage)
    }

    /// [`version_read`](Self::version_read), or the version's file of an extension.
    pub fn version_part(&self, id: ReleaseId, number: u32, extension: &str, passage: Option<usize>) -> String {
        if extension.is_empty() { self.version_read(id, number, passage) } else { self.version_cited(id, number, extension, passage) }
    }

    /// How a search is cited, with its checksum.
    pub fn cite_search(&self, search: &SearchUrl) -> String {
        self.with_query("/search/cite", &SearchUrl { page: 1, show: None, by_name: false, ..search.clone() }.query())
    }
}

fn with_passage(address: String, passage: Option<usize>) -> String {
    match passage {
        Some(passage) => format!("{address}?p={passage}"),
        None => address,
    }
}
