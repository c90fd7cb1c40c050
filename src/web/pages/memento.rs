//! `/releases/{id}/timegate`, `/releases/{id}/timemap`: versions by their moments (RFC 7089).

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::gone::{absent, read_id};
use crate::reading::history::moment_of;
use crate::web::answer::typed;
use crate::web::error::Failure;
use crate::web::memento::{Named, asked_moment, companions, http_date, link, mementos, timemap};
use crate::web::state::App;

const ACCEPT_DATETIME: HeaderName = HeaderName::from_static("accept-datetime");

/// Leads to the version that was the current one at the moment asked for; without one, to the current version.
pub async fn gate(State(app): State<App>, Path(id): Path<String>, headers: HeaderMap) -> Result<Response, Failure> {
    let id = read_id(&id)?;
    let moment = headers.get(ACCEPT_DATETIME).map(asked_moment).transpose().map_err(Failure::BadRequest)?;
    let urls = app.urls();
    let Some(versions) = app.archive().versions(id).await? else { return absent(&app, id, |id, _| urls.timegate(id)).await };
    let chosen = moment.map_or(versions.list.last(), |moment| versions.at(moment)).ok_or(Failure::NotFound)?;
    let to = HeaderValue::from_str(&urls.version(id, chosen.number)).map_err(|_| Failure::Internal)?;
    let mut response = (StatusCode::FOUND, [(header::LOCATION, to)]).into_response();
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-datetime"));
    let mut links = vec![format!("<{}>; rel=\"original\"", urls.absolute(&urls.item(&versions.item))), timemap(urls, id)];
    links.extend(mementos(urls, &versions, Named::Ends));
    link(&mut response, &links);
    Ok(response)
}

/// Lists every version with its moment.
pub async fn map(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Failure> {
    let id = read_id(&id)?;
    let urls = app.urls();
    let Some(versions) = app.archive().versions(id).await? else { return absent(&app, id, |id, _| urls.timemap(id)).await };
    let moment = |at: Option<&crate::model::VersionItem>| at.and_then(|version| moment_of(&version.seen_at)).map(http_date);
    let span = match (moment(versions.list.first()), moment(versions.list.last())) {
        (Some(from), Some(until)) => format!("; from=\"{from}\"; until=\"{until}\""),
        _ => String::new(),
    };
    // Of the companions this is the map itself.
    let mut links: Vec<String> = companions(urls, id, &urls.item(&versions.item));
    links.pop();
    links.push(format!("<{}>; rel=\"self\"; type=\"application/link-format\"{span}", urls.absolute(&urls.timemap(id))));
    links.extend(mementos(urls, &versions, Named::All));
    Ok(typed("application/link-format", format!("{}\n", links.join(",\n"))))
}
