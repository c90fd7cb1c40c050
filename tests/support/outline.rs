//! A page's content as an indented outline of elements and words, for snapshots that a person can read.

use std::sync::LazyLock;

use regex::Regex;
use scraper::{ElementRef, Node};

/// Elements that stand within a line of words.
const INLINE: &[&str] = &[
    "a", "b", "i", "mark", "span", "time", "code", "strong", "kbd", "small", "br", "button", "svg", "input", "bdi", "em", "q", "ins", "del",
];

/// The outline of an element.
pub fn outline(element: ElementRef<'_>) -> String {
    let mut lines = Vec::new();
    walk(element, 0, &mut lines);
    lines.join("\n")
}

/// What differs from day to day or from archive to archive, named instead of shown.
pub fn settled(text: &str) -> String {
    CHANGING.iter().fold(text.to_owned(), |text, (pattern, name)| pattern.replace_all(&text, *name).into_owned())
}

static CHANGING: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    [
        (r"\b[0-9a-f]{64}\b", "<sha-256>"),
        (r"SHA-256 [0-9a-f]{16}", "SHA-256 <start>"),
        (r"\b[0-9a-f]{32}\b", "<archive>"),
        (r"\.[0-9a-f]{10}\.(svg|css|js|woff2)", ".<hash>.$1"),
        (r"last loaded \d+ \w+ \d{4}", "last loaded <day>"),
        (r"(dt Loaded\n *dd) .*", "$1 <day>"),
        (r"(\d+ of \d+, seen) \d+ \w+ \d{4}", "$1 <day>"),
        (r"\b[0-9a-f]{12}…", "<start>…"),
        (r"generation \d+", "generation <n>"),
    ]
    .into_iter()
    .map(|(pattern, name)| (Regex::new(pattern).expect(pattern), name))
    .collect()
});

fn is_inline(name: &str) -> bool {
    INLINE.contains(&name)
}

fn walk(element: ElementRef<'_>, depth: usize, lines: &mut Vec<String>) {
    let indent = "  ".repeat(depth);
    let name = element.value().name();
    let hidden = if element.attr("hidden").is_some() { " (hidden)" } else { "" };
    let label = element.attr("aria-label").map(|label| format!(" “{label}”")).unwrap_or_default();
    let head = format!("{indent}{name}{label}{hidden}");
    let at = lines.len();
    lines.push(String::new());
    // Words between blocks are lines of their own; those before the first stand beside the element's name.
    let mut run = String::new();
    let mut first: Option<String> = None;
    let mut flush = |run: &mut String, lines: &mut Vec<String>| {
        let words = run.split_whitespace().collect::<Vec<_>>().join(" ");
        run.clear();
        match &first {
            _ if words.is_empty() => {}
            None if lines.len() == at + 1 => first = Some(words),
            _ => lines.push(format!("{indent}  {words}")),
        }
    };
    for child in element.children() {
        match child.value() {
            Node::Text(text) => run.push_str(text),
            Node::Element(_) => {
                let Some(child) = ElementRef::wrap(child) else { continue };
                if is_inline(child.value().name()) {
                    inline(child, &mut run);
                } else {
                    flush(&mut run, lines);
                    walk(child, depth + 1, lines);
                }
            }
            _ => {}
        }
    }
    flush(&mut run, lines);
    lines[at] = match first {
        Some(words) => format!("{head} {words}"),
        None => head,
    };
}

/// An element within a line, in a short notation.
fn inline(element: ElementRef<'_>, run: &mut String) {
    let mut inner = String::new();
    let name = element.value().name();
    if name != "svg" {
        for child in element.children() {
            match child.value() {
                Node::Text(text) => inner.push_str(text),
                Node::Element(_) => {
                    if let Some(child) = ElementRef::wrap(child) {
                        inline(child, &mut inner);
                    }
                }
                _ => {}
            }
        }
    }
    let of = |attribute: &str| element.attr(attribute).unwrap_or("");
    match name {
        "a" => run.push_str(&format!("[{}]({})", inner.trim(), of("href"))),
        "ins" => run.push_str(&format!("{{+{inner}+}}")),
        "del" => run.push_str(&format!("{{-{inner}-}}")),
        "mark" => run.push_str(&format!("=={inner}==")),
        "button" => run.push_str(&format!("<{}>", inner.trim())),
        "input" => run.push_str(&format!(
            "{{{} {}={}{}}} ",
            of("type"),
            of("name"),
            of("value"),
            if element.attr("checked").is_some() { " ×" } else { "" }
        )),
        "br" => run.push(' '),
        // A tally or an end of an axis: a gap on the page, though none in the words.
        "span" => run.push_str(&format!(" {inner}")),
        "svg" if element.attr("role") == Some("img") => run.push_str(&format!("{{picture: {}}}", of("aria-label"))),
        "svg" => {
            let bars =
                element.descendants().filter(|node| node.value().as_element().is_some_and(|element| element.name() == "title")).count();
            if bars > 0 {
                run.push_str(&format!("{{chart of {bars} bars}}"));
            }
        }
        _ => run.push_str(&inner),
    }
}
