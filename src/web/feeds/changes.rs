//! `/changes.atom`: the log as an Atom 1.0 feed (RFC 4287).

use std::fmt::Write;

use axum::extract::State;
use axum::response::Response;
use chrono::DateTime;

use crate::model::Event;
use crate::model::text::without_steering;
use crate::reading::Overview;
use crate::reading::history::moment_of;
use crate::web::answer::typed;
use crate::web::error::Failure;
use crate::web::extract::Params;
use crate::web::log::{EntryView, plural};
use crate::web::pages::changes::asked_kind;
use crate::web::past::rfc3339;
use crate::web::shell::SITE;
use crate::web::state::App;
use crate::web::urls::Urls;

pub async fn atom(State(app): State<App>, params: Params) -> Result<Response, Failure> {
    let kind = asked_kind(&params)?;
    let events = app.archive().latest_changes(kind).await?;
    let overview = app.archive().overview();
    let urls = app.urls();
    let feed = Feed {
        overview: &overview,
        title: kind.map_or_else(|| "Changes".to_owned(), |kind| format!("Changes: {}", plural(kind).to_lowercase())),
        // The feed of one kind is another feed.
        id: kind.map_or_else(|| "changes".to_owned(), |kind| format!("changes:{kind}")),
        this: urls.absolute(&urls.changes_feed(kind)),
        page: urls.absolute(&urls.changes(kind, None)),
    };
    Ok(typed("application/atom+xml; charset=utf-8", feed.write(&events, urls)))
}

struct Feed<'a> {
    overview: &'a Overview,
    title: String,
    id: String,
    this: String,
    page: String,
}

impl Feed<'_> {
    fn write(&self, events: &[Event], urls: &Urls) -> String {
        let mut xml =
            String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">\n");
        element(&mut xml, "title", &format!("{} · {SITE}", self.title));
        element(&mut xml, "id", &self.urn(&self.id));
        // A feed must say when it was updated; before the first entry that was never.
        element(&mut xml, "updated", &events.first().map_or_else(|| updated(""), |event| updated(&event.at)));
        let _ = writeln!(xml, "<author><name>{}</name></author>", escaped(SITE));
        let _ = writeln!(xml, "<link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>", escaped(&self.this));
        let _ = writeln!(xml, "<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>", escaped(&self.page));
        for event in events {
            self.entry(&mut xml, event, urls);
        }
        xml.push_str("</feed>\n");
        xml
    }

    fn entry(&self, xml: &mut String, event: &Event, urls: &Urls) {
        let view = EntryView::of(event, urls, self.overview);
        xml.push_str("<entry>\n");
        element(xml, "title", &view.line());
        element(xml, "id", &self.urn(&format!("change:{}", event.entry)));
        element(xml, "updated", &updated(&event.at));
        let to = match (&view.compare, &view.release) {
            (Some((.., compare)), _) => compare.clone(),
            (None, Some((_, release))) => release.clone(),
            (None, None) => urls.change(event.entry),
        };
        let _ = writeln!(xml, "<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>", escaped(&urls.absolute(&to)));
        let _ = writeln!(xml, "<category term=\"{}\" label=\"{}\"/>", event.what.token(), escaped(plural(event.what)));
        let summary = view.summary();
        if !summary.is_empty() {
            element(xml, "summary", &summary);
        }
        xml.push_str("</entry>\n");
    }

    /// From the archive's own identifier, so that a move to another address makes no entry new.
    fn urn(&self, what: &str) -> String {
        format!("urn:nato-archive:{}:{what}", self.overview.archive_id)
    }
}

fn element(xml: &mut String, name: &str, words: &str) {
    let _ = writeln!(xml, "<{name}>{}</{name}>", escaped(words));
}

fn updated(at: &str) -> String {
    rfc3339(moment_of(at).unwrap_or(DateTime::UNIX_EPOCH))
}

/// Words as XML 1.0 can hold them (section 2.2): markup escaped, characters that it knows no way to write dropped.
fn escaped(words: &str) -> String {
    let mut xml = String::with_capacity(words.len());
    for c in without_steering(words).chars() {
        match c {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            c if c.is_control() && c.is_whitespace() => xml.push(' '),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            c => xml.push(c),
        }
    }
    xml
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::history::EventDetail;
    use crate::model::release::Identity;
    use crate::model::{Edit, EventKind, Substance};

    fn known() -> Overview {
        let mut overview = Overview::default();
        overview.archive_id = "0123456789abcdef".into();
        overview
    }

    fn feed(overview: &Overview) -> Feed<'_> {
        let page = "https://archive.example/changes".to_owned();
        Feed { overview, title: "Changes".into(), id: "changes".into(), this: format!("{page}.atom"), page }
    }

    proptest::proptest! {
        #[test]
        fn any_title_comes_back_from_a_reader_of_feeds(title in "\\PC{0,40}|[\\x00-\\x1f<>&\"']{0,20}|\\u{fffe}a\\u{ffff}]]>") {
            let urls = Urls::new("https://archive.example", Vec::new()).expect("a base");
            let id = Identity::by_key("p", "k").id(0);
            let edit = Edit { body: true, added: 1, substance: Substance::Substantive, ..Edit::default() };
            let event = Event {
                entry: 7,
                at: "2025-05-03T14:05:09.5Z".into(),
                what: EventKind::Edited,
                release: Some((id, "a-title".into(), title.clone(), true)),
                document: None,
                releases: 1,
                detail: EventDetail { versions: Some((1, 2)), edit: Some(edit), because: title.clone(), ..EventDetail::default() },
            };
            let xml = feed(&known()).write(&[event], &urls);
            let read = feed_rs::parser::parse(xml.as_bytes()).expect("a feed");
            let entry = read.entries.first().expect("an entry");
            assert_eq!(entry.id, "urn:nato-archive:0123456789abcdef:change:7");
            assert_eq!(entry.updated.map(rfc3339).as_deref(), Some("2025-05-03T14:05:09Z"));
            let plain = |words: &str| words.split_whitespace().collect::<Vec<_>>().join(" ");
            let kept: String =
                without_steering(&title).chars().filter(|c| c.is_whitespace() || !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}')).collect();
            let read_title = entry.title.as_ref().map(|title| plain(&title.content)).unwrap_or_default();
            assert_eq!(read_title, plain(&format!("Words changed: {kept}")));
            assert_eq!(entry.links.first().map(|link| link.href.as_str()), Some(format!("https://archive.example/releases/{id}/compare/1..2").as_str()));
        }
    }

    #[test]
    fn a_feed_without_entries_is_a_feed() {
        let urls = Urls::new("https://archive.example", Vec::new()).expect("a base");
        let read = feed_rs::parser::parse(feed(&known()).write(&[], &urls).as_bytes()).expect("a feed");
        assert!(read.entries.is_empty());
        assert_eq!(read.id, "urn:nato-archive:0123456789abcdef:changes");
    }
}
