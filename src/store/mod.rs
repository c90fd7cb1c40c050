//! The archive's truth: documents, releases and the ordered log of what changed.
//!
//! [`ArchiveStore`] speaks domain types only and "not found" is `Ok(None)`, so that another engine can stand behind it.

mod following;
mod sqlite;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::NaiveDate;
use thiserror::Error;

use crate::model::release::Identity;
use crate::model::{
    DayCount, DescribedRelease, Description, DocumentFormat, Given, IndexRow, ParsedRelease, Release, ReleaseId, ReleaseItem, Sidecar,
    Source, Span, Topic,
};

pub use following::{FetchedPage, Followed, FollowingStore};

/// What can go wrong with the store. Each is a sentence that says what to do.
#[derive(Debug, Error)]
pub enum StoreError {
    #[error(
        "the archive database {path} was made by a newer version of this program (it holds migration {migration}). Use that version, or another --data-dir."
    )]
    Newer { path: String, migration: i64 },
    #[error("the archive database {path} cannot be opened: {reason}. {advice}")]
    Open { path: String, reason: String, advice: &'static str },
    #[error("the archive database is busy: another program has been writing to it for too long. Try again when it has finished.")]
    Busy,
    #[error(
        "the disk is full: nothing of this batch was stored, and what was stored before is safe. Free some space and run the command again."
    )]
    DiskFull,
    #[error("the archive database holds something that this program does not understand ({0}). Run `nato-archive check`.")]
    Corrupt(String),
    #[error("the archive database answered: {0}")]
    Sql(String),
}

pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// The archive at a glance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The archive's own identifier, chosen once.
    pub archive_id: String,
    /// The last entry of the change log; 0 for an archive that holds nothing.
    pub generation: i64,
    pub documents: u64,
    /// When a document was last loaded (RFC 3339, UTC).
    pub loaded_at: Option<String>,
}

/// A page of the list of all releases, by place in its one order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct After {
    pub sort_key: Option<i64>,
    pub id: ReleaseId,
}

/// A document as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentRecord {
    pub sha256: String,
    pub name: String,
    pub format: DocumentFormat,
    pub byte_length: u64,
    pub preamble: Option<Span>,
    pub sidecar: Sidecar,
    /// The bytes of a text document; of a streamed one the releases' texts are kept instead.
    pub content: Option<Vec<u8>>,
}

/// A document that the archive already has.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredDocument {
    pub id: i64,
    pub record: DocumentRecord,
    /// Whether all of it has been read.
    pub complete: bool,
    pub releases: u64,
}

/// A release on its way in, with what it is known by.
#[derive(Clone, Debug)]
pub struct Incoming {
    pub identity: Identity,
    pub fingerprint: [u8; 32],
    pub source: Source,
    pub url: Option<String>,
    pub release: Described,
}

/// Whether there is anything to store beside the place where the release stands.
#[derive(Clone, Debug)]
pub enum Described {
    Whole(Box<DescribedRelease>),
    /// The archive holds exactly this already.
    Unchanged {
        position: u32,
        at: Span,
        sha256: String,
    },
}

/// Releases of one document, stored in one transaction.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    pub document: &'a DocumentRecord,
    pub releases: &'a [Incoming],
    /// Whether this is the last of the document.
    pub complete: bool,
    /// RFC 3339, UTC.
    pub at: &'a str,
}

/// What became of an incoming release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    New,
    Changed,
    Unchanged,
}

/// What is known under an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    pub seq: i64,
    pub fingerprint: [u8; 32],
}

/// A stored release as describing needs it.
#[derive(Clone, Debug)]
pub struct ToDescribe {
    pub seq: i64,
    pub parsed: ParsedRelease,
}

/// A new description of a stored release.
#[derive(Clone, Debug)]
pub struct Redescribed {
    pub seq: i64,
    pub position: u32,
    pub newest_first: bool,
    pub description: Description,
}

/// A place in a document where a release stands, for the lossless proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    pub position: u32,
    pub at: Span,
    pub sha256: String,
}

/// What a reader sees for a value of a facet: `facet -> value -> label`.
pub type Labels = HashMap<String, HashMap<String, String>>;

/// Reading and writing the archive.
#[async_trait]
pub trait ArchiveStore: FollowingStore + Send + Sync {
    // Reading.
    async fn summary(&self) -> Result<Summary>;
    /// The last entry of the change log.
    async fn generation(&self) -> Result<i64>;
    /// Releases for each day that has some, oldest first, and how many are undated.
    async fn day_counts(&self) -> Result<(Vec<DayCount>, u64)>;
    async fn topics(&self) -> Result<Vec<Topic>>;
    async fn labels(&self) -> Result<Labels>;
    /// List items in the order asked for; what is not held is left out.
    async fn items(&self, seqs: &[i64]) -> Result<Vec<ReleaseItem>>;
    async fn release(&self, id: ReleaseId) -> Result<Option<Release>>;
    /// The canonical id and slug of the release at an original address.
    async fn by_url(&self, url: &str) -> Result<Option<(ReleaseId, String)>>;
    /// Id, slug and number of releases whose publisher's number ends so: the year in parentheses and what follows, without spaces, such as
    /// `(2012)062`; a few at most.
    async fn by_number(&self, number: &str) -> Result<Vec<(ReleaseId, String, String)>>;
    /// List items with their bodies as published, in the order asked for; what is not held is left out.
    async fn passages(&self, seqs: &[i64]) -> Result<Vec<(ReleaseItem, String)>>;
    /// Newest first, from behind `after`.
    async fn list(&self, after: Option<After>, limit: u32) -> Result<Vec<ReleaseItem>>;
    /// What sorts between two days (inclusive), newest first.
    async fn between(&self, first: NaiveDate, last: NaiveDate, offset: u32, limit: u32) -> Result<Vec<ReleaseItem>>;
    /// What has no day to sort on.
    async fn undated(&self, offset: u32, limit: u32) -> Result<Vec<ReleaseItem>>;
    /// What stands on any of the days, newest first.
    async fn on_days(&self, days: &[NaiveDate], limit: u32) -> Result<Vec<ReleaseItem>>;
    /// The next newer and the next older release in the order of all lists.
    async fn neighbours(&self, sort_key: Option<i64>, id: ReleaseId) -> Result<(Option<ReleaseItem>, Option<ReleaseItem>)>;
    /// Releases of one document, in its order, from `first` on.
    async fn siblings(&self, document: i64, first: u32, limit: u32) -> Result<Vec<ReleaseItem>>;

