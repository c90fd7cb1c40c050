//! `/releases/{id}`, `/releases/{id}.json`, `/releases/{id}.txt`, `/releases/{id}/{slug}`, `/go`

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::citing::{self, CiteView};
use super::gone::{absent, no_passage, no_version, quoted, read_id};
use super::passages::{BlockView, addressed, passages};
use super::release_past::{PastView, wanted};
use super::release_words::{basis, bounds, distinct, mention_view, role, shown_edtf};
use crate::index::grammar;
use crate::index::{Highlighter, Part};
use crate::model::date::long_day;
use crate::model::query::{Facet, SearchRequest};
use crate::model::text::without_steering;
use crate::model::{DocumentFormat, Evidence, MentionKind, Release, ReleaseId};
use crate::reading::overview::language_name;
use crate::reading::release::ReleaseAnswer;
use crate::web::answer::{led, see_other, typed};
use crate::web::api::json::full_release;
use crate::web::cite::{Reference, embedded};
use crate::web::error::Failure;
use crate::web::extract::{Params, line};
use crate::web::memento;
use crate::web::shell::{Alternate, Meta, Shell, count, grouped};
use crate::web::signposting;
use crate::web::state::App;
use crate::web::urls::SearchUrl;
use crate::web::view::{ItemView, html_lang, page, uncertainty};

/// Words of the text as evidence, with a link to the passage that they stand in.
pub struct Quote {
    pub words: String,
    pub start: usize,
    pub end: usize,
    pub anchor: Option<String>,
}

pub struct MentionView {
    pub name: String,
    pub role: Option<String>,
    pub href: String,
    pub times: usize,
}

pub struct DateRow {
    pub shown: String,
    pub role: &'static str,
    pub quote: Quote,
}

pub struct TopicView {
    pub label: String,
    pub href: String,
    pub stated: bool,
    pub words: Vec<String>,
}

#[derive(Template)]
#[template(path = "release.html")]
struct ReleasePage {
    shell: Shell,
    release: Release,
    /// What is said of a version or a passage that was asked for and is not there.
    unheld: Vec<String>,
    title: Vec<Part>,
    date: String,
    datetime: Option<String>,
    why: &'static str,
    reasons: Vec<String>,
    quotes: Vec<Quote>,
    bounds: String,
    basis: &'static str,
    kind_href: String,
    source_href: String,
    lang: String,
    language: String,
    past: PastView,
    blocks: Vec<BlockView>,
    hits: usize,
    q: String,
    back: String,
    topics: Vec<TopicView>,
    places: Vec<MentionView>,
    people: Vec<MentionView>,
    organisations: Vec<MentionView>,
    dates: Vec<DateRow>,
    permalink: String,
    json: String,
    txt: String,
    cite: CiteView,
    newer: Option<ItemView>,
    older: Option<ItemView>,
    related: Vec<(ItemView, String)>,
    entries: Vec<(ItemView, bool)>,
    document_size: String,
    loaded: String,
    sibling_count: String,
}

/// `/releases/{id}` redirects to the permalink; `/releases/{id}.json`, `.txt`, `.md`, `.bib`, `.ris` and `.csl.json` are files. One segment holds
/// id and suffix.
pub async fn short_or_file(State(app): State<App>, Path(file): Path<String>, params: Params) -> Result<Response, Failure> {
    let (id, extension) = file.split_once('.').unwrap_or((&file, ""));
    let id = read_id(id)?;
    let urls = app.urls();
    let named = citing::read(&params);
    let Some((release, history)) = app.archive().release_with_history(id).await? else {
        if let Some(number) = quoted(&app, id, named).await? {
            return Ok(see_other(&urls.version_part(id, number, extension, named.1)));
        }
        return absent(&app, id, |id, slug| if extension.is_empty() { urls.release(id, slug) } else { urls.release_file(id, extension) })
            .await;
    };
    // A file of the words that were meant.
    if let Some(number) = named.0.filter(|number| *number != history.version && !extension.is_empty()) {
        return match other_version(&app, id, number, extension, named.1).await? {
            Some(response) => Ok(response),
            None => Err(Failure::field("v", no_version(history.versions, number))),
        };
    }
    let mut response = match extension {
        "" => return Ok(led(&urls.release_read(&release.item, &asked(&params), named.0, named.1))),
        "json" => typed("application/json", serde_json::to_vec(&full_release(&release, &history, urls)).map_err(|_| Failure::Internal)?),
        "txt" => typed("text/plain; charset=utf-8", release.text.clone()),
        other => {
            let reference = Reference::of(&release, &history, urls, app.today());
            citing::file(other, reference, &release.text, &release.blocks, &params)?.ok_or(Failure::NotFound)?
        }
    };
    // Programs are told which page the file is another form of.
    let permalink = urls.absolute(&urls.item(&release.item));
    let mut links = vec![format!("<{permalink}>; rel=\"canonical\"")];
    links.extend(signposting::headers(&signposting::file(extension, &permalink)));
    memento::link(&mut response, &links);
    Ok(response)
}

