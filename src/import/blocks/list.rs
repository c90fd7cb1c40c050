//! Lists: which lines are items, which go on an item, and which item stands under which.

use super::line::BodyLine;
use super::marker::{self, Kind, Marker};
use crate::model::{Block, BlockKind, ListItem, Span};

/// How many lines ahead a second item is looked for: the items of press texts have few lines.
const LOOK_AHEAD: usize = 16;
/// How deep lists nest at most; what is deeper stays on the last level.
const MAX_DEPTH: usize = 6;

/// Kind and number of a list's last item of the first level.
pub(super) type Ordinal = (Kind, u32);

/// A list that was read.
pub(super) struct Found {
    pub block: Block,
    /// The line after the list.
    pub next: usize,
    pub last: Option<Ordinal>,
}

/// Reads the list that begins at line `at`, if one does. `last` is where the list before left off.
pub(super) fn read(text: &str, lines: &[BodyLine], at: usize, last: Option<Ordinal>) -> Option<Found> {
    let line = lines.get(at)?;
    let marker = marker::read(text, line.span)?;
    if !begins(text, lines, at, &marker, last) {
        return None;
    }
    let mut list = Reader::new(text, lines, line, &marker);
    let mut next = at + 1;
    while next < lines.len() && list.takes(next) {
        next += 1;
    }
    let end = lines.get(next - 1)?.span.end;
    let last = list.levels.first().map(|level| (level.kind, level.number));
    let items = nested(&mut list.items.into_iter().peekable(), 0);
    Some(Found { block: Block { items, ..Block::new(BlockKind::List, Span::new(line.span.start, end)) }, next, last })
}

/// Whether [`read`] would find a list at line `at`.
pub(super) fn starts(text: &str, lines: &[BodyLine], at: usize, last: Option<Ordinal>) -> bool {
    let marker = lines.get(at).and_then(|line| marker::read(text, line.span));
    marker.is_some_and(|marker| begins(text, lines, at, &marker, last))
}

/// Whether the mark begins a list. A bullet always does; the others need a second item, or a line above that introduces
/// them: `1.` alone is a numbered heading, a dash alone a sentence.
fn begins(text: &str, lines: &[BodyLine], at: usize, marker: &Marker, last: Option<Ordinal>) -> bool {
    let introduced = at > 0 && lines.get(at - 1).is_some_and(|above| above.introduces);
    if marker.is_bullet() || (introduced && marker.number <= 1) {
        return true;
    }
    if marker.is_ordered() && last.is_some_and(|(kind, number)| marker.follows(kind, number).is_some()) {
        return true;
    }
    let Some(line) = lines.get(at) else { return false };
    for ahead in lines.iter().skip(at + 1).take(LOOK_AHEAD) {
        let same = marker::read(text, ahead.span).and_then(|next| next.follows(marker.kind, marker.number));
        match (same, ahead.parted) {
            (Some(_), false) => return true,
            (Some(_), true) => return marker.is_ordered(),
            (None, true) if ahead.indent <= line.indent => return false,
            (None, _) => {}
        }
    }
    false
}

/// An item before its place in the tree is settled.
struct Flat {
    depth: usize,
    marker: Span,
    lines: Vec<Span>,
}

/// A list that is open at some depth.
struct Level {
    indent: u16,
    kind: Kind,
    number: u32,
}

