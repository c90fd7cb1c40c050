//! Maps that are asked about every word of a text.
//!
//! The standard hash is safe against keys that an enemy chose, and for words of a few bytes costs more than all the rest of a look-up.
//! The keys here are words of the code and of the vocabularies; texts only ask for them, and add none.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// A map with words as keys.
pub(super) type WordMap<K, V> = HashMap<K, V, BuildHasherDefault<WordHasher>>;

/// A set of words.
pub(super) type WordSet<K> = HashSet<K, BuildHasherDefault<WordHasher>>;

/// Takes eight bytes at a time, multiplies, and folds the upper half, where the product is well mixed, over the lower.
#[derive(Default)]
pub(super) struct WordHasher(u64);

/// 2^64 divided by the golden ratio, made odd: its multiples lie evenly over all numbers (Knuth, The Art of Computer Programming, 6.4).
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

impl Hasher for WordHasher {
    fn write(&mut self, bytes: &[u8]) {
        for eight in bytes.chunks(8) {
            let word = eight.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
            let product = (self.0 ^ word).wrapping_mul(SPREAD);
            self.0 = product ^ product >> 32;
        }
    }

    // Every string ends with the same byte here, which tells nothing.
    fn write_u8(&mut self, _: u8) {}

    fn finish(&self) -> u64 {
        self.0
    }
}
