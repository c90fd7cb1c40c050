//! One look at an address: the document there and, where it only announces articles, the articles.

use std::collections::HashSet;
use std::io::{Cursor, Read};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use toml::Value;
use url::Url;

use super::{Result, Source, stamp};
use crate::fetch::{Body, Fault, FetchError, Fetched, Fetcher, Validators};
use crate::import::ndjson::NdjsonReader;
use crate::import::{Container, ImportError, MAX_DOCUMENT, container, parse_document, parse_sidecar, sha256_hex};
use crate::ingest::IngestError;
use crate::model::release::Identity;
use crate::model::{Original, ParsedRelease, Sidecar};
use crate::store::{ArchiveStore, FetchedPage};

/// Articles asked for in one look; those that are left wait for the next.
const MAX_PAGES: usize = 50;

/// What these articles together may hold, in bytes, since they are held until they are loaded.
const MAX_PAGES_BYTES: usize = 64 << 20;

/// Attempts at one article before it is given up until the feed dates it anew.
const MAX_ATTEMPTS: u32 = 5;

/// Failures in a row after which a site is left alone until the next look.
const MAX_TROUBLE: usize = 3;

pub(super) struct Gatherer {
    pub fetcher: Fetcher,
    pub store: Arc<dyn ArchiveStore>,
}

/// What is to be looked at.
pub(super) struct Look<'a> {
    pub url: &'a str,
    /// Who publishes there, where the owner says so.
    pub publisher: Option<&'a str>,
    pub validators: Validators,
}

/// What a look found.
pub(super) struct Gathered {
    /// Articles that the document announces.
    pub sources: Vec<Source>,
    pub document: Source,
    /// Of the document's releases, whatever stands around them.
    pub digest: String,
    pub validators: Validators,
    /// Where the document has moved for good.
    pub moved: Option<String>,
    /// What became of each article that was asked for, if the load goes well.
    pub pages: Vec<FetchedPage>,
    /// Articles to be asked for at the next look.
    pub waiting: usize,
    /// Articles that did not come.
    pub trouble: Vec<FetchError>,
}

/// An article that a feed announces.
struct Announced {
    url: String,
    stamp: Option<String>,
    publisher: Option<String>,
    /// Attempts that failed before.
    failures: u32,
}

impl Gatherer {
    /// `None` where nothing has changed since the last look.
    pub async fn gather(&self, look: &Look<'_>, now: DateTime<Utc>) -> Result<Option<Gathered>> {
        let Fetched::Body(body) = self.fetcher.fetch(look.url, &look.validators).await? else { return Ok(None) };
        let (final_url, validators) = (body.final_url.clone(), body.validators.clone());
        let document = self.source(look.url, &final_url, look.publisher, &body, now).await?;
        let (digest, teasers) = read(&document).await?;
        let moved = body.moved.then(|| final_url.clone());
        let mut found =
            Gathered { sources: Vec::new(), document, digest, validators, moved, pages: Vec::new(), waiting: 0, trouble: Vec::new() };
        let mut wanted = self.wanted(&teasers, &final_url, &mut found.trouble).await?;
        found.waiting = wanted.len().saturating_sub(MAX_PAGES);
        wanted.truncate(MAX_PAGES);
        self.articles(wanted, look.publisher, now, &mut found).await?;
        Ok(Some(found))
    }

    /// Articles that are only announced and that the archive does not hold, newest first.
    async fn wanted(&self, teasers: &[ParsedRelease], base: &str, trouble: &mut Vec<FetchError>) -> Result<Vec<Announced>> {
        let mut announced = Vec::new();
        let mut seen = HashSet::from([base.to_owned()]);
        for release in teasers {
            let Some(stated) = release.given.url.as_deref() else { continue };
            // An address without a host is meant from where the feed stands.
            let whole = Url::parse(base).and_then(|base| base.join(stated)).map_or_else(|_| stated.to_owned(), String::from);
            match self.fetcher.address(&whole) {
                Ok(url) if seen.insert(url.clone()) => announced.push((url, release)),
                Ok(_) => {}
                Err(error) => trouble.push(error),
            }
        }
        let urls: Vec<&str> = announced.iter().map(|(url, _)| url.as_str()).collect();
        let known = self.store.fetched_pages(&urls).await?;
        let mut wanted = Vec::new();
        for (url, release) in announced {
            let known = known.iter().find(|page| page.url == url);
            let stamp = release.given.published_on.clone();
            let held = known.is_none() && self.holds_more(&url, release).await?;
            if is_wanted(known, held, stamp.as_deref()) {
                let failures = known.filter(|known| known.stamp == stamp).map_or(0, |known| known.failures);
                wanted.push(Announced { url, stamp, publisher: release.source.clone(), failures });
            }
        }
        // A stable order: what has no date stays in the feed's own order, behind what has one.
        wanted.sort_by_key(|article| std::cmp::Reverse(article.stamp.as_deref().and_then(moment)));
        Ok(wanted)
    }

