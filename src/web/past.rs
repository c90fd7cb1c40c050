//! What templates are given of a release's past: moments, edits, sources and corrections in finished words.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::shell::count;
use crate::model::date::long_day;
use crate::model::history::{Copy, Correction, Field};
use crate::model::query::Facet;
use crate::model::{Basis, Edit, How, Kind, PublicationDate, Substance};
use crate::reading::Overview;
use crate::reading::history::moment_of;

/// A moment for people and for machines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// "3 May 2025"
    pub day: String,
    /// "14:05 UTC"
    pub time: String,
    /// RFC 3339, whole seconds; empty where there is nothing to say.
    pub datetime: String,
}

impl Moment {
    /// Of a moment as the store keeps it; empty for words that are none.
    pub fn of(at: &str) -> Self {
        moment_of(at).map_or_else(Self::default, |at| Self {
            day: long_day(at.date_naive()),
            time: at.format("%H:%M UTC").to_string(),
            datetime: rfc3339(at),
        })
    }
}

/// RFC 3339 in UTC and whole seconds.
pub fn rfc3339(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// What an edit changed: "Title and text: 12 words added, 3 removed".
pub fn said(edit: &Edit) -> String {
    match edit.substance {
        Substance::None => return "Nothing differs".into(),
        Substance::Trivial => return "Only typography, spacing or standing lines such as contacts; the words say the same".into(),
        Substance::Substantive => {}
    }
    let parts: Vec<&str> = [(edit.title, "title"), (edit.body, "text"), (edit.date, "stated date")]
        .iter()
        .filter(|(is, _)| *is)
        .map(|(_, name)| *name)
        .collect();
    let parts = capital(&listed(&parts));
    let words = words(edit);
    match (parts.is_empty(), words.is_empty()) {
        (true, _) => capital(&words),
        (false, true) => parts,
        (false, false) => format!("{parts}: {words}"),
    }
}

/// "12 words added, 3 removed"; empty where no word came or went.
pub fn words(edit: &Edit) -> String {
    match (edit.added, edit.removed) {
        (0, 0) => String::new(),
        (added, 0) => format!("{} added", count(added.into(), "word", "words")),
        (0, removed) => format!("{} removed", count(removed.into(), "word", "words")),
        (added, removed) => format!("{} added, {} removed", count(added.into(), "word", "words"), super::shell::grouped(removed.into())),
    }
}

/// "a", "a and b", "a, b and c"
pub fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// With a capital at its start.
pub fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// By what a text was recognised.
pub const fn known_by(how: How) -> &'static str {
    match how {
        How::Key => "by its publisher’s key",
        How::Url => "by its original address",
        How::Number => "by its publisher’s number",
        How::Words => "by its title and opening words",
        How::Text => "by having the same words from first to last",
        How::Near => "by having nearly the same words",
        How::Owner => "by the archive’s owner",
    }
}

/// How alike two texts are, never rounded up to the whole: "the same words", "97 % alike".
pub fn alike(score: f64) -> String {
    if score >= 1.0 {
        return "the same words".into();
    }
    format!("{} % alike", (score.max(0.0) * 100.0).floor())
}

/// An address as a page shows it: a link only where it is a whole one of the web.
pub struct AddressView {
    pub shown: String,
    pub href: Option<String>,
}

impl AddressView {
    pub fn of(url: &str) -> Self {
        let whole = (url.starts_with("https://") || url.starts_with("http://"))
            && !url.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>'));
        Self { shown: url.to_owned(), href: whole.then(|| url.to_owned()) }
    }
}

/// Another source that carries a release.
pub struct CopyView {
    pub source: String,
    /// Set where it prints another title.
    pub title: Option<String>,
    pub address: Option<AddressView>,
    pub seen: Moment,
    pub how: &'static str,
    pub alike: String,
    pub document: String,
    pub sha256: String,
}

impl CopyView {
    pub fn of(copy: &Copy, title: &str) -> Self {
        Self {
            source: copy.source.name.clone(),
            title: (copy.title != title).then(|| copy.title.clone()),
            address: copy.url.as_deref().map(AddressView::of),
            seen: Moment::of(&copy.seen_at),
            how: known_by(copy.how),
            alike: alike(copy.score),
            document: copy.document.clone(),
            sha256: copy.sha256.clone(),
        }
    }
}

/// What the owner put right, beside what the program finds.
pub struct CorrectionView {
    /// "Date"
    pub field: &'static str,
    pub value: String,
    pub found: String,
    pub because: String,
    pub at: Moment,
}

impl CorrectionView {
    pub fn of(correction: &Correction, overview: &Overview) -> Self {
        let shown = |value: &Value| field_value(correction.field, value, overview);
        Self {
            field: match correction.field {
                Field::Date => "Date",
                Field::Title => "Title",
                Field::Kind => "Kind",
                Field::Topics => "Topics",
            },
            value: shown(&correction.value),
            found: shown(&correction.found),
            because: correction.because.clone(),
            at: Moment::of(&correction.at),
        }
    }
}

