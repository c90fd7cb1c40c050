//! Pages for what has no ordinary answer; problem documents (RFC 9457) where a program asked.

use askama::Template;
use axum::http::Uri;
use axum::response::Response;
use url::Url;

use super::gone::GoneView;
use crate::model::period::Period;
use crate::model::text::without_steering;
use crate::web::answer::typed;
use crate::web::api::problem::problem;
use crate::web::error::Failure;
use crate::web::shell::Shell;
use crate::web::state::App;
use crate::web::urls::SearchUrl;

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    shell: Shell,
    heading: &'static str,
    sentences: Vec<String>,
    /// Words of the address, to search for.
    words: String,
    links: Vec<(String, String)>,
    number: Option<u64>,
    /// Set for a release that was withdrawn.
    gone: Option<GoneView>,
}

/// The answer to a failed request. Needs no database.
pub fn error_response(app: &App, failure: &Failure, uri: &Uri, number: u64, wrong_method: bool) -> Response {
    let status = if wrong_method { axum::http::StatusCode::METHOD_NOT_ALLOWED } else { failure.status() };
    let (heading, sentences) = words(failure, wrong_method);
    let program = uri.path().starts_with("/api/") || uri.path().ends_with(".json");
    let mut response = if program {
        problem(app, failure, status, (heading, &sentences), uri)
    } else {
        let page = page(app, failure, uri, number, heading, sentences);
        match page.render() {
            Ok(html) => typed("text/html; charset=utf-8", html),
            Err(_) => typed("text/plain; charset=utf-8", format!("{heading}\n")),
        }
    };
    *response.status_mut() = status;
    response
}

const UNREAD: &str = "This could not be read";

/// What is said of a failure: a heading and sentences.
pub fn words(failure: &Failure, wrong_method: bool) -> (&'static str, Vec<String>) {
    if wrong_method {
        return ("This address can only be read", vec!["No request can change the archive. Use GET.".into()]);
    }
    match failure {
        Failure::NotFound => (
            "There is nothing at this address",
            vec![
                "The address may be mistyped, or the archive does not hold what it names. No address of a release ever stops working."
                    .into(),
            ],
        ),
        Failure::NoSuchSet(latest) => {
            let newest = match latest {
                Some(latest) => format!("The newest set has this file at {latest}"),
                None => "No set is offered at the moment.".into(),
            };
            let went = "Files of the whole archive are kept as of its last two states for which they were made, and go when something in them is \
                        withdrawn. There are none of this generation.";
            ("These files are not kept any more", vec![went.into(), newest])
        }
        Failure::Gone(tombstone) => {
            let kept = if tombstone.erased {
                "Its words were taken out of the archive. What it was, and why it is gone, stays at this address."
            } else {
                "It is kept in the archive and no longer shown. What it was, and why it is gone, stays at this address."
            };
            ("This release was withdrawn", vec![kept.into()])
        }
        Failure::BadRequest(sentence) => (UNREAD, vec![sentence.clone()]),
        Failure::Fields(errors) => (UNREAD, errors.iter().map(|error| format!("{}: {}", error.field, error.message)).collect()),
        Failure::Absent(error) => ("There is no such part of it", vec![error.message.clone()]),
        Failure::NoSuchVersion(lacking) => ("There is no such version", vec![lacking.sentence.clone()]),
        Failure::TooLong => (UNREAD, vec!["The address is too long to be answered. Shorten the query.".into()]),
        Failure::TooSlow => (
            "This search takes too long",
            vec!["It was stopped rather than counted in part. Add a word or a date to narrow it, or try again in a moment.".into()],
        ),
        Failure::Busy => ("Too many readers at once", vec!["Please try again in a few seconds.".into()]),
        Failure::Building => (
            "The search index is being built",
            vec!["Dates, topics and releases can be read already; search will answer in a moment.".into()],
        ),
        Failure::NoRoom => (
            "There is no room for this file at the moment",
            vec!["The disk of this archive is full, and so large a file has to be written before it is sent. Try again later, or narrow the search."
                .into()],
        ),
        Failure::Internal => (
            "Something went wrong on our side",
            vec!["It is not your request’s fault, and nothing in the archive is lost. The number below finds it in the log.".into()],
        ),
    }
}

