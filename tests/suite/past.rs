//! What the archive remembers: versions, their differences, moments, the log, and what is gone.

use std::collections::BTreeMap;

use axum::http::Method;
use nato_archive::model::{Edit, Substance};
use serde_json::{Value, json};

use crate::support::answer::Answer;
use crate::support::app::{BASE, Builder, TestApp, ndjson, word};
use crate::support::past::{Kept, copy, event, told, versions, write};

fn words(added: u32, removed: u32) -> Option<Edit> {
    Some(Edit { body: true, added, removed, substance: Substance::Substantive, ..Edit::default() })
}

const FIRST: &str = "Allies met in Vilnius on Friday and agreed to send 12 ships to the Baltic Sea.\n\n\
     The Secretary General thanked the host nation for its hospitality and its resolve.\n\nHe said: \"We stand together.\"";

/// Three versions: first, other words, other quotation marks.
async fn three(app: &TestApp) -> Kept {
    let second = FIRST.replace("12 ships", "14 ships");
    let third = second.replace("\"We stand together.\"", "“We stand together.”");
    versions(
        app,
        "pr-1",
        &[
            told("Allies meet in Vilnius", FIRST, "2025-05-02T09:00:00Z", None),
            told("Allies meet in Vilnius", &second, "2025-05-03T14:05:09.250Z", words(1, 1)),
            told(
                "Allies meet in Vilnius",
                &third,
                "2025-06-01T00:00:00Z",
                Some(Edit { substance: Substance::Trivial, trivial: 2, ..Edit::default() }),
            ),
        ],
    )
    .await
}

/// The links of a `Link` header: by relation, each with its address and its moment.
fn links(answer: &Answer) -> BTreeMap<String, (String, Option<String>)> {
    read_links(answer.header("link"))
}

fn read_links(header: &str) -> BTreeMap<String, (String, Option<String>)> {
    let mut found = BTreeMap::new();
    for part in header.split('<').skip(1) {
        let (address, rest) = part.split_once('>').expect("an address");
        let parameter = |name: &str| rest.split(&format!(" {name}=\"")).nth(1).and_then(|rest| rest.split('"').next()).map(str::to_owned);
        let rel = parameter("rel").expect("a relation");
        let ours = address.strip_prefix(BASE);
        // What a page is, it is in the words of a vocabulary.
        assert!(ours.is_some() || rel == "type", "{address} is not of the base URL");
        let address = ours.unwrap_or(address).to_owned();
        for rel in rel.split(' ') {
            // Of several mementos the last is kept under that name; their other relations are one of a kind.
            found.insert(rel.to_owned(), (address.clone(), parameter("datetime")));
        }
    }
    found
}

#[tokio::test]
async fn the_history_lists_every_version_and_every_link_of_it_works() {
    let app = TestApp::empty().await;
    let kept = three(&app).await;
    write(&app, &[
        copy(kept.seq, 1, "A mirror", "Allies meet", "https://mirror.example/1"),
        event(5, "2025-05-03T14:05:09Z", "edited", Some(kept.seq), json!({"versions": [1, 2], "edit": words(1, 1)})),
        event(6, "2025-06-01T00:00:00Z", "retouched", Some(kept.seq), json!({"versions": [2, 3], "edit": {"title": false, "body": false, "date": false, "substance": "trivial", "added": 0, "removed": 0, "trivial": 2}})),
    ])
    .await;
    let page = app.get(&format!("/releases/{}/history", kept.id)).await.ok().html();
    let rows = page.each("#versions + ol > li");
    assert_eq!(rows.len(), 3);
    assert!(rows[0].contains("Version 3 current") && rows[0].contains("Only typography"), "{}", rows[0]);
    assert!(rows[1].contains("Text: 1 word added, 1 removed") && rows[1].contains("3 May 2025, 14:05 UTC"), "{}", rows[1]);
    assert!(rows[2].contains("The first that the archive saw") && rows[2].contains("pr-1-1.ndjson, bytes 0 to"), "{}", rows[2]);
    let sources = page.words("#sources + ul");
    assert!(sources.contains("A mirror") && sources.contains("97 % alike") && sources.contains("nearly the same words"), "{sources}");
    assert_eq!(page.each("#log + ol > li").len(), 2);
    assert!(page.words("main").contains("How it was recognised"));
    for href in page.attributes("main a[href^='/']", "href") {
        app.get(&href).await.ok();
    }
    // The form asks for what a link would.
    let (from, to) = (page.attribute("#from option[selected]", "value"), page.attribute("#to option[selected]", "value"));
    let asked = app.get(&format!("{}?from={from}&to={to}", page.attribute("form.between", "action"))).await.is(303);
    assert_eq!(asked.header("location"), format!("/releases/{}/compare/2..3", kept.id));
    app.get(&format!("/releases/{}/compare?from=x&to=2", kept.id)).await.is(400);
    app.get(&format!("/releases/{}/compare", kept.id)).await.is(400);
}

