//! Words that stand for each other, as pieces for a reader.

use super::align::equal_runs;
use super::words::Word;
use super::{Change, Piece};

/// Changes, counted.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    pub added: u32,
    pub removed: u32,
    pub trivial: u32,
    /// A word or a mark was added or removed.
    pub substantive: bool,
}

impl Tally {
    pub fn trivial(words: usize) -> Self {
        Self { trivial: words.try_into().unwrap_or(u32::MAX), ..Self::default() }
    }

    pub fn add(&mut self, other: Self) {
        self.added = self.added.saturating_add(other.added);
        self.removed = self.removed.saturating_add(other.removed);
        self.trivial = self.trivial.saturating_add(other.trivial);
        self.substantive |= other.substantive;
    }

    /// The same changes where they do not matter.
    pub const fn as_trivial(self) -> Self {
        let trivial = self.trivial.saturating_add(self.added).saturating_add(self.removed);
        Self { added: 0, removed: 0, trivial, substantive: false }
    }
}

/// How many words count as words.
pub(super) fn counted(words: &[Word<'_>]) -> u32 {
    words.iter().filter(|word| word.counts).count().try_into().unwrap_or(u32::MAX)
}

/// The pieces of a passage, what they count, and whether the words were too many to compare one by one.
pub(super) fn pieces(old: &[Word<'_>], new: &[Word<'_>]) -> (Vec<Piece>, Tally, bool) {
    let ids = |words: &[Word<'_>]| words.iter().map(|word| word.id).collect::<Vec<_>>();
    let (runs, coarse) = equal_runs(&ids(old), &ids(new));
    let mut pieces = Vec::new();
    let mut tally = Tally::default();
    let (mut from_old, mut from_new) = (0, 0);
    for run in runs {
        changed(&mut pieces, &mut tally, old.get(from_old..run.old), new.get(from_new..run.new));
        (from_old, from_new) = (run.old + run.len, run.new + run.len);
        let (was, is) = (old.get(run.old..from_old).unwrap_or(&[]), new.get(run.new..from_new).unwrap_or(&[]));
        for (was, is) in was.iter().zip(is) {
            if was.is_set_as(is) {
                put(&mut pieces, is, Change::Same);
            } else {
                tally.trivial = tally.trivial.saturating_add(1);
                let was = shown(was, !pieces.is_empty());
                put(&mut pieces, is, Change::Trivial { was });
            }
        }
    }
    changed(&mut pieces, &mut tally, old.get(from_old..), new.get(from_new..));
    (pieces, tally, coarse)
}

/// Words without a counterpart: what was, then what is.
fn changed(pieces: &mut Vec<Piece>, tally: &mut Tally, old: Option<&[Word<'_>]>, new: Option<&[Word<'_>]>) {
    let (old, new) = (old.unwrap_or(&[]), new.unwrap_or(&[]));
    tally.removed = tally.removed.saturating_add(counted(old));
    tally.added = tally.added.saturating_add(counted(new));
    tally.substantive |= !old.is_empty() || !new.is_empty();
    old.iter().for_each(|word| put(pieces, word, Change::Removed));
    new.iter().for_each(|word| put(pieces, word, Change::Added));
}

/// Adds a word to the last piece where it fares alike, otherwise as a piece of its own.
fn put(pieces: &mut Vec<Piece>, word: &Word<'_>, change: Change) {
    let words = shown(word, !pieces.is_empty());
    match (pieces.last_mut(), change) {
        (Some(Piece { words: before, change: Change::Trivial { was: earlier } }), Change::Trivial { was }) => {
            before.push_str(&words);
            earlier.push_str(&was);
        }
        (Some(last), change) if last.change == change => last.words.push_str(&words),
        (_, change) => pieces.push(Piece { words, change }),
    }
}

/// A word with its space, which the first of a passage has no need of.
fn shown(word: &Word<'_>, after_others: bool) -> String {
    if word.spaced && after_others { format!(" {}", word.printed) } else { word.printed.to_owned() }
}
