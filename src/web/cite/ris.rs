//! RIS: a line a field, two letters, two spaces, a hyphen, a space; carriage return and line feed at the end of each.
//!
//! The type is `RPRT`. `PRESS` is in some lists of types only: readers that do not know it make a journal article of it.

use chrono::{Datelike, NaiveDate};

use super::issued::Written;
use super::{Issued, Reference};
use crate::reading::overview::known_language;

/// One record, from `TY` to `ER`.
pub fn record(reference: &Reference) -> String {
    let mut lines: Vec<(&str, String)> = vec![("TY", "RPRT".into()), ("ID", reference.key())];
    lines.push(("TI", reference.title.clone()));
    if let Some(publisher) = &reference.publisher {
        lines.push(("AU", publisher.clone()));
        lines.push(("PB", publisher.clone()));
    }
    let issued = reference.issued();
    if let Some(year) = issued.year() {
        lines.push(("PY", format!("{year:04}")));
    }
    if issued != Issued::Unknown {
        lines.push(("DA", date(issued)));
    }
    lines.push(("M3", reference.kind.label().into()));
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

/// Year, month, day and words, a slash between; a part that is not known is empty.
fn date(issued: Issued) -> String {
    match issued {
        Issued::Day(known) => day(known),
        Issued::Month(year, month) => format!("{year:04}/{month:02}//"),
        Issued::Year(year) => format!("{year:04}///"),
        other => {
            let year = other.year().map(|year| format!("{year:04}")).unwrap_or_default();
            let month = other.month().map(|month| format!("{month:02}")).unwrap_or_default();
            format!("{year}/{month}//{}", other.words(Written::DayFirst))
        }
    }
}

fn day(day: NaiveDate) -> String {
    format!("{:04}/{:02}/{:02}/", day.year(), day.month(), day.day())
}
