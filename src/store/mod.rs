//! The archive's truth: documents, releases and the ordered log of what changed.
//!
//! [`ArchiveStore`] speaks domain types only and "not found" is `Ok(None)`, so that another engine can stand behind it.

mod alerting;
mod following;
mod layout;
mod public;
mod records;
mod sqlite;
mod whole;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use chrono::NaiveDate;
use thiserror::Error;
use tokio::sync::mpsc::{Receiver, Sender};

use crate::model::history::{Explained, Field};
use crate::model::release::Identity;
use crate::model::{
    DayCount, Description, DocumentFormat, Event, Gone, History, IndexRow, MentionKind, ParsedRelease, Release, ReleaseId, ReleaseItem,
    Sidecar, Source, Span, Topic, Version, VersionItem, Whole,
};

pub use alerting::{AlertBatch, AlertEvent, AlertMove, AlertState, AlertStop, AlertingStore, Delivery, DeliveryState, DueAsked, Marks};
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
    #[error(
        "no backup was written: {0}. The archive is what it was. Free some space where the backup was to go, or write it somewhere else."
    )]
    NoBackup(String),
    #[error("the archive database holds something that this program does not understand ({0}). Run `nato-archive check`.")]
    Corrupt(String),
    #[error(
        "the disk does not do what the archive database asks of it ({0}): nothing of this batch was stored, and what was stored before is safe. Look whether it is full or failing, and run the command again."
    )]
    Disk(String),
    #[error("the archive database is damaged ({0}). Restore a backup with `nato-archive restore FILE`.")]
    Damaged(String),
    #[error(
        "the archive database cannot be written to: the disk or the folder is read-only. What is stored is safe; make it writable and run the command again."
    )]
    ReadOnly,
    #[error(
        "the archive database {path} is of an earlier version and could not be brought up to date: {reason}. As it was it is kept in {copy}; go on with the version of the program that made it, or free some space and try again."
    )]
    Upgrade { path: String, reason: String, copy: String },
    #[error("the archive holds documents already: a whole archive can only be loaded into an empty one. Choose another --data-dir.")]
    NotEmpty,
    #[error("the archive was not filled to its end: nothing of it was stored.")]
    Unfinished,
    #[error("the archive database answered: {0}")]
    Sql(String),
}

pub(crate) use layout::Layout;
pub use public::{OlderVersion, PublicDatabase, PublicHead, PublicPart, PublicRelease, PublicState, Rights};
pub use records::*;
pub use whole::{Datum, FieldShape, Form, Header, Part, Record, SHAPES, Shape};

pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// What a reader sees for a value of a facet: `facet -> value -> label`.
pub type Labels = HashMap<String, HashMap<String, String>>;

/// Reading and writing the archive.
#[async_trait]
pub trait ArchiveStore: FollowingStore + AlertingStore + Send + Sync {
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
    /// The release at an original address, in any form that the address ever had. `hashes` are the names of the address, the best first
    /// (see [`Identity::alias`]); of several releases the first that is shown, else the first.
    async fn by_alias(&self, hashes: &[i64]) -> Result<Option<Addressed>>;
    /// Id, slug and number of releases whose publisher's number ends so: the year in parentheses and what follows, without spaces, such as
    /// `(2012)062`; a few at most.
    async fn by_number(&self, number: &str) -> Result<Vec<(ReleaseId, String, String)>>;
    /// Places, people or organisations that releases name, most often named first.
    async fn mentioned(&self, kind: MentionKind) -> Result<Vec<Mentioned>>;
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

    /// Releases with everything that is known of them, in the order asked for, as of one moment; what is not shown is left out.
    async fn wholes(&self, seqs: &[i64]) -> Result<Vec<Whole>>;
    /// [`wholes`](Self::wholes), some at a time, of the very state after log entry `at`; it stops when nobody listens any more. Where the
    /// archive is in another state already, nothing is sent and the answer is `false`.
    async fn stream_wholes(&self, seqs: &[i64], at: i64, to: Sender<Vec<Whole>>) -> Result<bool>;

    // To be taken away.
    /// Sends all that is public, as of one moment: a head, releases in the order of all lists, an end. It goes on while others write, and stops when
    /// nobody listens any more.
    async fn stream_public(&self, to: Sender<PublicPart>) -> Result<()>;
    /// Whether what was public in that state may still be given away: this archive has been in it, and nothing that was shown then has been withdrawn
    /// since.
    async fn still_public(&self, state: &PublicState) -> Result<bool>;

