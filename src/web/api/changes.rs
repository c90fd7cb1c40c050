//! `/api/v1/changes`

use axum::extract::State;

use super::answer::Answer;
use super::cursor::Of;
use super::params::{LogAsked, Paging, Place, refuse};
use super::shapes::{Change, ChangesList};
use crate::model::{EventKind, ReleaseId};
use crate::store::EventsAsked;
use crate::web::error::Failure;
use crate::web::extract::{FieldError, Params};
use crate::web::state::App;

/// Changes
///
/// The public log, newest first: what was added, changed, withdrawn, restored and put right, and why. To follow it, read until an `entry`
/// that is known.
#[utoipa::path(
    get, path = "/api/v1/changes", operation_id = "listChanges", tag = "Changes",
    params(LogAsked, Paging),
    responses((status = 200, description = "A page of the log", body = ChangesList)),
)]
pub async fn changes(State(app): State<App>, params: Params) -> Result<Answer<ChangesList>, Failure> {
    let mut errors = Vec::new();
    let place = Place::read(&params, &mut errors);
    let kind: Option<EventKind> = read(&params, "kind", &mut errors, || {
        let kinds: Vec<&str> = EventKind::ALL.iter().map(|kind| kind.token()).collect();
        format!("That is no kind of change. There are {}.", kinds.join(", "))
    });
    let release: Option<ReleaseId> =
        read(&params, "release", &mut errors, || "That is no id of a release: eight letters and digits are wanted.".to_owned());
    refuse(errors)?;
    let query = query(kind, release);
    let of = Of { list: "changes", asked: &query };
    let before = place.cursor.as_deref().map(|cursor| of.read::<i64>(cursor)).transpose()?;
    let seq = match release {
        None => None,
        Some(id) => {
            Some(app.archive().logged_as(id).await?.ok_or_else(|| Failure::absent("release", "The archive holds no release of that id."))?)
        }
    };
    let asked = EventsAsked { before, kind, seq, limit: place.limit as u32 };
    let page = app.archive().log(asked).await?;
    let total = app.archive().logged(asked).await?;
    let next = page.older.and_then(|entry| of.write(&entry));
    let list = ChangesList { total, items: page.events.iter().map(|event| Change::of(event, app.urls())).collect(), next: next.clone() };
    Ok(Answer::new(list).paged(app.urls(), "changes", &place.with_limit(&query), next.as_deref()))
}

/// A parameter that may be left out.
fn read<T: std::str::FromStr>(params: &Params, field: &'static str, errors: &mut Vec<FieldError>, wrong: impl Fn() -> String) -> Option<T> {
    match params.first(field) {
        "" => None,
        typed => match typed.parse() {
            Ok(value) => Some(value),
            Err(_) => {
                errors.push(FieldError { field, message: wrong() });
                None
            }
        },
    }
}

/// What is asked for, as an address says it.
fn query(kind: Option<EventKind>, release: Option<ReleaseId>) -> String {
    let kind = kind.map(|kind| format!("kind={kind}"));
    let release = release.map(|id| format!("release={id}"));
    [kind, release].into_iter().flatten().collect::<Vec<_>>().join("&")
}
