//! What every cursor can do, and the simplest of them.

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::{DocId, DocSet, TERMINATED};

use super::Budget;
use super::sets::Window;

/// Places of a word or phrase in a text: first and last word, counted from 0.
pub type Place = (u32, u32);

/// A walk over matching releases of one segment, in ascending order; it stands at the first one from the start.
pub trait Cursor {
    /// Where it stands; [`TERMINATED`] behind the last.
    fn doc(&self) -> DocId;
    fn advance(&mut self) -> DocId;
    /// Goes to the first match that is not before `target`; stays where it stands if that is not before either.
    fn seek(&mut self, target: DocId) -> DocId;
    /// Score of the release where it stands. Not to be asked behind the last.
    fn score(&mut self) -> f32 {
        0.0
    }
    /// Adds the places at which the release matches, in no order.
    fn places(&mut self, _places: &mut Vec<Place>) {}
    /// About how many releases it has to look at.
    fn cost(&self) -> u64;

    /// Takes the next matches, with scores where they are wanted; returns how many, fewer than a block only at the end.
    fn fill(&mut self, block: &mut Block, scored: bool) -> usize {
        fill(self, block, scored)
    }

    /// Marks every match before the window's end in the window, and goes on behind it.
    fn gather(&mut self, window: &mut Window, scored: bool) {
        gather(self, window, scored);
    }
}

/// The first release from `target` on at which all of so many stand; [`TERMINATED`] where there is none, or time has run out. `seek` moves
/// one of them, the one that leads first.
#[inline]
pub fn meet(count: usize, mut target: DocId, budget: &Budget, mut seek: impl FnMut(usize, DocId) -> DocId) -> DocId {
    let mut number = 0;
    while number < count {
        let doc = seek(number, target);
        if doc == TERMINATED || budget.tick(1) {
            return TERMINATED;
        }
        if doc > target {
            target = doc;
            number = 0;
        } else {
            number += 1;
        }
    }
    target
}

/// [`Cursor::fill`] release by release.
pub fn fill<C: Cursor + ?Sized>(cursor: &mut C, block: &mut Block, scored: bool) -> usize {
    let mut doc = cursor.doc();
    let mut filled = 0;
    while filled < Block::SIZE && doc != TERMINATED {
        block.docs[filled] = doc;
        if scored {
            block.scores[filled] = cursor.score();
        }
        filled += 1;
        doc = cursor.advance();
    }
    filled
}

/// [`Cursor::gather`] release by release.
pub fn gather<C: Cursor + ?Sized>(cursor: &mut C, window: &mut Window, scored: bool) {
    let end = window.end();
    let mut doc = cursor.doc();
    while doc < end {
        let score = if scored { cursor.score() } else { 0.0 };
        window.add(doc, score);
        window.work += 1;
        doc = cursor.advance();
    }
}

/// Some matches at a time.
pub struct Block {
    pub docs: [DocId; Self::SIZE],
    pub scores: [f32; Self::SIZE],
}

impl Block {
    pub const SIZE: usize = 128;

    pub const fn new() -> Self {
        Self { docs: [0; Self::SIZE], scores: [0.0; Self::SIZE] }
    }
}

/// Every release.
pub struct Everything {
    doc: DocId,
    docs: u32,
}

impl Everything {
    pub const fn new(docs: u32) -> Self {
        Self { doc: if docs == 0 { TERMINATED } else { 0 }, docs }
    }
}

impl Cursor for Everything {
    fn doc(&self) -> DocId {
        self.doc
    }

    fn advance(&mut self) -> DocId {
        self.seek(self.doc.saturating_add(1))
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if target > self.doc {
            self.doc = if target < self.docs { target } else { TERMINATED };
        }
        self.doc
    }

    fn cost(&self) -> u64 {
        u64::from(self.docs)
    }
}

/// No release.
pub struct Nothing;

impl Cursor for Nothing {
    fn doc(&self) -> DocId {
        TERMINATED
    }

    fn advance(&mut self) -> DocId {
        TERMINATED
    }

    fn seek(&mut self, _: DocId) -> DocId {
        TERMINATED
    }

    fn cost(&self) -> u64 {
        0
    }
}

/// Releases that have a term, each with the same score.
pub struct Listed(pub SegmentPostings, pub f32);

impl Cursor for Listed {
    fn doc(&self) -> DocId {
        self.0.doc()
    }

    fn advance(&mut self) -> DocId {
        self.0.advance()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        seek(&mut self.0, target)
    }

    fn score(&mut self) -> f32 {
        self.1
    }

    fn cost(&self) -> u64 {
        u64::from(self.0.size_hint())
    }
}

/// Releases that sort between two days, both included.
pub struct Dated<'a> {
    pub days: &'a [i32],
    pub from: i32,
    pub to: i32,
    doc: DocId,
}

impl<'a> Dated<'a> {
    /// `from` must be a day: an undated release is at no date.
    pub fn new(days: &'a [i32], from: i32, to: i32) -> Self {
        let mut dated = Self { days, from, to, doc: 0 };
        dated.find();
        dated
    }

    fn find(&mut self) -> DocId {
        let from = (self.doc as usize).min(self.days.len());
        let found = self.days[from..].iter().position(|day| (self.from..=self.to).contains(day));
        self.doc = found.map_or(TERMINATED, |at| (from + at) as DocId);
        self.doc
    }
}

impl Cursor for Dated<'_> {
    fn doc(&self) -> DocId {
        self.doc
    }

    fn advance(&mut self) -> DocId {
        self.seek(self.doc.saturating_add(1))
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target {
            return self.doc;
        }
        self.doc = target;
        self.find()
    }

    fn cost(&self) -> u64 {
        self.days.len() as u64
    }
}

/// Seeks without asking a list to go back.
#[inline]
pub fn seek(postings: &mut SegmentPostings, target: DocId) -> DocId {
    if postings.doc() >= target { postings.doc() } else { postings.seek(target) }
}

/// The places of a list's term in the release where it stands.
#[inline]
pub fn positions(postings: &mut SegmentPostings, places: &mut Vec<u32>) {
    places.clear();
    postings.append_positions_with_offset(0, places);
}
