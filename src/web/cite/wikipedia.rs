//! `{{cite press release}}` of the English Wikipedia (Help:Citation Style 1).

use chrono::Datelike;

use super::issued::{Doubt, capital};
use super::search::SearchReference;
use super::{Issued, Reference};
use crate::model::Kind;
use crate::model::date::{long_day, month_name};
use crate::reading::overview::known_language;

/// The template with its parameters, on one line.
pub fn template(reference: &Reference) -> String {
    let issued = reference.issued();
    let mut template = String::from("{{cite press release");
    let mut put = |name: &str, value: &str| {
        template.push_str(&format!(" |{name}={value}"));
    };
    put("title", &title(&reference.title));
    // The template says "Press release" of whatever names no type.
    match reference.kind {
        Kind::PressRelease => {}
        _ => put("type", reference.kind_label().unwrap_or("none")),
    }
    if let Some(publisher) = &reference.publisher {
        put("publisher", &escaped(publisher));
    }
    put("date", &date(issued));
    if !issued.is_plain() && issued.season().is_none() && issued != Issued::Unknown {
        put("orig-date", &escaped(&issued.words(super::issued::Written::DayFirst)));
    }
    let cited = reference.version.as_ref().unwrap_or(&reference.current);
    let seen_on = cited.seen_on().unwrap_or(reference.accessed);
    let superseded = cited.sha256 != reference.current.sha256;
    // The publisher's own page is the source; the archive keeps what it said.
    match reference.original.as_deref() {
        Some(original) => {
            put("url", &address(original));
            put("archive-url", &address(&reference.permalink));
            put("archive-date", &long_day(seen_on));
            // Else the template takes the publisher's page for lost, or for one that still has these words.
            put("url-status", if superseded { "deviated" } else { "live" });
        }
        None => {
            put("url", &address(&reference.permalink));
            put("via", &escaped(reference.archive));
        }
    }
    // The day on which the page was seen to say it.
    put("access-date", &long_day(if superseded && reference.original.is_some() { seen_on } else { reference.accessed }));
    if let Some(number) = &reference.number {
        put("id", &escaped(number));
    }
    if let Some(lang) = known_language(&reference.lang).filter(|lang| *lang != "en") {
        put("language", lang);
    }
    if let Some(number) = reference.passage {
        put("at", &format!("para. {number}"));
    }
    template.push_str("}}");
    template
}

/// A search as a page of the archive: `{{cite web}}`, on one line.
pub fn search(reference: &SearchReference) -> String {
    let day = long_day(reference.day);
    format!(
        "{{{{cite web |title={} |type={} |website={} |date={day} |url={} |access-date={day}}}}}",
        title(&reference.title()),
        escaped(&reference.found()),
        escaped(reference.archive),
        address(&reference.url),
    )
}

/// A date in the forms that the template accepts: about a year is `c.` and the year, nothing else may be approximate; seasons have capitals; bounds of
/// several years and uncertain dates are for `orig-date` alone.
fn date(issued: Issued) -> String {
    match issued {
        Issued::Day(day) => long_day(day),
        Issued::CircaDay(day, Doubt::About) => format!("c. {}", day.year()),
        Issued::CircaMonth(year, _, Doubt::About) | Issued::CircaYear(year, Doubt::About) | Issued::CircaPart(year, _, Doubt::About) => {
            format!("c. {year}")
        }
        Issued::Part(year, part) if part.season().is_some() => format!("{} {year}", capital(part.name())),
        other => match (other.year(), other.month()) {
            (Some(year), Some(month)) => format!("{} {year}", month_name(month)),
            (Some(year), None) => year.to_string(),
            (None, _) => "n.d.".into(),
        },
    }
}

/// Words in a parameter: nothing in them is mark-up, ends the parameter or the template.
fn escaped(words: &str) -> String {
    let mut escaped = String::with_capacity(words.len() + 16);
    let mut before = ' ';
    for c in words.chars() {
        match c {
            '|' => escaped.push_str("{{!}}"),
            '=' => escaped.push_str("{{=}}"),
            '{' => escaped.push_str("&#123;"),
            '}' => escaped.push_str("&#125;"),
            '[' => escaped.push_str("&#91;"),
            ']' => escaped.push_str("&#93;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '~' => escaped.push_str("&#126;"),
            // A single one is an apostrophe; the second makes mark-up of both.
            '\'' if before == '\'' => escaped.push_str("&#39;"),
            '_' if before == '_' => escaped.push_str("&#95;"),
            c => escaped.push(c),
        }
        before = c;
    }
    escaped
}

/// A title, whose first character must not begin a list.
fn title(words: &str) -> String {
    let escaped = escaped(words);
    match escaped.chars().next() {
        Some(first @ ('*' | '#' | ':' | ';')) => format!("&#{};{}", first as u32, &escaped[1..]),
        _ => escaped,
    }
}

/// An address in a parameter.
fn address(url: &str) -> String {
    let mut safe = String::with_capacity(url.len());
    for c in url.chars() {
        match c {
            '|' | '{' | '}' | '[' | ']' | '<' | '>' | '"' | '\'' | ' ' => safe.push_str(&format!("%{:02X}", c as u32)),
            c => safe.push(c),
        }
    }
    safe
}
