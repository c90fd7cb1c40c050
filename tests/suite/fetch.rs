//! Following what others publish, against a site of the test's own.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use nato_archive::fetch::Policy;
use nato_archive::ingest::Quiet;
use nato_archive::ingest::poll::{Polled, Poller};
use nato_archive::store::Followed;
use serde_json::{Value, json};

use crate::support::app::{TestApp, ndjson, word};
use crate::support::process::{Said, Server, begin, eventually, program};
use crate::support::site::{Page, Site, page, status};

fn noon() -> DateTime<Utc> {
    "2026-11-22T12:00:00Z".parse().expect("a time")
}

fn poller(app: &TestApp) -> Poller {
    let policy = Policy { allow_private: true, delay: Duration::ZERO, timeout: Duration::from_secs(20), ..Policy::default() };
    let database = app.database();
    let folder = database.parent().expect("a folder");
    Poller::new(app.store.clone(), app.index.clone(), folder, policy).expect("a poller")
}

async fn follow(app: &TestApp, url: &str) -> Polled {
    poller(app).follow(url, Some("The Ministry"), noon(), &mut Quiet).await.expect("a feed")
}

async fn poll(app: &TestApp, now: DateTime<Utc>) -> Vec<Polled> {
    let mut all = Vec::new();
    poller(app).poll(|| now, &mut Quiet, |polled| all.push(polled.clone())).await.expect("a poll");
    app.archive.refresh().await.expect("a refresh");
    all
}

async fn followed(app: &TestApp) -> Followed {
    app.store.followed().await.expect("a list").into_iter().next().expect("a feed")
}

fn lines(objects: &[Value]) -> String {
    objects.iter().map(|object| format!("{object}\n")).collect()
}

fn item(number: u32, body: &str) -> Value {
    json!({"title": format!("Item {number}"), "body": body, "url": format!("/news/{number}"),
           "published_on": format!("2026-11-{:02}", number % 28 + 1)})
}

