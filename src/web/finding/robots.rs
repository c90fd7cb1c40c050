//! `/robots.txt` (RFC 9309).

use axum::extract::State;
use axum::response::Response;

use crate::web::answer::typed;
use crate::web::state::App;

/// What has no end or says nothing new: results and what narrows them, suggestions, comparisons of any two versions, and as data what pages say.
const LEFT_ALONE: [&str; 6] = ["/search", "/trends", "/suggest", "/go", "/api/", "/releases/*/compare"];

/// Feeds of searches are asked for by programs, one address each that somebody gave them. What describes the interface for programs, and its list
/// of releases, is what `/llms.txt` leads to.
const READ: [&str; 5] = ["/search/feed.", "/api/v1/openapi.json", "/api/v1/docs", "/api/v1/releases$", "/api/v1/releases?cursor="];

/// Robots are asked to read lists and releases instead.
pub async fn robots(State(app): State<App>) -> Response {
    let (urls, prefix) = (app.urls(), app.urls().prefix());
    let rules = |name: &str, paths: &[&str]| paths.iter().map(|path| format!("{name}: {prefix}{path}\n")).collect::<String>();
    typed(
        "text/plain; charset=utf-8",
        format!(
            "User-agent: *\n{}{}\nSitemap: {}\n",
            rules("Allow", &READ),
            rules("Disallow", &LEFT_ALONE),
            urls.absolute(&urls.sitemap())
        ),
    )
}
