//! How alike two texts are in their words, fast enough to be asked of a million texts.
//!
//! A text is the set of its shingles: every three words in a row, folded. Likeness is Jaccard's index of two such sets, the shingles
//! that both have over those that either has. A [`Sketch`] of [`SLOTS`] bytes estimates it; its [`BANDS`] find those sketches among
//! very many that are worth an estimate, without looking at the others ([`Near`]).
//!
//! With `b` bands of `r` slots, two texts of likeness `j` share at least one band with probability `1 - (1 - j^r)^b`:
//!
//! | likeness | .95 | .9 | .8 | .7 | .6 | .5 | .3 |
//! |---|---|---|---|---|---|---|---|
//! | found | 1.000 | 1.000 | 1.000 | .997 | .946 | .742 | .157 |
//!
//! Measured on one core of two, texts of 2,814 characters: folding and sketch 14 µs, [`text_hash`] 10 µs (5 µs where a [`Folded`] is at
//! hand), [`exact`] 33 µs; in a table of a million, most of them in families of forty, 7 µs for an entry, growing included, 22 µs for
//! the candidates of one text.

mod fold;
mod near;
#[cfg(test)]
mod tests;

pub use fold::Folded;
pub use near::Near;

use crate::model::ParsedRelease;

/// Below this many letters and digits a text is too short to be known by its words alone, and has no sketch.
pub const MIN_CHARACTERS: usize = 200;

/// Bands of a sketch.
pub const BANDS: usize = 21;

/// Slots in a band.
pub const ROWS: usize = 4;

/// Slots of a sketch, a byte each.
pub const SLOTS: usize = BANDS * ROWS;

/// Words in a shingle.
const SHINGLE: usize = 3;

/// Two different shingles have the same byte by chance this often.
const CHANCE: f64 = 1.0 / 256.0;

/// What is kept of a text's set of shingles. Stored: the same text must give the same bytes in every later release of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sketch([u8; SLOTS]);

impl Sketch {
    /// The sketch of a text; `None` below [`MIN_CHARACTERS`].
    pub fn of(text: &str) -> Option<Self> {
        Folded::of(text).sketch()
    }

    /// The sketch of a release's body without its furniture, so that another footer makes no other text.
    pub fn of_release(release: &ParsedRelease) -> Option<Self> {
        Folded::of_release(release).sketch()
    }

    /// Fast similarity sketching (Dahlgaard, Knudsen and Thorup, 2017): each shingle is thrown into one slot, and the least of a slot
    /// stays. While slots are empty, all shingles are thrown again by another hash, into empty slots only; after [`SLOTS`] such rounds
    /// each further one fills a slot of its own, so that the end is certain. Unlike a slot filled from its neighbour, every slot is as
    /// good as one of a hash of its own, and one round is nearly always enough for a text of usual length.
    fn of_shingles(shingles: &[u64]) -> Option<Self> {
        if shingles.is_empty() {
            return None;
        }
        const EMPTY: u64 = u64::MAX;
        let mut least = [EMPTY; SLOTS];
        for round in 0..2 * SLOTS {
            // A slot that an earlier round has filled stays as it is: what this round brings is greater.
            let base = (round as u64) << 32;
            let salt = (round as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            for shingle in shingles {
                let hash = mix(shingle ^ salt);
                let slot = if round < SLOTS { (hash >> 32).wrapping_mul(SLOTS as u64) >> 32 } else { (round - SLOTS) as u64 };
                if let Some(slot) = least.get_mut(slot as usize) {
                    *slot = (*slot).min(base | (hash & 0xffff_ffff));
                }
            }
            if least.iter().all(|value| *value != EMPTY) {
                break;
            }
        }
        Some(Self(least.map(|value| value as u8)))
    }

    /// The likeness of two texts, 0 to 1, from their sketches: the standard error is at most .055, .03 at a likeness of .9.
    pub fn estimate(&self, other: &Self) -> f64 {
        let equal = self.0.iter().zip(&other.0).filter(|(one, other)| one == other).count();
        ((equal as f64 / SLOTS as f64 - CHANCE) / (1.0 - CHANCE)).clamp(0.0, 1.0)
    }

    /// One number for each band: equal where the band's slots are equal, otherwise almost never.
    pub fn bands(&self) -> [u32; BANDS] {
        std::array::from_fn(|number| self.band(number))
    }

    /// The number of one band; bands from [`BANDS`] on are all alike.
    fn band(&self, number: usize) -> u32 {
        let rows = self.0.iter().skip(number * ROWS).take(ROWS);
        let slots = rows.fold(number as u64, |slots, byte| slots << 8 | u64::from(*byte));
        (mix(slots) >> 32) as u32
    }

    /// Whether two sketches have a band in common, and so are found by each other.
    pub fn meets(&self, other: &Self) -> bool {
        self.0.chunks_exact(ROWS).zip(other.0.chunks_exact(ROWS)).any(|(one, other)| one == other)
    }

    /// The sketch of nothing, which no text has.
    pub const NONE: Self = Self([0; SLOTS]);

    /// The form in which a sketch is stored.
    pub const fn to_bytes(self) -> [u8; SLOTS] {
        self.0
    }

    /// `None` where there are not exactly [`SLOTS`] bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

/// A number for the words of a text: equal for texts that differ in letter case, accents, punctuation and white space only, and
/// otherwise different but for one chance in 2^64.
pub fn text_hash(text: &str) -> u64 {
    Folded::of(text).hash()
}

/// Jaccard's index of two texts' shingles, counted in full; 1 for two texts without words.
pub fn exact(a: &str, b: &str) -> f64 {
    Folded::of(a).likeness(&Folded::of(b))
}

/// Spreads each bit of a number over all bits (the finaliser of SplitMix64; Steele, Lea and Flood, 2014).
const fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}
