//! Pages about the archive itself, and the few files beside them.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::model::query::Facet;
use crate::web::error::Failure;
use crate::web::shell::{Shell, count};
use crate::web::state::App;
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