/// The same items as RSS: one whose text was cut has a summary only.
fn rss(site: &Site, items: &[Value]) -> String {
    let items: String = items
        .iter()
        .map(|item| {
            let body = word(&item["body"]);
            let cut = ["…", "[…]", "Read more"].iter().any(|cut| body.ends_with(cut));
            let element = if cut { "description" } else { "content:encoded" };
            let day: chrono::NaiveDate = word(&item["published_on"]).parse().expect("a day");
            format!(
                "<item><title>{}</title><link>{}</link><pubDate>{} 09:00:00 +0100</pubDate><{element}>&lt;p&gt;{body}&lt;/p&gt;</{element}></item>",
                word(&item["title"]),
                site.url(word(&item["url"])),
                day.format("%a, %d %b %Y"),
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel>\
         <title>News of the Ministry</title><link>{}</link><description>News</description>{items}</channel></rss>",
        site.url("/")
    )
}

fn article(number: u32) -> Vec<u8> {
    let words = format!(
        "<html lang=en><head><title>Item {number} | The Ministry</title></head><body><nav><a href=/>Home</a></nav><main><h1>Item {number}</h1>\
         <p>The whole text of item number {number}, from the caf\u{e9} of the Ministry, with words such as quarterdeck{number} in it.</p>\
         <p>And a second paragraph, which says what the first did not say, at some length.</p></main></body></html>"
    );
    // Its encoding stands in the header only.
    words.chars().map(|c| u8::try_from(u32::from(c)).expect("a letter of Latin 1")).collect()
}

fn article_page(number: u32) -> Page {
    page(article(number)).with("content-type", "text/html; charset=iso-8859-1")
}

#[tokio::test]
async fn a_feed_that_did_not_change_is_not_sent_and_changes_nothing() {
    let (app, site) = (TestApp::empty().await, Site::start());
    site.put("/feed", page(lines(&[item(1, "All there is.")])).with("etag", "\"one\""));
    let first = follow(&app, &site.url("/feed#top")).await;
    assert_eq!((first.url, first.outcome.as_str()), (site.url("/feed"), "1 new, 0 changed, 0 unchanged, 0 refused"));
    let generation = app.store.generation().await.expect("a generation");
    let again = poll(&app, noon() + TimeDelta::hours(1)).await;
    assert_eq!(again, [Polled { url: site.url("/feed"), outcome: "nothing new".into(), well: true }]);
    assert_eq!(app.store.generation().await.expect("a generation"), generation);
    let feed = followed(&app).await;
    assert_eq!(feed.last_polled_at.as_deref(), Some("2026-11-22T13:00:00Z"));
    assert_eq!(feed.last_changed_at.as_deref(), Some("2026-11-22T12:00:00Z"));
    // It changes, and is read again.
    site.put("/feed", page(lines(&[item(2, "More."), item(1, "All there is.")])).with("etag", "\"two\""));
    assert_eq!(poll(&app, noon() + TimeDelta::hours(2)).await[0].outcome, "1 new, 0 changed, 1 unchanged, 0 refused");
    assert_eq!(followed(&app).await.etag.as_deref(), Some("\"two\""));
    let release = &app.releases().await[0];
    assert_eq!(word(&release["source"]["name"]), "The Ministry");
}

#[tokio::test]
async fn a_frame_that_changes_around_the_same_releases_is_not_stored_anew() {
    let (app, site) = (TestApp::empty().await, Site::start());
    let made = |at: &str| {
        let mut item = item(1, "All there is.");
        item["generated"] = at.into();
        page(lines(&[item]))
    };
    site.put("/feed", made("12.00"));
    follow(&app, &site.url("/feed")).await;
    site.put("/feed", made("12.15"));
    assert_eq!(poll(&app, noon()).await[0].outcome, "nothing new");
    assert_eq!(app.store.documents(0, 10).await.expect("documents").len(), 1);
}

#[tokio::test]
async fn articles_that_are_only_announced_are_fetched_newest_first_and_once() {
    let (app, site) = (TestApp::empty().await, Site::start());
    let teasers = [
        item(3, "Announced …"),
        item(5, "Announced […]"),
        item(4, "All of it."),
        item(6, "Something happened. Read more"),
        item(7, "Not for programs …"),
    ];
    site.put("/feed", page(rss(&site, &teasers)).with("etag", "\"one\""));
    for number in [3, 5] {
        site.put(&format!("/news/{number}"), article_page(number));
    }
    site.put("/robots.txt", page("User-agent: *\nDisallow: /news/7\n"));
    let polled = follow(&app, &site.url("/feed")).await;
    assert_eq!(site.asked(), ["/feed", "/news/6", "/news/5", "/news/3"]);
    for words in ["2 articles did not come", "robots.txt does not allow"] {
        assert!(!polled.well && polled.outcome.contains(words), "{}", polled.outcome);
    }
    app.archive.refresh().await.expect("a refresh");
    for number in [3, 5] {
        let found = app.get(&format!("/api/v1/search?q=quarterdeck{number}")).await.ok().json();
        assert_eq!(found["total"], 1, "the whole article is held");
        assert_eq!(found["items"][0]["source"]["name"], "The Ministry");
        let found = app.get(&format!("/api/v1/search?q=caf%C3%A9+quarterdeck{number}")).await.ok().json();
        assert_eq!(found["total"], 1, "read in the encoding that its server names");
    }
    // Nothing changed: nothing is asked for, the missing article included.
    assert!(poll(&app, noon()).await[0].well);
    assert_eq!(site.asked(), ["/feed"]);
    // One is dated anew, one is new: these are asked for, and no other.
    let mut teasers = teasers.to_vec();
    teasers[0]["published_on"] = "2026-11-20".into();
    teasers.push(item(8, "Announced …"));
    site.put("/news/8", article_page(8));
    site.put("/feed", page(rss(&site, &teasers)).with("etag", "\"two\""));
    assert!(poll(&app, noon()).await[0].well);
    assert_eq!(site.asked(), ["/feed", "/news/3", "/news/8"]);
}

#[tokio::test]
async fn what_a_feed_announces_takes_no_place_of_the_whole_article() {
    let (app, site) = (TestApp::empty().await, Site::start());
    // The page names itself as the feed does, so that both are known to be the same release.
    let page_of = |number: u32| {
        let whole: String = article(number).into_iter().map(char::from).collect();
        let link = format!("<link rel=canonical href=\"{}\"><title>", site.url(&format!("/news/{number}")));
        page(whole.replace("<title>", &link).replace(" lang=en", ""))
    };
    (1..=2).for_each(|number| site.put(&format!("/news/{number}"), page_of(number)));
    site.put("/feed", page(rss(&site, &[item(1, "Announced …")])));
    follow(&app, &site.url("/feed")).await;
    // The next feed announces it again.
    site.put("/feed", page(rss(&site, &[item(2, "Announced …"), item(1, "Announced …")])));
    poll(&app, noon()).await;
    let releases = app.releases().await;
    assert_eq!(releases.len(), 2);
    for release in releases {
        assert!(word(&release["text"]).contains("And a second paragraph"), "{release}");
    }
}

#[tokio::test]
async fn articles_beyond_the_bound_and_those_that_failed_come_with_the_next_polls() {
    let (app, site) = (TestApp::empty().await, Site::start());
    let teasers: Vec<Value> = (1..=53).map(|number| item(number, "Announced …")).collect();
    (1..=53).for_each(|number| site.put(&format!("/news/{number}"), article_page(number)));
    // Dated the newest of all, and its server is not well.
    site.put("/news/27", status(500));
    site.put("/feed", page(rss(&site, &teasers)).with("etag", "\"one\""));
    let polled = follow(&app, &site.url("/feed")).await;
    assert!(
        polled.outcome.contains("1 article did not come") && polled.outcome.contains("4 articles to be asked for next time"),
        "{polled:?}"
    );
    assert_eq!(site.asked().len(), 51);
    site.put("/news/27", article_page(27));
    assert!(poll(&app, noon()).await[0].well);
    let asked = site.asked();
    assert_eq!((asked.len(), asked[1].as_str()), (5, "/news/27"));
    poll(&app, noon()).await;
    assert_eq!(site.asked(), ["/feed"]);
    assert_eq!(followed(&app).await.etag.as_deref(), Some("\"one\""));
}

#[tokio::test]
async fn what_the_archive_holds_with_more_words_is_not_asked_for() {
    let (app, site) = (TestApp::empty().await, Site::start());
    let mut whole = item(1, "Announced here, and told to its end in this release that came from a file.");
    whole["url"] = site.url("/news/1").into();
    app.load(&[ndjson("held.ndjson", &[whole])]).await;
    site.put("/feed", page(rss(&site, &[item(1, "Announced here …"), item(2, "Announced there …")])));
    follow(&app, &site.url("/feed")).await;
    assert_eq!(site.asked(), ["/feed", "/news/2"]);
}

#[tokio::test]
async fn the_same_bytes_on_a_later_day_bound_no_date_more_loosely() {
    let (app, site) = (TestApp::empty().await, Site::start());
    site.put("/page", article_page(1));
    follow(&app, &site.url("/page")).await;
    let again = poller(&app).follow(&site.url("/page"), None, noon() + TimeDelta::days(3), &mut Quiet).await.expect("a page");
    assert_eq!(again.outcome, "0 new, 0 changed, 1 unchanged, 0 refused");
    let stored = app.store.documents(0, 10).await.expect("documents");
    assert_eq!(stored[0].record.sidecar.fetched_on, Some(noon().date_naive()));
    assert_eq!(stored[0].record.sidecar.url, Some(site.url("/page")));
}

#[tokio::test]
async fn a_feed_that_has_moved_for_good_says_where_to() {
    let (app, site) = (TestApp::empty().await, Site::start());
    site.put("/old", status(301).with("location", "/new"));
    site.put("/new", page(lines(&[item(1, "All there is.")])));
    let told = follow(&app, &site.url("/old")).await.outcome;
    assert!(told.ends_with(&format!("it has moved for good, follow {} instead", site.url("/new"))), "{told}");
}

#[tokio::test]
async fn failures_are_noted_and_stop_no_other_feed() {
    let (app, site) = (TestApp::empty().await, Site::start());
    for (path, number) in [("/a-gone", 1), ("/b-later", 2), ("/c-broken", 3), ("/d-well", 4)] {
        site.put(path, page(lines(&[item(number, "All of it.")])));
        follow(&app, &site.url(path)).await;
    }
    site.put("/a-gone", status(410));
    site.put("/b-later", status(503).with("retry-after", "7200"));
    site.put("/c-broken", page(b"\0\0\0".to_vec()));
    site.put("/d-well", page(lines(&[item(5, "More of it.")])));
    let polled = poll(&app, noon()).await;
    assert_eq!(polled.iter().map(|polled| polled.well).collect::<Vec<_>>(), [false, false, false, true]);
    for (polled, words) in polled.iter().zip(["gone for good", "asks to come later", "it cannot be read", "1 new"]) {
        assert!(polled.outcome.contains(words), "{}", polled.outcome);
    }
    let feeds = app.store.followed().await.expect("a list");
    assert!(feeds[0].retired);
    assert_eq!(feeds[1].next_poll_at.as_deref(), Some("2026-11-22T14:00:00Z"));
    assert_eq!(feeds[2].next_poll_at.as_deref(), Some("2026-11-22T12:15:00Z"));
    site.asked();
    let asked = async |now| {
        poll(&app, now).await;
        site.asked()
    };
    assert_eq!(asked(noon() + TimeDelta::minutes(10)).await, ["/d-well"]);
    assert_eq!(asked(noon() + TimeDelta::minutes(20)).await, ["/c-broken", "/d-well"]);
    assert_eq!(asked(noon() + TimeDelta::minutes(125)).await, ["/b-later", "/c-broken", "/d-well"]);
}

#[tokio::test]
async fn what_cannot_be_fetched_or_read_is_not_followed() {
    let (app, site) = (TestApp::empty().await, Site::start());
    site.put("/picture", page(b"\x89PNG\r\n\x1a\n".to_vec()));
    for url in [site.url("/nothing"), site.url("/picture"), "ftp://example.org/".into(), "nonsense".into()] {
        let error = poller(&app).follow(&url, None, noon(), &mut Quiet).await.expect_err(&url).to_string();
        assert!(error.ends_with('.') && error.starts_with(&url), "{error}");
    }
    assert!(app.store.followed().await.expect("a list").is_empty());
}

fn run(home: &std::path::Path, arguments: &[&str]) -> Said {
    program(home).args(arguments).output().expect("the program").into()
}

#[test]
fn the_commands_follow_list_poll_and_unfollow() {
    let (home, site) = (tempfile::tempdir().expect("a folder"), Site::start());
    let home = home.path();
    site.put("/feed", page(lines(&[item(1, "All there is.")])).with("etag", "\"one\""));
    let url = site.url("/feed");
    begin(home);
    for arguments in [&["follow"][..], &["poll"]] {
        let said = run(home, arguments);
        assert!(said.code == Some(0) && said.out.contains("Nothing is followed"), "{}", said.out);
    }
    // Not without leave: the site is on this machine.
    for arguments in [&["follow", &url][..], &["import", &url]] {
        let said = run(home, arguments);
        assert_eq!(said.code, Some(1), "{}", said.out);
        assert!(said.err.contains("no public address") && said.err.contains("--allow-private"), "{}", said.err);
    }
    assert!(site.asked().is_empty());
    let said = run(home, &["follow", &url, "--allow-private", "--publisher", "The Ministry"]);
    assert!(said.code == Some(0) && said.out.contains("1 new"), "{}{}", said.out, said.err);
    let said = run(home, &["follow"]);
    assert!(said.out.starts_with("URL ") && said.out.contains(&format!("{url}  20")) && said.out.contains("1 new"), "{}", said.out);
    let said = run(home, &["poll", "--allow-private"]);
    assert!(said.code == Some(0) && said.out.contains("nothing new"), "{}", said.out);
    site.put("/feed", status(500));
    let said = run(home, &["poll", "--allow-private"]);
    assert!(said.code == Some(1) && said.out.contains("status 500"), "{}", said.out);
    let said = run(home, &["poll", "--allow-private"]);
    assert!(said.code == Some(0) && said.out.contains("not their turn: 1"), "{}", said.out);
    assert_eq!(run(home, &["unfollow", &url]).code, Some(0));
    assert_eq!(run(home, &["unfollow", &url]).code, Some(1));
    assert!(run(home, &["check"]).out.contains("1 release checked"));
}

#[test]
fn an_address_is_imported_beside_files() {
    let (home, site) = (tempfile::tempdir().expect("a folder"), Site::start());
    let file = home.path().join("one.ndjson");
    std::fs::write(&file, lines(&[item(1, "From a file.")])).expect("a file");
    site.put("/two", page(lines(&[item(2, "From the web.")])));
    let said =
        run(&home.path().join("data"), &["import", "--allow-private", &site.url("/two"), &site.url("/three"), &file.to_string_lossy()]);
    assert_eq!(said.code, Some(1), "{}", said.err);
    assert!(said.out.contains("2 documents: 2 new, 0 changed, 0 unchanged, 0 mirrors, 1 refused"), "{}", said.out);
    assert!(said.err.contains(&format!("refused: {}", site.url("/three"))) && said.err.contains("status 404"), "{}", said.err);
}

#[test]
fn a_server_follows_and_ends_at_once() {
    let (home, site) = (tempfile::tempdir().expect("a folder"), Site::start());
    site.put("/feed", page(lines(&[item(1, "All there is.")])));
    assert_eq!(run(home.path(), &["follow", &site.url("/feed"), "--allow-private"]).code, Some(0));
    site.put("/feed", page(lines(&[item(2, "Something about frigates."), item(1, "All there is.")])));
    let mut server = Server::start(home.path(), &["serve", "--no-seeds", "--follow", "--every", "1", "--allow-private"]);
    server.line_with("polled every 1 minutes: 1");
    eventually("the server shows what it found", || server.get("/api/v1/search?q=frigates").contains("\"total\":1"));
    assert_eq!(server.stop(), Some(0));
    // A site that does not answer holds no stop up.
    site.put("/feed", page("").with("etag", "\"slow\""));
    let mut slow = page("words");
    slow.after = Duration::from_secs(300);
    site.put("/feed", slow);
    site.asked();
    let server = Server::start(home.path(), &["serve", "--no-seeds", "--follow", "--allow-private"]);
    let mut asked = Vec::new();
    eventually("the site is asked", || {
        asked.extend(site.asked());
        asked.contains(&"/feed".to_owned())
    });
    let started = Instant::now();
    assert_eq!(server.stop(), Some(0));
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
}
