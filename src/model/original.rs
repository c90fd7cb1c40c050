//! The one form of the many addresses under which a page was published.
//!
//! A site that is rebuilt, linked to with tails and kept by web archives leaves many addresses of one page. All of them lead to one
//! key, so that any of them finds the release. nato.int is known well enough to read its languages and its numbers out of its
//! addresses; of other sites only that is folded which never tells two pages apart.

mod archived;
mod nato;
mod parts;
#[cfg(test)]
mod tests;

use url::Url;

/// A longer address is none, in bytes: browsers and servers stop well below.
const MAX_ADDRESS: usize = 4096;

/// Schemes whose addresses name something to do or the words themselves, never a place where a release stood.
const NO_PLACE: &[&str] = &["http", "https", "javascript", "vbscript", "data", "mailto", "tel", "about", "blob", "file"];

/// An original address in the form in which it is compared.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Original {
    /// Equal for all addresses of one page, whatever its language where the site's addresses name it: `nato:news_165249`, an
    /// address in its plain form (`https://example.org/a?b=1`), or the words as given where they name no host.
    pub key: String,
    /// The language that the address names, as a two-letter code; always `None` where the key holds the address whole.
    pub lang: Option<String>,
}

impl Original {
    /// The one publisher of a site, where it has only one.
    pub fn publisher(&self) -> Option<&'static str> {
        (self.key.starts_with("nato:") || self.key.starts_with("https://nato.int/")).then_some("NATO")
    }

    /// Reads an address as it is given in a feed, a file or a search box; a host may stand without a scheme. `None` where the text
    /// is no address: empty, with spaces inside, longer than 4,096 bytes, or of a scheme that names no place.
    pub fn of(url: &str) -> Option<Self> {
        let text = url.trim_matches(|c: char| c.is_whitespace() || c.is_control());
        if text.is_empty() || text.len() > MAX_ADDRESS {
            return None;
        }
        let Some(mut url) = address(text) else { return opaque(text) };
        while let Some(inner) = archived::inner(&url) {
            url = inner;
        }
        let site = parts::site(&url)?;
        Some(if site == nato::SITE { nato::original(&url) } else { elsewhere(&site, &url) })
    }
}

/// An address with a host: written out, without its scheme, or without scheme and slashes.
fn address(text: &str) -> Option<Url> {
    if parts::strip_http(text).is_some() {
        return Url::parse(text).ok().filter(Url::has_host);
    }
    let bare = text.strip_prefix("//").or_else(|| begins_with_host(text).then_some(text))?;
    Url::parse(&format!("https://{bare}")).ok().filter(Url::has_host)
}

/// Whether the words up to the first slash are a host's name: dotted labels that end in letters, and not a file's name.
fn begins_with_host(text: &str) -> bool {
    let end = text.find(['/', '?', '#']);
    let host = text.get(..end.unwrap_or(text.len())).unwrap_or("");
    let host = host.split_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit())).map_or(host, |(host, _)| host);
    let host = host.trim_end_matches('.');
    let Some((name, top)) = host.rsplit_once('.') else { return false };
    let letters = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.'));
    let top_level = top.len() >= 2 && top.chars().all(char::is_alphabetic);
    // `page.htm` alone is a file of an unnamed site; `nato.int` and `www.example.org` alone are sites.
    let alone = host.eq_ignore_ascii_case(nato::SITE) || name.get(..4).is_some_and(|www| www.eq_ignore_ascii_case("www."));
    !name.starts_with('.') && letters && top_level && (end.is_some() || alone)
}

/// An address of another site: scheme, `www.`, usual ports, fragment, tails of trackers and trailing slashes say nothing; all else may.
fn elsewhere(site: &str, url: &Url) -> Original {
    let path = parts::plain_escapes(url.path());
    let path = match path.trim_end_matches('/') {
        "" => "/",
        path => path,
    };
    let query = parts::query(url, |_| false);
    Original { key: format!("https://{site}{path}{query}"), lang: None }
}

/// An address that names no host is a name and nothing more.
fn opaque(text: &str) -> Option<Original> {
    let whole = !text.contains(|c: char| c.is_whitespace() || c.is_control()) && text.contains(['/', ':', '.']);
    let place = !text.split_once(':').is_some_and(|(scheme, _)| NO_PLACE.iter().any(|known| known.eq_ignore_ascii_case(scheme)));
    (whole && place).then(|| Original { key: text.to_owned(), lang: None })
}
