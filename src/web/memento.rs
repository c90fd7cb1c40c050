//! What HTTP says of versions in time: Memento (RFC 7089).

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;
use chrono::{DateTime, NaiveDateTime, Utc};

use super::urls::Urls;
use crate::model::{ReleaseId, VersionItem};
use crate::reading::history::{Versions, moment_of};

/// When the archive saw the version that is answered with (RFC 7089, section 2.1.1).
pub const MEMENTO_DATETIME: HeaderName = HeaderName::from_static("memento-datetime");

/// The form of a moment in HTTP (RFC 9110, section 5.6.7; RFC 7089 calls it by RFC 1123).
const FORM: &str = "%a, %d %b %Y %H:%M:%S GMT";

/// A moment as HTTP writes it.
pub fn http_date(at: DateTime<Utc>) -> String {
    at.format(FORM).to_string()
}

/// The moment that a request asks for.
///
/// # Errors
/// A sentence for what is no such moment.
pub fn asked_moment(value: &HeaderValue) -> Result<DateTime<Utc>, String> {
    let typed = value.to_str().unwrap_or("").trim();
    // Every part has a fixed width, and the name of the day must be the right one.
    let read = (typed.len() == 29).then(|| NaiveDateTime::parse_from_str(typed, FORM).ok()).flatten();
    read.map(|at| at.and_utc()).ok_or_else(|| "Accept-Datetime: a moment like “Thu, 31 May 2007 20:35:00 GMT” is wanted.".into())
}

/// Which of a release's versions are named.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Named {
    All,
    /// The first and the last.
    Ends,
    /// The first, the last, and the neighbours of this one.
    Around(u32),
}

/// The original and its two companions: where moments are negotiated, and where all are listed.
pub fn companions(urls: &Urls, id: ReleaseId, original: &str) -> Vec<String> {
    vec![format!("<{}>; rel=\"original\"", urls.absolute(original)), timegate(urls, id), timemap(urls, id)]
}

pub fn timegate(urls: &Urls, id: ReleaseId) -> String {
    format!("<{}>; rel=\"timegate\"", urls.absolute(&urls.timegate(id)))
}

pub fn timemap(urls: &Urls, id: ReleaseId) -> String {
    format!("<{}>; rel=\"timemap\"; type=\"application/link-format\"", urls.absolute(&urls.timemap(id)))
}

/// Links to versions with their moments.
pub fn mementos(urls: &Urls, versions: &Versions, named: Named) -> Vec<String> {
    let list = &versions.list;
    let number = |version: Option<&VersionItem>| version.map(|version| version.number);
    let (first, last) = (number(list.first()), number(list.last()));
    let (prev, next) = match named {
        Named::Around(here) => (number(versions.before(here)), number(versions.after(here))),
        _ => (None, None),
    };
    list.iter()
        .filter_map(|version| {
            let places = [("first", first), ("last", last), ("prev", prev), ("next", next)];
            let mut rel: Vec<&str> = places.iter().filter(|(_, at)| *at == Some(version.number)).map(|(rel, _)| *rel).collect();
            if rel.is_empty() && named != Named::All {
                return None;
            }
            rel.push("memento");
            let seen = moment_of(&version.seen_at)?;
            let address = urls.absolute(&urls.version(versions.item.id, version.number));
            Some(format!("<{address}>; rel=\"{}\"; datetime=\"{}\"", rel.join(" "), http_date(seen)))
        })
        .collect()
}

/// Puts links into an answer's header.
pub fn link(response: &mut Response, links: &[String]) {
    // Every address is made of ASCII; what could not stand in a header is left out rather than answered with a failure.
    if let Ok(value) = HeaderValue::from_str(&links.join(", ")) {
        response.headers_mut().insert(header::LINK, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_in_the_one_form_and_written_back() {
        for typed in ["Thu, 31 May 2007 20:35:00 GMT", "Sat, 01 Jan 1949 00:00:00 GMT", "Thu, 29 Feb 2024 23:59:59 GMT"] {
            let read = asked_moment(&HeaderValue::from_static(typed)).expect(typed);
            assert_eq!(http_date(read), typed);
        }
        for wrong in [
            "",
            "2007-05-31T20:35:00Z",
            "Fri, 31 May 2007 20:35:00 GMT",
            "Thu, 31 May 2007 20:35:00 CET",
            "Thu, 31 May 2007 20:35:00 +0200",
            "Thu, 31 May 2007",
            "Thursday, 31-May-07 20:35:00 GMT",
            "Fri, 30 Feb 2024 00:00:00 GMT",
            "Thu,  1 May 2007 25:00:00 GMT",
        ] {
            assert!(asked_moment(&HeaderValue::from_static(wrong)).is_err(), "{wrong}");
        }
        assert!(asked_moment(&HeaderValue::from_bytes(b"\xff\xfe").expect("opaque bytes")).is_err());
    }
}
