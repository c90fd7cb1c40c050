//! `/changes.atom` and `/changes.json`: the log of what happened to releases as a feed.

use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};

use super::asked::{Asked, log_place};
use super::atom::{ATOM, HISTORY, head, line, link, moment};
use super::{document, json as json_feed, page, urn};
use crate::model::text::without_steering;
use crate::model::{Event, EventKind};
use crate::reading::Overview;
use crate::reading::changes::LogAnswer;
use crate::web::error::Failure;
use crate::web::extract::Params;
use crate::web::log::{EntryView, plural};
use crate::web::pages::changes::asked_kind;
use crate::web::shell::SITE;
use crate::web::state::App;
use crate::web::urls::{FeedForm, FeedPlace, Followed, Urls};
use crate::web::xml::Xml;

pub async fn changes(State(app): State<App>, asked: Asked, params: Params) -> Result<Response, Failure> {
    let kind = asked_kind(&params)?;
    let changed = app.archive().last_changed().await?;
    let (part, place) = log_place(&params)?;
    let answer = app.archive().followed_changes(kind, part).await?.ok_or(Failure::NotFound)?;
    let overview = app.archive().overview();
    let log = Log { overview: &overview, urls: app.urls(), kind, place, answer };
    if asked.page {
        return page::of_changes(&app, &log, asked.form);
    }
    let body = match asked.form {
        FeedForm::Atom => log.atom(),
        FeedForm::Json => log.json(),
    };
    Ok(document(asked.form, body, changed.as_deref()))
}

/// A document of the log, or of what it says of one kind of change.
pub struct Log<'a> {
    pub overview: &'a Overview,
    pub urls: &'a Urls,
    pub kind: Option<EventKind>,
    pub place: FeedPlace,
    pub answer: LogAnswer,
}