    // For harvesters.
    /// Ids with the SHA-256 (lower-case hex) of their texts, of those that are shown, in no order.
    async fn text_hashes(&self, seqs: &[i64]) -> Result<Vec<(ReleaseId, String)>>;
    /// Releases by when their record last changed, hidden ones too, in the order of stamp and number.
    async fn stamped(&self, asked: &StampedAsked) -> Result<Vec<Stamped>>;
    /// How many [`stamped`](Self::stamped) gives without a place or a limit.
    async fn stamped_count(&self, asked: &StampedAsked) -> Result<u64>;
    /// The stamp of one release, be it shown or not.
    async fn stamp_of(&self, id: ReleaseId) -> Result<Option<Stamped>>;
    /// The smallest and the largest stamp; `None` for an archive that holds nothing.
    async fn stamp_bounds(&self) -> Result<Option<(String, String)>>;
    /// Blocks of `size` internal numbers in which something is shown, in order.
    async fn stamped_blocks(&self, size: i64) -> Result<Vec<StampedBlock>>;
    /// What is shown with a number behind `after`, up to `to`, in the order of the numbers.
    async fn stamped_addresses(&self, after: i64, to: i64) -> Result<Vec<StampedAddress>>;

    // The past of a release.
    /// Why a release is not shown; `None` for one that is, and for an id that the archive never gave.
    async fn gone(&self, id: ReleaseId) -> Result<Option<Gone>>;
    async fn history(&self, seq: i64) -> Result<History>;
    /// Every version, oldest first, also of a release that is held to be another one that is shown; empty for an id that the archive never gave,
    /// or whose release is withdrawn.
    async fn versions(&self, id: ReleaseId) -> Result<Vec<VersionItem>>;
    async fn version(&self, id: ReleaseId, number: u32) -> Result<Option<Version>>;
    /// A release that is held to be another one that is shown: what was quoted from it stays where it was.
    async fn joined(&self, id: ReleaseId) -> Result<Option<Joined>>;
    /// The release that a version was made, as its first.
    async fn split_off(&self, id: ReleaseId, number: u32) -> Result<Option<ReleaseId>>;
    /// The release of which one was a version, and under which number.
    async fn split_from(&self, id: ReleaseId) -> Result<Option<(ReleaseId, u32)>>;
    /// The public log, newest first, from before an entry; of one kind where one is named, and of one release where one is.
    async fn events(&self, asked: EventsAsked) -> Result<Vec<Event>>;
    /// How many entries there are of a kind and of a release, before and after any.
    async fn events_count(&self, asked: EventsAsked) -> Result<u64>;
    /// The public log as it is followed.
    async fn notes(&self, asked: NotesAsked) -> Result<Vec<Event>>;
    /// The number of the last entry of the public log, of whatever kind; 0 before the first.
    async fn last_event(&self) -> Result<i64>;
    /// What was decided about every text that became this release, in the order of deciding.
    async fn explained(&self, seq: i64) -> Result<Vec<Explained>>;
    /// The internal number behind an id, whether it is shown or not.
    async fn seq_of(&self, id: ReleaseId) -> Result<Option<i64>>;

    // For the index.
    /// Log entries behind `after`, in order.
    async fn changes(&self, after: i64, limit: u32) -> Result<Vec<Change>>;
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
    /// What is known under first identities and under further names, each by its alias.
    async fn known(&self, identities: &[Identity], aliases: &[i64]) -> Result<HashMap<i64, Known>>;
    /// Releases that are held, hidden ones too; what is not held is left out.
    async fn profiles(&self, seqs: &[i64]) -> Result<Vec<Profile>>;
    /// The words of releases, hidden ones too, in the order asked for.
    async fn parsed(&self, seqs: &[i64]) -> Result<Vec<(i64, ParsedRelease)>>;
    /// Publishers' numbers that end so (see [`by_number`](Self::by_number)), each with a release that has it.
    async fn numbered(&self, numbers: &[String]) -> Result<Vec<(String, i64)>>;
    /// SHA-256 of every text that a release had before, or that a copy of it has.
    async fn other_texts(&self, seqs: &[i64]) -> Result<Vec<(i64, String)>>;
    /// Likenesses behind an entry, in the order in which they came.
    async fn likenesses(&self, after: i64, limit: u32) -> Result<Vec<LikenessEntry>>;
    /// Releases beyond `seq_after` whose likeness is not stored yet, with their first identities and addresses.
    async fn without_likeness(&self, seq_after: i64, limit: u32) -> Result<Vec<(i64, Option<String>, ParsedRelease)>>;
    /// The number of the next new release.
    async fn next_seq(&self) -> Result<i64>;
    /// Findings of the engine's own integrity check and of this archive's rules; empty when all is well.
    async fn integrity(&self) -> Result<Vec<String>>;
    /// Every text that is kept, current ones, older ones and copies, from behind `after`.
    async fn texts(&self, after: Option<TextPlace>, limit: u32) -> Result<Vec<KeptText>>;
    /// Byte ranges of a document whose words were taken out.
    async fn erasures(&self, document: i64) -> Result<Vec<Span>>;
    /// Sends everything that the archive holds, as of one moment: a header, records in the order of [`SHAPES`], an end. It goes on while
    /// others write, and stops when nobody listens any more.
    async fn export(&self, to: Sender<Part>) -> Result<()>;
    /// Writes a whole copy, as of one moment, to a new file, reads it through and says what it holds.
    async fn back_up(&self, to: &Path) -> Result<Inspected>;

