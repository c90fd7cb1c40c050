//! The archive's own words with the number of releases that hold each: for forms, spellings, prefixes and corrections.

use levenshtein_automata::LevenshteinAutomatonBuilder;
use tantivy::termdict::TermMerger;
use tantivy::{Searcher, TantivyError};
use tantivy_fst::{IntoStreamer, Map, MapBuilder, Streamer};

use super::schema::Fields;

/// Words without capitals and accents, in order.
pub struct Dictionary {
    words: Map<Vec<u8>>,
}

/// Longer runs of letters and digits are names of files and the like; nobody needs them corrected.
const LONGEST: usize = 40;

impl Dictionary {
    /// Reads the words of a state of the index.
    pub fn read(searcher: &Searcher, fields: &Fields) -> tantivy::Result<Self> {
        let failed = |error: tantivy_fst::Error| TantivyError::InternalError(error.to_string());
        let mut readers = Vec::new();
        for segment in searcher.segment_readers() {
            readers.push(segment.inverted_index(fields.exact)?);
        }
        let mut streams = Vec::new();
        for reader in &readers {
            streams.push(reader.terms().stream()?);
        }
        let mut merged = TermMerger::new(streams);
        let mut builder = MapBuilder::memory();
        while merged.advance() {
            if merged.key().len() > LONGEST {
                continue;
            }
            let holders: u64 = merged.current_segment_ords_and_term_infos().map(|(_, info)| u64::from(info.doc_freq)).sum();
            builder.insert(merged.key(), holders).map_err(failed)?;
        }
        let bytes = builder.into_inner().map_err(failed)?;
        Ok(Self { words: Map::from_bytes(bytes).map_err(failed)? })
    }

    /// How many releases hold a word, given without capitals and accents. Releases that were replaced since the last merge count too.
    pub fn holders(&self, word: &str) -> u64 {
        self.words.get(word).unwrap_or(0)
    }

    /// Words that begin so, with their holders; so many at most, in order.
    pub fn beginning(&self, start: &str, limit: usize) -> Vec<(String, u64)> {
        let mut found = Vec::new();
        let mut stream = self.words.range().ge(start).into_stream();
        while let Some((word, holders)) = stream.next() {
            if !word.starts_with(start.as_bytes()) || found.len() == limit {
                break;
            }
            found.extend(std::str::from_utf8(word).map(|word| (word.to_owned(), holders)));
        }
        found
    }

    /// Words that at most so many (one or two) insertions, deletions, replacements or swaps of neighbours away, with that distance and
    /// their holders.
    pub fn near(&self, word: &str, edits: u8) -> Vec<(String, u8, u64)> {
        let automaton = builder(edits).build_dfa(word);
        let mut found = Vec::new();
        let mut stream = self.words.search(Near(&automaton)).into_stream();
        while let Some((near, holders)) = stream.next() {
            if let Ok(text) = std::str::from_utf8(near)
                && text != word
            {
                found.push((text.to_owned(), automaton.eval(near).to_u8(), holders));
            }
        }
        found
    }
}

/// Tables for one and for two edits; made once, since that takes milliseconds.
fn builder(edits: u8) -> &'static LevenshteinAutomatonBuilder {
    use std::sync::LazyLock;
    static ONE: LazyLock<LevenshteinAutomatonBuilder> = LazyLock::new(|| LevenshteinAutomatonBuilder::new(1, true));
    static TWO: LazyLock<LevenshteinAutomatonBuilder> = LazyLock::new(|| LevenshteinAutomatonBuilder::new(2, true));
    if edits <= 1 { &ONE } else { &TWO }
}

/// The automaton in the terms of the dictionary's library.
struct Near<'a>(&'a levenshtein_automata::DFA);

impl tantivy_fst::Automaton for Near<'_> {
    type State = u32;

    fn start(&self) -> u32 {
        self.0.initial_state()
    }

    fn is_match(&self, state: &u32) -> bool {
        matches!(self.0.distance(*state), levenshtein_automata::Distance::Exact(_))
    }

    fn can_match(&self, state: &u32) -> bool {
        *state != levenshtein_automata::SINK_STATE
    }

    fn accept(&self, state: &u32, byte: u8) -> u32 {
        self.0.transition(*state, byte)
    }
}
