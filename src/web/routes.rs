//! Every route of the archive, in one table.

use axum::Router;
use axum::extract::{DefaultBodyLimit, OriginalUri, State};
use axum::http::{HeaderMap, Method, StatusCode, Version};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use tower_http::catch_panic::CatchPanicLayer;

use super::answer::moved;
use super::error::Failure;
use super::exports::{self, Form};
use super::extract::Params;
use super::state::App;
use super::{api, feeds, finding, layers, oai, pages};

/// The whole program as a service.
pub fn router(app: App) -> Router {
    let kept = Router::new()
        .route("/", get(pages::home::home))
        .route("/search", get(pages::search::search))
        .route("/search/cite", get(pages::search_cite::cite))
        .route("/dates", get(pages::dates::dates))
        .route("/dates/undated", get(pages::dates::undated))
        .route("/suggest", get(pages::suggest::suggest))
        .route("/trends", get(pages::trends::trends))
        .route("/trends.csv", get(pages::trends::csv))
        .route("/topics", get(pages::topics::topics))
        .route("/topics/{slug}", get(pages::topics::topic))
        .route("/releases/{file}", get(pages::release::short_or_file))
        .route("/releases/{id}/{slug}", get(pages::release::release))
        .route("/releases/{id}/linkset.json", get(pages::linkset::linkset))
        .route("/releases/{id}/history", get(pages::history::history))
        .route("/releases/{id}/versions/{file}", get(pages::versions::version))
        .route("/releases/{id}/compare", get(pages::compare::form))
        .route("/releases/{id}/compare/{range}", get(pages::compare::compare))
        .route("/releases/{id}/timegate", get(pages::memento::gate))
        .route("/releases/{id}/timemap", get(pages::memento::map))
        .route("/changes", get(pages::changes::changes))
        .route("/feed.atom", get(feeds::releases::site))
        .route("/feed.json", get(feeds::releases::site))
        .route("/topics/{slug}/feed.atom", get(feeds::releases::topic))
        .route("/topics/{slug}/feed.json", get(feeds::releases::topic))
        .route("/search/feed.atom", get(feeds::releases::search))
        .route("/search/feed.json", get(feeds::releases::search))
        .route("/changes.atom", get(feeds::changes::changes))
        .route("/changes.json", get(feeds::changes::changes))
        .route("/api/v1", get(api::root))
        .route("/api/v1/openapi.json", get(api::description))
        .route("/api/v1/docs", get(api::docs))
        .route("/api/v1/releases", get(api::releases))
        .route("/api/v1/releases/{id}", get(api::release))
        .route("/api/v1/releases/{id}/versions", get(api::versions))
        .route("/api/v1/releases/{id}/versions/{number}", get(api::version))
        .route("/api/v1/releases/{id}/mentions", get(api::release_mentions))
        .route("/api/v1/releases/{id}/cite", get(api::cite))
        .route("/api/v1/search", get(api::search))
        .route("/api/v1/facets/{facet}", get(api::facets))
        .route("/api/v1/trends", get(api::trends))
        .route("/api/v1/topics", get(api::topics))
        .route("/api/v1/topics/{slug}", get(api::topic))
        .route("/api/v1/mentions/{kind}", get(api::mentions))
        .route("/api/v1/resolve", get(api::resolve))
        .route("/api/v1/changes", get(api::changes))
        .route("/about", get(pages::about::about))
        .route("/help/search", get(pages::help::search_help))
        .route("/accessibility", get(pages::about::accessibility))
        .route("/privacy", get(pages::about::privacy))
        .route("/data", get(pages::data::data))
        .route("/robots.txt", get(finding::robots::robots))
        .route("/sitemap.xml", get(finding::sitemap::index))
        .route("/sitemaps/{file}", get(finding::sitemap::part))
        .route("/opensearch.xml", get(finding::opensearch::description))
        .route("/llms.txt", get(finding::llms::llms))
        .route("/.well-known/security.txt", get(finding::security::security))
        .route("/{year}", get(pages::dates::year))
        .route("/{year}/{month}", get(pages::dates::month))
        .route("/{year}/{month}/{day}", get(pages::dates::day))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app.clone(), layers::kept_pages));
    let fresh = Router::new()
        .route("/oai", get(oai::get).post(oai::post))
        .layer(DefaultBodyLimit::max(oai::MAX_FORM))
        .layer(from_fn_with_state(app.clone(), layers::in_turn));
    let exports = Form::ALL.into_iter().fold(Router::new(), |router, form| {
        router.route(
            &format!("/search/export.{}", form.extension()),
            get(move |State(app): State<App>, params: Params, method: Method, version: Version, headers: HeaderMap| {
                exports::export(app, form, params, (method, version), headers)
            }),
        )
    });
    Router::new()
        .merge(kept)
        .route("/data/{generation}/{file}", get(exports::files::file))
        .merge(exports)
        .merge(fresh)
        .route("/go", get(pages::release::go))
        .route("/static/{name}", get(pages::asset::asset))
        // Otherwise an address below it could be taken for a date.
        .route("/api/{*rest}", any(nothing_here))
        .route("/livez", get(livez))
        .route("/readyz", get(readyz))
        .fallback(nothing_here)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app.clone(), layers::failures))
        .layer(from_fn(api::cors::shared))
        .layer(from_fn(layers::security_headers))
        .with_state(app)
}

/// A defect of ours: the reader gets the page for it, the log what happened.
fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response {
    let what = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
    tracing::error!(what, "a handler panicked");
    Failure::Internal.into_response()
}

/// No route: an address with a slash at its end is the address without it, the rest is not found.
async fn nothing_here(State(app): State<App>, OriginalUri(uri): OriginalUri) -> Response {
    let path = uri.path();
    let bare = path.trim_end_matches('/');
    // An empty segment or a backslash at its start would make a host of what follows.
    if bare.len() == path.len() || bare.is_empty() || bare.contains("//") || bare.contains('\\') {
        return Failure::NotFound.into_response();
    }
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    moved(&format!("{}{query}", app.urls().to(bare)))
}

/// The process answers.
async fn livez() -> &'static str {
    "ok\n"
}

/// The archive can be read and searched.
async fn readyz(State(app): State<App>) -> Response {
    let overview = app.archive().overview();
    let reachable = app.archive().store().generation().await.is_ok();
    if !reachable {
        (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
    } else if overview.generation.index == 0 && overview.releases > 0 {
        (StatusCode::SERVICE_UNAVAILABLE, "the search index is being built\n").into_response()
    } else {
        "ready\n".into_response()
    }
}