/// The permalink.
pub async fn release(State(app): State<App>, Path((id, slug)): Path<(String, String)>, params: Params) -> Result<Response, Failure> {
    let typed_id = id;
    let id = read_id(&typed_id)?;
    let urls = app.urls();
    let (version, passage) = citing::read(&params);
    let Some(answer) = app.archive().release_page(id).await? else {
        if let Some(number) = quoted(&app, id, (version, passage)).await? {
            return Ok(see_other(&urls.version_read(id, number, passage)));
        }
        return absent(&app, id, |id, slug| urls.release(id, slug)).await;
    };
    let item = &answer.release.item;
    let q = asked(&params);
    // Words that were quoted from another version are shown as they were; the browser carries the anchor over.
    if let Some(version) = version.filter(|version| *version != answer.history.version)
        && let Some(response) = other_version(&app, id, version, "", passage).await?
    {
        return Ok(response);
    }
    if slug != item.slug || typed_id != id.as_str() {
        return Ok(led(&urls.release_read(item, &q, version, passage)));
    }
    let highlighter = app.archive().highlighter(&SearchRequest::words(q.as_str(), app.today()))?;
    // Where its versions are found by their moments (RFC 7089).
    let mut links = vec![memento::timegate(urls, id), memento::timemap(urls, id)];
    links.extend(signposting::headers(&signposting::landing(&answer.release, urls)));
    let asked = Asked { q, wanted: wanted(&params), version, passage };
    let mut response = page(&release_page(&app, answer, asked, &highlighter))?;
    memento::link(&mut response, &links);
    Ok(response)
}

/// The way to a version that is not the current one, or was split off; `None` for a number that the release never had.
async fn other_version(
    app: &App,
    id: ReleaseId,
    number: u32,
    extension: &str,
    passage: Option<usize>,
) -> Result<Option<Response>, Failure> {
    let urls = app.urls();
    if app.archive().version(id, number).await?.is_some() {
        return Ok(Some(see_other(&urls.version_part(id, number, extension, passage))));
    }
    let other = app.archive().split_off(id, number).await?;
    Ok(other.map(|other| led(&urls.version_part(other, 1, extension, passage))))
}

/// What a release was found by.
fn asked(params: &Params) -> String {
    line(params.first("q")).chars().take(grammar::MAX_CHARACTERS).collect()
}

/// `/go?url=`: the release at an original address.
pub async fn go(State(app): State<App>, params: Params) -> Result<Response, Failure> {
    let url = params.first("url").trim();
    if url.is_empty() {
        return Err(Failure::BadRequest("Give the original address of a release: /go?url=https://…".into()));
    }
    match app.archive().at_address(url).await? {
        Some(found) => Ok(see_other(&app.urls().at_address(&found))),
        None => Err(Failure::NotFound),
    }
}

/// What an address asks of the page beside the release.
struct Asked {
    /// What it was found by.
    q: String,
    /// The language that the reader wanted.
    wanted: Option<&'static str>,
    /// The version in which a passage was read, and the passage.
    version: Option<u32>,
    passage: Option<usize>,
}

