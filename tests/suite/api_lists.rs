//! Lists of `/api/v1`: they give everything once, in steps of any size, and a cursor is followed only where it leads right.

use std::collections::BTreeSet;

use axum::http::Method;
use nato_archive::ingest::{Clock, Owner};
use nato_archive::model::history::Field;
use serde_json::{Value, json};

use crate::support::app::{BASE, Builder, TestApp, ndjson, path_of, text, word};
use crate::support::past::{told, versions, write};

/// A list from end to end in steps, by `Link`; `next` says the same.
async fn walked(app: &TestApp, path: &str, limit: usize) -> Vec<Value> {
    let first = format!("{path}{}limit={limit}", if path.contains('?') { '&' } else { '?' });
    let mut address = first.clone();
    let mut items = Vec::new();
    loop {
        let answer = app.get(&address).await.ok();
        let page = answer.json();
        let here = page["items"].as_array().expect("items").clone();
        assert!(here.len() <= limit, "{address}");
        items.extend(here);
        assert!(items.len() < 5_000, "{address}: it goes on and on");
        let links: Vec<&str> = answer.header("link").split(", ").collect();
        let of = |rel: &str| links.iter().find_map(|link| link.strip_suffix(&format!(">; rel=\"{rel}\""))?.strip_prefix('<'));
        let home = app.get(path_of(of("first").expect("a first page"))).await.ok().json();
        assert_eq!(home, app.get(&first).await.ok().json(), "{address}");
        match page["next"].as_str() {
            None => {
                assert_eq!(of("next"), None, "{address}");
                return items;
            }
            Some(cursor) => {
                let next = of("next").expect("a next page");
                assert!(next.starts_with(BASE) && next.ends_with(&format!("cursor={cursor}")), "{address}: {next}");
                path_of(next).clone_into(&mut address);
            }
        }
    }
}

#[tokio::test]
async fn every_list_gives_everything_once_whatever_the_step() {
    let app = TestApp::seeds().await;
    let undated = json!({"title": "Undated", "body": "Words of no day.", "source": "NATO"});
    app.load(&[ndjson("undated.ndjson", &[undated])]).await;
    let id = word(&app.items().await[0]["id"]).to_owned();
    for path in [
        "/api/v1/releases",
        "/api/v1/releases?sort=oldest",
        "/api/v1/releases?topic=ukraine&topic=russia",
        "/api/v1/releases?q=defence+-nuclear&from=2025-05",
        "/api/v1/releases?q=nato&sort=oldest&kind=live-update",
        "/api/v1/search?q=nato",
        "/api/v1/search?sort=oldest&lang=en",
        "/api/v1/facets/topic?q=defence",
        "/api/v1/facets/year",
        "/api/v1/mentions/places",
        "/api/v1/mentions/people",
        "/api/v1/mentions/organisations",
        "/api/v1/changes",
        "/api/v1/changes?kind=added",
        &format!("/api/v1/changes?release={id}"),
        &format!("/api/v1/changes?release={id}&kind=withdrawn"),
        &format!("/api/v1/releases/{id}/versions"),
    ] {
        let all = walked(&app, path, 100).await;
        for limit in [1, 7] {
            assert_eq!(walked(&app, path, limit).await, all, "{path} in steps of {limit}");
        }
        assert_eq!(app.get(path).await.ok().json()["total"], all.len(), "{path}");
    }
}

#[tokio::test]
async fn the_list_of_a_search_is_the_search_by_date() {
    let app = TestApp::seeds().await;
    for query in [
        "q=defence",
        "q=%22defence+industry%22&topic=ukraine",
        "from=2025-06&to=2025-06-24",
        "kind=news",
        "q=zyzzyva",
        "place=no-such-place",
    ] {
        let ids =
            |items: &Value| -> Vec<String> { items.as_array().expect("items").iter().map(|item| word(&item["id"]).to_owned()).collect() };
        for sort in ["newest", "oldest"] {
            let found = app.get(&format!("/api/v1/search?{query}&sort={sort}&limit=100")).await.ok().json();
            let listed = app.get(&format!("/api/v1/releases?{query}&sort={sort}&limit=100")).await.ok().json();
            assert_eq!(ids(&found["items"]), ids(&listed["items"]), "{query} {sort}");
            assert_eq!(found["total"], listed["total"], "{query} {sort}");
        }
    }
    assert!(word(&app.get("/api/v1/releases?q=a&sort=relevance").await.is(400).json()["detail"]).starts_with("sort: "));
    assert!(word(&app.get(&format!("/api/v1/releases?q={}", "data+".repeat(129))).await.is(400).json()["detail"]).starts_with("q: "));
}

