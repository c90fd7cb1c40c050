//! A search as a source: what a method section says of it, so that it can be run again and its result be checked.

use chrono::{Datelike, NaiveDate};
use serde_json::{Value, json};

use super::bib::escaped;
use super::reference::one_line;
use super::ris::author;
use super::{Issued, Work};
use crate::model::date::long_day;
use crate::web::shell::{count, grouped};

/// A search with everything that it depends on, in finished words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchReference {
    /// The words as typed; empty for all releases.
    pub q: String,
    /// How they were read; empty where there are none.
    pub read_as: String,
    /// What else there is to say of the reading, a sentence each.
    pub notes: Vec<String>,
    /// "Topic: Ukraine", "from April 2025"
    pub filters: Vec<String>,
    /// "newest first"
    pub order: &'static str,
    pub total: u64,
    /// Lower-case hex; see [`checksum`](crate::reading::proof::checksum).
    pub checksum: String,
    /// The archive's name, its own identifier, and the last entry of its change log.
    pub archive: &'static str,
    pub archive_id: String,
    pub generation: i64,
    /// Days without a year in the words were counted back from it.
    pub day: NaiveDate,
    /// The absolute address.
    pub url: String,
}

impl SearchReference {
    /// "Search for “ships” (Topic: Ukraine)", "All releases": the words and all that narrows them, since a list of works prints no more.
    pub fn title(&self) -> String {
        let words = if self.q.is_empty() { "All releases".into() } else { format!("Search for “{}”", one_line(&self.q)) };
        let filters = if self.filters.is_empty() { String::new() } else { format!(" ({})", one_line(&self.filters.join("; "))) };
        words + &filters
    }

    /// For a method section: all of it, in sentences.
    pub fn text(&self) -> String {
        let title = self.title();
        // Within a sentence it begins with a small letter.
        let (first, rest) = title.split_at(1);
        let found = count(self.total, "release", "releases");
        format!("{}, {}{rest}, {}: {found}. {} {}", self.archive, first.to_lowercase(), self.order, self.facts(), self.url)
    }

    /// What the title leaves out, for the notes of a reference manager.
    fn note(&self) -> String {
        one_line(&format!("Order: {}. {}", self.order, self.facts()))
    }

    /// For the styles of manuals: a page of the archive, by the archive. Its title has the words as they were typed.
    pub fn work<'a>(&'a self, title: &'a str) -> Work<'a> {
        Work {
            key: self.key(),
            title,
            author: Some(self.archive),
            genre: Some(self.found()),
            site: Some(self.archive),
            issued: Issued::Day(self.day),
            lang: "und",
            url: &self.url,
            accessed: self.day,
        }
    }

    /// How it was read, on which state of the archive, and what proves the result.
    fn facts(&self) -> String {
        let mut facts = String::new();
        if !self.read_as.is_empty() {
            facts.push_str(&format!("Read as: {}. ", self.read_as));
        }
        for note in &self.notes {
            facts.push_str(&format!("{note} "));
        }
        facts.push_str(&format!(
            "Archive {}, generation {}, {}. SHA-256 of the list of ids and texts: {}.",
            self.archive_id,
            self.generation,
            long_day(self.day),
            self.checksum
        ));
        facts
    }

    /// ASCII letters, digits and hyphens.
    pub fn key(&self) -> String {
        let words = crate::model::slug::slugify(&self.q);
        let words: Vec<&str> = words.split('-').filter(|word| !word.is_empty()).take(3).collect();
        let words = if words.is_empty() { "all-releases".to_owned() } else { words.join("-") };
        format!("search-{words}-{}-{}", self.day.year(), self.checksum.get(..8).unwrap_or(""))
    }

    /// A BibTeX entry: a page of the web, which BibLaTeX prints with its address and its day.
    pub fn bib(&self) -> String {
        format!(
            "@misc{{{},\n  author = {{{{{}}}}},\n  title = {{{{{}}}}},\n  howpublished = {{{}}},\n  date = {{{}}},\n  year = {{{}}},\n  url = {{{}}},\n  \
             urldate = {{{}}},\n  note = {{{}}},\n}}\n",
            self.key(),
            escaped(self.archive),
            escaped(&self.title()),
            escaped(&self.found()),
            self.day,
            self.day.year(),
            self.url,
            self.day,
            escaped(&self.note()),
        )
    }

    /// A RIS record.
    pub fn ris(&self) -> String {
        let day = format!("{:04}/{:02}/{:02}/", self.day.year(), self.day.month(), self.day.day());
        let mut lines = vec![("TY", "DATA".to_owned()), ("ID", self.key()), ("TI", self.title())];
        lines.extend(author(self.archive));
        lines.extend([
            ("PB", self.archive.to_owned()),
            ("PY", self.day.year().to_string()),
            ("DA", day.clone()),
            ("M3", self.found()),
            ("UR", self.url.clone()),
            ("Y2", day),
            ("N1", self.note()),
            ("ER", String::new()),
        ]);
        lines.iter().map(|(tag, value)| format!("{tag}  - {value}\r\n")).collect()
    }

    /// A CSL-JSON item.
    pub fn csl(&self) -> Value {
        let day = json!({ "date-parts": [[self.day.year(), self.day.month(), self.day.day()]] });
        json!({
            "id": self.key(),
            "type": "dataset",
            "title": self.title(),
            "genre": self.found(),
            "author": [{ "literal": self.archive }],
            "issued": day,
            "accessed": day,
            "URL": self.url,
            "note": self.note(),
            "custom": {
                "query": self.q,
                "read_as": self.read_as,
                "filters": self.filters,
                "order": self.order,
                "total": self.total,
                "archive": self.archive_id,
                "generation": self.generation,
                "sha256": self.checksum,
            },
        })
    }

    /// "Search results, 80 releases"
    pub fn found(&self) -> String {
        format!("Search results, {} {}", grouped(self.total), if self.total == 1 { "release" } else { "releases" })
    }
}
