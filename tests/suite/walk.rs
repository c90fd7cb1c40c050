//! What follows the archive rather than reads it: every match in order, releases many at a time, and when records changed.

use nato_archive::model::query::{Facet, Filters, SearchRequest, Sort, Within};
use nato_archive::store::{Stamped, StampedAsked};
use serde_json::json;

use crate::support::app::{TestApp, ndjson, today};
use crate::support::past::raw;

async fn every(app: &TestApp, request: SearchRequest) -> Vec<i64> {
    app.archive.every(request).await.expect("matches").seqs
}

#[tokio::test]
async fn everything_that_a_search_finds_is_walked_in_its_order() {
    let app = TestApp::seeds().await;
    let all = |sort| SearchRequest { sort, ..SearchRequest::words("", today()) };
    let newest = every(&app, all(Sort::Newest)).await;
    let listed = app.store.list(None, 100).await.expect("a list");
    assert_eq!(newest, listed.iter().map(|item| item.seq).collect::<Vec<_>>());
    assert_eq!(newest.len(), 23);
    let by_number = every(&app, all(Sort::Number)).await;
    assert_eq!(by_number, (1..=23).rev().collect::<Vec<i64>>());
    // A later document comes first, however old its release is.
    app.load(&[ndjson("late.ndjson", &[json!({"title": "An old statement", "body": "It was held back.", "published_on": "1999-04-01"})])])
        .await;
    sqlx::query("UPDATE document SET loaded_at = '2999-01-01T00:00:00Z' WHERE name = 'late.ndjson'")
        .execute(&mut raw(&app).await)
        .await
        .expect("a later day");
    nato_archive::ingest::sync::rebuild(&*app.store, &app.index, &mut nato_archive::ingest::Quiet).await.expect("an index");
    let index = std::sync::Arc::new(nato_archive::index::SearchIndex::open(&app.index_dir()).expect("an index").index);
    let again = nato_archive::reading::Archive::new(app.store.clone(), index).await.expect("an archive");
    let arrived = again.every(all(Sort::Arrived)).await.expect("matches").seqs;
    assert_eq!((arrived.first(), arrived.len()), (Some(&24), 24));
    assert_eq!(every(&app, all(Sort::Newest)).await.last(), Some(&24));
    // Parts of the archive, by number.
    let within = |within| SearchRequest { within: Some(within), ..all(Sort::Number) };
    assert_eq!(every(&app, within(Within::After(22))).await, [24, 23]);
    assert_eq!(every(&app, within(Within::Range { after: 3, to: 6 })).await, [6, 5, 4]);
    assert_eq!(every(&app, within(Within::These([2, 9, 99].into()))).await, [9, 2]);
    let filters = Filters::default().with(Facet::Source, "unknown");
    assert_eq!(every(&app, SearchRequest { filters, ..within(Within::After(23)) }).await, [24]);
}

#[tokio::test]
async fn many_releases_at_a_time_are_what_each_is_alone() {
    let app = TestApp::seeds().await;
    let seqs: Vec<i64> = (1..=30).rev().collect();
    let wholes = app.archive.wholes(&seqs).await.expect("releases");
    assert_eq!(wholes.len(), 23);
    for whole in &wholes {
        let (release, history) = app.archive.release_with_history(whole.release.item.id).await.expect("an answer").expect("a release");
        assert_eq!((&whole.release, &whole.history), (&release, &history));
    }
    let at = app.archive.overview().generation.index;
    let (sender, mut receiver) = tokio::sync::mpsc::channel(1);
    assert!(!app.archive.stream(&seqs, at - 1, sender).await.expect("a walk"));
    assert!(receiver.recv().await.is_none(), "another state is not taken for the one that was asked for");
    let (sender, mut receiver) = tokio::sync::mpsc::channel(1);
    let (sent, received) = tokio::join!(app.archive.stream(&seqs, at, sender), async {
        let mut received = Vec::new();
        while let Some(together) = receiver.recv().await {
            received.extend(together);
        }
        received
    });
    assert!(sent.expect("a walk"));
    assert_eq!(received, wholes);
}

#[tokio::test]
async fn a_stamp_moves_with_every_change_and_never_back() {
    let app =
        TestApp::of(&[json!({"key": "a", "title": "First", "body": "One."}), json!({"key": "b", "title": "Second", "body": "Two."})]).await;
    let all = StampedAsked { limit: 10, ..StampedAsked::default() };
    let before = app.store.stamped(&all).await.expect("stamps");
    assert_eq!(before.iter().map(|stamp| (stamp.seq, stamp.shown)).collect::<Vec<_>>(), [(1, true), (2, true)]);
    // A clock that went back.
    app.store.withdraw(1, "Published by mistake.", "2001-01-01T00:00:00Z").await.expect("a withdrawal");
    let after = app.store.stamped(&all).await.expect("stamps");
    let withdrawn = after.iter().find(|stamp| stamp.seq == 1).expect("a stamp");
    assert!(!withdrawn.shown && withdrawn.at >= before[1].at, "{withdrawn:?}");
    app.store.reinstate(1, "2999-01-01T00:00:00.5Z").await.expect("shown again");
    let last = StampedAsked { from: Some("2998-01-01T00:00:00Z".into()), ..all.clone() };
    let seqs = |stamps: Vec<Stamped>| stamps.into_iter().map(|stamp| (stamp.seq, stamp.at)).collect::<Vec<_>>();
    assert_eq!(seqs(app.store.stamped(&last).await.expect("stamps")), [(1, "2999-01-01T00:00:00Z".to_owned())]);
    let until = StampedAsked { until: Some("2998-01-01T00:00:00Z".into()), ..all.clone() };
    assert_eq!(seqs(app.store.stamped(&until).await.expect("stamps")).len(), 1);
    let first = &app.store.stamped(&StampedAsked { limit: 1, ..all.clone() }).await.expect("stamps")[0];
    let rest = StampedAsked { after: Some((first.at.clone(), first.seq)), ..all };
    assert_eq!(seqs(app.store.stamped(&rest).await.expect("stamps")), [(1, "2999-01-01T00:00:00Z".to_owned())]);
}
