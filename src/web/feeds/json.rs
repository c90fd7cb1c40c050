//! Feeds of releases as JSON Feed 1.1 (jsonfeed.org/version/1.1).

use serde_json::{Value, json};

use super::content::passages;
use super::entry::Entry;
use super::moments::{said, updated};
use super::releases::Feed;
use crate::model::Whole;
use crate::model::text::without_steering;
use crate::web::shell::SITE;
use crate::web::urls::{FeedForm, FeedPlace, Urls};
use crate::web::xml::Xml;

const VERSION: &str = "https://jsonfeed.org/version/1.1";

/// Writes a document of a feed.
pub fn releases(feed: &Feed<'_>) -> String {
    let mut document = head(feed.urls, &feed.title(), &feed.home(), &feed.at(FeedForm::Json, feed.place));
    let neighbours: Vec<_> = feed.neighbours().into_iter().map(|(rel, place)| (rel, feed.at(FeedForm::Json, place))).collect();
    let archive = matches!(feed.place, FeedPlace::Archive(_));
    put(&mut document, "description", Some(feed.reading()).filter(|reading| !reading.is_empty()));
    put(&mut document, "next_url", next(&neighbours, archive));
    document["_nato_archive"] = json!({
        "about": feed.urls.absolute(&feed.urls.page("data")),
        "id": feed.id(),
        "archive": archive,
        "links": links(&neighbours),
        "withdrawn": feed.withdrawn.iter().map(|entry| json!({
            "id": super::entry::release_urn(&feed.overview.archive_id, &entry.id.to_string()), "at": entry.at, "because": entry.because,
        })).collect::<Vec<_>>(),
    });
    if !archive {
        // An archive document stays what it is while the archive grows.
        document["_nato_archive"]["total"] = feed.answer.total.into();
    }
    document["items"] = feed.answer.wholes.iter().map(|whole| item(feed, whole)).collect();
    document.to_string()
}

/// What every feed begins with.
pub fn head(urls: &Urls, title: &str, home: &str, this: &str) -> Value {
    json!({
        "version": VERSION,
        "title": without_steering(title),
        "home_page_url": home,
        "feed_url": this,
        "icon": urls.absolute(&urls.asset("mark.png")),
        "favicon": urls.absolute(&urls.asset("mark.png")),
        "authors": [{ "name": SITE, "url": urls.absolute(&urls.home()) }],
        "language": "en",
    })
}

/// Where a reader goes on, by the one link that JSON Feed has for it: among the pages, or among the archive documents.
pub fn next(neighbours: &[(&str, String)], archive: bool) -> Option<String> {
    let wanted = if archive { "prev-archive" } else { "next" };
    neighbours.iter().find(|(rel, _)| *rel == wanted).map(|(_, address)| address.clone())
}

/// The links of a document by their relations, as names of fields.
pub fn links(neighbours: &[(&str, String)]) -> Value {
    neighbours.iter().map(|(rel, address)| (rel.replace('-', "_"), Value::from(address.as_str()))).collect()
}

/// Sets a field that is there only where it says something.
pub fn put(object: &mut Value, name: &str, value: Option<String>) {
    if let Some(value) = value {
        object[name] = value.into();
    }
}

fn item(feed: &Feed<'_>, whole: &Whole) -> Value {
    let entry = Entry::of(whole, feed.urls, &feed.overview.archive_id);
    let release = &whole.release.item;
    let mut html = Xml::fragment();
    passages(&mut html, &whole.release);
    let mut item = json!({
        "id": entry.id(),
        "url": entry.permalink(),
        "title": without_steering(&release.title),
        "content_html": html.finish(),
        "summary": said(whole),
        "date_modified": updated(whole),
        "authors": [{ "name": without_steering(&release.source.name) }],
        "tags": release.topics.iter().map(|topic| topic.label.as_str()).collect::<Vec<_>>(),
        "language": entry.lang(),
        "_nato_archive": entry.known(),
    });
    put(&mut item, "external_url", entry.original());
    put(&mut item, "date_published", entry.published.moment().map(str::to_owned));
    item
}
