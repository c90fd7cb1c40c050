//! Reads the content of a page into pieces, in the order of reading.

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use scraper::node::Element;
use scraper::{ElementRef, Node};

use super::classes;
use super::measure::Measures;
use super::table::{self, Row};

/// A part of a text, without white space at either end.
pub(super) enum Piece {
    /// One paragraph; a line break in it was set on purpose.
    Paragraph(String),
    Quotation(String),
    Caption(String),
    Heading(u8, String),
    List(Vec<Item>),
    Table(Vec<Row>),
}

/// An item of a list, at its depth.
pub(super) struct Item {
    pub depth: usize,
    pub marker: String,
    pub lines: Vec<String>,
}

/// Elements that begin and end a paragraph.
#[rustfmt::skip]
const BLOCKS: &[&str] = &[
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "legend", "li", "main", "menu", "nav", "ol", "p", "pre",
    "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "caption",
];

/// How deep lists nest at most, as in texts.
const MAX_LIST: usize = 6;
/// A paragraph from so many characters on is the text itself, and what stands above it its head.
const LONG: usize = 80;

/// The pieces of `content`. `stated` says that the page itself named it.
pub(super) fn pieces(measures: &Measures<'_>, content: ElementRef<'_>, stated: bool) -> Vec<Piece> {
    let whole = measures.words(content);
    let mut walk = Walk { opens: true, ..Walk::default() };
    let mut skip: Option<NodeId> = None;
    for edge in content.traverse() {
        match edge {
            Edge::Open(node) if skip.is_none() => match node.value() {
                Node::Text(text) => walk.words(text),
                Node::Element(element) => {
                    let Some(reference) = ElementRef::wrap(node) else { continue };
                    let furniture = node.id() != content.id() && measures.is_furniture(reference, whole, stated);
                    if furniture || walk.table(reference) {
                        skip = Some(node.id());
                        walk.flush();
                    } else {
                        walk.open(element);
                    }
                }
                _ => {}
            },
            Edge::Close(node) => {
                if skip.is_none() {
                    if let Node::Element(element) = node.value() {
                        walk.close(element);
                    }
                } else {
                    skip = skip.filter(|id| *id != node.id());
                }
            }
            Edge::Open(_) => {}
        }
    }
    walk.flush();
    walk.end_lists();
    walk.pieces
}

/// What surrounds the words at hand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Frame {
    Heading(u8),
    Quotation,
    Caption,
    Verbatim,
    /// The term of a list of terms; what it means follows on the same line.
    Term,
}

/// A list that is open.
struct List {
    /// The number of the next item; nothing in lists of bullets.
    next: Option<i64>,
    style: char,
    step: i64,
}

#[derive(Default)]
struct Walk {
    pieces: Vec<Piece>,
    /// Words since the last block began or ended.
    line: String,
    /// Open elements that say what their words are, each with its name.
    frames: Vec<(String, Frame)>,
    lists: Vec<List>,
    items: Vec<Item>,
    /// A term that waits for what it means.
    term: Option<String>,
    /// Only short lines were read so far.
    opens: bool,
}

impl Walk {
    fn words(&mut self, words: &str) {
        if self.frames.iter().any(|(_, frame)| *frame == Frame::Verbatim) {
            self.line
                .extend(words.chars().map(|c| if c == '\r' { '\n' } else { c }).filter(|c| !c.is_control() || matches!(c, '\n' | '\t')));
            return;
        }
        for c in words.chars().filter(|c| !c.is_control() || c.is_ascii_whitespace()) {
            // No-break spaces stay, as in texts.
            let space = c.is_ascii_whitespace();
            if !space {
                self.line.push(c);
            } else if !self.line.ends_with([' ', '\n']) && !self.line.is_empty() {
                self.line.push(' ');
            }
        }
    }

    fn open(&mut self, element: &Element) {
        let name = element.name();
        if name == "br" {
            self.line.truncate(self.line.trim_end_matches(' ').len());
            self.line.push('\n');
            return;
        }
        if !BLOCKS.contains(&name) {
            if name == "q" {
                self.line.push('“');
            }
            return;
        }
        self.flush();
        match name {
            "ul" | "ol" | "menu" | "dir" => self.open_list(element),
            "li" => self.open_item(element),
            _ => {}
        }
        if let Some(frame) = frame(element) {
            self.frames.push((name.to_owned(), frame));
        }
    }

    fn close(&mut self, element: &Element) {
        let name = element.name();
        if !BLOCKS.contains(&name) {
            if name == "q" {
                self.line.push('”');
            }
            return;
        }
        self.flush();
        if matches!(name, "ul" | "ol" | "menu" | "dir") {
            self.lists.pop();
            if self.lists.is_empty() {
                self.end_lists();
            }
        }
        if frame(element).is_some() {
            self.frames.pop();
        }
    }

    fn open_list(&mut self, element: &Element) {
        let number =
            |name: &str| element.attr(name).and_then(|value| value.trim().parse::<i64>().ok()).filter(|n| n.unsigned_abs() < 1_000_000);
        let ordered = element.name() == "ol";
        let next = ordered.then(|| number("start").unwrap_or(1));
        let style = element.attr("type").and_then(|style| style.chars().next()).filter(|style| "aAiI".contains(*style)).unwrap_or('1');
        self.lists.push(List { next, style, step: if element.attr("reversed").is_some() { -1 } else { 1 } });
    }

