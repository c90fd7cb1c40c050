//! `/releases/{id}/compare/{n}..{m}`: what changed between two versions, word by word.

mod rows;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::gone::{absent, lacks, read_id};
use super::versions::read_number;
use crate::model::{Substance, VersionItem};
use crate::reading::compare::Compared;
use crate::web::answer::{moved, see_other};
use crate::web::error::Failure;
use crate::web::extract::{Params, line};
use crate::web::past::{Moment, capital, words};
use crate::web::shell::{Shell, count};
use crate::web::state::App;
use crate::web::urls::Urls;
use crate::web::view::{html_lang, page};
use rows::{PieceView, Row, Rows, TrivialView, pieces};

/// One of the two versions.
pub struct SideView {
    pub number: u32,
    pub href: String,
    pub seen: Moment,
    pub current: bool,
}

#[derive(Template)]
#[template(path = "compare.html")]
struct ComparePage {
    shell: Shell,
    lang: String,
    from: SideView,
    to: SideView,
    /// The same two the other way round.
    reversed: String,
    history: String,
    permalink: String,
    /// What changed, counted.
    summary: String,
    coarse: bool,
    erased: bool,
    title: Vec<PieceView>,
    /// The stated dates, where they differ.
    dates: Option<(String, String)>,
    rows: Rows,
}

pub async fn compare(State(app): State<App>, Path((id, range)): Path<(String, String)>) -> Result<Response, Failure> {
    let id = read_id(&id)?;
    let urls = app.urls();
    let (from, to) = range.split_once("..").and_then(|(from, to)| read_number(from).zip(read_number(to))).ok_or(Failure::NotFound)?;
    let Some(versions) = app.archive().versions(id).await? else { return absent(&app, id, |id, _| urls.history(id)).await };
    if let Some(asked) = [from, to].into_iter().find(|number| versions.get(*number).is_none()) {
        return Err(lacks(&versions, asked, urls));
    }
    if from == to {
        return Ok(moved(&urls.version(id, from)));
    }
    let compared = app.archive().compare(id, from, to).await?.ok_or(Failure::NotFound)?;
    page(&compare_page(&app, &compared))
}

/// `/releases/{id}/compare?from=&to=`: where the form on the history page is sent.
pub async fn form(State(app): State<App>, Path(id): Path<String>, params: Params) -> Result<Response, Failure> {
    let id = read_id(&id)?;
    let number = |field: &str| {
        let typed = params.first(field);
        let wrong = || {
            let typed: String = line(typed).chars().take(40).collect();
            Failure::BadRequest(format!("{field}: “{typed}” is no number of a version; versions are counted from 1."))
        };
        read_number(typed).ok_or_else(wrong)
    };
    Ok(see_other(&app.urls().compare(id, number("from")?, number("to")?)))
}

fn side(version: &VersionItem, compared: &Compared, urls: &Urls) -> SideView {
    SideView {
        number: version.number,
        href: urls.version(compared.versions.item.id, version.number),
        seen: Moment::of(&version.seen_at),
        current: version.current,
    }
}

fn compare_page(app: &App, compared: &Compared) -> ComparePage {
    let urls = app.urls();
    let (item, comparison) = (&compared.versions.item, &compared.comparison);
    let (from, to) = (&compared.from.item, &compared.to.item);
    let rows = Rows::of(comparison);
    let summary = summary(compared, &rows);
    let path = urls.compare(item.id, from.number, to.number);
    let title = format!("Versions {} and {} of “{}” compared", from.number, to.number, item.title);
    ComparePage {
        shell: Shell::new(app, title, &path)
            .described(summary.clone())
            .unindexed()
            .under(item.published.display(), urls.item(item))
            .under("History", urls.history(item.id)),
        lang: html_lang(&compared.to.lang).to_owned(),
        from: side(from, compared, urls),
        to: side(to, compared, urls),
        reversed: urls.compare(item.id, to.number, from.number),
        history: urls.history(item.id),
        permalink: urls.item(item),
        summary,
        coarse: comparison.coarse,
        erased: from.erased || to.erased,
        title: pieces(&comparison.title),
        dates: comparison.edit.date.then(|| dates(compared)),
        rows,
    }
}

/// The stated dates in words, or as they are stated where the words would be the same.
fn dates(compared: &Compared) -> (String, String) {
    let shown = |version: &VersionItem| version.published.display_with_time();
    let (from, to) = (shown(&compared.from.item), shown(&compared.to.item));
    if from != to {
        return (from, to);
    }
    let stated = |stated: &Option<String>| stated.clone().unwrap_or_else(|| "none stated".into());
    (stated(&compared.from.given.published_on), stated(&compared.to.given.published_on))
}

/// "3 passages changed, 1 added: 12 words added, 4 removed; 2 trivial edits folded."
fn summary(compared: &Compared, rows: &Rows) -> String {
    let edit = &compared.comparison.edit;
    let tally = rows.tally();
    let mut passages: Vec<String> = Vec::new();
    for (number, what) in [(tally.changed, "changed"), (tally.added, "added"), (tally.removed, "removed"), (tally.moved, "moved")] {
        match (number, passages.is_empty()) {
            (0, _) => {}
            (number, true) => passages.push(format!("{} {what}", count(number, "passage", "passages"))),
            (number, false) => passages.push(format!("{number} {what}")),
        }
    }
    let mut parts = Vec::new();
    if edit.title {
        parts.push("the title changed".to_owned());
    }
    if edit.date {
        parts.push("the stated date changed".to_owned());
    }
    parts.extend(Some(passages.join(", ")).filter(|passages| !passages.is_empty()));
    let mut said = match (parts.is_empty(), words(edit)) {
        (true, _) if edit.substance == Substance::None => "Nothing differs".to_owned(),
        (true, _) => "No word differs".to_owned(),
        (false, words) if words.is_empty() => capital(&parts.join("; ")),
        (false, words) => format!("{}: {words}", capital(&parts.join("; "))),
    };
    if !rows.trivial.is_empty() {
        said.push_str(&format!("; {} folded", count(rows.trivial.len() as u64, "trivial edit", "trivial edits")));
    }
    said.push('.');
    said
}
