//! `/search`

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::search_filters::{Chip, FacetView, LISTED, chips, facets, hidden, hidden_facets, hidden_reading, narrowed, years};
use crate::index::Part;
use crate::model::page::PageNumber;
use crate::model::query::{MAX_REACH, Match, SearchRequest, Sort};
use crate::reading::search::{SearchAnswer, WayOutKind};
use crate::web::answer::{see_other, typed};
use crate::web::charts::Chart;
use crate::web::error::Failure;
use crate::web::exports::Form;
use crate::web::extract::{FieldError, PAGE_SIZE, Params, SearchForm};
use crate::web::shell::{Alternate, Shell, count, grouped};
use crate::web::state::App;
use crate::web::urls::{FeedForm, Followed, SearchUrl, TrendsUrl};
use crate::web::view::{ItemView, PageLink, Pagination, page};

pub struct WayOutView {
    pub words: String,
    pub href: String,
    pub count: String,
}

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    shell: Shell,
    /// One sentence with count, range and order.
    sentence: String,
    read_as: Vec<Part>,
    /// The other ways to read the same words.
    readings: Vec<(&'static str, String)>,
    notes: Vec<String>,
    did_you_mean: Option<WayOutView>,
    /// Filters in use, so that new words in the box of the header keep them.
    hidden: Vec<(&'static str, String)>,
    hidden_facets: Vec<(&'static str, String)>,
    left_out: Option<String>,
    from_typed: String,
    to_typed: String,
    errors: Vec<FieldError>,
    from_error: Option<String>,
    to_error: Option<String>,
    chips: Vec<Chip>,
    clear: String,
    unknown: Vec<String>,
    sorts: Vec<(&'static str, String, bool)>,
    sort_token: Option<&'static str>,
    hidden_reading: Vec<(&'static str, &'static str)>,
    facets: Vec<FacetView>,
    /// Years with hits, newest first, where there is more than one.
    years: Vec<(i32, String, String)>,
    chart: Option<Chart>,
    results: Vec<ItemView>,
    start: usize,
    pagination: Option<Pagination>,
    too_many: Option<String>,
    ways_out: Vec<WayOutView>,
    browse: Vec<(String, String)>,
    cite: String,
    /// Where it is cited with its checksum.
    cite_href: String,
    api: String,
    /// All that it finds, in each form, by what people call the form.
    exports: Vec<(&'static str, String)>,
    /// Where this search is shown over time; only where it has words.
    trends: Option<String>,
    /// Where what this search finds is followed.
    follow: Option<String>,
}

pub async fn search(State(app): State<App>, params: Params) -> Result<Response, Failure> {
    let form = SearchForm::read(&params, app.today());
    if !form.errors.is_empty() {
        return faulty(&app, &form);
    }
    if let Some(found) = app.archive().named(&form.url.q).await? {
        return Ok(see_other(&app.urls().at_address(&found)));
    }
    let values = if form.url.show.is_some() { usize::MAX } else { LISTED };
    let answer = app.archive().search(SearchRequest { values, ..form.request(PAGE_SIZE) }).await?;
    let last = u32::try_from((answer.total as usize).min(MAX_REACH).div_ceil(PAGE_SIZE).max(1)).unwrap_or(1);
    if form.url.page > last {
        let last_page = SearchUrl { page: last, ..form.url.clone() };
        return Err(Failure::BadRequest(format!(
            "This search has {}, so there is no page {}. Its last page is {}.",
            count(u64::from(last), "page", "pages"),
            form.url.page,
            app.urls().absolute(&app.urls().search(&last_page))
        )));
    }
    page(&found_page(&app, &form, &answer, last))
}

/// The form with what is wrong in it, everything typed kept; 400.
fn faulty(app: &App, form: &SearchForm) -> Result<Response, Failure> {
    let urls = app.urls();
    let page = SearchPage {
        shell: shell(app, form, "Search: please check the filters"),
        sentence: "Nothing was searched yet.".into(),
        read_as: Vec::new(),
        readings: Vec::new(),
        notes: Vec::new(),
        did_you_mean: None,
        hidden: hidden(form),
        hidden_facets: hidden_facets(form),
        left_out: None,
        from_typed: form.from_typed.clone(),
        to_typed: form.to_typed.clone(),
        from_error: form.error("from").map(str::to_owned),
        to_error: form.error("to").map(str::to_owned),
        errors: form.errors.clone(),
        chips: chips(app, form),
        clear: urls.search(&SearchUrl::words(&form.url.q)),
        unknown: Vec::new(),
        sorts: Vec::new(),
        sort_token: form.url.sort.map(Sort::token),
        hidden_reading: hidden_reading(form),
        facets: Vec::new(),
        years: Vec::new(),
        chart: None,
        results: Vec::new(),
        start: 1,
        pagination: None,
        too_many: None,
        ways_out: Vec::new(),
        browse: Vec::new(),
        cite: String::new(),
        cite_href: String::new(),
        api: String::new(),
        exports: Vec::new(),
        trends: None,
        follow: None,
    };
    let mut response = typed("text/html; charset=utf-8", page.render()?);
    *response.status_mut() = axum::http::StatusCode::BAD_REQUEST;
    Ok(response)
}

fn found_page(app: &App, form: &SearchForm, answer: &SearchAnswer, last: u32) -> SearchPage {
    let urls = app.urls();
    let url = &form.url;
    let sentence = sentence(form, answer);
    let title = match (url.q.is_empty(), url.page) {
        (true, 1) => "All releases".to_owned(),
        (true, number) => format!("All releases, page {number}"),
        (false, 1) => format!("“{}”", url.q),
        (false, number) => format!("“{}”, page {number}", url.q),
    };
    let link = |number: u32| urls.search(&SearchUrl { page: number, ..url.clone() });
    let followed = Followed::search(url);
    let mut shell = shell(app, form, &title).described(sentence.clone());
    // What cannot be followed whole is not offered.
    let follows = answer.query.left_out.is_none() && answer.unknown.is_empty();
    if follows {
        shell = shell.followed_by(&followed, "This search as a feed");
    }
    shell.alternates.push(Alternate { media_type: "application/json", href: urls.api_search(url), title: "These results as JSON" });
    SearchPage {
        shell,
        cite: cite(app, form, answer),
        cite_href: urls.cite_search(url),
        api: urls.api_search(&SearchUrl { page: 1, ..url.clone() }),
        // A file of a part would be taken for all of it.
        exports: Form::ALL
            .into_iter()
            .filter(|_| answer.query.left_out.is_none())
            .map(|form| (form.label(), urls.search_export(url, form.extension())))
            .collect(),
        follow: follows.then(|| urls.current_feed(&followed, FeedForm::Atom)),
        trends: (!url.q.is_empty()).then(|| urls.trends(&TrendsUrl::of(url))),
        sentence,
        read_as: emphasised(&answer.query.read_as),
        readings: readings(app, form, answer),
        notes: answer.query.notes.clone(),
        did_you_mean: answer.did_you_mean.as_ref().map(|way| WayOutView {
            words: way.request.q.clone(),
            href: urls.search(&SearchUrl { q: way.request.q.clone(), page: 1, ..url.clone() }),
            count: count(way.count, "release", "releases"),
        }),
        hidden: hidden(form),
        hidden_facets: Vec::new(),
        left_out: answer.query.left_out.clone(),
        from_typed: url.from.map(|period| period.label()).unwrap_or_default(),
        to_typed: url.to.map(|period| period.label()).unwrap_or_default(),
        from_error: None,
        to_error: None,
        errors: Vec::new(),
        chips: chips(app, form),
        clear: urls.search(&SearchUrl::words(&url.q)),
        unknown: answer.unknown.iter().map(|(facet, value)| format!("{} “{value}” is not known to this archive.", facet.label())).collect(),
        sorts: sorts(form)
            .into_iter()
            .map(|(label, sort, current)| (label, urls.search(&SearchUrl { sort, page: 1, ..url.clone() }), current))
            .collect(),
        sort_token: url.sort.map(Sort::token),
        hidden_reading: hidden_reading(form),
        facets: facets(app, form, answer),
        years: years(app, form, answer),
        chart: Chart::of_search(&answer.histogram, urls, url).filter(|chart| chart.bars.len() > 1),
        results: answer
            .found
            .iter()
            .map(|found| ItemView {
                href: urls.hit(&found.item, &url.q),
                title: found.title.clone(),
                snippet: Some(found.snippet.clone()).filter(|snippet| !snippet.parts.is_empty()),
                ..ItemView::of(&found.item, urls)
            })
            .collect(),
        start: PageNumber::new(url.page).map_or(1, |number| number.offset(PAGE_SIZE) + 1),
        pagination: Pagination::new("Pages of results", url.page, last, link),
        too_many: (answer.total as usize > MAX_REACH && url.page == last).then(|| {
            format!(
                "These are the first {} of {} releases. Add words or filters to reach the others.",
                grouped(MAX_REACH as u64),
                grouped(answer.total)
            )
        }),
        ways_out: ways_out(app, form, answer),
        browse: vec![
            ("all dates".into(), urls.dates()),
            ("all topics".into(), urls.topics()),
            ("all releases".into(), urls.search(&SearchUrl::default())),
        ],
    }
}

fn shell(app: &App, form: &SearchForm, title: &str) -> Shell {
    Shell::new(app, title, &app.urls().search(&form.url))
        .under("Search", app.urls().search(&SearchUrl::default()))
        .asked(&form.url.q)
        .unindexed()
        .at(if form.url.q.is_empty() { "search" } else { "" })
}

/// How a query was read, its words apart: the sentence has them between stars.
pub fn emphasised(sentence: &str) -> Vec<Part> {
    sentence
        .split('*')
        .enumerate()
        .map(|(index, text)| Part { text: text.to_owned(), hit: index % 2 == 1 })
        .filter(|part| !part.text.is_empty())
        .collect()
}

/// Links to the other ways to read the same words.
fn readings(app: &App, form: &SearchForm, answer: &SearchAnswer) -> Vec<(&'static str, String)> {
    let query = &answer.query;
    let link = |changed: SearchUrl| app.urls().search(&SearchUrl { page: 1, ..changed });
    let with = |wanted: Match| link(SearchUrl { wanted, ..form.url.clone() });
    let mut readings = Vec::new();
    if let Some(used) = query.used {
        if used != Match::All {
            readings.push(("Search for all of the words", with(if query.long { Match::All } else { Match::Auto })));
        }
        if used != Match::Auto && query.long {
            readings.push(("Search for most of the words", with(Match::Auto)));
        }
        if used != Match::Any {
            readings.push(("Search for any of the words", with(Match::Any)));
        }
    }
    if query.has_variants {
        let label = if form.url.plain { "With other spellings and names" } else { "Only these spellings and names" };
        readings.push((label, link(SearchUrl { plain: !form.url.plain, ..form.url.clone() })));
    }
    readings
}

fn sentence(form: &SearchForm, answer: &SearchAnswer) -> String {
    let url = &form.url;
    let found = count(answer.total, "release", "releases");
    let what = if url.q.is_empty() { format!("{found} in the archive") } else { format!("{found} for “{}”", url.q) };
    let what = if url.q.is_empty() && !url.filters.is_empty() { format!("{found} with these filters") } else { what };
    let when = match (url.from, url.to) {
        (Some(from), Some(to)) if from == to => format!(", in {}", from.label()),
        (Some(from), Some(to)) => format!(", from {} to {}", from.label(), to.label()),
        (Some(from), None) => format!(", from {} on", from.label()),
        (None, Some(to)) => format!(", up to {}", to.label()),
        (None, None) => String::new(),
    };
    let pages = if url.page > 1 { format!(" Page {}.", url.page) } else { String::new() };
    if answer.total > 1 { format!("{what}{when}, {}.{pages}", form.sort().label()) } else { format!("{what}{when}.") }
}

fn sorts(form: &SearchForm) -> Vec<(&'static str, Option<Sort>, bool)> {
    let default = form.default_sort();
    Sort::ALL
        .into_iter()
        .filter(|sort| *sort != Sort::Relevance || default == Sort::Relevance)
        .map(|sort| {
            let label = match sort {
                Sort::Relevance => "Relevance",
                Sort::Newest => "Newest",
                Sort::Oldest => "Oldest",
                Sort::Arrived | Sort::Number => "Last come",
            };
            (label, (sort != default).then_some(sort), sort == form.sort())
        })
        .collect()
}

fn ways_out(app: &App, form: &SearchForm, answer: &SearchAnswer) -> Vec<WayOutView> {
    let (urls, url) = (app.urls(), &form.url);
    answer
        .ways_out
        .iter()
        .map(|way| {
            let changed = SearchUrl { q: way.request.q.clone(), page: 1, ..url.clone() };
            let (words, changed) = match &way.kind {
                WayOutKind::WithoutFilter(facet, value) => (
                    format!("without the filter {}: {}", facet.label(), answer.overview.label(*facet, value)),
                    SearchUrl { filters: url.filters.without(*facet, value), ..changed },
                ),
                WayOutKind::WithoutDates => ("at any date".to_owned(), SearchUrl { from: None, to: None, ..changed }),
                WayOutKind::WithoutFilters => {
                    ("without any filter".to_owned(), SearchUrl { from: None, to: None, filters: Default::default(), ..changed })
                }
                WayOutKind::WithoutWord(word) => (format!("without “{word}”"), changed),
                WayOutKind::AnyWord => ("for any of the words".to_owned(), SearchUrl { wanted: Match::Any, ..changed }),
                WayOutKind::Corrected => (format!("for “{}”", way.request.q), changed),
            };
            WayOutView { words, href: urls.search(&changed), count: count(way.count, "release", "releases") }
        })
        .collect()
}

/// A search in one sentence: what was searched, what it found and when, and its address at the end, where no stop is taken into it.
fn cite(app: &App, form: &SearchForm, answer: &SearchAnswer) -> String {
    let url = SearchUrl { page: 1, show: None, by_name: false, ..form.url.clone() };
    let narrowed = narrowed(app, &url);
    format!(
        "{}, search {}{}: {}. Generation {}, {}. {}",
        crate::web::shell::SITE,
        if url.q.is_empty() { "of all releases".to_owned() } else { format!("for “{}”", url.q) },
        if narrowed.is_empty() { String::new() } else { format!(" ({})", narrowed.join("; ")) },
        count(answer.total, "release", "releases"),
        grouped(answer.overview.generation.store.unsigned_abs()),
        crate::model::date::long_day(app.today()),
        app.urls().absolute(&app.urls().search(&url)),
    )
}
