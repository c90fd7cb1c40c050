//! Floor 0: the words of the domain and their rules. No framework, no clock, no I/O.

pub mod archived;
pub mod block;
pub mod date;
pub mod decision;
pub mod described;
pub mod document;
pub mod edit;
pub mod history;
pub mod kind;
pub mod original;
pub mod page;
pub mod period;
pub mod query;
pub mod release;
pub mod slug;
pub mod span;
pub mod text;
pub mod topic;

pub use archived::{DayCount, DocumentRef, IndexRow, Release, ReleaseItem, Source, TopicRef};
pub use block::{Block, BlockKind, ListItem, TableRow};
pub use date::{Basis, DateRole, Evidence, Precision, PublicationDate, TextDate, YearFrom};
pub use decision::{Decision, How, Outcome};
pub use described::{DescribedRelease, Description, Mention, MentionKind, TopicAssignment};
pub use document::{DocumentFormat, DocumentOrder, ParsedDocument, RefusedItem, Sidecar};
pub use edit::{Edit, Substance};
pub use history::{Event, EventKind, Gone, History, Version, VersionItem, Whole};
pub use kind::Kind;
pub use original::Original;
pub use release::{Given, ParsedRelease, ReleaseId, Stamp};
pub use span::Span;
pub use topic::Topic;
