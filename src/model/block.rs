//! The parts of a body as a reader sees them. A block holds no words of its own, only ranges into the text as published,
//! so that what is shown can always be traced to the source's bytes.

use serde::{Deserialize, Serialize};

use super::Span;

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BlockKind {
    Paragraph,
    Heading,
    List,
    /// A paragraph that is one quotation from its first mark to its last.
    Quotation,
    /// The words of a picture or a video, not of the release's author.
    Caption,
    /// Contact details, "follow us", availability of photographs: furniture that earns no topic and no date.
    Contact,
    /// Rows of cells. In the text each row is a line and a tab parts the cells.
    Table,
}

impl BlockKind {
    pub const fn token(self) -> &'static str {
        match self {
            Self::Paragraph => "paragraph",
            Self::Heading => "heading",
            Self::List => "list",
            Self::Quotation => "quotation",
            Self::Caption => "caption",
            Self::Contact => "contact",
            Self::Table => "table",
        }
    }
}

/// One part of a body, in reading order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    pub kind: BlockKind,
    /// Range in the release's text as published. For a list it covers every item.
    pub span: Span,
    /// Heading level below the release's title: 2 and deeper. 0 for what is no heading.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub level: u8,
    /// Items of a list; empty otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<ListItem>,
    /// Rows of a table; empty otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<TableRow>,
}

/// One row of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableRow {
    /// The cells name the columns.
    #[serde(default, skip_serializing_if = "is_false")]
    pub header: bool,
    /// The cells from left to right; an empty cell is an empty range.
    pub cells: Vec<Span>,
}

/// One item of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListItem {
    /// The printed marker (`1.`, `•`, `-`).
    pub marker: Span,
    /// The item's own lines after the marker, without its children; the first is its lead.
    pub lines: Vec<Span>,
    /// Lists nested below this item.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<ListItem>,
}

impl Block {
    pub const fn new(kind: BlockKind, span: Span) -> Self {
        Self { kind, span, level: 0, items: Vec::new(), rows: Vec::new() }
    }

    /// Whether the block is furniture: kept and shown, but no evidence of topic, kind or date.
    pub const fn is_furniture(&self) -> bool {
        matches!(self.kind, BlockKind::Contact)
    }
}

fn is_false(value: &bool) -> bool {
    !value
}

fn is_zero(level: &u8) -> bool {
    *level == 0
}
