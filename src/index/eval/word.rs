//! One word in all its forms, spellings and languages: one posting list for each, scored as one word.

use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::{DocId, DocSet, TERMINATED};

use super::cursor::{Cursor, Place, positions, seek};

/// What each length of a text (as the index keeps it, in one byte) takes off: `k1 * (1 - b + b * length / average)`.
pub type Norms = Arc<[f32; 256]>;

/// A posting list with the lengths of the texts that it is about.
pub struct List {
    pub postings: SegmentPostings,
    pub lengths: FieldNormReader,
}

/// How much a word counts.
#[derive(Clone)]
pub struct Weight {
    /// Rarity times `k1 + 1`.
    pub weight: f32,
    pub norms: Norms,
}

impl Weight {
    #[inline]
    pub fn score(&self, count: u32, length: u8) -> f32 {
        let count = count as f32;
        self.weight * count / (count + self.norms[length as usize])
    }
}

/// A walk over the releases that hold any of the lists' terms.
pub struct Word {
    lists: Vec<List>,
    /// The same word in titles, whose releases are among those of `lists`: it only adds to the score.
    titles: Vec<List>,
    text: Weight,
    title: Weight,
    doc: DocId,
    scratch: Vec<u32>,
}

impl Word {
    pub fn new(lists: Vec<List>, titles: Vec<List>, text: Weight, title: Weight) -> Self {
        let mut word = Self { lists, titles, text, title, doc: 0, scratch: Vec::new() };
        word.doc = word.least();
        word
    }

    fn least(&self) -> DocId {
        match self.lists.as_slice() {
            [only] => only.postings.doc(),
            lists => lists.iter().map(|list| list.postings.doc()).min().unwrap_or(TERMINATED),
        }
    }
}

impl Cursor for Word {
    #[inline]
    fn doc(&self) -> DocId {
        self.doc
    }

    #[inline]
    fn advance(&mut self) -> DocId {
        if let [only] = self.lists.as_mut_slice() {
            self.doc = only.postings.advance();
            return self.doc;
        }
        let doc = self.doc;
        for list in self.lists.iter_mut().filter(|list| list.postings.doc() == doc) {
            list.postings.advance();
        }
        self.doc = self.least();
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            for list in &mut self.lists {
                seek(&mut list.postings, target);
            }
            self.doc = self.least();
        }
        self.doc
    }

    fn score(&mut self) -> f32 {
        let doc = self.doc;
        let (mut count, mut length) = (0, 0);
        for list in self.lists.iter().filter(|list| list.postings.doc() == doc) {
            count += list.postings.term_freq();
            length = list.lengths.fieldnorm_id(doc);
        }
        let mut score = self.text.score(count, length);
        if !self.titles.is_empty() {
            let (mut count, mut length) = (0, 0);
            for list in &mut self.titles {
                if seek(&mut list.postings, doc) == doc {
                    count += list.postings.term_freq();
                    length = list.lengths.fieldnorm_id(doc);
                }
            }
            if count > 0 {
                score += self.title.score(count, length);
            }
        }
        score
    }

    fn places(&mut self, places: &mut Vec<Place>) {
        let doc = self.doc;
        for list in self.lists.iter_mut().filter(|list| list.postings.doc() == doc) {
            positions(&mut list.postings, &mut self.scratch);
            places.extend(self.scratch.iter().map(|at| (*at, *at)));
        }
    }

    fn cost(&self) -> u64 {
        self.lists.iter().map(|list| u64::from(list.postings.size_hint())).sum()
    }
}
