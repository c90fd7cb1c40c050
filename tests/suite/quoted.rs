//! What was quoted stays at its address, whatever the owner rules about who is who.

use std::sync::Arc;

use nato_archive::ingest::{Clock, Owner};
use nato_archive::model::ReleaseId;
use nato_archive::store::SplitFrom;
use serde_json::{Value, json};

use crate::support::app::{TestApp, ndjson, word};

fn owner(app: &TestApp) -> Owner {
    Owner::new(app.store.clone(), Arc::clone(&app.index), Clock::fixed("2026-01-01T00:00:00Z"))
}

fn release(title: &str, body: &str, key: &str) -> Value {
    json!({ "title": title, "body": body, "key": key, "source": "NATO", "published_on": "2024-05-06" })
}

async fn id_of(app: &TestApp, title: &str) -> ReleaseId {
    let item = app.items().await.into_iter().find(|item| item["title"] == title).expect("a release");
    word(&item["id"]).parse().expect("an id")
}

#[tokio::test]
async fn words_of_a_joined_release_are_read_where_they_were_quoted() {
    let old = release("The old one", "Ships sailed at dawn.\n\nNobody was on board of them.", "old");
    let new = release("The new one", "A parade of horses in the town.\n\nShips sailed at dawn.\n\nEverybody rode.", "new");
    let app = TestApp::of(&[old, new]).await;
    let (old, new) = (id_of(&app, "The old one").await, id_of(&app, "The new one").await);
    let page = app.get(&format!("/releases/{old}/versions/1?p=2")).await.ok().html().words("main");
    assert!(page.contains("Nobody was on board") && !page.contains("found to be the same"), "{page}");
    owner(&app).link(new, old, "They are one.", false).await.expect("a link");
    app.archive.refresh().await.expect("a refresh");

    let page = app.get(&format!("/releases/{old}/versions/1?p=1")).await.ok().html();
    let words = page.words("main");
    for told in [
        "found to be the same as another one, The new one",
        "Nobody was on board",
        "It stands unchanged in the current version, as passage",
    ] {
        assert!(words.contains(told), "no “{told}” in {words}");
    }
    assert!(app.get(&format!("/releases/{old}/versions/1?p=50")).await.ok().text().contains("passages; there is no passage 50."));
    assert!(app.get(&format!("/releases/{old}/versions/1.txt")).await.ok().text().contains("Nobody was on board"));
    assert!(app.get(&format!("/releases/{old}/versions/1.bib?p=2")).await.ok().text().contains(&format!("/releases/{old}/versions/1?p=2")));
    let version = app.get(&format!("/api/v1/releases/{old}/versions/1")).await.ok().json();
    assert!(version.to_string().contains("Nobody was on board"), "{version}");
    for query in ["passage=2", "passage=2&version=1"] {
        let cited = app.get(&format!("/api/v1/releases/{old}/cite?{query}&style=apa")).await.ok().json();
        assert_eq!((word(&cited["id"]), word(&cited["words"])), (old.as_str(), "Nobody was on board of them."), "{cited}");
        assert!(word(&cited["permalink"]).contains(&format!("/releases/{old}/versions/1?p=2")), "{cited}");
    }
    for (path, leads) in [
        (format!("/releases/{old}/the-old-one?v=1&p=2"), format!("/releases/{old}/versions/1?p=2")),
        (format!("/releases/{old}/the-old-one?p=2"), format!("/releases/{old}/versions/1?p=2")),
        (format!("/releases/{old}?v=1"), format!("/releases/{old}/versions/1")),
        (format!("/releases/{old}.ris?v=1&p=2"), format!("/releases/{old}/versions/1.ris?p=2")),
    ] {
        assert_eq!(app.get(&path).await.is(303).header("location"), leads, "{path}");
    }
    // Nothing was quoted: the way on is as it was.
    assert_eq!(app.get(&format!("/releases/{old}/the-old-one")).await.moved_to(), format!("/releases/{new}/the-new-one"));
    assert_eq!(app.get(&format!("/api/v1/releases/{old}/cite")).await.moved_to(), format!("/api/v1/releases/{new}/cite"));

    // What is withdrawn takes with it what was held to be the same.
    owner(&app).withdraw(new, "It was a mistake.").await.expect("a withdrawal");
    app.archive.refresh().await.expect("a refresh");
    for path in
        [format!("/releases/{old}/versions/1"), format!("/releases/{old}/versions/1.txt"), format!("/api/v1/releases/{old}/versions/1")]
    {
        let answer = app.get(&path).await;
        assert!(answer.status.is_redirection() && !answer.text().contains("Nobody"), "{path}");
    }
}

