//! What each kind of page says, as an outline. A change on purpose is taken over with `INSTA_UPDATE=always cargo nextest run snapshots`.

use nato_archive::model::{Edit, Substance};
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::outline::{outline, settled};
use crate::support::past::{copy, event, told, versions, write};

#[tokio::test]
async fn pages_say_what_they_said() {
    let app = TestApp::seeds().await;
    let release = app.permalink("NATO experts discuss nuclear deterrence").await;
    let entry = app.permalink("Fireside chat").await;
    for (name, path, status) in [
        ("home", "/", 200),
        ("results", "/search?q=strategy&from=april+2025&topic=digital-and-data", 200),
        ("none", "/search?q=deterrence+zyzzyva&topic=ukraine&from=1999", 200),
        ("trends", "/trends?q=defence+industry&q=deterrence&by=month&as=share&from=april+2025&kind=news&kind=live-update", 200),
        ("dates", "/dates", 200),
        ("year", "/2025", 200),
        ("month", "/2025/04", 200),
        ("day", "/2025/04/30", 200),
        ("day_without_releases", "/2025/05/01", 200),
        ("topic", "/topics/nuclear-deterrence", 200),
        ("release", release.as_str(), 200),
        ("release_found", &format!("{entry}?q=commander"), 200),
        ("not_found", "/2025/05/nothing-about-deterrence", 404),
        ("bad_request", "/search?q=data&from=30+february&topic=ukraine", 400),
    ] {
        snapshot(&app, name, path, status).await;
    }
}

#[tokio::test]
async fn pages_of_the_past_say_what_they_said() {
    let app = TestApp::empty().await;
    let list = [
        told("Allies meet in Vilnius", "Allies sent 12 ships to sea.\n\nHe said: \"We stand together.\"", "2025-05-02T09:00:00Z", None),
        told(
            "Allies meet in Vilnius",
            "Allies sent 14 ships to sea.\n\nHe said: “We stand together.”",
            "2025-05-03T14:05:00Z",
            Some(changed()),
        ),
    ];
    let kept = versions(&app, "pr-1", &list).await;
    write(
        &app,
        &[
            ("UPDATE occurrence SET decided_at = '2025-05-02T09:00:00Z'", vec![]),
            copy(kept.seq, 1, "A mirror", "Allies meet", "https://mirror.example/1"),
            event(1, "2025-05-02T09:00:00Z", "added", None, json!({})),
            event(2, "2025-05-03T14:05:00Z", "edited", Some(kept.seq), json!({"versions": [1, 2], "edit": changed()})),
            event(3, "2025-05-03T15:00:00Z", "redescribed", Some(kept.seq), json!({"changes": [["topics", "Ukraine", "Russia"]]})),
        ],
    )
    .await;
    let of = format!("/releases/{}", kept.id);
    for (name, path) in [("history", "/history"), ("version", "/versions/1"), ("compare", "/compare/1..2")] {
        snapshot(&app, name, &format!("{of}{path}"), 200).await;
    }
    snapshot(&app, "release_changed", &kept.permalink, 200).await;
    snapshot(&app, "changes_of_words", "/changes", 200).await;
    write(
        &app,
        &[
            ("UPDATE release SET hidden = 1 WHERE seq = ?1", vec![json!(kept.seq)]),
            (
                "INSERT INTO withdrawal (seq, reason, at, erased) VALUES (?1, 'The publisher asked for it', '2025-07-01T08:30:00Z', 0)",
                vec![json!(kept.seq)],
            ),
        ],
    )
    .await;
    snapshot(&app, "gone", &of, 410).await;
}

fn changed() -> Edit {
    Edit { body: true, added: 1, removed: 1, trivial: 2, substance: Substance::Substantive, ..Edit::default() }
}

async fn snapshot(app: &TestApp, name: &str, path: &str, status: u16) {
    let page = app.get(path).await.is(status).html();
    let head = format!("{}\n{}", page.words("head > title"), page.words("header .coverage"));
    let all = settled(&format!("{head}\n{}", outline(page.one("main"))));
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "../snapshots" }, {
        insta::assert_snapshot!(name, all);
    });
}