fn page(app: &App, failure: &Failure, uri: &Uri, number: u64, heading: &'static str, sentences: Vec<String>) -> ErrorPage {
    let urls = app.urls();
    let path = without_steering(&percent_encoding::percent_decode_str(uri.path()).decode_utf8_lossy()).into_owned();
    let parameter = |name: &str| {
        let named = form_urlencoded::parse(uri.query().unwrap_or("").as_bytes()).find(|(key, _)| key == name);
        named.map(|(_, value)| without_steering(&value).into_owned())
    };
    // What was searched stays in the box, whichever form of a search was asked for.
    let searched = path.starts_with("/search/").then(|| parameter("q")).flatten();
    let original = (path == "/go" && *failure == Failure::NotFound).then(|| parameter("url")).flatten();
    let words = match (failure, &original) {
        (Failure::NotFound, Some(original)) => Url::parse(original).map_or_else(|_| path_words(original), |url| path_words(url.path())),
        (Failure::NotFound, None) if searched.is_none() => path_words(&path),
        _ => String::new(),
    };
    let sentences = match original {
        Some(original) => vec![format!("No release is held that was ever published at {original}.")],
        None => sentences,
    };
    let mut links = Vec::new();
    if let Some(query) =
        uri.query().filter(|_| path.starts_with("/search/") && matches!(failure, Failure::BadRequest(_) | Failure::Fields(_)))
    {
        links.push(("The search as a page, to put it right".into(), format!("{}?{query}", urls.to("/search"))));
    }
    if let Some(period) = path_period(&path).filter(|_| !matches!(failure, Failure::NoSuchSet(_))) {
        let overview = app.archive().overview();
        let (before, after) = overview.around(period);
        let own = (overview.count_in(period) > 0).then_some(period);
        links.extend([own, before, after].into_iter().flatten().map(|period| (period.label(), urls.period(period))));
    }
    if let Failure::NoSuchSet(latest) = failure {
        links.extend(latest.iter().map(|latest| ("This file of the newest set".into(), latest.clone())));
        links.push(("The newest set".into(), urls.data()));
    }
    if let Failure::NoSuchVersion(lacking) = failure {
        links.push(("The release and its versions".into(), lacking.history.clone()));
    }
    if matches!(failure, Failure::Gone(_)) {
        links.push(("Changes in the archive".into(), urls.changes(None, None)));
    }
    links.push(("All dates".into(), urls.dates()));
    links.push(("All topics".into(), urls.topics()));
    links.push(("All releases".into(), urls.search(&SearchUrl::default())));
    ErrorPage {
        shell: Shell::new(app, heading, &urls.to(uri.path())).unindexed().asked(searched.as_deref().unwrap_or(&words)),
        heading,
        sentences,
        words,
        links,
        number: (*failure == Failure::Internal).then_some(number),
        gone: match failure {
            Failure::Gone(tombstone) => Some(GoneView::of(tombstone, app.urls())),
            _ => None,
        },
    }
}

/// Parts of addresses that say what is asked for and not of what.
const OF_THE_ARCHIVE: &[&str] =
    &["feed", "go", "releases", "topics", "versions", "history", "compare", "timegate", "timemap", "search", "changes", "data", "static"];

/// What the words of a path may have meant: letters and digits, no extension, at most ten words.
fn path_words(path: &str) -> String {
    let mut stems = path.split('/').rev().map(|part| part.rsplit_once('.').map_or(part, |(stem, _)| stem));
    let says = |stem: &&str| !OF_THE_ARCHIVE.contains(stem) && stem.chars().any(char::is_alphabetic);
    let stem = stems.find(says).unwrap_or("");
    let words: Vec<&str> = stem.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(10).collect();
    words.join(" ").chars().take(120).collect()
}

/// The real year, month or day nearest to what a path names.
fn path_period(path: &str) -> Option<Period> {
    let mut numbers = path.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).map(str::parse::<u32>);
    let year = numbers.by_ref().map_while(Result::ok).find(|year| (1900..=2199).contains(year))? as i32;
    match numbers.next() {
        Some(Ok(month)) => Period::month(year, month).or(Period::year(year)),
        _ => Period::year(year),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_give_words_and_periods() {
        for (path, words) in [
            ("/cps/en/natohq/news-about_Ukraine.htm", "news about Ukraine"),
            ("/topics/cyber-defense/feed.atom", "cyber defense"),
            ("/releases/kf6bykdq/versions/9", "kf6bykdq"),
            ("/2014/03/", ""),
            ("/", ""),
        ] {
            assert_eq!(path_words(path), words, "{path}");
        }
        assert_eq!(path_period("/2025/13/40"), Period::year(2025));
        assert_eq!(path_period("/2025/04/31"), Period::month(2025, 4));
        assert_eq!(path_period("/releases/x"), None);
    }
}
