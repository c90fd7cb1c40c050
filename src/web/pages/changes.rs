//! `/changes`: what was added, changed, withdrawn, restored and put right, newest first.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::model::{Event, EventKind};
use crate::reading::changes::is_minor;
use crate::web::error::Failure;
use crate::web::extract::{Params, line};
use crate::web::log::{EntryView, plural};
use crate::web::shell::{Shell, count};
use crate::web::state::App;
use crate::web::urls::Followed;
use crate::web::view::page;

/// The entries of one day.
pub struct DayView {
    /// "3 May 2025"
    pub day: String,
    /// `2025-05-03`; empty for entries whose moment cannot be read.
    pub datetime: String,
    pub entries: Vec<EntryView>,
    /// Entries that are folded, with what the fold is called.
    pub folded: Vec<(String, Vec<EntryView>)>,
}

#[derive(Template)]
#[template(path = "changes.html")]
struct ChangesPage {
    shell: Shell,
    heading: String,
    /// Label, address, whether it is the one that is shown.
    kinds: Vec<(&'static str, String, bool)>,
    days: Vec<DayView>,
    /// Whether the list begins further back than the newest entry.
    back: bool,
    newest: String,
    older: Option<String>,
    feed: String,
    filtered: bool,
}

pub async fn changes(State(app): State<App>, params: Params) -> Result<Response, Failure> {
    let kind = asked_kind(&params)?;
    let before = asked_before(&params)?;
    let answer = app.archive().changes(kind, before).await?;
    let urls = app.urls();
    let heading = kind.map_or_else(|| "Changes".to_owned(), |kind| format!("Changes: {}", plural(kind).to_lowercase()));
    let title = before.map_or_else(|| heading.clone(), |before| format!("{heading}, before entry {before}"));
    let mut shell = Shell::new(&app, title, &urls.changes(kind, before))
        .described("What was added to the archive, what changed in it and why: new versions, withdrawals, corrections.");
    if kind.is_some() || before.is_some() {
        shell = shell.unindexed();
    }
    let feed = urls.changes_feed(kind);
    shell = shell.followed_by(&Followed::Changes(kind), "These changes as a feed");
    let mut kinds = vec![("All", urls.changes(None, None), kind.is_none())];
    kinds.extend(EventKind::ALL.iter().map(|one| (plural(*one), urls.changes(Some(*one), None), kind == Some(*one))));
    page(&ChangesPage {
        shell,
        heading,
        kinds,
        days: days(&answer.events, kind.is_none(), &app),
        back: before.is_some(),
        newest: urls.changes(kind, None),
        older: answer.older.map(|entry| urls.changes(kind, Some(entry))),
        feed,
        filtered: kind.is_some(),
    })
}

/// The kind of entry that an address asks for.
pub fn asked_kind(params: &Params) -> Result<Option<EventKind>, Failure> {
    match params.first("kind") {
        "" => Ok(None),
        typed => typed.parse().map(Some).map_err(|()| {
            let known: Vec<&str> = EventKind::ALL.iter().map(|kind| kind.token()).collect();
            let typed: String = line(typed).chars().take(40).collect();
            Failure::BadRequest(format!("kind: “{typed}” is no kind of change. There are {}.", known.join(", ")))
        }),
    }
}

/// The entry before which an address asks for some.
pub fn asked_before(params: &Params) -> Result<Option<i64>, Failure> {
    match params.first("before") {
        "" => Ok(None),
        typed => match typed.parse::<i64>() {
            Ok(entry) if entry > 0 => Ok(Some(entry)),
            _ => Err(Failure::BadRequest("before: the number of an entry is wanted, counted from 1.".into())),
        },
    }
}

/// Entries by the days on which they were logged, in their order; minor ones of a day folded where all kinds are shown.
fn days(events: &[Event], fold: bool, app: &App) -> Vec<DayView> {
    let (urls, overview) = (app.urls(), app.archive().overview());
    let mut days: Vec<DayView> = Vec::new();
    for events in events.chunk_by(|a, b| day_of(a) == day_of(b)) {
        let mut day = DayView { day: String::new(), datetime: String::new(), entries: Vec::new(), folded: Vec::new() };
        let (mut retouched, mut redescribed) = (Vec::new(), Vec::new());
        for event in events {
            let view = EntryView::of(event, urls, &overview);
            if day.day.is_empty() {
                day.day.clone_from(&view.at.day);
                day.datetime = view.at.datetime.get(..10).unwrap_or("").to_owned();
            }
            match event.what {
                EventKind::Retouched if fold => retouched.push(view),
                what if fold && is_minor(what) => redescribed.push(view),
                _ => day.entries.push(view),
            }
        }
        for (views, one, many) in [
            (retouched, "edit of typography only", "edits of typography only"),
            (
                redescribed,
                "release described anew by newer rules or vocabularies",
                "releases described anew by newer rules or vocabularies",
            ),
        ] {
            if !views.is_empty() {
                day.folded.push((count(views.len() as u64, one, many), views));
            }
        }
        days.push(day);
    }
    days
}

fn day_of(event: &Event) -> &str {
    event.at.get(..10).unwrap_or("")
}
