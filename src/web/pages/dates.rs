//! `/dates`, `/{year}`, `/{year}/{month}`, `/{year}/{month}/{day}`

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{Datelike, NaiveDate, Weekday};

use crate::model::date::{MONTHS, long_day, month_name};
use crate::model::period::Period;
use crate::reading::Overview;
use crate::reading::histogram::Histogram;
use crate::web::answer::moved;
use crate::web::charts::Chart;
use crate::web::error::Failure;
use crate::web::extract::{PAGE_SIZE, Params, page_number};
use crate::web::shell::{Shell, count, grouped};
use crate::web::state::App;
use crate::web::urls::Urls;
use crate::web::view::{ItemView, PageLink, Pagination, items, page};

/// A period with its number of releases; a link where there are any.
pub struct Cell {
    pub label: String,
    pub count: String,
    /// "release" or "releases", and the year, for whoever hears the cell rather than sees its place.
    pub unit: &'static str,
    pub year: i32,
    pub href: Option<String>,
}

impl Cell {
    fn new(period: Period, label: String, releases: u64, urls: &Urls) -> Self {
        Self {
            label,
            count: grouped(releases),
            unit: if releases == 1 { "release" } else { "releases" },
            year: period.first().year(),
            href: (releases > 0).then(|| urls.period(period)),
        }
    }
}

/// The way to the neighbouring periods that hold something.
pub struct Around {
    pub previous: Option<(String, String)>,
    pub next: Option<(String, String)>,
}

impl Around {
    fn of(overview: &Overview, period: Period, urls: &Urls) -> Self {
        let (previous, next) = overview.around(period);
        let link = |period: Period| (period.label(), urls.period(period));
        Self { previous: previous.map(link), next: next.map(link) }
    }
}

#[derive(Template)]
#[template(path = "dates.html")]
struct DatesPage {
    shell: Shell,
    chart: Option<Chart>,
    years: Vec<(Cell, Vec<Cell>)>,
    undated: Option<(String, String)>,
}

pub async fn dates(State(app): State<App>) -> Result<Response, Failure> {
    let (urls, overview) = (app.urls(), app.archive().overview());
    let histogram = Histogram::of(overview.days.iter().map(|day| (day.day, day.releases)), overview.undated);
    let years = overview
        .years()
        .into_iter()
        .map(|(year, releases)| (Cell::new(Period::Year(year), year.to_string(), releases, urls), months(&overview, year, urls)))
        .collect();
    page(&DatesPage {
        shell: Shell::new(&app, "Dates", &urls.dates())
            .described("Every year and month that the archive holds releases from, with their number.")
            .at("dates"),
        chart: Chart::of_archive(&histogram, urls),
        years,
        undated: (overview.undated > 0).then(|| (count(overview.undated, "release", "releases"), urls.undated())),
    })
}

fn months(overview: &Overview, year: i32, urls: &Urls) -> Vec<Cell> {
    let releases = overview.months(year);
    (1u32..)
        .zip(releases)
        .map(|(month, releases)| Cell::new(Period::Month(year, month), MONTHS[month as usize - 1][..3].to_owned(), releases, urls))
        .collect()
}

/// Releases under a heading that leads to their part of the period.
pub struct Group {
    pub heading: Option<(String, String)>,
    pub items: Vec<ItemView>,
}

/// A day of a calendar.
pub struct Day {
    pub number: u32,
    pub cell: Cell,
}

#[derive(Template)]
#[template(path = "period.html")]
struct PeriodPage {
    shell: Shell,
    heading: String,
    sentence: String,
    around: Around,
    /// Of a year: its months.
    months: Vec<Cell>,
    /// Of a month: its weeks, Monday first.
    weeks: Vec<Vec<Option<Day>>>,
    month_name: String,
    chart: Option<Chart>,
    /// Releases under the day or month that they sort on.
    groups: Vec<Group>,
    pagination: Option<Pagination>,
    empty: bool,
}

