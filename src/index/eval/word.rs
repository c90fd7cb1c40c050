//! One word in all its forms, spellings and languages: one posting list for each, scored as one word.
//!
//! There are two walks over the same lists: [`Word`] goes block by block and is several times as fast, [`PlacedWord`] knows the places.

use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{BlockSegmentPostings, Postings, SegmentPostings};
use tantivy::{DocId, DocSet, TERMINATED};

use super::cursor::{Block, Cursor, Place, fill, gather, positions, seek};
use super::sets::Window;

/// What each length of a text takes off a score; see [`Ranking::norms`](crate::index::Ranking).
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

/// A posting list read a block of [`Block::SIZE`] releases at a time.
pub struct BlockList {
    pub postings: BlockSegmentPostings,
    pub lengths: FieldNormReader,
    at: usize,
}

impl BlockList {
    pub const fn new(postings: BlockSegmentPostings, lengths: FieldNormReader) -> Self {
        Self { postings, lengths, at: 0 }
    }

    #[inline]
    fn doc(&self) -> DocId {
        // Behind the last release of the last block stands the mark of the end.
        self.postings.doc(self.at)
    }

    #[inline]
    fn advance(&mut self) -> DocId {
        self.at += 1;
        if self.at >= COMPRESSION_BLOCK {
            self.postings.advance();
            self.at = 0;
        }
        self.doc()
    }

    #[inline]
    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc() < target {
            self.at = self.postings.seek(target);
        }
        self.doc()
    }

    /// What is left of the block: releases, and their counts where those are read.
    #[inline]
    fn rest(&self) -> (&[DocId], &[u32]) {
        let at = self.at.min(self.postings.block_len());
        (&self.postings.docs()[at..], self.postings.freqs().get(at..).unwrap_or(&[]))
    }

    /// Passes over so many releases of the block.
    #[inline]
    fn take(&mut self, count: usize) {
        self.at += count;
        if self.at >= COMPRESSION_BLOCK {
            self.postings.advance();
            self.at = 0;
        }
    }
}

/// Releases in a block of the library's posting lists.
const COMPRESSION_BLOCK: usize = 128;

/// A walk over the releases that hold any of the lists' terms.
pub struct Word {
    lists: Vec<BlockList>,
    /// The same word in titles, whose releases are among those of `lists`: it only adds to the score.
    titles: Vec<BlockList>,
    text: Weight,
    title: Weight,
    doc: DocId,
}

impl Word {
    pub fn new(lists: Vec<BlockList>, titles: Vec<BlockList>, text: Weight, title: Weight) -> Self {
        let mut word = Self { lists, titles, text, title, doc: 0 };
        word.doc = word.least();
        word
    }

    #[inline]
    fn least(&self) -> DocId {
        match self.lists.as_slice() {
            [only] => only.doc(),
            lists => lists.iter().map(BlockList::doc).min().unwrap_or(TERMINATED),
        }
    }

    /// Hands over releases before `end`, `most` of them, from the only list, which may not be empty; `each` is given the place in the run.
    #[inline]
    fn run(&mut self, end: DocId, most: usize, scored: bool, mut each: impl FnMut(usize, DocId, f32)) -> usize {
        let list = &mut self.lists[0];
        let mut taken = 0;
        while taken < most {
            let (docs, counts) = list.rest();
            let room = docs.len().min(most - taken);
            let run =
                if docs[..room].last().is_some_and(|last| *last < end) { room } else { docs[..room].partition_point(|doc| *doc < end) };
            if run == 0 {
                break;
            }
            if scored {
                for index in 0..run {
                    let doc = docs[index];
                    let mut score = self.text.score(counts[index], list.lengths.fieldnorm_id(doc));
                    for title in &mut self.titles {
                        if title.seek(doc) == doc {
                            score += self.title.score(title.postings.freq(title.at), title.lengths.fieldnorm_id(doc));
                        }
                    }
                    each(taken + index, doc, score);
                }
            } else {
                docs[..run].iter().enumerate().for_each(|(index, doc)| each(taken + index, *doc, 0.0));
            }
            taken += run;
            list.take(run);
        }
        self.doc = list.doc();
        taken
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
            self.doc = only.advance();
            return self.doc;
        }
        let doc = self.doc;
        for list in self.lists.iter_mut().filter(|list| list.doc() == doc) {
            list.advance();
        }
        self.doc = self.least();
        self.doc
    }

    #[inline]
    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            for list in &mut self.lists {
                list.seek(target);
            }
            self.doc = self.least();
        }
        self.doc
    }

    #[inline]
    fn score(&mut self) -> f32 {
        let doc = self.doc;
        let (mut count, mut length) = (0, 0);
        for list in self.lists.iter().filter(|list| list.doc() == doc) {
            count += list.postings.freq(list.at);
            length = list.lengths.fieldnorm_id(doc);
        }
        let mut score = self.text.score(count, length);
        if !self.titles.is_empty() {
            let (mut count, mut length) = (0, 0);
            for list in &mut self.titles {
                if list.seek(doc) == doc {
                    count += list.postings.freq(list.at);
                    length = list.lengths.fieldnorm_id(doc);
                }
            }
            if count > 0 {
                score += self.title.score(count, length);
            }
        }
        score
    }

    fn cost(&self) -> u64 {
        self.lists.iter().map(|list| u64::from(list.postings.doc_freq())).sum()
    }

    fn fill(&mut self, block: &mut Block, scored: bool) -> usize {
        if self.lists.len() == 1 && self.titles.len() < 2 {
            return self.run(TERMINATED, Block::SIZE, scored, |index, doc, score| {
                block.docs[index] = doc;
                block.scores[index] = score;
            });
        }
        fill(self, block, scored)
    }

    fn gather(&mut self, window: &mut Window, scored: bool) {
        if self.lists.len() == 1 && self.titles.len() < 2 {
            let end = window.end();
            let taken = self.run(end, usize::MAX, scored, |_, doc, score| window.add(doc, score));
            window.work += taken as u32;
            return;
        }
        gather(self, window, scored);
    }
}

/// A walk over the releases that hold any of the lists' terms, with the places at which they do.
pub struct PlacedWord {
    lists: Vec<List>,
    text: Weight,
    doc: DocId,
    scratch: Vec<u32>,
}

impl PlacedWord {
    pub fn new(lists: Vec<List>, text: Weight) -> Self {
        let mut word = Self { lists, text, doc: 0, scratch: Vec::new() };
        word.doc = word.least();
        word
    }

    fn least(&self) -> DocId {
        self.lists.iter().map(|list| list.postings.doc()).min().unwrap_or(TERMINATED)
    }
}

impl Cursor for PlacedWord {
    fn doc(&self) -> DocId {
        self.doc
    }

    fn advance(&mut self) -> DocId {
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
        self.text.score(count, length)
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
