//! Writing to the index: each release is replaced whole, so that writing twice is writing once.

use std::borrow::Cow;

use chrono::Datelike;
use tantivy::merge_policy::LogMergePolicy;
use tantivy::schema::Term;
use tantivy::tokenizer::{PreTokenizedString, Token};
use tantivy::{Index, TantivyDocument};

use super::analysis::{Analyser, GAP};
use super::schema::{Fields, PARAGRAPH, SENTENCE, text_hash};
use super::sentences::sentences;
use super::{INDEX_VERSION, Payload, Result};
use crate::model::IndexRow;
use crate::model::query::Facet;

/// Memory for not yet written postings, in bytes; at least 15 MB are wanted by the library for each thread.
const BUDGET: usize = 96_000_000;

/// Segments are merged four at a time, and one of so many releases is not merged any more. Merging reads all that is merged, and what it reads
/// counts as resident: four times 20,000 releases are some 200 MB. An archive of a million then has about a dozen segments.
const MERGED: usize = 4;
const LARGE: usize = 50_000;

/// The one who writes.
pub struct IndexWriter {
    writer: tantivy::IndexWriter,
    fields: Fields,
}

impl IndexWriter {
    pub(super) fn new(index: &Index, fields: Fields) -> Result<Self> {
        let writer = index.writer_with_num_threads(1, BUDGET)?;
        let mut policy = LogMergePolicy::default();
        policy.set_min_num_segments(MERGED);
        policy.set_max_docs_before_merge(LARGE);
        writer.set_merge_policy(Box::new(policy));
        Ok(Self { writer, fields })
    }

    /// Adds a release in place of whatever is held under its number.
    pub fn put(&self, row: &IndexRow) -> Result<()> {
        self.remove(row.seq);
        self.add(row)
    }

    /// Adds a release under whose number nothing is held: nothing has to be looked for.
    pub fn add(&self, row: &IndexRow) -> Result<()> {
        self.writer.add_document(self.document(row))?;
        Ok(())
    }

    pub fn remove(&self, seq: i64) {
        self.writer.delete_term(Term::from_field_u64(self.fields.seq, seq as u64));
    }

    /// Empties the index, to fill it anew.
    pub fn clear(&self) -> Result<()> {
        self.writer.delete_all_documents()?;
        Ok(())
    }

    /// Makes everything since the last commit visible at once, as the state after log entry `generation`.
    pub fn commit(&mut self, generation: i64) -> Result<()> {
        let mut commit = self.writer.prepare_commit()?;
        commit.set_payload(&serde_json::to_string(&Payload { version: INDEX_VERSION, generation }).unwrap_or_default());
        commit.commit()?;
        Ok(())
    }

    /// Waits until merging is over, so that no file is left to a later start.
    pub fn finish(self) -> Result<()> {
        Ok(self.writer.wait_merging_threads()?)
    }

    fn document(&self, row: &IndexRow) -> TantivyDocument {
        let fields = &self.fields;
        let mut document = TantivyDocument::new();
        document.add_u64(fields.seq, row.seq as u64);
        document.add_u64(fields.id, row.id.number());
        if let Some(day) = row.sort_on {
            document.add_i64(fields.day, i64::from(day.num_days_from_ce()));
        }
        if let Some(key) = row.sort_key {
            document.add_i64(fields.sort_key, key);
        }
        document.add_i64(fields.arrived, row.arrived);
        document.add_u64(fields.text_hash, text_hash(&row.body));
        let (text, title) = match Analyser::of(&row.lang) {
            Analyser::French => (fields.text_fr, fields.title_fr),
            _ => (fields.text_en, fields.title_en),
        };
        document.add_text(title, &row.title);
        document.add_text(fields.title_exact, &row.title);
        // One value, so that places are counted alike in every field.
        let whole = format!("{}{GAP}{}", without_gap(&row.title), without_gap(&row.body));
        document.add_text(text, &whole);
        document.add_text(fields.exact, &whole);
        document.add_pre_tokenized_text(fields.bounds, bounds(&whole, row.title.len() + GAP.len_utf8(), &row.paragraphs));
        document.add_text(fields.facet(Facet::Kind), &row.kind);
        document.add_text(fields.facet(Facet::Lang), &row.lang);
        let several =
            [(Facet::Source, &row.sources), (Facet::Topic, &row.topics), (Facet::Place, &row.places), (Facet::Person, &row.people)];
        for (facet, values) in several {
            for value in values {
                document.add_text(fields.facet(facet), value);
            }
        }
        document
    }
}

fn without_gap(text: &str) -> Cow<'_, str> {
    if text.contains(GAP) { Cow::Owned(text.replace(GAP, " ")) } else { Cow::Borrowed(text) }
}

/// The places at which sentences and paragraphs of an indexed text begin. `paragraphs` are byte offsets from `body`.
fn bounds(whole: &str, body: usize, paragraphs: &[usize]) -> PreTokenizedString {
    let mut begins: Vec<(usize, &str)> = vec![(0, PARAGRAPH), (0, SENTENCE)];
    begins.extend(paragraphs.iter().map(|at| (body + at, PARAGRAPH)));
    begins.extend(sentences(whole.get(body..).unwrap_or("")).iter().map(|sentence| (body + sentence.start, SENTENCE)));
    // A paragraph begins a sentence, whatever ended the last one.
    begins.extend(paragraphs.iter().map(|at| (body + at, SENTENCE)));
    begins.sort_unstable();
    let words = Analyser::Exact.places(whole);
    let mut tokens: Vec<Token> = Vec::with_capacity(begins.len());
    let mut word = 0;
    for (at, text) in begins {
        while words.get(word).is_some_and(|(offset, _)| *offset < at) {
            word += 1;
        }
        let Some((_, position)) = words.get(word).copied() else { break };
        if !tokens.iter().rev().take(2).any(|token| token.position == position && token.text == text) {
            tokens.push(Token { position, text: text.to_owned(), ..Token::default() });
        }
    }
    PreTokenizedString { text: String::new(), tokens }
}
