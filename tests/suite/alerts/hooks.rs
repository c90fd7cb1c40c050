//! Messages to programs: signed, guarded, and tried again.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use nato_archive::store::{DeliveryState, DueAsked};
use sha2::{Digest, Sha256};

use super::{Watched, about, bad};
use crate::support::app::word;
use crate::support::hook::{Hook, Posted};

const KEY: [u8; 32] = [9; 32];

fn entry(url: &str, more: &str) -> String {
    let secret = STANDARD.encode(KEY);
    format!(
        "[[alert]]\nname = \"Ships\"\nsearch = \"q=frigates\"\nwebhook = \"{url}\"\nsecret = \"whsec_{secret}\"\nat_most_every = \"0m\"\n{more}\n"
    )
}

/// The signature of a message as its receiver reckons it: HMAC (RFC 2104) written out.
fn reckoned(posted: &Posted) -> String {
    let signed = [format!("{}.{}.", posted.header("webhook-id"), posted.header("webhook-timestamp")).as_bytes(), &posted.body].concat();
    let mut block = [0_u8; 64];
    block[..KEY.len()].copy_from_slice(&KEY);
    let inner = Sha256::digest([&block.map(|byte| byte ^ 0x36)[..], &signed].concat());
    format!("v1,{}", STANDARD.encode(Sha256::digest([&block.map(|byte| byte ^ 0x5c)[..], &inner[..]].concat())))
}

#[tokio::test]
async fn a_program_is_sent_what_the_api_gives_and_can_tell_from_whom_it_comes() {
    let hook = Hook::start();
    let watched = Watched::with(&entry(&format!("{}/nato", hook.base), "allow_private = true\nchanges = true")).await;
    watched.load("a.ndjson", &[about("one", "frigates"), about("two", "tanks")]).await;
    assert_eq!(bad(&watched.round().await), Vec::<String>::new());
    let came = hook.came();
    let [posted] = came.as_slice() else { panic!("{came:?}") };
    assert_eq!((posted.path.as_str(), posted.header("content-type")), ("/nato", "application/json"));
    assert_eq!(posted.header("webhook-signature"), reckoned(posted));
    assert_eq!(posted.header("webhook-timestamp"), watched.now().timestamp().to_string());
    assert!(
        posted.header("webhook-id").starts_with("ships_") && !posted.header("webhook-id").contains('.'),
        "what is signed splits one way"
    );
    let body = posted.json();
    assert_eq!((word(&body["type"]), word(&body["timestamp"])), ("alert.found", "2026-11-22T12:00:00Z"));
    let data = &body["data"];
    assert_eq!((word(&data["alert"]), word(&data["id"])), ("Ships", posted.header("webhook-id")));
    assert_eq!((data["new"]["total"].as_u64(), data["new"]["left_out"].as_u64()), (Some(1), Some(0)));
    let mut item = data["new"]["items"][0].clone();
    item.as_object_mut().expect("an object").remove("snippet").expect("a snippet");
    let listed = watched.app.items().await;
    assert_eq!(Some(&item), listed.iter().find(|listed| listed["title"] == "On one"));
    // Another body, another signature.
    let forged = Posted { body: b"{}".to_vec(), ..posted.clone() };
    assert_ne!(forged.header("webhook-signature"), reckoned(&forged));
    watched.app.store.withdraw(watched.seqs().await[0], "A draft.", "2026-11-22T12:30:00Z").await.expect("a withdrawal");
    nato_archive::ingest::sync::catch_up(&*watched.app.store, &watched.app.index).await.expect("an index");
    assert_eq!(bad(&watched.round().await), Vec::<String>::new());
    let came = hook.came();
    let change = &came[0].json()["data"]["changes"]["items"][0];
    assert_eq!((word(&change["what"]), word(&change["because"]), change["shown"].as_bool()), ("withdrawn", "A draft.", Some(false)));
    assert_eq!(change["release"]["id"], item["id"]);
}