    /// Whether the archive holds the release at an address with more words than are announced, from wherever it came.
    async fn holds_more(&self, url: &str, teaser: &ParsedRelease) -> Result<bool> {
        let stated = teaser.given.url.as_deref().unwrap_or(url);
        for address in [url, stated] {
            if let Some(original) = Original::of(address)
                && let Some(found) = self.store.by_alias(&Identity::at_address(&original)).await?
                && let Some(held) = self.store.release(found.id).await?
            {
                return Ok(held.body.of(&held.text).len() > teaser.body_text().len());
            }
        }
        Ok(false)
    }

    /// Fetches articles one after the other, as far as their sites are well.
    async fn articles(&self, wanted: Vec<Announced>, publisher: Option<&str>, now: DateTime<Utc>, found: &mut Gathered) -> Result<()> {
        let (mut bytes, mut in_a_row, mut enough) = (0, 0, false);
        for article in wanted {
            if enough || bytes >= MAX_PAGES_BYTES {
                found.waiting += 1;
                continue;
            }
            let page = FetchedPage { url: article.url, stamp: article.stamp, at: stamp(now), held: true, failures: 0 };
            match self.fetcher.fetch(&page.url, &Validators::default()).await {
                Ok(Fetched::Body(body)) => {
                    in_a_row = 0;
                    bytes += body.bytes.len();
                    // The address that the feed gives is the one under which it announces the article.
                    let publisher = publisher.or(article.publisher.as_deref());
                    found.sources.push(self.source(&page.url, &page.url, publisher, &body, now).await?);
                    found.pages.push(page);
                }
                // Not asked for: no validators were sent.
                Ok(Fetched::NotModified) => {}
                Err(error) => {
                    let failures = article.failures + 1;
                    match error.fault {
                        Fault::Refused | Fault::Missing | Fault::Gone => found.pages.push(given_up(page)),
                        Fault::Passing if failures >= MAX_ATTEMPTS => found.pages.push(given_up(page)),
                        Fault::Passing => {
                            in_a_row += 1;
                            found.waiting += 1;
                            found.pages.push(FetchedPage { held: false, failures, ..page });
                        }
                        // No failure: it only is not the time.
                        Fault::Later(_) => {
                            found.waiting += 1;
                            enough = true;
                        }
                    }
                    enough |= in_a_row >= MAX_TROUBLE;
                    found.trouble.push(error);
                }
            }
        }
        Ok(())
    }

    /// A fetched document as one to load, with what is known of it beside it.
    async fn source(&self, name: &str, url: &str, publisher: Option<&str>, body: &Body, now: DateTime<Utc>) -> Result<Source> {
        let today = now.date_naive();
        // The same bytes again: the day on which they were first seen bounds their dates more closely.
        let before = self.store.document_by_sha256(&sha256_hex(&body.bytes)).await?.and_then(|stored| stored.record.sidecar.fetched_on);
        let day = before.map_or(today, |before| before.min(today));
        let sidecar = Some(sidecar(url, publisher, body.charset.as_deref(), day));
        Ok(Source::Embedded { name: name.to_owned(), bytes: body.bytes.clone(), sidecar })
    }
}

/// What no attempt is made at until the feed dates it anew.
pub(super) fn given_up(page: FetchedPage) -> FetchedPage {
    FetchedPage { held: false, failures: MAX_ATTEMPTS, ..page }
}

/// Whether an article is to be asked for: not before, or dated anew since, or without success so far.
fn is_wanted(known: Option<&FetchedPage>, held: bool, stamp: Option<&str>) -> bool {
    match known {
        None => !held,
        Some(page) if stamp.is_some() && page.stamp.as_deref() != stamp => true,
        Some(page) => !page.held && page.failures < MAX_ATTEMPTS,
    }
}

/// A stated date as a moment to sort by.
fn moment(stated: &str) -> Option<i64> {
    let time = DateTime::parse_from_rfc3339(stated).map(|time| time.timestamp());
    let day = || stated.get(..10)?.parse::<NaiveDate>().ok()?.and_hms_opt(0, 0, 0).map(|time| time.and_utc().timestamp());
    time.ok().or_else(day)
}

/// A sidecar as its owner would write it; what breaks a rule of sidecars is left out, since the document is worth more.
fn sidecar(url: &str, publisher: Option<&str>, charset: Option<&str>, fetched_on: NaiveDate) -> String {
    let day = fetched_on.to_string();
    [("url", Some(url)), ("publisher", publisher), ("charset", charset), ("fetched_on", Some(&day))]
        .into_iter()
        .filter_map(|(key, value)| Some(format!("{key} = {}\n", Value::from(value?))))
        .filter(|line| parse_sidecar("sidecar", line).is_ok())
        .collect()
}

