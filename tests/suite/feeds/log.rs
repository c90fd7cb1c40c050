//! The log as it is followed: its pages, its archive documents, what it leaves out.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::Method;
use nato_archive::model::EventKind;
use serde_json::Value;
use sqlx::AssertSqlSafe;

use super::{BROWSER, walked};
use crate::support::app::{TestApp, path_of, word};
use crate::support::past::raw;

/// Entries of a JSON feed by their numbers, with the document's own words.
async fn entries(app: &TestApp, path: &str) -> (Vec<i64>, Value) {
    let document = app.get(path).await.ok().json();
    let numbers = document["items"].as_array().expect("items").iter();
    let numbers = numbers.map(|item| word(&item["id"]).rsplit(':').next().expect("an id").parse().expect("a number")).collect();
    (numbers, document)
}

#[tokio::test]
async fn the_log_can_be_followed_back_to_its_first_entry() {
    let app = TestApp::seeds().await;
    let (mut kinds, mut known) = (Vec::new(), BTreeMap::<String, Vec<i64>>::new());
    for round in 0..3 {
        // What is only noticed comes in thousands, and leaves no follower without what happened.
        log(&app, EventKind::Redescribed, 450).await;
        for kind in EventKind::ALL.iter().filter(|kind| **kind != EventKind::Added) {
            log(&app, *kind, 3 + 5 * round).await;
        }
        log(&app, EventKind::Retouched, 40).await;
        log(&app, EventKind::Corrected, 190 * (round % 2) + 7).await;
        kinds = logged(&app).await;
        for asked in [None, Some(EventKind::Redescribed), Some(EventKind::Corrected), Some(EventKind::Split)] {
            let minor = |kind: EventKind| matches!(kind, EventKind::Redescribed | EventKind::Retouched);
            let told = |kind: EventKind| asked.map_or(!minor(kind), |asked| asked == kind);
            let expected: Vec<i64> = kinds.iter().filter(|(_, kind)| told(*kind)).map(|(entry, _)| *entry).rev().collect();
            let query = asked.map_or(String::new(), |kind| format!("?kind={kind}"));
            let (current, document) = entries(&app, &format!("/changes.json{query}")).await;
            assert_eq!(current, expected[..expected.len().min(100)], "{asked:?}");
            // Page by page.
            let (mut paged, mut next) = (current.clone(), document["next_url"].as_str().map(str::to_owned));
            while let Some(url) = next {
                let (more, page) = entries(&app, path_of(&url)).await;
                assert!(!more.is_empty() && page["_nato_archive"]["links"]["first"].is_string(), "{url}");
                paged.extend(more);
                next = page["next_url"].as_str().map(str::to_owned);
            }
            assert_eq!(paged, expected, "{asked:?}");
            // Block by block.
            let (_, archives) = walked(&app, &format!("/changes.atom{query}")).await;
            let mut union: BTreeSet<i64> = current.into_iter().collect();
            for (path, ids) in archives {
                let ids: Vec<i64> = ids.iter().map(|id| id.parse().expect("a number")).collect();
                assert!(
                    ids.windows(2).all(|pair| pair[0] > pair[1]) && (ids[0] - 1) / 100 == (ids[ids.len() - 1] - 1) / 100,
                    "{path}: {ids:?}"
                );
                assert_eq!(entries(&app, &path.replace(".atom", ".json")).await.0, ids, "{path}");
                union.extend(&ids);
                if let Some(before) = known.insert(path.clone(), ids.clone()) {
                    assert_eq!(before, ids, "{path} has changed");
                }
            }
            assert_eq!(union.into_iter().rev().collect::<Vec<_>>(), expected, "{asked:?}");
        }
    }
    let last = kinds.last().expect("entries").0;
    for (path, status) in [
        ("/changes.atom?page=2".to_owned(), 400),
        ("/changes.json?before=x".to_owned(), 400),
        ("/changes.atom?archive=1&before=9".to_owned(), 400),
        ("/changes.atom?before=1".to_owned(), 404),
        (format!("/changes.atom?archive={}", last / 100 + 1), 404),
        ("/changes.atom?kind=erased&archive=2".to_owned(), 404),
    ] {
        app.get(&path).await.is(status);
    }
    let page = app.ask(Method::GET, "/changes.atom?archive=1", &[BROWSER]).await.ok().html();
    assert!(page.words("main").contains("a part of the feed’s past"));
}

/// Writes entries into the log as a command does that touches as many releases.
async fn log(app: &TestApp, kind: EventKind, times: i64) {
    let statement = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2) \
                     INSERT INTO event (at, what, seq, releases, detail) SELECT '2026-11-22T10:00:00Z', ?1, 1, 1, '{}' FROM n";
    let mut database = raw(app).await;
    sqlx::query(statement).bind(kind.token()).bind(times).execute(&mut database).await.expect("entries");
    sqlx::query("INSERT INTO change (seq, what, at) VALUES (1, 'described', '2026-11-22T10:00:00Z')")
        .execute(&mut database)
        .await
        .expect("an entry");
}

async fn logged(app: &TestApp) -> Vec<(i64, EventKind)> {
    let rows: Vec<(i64, String)> =
        sqlx::query_as("SELECT entry, what FROM event ORDER BY entry").fetch_all(&mut raw(app).await).await.expect("entries");
    rows.into_iter().map(|(entry, kind)| (entry, kind.parse().expect("a kind"))).collect()
}

#[tokio::test]
async fn following_the_log_reads_no_more_of_it_than_it_gives() {
    let app = TestApp::empty().await;
    let mut database = raw(&app).await;
    let asked_by_the_store = include_str!("../../../src/store/sqlite/history.rs");
    for (asked, index) in [("e.what NOT IN ('retouched', 'redescribed')", "event_of_note"), ("e.what = ?4", "event_by_kind")] {
        assert!(asked_by_the_store.contains(asked), "{asked}");
        for order in ["DESC", "ASC"] {
            let plan: Vec<(i64, i64, i64, String)> = sqlx::query_as(AssertSqlSafe(format!(
                "EXPLAIN QUERY PLAN SELECT e.detail FROM event e WHERE e.entry > ?1 AND e.entry < ?2 AND {asked} ORDER BY e.entry {order} LIMIT ?3"
            )))
            .fetch_all(&mut database)
            .await
            .expect("a plan");
            assert_eq!(plan.len(), 1, "{plan:?}");
            assert!(plan[0].3.contains(index), "{plan:?}");
        }
    }
}
