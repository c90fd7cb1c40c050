//! What a citation says, before any form.

use chrono::NaiveDate;

use super::Issued;
use crate::describe::kind::of_version;
use crate::model::release::fold_spaces;
use crate::model::slug::{slugify, title_slug};
use crate::model::text::without_steering;
use crate::model::{History, Kind, PublicationDate, Release, ReleaseId, Version};
use crate::web::shell::SITE;
use crate::web::urls::Urls;

/// A version of a release: its number, when the archive saw it first (RFC 3339, UTC), and the SHA-256 of its text in lower-case hex.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CitedVersion {
    pub number: u32,
    pub seen_at: String,
    pub sha256: String,
}

impl CitedVersion {
    /// The day on which it was seen, in UTC.
    pub fn seen_on(&self) -> Option<NaiveDate> {
        self.seen_at.get(..10)?.parse().ok()
    }
}

/// A release, one of its versions or a passage, as citations name it. Words are on one line and steer nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    pub id: ReleaseId,
    pub title: String,
    /// `None` where nobody states who published it.
    pub publisher: Option<String>,
    pub date: PublicationDate,
    pub kind: Kind,
    /// The publisher's own number.
    pub number: Option<String>,
    /// BCP 47; `und` where it is not known.
    pub lang: String,
    /// The absolute address of what is cited: release, version or passage.
    pub permalink: String,
    /// The absolute address of the release itself.
    pub release: String,
    /// Where on the web its publisher put it.
    pub original: Option<String>,
    /// Terms for the words of the release as it stands, where the archive's owner states them.
    pub licence: Option<String>,
    /// What the archive shows on the day of access.
    pub current: CitedVersion,
    /// Set where a version is cited and not the release as it stands.
    pub version: Option<CitedVersion>,
    /// The paragraph, counted from 1.
    pub passage: Option<usize>,
    pub accessed: NaiveDate,
    /// The archive's name.
    pub archive: &'static str,
    pub(super) slug: String,
}

impl Reference {
    /// `today` is the day of access.
    pub fn of(release: &Release, history: &History, urls: &Urls, today: NaiveDate) -> Self {
        let item = &release.item;
        let permalink = urls.absolute(&urls.item(item));
        Self {
            id: item.id,
            title: one_line(&item.title),
            publisher: item.source.is_known().then(|| one_line(&item.source.name)),
            date: item.published.clone(),
            kind: item.kind,
            number: release.number.as_deref().and_then(|printed| number(item.kind, printed)),
            lang: item.lang.clone(),
            release: permalink.clone(),
            permalink,
            original: on_the_web(item.url.as_deref()),
            licence: release.document.sidecar.licence.as_deref().map(one_line),
            current: CitedVersion { number: history.version, seen_at: history.seen_at.clone(), sha256: release.sha256.clone() },
            version: None,
            passage: None,
            accessed: today,
            archive: SITE,
            slug: item.slug.clone(),
        }
    }

    /// One version instead of the release as it stands: its words and what they say of themselves, its address, its hash.
    pub fn version(release: &Release, history: &History, version: &Version, urls: &Urls, today: NaiveDate) -> Self {
        let item = &version.item;
        let (kind, printed) = of_version(version, release, history);
        let current = Self::of(release, history, urls, today);
        Self {
            title: one_line(&item.title),
            kind,
            number: printed.as_deref().and_then(|printed| number(kind, printed)),
            slug: if item.current { current.slug.clone() } else { title_slug(&item.title) },
            publisher: item.source.is_known().then(|| one_line(&item.source.name)),
            date: item.published.clone(),
            lang: version.lang.clone(),
            permalink: urls.absolute(&urls.version(current.id, item.number)),
            original: on_the_web(item.url.as_deref()),
            licence: None,
            version: Some(CitedVersion { number: item.number, seen_at: item.seen_at.clone(), sha256: item.sha256.clone() }),
            ..current
        }
    }

    /// One passage of it, counted from 1: its address names the version that it was read in.
    pub fn passage(self, number: usize) -> Self {
        let permalink = match &self.version {
            Some(_) => Urls::version_passage_of(&self.permalink, number),
            None => Urls::passage_of(&self.release, self.current.number, number),
        };
        Self { permalink, passage: Some(number), ..self }
    }