/// A digest of a document's releases, and those that only announce an article. Where they cannot be read it is the bytes' digest: the
/// load then says what is wrong.
async fn read(document: &Source) -> Result<(String, Vec<ParsedRelease>)> {
    let opened = document.clone();
    let reading = move || {
        let mut bytes = Vec::new();
        // Opened as the load will open it, and no more of it held than a document may have.
        opened.open()?.take(MAX_DOCUMENT as u64 + 1).read_to_end(&mut bytes).map_err(|error| opened.io(&error))?;
        let sidecar = opened.sidecar()?.map(|(_, words)| words);
        Ok(releases(&opened.name(), &bytes, sidecar.as_deref()).unwrap_or_else(|_| (sha256_hex(&bytes), Vec::new())))
    };
    let failed = |error: tokio::task::JoinError| IngestError::Io { path: document.shown(), reason: error.to_string() };
    match tokio::task::spawn_blocking(reading).await.map_err(failed)? {
        // What cannot even be opened is told by the load.
        Err(IngestError::Io { .. } | IngestError::Import(_)) => Ok((String::new(), Vec::new())),
        read => read,
    }
}

fn releases(name: &str, bytes: &[u8], sidecar: Option<&str>) -> Result<(String, Vec<ParsedRelease>), ImportError> {
    let sidecar = sidecar.map_or_else(|| Ok(Sidecar::default()), |words| parse_sidecar(name, words))?;
    if container(name, bytes)? == Container::Ndjson {
        // A collection is meant as it stands: nothing in it announces what stands elsewhere.
        let releases: Vec<ParsedRelease> = NdjsonReader::new(name, Cursor::new(bytes)).filter_map(Result::ok).collect();
        return Ok((digest(&releases), Vec::new()));
    }
    let document = parse_document(name, bytes.to_vec(), sidecar)?;
    let teasers = document.releases.iter().filter(|release| document.is_teaser(release)).cloned().collect();
    Ok((digest(&document.releases), teasers))
}

fn digest(releases: &[ParsedRelease]) -> String {
    let mut hasher = blake3::Hasher::new();
    for release in releases {
        let given = serde_json::to_string(&release.given).unwrap_or_default();
        for part in [release.text.as_str(), release.source.as_deref().unwrap_or(""), &given] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
    }
    hasher.finalize().to_hex().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_are_asked_for_once_and_again_when_they_are_dated_anew() {
        let page = |held: bool, failures: u32| FetchedPage {
            url: "https://a.example/1".into(),
            stamp: Some("2026-01-02".into()),
            at: String::new(),
            held,
            failures,
        };
        for (known, held, stamp, wanted) in [
            (None, false, None, true),
            (None, true, Some("2026-01-02"), false),
            (Some(page(true, 0)), true, Some("2026-01-02"), false),
            (Some(page(true, 0)), false, None, false),
            (Some(page(true, 0)), true, Some("2026-01-03"), true),
            (Some(page(false, 1)), false, Some("2026-01-02"), true),
            (Some(page(false, MAX_ATTEMPTS)), false, Some("2026-01-02"), false),
            (Some(page(false, MAX_ATTEMPTS)), false, Some("2026-01-03"), true),
        ] {
            assert_eq!(is_wanted(known.as_ref(), held, stamp), wanted, "{known:?} {held} {stamp:?}");
        }
    }

    #[test]
    fn stated_dates_have_an_order() {
        let newest_first = ["2026-11-22T23:00:00-05:00", "2026-11-23T01:00:00+02:00", "2026-11-22", "2026-11-21T23:00:00Z"];
        let moments: Vec<Option<i64>> = newest_first.iter().map(|stated| moment(stated)).collect();
        assert!(moments.is_sorted_by(|one, other| one > other), "{moments:?}");
        assert_eq!([moment(""), moment("soon"), moment("2026-13-01")], [None; 3]);
    }

    #[test]
    fn a_sidecar_holds_what_may_stand_in_one() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day");
        let words = sidecar("https://a.example/?q=\"x\"", Some("The \"Ministry\" \\ of ’Peace’"), None, day);
        let read = parse_sidecar("x.toml", &words).expect(&words);
        // The address was never checked: it is left out rather than the document.
        assert_eq!((read.url, read.publisher.as_deref(), read.fetched_on), (None, Some("The \"Ministry\" \\ of ’Peace’"), Some(day)));
        let words = sidecar("https://a.example/?q=%22x%22", Some("line\nbreak"), Some("utf 8"), day);
        let read = parse_sidecar("x.toml", &words).expect(&words);
        assert_eq!((read.url.as_deref(), read.publisher), (Some("https://a.example/?q=%22x%22"), None));
    }
}
