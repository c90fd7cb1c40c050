//! `/trends`, `/trends.csv`: when they started saying it. Searches compared over time.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use super::search_filters::Chip;
use crate::model::date::long_day;
use crate::model::period::Period;
use crate::model::query::{Match, SearchRequest};
use crate::reading::histogram::Interval;
use crate::reading::trends::{MAX_QUERIES, Series, Trends, share};
use crate::web::answer::typed;
use crate::web::charts::{preposition, unit};
use crate::web::csv;
use crate::web::error::Failure;
use crate::web::extract::{FieldError, Params, TrendsForm};
use crate::web::line_chart::{LineChart, iso, narrowed, percent};
use crate::web::shell::{Alternate, SITE, Shell, count, grouped};
use crate::web::state::App;
use crate::web::urls::{SearchUrl, TrendsUrl};

/// One of the searches in words, beside its line's shape.
pub struct Legend {
    pub number: usize,
    /// In quotation marks.
    pub q: String,
    pub href: String,
    /// The first day with a release, and the releases of that day.
    pub first: Option<(String, String)>,
    /// Where the dates leave out what came before, the first is one within them.
    pub within: bool,
    /// "most in June 2025 (9), 23 in all"
    pub rest: String,
}

pub struct Cell {
    pub count: String,
    /// `None` where there is nothing to lead to.
    pub href: Option<String>,
    pub share: Option<String>,
}

pub struct Row {
    pub label: String,
    pub cells: Vec<Cell>,
    pub all: Cell,
}

/// What is shown of searches that were made.
pub struct Shown {
    pub sentence: String,
    pub notes: Vec<String>,
    pub chart: Option<LineChart>,
    pub legend: Vec<Legend>,
    pub rows: Vec<Row>,
    pub interval: &'static str,
    pub csv: String,
    pub json: String,
    pub cite: String,
}

/// A row of links of which one is chosen.
pub struct Choice {
    pub name: &'static str,
    pub links: Vec<(&'static str, String, bool)>,
}

#[derive(Template)]
#[template(path = "trends.html")]
struct TrendsPage {
    shell: Shell,
    /// What stands in the boxes for words, empty ones too.
    boxes: Vec<String>,
    more: bool,
    from_typed: String,
    to_typed: String,
    from_error: Option<String>,
    to_error: Option<String>,
    errors: Vec<FieldError>,
    hidden: Vec<(&'static str, String)>,
    chips: Vec<Chip>,
    choices: Vec<Choice>,
    shown: Option<Shown>,
    examples: Vec<(String, String)>,
}

pub async fn trends(State(app): State<App>, params: Params) -> Result<Response, Failure> {
    let form = TrendsForm::read(&params, app.today());
    let mut status = StatusCode::OK;
    let mut page = form_page(&app, &form);
    if !form.errors.is_empty() {
        status = StatusCode::BAD_REQUEST;
    } else if form.url.queries.is_empty() {
        page.examples = examples(&app).await?;
    } else {
        let trends = app.archive().trends(&form.request()).await?;
        let shown = shown(&app, &form, &trends);
        page.shell = page.shell.described(shown.sentence.clone());
        page.shell.alternates.extend([
            Alternate { media_type: "text/csv", href: shown.csv.clone(), title: "These numbers as CSV" },
            Alternate { media_type: "application/json", href: shown.json.clone(), title: "These numbers as JSON" },
        ]);
        page.choices = choices(&app, &form);
        page.shown = Some(shown);
    }
    let mut response = typed("text/html; charset=utf-8", page.render()?);
    *response.status_mut() = status;
    Ok(response)
}

/// The table of the same numbers: a count for each search, all releases, the share of each search in percent.
pub async fn csv(State(app): State<App>, params: Params) -> Result<Response, Failure> {
    let form = TrendsForm::read(&params, app.today());
    if let Some(error) = form.errors.first() {
        return Err(Failure::BadRequest(format!("{}: {}", error.field, error.message)));
    }
    let trends = app.archive().trends(&form.request()).await?;
    let queries = || trends.series.iter().map(|series| series.q.clone());
    let head = ["period".to_owned()].into_iter().chain(queries()).chain(["all releases".to_owned()]);
    let mut table = csv::line(head.chain(queries().map(|q| format!("{q} (% of all)"))));
    let mut line = |period: String, counts: Vec<u64>, all: u64| {
        let shares = counts.iter().map(|count| share(*count, all).map(|share| share.to_string()).unwrap_or_default());
        let counted = counts.iter().chain([&all]).map(u64::to_string);
        table += &csv::line([period].into_iter().chain(counted).chain(shares));
    };
    for (index, bin) in trends.bins.iter().enumerate() {
        line(iso(bin), trends.series.iter().map(|series| series.counts[index]).collect(), bin.all);
    }
    if trends.all_undated > 0 {
        line("undated".into(), trends.series.iter().map(|series| series.undated).collect(), trends.all_undated);
    }
    let mut response = typed("text/csv; charset=utf-8", table);
    response.headers_mut().insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"trends.csv\""));
    Ok(response)
}

