//! The order by relevance: BM25 over the text, of which the title is a part, and again over the title, times how much a word tends to
//! come in bursts. What each part of it gives was measured on two test collections; see `benches/README.md`.

use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;

use super::eval::Norms;

/// The constants of the order.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking {
    /// How fast a word's further occurrences lose weight (BM25's k1).
    pub k1: f32,
    /// How much a text's length counts against it (BM25's b).
    pub b: f32,
    /// How much a word in the title counts beside the same word in the text.
    pub title: f32,
    /// How much it counts that a word, where it stands, stands often: such words tell what a text is about. The power of the
    /// `(cf + 1) / df` of the divergence-from-randomness model In_expB2; 0 where it does not count.
    pub burst: f32,
}

/// A word that one text repeats without end tells no more than this.
const MAX_BURST: f32 = 6.0;

impl Default for Ranking {
    fn default() -> Self {
        Self { k1: 1.2, b: 0.75, title: 0.3, burst: 0.75 }
    }
}

impl Ranking {
    /// The weight of a word that stands so often in so many releases.
    pub(super) fn burst(&self, occurrences: u64, holders: u64) -> f32 {
        ((occurrences + 1) as f32 / holders.max(1) as f32).min(MAX_BURST).powf(self.burst)
    }

    /// What each length of a text (as the index keeps it, in one byte) takes off, for texts of an average length in words.
    pub(super) fn norms(&self, average: f32) -> Norms {
        let average = average.max(1.0);
        Arc::new(std::array::from_fn(|id| {
            let length = FieldNormReader::id_to_fieldnorm(id as u8) as f32;
            self.k1 * (1.0 - self.b + self.b * length / average)
        }))
    }
}
