//! Filters and dates, with counts that can be relied on.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::app::{Builder, TestApp, ndjson, word};
use crate::support::page::words;

async fn total(app: &TestApp, query: &str) -> u64 {
    app.get(&format!("/api/v1/search?{query}")).await.ok().json()["total"].as_u64().expect("a total")
}

fn has_topic(item: &Value, topics: &[&str]) -> bool {
    item["topics"].as_array().expect("topics").iter().any(|topic| topics.contains(&word(&topic["slug"])))
}

#[tokio::test]
async fn values_of_one_facet_mean_any_and_facets_mean_all() {
    let app = TestApp::seeds().await;
    let items = app.items().await;
    let count = |keep: &dyn Fn(&Value) -> bool| items.iter().filter(|item| keep(item)).count() as u64;
    let live = |item: &Value| item["kind"] == "live-update";
    for (query, expected) in [
        ("topic=ukraine", count(&|item| has_topic(item, &["ukraine"]))),
        ("topic=ukraine&topic=space", count(&|item| has_topic(item, &["ukraine", "space"]))),
        ("topic=ukraine&topic=space&kind=live-update", count(&|item| has_topic(item, &["ukraine", "space"]) && live(item))),
        ("kind=live-update&kind=news", count(&|item| live(item) || item["kind"] == "news")),
        ("kind=live-update&topic=nuclear-deterrence", count(&|item| live(item) && has_topic(item, &["nuclear-deterrence"]))),
        ("topic=ukraine&topic=nothing-of-the-kind", count(&|item| has_topic(item, &["ukraine"]))),
        ("topic=nothing-of-the-kind", 0),
        ("topic=", 23),
        ("unknown=parameter", 23),
    ] {
        assert_eq!(total(&app, query).await, expected, "{query}");
    }
    let page = app.get("/search?topic=nothing-of-the-kind").await.ok().html();
    assert!(page.each(".notice").concat().contains("nothing-of-the-kind"), "what nobody knows is said");
}

#[tokio::test]
async fn from_and_to_are_inclusive_and_read_as_people_write() {
    let app = TestApp::seeds().await;
    let days: Vec<String> = app.items().await.iter().map(|item| word(&item["published"]["sort_on"]).to_owned()).collect();
    let between = |first: &str, last: &str| days.iter().filter(|day| first <= day.as_str() && day.as_str() <= last).count() as u64;
    for (query, first, last) in [
        ("from=2025-04-30&to=2025-04-30", "2025-04-30", "2025-04-30"),
        ("from=2025-04-25&to=2025-04-28", "2025-04-25", "2025-04-28"),
        ("from=25/04/2025&to=28/04/2025", "2025-04-25", "2025-04-28"),
        ("from=april+2025&to=april+2025", "2025-04-01", "2025-04-30"),
        ("from=04/2025&to=May+2025", "2025-04-01", "2025-05-31"),
        ("to=2025", "", "2025-12-31"),
        ("from=2025", "2025-01-01", "9"),
        ("from=25+Apr&to=30+Apr+2025", "2026-04-25", "2025-04-30"),
        ("from=avril+2025&to=2025-04", "2025-04-01", "2025-04-30"),
        ("from=2026", "2026-01-01", "9"),
    ] {
        let path = format!("/api/v1/search?{query}");
        if first > last {
            // The latest 25 April before the tests' today is that of 2026.
            app.get(&path).await.is(400);
            continue;
        }
        assert_eq!(total(&app, query).await, between(first, last), "{query}");
    }
}

#[tokio::test]
async fn undated_releases_are_found_until_a_date_is_asked_for() {
    let undated = ndjson("undated.ndjson", &[serde_json::json!({"title": "Quokka", "body": "Nothing says when.", "source": "NATO"})]);
    let app = Builder::default().with_seeds().with(undated).start().await;
    for (query, expected) in [("q=quokka", 1), ("q=quokka&from=1900", 0), ("q=quokka&to=2100", 0), ("", 24), ("from=1900", 23)] {
        assert_eq!(total(&app, query).await, expected, "{query}");
    }
    let histogram = app.get("/api/v1/search?q=quokka").await.ok().json()["histogram"].clone();
    assert_eq!((&histogram["undated"], histogram["bins"].as_array().map(Vec::len)), (&Value::from(1), Some(0)));
    assert!(app.get("/dates/undated").await.ok().html().words("main").contains("Quokka"));
    assert!(app.get("/").await.ok().html().words("main").contains("1 undated"));
    let page = app.get(&app.permalink("Quokka").await).await.ok().html();
    assert!(page.words("article > dl.facts").contains("undated"));
}

#[tokio::test]
async fn orders_are_each_other_reversed_and_undated_releases_are_last_in_both() {
    let undated = ndjson("undated.ndjson", &[serde_json::json!({"title": "Undated NATO words", "body": "NATO.", "source": "NATO"})]);
    let app = Builder::default().with_seeds().with(undated).start().await;
    for q in ["", "q=nato&"] {
        let days = async |sort: &str| -> Vec<Option<String>> {
            let answer = app.get(&format!("/api/v1/search?{q}sort={sort}&limit=100")).await.ok().json();
            answer["items"].as_array().expect("items").iter().map(|item| item["published"]["sort_on"].as_str().map(str::to_owned)).collect()
        };
        let (newest, oldest) = (days("newest").await, days("oldest").await);
        assert_eq!(newest.last(), Some(&None), "{q}");
        assert_eq!(oldest.last(), Some(&None), "{q}");
        let dated = |days: &[Option<String>]| days.iter().flatten().cloned().collect::<Vec<_>>();
        assert!(dated(&newest).is_sorted_by(|a, b| a >= b) && dated(&oldest).is_sorted(), "{q}");
        assert_eq!(dated(&newest).len() + 1, newest.len(), "{q}");
    }
    // With words the nearest come first, without words the newest.
    let first = |answer: Value| word(&answer["items"][0]["title"]).to_owned();
    assert!(first(app.get("/api/v1/search?q=nuclear+deterrence").await.ok().json()).contains("nuclear deterrence"));
    assert_eq!(first(app.get("/api/v1/search").await.ok().json()), word(&app.items().await[0]["title"]));
}

