//! Maps that are asked about every word of a text.
//!
//! The standard hash is safe against keys that an enemy chose, and for words of a few bytes costs more than all the rest of a look-up.
//! The keys here are words of the code and of the vocabularies; texts only ask for them, and add none.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A map with words as keys.
pub(super) type WordMap<K, V> = HashMap<K, V, BuildHasherDefault<WordHasher>>;

/// FNV-1a of 64 bits, whose constants these are: <http://www.isthe.com/chongo/tech/comp/fnv/>.
pub(super) struct WordHasher(u64);

impl Default for WordHasher {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for WordHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3));
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
