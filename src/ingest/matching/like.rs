//! What texts are compared with, in memory.

use std::collections::{BTreeSet, HashMap};

use crate::describe::likeness::{Near, Sketch};

/// The words of everything that is held, for comparing.
///
/// It holds what the database holds, and nothing that was there before: an import that goes on after it was cut short reads it from there,
/// and must decide as one that was not.
#[derive(Default)]
pub struct Like {
    /// The first release with these words.
    pub words: HashMap<i64, i64>,
    /// Further ones, where there are any.
    same: HashMap<i64, BTreeSet<i64>>,
    pub near: Near,
}

impl Like {
    /// Nothing yet, with room for so many releases.
    pub fn with_room(releases: usize) -> Self {
        Self { near: Near::with_room(releases), ..Self::default() }
    }

    pub fn add(&mut self, seq: i64, words: Option<i64>, sketch: Option<&Sketch>) {
        self.add_words(seq, words);
        if let Some(sketch) = sketch {
            self.near.insert(seq, sketch);
        }
    }

    /// A release has other words now.
    pub fn replace(&mut self, seq: i64, before: Option<i64>, words: Option<i64>, sketch: Option<&Sketch>) {
        if let Some(before) = before {
            self.same.get_mut(&before).map(|others| others.remove(&seq));
            if self.words.get(&before) == Some(&seq) {
                match self.same.get_mut(&before).and_then(BTreeSet::pop_first) {
                    Some(next) => self.words.insert(before, next),
                    None => self.words.remove(&before),
                };
            }
        }
        self.add_words(seq, words);
        self.near.replace(seq, &sketch.copied().unwrap_or(Sketch::NONE));
    }

    fn add_words(&mut self, seq: i64, words: Option<i64>) {
        let Some(words) = words else { return };
        let first = self.words.entry(words).or_insert(seq);
        if *first != seq {
            let later = seq.max(*first);
            *first = seq.min(*first);
            self.same.entry(words).or_default().insert(later);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// However releases came by their words, the first of those that have them now is found.
        #[test]
        fn words_lead_to_the_first_release_that_has_them_now(changes in prop::collection::vec((0i64..20, prop::option::of(0i64..5)), 0..60)) {
            let (mut like, mut now) = (Like::default(), [None; 20]);
            for (seq, words) in changes {
                like.replace(seq, now[seq as usize], words, None);
                now[seq as usize] = words;
            }
            for words in 0..5 {
                let first = now.iter().position(|held| *held == Some(words)).map(|seq| seq as i64);
                prop_assert_eq!(like.words.get(&words).copied(), first);
            }
        }
    }
}
