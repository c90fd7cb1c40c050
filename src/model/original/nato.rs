//! Addresses of nato.int, of the three sites that it has had: `/docu/…` (1995 to 2008), `/cps/…` (2008 to 2025), `/en/…` (since).

use url::Url;

use super::{Original, parts};

pub(super) const SITE: &str = "nato.int";

/// Languages that the third site has as its first segment.
const LANGUAGES: &[&str] = &["en", "fr", "ru", "uk"];

/// Parameters that name the language; the second is misspelt by the site itself.
const LOCALES: &[&str] = &["selectedlocale", "selecteddlocale"];

/// Paths of nato.int are read in any letter case (`/koSovo/`), doubled slashes and session segments are left out.
pub(super) fn original(url: &Url) -> Original {
    let path = parts::plain_escapes(url.path()).to_lowercase();
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty() && !is_session(segment)).collect();
    let (page, named) = page(&segments);
    // The locale in the query beats the path: `/cps/en/…?selectedLocale=fr` is French.
    let lang = parts::parameter(url, |name| LOCALES.contains(&name)).as_deref().and_then(language).or(named);
    let key = match page {
        Page::Known(key) => key,
        Page::Path(path) => {
            let query = parts::query(url, |name| LOCALES.contains(&name) || name == "mode");
            format!("https://{SITE}/{path}{query}")
        }
    };
    Original { key, lang }
}

enum Page {
    /// By a number of the site's own; nothing in the query matters.
    Known(String),
    /// By its path, without the language.
    Path(String),
}

/// The page that the segments name, and the language that they name.
fn page(segments: &[&str]) -> (Page, Option<String>) {
    match segments {
        ["cps", rest @ ..] => {
            let lang = rest.first().and_then(|segment| language(segment)).filter(|_| rest.first().is_some_and(|s| s.len() == 2));
            let rest = if lang.is_some() { rest.get(1..).unwrap_or(&[]) } else { rest };
            (content(rest), lang)
        }
        ["docu", "pr", year, name] => press_release(year, name),
        ["archives", "docu", name] => archived_document(name),
        [first, rest @ ..] if LANGUAGES.contains(first) => (Page::Path(rest.join("/")), language(first)),
        _ => (Page::Path(segments.join("/")), None),
    }
}

/// `natohq/news_165249.htm` by its number, which all languages share; `natolive` is the earlier name of `natohq`.
fn content(rest: &[&str]) -> Page {
    let rest: Vec<&str> = rest.iter().map(|segment| if *segment == "natolive" { "natohq" } else { segment }).collect();
    match rest.as_slice() {
        ["natohq", name] if is_numbered(stem(name)) => Page::Known(format!("nato:{}", stem(name))),
        rest => Page::Path(["cps"].iter().chain(rest).copied().collect::<Vec<_>>().join("/")),
    }
}

/// `2004/p04-096e.htm`: number 96 of 2004, English. A name in any other form is kept as a path.
fn press_release(year: &str, name: &str) -> (Page, Option<String>) {
    let parsed = || {
        let (in_name, rest) = stem(name).strip_prefix('p')?.split_once('-')?;
        let (number, lang) = lettered(rest);
        let fits = year.len() == 4 && in_name.len() == 2 && year.ends_with(in_name) && is_digits(year);
        let number: u32 = number.parse().ok().filter(|_| is_digits(number) && number.len() <= 4)?;
        fits.then(|| (Page::Known(format!("nato:press-release-{year}-{number:03}")), lang))
    };
    parsed().unwrap_or_else(|| (Page::Path(format!("docu/pr/{year}/{name}")), None))
}

/// `d490404e.htm`: here the last letter is the language. In `/docu/speech/`, `/docu/update/`, `/docu/comm/` it is the place among
/// the day's texts, so those stay as they are.
fn archived_document(name: &str) -> (Page, Option<String>) {
    let parsed = || {
        let (day, lang) = lettered(stem(name).strip_prefix('d')?);
        (lang.is_some() && day.len() == 6 && is_digits(day)).then(|| (Page::Path(format!("archives/docu/d{day}.htm")), lang))
    };
    parsed().unwrap_or_else(|| (Page::Path(format!("archives/docu/{name}")), None))
}

/// A name without its language letter, English or French, and the language.
fn lettered(name: &str) -> (&str, Option<String>) {
    let ends = |letter, lang: &str| Some((name.strip_suffix(letter)?, Some(lang.to_owned())));
    ends('e', "en").or_else(|| ends('f', "fr")).unwrap_or((name, None))
}

/// A name without `.htm` or `.html`.
fn stem(name: &str) -> &str {
    name.strip_suffix(".htm").or_else(|| name.strip_suffix(".html")).unwrap_or(name)
}

/// A section and a number: `official_texts_17413`.
fn is_numbered(stem: &str) -> bool {
    let Some((section, number)) = stem.rsplit_once('_') else { return false };
    let is_section = section.starts_with(|c: char| c.is_ascii_lowercase()) && section.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    is_section && is_digits(number)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// `SID-4D296EA2-793211A0`.
fn is_session(segment: &str) -> bool {
    let Some(id) = segment.strip_prefix("sid-") else { return false };
    id.len() >= 8 && id.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
}

/// The two-letter code of a locale (`fr`, `fr-FR`, `fr_FR`); `us` is the site's own code for English.
fn language(locale: &str) -> Option<String> {
    let code = locale.split(['-', '_']).next()?.to_ascii_lowercase();
    match code.as_str() {
        "us" => Some("en".to_owned()),
        code if code.len() == 2 && code.bytes().all(|b| b.is_ascii_lowercase()) => Some(code.to_owned()),
        _ => None,
    }
}
