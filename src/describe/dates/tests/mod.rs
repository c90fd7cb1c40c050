//! Tests of dates: a small splitter makes releases, tables say what is expected of them.

mod documents;
mod feeds;
mod forms;
mod invented;
mod openings;
mod properties;
mod seeds;

use chrono::NaiveDate;

use super::{DateContext, Dated, Summit, date_releases};
use crate::model::{Block, BlockKind, DocumentOrder, Given, ParsedRelease, Span, Stamp, period::month_number};

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// A release of title, lines that belong to the header of the container, and body.
pub(super) fn release(title: &str, stamp: Option<&str>, body: &str) -> ParsedRelease {
    let mut text = format!("{title}\n\n");
    let stamp = stamp.map(|line| {
        let span = Span::new(text.len(), text.len() + line.len());
        text.push_str(line);
        text.push_str("\n\n");
        parse_stamp(line, span).expect("a stamp")
    });
    let start = text.len();
    text.push_str(body);
    let body = Span::new(start, text.len());
    let blocks = blocks(&text, body);
    ParsedRelease {
        position: 0,
        at: Span::new(0, text.len()),
        sha256: String::new(),
        title: Span::new(0, title.len()),
        source_line: None,
        source: None,
        stamp,
        body,
        blocks,
        given: Given::default(),
        text,
    }
}

/// `June 24, 16.30`
fn parse_stamp(line: &str, span: Span) -> Option<Stamp> {
    let mut words = line.split([' ', ',', '.']).filter(|word| !word.is_empty());
    let month = words.next().and_then(month_number)?;
    let mut number = || words.next()?.parse::<u32>().ok();
    Some(Stamp { span, month, day: number()?, year: None, hour: number()?, minute: number()? })
}

/// Paragraphs between blank lines; "Contact …" and the like are furniture.
fn blocks(text: &str, body: Span) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut at = body.start;
    for part in text[body.start..body.end].split("\n\n") {
        let trimmed = part.trim();
        if !trimmed.is_empty() {
            let start = at + part.find(trimmed).unwrap_or(0);
            let furniture =
                ["For more information", "Follow us", "For general queries", "Photographs"].iter().any(|it| trimmed.starts_with(it));
            let kind = match trimmed {
                _ if furniture => BlockKind::Contact,
                _ if trimmed.starts_with("1. ") || trimmed.starts_with("• ") => BlockKind::List,
                _ => BlockKind::Paragraph,
            };
            blocks.push(Block::new(kind, Span::new(start, start + trimmed.len())));
        }
        at += part.len() + 2;
    }
    blocks
}

pub(super) fn context(order: DocumentOrder, summits: &[Summit]) -> DateContext<'_> {
    DateContext { order, time_zone: None, fetched_on: None, summits }
}

/// One release by itself.
pub(super) fn alone(title: &str, body: &str) -> Dated {
    date_releases(&[release(title, None, body)], &context(DocumentOrder::Unordered, &[])).remove(0)
}

/// A newest-first document of bodies.
pub(super) fn feed(bodies: &[&str]) -> Vec<Dated> {
    let releases: Vec<_> = bodies.iter().map(|body| release("A title", None, body)).collect();
    date_releases(&releases, &context(DocumentOrder::NewestFirst, &[]))
}

/// EDTF, listing day, precision, basis and the origin of the year in one line.
pub(super) fn line(dated: &Dated) -> String {
    let date = &dated.published;
    format!(
        "{} | {} | {} | {} | {}",
        date.edtf.as_deref().unwrap_or("-"),
        date.sort_on.map_or("-".into(), |day| day.to_string()),
        date.precision.token(),
        date.basis.token(),
        date.year_from.map_or("-", |from| from.token()),
    )
}

pub(super) fn summits() -> Vec<Summit> {
    [
        ("Washington D.C.", "1999-04-23", "1999-04-25"),
        ("Riga", "2006-11-28", "2006-11-29"),
        ("Bucharest", "2008-04-02", "2008-04-04"),
        ("Lisbon", "2010-11-19", "2010-11-20"),
        ("Brussels", "2018-07-11", "2018-07-12"),
        ("Brussels", "2021-06-14", "2021-06-14"),
        ("Madrid", "2022-06-28", "2022-06-30"),
        ("Vilnius", "2023-07-11", "2023-07-12"),
        ("Washington D.C.", "2024-07-09", "2024-07-11"),
        ("The Hague", "2025-06-24", "2025-06-25"),
    ]
    .map(|(place, start, end)| Summit { place: place.into(), start: day(start), end: day(end) })
    .into()
}