/// The form as it was sent, and nothing below it.
fn form_page(app: &App, form: &TrendsForm) -> TrendsPage {
    let (urls, url) = (app.urls(), &form.url);
    let title = match (form.errors.is_empty(), url.queries.is_empty()) {
        (false, _) => "When did they start saying it: please check the form".to_owned(),
        (true, true) => "When did they start saying it".to_owned(),
        (true, false) => format!(
            "{} over time{}{}",
            quoted(&url.queries),
            url.by.map(|by| format!(", by {}", unit(by))).unwrap_or_default(),
            if url.share { ", as a share" } else { "" }
        ),
    };
    let mut shell = Shell::new(app, title, &urls.trends(url)).under("Search", urls.search(&SearchUrl::default())).at("trends");
    shell.indexed = url.queries.is_empty() && form.errors.is_empty();
    let mut boxes = url.queries.clone();
    boxes.resize(form.boxes.max(boxes.len()), String::new());
    let mut hidden: Vec<(&'static str, String)> = Vec::new();
    hidden.extend(url.by.map(|by| ("by", by.token().to_owned())));
    hidden.extend(url.share.then(|| ("as", "share".to_owned())));
    hidden.extend((url.each.wanted != Match::Auto).then(|| ("match", url.each.wanted.token().to_owned())));
    hidden.extend(url.each.plain.then(|| ("variants", "off".to_owned())));
    hidden.extend(url.each.filters.chosen().map(|(facet, value)| (facet.token(), value.to_owned())));
    let typed = |period: Option<Period>, typed: &str| period.map_or_else(|| typed.to_owned(), |period| period.label());
    TrendsPage {
        shell: shell.described("Compare up to five searches over time: when words were first used, when most, and how often in all."),
        more: boxes.len() < MAX_QUERIES,
        boxes,
        from_typed: typed(url.each.from, &form.search.from_typed),
        to_typed: typed(url.each.to, &form.search.to_typed),
        from_error: form.error("from").map(str::to_owned),
        to_error: form.error("to").map(str::to_owned),
        errors: form.errors.clone(),
        hidden,
        chips: chips(app, url),
        choices: Vec::new(),
        shown: None,
        examples: Vec::new(),
    }
}

/// Filters other than dates and words, each with what the comparison is without it.
fn chips(app: &App, url: &TrendsUrl) -> Vec<Chip> {
    let overview = app.archive().overview();
    let without = |facet, value| {
        let each = SearchUrl { filters: url.each.filters.without(facet, value), ..url.each.clone() };
        app.urls().trends(&TrendsUrl { each, ..url.clone() })
    };
    let chosen = url.each.filters.chosen();
    chosen
        .map(|(facet, value)| Chip { label: format!("{}: {}", facet.label(), overview.label(facet, value)), href: without(facet, value) })
        .collect()
}

fn choices(app: &App, form: &TrendsForm) -> Vec<Choice> {
    let url = &form.url;
    let by = |by| app.urls().trends(&TrendsUrl { by, ..url.clone() });
    let share = |share| app.urls().trends(&TrendsUrl { share, ..url.clone() });
    let intervals = [("What fits", None), ("Year", Some(Interval::Year)), ("Month", Some(Interval::Month)), ("Day", Some(Interval::Day))];
    vec![
        Choice { name: "Count by", links: intervals.map(|(name, interval)| (name, by(interval), interval == url.by)).into() },
        Choice {
            name: "Show",
            links: vec![("Number of releases", share(false), !url.share), ("Share of all releases", share(true), url.share)],
        },
    ]
}

fn shown(app: &App, form: &TrendsForm, trends: &Trends) -> Shown {
    let (urls, url) = (app.urls(), &form.url);
    let span = match (trends.bins.first(), trends.bins.last()) {
        (Some(first), Some(last)) if first.label == last.label => format!(", {}", first.label),
        (Some(first), Some(last)) => format!(", {} to {}", first.label, last.label),
        _ => String::new(),
    };
    let sentence = format!("{} in {}{span}, by {}.", quoted(&url.queries), count(trends.all, "release", "releases"), unit(trends.interval));
    let drawn = trends.drawn();
    Shown {
        notes: notes(app, form, trends, &drawn),
        chart: LineChart::of(&drawn, url, urls),
        legend: trends.series.iter().zip(1..).map(|(series, number)| legend(app, url, trends, series, number)).collect(),
        rows: rows(app, url, trends),
        interval: unit(trends.interval),
        csv: urls.trends_csv(url),
        json: urls.api_trends(url),
        cite: format!(
            "{SITE}, {sentence} {}, generation {}, {}.",
            urls.absolute(&urls.trends(url)),
            app.archive().overview().generation.store,
            long_day(app.today())
        ),
        sentence,
    }
}

/// What the page did otherwise than it was asked, and what stands in none of the bins.
fn notes(app: &App, form: &TrendsForm, trends: &Trends, drawn: &Trends) -> Vec<String> {
    let mut notes = Vec::new();
    if form.left_out > 0 {
        notes.push(format!(
            "At most {MAX_QUERIES} searches can be compared: these are the first {MAX_QUERIES}, and {} left out.",
            count(form.left_out as u64, "is", "are")
        ));
    }
    if let Some((asked, bins)) = trends.too_fine {
        notes.push(format!(
            "There would be {} to show, which is too many: releases are counted by {} instead. Narrow the dates to see every {}.",
            count(bins as u64, unit(asked), &format!("{}s", unit(asked))),
            unit(trends.interval),
            unit(asked)
        ));
    }
    if drawn.interval != trends.interval {
        notes.push(format!("The picture is drawn by {}; the table has every {}.", unit(drawn.interval), unit(trends.interval)));
    }
    for series in &trends.series {
        notes.extend(series.left_out.as_ref().map(|left_out| format!("“{}…”: {left_out}", series.q.chars().take(40).collect::<String>())));
    }
    for series in &trends.series {
        notes.extend(series.notes.iter().cloned());
    }
    let overview = app.archive().overview();
    let unknown = form.url.each.filters.chosen().filter(|(facet, value)| !overview.knows(*facet, value));
    notes.extend(unknown.map(|(facet, value)| format!("{} “{value}” is not known to this archive.", facet.label())));
    if trends.all_undated > 0 {
        notes.push(format!("{} without a date stand in no {}.", count(trends.all_undated, "release", "releases"), unit(trends.interval)));
    }
    notes
}

fn legend(app: &App, url: &TrendsUrl, trends: &Trends, series: &Series, number: usize) -> Legend {
    let urls = app.urls();
    let first = series.first.map(|day| {
        let on_that_day = SearchUrl { from: Some(Period::Day(day)), to: Some(Period::Day(day)), ..url.search(&series.q) };
        (long_day(day), urls.search(&on_that_day))
    });
    let undated = if series.undated > 0 { format!(", {} of them undated", grouped(series.undated)) } else { String::new() };
    let rest = match (series.total, most(trends, series, url.share)) {
        (0, _) => "in no release".to_owned(),
        (total, Some(most)) => format!("{most}, {} in all{undated}", grouped(total)),
        (total, None) => format!("{} in all{undated}", grouped(total)),
    };
    Legend { within: url.each.from.is_some(), number, q: quote(&series.q), href: urls.search(&url.search(&series.q)), first, rest }
}

/// Where a search has most, by the measure that is shown; the height alone where several periods share it.
fn most(trends: &Trends, series: &Series, as_share: bool) -> Option<String> {
    let counted = || trends.bins.iter().zip(&series.counts).filter(|(_, found)| **found > 0);
    let height = |all: u64, found: u64| if as_share { share(found, all).unwrap_or(0.0) } else { found as f64 };
    let top = counted().map(|(bin, found)| height(bin.all, *found)).fold(0.0, f64::max);
    let highest: Vec<_> = counted().filter(|(bin, found)| height(bin.all, **found) >= top).collect();
    let on = preposition(trends.interval);
    match highest.as_slice() {
        [] => None,
        [(bin, found)] if as_share => {
            Some(format!("largest share {on} {} ({} of {}, {})", bin.label, grouped(**found), grouped(bin.all), percent(top)))
        }
        [(bin, found)] => Some(format!("most {on} {} ({})", bin.label, grouped(**found))),
        _ if as_share => Some(format!("at most {} {on} a {}", percent(top), unit(trends.interval))),
        [(_, found), ..] => Some(format!("at most {} {on} a {}", grouped(**found), unit(trends.interval))),
    }
}

/// The table: periods that hold any release with these filters, and what is undated.
fn rows(app: &App, url: &TrendsUrl, trends: &Trends) -> Vec<Row> {
    let cell = |found: u64, all: u64, href: Option<String>| Cell {
        count: grouped(found),
        href: href.filter(|_| found > 0),
        share: share(found, all).filter(|_| url.share).map(percent),
    };
    let link = |q: &str, bin| Some(app.urls().search(&narrowed(url, q, bin)));
    let bins = trends.bins.iter().enumerate().filter(|(_, bin)| bin.all > 0);
    let mut rows: Vec<Row> = bins
        .map(|(index, bin)| Row {
            label: bin.label.clone(),
            cells: trends.series.iter().map(|series| cell(series.counts[index], bin.all, link(&series.q, bin))).collect(),
            all: Cell { share: None, ..cell(bin.all, bin.all, link("", bin)) },
        })
        .collect();
    if trends.all_undated > 0 {
        rows.push(Row {
            label: "Undated".into(),
            cells: trends.series.iter().map(|series| cell(series.undated, trends.all_undated, None)).collect(),
            all: Cell { share: None, ..cell(trends.all_undated, trends.all_undated, None) },
        });
    }
    rows
}

/// A query in quotation marks; a phrase has its own already.
fn quote(q: &str) -> String {
    let is_quote = |c: char| matches!(c, '“' | '”' | '"' | '«' | '»');
    if q.starts_with(is_quote) && q.ends_with(is_quote) { q.to_owned() } else { format!("“{q}”") }
}

/// “a”, “b” and “c”
fn quoted(queries: &[String]) -> String {
    let quoted: Vec<String> = queries.iter().map(|q| quote(q)).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// Comparisons that find something here.
async fn examples(app: &App) -> Result<Vec<(String, String)>, Failure> {
    const TRIES: [&[&str]; 5] = [
        &["resilience", "deterrence"],
        &["Ukraine", "Russia", "China"],
        &["“defence industry”", "“defence spending”"],
        &["innovation", "interoperab*"],
        &["peacekeeping", "cyber", "“artificial intelligence”"],
    ];
    let mut examples = Vec::new();
    for tried in TRIES {
        let mut queries = Vec::new();
        for q in tried {
            let request = SearchRequest::words(*q, app.today());
            if app.archive().count(&request).await? > 0 {
                queries.push((*q).to_owned());
            }
        }
        if queries.len() > 1 {
            examples.push((queries.join(", "), app.urls().trends(&TrendsUrl { queries, ..TrendsUrl::default() })));
        }
    }
    Ok(examples)
}
