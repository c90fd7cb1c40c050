//! A message for a program: the envelope that the Standard Webhooks scheme recommends (`type`, `timestamp`, `data`), releases as the API gives them.

use serde_json::{Value, json};

use super::Content;
use crate::ingest::alerts::Told;
use crate::model::Event;
use crate::web::api::json::item;
use crate::web::log::label;
use crate::web::urls::Urls;

pub(super) fn payload(content: &Content, told: Told<'_>, urls: &Urls) -> Vec<u8> {
    let items: Vec<Value> = content
        .items
        .iter()
        .map(|(release, snippet)| {
            let mut value = json!(item(release, urls));
            value["snippet"] = snippet.parts.iter().map(|part| json!({ "text": part.text, "hit": part.hit })).collect();
            value
        })
        .collect();
    let body = json!({
        "type": if told.is_test { "alert.test" } else { "alert.found" },
        "timestamp": told.batch.made_at,
        "data": {
            "id": told.id,
            "alert": told.alert.name,
            "archive": { "id": content.archive_id, "url": urls.absolute(&urls.home()) },
            "search": { "query": content.read.query, "read_as": content.read.read_as, "url": content.read.url, "feed_url": content.feed },
            "new": { "total": content.total, "left_out": content.total - items.len(), "items": items },
            "changes": {
                "total": content.changes_total,
                "left_out": content.changes_total - content.changes.len(),
                "items": content.changes.iter().map(|event| change(event, urls)).collect::<Vec<_>>(),
            },
        },
    });
    body.to_string().into_bytes()
}

fn change(event: &Event, urls: &Urls) -> Value {
    let shown = event.release.as_ref().is_some_and(|(.., shown)| *shown);
    let release = event.release.as_ref().map(|(id, slug, title, _)| {
        let compare = event
            .detail
            .versions
            .filter(|_| shown && event.detail.edit.is_some())
            .map(|(before, after)| urls.absolute(&urls.compare(*id, before, after)));
        json!({ "id": id, "title": title, "url": urls.absolute(&urls.release(*id, slug)), "compare_url": compare })
    });
    json!({
        "entry": event.entry,
        "at": event.at,
        "what": event.what.token(),
        "label": label(event.what),
        "shown": shown,
        "release": release,
        "because": event.detail.because,
        "url": urls.absolute(&urls.change(event.entry)),
    })
}
