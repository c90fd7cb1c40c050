//! The shapes that programs are given, as types: what is served and what the OpenAPI document says of it are made from the same lines.
//!
//! Within `v1` fields are only ever added. A field without a value is there as null; the few that are left out instead say so.

mod changes;
mod date;
mod item;
mod names;
mod release;
mod search;
mod tokens;
mod trends;
mod version;

pub use changes::{Change, ChangedField, ChangedRelease, ChangesList, VersionPair};
pub use date::{Published, Quote};
pub use item::{Head, Item, ItemList, Publisher, TopicName};
pub use names::{Mention, MentionCount, MentionList, Mentions, Resolved, Topic, TopicInTime, TopicList};
pub use release::{
    Block, BlockItem, BlockRow, Correction, DateInText, Document, FullRelease, Silent, SourceOf, Stated, TopicFound, Translation,
};
pub use search::{Bin, FacetList, Facets, Histogram, Results, Suggested, Unknown, Value, unknown, years};
pub use tokens::{
    BasisWord, BlockTypeWord, EventWord, FacetWord, FieldWord, FormatWord, HowWord, IntervalWord, KindWord, MentionKindWord, PrecisionWord,
    RoleWord, SubstanceWord, YearFromWord,
};
pub use trends::{All, Query, TrendBin, Trends};
pub use version::{EditCount, VersionDocument, VersionFull, VersionHead, VersionList};