#[tokio::test]
async fn a_version_is_shown_as_what_it_was_and_says_so() {
    let app = TestApp::empty().await;
    let kept = three(&app).await;
    for (number, ships) in [(1, "12 ships"), (2, "14 ships"), (3, "14 ships")] {
        let path = format!("/releases/{}/versions/{number}", kept.id);
        let page = app.get(&path).await.ok().html();
        let notice = page.text_of(".notice");
        assert!(notice.starts_with(&format!("Version {number} of 3,")), "{notice}");
        assert_eq!(notice.contains("not the current one"), number < 3, "{notice}");
        assert!(page.words(".text").contains(ships), "version {number}");
        assert_eq!(page.attribute("link[rel=canonical]", "href"), format!("{BASE}{}", kept.permalink));
        assert!(page.has("meta[name=robots][content=noindex]"));
        let text = app.get(&format!("{path}.txt")).await.ok();
        assert!(text.text().contains(ships) && text.text().starts_with("Allies meet in Vilnius"));
        let json = app.get(&format!("{path}.json")).await.ok().json();
        assert_eq!((json["version"].as_u64(), &json["text"]), (Some(number), &json!(text.text())));
        assert_eq!(nato_archive::import::sha256_hex(text.text().as_bytes()), word(&json["sha256"]));
        for href in page.attributes("main a[href^='/']", "href") {
            app.get(&href).await.ok();
        }
    }
    for wrong in ["0", "4", "01", "x", "-1", "2.pdf", "99999999999"] {
        app.get(&format!("/releases/{}/versions/{wrong}", kept.id)).await.is(404);
    }
    for missing in ["versions/4", "compare/1..4"] {
        let page = app.get(&format!("/releases/{}/{missing}", kept.id)).await.is(404).html();
        assert!(page.text_of("main").contains("This release has 3 versions; there is no version 4."), "{missing}");
        assert!(page.attributes("main a", "href").contains(&format!("/releases/{}/history", kept.id)), "{missing}");
    }
    app.get("/releases/00000000/versions/1").await.is(404);
    app.get("/releases/00000000/history").await.is(404);
}

