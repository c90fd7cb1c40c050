//! Alerts: what is found, when, and by whom it is heard.

mod commands;
mod hooks;
mod mail;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use nato_archive::index::SearchIndex;
use nato_archive::ingest::alerts::{Alerts, Environment, Notice, Surroundings};
use nato_archive::ingest::backup::back_up;
use nato_archive::ingest::check::check;
use nato_archive::ingest::{Clock, Loader, Quiet, Report, sync};
use nato_archive::store::{Delivery, DeliveryState, connect};
use nato_archive::web::alerts::AlertReader;
use serde_json::{Value, json};

use crate::support::app::{BASE, TestApp, ndjson};
use crate::support::mail::{Instead, Mail, MailServer, Step};

/// An archive with alerts, on a clock of the test's own.
pub struct Watched {
    pub app: TestApp,
    pub alerts: Alerts,
    pub mail: MailServer,
    now: Arc<Mutex<DateTime<Utc>>>,
}

/// A release about something, under a key.
pub fn about(key: &str, words: &str) -> Value {
    json!({"key": key, "title": format!("On {key}"), "body": format!("The allies met and spoke of {words} at some length, as {key} tells."),
           "published_on": "2026-11-20", "kind": "news", "source": "NATO", "url": format!("https://www.example.org/{key}")})
}

/// One alert that writes to a reader.
pub fn entry(name: &str, search: &str, more: &str) -> String {
    format!("[[alert]]\nname = \"{name}\"\nsearch = \"{search}\"\nemail = [\"reader@example.org\"]\n{more}\n")
}

impl Watched {
    /// With `alerts` in its file, begun.
    pub async fn with(alerts: &str) -> Self {
        let watched = Self::not_begun(alerts).await;
        assert_eq!(bad(&watched.alerts.look().await.expect("a look")), Vec::<String>::new());
        watched
    }

    pub async fn not_begun(alerts: &str) -> Self {
        let (app, mail) = (TestApp::empty().await, MailServer::start());
        let now = Arc::new(Mutex::new("2026-11-22T12:00:00Z".parse().expect("a time")));
        let alerts_now = engine(&app, &now).await;
        let mut watched = Self { app, alerts: alerts_now, mail, now };
        watched.write(alerts);
        watched
    }

    fn file(&self) -> PathBuf {
        self.app.database().with_file_name("alerts.toml")
    }

    /// Puts alerts into the file, beside how mail is sent, and has it read. What is wrong with them is returned.
    pub fn write(&mut self, alerts: &str) -> Vec<String> {
        let mail = format!(
            "[mail]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\nfrom = \"The archive <archive@example.org>\"\n",
            self.mail.port
        );
        // So that it is another file, however fast this is.
        std::fs::write(self.file(), format!("{mail}{alerts}# {}\n", "x".repeat(self.alerts.settings().names.len() + 1))).expect("a file");
        bad(&self.alerts.read_again())
    }

    /// As after a restart.
    pub async fn start_again(&mut self) {
        self.alerts = engine(&self.app, &self.now).await;
        assert_eq!(bad(&self.alerts.read_again()), Vec::<String>::new());
    }

    pub fn pass(&self, time: TimeDelta) {
        *self.now.lock().expect("a clock") += time;
    }

    pub fn now(&self) -> DateTime<Utc> {
        *self.now.lock().expect("a clock")
    }

    pub async fn load(&self, name: &str, releases: &[Value]) -> Report {
        self.app.load(&[ndjson(name, releases)]).await
    }

    /// A look and whatever is to be sent: what was told of it.
    pub async fn round(&self) -> Vec<Notice> {
        let mut notices = self.alerts.look().await.expect("a look");
        notices.extend(self.alerts.send().await.expect("a round"));
        notices
    }

    /// What comes of a round by mail.
    pub async fn mails(&self) -> Vec<Mail> {
        let notices = self.round().await;
        assert_eq!(bad(&notices), Vec::<String>::new());
        self.mail.came()
    }

    pub async fn open(&self) -> Vec<Delivery> {
        self.app.store.open_deliveries().await.expect("messages")
    }

