//! Live page: a preamble, then entries of `Title / blank / June 24, 16.30 / blank / body`, newest first.
//!
//! Captions and sub-headings look like titles but have no date line, so they stay with the entry above; entries that
//! share a minute keep the order of the page.

use super::assemble::RawRelease;
use super::marks::{self, Mark};
use super::stamp;
use crate::model::{Span, Stamp};

/// A page without blank lines is a live page only if its first date line comes this early: title, date and at most three lines
/// of preamble. Further down, a date with a clock time belongs to a text.
const COMPACT_HEAD: usize = 4;

/// The entries of a live page, in document order; none where the document is no live page.
pub(super) fn read(content: &str, from: usize) -> Vec<RawRelease> {
    let candidates = marks::find(content, from, stamp::read);
    let compact = !candidates.iter().any(Mark::stands_alone) && candidates.first().is_some_and(|mark| mark.above <= COMPACT_HEAD);
    let accepted = marks::accept(candidates, |mark| compact || mark.stands_alone());
    accepted.into_iter().map(|mark| entry(mark.title, mark.line, mark.value)).collect()
}

fn entry(title: Span, line: Span, stamp: Stamp) -> RawRelease {
    RawRelease { title, source: None, stamp: Some(Stamp { span: line, ..stamp }) }
}
