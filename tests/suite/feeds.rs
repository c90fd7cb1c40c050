//! Feeds: what they hold, how they are walked, whom they are shown to.

mod log;
mod owner;

use std::collections::{BTreeMap, BTreeSet};

use axum::http::Method;
use feed_rs::model::Feed;
use nato_archive::ingest::sync::catch_up;
use nato_archive::model::query::SearchRequest;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Value, json};

use crate::support::app::{BASE, Builder, TestApp, ndjson, path_of, today, word};

const ATOM: &str = "application/atom+xml; charset=utf-8";
const JSON: &str = "application/feed+json; charset=utf-8";
/// What Chromium sends when somebody opens an address.
const BROWSER: (&str, &str) = ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8");

async fn feed(app: &TestApp, path: &str) -> Feed {
    let answer = app.get(path).await.ok();
    assert_eq!(answer.header("content-type"), if path.contains(".json") { JSON } else { ATOM }, "{path}");
    feed_rs::parser::parse(&answer.body[..]).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Links of the feed itself, by relation.
fn links(feed: &Feed) -> BTreeMap<String, String> {
    let named = feed.links.iter().filter_map(|link| Some((link.rel.clone()?, link)));
    named
        .filter(|(_, link)| link.media_type.as_deref() != Some("application/feed+json"))
        .map(|(rel, link)| (rel, path_of(&link.href).to_owned()))
        .collect()
}

fn ids(feed: &Feed) -> Vec<String> {
    feed.entries.iter().map(|entry| entry.id.rsplit(':').next().expect("an id").to_owned()).collect()
}

/// The words of the elements of a name, markup within them left out.
fn elements(xml: &str, name: &str) -> Vec<String> {
    let (mut reader, mut depth, mut found) = (Reader::from_str(xml), 0, Vec::new());
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(tag) if tag.name().as_ref() == name => {
                depth += 1;
                found.push(String::new());
            }
            Event::End(tag) if tag.name().as_ref() == name => depth -= 1,
            Event::Text(text) if depth > 0 => found.last_mut().expect("one").push_str(&text),
            Event::GeneralRef(entity) if depth > 0 => {
                let words = quick_xml::escape::unescape(&format!("&{};", &*entity)).expect("an entity").into_owned();
                found.last_mut().expect("one").push_str(&words);
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

#[tokio::test]
async fn every_kind_of_feed_holds_what_it_follows_whole() {
    let app = TestApp::seeds().await;
    let all: BTreeSet<String> = app.items().await.iter().map(|item| word(&item["id"]).to_owned()).collect();
    for (path, page, search) in [
        ("/feed", "/", "/api/v1/search?limit=100"),
        ("/topics/ukraine/feed", "/topics/ukraine", "/api/v1/search?limit=100&topic=ukraine"),
        ("/search/feed?q=strategy", "/search?q=strategy", "/api/v1/search?limit=100&q=strategy"),
        ("/search/feed?place=ukraine", "/search?place=ukraine", "/api/v1/search?limit=100&place=ukraine"),
        ("/search/feed?kind=news&source=nato", "/search?kind=news&source=nato", "/api/v1/search?limit=100&kind=news&source=nato"),
        ("/search/feed?from=2025-05&q=NATO", "/search?q=NATO&from=2025-05", "/api/v1/search?limit=100&q=NATO&from=2025-05"),
    ] {
        let expected = app.get(search).await.ok().json();
        let expected: BTreeSet<String> =
            expected["items"].as_array().expect("items").iter().map(|item| word(&item["id"]).to_owned()).collect();
        assert!(!expected.is_empty() && expected.is_subset(&all), "{path}");
        for extension in ["atom", "json"] {
            let path = path.replacen("feed", &format!("feed.{extension}"), 1);
            let feed = feed(&app, &path).await;
            assert_eq!(ids(&feed).into_iter().collect::<BTreeSet<_>>(), expected, "{path}");
            assert!(feed.id.starts_with("urn:nato-archive:") || extension == "json", "{path}: {}", feed.id);
            if extension == "atom" {
                assert_eq!(links(&feed)["alternate"], page, "{path}");
                assert!(links(&feed)["self"].split('?').next() == path.split('?').next(), "{path}");
            }
            for entry in &feed.entries {
                let id = entry.id.rsplit(':').next().expect("an id");
                let release = app.get(&format!("/api/v1/releases/{id}")).await.ok().json();
                assert_eq!(entry.links.first().expect("a link").href, word(&release["url"]), "{path}");
                assert!(entry.updated.is_some() && entry.summary.is_some(), "{path}");
                let blocks: Vec<&str> = release["blocks"].as_array().expect("blocks").iter().map(|block| word(&block["text"])).collect();
                let body = entry.content.as_ref().and_then(|content| content.body.clone()).expect("words");
                let read = scraper::Html::parse_fragment(&body).root_element().text().collect::<String>();
                // A reader counts lists itself.
                let plain = |words: &str| words.chars().filter(|c| c.is_alphabetic()).collect::<String>();
                assert_eq!(plain(&read), plain(&blocks.concat()), "{path} {id}");
                assert!(body.contains(&format!("id=\"r{id}-p1\"")), "{path} {id}");
            }
        }
    }
}

#[tokio::test]
async fn a_moment_of_publication_is_never_invented_silently() {
    let app = TestApp::of(&[
        json!({"key": "day", "title": "Day", "body": "One.", "published_on": "2025-04-30"}),
        json!({"key": "about", "title": "About", "body": "Two.", "published_on": "2025-04-25~"}),
        json!({"key": "month", "title": "Month", "body": "Three.", "published_on": "2025-04"}),
        json!({"key": "bounded", "title": "Bounded", "body": "Four.", "published_on": "[2024-09-25..2025-04-30]"}),
        json!({"key": "none", "title": "None", "body": "Five."}),
    ])
    .await;
    let document = app.get("/feed.json").await.ok().json();
    let xml = app.get("/feed.atom").await.ok();
    assert_eq!(elements(xml.text(), "published"), ["2025-04-30T12:00:00Z"]);
    for item in document["items"].as_array().expect("items") {
        let known = &item["_nato_archive"];
        let (title, exact) = (word(&item["title"]), item["date_published"].is_string());
        assert_eq!(exact, title == "Day", "{title}");
        assert_eq!(known["published_is_exact"], false, "{title}");
        let summary = word(&item["summary"]);
        assert_eq!(summary.contains("noon in UTC"), exact, "{title}: {summary}");
        match known["edtf"].as_str() {
            Some(edtf) => assert!(xml.text().contains(&format!("edtf=\"{edtf}\"")), "{title}: {edtf}"),
            None => assert!(title == "None" && summary.contains("undated"), "{title}: {summary}"),
        }
    }
}

#[tokio::test]
async fn awkward_words_come_through_as_they_are() {
    let long = "Long ".repeat(60);
    let titles = [
        "“Quotes”, \"more\" & <b>tags</b>",
        "]]> ends nothing, nor does --> or <![CDATA[",
        "Tab\tand\u{1}control\u{7f}and\u{fffe}none",
        "Заява про підтримку України · 声明 · بيان",
        "Steered \u{202e}backwards\u{202c}",
        long.trim(),
        "{{braces}} {searchTerms} %2F \\ $",
    ];
    let objects: Vec<Value> = titles.iter().map(|title| json!({"title": title, "body": format!("{title}\n\nThe end.")})).collect();
    let app = TestApp::of(&objects).await;
    let plain = |words: &str| words.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let expected: BTreeSet<String> = titles.iter().map(|title| plain(title)).collect();
    for path in ["/feed.atom", "/feed.json", "/search/feed.atom?q=end"] {
        let feed = feed(&app, path).await;
        let read: BTreeSet<String> = feed.entries.iter().map(|entry| plain(&entry.title.as_ref().expect("a title").content)).collect();
        assert_eq!(read, expected, "{path}");
        assert!(!app.get(path).await.text().contains('\u{202e}'), "{path}");
    }
    // A search says itself in the title, the address and the identifier of its feed.
    for q in ["\"a&b\" ]]> <x>", "Україна", "%2F+ {x}"] {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", q).finish();
        let feed = feed(&app, &format!("/search/feed.atom?{query}")).await;
        assert!(feed.title.expect("a title").content.contains(q), "{q}");
        assert!(feed.id.is_ascii() && !feed.id.contains(' '), "{}", feed.id);
    }
}

/// Every document that a feed leads to: the current one, then its archive, back to the beginning. Each number of an archive document with its ids.
async fn walked(app: &TestApp, path: &str) -> (Vec<String>, Vec<(String, Vec<String>)>) {
    let current = feed(app, path).await;
    let mut next = links(&current).get("prev-archive").cloned();
    let mut newer: Option<String> = None;
    let mut archives = Vec::new();
    while let Some(path_of_archive) = next {
        let xml = app.get(&path_of_archive).await.ok();
        assert!(xml.text().contains("<fh:archive/>"), "{path_of_archive}");
        let archive = feed(app, &path_of_archive).await;
        let found = links(&archive);
        assert_eq!(found["current"], path, "{path_of_archive}");
        assert_eq!(found["self"], path_of_archive);
        assert_eq!(archive.id, current.id, "{path_of_archive}");
        assert_eq!(found.get("next-archive"), newer.as_ref(), "{path_of_archive}");
        assert!(!archive.entries.is_empty(), "{path_of_archive}");
        next = found.get("prev-archive").cloned();
        newer = Some(path_of_archive.clone());
        archives.push((path_of_archive, ids(&archive)));
    }
    (ids(&current), archives)
}

/// Releases of which each holds some of these words, the later ones seldom.
fn many(first: usize, last: usize) -> Vec<Value> {
    let words = ["alpha", "bravo", "charlie", "delta", "echo", "foxtrot"];
    (first..=last)
        .map(|number| {
            let held = words.iter().enumerate().filter(|(place, _)| number % [1, 2, 7, 41, 97, 211][*place] == 0);
            let body: Vec<&str> = held.map(|(_, word)| *word).collect();
            json!({"key": format!("k{number}"), "title": format!("Statement {number}"), "body": format!("{}.", body.join(" ")),
                "published_on": format!("20{:02}-{:02}-{:02}", number % 20, number % 12 + 1, number % 28 + 1), "source": format!("Office {}", number % 3)})
        })
        .collect()
}

#[tokio::test]
async fn current_and_archive_documents_together_are_everything() {
    let app = Builder::default().with(ndjson("many.ndjson", &many(1, 230))).start().await;
    let mut before: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut seed = 7_u64;
    let mut random = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    for round in 0..3 {
        if round > 0 {
            app.load(&[ndjson(&format!("more{round}.ndjson"), &many(231 + 60 * (round - 1), 230 + 60 * round))]).await;
        }
        if round == 1 {
            for seq in [3, 97, 211, 250] {
                app.store.withdraw(seq, "Published by mistake.", "2026-11-22T10:00:00Z").await.expect("a withdrawal");
            }
            catch_up(&*app.store, &app.index).await.expect("an index that is level");
        }
        let mut queries: BTreeSet<String> = ["", "q=foxtrot", "q=echo", "q=delta+-echo"].map(str::to_owned).into();
        while queries.len() < 16 {
            let words = ["alpha", "bravo", "charlie", "delta", "echo", "foxtrot"];
            let mut query = format!("q={}", words[random(6) as usize]);
            if random(2) == 0 {
                query.push_str(&format!("+{}{}", if random(3) == 0 { "-" } else { "OR+" }, words[random(6) as usize]));
            }
            if random(3) == 0 {
                query.push_str(&format!("&source=office-{}", random(3)));
            }
            if random(3) == 0 {
                query.push_str(&format!("&from=20{:02}", random(20)));
            }
            queries.insert(query);
        }
        for query in queries {
            let path = if query.is_empty() { "/search/feed.atom".to_owned() } else { format!("/search/feed.atom?{query}") };
            let form = nato_archive::web::extract::SearchForm::read(&nato_archive::web::extract::Params::read(&query), today());
            assert!(form.errors.is_empty(), "{query}: {:?}", form.errors);
            let request: SearchRequest = form.request(0);
            // The address as the archive itself writes it.
            let path = {
                let current = feed(&app, &path).await;
                links(&current)["self"].clone()
            };
            let seqs = app.archive.every(request).await.expect("matches").seqs;
            let expected: BTreeSet<String> =
                app.archive.wholes(&seqs).await.expect("releases").iter().map(|whole| whole.release.item.id.to_string()).collect();
            let (current, archives) = walked(&app, &path).await;
            let mut union: BTreeSet<String> = current.iter().cloned().collect();
            assert_eq!(union.len(), current.len(), "{query}: twice in one document");
            assert!(current.len() >= expected.len().min(50), "{query}");
            let mut apart = BTreeSet::new();
            for (path, ids) in archives {
                assert!(ids.len() <= 100 && ids.iter().all(|id| apart.insert(id.clone())), "{path}");
                // A full block stays what it is, but for what was withdrawn.
                if let Some(once) = before.insert(path.clone(), ids.clone()) {
                    let left: BTreeSet<&String> = ids.iter().collect();
                    assert!(ids.iter().all(|id| once.contains(id)), "{path} has something new");
                    assert!(round == 1 || left.len() == once.len(), "{path} has lost something");
                }
                union.extend(ids);
            }
            assert_eq!(union, expected, "{query}");
        }
    }
    assert!(before.len() > 20, "{}", before.len());
}

#[tokio::test]
async fn an_archive_document_stays_the_same_to_the_byte() {
    let app = Builder::default().with(ndjson("many.ndjson", &many(1, 320))).start().await;
    let documents =
        ["/feed.atom?archive=1", "/feed.json?archive=2", "/search/feed.atom?q=bravo&archive=2", "/search/feed.json?q=bravo&archive=1"];
    let mut before = Vec::new();
    for path in documents {
        before.push(app.get(path).await.ok().body);
    }
    app.load(&[ndjson("more.ndjson", &many(321, 450))]).await;
    for (path, before) in documents.into_iter().zip(before) {
        assert_eq!(app.get(path).await.ok().text(), String::from_utf8_lossy(&before), "{path}");
    }
    // What the search finds in all is told where it may change.
    assert_eq!(elements(app.get("/feed.atom").await.text(), "opensearch:totalResults"), ["450"]);
    assert_eq!(app.get("/feed.json?page=2").await.json()["_nato_archive"]["total"], 450);
}

#[tokio::test]
async fn a_feed_is_paged_to_the_reach_of_a_search() {
    let app = Builder::default().with(ndjson("many.ndjson", &many(1, 130))).start().await;
    let first = feed(&app, "/feed.atom").await;
    let found = links(&first);
    assert_eq!(
        (found["next"].as_str(), found["last"].as_str(), found["first"].as_str()),
        ("/feed.atom?page=2", "/feed.atom?page=3", "/feed.atom")
    );
    assert!(!found.contains_key("previous"));
    // What came last, and the block that is still filling, as far as it is not among that.
    assert!((51..=80).contains(&first.entries.len()), "{}", first.entries.len());
    let second = feed(&app, "/feed.atom?page=2").await;
    assert_eq!((links(&second)["previous"].as_str(), links(&second)["next"].as_str()), ("/feed.atom", "/feed.atom?page=3"));
    let third = feed(&app, "/feed.atom?page=3").await;
    assert!(!links(&third).contains_key("next"));
    let all: BTreeSet<String> = [&first, &second, &third].into_iter().flat_map(ids).collect();
    assert_eq!(all.len(), 130);
    assert_eq!([&first, &second, &third].map(|page| page.entries.len()).iter().sum::<usize>(), 130, "nothing comes twice");
    // JSON Feed has one word for it.
    let mut next = Some("/feed.json".to_owned());
    let mut held = BTreeSet::new();
    while let Some(path) = next {
        let document = app.get(&path).await.ok().json();
        held.extend(document["items"].as_array().expect("items").iter().map(|item| word(&item["id"]).to_owned()));
        next = document["next_url"].as_str().map(|url| path_of(url).to_owned());
    }
    assert_eq!(held.len(), 130);
    for gone in ["/feed.atom?page=4", "/feed.atom?archive=2", "/feed.atom?archive=4294967295", "/topics/no-such-topic/feed.atom"] {
        app.get(gone).await.is(404);
    }
    app.get("/feed.json?archive=2").await.is(404).json();
}

#[tokio::test]
async fn a_feed_that_cannot_be_followed_is_refused_and_an_empty_one_is_a_feed() {
    let app = TestApp::seeds().await;
    let long = format!("q={}", "word+".repeat(400));
    for (query, named) in [
        ("from=1999-02-30", "from"),
        ("from=2025&to=2024", "to"),
        ("match=some", "match"),
        ("topic=no-such-topic", "topic"),
        ("place=atlantis", "place"),
        ("page=x", "page"),
        ("page=0", "page"),
        ("archive=x", "archive"),
        ("archive=1&page=2", "archive"),
        (&long, "q"),
    ] {
        let page = app.get(&format!("/search/feed.atom?{query}")).await.is(400).html();
        assert!(page.words("main").contains(named), "{query}: {}", page.words("main"));
        let problem = app.get(&format!("/search/feed.json?{query}")).await.is(400).json();
        assert!(word(&problem["detail"]).contains(named), "{query}: {problem}");
    }
    let empty = feed(&app, "/search/feed.atom?q=zyzzyva").await;
    assert!(empty.entries.is_empty() && empty.updated.is_some());
    assert!(app.get("/search/feed.json?q=zyzzyva").await.ok().json()["items"].as_array().expect("items").is_empty());
    // Order means nothing to a feed.
    app.get("/search/feed.atom?sort=upwards&show=topic").await.ok();
    let none = TestApp::empty().await;
    assert!(feed(&none, "/feed.atom").await.entries.is_empty());
}

#[tokio::test]
async fn a_browser_is_shown_a_page_that_explains_the_feed() {
    let app = TestApp::seeds().await;
    for path in [
        "/feed.atom",
        "/feed.json",
        "/topics/ukraine/feed.atom",
        "/search/feed.atom?q=strategy&kind=news",
        "/search/feed.atom?q=zyzzyva",
        "/changes.atom",
        "/changes.json?kind=added",
    ] {
        let raw = app.get(path).await.ok();
        let shown = app.ask(Method::GET, path, &[BROWSER]).await.ok();
        let page = shown.html();
        assert_eq!(page.attribute("meta[name=robots]", "content"), "noindex", "{path}");
        assert_eq!(page.words("#feed-address"), format!("{BASE}{path}"), "{path}");
        assert_ne!(shown.header("etag"), raw.header("etag"), "{path}");
        for answer in [&raw, &shown] {
            assert_eq!(answer.header("vary"), "Accept, Accept-Encoding", "{path}");
        }
        assert_eq!(app.get(path).await.ok().body, raw.body, "{path}: the page took the feed's place");
        // The way to the feed itself, for who follows the link and for readers of feeds that look for one.
        for link in page.attributes("link[rel=alternate][href*='raw=1']", "href") {
            let answer = app.ask(Method::GET, &link, &[BROWSER]).await.ok();
            assert!(answer.header("content-type").starts_with("application/"), "{link}");
        }
        assert!(page.all("link[rel=alternate][href*='raw=1']").len() == 2, "{path}");
        let etag = shown.header("etag").to_owned();
        app.ask(Method::GET, path, &[BROWSER, ("if-none-match", &etag)]).await.is(304);
        app.ask(Method::GET, path, &[("if-none-match", &etag)]).await.ok();
    }
    // Where the rest is, is said to whoever reads the feed by a program.
    for (path, words) in [("/feed.json", "through the last 1,000"), ("/changes.atom", "back to the first entry")] {
        let page = app.ask(Method::GET, path, &[BROWSER]).await.ok().html();
        assert!(page.words("main").contains(words), "{path}");
        assert_eq!(page.attributes("main a", "href").iter().any(|href| href.starts_with("/oai?verb=")), path == "/feed.json", "{path}");
    }
    let page = app.ask(Method::GET, "/search/feed.atom?q=zyzzyva", &[BROWSER]).await.ok().html();
    assert!(page.words("main").contains("finds nothing yet"));
}

#[tokio::test]
async fn every_page_names_the_feeds_that_fit_it() {
    let app = TestApp::seeds().await;
    for (path, own) in [
        ("/", None),
        ("/about", None),
        ("/topics/ukraine", Some("/topics/ukraine/feed")),
        ("/search?q=strategy&page=1&sort=oldest", Some("/search/feed.atom?q=strategy")),
        ("/search?q=zyzzyva", Some("/search/feed.atom?q=zyzzyva")),
        ("/search?place=ukraine", Some("/search/feed.atom?place=ukraine")),
        ("/changes?kind=withdrawn", Some("/changes.atom?kind=withdrawn")),
    ] {
        let page = app.get(path).await.ok().html();
        let named = page.attributes("link[rel=alternate][type='application/atom+xml']", "href");
        assert_eq!(named.last().map(String::as_str), Some("/feed.atom"), "{path}");
        assert!(page.attributes("footer a", "href").contains(&"/feed.atom".to_owned()), "{path}");
        if let Some(own) = own {
            assert!(named[0].starts_with(own), "{path}: {named:?}");
            assert!(page.attributes("main a", "href").contains(&named[0]), "{path}: nothing leads to {}", named[0]);
        }
        for link in page.attributes("link[rel=alternate]", "href") {
            app.get(&link).await.ok();
        }
    }
    // What finds nothing because of a slip is not offered.
    assert!(!app.get("/search?topic=no-such-topic").await.ok().html().has("main .follow"));
}
