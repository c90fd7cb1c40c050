//! What a page says of itself: title, address, language, time of publication.

use scraper::{ElementRef, Html};
use serde_json::Value;
use url::Url;

use crate::import::{fields, when};
use crate::model::release::fold_spaces;

/// What stands in a page's head, and in the JSON-LD beside it.
#[derive(Debug, Default)]
pub(super) struct Head {
    /// `<title>`.
    pub title: Option<String>,
    /// The title that the page gives to those who share it.
    pub shared_title: Option<String>,
    pub site: Option<String>,
    /// The page's own address, absolute.
    pub url: Option<String>,
    /// `<html lang>`.
    lang: Option<String>,
    /// Stamps of publication, in EDTF, best first.
    pub published: Option<String>,
}

/// How deep JSON-LD is searched, and how many values of it.
const MAX_DEPTH: usize = 6;
const MAX_VALUES: usize = 2_000;

impl Head {
    /// `fetched_from` is the address that the page was got from, where its owner says so.
    pub fn of(tree: &Html, data: &[String], fetched_from: Option<&str>) -> Self {
        let mut head = Self { lang: tree.root_element().attr("lang").map(str::to_owned), ..Self::default() };
        let base = fetched_from.and_then(|url| Url::parse(url).ok());
        let (mut canonical, mut shared) = (None, None);
        // Stamps by how much they are worth: the first place that has one wins.
        let mut stamps: [Option<String>; 4] = [const { None }; 4];
        let mut stamp = |worth: usize, words: &str| {
            if let Some(place) = stamps.get_mut(worth).filter(|place| place.is_none()) {
                *place = when::read(words).and_then(|when| when.stated());
            }
        };
        for element in tree.root_element().descendent_elements() {
            let value = element.value();
            match value.name() {
                "title" if head.title.is_none() => head.title = words(element),
                "link" if value.attr("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) => {
                    canonical = canonical.or_else(|| address(value.attr("href")?, base.as_ref()));
                }
                "meta" => {
                    let name = ["property", "name", "itemprop"].iter().find_map(|key| value.attr(key)).unwrap_or("").to_ascii_lowercase();
                    let Some(content) = value.attr("content").map(str::trim).filter(|content| !content.is_empty()) else { continue };
                    match name.as_str() {
                        "og:title" | "twitter:title" => head.shared_title = head.shared_title.or_else(|| Some(fold_spaces(content))),
                        "og:site_name" => head.site = head.site.or_else(|| Some(fold_spaces(content))),
                        "og:url" => shared = shared.or_else(|| address(content, base.as_ref())),
                        "article:published_time" | "og:published_time" | "datepublished" | "parsely-pub-date" => stamp(0, content),
                        "dcterms.issued" | "dc.date.issued" | "dcterms.date" | "dc.date" | "pubdate" | "publishdate" | "date" => {
                            stamp(2, content)
                        }
                        _ => {}
                    }
                }
                "time" => {
                    let worth = if value.attr("pubdate").is_some() || value.attr("itemprop") == Some("datePublished") { 0 } else { 3 };
                    stamp(worth, value.attr("datetime").unwrap_or(""));
                }
                _ => {}
            }
        }
        if let Some(published) = data.iter().find_map(|json| date_published(json)) {
            stamp(1, &published);
        }
        // A template that calls every page by the address of the site says nothing.
        let own = |url: &String| Url::parse(url).is_ok_and(|url| url.path().len() > 1 || url.query().is_some());
        head.url = canonical.filter(own).or(shared.filter(own));
        head.published = stamps.into_iter().flatten().next();
        head
    }

    /// The language, as its main tag: what the query of the address asks for, then what NATO's own addresses say in their path, then
    /// what the page says.
    pub fn language(&self, fetched_from: Option<&str>) -> Option<String> {
        let addresses: Vec<Url> =
            [fetched_from, self.url.as_deref()].into_iter().flatten().filter_map(|url| Url::parse(url).ok()).collect();
        let asked = addresses.iter().find_map(asked_language);
        let path = addresses.iter().find_map(path_language);
        asked.or(path).map(str::to_owned).or_else(|| {
            let tag = fields::language(self.lang.as_deref()?.trim()).ok()?;
            Some(tag.split('-').next().unwrap_or("").to_owned())
        })
    }
}

