//! Words one behind the other, and words close to each other in any order.

use std::rc::Rc;

use tantivy::{DocId, TERMINATED};

use super::Budget;
use super::cursor::{Cursor, Place, meet, positions, seek};
use super::word::{List, Weight};
use tantivy::DocSet;

/// How the words must stand.
pub enum Shape {
    /// Each so many places behind the first.
    Behind(Vec<u32>),
    /// All of them, at places of their own, the last at most so many behind the first.
    Within(u32),
}

/// A walk over the releases in which words stand in a shape.
pub struct Phrase {
    lists: Vec<List>,
    /// The lists' numbers, shortest list first: it leads.
    order: Vec<usize>,
    shape: Shape,
    weight: Weight,
    budget: Rc<Budget>,
    doc: DocId,
    found: Vec<Place>,
    places: Vec<Vec<u32>>,
}

impl Phrase {
    pub fn new(lists: Vec<List>, shape: Shape, weight: Weight, budget: Rc<Budget>) -> Self {
        let places = lists.iter().map(|_| Vec::new()).collect();
        let mut order: Vec<usize> = (0..lists.len()).collect();
        order.sort_by_key(|number| lists[*number].postings.size_hint());
        let mut phrase = Self { lists, order, shape, weight, budget, doc: 0, found: Vec::new(), places };
        phrase.find(0);
        phrase
    }

    /// The first release from `target` on that has all the words in the shape.
    fn find(&mut self, mut target: DocId) -> DocId {
        loop {
            let (lists, order) = (&mut self.lists, &self.order);
            self.doc = meet(order.len(), target, &self.budget, |number, target| seek(&mut lists[order[number]].postings, target));
            if self.doc == TERMINATED || self.matches() {
                return self.doc;
            }
            target = self.doc + 1;
        }
    }

    fn matches(&mut self) -> bool {
        let mut work = 1;
        for (list, places) in self.lists.iter_mut().zip(&mut self.places) {
            positions(&mut list.postings, places);
            work += places.len() as u32;
        }
        self.budget.tick(work);
        self.found.clear();
        match &self.shape {
            Shape::Behind(offsets) => behind(&self.places, offsets, &mut self.found),
            Shape::Within(within) => close(&self.places, *within, &mut self.found),
        }
        !self.found.is_empty()
    }
}

/// Places at which every word stands at its offset.
fn behind(places: &[Vec<u32>], offsets: &[u32], found: &mut Vec<Place>) {
    let Some(last) = offsets.last() else { return };
    // From the rarest word: the fewest places to look from.
    let Some(rarest) = (0..places.len()).min_by_key(|word| places[*word].len()) else { return };
    'starts: for at in &places[rarest] {
        let Some(start) = at.checked_sub(offsets[rarest]) else { continue };
        for (places, offset) in places.iter().zip(offsets) {
            if places.binary_search(&(start + offset)).is_err() {
                continue 'starts;
            }
        }
        found.push((start, start + last));
    }
}

/// Stretches that hold all words at places of their own, none longer than `within` from first to last.
fn close(places: &[Vec<u32>], within: u32, found: &mut Vec<Place>) {
    match places {
        [one, other] if one != other => close_pair(one, other, within, found),
        _ => close_many(places, within, found),
    }
}

/// Of two different words: each place with the nearest one of the other word before it.
fn close_pair(one: &[u32], other: &[u32], within: u32, found: &mut Vec<Place>) {
    let (mut a, mut b) = (0, 0);
    let (mut last_a, mut last_b) = (None, None);
    while a < one.len() || b < other.len() {
        let first = b >= other.len() || a < one.len() && one[a] < other[b];
        let (at, before) = if first { (one[a], last_b) } else { (other[b], last_a) };
        if let Some(before) = before
            && at - before <= within
        {
            found.push((before, at));
        }
        if first {
            last_a = Some(at);
            a += 1;
        } else {
            last_b = Some(at);
            b += 1;
        }
    }
}

fn close_many(places: &[Vec<u32>], within: u32, found: &mut Vec<Place>) {
    let mut all: Vec<(u32, usize)> =
        places.iter().enumerate().flat_map(|(word, places)| places.iter().map(move |place| (*place, word))).collect();
    all.sort_unstable();
    // A word asked for twice has the same places twice: each place serves one of them.
    let same: Vec<usize> = (0..places.len()).map(|word| (0..word).find(|other| places[*other] == places[word]).unwrap_or(word)).collect();
    let mut needed = vec![0u32; places.len()];
    same.iter().for_each(|word| needed[*word] += 1);
    all.retain(|(_, word)| same[*word] == *word);
    let mut held = vec![0u32; places.len()];
    let mut missing = needed.iter().filter(|count| **count > 0).count();
    let mut from = 0;
    for to in 0..all.len() {
        let word = all[to].1;
        held[word] += 1;
        if held[word] == needed[word] {
            missing -= 1;
        }
        while missing == 0 {
            let (first, word) = all[from];
            if all[to].0 - first <= within {
                found.push((first, all[to].0));
            }
            if held[word] == needed[word] {
                missing += 1;
            }
            held[word] -= 1;
            from += 1;
        }
    }
}

impl Cursor for Phrase {
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
        let length = self.lists.first().map_or(0, |list| list.lengths.fieldnorm_id(self.doc));
        self.weight.score(self.found.len() as u32, length)
    }

    fn places(&mut self, places: &mut Vec<Place>) {
        places.extend_from_slice(&self.found);
    }

    fn cost(&self) -> u64 {
        // Places take longer to compare than releases.
        self.lists.iter().map(|list| u64::from(list.postings.size_hint())).min().unwrap_or(0).saturating_mul(8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_in_their_shape() {
        let shape = |places: &[&[u32]], within: Option<u32>| {
            let places: Vec<Vec<u32>> = places.iter().map(|places| places.to_vec()).collect();
            let mut found = Vec::new();
            match within {
                Some(within) => close(&places, within, &mut found),
                None => behind(&places, &(0..places.len() as u32).collect::<Vec<_>>(), &mut found),
            }
            found
        };
        assert_eq!(shape(&[&[1, 5, 9], &[2, 10]], None), [(1, 2), (9, 10)]);
        assert_eq!(shape(&[&[1, 5], &[3]], None), []);
        assert_eq!(shape(&[&[7, 8], &[7, 8]], None), [(7, 8)]);
        assert_eq!(shape(&[&[1, 20], &[4, 30]], Some(5)), [(1, 4)]);
        assert_eq!(shape(&[&[4], &[1]], Some(3)), [(1, 4)]);
        assert_eq!(shape(&[&[4], &[4]], Some(3)), []);
        assert_eq!(shape(&[&[4, 6], &[4, 6]], Some(3)), [(4, 6)]);
        assert_eq!(shape(&[&[1], &[9], &[3]], Some(7)), []);
        assert_eq!(shape(&[&[1], &[9], &[3]], Some(8)), [(1, 9)]);
    }
}
