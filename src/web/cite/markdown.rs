//! A release as Markdown (CommonMark, with the tables of GitHub's dialect): a YAML head of what a citation needs, then the words.

use super::Reference;
use super::issued::Written;
use super::reference::one_line;
use crate::model::{Block, BlockKind, ListItem, Span, TableRow};

/// The file. `text` is the text that `blocks` point into.
pub fn document(reference: &Reference, text: &str, blocks: &[Block]) -> String {
    let mut file = head(reference);
    file.push_str(&format!("\n# {}\n", escaped(&reference.title)));
    for block in blocks {
        let written = self::block(block, text);
        if !written.trim().is_empty() {
            file.push('\n');
            file.push_str(&written);
            file.push('\n');
        }
    }
    file
}

/// The head: one fact a line. Words are written as JSON writes them, which YAML 1.2 reads.
fn head(reference: &Reference) -> String {
    let issued = reference.issued();
    let cited = reference.version.as_ref().unwrap_or(&reference.current);
    let mut head = String::from("---\n");
    let mut line = |name: &str, words: Option<&str>| {
        if let Some(words) = words {
            head.push_str(&format!("{name}: {}\n", serde_json::Value::from(words)));
        }
    };
    line("title", Some(&reference.title));
    line("publisher", reference.publisher.as_deref());
    line("date", reference.date.edtf.as_deref());
    line("date_in_words", Some(&issued.words(Written::DayFirst)));
    line("kind", Some(reference.kind.token()));
    line("number", reference.number.as_deref());
    line("lang", Some(&reference.lang));
    line("id", Some(reference.id.as_str()));
    line("url", Some(&reference.permalink));
    line("original", reference.original.as_deref());
    line("version", Some(&cited.number.to_string()));
    line("seen_at", Some(&cited.seen_at));
    line("sha256", Some(&cited.sha256));
    line("archive", Some(reference.archive));
    line("accessed", Some(&reference.accessed.to_string()));
    head.push_str("---\n");
    head
}

fn block(block: &Block, text: &str) -> String {
    let words = || escaped(&one_line(block.span.of(text)));
    match block.kind {
        BlockKind::Paragraph | BlockKind::Contact => words(),
        BlockKind::Heading => format!("{} {}", "#".repeat(usize::from(block.level.clamp(2, 6))), words()),
        BlockKind::Quotation => format!("> {}", words()),
        BlockKind::Caption => format!("*{}*", words()),
        BlockKind::List => {
            let mut lines = Vec::new();
            items(&block.items, text, 0, &mut lines);
            lines.join("\n")
        }
        BlockKind::Table => table(&block.rows, text),
    }
}

fn items(list: &[ListItem], text: &str, indent: usize, lines: &mut Vec<String>) {
    for item in list {
        let printed = item.marker.of(text).trim();
        // A number is kept as it is printed; any other marker that says something is kept as words.
        let number =
            printed.strip_suffix(['.', ')']).filter(|digits| (1..=9).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()));
        let marker = if number.is_some() { printed } else { "-" };
        let said =
            if number.is_none() && printed.chars().any(char::is_alphanumeric) { format!("{} ", escaped(printed)) } else { String::new() };
        let words: Vec<String> = item.lines.iter().map(|line| escaped(&one_line(line.of(text)))).collect();
        lines.push(format!("{}{marker} {said}{}", " ".repeat(indent), words.join(" ")));
        items(&item.children, text, indent + marker.len() + 1, lines);
    }
}

/// Rows as wide as the widest; the dialect wants a row of names, which is empty where the table has none.
fn table(rows: &[TableRow], text: &str) -> String {
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let cell = |cell: Option<&Span>| cell.map(|span| escaped(&one_line(span.of(text)))).unwrap_or_default();
    let line = |row: Option<&TableRow>| {
        let cells: Vec<String> = (0..width).map(|index| cell(row.and_then(|row| row.cells.get(index)))).collect();
        format!("| {} |", cells.join(" | "))
    };
    let named = rows.first().filter(|row| row.header);
    let body = if named.is_some() { rows.get(1..).unwrap_or_default() } else { rows };
    let mut lines = vec![line(named), format!("|{}", " --- |".repeat(width))];
    lines.extend(body.iter().map(|row| line(Some(row))));
    lines.join("\n")
}

/// Words in which Markdown and HTML find nothing of theirs (CommonMark 0.31, section 2.4: any ASCII punctuation may stand behind a backslash).
fn escaped(words: &str) -> String {
    let mut escaped = String::with_capacity(words.len() + 8);
    for (at, c) in words.char_indices() {
        let first = at == 0;
        let special = match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '$' => true,
            '#' | '+' | '-' | '=' => first,
            // A number with a stop would begin a list.
            '.' | ')' => (1..=9).contains(&at) && words[..at].bytes().all(|b| b.is_ascii_digit()),
            _ => false,
        };
        if special {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_no_markup() {
        for (words, written) in [
            ("# no heading - here", "\\# no heading - here"),
            ("1. no list", "1\\. no list"),
            ("2025) no list", "2025\\) no list"),
            ("in 1. Division", "in 1. Division"),
            (
                "*a* _b_ `c` [d](e) <f> &amp; g|h ~~i~~ \\j $k$",
                "\\*a\\* \\_b\\_ \\`c\\` \\[d\\](e) \\<f\\> \\&amp; g\\|h \\~\\~i\\~\\~ \\\\j \\$k\\$",
            ),
            ("--- ===", "\\--- ==="),
            ("Київ 東京", "Київ 東京"),
        ] {
            assert_eq!(escaped(words), written);
        }
    }

    #[test]
    fn tables_and_lists_are_written_as_such() {
        let text = "A\tB|\n1\t2";
        let row = |header, cells| TableRow { header, cells };
        let rows = vec![row(true, vec![Span::new(0, 1), Span::new(2, 4)]), row(false, vec![Span::new(5, 6), Span::new(7, 8)])];
        assert_eq!(table(&rows, text), "| A | B\\| |\n| --- | --- |\n| 1 | 2 |");
        assert_eq!(table(&rows[1..], text), "|  |  |\n| --- | --- |\n| 1 | 2 |");
        let text = "3. three • four";
        let item = |marker, lines, children| ListItem { marker, lines, children };
        let list = vec![item(Span::new(0, 2), vec![Span::new(3, 8)], vec![item(Span::new(9, 12), vec![Span::new(13, 17)], Vec::new())])];
        let mut lines = Vec::new();
        items(&list, text, 0, &mut lines);
        assert_eq!(lines, ["3. three", "   - four"]);
    }
}