    pub async fn seqs(&self) -> Vec<i64> {
        self.app.store.seqs(0, 10_000).await.expect("numbers")
    }
}

async fn engine(app: &TestApp, now: &Arc<Mutex<DateTime<Utc>>>) -> Alerts {
    let clock = Arc::clone(now);
    let surroundings = Surroundings {
        data_dir: app.database().parent().expect("a folder").to_owned(),
        file: app.database().with_file_name("alerts.toml"),
        environment: Environment::new(|_| None),
        now: Arc::new(move || *clock.lock().expect("a clock")),
        chance: || 0.5,
        contact: None,
    };
    let reader = AlertReader::new(app.archive.clone(), BASE).expect("a base URL");
    Alerts::new(app.store.clone(), Arc::new(reader), surroundings).await.expect("alerts")
}

pub fn bad(notices: &[Notice]) -> Vec<String> {
    notices.iter().filter(|notice| !notice.well).map(|notice| notice.words.clone()).collect()
}

/// Titles that a message names.
pub fn titles(mail: &Mail) -> Vec<String> {
    let lines = mail.text();
    let named = lines.lines().filter_map(|line| line.split_once(". ").filter(|(number, _)| number.parse::<u32>().is_ok()));
    named.map(|(_, title)| title.to_owned()).collect()
}

#[tokio::test]
async fn a_new_alert_tells_of_what_comes_from_now_on_and_of_each_once() {
    let watched = Watched::not_begun(&entry("Ships", "q=frigates", "")).await;
    watched.load("old.ndjson", &[about("old", "frigates")]).await;
    assert_eq!(watched.mails().await.len(), 0, "it begins");
    watched.load("new.ndjson", &[about("one", "frigates"), about("two", "tanks"), about("three", "frigates")]).await;
    let mails = watched.mails().await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].header("subject"), "2 new releases: Ships");
    let mut named = titles(&mails[0]);
    named.sort();
    assert_eq!(named, ["On one", "On three"]);
    watched.load("more.ndjson", &[about("four", "tanks"), about("one", "frigates")]).await;
    watched.pass(TimeDelta::hours(2));
    assert_eq!(watched.mails().await.len(), 0, "nothing new that it finds");
    let found = check(&*watched.app.store, &watched.app.index).await.expect("a check");
    assert_eq!(found.wrong, Vec::<String>::new());
}

#[tokio::test]
async fn what_comes_within_the_hour_waits_and_comes_together() {
    let watched = Watched::with(&entry("Ships", "q=frigates", "at_most_every = \"1h\"")).await;
    watched.load("a.ndjson", &[about("one", "frigates")]).await;
    assert_eq!(watched.mails().await.len(), 1, "the first is told at once");
    for (name, key) in [("b.ndjson", "two"), ("c.ndjson", "three")] {
        watched.load(name, &[about(key, "frigates")]).await;
        watched.pass(TimeDelta::minutes(20));
        assert_eq!(watched.mails().await.len(), 0);
    }
    watched.pass(TimeDelta::minutes(20));
    let mails = watched.mails().await;
    assert_eq!((mails.len(), mails[0].header("subject")), (1, "2 new releases: Ships".into()));
    // A clock that was set back does not silence it.
    watched.load("d.ndjson", &[about("four", "frigates")]).await;
    watched.pass(TimeDelta::days(-30));
    assert_eq!(watched.mails().await.len(), 1);
}

#[tokio::test]
async fn a_thousand_releases_are_one_message() {
    let watched = Watched::with(&entry("Ships", "q=frigates", "")).await;
    let many: Vec<Value> = (0..1_000).map(|number| about(&format!("number-{number}"), "frigates")).collect();
    watched.load("many.ndjson", &many).await;
    let mails = watched.mails().await;
    assert_eq!((mails.len(), mails[0].header("subject")), (1, "1,000 new releases: Ships".into()));
    assert_eq!(titles(&mails[0]).len(), 50);
    assert!(mails[0].text().contains("and 950 more: https://archive.example/search/feed.atom?q=frigates"), "{}", mails[0].text());
}