/// The third version of `id` is the first of `new`, at each of its addresses.
async fn leads(app: &TestApp, id: ReleaseId, new: ReleaseId) {
    for (path, to) in [
        (format!("/releases/{id}/versions/3?p=2"), format!("/releases/{new}/versions/1?p=2")),
        (format!("/releases/{id}/versions/3.bib?p=2"), format!("/releases/{new}/versions/1.bib?p=2")),
        (format!("/releases/{id}/one-title?v=3&p=2"), format!("/releases/{new}/versions/1?p=2")),
        (format!("/releases/{id}.md?v=3&p=2"), format!("/releases/{new}/versions/1.md?p=2")),
        (format!("/api/v1/releases/{id}/versions/3"), format!("/api/v1/releases/{new}/versions/1")),
    ] {
        assert_eq!(app.get(&path).await.moved_to(), to, "{path}");
    }
    let cited = app.get(&format!("/api/v1/releases/{id}/cite?version=3&passage=2")).await.ok().json();
    assert_eq!((word(&cited["id"]), word(&cited["words"])), (new.as_str(), "Quite another thing about horses."), "{cited}");
}

#[tokio::test]
async fn the_address_of_a_version_that_was_split_off_leads_to_its_words_for_good() {
    let of = |words: &str, key: Option<&str>, url: &str| {
        let mut release = release("One title", &format!("What is said at first.\n\n{words}"), "");
        (release["key"], release["url"]) = (json!(key), json!(url));
        release
    };
    let (first, other) = ("https://www.nato.int/one", "https://www.nato.int/another");
    let app = TestApp::empty().await;
    for (name, words, url) in
        [("1", "Gas.", first), ("2", "Oil and nothing else.", first), ("3", "Quite another thing about horses.", other)]
    {
        app.load(&[ndjson(name, &[of(words, Some("a"), url)])]).await;
    }
    let id = id_of(&app, "One title").await;
    assert!(app.get(&format!("/releases/{id}/versions/3.txt")).await.ok().text().contains("horses"));
    let new = owner(&app).split(id, SplitFrom::CurrentVersion, "The key was used twice.").await.expect("a split");
    app.archive.refresh().await.expect("a refresh");
    leads(&app, id, new).await;
    let page = app.get(&format!("/releases/{new}/versions/1")).await.ok().html().words("main");
    assert!(page.contains("horses") && page.contains(&format!("This was version 3 of release {id}")), "{page}");

    // What still comes under the old address gets a number that nothing ever had.
    app.load(&[ndjson("4", &[of("Coal, after all.", None, first)])]).await;
    let history = app.get(&format!("/api/v1/releases/{id}/versions")).await.ok().json();
    let numbers: Vec<_> = history["items"].as_array().expect("a list").iter().map(|version| version["version"].as_u64()).collect();
    assert_eq!(numbers, [Some(1), Some(2), Some(4)], "{history}");
    leads(&app, id, new).await;
}

#[tokio::test]
async fn what_is_not_there_is_said_in_one_sentence() {
    let app = TestApp::of(&[release("One title", "Gas.\n\nOil.", "a")]).await;
    let id = id_of(&app, "One title").await;
    let held = app.get(&format!("/api/v1/releases/{id}")).await.ok().json()["blocks"].as_array().map_or(3, Vec::len);
    let no_passage = format!("This version has {held} passages; there is no passage 50.");
    let no_version = "This release has 1 version; there is no version 9.";
    let page = app.get(&format!("/releases/{id}/one-title?v=9&p=50")).await.ok();
    assert!(page.text().contains(&no_passage) && page.text().contains(no_version), "{}", page.html().words("main"));
    for (path, field, sentence) in [
        (format!("/api/v1/releases/{id}/cite?passage=50"), "passage", no_passage.as_str()),
        (format!("/api/v1/releases/{id}/cite?version=9"), "version", no_version),
    ] {
        let problem = app.get(&path).await.is(404).json();
        assert_eq!((word(&problem["errors"][0]["parameter"]), word(&problem["errors"][0]["detail"])), (field, sentence), "{problem}");
    }
    assert!(app.get(&format!("/releases/{id}.bib?p=50")).await.is(400).text().contains(&no_passage));
    assert!(app.get(&format!("/releases/{id}.bib?v=9")).await.is(400).text().contains(no_version));
    let deep = format!("/search/cite?q={}", "%28".repeat(800));
    assert!(app.get(&deep).await.is(400).text().contains("cannot be cited"));
}