#[tokio::test]
async fn cursors_that_are_broken_foreign_or_stale_are_refused() {
    let app = TestApp::seeds().await;
    let next = async |path: &str| word(&app.get(path).await.ok().json()["next"]).to_owned();
    let of_list = next("/api/v1/releases?limit=5").await;
    let of_topic = next("/api/v1/releases?limit=1&topic=ukraine").await;
    let of_search = next("/api/v1/search?q=nato&limit=5").await;
    let of_facet = next("/api/v1/facets/topic?limit=1").await;
    let of_places = next("/api/v1/mentions/places?limit=1").await;
    let id = word(&app.items().await[0]["id"]).to_owned();
    for (path, cursor) in [
        ("/api/v1/releases", "x"),
        ("/api/v1/releases", "%00"),
        ("/api/v1/releases", "AAAA"),
        ("/api/v1/releases", &"A".repeat(600)),
        ("/api/v1/releases", &of_search),
        ("/api/v1/releases", &of_topic),
        ("/api/v1/releases", &of_list[1..]),
        ("/api/v1/releases", &format!("{of_list}A")),
        ("/api/v1/releases?topic=russia", &of_topic),
        ("/api/v1/releases?topic=ukraine&sort=oldest", &of_topic),
        ("/api/v1/search?q=nato", &of_list),
        ("/api/v1/search?q=other", &of_search),
        ("/api/v1/search?q=nato&sort=oldest", &of_search),
        ("/api/v1/facets/place", &of_facet),
        ("/api/v1/mentions/people", &of_places),
        ("/api/v1/changes", &of_places),
        (&format!("/api/v1/releases/{id}/versions"), &of_list),
    ] {
        let address = format!("{path}{}cursor={cursor}", if path.contains('?') { '&' } else { '?' });
        let problem = app.get(&address).await.is(400).json();
        assert_eq!(problem["errors"][0]["parameter"], "cursor", "{address}");
    }
    // Another limit, and the same search written otherwise, go on.
    for address in [
        format!("/api/v1/releases?limit=7&cursor={of_list}"),
        format!("/api/v1/releases?nonsense=1&limit=9&topic=ukraine&cursor={of_topic}"),
        format!("/api/v1/search?sort=relevance&variants=on&q=+nato&cursor={of_search}"),
    ] {
        app.get(&address).await.ok();
    }
    // What came meanwhile moves the numbers of hits, and not the places of releases.
    app.load(&[text(
        "late.txt",
        "NATO meets again\n\nSource: NATO\n\nNATO met on 1 July 2025 in Brussels, where Ukraine was discussed.\n",
    )])
    .await;
    for address in [
        format!("/api/v1/search?q=nato&cursor={of_search}"),
        format!("/api/v1/facets/topic?cursor={of_facet}"),
        format!("/api/v1/mentions/places?cursor={of_places}"),
    ] {
        let problem = app.get(&address).await.is(400).json();
        assert!(word(&problem["detail"]).contains("has changed since"), "{address}: {problem}");
    }
    app.get(&format!("/api/v1/releases?cursor={of_list}")).await.ok();
    app.get(&format!("/api/v1/releases?topic=ukraine&cursor={of_topic}")).await.ok();
}

