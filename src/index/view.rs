//! One state of the index with everything that searches of it share.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use tantivy::postings::Postings;
use tantivy::schema::{IndexRecordOption, Term};
use tantivy::{DocSet, Searcher, TERMINATED};

use super::columns::Columns;
use super::dictionary::Dictionary;
use super::grammar::Variant;
use super::schema::Fields;

/// A state of the index. Arrays and dictionary are read when first needed: a command that only writes never needs them.
pub struct View {
    searcher: Searcher,
    fields: Fields,
    columns: OnceLock<Columns>,
    dictionary: OnceLock<Dictionary>,
    /// Variants of words looked up before.
    variants: Mutex<HashMap<String, Arc<Vec<Variant>>>>,
    /// Occurrences and holders of terms counted before.
    occurrences: Mutex<HashMap<Term, (u64, u64)>>,
}

/// So many words are kept; then the list starts anew.
const KEPT: usize = 10_000;
/// So many releases tell how often a term tends to stand in one.
const COUNTED: u64 = 20_000;

impl View {
    pub fn new(searcher: Searcher, fields: Fields) -> Self {
        Self {
            searcher,
            fields,
            columns: OnceLock::new(),
            dictionary: OnceLock::new(),
            variants: Mutex::default(),
            occurrences: Mutex::default(),
        }
    }

    pub const fn searcher(&self) -> &Searcher {
        &self.searcher
    }

    /// Reads what searches need.
    pub fn warm(&self) -> tantivy::Result<()> {
        self.columns()?;
        self.dictionary()?;
        Ok(())
    }

    pub fn columns(&self) -> tantivy::Result<&Columns> {
        if let Some(columns) = self.columns.get() {
            return Ok(columns);
        }
        let columns = Columns::read(&self.searcher)?;
        Ok(self.columns.get_or_init(|| columns))
    }

    pub fn dictionary(&self) -> tantivy::Result<&Dictionary> {
        if let Some(dictionary) = self.dictionary.get() {
            return Ok(dictionary);
        }
        let dictionary = Dictionary::read(&self.searcher, &self.fields)?;
        Ok(self.dictionary.get_or_init(|| dictionary))
    }

    /// How often a term stands in the releases that have it, and in how many: counted over the first releases of each segment that have it,
    /// [`COUNTED`] in all.
    pub fn occurrences(&self, term: &Term) -> tantivy::Result<(u64, u64)> {
        let lock = || self.occurrences.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(known) = lock().get(term) {
            return Ok(*known);
        }
        let segments = self.searcher.segment_readers();
        let (mut occurrences, mut holders) = (0, 0);
        for segment in segments {
            let inverted = segment.inverted_index(term.field())?;
            let Some(mut postings) = inverted.read_postings(term, IndexRecordOption::WithFreqs)? else { continue };
            let most = holders + (COUNTED / segments.len() as u64).max(1);
            while postings.doc() != TERMINATED && holders < most {
                occurrences += u64::from(postings.term_freq());
                holders += 1;
                postings.advance();
            }
        }
        let mut kept = lock();
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(term.clone(), (occurrences, holders));
        Ok((occurrences, holders))
    }

    /// Variants of a word, looked up once.
    pub fn variants(&self, word: &str, look_up: impl FnOnce() -> tantivy::Result<Vec<Variant>>) -> tantivy::Result<Arc<Vec<Variant>>> {
        let lock = || self.variants.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(known) = lock().get(word) {
            return Ok(Arc::clone(known));
        }
        let variants = Arc::new(look_up()?);
        let mut kept = lock();
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(word.to_owned(), Arc::clone(&variants));
        Ok(variants)
    }
}
