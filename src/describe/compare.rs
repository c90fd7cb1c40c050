//! What changed between two versions of a release, word by word.
//!
//! Paragraphs are aligned first: those with the same words, then, between them, those that have most words in common; a paragraph may
//! meet two or three that it was split into. Within such a pair, words and punctuation marks are compared. What is only set otherwise
//! (white space, quotation marks, dashes, ligatures, soft hyphens) is the same word, marked as trivial.
//!
//! Read backwards, a comparison says the same with added and removed exchanged. Its work is bounded by the size of the texts, not by a
//! clock: where two versions are too long and too different, whole paragraphs are replaced, and [`Comparison::coarse`] says so.
//!
//! Measured: 0.12 ms for a usual text with a changed word (0.05 ms for [`edit`] where only the setting changed), 0.14 s for two paragraphs
//! of 10,000 words that have nothing in common, 0.1 to 0.6 s for two texts of a megabyte.

mod align;
mod paragraphs;
mod pieces;
#[cfg(test)]
mod tests;
mod words;

use std::collections::HashMap;

use serde::Serialize;

use crate::model::edit::{Edit, Substance};
use crate::model::{Block, ParsedRelease, Span};
use align::Step;
use paragraphs::Paragraph;
use pieces::Tally;
use words::Word;

/// One version of a release, as far as it is compared.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    /// The title as published or folded.
    pub title: &'a str,
    /// The text as published, into which `body` and `blocks` point.
    pub text: &'a str,
    pub body: Span,
    /// Parts of the body, in order; where there is none, lines are paragraphs.
    pub blocks: &'a [Block],
    /// The stated publication date, EDTF.
    pub published: Option<&'a str>,
}

/// A difference between two versions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    pub title: Vec<Piece>,
    pub passages: Vec<Passage>,
    pub edit: Edit,
    /// Somewhere whole paragraphs are given as replaced, since their words were too many to compare.
    pub coarse: bool,
}

/// A paragraph, or those that it was split into or put together from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Passage {
    pub kind: PassageKind,
    /// Furniture in each version that has it: what changes here is trivial.
    pub furniture: bool,
    /// Words of the newer version, of the older one where only that has them: for a note that stands for a folded passage.
    pub words: u32,
    /// One after another they give the passage, with white space folded.
    pub pieces: Vec<Piece>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PassageKind {
    Same,
    /// Set otherwise, or divided otherwise into paragraphs.
    Trivial,
    Changed,
    Added,
    Removed,
    /// The same words stand elsewhere in the other version; given at both places, removed at the one and added at the other.
    Moved,
}

/// Words that fare alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// As printed, white space folded; a space at the start where there is one before them.
    pub words: String,
    pub change: Change,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    Same,
    Added,
    Removed,
    /// The same words, set otherwise: how they were.
    Trivial {
        was: String,
    },
}

impl<'a> Text<'a> {
    /// A release as parsed, with the date that is stated for it.
    pub fn of(release: &'a ParsedRelease, published: Option<&'a str>) -> Self {
        Self { title: release.title.of(&release.text), text: &release.text, body: release.body, blocks: &release.blocks, published }
    }
}

/// What changed from `old` to `new`, for a reader.
pub fn compare(old: Text<'_>, new: Text<'_>) -> Comparison {
    let (was, is) = (words::words(old.title), words::words(new.title));
    let (title, title_tally, title_coarse) = pieces::pieces(&was, &is);
    let (paragraphs_old, paragraphs_new) = (paragraphs::paragraphs(&old), paragraphs::paragraphs(&new));
    let (steps, mut coarse) = align::steps(&paragraphs_old, &paragraphs_new);
    coarse |= title_coarse;
    let mut moved = Moved::among(&steps, &paragraphs_old, &paragraphs_new);
    let mut tally = Tally::default();
    let mut passages = Vec::with_capacity(steps.len());
    for step in steps {
        let was = paragraphs_old.get(step.old.clone()).unwrap_or(&[]);
        let is = paragraphs_new.get(step.new.clone()).unwrap_or(&[]);
        let (passage, changes, is_coarse) = passage(was, is, &mut moved);
        tally.add(changes);
        coarse |= is_coarse;
        passages.push(passage);
    }
    let edit = summed(&old, &new, title_tally, tally);
    Comparison { title, passages, edit, coarse }
}