/// A corrected value as programs are given it: a date by its EDTF, topics by their slugs.
pub fn bare(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields.get("edtf").or(fields.get("slug")).cloned().unwrap_or_else(|| value.clone()),
        Value::Array(values) => values.iter().map(bare).collect(),
        other => other.clone(),
    }
}

/// A corrected value as a person reads it: days written out, kinds and topics by their names.
fn field_value(field: Field, value: &Value, overview: &Overview) -> String {
    match bare(value) {
        Value::Null => word_of(field, "", overview),
        Value::String(word) => word_of(field, &word, overview),
        Value::Array(words) if words.is_empty() => word_of(field, "", overview),
        Value::Array(words) => words.iter().map(|word| field_value(field, word, overview)).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// One value of a field in words.
fn word_of(field: Field, word: &str, overview: &Overview) -> String {
    match field {
        Field::Date if word.is_empty() => "undated".into(),
        _ if word.is_empty() => "nothing".into(),
        Field::Date => PublicationDate::stated(word, Basis::Owner).map_or_else(|_| word.to_owned(), |date| date.display_with_time()),
        Field::Kind => word.parse::<Kind>().map_or_else(|()| word.to_owned(), |kind| kind.label().to_owned()),
        Field::Topics => overview.label(Facet::Topic, word),
        Field::Title => word.to_owned(),
    }
}

/// A value as the log has it (several with commas between), as a person reads it.
pub fn logged_value(field: &str, words: &str, overview: &Overview) -> String {
    match field.parse::<Field>() {
        Err(()) => words.to_owned(),
        Ok(Field::Topics) => words.split(',').map(|word| word_of(Field::Topics, word.trim(), overview)).collect::<Vec<_>>().join(", "),
        Ok(field) => word_of(field, words, overview),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_told_in_words() {
        let edit =
            |title, body, date, added, removed| Edit { title, body, date, substance: Substance::Substantive, added, removed, trivial: 0 };
        for (edit, expected) in [
            (edit(true, true, false, 12, 3), "Title and text: 12 words added, 3 removed"),
            (edit(false, true, false, 1, 0), "Text: 1 word added"),
            (edit(false, true, false, 0, 1_000), "Text: 1,000 words removed"),
            (edit(false, false, true, 0, 0), "Stated date"),
            (edit(true, true, true, 1, 1), "Title, text and stated date: 1 word added, 1 removed"),
            (Edit::default(), "Nothing differs"),
        ] {
            assert_eq!(said(&edit), expected);
        }
        assert!(said(&Edit { substance: Substance::Trivial, trivial: 4, ..Edit::default() }).starts_with("Only typography"));
    }

    #[test]
    fn likeness_is_never_rounded_up() {
        assert_eq!([1.0, 0.999, 0.5, 0.0, -1.0].map(alike), ["the same words", "99 % alike", "50 % alike", "0 % alike", "0 % alike"]);
    }

    #[test]
    fn only_whole_addresses_become_links() {
        for (url, whole) in
            [("https://www.nato.int/a", true), ("javascript:alert(1)", false), ("https://x/\" onclick=", false), ("nato.int/a", false)]
        {
            assert_eq!(AddressView::of(url).href.is_some(), whole, "{url}");
        }
    }

    #[test]
    fn corrected_values_are_said_in_words_whatever_their_shape() {
        let overview = Overview::default();
        let date = serde_json::to_value(PublicationDate::stated("2025-05-02", Basis::Field).expect("a date")).expect("a value");
        for (field, value, expected) in [
            (Field::Date, date, "2 May 2025"),
            (Field::Date, serde_json::json!({"edtf": "2025-05"}), "May 2025"),
            (Field::Date, serde_json::json!({"edtf": null}), "undated"),
            (Field::Date, serde_json::json!("2025-05-01"), "1 May 2025"),
            (Field::Kind, serde_json::json!("statement"), "Statement"),
            (Field::Topics, serde_json::json!([{"slug": "ukraine", "score": 2}, "cyber"]), "ukraine, cyber"),
            (Field::Topics, serde_json::json!([]), "nothing"),
            (Field::Title, serde_json::json!("2025-05-01"), "2025-05-01"),
        ] {
            assert_eq!(field_value(field, &value, &overview), expected, "{value}");
        }
        for (field, words, expected) in [
            ("date", "2025-05-02", "2 May 2025"),
            ("date", "", "undated"),
            ("topics", "a, b", "a, b"),
            ("kind", "news", "News"),
            ("words", "x", "x"),
        ] {
            assert_eq!(logged_value(field, words, &overview), expected);
        }
    }

    #[test]
    fn moments_are_shown_in_utc() {
        let moment = Moment::of("2025-05-03T16:05:09.123+02:00");
        assert_eq!(
            (moment.day.as_str(), moment.time.as_str(), moment.datetime.as_str()),
            ("3 May 2025", "14:05 UTC", "2025-05-03T14:05:09Z")
        );
        assert_eq!(Moment::of("some day"), Moment::default());
    }
}
