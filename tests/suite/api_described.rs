//! What is said of `/api/v1` is what it does: the OpenAPI document, the page for people, and the answers agree.

use std::collections::BTreeSet;
use std::path::Path;

use axum::http::Method;
use nato_archive::model::{Edit, Substance};
use regex::Regex;
use serde_json::{Value, json};

use crate::support::app::{BASE, TestApp, ndjson, word};
use crate::support::past::{copy, event, told, versions, write};
use crate::support::schema::faults;

async fn document(app: &TestApp) -> Value {
    app.get("/api/v1/openapi.json").await.ok().json()
}

fn operations(document: &Value) -> impl Iterator<Item = (&str, &Value)> {
    document["paths"].as_object().expect("paths").iter().map(|(path, item)| (path.as_str(), &item["get"]))
}

/// Within v1 only what is added may change here: whoever takes a change over with `INSTA_UPDATE=always` looks at it first.
#[tokio::test]
async fn the_description_says_what_it_said() {
    let app = TestApp::empty().await;
    let text = serde_json::to_string_pretty(&document(&app).await).expect("JSON");
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "../snapshots" }, {
        insta::assert_snapshot!("openapi", text);
    });
}

#[tokio::test]
async fn every_route_is_described_and_every_description_has_its_route() {
    let app = TestApp::empty().await;
    let document = document(&app).await;
    let described: BTreeSet<&str> = operations(&document).map(|(path, _)| path).collect();
    let table = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web/routes.rs")).expect("the routes");
    let route = Regex::new(r#"\.route\("(/api/v1[^"]*)""#).expect("a pattern");
    let routed = route.captures_iter(&table).map(|found| found.get(1).expect("a path").as_str());
    // The page is the description.
    let routed: BTreeSet<&str> = routed.filter(|path| *path != "/api/v1/docs").collect();
    assert_eq!(described, routed);
    let names: BTreeSet<&str> = operations(&document).map(|(_, operation)| word(&operation["operationId"])).collect();
    assert_eq!(names.len(), described.len(), "two operations share a name");
    let root = app.get("/api/v1").await.ok().json();
    let named: BTreeSet<&str> = root["resources"].as_array().expect("resources").iter().map(|one| word(&one["url"])).collect();
    assert_eq!(named, described.iter().map(|path| format!("{BASE}{path}")).collect::<BTreeSet<_>>().iter().map(String::as_str).collect());
}

/// Every schema within a value, with where it stands.
fn integers<'a>(value: &'a Value, at: String, found: &mut Vec<(String, &'a Value)>) {
    match value {
        Value::Array(values) => values.iter().enumerate().for_each(|(index, value)| integers(value, format!("{at}/{index}"), found)),
        Value::Object(members) => {
            let kind = &value["type"];
            if kind == "integer" || kind.as_array().is_some_and(|kinds| kinds.contains(&json!("integer"))) {
                found.push((at.clone(), value));
            }
            members.iter().for_each(|(name, value)| integers(value, format!("{at}/{name}"), found));
        }
        _ => {}
    }
}

#[tokio::test]
async fn every_integer_is_bounded_and_every_parameter_explained() {
    let app = TestApp::empty().await;
    let document = document(&app).await;
    let mut found = Vec::new();
    integers(&document, String::new(), &mut found);
    assert!(found.len() > 30, "{}", found.len());
    for (at, schema) in found {
        assert!(schema["minimum"].is_i64() && schema["maximum"].is_i64(), "{at}: {schema}");
    }
    for (path, operation) in operations(&document) {
        assert!(!word(&operation["summary"]).is_empty() && !word(&operation["description"]).is_empty(), "{path}");
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            assert!(!word(&parameter["description"]).is_empty(), "{path}: {parameter}");
        }
        for status in operation["responses"].as_object().expect("responses").keys() {
            assert!(["200", "301", "304", "400", "404", "410", "414", "500", "503"].contains(&status.as_str()), "{path}: {status}");
        }
    }
}

