//! What is answered for a release that is not shown: where it went, or why it was withdrawn.

use axum::response::Response;

use crate::model::{Gone, ReleaseId};
use crate::reading::history::Versions;
use crate::web::answer::led;
use crate::web::cite::reference::one_line;
use crate::web::error::{Failure, Lacking, Tombstone};
use crate::web::past::Moment;
use crate::web::shell::{SITE, count};
use crate::web::state::App;
use crate::web::urls::Urls;

/// The id in an address, as typed.
pub fn read_id(typed: &str) -> Result<ReleaseId, Failure> {
    typed.parse().map_err(|()| Failure::NotFound)
}

/// The answer where no release is shown under an id: 410 with the reason for one that was withdrawn, the way to the other one where two were
/// found to be the same (`elsewhere` makes the address of its id and slug), 404 for an id that the archive never gave.
pub async fn absent(app: &App, id: ReleaseId, elsewhere: impl FnOnce(ReleaseId, &str) -> String) -> Result<Response, Failure> {
    match app.archive().gone(id).await? {
        None => Err(Failure::NotFound),
        Some(Gone::Merged(other, slug)) => Ok(led(&elsewhere(other, &slug))),
        Some(Gone::Withdrawn { title, date, source, reason, at, erased }) => {
            let publisher = if source.is_known() { source.name } else { String::new() };
            Err(Failure::Gone(Box::new(Tombstone { id, title, date, publisher, reason, at, erased })))
        }
    }
}

/// The answer where an address names a version that there is not.
pub fn lacks(versions: &Versions, asked: u32, urls: &Urls) -> Failure {
    let sentence = no_version(versions.list.len() as u32, asked);
    Failure::NoSuchVersion(Box::new(Lacking { sentence, history: urls.history(versions.item.id) }))
}

/// The address at which words stay that were quoted from a release that is held to be another one by now: `version` where the address named one,
/// else its last. `None` where nothing was quoted, or where the release is none of these.
pub async fn quoted(app: &App, id: ReleaseId, (version, passage): (Option<u32>, Option<usize>)) -> Result<Option<u32>, Failure> {
    if version.is_none() && passage.is_none() {
        return Ok(None);
    }
    let Some(lasting) = app.archive().lasting(id).await?.filter(|lasting| lasting.joined.is_some()) else { return Ok(None) };
    let number = version.unwrap_or(lasting.history.version);
    Ok(lasting.versions.get(number).map(|version| version.number))
}

/// "This version has 5 passages; there is no passage 50."
pub fn no_passage(held: usize, asked: usize) -> String {
    let passages = count(held as u64, "passage", "passages");
    format!("This version has {passages}; there is no passage {asked}.")
}

/// "This release has 2 versions; there is no version 9."
pub fn no_version(held: u32, asked: u32) -> String {
    let versions = count(u64::from(held), "version", "versions");
    format!("This release has {versions}; there is no version {asked}.")
}

/// What the page says of a withdrawn release.
pub struct GoneView {
    pub title: String,
    pub date: String,
    pub publisher: String,
    pub reason: String,
    pub at: Moment,
    /// How it is cited still, with the fact.
    pub citation: String,
}

impl GoneView {
    pub fn of(tombstone: &Tombstone, urls: &Urls) -> Self {
        let Tombstone { id, title, date, publisher, reason, at, .. } = tombstone.clone();
        let at = Moment::of(&at);
        let who = if publisher.is_empty() { String::new() } else { format!("{}. ", one_line(&publisher)) };
        let when = if date == "undated" { "n.d." } else { &date };
        let day = if at.day.is_empty() { String::new() } else { format!(", on {}", at.day) };
        let address = urls.absolute(&urls.short(id));
        let citation = format!("{who}“{}”. {}. Withdrawn from {SITE}{day}. {address}", one_line(&title), when.trim_end_matches('.'));
        Self { title, date, publisher, reason, at, citation }
    }
}