#[tokio::test]
async fn a_long_message_names_some_and_says_where_all_of_it_is() {
    let hook = Hook::start();
    let watched = Watched::with(&entry(&hook.base, "allow_private = true")).await;
    let many: Vec<serde_json::Value> = (0..120).map(|number| about(&format!("number-{number}"), "frigates")).collect();
    watched.load("many.ndjson", &many).await;
    assert_eq!(bad(&watched.round().await), Vec::<String>::new());
    let posted = hook.came().remove(0);
    let data = &posted.json()["data"];
    assert_eq!((data["new"]["total"].as_u64(), data["new"]["left_out"].as_u64()), (Some(120), Some(70)));
    assert_eq!(data["new"]["items"].as_array().map(Vec::len), Some(50));
    assert_eq!(word(&data["search"]["feed_url"]), "https://archive.example/search/feed.json?q=frigates");
    // All of it is there, page after page.
    let (mut found, mut next) = (0, data["search"]["feed_url"].as_str().map(str::to_owned));
    while let Some(address) = next {
        let feed = watched.app.get(address.trim_start_matches("https://archive.example")).await.ok().json();
        found += feed["items"].as_array().map_or(0, Vec::len);
        next = feed["next_url"].as_str().map(str::to_owned);
    }
    assert_eq!(found, 120);
}

#[tokio::test]
async fn a_receiver_that_never_answers_holds_up_no_other() {
    let hook = Hook::start();
    // Connections are taken by the system, and never answered.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let base = format!("http://{}", silent.local_addr().expect("an address"));
    let both = entry(&base, "allow_private = true").replace("Ships", "Silent") + &entry(&hook.base, "allow_private = true");
    let watched = Watched::with(&both).await;
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let running = tokio::spawn(super::engine(&watched.app, &watched.now).await.keep(stopped, |_| {}));
    for key in ["one", "two", "three"] {
        watched.load(&format!("{key}.ndjson"), &[about(key, "frigates")]).await;
        let started = std::time::Instant::now();
        let mut came = hook.came();
        while came.is_empty() && started.elapsed() < std::time::Duration::from_secs(25) {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            came = hook.came();
        }
        assert_eq!(came.len(), 1, "{key}");
    }
    let open = watched.open().await;
    let waiting = open.iter().filter(|delivery| delivery.alert == "Silent" && delivery.tries == 0).count();
    assert_eq!(waiting, 3, "one of them is on its way: {open:?}");
    // A server that is stopped waits for it, and then no longer.
    stop.send(()).expect("somebody who listens");
    let started = std::time::Instant::now();
    running.await.expect("an end");
    assert!(started.elapsed() < std::time::Duration::from_secs(28), "{:?}", started.elapsed());
}

