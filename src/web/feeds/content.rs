//! The words of a release as XHTML that is HTML too: what a feed holds whole.
//!
//! Elements only, words escaped, no attribute but languages, directions and anchors: nothing that a reader of feeds would have to take out.

use crate::model::release::fold_spaces;
use crate::model::{Block, BlockKind, ListItem, Release, Span, TableRow};
use crate::web::xml::Xml;

/// Writes the passages, each with an anchor that is its own among all releases: `r01abcdef-p3`.
pub fn passages(xml: &mut Xml, release: &Release) {
    let writer = Writer { text: &release.text };
    for (block, number) in release.blocks.iter().zip(1..) {
        writer.block(xml, block, &format!("r{}-p{number}", release.item.id));
    }
    if release.blocks.is_empty() {
        xml.words("p", &[("lang", "en"), ("xml:lang", "en")], "This release has a title and no text.");
    }
}

struct Writer<'a> {
    text: &'a str,
}

impl Writer<'_> {
    fn block(&self, xml: &mut Xml, block: &Block, anchor: &str) {
        let attributes = [("id", anchor), ("dir", "auto")];
        let words = self.words(block.span);
        match block.kind {
            BlockKind::Heading => {
                let name = match block.level {
                    0..=2 => "h2",
                    3 => "h3",
                    4 => "h4",
                    5 => "h5",
                    _ => "h6",
                };
                xml.words(name, &attributes, &words);
            }
            BlockKind::List => self.list(xml, &block.items, Some(anchor)),
            BlockKind::Table => xml.element("table", &[("id", anchor)], |xml| block.rows.iter().for_each(|row| self.row(xml, row))),
            BlockKind::Quotation => xml.element("blockquote", &[("id", anchor)], |xml| xml.words("p", &[("dir", "auto")], &words)),
            BlockKind::Paragraph | BlockKind::Caption | BlockKind::Contact => xml.words("p", &attributes, &words),
        }
    }

    /// Where the printed marks count 1, 2, 3, the list is one that a reader counts itself; all other marks that say something stand before the words,
    /// since a reader that drops attributes would count them wrongly.
    fn list(&self, xml: &mut Xml, items: &[ListItem], anchor: Option<&str>) {
        let counted = items.iter().zip(1..).all(|(item, place)| number(item.marker.of(self.text)) == Some(place));
        let attributes: Vec<(&str, &str)> = anchor.map(|anchor| ("id", anchor)).into_iter().collect();
        let name = if counted { "ol" } else { "ul" };
        xml.element(name, &attributes, |xml| {
            for item in items {
                let mark = if counted { "" } else { spoken(item.marker.of(self.text)) };
                xml.element("li", &[], |xml| self.item(xml, item, mark));
            }
        });
    }

    fn item(&self, xml: &mut Xml, item: &ListItem, mark: &str) {
        for (place, line) in item.lines.iter().enumerate() {
            let mark = if place == 0 && !mark.is_empty() { format!("{mark} ") } else { String::new() };
            xml.words("p", &[("dir", "auto")], &format!("{mark}{}", self.words(*line)));
        }
        if !item.children.is_empty() {
            self.list(xml, &item.children, None);
        }
    }

    fn row(&self, xml: &mut Xml, row: &TableRow) {
        xml.element("tr", &[], |xml| {
            for cell in &row.cells {
                let (name, attributes) =
                    if row.header { ("th", &[("scope", "col"), ("dir", "auto")][..]) } else { ("td", &[("dir", "auto")][..]) };
                xml.words(name, attributes, &self.words(*cell));
            }
        });
    }

    fn words(&self, span: Span) -> String {
        fold_spaces(span.of(self.text))
    }
}

/// The number of `3.`, `3)` or `(3)`; `None` for any other mark.
fn number(marker: &str) -> Option<usize> {
    let digits = marker.trim().trim_start_matches('(').trim_end_matches(['.', ')']);
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

/// A mark that says something (`a)`, `iv.`); empty for bullets and dashes, which a reader draws itself.
fn spoken(marker: &str) -> &str {
    let marker = marker.trim();
    if marker.contains(char::is_alphanumeric) { marker } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str, words: &str) -> Span {
        let start = text.find(words).expect("the words");
        Span::new(start, start + words.len())
    }

    #[test]
    fn blocks_become_elements() {
        let text = "1. One\ntwo\na) Inner\n• Point\nX\tY\n1\t<2>\n\"So & so\"";
        let item = |marker: &str, lines: &[&str], children| ListItem {
            marker: span(text, marker),
            lines: lines.iter().map(|line| span(text, line)).collect(),
            children,
        };
        let writer = Writer { text };
        let list = Block {
            items: vec![item("1.", &["One", "two"], vec![item("a)", &["Inner"], vec![]), item("•", &["Point"], vec![])])],
            ..Block::new(BlockKind::List, span(text, "1. One"))
        };
        let rows = vec![
            TableRow { header: true, cells: vec![span(text, "X"), span(text, "Y")] },
            TableRow { header: false, cells: vec![span(text, "1"), span(text, "<2>")] },
        ];
        let table = Block { rows, ..Block::new(BlockKind::Table, span(text, "X\tY")) };
        for (block, expected) in [
            (
                list,
                "<ol id=\"a\"><li><p dir=\"auto\">One</p><p dir=\"auto\">two</p><ul><li><p dir=\"auto\">a) Inner</p></li>\
                 <li><p dir=\"auto\">Point</p></li></ul></li></ol>",
            ),
            (
                table,
                "<table id=\"a\"><tr><th scope=\"col\" dir=\"auto\">X</th><th scope=\"col\" dir=\"auto\">Y</th></tr>\
                 <tr><td dir=\"auto\">1</td><td dir=\"auto\">&lt;2&gt;</td></tr></table>",
            ),
            (
                Block::new(BlockKind::Quotation, span(text, "\"So & so\"")),
                "<blockquote id=\"a\"><p dir=\"auto\">\"So &amp; so\"</p></blockquote>",
            ),
            (Block { level: 9, ..Block::new(BlockKind::Heading, span(text, "X\tY")) }, "<h6 id=\"a\" dir=\"auto\">X Y</h6>"),
        ] {
            let mut xml = Xml::fragment();
            writer.block(&mut xml, &block, "a");
            assert_eq!(xml.finish(), expected);
        }
    }

    #[test]
    fn marks_are_told_apart() {
        for (marker, expected) in
            [("1.", Some(1)), (" (12) ", Some(12)), ("3)", Some(3)), ("a)", None), ("•", None), ("1.2.", None), ("", None)]
        {
            assert_eq!(number(marker), expected, "{marker}");
        }
        assert_eq!([spoken("iv."), spoken(" – "), spoken("•")], ["iv.", "", ""]);
    }
}
