//! Tables: which of them hold data, and their cells.

use scraper::{ElementRef, Node};

/// The longest mean length of a cell of data, in characters; where cells are longer the table only places texts on the page.
const MAX_MEAN: usize = 240;
/// The longest cell of data, in bytes.
const MAX_CELL: usize = 2_000;
/// So many columns or rows a cell can span.
const MAX_SPAN: usize = 50;
/// A table smaller than this, with no named columns, above the first paragraph, is the box that old pages print number and date in.
const BOX_CELLS: usize = 8;

/// A row and whether its cells name the columns.
pub(super) struct Row {
    pub header: bool,
    pub cells: Vec<String>,
}

/// The rows of a table of data; nothing where the table only places things.
pub(super) fn rows(table: ElementRef<'_>, opens: bool) -> Option<Vec<Row>> {
    let mut rows = Vec::new();
    // How many rows more a cell above reaches into each column.
    let mut reach: Vec<usize> = Vec::new();
    let (mut cells, mut length, mut paragraphs, mut named) = (0usize, 0usize, 0usize, false);
    for element in table.descendent_elements().skip(1) {
        match element.value().name() {
            "table" | "h1" | "h2" | "h3" | "h4" | "hr" | "ul" | "ol" | "dl" | "blockquote" | "article" | "main" => return None,
            "p" => paragraphs += 1,
            "tr" => {
                let row = row(element, &mut reach);
                named |= row.header;
                cells += row.cells.iter().filter(|cell| !cell.is_empty()).count();
                length += row.cells.iter().map(|cell| cell.chars().count()).sum::<usize>();
                if row.cells.iter().any(|cell| cell.len() > MAX_CELL) {
                    return None;
                }
                if row.cells.iter().any(|cell| !cell.is_empty()) {
                    rows.push(row);
                }
            }
            _ => {}
        }
    }
    let columns = rows.iter().filter(|row| row.cells.len() > 1).count();
    let small = opens && !named && cells < BOX_CELLS;
    (rows.len() > 1 && columns * 2 > rows.len() && cells > 0 && length <= cells * MAX_MEAN && paragraphs <= cells && !small).then_some(rows)
}

fn row(element: ElementRef<'_>, reach: &mut Vec<usize>) -> Row {
    let mut row = Row { header: true, cells: Vec::new() };
    let mut any = false;
    let covered = |row: &mut Row, reach: &mut Vec<usize>| {
        while let Some(left) = reach.get_mut(row.cells.len()).filter(|left| **left > 0) {
            *left -= 1;
            row.cells.push(String::new());
        }
    };
    for cell in element.child_elements().filter(|cell| matches!(cell.value().name(), "td" | "th")) {
        covered(&mut row, reach);
        any = true;
        row.header &= cell.value().name() == "th";
        let span = |name: &str| cell.value().attr(name).and_then(|value| value.trim().parse().ok()).unwrap_or(1usize).clamp(1, MAX_SPAN);
        let (width, height) = (span("colspan"), span("rowspan"));
        for column in 0..width {
            let place = row.cells.len();
            if reach.len() <= place {
                reach.resize(place + 1, 0);
            }
            reach[place] = height - 1;
            row.cells.push(if column == 0 { words(cell) } else { String::new() });
        }
    }
    covered(&mut row, reach);
    row.header &= any;
    row
}

/// The words of a cell on one line.
fn words(cell: ElementRef<'_>) -> String {
    let mut words = String::new();
    for node in cell.descendants() {
        match node.value() {
            Node::Text(text) => words.push_str(text),
            Node::Element(element) if matches!(element.name(), "br" | "p" | "div" | "li") => words.push(' '),
            _ => {}
        }
    }
    // A tab parts cells, so none stands in one.
    crate::model::release::fold_spaces(&words)
}
