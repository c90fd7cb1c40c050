//! `/api/v1/search`, `/api/v1/facets/{facet}`, `/api/v1/trends`

use axum::extract::{Path, State};

use super::answer::Answer;
use super::cursor::{self, Of};
use super::params::{
    Asked, FacetName, Filters, Order, PageNumber, Paging, TrendsAsked, Words, beyond, refuse, refuse_beyond_bounds, refuse_left_out,
};
use super::shapes::{FacetList, Results, Trends, Value, unknown, years};
use crate::model::query::{Facet, MAX_REACH, SearchRequest};
use crate::reading::search::SearchAnswer;
use crate::reading::trends::MAX_QUERIES;
use crate::web::error::Failure;
use crate::web::extract::{Params, TrendsForm};
use crate::web::state::App;

/// Search
///
/// Releases that match words and filters, with exact counts of every facet and a histogram. `read_as` says how the query was read, `notes`
/// what could not be read as meant. Hits can be paged to 1,000; `/api/v1/releases` lists all that the same words and filters find, by date.
#[utoipa::path(
    get, path = "/api/v1/search", operation_id = "search", tag = "Search",
    params(Words, Filters, Order, PageNumber, Paging),
    responses((status = 200, description = "What was found", body = Results)),
)]
pub async fn search(State(app): State<App>, params: Params) -> Result<Answer<Results>, Failure> {
    let asked = Asked::read(&params, app.today())?;
    let (answer, next) = find(&app, &asked).await?;
    let results = Results::of(&answer, next.clone(), app.urls());
    Ok(Answer::new(results).paged(app.urls(), "search", &asked.place.with_limit(&asked.query()), next.as_deref()))
}

/// What a search finds on the page that is asked for, and the cursor of the next.
///
/// # Errors
/// [`Failure::Fields`] for a place beyond reach, a cursor of another search, and what cannot be searched whole.
pub async fn find(app: &App, asked: &Asked) -> Result<(SearchAnswer, Option<String>), Failure> {
    let (query, limit) = (asked.query(), asked.place.limit);
    let of = Of { list: "search", asked: &query };
    let generation = app.archive().overview().generation.index;
    let offset = match &asked.place.cursor {
        Some(cursor) => offset(of.read(cursor)?, generation)?,
        None => (asked.page.get() as usize - 1) * limit,
    };
    if offset >= MAX_REACH {
        return Err(Failure::field("cursor", beyond()));
    }
    let request = SearchRequest { offset, limit: limit.min(MAX_REACH - offset), ..asked.request() };
    refuse_left_out(app.archive().read(&request)?.left_out.as_deref())?;
    let answer = app.archive().search(request).await?;
    let reached = offset + answer.found.len();
    let more = (reached as u64) < answer.total && reached < MAX_REACH && !answer.found.is_empty();
    let next = if more { of.write(&(reached, generation)) } else { None };
    Ok((answer, next))
}

/// Hits have numbers in one generation of the index only.
fn offset((offset, made): (usize, i64), generation: i64) -> Result<usize, Failure> {
    if made == generation { Ok(offset) } else { Err(cursor::stale()) }
}

/// The values of a facet
///
/// How many releases of a search (or of the whole archive) have each value of a topic, kind, place, person, source, language or year, those
/// of most releases first. Counts are exact.
#[utoipa::path(
    get, path = "/api/v1/facets/{facet}", operation_id = "listFacetValues", tag = "Search",
    params(FacetName, Words, Filters, Paging),
    responses((status = 200, description = "A page of the values", body = FacetList)),
)]
pub async fn facets(State(app): State<App>, Path(name): Path<String>, params: Params) -> Result<Answer<FacetList>, Failure> {
    let facet = Facet::ALL.into_iter().find(|facet| facet.token() == name);
    if facet.is_none() && name != "year" {
        let known: Vec<&str> = crate::web::api::params::facets().collect();
        return Err(Failure::absent("facet", format!("There are {}.", known.join(", "))));
    }
    let mut asked = Asked::read(&params, app.today())?;
    asked.form.url.sort = None;
    let query = asked.query();
    let asked_for = format!("{name}?{query}");
    let of = Of { list: "facets", asked: &asked_for };
    let generation = app.archive().overview().generation.index;
    let start = asked.place.cursor.as_deref().map_or(Ok(0), |cursor| offset(of.read(cursor)?, generation))?;
    let request = SearchRequest { limit: 0, ..asked.request() };
    refuse_left_out(app.archive().read(&request)?.left_out.as_deref())?;
    let answer = app.archive().search(request).await?;
    let mut values: Vec<Value> = facet.map_or_else(|| years(&answer), |facet| answer.facet(facet).iter().map(Value::from).collect());
    values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
    let total = values.len();
    let items: Vec<Value> = values.into_iter().skip(start).take(asked.place.limit).collect();
    let reached = start + items.len();
    let next = if reached < total && !items.is_empty() { of.write(&(reached, generation)) } else { None };
    let (unknown, read_as) = (unknown(&answer.unknown), answer.query.read_as);
    let list = FacetList { total: total as u64, items, next: next.clone(), releases: answer.total, read_as, unknown };
    Ok(Answer::new(list).paged(app.urls(), &format!("facets/{name}"), &asked.place.with_limit(&query), next.as_deref()))
}

/// Searches over time
///
/// How many releases of each day, month or year up to five searches find, beside how many there are with the same filters.
#[utoipa::path(
    get, path = "/api/v1/trends", operation_id = "getTrends", tag = "Search",
    params(TrendsAsked, Filters, super::params::HowRead),
    responses((status = 200, description = "The counts", body = Trends)),
)]
pub async fn trends(State(app): State<App>, params: Params) -> Result<Answer<Trends>, Failure> {
    compared(&app, &params).await.map(Answer::new)
}

/// Searches over time, as parameters ask for them.
///
/// # Errors
/// [`Failure::Fields`] for what cannot be read.
pub async fn compared(app: &App, params: &Params) -> Result<Trends, Failure> {
    let form = TrendsForm::read(params, app.today());
    // How a chart shows the numbers means nothing here.
    refuse(form.errors.iter().filter(|error| error.field != "as").cloned().collect())?;
    refuse_beyond_bounds(params)?;
    if params.count("q") > MAX_QUERIES {
        return Err(Failure::field("q", format!("At most {MAX_QUERIES} searches can be compared.")));
    }
    let trends = app.archive().trends(&form.request()).await?;
    refuse_left_out(trends.series.iter().find_map(|series| series.left_out.as_deref()))?;
    Ok(Trends::of(&trends, &form.url, app.urls()))
}
