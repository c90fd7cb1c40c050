//! All that a search finds, as a file: the same releases as the pages and programs are given, in the same order.

use std::io::Read;

use axum::http::Method;
use flate2::read::GzDecoder;
use serde_json::{Value, json};

use crate::support::app::{Builder, TestApp, ndjson, word};

/// Titles that are hard on forms, releases without a date, one that is withdrawn and one that is another: 260 beside the seeds.
async fn eventful() -> TestApp {
    let awkward = ["=1+1", "“Quoted”, \"twice\"", "{\\TeX} & 50% of $x_1^2$ #1", "Привет, Київ", "-war", "Two\tparts", "<b>bold</b> ]]>"];
    let releases: Vec<Value> = (0..260)
        .map(|n| {
            let title = awkward.get(n).map_or_else(|| format!("Statement {n}"), |title| (*title).to_owned());
            let body = format!("Words of statement {n}, \"quoted\",\r\nand {}.", "said at length ".repeat(n % 40));
            let on = if n % 5 == 0 { Value::Null } else { json!(format!("2025-05-{:02}", n % 28 + 1)) };
            json!({"key": format!("k{n}"), "source": "NATO", "title": title, "body": body, "published_on": on})
        })
        .collect();
    let app = Builder::default().with_seeds().with(ndjson("many.ndjson", &releases)).start().await;
    app.store.withdraw(60, "By mistake.", "2026-02-03T04:05:06Z").await.expect("withdrawn");
    app.store.merge(70, 71, 1.0, "The same.", "2026-02-03T04:05:06Z").await.expect("merged");
    let changed =
        json!({"key": "k9", "source": "NATO", "title": "Statement 9", "body": "Other words altogether, which say another thing."});
    app.load(&[ndjson("again.ndjson", &[changed])]).await;
    app
}

async fn listed(app: &TestApp) -> Vec<Value> {
    let mut listed = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = app.get(&format!("/api/v1/releases?limit=100&cursor={cursor}")).await.ok().json();
        listed.extend(page["items"].as_array().expect("items").iter().cloned());
        match page["next"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => return listed,
        }
    }
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

/// Cells of a table (RFC 4180, section 2).
fn rows(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, quoted) {
            ('"', true) if chars.peek() == Some(&'"') => cell.extend(chars.next()),
            ('"', _) => quoted = !quoted,
            (',', false) => row.push(std::mem::take(&mut cell)),
            ('\r', false) if chars.peek() == Some(&'\n') => {
                chars.next();
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            _ => cell.push(c),
        }
    }
    assert!(row.is_empty() && cell.is_empty() && !quoted);
    rows
}

#[tokio::test]
async fn an_export_of_everything_is_what_programs_are_given() {
    let app = eventful().await;
    let listed = listed(&app).await;
    assert_eq!(listed.len(), 281);
    let answer = app.get("/search/export.ndjson").await.ok();
    assert_eq!((answer.header("content-type"), answer.header("x-total-count")), ("application/x-ndjson", "281"));
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"releases.ndjson\"");
    assert!(answer.maybe("content-length").is_none() && answer.maybe("etag").is_none());
    let given = lines(answer.text());
    let ids = |releases: &[Value]| releases.iter().map(|release| word(&release["id"]).to_owned()).collect::<Vec<_>>();
    assert_eq!(ids(&given), ids(&listed));
    for release in given.iter().step_by(13) {
        assert_eq!(release, &app.get(&format!("/api/v1/releases/{}", word(&release["id"]))).await.ok().json());
    }
    let table = rows(app.get("/search/export.csv").await.ok().text());
    assert_eq!(table.len(), 282);
    let column = |name: &str| table[0].iter().position(|cell| cell == name).unwrap_or_else(|| panic!("{name}"));
    for (row, release) in table[1..].iter().zip(&given) {
        assert_eq!(row.len(), table[0].len());
        assert_eq!((&row[column("id")], &row[column("permalink")]), (&word(&release["id"]).to_owned(), &word(&release["url"]).to_owned()));
        assert_eq!(row[column("published_edtf")], release["published"]["edtf"].as_str().unwrap_or(""));
        assert_eq!(row[column("sha256")], word(&release["sha256"]));
        assert_eq!(row[column("version")], release["version"].to_string());
        // No cell is a formula; apart from that the words are the words.
        for cell in row {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
        }
        let text = row[column("text")].trim_start_matches('\'');
        assert_eq!(text, word(&release["text"]).trim_start_matches('\''));
    }
    for (form, count) in [("bib", "\n@"), ("ris", "\nTY  - ")] {
        let answer = app.get(&format!("/search/export.{form}")).await.ok();
        assert_eq!(format!("\n{}", answer.text()).matches(count).count(), 281, "{form}");
    }
    let references: Value = serde_json::from_slice(&app.get("/search/export.csl.json").await.ok().body).expect("JSON");
    assert_eq!(references.as_array().map(Vec::len), Some(281));
}

