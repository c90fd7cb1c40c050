//! Sets pieces as a text, with the blocks that the mark-up shows. Paragraphs are looked at again as those of a text are, so that contact
//! footers, bold lines that head a part and lists made by hand are told apart there as everywhere.
//!
//! A row of a table is a line, and a tab parts its cells: so it can be taken into a spreadsheet, no sign of the words can be mistaken
//! for a border, and white space is all that stands outside of cells.

use super::walk::{Item, Piece};
use crate::import::blocks_of;
use crate::import::lines::trimmed;
use crate::model::{Block, BlockKind, ListItem, Span, TableRow};

/// A text with its parts.
#[derive(Debug)]
pub(in crate::import) struct Laid {
    pub text: String,
    pub title: Span,
    pub body: Span,
    pub blocks: Vec<Block>,
}

/// The title on the first line, a blank line, and then the pieces, parted by blank lines.
pub(super) fn lay(title: &str, pieces: Vec<Piece>) -> Laid {
    let mut setter = Setter { text: title.to_owned(), blocks: Vec::new(), run: None };
    let title = trimmed(title, Span::new(0, title.len()));
    setter.text.push_str("\n\n");
    let start = setter.text.len();
    for piece in pieces {
        setter.piece(piece);
    }
    setter.end_run();
    let Setter { text, blocks, .. } = setter;
    let body = trimmed(&text, Span::new(start, text.len()));
    Laid { text: text.trim_end().to_owned(), title, body: if body.is_empty() { Span::new(title.end, title.end) } else { body }, blocks }
}

struct Setter {
    text: String,
    blocks: Vec<Block>,
    /// Where plain paragraphs follow each other, from their start to the end of the last.
    run: Option<Span>,
}

impl Setter {
    fn piece(&mut self, piece: Piece) {
        match piece {
            Piece::Paragraph(words) => {
                let span = self.words(&words);
                self.run = Some(Span::new(self.run.map_or(span.start, |run| run.start), span.end));
            }
            Piece::Quotation(words) => self.block(BlockKind::Quotation, 0, &words),
            Piece::Caption(words) => self.block(BlockKind::Caption, 0, &words),
            Piece::Heading(level, words) => self.block(BlockKind::Heading, level, &words),
            Piece::List(items) => self.list(items),
            Piece::Table(rows) => self.table(&rows),
        }
    }

    fn words(&mut self, words: &str) -> Span {
        if !self.text.ends_with("\n\n") {
            self.text.push_str("\n\n");
        }
        self.push(words)
    }

    fn push(&mut self, words: &str) -> Span {
        let start = self.text.len();
        self.text.push_str(words);
        Span::new(start, self.text.len())
    }

    fn block(&mut self, kind: BlockKind, level: u8, words: &str) {
        self.end_run();
        let span = self.words(words);
        self.blocks.push(Block { level, ..Block::new(kind, span) });
    }

    fn end_run(&mut self) {
        if let Some(run) = self.run.take() {
            self.blocks.extend(blocks_of(&self.text, run));
        }
    }

    fn list(&mut self, items: Vec<Item>) {
        self.end_run();
        let mut set = Vec::with_capacity(items.len());
        let start = self.words("").start;
        for (place, item) in items.into_iter().enumerate() {
            if place > 0 {
                self.text.push('\n');
            }
            let indent = "  ".repeat(item.depth);
            self.text.push_str(&indent);
            let marker = self.push(&item.marker);
            let mut lines = Vec::with_capacity(item.lines.len());
            for (line, words) in item.lines.iter().enumerate() {
                if line > 0 {
                    self.text.push('\n');
                    self.text.push_str(&indent);
                    self.text.push_str("  ");
                } else {
                    self.text.push(' ');
                }
                lines.push(self.push(words));
            }
            set.push((item.depth, marker, lines));
        }
        let span = trimmed(&self.text, Span::new(start, self.text.len()));
        let items = nested(&mut set.into_iter().peekable(), 0);
        self.blocks.push(Block { items, ..Block::new(BlockKind::List, span) });
    }

    fn table(&mut self, rows: &[super::table::Row]) {
        self.end_run();
        let start = self.words("").start;
        let mut set = Vec::with_capacity(rows.len());
        for (place, row) in rows.iter().enumerate() {
            if place > 0 {
                self.text.push('\n');
            }
            let mut cells = Vec::with_capacity(row.cells.len());
            for (column, words) in row.cells.iter().enumerate() {
                if column > 0 {
                    self.text.push('\t');
                }
                cells.push(self.push(words));
            }
            set.push(TableRow { header: row.header, cells });
        }
        let span = trimmed(&self.text, Span::new(start, self.text.len()));
        // Empty cells at either end stand where the words begin and end.
        let within = |cell: &mut Span| *cell = Span::new(cell.start.clamp(span.start, span.end), cell.end.clamp(span.start, span.end));
        set.iter_mut().flat_map(|row| row.cells.iter_mut()).for_each(within);
        self.blocks.push(Block { rows: set, ..Block::new(BlockKind::Table, span) });
    }
}

type Set = (usize, Span, Vec<Span>);

/// Makes the tree: an item's children are the deeper items that follow it. Depth is bounded by the walk.
fn nested(items: &mut std::iter::Peekable<std::vec::IntoIter<Set>>, depth: usize) -> Vec<ListItem> {
    let mut out: Vec<ListItem> = Vec::new();
    while let Some((_, marker, lines)) = items.next_if(|(own, ..)| *own >= depth) {
        out.push(ListItem { marker, lines, children: nested(items, depth + 1) });
    }
    out
}
