//! `/releases/{id}/linkset.json`: every typed link of a release in one document (RFC 9264).

use axum::extract::{Path, State};
use axum::response::Response;

use super::gone::{absent, read_id};
use crate::web::answer::typed;
use crate::web::error::Failure;
use crate::web::signposting::{LINKSET, linkset as links};
use crate::web::state::App;

pub async fn linkset(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Failure> {
    let id = read_id(&id)?;
    match app.archive().release(id).await? {
        Some(release) => Ok(typed(LINKSET, links(&release, app.urls()).to_string())),
        None => absent(&app, id, |id, _| app.urls().linkset(id)).await,
    }
}
