//! A text's words as they are compared, and its shingles.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::{MIN_CHARACTERS, SHINGLE, Sketch, mix};
use crate::model::{ParsedRelease, Span};

/// A text folded as [`fold_text`](crate::model::release::fold_text) folds it: letters and digits in lower case without accents, single
/// spaces between words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folded(String);

/// Lower-case letter or digit for each ASCII byte that is one, else 0.
const PLAIN: [u8; 128] = {
    let mut plain = [0; 128];
    let mut byte = 0u8;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() {
            plain[byte as usize] = byte.to_ascii_lowercase();
        }
        byte += 1;
    }
    plain
};

impl Folded {
    pub fn of(text: &str) -> Self {
        let mut folded = Vec::with_capacity(text.len());
        fold_into(text, &mut folded);
        Self::from_bytes(folded)
    }

    /// Whole characters only have been put in, so that nothing is ever lost here.
    fn from_bytes(folded: Vec<u8>) -> Self {
        Self(String::from_utf8(folded).unwrap_or_default())
    }

    /// A release's body without its furniture; the whole body where too little else is left.
    pub fn of_release(release: &ParsedRelease) -> Self {
        let mut folded = Vec::with_capacity(release.body.len());
        let mut from = release.body.start;
        let furniture = release.blocks.iter().filter(|block| block.is_furniture());
        for span in furniture.map(|block| block.span).chain([Span::new(release.body.end, release.body.end)]) {
            fold_into(Span::new(from, span.start).of(&release.text), &mut folded);
            from = span.end;
        }
        let folded = Self::from_bytes(folded);
        if folded.is_long_enough() { folded } else { Self::of(release.body_text()) }
    }

    /// The words, single spaces between them.
    pub fn words(&self) -> &str {
        &self.0
    }

    /// The first eight bytes of the words' BLAKE3 hash.
    pub fn hash(&self) -> u64 {
        let hash = blake3::hash(self.0.as_bytes());
        hash.as_bytes().first_chunk().map_or(0, |first| u64::from_le_bytes(*first))
    }

    /// [`hash`](Self::hash) as a database keeps it.
    pub fn words_hash(&self) -> i64 {
        i64::from_be_bytes(self.hash().to_be_bytes())
    }

    /// `None` below [`MIN_CHARACTERS`].
    pub fn sketch(&self) -> Option<Sketch> {
        if self.is_long_enough() { Sketch::of_shingles(&self.shingles()) } else { None }
    }

    /// Jaccard's index of the two texts' shingles; 1 for two texts without words.
    pub fn likeness(&self, other: &Self) -> f64 {
        let sorted = |text: &Self| {
            let mut shingles = text.shingles();
            shingles.sort_unstable();
            shingles.dedup();
            shingles
        };
        let (one, other) = (sorted(self), sorted(other));
        let (mut left, mut right) = (one.iter().peekable(), other.iter().peekable());
        let mut both = 0usize;
        while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
            match a.cmp(b) {
                std::cmp::Ordering::Less => drop(left.next()),
                std::cmp::Ordering::Greater => drop(right.next()),
                std::cmp::Ordering::Equal => {
                    both += 1;
                    left.next();
                    right.next();
                }
            }
        }
        let either = one.len() + other.len() - both;
        if either == 0 { 1.0 } else { both as f64 / either as f64 }
    }

    fn is_long_enough(&self) -> bool {
        // Bytes settle it for nearly all: a character is four of them at most.
        self.0.len() >= MIN_CHARACTERS && self.0.chars().filter(|c| *c != ' ').take(MIN_CHARACTERS).count() == MIN_CHARACTERS
    }

    /// A hash for every three words in a row; one for all words where there are fewer.
    fn shingles(&self) -> Vec<u64> {
        let mut shingles = Vec::with_capacity(self.0.len() / 5);
        let (mut first, mut second) = (0u64, 0u64);
        let mut words = 0usize;
        for word in self.0.as_bytes().split(|byte| *byte == b' ').filter(|word| !word.is_empty()) {
            let third = word_hash(word);
            words += 1;
            if words >= SHINGLE {
                // Turned by different amounts, so that the order of the words counts.
                shingles.push(mix(first.rotate_left(21) ^ second.rotate_left(42).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ third));
            }
            (first, second) = (second, third);
        }
        if (1..SHINGLE).contains(&words) {
            shingles.push(mix(first.rotate_left(21) ^ second));
        }
        shingles
    }
}

/// FNV-1a's step with a greater multiplier; [`mix`] spreads it later.
fn word_hash(word: &[u8]) -> u64 {
    word.iter().fold(word.len() as u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0xff51_afd7_ed55_8ccd))
}

/// Adds a text's words. ASCII letter by letter; each run of other characters as `fold_text` has it, which may be cut at any ASCII
/// character, since none of those is composed with or reordered among its neighbours.
fn fold_into(text: &str, folded: &mut Vec<u8>) {
    let mut gap = true;
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at) {
        if let Some(plain) = PLAIN.get(usize::from(*byte)) {
            at += 1;
            match plain {
                0 => gap = true,
                plain => {
                    open(folded, &mut gap);
                    folded.push(*plain);
                }
            }
            continue;
        }
        let rest = text.get(at..).unwrap_or("");
        let run = rest.bytes().position(|byte| byte.is_ascii()).unwrap_or(rest.len()).max(1);
        at += run;
        match rest.get(..run).unwrap_or("") {
            // Quotation marks, dashes, the ellipsis, the no-break space: most of what is not ASCII in an English text.
            "’" | "‘" | "“" | "”" | "–" | "—" | "…" | "\u{a0}" => gap = true,
            other => {
                for c in other.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
                    if c.is_alphanumeric() {
                        open(folded, &mut gap);
                        folded.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                    } else {
                        gap = true;
                    }
                }
            }
        }
    }
}

/// A space where a word ends and another begins.
#[inline]
fn open(folded: &mut Vec<u8>, gap: &mut bool) {
    if std::mem::take(gap) && !folded.is_empty() {
        folded.push(b' ');
    }
}
