//! What assistants are given beside the shapes of `/api/v1`: passages that can be quoted, with all that a quotation names.

use serde::Serialize;
use utoipa::ToSchema;

use crate::model::Whole;
use crate::web::api::shapes::{Head, Published, Publisher, Silent, Suggested, Unknown};
use crate::web::urls::Urls;

/// A passage. Its words are the publisher’s, white space folded.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Passage {
    #[schema(minimum = 1)]
    pub number: usize,
    /// Leads to this very passage.
    #[schema(format = "uri")]
    pub url: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub text: String,
    /// Whether all of the passage is here.
    pub whole: bool,
    /// UTF-8 byte offset of the passage in the text as published.
    pub start: usize,
    /// Byte offset of its end, exclusive.
    pub end: usize,
}

/// A release that was found.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Hit {
    #[serde(flatten)]
    pub head: Head,
    /// The current version, whose words these are.
    pub version: u32,
    /// How many versions are held.
    pub versions: u32,
    /// When the archive saw the current version first (RFC 3339, UTC).
    pub seen_at: String,
    /// Lower-case hex SHA-256 of its text.
    pub sha256: String,
    pub changed_without_notice: Option<Silent>,
    /// Passages with the words that were searched for; the first passage where they stand elsewhere.
    pub passages: Vec<Passage>,
}

impl Hit {
    pub fn of(whole: &Whole, passages: Vec<Passage>, urls: &Urls) -> Self {
        let Whole { release, history } = whole;
        Self {
            head: Head::of(&release.item, urls),
            version: history.version,
            versions: history.versions,
            seen_at: history.seen_at.clone(),
            sha256: release.sha256.clone(),
            changed_without_notice: Silent::of(release, history, urls),
            passages,
        }
    }
}

/// What a search found.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Found {
    /// Exactly how many releases were found.
    pub total: u64,
    /// How the query was read.
    pub read_as: String,
    /// What could not be read as meant.
    pub notes: Vec<String>,
    pub did_you_mean: Option<Suggested>,
    /// Chosen values that the archive has never heard of.
    pub unknown: Vec<Unknown>,
    pub items: Vec<Hit>,
    /// What cursor is given for more; null at the end of what can be reached.
    pub next: Option<String>,
    /// The page that shows this search to people.
    #[schema(format = "uri")]
    pub url: String,
}

/// Where a text goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Next {
    pub passage: usize,
    pub character: usize,
}

/// A release or one of its versions, word for word, as much as was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Text {
    pub id: String,
    pub title: String,
    /// The permalink of what is read here.
    #[schema(format = "uri")]
    pub url: String,
    pub source: Publisher,
    /// Where it was published.
    pub original_url: Option<String>,
    pub lang: String,
    pub published: Published,
    pub version: u32,
    /// Whether that is the current version.
    pub current: bool,
    /// How many versions are held.
    pub versions: u32,
    /// When the archive saw this version first (RFC 3339, UTC).
    pub seen_at: String,
    /// Lower-case hex SHA-256 of the text of this version.
    pub sha256: String,
    pub changed_without_notice: Option<Silent>,
    /// The terms that the document’s owner states, where any are known.
    pub licence: Option<String>,
    pub passages: Vec<Passage>,
    /// How many passages the text has.
    pub total_passages: usize,
    /// Where to go on reading; null at the end.
    pub next: Option<Next>,
}

/// The release at an original address.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Resolution {
    /// The language that the address names, where the release that is held is in another one.
    pub wanted_lang: Option<String>,
    pub release: Hit,
}
