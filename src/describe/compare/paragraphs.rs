//! A version's paragraphs.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::Text;
use super::words::{Word, words};
use crate::model::{BlockKind, Span};

pub(super) struct Paragraph<'a> {
    pub words: Vec<Word<'a>>,
    /// A hash of what the words say.
    pub id: u64,
    pub furniture: bool,
}

/// The body's paragraphs in order, each with at least one word or mark: its blocks (a list line by line), and what stands between them.
pub(super) fn paragraphs<'a>(text: &Text<'a>) -> Vec<Paragraph<'a>> {
    let parts = parts(text);
    let read = parts.into_iter().map(|(part, furniture)| {
        let words = words(part);
        let mut hasher = DefaultHasher::new();
        words.iter().for_each(|word| word.id.hash(&mut hasher));
        Paragraph { words, id: hasher.finish(), furniture }
    });
    read.filter(|paragraph| !paragraph.words.is_empty()).collect()
}

/// Words of several paragraphs, one after another.
pub(super) fn joined<'a>(paragraphs: &[Paragraph<'a>]) -> Vec<Word<'a>> {
    paragraphs.iter().flat_map(|paragraph| paragraph.words.iter().copied()).collect()
}

/// All words of the body, whatever its paragraphs.
pub(super) fn all_words<'a>(text: &Text<'a>) -> Vec<Word<'a>> {
    parts(text).into_iter().flat_map(|(part, _)| words(part)).collect()
}

/// Stretches of the body, and whether they are furniture.
fn parts<'a>(text: &Text<'a>) -> Vec<(&'a str, bool)> {
    let mut from = text.body.start;
    let mut whole = Vec::new();
    for block in text.blocks {
        let span = Span::new(block.span.start.max(from), block.span.end.min(text.body.end));
        // A block that does not fit the text says nothing; its words come with what stands between.
        if span.is_empty() || text.text.get(span.start..span.end).is_none() {
            continue;
        }
        whole.push((Span::new(from, span.start), false, true));
        whole.push((span, block.is_furniture(), matches!(block.kind, BlockKind::List)));
        from = span.end;
    }
    whole.push((Span::new(from, text.body.end), false, true));
    let mut parts = Vec::new();
    for (span, furniture, by_line) in whole {
        if by_line {
            parts.extend(span.of(text.text).lines().map(|line| (line, furniture)));
        } else {
            parts.push((span.of(text.text), furniture));
        }
    }
    parts
}