    /// Writes a consistent copy of the whole database to a file that is not there yet, while others read and write.
    async fn snapshot(&self, path: &std::path::Path) -> Result<()>;

    // Writing. Each call is one transaction, and each change appends to the log within it.
    async fn save_vocabulary(&self, topics: &str, gazetteer: &str, list: &[Topic], at: &str) -> Result<()>;
    async fn write(&self, batch: Batch<'_>) -> Result<()>;
    /// Stores likenesses and further names of releases that are held.
    async fn save_likenesses(&self, releases: &[(i64, Likeness, Vec<i64>)]) -> Result<()>;
    /// Stores new descriptions; returns how many differ from what was known.
    async fn redescribe(&self, releases: &[Redescribed], at: &str) -> Result<u64>;
    // The owner's hand.
    /// Takes a release out of lists and search; it stays in the archive.
    async fn withdraw(&self, seq: i64, reason: &str, at: &str) -> Result<()>;
    async fn reinstate(&self, seq: i64, at: &str) -> Result<()>;
    /// Withdraws a release and takes its words out of tables and documents; its title and the reason stay.
    async fn erase(&self, seq: i64, reason: &str, at: &str) -> Result<()>;
    /// Puts a field right, or takes that back (`None`). Dates are `{"edtf": …}`, topics a list of slugs.
    async fn correct(&self, seq: i64, field: Field, value: Option<&serde_json::Value>, because: &str, at: &str) -> Result<()>;
    /// Two releases that say the same in two languages.
    async fn translate(&self, seq: i64, other: i64, because: &str, at: &str) -> Result<()>;
    /// `other` is the same release as `seq` and becomes a copy of it, `score` alike.
    async fn merge(&self, seq: i64, other: i64, score: f64, because: &str, at: &str) -> Result<()>;
    /// Takes a link of either sort back.
    async fn separate(&self, seq: i64, other: i64, because: &str, at: &str) -> Result<()>;
    /// Makes a release of its own, number `new`, of a copy or of the current version; what is left must be described anew.
    async fn split(&self, seq: i64, from: SplitFrom, new: i64, arrival: &Arrival, because: &str, at: &str) -> Result<ReleaseId>;
    /// How a release stands, be it shown or not.
    async fn standing(&self, id: ReleaseId) -> Result<Option<Standing>>;
    /// A release as another source carries it, whole.
    async fn copy(&self, seq: i64, number: u32) -> Result<Option<HeldCopy>>;
    async fn save_sidecar(&self, document: i64, sidecar: &Sidecar, source: &Source, at: &str) -> Result<()>;
    /// Fills an archive that holds no documents with what an [`export`](Self::export) sends; returns how many records came. All of it is
    /// stored once [`Part::End`] has come, or nothing.
    async fn fill(&self, from: Receiver<Part>) -> Result<u64>;
}

/// What a store is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Many readers at once; memory is for speed.
    Serving,
    /// Loading, describing, checking: memory is bounded, whatever the size of the archive.
    Work,
}

/// Told in a sentence what opening a store does beside opening it.
pub type Tell<'a> = &'a (dyn Fn(&str) + Send + Sync);

/// Opens the store that a URL names: `sqlite:PATH`. Creates it where there is none and brings its schema up to date; one of an earlier version is
/// copied first, and what is done is told.
///
/// # Errors
/// [`StoreError::Newer`] for a database of a later version, [`StoreError::Upgrade`] for one of an earlier version that stays what it is,
/// [`StoreError::Open`] for whatever else stops it.
pub async fn connect_telling(url: &str, purpose: Purpose, tell: Tell<'_>) -> Result<Arc<dyn ArchiveStore>> {
    match url.split_once(':') {
        Some(("sqlite", path)) => Ok(Arc::new(sqlite::SqliteStore::open(PathBuf::from(path), purpose, tell).await?)),
        _ => Err(StoreError::Open {
            path: url.to_owned(),
            reason: "only sqlite:PATH is understood".into(),
            advice: "Give the path of a database file.",
        }),
    }
}

/// [`connect_telling`] for serving, where nobody listens.
///
/// # Errors
/// As there.
pub async fn connect(url: &str) -> Result<Arc<dyn ArchiveStore>> {
    connect_telling(url, Purpose::Serving, &|_| {}).await
}

/// [`connect_telling`] for work, where nobody listens.
///
/// # Errors
/// As there.
pub async fn connect_for_work(url: &str) -> Result<Arc<dyn ArchiveStore>> {
    connect_telling(url, Purpose::Work, &|_| {}).await
}

/// Reads a backup through, byte by byte, and says what it holds. Nobody may be writing to it.
///
/// # Errors
/// [`StoreError::Newer`] for one of a later version, [`StoreError::Open`] for one that is damaged or no archive.
pub async fn inspect(path: &Path) -> Result<Inspected> {
    sqlite::inspect(path).await
}
