//! `/api/v1/topics`, `/api/v1/mentions/{kind}`, `/api/v1/resolve`

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use super::answer::Answer;
use super::cursor::{self, Of};
use super::params::{Address, MAX_URL, MentionsOf, Paging, Place, TopicSlug};
use super::shapes::{Item, MentionCount, MentionList, Resolved, Topic, TopicInTime, TopicList};
use crate::model::MentionKind;
use crate::model::query::{Facet, Filters, SearchRequest};
use crate::web::error::Failure;
use crate::web::extract::Params;
use crate::web::pages::gone::absent;
use crate::web::state::App;

/// All topics
///
/// The archive’s vocabulary, in its own order, each topic with its scope, its place among the others and how many releases are about it.
#[utoipa::path(
    get, path = "/api/v1/topics", operation_id = "listTopics", tag = "Names",
    responses((status = 200, description = "The topics", body = TopicList)),
)]
pub async fn topics(State(app): State<App>) -> Result<Answer<TopicList>, Failure> {
    let (urls, overview) = (app.urls(), app.archive().overview());
    let items: Vec<Topic> = overview.topics.iter().map(|topic| Topic::of(topic, &overview, urls)).collect();
    Ok(Answer::new(TopicList { total: items.len() as u64, items, next: None }).paged(urls, "topics", "", None))
}

/// A topic
///
/// Its scope, and its releases over time.
#[utoipa::path(
    get, path = "/api/v1/topics/{slug}", operation_id = "getTopic", tag = "Names",
    params(TopicSlug),
    responses((status = 200, description = "The topic", body = TopicInTime)),
)]
pub async fn topic(State(app): State<App>, Path(slug): Path<String>) -> Result<Answer<TopicInTime>, Failure> {
    let overview = app.archive().overview();
    let topic = overview.topic(&slug).ok_or(Failure::NotFound)?;
    let filters = Filters::default().with(Facet::Topic, &slug);
    let answer = app.archive().search(SearchRequest { filters, ..SearchRequest::words("", app.today()) }).await?;
    Ok(Answer::new(TopicInTime::of(topic, &answer, app.urls())))
}

/// What releases name
///
/// Places, people or organisations of the whole archive, those that most releases name first.
#[utoipa::path(
    get, path = "/api/v1/mentions/{kind}", operation_id = "listMentions", tag = "Names",
    params(MentionsOf, Paging),
    responses((status = 200, description = "A page of the names", body = MentionList)),
)]
pub async fn mentions(State(app): State<App>, Path(name): Path<String>, params: Params) -> Result<Answer<MentionList>, Failure> {
    let kind = match name.as_str() {
        "places" => MentionKind::Place,
        "people" => MentionKind::Person,
        "organisations" => MentionKind::Organisation,
        _ => return Err(Failure::absent("kind", "There are places, people and organisations.")),
    };
    let place = Place::only(&params)?;
    let urls = app.urls();
    let of = Of { list: "mentions", asked: kind.token() };
    let generation = app.archive().overview().generation.store;
    let start = match &place.cursor {
        None => 0,
        Some(cursor) => match of.read::<(usize, i64)>(cursor)? {
            (start, made) if made == generation => start,
            _ => return Err(cursor::stale()),
        },
    };
    let all = app.archive().mentioned(kind).await?;
    let items: Vec<MentionCount> =
        all.iter().skip(start).take(place.limit).map(|mentioned| MentionCount::of(mentioned, kind, urls)).collect();
    let reached = start + items.len();
    let next = if reached < all.len() && !items.is_empty() { of.write(&(reached, generation)) } else { None };
    let list = MentionList { total: all.len() as u64, items, next: next.clone() };
    Ok(Answer::new(list).paged(urls, &format!("mentions/{name}"), &place.with_limit(""), next.as_deref()))
}

/// The release at an original address
///
/// Finds a release by the address at which it was published, in any form that the address ever had, or by its publisher’s number. What `/go`
/// does for people.
#[utoipa::path(
    get, path = "/api/v1/resolve", operation_id = "resolve", tag = "Names",
    params(Address),
    responses((status = 200, description = "The release", body = Resolved)),
)]
pub async fn resolve(State(app): State<App>, params: Params) -> Result<Response, Failure> {
    let asked = params.first("url");
    if asked.is_empty() {
        return Err(Failure::field("url", "Give the original address of a release, or its publisher’s number."));
    }
    if asked.chars().count() > MAX_URL {
        return Err(Failure::field("url", format!("At most {MAX_URL} characters are read.")));
    }
    let found = app.archive().named(asked).await?;
    let found = found.ok_or_else(|| Failure::absent("url", "The archive holds no release at that address or with that number."))?;
    let urls = app.urls();
    let Some(item) = app.archive().item(found.id).await? else {
        return absent(&app, found.id, |id, _| urls.api_release(id)).await;
    };
    let resolved = Resolved { asked: asked.to_owned(), wanted_lang: found.wanted, release: Item::of(&item, urls) };
    Ok(Answer::new(resolved).link(urls, "item", &urls.api_release(item.id)).into_response())
}
