//! A release as the archive holds it.

use chrono::NaiveDate;

use super::release::fold_text;
use super::{Block, DocumentFormat, Kind, Mention, PublicationDate, ReleaseId, Sidecar, Span, TextDate, TopicAssignment};

/// Who published a release.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Source {
    /// Permanent word used in addresses.
    pub slug: String,
    pub name: String,
}

/// What a release whose publisher nobody states is filed under.
pub const UNKNOWN_SOURCE: (&str, &str) = ("unknown", "Publisher not known");

impl Source {
    /// The publisher that a release's own source line names, else the one that the document's owner states.
    pub fn of(named: Option<&str>, stated: Option<&str>) -> Self {
        match named.or(stated).map(str::trim).filter(|name| !name.is_empty()) {
            None => Self { slug: UNKNOWN_SOURCE.0.into(), name: UNKNOWN_SOURCE.1.into() },
            Some(name) => {
                let slug = super::slug::slugify(name);
                Self { slug: if slug.is_empty() { wordless(name) } else { slug }, name: name.to_owned() }
            }
        }
    }

    pub fn is_known(&self) -> bool {
        self.slug != UNKNOWN_SOURCE.0
    }
}

/// The word for a publisher of whose name no letter has a Latin one: it tells one from another.
fn wordless(name: &str) -> String {
    let folded: String = fold_text(name).collect();
    format!("publisher-{}", &blake3::hash(folded.as_bytes()).to_hex()[..8])
}

/// A topic by its address and its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicRef {
    pub slug: String,
    pub label: String,
}

/// What a list shows of a release.
#[derive(Clone, Debug, PartialEq)]
pub struct ReleaseItem {
    /// The archive's internal number; never shown.
    pub seq: i64,
    pub id: ReleaseId,
    pub key: Option<String>,
    pub title: String,
    pub slug: String,
    pub url: Option<String>,
    pub kind: Kind,
    pub lang: String,
    pub source: Source,
    pub published: PublicationDate,
    pub topics: Vec<TopicRef>,
    /// Place in the one order of all lists; see [`sort_key`].
    pub sort_key: Option<i64>,
}

/// Everything that is known of a release.
#[derive(Clone, Debug, PartialEq)]
pub struct Release {
    pub item: ReleaseItem,
    /// As published, byte for byte.
    pub text: String,
    /// Lower-case hex SHA-256 of `text`.
    pub sha256: String,
    pub title: Span,
    pub body: Span,
    pub blocks: Vec<Block>,
    pub dates: Vec<TextDate>,
    pub topics: Vec<(TopicRef, TopicAssignment)>,
    pub mentions: Vec<Mention>,
    pub number: Option<String>,
    pub document: DocumentRef,
    /// When the archive took it in (RFC 3339, UTC).
    pub loaded_at: String,
}

/// Where a release stands.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentRef {
    pub id: i64,
    pub name: String,
    pub sha256: String,
    pub format: DocumentFormat,
    pub byte_length: u64,
    pub sidecar: Sidecar,
    /// Byte range in the document.
    pub at: Span,
    /// Place among the document's releases, from 0, and how many there are.
    pub position: u32,
    pub releases: u32,
    pub loaded_at: String,
}

/// The place of a release in the one order of all lists, larger is newer: day, then minute of the day where a clock time is printed,
/// then place in a newest-first document. `None` for an undated release, which comes last whichever way a list runs.
pub fn sort_key(published: &PublicationDate, position: u32, newest_first: bool) -> Option<i64> {
    use chrono::Datelike;
    const PLACES: u32 = (1 << 20) - 1;
    let day = i64::from(published.sort_on?.num_days_from_ce());
    let minute = i64::from(published.minute_of_day().unwrap_or(0));
    let place = if newest_first { PLACES - position.min(PLACES) } else { 0 };
    Some(day << 32 | minute << 20 | i64::from(place))
}

/// A release as the full-text index needs it: what it is found by, filtered by, counted by and ordered by.
#[derive(Clone, Debug, PartialEq)]
pub struct IndexRow {
    pub seq: i64,
    pub id: ReleaseId,
    pub title: String,
    /// The body as published.
    pub body: String,
    /// Where the body's paragraphs begin, in bytes from its start.
    pub paragraphs: Vec<usize>,
    pub kind: String,
    pub lang: String,
    /// Slugs of the publisher and of every other source that carries it.
    pub sources: Vec<String>,
    pub sort_on: Option<NaiveDate>,
    pub sort_key: Option<i64>,
    /// When it came or came again, in minutes from 1970 on: the document that it stands in was loaded, or the owner put something right about it,
    /// showed it again or ruled on who it is.
    pub arrived: i64,
    pub topics: Vec<String>,
    pub places: Vec<String>,
    pub people: Vec<String>,
}

/// How many releases stand on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayCount {
    pub day: NaiveDate,
    pub releases: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Basis;

    #[test]
    fn publishers_are_told_apart_in_every_script() {
        let slug = |name: &str| Source::of(Some(name), None).slug;
        let names = ["مكتب الصحافة", "לשכת העיתונות", "Пресслужба", "Міністерство оборони", "北約"];
        let slugs: std::collections::BTreeSet<String> = names.into_iter().map(slug).collect();
        assert_eq!(slugs.len(), names.len(), "{slugs:?}");
        assert!(slugs.iter().all(|slug| slug.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')), "{slugs:?}");
        assert_eq!(slug("ПРЕССЛУЖБА"), slug("Пресслужба"));
        assert_eq!(slug("NATO"), "nato");
    }

    #[test]
    fn keys_order_by_day_then_minute_then_place() {
        let key = |edtf: &str, position| sort_key(&PublicationDate::stated(edtf, Basis::Field).expect(edtf), position, true);
        assert!(key("2025-06-25", 9) > key("2025-06-24T19:00:00", 0));
        assert!(key("2025-06-24T19:00:00", 3) > key("2025-06-24T16:30:00", 0));
        assert!(key("2025-06-24T16:30:00", 1) > key("2025-06-24T16:30:00", 2));
        assert_eq!(sort_key(&PublicationDate::unknown(), 0, true), None);
    }
}