#[tokio::test]
async fn the_release_tells_programs_and_readers_of_its_past() {
    let app = TestApp::empty().await;
    let kept = three(&app).await;
    write(&app, &[
        copy(kept.seq, 1, "A mirror", "Allies meet", "https://mirror.example/1"),
        ("INSERT INTO former_url (seq, url, at) VALUES (?1, 'https://www.nato.int/old.htm', '2025-05-03T00:00:00Z')", vec![json!(kept.seq)]),
        (
            "INSERT INTO correction (seq, field, value, found, because, at) VALUES (?1, 'date', '\"2025-05-02\"', '\"2025-05-01\"', 'The list says so', '2025-05-05T00:00:00Z'), \
             (?1, 'kind', '\"statement\"', '\"news\"', 'It is one', '2025-05-05T00:00:00Z')",
            vec![json!(kept.seq)],
        ),
    ])
    .await;
    let page = app.get(&kept.permalink).await.ok().html();
    let notice = page.text_of(".notice");
    assert!(
        notice.contains("Changed without notice") && notice.contains("3 May 2025") && notice.contains("Compare versions 1 and 2"),
        "{notice}"
    );
    let facts = page.text_of("dl.facts");
    assert!(facts.contains("3 of 3, seen 1 June 2025"), "{facts}");
    assert!(facts.contains("2 May 2025, because: The list says so") && facts.contains("The program finds: 1 May 2025"), "{facts}");
    assert!(facts.contains("Statement, because: It is one") && facts.contains("The program finds: News"), "{facts}");
    let main = page.words("main");
    assert!(main.contains("Also carried by A mirror") && main.contains("Former addresseshttps://www.nato.int/old.htm"), "{main}");
    let release = app.get(&format!("/releases/{}.json", kept.id)).await.ok().json();
    assert_eq!((&release["version"], &release["versions"], word(&release["seen_at"])), (&json!(3), &json!(3), "2025-06-01T00:00:00Z"));
    assert_eq!(release["sources"].as_array().map(Vec::len), Some(2));
    assert_eq!((&release["sources"][1]["name"], &release["sources"][1]["recognised_by"]), (&json!("A mirror"), &json!("near")));
    assert_eq!(
        release["corrections"][0],
        json!({"field": "date", "value": "2025-05-02", "found": "2025-05-01", "because": "The list says so", "at": "2025-05-05T00:00:00Z"})
    );
    assert_eq!(release["translations"], json!([]));
    assert_eq!(word(&release["changed_without_notice"]["url"]), format!("{BASE}/releases/{}/compare/1..2", kept.id));
    assert_eq!(app.get(&format!("/api/v1/releases/{}", kept.id)).await.ok().json(), release);
}

#[tokio::test]
async fn comparisons_read_without_colours_and_fold_what_is_the_same() {
    let app = TestApp::empty().await;
    let kept = three(&app).await;
    let path = |range: &str| format!("/releases/{}/compare/{range}", kept.id);
    let page = app.get(&path("1..2")).await.ok().html();
    assert_eq!(page.words(".diff del"), "[removed: 12]");
    assert_eq!(page.words(".diff ins"), "[added: 14]");
    assert!(page.text_of(".summary").starts_with("1 passage changed: 1 word added, 1 removed."), "{}", page.text_of(".summary"));
    assert!(page.has("meta[name=robots][content=noindex]"));
    let back = app.get(&path("2..1")).await.ok().html();
    assert_eq!((back.words(".diff del"), back.words(".diff ins")), ("[removed: 14]".into(), "[added: 12]".into()));
    // Marks that are only set otherwise are folded, and said so.
    let set = app.get(&path("2..3")).await.ok().html();
    assert!(!set.has(".diff ins") && !set.has(".diff del"));
    assert!(set.text_of(".summary").starts_with("No word differs; 2 trivial edits folded."), "{}", set.text_of(".summary"));
    assert!(set.has("#trivial details") && set.text_of(".diff").contains("passages"));
    let all = app.get(&path("1..3")).await.ok().html();
    assert!(all.text_of(".summary").contains("1 passage changed: 1 word added, 1 removed; 2 trivial edits folded."));
    for page in [page, back, set, all] {
        for href in page.attributes("main a[href^='/']", "href") {
            app.get(&href).await.ok();
        }
    }
    assert_eq!(app.get(&path("2..2")).await.moved_to(), format!("/releases/{}/versions/2", kept.id));
    for wrong in ["1..4", "0..1", "1", "1..", "..", "1...2", "1-2", "1..2..3", "01..2", "a..b", "%ff..1"] {
        app.get(&path(wrong)).await.is(404);
    }
}

