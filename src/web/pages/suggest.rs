//! `/suggest`: what may be meant by what is typed into the search box. OpenSearch suggestions for browsers and programs, options of a
//! list for the box of the pages.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use serde_json::json;

use crate::model::query::Facet;
use crate::reading::suggest::{MAX_TYPED, Suggestion};
use crate::web::accept::weight;
use crate::web::answer::typed;
use crate::web::error::Failure;
use crate::web::extract::{Params, line};
use crate::web::shell::count;
use crate::web::state::App;
use crate::web::urls::Urls;

/// A suggestion in words, with the page that it leads to.
pub struct Choice {
    pub label: String,
    /// "topic, 9 releases"
    pub what: String,
    pub href: String,
    /// Set where the label is not English.
    pub lang: Option<String>,
}

#[derive(Template)]
#[template(path = "_options.html")]
struct Options {
    options: Vec<Choice>,
}

pub async fn suggest(State(app): State<App>, params: Params, headers: HeaderMap) -> Result<Response, Failure> {
    let q: String = line(params.first("q")).chars().take(MAX_TYPED).collect();
    let suggestions = app.archive().suggest(&q, app.today()).await?;
    let options: Vec<Choice> = suggestions.iter().map(|suggestion| option(suggestion, app.urls())).collect();
    let mut response = if wants_options(&headers) {
        typed("text/html; charset=utf-8", Options { options }.render()?)
    } else {
        let each = |of: fn(&Choice) -> String| options.iter().map(of).collect::<Vec<_>>();
        let urls: Vec<String> = options.iter().map(|option| app.urls().absolute(&option.href)).collect();
        let suggestions = json!([q, each(|option| option.label.clone()), each(|option| option.what.clone()), urls]);
        typed("application/x-suggestions+json", suggestions.to_string())
    };
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept"));
    Ok(response)
}

fn option(suggestion: &Suggestion, urls: &Urls) -> Choice {
    match suggestion {
        Suggestion::Period { period, releases } => Choice {
            label: period.label(),
            what: format!("date, {}", count(*releases, "release", "releases")),
            href: urls.period(*period),
            lang: None,
        },
        Suggestion::Name { facet, value, label, releases } => Choice {
            label: label.clone(),
            what: format!("{}, {}", kind(*facet), count(*releases, "release", "releases")),
            href: urls.facet(*facet, value),
            lang: None,
        },
        Suggestion::Title(item) => Choice {
            label: item.title.clone(),
            what: format!("release, {}", item.published.display()),
            href: urls.item(item),
            lang: Some(item.lang.clone()).filter(|lang| lang != "en" && lang != "und"),
        },
    }
}

const fn kind(facet: Facet) -> &'static str {
    match facet {
        Facet::Topic => "topic",
        Facet::Person => "person",
        Facet::Place => "place",
        Facet::Kind => "kind",
        Facet::Source => "publisher",
        Facet::Lang => "language",
    }
}

/// Whether a request asks for options of a list (`text/html`, or the `text/fragment+html` of the auto-complete element) rather than for
/// JSON (RFC 9110, section 12.5.1). What says neither gets JSON.
pub fn wants_options(headers: &HeaderMap) -> bool {
    let html = weight(headers, &["text/html", "text/fragment+html"]);
    html > 0.0 && html >= weight(headers, &["application/x-suggestions+json", "application/json"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_for_those_who_ask_for_html() {
        for (accept, options) in [
            ("text/fragment+html", true),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true),
            ("application/x-suggestions+json", false),
            ("application/x-suggestions+json, text/html;q=0.5", false),
            ("text/html;q=0", false),
            ("*/*", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, accept.parse().expect("a header"));
            assert_eq!(wants_options(&headers), options, "{accept}");
        }
        assert!(!wants_options(&HeaderMap::new()));
    }
}
