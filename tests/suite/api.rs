//! The shapes that programs rely on.

use std::collections::BTreeSet;

use nato_archive::import::sha256_hex;
use serde_json::Value;

use crate::support::app::{BASE, TestApp, word};

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

/// All of these fields are there; more may come.
#[track_caller]
fn has(value: &Value, fields: &str) {
    let there = keys(value);
    for field in fields.split_whitespace() {
        assert!(there.contains(field), "no {field} among {there:?}");
    }
}

const ITEM: &str = "id key title url kind lang source published topics";
const PUBLISHED: &str = "edtf display sort_on earliest latest time offset precision basis year_from evidence";

#[tokio::test]
async fn the_list_gives_everything_once_newest_first_whatever_the_step() {
    let app = TestApp::seeds().await;
    let all: Vec<Value> = app.items().await;
    assert_eq!(all.len(), 23);
    for limit in [1, 4, 7, 22, 23, 100] {
        let mut got = Vec::new();
        let mut path = format!("/api/v1/releases?limit={limit}");
        loop {
            let page = app.get(&path).await.ok().json();
            assert_eq!(keys(&page), BTreeSet::from(["items", "next", "total"]));
            assert_eq!(page["total"], 23);
            let items = page["items"].as_array().expect("items");
            assert!(!items.is_empty() && items.len() <= limit, "{path}");
            got.extend(items.iter().cloned());
            match &page["next"] {
                Value::Null => break,
                next => path = format!("/api/v1/releases?limit={limit}&cursor={}", word(next)),
            }
            assert!(got.len() < 23, "{path}: it goes on and on");
        }
        assert_eq!(got, all, "in steps of {limit}");
    }
    let ids: BTreeSet<&str> = all.iter().map(|item| word(&item["id"])).collect();
    assert_eq!(ids.len(), 23);
    let days: Vec<&str> = all.iter().map(|item| item["published"]["sort_on"].as_str().unwrap_or("")).collect();
    assert!(days.is_sorted_by(|a, b| a >= b), "{days:?}");
}

#[tokio::test]
async fn undated_releases_come_last_in_every_step() {
    let app = TestApp::seeds().await;
    let undated: Vec<Value> = (0..5)
        .map(|n| serde_json::json!({"title": format!("Undated {n}"), "body": format!("Words {n} without a day."), "source": "NATO"}))
        .collect();
    app.load(&[crate::support::app::ndjson("undated.ndjson", &undated)]).await;
    let all = app.items().await;
    assert_eq!(all.len(), 28);
    assert!(all.iter().skip(23).all(|item| item["published"]["sort_on"].is_null()), "the last five are undated");
    let mut got = Vec::new();
    let mut next = String::new();
    loop {
        let page = app.get(&format!("/api/v1/releases?limit=3&cursor={next}")).await.ok().json();
        got.extend(page["items"].as_array().expect("items").iter().map(|item| word(&item["id"]).to_owned()));
        match page["next"].as_str() {
            Some(cursor) => next = cursor.to_owned(),
            None => break,
        }
    }
    assert_eq!(got, all.iter().map(|item| word(&item["id"]).to_owned()).collect::<Vec<_>>());
}

#[tokio::test]
async fn every_item_and_every_release_has_the_fields_that_were_promised() {
    let app = TestApp::seeds().await;
    for item in app.items().await {
        has(&item, ITEM);
        has(&item["source"], "name slug");
        has(&item["published"], PUBLISHED);
        assert!(word(&item["url"]).starts_with(&format!("{BASE}/releases/{}/", word(&item["id"]))));
    }
    for release in app.releases().await {
        has(&release, ITEM);
        has(&release, "text blocks topics places people organisations dates document series version original_url retrieved_on");
        has(&release["document"], "name sha256 start end");
        release["topics"].as_array().expect("topics").iter().for_each(|topic| has(topic, "slug label score evidence"));
        for field in ["places", "people", "organisations"] {
            release[field].as_array().expect(field).iter().for_each(|mention| has(mention, "slug name role evidence"));
        }
        release["dates"].as_array().expect("dates").iter().for_each(|date| has(date, "edtf role evidence"));
        release["blocks"].as_array().expect("blocks").iter().for_each(|block| has(block, "type text anchor"));
    }
}

/// Every object with `text`, `start` and `end`, wherever it stands under `evidence`.
fn evidence<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    match value {
        Value::Array(list) => list.iter().for_each(|item| evidence(item, found)),
        Value::Object(fields) => {
            for (name, value) in fields {
                if name == "evidence" {
                    found.extend(value.as_array().expect("a list of evidence"));
                } else {
                    evidence(value, found);
                }
            }
        }
        _ => {}
    }
}

