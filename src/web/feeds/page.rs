//! What a person sees who opens a feed in a browser: what a feed is, what this one follows, its address, and what came last in it.

use askama::Template;
use axum::http::{HeaderValue, header};
use axum::response::Response;

use super::changes::Log;
use super::releases::Feed;
use crate::model::query::MAX_REACH;
use crate::web::error::Failure;
use crate::web::log::EntryView;
use crate::web::shell::{Alternate, SITE, Shell, count, grouped};
use crate::web::state::App;
use crate::web::urls::{FeedForm, FeedPlace, Followed};
use crate::web::view::{ItemView, page};

/// How much of the feed is shown.
const SHOWN: usize = 5;

#[derive(Template)]
#[template(path = "feed.html")]
struct FeedPage {
    shell: Shell,
    heading: String,
    /// What the feed follows, a sentence or two.
    sentence: String,
    reading: String,
    /// The whole address, to be copied.
    address: String,
    raw: String,
    other: (&'static str, String),
    /// The page that shows the same to people.
    home: (String, String),
    form: &'static str,
    /// Set where this is not the document that one follows.
    part: Option<(&'static str, String)>,
    /// How many releases the pages lead to; empty where the log is followed.
    reach: String,
    changes: String,
    oai: String,
    items: Vec<ItemView>,
    events: Vec<EntryView>,
}

/// For a feed of releases.
pub fn of_releases(app: &App, feed: &Feed<'_>, form: FeedForm) -> Result<Response, Failure> {
    let urls = app.urls();
    let releases = count(feed.answer.total, "release", "releases");
    let what = if feed.what.is_empty() { "the whole archive".to_owned() } else { feed.what.clone() };
    let sentence = match &feed.followed {
        Followed::Site => format!("It follows the whole archive, which holds {releases}: whatever is loaded next will stand in it."),
        Followed::Topic(_) => format!("It follows the topic “{what}”, which has {releases} so far."),
        _ if feed.answer.total == 0 => {
            "It follows a search that finds nothing yet: what is loaded and found by it will stand in it.".to_owned()
        }
        _ => format!("It follows a search that finds {releases} so far."),
    };
    let back = match &feed.followed {
        Followed::Site => "the archive’s front page",
        Followed::Topic(_) => "the topic’s page",
        _ => "the results of the search",
    };
    shown(
        FeedPage {
            reading: feed.reading(),
            home: (back.to_owned(), urls.followed(&feed.followed)),
            items: feed.answer.wholes.iter().take(SHOWN).map(|whole| ItemView::of(&whole.release.item, urls)).collect(),
            ..frame(app, &feed.followed, form, feed.place, &feed.what)
        },
        sentence,
    )
}

/// For the feed of the log.
pub fn of_changes(app: &App, log: &Log<'_>, form: FeedForm) -> Result<Response, Failure> {
    let sentence = "It follows what happens to releases: additions, new versions, withdrawals, corrections, and why.".to_owned();
    shown(
        FeedPage {
            home: ("the changes as a page".to_owned(), app.urls().followed(&log.followed())),
            events: log.answer.events.iter().take(SHOWN).map(|event| log.entry(event)).collect(),
            ..frame(app, &log.followed(), form, log.place, &log.what())
        },
        sentence,
    )
}

/// What the page of any feed has.
fn frame(app: &App, followed: &Followed, form: FeedForm, place: FeedPlace, what: &str) -> FeedPage {
    let urls = app.urls();
    let title = if what.is_empty() { "Feed of all releases".to_owned() } else { format!("Feed: {what}") };
    let title = match place {
        FeedPlace::Page(number) => format!("{title}, page {number}"),
        FeedPlace::Before(entry) => format!("{title}, before entry {entry}"),
        FeedPlace::Archive(_) => format!("{title}, of its past"),
        FeedPlace::Current | FeedPlace::Raw => title,
    };
    let mut shell = Shell::new(app, title.clone(), &urls.feed(followed, form, place))
        .described(format!("What this feed of “{SITE}” follows, and how to follow it."))
        .unindexed();
    for form in [FeedForm::Atom, FeedForm::Json] {
        // Whoever looks for the feed of this very page shall not be given the page again.
        let href = urls.feed(followed, form, FeedPlace::Raw);
        shell.alternates.push(Alternate { media_type: form.media_type(), href, title: "This feed" });
    }
    let other = match form {
        FeedForm::Atom => FeedForm::Json,
        FeedForm::Json => FeedForm::Atom,
    };
    let part = match place {
        FeedPlace::Page(_) | FeedPlace::Before(_) => Some("This is a further page of the feed."),
        FeedPlace::Archive(_) => Some("This is a part of the feed’s past, which programs read once."),
        FeedPlace::Current | FeedPlace::Raw => None,
    };
    let current = urls.current_feed(followed, form);
    FeedPage {
        address: urls.absolute(&current),
        raw: urls.feed(followed, form, FeedPlace::Raw),
        other: (other.label(), urls.current_feed(followed, other)),
        form: form.label(),
        shell,
        heading: title,
        sentence: String::new(),
        reading: String::new(),
        home: (String::new(), String::new()),
        reach: if matches!(followed, Followed::Changes(_)) { String::new() } else { grouped(MAX_REACH as u64) },
        changes: urls.current_feed(&Followed::Changes(None), form),
        oai: format!("{}?verb=Identify", urls.oai()),
        part: part.map(|words| (words, current)),
        items: Vec::new(),
        events: Vec::new(),
    }
}

fn shown(template: FeedPage, sentence: String) -> Result<Response, Failure> {
    let mut response = page(&FeedPage { sentence, ..template })?;
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept"));
    Ok(response)
}
