//! `/topics`, `/topics/{slug}`

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use crate::model::Topic;
use crate::model::page::PageNumber;
use crate::model::query::{Facet, Filters, MAX_REACH, SearchRequest, Sort};
use crate::reading::Overview;
use crate::web::charts::{Chart, Sparkline};
use crate::web::error::Failure;
use crate::web::extract::{PAGE_SIZE, Params, hits_page};
use crate::web::shell::{Shell, count, grouped};
use crate::web::state::App;
use crate::web::urls::{FeedForm, Followed, SearchUrl, Urls};
use crate::web::view::{ItemView, PageLink, Pagination, page};

pub struct TopicView {
    pub label: String,
    pub href: String,
    pub scope: String,
    pub count: String,
    pub releases: u64,
    pub narrower: Vec<TopicView>,
}

impl TopicView {
    fn of(topic: &Topic, overview: &Overview, urls: &Urls, deeper: bool) -> Self {
        let releases = overview.count(Facet::Topic, &topic.slug);
        Self {
            label: topic.label.clone(),
            href: urls.topic(&topic.slug),
            scope: topic.scope.clone(),
            count: count(releases, "release", "releases"),
            releases,
            narrower: if deeper { narrower(topic, overview, urls, true) } else { Vec::new() },
        }
    }
}

fn narrower(topic: &Topic, overview: &Overview, urls: &Urls, deeper: bool) -> Vec<TopicView> {
    let below = overview.topics.iter().filter(|other| other.broader.as_deref() == Some(&topic.slug));
    below.map(|other| TopicView::of(other, overview, urls, deeper)).collect()
}

#[derive(Template)]
#[template(path = "topics.html")]
struct TopicsPage {
    shell: Shell,
    topics: Vec<TopicView>,
    total: usize,
}

pub async fn topics(State(app): State<App>) -> Result<Response, Failure> {
    let (urls, overview) = (app.urls(), app.archive().overview());
    let mut topics: Vec<TopicView> =
        overview.topics.iter().filter(|topic| topic.broader.is_none()).map(|topic| TopicView::of(topic, &overview, urls, true)).collect();
    topics.sort_by(|a, b| a.label.cmp(&b.label));
    let description = format!("The {} topics of the archive, each with its scope and its number of releases.", overview.topics.len());
    page(&TopicsPage {
        shell: Shell::new(&app, "Topics", &urls.topics()).described(description).at("topics"),
        total: overview.topics.len(),
        topics,
    })
}

#[derive(Template)]
#[template(path = "topic.html")]
struct TopicPage {
    shell: Shell,
    label: String,
    label_fr: String,
    slug: String,
    scope: String,
    sentence: String,
    broader: Option<(String, String)>,
    narrower: Vec<TopicView>,
    related: Vec<(String, String)>,
    sparkline: Option<Sparkline>,
    chart: Option<Chart>,
    results: Vec<ItemView>,
    pagination: Option<Pagination>,
    /// Set where there are more releases than can be paged to.
    too_many: Option<String>,
    refine: String,
    /// Where this topic is followed.
    feed: String,
}

pub async fn topic(State(app): State<App>, Path(slug): Path<String>, params: Params) -> Result<Response, Failure> {
    let (urls, overview) = (app.urls(), app.archive().overview());
    let topic = overview.topic(&slug).ok_or(Failure::NotFound)?;
    let number = hits_page(&params).map_err(Failure::BadRequest)?;
    let filters = Filters::default().with(Facet::Topic, &slug);
    let request = SearchRequest {
        filters,
        sort: Sort::Newest,
        offset: number.offset(PAGE_SIZE),
        limit: PAGE_SIZE,
        ..SearchRequest::words("", app.today())
    };
    let answer = app.archive().search(request).await?;
    let last = PageNumber::FIRST.get().max((answer.total as usize).min(MAX_REACH).div_ceil(PAGE_SIZE) as u32);
    if number.get() > last {
        return Err(Failure::NotFound);
    }
    let url = SearchUrl::facet(Facet::Topic, &slug);
    let path = urls.topic(&slug);
    let link = |number: u32| if number == 1 { path.clone() } else { format!("{path}?page={number}") };
    let span = match (answer.histogram.bins.first(), answer.histogram.bins.last()) {
        (Some(first), Some(last)) if first.label != last.label => format!(", {} to {}", first.label, last.label),
        (Some(only), _) => format!(", {}", only.label),
        _ => String::new(),
    };
    let named = |slug: &String| overview.topic(slug).map(|topic| (topic.label.clone(), urls.topic(&topic.slug)));
    let title = if number.get() == 1 { topic.label.clone() } else { format!("{}, page {}", topic.label, number.get()) };
    let followed = Followed::Topic(slug.clone());
    let shell = Shell::new(&app, title, &link(number.get()))
        .under("Topics", urls.topics())
        .described(topic.scope.clone())
        .at("topics")
        .followed_by(&followed, "This topic as a feed");
    page(&TopicPage {
        shell: shell.collecting(answer.found.iter().map(|found| (found.item.title.as_str(), urls.item(&found.item)))),
        feed: urls.current_feed(&followed, FeedForm::Atom),
        sentence: match answer.total {
            0 => "No release in the archive is about this yet.".to_owned(),
            total => format!("{}{span}.", count(total, "release", "releases")),
        },
        label: topic.label.clone(),
        label_fr: topic.label_fr.clone(),
        scope: topic.scope.clone(),
        broader: topic.broader.as_ref().and_then(named),
        narrower: narrower(topic, &overview, urls, false),
        related: topic.related.iter().filter_map(named).collect(),
        sparkline: Sparkline::of(&answer.histogram).filter(|_| answer.histogram.bins.len() > 1),
        chart: Chart::of_search(&answer.histogram, urls, &url).filter(|chart| chart.bars.len() > 1),
        results: answer.found.iter().map(|found| ItemView::of(&found.item, urls)).collect(),
        pagination: Pagination::new("Pages of releases", number.get(), last, link),
        too_many: (answer.total as usize > MAX_REACH)
            .then(|| format!("The {} latest can be paged to. Filters reach the others.", grouped(MAX_REACH as u64))),
        refine: urls.search(&url),
        slug,
    })
}
