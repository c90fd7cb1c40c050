//! The fields of the index.

use tantivy::schema::{FAST, Field, INDEXED, IndexRecordOption, NumericOptions, STRING, Schema, TextFieldIndexing, TextOptions};

use super::analysis::{ENGLISH, EXACT, FRENCH};
use crate::describe::likeness::Folded;
use crate::model::query::Facet;

/// Internal number of the release; what a release is replaced and looked up by.
pub const SEQ: &str = "seq";
/// The release's id as a number: ties in a list are ordered by it.
pub const ID: &str = "id";
/// Day that the release sorts on, counted from 1 January of the year 1; absent where undated.
pub const DAY: &str = "day";
/// Place in the one order of all lists; absent where undated.
pub const SORT_KEY: &str = "sort_key";
/// Minutes from 1970 on at which the release came or came again; see [`IndexRow::arrived`](crate::model::IndexRow::arrived).
pub const ARRIVED: &str = "arrived";

/// Hash of the body's words: copies of a text have the same.
pub const TEXT_HASH: &str = "text_hash";
/// Terms of the field `bounds`.
pub const SENTENCE: &str = "s";
pub const PARAGRAPH: &str = "p";

/// Field handles.
#[derive(Clone)]
pub struct Fields {
    pub seq: Field,
    pub id: Field,
    pub day: Field,
    pub sort_key: Field,
    pub arrived: Field,
    pub text_hash: Field,
    /// Title and body, stemmed; each release in the field of its language.
    pub text_en: Field,
    pub text_fr: Field,
    /// The title alone, stemmed.
    pub title_en: Field,
    pub title_fr: Field,
    /// Title and body with accents folded and nothing else: phrases, prefixes, exact words.
    pub exact: Field,
    pub title_exact: Field,
    /// The places at which sentences and paragraphs begin, under the terms [`SENTENCE`] and [`PARAGRAPH`]; places are those of `exact`.
    pub bounds: Field,
    facets: [Field; 6],
}

impl Fields {
    pub fn facet(&self, facet: Facet) -> Field {
        self.facets[facet as usize]
    }
}

pub fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let number = NumericOptions::from(FAST);
    let text = |tokenizer: &str| {
        TextOptions::default().set_indexing_options(
            TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(IndexRecordOption::WithFreqsAndPositions),
        )
    };
    let bounds = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default().set_tokenizer(EXACT).set_index_option(IndexRecordOption::WithFreqsAndPositions).set_fieldnorms(false),
    );
    let fields = Fields {
        seq: builder.add_u64_field(SEQ, number.clone() | INDEXED),
        id: builder.add_u64_field(ID, number.clone() | INDEXED),
        day: builder.add_i64_field(DAY, number.clone() | INDEXED),
        sort_key: builder.add_i64_field(SORT_KEY, number.clone()),
        arrived: builder.add_i64_field(ARRIVED, number.clone()),
        text_hash: builder.add_u64_field(TEXT_HASH, number),
        text_en: builder.add_text_field("text_en", text(ENGLISH)),
        text_fr: builder.add_text_field("text_fr", text(FRENCH)),
        title_en: builder.add_text_field("title_en", text(ENGLISH)),
        title_fr: builder.add_text_field("title_fr", text(FRENCH)),
        exact: builder.add_text_field("exact", text(EXACT)),
        title_exact: builder.add_text_field("title_exact", text(EXACT)),
        bounds: builder.add_text_field("bounds", bounds),
        facets: Facet::ALL.map(|facet| builder.add_text_field(facet.token(), STRING | FAST)),
    };
    (builder.build(), fields)
}

/// See [`TEXT_HASH`]: the first eight bytes of BLAKE3 over the text without capitals, accents and spaces.
pub fn text_hash(body: &str) -> u64 {
    let mut bytes = Folded::of(body).words().as_bytes().to_vec();
    bytes.retain(|byte| *byte != b' ');
    blake3::hash(&bytes).as_bytes().first_chunk().map_or(0, |first| u64::from_le_bytes(*first))
}