#[tokio::test]
async fn what_is_stored_and_not_indexed_yet_is_told_when_it_can_be_found() {
    let mut watched = Watched::with(&entry("Ships", "q=frigates", "at_most_every = \"0m\"\nchanges = true")).await;
    let other = tempfile::tempdir().expect("a folder");
    let elsewhere = Arc::new(SearchIndex::open(other.path()).expect("an index").index);
    let stored = watched.app.store.clone();
    let load = |name: &'static str, releases: Vec<Value>| {
        let (store, elsewhere) = (stored.clone(), Arc::clone(&elsewhere));
        async move {
            let loader = Loader::new(store, Clock::system()).await.expect("a loader");
            loader.load(&[ndjson(name, &releases)], &elsewhere, &mut Report::default(), &mut Quiet).await.expect("a load");
        }
    };
    watched.load("first.ndjson", &[about("zero", "frigates")]).await;
    assert_eq!(watched.mails().await.len(), 1);
    load("a.ndjson", vec![about("one", "frigates")]).await;
    assert_eq!(watched.mails().await.len(), 0, "searches do not see it");
    // An alert that begins now does not tell of what is stored already, whenever that is found.
    let two = entry("Ships", "q=frigates", "at_most_every = \"0m\"\nchanges = true")
        + &entry("More ships", "q=frigates", "at_most_every = \"0m\"");
    assert_eq!(watched.write(&two), Vec::<String>::new());
    assert_eq!(watched.mails().await.len(), 0);
    load("b.ndjson", vec![about("two", "frigates")]).await;
    assert_eq!(watched.mails().await.len(), 0);
    sync::catch_up(&*watched.app.store, &watched.app.index).await.expect("an index");
    let mut subjects: Vec<String> = watched.mails().await.iter().map(|mail| mail.header("subject")).collect();
    subjects.sort();
    assert_eq!(subjects, ["1 new release: More ships", "2 new releases: Ships"]);
    assert_eq!(watched.mails().await.len(), 0);
}

#[tokio::test]
async fn a_changed_search_goes_on_where_the_old_one_was() {
    let mut watched = Watched::with(&entry("Ships", "q=frigates", "")).await;
    watched.load("a.ndjson", &[about("one", "tanks"), about("two", "frigates")]).await;
    assert_eq!(watched.mails().await.len(), 1);
    watched.write(&entry("Ships", "q=tanks", ""));
    watched.pass(TimeDelta::hours(2));
    assert_eq!(watched.mails().await.len(), 0, "what was there is not told anew");
    watched.load("b.ndjson", &[about("three", "tanks"), about("four", "frigates")]).await;
    assert_eq!(watched.mails().await.iter().flat_map(titles).collect::<Vec<_>>(), ["On three"]);
}

#[tokio::test]
async fn an_alert_that_is_gone_is_forgotten_and_one_that_is_wrong_is_not() {
    let ships = entry("Ships", "q=frigates", "");
    let mut watched = Watched::with(&(ships.clone() + &entry("Tanks", "q=tanks", ""))).await;
    watched.load("a.ndjson", &[about("one", "tanks and frigates")]).await;
    watched.alerts.look().await.expect("a look");
    assert_eq!(watched.open().await.len(), 2);
    // What cannot be read, or is no search any more, stops its own messages and loses nothing.
    for wrong in
        ["[[alert]]\nname = \"Tanks", &(ships.clone() + &entry("Tanks", "tanks", "")), &(ships.clone() + "[[alert]]\nnmae = \"Tanks\"\n")]
    {
        let told = watched.write(wrong);
        assert!(!told.is_empty(), "{wrong}");
        watched.alerts.look().await.expect("a look");
        assert_eq!(watched.open().await.len(), 2, "{wrong}");
    }
    std::fs::remove_file(watched.file()).expect("a file");
    assert_eq!(bad(&watched.alerts.read_again()).len(), 1);
    watched.alerts.look().await.expect("a look");
    assert_eq!(watched.open().await.len(), 2, "a file that is missing says nothing");
    assert_eq!(watched.write(&ships), Vec::<String>::new());
    let notices = watched.alerts.look().await.expect("a look");
    assert!(!notices.iter().any(|notice| notice.words.contains("forgotten")), "{notices:?}");
    assert_eq!(watched.open().await.len(), 2, "the file may be half written");
    // An empty file forgets nothing, however long it stands.
    assert_eq!(watched.write(""), Vec::<String>::new());
    watched.pass(TimeDelta::days(1));
    assert_eq!(watched.mails().await.len(), 0, "and sends nothing");
    assert_eq!(watched.open().await.len(), 2);
    assert_eq!(watched.write(&ships), Vec::<String>::new());
    watched.pass(TimeDelta::minutes(9));
    watched.alerts.look().await.expect("a look");
    assert_eq!(watched.open().await.len(), 2);
    watched.pass(TimeDelta::minutes(1));
    let notices = watched.alerts.look().await.expect("a look");
    let told = "No longer in the file, and forgotten: “Tanks”. 1 message that was still to be sent is dropped.";
    assert!(notices.iter().any(|notice| notice.words == told), "{notices:?}");
    assert_eq!(watched.mails().await.iter().map(|mail| mail.header("subject")).collect::<Vec<_>>(), ["1 new release: Ships"]);
}

