//! Addresses of the files by which programs find what is here.

use super::Urls;
use crate::model::ReleaseId;

impl Urls {
    /// What a browser adds the archive's search by.
    pub fn opensearch(&self) -> String {
        self.to("/opensearch.xml")
    }

    /// The list of the lists of addresses.
    pub fn sitemap(&self) -> String {
        self.to("/sitemap.xml")
    }

    /// The addresses of all pages but releases.
    pub fn sitemap_of_pages(&self) -> String {
        self.to("/sitemaps/pages.xml")
    }

    /// The addresses of one block of releases, counted from 1.
    pub fn sitemap_of_releases(&self, block: i64) -> String {
        self.to(&format!("/sitemaps/releases-{block}.xml"))
    }

    pub fn robots(&self) -> String {
        self.to("/robots.txt")
    }

    pub fn security(&self) -> String {
        self.to("/.well-known/security.txt")
    }

    pub fn llms(&self) -> String {
        self.to("/llms.txt")
    }

    /// Every typed link of a release in one document (RFC 9264).
    pub fn linkset(&self, id: ReleaseId) -> String {
        self.to(&format!("/releases/{id}/linkset.json"))
    }
}
