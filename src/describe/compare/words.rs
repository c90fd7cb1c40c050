//! Words and punctuation marks as they are compared: by what they say, however they are set.

use std::hash::{DefaultHasher, Hash, Hasher};

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::model::text::is_steering;

/// A word, or a mark between words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word<'a> {
    /// As printed.
    pub printed: &'a str,
    /// Equal for all settings of the same word.
    pub id: u64,
    /// White space stands before it. True at the start of a text.
    pub spaced: bool,
    /// It has a letter or a digit.
    pub counts: bool,
}

impl Word<'_> {
    /// Whether two settings of a word are one, as far as a reader sees.
    pub fn is_set_as(&self, other: &Self) -> bool {
        self.printed == other.printed && self.spaced == other.spaced
    }
}

/// The words and marks of a text. A mark is a word of its own, so that a space before it or none makes no other word; apostrophes and
/// hyphens inside a word belong to it, and points and commas inside a number.
pub(super) fn words(text: &str) -> Vec<Word<'_>> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let at = |place: usize| chars.get(place).map(|(_, c)| *c);
    let offset = |place: usize| chars.get(place).map_or(text.len(), |(offset, _)| *offset);
    let mut words = Vec::with_capacity(chars.len() / 5);
    let mut spaced = true;
    let mut start = 0;
    while let Some(c) = at(start) {
        if c.is_whitespace() || is_invisible(c) {
            spaced |= c.is_whitespace();
            start += 1;
            continue;
        }
        let counts = is_letter(c);
        let same: fn(char) -> bool = match c {
            '.' => |c| c == '.',
            c if is_dash(c) => is_dash,
            _ => |_| false,
        };
        let mut end = start + 1;
        while let Some(next) = at(end) {
            let part = is_invisible(next) || is_combining_mark(next);
            let like = if counts { is_letter(next) || joins(at(end - 1), next, at(end + 1)) } else { same(next) };
            if !part && !like {
                break;
            }
            end += 1;
        }
        if let Some(printed) = text.get(offset(start)..offset(end)) {
            words.push(Word { printed, id: id(printed, counts), spaced, counts });
        }
        spaced = false;
        start = end;
    }
    words
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// Whether a mark holds the two sides of one word together.
fn joins(before: Option<char>, mark: char, after: Option<char>) -> bool {
    let (Some(before), Some(after)) = (before, after) else { return false };
    match mark {
        '.' | ',' | ':' => before.is_numeric() && after.is_numeric(),
        // The longer dashes part words even without a space.
        '—' | '―' => false,
        mark => (is_dash(mark) || is_apostrophe(mark)) && is_letter(after) && !is_dash(before),
    }
}

const fn is_dash(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−')
}

const fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '‛' | '′' | '`' | '´')
}

const fn is_quotation_mark(c: char) -> bool {
    is_apostrophe(c) || matches!(c, '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '‹' | '›' | '‚' | '″')
}

const fn is_bullet(c: char) -> bool {
    matches!(c, '•' | '·' | '▪' | '◦' | '‣' | '●' | '■')
}

/// Characters that show nothing: soft hyphens, joiners, marks of direction, selectors of a glyph.
fn is_invisible(c: char) -> bool {
    is_steering(c) || matches!(c, '\u{ad}' | '\u{34f}' | '\u{180e}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{fe00}'..='\u{fe0f}')
}

/// A hash of what a word says. The same in every run and on both sides of a comparison; never stored.
fn id(printed: &str, counts: bool) -> u64 {
    let mut hasher = DefaultHasher::new();
    if counts && printed.is_ascii() {
        printed.hash(&mut hasher);
        return hasher.finish();
    }
    let plain = |c: char| match c {
        c if counts && is_apostrophe(c) => '\'',
        c if is_quotation_mark(c) => '"',
        c if is_dash(c) => '-',
        c if is_bullet(c) => '•',
        c => c,
    };
    let mut said: String = printed.chars().filter(|c| !is_invisible(*c)).map(plain).nfkc().collect();
    // `--` is what a typewriter has for a dash.
    if !counts && said.starts_with('-') {
        said.truncate(1);
    }
    said.hash(&mut hasher);
    hasher.finish()
}