/// Releases with everything that a shape can hold: lists, tables, versions, sources, corrections, all kinds of date.
async fn rich() -> (TestApp, String) {
    let app = TestApp::seeds().await;
    let body = "Allies met.\n\n1. First\n2. Second\n\nThey agreed.";
    let odd = [
        json!({"title": "A range", "body": body, "published_on": "2025-05-05/2025-05-07", "key": "k-1", "url": "https://www.nato.int/a/range.htm"}),
        json!({"title": "Some day", "body": "One of several days. Ukraine.", "published_on": "[2024-09-25..2025-04-30]"}),
        json!({"title": "About a day", "body": "Approximately.", "published_on": "2025-04-25~", "lang": "fr"}),
        json!({"title": "Undated", "body": "No day."}),
    ];
    app.load(&[ndjson("odd.ndjson", &odd)]).await;
    let edit = Edit { body: true, added: 1, removed: 1, substance: Substance::Substantive, ..Edit::default() };
    let list = [
        told("Allies meet in Vilnius", "Allies sent 12 ships to sea.", "2025-05-02T09:00:00Z", None),
        told("Allies meet in Vilnius", "Allies sent 14 ships to sea.", "2025-05-03T14:05:00Z", Some(edit)),
    ];
    let kept = versions(&app, "pr-1", &list).await;
    write(
        &app,
        &[
            copy(kept.seq, 1, "A mirror", "Allies meet", "https://mirror.example/1"),
            event(101, "2025-05-02T09:00:00Z", "added", None, json!({})),
            event(102, "2025-05-03T14:05:00Z", "edited", Some(kept.seq), json!({"versions": [1, 2], "edit": edit})),
            event(103, "2025-05-03T15:00:00Z", "redescribed", Some(kept.seq), json!({"changes": [["topics", "Ukraine", "Russia"]]})),
        ],
    )
    .await;
    (app, kept.id)
}

