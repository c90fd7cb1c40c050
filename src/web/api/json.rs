//! The shapes that programs are given. One place makes them, for files, lists and searches alike.

use serde_json::{Map, Value, json};

use crate::model::query::Facet;
use crate::model::{Block, Evidence, History, ListItem, MentionKind, PublicationDate, Release, ReleaseItem, Version};
use crate::reading::histogram::{Histogram, Interval};
use crate::reading::search::SearchAnswer;
use crate::reading::trends::{Trends, share};
use crate::web::past::bare;
use crate::web::urls::{TrendsUrl, Urls};

/// A release in a list.
pub fn item(item: &ReleaseItem, urls: &Urls) -> Value {
    json!({
        "id": item.id,
        "key": item.key,
        "title": item.title,
        "url": urls.absolute(&urls.item(item)),
        "original_url": item.url,
        "kind": item.kind.token(),
        "lang": item.lang,
        "source": { "name": item.source.name, "slug": item.source.slug },
        "published": published(&item.published),
        "topics": item.topics.iter().map(|topic| json!({ "slug": topic.slug, "label": topic.label })).collect::<Vec<_>>(),
    })
}

fn published(date: &PublicationDate) -> Value {
    json!({
        "edtf": date.edtf,
        "display": date.display(),
        "sort_on": date.sort_on,
        "earliest": date.earliest,
        "latest": date.latest,
        "time": date.time.map(|time| time.format("%H:%M").to_string()),
        "offset": date.offset,
        "precision": date.precision.token(),
        "basis": date.basis.token(),
        "year_from": date.year_from.map(crate::model::YearFrom::token),
        "evidence": date.evidence,
        "reasons": date.reasons,
    })
}

/// A page of a list; `next` is a cursor or null.
pub fn list(total: u64, items: &[ReleaseItem], next: Option<String>, urls: &Urls) -> Value {
    json!({ "total": total, "items": items.iter().map(|release| item(release, urls)).collect::<Vec<_>>(), "next": next })
}

/// What a search found; `next` is a cursor or null.
pub fn results(answer: &SearchAnswer, items: &[&ReleaseItem], next: Option<String>, urls: &Urls) -> Value {
    let mut facets = Map::new();
    for facet in Facet::ALL {
        let values = answer.facet(facet).iter();
        let values =
            values.map(|value| json!({ "value": value.value, "label": value.label, "count": value.count, "selected": value.selected }));
        facets.insert(facet.token().to_owned(), values.collect());
    }
    facets.insert("year".into(), years(answer));
    json!({
        "total": answer.total,
        "read_as": answer.query.read_as,
        "notes": answer.query.notes,
        "did_you_mean": answer.did_you_mean.as_ref().map(|way| json!({ "q": way.request.q, "total": way.count })),
        "items": items.iter().map(|release| item(release, urls)).collect::<Vec<_>>(),
        "facets": facets,
        "histogram": histogram(&answer.histogram),
        "next": next,
    })
}

fn years(answer: &SearchAnswer) -> Value {
    answer
        .years
        .iter()
        .map(|(year, count)| json!({ "value": year.to_string(), "label": year.to_string(), "count": count, "selected": false }))
        .collect()
}

fn histogram(histogram: &Histogram) -> Value {
    json!({
        "interval": histogram.interval.token(),
        "bins": histogram.bins.iter().map(|bin| json!({ "start": bin.first, "count": bin.count })).collect::<Vec<_>>(),
        "undated": histogram.undated,
    })
}

/// Searches over time: a count for each of the searches and each bin, and their share of all releases of that bin in percent.
pub fn trends(trends: &Trends, url: &TrendsUrl, urls: &Urls) -> Value {
    let queries = trends.series.iter().map(|series| {
        json!({
            "q": series.q,
            "read_as": series.read_as,
            "total": series.total,
            "undated": series.undated,
            "first": series.first,
            "url": urls.absolute(&urls.search(&url.search(&series.q))),
        })
    });
    let bins = trends.bins.iter().enumerate().map(|(index, bin)| {
        let counts: Vec<u64> = trends.series.iter().map(|series| series.counts[index]).collect();
        let shares: Vec<Option<f64>> = counts.iter().map(|count| share(*count, bin.all)).collect();
        json!({ "start": bin.first, "end": bin.last, "all": bin.all, "counts": counts, "shares": shares })
    });
    json!({
        "interval": trends.interval.token(),
        "interval_asked": url.by.map(Interval::token),
        "all": { "total": trends.all, "undated": trends.all_undated },
        "queries": queries.collect::<Vec<_>>(),
        "bins": bins.collect::<Vec<_>>(),
        "url": urls.absolute(&urls.trends(url)),
    })
}

