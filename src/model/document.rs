//! A source document: the bytes that were loaded and what their owner says about them.

use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{ParsedRelease, Span};

/// How a document is laid out, recognised by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentFormat {
    /// Releases of `Title / blank / Source: X / blank / body`, newest first.
    FeedText,
    /// A preamble, then entries of `Title / blank / June 24, 16.30 / blank / body`, newest first.
    LivePage,
    /// One text: title, standfirst, paragraphs.
    ArticleText,
    /// One JSON object a line.
    Ndjson,
}

impl DocumentFormat {
    pub const ALL: [Self; 4] = [Self::FeedText, Self::LivePage, Self::ArticleText, Self::Ndjson];

    pub const fn token(self) -> &'static str {
        match self {
            Self::FeedText => "feed-text",
            Self::LivePage => "live-page",
            Self::ArticleText => "article-text",
            Self::Ndjson => "ndjson",
        }
    }

    /// What a person calls it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::FeedText => "feed of releases, as text",
            Self::LivePage => "live page, as text",
            Self::ArticleText => "single article, as text",
            Self::Ndjson => "NDJSON file",
        }
    }

    /// What the order of the releases in such a document says about time.
    pub const fn order(self) -> DocumentOrder {
        match self {
            Self::FeedText | Self::LivePage => DocumentOrder::NewestFirst,
            Self::ArticleText | Self::Ndjson => DocumentOrder::Unordered,
        }
    }
}

impl FromStr for DocumentFormat {
    type Err = ();

    fn from_str(token: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|format| format.token() == token).ok_or(())
    }
}

/// Whether the order of a document's releases is an order in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentOrder {
    NewestFirst,
    Unordered,
}

/// What a document does not say about itself and its owner states beside it, in `FILE.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sidecar {
    /// Who published the words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// Where the document stood.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// BCP 47 tag of the language (`en`, `fr`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// IANA name of the zone in which printed clock times are meant (`Europe/Amsterdam`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// The day on which the document was fetched: nothing in it was published later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fetched_on: Option<NaiveDate>,
    /// Under which terms the words may be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
}

impl Sidecar {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A text document, read whole.
#[derive(Clone, Debug, PartialEq)]
pub struct ParsedDocument {
    /// File name, for people; it decides nothing.
    pub name: String,
    pub format: DocumentFormat,
    /// Lower-case hex SHA-256 of the document's bytes.
    pub sha256: String,
    /// The document as it is, byte for byte.
    pub content: String,
    /// What stands before the first release (with a byte-order mark, if there is one).
    pub preamble: Option<Span>,
    pub sidecar: Sidecar,
    /// In the document's own order.
    pub releases: Vec<ParsedRelease>,
}