/// Addresses of every operation, by its path in the description.
async fn samples(app: &TestApp, changed: &str) -> Vec<(&'static str, String)> {
    let mut all: Vec<(&'static str, String)> = Vec::new();
    for (path, query) in [
        ("/api/v1", ""),
        ("/api/v1/openapi.json", ""),
        ("/api/v1/releases", "?limit=100"),
        ("/api/v1/releases", "?limit=3&q=allies"),
        ("/api/v1/search", "?q=defence&topic=no-such-topic&limit=2"),
        ("/api/v1/search", "?limit=100"),
        ("/api/v1/search", "?q=deterrance"),
        ("/api/v1/trends", "?q=defence&q=deterrence&by=month"),
        ("/api/v1/topics", ""),
        ("/api/v1/changes", "?limit=100"),
        ("/api/v1/resolve", "?url=https://www.nato.int/a/range.htm"),
    ] {
        all.push((path, format!("{path}{query}")));
    }
    for facet in ["topic", "kind", "place", "person", "source", "lang", "year"] {
        all.push(("/api/v1/facets/{facet}", format!("/api/v1/facets/{facet}?q=nato&limit=5")));
    }
    for kind in ["places", "people", "organisations"] {
        all.push(("/api/v1/mentions/{kind}", format!("/api/v1/mentions/{kind}?limit=100")));
    }
    for slug in ["ukraine", "nuclear-deterrence"] {
        all.push(("/api/v1/topics/{slug}", format!("/api/v1/topics/{slug}")));
    }
    for item in app.items().await {
        let id = word(&item["id"]);
        all.push(("/api/v1/releases/{id}", format!("/api/v1/releases/{id}")));
        all.push(("/api/v1/releases/{id}/mentions", format!("/api/v1/releases/{id}/mentions")));
        all.push(("/api/v1/releases/{id}/versions", format!("/api/v1/releases/{id}/versions")));
    }
    for number in 1..=2 {
        all.push(("/api/v1/releases/{id}/versions/{number}", format!("/api/v1/releases/{changed}/versions/{number}")));
        all.push(("/api/v1/releases/{id}/cite", format!("/api/v1/releases/{changed}/cite?version={number}&passage=1")));
    }
    all.push(("/api/v1/releases/{id}/cite", format!("/api/v1/releases/{changed}/cite")));
    all
}

#[tokio::test]
async fn every_answer_has_the_shape_that_is_described() {
    let (app, changed) = rich().await;
    let document = document(&app).await;
    let mut asked = BTreeSet::new();
    for (path, address) in samples(&app, &changed).await {
        let answer = app.get(&address).await.ok();
        let described = &document["paths"][path]["get"]["responses"]["200"];
        let wrong = faults(&answer.json(), &described["content"]["application/json"]["schema"], &document, &address);
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        for header in described["headers"].as_object().expect("headers").keys() {
            assert!(answer.maybe(&header.to_lowercase()).is_some(), "{address}: no {header}");
        }
        assert_eq!(
            answer.maybe("link").is_some(),
            described["headers"].get("Link").is_some() || path == "/api/v1" || path.ends_with("/resolve"),
            "{address}"
        );
        asked.insert(path);
    }
    assert_eq!(asked, operations(&document).map(|(path, _)| path).collect(), "an operation was not asked");
}

#[tokio::test]
async fn every_problem_has_the_shape_that_is_described_and_is_explained() {
    let (app, changed) = rich().await;
    let document = document(&app).await;
    let docs = app.get("/api/v1/docs").await.ok().html();
    let long = format!("/api/v1/search?q={}", "a".repeat(62_000));
    for (method, address, status) in [
        (Method::GET, "/api/v1/nothing", 404),
        (Method::GET, "/api/v1/releases/00000000", 404),
        (Method::GET, "/api/v1/releases/%FF", 404),
        (Method::GET, &format!("/api/v1/releases/{changed}/versions/3"), 404),
        (Method::GET, &format!("/api/v1/releases/{changed}/cite?passage=999"), 404),
        (Method::GET, "/api/v1/search?from=2025-02-30&sort=upwards&limit=0", 400),
        (Method::GET, "/api/v1/resolve", 400),
        (Method::POST, "/api/v1/search", 405),
        (Method::DELETE, "/api/v1", 405),
        (Method::GET, &long, 414),
    ] {
        let answer = app.ask(method, address, &[]).await.is(status);
        let shown: String = address.chars().take(80).collect();
        assert_eq!(answer.header("content-type"), "application/problem+json", "{shown}");
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{shown}");
        let problem = answer.json();
        let wrong = faults(&problem, &json!({"$ref": "#/components/schemas/Problem"}), &document, &shown);
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert_eq!(problem["status"], status, "{shown}");
        let (page, anchor) = word(&problem["type"]).split_once('#').expect("an anchor");
        assert_eq!(page, format!("{BASE}/api/v1/docs"));
        assert!(docs.has_id(anchor), "{shown}: {anchor} is not explained");
        assert!(document["components"]["responses"].get(format!("Problem{status}")).is_some(), "{shown}");
    }
    let problem = app.get("/api/v1/search?from=2025-02-30&sort=upwards&limit=0&page=x").await.is(400).json();
    let fields: BTreeSet<&str> = problem["errors"].as_array().expect("errors").iter().map(|error| word(&error["parameter"])).collect();
    assert_eq!(fields, BTreeSet::from(["from", "sort", "limit", "page"]));
}

#[tokio::test]
async fn the_page_for_people_says_the_same_and_its_requests_work() {
    let (app, _) = rich().await;
    let document = document(&app).await;
    let page = app.get("/api/v1/docs").await.ok().html();
    for (path, operation) in operations(&document) {
        assert!(page.has_id(word(&operation["operationId"])), "{path}");
        assert!(page.words("main").contains(&format!("GET {path}")), "{path}");
    }
    for name in document["components"]["schemas"].as_object().expect("shapes").keys() {
        assert!(page.has_id(name), "{name}");
    }
    let links: Vec<String> = page.attributes("main a", "href");
    let mut followed = 0;
    for href in &links {
        match href.strip_prefix('#') {
            Some(anchor) => assert!(page.has_id(anchor), "{href} leads nowhere"),
            None => {
                app.get(href).await.ok();
                followed += usize::from(href.contains("/api/v1"));
            }
        }
    }
    assert!(followed >= operations(&document).count(), "{followed} examples");
    assert!(!page.has("main script, main style, main [style]"));
}