    /// The kind of text in a word; `None` where it is of none that says anything.
    pub fn kind_label(&self) -> Option<&'static str> {
        (self.kind != Kind::Other).then(|| self.kind.label())
    }

    /// Kind and number as styles print them: "Press release (2025) 042", "Statement, Press Release (2025) 042".
    pub fn genre(&self) -> Option<String> {
        match (self.kind_label(), self.number.as_deref()) {
            (Some(kind), Some(number)) if SERIES.iter().any(|series| behind(series, number).is_some()) => Some(format!("{kind}, {number}")),
            (Some(kind), Some(number)) => Some(format!("{kind} {number}")),
            (kind, number) => kind.or(number).map(str::to_owned),
        }
    }

    pub fn issued(&self) -> Issued {
        Issued::of(&self.date)
    }

    /// The key by which a list of references names it: words of the address, the year where it is known, the id; so it is unique, and stays as long as these do.
    /// ASCII letters, digits and hyphens only.
    pub fn key(&self) -> String {
        let words: Vec<&str> = self.slug.split('-').filter(|word| word.len() > 2).take(3).collect();
        let words = slugify(&words.join(" "));
        let year = self.issued().year().map_or_else(|| "nd".to_owned(), |year| format!("{year:04}"));
        let version = self.version.as_ref().map(|version| format!("-v{}", version.number)).unwrap_or_default();
        let passage = self.passage.map(|number| format!("-p{number}")).unwrap_or_default();
        let words = if words.is_empty() { "release".to_owned() } else { words };
        format!("{words}-{year}-{}{version}{passage}", self.id)
    }

    /// What no field of a form holds, a sentence each: how the date is known where it is not plain, paragraph, version, original address, hash.
    pub fn notes(&self) -> Vec<String> {
        let issued = self.issued();
        let mut notes = Vec::new();
        if !issued.is_plain() {
            let words = if issued == Issued::Unknown { "not known".to_owned() } else { issued.words(super::issued::Written::DayFirst) };
            notes.push(format!("Date of publication: {words}."));
        }
        notes.extend(self.passage.map(|number| format!("Paragraph {number}.")));
        notes.extend(self.version.as_ref().map(|version| version.sentence()));
        notes.extend(self.original.as_ref().map(|original| format!("Published at {original}")));
        if self.version.is_none() {
            notes.push(format!("Shown on the day of access: {}", self.current.sentence_in_list()));
        }
        notes
    }
}

impl CitedVersion {
    /// "Version 2, seen on 3 May 2025, SHA-256 …."
    pub fn sentence(&self) -> String {
        let seen = self.seen_on().map(|day| format!(", seen on {}", crate::model::date::long_day(day))).unwrap_or_default();
        format!("Version {}{seen}, SHA-256 {}.", self.number, self.sha256)
    }

    fn sentence_in_list(&self) -> String {
        self.sentence().replacen('V', "v", 1)
    }
}

/// Names of numbered series, as they are printed before the number.
const SERIES: [&str; 5] = ["Press release", "Press communiqué", "Communiqué de presse", "OTAN Communiqué de presse", "Communiqué"];

/// A number without the name of its series, where the kind of text says that already.
fn number(kind: Kind, printed: &str) -> Option<String> {
    let printed = one_line(printed);
    let said: &[&str] = match kind {
        Kind::PressRelease => &SERIES,
        Kind::Communique => &SERIES[1..],
        _ => &[],
    };
    let bare = said.iter().copied().chain([kind.label()]).find_map(|series| behind(series, &printed)).unwrap_or(&printed);
    (!bare.is_empty()).then(|| bare.to_owned())
}

/// What is printed behind the name of a series.
fn behind<'a>(series: &str, number: &'a str) -> Option<&'a str> {
    let mut rest = number.chars();
    let named = series.chars().all(|c| rest.next().is_some_and(|own| own.to_lowercase().eq(c.to_lowercase())));
    let rest = rest.as_str();
    (named && !rest.starts_with(char::is_alphanumeric)).then(|| rest.trim_start())
}

/// An address by which a reader can get there: a part of one, as some sources give, is none.
fn on_the_web(url: Option<&str>) -> Option<String> {
    let address = one_line(url?);
    let scheme = address.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase())?;
    matches!(scheme.as_str(), "https" | "http").then_some(address)
}

/// Words on one line, without characters that steer their neighbours.
pub fn one_line(words: &str) -> String {
    fold_spaces(&without_steering(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_does_not_say_the_kind_again() {
        for (kind, printed, kept, genre) in [
            (Kind::PressRelease, "Press Release (2025)045", Some("(2025)045"), "Press release (2025)045"),
            (Kind::PressRelease, "PRESS  RELEASE (2025) 045", Some("(2025) 045"), "Press release (2025) 045"),
            (Kind::PressRelease, "Press Communiqué M-1(95)24", Some("M-1(95)24"), "Press release M-1(95)24"),
            (Kind::PressRelease, "OTAN Communiqué de presse (2008)103", Some("(2008)103"), "Press release (2008)103"),
            (Kind::PressRelease, "PR/CP(2009)123", Some("PR/CP(2009)123"), "Press release PR/CP(2009)123"),
            (Kind::PressRelease, "Press Releases (2009)123", Some("Press Releases (2009)123"), "Press release Press Releases (2009)123"),
            (Kind::PressRelease, "Press release", None, "Press release"),
            (Kind::Communique, "Communiqué M-1(95)24", Some("M-1(95)24"), "Communiqué M-1(95)24"),
            (Kind::Statement, "Press Release (2025)045", Some("Press Release (2025)045"), "Statement, Press Release (2025)045"),
            (Kind::Statement, "Statement 7", Some("7"), "Statement 7"),
            (Kind::Other, "Press Release (2025)045", Some("Press Release (2025)045"), "Press Release (2025)045"),
        ] {
            let number = number(kind, printed);
            assert_eq!(number.as_deref(), kept, "{printed}");
            assert_eq!(Reference { kind, number, ..super::super::tests::dated("2025") }.genre().as_deref(), Some(genre), "{printed}");
        }
    }

    #[test]
    fn a_part_of_an_address_is_no_address() {
        for (url, kept) in [
            ("https://www.nato.int/a.htm", true),
            ("HTTP://www.nato.int/a.htm", true),
            ("/opa/en/natohq/a.htm", false),
            ("opa/a.htm", false),
            ("//www.nato.int/a.htm", false),
            ("urn:x:1", false),
        ] {
            assert_eq!(on_the_web(Some(url)).is_some(), kept, "{url}");
        }
    }
}