/// What changed, without the words: as [`compare`] counts it, at hardly any cost where nothing or only the setting changed.
pub fn edit(old: Text<'_>, new: Text<'_>) -> Edit {
    if old.title == new.title && old.text == new.text && old.body == new.body && old.blocks == new.blocks {
        return summed(&old, &new, Tally::default(), Tally::default());
    }
    let set_otherwise = |old: &[Word<'_>], new: &[Word<'_>]| {
        let same = old.len() == new.len() && old.iter().zip(new).all(|(was, is)| was.id == is.id);
        same.then(|| Tally::trivial(old.iter().zip(new).filter(|(was, is)| !was.is_set_as(is)).count()))
    };
    let title = set_otherwise(&words::words(old.title), &words::words(new.title));
    let body = set_otherwise(&paragraphs::all_words(&old), &paragraphs::all_words(&new));
    match (title, body) {
        (Some(title), Some(body)) => summed(&old, &new, title, body),
        _ => compare(old, new).edit,
    }
}

fn summed(old: &Text<'_>, new: &Text<'_>, title: Tally, body: Tally) -> Edit {
    let date = old.published != new.published;
    let differs = old.title != new.title || old.text != new.text;
    let substance = match (date || title.substantive || body.substantive, differs || title.trivial + body.trivial > 0) {
        (true, _) => Substance::Substantive,
        (false, true) => Substance::Trivial,
        (false, false) => Substance::None,
    };
    Edit {
        title: title.substantive,
        body: body.substantive,
        date,
        substance,
        added: title.added.saturating_add(body.added),
        removed: title.removed.saturating_add(body.removed),
        trivial: title.trivial.saturating_add(body.trivial),
    }
}

/// One passage from the paragraphs that stand for each other; either side may be empty.
fn passage(old: &[Paragraph<'_>], new: &[Paragraph<'_>], moved: &mut Moved) -> (Passage, Tally, bool) {
    let furniture = old.iter().chain(new).all(|paragraph| paragraph.furniture);
    let (was, is) = (paragraphs::joined(old), paragraphs::joined(new));
    let (pieces, tally, coarse) = pieces::pieces(&was, &is);
    let kind = match (old, new) {
        ([one], []) if takes(&mut moved.removed, one.id) => PassageKind::Moved,
        ([], [one]) if takes(&mut moved.added, one.id) => PassageKind::Moved,
        (_, []) => PassageKind::Removed,
        ([], _) => PassageKind::Added,
        _ if tally.substantive => PassageKind::Changed,
        _ if tally.trivial > 0 || old.len() != new.len() => PassageKind::Trivial,
        _ => PassageKind::Same,
    };
    let shown = if new.is_empty() { &was } else { &is };
    let words = pieces::counted(shown);
    let tally = if furniture { tally.as_trivial() } else { tally };
    (Passage { kind, furniture, words, pieces }, tally, coarse)
}

/// How many paragraphs of the same words stand unmatched on both sides.
struct Moved {
    removed: HashMap<u64, usize>,
    added: HashMap<u64, usize>,
}

impl Moved {
    fn among(steps: &[Step], old: &[Paragraph<'_>], new: &[Paragraph<'_>]) -> Self {
        let removed = count(old, steps.iter().filter(|step| step.new.is_empty()).map(|step| step.old.start));
        let added = count(new, steps.iter().filter(|step| step.old.is_empty()).map(|step| step.new.start));
        let both = |one: &HashMap<u64, usize>, other: &HashMap<u64, usize>| {
            one.iter().filter_map(|(id, count)| Some((*id, *count.min(other.get(id)?)))).collect::<HashMap<_, _>>()
        };
        Self { removed: both(&removed, &added), added: both(&added, &removed) }
    }
}

/// How often the words of these paragraphs occur among them.
fn count(paragraphs: &[Paragraph<'_>], places: impl Iterator<Item = usize>) -> HashMap<u64, usize> {
    let mut counts = HashMap::new();
    for paragraph in places.filter_map(|place| paragraphs.get(place)) {
        *counts.entry(paragraph.id).or_insert(0) += 1;
    }
    counts
}

/// Takes one of those with these words, where there is any left.
fn takes(counts: &mut HashMap<u64, usize>, id: u64) -> bool {
    let Some(left) = counts.get_mut(&id).filter(|left| **left > 0) else { return false };
    *left -= 1;
    true
}