fn release_page(app: &App, answer: ReleaseAnswer, asked: Asked, highlighter: &Highlighter) -> ReleasePage {
    let urls = app.urls();
    let Asked { q, wanted, version, passage } = asked;
    let (current, held) = (answer.history.version, answer.release.blocks.len());
    let mut unheld: Vec<String> = version
        .filter(|version| *version != current)
        .map(|version| format!("{} This is the current one, version {current}.", no_version(answer.history.versions, version)))
        .into_iter()
        .collect();
    unheld.extend(passage.filter(|passage| *passage > held).map(|passage| no_passage(held, passage)));
    let passage = passage.filter(|passage| *passage <= held);
    let reference = Reference::of(&answer.release, &answer.history, urls, app.today());
    let revised = answer.history.versions > 1;
    let past = PastView::of(app, &answer, wanted);
    let ReleaseAnswer { release, newer, older, related, entries, .. } = answer;
    let item = release.item.clone();
    let published = &item.published;
    let (mut blocks, hits) = passages(&release.text, &item.lang, &release.blocks, highlighter);
    addressed(&mut blocks, |number| (urls.passage(&item, current, number), urls.passage_cited(&item, current, number)));
    let mut shell = shell(app, &release).asked(&q);
    shell.named = embedded::metas(&reference, &item);
    shell.things.push(embedded::article(&reference, &item, revised, urls));
    let quote = |evidence: &Evidence| Quote {
        words: crate::model::release::fold_spaces(&evidence.text),
        start: evidence.start,
        end: evidence.end,
        anchor: release.blocks.iter().position(|block| block.span.contains(evidence.start)).map(|index| format!("#p{}", index + 1)),
    };
    let mentions = |kind: MentionKind| -> Vec<MentionView> {
        release.mentions.iter().filter(|mention| mention.kind == kind).map(|mention| mention_view(mention, urls)).collect()
    };
    let document = &release.document;
    ReleasePage {
        shell,
        unheld,
        title: highlighter.title_parts(&item.title, &item.lang),
        date: published.display_with_time(),
        datetime: published.sort_on.filter(|_| published.is_exact()).map(|day| day.to_string()),
        why: uncertainty(published),
        reasons: published.reasons.clone(),
        quotes: published.evidence.iter().map(quote).collect(),
        bounds: bounds(&release),
        basis: basis(&release),
        kind_href: urls.facet(Facet::Kind, item.kind.token()),
        source_href: urls.facet(Facet::Source, &item.source.slug),
        lang: html_lang(&item.lang).to_owned(),
        past,
        language: language_name(&item.lang).to_owned(),
        hits,
        blocks,
        back: urls.search(&SearchUrl::words(&q)),
        q,
        topics: release
            .topics
            .iter()
            .map(|(topic, assigned)| TopicView {
                label: topic.label.clone(),
                href: urls.topic(&topic.slug),
                stated: assigned.stated,
                words: distinct(assigned.evidence.iter().map(|evidence| crate::model::release::fold_spaces(&evidence.text))),
            })
            .collect(),
        places: mentions(MentionKind::Place),
        people: mentions(MentionKind::Person),
        organisations: mentions(MentionKind::Organisation),
        dates: release
            .dates
            .iter()
            .map(|date| DateRow { shown: shown_edtf(date), role: role(date.role), quote: quote(&date.evidence) })
            .collect(),
        permalink: urls.absolute(&urls.item(&item)),
        json: urls.release_file(item.id, "json"),
        txt: urls.release_file(item.id, "txt"),
        cite: CiteView::of_release(reference, &item, &release.text, &release.blocks, passage, urls),
        newer: newer.as_ref().map(|item| ItemView::of(item, urls)),
        older: older.as_ref().map(|item| ItemView::of(item, urls)),
        related: related
            .into_iter()
            .map(|(item, shares)| {
                let shares = shares.iter().map(|words| without_steering(words).into_owned()).collect::<Vec<_>>().join(", ");
                (ItemView::of(&item, urls), shares)
            })
            .collect(),
        entries: entries.iter().map(|entry| (ItemView::of(entry, urls), entry.seq == item.seq)).collect(),
        document_size: grouped(document.byte_length),
        loaded: release.loaded_at.get(..10).and_then(|day| day.parse().ok()).map(long_day).unwrap_or_default(),
        sibling_count: count(u64::from(document.releases), "release", "releases"),
        release,
    }
}

fn shell(app: &App, release: &Release) -> Shell {
    let (urls, item) = (app.urls(), &release.item);
    let lead: String = release
        .blocks
        .iter()
        .find(|block| block.kind == crate::model::BlockKind::Paragraph)
        .map(|block| crate::model::release::fold_spaces(block.span.of(&release.text)))
        .unwrap_or_default();
    let short = match lead.char_indices().nth(200) {
        Some((cut, _)) => format!("{}…", lead[..cut].rsplit_once(' ').map_or(&lead[..cut], |(kept, _)| kept)),
        None => lead,
    };
    let description = format!("{}, {}. {short}", item.source.name, item.published.display());
    let mut shell = Shell::new(app, &item.title, &urls.item(item)).described(description);
    shell.og_type = "article";
    if let Some(day) = item.published.sort_on {
        let month = crate::model::period::Period::Month(chrono::Datelike::year(&day), chrono::Datelike::month(&day));
        shell = shell.under("Dates", urls.dates()).under(month.label(), urls.period(month));
    }
    if let Some(day) = item.published.sort_on.filter(|_| item.published.is_exact()) {
        shell.metas.push(Meta { property: "article:published_time", content: day.to_string() });
    }
    for topic in &item.topics {
        shell.metas.push(Meta { property: "article:tag", content: topic.label.clone() });
    }
    shell.alternates.push(Alternate {
        media_type: "application/json",
        href: urls.release_file(item.id, "json"),
        title: "Everything known, as JSON",
    });
    shell.alternates.push(Alternate { media_type: "text/plain", href: urls.release_file(item.id, "txt"), title: "The text as published" });
    shell
}

impl ReleasePage {
    fn is_live(&self) -> bool {
        self.release.document.format == DocumentFormat::LivePage
    }
}
