//! Operands close to each other: within some words, in the same sentence, in the same paragraph.

use std::rc::Rc;

use tantivy::postings::SegmentPostings;
use tantivy::{DocId, TERMINATED};

use super::Budget;
use super::cursor::{Cursor, Place, meet, positions, seek};

/// How close.
pub enum Closeness {
    /// From the end of one to the beginning of the other.
    Words(u32),
    /// Between the same two bounds; the list holds where each stretch begins.
    Stretch(Box<SegmentPostings>),
}

/// A walk over the releases in which operands stand close, each to the next.
pub struct Near<'a> {
    operands: Vec<Box<dyn Cursor + 'a>>,
    closeness: Closeness,
    budget: Rc<Budget>,
    doc: DocId,
    /// Where the operands stand together.
    found: Vec<Place>,
    bounds: Vec<u32>,
    places: Vec<Vec<Place>>,
}

impl<'a> Near<'a> {
    pub fn new(operands: Vec<Box<dyn Cursor + 'a>>, closeness: Closeness, budget: Rc<Budget>) -> Self {
        let places = operands.iter().map(|_| Vec::new()).collect();
        let mut near = Self { operands, closeness, budget, doc: 0, found: Vec::new(), bounds: Vec::new(), places };
        near.find(0);
        near
    }

    fn find(&mut self, mut target: DocId) -> DocId {
        loop {
            let operands = &mut self.operands;
            self.doc = meet(operands.len(), target, &self.budget, |number, target| operands[number].seek(target));
            if self.doc == TERMINATED || self.matches(self.doc) {
                return self.doc;
            }
            target = self.doc + 1;
        }
    }

    fn matches(&mut self, doc: DocId) -> bool {
        for (operand, places) in self.operands.iter_mut().zip(&mut self.places) {
            places.clear();
            operand.places(places);
            places.sort_unstable();
            self.budget.tick(places.len() as u32);
        }
        self.found.clear();
        match &mut self.closeness {
            Closeness::Words(within) => chain(&self.places, *within, &mut self.found),
            Closeness::Stretch(bounds) => {
                if seek(bounds, doc) == doc {
                    positions(bounds, &mut self.bounds);
                    together(&self.places, &self.bounds, &mut self.found);
                }
            }
        }
        !self.found.is_empty()
    }
}

/// Places of the last operand that a chain of operands leads to, each at most so many words from the one before and none on top of it.
fn chain(places: &[Vec<Place>], within: u32, found: &mut Vec<Place>) {
    let Some((first, rest)) = places.split_first() else { return };
    let mut reached: Vec<Place> = first.clone();
    for operand in rest {
        let longest = reached.iter().map(|(from, to)| to - from).max().unwrap_or(0);
        let next: Vec<Place> = operand
            .iter()
            .filter(|(from, to)| {
                // Sorted by where they begin: whoever can be near begins in this range.
                let low = from.saturating_sub(within.saturating_add(longest));
                let start = reached.partition_point(|(other, _)| *other < low);
                reached[start..].iter().take_while(|(other, _)| *other <= to.saturating_add(within)).any(|(other_from, other_to)| {
                    if other_to < from { from - other_to <= within } else { to < other_from && other_from - to <= within }
                })
            })
            .copied()
            .collect();
        reached = next;
        if reached.is_empty() {
            return;
        }
    }
    found.extend(reached);
}

/// Stretches in which every operand stands, whole.
fn together(places: &[Vec<Place>], bounds: &[u32], found: &mut Vec<Place>) {
    let stretch = |(from, to): &Place| {
        let number = bounds.partition_point(|begin| begin <= from);
        (number == bounds.partition_point(|begin| begin <= to)).then_some(number)
    };
    let Some((first, rest)) = places.split_first() else { return };
    let mut shared: Vec<usize> = first.iter().filter_map(stretch).collect();
    for operand in rest {
        let mut stretches: Vec<usize> = operand.iter().filter_map(stretch).collect();
        stretches.sort_unstable();
        shared.retain(|number| stretches.binary_search(number).is_ok());
    }
    found.extend(first.iter().filter(|place| stretch(place).is_some_and(|number| shared.contains(&number))));
}

impl Cursor for Near<'_> {
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
        self.operands.iter_mut().map(|operand| operand.score()).sum()
    }

    fn places(&mut self, places: &mut Vec<Place>) {
        places.extend_from_slice(&self.found);
    }

    fn cost(&self) -> u64 {
        self.operands.iter().map(|operand| operand.cost()).min().unwrap_or(0).saturating_mul(16)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operands_stand_close_each_to_the_next() {
        let near = |places: &[&[Place]], within: u32| {
            let places: Vec<Vec<Place>> = places.iter().map(|places| places.to_vec()).collect();
            let mut found = Vec::new();
            chain(&places, within, &mut found);
            found
        };
        assert_eq!(near(&[&[(1, 1), (50, 50)], &[(4, 5)]], 3), [(4, 5)]);
        assert_eq!(near(&[&[(1, 1), (50, 50)], &[(4, 5)]], 2), []);
        assert_eq!(near(&[&[(9, 9)], &[(4, 5)]], 4), [(4, 5)]);
        assert_eq!(near(&[&[(4, 5)], &[(5, 6)]], 4), []);
        assert_eq!(near(&[&[(1, 9)], &[(10, 10)]], 1), [(10, 10)]);
        assert_eq!(near(&[&[(1, 1)], &[(3, 3), (30, 30)], &[(5, 5), (32, 32)]], 2), [(5, 5)]);
    }

    #[test]
    fn operands_stand_between_the_same_bounds() {
        let mut found = Vec::new();
        together(&[vec![(1, 1), (12, 12)], vec![(9, 10), (15, 15)]], &[0, 10, 20], &mut found);
        assert_eq!(found, [(12, 12)]);
    }
}
