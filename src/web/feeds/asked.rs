//! What a request for a feed asks for: which form, which document, and whether a browser shall be shown a page instead.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri, header};

use crate::reading::changes::LogPart;
use crate::reading::feed::FeedPart;
use crate::web::accept::weight;
use crate::web::error::Failure;
use crate::web::extract::{Params, line, page_number};
use crate::web::pages::changes::asked_before;
use crate::web::urls::{FeedForm, FeedPlace};

/// How a feed is to be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    pub form: FeedForm,
    /// Whether it is a person who looks.
    pub page: bool,
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0);
        Ok(Self { form: form(uri.path()), page: shows_page(uri, &parts.headers) })
    }
}

fn form(path: &str) -> FeedForm {
    if path.ends_with(".json") { FeedForm::Json } else { FeedForm::Atom }
}

/// Whether a feed's address is opened by a browser that would rather have a page: `text/html` is named and wanted more than every form of feed
/// (RFC 9110, section 12.5.1), and XHTML is named too, as every browser does, or nothing else at all. Programs written in Java name `text/html` and pictures where they are
/// told nothing else, and want the feed. What says nothing, or anything, gets the feed; so does an address with `raw=1`.
pub fn shows_page(uri: &Uri, headers: &HeaderMap) -> bool {
    let html = weight(headers, &["text/html"]);
    let feeds = [
        "application/atom+xml",
        "application/feed+json",
        "application/json",
        "application/rss+xml",
        "application/rdf+xml",
        "application/xml",
        "text/xml",
    ];
    let alone = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    let alone = alone.into_iter().all(|named| named.trim_start().starts_with("text/html"));
    let browser = html > 0.0 && (alone || weight(headers, &["application/xhtml+xml"]) > 0.0);
    browser && html > weight(headers, &feeds) && Params::read(uri.query().unwrap_or("")).first("raw") != "1"
}

/// The document that an address names.
///
/// # Errors
/// A sentence for what is no page and no archive document.
pub fn place(params: &Params) -> Result<(FeedPart, FeedPlace), Failure> {
    match (params.first("archive"), params.first("page")) {
        ("", _) => {
            let number = page_number(params).map_err(|message| Failure::BadRequest(format!("page: {message}")))?;
            // The first page is the current document, which holds at least as much.
            Ok(match number.get() {
                1 => (FeedPart::Current, FeedPlace::Current),
                page => (FeedPart::Page(number), FeedPlace::Page(page)),
            })
        }
        (typed, "") => archive_number(typed).map(|number| (FeedPart::Archive(number), FeedPlace::Archive(number))),
        _ => Err(Failure::BadRequest("archive, page: a document of a feed is either a page or an archive document, not both.".into())),
    }
}

/// The document of the log's feed that an address names.
///
/// # Errors
/// As [`place`].
pub fn log_place(params: &Params) -> Result<(LogPart, FeedPlace), Failure> {
    if !params.first("page").is_empty() {
        let sentence =
            "page: further entries of this feed are asked for by “before”, the number of an entry; each document names the next.";
        return Err(Failure::BadRequest(sentence.into()));
    }
    match (params.first("archive"), asked_before(params)?) {
        ("", None) => Ok((LogPart::Current, FeedPlace::Current)),
        ("", Some(entry)) => Ok((LogPart::Before(entry), FeedPlace::Before(entry))),
        (typed, None) => archive_number(typed).map(|number| (LogPart::Archive(number), FeedPlace::Archive(number))),
        _ => Err(Failure::BadRequest("archive, before: a document of a feed is either a page or an archive document, not both.".into())),
    }
}

fn archive_number(typed: &str) -> Result<u32, Failure> {
    typed.parse().ok().filter(|number| *number > 0).ok_or_else(|| {
        let typed: String = line(typed).chars().take(40).collect();
        Failure::BadRequest(format!("archive: “{typed}” is no number of an archive document: they are counted from 1."))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_for_browsers_and_feeds_are_for_the_rest() {
        let chromium = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";
        for (path, accept, page) in [
            ("/feed.atom", chromium, true),
            ("/feed.json", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true),
            ("/feed.atom?raw=1", chromium, false),
            ("/feed.atom", "", false),
            ("/feed.atom", "*/*", false),
            ("/feed.atom", "application/atom+xml, application/rss+xml, text/xml;q=0.9, text/html;q=0.7, */*;q=0.1", false),
            ("/feed.atom", "text/html, application/atom+xml", false),
            ("/feed.atom", "text/html;q=0", false),
            ("/feed.atom", "text/html", true),
            ("/feed.atom", "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", false),
            ("/feed.json", "text/html, image/gif, image/jpeg, */*; q=0.2", false),
            ("/feed.atom", "text/html, text/*;q=0.5, image/*", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, accept.parse().expect("a header"));
            assert_eq!(shows_page(&path.parse().expect("a path"), &headers), page, "{path} {accept}");
        }
    }

    #[test]
    fn documents_are_pages_or_archives() {
        let read = |query: &str| place(&Params::read(query)).ok().map(|(_, place)| place);
        assert_eq!(read("").zip(read("page=1")), Some((FeedPlace::Current, FeedPlace::Current)));
        assert_eq!(read("page=3&archive="), Some(FeedPlace::Page(3)));
        assert_eq!(read("archive=7"), Some(FeedPlace::Archive(7)));
        for wrong in ["page=0", "page=x", "archive=0", "archive=-1", "archive=99999999999", "archive=1&page=2"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        let read = |query: &str| log_place(&Params::read(query)).ok().map(|(_, place)| place);
        for (query, expected) in [
            ("kind=edited", Some(FeedPlace::Current)),
            ("before=12", Some(FeedPlace::Before(12))),
            ("before=&archive=3", Some(FeedPlace::Archive(3))),
            ("page=2", None),
            ("before=0", None),
            ("before=x", None),
            ("archive=0", None),
            ("archive=1&before=2", None),
        ] {
            assert_eq!(read(query), expected, "{query}");
        }
    }
}