#[tokio::test]
async fn an_alert_that_comes_back_goes_on_at_its_place() {
    let (ships, tanks) = (entry("Ships", "q=frigates", ""), entry("Tanks", "q=tanks", ""));
    let mut watched = Watched::with(&(ships.clone() + &tanks)).await;
    watched.write(&ships);
    watched.load("a.ndjson", &[about("one", "tanks")]).await;
    watched.pass(TimeDelta::minutes(9));
    assert_eq!(watched.mails().await.len(), 0);
    watched.write(&(ships + &tanks));
    watched.pass(TimeDelta::minutes(9));
    assert_eq!(watched.mails().await.iter().map(|mail| mail.header("subject")).collect::<Vec<_>>(), ["1 new release: Tanks"]);
}

#[tokio::test]
async fn an_alert_that_is_switched_off_waits_and_misses_nothing() {
    let mut watched = Watched::with(&entry("Ships", "q=frigates", "")).await;
    watched.write(&entry("Ships", "q=frigates", "enabled = false"));
    watched.load("a.ndjson", &[about("one", "frigates")]).await;
    assert_eq!(watched.mails().await.len(), 0);
    watched.write(&entry("Ships", "q=frigates", ""));
    assert_eq!(watched.mails().await.len(), 1);
}

#[tokio::test]
async fn changed_words_and_withdrawals_are_told_where_they_are_asked_for() {
    let both = entry("All of it", "q=frigates", "changes = true\nat_most_every = \"0m\"")
        + &entry("New ones", "q=frigates", "at_most_every = \"0m\"");
    let watched = Watched::not_begun(&both).await;
    // What was there before the alert is watched too.
    watched.load("a.ndjson", &[about("one", "frigates"), about("two", "tanks"), about("three", "frigates")]).await;
    watched.round().await;
    assert_eq!(watched.mails().await.len(), 0);
    // One is no longer found by its new words, another is from now on, a third was never found.
    watched
        .load("b.ndjson", &[about("one", "submarines, which are quite another thing"), about("two", "frigates and of very little else")])
        .await;
    let mails = watched.mails().await;
    assert_eq!(mails.iter().map(|mail| mail.header("subject")).collect::<Vec<_>>(), ["2 changes: All of it"]);
    let text = mails[0].text();
    assert!(
        text.contains("- Words changed: On one") && text.contains("- Words changed: On two") && text.contains("/compare/1..2"),
        "{text}"
    );
    let seqs = watched.seqs().await;
    let at = "2026-11-22T12:30:00Z";
    watched.app.store.withdraw(seqs[2], "It was a draft.", at).await.expect("a withdrawal");
    watched.app.store.withdraw(seqs[0], "Nobody watches it any more.", at).await.expect("a withdrawal");
    sync::catch_up(&*watched.app.store, &watched.app.index).await.expect("an index");
    let mails = watched.mails().await;
    assert_eq!(mails.len(), 1);
    let text = mails[0].text();
    assert!(text.contains("- Withdrawn: On three\n  Reason: It was a draft.") && !text.contains("On one"), "{text}");
    assert!(!mails[0].raw.contains("spoke of"), "its words are gone");
    watched.app.store.reinstate(seqs[2], at).await.expect("a return");
    sync::catch_up(&*watched.app.store, &watched.app.index).await.expect("an index");
    let mails = watched.mails().await;
    assert_eq!(mails.len(), 1);
    assert!(mails[0].text().contains("- Restored: On three"), "{}", mails[0].text());
    assert_eq!(watched.mails().await.len(), 0);
}

