//! A message for a person: plain text, and the same as simple HTML.

use std::fmt::Write;

use askama::Template;

use super::Content;
use crate::fetch::mail::Letter;
use crate::index::{Part, Snippet};
use crate::ingest::alerts::Told;
use crate::model::release::fold_spaces;
use crate::model::text::without_steering;
use crate::model::{Event, ReleaseItem};
use crate::reading::Overview;
use crate::reading::history::moment_of;
use crate::web::log::EntryView;
use crate::web::pages::search::emphasised;
use crate::web::shell::{SITE, count, grouped};
use crate::web::urls::Urls;
use crate::web::view::DateView;

/// A release as a message names it.
struct Found {
    title: String,
    href: String,
    /// Date with its uncertainty, kind and publisher.
    about: String,
    /// In pieces, hits apart.
    snippet: Vec<(String, bool)>,
}

/// A change as a message names it.
struct Changed {
    line: String,
    summary: String,
    href: String,
}

#[derive(Template)]
#[template(path = "alert.html")]
struct Page<'a> {
    subject: &'a str,
    opening: &'a str,
    /// In pieces, words apart.
    read_as: Vec<Part>,
    search: &'a str,
    /// Where all of it is, what came last first.
    all: &'a str,
    found: &'a [Found],
    more: Option<String>,
    changed: &'a [Changed],
    more_changed: Option<String>,
    stop: &'a str,
    home: &'a str,
    site: &'a str,
}

pub(super) fn letter(content: &Content, told: Told<'_>, urls: &Urls, overview: &Overview) -> Result<Letter, String> {
    let name = plain(&told.alert.name);
    let found: Vec<Found> = content.items.iter().map(|(item, snippet)| found(item, snippet, urls)).collect();
    let changed: Vec<Changed> = content.changes.iter().map(|event| changed(event, urls, overview)).collect();
    let summed = summed(content);
    let subject = if told.is_test { format!("A test: {name}") } else { format!("{summed}: {name}") };
    let opening = if told.is_test {
        format!(
            "This is a test of the alert “{name}”. It tells of nothing; what the search finds from now on comes in messages such as this one."
        )
    } else {
        format!("{summed} for the alert “{name}” in {SITE}.")
    };
    let home = urls.absolute(&urls.home());
    let stop = format!(
        "You get this because the owner of the archive at {home} has set this alert up for your address. To change or stop it, ask the owner, \
         at the address that this message comes from."
    );
    let more = |total: usize, named: usize| (total > named).then(|| format!("and {} more", grouped((total - named) as u64)));
    let page = Page {
        subject: &subject,
        opening: &opening,
        read_as: emphasised(&content.read.read_as),
        search: &content.read.url,
        all: &content.feed_page,
        found: &found,
        more: more(content.total, found.len()),
        changed: &changed,
        more_changed: more(content.changes_total, changed.len()),
        stop: &stop,
        home: &home,
        site: SITE,
    };
    let html = page.render().map_err(|error| error.to_string())?;
    Ok(Letter {
        text: text(&page),
        html,
        message_id: format!("<{}.{}@{}>", told.alert.slug(), told.batch.id, content.archive_id),
        list_id: list_id(told, content, urls),
        unsubscribe: format!("unsubscribe {}", told.alert.slug()),
        date: moment_of(&told.batch.made_at).unwrap_or_default(),
        subject,
    })
}

/// "3 new releases", "1 change", "3 new releases and 1 change"
fn summed(content: &Content) -> String {
    let new = count(content.total as u64, "new release", "new releases");
    let changes = count(content.changes_total as u64, "change", "changes");
    match (content.total, content.changes_total) {
        (_, 0) => new,
        (0, _) => changes,
        _ => format!("{new} and {changes}"),
    }
}

fn found(item: &ReleaseItem, snippet: &Snippet, urls: &Urls) -> Found {
    let date = DateView::of(&item.published);
    let mut about = date.shown;
    about.extend(date.time.map(|time| format!(", {time}")));
    if !date.why.is_empty() {
        let _ = write!(about, " ({})", date.why);
    }
    let _ = write!(about, " · {} · {}", item.kind.label(), item.source.name);
    let mut pieces: Vec<(String, bool)> = snippet.parts.iter().map(|part| (spaced(&part.text), part.hit)).collect();
    if snippet.more_before {
        pieces.insert(0, ("… ".into(), false));
    }
    if snippet.more_after {
        pieces.push((" …".into(), false));
    }
    Found { title: plain(&item.title), href: urls.absolute(&urls.item(item)), about: plain(&about), snippet: pieces }
}

fn changed(event: &Event, urls: &Urls, overview: &Overview) -> Changed {
    let view = EntryView::of(event, urls, overview);
    let to = match (&view.compare, &view.release) {
        (Some((.., compare)), _) => compare.clone(),
        (None, Some((_, release))) => release.clone(),
        (None, None) => urls.change(event.entry),
    };
    Changed { line: plain(&view.line()), summary: plain(&view.summary()), href: urls.absolute(&to) }
}

fn text(page: &Page<'_>) -> String {
    // Stars would be read as signs of the search.
    let read_as: String = page.read_as.iter().map(|part| part.text.as_str()).collect();
    let mut text = format!("{}\n\nSearch: {read_as}\n{}\n", page.opening, page.search);
    for (number, found) in page.found.iter().enumerate() {
        let _ = write!(text, "\n{}. {}\n   {}\n", number + 1, found.title, found.about);
        // Plain text marks a word by stars.
        let snippet: String = found.snippet.iter().map(|(words, hit)| if *hit { format!("*{words}*") } else { words.clone() }).collect();
        if !snippet.trim().is_empty() {
            let _ = writeln!(text, "   {}", snippet.trim());
        }
        let _ = writeln!(text, "   {}", found.href);
    }
    if let Some(more) = &page.more {
        let _ = write!(text, "\n{more}: {}\n", page.all);
    }
    if !page.changed.is_empty() {
        text.push_str("\nChanges to releases of this search\n");
    }
    for change in page.changed {
        let _ = write!(text, "\n- {}\n", change.line);
        if !change.summary.is_empty() {
            let _ = writeln!(text, "  {}", change.summary);
        }
        let _ = writeln!(text, "  {}", change.href);
    }
    if let Some(more) = &page.more_changed {
        let _ = write!(text, "\n{more}: {}\n", page.all);
    }
    // RFC 3676, section 4.3: what stands below this line is the signature.
    let _ = write!(text, "\n-- \n{}\n", page.stop);
    text
}

/// RFC 2919: a label, and a namespace that belongs to whoever sends. An archive that has no name of its own in the world is on `localhost`.
fn list_id(told: Told<'_>, content: &Content, urls: &Urls) -> String {
    let home = urls.absolute("");
    let host = url::Url::parse(&home).ok().and_then(|home| home.domain().map(str::to_owned)).unwrap_or_else(|| "localhost".into());
    format!("<{}.{}.{host}>", told.alert.slug(), content.archive_id)
}

/// Words from a document, on one line and without characters that steer what stands around them.
fn plain(words: &str) -> String {
    fold_spaces(&without_steering(words))
}

/// A piece of a text: spaces at its ends part it from its neighbours.
fn spaced(words: &str) -> String {
    without_steering(words).chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect()
}
