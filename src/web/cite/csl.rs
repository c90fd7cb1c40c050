//! CSL-JSON, as schema 1.0 of the Citation Style Language has it.
//!
//! The language has no press release among its types; a report with a `genre` is what its styles print with kind and number.

use chrono::{Datelike, NaiveDate};
use serde_json::{Map, Value, json};

use super::issued::{Doubt, Written};
use super::{Issued, Reference};
use crate::reading::overview::known_language;

/// One item, on one line.
pub fn record(reference: &Reference) -> String {
    item(reference).to_string()
}

/// One item.
pub fn item(reference: &Reference) -> Value {
    let mut item = Map::new();
    let mut put = |name: &str, value: Value| {
        if !value.is_null() {
            item.insert(name.to_owned(), value);
        }
    };
    put("id", json!(reference.key()));
    put("type", json!("report"));
    put("genre", json!(reference.kind_label()));
    put("title", json!(reference.title));
    if let Some(publisher) = &reference.publisher {
        put("author", json!([{ "literal": publisher }]));
    }
    put("publisher", json!(reference.publisher));
    put("number", json!(reference.number));
    put("issued", issued(reference.issued()));
    put("accessed", json!({ "date-parts": [parts(reference.accessed)] }));
    put("URL", json!(reference.permalink));
    put("language", json!(known_language(&reference.lang)));
    put("archive", json!(reference.archive));
    put("note", json!(reference.notes().join(" ")));
    put("custom", custom(reference));
    Value::Object(item)
}

/// What no variable of the language holds.
fn custom(reference: &Reference) -> Value {
    let cited = reference.version.as_ref().unwrap_or(&reference.current);
    json!({
        "edtf": reference.date.edtf,
        "release": reference.release,
        "original": reference.original,
        "version": cited.number,
        "seen_at": cited.seen_at,
        "sha256": cited.sha256,
        "paragraph": reference.passage,
    })
}

/// A date; absent where nothing is known, so that each style says so in its own words.
fn issued(issued: Issued) -> Value {
    match issued {
        Issued::Day(day) => json!({ "date-parts": [parts(day)] }),
        Issued::Month(year, month) => json!({ "date-parts": [[year, month]] }),
        Issued::Year(year) => json!({ "date-parts": [[year]] }),
        Issued::Part(year, part) if let Some(season) = part.season() => json!({ "date-parts": [[year]], "season": season }),
        Issued::CircaDay(day, Doubt::About) => json!({ "date-parts": [parts(day)], "circa": true }),
        Issued::CircaMonth(year, month, Doubt::About) => json!({ "date-parts": [[year, month]], "circa": true }),
        Issued::CircaYear(year, Doubt::About) => json!({ "date-parts": [[year]], "circa": true }),
        Issued::Between(first, last) => json!({ "date-parts": [parts(first), parts(last)], "circa": true }),
        Issued::Unknown => Value::Null,
        // The language has a word for "about" alone.
        _ => json!({ "literal": issued.bracketed(Written::DayFirst) }),
    }
}

fn parts(day: NaiveDate) -> Value {
    json!([day.year(), day.month(), day.day()])
}