#[tokio::test]
async fn what_is_withdrawn_before_it_is_sent_is_not_told() {
    let watched = Watched::with(&entry("Ships", "q=frigates", "")).await;
    watched.load("a.ndjson", &[about("one", "frigates"), about("two", "frigates")]).await;
    watched.alerts.look().await.expect("a look");
    let seqs = watched.seqs().await;
    watched.app.store.withdraw(seqs[0], "A mistake.", "2026-11-22T12:30:00Z").await.expect("a withdrawal");
    let mails = watched.mails().await;
    assert_eq!((mails.len(), mails[0].header("subject")), (1, "1 new release: Ships".into()));
    assert!(!mails[0].raw.contains("On one") && mails[0].raw.contains("On two"), "{}", mails[0].raw);
    watched.load("b.ndjson", &[about("three", "frigates")]).await;
    watched.pass(TimeDelta::hours(2));
    watched.alerts.look().await.expect("a look");
    watched.app.store.withdraw(watched.seqs().await[1], "Another.", "2026-11-22T12:30:00Z").await.expect("a withdrawal");
    assert_eq!(watched.mails().await.len(), 0, "nothing is left to tell");
    assert_eq!(watched.open().await, Vec::new());
}

#[tokio::test]
async fn two_looks_at_a_time_find_nothing_twice() {
    let watched = Watched::with(&entry("Ships", "q=frigates", "")).await;
    watched.load("a.ndjson", &[about("one", "frigates")]).await;
    let other = engine(&watched.app, &watched.now).await;
    let mut other = other;
    other.read_again();
    let (one, two) = tokio::join!(watched.alerts.look(), other.look());
    one.expect("a look");
    two.expect("a look");
    assert_eq!(watched.open().await.len(), 1);
    assert_eq!(watched.mails().await.len(), 1);
}

#[tokio::test]
async fn what_waits_is_in_a_backup_and_what_was_sent_is_forgotten_in_time() {
    let mut watched = Watched::with(&entry("Ships", "q=frigates", "")).await;
    watched.load("a.ndjson", &[about("one", "frigates")]).await;
    watched.alerts.look().await.expect("a look");
    let folder = tempfile::tempdir().expect("a folder");
    let copy = folder.path().join("archive.db");
    back_up(&*watched.app.store, &copy, false).await.expect("a backup");
    let restored = connect(&format!("sqlite:{}", copy.display())).await.expect("a store");
    let waiting = restored.open_deliveries().await.expect("messages");
    assert_eq!((waiting.len(), &waiting), (1, &watched.open().await));
    assert_eq!(watched.mails().await.len(), 1);
    let batch = &waiting[0].batch;
    for (days, kept) in [(29, true), (2, false)] {
        watched.pass(TimeDelta::days(days));
        assert_eq!(bad(&watched.alerts.run(Duration::ZERO).await.expect("a round").expect("a turn")), Vec::<String>::new());
        assert_eq!(watched.app.store.alert_batch(batch).await.expect("an answer").is_some(), kept);
    }
}

/// Everything in the database that names an address.
async fn named(watched: &Watched, address: &str) -> i64 {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(watched.app.database());
    let mut database = sqlx::ConnectOptions::connect(&options).await.expect("a connection");
    let asked = "SELECT count(*) FROM alert_delivery WHERE target LIKE '%' || ?1 || '%' OR last_error LIKE '%' || ?1 || '%'";
    sqlx::query_scalar(asked).bind(address).fetch_one(&mut database).await.expect("a number")
}

