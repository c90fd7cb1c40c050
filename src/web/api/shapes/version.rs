//! A release as it once was.

use serde::Serialize;
use utoipa::ToSchema;

use super::date::Published;
use super::item::Publisher;
use super::release::Block;
use super::tokens::SubstanceWord;
use crate::model::{Edit, ReleaseItem, Version, VersionItem};
use crate::web::urls::Urls;

/// An edit, counted.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct EditCount {
    /// Whether the title changed in substance.
    pub title: bool,
    /// Whether the body changed in substance.
    pub body: bool,
    /// Whether the stated date of publication changed.
    pub date: bool,
    pub substance: SubstanceWord,
    /// Words that only the newer version has.
    pub added: u32,
    /// Words that only the older version has.
    pub removed: u32,
    /// Words and marks that are only set otherwise.
    pub trivial: u32,
}

impl From<Edit> for EditCount {
    fn from(edit: Edit) -> Self {
        let Edit { title, body, date, substance, added, removed, trivial } = edit;
        Self { title, body, date, substance: SubstanceWord(substance), added, removed, trivial }
    }
}

/// The document that a version was read from, and where in it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct VersionDocument {
    pub name: String,
    pub sha256: String,
    pub start: usize,
    pub end: usize,
}

/// A version, without its words.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct VersionHead {
    pub id: String,
    /// Versions count from 1; numbers need not be neighbours where one was split off.
    #[schema(minimum = 1)]
    pub version: u32,
    pub current: bool,
    /// When the archive saw it first (RFC 3339, UTC).
    pub seen_at: String,
    #[schema(format = "uri")]
    pub url: String,
    #[schema(format = "uri")]
    pub release_url: String,
    pub title: String,
    pub source: Publisher,
    pub original_url: Option<String>,
    pub published: Published,
    /// Lower-case hex SHA-256 of its text.
    pub sha256: String,
    /// Whether its words were taken out where the law asked for it.
    pub erased: bool,
    /// How it differs from the version before; null for the first.
    pub edit: Option<EditCount>,
    pub document: VersionDocument,
}

impl VersionHead {
    pub fn of(version: &VersionItem, release: &ReleaseItem, urls: &Urls) -> Self {
        Self {
            id: release.id.to_string(),
            version: version.number,
            current: version.current,
            seen_at: version.seen_at.clone(),
            url: urls.absolute(&urls.version(release.id, version.number)),
            release_url: urls.absolute(&urls.item(release)),
            title: version.title.clone(),
            source: Publisher::from(&version.source),
            original_url: version.url.clone(),
            published: Published::from(&version.published),
            sha256: version.sha256.clone(),
            erased: version.erased,
            edit: version.edit.map(EditCount::from),
            document: VersionDocument {
                name: version.document.clone(),
                sha256: version.document_sha256.clone(),
                start: version.at.start,
                end: version.at.end,
            },
        }
    }
}

/// A version, whole.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct VersionFull {
    #[serde(flatten)]
    pub head: VersionHead,
    pub lang: String,
    /// What a structured source stated as the date of publication.
    pub stated: Option<String>,
    /// As published.
    pub text: String,
    pub blocks: Vec<Block>,
}

impl VersionFull {
    pub fn of(version: &Version, release: &ReleaseItem, urls: &Urls) -> Self {
        Self {
            head: VersionHead::of(&version.item, release, urls),
            lang: version.lang.clone(),
            stated: version.given.published_on.clone(),
            text: version.text.clone(),
            blocks: Block::all(&version.blocks, &version.text),
        }
    }
}

/// A page of a release’s versions, oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct VersionList {
    pub total: u64,
    pub items: Vec<VersionHead>,
    /// What `cursor` is given for the next page; null on the last.
    pub next: Option<String>,
}