    // For the index.
    /// Log entries behind `after`, in order, each with the release it touches.
    async fn changes(&self, after: i64, limit: u32) -> Result<Vec<(i64, Option<i64>)>>;
    async fn index_rows(&self, seqs: &[i64]) -> Result<Vec<IndexRow>>;
    /// Internal numbers of all releases beyond `seq_after`, in order.
    async fn seqs(&self, seq_after: i64, limit: u32) -> Result<Vec<i64>>;

    // For describing and checking.
    /// Topics and gazetteer as their owner wrote them.
    async fn vocabulary(&self) -> Result<Option<(String, String)>>;
    async fn documents(&self, after: i64, limit: u32) -> Result<Vec<StoredDocument>>;
    async fn document_by_sha256(&self, sha256: &str) -> Result<Option<StoredDocument>>;
    /// Releases whose primary place is this document, in its order, from `position` on.
    async fn to_describe(&self, document: i64, position: u32, limit: u32) -> Result<Vec<ToDescribe>>;
    async fn occurrences(&self, document: i64) -> Result<Vec<Occurrence>>;
    async fn known(&self, identities: &[Identity]) -> Result<HashMap<Identity, Known>>;
    /// Findings of the engine's own integrity check and of this archive's rules; empty when all is well.
    async fn integrity(&self) -> Result<Vec<String>>;
    /// `(seq, text, sha256)` of releases beyond `seq_after`.
    async fn texts(&self, seq_after: i64, limit: u32) -> Result<Vec<(i64, String, String)>>;

    // Writing. Each call is one transaction, and each change appends to the log within it.
    async fn save_vocabulary(&self, topics: &str, gazetteer: &str, list: &[Topic], at: &str) -> Result<()>;
    async fn write(&self, batch: Batch<'_>) -> Result<Vec<Outcome>>;
    /// Stores new descriptions; returns how many differ from what was known.
    async fn redescribe(&self, releases: &[Redescribed], at: &str) -> Result<u64>;
    async fn save_sidecar(&self, document: i64, sidecar: &Sidecar, source: &Source, at: &str) -> Result<()>;
}

/// Fields of a release that a store keeps as one JSON value: where its parts stand in its text.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Layout {
    pub title: Span,
    pub source_line: Option<Span>,
    pub source: Option<String>,
    pub stamp: Option<StampLayout>,
    pub body: Span,
}

/// A [`Stamp`](crate::model::Stamp) as kept.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct StampLayout {
    pub span: Span,
    pub year: Option<i32>,
    pub month: u32,
    pub day: u32,
    pub hour: u32,
    pub minute: u32,
}

impl Layout {
    pub fn of(parsed: &ParsedRelease) -> Self {
        Self {
            title: parsed.title,
            source_line: parsed.source_line,
            source: parsed.source.clone(),
            body: parsed.body,
            stamp: parsed.stamp.map(|stamp| StampLayout {
                span: stamp.span,
                year: stamp.year,
                month: stamp.month,
                day: stamp.day,
                hour: stamp.hour,
                minute: stamp.minute,
            }),
        }
    }

    pub fn release(
        self,
        position: u32,
        at: Span,
        text: String,
        sha256: String,
        blocks: Vec<crate::model::Block>,
        given: Given,
    ) -> ParsedRelease {
        ParsedRelease {
            position,
            at,
            text,
            sha256,
            title: self.title,
            source_line: self.source_line,
            source: self.source,
            stamp: self.stamp.map(|stamp| crate::model::Stamp {
                span: stamp.span,
                year: stamp.year,
                month: stamp.month,
                day: stamp.day,
                hour: stamp.hour,
                minute: stamp.minute,
            }),
            body: self.body,
            blocks,
            given,
        }
    }
}

/// Opens the store that a URL names: `sqlite:PATH`. Creates it where there is none and brings its schema up to date.
///
/// # Errors
/// [`StoreError::Newer`] for a database of a later version, [`StoreError::Open`] for whatever else stops it.
pub async fn connect(url: &str) -> Result<Arc<dyn ArchiveStore>> {
    match url.split_once(':') {
        Some(("sqlite", path)) => Ok(Arc::new(sqlite::SqliteStore::open(PathBuf::from(path)).await?)),
        _ => Err(StoreError::Open {
            path: url.to_owned(),
            reason: "only sqlite:PATH is understood".into(),
            advice: "Give the path of a database file.",
        }),
    }
}
