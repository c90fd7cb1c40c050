//! Every link of the archive is made here, from types. Templates hold no addresses of their own.

use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::model::period::Period;
use crate::model::query::Facet;
use crate::model::{EventKind, ReleaseId, ReleaseItem};
use crate::reading::address::AtAddress;

mod api;
mod cite;
mod data;
mod feeds;
mod finding;
mod oai;
mod search;

pub use feeds::{FeedForm, FeedPlace, Followed};
pub use search::{SearchUrl, TrendsUrl};

/// What may stand unescaped in a segment of a path (RFC 3986, unreserved).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// How addresses of the archive begin, beside those of periods.
const OWN: [&str; 20] = [
    ".well-known",
    "about",
    "accessibility",
    "api",
    "changes",
    "data",
    "dates",
    "go",
    "help",
    "livez",
    "oai",
    "privacy",
    "readyz",
    "releases",
    "search",
    "sitemaps",
    "static",
    "suggest",
    "topics",
    "trends",
];

/// Files at the root of the archive.
const OWN_FILES: [&str; 5] = [".atom", ".csv", ".json", ".txt", ".xml"];

/// Whether addresses of the archive begin with these words, those of years too.
fn is_own(first: &str) -> bool {
    let year = first.len() == 4 && first.bytes().all(|byte| byte.is_ascii_digit());
    year || OWN.contains(&first) || OWN_FILES.iter().any(|end| first.ends_with(end))
}

/// Makes addresses. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Urls {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    /// Scheme and host, no slash at the end.
    origin: String,
    /// Path under which the archive is reached: empty, or `/archive`.
    prefix: String,
    /// Hashed asset names by plain name.
    assets: Vec<(&'static str, String)>,
}

