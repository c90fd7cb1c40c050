//! `/api/v1/releases`: all that the archive holds, or all that a search finds, by date and without an end to it.

use axum::extract::State;

use super::answer::Answer;
use super::cursor::{self, Of};
use super::params::{Asked, Filters, LIST_SORTS, ListOrder, Paging, Words, refuse_left_out};
use super::shapes::{Item, ItemList, unknown};
use crate::model::ReleaseId;
use crate::model::query::Sort;
use crate::store::After;
use crate::web::error::Failure;
use crate::web::extract::Params;
use crate::web::state::App;

/// Releases by date
///
/// Everything that the archive holds, newest first, undated releases last; or all that words and filters find. However long the list is,
/// `next` leads through it without a hole or a repetition, but for
/// releases whose date changes meanwhile.
#[utoipa::path(
    get, path = "/api/v1/releases", operation_id = "listReleases", tag = "Releases",
    params(Words, Filters, ListOrder, Paging),
    responses((status = 200, description = "A page of the list", body = ItemList)),
)]
pub async fn releases(State(app): State<App>, params: Params) -> Result<Answer<ItemList>, Failure> {
    let mut asked = Asked::read(&params, app.today())?;
    let sort = listed(&params)?;
    // A search drops what says its own default, which depends on whether there are words.
    asked.form.url.sort = Some(sort).filter(|sort| *sort != Sort::Newest);
    let query = asked.query();
    let of = Of { list: "releases", asked: &query };
    let list = match query.is_empty() {
        true => whole(&app, &asked, of).await?,
        false => found(&app, &asked, sort, of).await?,
    };
    let next = list.next.clone();
    Ok(Answer::new(list).paged(app.urls(), "releases", &asked.place.with_limit(&query), next.as_deref()))
}

/// The order of the list, which is by date whether there are words or not.
fn listed(params: &Params) -> Result<Sort, Failure> {
    match params.first("sort") {
        "" => Ok(Sort::Newest),
        typed => LIST_SORTS
            .into_iter()
            .find(|sort| sort.token() == typed)
            .ok_or_else(|| Failure::field("sort", "The list can be sorted by newest or oldest. For the most relevant ask /api/v1/search.")),
    }
}

/// Everything, newest first.
async fn whole(app: &App, asked: &Asked, of: Of<'_>) -> Result<ItemList, Failure> {
    let after = match &asked.place.cursor {
        None => None,
        Some(cursor) => {
            let (sort_key, id): (Option<i64>, String) = of.read(cursor)?;
            Some(After { sort_key, id: id.parse().map_err(|()| cursor::stale())? })
        }
    };
    let (items, next) = app.archive().list(after, asked.place.limit as u32).await?;
    Ok(ItemList {
        total: app.archive().overview().releases,
        items: items.iter().map(|item| Item::of(item, app.urls())).collect(),
        next: next.and_then(|after| of.write(&(after.sort_key, after.id))),
        unknown: Vec::new(),
    })
}

/// What a search finds, from behind the release that a cursor names.
async fn found(app: &App, asked: &Asked, sort: Sort, of: Of<'_>) -> Result<ItemList, Failure> {
    let mut request = asked.request();
    request.sort = sort;
    refuse_left_out(app.archive().read(&request)?.left_out.as_deref())?;
    let matches = app.archive().every(request).await?;
    let start = match &asked.place.cursor {
        None => 0,
        Some(cursor) => {
            let (sort_key, id): (Option<i64>, String) = of.read(cursor)?;
            let id: ReleaseId = id.parse().map_err(|()| cursor::stale())?;
            let seq = app.archive().logged_as(id).await?.ok_or_else(cursor::stale)?;
            // One that has another date by now stands elsewhere, and what came before it there would be left out or come again.
            let stays = app.archive().items(&[seq]).await?.first().is_some_and(|item| item.sort_key == sort_key);
            let place = matches.seqs.iter().position(|found| *found == seq).filter(|_| stays);
            place.ok_or_else(cursor::stale)? + 1
        }
    };
    let page: Vec<i64> = matches.seqs.iter().skip(start).take(asked.place.limit).copied().collect();
    let items = app.archive().items(&page).await?;
    let more = start + page.len() < matches.seqs.len();
    Ok(ItemList {
        total: matches.seqs.len() as u64,
        next: items.last().filter(|_| more).and_then(|last| of.write(&(last.sort_key, last.id))),
        unknown: unknown(&matches.unknown),
        items: items.iter().map(|item| Item::of(item, app.urls())).collect(),
    })
}
