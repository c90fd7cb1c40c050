//! `/releases/{id}/versions/{n}`, and as `.txt`, `.json`, `.md`, `.bib`, `.ris` and `.csl.json`: a release as it once was.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::response::Response;

use super::citing::{self, CiteView, Standing};
use super::gone::{absent, lacks, no_passage, read_id};
use super::passages::{BlockView, NoteView, addressed, passages};
use crate::index::Highlighter;
use crate::model::{ReleaseId, ReleaseItem, Version, VersionItem};
use crate::reading::history::{Lasting, Versions, moment_of};
use crate::reading::overview::language_name;
use crate::web::answer::{led, typed};
use crate::web::api::json::version as version_json;
use crate::web::cite::{Reference, embedded};
use crate::web::error::Failure;
use crate::web::extract::Params;
use crate::web::memento::{MEMENTO_DATETIME, Named, companions, http_date, link, mementos};
use crate::web::past::{AddressView, Moment, said};
use crate::web::shell::{Alternate, Shell};
use crate::web::signposting;
use crate::web::state::App;
use crate::web::urls::Urls;
use crate::web::view::{html_lang, page};

/// Another version, as a link.
pub struct VersionLink {
    pub number: u32,
    pub href: String,
    pub seen: Moment,
    pub current: bool,
    pub here: bool,
    /// Where it is compared with the version that is shown.
    pub compare: String,
}

#[derive(Template)]
#[template(path = "version.html")]
struct VersionPage {
    shell: Shell,
    version: VersionItem,
    /// "Version 2 of 4"
    place: String,
    title: String,
    date: String,
    /// For the words: the language that they are in.
    lang: String,
    language: String,
    seen: Moment,
    /// When the next version was seen.
    replaced: Option<Moment>,
    changed: String,
    address: Option<AddressView>,
    current: String,
    history: String,
    txt: String,
    json: String,
    permalink: String,
    cite: CiteView,
    blocks: Vec<BlockView>,
    /// Newest first.
    others: Vec<VersionLink>,
    previous: Option<VersionLink>,
    next: Option<VersionLink>,
    /// What is said of a passage that was asked for and is not there.
    unheld: Option<String>,
    /// The release that this one is held to be: title and address.
    joined: Option<(String, String)>,
    /// Of which release this was another version: its id, the number and the release's history.
    split_from: Option<(String, u32, String)>,
    /// What stands for the words of today: the release and the number of its version.
    today: (ReleaseItem, u32),
    /// The comparison with the current version, where this is another one.
    with_current: Option<(u32, String)>,
}

/// One segment holds number and suffix.
pub async fn version(State(app): State<App>, Path((id, file)): Path<(String, String)>, params: Params) -> Result<Response, Failure> {
    let id = read_id(&id)?;
    let (number, extension) = file.split_once('.').unwrap_or((&file, ""));
    let number = read_number(number).ok_or(Failure::NotFound)?;
    let urls = app.urls();
    let asked = citing::read(&params).1;
    let Some(lasting) = app.archive().lasting(id).await? else { return absent(&app, id, |id, _| urls.history(id)).await };
    let Some(version) = app.archive().version(id, number).await? else {
        // What was split off is the first version of a release of its own.
        let other = app.archive().split_off(id, number).await?;
        return other
            .map(|other| led(&urls.version_part(other, 1, extension, asked)))
            .ok_or_else(|| lacks(&lasting.versions, number, urls));
    };
    let Lasting { release, history, versions, joined } = lasting;
    let reference = Reference::version(&release, &history, &version, urls, app.today());
    let mut response = match extension {
        "" => {
            let held = version.blocks.len();
            let passage = asked.filter(|passage| *passage <= held);
            let mut shown = version_page(&app, &versions, &version, reference, passage);
            shown.unheld = asked.filter(|passage| *passage > held).map(|passage| no_passage(held, passage));
            shown.place_of(&app, &versions, &version, joined.as_ref()).await?;
            shown.note(&app, &versions, &version, passage).await?;
            page(&shown)?
        }
        "txt" => typed("text/plain; charset=utf-8", version.text.clone()),
        "json" => {
            let value = version_json(&version, &versions.item, urls);
            typed("application/json", serde_json::to_vec(&value).map_err(|_| Failure::Internal)?)
        }
        other => citing::file(other, reference, &version.text, &version.blocks, &params)?.ok_or(Failure::NotFound)?,
    };
    let page = urls.absolute(&urls.version(id, number));
    let typed = if extension.is_empty() { signposting::version(id, number, urls) } else { signposting::file(extension, &page) };
    remember(&mut response, &versions, &version.item, signposting::headers(&typed), urls);
    Ok(response)
}

/// A version's number as addresses write it: without sign and leading zeros.
pub fn read_number(typed: &str) -> Option<u32> {
    typed.parse::<u32>().ok().filter(|number| number.to_string() == typed)
}

/// What HTTP says of a version: its place in time, and `more`.
fn remember(response: &mut Response, versions: &Versions, version: &VersionItem, more: Vec<String>, urls: &Urls) {
    let permalink = urls.item(&versions.item);
    let mut links = companions(urls, versions.item.id, &permalink);
    links.extend(mementos(urls, versions, Named::Around(version.number)));
    links.push(format!("<{}>; rel=\"canonical\"", urls.absolute(&permalink)));
    links.extend(more);
    link(response, &links);
    let seen = moment_of(&version.seen_at).and_then(|seen| HeaderValue::from_str(&http_date(seen)).ok());
    if let Some(seen) = seen {
        response.headers_mut().insert(MEMENTO_DATETIME, seen);
    }
}

