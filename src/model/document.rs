//! A source document: the bytes that were loaded and what their owner says about them.

use std::collections::BTreeSet;
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
    /// One web page.
    HtmlPage,
    /// RSS, Atom or JSON Feed.
    Feed,
}

impl DocumentFormat {
    pub const ALL: [Self; 6] = [Self::FeedText, Self::LivePage, Self::ArticleText, Self::Ndjson, Self::HtmlPage, Self::Feed];

    pub const fn token(self) -> &'static str {
        match self {
            Self::FeedText => "feed-text",
            Self::LivePage => "live-page",
            Self::ArticleText => "article-text",
            Self::Ndjson => "ndjson",
            Self::HtmlPage => "html-page",
            Self::Feed => "feed",
        }
    }

    /// What a person calls it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::FeedText => "feed of releases, as text",
            Self::LivePage => "live page, as text",
            Self::ArticleText => "single article, as text",
            Self::Ndjson => "NDJSON file",
            Self::HtmlPage => "web page",
            Self::Feed => "news feed",
        }
    }

    /// What the order of the releases in such a document says about time.
    pub const fn order(self) -> DocumentOrder {
        match self {
            Self::FeedText | Self::LivePage => DocumentOrder::NewestFirst,
            // The items of a feed have stamps of their own, and nothing promises an order where they have none.
            Self::ArticleText | Self::Ndjson | Self::HtmlPage | Self::Feed => DocumentOrder::Unordered,
        }
    }

    /// Whether the texts of releases are made from the document's mark-up. Of the other forms a text is the very bytes at its place.
    pub const fn is_derived(self) -> bool {
        matches!(self, Self::Ndjson | Self::HtmlPage | Self::Feed)
    }

    /// Whether such a document is one release, so that the document's address is the release's own.
    pub const fn is_single(self) -> bool {
        matches!(self, Self::ArticleText | Self::HtmlPage)
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
    /// The encoding that came with the document from outside it (the `charset` of an HTTP answer), as a label of the WHATWG
    /// Encoding Standard. It is kept because reading the same bytes again must give the same words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charset: Option<String>,
}

impl Sidecar {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A document, read whole.
#[derive(Clone, Debug, PartialEq)]
pub struct ParsedDocument {
    /// File name, for people; it decides nothing.
    pub name: String,
    pub format: DocumentFormat,
    /// Lower-case hex SHA-256 of the document's bytes.
    pub sha256: String,
    /// The document as it is, byte for byte, in its own encoding.
    pub content: Vec<u8>,
    /// What stands before the first release of a text document (with a byte-order mark, if there is one).
    pub preamble: Option<Span>,
    pub sidecar: Sidecar,
    /// In the document's own order.
    pub releases: Vec<ParsedRelease>,
    /// Positions of the releases of which a feed gives the opening or a summary only.
    pub teasers: BTreeSet<u32>,
    /// Items of a feed that could not be read; the others are in `releases`.
    pub refused: Vec<RefusedItem>,
}

impl ParsedDocument {
    /// Whether the document gives no more of a release than its opening or a summary, so that the whole stands at its address only.
    pub fn is_teaser(&self, release: &ParsedRelease) -> bool {
        self.teasers.contains(&release.position)
    }
}

/// An item of a document whose other items were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedItem {
    /// Place among the document's items, counted from 1, the refused ones included.
    pub number: usize,
    /// Its title, as far as it can be told; else empty.
    pub title: String,
    /// Line of the document on which the item begins, counted from 1, where its place is known.
    pub line: Option<u64>,
    /// Why, without a full stop at the end.
    pub reason: String,
}