impl Urls {
    /// `base` is an absolute http(s) address, with or without a path.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the address.
    pub fn new(base: &str, assets: Vec<(&'static str, String)>) -> Result<Self, String> {
        let wrong = || format!("the base URL “{base}” is not an address like https://example.org or https://example.org/archive");
        let base = base.trim_end_matches('/');
        let (scheme, rest) = base.split_once("://").ok_or_else(wrong)?;
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        // RFC 3986, section 6.2.2.1: neither depends on case.
        let (scheme, host) = (scheme.to_ascii_lowercase(), host.to_ascii_lowercase());
        if !host.is_ascii() {
            return Err(format!(
                "the host of the base URL “{base}” has other letters than a to z: write it as browsers send it, beginning with xn--"
            ));
        }
        let plain = |text: &str, more: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c));
        if !matches!(scheme.as_str(), "http" | "https")
            || host.is_empty()
            || !plain(&host, "-._:[]")
            || !plain(path, "-._~/")
            || path.contains("//")
            || path.split('/').any(|step| matches!(step, "." | ".."))
        {
            return Err(wrong());
        }
        if path.split('/').next().is_some_and(is_own) {
            // What a proxy has taken off could not be told from an address of the archive's own.
            return Err(format!(
                "the path of the base URL “{base}” begins as addresses of the archive do: choose another, such as /archive"
            ));
        }
        let prefix = if path.is_empty() { String::new() } else { format!("/{path}") };
        Ok(Self { inner: Arc::new(Inner { origin: format!("{scheme}://{host}"), prefix, assets }) })
    }

    /// The path under which the archive is reached; empty at the root.
    pub fn prefix(&self) -> &str {
        &self.inner.prefix
    }

    /// The whole address of a path made here.
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.inner.origin)
    }

    pub fn to(&self, path: &str) -> String {
        format!("{}{path}", self.inner.prefix)
    }

    pub fn home(&self) -> String {
        self.to("/")
    }

    pub fn search(&self, search: &SearchUrl) -> String {
        self.with_query("/search", &search.query())
    }

    pub fn api_search(&self, search: &SearchUrl) -> String {
        self.with_query("/api/v1/search", &search.query())
    }

    /// What is asked as one types.
    pub fn suggest(&self) -> String {
        self.to("/suggest")
    }

    pub fn trends(&self, trends: &TrendsUrl) -> String {
        self.with_query("/trends", &trends.query())
    }

    /// The numbers of a chart as a table for programs.
    pub fn trends_csv(&self, trends: &TrendsUrl) -> String {
        self.with_query("/trends.csv", &trends.query())
    }

    pub fn api_trends(&self, trends: &TrendsUrl) -> String {
        self.with_query("/api/v1/trends", &trends.query())
    }

    pub fn api_releases(&self) -> String {
        self.to("/api/v1/releases")
    }

    pub fn api_release(&self, id: ReleaseId) -> String {
        self.to(&format!("/api/v1/releases/{id}"))
    }

    /// All releases that have a value of a facet. Topics have pages of their own.
    pub fn facet(&self, facet: Facet, value: &str) -> String {
        if facet == Facet::Topic { self.topic(value) } else { self.search(&SearchUrl::facet(facet, value)) }
    }

    pub fn dates(&self) -> String {
        self.to("/dates")
    }

    pub fn undated(&self) -> String {
        self.to("/dates/undated")
    }

    pub fn period(&self, period: Period) -> String {
        self.to(&format!("/{}", period.to_string().replace('-', "/")))
    }

    pub fn topics(&self) -> String {
        self.to("/topics")
    }

    pub fn topic(&self, slug: &str) -> String {
        self.to(&format!("/topics/{}", utf8_percent_encode(slug, SEGMENT)))
    }

    /// The permalink of a release.
    pub fn release(&self, id: ReleaseId, slug: &str) -> String {
        self.to(&format!("/releases/{id}/{}", utf8_percent_encode(slug, SEGMENT)))
    }

    pub fn item(&self, item: &ReleaseItem) -> String {
        self.release(item.id, &item.slug)
    }

    /// The permalink of a release that was found, with what it was found by.
    pub fn hit(&self, item: &ReleaseItem, q: &str) -> String {
        if q.is_empty() {
            return self.item(item);
        }
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", q).finish();
        format!("{}?{query}", self.item(item))
    }

    /// The short form that redirects to the permalink.
    pub fn short(&self, id: ReleaseId) -> String {
        self.to(&format!("/releases/{id}"))
    }

    pub fn release_file(&self, id: ReleaseId, extension: &str) -> String {
        self.to(&format!("/releases/{id}.{extension}"))
    }

    /// A release found by an original address, with the language that the address names where another one is held.
    pub fn at_address(&self, found: &AtAddress) -> String {
        let permalink = self.release(found.id, &found.slug);
        match &found.wanted {
            Some(wanted) => {
                format!("{permalink}?{}", form_urlencoded::Serializer::new(String::new()).append_pair("wanted", wanted).finish())
            }
            None => permalink,
        }
    }

    /// Every version of a release, and all that happened to it.
    pub fn history(&self, id: ReleaseId) -> String {
        self.to(&format!("/releases/{id}/history"))
    }

    pub fn version(&self, id: ReleaseId, number: u32) -> String {
        self.to(&format!("/releases/{id}/versions/{number}"))
    }

    pub fn version_file(&self, id: ReleaseId, number: u32, extension: &str) -> String {
        self.to(&format!("/releases/{id}/versions/{number}.{extension}"))
    }

    /// The difference between two versions, read from the first to the second.
    pub fn compare(&self, id: ReleaseId, from: u32, to: u32) -> String {
        self.to(&format!("/releases/{id}/compare/{from}..{to}"))
    }

    /// Where the form that asks for a comparison is sent.
    pub fn compare_form(&self, id: ReleaseId) -> String {
        self.to(&format!("/releases/{id}/compare"))
    }

    /// Leads to the version of a moment (RFC 7089).
    pub fn timegate(&self, id: ReleaseId) -> String {
        self.to(&format!("/releases/{id}/timegate"))
    }

    /// Lists the versions with their moments (RFC 7089).
    pub fn timemap(&self, id: ReleaseId) -> String {
        self.to(&format!("/releases/{id}/timemap"))
    }

    /// The public log: of one kind where one is named, from before an entry where one is given.
    pub fn changes(&self, kind: Option<EventKind>, before: Option<i64>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if let Some(kind) = kind {
            query.append_pair("kind", kind.token());
        }
        if let Some(before) = before {
            query.append_pair("before", &before.to_string());
        }
        self.with_query("/changes", &query.finish())
    }

    /// One entry of the log, on the page that it heads.
    pub fn change(&self, entry: i64) -> String {
        format!("{}#e{entry}", self.changes(None, Some(entry.saturating_add(1))))
    }

    /// The log as a feed.
    pub fn changes_feed(&self, kind: Option<EventKind>) -> String {
        self.current_feed(&Followed::Changes(kind), FeedForm::Atom)
    }

    /// One of the pages about the archive itself.
    pub fn page(&self, name: &str) -> String {
        self.to(&format!("/{name}"))
    }

    /// A file of `static/`, under the name that changes with its content.
    pub fn asset(&self, name: &str) -> String {
        let hashed = self.inner.assets.iter().find(|(plain, _)| *plain == name).map_or(name, |(_, hashed)| hashed);
        self.to(&format!("/static/{hashed}"))
    }

    /// An icon of the sprite.
    pub fn icon(&self, name: &str) -> String {
        format!("{}#{name}", self.asset("icons.svg"))
    }

    /// Words as a segment of a path.
    fn segment(words: &str) -> String {
        utf8_percent_encode(words, SEGMENT).to_string()
    }

    fn with_query(&self, path: &str, query: &str) -> String {
        if query.is_empty() { self.to(path) } else { format!("{}?{query}", self.to(path)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::histogram::Interval;

    #[test]
    fn addresses_hold_what_they_are_made_of() {
        let urls = Urls::new("https://example.org/archive/", Vec::new()).expect("a base");
        assert_eq!(urls.home(), "/archive/");
        assert_eq!(urls.absolute(&urls.period(Period::Month(2025, 4))), "https://example.org/archive/2025/04");
        let mut search = SearchUrl::words("“collective defence” & more");
        search.filters.add(Facet::Topic, "ukraine");
        search.filters.add(Facet::Topic, "russia");
        search.from = Period::year(2025);
        search.page = 2;
        assert_eq!(
            urls.search(&search),
            "/archive/search?q=%E2%80%9Ccollective+defence%E2%80%9D+%26+more&from=2025&topic=ukraine&topic=russia&page=2"
        );
        assert_eq!(urls.search(&SearchUrl::default()), "/archive/search");
        let trends = TrendsUrl { by: Some(Interval::Month), share: true, ..TrendsUrl::of(&search) };
        assert_eq!(
            urls.trends_csv(&trends),
            "/archive/trends.csv?q=%E2%80%9Ccollective+defence%E2%80%9D+%26+more&by=month&as=share&from=2025&topic=ukraine&topic=russia"
        );
        assert_eq!(urls.trends(&TrendsUrl::of(&SearchUrl::facet(Facet::Kind, "news"))), "/archive/trends?kind=news");
        for right in ["https://example.org/2nd", "https://example.org/nato/releases", "https://example.org/press-releases"] {
            assert!(Urls::new(right, Vec::new()).is_ok(), "{right}");
        }
        for wrong in [
            "example.org",
            "ftp://example.org",
            "https://",
            "https://ex ample.org",
            "https://example.org/a?b",
            "https://example.org/\"x",
            "https://example.org/releases",
            "https://example.org/api/v1",
            "https://example.org/2025",
            "https://example.org/suggest",
            "https://example.org/trends.csv",
        ] {
            assert!(Urls::new(wrong, Vec::new()).is_err(), "{wrong}");
        }
    }

    proptest::proptest! {
        #[test]
        fn an_id_comes_back_from_its_address(key in "\\PC{1,20}", title in "\\PC{0,40}") {
            let urls = Urls::new("http://127.0.0.1:8080", Vec::new()).expect("a base");
            let id = crate::model::release::Identity::by_key("p", &key).id(0);
            let url = urls.release(id, &crate::model::slug::title_slug(&title));
            let mut segments = url.split('/').skip(2);
            assert_eq!(segments.next().and_then(|segment| segment.parse().ok()), Some(id));
            assert!(segments.next().is_some_and(|slug| !slug.is_empty() && slug.is_ascii()));
        }
    }
}
