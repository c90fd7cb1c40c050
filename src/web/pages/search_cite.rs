//! `/search/cite`: a search as a source, with what is needed to run it again and to check its result.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::citing::StyleView;
use super::search::emphasised;
use super::search_filters::narrowed;
use crate::index::Part;
use crate::reading::proof::Proved;
use crate::web::cite::search::SearchReference;
use crate::web::cite::{Style, wikipedia};
use crate::web::error::Failure;
use crate::web::extract::{Params, SearchForm};
use crate::web::shell::{SITE, Shell, count};
use crate::web::state::App;
use crate::web::urls::SearchUrl;
use crate::web::view::page;

#[derive(Template)]
#[template(path = "search_cite.html")]
struct SearchCitePage {
    shell: Shell,
    reference: SearchReference,
    read_as: Vec<Part>,
    found: String,
    day: String,
    /// The search itself.
    results: String,
    text: String,
    styles: Vec<StyleView>,
    wikipedia: String,
    /// Names, ids and words of the forms for reference managers.
    forms: Vec<(&'static str, &'static str, String)>,
    /// Commands that compute the checksum again.
    recipe: String,
    release_api: String,
}

pub async fn cite(State(app): State<App>, params: Params) -> Result<Response, Failure> {
    let form = SearchForm::read(&params, app.today());
    if let Some(error) = form.errors.first() {
        return Err(Failure::BadRequest(format!("{}: {}", error.field, error.message)));
    }
    let proved = app.archive().proved(form.request(0)).await?;
    if let Some(left_out) = &proved.matches.query.left_out {
        return Err(Failure::BadRequest(format!("q: only a part of this search could be read, so that it cannot be cited. {left_out}")));
    }
    let urls = app.urls();
    let search = SearchUrl { page: 1, show: None, by_name: false, ..form.url.clone() };
    let reference = reference(&app, &form, &search, &proved);
    let title = reference.title();
    let csl = serde_json::to_string_pretty(&[reference.csl()]).map_err(|_| Failure::Internal)?;
    page(&SearchCitePage {
        shell: Shell::new(&app, format!("Cite: {title}"), &urls.cite_search(&search))
            .under("Search", urls.search(&SearchUrl::default()))
            .under(title.clone(), urls.search(&search))
            .asked(&form.url.q)
            .unindexed(),
        read_as: emphasised(&proved.matches.query.read_as),
        found: count(reference.total, "release", "releases"),
        day: crate::model::date::long_day(app.today()),
        results: urls.search(&search),
        text: reference.text(),
        styles: Style::ALL.map(|style| StyleView::of(style, style.work(&reference.work(&title)))).into(),
        wikipedia: wikipedia::search(&reference),
        forms: vec![
            ("BibTeX", "search-bib", reference.bib()),
            ("RIS", "search-ris", reference.ris().replace("\r\n", "\n")),
            ("CSL-JSON", "search-csl", csl),
        ],
        recipe: format!(
            "curl -s '{}' |\n  jq -r '.id + \" \" + .sha256' |\n  LC_ALL=C sort | sha256sum",
            quoted(&urls.absolute(&urls.search_export(&search, "ndjson")))
        ),
        release_api: urls.api_releases(),
        reference,
    })
}

/// An address within single quotes of a shell.
fn quoted(url: &str) -> String {
    url.replace('\'', "%27")
}

fn reference(app: &App, form: &SearchForm, search: &SearchUrl, proved: &Proved) -> SearchReference {
    let (urls, overview, query) = (app.urls(), app.archive().overview(), &proved.matches.query);
    let unknown = proved.matches.unknown.iter().map(|(facet, value)| format!("{} “{value}” is not known to this archive.", facet.label()));
    SearchReference {
        q: search.q.clone(),
        read_as: query.read_as.replace('*', ""),
        notes: query.notes.iter().cloned().chain(query.left_out.clone()).chain(unknown).collect(),
        filters: narrowed(app, search),
        order: form.sort().label(),
        total: proved.matches.seqs.len() as u64,
        checksum: proved.checksum.clone(),
        archive: SITE,
        archive_id: overview.archive_id.clone(),
        generation: proved.matches.generation.store,
        day: app.today(),
        url: urls.absolute(&urls.search(search)),
    }
}