/// "Version 2 of 4"; where numbers are missing because a version was split off, "Version 5, one of 3".
pub fn place(number: u32, versions: &Versions) -> String {
    let held = versions.list.len();
    let last = versions.list.last().map_or(number, |last| last.number);
    if last as usize == held { format!("Version {number} of {held}") } else { format!("Version {number}, one of {held}") }
}

fn version_page(app: &App, versions: &Versions, version: &Version, reference: Reference, passage: Option<usize>) -> VersionPage {
    let urls = app.urls();
    let (item, own) = (&versions.item, &version.item);
    let link_to = |other: &VersionItem| VersionLink {
        number: other.number,
        href: urls.version(item.id, other.number),
        seen: Moment::of(&other.seen_at),
        current: other.current,
        here: other.number == own.number,
        compare: urls.compare(item.id, other.number.min(own.number), other.number.max(own.number)),
    };
    let last = versions.list.last().filter(|last| last.number != own.number);
    let next = versions.after(own.number);
    let permalink = urls.item(item);
    // The words of today stand at the release's own address.
    let mut shell = Shell::new(app, format!("Version {} of “{}”", own.number, own.title), &permalink).unindexed();
    shell = shell.under(item.published.display(), permalink.clone()).under("History", urls.history(item.id));
    shell.alternates.push(Alternate {
        media_type: "text/plain",
        href: urls.version_file(item.id, own.number, "txt"),
        title: "The text of this version as published",
    });
    let (mut blocks, _) = passages(&version.text, &version.lang, &version.blocks, &Highlighter::new(None));
    shell.named = embedded::metas(&reference, item);
    let number = own.number;
    addressed(&mut blocks, |at| (urls.version_passage(item.id, number, at), urls.version_passage_cited(item.id, number, at)));
    VersionPage {
        shell,
        cite: CiteView::of_version(reference, number, &version.text, &version.blocks, passage, urls),
        place: place(own.number, versions),
        title: own.title.clone(),
        date: own.published.display_with_time(),
        lang: html_lang(&version.lang).to_owned(),
        language: language_name(&version.lang).to_owned(),
        seen: Moment::of(&own.seen_at),
        replaced: next.map(|next| Moment::of(&next.seen_at)),
        changed: match (&own.edit, versions.before(own.number)) {
            (Some(edit), Some(_)) => said(edit),
            _ => String::new(),
        },
        address: own.url.as_deref().map(AddressView::of),
        history: urls.history(item.id),
        txt: urls.version_file(item.id, own.number, "txt"),
        json: urls.version_file(item.id, own.number, "json"),
        permalink: urls.absolute(&urls.version(item.id, own.number)),
        current: permalink,
        blocks,
        others: versions.list.iter().rev().map(link_to).collect(),
        previous: versions.before(own.number).map(link_to),
        next: next.map(link_to),
        with_current: last.map(|last| (last.number, urls.compare(item.id, own.number, last.number))),
        version: own.clone(),
        unheld: None,
        joined: None,
        split_from: None,
        today: (item.clone(), versions.list.last().map_or(own.number, |last| last.number)),
    }
}

impl VersionPage {
    /// Says where these words belong by now, where the owner ruled that their release is another one or that they are a release of their own.
    async fn place_of(
        &mut self,
        app: &App,
        versions: &Versions,
        version: &Version,
        joined: Option<&(ReleaseId, String)>,
    ) -> Result<(), Failure> {
        let (item, urls) = (&versions.item, app.urls());
        if version.item.number == 1 {
            let from = app.archive().split_from(item.id).await?;
            self.split_from = from.map(|(id, number)| (id.to_string(), number, urls.history(id)));
        }
        let Some((into, slug)) = joined else { return Ok(()) };
        let Some((other, history)) = app.archive().release_with_history(*into).await? else { return Ok(()) };
        self.current = urls.release(*into, slug);
        self.joined = Some((other.item.title.clone(), self.current.clone()));
        // The comparisons of this release lead to the other one.
        self.with_current = None;
        self.changed.clear();
        self.today = (other.item, history.version);
        Ok(())
    }

    /// Says beside a passage that was asked for what became of it, where this is not the current version.
    async fn note(&mut self, app: &App, versions: &Versions, version: &Version, passage: Option<usize>) -> Result<(), Failure> {
        let (today, last) = (&self.today.0, self.today.1);
        let joined = today.id != versions.item.id;
        let Some(number) = passage.filter(|_| joined || last != version.item.number) else { return Ok(()) };
        let Some(block) = version.blocks.get(number.saturating_sub(1)) else { return Ok(()) };
        let Some(current) = app.archive().version(today.id, last).await? else { return Ok(()) };
        let urls = app.urls();
        let there = |at| (format!("Go to passage {at} of the current version"), urls.passage(today, last, at));
        let (became, link) = match Standing::of(block.span.of(&version.text), number, &current.text, &current.blocks) {
            Standing::Unchanged(at) => (format!("It stands unchanged in the current version, as passage {at}."), there(at)),
            Standing::SameWords(at) => (format!("The current version has the same words, set otherwise, as passage {at}."), there(at)),
            Standing::Gone => (
                "The current version does not have these words.".to_owned(),
                if joined {
                    ("Go to the current version".to_owned(), urls.item(today))
                } else {
                    ("Compare the two".to_owned(), urls.compare(today.id, version.item.number, last))
                },
            ),
        };
        let quoted = version.item.number;
        if let Some(view) = self.blocks.get_mut(number.saturating_sub(1)) {
            view.note = Some(NoteView { words: format!("You are reading version {}, which was quoted. {became}", quoted), link });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_one_form() {
        assert_eq!(read_number("12"), Some(12));
        for wrong in ["", "0x1", "01", "+1", "-1", "1e3", "4294967296", "١"] {
            assert_eq!(read_number(wrong), None, "{wrong}");
        }
    }
}