#[tokio::test]
async fn what_a_program_answers_decides_when_it_is_asked_again() {
    use DeliveryState::{Failed, Waiting};
    for (status, header, state, next, words) in [
        (500, None, Waiting, "2026-11-22T12:01:00Z", "has a problem of its own"),
        (408, None, Waiting, "2026-11-22T12:01:00Z", "too slow or too early"),
        (429, Some(("retry-after", "7200")), Waiting, "2026-11-22T14:00:00Z", "asks to come later"),
        (503, Some(("retry-after", "Mon, 23 Nov 2026 12:00:00 GMT")), Waiting, "2026-11-23T12:00:00Z", "asks to come later"),
        (404, None, Waiting, "2026-11-22T12:01:00Z", "Check the address"),
        (401, None, Waiting, "2026-11-22T12:01:00Z", "Check the secret"),
        (302, Some(("location", "/elsewhere")), Waiting, "2026-11-22T12:01:00Z", "sends on elsewhere"),
        (410, None, Failed, "2026-11-22T12:01:00Z", "wants no more of this"),
    ] {
        let hook = Hook::start();
        let watched = Watched::with(&entry(&hook.base, "allow_private = true")).await;
        watched.load("a.ndjson", &[about("one", "frigates")]).await;
        let headers: Vec<(&'static str, String)> = header.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
        hook.answer(status, &headers);
        let told = bad(&watched.round().await);
        assert!(told.len() == 1 && told[0].contains(words), "{status}: {told:?}");
        let open = watched.open().await;
        assert_eq!((open[0].state, open[0].next_try_at.as_str(), open[0].tries), (state, next, 1), "{status}");
        let first = hook.came();
        assert_eq!(first.len(), 1, "{status}: no redirect is followed");
        if state == Failed {
            continue;
        }
        hook.answer(200, &[]);
        watched.pass(next.parse::<chrono::DateTime<chrono::Utc>>().expect("a time") - watched.now());
        assert_eq!(bad(&watched.round().await), Vec::<String>::new());
        let second = hook.came();
        assert_eq!(first[0].header("webhook-id"), second[0].header("webhook-id"));
        assert_ne!(first[0].header("webhook-timestamp"), second[0].header("webhook-timestamp"));
        assert_eq!((second[0].header("webhook-signature").to_owned(), &first[0].body), (reckoned(&second[0]), &second[0].body));
    }
}

#[tokio::test]
async fn nothing_goes_to_a_program_before_the_moment_that_it_asked_for() {
    for (status, header, minutes) in [(429, Some(("retry-after", "7200")), 120), (503, Some(("retry-after", "600")), 10), (429, None, 1)] {
        let hook = Hook::start();
        // Two alerts tell it.
        let both = entry(&hook.base, "allow_private = true") + &entry(&hook.base, "allow_private = true").replace("Ships", "Other ships");
        let watched = Watched::with(&both).await;
        watched.load("a.ndjson", &[about("one", "frigates")]).await;
        let headers: Vec<(&'static str, String)> = header.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
        hook.answer(status, &headers);
        assert_eq!(bad(&watched.round().await).len(), 1, "{status}");
        assert_eq!(hook.came().len(), 1, "{status}");
        hook.answer(200, &[]);
        watched.pass(TimeDelta::seconds(minutes * 60 - 1));
        watched.load("b.ndjson", &[about("two", "frigates")]).await;
        assert_eq!(bad(&watched.round().await), Vec::<String>::new());
        assert_eq!((hook.came().len(), watched.open().await.len()), (0, 4), "{status}: what is new waits too");
        watched.pass(TimeDelta::seconds(1));
        assert_eq!(bad(&watched.round().await), Vec::<String>::new());
        assert_eq!((hook.came().len(), watched.open().await.len()), (4, 0), "{status}");
    }
}

#[tokio::test]
async fn a_program_that_is_gone_is_sent_nothing_new_until_somebody_has_looked_into_it() {
    let hook = Hook::start();
    let ships = entry(&hook.base, "allow_private = true");
    let mut watched = Watched::with(&ships).await;
    let mut number = 0;
    for (retry, written) in [(true, &ships), (false, &entry(&hook.base, "allow_private = true\nchanges = true"))] {
        hook.answer(410, &[]);
        for came in [1, 0, 0] {
            number += 1;
            watched.load(&format!("{number}.ndjson"), &[about(&format!("number-{number}"), "frigates")]).await;
            let told = bad(&watched.round().await);
            assert_eq!((hook.came().len(), told.len(), watched.open().await.len()), (came, came, 1), "{retry} {number}: {told:?}");
            watched.pass(TimeDelta::days(40));
            watched.alerts.run(std::time::Duration::ZERO).await.expect("a round").expect("a turn");
        }
        // A comment is no other alert.
        watched.write(&format!("# Nothing else.\n{ships}"));
        watched.round().await;
        hook.answer(200, &[]);
        let at = watched.now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        if retry {
            assert_eq!(watched.app.store.retry_deliveries("Ships", &at).await.expect("another try"), (1, 1));
        }
        assert_eq!(watched.write(written), Vec::<String>::new());
        watched.round().await;
        assert_eq!(hook.came().len(), usize::from(retry), "what was given up");
        number += 1;
        watched.load(&format!("{number}.ndjson"), &[about(&format!("number-{number}"), "frigates")]).await;
        watched.round().await;
        assert_eq!(hook.came().len(), 1, "{retry}");
    }
}

#[tokio::test]
async fn what_waits_for_another_try_is_given_up_with_what_a_program_refuses_for_good() {
    let hook = Hook::start();
    let watched = Watched::with(&entry(&hook.base, "allow_private = true")).await;
    for (name, status) in [("one", 500), ("two", 410)] {
        watched.load(&format!("{name}.ndjson"), &[about(name, "frigates")]).await;
        hook.answer(status, &[]);
        watched.round().await;
        assert_eq!(hook.came().len(), 1, "{name}");
    }
    assert!(watched.open().await.iter().all(|delivery| delivery.state == DeliveryState::Failed));
    hook.answer(200, &[]);
    watched.pass(TimeDelta::hours(1));
    watched.round().await;
    assert_eq!(hook.came().len(), 0);
}

#[tokio::test]
async fn another_try_is_made_whichever_alert_was_told_to_wait() {
    for name in ["Ships", "Other ships"] {
        let hook = Hook::start();
        let both = entry(&hook.base, "allow_private = true") + &entry(&hook.base, "allow_private = true").replace("Ships", "Other ships");
        let watched = Watched::with(&both).await;
        watched.load("a.ndjson", &[about("one", "frigates")]).await;
        hook.answer(429, &[("retry-after", "7200".to_owned())]);
        watched.round().await;
        assert_eq!(hook.came().len(), 1);
        hook.answer(200, &[]);
        let at = watched.now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        watched.app.store.retry_deliveries(name, &at).await.expect("another try");
        watched.round().await;
        assert!(hook.came().iter().any(|posted| posted.json()["data"]["alert"] == name), "{name}");
    }
}

#[tokio::test]
async fn a_long_queue_leaves_room_for_every_other_place() {
    let hook = Hook::start();
    let of = |name: &str, path: &str| entry(&format!("{}{path}", hook.base), "allow_private = true").replace("Ships", name);
    let watched = Watched::with(&(of("A", "/a") + &of("B", "/b").replace("frigates", "tanks"))).await;
    for (number, word) in ["frigates", "frigates", "frigates", "frigates", "tanks"].iter().enumerate() {
        watched.load(&format!("{number}.ndjson"), &[about(&format!("number {number}"), word)]).await;
        watched.alerts.look().await.expect("a look");
    }
    let alerts = ["A".to_owned(), "B".to_owned()];
    let asked = DueAsked { alerts: &alerts, mail: false, busy: &[], now: "2027", beyond: "2028", each: 2, limit: 100 };
    let due = watched.app.store.due_deliveries(&asked).await.expect("messages");
    let mut told = Vec::new();
    for delivery in &due {
        let batch = watched.app.store.alert_batch(&delivery.batch).await.expect("a batch").expect("one");
        told.push((batch.alert, batch.releases));
    }
    // All of them were made in one second.
    assert_eq!(told, [("A".to_owned(), vec![1]), ("A".to_owned(), vec![2]), ("B".to_owned(), vec![5])]);
}

#[tokio::test]
async fn a_wrong_address_is_given_up_after_a_few_tries_and_taken_up_when_asked() {
    let hook = Hook::start();
    let watched = Watched::with(&entry(&hook.base, "allow_private = true")).await;
    watched.load("a.ndjson", &[about("one", "frigates")]).await;
    hook.answer(404, &[]);
    for _ in 0..10 {
        watched.round().await;
        watched.pass(TimeDelta::hours(1));
    }
    assert_eq!((hook.came().len(), watched.open().await[0].state), (5, DeliveryState::Failed));
    let at = watched.now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    assert_eq!(watched.app.store.retry_deliveries("Ships", &at).await.expect("another try"), (1, 0));
    hook.answer(200, &[]);
    assert_eq!(bad(&watched.round().await), Vec::<String>::new());
    assert_eq!((hook.came().len(), watched.open().await.len()), (1, 0));
}

#[tokio::test]
async fn addresses_of_ones_own_networks_are_asked_only_where_that_is_said() {
    let mut watched = Watched::with(&entry("https://hooks.example.org/", "")).await;
    let told = watched.write(&entry("https://127.0.0.1:8443/", ""));
    assert!(
        told.len() == 1 && told[0].contains("leads to 127.0.0.1, which is no public address") && told[0].contains("allow_private = true"),
        "{told:?}"
    );
    // A name that leads there is found out when it is asked.
    assert_eq!(watched.write(&entry("https://localhost/", "")), Vec::<String>::new());
    watched.load("a.ndjson", &[about("one", "frigates")]).await;
    let told = bad(&watched.round().await);
    assert!(told.len() == 1 && told[0].contains("no public address"), "{told:?}");
    // An address that is no longer told gets nothing more.
    assert_eq!(watched.write(&entry("https://hooks.example.org/", "")), Vec::<String>::new());
    watched.pass(TimeDelta::minutes(2));
    let notices = watched.round().await;
    assert!(notices.iter().any(|notice| notice.words.contains("no longer tells https://localhost/")), "{notices:?}");
    assert_eq!(watched.open().await, Vec::new());
}

#[tokio::test]
async fn a_dead_program_holds_up_nobody_else() {
    let (dead, alive) = (crate::support::process::DeadPort::take(), Hook::start());
    let both = entry(&format!("http://127.0.0.1:{}/", dead.number()), "allow_private = true")
        + &entry(&alive.base, "allow_private = true").replace("\"Ships\"", "\"Other ships\"");
    let watched = Watched::with(&both).await;
    watched.load("a.ndjson", &[about("one", "frigates")]).await;
    watched.alerts.look().await.expect("a look");
    watched.load("b.ndjson", &[about("two", "frigates")]).await;
    let told = bad(&watched.round().await);
    assert!(told.len() == 1 && told[0].contains("No connection can be made"), "{told:?}");
    assert_eq!(alive.came().len(), 2);
    let open = watched.open().await;
    assert_eq!(open.iter().map(|delivery| delivery.tries).collect::<Vec<_>>(), [1, 0], "the second is not even tried");
}
