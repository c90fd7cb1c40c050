//! The body of a release as passages: blocks with an anchor each, hits apart.

use askama::Template;

use crate::index::{Highlighter, Part};
use crate::model::{Block, BlockKind, ListItem, Span, TableRow};

/// A passage.
pub struct BlockView {
    /// `p3`: the third passage of the release.
    pub anchor: String,
    pub number: usize,
    pub kind: &'static str,
    pub level: u8,
    pub parts: Vec<Piece>,
    pub items: Vec<ItemView>,
    pub ordered: bool,
    pub rows: Vec<RowView>,
    /// Its own address, with the version that it stands in, and where it is cited.
    pub link: String,
    pub cite: String,
    /// Said beside it where another version was asked for.
    pub note: Option<NoteView>,
}

/// What became of a passage: words, and the way to where it stands now.
pub struct NoteView {
    pub words: String,
    pub link: (String, String),
}

/// A row of a table.
pub struct RowView {
    /// Its cells name the columns.
    pub header: bool,
    pub cells: Vec<Vec<Piece>>,
}

/// An item of a list, with its own printed marker. A template of its own, since lists stand within lists.
#[derive(Template)]
#[template(path = "_list_item.html")]
pub struct ItemView {
    pub marker: String,
    pub lines: Vec<Vec<Piece>>,
    pub children: Vec<ItemView>,
}

// Its template escapes every word itself.
impl askama::filters::HtmlSafe for ItemView {}

/// Words of a passage; a hit has a number to be jumped to by.
pub struct Piece {
    pub text: String,
    pub hit: Option<Hit>,
}

/// A hit among the hits of a text, counted from 1.
pub struct Hit {
    pub number: usize,
    /// How many there are.
    pub of: usize,
}

impl Hit {
    /// The one before; before the first comes the last.
    pub const fn previous(&self) -> usize {
        if self.number == 1 { self.of } else { self.number - 1 }
    }

    /// The one behind; behind the last comes the first.
    pub const fn next(&self) -> usize {
        if self.number == self.of { 1 } else { self.number + 1 }
    }
}

/// The passages of a text and how many hits are in them.
pub fn passages(text: &str, lang: &str, blocks: &[Block], highlighter: &Highlighter) -> (Vec<BlockView>, usize) {
    let mut marker = Marker { text, lang, highlighter, hits: 0 };
    let mut views: Vec<BlockView> = blocks.iter().zip(1..).map(|(block, number)| marker.block(block, number)).collect();
    let hits = marker.hits;
    for view in &mut views {
        close(&mut view.parts, hits);
        view.items.iter_mut().for_each(|item| item.close(hits));
        view.rows.iter_mut().flat_map(|row| &mut row.cells).for_each(|cell| close(cell, hits));
    }
    (views, hits)
}

/// Gives each passage its address and the address where it is cited, by its number.
pub fn addressed(blocks: &mut [BlockView], addresses: impl Fn(usize) -> (String, String)) {
    for block in blocks {
        (block.link, block.cite) = addresses(block.number);
    }
}

/// Each hit knows how many there are.
fn close(pieces: &mut [Piece], hits: usize) {
    pieces.iter_mut().filter_map(|piece| piece.hit.as_mut()).for_each(|hit| hit.of = hits);
}

impl ItemView {
    fn close(&mut self, hits: usize) {
        self.lines.iter_mut().for_each(|line| close(line, hits));
        self.children.iter_mut().for_each(|child| child.close(hits));
    }
}

struct Marker<'a> {
    text: &'a str,
    lang: &'a str,
    highlighter: &'a Highlighter,
    hits: usize,
}

impl Marker<'_> {
    fn block(&mut self, block: &Block, number: usize) -> BlockView {
        let in_parts = matches!(block.kind, BlockKind::List | BlockKind::Table);
        BlockView {
            anchor: format!("p{number}"),
            number,
            kind: block.kind.token(),
            level: block.level.clamp(2, 6),
            parts: if in_parts { Vec::new() } else { self.pieces(block.span) },
            items: block.items.iter().map(|item| self.item(item)).collect(),
            ordered: block.items.first().is_some_and(|item| item.marker.of(self.text).starts_with(|c: char| c.is_ascii_digit())),
            rows: block.rows.iter().map(|row| self.row(row)).collect(),
            link: String::new(),
            cite: String::new(),
            note: None,
        }
    }

    fn row(&mut self, row: &TableRow) -> RowView {
        RowView { header: row.header, cells: row.cells.iter().map(|cell| self.pieces(*cell)).collect() }
    }

    fn item(&mut self, item: &ListItem) -> ItemView {
        ItemView {
            marker: item.marker.of(self.text).trim().to_owned(),
            lines: item.lines.iter().map(|line| self.pieces(*line)).collect(),
            children: item.children.iter().map(|child| self.item(child)).collect(),
        }
    }

    fn pieces(&mut self, span: Span) -> Vec<Piece> {
        let words = span.of(self.text);
        let parts = if self.highlighter.is_empty() {
            vec![Part { text: words.to_owned(), hit: false }]
        } else {
            self.highlighter.parts(words, self.lang)
        };
        parts
            .into_iter()
            .map(|part| {
                let hit = part.hit.then(|| {
                    self.hits += 1;
                    Hit { number: self.hits, of: 0 }
                });
                Piece { text: part.text, hit }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Span;

    #[test]
    fn tables_are_shown_row_by_row() {
        let text = "NATO\t1\n\t2 NATO";
        let row = |cells: Vec<Span>, header| TableRow { header, cells };
        let rows = vec![row(vec![Span::new(0, 4), Span::new(5, 6)], true), row(vec![Span::new(7, 7), Span::new(8, 14)], false)];
        let block = Block { rows, ..Block::new(BlockKind::Table, Span::new(0, 14)) };
        let highlighter = Highlighter::default();
        let mut marker = Marker { text, lang: "en", highlighter: &highlighter, hits: 0 };
        let view = marker.block(&block, 1);
        let cells =
            |row: &RowView| row.cells.iter().map(|cell| cell.iter().map(|piece| piece.text.as_str()).collect()).collect::<Vec<String>>();
        assert!(view.parts.is_empty() && view.rows[0].header && !view.rows[1].header);
        assert_eq!(view.rows.iter().map(cells).collect::<Vec<_>>(), [["NATO", "1"], ["", "2 NATO"]]);
    }
}
