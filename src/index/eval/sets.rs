//! All of several, any of several, most of several, and one without another.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::rc::Rc;

use tantivy::{DocId, TERMINATED};

use super::Budget;
use super::cursor::{Cursor, Place, meet};

pub type Boxed<'a> = Box<dyn Cursor + 'a>;

/// Releases that every cursor stands at.
pub struct All<'a> {
    cursors: Vec<Boxed<'a>>,
    budget: Rc<Budget>,
    doc: DocId,
}

impl<'a> All<'a> {
    /// At least one cursor.
    pub fn new(mut cursors: Vec<Boxed<'a>>, budget: Rc<Budget>) -> Self {
        cursors.sort_by_key(|cursor| cursor.cost());
        let mut all = Self { cursors, budget, doc: 0 };
        all.find(0);
        all
    }

    fn find(&mut self, target: DocId) -> DocId {
        let cursors = &mut self.cursors;
        self.doc = meet(cursors.len(), target, &self.budget, |number, target| cursors[number].seek(target));
        self.doc
    }
}

impl Cursor for All<'_> {
    fn doc(&self) -> DocId {
        self.doc
    }

    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED { TERMINATED } else { self.find(self.doc + 1) }
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target { self.doc } else { self.find(target) }
    }

    fn score(&mut self) -> f32 {
        self.cursors.iter_mut().map(|cursor| cursor.score()).sum()
    }

    fn places(&mut self, places: &mut Vec<Place>) {
        self.cursors.iter_mut().for_each(|cursor| cursor.places(places));
    }

    fn cost(&self) -> u64 {
        self.cursors.first().map_or(0, |cursor| cursor.cost())
    }
}

/// Releases of one cursor at which another does not stand.
pub struct Without<'a> {
    wanted: Boxed<'a>,
    excluded: Boxed<'a>,
}

impl<'a> Without<'a> {
    pub fn new(wanted: Boxed<'a>, excluded: Boxed<'a>) -> Self {
        let mut without = Self { wanted, excluded };
        without.skip();
        without
    }

    fn skip(&mut self) -> DocId {
        loop {
            let doc = self.wanted.doc();
            if doc == TERMINATED || self.excluded.seek(doc) != doc {
                return doc;
            }
            self.wanted.advance();
        }
    }
}

impl Cursor for Without<'_> {
    fn doc(&self) -> DocId {
        self.wanted.doc()
    }

    fn advance(&mut self) -> DocId {
        self.wanted.advance();
        self.skip()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.wanted.seek(target);
        self.skip()
    }

    fn score(&mut self) -> f32 {
        self.wanted.score()
    }

    fn places(&mut self, places: &mut Vec<Place>) {
        self.wanted.places(places);
    }

    fn cost(&self) -> u64 {
        self.wanted.cost()
    }
}

/// Releases that any cursor stands at, release by release: the cursors' places can be asked for.
pub struct Merged<'a> {
    cursors: Vec<Boxed<'a>>,
    waiting: BinaryHeap<Reverse<(DocId, usize)>>,
    here: Vec<usize>,
    doc: DocId,
}

impl<'a> Merged<'a> {
    pub fn new(cursors: Vec<Boxed<'a>>) -> Self {
        let waiting = cursors.iter().enumerate().map(|(number, cursor)| Reverse((cursor.doc(), number))).collect();
        let mut merged = Self { cursors, waiting, here: Vec::new(), doc: 0 };
        merged.gather();
        merged
    }

    /// Takes out every cursor that stands at the first release.
    fn gather(&mut self) -> DocId {
        self.doc = self.waiting.peek().map_or(TERMINATED, |Reverse((doc, _))| *doc);
        if self.doc != TERMINATED {
            while let Some(Reverse((doc, number))) = self.waiting.peek().copied()
                && doc == self.doc
            {
                self.waiting.pop();
                self.here.push(number);
            }
        }
        self.doc
    }
}

impl Cursor for Merged<'_> {
    fn doc(&self) -> DocId {
        self.doc
    }

    fn advance(&mut self) -> DocId {
        while let Some(number) = self.here.pop() {
            self.waiting.push(Reverse((self.cursors[number].advance(), number)));
        }
        self.gather()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target {
            return self.doc;
        }
        while let Some(number) = self.here.pop() {
            self.waiting.push(Reverse((self.cursors[number].seek(target), number)));
        }
        while let Some(Reverse((doc, number))) = self.waiting.peek().copied()
            && doc < target
        {
            self.waiting.pop();
            self.waiting.push(Reverse((self.cursors[number].seek(target), number)));
        }
        self.gather()
    }

    fn score(&mut self) -> f32 {
        // In a fixed order: sums of floats depend on it.
        self.here.sort_unstable();
        let Self { here, cursors, .. } = self;
        here.iter().map(|number| cursors[*number].score()).sum()
    }

    fn places(&mut self, places: &mut Vec<Place>) {
        for number in &self.here {
            self.cursors[*number].places(places);
        }
    }

    fn cost(&self) -> u64 {
        self.cursors.iter().map(|cursor| cursor.cost()).sum()
    }
}

