//! `/api/v1/releases/{id}` and what stands below it.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use super::answer::Answer;
use super::cursor::Of;
use super::params::{Id, Paging, Place, VersionNumber};
use super::shapes::{FullRelease, Mentions, VersionFull, VersionHead, VersionList};
use crate::web::answer::led;
use crate::web::error::Failure;
use crate::web::extract::Params;
use crate::web::pages::gone::{absent, lacks, read_id};
use crate::web::pages::versions::read_number;
use crate::web::state::App;

/// A release
///
/// Everything that is known of it: its text as published, the parts of the text, the date with its evidence, topics and names with the words
/// that earned them, sources, versions, corrections, and its place in its document.
#[utoipa::path(
    get, path = "/api/v1/releases/{id}", operation_id = "getRelease", tag = "Releases",
    params(Id),
    responses((status = 200, description = "The release", body = FullRelease)),
)]
pub async fn release(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Failure> {
    let id = read_id(&id)?;
    let urls = app.urls();
    match app.archive().release_with_history(id).await? {
        Some((release, history)) => Ok(Answer::new(FullRelease::of(&release, &history, urls)).into_response()),
        None => absent(&app, id, |id, _| urls.api_release(id)).await,
    }
}

/// The versions of a release
///
/// Every version that the archive has seen, oldest first, without their words.
#[utoipa::path(
    get, path = "/api/v1/releases/{id}/versions", operation_id = "listVersions", tag = "Releases",
    params(Id, Paging),
    responses((status = 200, description = "A page of the versions", body = VersionList)),
)]
pub async fn versions(State(app): State<App>, Path(id): Path<String>, params: Params) -> Result<Response, Failure> {
    let id = read_id(&id)?;
    let place = Place::only(&params)?;
    let urls = app.urls();
    let Some(versions) = app.archive().versions(id).await? else {
        return absent(&app, id, |id, _| urls.api_list(&format!("releases/{id}/versions"), "")).await;
    };
    let (name, of) = (format!("releases/{id}/versions"), Of { list: "versions", asked: id.as_str() });
    let behind: u32 = place.cursor.as_deref().map_or(Ok(0), |cursor| of.read(cursor))?;
    let mut rest = versions.list.iter().filter(|version| version.number > behind);
    let items: Vec<VersionHead> = rest.by_ref().take(place.limit).map(|version| VersionHead::of(version, &versions.item, urls)).collect();
    let next = rest.next().and(items.last()).and_then(|last| of.write(&last.version));
    let links = (place.with_limit(""), next.clone());
    let list = VersionList { total: versions.list.len() as u64, items, next };
    Ok(Answer::new(list).paged(urls, &name, &links.0, links.1.as_deref()).into_response())
}

/// A version of a release
///
/// The release as it was when the archive saw this version, word for word.
#[utoipa::path(
    get, path = "/api/v1/releases/{id}/versions/{number}", operation_id = "getVersion", tag = "Releases",
    params(Id, VersionNumber),
    responses((status = 200, description = "The version", body = VersionFull)),
)]
pub async fn version(State(app): State<App>, Path((id, number)): Path<(String, String)>) -> Result<Response, Failure> {
    let id = read_id(&id)?;
    let number = read_number(&number).ok_or(Failure::NotFound)?;
    let urls = app.urls();
    let Some(lasting) = app.archive().lasting(id).await? else {
        return absent(&app, id, |id, _| urls.api_list(&format!("releases/{id}/versions"), "")).await;
    };
    let Some(version) = app.archive().version(id, number).await? else {
        let other = app.archive().split_off(id, number).await?;
        return other
            .map(|other| led(&urls.api_list(&format!("releases/{other}/versions/1"), "")))
            .ok_or_else(|| lacks(&lasting.versions, number, urls));
    };
    Ok(Answer::new(VersionFull::of(&version, &lasting.release.item, urls)).into_response())
}

/// The names in a release
///
/// Places, people and organisations that it names, each with every place in the text.
#[utoipa::path(
    get, path = "/api/v1/releases/{id}/mentions", operation_id = "getMentions", tag = "Releases",
    params(Id),
    responses((status = 200, description = "The names", body = Mentions)),
)]
pub async fn mentions(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Failure> {
    let id = read_id(&id)?;
    let urls = app.urls();
    match app.archive().release(id).await? {
        Some(release) => Ok(Answer::new(Mentions::of(&release)).into_response()),
        None => absent(&app, id, |id, _| urls.api_list(&format!("releases/{id}/mentions"), "")).await,
    }
}
