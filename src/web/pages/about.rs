//! Pages about the archive itself, and the few files beside them.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::model::query::Facet;
use crate::web::error::Failure;
use crate::web::shell::{Shell, count};
use crate::web::state::App;
use crate::web::urls::{SearchUrl, TrendsUrl};
use crate::web::view::page;

#[derive(Template)]
#[template(path = "about.html")]
struct AboutPage {
    shell: Shell,
    coverage: String,
    sources: Vec<(String, String, String)>,
    documents: String,
    archive_id: String,
}

pub async fn about(State(app): State<App>) -> Result<Response, Failure> {
    let (urls, overview) = (app.urls(), app.archive().overview());
    let shell = Shell::new(&app, "About this archive", &urls.page("about"))
        .described("What the archive holds and does not hold, how dates are known, and where every word comes from.")
        .at("about");
    let sources = overview
        .values(Facet::Source)
        .into_iter()
        .map(|(slug, releases)| {
            (overview.label(Facet::Source, slug), urls.facet(Facet::Source, slug), count(releases, "release", "releases"))
        })
        .collect();
    page(&AboutPage {
        coverage: shell.coverage.clone(),
        shell,
        sources,
        documents: count(overview.documents, "document", "documents"),
        archive_id: overview.archive_id.clone(),
    })
}

#[derive(Template)]
#[template(path = "accessibility.html")]
struct AccessibilityPage {
    shell: Shell,
}

pub async fn accessibility(State(app): State<App>) -> Result<Response, Failure> {
    let shell = Shell::new(&app, "Accessibility", &app.urls().page("accessibility")).described(
        "What has been done so that everyone can use the archive, what was tested, and how to switch off the keyboard shortcut.",
    );
    page(&AccessibilityPage { shell })
}

#[derive(Template)]
#[template(path = "privacy.html")]
struct PrivacyPage {
    shell: Shell,
}

pub async fn privacy(State(app): State<App>) -> Result<Response, Failure> {
    let shell = Shell::new(&app, "Privacy", &app.urls().page("privacy"))
        .described("No cookies, no tracking, no third parties; queries are not logged.");
    page(&PrivacyPage { shell })
}

#[derive(Template)]
#[template(path = "data.html")]
struct DataPage {
    shell: Shell,
    releases: String,
    search: String,
    trends: String,
    trends_csv: String,
    suggest: String,
    changes: String,
    generation: i64,
    archive_id: String,
}

pub async fn data(State(app): State<App>) -> Result<Response, Failure> {
    let (urls, overview) = (app.urls(), app.archive().overview());
    let trends = TrendsUrl { queries: vec!["resilience".into(), "deterrence".into()], ..TrendsUrl::default() };
    page(&DataPage {
        shell: Shell::new(&app, "Data", &urls.page("data"))
            .described("The archive for programs: JSON for every release, list and search.")
            .at("data"),
        releases: urls.absolute(&urls.api_releases()),
        search: urls.absolute(&urls.api_search(&SearchUrl::words("defence"))),
        trends: urls.absolute(&urls.api_trends(&trends)),
        suggest: format!("{}?q=ukr", urls.absolute(&urls.suggest())),
        changes: urls.absolute(&urls.changes_feed(None)),
        trends_csv: urls.absolute(&urls.trends_csv(&trends)),
        generation: overview.generation.store,
        archive_id: overview.archive_id.clone(),
    })
}
