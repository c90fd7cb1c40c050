//! `/opensearch.xml`: by what a browser adds the archive's search (OpenSearch 1.1, draft 6).

use axum::extract::State;
use axum::response::Response;

use crate::web::answer::typed;
use crate::web::shell::SITE;
use crate::web::state::App;
use crate::web::urls::{FeedForm, Followed, SearchUrl};
use crate::web::xml::Xml;

pub const MEDIA_TYPE: &str = "application/opensearchdescription+xml";

/// At most 16 characters ("ShortName element"), and it says that this is not NATO's own search.
pub const SHORT_NAME: &str = "NATO unofficial";

/// At most 48 characters ("LongName element").
const LONG_NAME: &str = "NATO press releases, unofficial archive";

/// What stands for the words that somebody types ("Parameter names").
const TERMS: &str = "q={searchTerms}";

pub async fn description(State(app): State<App>) -> Response {
    let urls = app.urls();
    // Made without parameters and given theirs here, since braces of a template are no part of an address.
    let template = |path: String, query: &str| format!("{}?{query}", urls.absolute(&path));
    let everything = Followed::Search(SearchUrl::default());
    let addresses = [
        ("text/html", "results", template(urls.search(&SearchUrl::default()), TERMS)),
        (
            FeedForm::Atom.media_type(),
            "results",
            template(urls.current_feed(&everything, FeedForm::Atom), &format!("{TERMS}&page={{startPage?}}")),
        ),
        ("application/x-suggestions+json", "suggestions", template(urls.suggest(), TERMS)),
        (MEDIA_TYPE, "self", urls.absolute(&urls.opensearch())),
    ];
    let mut xml = Xml::document();
    xml.element("OpenSearchDescription", &[("xmlns", "http://a9.com/-/spec/opensearch/1.1/")], |xml| {
        xml.line();
        let mut line = |name: &str, words: &str| {
            xml.words(name, &[], words);
            xml.line();
        };
        line("ShortName", SHORT_NAME);
        line("LongName", LONG_NAME);
        line("Description", &format!("Searches every word of {SITE}. Not run, endorsed or checked by NATO."));
        line("Tags", "NATO press releases archive unofficial");
        for (media_type, rel, template) in &addresses {
            xml.empty("Url", &[("type", media_type), ("rel", rel), ("template", template)]);
            xml.line();
        }
        for (name, media_type, side) in [("mark.png", "image/png", "64"), ("mark.svg", "image/svg+xml", "64")] {
            let address = urls.absolute(&urls.asset(name));
            xml.words("Image", &[("height", side), ("width", side), ("type", media_type)], &address);
            xml.line();
        }
        xml.empty("Query", &[("role", "example"), ("searchTerms", "collective defence")]);
        xml.line();
        for (name, words) in [
            ("Attribution", "The words belong to their publishers; the archive says of each what is known of its terms."),
            ("SyndicationRight", "open"),
            ("AdultContent", "false"),
            ("Language", "*"),
            ("OutputEncoding", "UTF-8"),
            ("InputEncoding", "UTF-8"),
        ] {
            xml.words(name, &[], words);
            xml.line();
        }
    });
    xml.line();
    typed(MEDIA_TYPE, xml.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_as_short_as_browsers_want_them() {
        assert!(SHORT_NAME.len() <= 16 && LONG_NAME.len() <= 48);
        assert!(SHORT_NAME.contains("unofficial"));
    }
}