#[tokio::test]
async fn an_address_that_is_taken_out_of_a_file_that_stands_is_forgotten() {
    let ships = entry("Ships", "q=frigates", "");
    let more = ships.replace("reader@example.org\"", "reader@example.org\", \"gone@example.org\", \"other@example.org\"");
    let mut watched = Watched::with(&more).await;
    let run = async |watched: &mut Watched| bad(&watched.alerts.run(Duration::ZERO).await.expect("a round").expect("a turn"));
    watched.load("a.ndjson", &[about("one", "frigates")]).await;
    watched.mail.at(Some((Step::To, Instead::Say("550 5.1.1 <gone@example.org>: unknown"))));
    assert_eq!(run(&mut watched).await.len(), 3);
    watched.mail.at(None);
    watched.app.store.retry_deliveries("Ships", "2026-11-22T12:00:00Z").await.expect("another try");
    watched.alerts.send().await.expect("a round");
    // What cannot be read forgets nothing, and neither does what may be half written.
    watched.write(&more.replace("gone@", "gone.example.org, "));
    watched.pass(TimeDelta::hours(1));
    run(&mut watched).await;
    assert_eq!(named(&watched, "gone@").await, 1);
    watched.write(&ships);
    for (minutes, kept) in [(9, 1), (1, 0)] {
        watched.pass(TimeDelta::minutes(minutes));
        assert_eq!(run(&mut watched).await, Vec::<String>::new());
        assert_eq!((named(&watched, "gone@").await, named(&watched, "other@").await), (kept, kept), "{minutes}");
    }
    assert_eq!(named(&watched, "reader@").await, 1);
}

#[tokio::test]
async fn letters_are_forgotten_after_a_month_whatever_became_of_them() {
    let hook = crate::support::hook::Hook::start();
    hook.answer(410, &[]);
    let secret = "webhook = \"HOOK\"\nallow_private = true\nsecret = \"whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX\"";
    let mut watched = Watched::with(&entry("Ships", "q=frigates", &secret.replace("HOOK", &hook.base))).await;
    watched.load("a.ndjson", &[about("one", "frigates")]).await;
    watched.mail.at(Some((Step::To, Instead::Say("550 5.1.1 unknown"))));
    for (days, open) in [(0, 2), (29, 2), (2, 1)] {
        watched.pass(TimeDelta::days(days));
        watched.alerts.run(Duration::ZERO).await.expect("a round").expect("a turn");
        assert_eq!((watched.open().await.len(), named(&watched, "reader@").await), (open, open as i64 - 1), "{days}");
    }
    watched.load("b.ndjson", &[about("two", "frigates")]).await;
    watched.round().await;
    assert_eq!(watched.open().await.len(), 1, "and nothing new goes there all the same");
}

/// A hundred alerts over a thousand new releases: what a look costs, told on standard output; the bound is generous, for slow machines.
#[tokio::test]
async fn a_hundred_alerts_look_at_a_thousand_releases_in_seconds() {
    let all: String = (0..100)
        .map(|number| {
            entry(&format!("Alert {number}"), &format!("q=topic{}", number % 10), if number % 2 == 0 { "changes = true" } else { "" })
        })
        .collect();
    let watched = Watched::with(&all).await;
    let many: Vec<Value> = (0..1_000).map(|number| about(&format!("number-{number}"), &format!("topic{}", number % 20))).collect();
    watched.load("many.ndjson", &many).await;
    let started = std::time::Instant::now();
    watched.alerts.look().await.expect("a look");
    let looked = started.elapsed();
    let open = watched.open().await;
    assert_eq!((open.len(), open.iter().all(|delivery| delivery.state == DeliveryState::Waiting)), (100, true));
    let started = std::time::Instant::now();
    assert_eq!(watched.mails().await.len(), 100);
    println!("100 alerts, 1,000 new releases: looked in {looked:?}, 100 messages sent in {:?}", started.elapsed());
    assert!(looked < Duration::from_secs(20), "{looked:?}");
}