#[tokio::test]
async fn moments_lead_to_the_version_that_was_the_current_one() {
    let app = TestApp::empty().await;
    let kept = three(&app).await;
    let version = |number: u32| format!("/releases/{}/versions/{number}", kept.id);
    let (gate, map) = (format!("/releases/{}/timegate", kept.id), format!("/releases/{}/timemap", kept.id));
    let original = app.get(&kept.permalink).await.ok();
    assert_eq!((&links(&original)["timegate"].0, &links(&original)["timemap"].0), (&gate, &map));
    for (asked, number) in [
        (None, 3),
        (Some("Sat, 01 Jan 1949 00:00:00 GMT"), 1),
        (Some("Thu, 01 May 2025 00:00:00 GMT"), 1),
        (Some("Fri, 02 May 2025 09:00:00 GMT"), 1),
        (Some("Sat, 03 May 2025 14:05:08 GMT"), 1),
        // The moment that the version itself states, without its part of a second.
        (Some("Sat, 03 May 2025 14:05:09 GMT"), 2),
        (Some("Sat, 31 May 2025 23:59:59 GMT"), 2),
        (Some("Sun, 01 Jun 2025 00:00:00 GMT"), 3),
        (Some("Thu, 01 Jan 2099 00:00:00 GMT"), 3),
    ] {
        for method in [Method::GET, Method::HEAD] {
            let headers: Vec<(&str, &str)> = asked.map(|asked| ("accept-datetime", asked)).into_iter().collect();
            let answer = app.ask(method, &gate, &headers).await.is(302);
            assert_eq!(answer.header("location"), version(number), "{asked:?}");
            assert_eq!(answer.header("vary"), "accept-datetime");
            let links = links(&answer);
            assert_eq!((&links["original"].0, &links["timemap"].0), (&kept.permalink, &map));
            assert_eq!((&links["first"].0, &links["last"].0), (&version(1), &version(3)));
        }
    }
    for wrong in ["yesterday", "2025-05-03", "Sun, 03 May 2025 14:05:09 GMT", "Sat, 03 May 2025 14:05:09", ""] {
        app.ask(Method::GET, &gate, &[("accept-datetime", wrong)]).await.is(400);
    }
    // A page that was kept is not what another moment is answered with.
    for (asked, number) in [("Thu, 01 May 2025 00:00:00 GMT", 1), ("Thu, 01 Jan 2099 00:00:00 GMT", 3)] {
        assert_eq!(app.ask(Method::GET, &gate, &[("accept-datetime", asked)]).await.header("location"), version(number));
    }
    let middle = app.get(&version(2)).await.ok();
    assert_eq!(middle.header("memento-datetime"), "Sat, 03 May 2025 14:05:09 GMT");
    let found = links(&middle);
    for (rel, to, moment) in [
        ("original", kept.permalink.clone(), None),
        ("timegate", gate.clone(), None),
        ("timemap", map.clone(), None),
        ("first", version(1), Some("Fri, 02 May 2025 09:00:00 GMT")),
        ("prev", version(1), Some("Fri, 02 May 2025 09:00:00 GMT")),
        ("next", version(3), Some("Sun, 01 Jun 2025 00:00:00 GMT")),
        ("last", version(3), Some("Sun, 01 Jun 2025 00:00:00 GMT")),
    ] {
        assert_eq!(found.get(rel), Some(&(to, moment.map(str::to_owned))), "{rel}");
    }
    // Conditions and HEAD know the same headers.
    let etag = middle.header("etag").to_owned();
    let again = app.ask(Method::GET, &version(2), &[("if-none-match", &etag)]).await.is(304);
    let head = app.head(&version(2)).await.ok();
    for answer in [again, head] {
        assert_eq!(answer.header("memento-datetime"), middle.header("memento-datetime"));
        assert_eq!(answer.header("link"), middle.header("link"));
    }
    let list = app.get(&map).await.ok();
    assert_eq!(list.header("content-type"), "application/link-format");
    let text = list.text();
    assert_eq!(text.matches("memento\"; datetime=").count(), 3, "{text}");
    assert!(text.contains("rel=\"self\"; type=\"application/link-format\"; from=\"Fri, 02 May 2025 09:00:00 GMT\"; until=\"Sun, 01 Jun 2025 00:00:00 GMT\""), "{text}");
    let found = read_links(text);
    assert_eq!((&found["original"].0, &found["timegate"].0, &found["self"].0), (&kept.permalink, &gate, &map));
    assert_eq!((&found["first"].0, &found["last"].0), (&version(1), &version(3)));
}