impl Log<'_> {
    pub fn what(&self) -> String {
        self.kind.map_or_else(|| "Changes".to_owned(), |kind| format!("Changes: {}", plural(kind).to_lowercase()))
    }

    pub fn followed(&self) -> Followed {
        Followed::Changes(self.kind)
    }

    pub fn entry(&self, event: &Event) -> EntryView {
        EntryView::of(event, self.urls, self.overview)
    }

    fn title(&self) -> String {
        format!("{} · {SITE}", self.what())
    }

    /// The absolute address of a document of this feed.
    fn at(&self, form: FeedForm, place: FeedPlace) -> String {
        self.urls.absolute(&self.urls.feed(&self.followed(), form, place))
    }

    fn is_archive(&self) -> bool {
        matches!(self.place, FeedPlace::Archive(_))
    }

    /// The neighbours of this document among the pages (RFC 5005, section 3) and among the archive documents (section 4).
    fn neighbours(&self) -> Vec<(&'static str, FeedPlace)> {
        let answer = &self.answer;
        let mut links = Vec::new();
        if self.is_archive() {
            links.push(("current", FeedPlace::Current));
        } else if answer.next.is_some() || matches!(self.place, FeedPlace::Before(_)) {
            links.push(("first", FeedPlace::Current));
        }
        links.extend(answer.next.map(|entry| ("next", FeedPlace::Before(entry))));
        links.extend(answer.older.map(|number| ("prev-archive", FeedPlace::Archive(number))));
        links.extend(answer.newer.map(|number| ("next-archive", FeedPlace::Archive(number))));
        links
    }

    fn page(&self) -> String {
        self.urls.absolute(&self.urls.followed(&self.followed()))
    }

    fn entry_id(&self, event: &Event) -> String {
        urn(&self.overview.archive_id, &format!("change:{}", event.entry))
    }

    /// Where an entry leads: to the comparison, the release, or its place in the log.
    fn target(&self, event: &Event, view: &EntryView) -> String {
        let to = match (&view.compare, &view.release) {
            (Some((.., compare)), _) => compare.clone(),
            (None, Some((_, release))) => release.clone(),
            (None, None) => self.urls.change(event.entry),
        };
        self.urls.absolute(&to)
    }

    fn atom(&self) -> String {
        let events = &self.answer.events;
        let mut xml = Xml::document();
        xml.start("feed", &[("xmlns", ATOM), ("xmlns:fh", HISTORY), ("xml:lang", "en")]);
        xml.line();
        // A feed must say when it was updated; before the first entry that was never.
        let updated = events.first().map_or_else(|| moment(""), |event| moment(&event.at));
        head(&mut xml, &self.title(), &urn(&self.overview.archive_id, &self.followed().name()), &updated);
        link(&mut xml, "self", FeedForm::Atom.media_type(), &self.at(FeedForm::Atom, self.place));
        link(&mut xml, "alternate", "text/html", &self.page());
        link(&mut xml, "alternate", FeedForm::Json.media_type(), &self.at(FeedForm::Json, self.place));
        for (rel, place) in self.neighbours() {
            link(&mut xml, rel, FeedForm::Atom.media_type(), &self.at(FeedForm::Atom, place));
        }
        if self.is_archive() {
            xml.empty("fh:archive", &[]);
            xml.line();
        }
        for event in events {
            self.atom_entry(&mut xml, event);
        }
        xml.end("feed");
        xml.line();
        xml.finish()
    }

    fn atom_entry(&self, xml: &mut Xml, event: &Event) {
        let view = self.entry(event);
        xml.start("entry", &[]);
        xml.line();
        line(xml, "title", &view.line());
        line(xml, "id", &self.entry_id(event));
        line(xml, "updated", &moment(&event.at));
        link(xml, "alternate", "text/html", &self.target(event, &view));
        xml.empty("category", &[("term", event.what.token()), ("label", plural(event.what))]);
        xml.line();
        let summary = view.summary();
        if !summary.is_empty() {
            line(xml, "summary", &summary);
        }
        xml.end("entry");
        xml.line();
    }

    fn json(&self) -> String {
        let mut document = json_feed::head(self.urls, &self.title(), &self.page(), &self.at(FeedForm::Json, self.place));
        let neighbours: Vec<_> = self.neighbours().into_iter().map(|(rel, place)| (rel, self.at(FeedForm::Json, place))).collect();
        json_feed::put(&mut document, "next_url", json_feed::next(&neighbours, self.is_archive()));
        document["_nato_archive"] = json!({
            "about": self.urls.absolute(&self.urls.page("data")),
            "id": urn(&self.overview.archive_id, &self.followed().name()),
            "archive": self.is_archive(),
            "links": json_feed::links(&neighbours),
        });
        document["items"] = self.answer.events.iter().map(|event| self.json_item(event)).collect();
        document.to_string()
    }

    fn json_item(&self, event: &Event) -> Value {
        let view = self.entry(event);
        let (title, summary) = (view.line(), view.summary());
        // An item has words (JSON Feed 1.1, "Items"); where nothing is said beside the title, that is it.
        let words = if summary.is_empty() { &title } else { &summary };
        json!({
            "id": self.entry_id(event),
            "url": self.target(event, &view),
            "title": without_steering(&title),
            "content_text": without_steering(words),
            "date_published": moment(&event.at),
            "date_modified": moment(&event.at),
            "tags": [event.what.token()],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::history::EventDetail;
    use crate::model::release::Identity;
    use crate::model::{Edit, Substance};
    use crate::web::past::rfc3339;

    fn known() -> Overview {
        let mut overview = Overview::default();
        overview.archive_id = "0123456789abcdef".into();
        overview
    }

    fn of<'a>(overview: &'a Overview, urls: &'a Urls, events: Vec<Event>) -> Log<'a> {
        let answer = LogAnswer { events, next: None, older: None, newer: None };
        Log { overview, urls, kind: None, place: FeedPlace::Current, answer }
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
            let overview = known();
            let log = of(&overview, &urls, vec![event]);
            let link = format!("https://archive.example/releases/{id}/compare/1..2");
            let plain = |words: &str| words.split_whitespace().collect::<Vec<_>>().join(" ");
            let kept: String =
                without_steering(&title).chars().filter(|c| c.is_whitespace() || !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}')).collect();
            for (form, document) in [(FeedForm::Atom, log.atom()), (FeedForm::Json, log.json())] {
                let read = feed_rs::parser::parse(document.as_bytes()).expect("a feed");
                let entry = read.entries.first().expect("an entry");
                assert_eq!(entry.id, "urn:nato-archive:0123456789abcdef:change:7");
                assert_eq!(entry.updated.map(rfc3339).as_deref(), Some("2025-05-03T14:05:09Z"));
                let title = entry.title.as_ref().map(|title| plain(&title.content)).unwrap_or_default();
                if form == FeedForm::Atom {
                    assert_eq!(title, plain(&format!("Words changed: {kept}")));
                }
                assert_eq!(entry.links.first().map(|link| link.href.as_str()), Some(link.as_str()));
            }
        }
    }

    #[test]
    fn a_feed_without_entries_is_a_feed() {
        let urls = Urls::new("https://archive.example", Vec::new()).expect("a base");
        let overview = known();
        let log = of(&overview, &urls, Vec::new());
        for document in [log.atom(), log.json()] {
            let read = feed_rs::parser::parse(document.as_bytes()).expect("a feed");
            assert!(read.entries.is_empty());
        }
        assert!(log.atom().contains("<id>urn:nato-archive:0123456789abcdef:changes</id>"));
    }
}