/// `?selectedLocale=fr`, also as NATO's site misspells it.
fn asked_language(url: &Url) -> Option<&'static str> {
    let (_, value) =
        url.query_pairs().find(|(key, _)| key.eq_ignore_ascii_case("selectedLocale") || key.eq_ignore_ascii_case("selecteddLocale"))?;
    locale(&value)
}

/// `/cps/fr/…`, `/fr/…` and `/docu/pr/2004/p04-096f.htm` on NATO's hosts.
fn path_language(url: &Url) -> Option<&'static str> {
    let host = url.host_str()?;
    if host != "nato.int" && !host.ends_with(".nato.int") {
        return None;
    }
    let parts: Vec<&str> = url.path_segments()?.collect();
    let section = match parts.as_slice() {
        ["cps", locale, ..] => Some(*locale),
        [locale, ..] => Some(*locale),
        [] => None,
    };
    section.and_then(locale).or_else(|| {
        let (stem, ending) = parts.last()?.rsplit_once('.')?;
        let letter = stem.strip_prefix(|c: char| c.is_ascii_alphabetic())?;
        let numbered = letter.get(..letter.len().checked_sub(1)?)?.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        match (ending.to_ascii_lowercase().starts_with("htm") && numbered && letter.len() > 4, letter.as_bytes().last()) {
            (true, Some(b'e')) => Some("en"),
            (true, Some(b'f')) => Some("fr"),
            _ => None,
        }
    })
}

/// The locales of NATO's site; `us` is its American English.
fn locale(name: &str) -> Option<&'static str> {
    match name.to_ascii_lowercase().as_str() {
        "en" | "us" => Some("en"),
        "fr" => Some("fr"),
        "ru" => Some("ru"),
        "uk" => Some("uk"),
        _ => None,
    }
}

fn words(element: ElementRef<'_>) -> Option<String> {
    Some(fold_spaces(&element.text().collect::<String>())).filter(|words| !words.is_empty())
}

fn address(written: &str, base: Option<&Url>) -> Option<String> {
    let written = written.trim();
    let whole = match (Url::parse(written), base) {
        (Ok(_), _) => written.to_owned(),
        (Err(url::ParseError::RelativeUrlWithoutBase), Some(base)) => base.join(written).ok()?.to_string(),
        _ => return None,
    };
    fields::url(&whole).ok()
}

/// The first `datePublished` of a text in JSON-LD.
fn date_published(json: &str) -> Option<String> {
    let value: Value = serde_json::from_str(json.trim()).ok()?;
    let mut left = MAX_VALUES;
    search(&value, MAX_DEPTH, &mut left)
}

fn search(value: &Value, depth: usize, left: &mut usize) -> Option<String> {
    *left = left.checked_sub(1)?;
    let depth = depth.checked_sub(1)?;
    match value {
        Value::Object(object) => {
            let own = object.get("datePublished").and_then(Value::as_str).map(str::to_owned);
            own.or_else(|| object.values().find_map(|value| search(value, depth, left)))
        }
        Value::Array(values) => values.iter().find_map(|value| search(value, depth, left)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_asked_for_beats_the_path_and_the_page() {
        for (url, lang, expected) in [
            ("https://www.nato.int/cps/en/natohq/news_1.htm?selectedLocale=fr", "en", Some("fr")),
            ("https://www.nato.int/cps/en/natohq/news_1.htm?selecteddLocale=fr", "en", Some("fr")),
            ("http://nato.int/cps/uk/natohq/news_1.htm", "en", Some("uk")),
            ("https://www.nato.int/cps/us/natohq/news_1.htm", "fr", Some("en")),
            ("https://www.nato.int/fr/news-and-events/x", "en", Some("fr")),
            ("https://www.nato.int/docu/pr/2004/p04-096f.htm", "en", Some("fr")),
            ("https://www.nato.int/docu/pr/2004/p04-096e.htm", "", Some("en")),
            ("https://www.nato.int/docu/comm/home.htm", "fr-BE", Some("fr")),
            ("https://example.org/en/x", "FR_fr", None),
            ("https://example.org/en/x", "fr-CA", Some("fr")),
        ] {
            let head = Head { lang: Some(lang.to_owned()), ..Head::default() };
            assert_eq!(head.language(Some(url)).as_deref(), expected, "{url}");
        }
    }
}