#[tokio::test]
async fn every_piece_of_evidence_is_what_stands_at_its_offsets() {
    let app = TestApp::seeds().await;
    let documents: Vec<String> = nato_archive::ingest::Source::seeds()
        .into_iter()
        .map(|seed| match seed {
            nato_archive::ingest::Source::Embedded { bytes, .. } => String::from_utf8(bytes).expect("UTF-8"),
            _ => String::new(),
        })
        .collect();
    let mut pieces = 0;
    for release in app.releases().await {
        let id = word(&release["id"]);
        let text = word(&release["text"]);
        let offset = |value: &Value, name: &str| value[name].as_u64().expect("an offset") as usize;
        let mut found = Vec::new();
        evidence(&release, &mut found);
        pieces += found.len();
        for piece in found {
            assert_eq!(text.get(offset(piece, "start")..offset(piece, "end")), piece["text"].as_str(), "{id}: {piece}");
        }
        for block in release["blocks"].as_array().expect("blocks") {
            let there = text.get(offset(block, "start")..offset(block, "end")).expect("a block in the text");
            if block["type"] != "list" {
                assert_eq!(there.split_whitespace().collect::<Vec<_>>().join(" "), word(&block["text"]), "{id}");
            }
        }
        // The text stands in its document, byte for byte, and is what the file serves.
        let document = &release["document"];
        let source = documents.iter().find(|source| sha256_hex(source.as_bytes()) == word(&document["sha256"])).expect("its document");
        assert_eq!(source.get(offset(document, "start")..offset(document, "end")), Some(text), "{id}");
        let served = app.get(&format!("/releases/{id}.txt")).await.ok();
        assert_eq!(served.text(), text, "{id}");
        assert_eq!(sha256_hex(&served.body), word(&release["sha256"]), "{id}");
        assert!(served.header("link").contains("rel=\"canonical\""));
        let json = app.get(&format!("/releases/{id}.json")).await.ok().json();
        assert_eq!(json, release, "two addresses, one shape");
        let page = app.get(crate::support::app::path_of(word(&release["url"]))).await.ok();
        assert!(page.text().contains(word(&release["sha256"])), "{id}: the page shows the checksum");
    }
    assert!(pieces > 100, "{pieces}");
}

#[tokio::test]
async fn a_search_has_the_fields_that_were_promised() {
    let app = TestApp::seeds().await;
    let answer = app.get("/api/v1/search?q=defence+-nuclear&topic=ukraine&limit=3").await.ok();
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    let answer = answer.json();
    has(&answer, "total items next read_as facets histogram");
    assert_eq!(word(&answer["read_as"]).replace('*', ""), "defence (also defense); without: nuclear");
    has(&answer["facets"], "topic kind place person source lang year");
    for (facet, values) in answer["facets"].as_object().expect("facets") {
        for value in values.as_array().expect(facet) {
            has(value, "value label count selected");
        }
    }
    has(&answer["histogram"], "interval bins undated");
    answer["histogram"]["bins"].as_array().expect("bins").iter().for_each(|bin| has(bin, "start count"));
    answer["items"].as_array().expect("items").iter().for_each(|item| has(item, ITEM));
}

#[tokio::test]
async fn pages_of_a_search_follow_each_other_without_hole_or_repetition() {
    let app = TestApp::seeds().await;
    for query in ["q=nato", "q=nato&sort=oldest", "sort=oldest", "q=defence&sort=newest"] {
        let ids = async |limit: usize, page: usize| -> Vec<String> {
            let answer = app.get(&format!("/api/v1/search?{query}&limit={limit}&page={page}")).await.ok().json();
            answer["items"].as_array().expect("items").iter().map(|item| word(&item["id"]).to_owned()).collect()
        };
        let all = ids(100, 1).await;
        let mut got = Vec::new();
        for page in 1..=all.len().div_ceil(5) {
            got.extend(ids(5, page).await);
        }
        assert_eq!(got, all, "{query}");
    }
}

#[tokio::test]
async fn the_page_and_the_program_are_told_the_same() {
    let app = TestApp::seeds().await;
    for query in ["q=defence", "q=nato&sort=oldest", "topic=ukraine&topic=russia", "from=june+2025", "q=zyzzyva"] {
        let json = app.get(&format!("/api/v1/search?{query}")).await.ok().json();
        let page = app.get(&format!("/search?{query}")).await.ok().html();
        let sentence = page.words("#sentence");
        assert!(sentence.starts_with(&json["total"].to_string()), "{query}: {sentence}");
        let shown: Vec<String> = page.attributes("ol.register .what a", "href");
        let told: Vec<&str> =
            json["items"].as_array().expect("items").iter().map(|item| crate::support::app::path_of(word(&item["url"]))).collect();
        let shown: Vec<&str> = shown.iter().map(|href| href.split('?').next().unwrap_or("")).collect();
        assert_eq!(shown, told, "{query}");
        assert_eq!(page.attributes("link[type='application/json']", "href").len(), 1);
    }
}

#[tokio::test]
async fn items_of_lists_and_searches_carry_the_words_behind_their_dates() {
    let app = TestApp::seeds().await;
    for path in ["/api/v1/releases?limit=100", "/api/v1/search?limit=100"] {
        let list = app.get(path).await.ok().json();
        let items = list["items"].as_array().expect("items");
        let shown = items.iter().filter(|item| !item["published"]["evidence"].as_array().expect("evidence").is_empty()).count();
        assert_eq!((items.len(), shown), (23, 23), "{path}");
    }
}
