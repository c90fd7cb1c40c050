//! What the owner's hand does to feeds, and how who asks again is told of it.

use std::collections::BTreeMap;

use axum::http::Method;
use nato_archive::ingest::sync::catch_up;
use nato_archive::ingest::{Clock, Owner, WriterLock};
use nato_archive::model::ReleaseId;
use nato_archive::model::history::Field;
use serde_json::json;

use super::{elements, feed, ids, many};
use crate::support::app::{Builder, TestApp, ndjson, word};

#[tokio::test]
async fn what_is_withdrawn_goes_and_the_feed_says_so() {
    let app =
        TestApp::of(&[json!({"title": "Kept", "body": "One."}), json!({"title": "Taken back", "body": "Two.", "topics": ["ukraine"]})])
            .await;
    let entry = feed(&app, "/feed.atom")
        .await
        .entries
        .into_iter()
        .find(|entry| entry.title.as_ref().is_some_and(|title| title.content == "Taken back"));
    let entry = entry.expect("an entry");
    app.store.withdraw(2, "Published by <mistake>.", "2099-01-02T03:04:05Z").await.expect("a withdrawal");
    catch_up(&*app.store, &app.index).await.expect("an index that is level");
    let after = app.get("/feed.atom").await.ok();
    assert_eq!(feed(&app, "/feed.atom").await.entries.len(), 1);
    let stone = format!("<at:deleted-entry ref=\"{}\" when=\"2099-01-02T03:04:05Z\">", entry.id);
    assert!(after.text().contains(&stone), "{}", after.text());
    assert_eq!(elements(after.text(), "at:comment"), ["Withdrawn by the archive’s owner: Published by <mistake>."]);
    // A topic names what was in it; a search, which cannot be asked any more what it found, whatever has gone.
    for (path, named) in [
        ("/topics/ukraine/feed", true),
        ("/topics/cyber-defence/feed", false),
        ("/search/feed?q=two", true),
        ("/search/feed?topic=cyber-defence", true),
        ("/feed?page=1", true),
        ("/feed?archive=1", false),
    ] {
        for extension in ["atom", "json"] {
            let answer = app.get(&path.replacen("feed", &format!("feed.{extension}"), 1)).await;
            assert_eq!(answer.text().contains("2099-01-02T03:04:05Z"), named, "{path} {extension}");
        }
    }
    assert!(!after.text().contains("Two."));
    app.store.reinstate(2, "2099-01-03T00:00:00Z").await.expect("shown again");
    catch_up(&*app.store, &app.index).await.expect("an index that is level");
    assert!(!app.get("/feed.atom").await.ok().text().contains("deleted-entry"));
}

#[tokio::test]
async fn what_the_owner_did_comes_to_the_top_of_the_feed() {
    let app = Builder::default().with(ndjson("many.ndjson", &many(1, 230))).start().await;
    let day = |day: u32| Clock::fixed(&format!("2099-01-{day:02}T03:04:05Z"));
    let owner = |of: u32| Owner::new(app.store.clone(), app.index.clone(), day(of));
    let all = ids_by_title(&app).await;
    let id = |number: usize| -> ReleaseId { all[&format!("Statement {number}")].parse().expect("an id") };
    // Statement 1 has 1 January 2001, and stands behind most of what came with it.
    let first = ids(&feed(&app, "/feed.atom").await);
    assert!([1, 2, 3, 41, 42].iter().all(|number| !first.contains(&id(*number).to_string())), "they are at the top already");
    owner(1).correct(id(1), Field::Title, Some("Statement one"), "A slip.").await.expect("a correction");
    owner(2).correct(id(1), Field::Title, None, "It was none.").await.expect("a correction taken back");
    owner(3).withdraw(id(2), "By mistake.").await.expect("a withdrawal");
    let stone = app.get("/feed.atom").await.ok();
    assert!(stone.text().contains("when=\"2099-01-03T03:04:05Z\""));
    owner(4).reinstate(id(2)).await.expect("shown again");
    owner(5).link(id(3), id(41), "The same.", false).await.expect("a link");
    owner(6).unlink(id(3), id(41), "Not the same.").await.expect("two again");
    owner(7).link(id(3), id(42), "A translation.", true).await.expect("a translation");
    let top = feed(&app, "/feed.atom").await;
    for (place, (number, day)) in [(42, 7), (3, 7), (41, 6), (2, 4), (1, 2)].into_iter().enumerate() {
        // Two that were ruled on together stand in the order of their own dates.
        let entry = top.entries[..5].iter().find(|entry| entry.id.ends_with(&id(number).to_string()));
        let entry = entry.unwrap_or_else(|| panic!("Statement {number} is not at the top"));
        assert_eq!(entry.updated.expect("a moment").to_rfc3339(), format!("2099-01-{day:02}T03:04:05+00:00"), "{number}");
        assert!(place < 2 || top.entries[place].id == entry.id, "Statement {number}");
    }
    // The blocks are as they were.
    let archive = ids(&feed(&app, "/feed.atom?archive=1").await);
    assert_eq!(archive.len(), 100);
    for number in [1, 2, 3, 41, 42] {
        assert!(archive.contains(&id(number).to_string()), "Statement {number}");
    }
    // An index that is built anew says the same.
    let before = ids(&feed(&app, "/search/feed.atom?q=alpha").await);
    nato_archive::ingest::sync::rebuild(&*app.store, &app.index, &mut nato_archive::ingest::Quiet).await.expect("an index");
    assert_eq!(ids(&feed(&app, "/search/feed.atom?q=alpha").await), before);
}

