//! What a single line, or a paragraph, shows by itself.

use crate::import::lines::Line;
use crate::model::Span;

/// The longest heading, in characters and in words.
const MAX_HEADING: usize = 100;
const MAX_HEADING_WORDS: usize = 14;

/// Columns that a tab stands for.
const TAB: u16 = 4;

/// A line of a body with what the rules ask about it.
#[derive(Clone, Copy, Debug)]
pub(super) struct BodyLine {
    /// Without white space at either end.
    pub span: Span,
    /// Columns of white space before it.
    pub indent: u16,
    /// A blank line stands above.
    pub parted: bool,
    /// Length, in characters.
    pub chars: usize,
    /// Length of the first word, in characters.
    pub first_word: usize,
    /// Ends in final punctuation, closing quotation marks and brackets aside.
    pub ends_sentence: bool,
    /// Ends in a comma or a semicolon.
    pub ends_clause: bool,
    /// Ends in a colon: something is to follow.
    pub introduces: bool,
    /// The first letter is a small one.
    pub starts_lower: bool,
}

impl BodyLine {
    pub fn new(text: &str, line: Line) -> Self {
        let words = line.span.of(text);
        let last = words.trim_end_matches(closes).chars().next_back();
        Self {
            span: line.span,
            indent: indent(text, line.span.start),
            parted: line.parted,
            chars: words.chars().count(),
            first_word: words.chars().take_while(|c| !c.is_whitespace()).count(),
            ends_sentence: last.is_some_and(|c| matches!(c, '.' | '!' | '?' | '…' | ':' | ';' | ',')),
            ends_clause: words.ends_with([',', ';']),
            introduces: words.ends_with(':'),
            starts_lower: words.chars().find(|c| c.is_alphanumeric()).is_some_and(char::is_lowercase),
        }
    }

    /// Short, without final punctuation, begun with a capital or a digit, and made of words rather than of an address, a remark in
    /// brackets or a whole quotation.
    pub fn reads_as_heading(&self, text: &str) -> bool {
        let words = self.span.of(text);
        self.chars <= MAX_HEADING
            && !self.ends_sentence
            && !self.starts_lower
            && words.chars().any(char::is_alphabetic)
            && words.split_whitespace().count() <= MAX_HEADING_WORDS
            && !words.contains(['@', '\u{fffc}'])
            && !words.contains("://")
            && !words.starts_with(['(', '['])
            && !words.starts_with(['–', '—', '-', '*', '•'])
            && !(is_quotation(words) && words.split_whitespace().count() > 4)
    }
}

/// Marks that may stand after a sentence's own punctuation.
fn closes(c: char) -> bool {
    c.is_whitespace() || matches!(c, '”' | '“' | '"' | '’' | '\'' | '»' | '›' | ')' | ']')
}

/// Columns of white space between the line break and `at`.
fn indent(text: &str, at: usize) -> u16 {
    let before = text.get(..at).unwrap_or("");
    let margin = before.chars().rev().take_while(|c| c.is_whitespace() && !matches!(c, '\n' | '\r'));
    margin.fold(0, |columns, c| columns.saturating_add(if c == '\t' { TAB } else { 1 }))
}

/// Whether the words are one quotation from the first mark to the last: “…”, "…" or « … ».
pub(super) fn is_quotation(words: &str) -> bool {
    let words = words.trim_end_matches(['.', ',', ';']);
    let mut marks = words.chars();
    let (Some(first), Some(last)) = (marks.next(), marks.next_back()) else { return false };
    let inside = marks.as_str();
    match (first, last) {
        ('“', '”') => one_pair(inside, '“', '”'),
        ('«', '»') => one_pair(inside, '«', '»'),
        ('"', '"') => !inside.is_empty() && !inside.contains('"'),
        _ => false,
    }
}

/// Whether no mark inside closes the quotation that stands around it.
fn one_pair(inside: &str, open: char, close: char) -> bool {
    let mut depth = 0i64;
    for c in inside.chars() {
        depth += i64::from(c == open) - i64::from(c == close);
        if depth < 0 {
            return false;
        }
    }
    !inside.trim().is_empty()
}

/// Whether all letters are capitals, and there are at least four.
pub(super) fn is_capitals(words: &str) -> bool {
    words.chars().filter(|c| c.is_alphabetic()).take(4).count() == 4 && !words.chars().any(char::is_lowercase)
}

/// Whether a heading begins with a number of several parts: `1.1 Aim`.
pub(super) fn is_subnumbered(words: &str) -> bool {
    let number = words.split_whitespace().next().unwrap_or("").trim_end_matches(['.', ')']);
    number.split('.').count() > 1 && number.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}
