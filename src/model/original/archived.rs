//! The address inside an address of a web archive.

use url::{Position, Url};

use super::{address, begins_with_host, nato, parts};

/// Archives whose addresses hold another one behind anything at all, with its scheme.
const ARCHIVES: &[&str] = &[
    "archive.org",
    "web.archive.org",
    "wayback.archive.org",
    "webarchive.library.unt.edu",
    "archive.ph",
    "archive.today",
    "archive.is",
    "archive.li",
    "archive.vn",
    "archive.fo",
    "archive.md",
];

/// Those among them that also understand an address without its scheme, after `/web/` and a time.
const WAYBACK: &[&str] = &["web.archive.org", "wayback.archive.org", "webarchive.library.unt.edu"];

/// The archived address, where this is the address of an archive's copy: `…/web/20040701120000/http://…`, with the marks that
/// archives put behind the time (`id_`, `if_`, `*`). Any host will do where the time has its fourteen digits.
pub(super) fn inner(url: &Url) -> Option<Url> {
    let site = parts::site(url)?;
    if site == nato::SITE {
        return None;
    }
    let rest = parts::plain_escapes(&url[Position::BeforePath..]);
    let path = rest.split(['?', '#']).next()?;
    let mut before: Option<&str> = None;
    for (slash, _) in path.match_indices('/') {
        let after = rest.get(slash + 1..)?;
        let stamped = before.is_some_and(|segment| time_digits(segment) == Some(14));
        if (stamped || ARCHIVES.contains(&site.as_str()))
            && let Some(inner) = with_scheme(after)
        {
            return Some(inner);
        }
        let wayback = WAYBACK.contains(&site.as_str()) && before.is_some_and(|segment| segment == "*" || time_digits(segment).is_some());
        if wayback && path.starts_with("/web/") && begins_with_host(after) {
            return address(after);
        }
        before = after.split('/').next();
    }
    None
}

/// Digits of an archive's time (a year at least) where the segment is one, perhaps followed by a mark.
fn time_digits(segment: &str) -> Option<usize> {
    let mark = segment.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = segment.len() - mark.len();
    let is_mark = mark.is_empty() || mark == "*" || (mark.len() <= 4 && mark.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
    ((4..=14).contains(&digits) && is_mark).then_some(digits)
}

/// `http://…`, or `http:/…` as servers that fold slashes leave it.
fn with_scheme(text: &str) -> Option<Url> {
    let rest = parts::strip_http(text)?.strip_prefix('/')?.trim_start_matches('/');
    address(&format!("https://{rest}"))
}