/// Everything known of a release.
pub fn full_release(release: &Release, history: &History, urls: &Urls) -> Value {
    let mut full = item(&release.item, urls);
    let mentions = |kind: MentionKind| -> Value {
        release
            .mentions
            .iter()
            .filter(|mention| mention.kind == kind)
            .map(|mention| json!({ "slug": mention.slug, "name": mention.name, "role": mention.role, "evidence": mention.evidence }))
            .collect()
    };
    let document = &release.document;
    let more = json!({
        "text": release.text,
        "sha256": release.sha256,
        "blocks": release.blocks.iter().zip(1..).map(|(part, number)| block(part, number, &release.text)).collect::<Vec<_>>(),
        "topics": release.topics.iter().map(|(topic, assigned)| json!({
            "slug": topic.slug, "label": topic.label, "score": assigned.score, "stated": assigned.stated, "evidence": assigned.evidence,
        })).collect::<Vec<_>>(),
        "places": mentions(MentionKind::Place),
        "people": mentions(MentionKind::Person),
        "organisations": mentions(MentionKind::Organisation),
        "dates": release.dates.iter().map(|date| {
            let Evidence { text, start, end } = &date.evidence;
            json!({ "edtf": date.edtf, "role": date.role.token(), "evidence": [{ "text": text, "start": start, "end": end }] })
        }).collect::<Vec<_>>(),
        "document": {
            "name": document.name,
            "sha256": document.sha256,
            "format": document.format.token(),
            "start": document.at.start,
            "end": document.at.end,
            "stated": document.sidecar,
        },
        "series": release.number,
        "version": history.version,
        "versions": history.versions,
        "seen_at": history.seen_at,
        "history_url": urls.absolute(&urls.history(release.item.id)),
        "changed_without_notice": history.substantive.map(|(before, after)| json!({
            "before": before, "after": after, "url": urls.absolute(&urls.compare(release.item.id, before, after)),
        })),
        "sources": sources(release, history),
        "translations": history.translations.iter().map(|other| json!({
            "id": other.id, "lang": other.lang, "title": other.title, "url": urls.absolute(&urls.item(other)), "original_url": other.url,
        })).collect::<Vec<_>>(),
        "corrections": history.corrections.iter().map(|correction| json!({
            "field": correction.field, "value": bare(&correction.value), "found": bare(&correction.found), "because": correction.because,
            "at": correction.at,
        })).collect::<Vec<_>>(),
        "former_urls": history.former_urls,
        "retrieved_on": document.sidecar.fetched_on,
        "loaded_at": release.loaded_at,
    });
    if let (Value::Object(full), Value::Object(more)) = (&mut full, more) {
        full.extend(more);
    }
    full
}

/// Who carries a release: first the source whose words it shows, then the others as they were seen.
fn sources(release: &Release, history: &History) -> Value {
    let item = &release.item;
    let own = json!({
        "name": item.source.name, "slug": item.source.slug, "title": item.title, "original_url": item.url, "key": item.key,
        "sha256": release.sha256, "document": release.document.name, "seen_at": history.seen_at, "recognised_by": null, "alike": 1.0,
    });
    let copies = history.copies.iter().map(|copy| {
        json!({
            "name": copy.source.name, "slug": copy.source.slug, "title": copy.title, "original_url": copy.url, "key": copy.key,
            "sha256": copy.sha256, "document": copy.document, "seen_at": copy.seen_at, "recognised_by": copy.how, "alike": copy.score,
        })
    });
    std::iter::once(own).chain(copies).collect()
}

/// A release as it once was.
pub fn version(version: &Version, release: &ReleaseItem, urls: &Urls) -> Value {
    let item = &version.item;
    json!({
        "id": release.id,
        "version": item.number,
        "current": item.current,
        "seen_at": item.seen_at,
        "url": urls.absolute(&urls.version(release.id, item.number)),
        "release_url": urls.absolute(&urls.item(release)),
        "title": item.title,
        "lang": version.lang,
        "source": { "name": item.source.name, "slug": item.source.slug },
        "original_url": item.url,
        "published": published(&item.published),
        "stated": version.stated,
        "text": version.text,
        "sha256": item.sha256,
        "erased": item.erased,
        "edit": item.edit,
        "blocks": version.blocks.iter().zip(1..).map(|(part, number)| block(part, number, &version.text)).collect::<Vec<_>>(),
        "document": { "name": item.document, "sha256": item.document_sha256, "start": item.at.start, "end": item.at.end },
    })
}

fn block(block: &Block, number: usize, text: &str) -> Value {
    let mut value = json!({
        "type": block.kind.token(),
        "text": crate::model::release::fold_spaces(block.span.of(text)),
        "start": block.span.start,
        "end": block.span.end,
        "anchor": format!("p{number}"),
    });
    if block.level > 0 {
        value["level"] = json!(block.level);
    }
    if !block.items.is_empty() {
        value["items"] = items(&block.items, text);
    }
    value
}

fn items(list: &[ListItem], text: &str) -> Value {
    list.iter()
        .map(|item| {
            let lines: Vec<String> = item.lines.iter().map(|line| crate::model::release::fold_spaces(line.of(text))).collect();
            json!({ "marker": item.marker.of(text).trim(), "text": lines.join(" "), "items": items(&item.children, text) })
        })
        .collect()
}