async fn withdrawn(app: &TestApp, kept: &Kept, reason: &str) {
    write(
        app,
        &[
            ("UPDATE release SET hidden = 1 WHERE seq = ?1", vec![json!(kept.seq)]),
            (
                "INSERT INTO withdrawal (seq, reason, at, erased) VALUES (?1, ?2, '2025-07-01T08:30:00Z', 0)",
                vec![json!(kept.seq), json!(reason)],
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_withdrawn_release_says_what_it_was_and_why_it_is_gone_at_each_of_its_addresses() {
    let app = TestApp::empty().await;
    let kept = three(&app).await;
    // Kept pages of before are no answer of after.
    app.get(&kept.permalink).await.ok();
    withdrawn(&app, &kept, "The publisher asked for it").await;
    let id = &kept.id;
    for path in [
        kept.permalink.clone(),
        format!("/releases/{id}"),
        format!("/releases/{id}.txt"),
        format!("/releases/{id}/history"),
        format!("/releases/{id}/versions/1"),
        format!("/releases/{id}/versions/1.txt"),
        format!("/releases/{id}/compare/1..2"),
        format!("/releases/{id}/timegate"),
        format!("/releases/{id}/timemap"),
    ] {
        let answer = app.get(&path).await.is(410);
        assert_eq!(answer.header("cache-control"), "no-store");
        let page = answer.html();
        assert!(page.has("meta[name=robots][content=noindex]"), "{path}");
        let main = page.words("main");
        for told in ["Allies meet in Vilnius", "2 May 2025", "NATO", "The publisher asked for it", "1 July 2025, 08:30 UTC"] {
            assert!(main.contains(told), "{path}: no “{told}” in {main}");
        }
        assert!(!main.contains("ships"), "{path}");
        assert!(app.head(&path).await.is(410).body.is_empty());
    }
    for path in [format!("/releases/{id}.json"), format!("/releases/{id}/versions/2.json"), format!("/api/v1/releases/{id}")] {
        let answer = app.get(&path).await.is(410);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let problem = answer.json();
        assert_eq!((&problem["status"], &problem["withdrawn"]["reason"]), (&json!(410), &json!("The publisher asked for it")), "{path}");
        assert_eq!(problem["withdrawn"]["withdrawn_at"], "2025-07-01T08:30:00Z");
    }
}

#[tokio::test]
async fn a_release_that_is_another_leads_there() {
    let app = TestApp::empty().await;
    let kept = three(&app).await;
    let other = versions(&app, "pr-2", &[told("The same elsewhere", "Other words about it.", "2025-05-02T09:00:00Z", None)]).await;
    write(&app, &[("UPDATE release SET hidden = 2, merged_into = ?2 WHERE seq = ?1", vec![json!(other.seq), json!(kept.seq)])]).await;
    let (from, to) = (&other.id, &kept.id);
    for (path, leads) in [
        (other.permalink.clone(), kept.permalink.clone()),
        (format!("/releases/{from}"), kept.permalink.clone()),
        (format!("/releases/{from}.json"), format!("/releases/{to}.json")),
        (format!("/releases/{from}.txt"), format!("/releases/{to}.txt")),
        (format!("/api/v1/releases/{from}"), format!("/api/v1/releases/{to}")),
        (format!("/releases/{from}/history"), format!("/releases/{to}/history")),
        (format!("/releases/{from}/timegate"), format!("/releases/{to}/timegate")),
    ] {
        assert_eq!(app.get(&path).await.moved_to(), leads, "{path}");
        assert_eq!(app.get(&path).await.header("cache-control"), "no-cache", "{path}");
    }
}

#[tokio::test]
async fn the_log_is_read_by_day_by_kind_and_in_steps() {
    let app = TestApp::empty().await;
    let empty = app.get("/changes").await.ok().html();
    assert!(empty.words("main").contains("Nothing has happened yet"));
    assert!(feed_rs::parser::parse(&app.get("/changes.atom").await.ok().body[..]).expect("a feed").entries.is_empty());
    let kept = three(&app).await;
    let mut entries = vec![event(1, "2025-05-02T09:00:00Z", "added", None, json!({}))];
    entries.push(event(2, "2025-05-03T14:05:09Z", "edited", Some(kept.seq), json!({"versions": [1, 2], "edit": words(1, 1)})));
    for entry in 3..8 {
        entries.push(event(entry, "2025-06-01T00:00:00Z", "retouched", Some(kept.seq), json!({"versions": [2, 3]})));
    }
    entries.push(event(
        8,
        "2025-06-01T01:00:00Z",
        "redescribed",
        Some(kept.seq),
        json!({"changes": [["date", "1 May 2025", "2 May 2025"]]}),
    ));
    entries.push(event(
        9,
        "2025-06-01T02:00:00Z",
        "corrected",
        Some(kept.seq),
        json!({"because": "The list says so", "changes": [["date", "1 May 2025", "2 May 2025"]]}),
    ));
    write(&app, &entries).await;
    let page = app.get("/changes").await.ok().html();
    assert_eq!(page.each("section.day h2"), ["1 June 2025", "3 May 2025", "2 May 2025"]);
    let first = page.text_of("section.day");
    assert!(first.contains("Corrected by the owner") && first.contains("Reason: The list says so"), "{first}");
    assert!(first.contains("5 edits of typography only") && first.contains("1 release described anew"), "{first}");
    assert_eq!(page.each("section.day details").len(), 2);
    assert!(page.has("a[href$='/compare/1..2']"));
    assert!(page.words("main").contains("1 release, from pr-1-1.ndjson"));
    for href in page.attributes("main a[href^='/']", "href") {
        app.get(&href).await.ok();
    }
    let edited = app.get("/changes?kind=edited").await.ok().html();
    assert_eq!(edited.each("ol.log > li").len(), 1);
    assert_eq!(app.get("/changes?kind=retouched").await.ok().html().each("ol.log > li").len(), 5);
    for wrong in ["kind=nothing", "before=0", "before=x", "before=-3"] {
        app.get(&format!("/changes?{wrong}")).await.is(400);
    }
    app.get("/changes.atom?kind=nothing").await.is(400);
    // In steps: every entry once, whatever the page.
    let more: Vec<(&str, Vec<Value>)> =
        (10..260).map(|entry| event(entry, "2025-08-01T00:00:00Z", "mirrored", Some(kept.seq), json!({"other": "A mirror"}))).collect();
    write(&app, &more).await;
    let (mut path, mut seen) = ("/changes".to_owned(), Vec::new());
    loop {
        let page = app.get(&path).await.ok().html();
        seen.extend(page.attributes("ol.log .entry", "id"));
        match page.attributes("main a[rel=next]", "href").pop() {
            Some(next) => path = next,
            None => break,
        }
    }
    assert_eq!(seen.len(), 259);
    assert_eq!(seen.iter().collect::<std::collections::BTreeSet<_>>().len(), 259);
    assert!(app.get("/changes?before=1").await.ok().html().words("main").contains("Nothing older"));
}

#[tokio::test]
async fn the_feed_of_changes_names_entries_by_the_archive_and_not_by_its_address() {
    let mut ids = Vec::new();
    for base in ["https://archive.example", "https://elsewhere.example/press"] {
        let app = Builder::default().at(base).start().await;
        let kept = three(&app).await;
        let edited = json!({"versions": [1, 2], "edit": words(1, 1)});
        write(
            &app,
            &[
                ("UPDATE archive SET value = '00112233445566778899aabbccddeeff' WHERE name = 'id'", vec![]),
                event(1, "2025-05-02T09:00:00Z", "added", None, json!({})),
                event(2, "2025-05-03T14:05:09.123Z", "edited", Some(kept.seq), edited),
                event(3, "2025-06-01T00:00:00Z", "retouched", Some(kept.seq), json!({"versions": [2, 3]})),
            ],
        )
        .await;
        let prefix = base.splitn(4, '/').nth(3).map(|path| format!("/{path}")).unwrap_or_default();
        let answer = app.get(&format!("{prefix}/changes.atom")).await.ok();
        assert_eq!(answer.header("content-type"), "application/atom+xml; charset=utf-8");
        let feed = feed_rs::parser::parse(&answer.body[..]).expect("a feed");
        assert_eq!(feed.updated.map(|at| at.to_rfc3339()).as_deref(), Some("2025-05-03T14:05:09+00:00"));
        let page = app.get(&format!("{prefix}/changes")).await.ok().html();
        // Before the feed of everything, which every page names.
        let named = page.attributes("link[rel=alternate][type='application/atom+xml']", "href");
        assert_eq!(named, ["changes.atom", "feed.atom"].map(|file| format!("{prefix}/{file}")));
        for entry in &feed.entries {
            let href = &entry.links.first().expect("a link").href;
            app.get(
                href.strip_prefix("https://archive.example")
                    .or(href.strip_prefix("https://elsewhere.example"))
                    .expect("an address of ours")
                    .split('#')
                    .next()
                    .unwrap_or(""),
            )
            .await
            .ok();
        }
        ids.push(feed.entries.iter().map(|entry| entry.id.rsplit(':').next().unwrap_or("").to_owned()).collect::<Vec<_>>());
        assert!(feed.entries.iter().all(|entry| entry.id.starts_with("urn:nato-archive:") && !entry.id.contains("example")));
        let all = feed_rs::parser::parse(&app.get(&format!("{prefix}/changes.atom?kind=retouched")).await.ok().body[..]).expect("a feed");
        assert_eq!(all.entries.len(), 1, "what is minor comes when it is asked for");
    }
    assert_eq!(ids[0], ["2", "1"]);
    assert_eq!(ids[0], ids[1]);
}

#[tokio::test]
async fn a_language_that_was_asked_for_and_is_not_held_is_named() {
    let app = TestApp::empty().await;
    let kept = three(&app).await;
    for (query, said) in [
        ("wanted=fr", Some("You asked for the French version; the archive holds the English one.")),
        ("wanted=uk", Some("You asked for the Ukrainian version; the archive holds the English one.")),
        ("wanted=en", None),
        ("wanted=und", None),
        ("wanted=xx", None),
        ("wanted=%22%3E%3Cprobe%3E", None),
    ] {
        let page = app.get(&format!("{}?{query}", kept.permalink)).await.ok().html();
        let notices = page.each(".notice");
        assert_eq!(notices.iter().any(|notice| notice.starts_with("You asked for")), said.is_some(), "{query}: {notices:?}");
        assert!(said.is_none_or(|said| notices.iter().any(|notice| notice == said)), "{query}: {notices:?}");
        assert_eq!(page.attribute("link[rel=canonical]", "href"), format!("{BASE}{}", kept.permalink));
    }
    let french = json!({"key": "pr-1-fr", "source": "OTAN", "title": "Les Alliés se réunissent à Vilnius", "lang": "fr",
        "body": "Les Alliés se sont réunis vendredi à Vilnius et ont décidé d’envoyer des navires.", "published_on": "2025-05-02"});
    app.load(&[ndjson("french.ndjson", &[french])]).await;
    write(
        &app,
        &[("INSERT OR REPLACE INTO translation (seq, family) SELECT seq, 1 FROM release WHERE key IN ('pr-1', 'pr-1-fr')", vec![])],
    )
    .await;
    let page = app.get(&format!("{}?wanted=fr", kept.permalink)).await.ok().html();
    assert_eq!(page.text_of(".notice"), "You asked for the French version; this is the English one. Go to the French version");
    assert!(page.text_of("dl.facts").contains("In other languagesFrench: Les Alliés"));
    assert_eq!(page.attribute("dl.facts a[hreflang]", "hreflang"), "fr");
    let release = app.get(&format!("/releases/{}.json", kept.id)).await.ok().json();
    assert_eq!(release["translations"][0]["lang"], "fr");
}
