//! BibTeX that BibLaTeX reads as well.
//!
//! The entry is a `@techreport`: BibTeX's styles print its `type`, `institution` and `number`, BibLaTeX takes it for its `@report`, and
//! reference managers for a report with its type, which keeps the number of a press release.

use std::fmt::Write;

use super::Reference;
use super::issued::Written;
use crate::reading::overview::known_language;

/// One entry with a line feed at its end.
pub fn record(reference: &Reference) -> String {
    let issued = reference.issued();
    let mut entry = format!("@techreport{{{},\n", reference.key());
    let mut field = |name: &str, value: &str| {
        // Writing to a string cannot fail.
        let _ = writeln!(entry, "  {name} = {{{value}}},");
    };
    // A second pair of braces keeps capitals, and an organisation from being taken for a person with a first name.
    let whole = |words: &str| format!("{{{}}}", escaped(words));
    if let Some(publisher) = &reference.publisher {
        field("author", &whole(publisher));
    }
    field("title", &whole(&reference.title));
    // Without a type the styles print "Technical Report".
    field("type", &whole(reference.kind_label().unwrap_or("Release")));
    field("institution", &whole(reference.publisher.as_deref().unwrap_or("Publisher not known")));
    if let Some(number) = &reference.number {
        field("number", &escaped(number));
    }
    if let Some(date) = issued.level_1() {
        field("date", &date);
    }
    match issued.year() {
        Some(year) => field("year", &year.to_string()),
        None => field("year", &format!("{{{}}}", escaped(&issued.bracketed(Written::DayFirst)))),
    }
    if let Some(month) = issued.month().and_then(|month| MONTHS.get(month as usize - 1)) {
        // A name that every style defines, so without braces.
        let _ = writeln!(entry, "  month = {month},");
    }
    let mut field = |name: &str, value: &str| {
        let _ = writeln!(entry, "  {name} = {{{value}}},");
    };
    field("url", &address(&reference.permalink));
    field("urldate", &reference.accessed.to_string());
    match langid(&reference.lang) {
        Some(langid) => field("langid", langid),
        None => {
            if let Some(lang) = known_language(&reference.lang) {
                field("language", lang);
            }
        }
    }
    field("library", &escaped(reference.archive));
    let notes = reference.notes();
    // The styles print this note, and no other field that a passage could stand in.
    let passage = reference.passage.map(|number| format!("Para. {number}."));
    let printed: Vec<String> = passage.into_iter().chain(reference.version.as_ref().map(|version| version.sentence())).collect();
    if !printed.is_empty() {
        field("note", &escaped(&printed.join(" ")));
    }
    field("annote", &escaped(&notes.join(" ")));
    entry.push_str("}\n");
    entry
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Words in which TeX finds no command and no ligature. Braces become commands, since BibTeX counts them even behind a backslash.
pub fn escaped(words: &str) -> String {
    let mut escaped = String::with_capacity(words.len() + 8);
    let mut before = ' ';
    for c in words.chars() {
        if joins(before, c) {
            escaped.push_str("{}");
        }
        before = c;
        match c {
            '\\' => escaped.push_str("\\textbackslash{}"),
            '{' => escaped.push_str("\\textbraceleft{}"),
            '}' => escaped.push_str("\\textbraceright{}"),
            '~' => escaped.push_str("\\textasciitilde{}"),
            '^' => escaped.push_str("\\textasciicircum{}"),
            '%' | '&' | '#' | '_' | '$' => {
                escaped.push('\\');
                escaped.push(c);
            }
            c => escaped.push(c),
        }
    }
    escaped
}

/// Whether TeX's fonts make one sign of two: a dash of hyphens, quotation marks of ticks, angle signs and commas, a turned mark.
const fn joins(before: char, c: char) -> bool {
    matches!((before, c), ('-', '-') | ('\'', '\'') | ('`', '`') | ('<', '<') | ('>', '>') | (',', ',') | ('?' | '!', '`'))
}

/// An address as the field `url` wants it: as it is, without what would end the field.
fn address(url: &str) -> String {
    url.replace('{', "%7B").replace('}', "%7D").replace('\\', "%5C").replace(' ', "%20")
}

/// The language as the packages babel and polyglossia call it.
fn langid(tag: &str) -> Option<&'static str> {
    Some(match tag.split('-').next().unwrap_or("") {
        "en" => "english",
        "fr" => "french",
        "de" => "german",
        "es" => "spanish",
        "it" => "italian",
        "nl" => "dutch",
        "pl" => "polish",
        "pt" => "portuguese",
        "tr" => "turkish",
        "uk" => "ukrainian",
        "ru" => "russian",
        "el" => "greek",
        "ar" => "arabic",
        "ro" => "romanian",
        "sv" => "swedish",
        "fi" => "finnish",
        "da" => "danish",
        "cs" => "czech",
        "bg" => "bulgarian",
        "hu" => "hungarian",
        "hr" => "croatian",
        _ => return None,
    })
}
