//! `/api/v1`: the archive for programs, read-only.

pub mod json;

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use serde::Serialize;

use crate::model::ReleaseItem;
use crate::model::query::MAX_REACH;
use crate::reading::trends::MAX_QUERIES;
use crate::store::After;
use crate::web::answer::typed;
use crate::web::error::Failure;
use crate::web::extract::{Params, SearchForm, TrendsForm};
use crate::web::pages::gone::{absent, read_id};
use crate::web::state::App;

/// Items of a list that names no limit, and the most that one may ask for.
const LIMIT: usize = 20;
const MAX_LIMIT: usize = 100;

fn answer(value: &impl Serialize) -> Result<Response, Failure> {
    let mut response = typed("application/json", serde_json::to_vec(value).map_err(|_| Failure::Internal)?);
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    Ok(response)
}

fn limit(params: &Params) -> Result<usize, Failure> {
    match params.first("limit") {
        "" => Ok(LIMIT),
        typed => match typed.parse::<usize>() {
            Ok(limit) if (1..=MAX_LIMIT).contains(&limit) => Ok(limit),
            _ => Err(Failure::BadRequest(format!("limit: a whole number from 1 to {MAX_LIMIT} is wanted."))),
        },
    }
}

/// `/api/v1/releases?limit=&cursor=`: everything, newest first.
pub async fn releases(State(app): State<App>, params: Params) -> Result<Response, Failure> {
    let limit = limit(&params)?;
    let after = match params.first("cursor") {
        "" => None,
        cursor => Some(read_cursor(cursor).ok_or_else(|| Failure::BadRequest("cursor: give back the value of “next” as it was.".into()))?),
    };
    let (items, next) = app.archive().list(after, limit as u32).await?;
    answer(&json::list(app.archive().overview().releases, &items, next.map(cursor), app.urls()))
}

/// `/api/v1/releases/{id}`
pub async fn release(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Failure> {
    let id = read_id(&id)?;
    let urls = app.urls();
    let Some((release, history)) = app.archive().release_with_history(id).await? else {
        return absent(&app, id, |id, _| urls.api_release(id)).await;
    };
    answer(&json::full_release(&release, &history, urls))
}

/// `/api/v1/search`
pub async fn search(State(app): State<App>, params: Params) -> Result<Response, Failure> {
    let form = SearchForm::read(&params, app.today());
    if let Some(error) = form.errors.first() {
        return Err(Failure::BadRequest(format!("{}: {}", error.field, error.message)));
    }
    let limit = limit(&params)?;
    let mut request = form.request(limit);
    match params.first("cursor") {
        "" => {}
        cursor => {
            let offset = usize::from_str_radix(cursor, 16).ok().filter(|offset| *offset < MAX_REACH);
            request.offset = offset.ok_or_else(|| Failure::BadRequest("cursor: give back the value of “next” as it was.".into()))?;
        }
    }
    if request.offset + limit > MAX_REACH.max(limit) {
        return Err(Failure::BadRequest(format!("page: results can be paged to {MAX_REACH} hits.")));
    }
    request.limit = limit;
    let next = request.offset + limit;
    let answered = app.archive().search(request).await?;
    let more = (next as u64) < answered.total && next + limit <= MAX_REACH;
    if let Some(left_out) = &answered.query.left_out {
        return Err(Failure::BadRequest(format!("q: nothing was searched. A page would say: {left_out}")));
    }
    let items: Vec<&ReleaseItem> = answered.found.iter().map(|found| &found.item).collect();
    answer(&json::results(&answered, &items, more.then(|| format!("{next:x}")), app.urls()))
}

/// `/api/v1/trends`: what `/trends` shows, in numbers.
pub async fn trends(State(app): State<App>, params: Params) -> Result<Response, Failure> {
    let form = TrendsForm::read(&params, app.today());
    if let Some(error) = form.errors.first() {
        return Err(Failure::BadRequest(format!("{}: {}", error.field, error.message)));
    }
    if form.left_out > 0 {
        return Err(Failure::BadRequest(format!("q: at most {MAX_QUERIES} searches can be compared.")));
    }
    let trends = app.archive().trends(&form.request()).await?;
    if let Some(left_out) = trends.series.iter().find_map(|series| series.left_out.as_ref()) {
        return Err(Failure::BadRequest(format!("q: nothing was searched. A page would say: {left_out}")));
    }
    answer(&json::trends(&trends, &form.url, app.urls()))
}

/// A place in the list of everything, opaque to whoever is given it.
fn cursor(after: After) -> String {
    format!("{}.{}", after.sort_key.map(|key| format!("{key:x}")).unwrap_or_default(), after.id)
}

fn read_cursor(cursor: &str) -> Option<After> {
    let (key, id) = cursor.split_once('.')?;
    let sort_key = if key.is_empty() { None } else { Some(i64::from_str_radix(key, 16).ok()?) };
    Some(After { sort_key, id: id.parse().ok()? })
}