pub async fn year(State(app): State<App>, Path(year): Path<String>, params: Params) -> Result<Response, Failure> {
    let period = digits(&year, 4).and_then(|year| Period::year(year as i32)).ok_or(Failure::NotFound)?;
    period_page(&app, period, &params).await
}

pub async fn month(State(app): State<App>, Path((year, month)): Path<(String, String)>, params: Params) -> Result<Response, Failure> {
    let number = (digits(&year, 4), digits(&month, 2));
    let (Some(y), Some(m)) = number else { return shorter(&app, &year, &[&month]) };
    let period = Period::month(y as i32, m).ok_or(Failure::NotFound)?;
    period_page(&app, period, &params).await
}

pub async fn day(
    State(app): State<App>,
    Path((year, month, day)): Path<(String, String, String)>,
    params: Params,
) -> Result<Response, Failure> {
    let number = (digits(&year, 4), digits(&month, 2), digits(&day, 2));
    let (Some(y), Some(m), Some(d)) = number else { return shorter(&app, &year, &[&month, &day]) };
    let period = Period::day(y as i32, m, d).ok_or(Failure::NotFound)?;
    period_page(&app, period, &params).await
}

/// Exactly so many digits.
fn digits(text: &str, many: usize) -> Option<u32> {
    (text.len() == many && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// `/2025/4` is understood and sent to `/2025/04`.
fn shorter(app: &App, year: &str, rest: &[&str]) -> Result<Response, Failure> {
    let y = digits(year, 4).ok_or(Failure::NotFound)?;
    let parts: Vec<u32> = rest.iter().map(|part| digits(part, 1).or(digits(part, 2))).collect::<Option<_>>().ok_or(Failure::NotFound)?;
    let period = match parts.as_slice() {
        [month] => Period::month(y as i32, *month),
        [month, day] => Period::day(y as i32, *month, *day),
        _ => None,
    };
    Ok(moved(&app.urls().period(period.ok_or(Failure::NotFound)?)))
}

async fn period_page(app: &App, period: Period, params: &Params) -> Result<Response, Failure> {
    let (urls, overview) = (app.urls(), app.archive().overview());
    let number = page_number(params).map_err(Failure::BadRequest)?;
    let found = app.archive().within(period, number, PAGE_SIZE).await?;
    let last = found.last(usize::MAX);
    if number.get() > last {
        return Err(Failure::NotFound);
    }
    let path = urls.period(period);
    let link = |number: u32| if number == 1 { path.clone() } else { format!("{path}?page={number}") };
    let mut shell = Shell::new(app, title(period, number.get()), &link(number.get())).under("Dates", urls.dates()).at("dates");
    if let Period::Month(year, _) = period {
        shell = shell.under(year.to_string(), urls.period(Period::Year(year)));
    }
    if let Period::Day(day) = period {
        let month = Period::Month(day.year(), day.month());
        shell = shell.under(day.year().to_string(), urls.period(Period::Year(day.year()))).under(month.label(), urls.period(month));
    }
    if found.total == 0 {
        // A real date with nothing: there is a page, and nothing for a search engine.
        shell = shell.unindexed();
    }
    let sentence = match found.total {
        0 => format!("The archive holds no release that sorts {} {}.", preposition(period), period.label()),
        total => format!("{} {} {}.", count(total, "release", "releases"), preposition(period), period.label()),
    };
    shell = shell.described(sentence.clone());
    if found.total > 0 {
        shell = shell.collecting(found.items.iter().map(|item| (item.title.as_str(), urls.item(item))));
    }
    let days = overview.days_in(period).iter().map(|day| (day.day, day.releases));
    page(&PeriodPage {
        shell,
        heading: match period {
            Period::Day(day) => format!("{} {}", weekday(day.weekday()), period.label()),
            _ => period.label(),
        },
        sentence,
        around: Around::of(&overview, period, urls),
        months: if let Period::Year(year) = period { months(&overview, year, urls) } else { Vec::new() },
        weeks: if let Period::Month(year, month) = period { weeks(&overview, year, month, urls) } else { Vec::new() },
        month_name: if let Period::Month(..) = period { period.label() } else { String::new() },
        chart: match period {
            Period::Year(_) => Chart::of_archive(&Histogram::of(days, 0), urls).filter(|chart| chart.bars.len() > 1),
            _ => None,
        },
        groups: groups(&found.items, period, urls),
        pagination: Pagination::new("Pages of releases", number.get(), last, link),
        empty: found.total == 0,
    })
}

fn title(period: Period, number: u32) -> String {
    if number == 1 { period.label() } else { format!("{}, page {number}", period.label()) }
}

const fn preposition(period: Period) -> &'static str {
    match period {
        Period::Day(_) => "on",
        _ => "in",
    }
}

/// Releases of a year under their months, of a month under their days.
fn groups(found: &[crate::model::ReleaseItem], period: Period, urls: &Urls) -> Vec<Group> {
    let part = |day: NaiveDate| match period {
        Period::Year(_) => Some(Period::Month(day.year(), day.month())),
        Period::Month(..) => Some(Period::Day(day)),
        Period::Day(_) => None,
    };
    let mut groups: Vec<(Option<Period>, Vec<ItemView>)> = Vec::new();
    for item in found {
        let key = item.published.sort_on.and_then(part);
        match groups.last_mut() {
            Some((last, views)) if *last == key => views.push(ItemView::of(item, urls)),
            _ => groups.push((key, vec![ItemView::of(item, urls)])),
        }
    }
    groups.into_iter().map(|(key, items)| Group { heading: key.map(|period| (group_label(period), urls.period(period))), items }).collect()
}

fn group_label(period: Period) -> String {
    match period {
        Period::Month(_, month) => month_name(month).to_owned(),
        Period::Day(day) => long_day(day),
        Period::Year(year) => year.to_string(),
    }
}

/// The month as weeks, Monday first.
fn weeks(overview: &Overview, year: i32, month: u32, urls: &Urls) -> Vec<Vec<Option<Day>>> {
    let period = Period::Month(year, month);
    let counts = overview.days_in(period);
    let mut weeks: Vec<Vec<Option<Day>>> = Vec::new();
    for day in period.first().iter_days().take_while(|day| period.contains(*day)) {
        let column = day.weekday().num_days_from_monday() as usize;
        if weeks.is_empty() || column == 0 {
            weeks.push(Vec::new());
        }
        let releases = counts.binary_search_by_key(&day, |count| count.day).map_or(0, |index| counts[index].releases);
        if let Some(week) = weeks.last_mut() {
            while week.len() < column {
                week.push(None);
            }
            week.push(Some(Day { number: day.day(), cell: Cell::new(Period::Day(day), day.day().to_string(), releases, urls) }));
        }
    }
    if let Some(week) = weeks.last_mut() {
        while week.len() < 7 {
            week.push(None);
        }
    }
    weeks
}

const fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}

