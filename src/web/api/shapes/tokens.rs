//! Words of a fixed list, each as its domain type has it.

use std::borrow::Cow;

use serde::{Serialize, Serializer};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::model::history::Field;
use crate::model::query::Facet;
use crate::model::{Basis, BlockKind, DateRole, DocumentFormat, EventKind, How, Kind, MentionKind, Precision, Substance, YearFrom};
use crate::reading::histogram::Interval;

macro_rules! tokens {
    ($($(#[$doc:meta])* $name:ident($of:ty) $words:literal among $all:expr;)+) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name(pub $of);

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.0.token())
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let words = $all.iter().map(|value| value.token());
                ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).description(Some($words)).into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name).trim_end_matches("Word"))
            }
        }
    )+ };
}

const BLOCKS: [BlockKind; 7] = [
    BlockKind::Paragraph,
    BlockKind::Heading,
    BlockKind::List,
    BlockKind::Quotation,
    BlockKind::Caption,
    BlockKind::Contact,
    BlockKind::Table,
];

tokens! {
    KindWord(Kind) "What sort of text a release is." among Kind::ALL;
    PrecisionWord(Precision) "How much of the day of publication is known. A `range` stands for an event or issue of several days, \
        published on or after the last; `bounded` is one unknown day between two." among Precision::ALL;
    BasisWord(Basis) "What a date of publication rests on: the archive’s owner, a field of the source, the words “Issued on”, the \
        header of an entry, the publisher’s list or address, the dateline, the first sentences, the order of the document, or nothing."
        among Basis::ALL;
    YearFromWord(YearFrom) "Where the year of a date of publication comes from." among YearFrom::ALL;
    RoleWord(DateRole) "What a date in the text is about." among DateRole::ALL;
    BlockTypeWord(BlockKind) "What a part of a text is." among BLOCKS;
    FormatWord(DocumentFormat) "How a source document is laid out." among DocumentFormat::ALL;
    HowWord(How) "By what a text was recognised as a release that is held." among How::ALL;
    EventWord(EventKind) "What happened." among EventKind::ALL;
    FieldWord(Field) "What the archive’s owner can put right." among Field::ALL;
    SubstanceWord(Substance) "How much an edit matters: not at all, typography and standing lines only, or words."
        among [Substance::None, Substance::Trivial, Substance::Substantive];
    MentionKindWord(MentionKind) "What sort of thing is mentioned." among [MentionKind::Place, MentionKind::Person, MentionKind::Organisation];
    FacetWord(Facet) "A property that results are narrowed by and counted by." among Facet::ALL;
    IntervalWord(Interval) "The size of a bin; `years` is ten years or a multiple of it."
        among [Interval::Day, Interval::Month, Interval::Year, Interval::Years(10)];
}
