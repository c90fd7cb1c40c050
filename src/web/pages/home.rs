//! `/`

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::Datelike;

use crate::model::date::{long_day, month_name};
use crate::model::query::{Facet, SearchRequest};
use crate::reading::histogram::Histogram;
use crate::web::charts::Chart;
use crate::web::error::Failure;
use crate::web::shell::{Shell, count, coverage};
use crate::web::state::App;
use crate::web::urls::SearchUrl;
use crate::web::view::{ItemView, items, page};

/// Releases that the front page lists.
const LATEST: u32 = 10;
/// Topics that the front page names; all are one link away.
const TOPICS: usize = 14;

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    shell: Shell,
    examples: Vec<(String, String)>,
    chart: Option<Chart>,
    topics: Vec<(String, String, u64)>,
    latest: Vec<ItemView>,
    on_this_day: Vec<ItemView>,
    this_day: String,
    coverage: String,
    sources: Vec<(String, String, String)>,
    empty: bool,
}

pub async fn home(State(app): State<App>) -> Result<Response, Failure> {
    let (archive, urls, today) = (app.archive(), app.urls(), app.today());
    let overview = archive.overview();
    let latest = archive.latest(LATEST).await?;
    let on_this_day = archive.on_this_day(today, 5).await?;
    let histogram = Histogram::of(overview.days.iter().map(|day| (day.day, day.releases)), overview.undated);
    let mut topics: Vec<(String, String, u64)> = overview
        .topics
        .iter()
        .map(|topic| (topic.label.clone(), urls.topic(&topic.slug), overview.count(Facet::Topic, &topic.slug)))
        .filter(|(.., releases)| *releases > 0)
        .collect();
    topics.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.0.cmp(&b.0)));
    topics.truncate(TOPICS);
    let sources = overview
        .values(Facet::Source)
        .into_iter()
        .map(|(slug, releases)| {
            (overview.label(Facet::Source, slug), urls.facet(Facet::Source, slug), count(releases, "release", "releases"))
        })
        .take(12)
        .collect();
    let description = format!(
        "Search every word, browse by date and topic, and cite from permanent pages: {}. Unofficial, with the source of every word and the evidence for every date.",
        coverage(&overview)
    );
    page(&HomePage {
        shell: Shell::new(&app, "", &urls.home()).described(description).at("home"),
        examples: examples(&app).await?,
        chart: Chart::of_archive(&histogram, urls),
        topics,
        latest: items(&latest, urls),
        on_this_day: items(&on_this_day, urls),
        this_day: format!("{} {}", today.day(), month_name(today.month())),
        coverage: match (overview.first(), overview.last()) {
            (Some(first), Some(last)) => format!("from {} to {}", long_day(first), long_day(last)),
            _ => String::new(),
        },
        sources,
        empty: overview.releases == 0,
    })
}

/// Three or four queries that find something here, to show what can be asked: a phrase, an exclusion, a choice, a beginning.
async fn examples(app: &App) -> Result<Vec<(String, String)>, Failure> {
    let overview = app.archive().overview();
    let names = |facet: Facet, many: usize| {
        overview.values(facet).into_iter().take(many).map(|(value, _)| overview.label(facet, value)).collect::<Vec<_>>()
    };
    let mut tries: Vec<String> =
        ["“collective defence”", "deterrence -nuclear", "interoperab*", "press conference"].map(str::to_owned).into();
    if let [one, two, ..] = names(Facet::Place, 2).as_slice() {
        tries.insert(1, format!("{one} OR {two}"));
    }
    tries.extend(names(Facet::Person, 2).into_iter().map(|name| format!("“{name}”")));
    let mut examples = Vec::new();
    for q in tries {
        if examples.len() == 4 {
            break;
        }
        let request = SearchRequest::words(q, app.today());
        if app.archive().count(&request).await.is_ok_and(|found| found > 0) {
            examples.push((request.q.clone(), app.urls().search(&SearchUrl::words(&request.q))));
        }
    }
    Ok(examples)
}
