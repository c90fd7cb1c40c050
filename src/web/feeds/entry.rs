//! What both forms of a feed say of a release beside its words.

use serde_json::{Value, json};

use super::moments::Published;
use super::urn;
use crate::model::Whole;
use crate::reading::overview::known_language;
use crate::web::past::AddressView;
use crate::web::urls::Urls;

/// A release as an entry.
pub struct Entry<'a> {
    pub whole: &'a Whole,
    pub published: Published,
    urls: &'a Urls,
    archive: &'a str,
}

impl<'a> Entry<'a> {
    pub fn of(whole: &'a Whole, urls: &'a Urls, archive: &'a str) -> Self {
        Self { published: Published::of(&whole.release.item.published), whole, urls, archive }
    }

    pub fn id(&self) -> String {
        release_urn(self.archive, &self.whole.release.item.id.to_string())
    }

    pub fn permalink(&self) -> String {
        self.urls.absolute(&self.urls.item(&self.whole.release.item))
    }

    /// Where the publisher has it, where that is an address of the web.
    pub fn original(&self) -> Option<String> {
        self.whole.release.item.url.as_deref().and_then(|url| AddressView::of(url).href)
    }

    /// The language of the words (BCP 47); `und` where it is not known.
    pub fn lang(&self) -> &str {
        known_language(&self.whole.release.item.lang).unwrap_or("und")
    }

    /// Under which terms the words stand, as far as the archive was told: in words, and where that is one the address of a licence.
    pub fn rights(&self) -> (String, Option<String>) {
        let release = &self.whole.release;
        let source = &release.item.source;
        let owner = if source.is_known() { source.name.as_str() } else { "their publisher, who is not known" };
        match release.document.sidecar.licence.as_deref() {
            Some(licence) => {
                (format!("The words belong to {owner}. Licence stated by the archive’s owner: {licence}"), licence_address(licence))
            }
            None => (format!("The words belong to {owner}. The archive states no licence for them."), None),
        }
    }

    /// What is known of the release and has no place in the form itself.
    pub fn known(&self) -> Value {
        let (release, history) = (&self.whole.release, &self.whole.history);
        let date = &release.item.published;
        json!({
            "about": self.urls.absolute(&self.urls.page("data")),
            "id": release.item.id,
            "kind": release.item.kind.token(),
            "number": release.number,
            "edtf": date.edtf,
            "earliest": date.earliest,
            "latest": date.latest,
            "precision": date.precision.token(),
            "basis": date.basis.token(),
            "published_is_exact": self.published.is_exact(),
            "version": history.version,
            "versions": history.versions,
            "seen_at": history.seen_at,
            "sha256": release.sha256,
            "source": { "slug": release.item.source.slug, "name": release.item.source.name },
            "topics": release.item.topics.iter().map(|topic| topic.slug.as_str()).collect::<Vec<_>>(),
            "rights": self.rights().0,
        })
    }
}

/// The identifier of a release's entry in every feed.
pub fn release_urn(archive: &str, id: &str) -> String {
    urn(archive, &format!("release:{id}"))
}

/// A licence that is stated by its address.
pub fn licence_address(licence: &str) -> Option<String> {
    AddressView::of(licence.trim()).href
}