#[tokio::test]
async fn a_page_beyond_the_end_says_where_the_end_is() {
    let app = TestApp::seeds().await;
    assert_eq!(app.get("/search?page=2").await.ok().html().all("ol.register > li").len(), 3);
    let beyond = app.get("/search?page=3").await.is(400);
    assert!(beyond.html().words("main").contains("2 pages"), "{}", beyond.html().words("main"));
    let empty = app.get("/api/v1/search?page=3").await;
    assert!(empty.status == 400 || empty.json()["items"].as_array().is_some_and(Vec::is_empty));
    for path in ["/2025?page=3", "/topics/ukraine?page=2", "/dates/undated?page=2"] {
        app.get(path).await.is(404);
    }
}

/// Where a page names a number beside a link: the whole, and the number in it.
const COUNTED: [(&str, &str); 6] = [
    ("ul.tally li", ".count"),
    ("a.m", "b"),
    ("a.day", "b"),
    (".chart a", "title"),
    ("details tbody tr", "td.num"),
    ("ul.register li", ".count"),
];

#[tokio::test]
async fn every_number_on_a_page_is_the_number_of_releases_behind_its_link() {
    let app = TestApp::seeds().await;
    for path in ["/", "/dates", "/2025", "/2025/04", "/2025/06", "/topics", "/topics/ukraine", "/about", "/search?q=defence"] {
        let page = app.get(path).await.ok().html();
        let mut checked = 0;
        for (whole, number) in COUNTED {
            let number = scraper::Selector::parse(number).expect("a selector");
            for whole in page.all(whole) {
                let inside = std::iter::once(whole).chain(whole.descendants().filter_map(scraper::ElementRef::wrap));
                let Some(href) = inside.filter_map(|element| element.attr("href")).next() else { continue };
                let Some(shown) = whole.select(&number).next().map(words) else { continue };
                // “5”, “5 releases”, “25 April 2025: 5 releases”.
                let shown = shown.rsplit(": ").next().unwrap_or("").split(' ').next().unwrap_or("").to_owned();
                let said = app.get(href).await.ok().html().each(".sentence, main > p").join(" ");
                let nothing = shown == "0" && said.contains("No release");
                let behind =
                    said.split(' ').zip(said.split(' ').skip(1)).any(|(count, what)| count == shown && what.starts_with("release"));
                assert!(nothing || behind, "{path}: “{}” leads to {href}, which says “{said}”", words(whole));
                checked += 1;
            }
        }
        assert!(checked > 0, "{path}: nothing to check");
    }
}

#[tokio::test]
async fn the_numbers_of_days_months_and_years_add_up() {
    let app = TestApp::seeds().await;
    let mut days: BTreeMap<String, u64> = BTreeMap::new();
    for item in app.items().await {
        *days.entry(word(&item["published"]["sort_on"]).to_owned()).or_default() += 1;
    }
    for (day, count) in &days {
        let page = app.get(&format!("/{}", day.replace('-', "/"))).await.ok().html();
        assert_eq!(page.all("ol.register > li").len() as u64, *count, "{day}");
        let month = app.get(&format!("/{}", day[..7].replace('-', "/"))).await.ok().html();
        let sum: u64 = days.iter().filter(|(other, _)| other[..7] == day[..7]).map(|(_, count)| count).sum();
        assert!(month.words(".sentence").starts_with(&format!("{sum} release")), "{}", month.words(".sentence"));
        assert_eq!(month.all("table.calendar a").len(), days.keys().filter(|other| other[..7] == day[..7]).count());
    }
    let year = app.get("/2025").await.ok().html();
    assert!(year.words(".sentence").starts_with("23 releases"));
}

#[tokio::test]
async fn uncertain_dates_say_so_wherever_they_are_shown() {
    let app = TestApp::seeds().await;
    for item in app.items().await {
        let published = &item["published"];
        let exact = ["day", "minute"].contains(&word(&published["precision"])) && !word(&published["edtf"]).contains('~');
        let path = crate::support::app::path_of(word(&item["url"]));
        let page = app.get(path).await.ok().html();
        let facts = page.words("article > dl.facts dd:first-of-type");
        let display = word(&published["display"]);
        assert!(facts.starts_with(display), "{path}: “{facts}” for {display}");
        assert_eq!(page.has("article > dl.facts > dd:first-of-type > time[datetime]"), exact, "{path}");
        let month = app.get(&format!("/{}", word(&published["sort_on"])[..7].replace('-', "/"))).await.ok().html();
        let line = month.all(".entry").into_iter().find(|entry| words(*entry).contains(word(&item["title"]))).expect("its line");
        assert!(words(line).contains(display), "{path}: {}", words(line));
        assert_eq!(words(line).contains("about-date") || !exact, !exact);
    }
}
