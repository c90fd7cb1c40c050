//! `/releases/{id}/history`: every version, every source, everything that happened to a release, and why.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::gone::{absent, read_id};
use crate::model::history::Explained;
use crate::model::{Outcome, VersionItem};
use crate::reading::history::Past;
use crate::web::error::Failure;
use crate::web::log::EntryView;
use crate::web::past::{AddressView, CopyView, CorrectionView, Moment, alike, known_by, said};
use crate::web::shell::{Shell, count};
use crate::web::state::App;
use crate::web::urls::Urls;
use crate::web::view::page;

/// A version in the list.
pub struct VersionRow {
    pub number: u32,
    pub current: bool,
    pub href: String,
    pub seen: Moment,
    /// Set for the first and where it differs from the one before.
    pub title: Option<String>,
    /// The stated date, set likewise.
    pub dated: Option<String>,
    pub changed: String,
    /// The version before, with the address of the comparison.
    pub compare: Option<(u32, String)>,
    pub source: String,
    pub address: Option<AddressView>,
    pub document: String,
    pub document_sha256: String,
    pub start: usize,
    pub end: usize,
    pub sha256: String,
    pub erased: bool,
}

impl VersionRow {
    fn of(version: &VersionItem, before: Option<&VersionItem>, past: &Past, urls: &Urls) -> Self {
        let id = past.item.id;
        Self {
            number: version.number,
            current: version.current,
            href: urls.version(id, version.number),
            seen: Moment::of(&version.seen_at),
            title: before.is_none_or(|before| before.title != version.title).then(|| version.title.clone()),
            dated: before
                .is_none_or(|before| before.published.edtf != version.published.edtf)
                .then(|| version.published.display_with_time()),
            changed: match (&version.edit, before) {
                (_, None) => "The first that the archive saw".into(),
                (Some(edit), _) => said(edit),
                (None, _) => String::new(),
            },
            compare: before.map(|before| (before.number, urls.compare(id, before.number, version.number))),
            source: version.source.name.clone(),
            address: version.url.as_deref().map(AddressView::of),
            document: version.document.clone(),
            document_sha256: version.document_sha256.clone(),
            start: version.at.start,
            end: version.at.end,
            sha256: version.sha256.clone(),
            erased: version.erased,
        }
    }

    /// The first characters of the checksum: enough to tell versions apart.
    fn short(&self) -> &str {
        self.sha256.get(..12).unwrap_or(&self.sha256)
    }
}

/// What was decided about one text, and why.
pub struct DecisionRow {
    pub at: Moment,
    pub document: String,
    pub place: u32,
    pub start: usize,
    pub end: usize,
    pub outcome: &'static str,
    /// By what it was recognised; empty where nothing like it was known.
    pub how: &'static str,
    pub alike: Option<String>,
    pub reason: String,
    /// The other release that it was compared with: id and address.
    pub other: Option<(String, String)>,
}

impl DecisionRow {
    fn of(explained: &Explained, urls: &Urls) -> Self {
        let decision = &explained.decision;
        Self {
            at: explained.decided_at.as_deref().map(Moment::of).unwrap_or_default(),
            document: explained.document.clone(),
            place: explained.position + 1,
            start: explained.at.start,
            end: explained.at.end,
            outcome: match decision.outcome {
                Outcome::New => "New",
                Outcome::Changed => "A new version",
                Outcome::Unchanged => "Unchanged",
                Outcome::Mirror => "The same release from another source",
            },
            how: decision.how.map_or("", known_by),
            alike: decision.score.map(alike),
            reason: decision.reason.clone(),
            other: explained.other.map(|id| (id.to_string(), urls.short(id))),
        }
    }
}

#[derive(Template)]
#[template(path = "history.html")]
struct HistoryPage {
    shell: Shell,
    title: String,
    /// Set where the text is not English.
    lang: Option<String>,
    permalink: String,
    sentence: String,
    /// Newest first.
    versions: Vec<VersionRow>,
    compare_form: String,
    /// Versions that the form offers first.
    from: u32,
    to: u32,
    source: String,
    source_address: Option<AddressView>,
    copies: Vec<CopyView>,
    corrections: Vec<CorrectionView>,
    former: Vec<AddressView>,
    entries: Vec<EntryView>,
    decisions: Vec<DecisionRow>,
    timemap: String,
    changes: String,
}

pub async fn history(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Failure> {
    let id = read_id(&id)?;
    let urls = app.urls();
    let Some(past) = app.archive().past(id).await? else { return absent(&app, id, |id, _| urls.history(id)).await };
    page(&history_page(&app, &past))
}

fn history_page(app: &App, past: &Past) -> HistoryPage {
    let (urls, overview) = (app.urls(), app.archive().overview());
    let item = &past.item;
    let befores = std::iter::once(None).chain(past.versions.iter().map(Some));
    let mut versions: Vec<VersionRow> =
        past.versions.iter().zip(befores).map(|(version, before)| VersionRow::of(version, before, past, urls)).collect();
    versions.reverse();
    let to = versions.first().map_or(1, |version| version.number);
    HistoryPage {
        shell: Shell::new(app, format!("History of “{}”", item.title), &urls.history(item.id))
            .described(format!("Every version of “{}” that the archive has seen, what changed, and where each was read.", item.title))
            .under(item.published.display(), urls.item(item)),
        title: item.title.clone(),
        lang: (item.lang != "en" && item.lang != "und").then(|| item.lang.clone()),
        permalink: urls.item(item),
        sentence: sentence(past),
        from: versions.get(1).map_or(to, |version| version.number),
        to,
        versions,
        compare_form: urls.compare_form(item.id),
        source: item.source.name.clone(),
        source_address: item.url.as_deref().map(AddressView::of),
        copies: past.history.copies.iter().map(|copy| CopyView::of(copy, &item.title)).collect(),
        corrections: past.history.corrections.iter().map(|correction| CorrectionView::of(correction, &overview)).collect(),
        former: past.history.former_urls.iter().map(|url| AddressView::of(url)).collect(),
        entries: past.events.iter().map(|event| EntryView::of(event, urls, &overview)).collect(),
        decisions: past.explained.iter().map(|explained| DecisionRow::of(explained, urls)).collect(),
        timemap: urls.timemap(item.id),
        changes: urls.changes(None, None),
    }
}

/// "2 versions; the current one was seen first on 3 May 2025."
fn sentence(past: &Past) -> String {
    let versions = count(past.versions.len() as u64, "version", "versions");
    let seen = Moment::of(&past.history.seen_at);
    let seen = match (seen.day.is_empty(), past.versions.len()) {
        (true, _) => String::new(),
        (false, 1) => format!(", seen on {}", seen.day),
        (false, _) => format!("; the current one was first seen on {}", seen.day),
    };
    let sources = match past.history.copies.len() as u64 {
        0 => String::new(),
        copies => format!("; {} it too", count(copies, "other source carries", "other sources carry")),
    };
    format!("{versions}{seen}{sources}.")
}
