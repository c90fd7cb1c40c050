//! What headers say: whether a document changed, what it is, and when to come again.

use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, Utc};
use reqwest::header::{ETAG, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, RETRY_AFTER};

use super::Wait;

/// The longest validator that is kept, in bytes.
const MAX_VALIDATOR: usize = 1_024;

/// By what a server knows a document again (RFC 9110, section 8.8), word for word as it gave it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    pub etag: Option<String>,
    pub last_modified: Option<String>,
}

impl Validators {
    pub fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }

    pub(super) fn of(headers: &HeaderMap) -> Self {
        let kept = |name: HeaderName| {
            let value = headers.get(name)?.to_str().ok()?.trim();
            (!value.is_empty() && value.len() <= MAX_VALIDATOR).then(|| value.to_owned())
        };
        Self { etag: kept(ETAG), last_modified: kept(LAST_MODIFIED) }
    }

    /// The headers that ask for a document only if it changed.
    pub(super) fn headers(&self) -> HeaderMap {
        let pairs = [(IF_NONE_MATCH, &self.etag), (IF_MODIFIED_SINCE, &self.last_modified)];
        pairs.into_iter().filter_map(|(name, value)| Some((name, HeaderValue::from_str(value.as_deref()?).ok()?))).collect()
    }
}

/// Media type and character set of a `Content-Type`, in lower case.
pub(super) fn content_type(value: &str) -> (Option<String>, Option<String>) {
    let mut parts = value.split(';');
    let media = parts.next().map(|media| media.trim().to_ascii_lowercase()).filter(|media| media.contains('/'));
    let charset = parts.find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']).to_ascii_lowercase();
        // The characters of a charset's name (RFC 2978, section 2.3), and not more than the longest of them.
        let fits =
            !value.is_empty() && value.len() <= 40 && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:+".contains(&byte));
        (name.trim().eq_ignore_ascii_case("charset") && fits).then_some(value)
    });
    (media, charset)
}

/// `Retry-After`: seconds, or a day and time.
pub(super) fn wait(headers: &HeaderMap) -> Option<Wait> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    match value.parse::<u64>() {
        Ok(seconds) => Some(Wait::For(Duration::from_secs(seconds))),
        Err(_) => http_date(value).map(Wait::Until),
    }
}

/// The one form of dates that servers may still write (RFC 9110, section 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
fn http_date(value: &str) -> Option<DateTime<Utc>> {
    NaiveDateTime::parse_from_str(value, "%a, %d %b %Y %H:%M:%S GMT").ok().map(|time| time.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_types_are_taken_apart() {
        let some = |word: &str| Some(word.to_owned());
        for (value, media, charset) in [
            ("", None, None),
            ("text/html", some("text/html"), None),
            ("Text/HTML; Charset=\"ISO-8859-1\"", some("text/html"), some("iso-8859-1")),
            ("text/html;charset = utf-8 ; x=y", some("text/html"), some("utf-8")),
            ("application/atom+xml; type=feed; charset='UTF-8'", some("application/atom+xml"), some("utf-8")),
            ("text/html; charset=\"\"", some("text/html"), None),
            ("nonsense; charset=a b", None, None),
        ] {
            assert_eq!(content_type(value), (media, charset), "{value}");
        }
    }

    #[test]
    fn a_wait_is_seconds_or_a_time() {
        let told = |value: &'static str| wait(&HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_static(value))]));
        assert_eq!(told(" 120 "), Some(Wait::For(Duration::from_secs(120))));
        let at = "2026-11-22T08:49:37Z".parse().expect("a time");
        assert_eq!(told("Sun, 22 Nov 2026 08:49:37 GMT"), Some(Wait::Until(at)));
        for value in ["", "soon", "-1", "Sun, 31 Feb 2026 08:49:37 GMT", "99999999999999999999999"] {
            assert_eq!(told(value), None, "{value}");
        }
        assert_eq!(wait(&HeaderMap::new()), None);
    }

    #[test]
    fn validators_go_back_as_they_came() {
        let headers = HeaderMap::from_iter([
            (ETAG, HeaderValue::from_static("W/\"a b\"")),
            (LAST_MODIFIED, HeaderValue::from_static("Sun, 22 Nov 2026 08:49:37 GMT")),
        ]);
        let validators = Validators::of(&headers);
        let back = validators.headers();
        assert_eq!(back.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok()), Some("W/\"a b\""));
        assert_eq!(back.get(IF_MODIFIED_SINCE).and_then(|value| value.to_str().ok()), Some("Sun, 22 Nov 2026 08:49:37 GMT"));
        // What no header can hold, from wherever it comes, is not sent.
        let bad = Validators { etag: Some("a\r\nX: y".into()), last_modified: None };
        assert!(bad.headers().is_empty());
        assert!(Validators::of(&HeaderMap::from_iter([(ETAG, HeaderValue::from_static(""))])).is_empty());
    }
}
