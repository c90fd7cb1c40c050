//! `/search`

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::index::Part;
use crate::model::page::PageNumber;
use crate::model::period::Period;
use crate::model::query::{Facet, MAX_REACH, Sort};
use crate::reading::search::{SearchAnswer, WayOutKind};
use crate::web::answer::typed;
use crate::web::charts::Chart;
use crate::web::error::Failure;
use crate::web::extract::{FieldError, PAGE_SIZE, Params, SearchForm};
use crate::web::shell::{Alternate, Shell, count, grouped};
use crate::web::state::App;
use crate::web::urls::SearchUrl;
use crate::web::view::{ItemView, PageLink, Pagination, page};

/// Values of a facet that are seen before "more" is opened.
const SHOWN: usize = 8;

pub struct Chip {
    pub label: String,
    pub href: String,
}

pub struct FacetView {
    pub token: &'static str,
    pub label: &'static str,
    pub shown: Vec<ValueView>,
    pub more: Vec<ValueView>,
}

pub struct ValueView {
    pub value: String,
    pub label: String,
    pub count: String,
    pub selected: bool,
}

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
    api: String,
}

pub async fn search(State(app): State<App>, params: Params) -> Result<Response, Failure> {
    let form = SearchForm::read(&params, app.today());
    if !form.errors.is_empty() {
        return faulty(&app, &form);
    }
    let answer = app.archive().search(form.request(PAGE_SIZE)).await?;
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
        api: String::new(),
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
    let mut shell = shell(app, form, &title).described(sentence.clone());
    shell.alternates.push(Alternate { media_type: "application/json", href: urls.api_search(url), title: "These results as JSON" });
    SearchPage {
        shell,
        cite: cite(app, form, answer),
        api: urls.api_search(&SearchUrl { page: 1, ..url.clone() }),
        sentence,
        read_as: emphasised(&answer.reading.read_as),
        hidden: hidden(form),
        hidden_facets: Vec::new(),
        left_out: answer.reading.left_out.clone(),
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
        facets: facets(answer),
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
        .at("search")
}

/// How a query was read, its words apart: the sentence has them between stars.
fn emphasised(sentence: &str) -> Vec<Part> {
    sentence
        .split('*')
        .enumerate()
        .map(|(index, text)| Part { text: text.to_owned(), hit: index % 2 == 1 })
        .filter(|part| !part.text.is_empty())
        .collect()
}

fn hidden(form: &SearchForm) -> Vec<(&'static str, String)> {
    let dates = [("from", &form.from_typed), ("to", &form.to_typed)].into_iter().filter(|(_, typed)| !typed.is_empty());
    let mut hidden: Vec<_> = dates.map(|(name, typed)| (name, typed.clone())).collect();
    hidden.extend(hidden_facets(form));
    hidden
}

fn hidden_facets(form: &SearchForm) -> Vec<(&'static str, String)> {
    form.url.filters.chosen().map(|(facet, value)| (facet.token(), value.to_owned())).collect()
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

fn chips(app: &App, form: &SearchForm) -> Vec<Chip> {
    let (urls, url, overview) = (app.urls(), &form.url, app.archive().overview());
    let first = |changed: SearchUrl| urls.search(&SearchUrl { page: 1, ..changed });
    let mut chips = Vec::new();
    if let Some(from) = url.from {
        chips.push(Chip { label: format!("From {}", from.label()), href: first(SearchUrl { from: None, ..url.clone() }) });
    }
    if let Some(to) = url.to {
        chips.push(Chip { label: format!("To {}", to.label()), href: first(SearchUrl { to: None, ..url.clone() }) });
    }
    for (facet, value) in url.filters.chosen() {
        let label = format!("{}: {}", facet.label(), overview.label(facet, value));
        chips.push(Chip { label, href: first(SearchUrl { filters: url.filters.without(facet, value), ..url.clone() }) });
    }
    chips
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
            };
            (label, (sort != default).then_some(sort), sort == form.sort())
        })
        .collect()
}

fn facets(answer: &SearchAnswer) -> Vec<FacetView> {
    answer
        .facets()
        .iter()
        .filter(|(facet, values)| {
            values.len() > 1 || values.iter().any(|value| value.selected) || (*facet == Facet::Topic && !values.is_empty())
        })
        .map(|(facet, values)| {
            let view = |value: &crate::reading::search::FacetValue| ValueView {
                value: value.value.clone(),
                label: value.label.clone(),
                count: grouped(value.count),
                selected: value.selected,
            };
            // What is chosen is always seen.
            let (mut shown, mut more) = (Vec::new(), Vec::new());
            for (index, value) in values.iter().enumerate() {
                if index < SHOWN || value.selected { shown.push(view(value)) } else { more.push(view(value)) }
            }
            FacetView { token: facet.token(), label: facet.label(), shown, more }
        })
        .collect()
}

fn years(app: &App, form: &SearchForm, answer: &SearchAnswer) -> Vec<(i32, String, String)> {
    if answer.years.len() < 2 {
        return Vec::new();
    }
    let narrowed = |year: i32| SearchUrl { from: Period::year(year), to: Period::year(year), page: 1, ..form.url.clone() };
    answer.years.iter().map(|(year, count)| (*year, app.urls().search(&narrowed(*year)), grouped(*count))).collect()
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
                WayOutKind::AnyWord => ("any of the words instead of all".to_owned(), changed),
            };
            WayOutView { words, href: urls.search(&changed), count: count(way.count, "release", "releases") }
        })
        .collect()
}

/// What a method section needs to name this search.
fn cite(app: &App, form: &SearchForm, answer: &SearchAnswer) -> String {
    let overview = &answer.overview;
    format!(
        "{}, search {}: {}. {}, generation {}, {}.",
        crate::web::shell::SITE,
        if form.url.q.is_empty() { "of all releases".to_owned() } else { format!("for “{}”", form.url.q) },
        count(answer.total, "release", "releases"),
        app.urls().absolute(&app.urls().search(&SearchUrl { page: 1, ..form.url.clone() })),
        overview.generation.store,
        crate::model::date::long_day(app.today()),
    )
}