/// `/dates/undated`
pub async fn undated(State(app): State<App>, params: Params) -> Result<Response, Failure> {
    let urls = app.urls();
    let number = page_number(&params).map_err(Failure::BadRequest)?;
    let found = app.archive().undated(number, PAGE_SIZE).await?;
    let last = found.last(usize::MAX);
    if number.get() > last {
        return Err(Failure::NotFound);
    }
    let path = urls.undated();
    let link = |number: u32| if number == 1 { path.clone() } else { format!("{path}?page={number}") };
    let sentence = match found.total {
        0 => "Every release in the archive has a day that it sorts on.".to_owned(),
        total => format!("{} whose words and place say nothing of when they were published.", count(total, "release", "releases")),
    };
    page(&PeriodPage {
        shell: Shell::new(&app, "Undated releases", &link(number.get()))
            .under("Dates", urls.dates())
            .described(sentence.clone())
            .at("dates"),
        heading: "Undated releases".into(),
        sentence,
        around: Around { previous: None, next: None },
        months: Vec::new(),
        weeks: Vec::new(),
        month_name: String::new(),
        chart: None,
        groups: vec![Group { heading: None, items: items(&found.items, urls) }],
        pagination: Pagination::new("Pages of releases", number.get(), last, link),
        empty: found.total == 0,
    })
}
