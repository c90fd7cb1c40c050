//! What the archive remembers of a release beside its words of today: versions, sources, rulings, and the log of it all.

use serde::{Deserialize, Serialize};

use super::decision::words;
use super::{Block, Decision, Edit, Given, PublicationDate, Release, ReleaseId, ReleaseItem, Source, Span};

/// One version of a release, as lists show it. Versions count from 1; the highest is the current one.
#[derive(Clone, Debug, PartialEq)]
pub struct VersionItem {
    pub number: u32,
    pub current: bool,
    /// When the archive saw it first (RFC 3339, UTC).
    pub seen_at: String,
    pub title: String,
    /// Lower-case hex SHA-256 of its text.
    pub sha256: String,
    pub published: PublicationDate,
    pub source: Source,
    pub url: Option<String>,
    /// The document it was read from, and where in it.
    pub document: String,
    pub document_sha256: String,
    pub at: Span,
    /// How it differs from the version before; `None` for the first.
    pub edit: Option<Edit>,
    /// Whether its words were taken out where the law asked for it.
    pub erased: bool,
}

/// One version, whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    pub item: VersionItem,
    pub lang: String,
    /// As published.
    pub text: String,
    pub title: Span,
    pub body: Span,
    pub blocks: Vec<Block>,
    /// What a structured source stated of it.
    pub given: Given,
}

/// A release's past, on its own page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// The number of the current version.
    pub version: u32,
    /// How many versions are held, the current one included.
    pub versions: u32,
    /// When the current version was seen first.
    pub seen_at: String,
    /// When the owner last put something right about it, showed it again, or ruled on who it is (RFC 3339, UTC).
    pub touched_at: Option<String>,
    /// The latest edit that touched the substance: the versions before and after it.
    pub substantive: Option<(u32, u32)>,
    /// Other sources that carry it, in the order in which they were seen.
    pub copies: Vec<Copy>,
    /// The same release in other languages.
    pub translations: Vec<ReleaseItem>,
    pub corrections: Vec<Correction>,
    /// Addresses that it had before.
    pub former_urls: Vec<String>,
}

/// A release with everything that is known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Whole {
    pub release: Release,
    pub history: History,
}

/// A release as another source carries it.
#[derive(Clone, Debug, PartialEq)]
pub struct Copy {
    pub number: u32,
    pub seen_at: String,
    pub source: Source,
    pub title: String,
    pub url: Option<String>,
    pub key: Option<String>,
    pub sha256: String,
    pub document: String,
    pub how: super::How,
    /// How alike the texts are, 0 to 1.
    pub score: f64,
}

words! {
    /// What an owner can put right.
    Field { Date "date", Title "title", Kind "kind", Topics "topics" }
}

impl Field {
    /// A value of the field as a log says it: what the owner states (for a date `{"edtf": …}`, for topics their slugs), or what was found.
    pub fn in_words(self, value: &serde_json::Value) -> String {
        match self {
            Self::Date => value["edtf"].as_str().unwrap_or("undated").to_owned(),
            Self::Topics => {
                let slug = |topic: &serde_json::Value| topic["slug"].as_str().or(topic.as_str()).map(str::to_owned);
                value.as_array().into_iter().flatten().filter_map(slug).collect::<Vec<_>>().join(", ")
            }
            Self::Title | Self::Kind => value.as_str().unwrap_or_default().to_owned(),
        }
    }
}

/// What the owner put right, beside what the program finds by itself; both in words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Correction {
    pub field: Field,
    pub value: serde_json::Value,
    pub found: serde_json::Value,
    pub because: String,
    /// RFC 3339, UTC.
    pub at: String,
}

/// Why a release is not shown any more.
#[derive(Clone, Debug, PartialEq)]
pub enum Gone {
    Withdrawn {
        title: String,
        date: String,
        source: Source,
        reason: String,
        at: String,
        erased: bool,
    },
    /// Found to be the same release as another, whose permalink this is.
    Merged(ReleaseId, String),
}

words! {
    /// What the public log tells of.
    EventKind {
        /// Releases of one document were added.
        Added "added",
        /// A new version with other words.
        Edited "edited",
        /// A new version with the same words.
        Retouched "retouched",
        /// Another source carries it.
        Mirrored "mirrored",
        Withdrawn "withdrawn",
        Reinstated "reinstated",
        Erased "erased",
        /// The owner put a date, a title, a kind or topics right, or took that back.
        Corrected "corrected",
        /// Newer rules or vocabularies find another date or other topics.
        Redescribed "redescribed",
        Linked "linked",
        Unlinked "unlinked",
        Split "split",
    }
}

/// What an entry of the log says beside its kind. Fields that do not apply are absent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EventDetail {
    /// Versions before and after an edit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub versions: Option<(u32, u32)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edit: Option<Edit>,
    /// What differs, each as field, before and after, in words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<(String, String, String)>,
    /// The owner's reason.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub because: String,
    /// The other release of a ruling, or the source of a mirror.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub other: String,
}

/// An entry of the public log.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub entry: i64,
    /// RFC 3339, UTC.
    pub at: String,
    pub what: EventKind,
    /// The release that it touches: id, slug, title, and whether it is shown; `None` for additions, which count many.
    pub release: Option<(ReleaseId, String, String, bool)>,
    /// The document of additions.
    pub document: Option<String>,
    /// How many releases it touches.
    pub releases: u64,
    pub detail: EventDetail,
}

/// A decision with the place it was made about: what `explain` shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    pub document: String,
    pub position: u32,
    pub at: Span,
    pub decided_at: Option<String>,
    pub decision: Decision,
    /// The id of `decision.other`.
    pub other: Option<ReleaseId>,
}
