//! What goes into a store and comes out of it, beside the words of the domain.

use chrono::NaiveDate;

use crate::model::release::Identity;
use crate::model::{
    Decision, DescribedRelease, Description, DocumentFormat, Edit, EventKind, ParsedRelease, ReleaseId, Sidecar, Source, Span, Whole,
};

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

/// Which stamps are asked for. Moments are RFC 3339 in UTC, in whole seconds, and inclusive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StampedAsked {
    pub from: Option<String>,
    pub until: Option<String>,
    /// Slugs of topics of which the releases have one or more; empty for all releases. A hidden release of which no topics are known any more
    /// belongs to every topic: whoever follows one must learn that it is gone.
    pub topics: Vec<String>,
    /// Behind this stamp and number.
    pub after: Option<(String, i64)>,
    pub limit: u32,
}

/// When the record of a release last changed in any way: it came, has another version, is described anew, corrected, withdrawn, shown again, merged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamped {
    pub seq: i64,
    pub id: ReleaseId,
    pub slug: String,
    /// RFC 3339, UTC, whole seconds; never smaller than one that was given before.
    pub at: String,
    pub shown: bool,
    /// Slugs of its topics.
    pub topics: Vec<String>,
}

/// A run of internal numbers, for lists that are given in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StampedBlock {
    /// Counted from 1: block `n` of a size holds the numbers behind `(n - 1) * size`, up to `n * size`.
    pub number: i64,
    /// The newest stamp in it, be its release shown or not: what the list of the block was last changed by.
    pub at: String,
}

/// A release that is shown, as lists of addresses need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StampedAddress {
    pub id: ReleaseId,
    pub slug: String,
    /// When its record last changed, see [`Stamped::at`].
    pub at: String,
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
    /// The bytes of a document that was read whole; of a streamed one the releases' texts are kept instead.
    pub content: Option<Vec<u8>>,
}

/// A document that the archive already has.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredDocument {
    pub id: i64,
    pub record: DocumentRecord,
    /// Whether all of it has been read.
    pub complete: bool,
    /// Lines that were refused.
    pub refused: u64,
    pub releases: u64,
}

/// A text on its way in: where it stands, what was decided about it, and what is to be done.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// The release that it is, or becomes. A new one gets the number that [`ArchiveStore::next_seq`] gave, or one further on.
    pub seq: i64,
    pub position: u32,
    pub at: Span,
    pub sha256: String,
    pub decision: Decision,
    pub action: Action,
}

/// What is to be done about a text.
#[derive(Clone, Debug)]
pub enum Action {
    /// The archive holds exactly this already.
    Nothing,
    New(Box<Arrival>),
    /// A new version of the release.
    Version(Box<Arrival>, Edit),
    /// The same words; its source states something else about them.
    Restated(Box<Arrival>),
    /// The release, as another source carries it.
    Copy(Box<Arrival>),
}

/// A text with everything that was found out about it.
#[derive(Clone, Debug)]
pub struct Arrival {
    pub identity: Identity,
    /// Further names, see [`Identity::alias`].
    pub aliases: Vec<i64>,
    pub fingerprint: [u8; 32],
    pub source: Source,
    pub url: Option<String>,
    pub release: DescribedRelease,
    pub likeness: Likeness,
    /// A release that says the same in another language.
    pub translates: Option<i64>,
}

/// By what a text is compared with all others; nothing for one that is too short to tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Likeness {
    /// A hash of its words.
    pub words: Option<i64>,
    /// A sketch of its shingles.
    pub sketch: Option<Vec<u8>>,
    /// Of a new version: the hash of the words whose place it takes, where they had one.
    pub before: Option<i64>,
}

/// Releases of one document, stored in one transaction. No release may be touched twice in one batch, but for copies of a new one.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    pub document: &'a DocumentRecord,
    pub releases: &'a [Incoming],
    /// Lines that were refused since the last batch of the document.
    pub refused: u64,
    /// Whether this is the last of the document.
    pub complete: bool,
    /// RFC 3339, UTC.
    pub at: &'a str,
}

/// What is made a release of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SplitFrom {
    Copy(u32),
    CurrentVersion,
}

/// How a release stands, be it shown or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub seq: i64,
    pub title: String,
    pub lang: String,
    pub version: u32,
    pub withdrawn: bool,
    pub erased: bool,
    /// The internal number of the release that it was found to be.
    pub merged_into: Option<i64>,
    /// What the releases in other languages have in common.
    pub family: Option<i64>,
    /// The document that it stands in.
    pub document: i64,
}

/// A release as another source carries it, with its document.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldCopy {
    pub parsed: ParsedRelease,
    pub identity: [u8; 32],
    pub document: StoredDocument,
}

/// A likeness as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LikenessEntry {
    pub entry: i64,
    pub seq: i64,
    /// Whether it takes the place of an earlier one.
    pub again: bool,
    pub likeness: Likeness,
}

/// A release found by an original address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressed {
    pub id: ReleaseId,
    pub slug: String,
    pub lang: String,
}

/// Which entries of the public log are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EventsAsked {
    /// Only entries before this one.
    pub before: Option<i64>,
    pub kind: Option<EventKind>,
    /// The internal number of a release.
    pub seq: Option<i64>,
    pub limit: u32,
}

/// Which entries of the public log a follower is given: of one kind, or of all but those that only say that something was noticed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NotesAsked {
    pub kind: Option<EventKind>,
    /// Only entries after this one.
    pub after: i64,
    /// Only entries before this one.
    pub before: Option<i64>,
    /// The first of these rather than the last.
    pub oldest_first: bool,
    pub limit: u32,
}

/// A place, person or organisation, and how many releases that are shown name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mentioned {
    pub slug: String,
    pub name: String,
    pub releases: u64,
}

/// What is known under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    pub seq: i64,
    /// The copy that the name belongs to; 0 for the release itself.
    pub copy: u32,
    /// Of the release, or of the copy.
    pub fingerprint: [u8; 32],
}

/// A release as matching sees it, without its words.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    pub seq: i64,
    pub title: String,
    pub key: Option<String>,
    pub url: Option<String>,
    pub source: Source,
    pub lang: String,
    pub number: Option<String>,
    pub published: (Option<NaiveDate>, Option<NaiveDate>),
    pub fingerprint: [u8; 32],
    pub document_sha256: String,
    /// The day on which its current version was seen first.
    pub seen_on: NaiveDate,
    pub erased: bool,
}

/// An entry of the log that an index follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    pub entry: i64,
    /// The release that it touches; `None` for what touches no single one.
    pub seq: Option<i64>,
    /// Whether the release was not there before.
    pub fresh: bool,
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

/// Where a text is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TextPlace {
    pub seq: i64,
    pub kept_as: KeptAs,
    /// The version's or the copy's number.
    pub number: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeptAs {
    Current,
    Older,
    Copy,
}

/// A text as it is kept, with the SHA-256 that it was stored under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptText {
    pub place: TextPlace,
    pub text: String,
    pub sha256: String,
    /// Whether the words were taken out where the law asked for it.
    pub erased: bool,
}

/// What a database file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspected {
    pub archive_id: String,
    pub documents: u64,
    /// Hidden ones too.
    pub releases: u64,
    /// The last entry of the change log.
    pub generation: i64,
    /// The last step by which its tables were brought to their shape.
    pub schema: i64,
}

/// A release that is held to be another one, which is shown.
#[derive(Clone, Debug)]
pub struct Joined {
    /// As it stood when they were joined.
    pub whole: Whole,
    /// Id and slug of the other.
    pub into: ReleaseId,
    pub slug: String,
}