#[tokio::test]
async fn a_list_is_not_gone_on_with_from_a_release_that_stands_elsewhere_by_now() {
    let dated = |n: u32| json!({"title": format!("Release {n}"), "body": format!("Common words, number {n}."), "published_on": format!("2024-05-{n:02}")});
    let app = TestApp::of(&(1..=9).map(dated).collect::<Vec<_>>()).await;
    let page = app.get("/api/v1/releases?q=common&limit=3").await.ok().json();
    let address = format!("/api/v1/releases?q=common&limit=3&cursor={}", word(&page["next"]));
    let owner = Owner::new(app.store.clone(), app.index.clone(), Clock::fixed("2026-01-01T00:00:00Z"));
    let of = |at: usize| word(&page["items"][at]["id"]).parse().expect("an id");
    for (at, date, status) in [(1, "1990-01-01", 200), (2, "1990-01-01", 400), (2, "2030-01-01", 400), (2, "2024-05-07", 200)] {
        owner.correct(of(at), Field::Date, Some(date), "It says so.").await.expect("a correction");
        app.archive.refresh().await.expect("a refresh");
        let answer = app.get(&address).await.is(status).json();
        if status == 200 {
            assert_eq!(answer["items"][0]["title"], "Release 6");
        } else {
            assert!(word(&answer["detail"]).contains("has changed since"), "{answer}");
        }
    }
}

#[tokio::test]
async fn a_search_reaches_a_thousand_hits_and_says_where_the_rest_is() {
    let many: Vec<Value> = (0..1_030)
        .map(|n| json!({"title": format!("Release {n}"), "body": format!("Common words, number {n}."), "published_on": "2024-05-06"}))
        .collect();
    let app = TestApp::of(&many).await;
    assert_eq!(walked(&app, "/api/v1/search?q=common", 90).await.len(), 1_000);
    assert_eq!(walked(&app, "/api/v1/releases?q=common", 90).await.len(), 1_030);
    app.get("/api/v1/search?q=common&page=10&limit=100").await.ok();
    for beyond in ["page=11&limit=100", "page=51", "page=0", "page=-1", "page=1001&limit=1"] {
        let problem = app.get(&format!("/api/v1/search?q=common&{beyond}")).await.is(400).json();
        assert!(word(&problem["detail"]).starts_with("page: ") && word(&problem["detail"]).contains("/data"), "{beyond}: {problem}");
    }
}

#[tokio::test]
async fn counts_of_facets_mentions_and_topics_agree() {
    let app = TestApp::seeds().await;
    let search = app.get("/api/v1/search?q=nato&limit=1").await.ok().json();
    for facet in ["topic", "kind", "place", "person", "source", "lang", "year"] {
        let path = format!("/api/v1/facets/{facet}?q=nato&limit=100");
        let list = app.get(&path).await.ok().json();
        assert_eq!(list["releases"], search["total"], "{facet}");
        let counts = |values: &Value| -> BTreeSet<(String, u64)> {
            values
                .as_array()
                .expect("values")
                .iter()
                .map(|value| (word(&value["value"]).to_owned(), value["count"].as_u64().unwrap_or(0)))
                .collect()
        };
        assert_eq!(counts(&list["items"]), counts(&search["facets"][facet]), "{facet}");
    }
    for (facet, kind) in [("place", "places"), ("person", "people")] {
        let values = walked(&app, &format!("/api/v1/facets/{facet}"), 100).await;
        let named = walked(&app, &format!("/api/v1/mentions/{kind}"), 100).await;
        let pairs = |items: &[Value], name: &str, count: &str| -> Vec<(String, u64)> {
            items.iter().map(|item| (word(&item[name]).to_owned(), item[count].as_u64().unwrap_or(0))).collect()
        };
        assert_eq!(pairs(&values, "value", "count"), pairs(&named, "slug", "releases"), "{kind}");
        for item in &named {
            let page = app.get(path_of(word(&item["url"]))).await.ok().html();
            assert!(page.words("#sentence").starts_with(&item["releases"].to_string()), "{item}");
        }
    }
    let full: Vec<Value> = app.releases().await;
    for organisation in walked(&app, "/api/v1/mentions/organisations", 100).await {
        let naming = full.iter().filter(|release| {
            release["organisations"].as_array().is_some_and(|all| all.iter().any(|one| one["slug"] == organisation["slug"]))
        });
        assert_eq!(naming.count() as u64, organisation["releases"].as_u64().unwrap_or(0), "{organisation}");
    }
    let topics = app.get("/api/v1/topics").await.ok().json();
    for topic in topics["items"].as_array().expect("topics").iter().filter(|topic| topic["releases"] != 0) {
        let whole = app.get(&format!("/api/v1/topics/{}", word(&topic["slug"]))).await.ok().json();
        let bins = whole["histogram"]["bins"].as_array().expect("bins").iter().map(|bin| bin["count"].as_u64().unwrap_or(0)).sum::<u64>();
        assert_eq!(Some(bins + whole["histogram"]["undated"].as_u64().unwrap_or(0)), topic["releases"].as_u64(), "{topic}");
        let listed = app.get(path_of(word(&whole["releases_url"]))).await.ok().json();
        assert_eq!(listed["total"], topic["releases"], "{topic}");
    }
}

