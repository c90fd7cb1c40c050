//! What a text is known by: its names, the fingerprint of everything that its source gives, and its likeness.

use crate::describe::likeness::{Folded, Sketch};
use crate::model::original::Original;
use crate::model::release::Identity;
use crate::model::{Description, DocumentFormat, How, ParsedRelease, Sidecar, Source};
use crate::store::Likeness;

/// The document that texts come from, as far as it bears on what they are known by.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    pub format: DocumentFormat,
    pub sidecar: &'a Sidecar,
}

/// What a text is known by, told from what its source gives.
#[derive(Clone, Debug)]
pub struct Names {
    /// The first identity: from it the id of a new release is made.
    pub identity: Identity,
    pub how: How,
    /// Where title and opening words are all that it is known by: the identity of one that opens like an earlier one and is another.
    pub beside: Option<Identity>,
    /// The original address in its normal form, in the language that it names.
    pub address: Option<i64>,
    /// The same in any language, where the address names one.
    pub page: Option<i64>,
    pub fingerprint: [u8; 32],
    pub source: Source,
    pub url: Option<String>,
}

impl Names {
    pub fn of(release: &ParsedRelease, origin: Origin<'_>) -> Self {
        let publisher = release.source.as_deref().or(origin.sidecar.publisher.as_deref()).unwrap_or("");
        let given = &release.given;
        // A sidecar's address is the document's: it is a release's own only where the document is one release.
        let document_url = origin.sidecar.url.clone().filter(|_| origin.format.is_single());
        let url = given.url.clone().or_else(|| given.stood_at.clone()).or(document_url);
        let (identity, how) = match (&given.key, &given.url) {
            (Some(key), _) => (Identity::by_key(publisher, key), How::Key),
            (None, Some(url)) => (Identity::by_url(publisher, url, given.lang.as_deref().unwrap_or("")), How::Url),
            (None, None) => (Identity::by_words(publisher, &release.title_text(), release.body_text()), How::Words),
        };
        let original = url.as_deref().and_then(Original::of);
        // Where nobody states a publisher, a site that has one of its own speaks for it.
        let site = original.as_ref().and_then(Original::publisher);
        let addressed = original.as_ref().map(Identity::of_address);
        let fingerprint = fingerprint(release, publisher, origin.format);
        Self {
            identity,
            how,
            beside: (how == How::Words).then(|| identity.beside(&fingerprint)),
            address: addressed.map(|(address, _)| address),
            page: addressed.and_then(|(_, page)| page),
            fingerprint,
            source: Source::of(release.source.as_deref(), origin.sidecar.publisher.as_deref().or(site)),
            url,
        }
    }

    /// Every name but the first identity.
    pub fn aliases(&self) -> Vec<i64> {
        self.address.into_iter().chain(self.page).collect()
    }
}

/// Of everything that a source gives; equal means unchanged.
fn fingerprint(release: &ParsedRelease, publisher: &str, format: DocumentFormat) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    let given = serde_json::to_string(&release.given).unwrap_or_default();
    for part in [release.text.as_str(), publisher, format.token(), &given] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    *hasher.finalize().as_bytes()
}

/// A text on its way in, described.
#[derive(Debug)]
pub struct Arriving {
    pub parsed: ParsedRelease,
    pub names: Names,
    /// What describing found; `None` for a text that was known, to the letter, before it was described.
    pub found: Option<Found>,
}

/// What is found out about a text by reading it.
#[derive(Debug)]
pub struct Found {
    pub description: Description,
    pub folded: Folded,
    pub sketch: Option<Sketch>,
}

impl Found {
    pub fn of(parsed: &ParsedRelease, description: Description) -> Self {
        let folded = Folded::of_release(parsed);
        let sketch = folded.sketch();
        Self { description, folded, sketch }
    }

    /// A hash of the words; `None` for a text that is too short to tell by its words alone.
    pub fn words(&self) -> Option<i64> {
        self.sketch.is_some().then(|| self.folded.words_hash())
    }

    pub fn likeness(&self) -> Likeness {
        Likeness { words: self.words(), sketch: self.sketch.map(|sketch| sketch.to_bytes().to_vec()), before: None }
    }
}