/// Releases that at least so many cursors stand at, a window of releases at a time: each cursor runs through the window on its own, which
/// is several times as fast as going from release to release, and cannot give places.
pub struct Windowed<C> {
    cursors: Vec<C>,
    scored: bool,
    budget: Rc<Budget>,
    window: Window,
    doc: DocId,
}

/// Releases in a window.
const WINDOW: usize = 4_096;

/// A stretch of releases: which are matched, by how many cursors, and their scores.
pub struct Window {
    start: DocId,
    at_least: u8,
    marks: Box<[u64; WINDOW / 64]>,
    counts: Box<[u8; WINDOW]>,
    scores: Box<[f32; WINDOW]>,
    /// How many matches have been added.
    pub work: u32,
}

impl Window {
    fn new(at_least: usize) -> Self {
        Self {
            start: 0,
            at_least: u8::try_from(at_least).unwrap_or(u8::MAX),
            marks: Box::new([0; WINDOW / 64]),
            counts: Box::new([0; WINDOW]),
            scores: Box::new([0.0; WINDOW]),
            work: 0,
        }
    }

    fn begin(&mut self, start: DocId) {
        self.start = start;
        self.work = 0;
        self.marks.fill(0);
        self.scores.fill(0.0);
        if self.at_least > 1 {
            self.counts.fill(0);
        }
    }

    /// The first release behind the window.
    pub fn end(&self) -> DocId {
        self.start.saturating_add(WINDOW as u32).min(TERMINATED)
    }

    /// Adds a match, which must lie in the window.
    #[inline]
    pub fn add(&mut self, doc: DocId, score: f32) {
        let at = (doc - self.start) as usize % WINDOW;
        self.scores[at] += score;
        if self.at_least > 1 {
            self.counts[at] = self.counts[at].saturating_add(1);
            if self.counts[at] != self.at_least {
                return;
            }
        }
        self.marks[at / 64] |= 1 << (at % 64);
    }

    /// The first match from a place on.
    #[inline]
    fn marked_from(&self, at: usize) -> Option<u32> {
        let mut word = at / 64;
        let mut bits = self.marks.get(word)? & (u64::MAX << (at % 64));
        while bits == 0 {
            word += 1;
            bits = *self.marks.get(word)?;
        }
        Some(word as u32 * 64 + bits.trailing_zeros())
    }
}

impl<C: Cursor> Windowed<C> {
    pub fn new(cursors: Vec<C>, at_least: usize, scored: bool, budget: Rc<Budget>) -> Self {
        let mut windowed = Self { cursors, scored, budget, window: Window::new(at_least), doc: 0 };
        windowed.next_window();
        windowed
    }

    /// Fills the next window that has anything, and goes to its first release.
    fn next_window(&mut self) -> DocId {
        loop {
            // What has ended is not asked again.
            self.cursors.retain(|cursor| cursor.doc() != TERMINATED);
            let first = self.cursors.iter().map(Cursor::doc).min().unwrap_or(TERMINATED);
            if first == TERMINATED || self.budget.tick(self.cursors.len() as u32) {
                self.doc = TERMINATED;
                return TERMINATED;
            }
            self.window.begin(first);
            for cursor in &mut self.cursors {
                cursor.gather(&mut self.window, self.scored);
            }
            self.budget.tick(self.window.work);
            if let Some(at) = self.window.marked_from(0) {
                self.doc = first + at;
                return self.doc;
            }
        }
    }
}

impl<C: Cursor> Cursor for Windowed<C> {
    fn doc(&self) -> DocId {
        self.doc
    }

    #[inline]
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED {
            return TERMINATED;
        }
        match self.window.marked_from((self.doc - self.window.start) as usize + 1) {
            Some(at) => {
                self.doc = self.window.start + at;
                self.doc
            }
            None => self.next_window(),
        }
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target {
            return self.doc;
        }
        let at = (target - self.window.start) as usize;
        if at < WINDOW {
            if let Some(at) = self.window.marked_from(at) {
                self.doc = self.window.start + at;
                return self.doc;
            }
            return self.next_window();
        }
        for cursor in &mut self.cursors {
            cursor.seek(target);
        }
        self.next_window()
    }

    fn score(&mut self) -> f32 {
        self.window.scores[(self.doc - self.window.start) as usize % WINDOW]
    }

    fn cost(&self) -> u64 {
        self.cursors.iter().map(Cursor::cost).sum()
    }
}

impl Cursor for Boxed<'_> {
    fn doc(&self) -> DocId {
        (**self).doc()
    }

    fn advance(&mut self) -> DocId {
        (**self).advance()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        (**self).seek(target)
    }

    fn score(&mut self) -> f32 {
        (**self).score()
    }

    fn places(&mut self, places: &mut Vec<Place>) {
        (**self).places(places);
    }

    fn cost(&self) -> u64 {
        (**self).cost()
    }

    fn fill(&mut self, block: &mut super::Block, scored: bool) -> usize {
        (**self).fill(block, scored)
    }

    fn gather(&mut self, window: &mut Window, scored: bool) {
        (**self).gather(window, scored);
    }
}
