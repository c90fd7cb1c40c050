//! RIS: a line a field, two letters, two spaces, a hyphen, a space; carriage return and line feed at the end of each.
//!
//! The type is `RPRT`. `PRESS` is in some lists of types only: readers that do not know it make a journal article of it.

use chrono::{Datelike, NaiveDate};

use super::{Issued, Reference};
use crate::reading::overview::known_language;

/// One record, from `TY` to `ER`.
pub fn record(reference: &Reference) -> String {
    let mut lines: Vec<(&str, String)> = vec![("TY", "RPRT".into()), ("ID", reference.key())];
    lines.push(("TI", reference.title.clone()));
    if let Some(publisher) = &reference.publisher {
        lines.extend(author(publisher));
        lines.push(("PB", publisher.clone()));
    }
    let issued = reference.issued();
    if let Some(year) = issued.year() {
        lines.push(("PY", format!("{year:04}")));
    }
    lines.extend(date(issued).map(|date| ("DA", date)));
    lines.extend(reference.kind_label().map(|kind| ("M3", kind.to_owned())));
    if let Some(number) = &reference.number {
        lines.push(("SN", number.clone()));
    }
    if let Some(lang) = known_language(&reference.lang) {
        lines.push(("LA", lang.into()));
    }
    lines.push(("UR", reference.permalink.clone()));
    lines.push(("Y2", day(reference.accessed)));
    lines.push(("DB", reference.archive.into()));
    lines.extend(reference.notes().into_iter().map(|note| ("N1", note)));
    let mut record: String = lines.iter().map(|(tag, value)| format!("{tag}  - {value}\r\n")).collect();
    record.push_str("ER  - \r\n");
    record
}

/// A whole name as an author's. Readers take what stands behind a comma for a first name, so one with a comma is the publisher's alone.
pub fn author(name: &str) -> Option<(&'static str, String)> {
    (!name.contains(',')).then(|| ("AU", name.to_owned()))
}

const SEASONS: [&str; 4] = ["Spring", "Summer", "Autumn", "Winter"];

/// Year, month and day with a slash behind each; what is not known of them is empty. The form has a place for words behind them, but readers look
/// for a day in those: “not before 7 May 2025” would be filed as that day.
fn date(issued: Issued) -> Option<String> {
    if let Issued::Day(known) = issued {
        return Some(day(known));
    }
    // The form has seasons behind the last slash; no reader mistakes a word without figures.
    let season = issued.season().and_then(|season| SEASONS.get(usize::from(season) - 1)).copied().unwrap_or_default();
    let month = issued.month().map(|month| format!("{month:02}")).unwrap_or_default();
    issued.year().map(|year| format!("{year:04}/{month}//{season}"))
}

fn day(day: NaiveDate) -> String {
    format!("{:04}/{:02}/{:02}/", day.year(), day.month(), day.day())
}
