//! Files that may not be given any more go, whoever is at work.

use nato_archive::ingest::Clock;
use nato_archive::ingest::dumps::{Looked, Shelf, discard_stale};
use serde_json::{Value, json};

use super::{ids, invented, lines, made};
use crate::support::app::TestApp;
use crate::support::process::{Server, program};

fn sets(app: &TestApp) -> Vec<i64> {
    Shelf::of(app.data_dir()).sets().iter().map(|set| set.generation).collect()
}

fn said(app: &TestApp, arguments: &[&str]) {
    let said = program(app.data_dir()).args(arguments).output().expect("the program");
    assert!(said.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&said.stderr));
}

#[tokio::test]
async fn what_the_owner_takes_away_goes_from_the_files_while_no_server_runs() {
    let releases: Vec<Value> =
        (0..5).map(|n| json!({"key": format!("k{n}"), "title": format!("Title {n}"), "body": invented(n)})).collect();
    let app = TestApp::of(&releases).await;
    let id: Vec<String> = ids(&lines(&app.get("/search/export.ndjson").await.ok().body));
    for (at, command) in [
        ("2026-11-22T10:00:00Z", vec!["withdraw", &id[0], "--reason", "By mistake."]),
        ("2026-11-22T12:00:00Z", vec!["withdraw", "--erase", &id[1], "--reason", "By law."]),
        ("2026-11-22T14:00:00Z", vec!["link", &id[2], &id[3], "--because", "The same."]),
    ] {
        made(&app, at).await;
        assert_eq!(sets(&app).len(), 1);
        said(&app, &command);
        assert_eq!(sets(&app), Vec::<i64>::new(), "{command:?}");
    }
    // What takes nothing away leaves them.
    made(&app, "2026-11-22T16:00:00Z").await;
    said(&app, &["correct", &id[4], "--title", "Another", "--because", "It says so."]);
    assert_eq!(sets(&app).len(), 1);
}

#[tokio::test]
async fn a_server_that_makes_no_files_gives_none_that_hold_what_was_withdrawn() {
    let app = TestApp::seeds().await;
    let set = made(&app, "2026-11-22T10:00:00Z").await;
    let path = format!("/data/{}/releases.csv.gz", set.generation);
    let server = Server::start(app.data_dir(), &["serve", "--dumps", "off"]);
    assert!(server.get(&path).starts_with("HTTP/1.1 200"));
    assert_eq!(server.stop(), Some(0));
    app.store.withdraw(3, "By mistake.", "2026-11-22T10:01:00Z").await.expect("withdrawn");
    let server = Server::start(app.data_dir(), &["serve", "--dumps", "off"]);
    assert!(server.get(&path).starts_with("HTTP/1.1 404"));
    assert_eq!(server.stop(), Some(0));
}

#[tokio::test]
async fn files_of_another_archive_or_another_past_go() {
    let app = TestApp::seeds().await;
    let stale = async || discard_stale(&*app.store, app.data_dir()).await.expect("a look");
    let mut at = ["2026-11-22T10:00:00Z", "2026-11-22T12:00:00Z", "2026-11-22T14:00:00Z", "2026-11-22T16:00:00Z"].into_iter();
    for (pointer, other) in
        [("/archive/id", json!("another")), ("/archive/mark", json!("2020-01-01T00:00:00Z new 1")), ("/resources", json!(7))]
    {
        let set = made(&app, at.next().expect("a time")).await;
        assert_eq!(stale().await, Looked::Nothing);
        let path = app.data_dir().join(format!("public/{}/datapackage.json", set.generation));
        let mut package: Value = serde_json::from_slice(&std::fs::read(&path).expect("a descriptor")).expect("JSON");
        *package.pointer_mut(pointer).expect(pointer) = other;
        std::fs::write(&path, package.to_string()).expect("written");
        assert_eq!((stale().await, path.exists()), (Looked::Changed, false), "{pointer}");
    }
    // A generation that has not come yet.
    let set = made(&app, at.next().expect("a time")).await;
    let folder = |generation: i64| app.data_dir().join(format!("public/{generation}"));
    let mut package: Value =
        serde_json::from_slice(&std::fs::read(folder(set.generation).join("datapackage.json")).expect("a descriptor")).expect("JSON");
    package["archive"]["generation"] = json!(set.generation + 1);
    std::fs::write(folder(set.generation).join("datapackage.json"), package.to_string()).expect("written");
    std::fs::rename(folder(set.generation), folder(set.generation + 1)).expect("renamed");
    assert_eq!((stale().await, sets(&app).len()), (Looked::Changed, 0));
}

#[tokio::test]
async fn restoring_takes_the_files_of_what_was_there_away() {
    let app = TestApp::seeds().await;
    let folder = tempfile::tempdir().expect("a folder");
    let (backup, data) = (folder.path().join("backup.db"), folder.path().join("data"));
    nato_archive::ingest::backup::back_up(&*app.store, &backup, false).await.expect("a backup");
    std::fs::create_dir_all(data.join("public/7")).expect("a folder");
    nato_archive::ingest::backup::restore(&backup, &data, false, &Clock::fixed("2026-11-22T10:00:00Z")).await.expect("a restore");
    assert!(!data.join("public").exists());
}
