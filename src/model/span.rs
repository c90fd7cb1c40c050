//! Byte ranges: half-open, in UTF-8 bytes, always on character boundaries of the text they point into.

use serde::{Deserialize, Serialize};

/// A half-open range of UTF-8 byte offsets. Which text it points into is said by the field that holds it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "(usize, usize)", into = "(usize, usize)")]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    pub const fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// The words that the span covers; empty where the span does not fit the text.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or("")
    }

    pub const fn contains(self, offset: usize) -> bool {
        self.start <= offset && offset < self.end
    }

    pub const fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The same range, seen from a text that starts `by` bytes further on.
    pub const fn moved_back(self, by: usize) -> Self {
        Self::new(self.start - by, self.end - by)
    }

    /// The same range, seen from a text that starts `by` bytes earlier.
    pub const fn moved_on(self, by: usize) -> Self {
        Self::new(self.start + by, self.end + by)
    }
}

impl From<(usize, usize)> for Span {
    fn from((start, end): (usize, usize)) -> Self {
        Self { start, end }
    }
}

impl From<Span> for (usize, usize) {
    fn from(span: Span) -> Self {
        (span.start, span.end)
    }
}
