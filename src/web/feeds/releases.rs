//! `/feed.atom`, `/topics/{slug}/feed.atom`, `/search/feed.atom?…`, and the same as `.json`.

use axum::extract::{Path, State};
use axum::response::Response;

use super::asked::{Asked, place};
use super::{atom, document, json, page, urn};
use crate::model::query::{Facet, Filters, SearchRequest};
use crate::reading::Overview;
use crate::reading::feed::{FeedAnswer, FeedPart, WithdrawnEntry};
use crate::reading::overview::named_language;
use crate::web::error::Failure;
use crate::web::extract::{Params, SearchForm};
use crate::web::shell::SITE;
use crate::web::state::App;
use crate::web::urls::{FeedForm, FeedPlace, Followed, SearchUrl, Urls};

/// A document of a feed of releases, whatever the form that it is written in.
pub struct Feed<'a> {
    pub urls: &'a Urls,
    pub overview: &'a Overview,
    pub followed: Followed,
    pub place: FeedPlace,
    /// What is followed, in words, without the archive's name.
    pub what: String,
    pub answer: FeedAnswer,
    /// Entries that are gone; in the document that is subscribed to alone.
    pub withdrawn: Vec<WithdrawnEntry>,
}

impl Feed<'_> {
    pub fn title(&self) -> String {
        if self.what.is_empty() { SITE.to_owned() } else { format!("{} · {SITE}", self.what) }
    }

    /// How the search was read, and what could not be; a sentence or more.
    pub fn reading(&self) -> String {
        let query = &self.answer.query;
        let read_as = (!query.read_as.is_empty()).then(|| format!("Read as: {}.", query.read_as.replace('*', "")));
        read_as.into_iter().chain(query.notes.iter().cloned()).collect::<Vec<_>>().join(" ")
    }

    pub fn id(&self) -> String {
        urn(&self.overview.archive_id, &self.followed.name())
    }

    /// The absolute address of a document of this feed.
    pub fn at(&self, form: FeedForm, place: FeedPlace) -> String {
        self.urls.absolute(&self.urls.feed(&self.followed, form, place))
    }

    /// The page that people read instead.
    pub fn home(&self) -> String {
        self.urls.absolute(&self.urls.followed(&self.followed))
    }

    /// The neighbours of this document among the pages (RFC 5005, section 3) and among the archive documents (section 4).
    pub fn neighbours(&self) -> Vec<(&'static str, FeedPlace)> {
        let answer = &self.answer;
        let mut links = Vec::new();
        let page = match self.place {
            FeedPlace::Archive(_) => None,
            FeedPlace::Page(number) => Some(number),
            FeedPlace::Current | FeedPlace::Before(_) | FeedPlace::Raw => Some(1),
        };
        if let Some(page) = page.filter(|_| answer.pages > 1) {
            links.push(("first", FeedPlace::Current));
            if page > 1 {
                links.push(("previous", FeedPlace::Page(page - 1)));
            }
            if page < answer.pages {
                links.push(("next", FeedPlace::Page(page + 1)));
            }
            links.push(("last", FeedPlace::Page(answer.pages)));
        }
        if page.is_none() {
            links.push(("current", FeedPlace::Current));
        }
        links.extend(answer.older.map(|number| ("prev-archive", FeedPlace::Archive(number))));
        links.extend(answer.newer.map(|number| ("next-archive", FeedPlace::Archive(number))));
        links
    }
}

/// Everything.
pub async fn site(State(app): State<App>, asked: Asked, params: Params) -> Result<Response, Failure> {
    answer(&app, Followed::Site, SearchRequest::words("", app.today()), String::new(), asked, &params).await
}

pub async fn topic(State(app): State<App>, Path(slug): Path<String>, asked: Asked, params: Params) -> Result<Response, Failure> {
    let label = app.archive().overview().topic(&slug).map(|topic| topic.label.clone()).ok_or(Failure::NotFound)?;
    let filters = Filters::default().with(Facet::Topic, &slug);
    let request = SearchRequest { filters, ..SearchRequest::words("", app.today()) };
    answer(&app, Followed::Topic(slug), request, label, asked, &params).await
}

/// Whatever a page of results can be asked for.
pub async fn search(State(app): State<App>, asked: Asked, params: Params) -> Result<Response, Failure> {
    let form = SearchForm::read(&params, app.today());
    // Order and page of the results mean nothing here.
    if let Some(error) = form.errors.iter().find(|error| !matches!(error.field, "sort" | "page")) {
        return Err(Failure::BadRequest(format!("{}: {}", error.field, error.message)));
    }
    let what = said(&form.url, &app.archive().overview());
    answer(&app, Followed::search(&form.url), form.request(0), what, asked, &params).await
}

async fn answer(
    app: &App,
    followed: Followed,
    request: SearchRequest,
    what: String,
    asked: Asked,
    params: &Params,
) -> Result<Response, Failure> {
    let (part, place) = place(params)?;
    let changed = app.archive().last_found().await?;
    let overview = app.archive().overview();
    let answer = app.archive().feed(request, part).await?.ok_or(Failure::NotFound)?;
    // Nobody notices that a feed is empty because of a slip in its address. A language may have lost its last release, or be still to come.
    let is_slip = |(facet, value): &&(Facet, String)| *facet != Facet::Lang || named_language(value).is_none();
    if let Some((facet, value)) = answer.unknown.iter().find(is_slip) {
        let sentence = format!("{}: “{value}” is not known to this archive, so nothing can be followed by it.", facet.token());
        return Err(Failure::BadRequest(sentence));
    }
    if let Some(left_out) = &answer.query.left_out {
        return Err(Failure::BadRequest(format!("q: only a part of this search could be followed. {left_out}")));
    }
    // What a search would have found cannot be asked any more: its feed names all that are gone, and who never held one passes over it.
    let topic = if let Followed::Topic(slug) = &followed { Some(slug.as_str()) } else { None };
    let current = part == FeedPart::Current;
    let withdrawn = if current { app.archive().lately_withdrawn(topic).await? } else { Vec::new() };
    let feed = Feed { urls: app.urls(), overview: &overview, followed, place, what, answer, withdrawn };
    if asked.page {
        return page::of_releases(app, &feed, asked.form);
    }
    let body = match asked.form {
        FeedForm::Atom => atom::releases(&feed),
        FeedForm::Json => json::releases(&feed),
    };
    Ok(document(asked.form, body, changed.as_deref()))
}

/// A search in words: “data strategy”, topic: Ukraine, from April 2025.
fn said(url: &SearchUrl, overview: &Overview) -> String {
    let words = (!url.q.is_empty()).then(|| format!("“{}”", url.q));
    let filters = url.filters.chosen().map(|(facet, value)| format!("{}: {}", facet.label().to_lowercase(), overview.label(facet, value)));
    let from = url.from.map(|from| format!("from {}", from.label()));
    let to = url.to.map(|to| format!("up to {}", to.label()));
    let parts: Vec<String> = words.into_iter().chain(filters).chain(from).chain(to).collect();
    if parts.is_empty() { "All releases".to_owned() } else { parts.join(", ") }
}