#[tokio::test]
async fn an_export_is_of_the_search_whose_address_it_has() {
    let app = eventful().await;
    for query in
        ["q=statement&sort=oldest", "q=defence&topic=ukraine&topic=russia", "from=2025-05-03&to=2025-05-04&page=3", "q=nothingofthesort"]
    {
        let found = app.get(&format!("/api/v1/search?limit=100&{}", query.replace("&page=3", ""))).await.ok().json();
        let answer = app.get(&format!("/search/export.ndjson?{query}")).await.ok();
        let given = lines(answer.text());
        assert_eq!(found["total"].to_string(), answer.header("x-total-count"), "{query}");
        assert_eq!(given.len().to_string(), answer.header("x-total-count"), "{query}");
        for (one, other) in found["items"].as_array().expect("items").iter().zip(&given) {
            assert_eq!(one["id"], other["id"], "{query}");
        }
    }
    let empty = app.get("/search/export.csv?q=nothingofthesort").await.ok();
    assert_eq!(rows(empty.text()).len(), 1);
    assert_eq!(app.get("/search/export.csl.json?q=nothingofthesort").await.ok().text().split_whitespace().collect::<String>(), "[]");
    for wrong in ["from=1999-02-30", "sort=upwards", "match=some", &format!("q={}", "word+".repeat(200))] {
        app.get(&format!("/search/export.csv?{wrong}")).await.is(400);
    }
    app.get("/search/export.exe").await.is(404);
    app.ask(Method::POST, "/search/export.csv", &[]).await.is(405);
    // The page of results leads there.
    let page = app.get("/search?q=statement&sort=oldest&page=2").await.ok().html();
    let exports: Vec<String> = page.addresses().into_iter().map(|(_, href)| href).filter(|href| href.contains("/export.")).collect();
    assert_eq!(exports.len(), 5);
    assert!(exports.contains(&"/search/export.csl.json?q=statement&sort=oldest".to_owned()), "{exports:?}");
}

#[tokio::test]
async fn an_export_may_be_compressed_on_its_way_and_need_not_be_made_to_be_described() {
    let app = eventful().await;
    let plain = app.get("/search/export.ndjson").await.ok();
    assert!(plain.maybe("content-encoding").is_none());
    let answer = app.ask(Method::GET, "/search/export.ndjson", &[("accept-encoding", "br, gzip")]).await.ok();
    assert_eq!((answer.header("content-encoding"), answer.header("vary")), ("gzip", "Accept-Encoding"));
    let mut text = String::new();
    GzDecoder::new(&answer.body[..]).read_to_string(&mut text).expect("gzip");
    assert_eq!(text, plain.text());
    let head = app.head("/search/export.ndjson").await.ok();
    assert!(head.body.is_empty() && head.maybe("content-length").is_none());
    for name in ["content-type", "content-disposition", "x-total-count", "x-archive-generation", "cache-control"] {
        assert_eq!(head.header(name), plain.header(name), "{name}");
    }
}

#[tokio::test]
async fn an_export_is_of_one_moment_or_asks_to_come_back() {
    let app = TestApp::seeds().await;
    let before = app.get("/search/export.ndjson").await.ok();
    // What is gone from the database is found by a search until the index has heard of it.
    app.store.withdraw(3, "By mistake.", "2026-02-03T04:05:06Z").await.expect("withdrawn");
    let refused = app.get("/search/export.ndjson").await.is(503);
    assert!(refused.maybe("retry-after").is_some());
    let (answer, _) = tokio::join!(app.get("/search/export.ndjson"), app.load(&[]));
    let answer = answer.ok();
    assert_eq!(lines(answer.text()).len().to_string(), answer.header("x-total-count"));
    assert_eq!(lines(answer.text()).len() + 1, lines(before.text()).len());
    assert_ne!(answer.header("x-archive-generation"), before.header("x-archive-generation"));
}

#[tokio::test]
async fn whoever_cannot_be_told_of_an_end_is_told_the_length() {
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    let app = TestApp::seeds().await;
    let expected = app.get("/search/export.csv").await.ok();
    let old = axum::http::Request::get("/search/export.csv")
        .version(axum::http::Version::HTTP_10)
        .body(axum::body::Body::empty())
        .expect("a request");
    let answer = app.router.clone().oneshot(old).await.expect("an answer");
    let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    assert_eq!((header("content-length"), header("connection")), (expected.body.len().to_string(), "close".to_owned()));
    assert_eq!(answer.into_body().collect().await.expect("a body").to_bytes(), expected.body);
}
