//! The non-blank lines of a text. Lines end in LF, CRLF or a lone CR; a line that holds only white space of any kind
//! (no-break spaces included) is blank.

use crate::model::Span;

/// A line with something on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// The line without white space at either end.
    pub span: Span,
    /// Where the line starts, its indentation included.
    pub start: usize,
    /// Whether a blank line, or the start of the text, stands directly above.
    pub parted: bool,
}

/// Walks the non-blank lines of `text` within a range, one pass, without a table.
pub(super) struct Lines<'a> {
    text: &'a str,
    at: usize,
    end: usize,
    parted: bool,
}

impl<'a> Lines<'a> {
    /// `range` must lie on character boundaries of `text`; otherwise there are no lines.
    pub fn new(text: &'a str, range: Span) -> Self {
        let fits = text.get(range.start..range.end).is_some();
        Self { text, at: range.start, end: if fits { range.end } else { range.start }, parted: true }
    }
}

impl Iterator for Lines<'_> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        while self.at < self.end {
            let start = self.at;
            let rest = self.text.as_bytes().get(start..self.end)?;
            let length = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
            let ending = match rest.get(length..length + 2) {
                Some(b"\r\n") => 2,
                _ => 1,
            };
            self.at = (start + length + ending).min(self.end);
            let span = trimmed(self.text, Span::new(start, start + length));
            if span.is_empty() {
                self.parted = true;
                continue;
            }
            let parted = std::mem::replace(&mut self.parted, false);
            return Some(Line { span, start, parted });
        }
        None
    }
}

/// The range without white space at either end; empty, at its start, where there is nothing else.
pub(super) fn trimmed(text: &str, span: Span) -> Span {
    let words = span.of(text);
    let start = span.start + (words.len() - words.trim_start().len());
    let end = start + words.trim().len();
    if start >= end { Span::new(span.start, span.start) } else { Span::new(start, end) }
}

/// The number of the line on which `offset` lies, counted from 1.
pub(super) fn line_number(bytes: &[u8], offset: usize) -> u64 {
    let before = bytes.get(..offset).unwrap_or(bytes);
    let breaks = before.iter().enumerate().filter(|(at, byte)| match byte {
        b'\n' => true,
        b'\r' => before.get(at + 1) != Some(&b'\n'),
        _ => false,
    });
    breaks.count() as u64 + 1
}