async fn ids_by_title(app: &TestApp) -> BTreeMap<String, String> {
    let (mut all, mut next) = (BTreeMap::new(), "/api/v1/releases?limit=100".to_owned());
    loop {
        let page = app.get(&next).await.ok().json();
        all.extend(
            page["items"].as_array().expect("items").iter().map(|item| (word(&item["title"]).to_owned(), word(&item["id"]).to_owned())),
        );
        let Some(cursor) = page["next"].as_str() else { return all };
        next = format!("/api/v1/releases?limit=100&cursor={cursor}");
    }
}

#[tokio::test]
async fn a_language_whose_last_release_is_gone_is_followed_still() {
    let arabic = json!({"title": "بيان", "body": "اجتمع الوزراء في بروكسل لمناقشة الدعم المقدم إلى أوكرانيا.", "lang": "ar"});
    let app = TestApp::of(&[json!({"title": "Kept", "body": "One."}), arabic]).await;
    assert_eq!(feed(&app, "/search/feed.atom?lang=ar").await.entries.len(), 1);
    let item = app.items().await.into_iter().find(|item| item["lang"] == "ar").expect("the release in Arabic");
    let owner = Owner::new(app.store.clone(), app.index.clone(), Clock::fixed("2099-01-01T03:04:05Z"));
    owner.withdraw(word(&item["id"]).parse().expect("an id"), "By mistake.").await.expect("a withdrawal");
    app.archive.refresh().await.expect("a refresh");
    let answer = app.get("/search/feed.atom?lang=ar").await.ok();
    assert!(answer.text().contains("deleted-entry") && !answer.text().contains("<entry"), "{}", answer.text());
    // A slip is told.
    app.get("/search/feed.atom?lang=arr").await.is(400);
    app.get("/search/feed.atom?topic=ukrane").await.is(400);
}

#[tokio::test]
async fn a_date_is_given_only_where_it_tells_what_was_there() {
    let app = TestApp::of(&[json!({"title": "Kept", "body": "One."}), json!({"title": "Taken back", "body": "Two."})]).await;
    app.store.withdraw(2, "Published by mistake.", "2099-01-02T03:04:05Z").await.expect("a withdrawal");
    app.archive.refresh().await.expect("a refresh");
    let (early, late) = (app.when("2099-01-02T03:04:07Z"), app.when("2099-01-02T03:04:08Z"));
    let (earlier, date) = ("Sun, 22 Nov 2026 10:00:00 GMT", "Fri, 02 Jan 2099 03:04:05 GMT");
    let paths = ["/feed.atom", "/feed.json", "/search/feed.atom?q=one", "/changes.atom", "/changes.json"];
    for path in paths {
        // Searches do not see the withdrawal yet; what happened stands in the log at once.
        let answer = app.ask_of(&late, Method::GET, path, &[("if-modified-since", date)]).await;
        assert_eq!(answer.status.as_u16(), if path.starts_with("/changes") { 304 } else { 200 }, "{path}");
        assert_eq!(answer.headers.contains_key("last-modified"), path.starts_with("/changes"), "{path}");
    }
    catch_up(&*app.store, &app.index).await.expect("an index that is level");
    app.archive.refresh().await.expect("a refresh");
    for path in paths {
        // In the seconds after a change another may bear the same date; the words are known by their tag.
        let answer = app.ask_of(&early, Method::GET, path, &[("if-modified-since", date)]).await.ok();
        assert!(!answer.headers.contains_key("last-modified"), "{path}");
        let tag = answer.header("etag").to_owned();
        app.ask_of(&early, Method::GET, path, &[("if-none-match", &tag)]).await.is(304);
        assert_eq!(
            app.ask_of(&late, Method::GET, path, &[("if-modified-since", earlier)]).await.ok().header("last-modified"),
            date,
            "{path}"
        );
        app.ask_of(&late, Method::GET, path, &[("if-modified-since", date)]).await.is(304);
        app.ask_of(&late, Method::GET, path, &[("if-modified-since", date), ("if-none-match", "\"other\"")]).await.ok();
    }
    // While somebody writes, only what came before they began is told by its date.
    let writing = WriterLock::take(app.data_dir(), "a test").expect("the writer's place");
    assert!(!app.ask_of(&late, Method::GET, "/feed.atom", &[("if-modified-since", date)]).await.ok().headers.contains_key("last-modified"));
    drop(writing);
    app.ask_of(&late, Method::GET, "/feed.atom", &[("if-modified-since", date)]).await.is(304);
}