struct Reader<'a> {
    text: &'a str,
    lines: &'a [BodyLine],
    items: Vec<Flat>,
    levels: Vec<Level>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, lines: &'a [BodyLine], first: &BodyLine, marker: &Marker) -> Self {
        let mut reader = Self { text, lines, items: Vec::new(), levels: Vec::new() };
        reader.levels.push(Level { indent: first.indent, kind: marker.kind, number: marker.number });
        reader.push(marker);
        reader
    }

    fn push(&mut self, marker: &Marker) {
        let lines = if marker.rest.is_empty() { Vec::new() } else { vec![marker.rest] };
        self.items.push(Flat { depth: self.levels.len() - 1, marker: marker.span, lines });
    }

    /// Takes line `at` into the list, as an item or as part of one; false where the list is over.
    fn takes(&mut self, at: usize) -> bool {
        let Some(line) = self.lines.get(at) else { return false };
        if let Some(marker) = marker::read(self.text, line.span)
            && self.place(line, &marker, at)
        {
            self.push(&marker);
            return true;
        }
        let goes_on = self.goes_on(at, line);
        if goes_on && let Some(item) = self.items.last_mut() {
            item.lines.push(line.span);
        }
        goes_on
    }

    /// Settles the depth of an item; false where the mark is none of this list.
    fn place(&mut self, line: &BodyLine, marker: &Marker, at: usize) -> bool {
        let sibling = |level: &Level| marker.follows(level.kind, level.number).filter(|_| alike(level.indent, line.indent));
        if let Some((depth, number)) = self.levels.iter().enumerate().rev().find_map(|(depth, level)| Some((depth, sibling(level)?))) {
            self.levels.truncate(depth + 1);
            self.levels[depth].number = number;
            return true;
        }
        let open = self.levels.iter().rposition(|level| level.indent <= line.indent);
        let Some(depth) = open else { return self.outdented(marker) };
        let deeper = self.levels.get(depth).is_some_and(|level| line.indent > level.indent && line.indent - level.indent > 1);
        let other_kind = self.levels.iter().all(|level| level.kind != marker.kind);
        let credible = if line.parted { deeper } else { deeper || other_kind };
        let starts = marker.is_bullet() || marker.number == 1 || (marker.number == 0 && !line.parted) || self.introduced(at);
        if !credible || !starts {
            return false;
        }
        self.levels.truncate((depth + 1).min(MAX_DEPTH - 1));
        self.levels.push(Level { indent: line.indent, kind: marker.kind, number: marker.number });
        true
    }

    /// An item further left than the whole list goes on its first level if its mark does.
    fn outdented(&mut self, marker: &Marker) -> bool {
        let Some(number) = self.levels.first().and_then(|level| marker.follows(level.kind, level.number)) else { return false };
        self.levels.truncate(1);
        self.levels[0].number = number;
        true
    }

    fn introduced(&self, at: usize) -> bool {
        at > 0 && self.lines.get(at - 1).is_some_and(|above| above.introduces)
    }

    /// Whether a line without a mark of its own goes on the item above: it is indented below it, or the item's sentence or
    /// the list plainly goes on.
    fn goes_on(&self, at: usize, line: &BodyLine) -> bool {
        let Some(root) = self.levels.first() else { return false };
        if line.indent > root.indent + 1 {
            return true;
        }
        if line.parted {
            return false;
        }
        let above = at.checked_sub(1).and_then(|above| self.lines.get(above));
        above.is_some_and(|above| !above.ends_sentence && line.starts_lower) || self.goes_on_below(at)
    }

    /// Whether a sibling of an open item follows before the next blank line.
    fn goes_on_below(&self, at: usize) -> bool {
        let ahead = self.lines.iter().skip(at + 1).take(LOOK_AHEAD).take_while(|line| !line.parted);
        let mut markers = ahead.filter_map(|line| marker::read(self.text, line.span));
        markers.any(|marker| self.levels.iter().any(|level| marker.follows(level.kind, level.number).is_some()))
    }
}

/// Indentation is set by hand: a column more or less is no other level.
fn alike(one: u16, other: u16) -> bool {
    one.abs_diff(other) <= 1
}

/// Makes the tree: an item's children are the deeper items that follow it.
fn nested(items: &mut std::iter::Peekable<std::vec::IntoIter<Flat>>, depth: usize) -> Vec<ListItem> {
    let mut out: Vec<ListItem> = Vec::new();
    while let Some(item) = items.next_if(|item| item.depth >= depth) {
        let children = if depth + 1 < MAX_DEPTH { nested(items, depth + 1) } else { Vec::new() };
        out.push(ListItem { marker: item.marker, lines: item.lines, children });
    }
    out
}