#[tokio::test]
async fn originals_resolve_and_what_is_gone_says_so() {
    let app = TestApp::empty().await;
    let kept = versions(&app, "pr-1", &[told("Allies meet", "Allies sent 12 ships.", "2025-05-02T09:00:00Z", None)]).await;
    let other = versions(&app, "pr-2", &[told("Another", "Other words.", "2025-05-02T09:00:00Z", None)]).await;
    let body = json!({"title": "At an address", "body": "Press Release (2012) 062\n\nWords.", "url": "https://www.nato.int/cps/en/natohq/news_9.htm", "source": "NATO", "lang": "en"});
    app.load(&[ndjson("addressed.ndjson", &[body])]).await;
    for asked in [
        "https://www.nato.int/cps/en/natohq/news_9.htm",
        "http://nato.int/cps/en/natohq/news_9.htm?selectedLocale=en",
        "(2012)+062",
        "nato.int/cps/en/natohq/news_9.htm",
    ] {
        let found = app.get(&format!("/api/v1/resolve?url={asked}")).await.ok().json();
        assert_eq!(found["release"]["title"], "At an address", "{asked}");
        // The search box leads there too.
        let led = app.get(&format!("/search?q={asked}")).await.is(303).header("location").to_owned();
        assert!(led.contains("at-an-address"), "{asked}: {led}");
    }
    // What is not there is named by its parameter.
    for (path, field) in [
        ("/api/v1/resolve?url=nowhere.example/x", "url"),
        ("/api/v1/changes?release=00000000", "release"),
        ("/api/v1/facets/nope", "facet"),
        ("/api/v1/mentions/nope", "kind"),
    ] {
        let problem = app.get(path).await.is(404).json();
        assert_eq!(problem["errors"].as_array().map(Vec::len), Some(1), "{problem}");
        assert!(problem["errors"][0].to_string().contains(&format!("\"{field}\"")), "{problem}");
    }
    assert_eq!(app.get("/api/v1/resolve?url=https://www.nato.int/cps/fr/natohq/news_9.htm").await.ok().json()["wanted_lang"], "fr");
    write(&app, &[("UPDATE release SET hidden = 2, merged_into = ?2 WHERE seq = ?1", vec![json!(other.seq), json!(kept.seq)])]).await;
    for part in ["versions", "mentions", "cite"] {
        let to = app.get(&format!("/api/v1/releases/{}/{part}", other.id)).await.moved_to();
        assert_eq!(to, format!("/api/v1/releases/{}/{part}", kept.id));
    }
    write(
        &app,
        &[
            ("UPDATE release SET hidden = 1 WHERE seq = ?1", vec![json!(kept.seq)]),
            ("INSERT INTO withdrawal (seq, reason, at, erased) VALUES (?1, 'Asked for', '2025-07-01T08:30:00Z', 0)", vec![json!(kept.seq)]),
        ],
    )
    .await;
    for part in ["", "/versions", "/versions/1", "/mentions", "/cite"] {
        let problem = app.get(&format!("/api/v1/releases/{}{part}", kept.id)).await.is(410).json();
        assert_eq!((word(&problem["withdrawn"]["reason"]), problem["status"].as_u64()), ("Asked for", Some(410)), "{part}");
    }
    let log = app.get(&format!("/api/v1/changes?release={}", kept.id)).await.ok().json();
    assert!(log["items"].is_array());
    app.get("/api/v1/changes?release=00000000").await.is(404);
}