    fn open_item(&mut self, element: &Element) {
        if self.lists.is_empty() {
            self.lists.push(List { next: None, style: '1', step: 1 });
        }
        let depth = self.lists.len().min(MAX_LIST) - 1;
        let Some(list) = self.lists.last_mut() else { return };
        let marker = match &mut list.next {
            None => "•".to_owned(),
            Some(next) => {
                let value =
                    element.attr("value").and_then(|value| value.trim().parse::<i64>().ok()).filter(|n| n.unsigned_abs() < 1_000_000);
                let number = value.unwrap_or(*next);
                *next = number + list.step;
                marker(number, list.style)
            }
        };
        self.items.push(Item { depth, marker, lines: Vec::new() });
    }

    /// Takes a table of data whole; false where the element is none.
    fn table(&mut self, element: ElementRef<'_>) -> bool {
        if element.value().name() != "table" || !self.lists.is_empty() {
            return false;
        }
        self.flush();
        let Some(rows) = table::rows(element, self.opens) else { return false };
        let caption = element.child_elements().find(|child| child.value().name() == "caption");
        let caption = caption.map(|caption| crate::model::release::fold_spaces(&caption.text().collect::<String>()));
        self.pieces.extend(caption.filter(|words| !words.is_empty()).map(Piece::Caption));
        self.pieces.push(Piece::Table(rows));
        true
    }

    /// Ends the paragraph at hand.
    fn flush(&mut self) {
        let line = std::mem::take(&mut self.line);
        // Two line breaks in a row are how old pages part paragraphs.
        let mut paragraph: Vec<&str> = Vec::new();
        for part in line.split('\n').chain([""]) {
            let part = part.trim();
            if !part.is_empty() {
                paragraph.push(part);
            } else if !paragraph.is_empty() {
                self.paragraph(paragraph.join("\n"));
                paragraph.clear();
            }
        }
    }

    fn paragraph(&mut self, words: String) {
        self.opens &= words.chars().count() < LONG;
        if !self.lists.is_empty() {
            if self.items.is_empty() {
                self.items.push(Item { depth: 0, marker: "•".to_owned(), lines: Vec::new() });
            }
            if let Some(item) = self.items.last_mut() {
                item.lines.extend(words.split('\n').map(str::to_owned));
            }
            return;
        }
        let words = match self.term.take() {
            Some(term) if term.ends_with(':') => format!("{term} {words}"),
            Some(term) => format!("{term}: {words}"),
            None => words,
        };
        let frame = self.frames.iter().rev().map(|(_, frame)| *frame).find(|frame| *frame != Frame::Verbatim);
        self.pieces.push(match frame {
            Some(Frame::Heading(level)) => Piece::Heading(level, words.replace('\n', " ")),
            Some(Frame::Quotation) => Piece::Quotation(words),
            Some(Frame::Caption) => Piece::Caption(words),
            Some(Frame::Term) if words.chars().count() < LONG => {
                self.term = Some(words);
                return;
            }
            _ => Piece::Paragraph(words),
        });
    }

    fn end_lists(&mut self) {
        self.pieces.extend(self.term.take().map(Piece::Paragraph));
        self.lists.clear();
        let mut items = std::mem::take(&mut self.items);
        items.retain(|item| !item.lines.is_empty());
        if !items.is_empty() {
            self.pieces.push(Piece::List(items));
        }
    }
}

fn frame(element: &Element) -> Option<Frame> {
    match element.name() {
        "h1" | "h2" => Some(Frame::Heading(2)),
        "h3" => Some(Frame::Heading(3)),
        "h4" | "h5" | "h6" => Some(Frame::Heading(4)),
        "blockquote" => Some(Frame::Quotation),
        "pre" => Some(Frame::Verbatim),
        "dt" => Some(Frame::Term),
        name if BLOCKS.contains(&name) && classes::is_caption(element) => Some(Frame::Caption),
        _ => None,
    }
}

/// How a list of that style prints the number.
fn marker(number: i64, style: char) -> String {
    let written = match style {
        'a' | 'A' => letters(number),
        'i' | 'I' => roman(number),
        _ => None,
    };
    match written {
        Some(small) if style.is_ascii_uppercase() => format!("{}.", small.to_ascii_uppercase()),
        Some(small) => format!("{small}."),
        None => format!("{number}."),
    }
}

fn letters(number: i64) -> Option<String> {
    let letter = u8::try_from(number - 1).ok().filter(|place| *place < 26)?;
    Some(char::from(b'a' + letter).to_string())
}

fn roman(number: i64) -> Option<String> {
    const SIGNS: [(i64, &str); 9] = [(100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")];
    if !(1..400).contains(&number) {
        return None;
    }
    let mut rest = number;
    let mut out = String::new();
    for (value, sign) in SIGNS {
        while rest >= value {
            out.push_str(sign);
            rest -= value;
        }
    }
    Some(out)
}
