//! Lines that mark a release: a title directly above (blank lines apart), and then the source line or the date line.

use super::lines::{Line, Lines};
use crate::model::Span;

/// The longest title, in characters: NATO's own longest run to about 250. A longer line above a mark is a paragraph.
pub(super) const MAX_TITLE: usize = 500;

/// A line that may mark a release, with what stands around it.
#[derive(Debug)]
pub(super) struct Mark<T> {
    /// The last non-blank line above.
    pub title: Span,
    /// The title is the first line of the document.
    pub opens: bool,
    /// How many lines stand above the mark, its title included.
    pub above: usize,
    /// A blank line, or nothing, stands above the title.
    pub title_parted: bool,
    /// A blank line stands between title and mark.
    pub parted_above: bool,
    /// A blank line, or nothing, stands below the mark.
    pub parted_below: bool,
    pub line: Span,
    pub value: T,
}

impl<T> Mark<T> {
    /// Alone between blank lines, as every form prints it.
    pub fn stands_alone(&self) -> bool {
        self.parted_above && self.parted_below
    }
}

/// Every line after `from` that `read` understands and that has a line above it to be its title.
pub(super) fn find<T>(content: &str, from: usize, read: impl Fn(&str) -> Option<T>) -> Vec<Mark<T>> {
    let mut marks: Vec<Mark<T>> = Vec::new();
    let mut previous: Option<Line> = None;
    for (above, line) in Lines::new(content, Span::new(from, content.len())).enumerate() {
        if let (Some(last), Some(previous)) = (marks.last_mut(), previous)
            && last.line == previous.span
        {
            last.parted_below = line.parted;
        }
        if let (Some(title), Some(value)) = (previous, read(line.span.of(content)))
            && title.span.of(content).chars().nth(MAX_TITLE).is_none()
        {
            let (opens, title_parted) = (above == 1, title.parted);
            let (title, line, parted_above) = (title.span, line.span, line.parted);
            marks.push(Mark { title, opens, above, title_parted, parted_above, parted_below: true, line, value });
        }
        previous = Some(line);
    }
    marks
}

/// Keeps the marks that `wanted` accepts and whose title is not itself the mark accepted before.
pub(super) fn accept<T>(marks: Vec<Mark<T>>, wanted: impl Fn(&Mark<T>) -> bool) -> Vec<Mark<T>> {
    let mut accepted: Vec<Mark<T>> = Vec::new();
    for mark in marks {
        let title_is_mark = accepted.last().is_some_and(|last| last.line == mark.title);
        if !title_is_mark && wanted(&mark) {
            accepted.push(mark);
        }
    }
    accepted
}