#[tokio::test]
async fn values_that_nobody_knows_find_nothing_and_are_named() {
    let app = TestApp::seeds().await;
    for path in [
        "/api/v1/search?q=nato",
        "/api/v1/releases?q=nato",
        "/api/v1/releases?sort=oldest",
        "/api/v1/facets/kind?q=nato",
        "/api/v1/trends?q=nato",
    ] {
        let known = app.get(&format!("{path}&topic=ukraine")).await.ok().json();
        assert!(known["unknown"].as_array().is_none_or(Vec::is_empty), "{path}");
        let unknown = app.get(&format!("{path}&topic=no-such-topic&topic=ukraine&kind=news&place=nowhere")).await.ok().json();
        let named = json!([{"facet": "topic", "value": "no-such-topic"}, {"facet": "place", "value": "nowhere"}]);
        assert_eq!(unknown["unknown"], named, "{path}");
    }
}

#[tokio::test]
async fn pages_of_other_sites_may_read_and_nothing_more() {
    let app = Builder::default().at("https://archive.example/a").with_seeds().start().await;
    for path in ["/a/api/v1", "/a/api/v1/search?q=data", "/a/api/v1/nothing", "/a/api/v1/search?limit=0"] {
        let answer = app.ask(Method::GET, path, &[("origin", "https://elsewhere.example")]).await;
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
        assert!(["ETag", "Link", "Retry-After"].iter().all(|name| answer.header("access-control-expose-headers").contains(name)), "{path}");
        assert_eq!(answer.maybe("access-control-allow-credentials"), None);
        let etag = answer.maybe("etag").map(str::to_owned);
        if let Some(etag) = etag {
            let again = app.ask(Method::GET, path, &[("if-none-match", &etag)]).await.is(304);
            assert_eq!(again.header("access-control-allow-origin"), "*", "{path}");
        }
    }
    let asked = [
        ("origin", "https://elsewhere.example"),
        ("access-control-request-method", "GET"),
        ("access-control-request-headers", "if-none-match"),
    ];
    let permitted = app.ask(Method::OPTIONS, "/a/api/v1/search", &asked).await.is(204);
    assert_eq!(permitted.header("access-control-allow-methods"), "GET, HEAD, OPTIONS");
    assert!(permitted.header("access-control-allow-headers").contains("If-None-Match"));
    assert!(permitted.body.is_empty());
    app.ask(Method::OPTIONS, "/a/api/v1/nothing", &asked).await.is(404);
    for file in ["/a/feed.json", "/a/feed.atom", "/a/search/export.ndjson?q=data", "/a/data/latest/archive.sqlite"] {
        let permitted = app.ask(Method::OPTIONS, file, &asked).await.is(204);
        assert_eq!(permitted.header("access-control-allow-origin"), "*", "{file}");
        let answer = app.ask(Method::GET, file, &asked[..1]).await;
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{file}");
        assert!(answer.header("access-control-expose-headers").contains("X-Total-Count"), "{file}");
    }
    assert_eq!(app.get("/a/search").await.ok().maybe("access-control-allow-origin"), None);
    let page = app.get("/a/api/v1/search?q=nato&limit=1").await.ok();
    assert!(page.header("link").contains("<https://archive.example/a/api/v1/search?q=nato&limit=1&cursor="), "{}", page.header("link"));
    assert_eq!(app.get("/a/api/v1/nothing").await.is(404).json()["instance"], "/a/api/v1/nothing");
}

#[tokio::test]
async fn tables_and_lists_are_given_in_parts() {
    let page = "<html lang=\"en\"><head><title>Figures of the year</title></head><body><main><h1>Figures of the year</h1><p>Allies spent more on defence in 2024 \
                than in any year before it, as the figures show.</p><table><tr><th>Ally</th><th>Share</th></tr><tr><td>Poland</td><td>4.1 %</td></tr></table>\
                <ul><li>First</li><li>Second</li></ul><p>More will follow in the autumn, when the figures are complete.</p></main></body></html>";
    let app = Builder::default().with(text("figures.html", page)).start().await;
    let release = &app.releases().await[0];
    let blocks = release["blocks"].as_array().expect("blocks");
    let table = blocks.iter().find(|block| block["type"] == "table").expect("a table");
    assert_eq!(table["rows"], json!([{"header": true, "cells": ["Ally", "Share"]}, {"header": false, "cells": ["Poland", "4.1 %"]}]));
    assert!(blocks.iter().all(|block| (block["type"] == "table") == block.get("rows").is_some()));
    let list = blocks.iter().find(|block| block["type"] == "list").expect("a list");
    assert_eq!(list["items"].as_array().map(Vec::len), Some(2));
}
