//! The tools that find.

use super::arguments::{self, MAX_HITS, bounded};
use super::read::{self, passage};
use super::shapes::{Found, Hit, Passage, Resolution};
use super::told;
use crate::index::Highlighter;
use crate::model::Whole;
use crate::model::slug::slugify;
use crate::web::api::params::{Asked, MAX_URL};
use crate::web::api::search::{compared, find};
use crate::web::api::shapes::{Suggested, Topic, TopicList, Trends, unknown};
use crate::web::error::Failure;
use crate::web::state::App;
use crate::web::urls::Urls;

/// Passages that a hit is shown with, and characters of each.
const PASSAGES: usize = 3;
const SHOWN: usize = 1_500;

pub async fn search(app: &App, arguments: arguments::Search) -> Result<Found, String> {
    bounded("limit", arguments.limit, 10, (1, MAX_HITS))?;
    let asked = Asked::read(&arguments.params(), app.today()).map_err(|failure| told(&failure))?;
    let (answer, next) = find(app, &asked).await.map_err(|failure| told(&failure))?;
    let highlighter = Highlighter::new(answer.query.tree.as_ref());
    let seqs: Vec<i64> = answer.found.iter().map(|found| found.item.seq).collect();
    let wholes = app.archive().wholes(&seqs).await.map_err(|error| told(&Failure::from(error)))?;
    let hit = |whole: &Whole| Hit::of(whole, telling(whole, &highlighter, app.urls()), app.urls());
    Ok(Found {
        total: answer.total,
        read_as: answer.query.read_as.clone(),
        notes: answer.query.notes.clone(),
        did_you_mean: answer.did_you_mean.as_ref().map(|way| Suggested { q: way.request.q.clone(), total: way.count }),
        unknown: unknown(&answer.unknown),
        items: wholes.iter().map(hit).collect(),
        next,
        url: app.urls().absolute(&app.urls().search(&asked.form.url)),
    })
}

/// The passages that answer most of a query, in the order of the text; the first one where no body answers any of it.
fn telling(whole: &Whole, highlighter: &Highlighter, urls: &Urls) -> Vec<Passage> {
    let Whole { release, history } = whole;
    let place = |number: usize| urls.absolute(&urls.passage(&release.item, history.version, number));
    let mut marked: Vec<(usize, usize)> = Vec::new();
    for (index, block) in release.blocks.iter().enumerate() {
        let marks = if highlighter.is_empty() { 0 } else { highlighter.marks(block.span.of(&release.text), &release.item.lang).len() };
        if marks > 0 {
            marked.push((index, marks));
        }
    }
    marked.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    marked.truncate(PASSAGES);
    marked.sort_unstable();
    let mut shown: Vec<usize> = marked.into_iter().map(|(index, _)| index).collect();
    if shown.is_empty() && !release.blocks.is_empty() {
        shown.push(0);
    }
    let one = |index: usize| release.blocks.get(index).map(|block| passage(block, index + 1, &release.text, place(index + 1), 0, SHOWN));
    shown.into_iter().filter_map(one).collect()
}

pub async fn trends(app: &App, arguments: arguments::Trends) -> Result<Trends, String> {
    compared(app, &arguments.params()).await.map_err(|failure| told(&failure))
}

pub async fn resolve(app: &App, arguments: arguments::Resolve) -> Result<Resolution, String> {
    if arguments.url.chars().count() > MAX_URL {
        return Err(format!("url: at most {MAX_URL} characters are read."));
    }
    let found = app.archive().named(&arguments.url).await.map_err(|error| told(&Failure::from(error)))?;
    let Some(found) = found else {
        return Err("The archive holds no release at that address or with that number. Search for its words instead.".into());
    };
    let (release, history) = read::shown(app, found.id.as_str()).await?;
    let whole = Whole { release, history };
    let release = Hit::of(&whole, telling(&whole, &Highlighter::default(), app.urls()), app.urls());
    Ok(Resolution { wanted_lang: found.wanted, release })
}

pub fn topics(app: &App, arguments: arguments::Topics) -> TopicList {
    let overview = app.archive().overview();
    let words = slugify(&arguments.containing.unwrap_or_default());
    let named = |text: &str| slugify(text).contains(&words);
    let topics = overview.topics.iter().filter(|topic| words.is_empty() || named(&topic.label) || named(&topic.scope));
    let items: Vec<Topic> = topics.map(|topic| Topic::of(topic, &overview, app.urls())).collect();
    TopicList { total: items.len() as u64, items, next: None }
}
