//! Releases as a table: one row each (RFC 4180). UTF-8 without a byte-order mark, which most programs would take for a part of the first name.

use chrono::NaiveDate;

use crate::model::Whole;
use crate::web::csv;
use crate::web::urls::Urls;

/// A column: its name, its type as a Table Schema names it (<https://specs.frictionlessdata.io/table-schema/>), what it holds.
pub struct Column {
    pub name: &'static str,
    pub kind: &'static str,
    pub holds: &'static str,
}

impl Column {
    /// What it holds, and how words are written in it (see [`csv::line`]).
    pub fn described(&self) -> String {
        let guarded = "An apostrophe stands before what begins with =, +, -, @, a tab or a carriage return, which a spreadsheet would take for a formula.";
        if self.kind == "string" { format!("{} {guarded}", self.holds) } else { self.holds.to_owned() }
    }
}

macro_rules! columns {
    ($($name:literal $kind:literal $holds:literal;)*) => { &[$(Column { name: $name, kind: $kind, holds: $holds }),*] };
}

/// The columns, in order.
pub const COLUMNS: &[Column] = columns! {
    "id" "string" "Permanent name of the release.";
    "permalink" "string" "Its address in the archive.";
    "title" "string" "Its title.";
    "published_edtf" "string" "When it was published, as Extended Date/Time Format, level 2; empty where nothing is known.";
    "published_earliest" "date" "First day on which it can have been published; of the value itself where published_edtf carries ~, ? or % and so means about that day.";
    "published_latest" "date" "Last day on which it can have been published; with ~, ? or % in published_edtf as for published_earliest.";
    "published_sort" "date" "Day on which lists show it.";
    "published_precision" "string" "How much of the date is known.";
    "published_basis" "string" "What the date rests on.";
    "kind" "string" "What sort of text it is.";
    "publisher" "string" "Who published it.";
    "lang" "string" "Language of the text (BCP 47).";
    "topics" "string" "Slugs of its topics, with semicolons between.";
    "number" "string" "The publisher's own number.";
    "version" "integer" "Number of the version that is given.";
    "sha256" "string" "SHA-256 of the text as published.";
    "original_url" "string" "Where its publisher put it.";
    "text" "string" "The text as published, title included.";
    "licence" "string" "Terms for its words, where the archive's owner states them.";
};

/// The row of names.
pub fn head() -> String {
    csv::line(COLUMNS.iter().map(|column| column.name))
}

/// The row of a release.
pub fn row(whole: &Whole, urls: &Urls) -> String {
    let release = &whole.release;
    let item = &release.item;
    let published = &item.published;
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let topics: Vec<&str> = item.topics.iter().map(|topic| topic.slug.as_str()).collect();
    csv::line([
        item.id.as_str(),
        &urls.absolute(&urls.item(item)),
        &item.title,
        published.edtf.as_deref().unwrap_or_default(),
        &day(published.earliest),
        &day(published.latest),
        &day(published.sort_on),
        published.precision.token(),
        published.basis.token(),
        item.kind.token(),
        &item.source.name,
        &item.lang,
        &topics.join(";"),
        release.number.as_deref().unwrap_or_default(),
        &whole.history.version.to_string(),
        &release.sha256,
        item.url.as_deref().unwrap_or_default(),
        &release.text,
        release.document.sidecar.licence.as_deref().unwrap_or_default(),
    ])
}
