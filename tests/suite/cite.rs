//! Citing: files, pages, passages of other versions, searches, and what pages say to reference managers.

use nato_archive::model::{Edit, Substance};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::app::{BASE, TestApp, ndjson, word};
use crate::support::page::{Page, words};
use crate::support::past::{Kept, told, versions, write};

const FIRST: &str = "Allies met in Vilnius and agreed to send 12 ships to the Baltic Sea.\n\n\
     The Secretary General thanked the host nation.\n\nHe said: \"We stand together.\"";

/// Two versions: ships added, marks set otherwise, a paragraph put before the others.
async fn two(app: &TestApp) -> Kept {
    let second =
        format!("A word before.\n\n{}", FIRST.replace("12 ships", "14 ships").replace("\"We stand together.\"", "“We stand together.”"));
    let edit = Edit { body: true, added: 4, removed: 1, substance: Substance::Substantive, ..Edit::default() };
    versions(
        app,
        "pr-1",
        &[
            told("Allies meet in Vilnius", FIRST, "2025-05-02T09:00:00Z", None),
            told("Allies meet in Vilnius", &second, "2025-05-03T14:05:09Z", Some(edit)),
        ],
    )
    .await
}

#[tokio::test]
async fn every_release_has_files_that_cite_it() {
    let app = TestApp::seeds().await;
    for item in app.items().await {
        let id = word(&item["id"]);
        for (extension, kind, has) in [
            ("bib", "application/x-bibtex; charset=utf-8", "@techreport{"),
            ("ris", "application/x-research-info-systems; charset=utf-8", "TY  - RPRT\r\n"),
            ("csl.json", "application/vnd.citationstyles.csl+json", "\"type\":\"report\""),
            ("md", "text/markdown; charset=utf-8; variant=CommonMark", "---\ntitle: "),
        ] {
            let answer = app.get(&format!("/releases/{id}.{extension}")).await.ok();
            assert_eq!(answer.header("content-type"), kind);
            let name = answer.header("content-disposition");
            assert!(
                name.starts_with("attachment; filename=\"") && name.ends_with(&format!("-{id}.{extension}\"")) && name.is_ascii(),
                "{name}"
            );
            assert!(answer.header("link").contains(&format!("<{}>; rel=\"canonical\"", word(&item["url"]))));
            let file = answer.text();
            assert!(file.contains(has) && file.contains(word(&item["url"])), "{file}");
        }
        let csl = app.get(&format!("/releases/{id}.csl.json")).await.ok().json();
        assert_eq!(csl[0]["title"], item["title"]);
        let exact = item["published"]["precision"] == "day" || item["published"]["precision"] == "minute";
        assert_eq!(
            csl[0]["issued"]["date-parts"][0].as_array().is_some_and(|parts| parts.len() == 3 && csl[0]["issued"]["circa"].is_null()),
            exact
        );
    }
    let id = word(&app.items().await[0]["id"]).to_owned();
    assert!(app.get(&format!("/releases/{id}.bib?p=1")).await.ok().text().contains("?v=1&p=1#p1"));
    for wrong in ["p=0", "p=9999", "p=x", "p=01"] {
        app.get(&format!("/releases/{id}.bib?{wrong}")).await.is(400);
    }
    app.get(&format!("/releases/{id}.bibtex")).await.is(404);
}

#[tokio::test]
async fn a_version_is_cited_with_its_hash() {
    let app = TestApp::empty().await;
    let kept = two(&app).await;
    let of = format!("/releases/{}/versions/1", kept.id);
    let version = app.get(&format!("{of}.json")).await.ok().json();
    let sha256 = word(&version["sha256"]);
    let csl = app.get(&format!("{of}.csl.json?p=2")).await.ok().json();
    assert_eq!(csl[0]["custom"]["version"], 1);
    assert_eq!(csl[0]["custom"]["sha256"], sha256);
    assert_eq!(csl[0]["custom"]["seen_at"], "2025-05-02T09:00:00Z");
    assert_eq!(csl[0]["URL"], format!("{BASE}{of}?p=2#p2"));
    for extension in ["bib", "ris", "md"] {
        let file = app.get(&format!("{of}.{extension}")).await.ok().text().to_owned();
        assert!(file.contains(sha256) && file.contains(&format!("{BASE}{of}")), "{file}");
    }
    let page = app.get(&of).await.ok().html();
    let apa = page.words("#cite-apa");
    assert!(
        apa.contains("(2025, May 2)") && apa.ends_with(&format!("{BASE}{of} Version 1, seen on 2 May 2025, SHA-256 {sha256}.")),
        "{apa}"
    );
    // The whole of a text comes back from its Markdown.
    let markdown = app.get(&format!("{of}.md")).await.ok().text().to_owned();
    assert!(markdown.contains("\n# Allies meet in Vilnius\n\nAllies met in Vilnius and agreed to send 12 ships"), "{markdown}");
}

/// What is cited is what the hashed words say, however often they change later.
#[tokio::test]
async fn a_version_has_the_kind_and_number_of_its_own_words() {
    let app = TestApp::empty().await;
    let body = |number: &str| {
        format!(
            "Press Release (2024) {number}\n\nAllies met in Vilnius and spoke of readiness.\n\nThey thanked the host nation for its resolve."
        )
    };
    let stated = |title: &str, number: &str, kind: &str| {
        json!({"key": "ready", "source": "NATO", "title": title, "body": body(number), "kind": kind, "published_on": "2024-03-05",
            "url": "https://www.nato.int/ready.htm"})
    };
    app.load(&[ndjson("a.ndjson", &[stated("Vilnius readiness text", "051", "speech")])]).await;
    let id = word(&app.items().await[0]["id"]).to_owned();
    let key = async || {
        let bib = app.get(&format!("/releases/{id}/versions/1.bib")).await.ok().text().to_owned();
        bib.split([',', '{']).nth(1).expect("a key").to_owned()
    };
    let first = key().await;
    app.load(&[ndjson("b.ndjson", &[stated("Vilnius readiness statement, corrected", "052", "press-release")])]).await;
    app.load(&[ndjson("c.ndjson", &[stated("Vilnius readiness text, corrected again", "053", "statement")])]).await;
    assert_eq!(key().await, first, "a key in somebody's manuscript stays");
    for (version, genre) in [
        ("/versions/1", "Vilnius readiness text [Speech, Press Release (2024) 051]"),
        ("/versions/2", "Vilnius readiness statement, corrected [Press release (2024) 052]"),
        ("/versions/3", "Vilnius readiness text, corrected again [Statement, Press Release (2024) 053]"),
        ("", "Vilnius readiness text, corrected again [Statement, Press Release (2024) 053]"),
    ] {
        let path = format!("/releases/{id}{version}");
        let path = if version.is_empty() { app.get(&path).await.header("location").to_owned() } else { path };
        let apa = app.get(&path).await.ok().html().words("#cite-apa");
        assert!(apa.contains(genre), "{version}: {apa}");
        let query = version.strip_prefix("/versions/").map(|number| format!("?version={number}")).unwrap_or_default();
        let cited = app.get(&format!("/api/v1/releases/{id}/cite{query}")).await.ok().json();
        assert!(word(&cited["items"][0]["text"]).contains(genre), "{cited}");
    }
    // The publisher's page says something else now, and what it said stands in the archive.
    let template = app.get(&format!("/releases/{id}/versions/1")).await.ok().html().words("#cite-wikipedia");
    assert!(template.contains("|url-status=deviated |access-date="), "{template}");
    let template = app.get(&format!("/releases/{id}/versions/3")).await.ok().html().words("#cite-wikipedia");
    assert!(template.contains("|url-status=live |access-date="), "{template}");
}

#[tokio::test]
async fn a_link_to_a_passage_survives_later_versions() {
    let app = TestApp::empty().await;
    let kept = two(&app).await;
    let current = app.get(&kept.permalink).await.ok().html();
    let links = current.attributes(".passage-tools a[data-link]", "href");
    assert_eq!(links[1], format!("{}?v=2&p=2#p2", kept.permalink));
    // Of the current version: the page itself, the passage quoted.
    let page = app.get(&format!("{}?v=2&p=2", kept.permalink)).await.ok().html();
    assert_eq!(page.words("#cite-quoted"), "“Allies met in Vilnius and agreed to send 14 ships to the Baltic Sea.”");
    assert!(page.words("#cite-apa").ends_with(&format!("{BASE}{}?v=2&p=2#p2 Para. 2.", kept.permalink)));
    assert_eq!(page.attribute("link[rel=canonical]", "href"), format!("{BASE}{}", kept.permalink));
    // Of an older one: its own page, which says what became of the words.
    for (passage, said, link) in [
        (1, "does not have these words", format!("/releases/{}/compare/1..2", kept.id)),
        (2, "stands unchanged in the current version, as passage 3", format!("{}?v=2&p=3#p3", kept.permalink)),
        (3, "has the same words, set otherwise, as passage 4", format!("{}?v=2&p=4#p4", kept.permalink)),
    ] {
        for path in [kept.permalink.as_str(), &format!("/releases/{}/an-older-title", kept.id)] {
            let moved = app.get(&format!("{path}?v=1&p={passage}")).await.is(303);
            assert_eq!(moved.header("location"), format!("/releases/{}/versions/1?p={passage}", kept.id));
        }
        let page = app.get(&format!("/releases/{}/versions/1?p={passage}", kept.id)).await.ok().html();
        let note = words(page.one(&format!("#p{passage} .passage-note")));
        assert!(note.contains(said), "{note}");
        assert_eq!(page.attribute(".passage-note a", "href"), link);
        assert!(page.words("main > article > .notice").contains("not the current one"));
    }
    // A short address and a former title keep what was asked.
    for path in [format!("/releases/{}", kept.id), format!("/releases/{}/an-older-title", kept.id)] {
        assert_eq!(app.get(&format!("{path}?v=2&p=2")).await.is(301).header("location"), format!("{}?v=2&p=2", kept.permalink));
    }
    // What the release never had.
    let page = app.get(&format!("{}?v=7&p=99", kept.permalink)).await.ok().html();
    assert!(page.each("main .notice").iter().any(|notice| notice.contains("there is no version 7")), "{:?}", page.each("main .notice"));
    assert!(!page.has("#cite-quoted") && !page.attributes("#cite ~ p a", "href").iter().any(|href| href.contains("p=99")));
    app.get(&format!("/releases/{}/versions/1?p=99", kept.id)).await.ok();
}

#[tokio::test]
async fn a_withdrawn_release_is_cited_with_the_fact() {
    let app = TestApp::empty().await;
    let kept = two(&app).await;
    write(
        &app,
        &[
            ("UPDATE release SET hidden = 1 WHERE seq = ?1", vec![json!(kept.seq)]),
            ("INSERT INTO withdrawal (seq, reason, at, erased) VALUES (?1, 'Asked for', '2025-07-01T08:30:00Z', 0)", vec![json!(kept.seq)]),
        ],
    )
    .await;
    let page = app.get(&kept.permalink).await.is(410).html();
    let cited = page.words("#cite");
    assert!(
        cited.starts_with("NATO. “Allies meet in Vilnius”. 2 May 2025. Withdrawn from ") && cited.contains("on 1 July 2025."),
        "{cited}"
    );
    assert!(cited.ends_with(&format!("{BASE}/releases/{}", kept.id)));
    for extension in ["bib", "ris", "csl.json", "md"] {
        app.get(&format!("/releases/{}.{extension}", kept.id)).await.is(410);
    }
}

#[tokio::test]
async fn a_search_is_cited_with_a_checksum_that_others_can_compute() {
    let app = TestApp::seeds().await;
    let releases = app.releases().await;
    let checksum = |hits: &[&Value]| {
        let mut lines: Vec<String> = hits.iter().map(|hit| format!("{} {}\n", word(&hit["id"]), word(&hit["sha256"]))).collect();
        lines.sort();
        Sha256::digest(lines.concat()).iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    for query in ["", "q=defence", "q=defence&sort=oldest", "q=strategy&topic=digital-and-data&from=april+2025", "q=zyzzyva"] {
        let found = app.get(&format!("/api/v1/search?limit=100&{query}")).await.ok().json();
        let ids: Vec<&str> = found["items"].as_array().expect("items").iter().map(|item| word(&item["id"])).collect();
        let hits: Vec<&Value> = releases.iter().filter(|release| ids.contains(&word(&release["id"]))).collect();
        let page = app.get(&format!("/search/cite?{query}")).await.ok().html();
        let expected = checksum(&hits);
        assert_eq!(page.words("#checksum"), expected, "{query}");
        let text = page.words("#search-text");
        assert!(text.contains(&expected) && text.contains(&format!("{} release", hits.len())) && text.contains(BASE), "{text}");
        assert!(page.words("#search-csl").contains(&expected) && page.has("meta[name=robots][content=noindex]"));
    }
    let results = app.get("/search?q=defence&page=1").await.ok().html();
    assert!(results.attributes(".use a", "href").contains(&"/search/cite?q=defence".to_owned()));
    app.get("/search/cite?q=defence&from=30+february").await.is(400);
    let text = app.get("/search/cite?q=defence&sort=oldest&topic=ukraine&from=2025").await.ok().html().words("#search-text");
    assert!(text.contains("search for “defence” (from 2025; Topic: Ukraine: support and relations), oldest first: 3 releases."), "{text}");
    let page = app.get("/search/cite?topic=ukraine&from=2025").await.ok().html();
    for form in ["cite-apa", "cite-chicago", "cite-mla", "cite-wikipedia", "search-bib", "search-ris", "search-csl"] {
        let said = page.words(&format!("#{form}"));
        assert!(said.contains("All releases (from 2025; Topic: Ukraine: support and relations)") && said.contains(BASE), "{form}: {said}");
    }
    assert!(text.contains("Read as: ") && text.contains("generation ") && text.contains("22 November 2026"), "{text}");
}

/// The content of the first `<meta>` of a name.
fn meta(page: &Page, name: &str) -> Option<String> {
    page.attributes(&format!("head > meta[name=\"{name}\"]"), "content").into_iter().next()
}

/// What a reference manager makes of a page: by COinS before embedded metadata, there by `DC.type` before the kind of report or journal that
/// `citation_*` names, and by `citation_title` alone a journal article.
fn item_type(page: &Page) -> String {
    if page.has("span.Z3988") {
        return "COinS".into();
    }
    let guessed = [
        ("citation_journal_title", "journalArticle"),
        ("citation_technical_report_institution", "report"),
        ("citation_conference_title", "conferencePaper"),
        ("citation_book_title", "bookSection"),
        ("citation_dissertation_institution", "thesis"),
        ("citation_title", "journalArticle"),
    ];
    meta(page, "DC.type")
        .or_else(|| guessed.iter().find(|(name, _)| meta(page, name).is_some()).map(|(_, kind)| (*kind).to_owned()))
        .unwrap_or_default()
}

fn things(page: &Page) -> Vec<Value> {
    let graph: Value = serde_json::from_str(&page.one("script[type=\"application/ld+json\"]").inner_html()).expect("JSON");
    assert_eq!(graph["@context"], "https://schema.org");
    graph["@graph"].as_array().expect("a graph").clone()
}

#[tokio::test]
async fn pages_tell_reference_managers_what_they_are() {
    let app = TestApp::of(&[
        json!({"key": "a", "source": "NATO", "title": "Exact </script><!-- \"quoted\" & more", "body": "One.\n\nTwo.", "kind": "press-release",
            "published_on": "2025-04-30", "url": "https://www.nato.int/a.htm", "topics": ["ukraine"]}),
        json!({"key": "b", "source": "Ministry of Defence", "title": "Bounded", "body": "Words.", "published_on": "[2024-09-25..2025-04-30]"}),
        json!({"key": "c", "source": "NATO", "title": "Lasting", "body": "Words.", "published_on": "2025-05-05/2025-05-07"}),
        json!({"key": "d", "title": "Undated and without a publisher", "body": "Words."}),
        json!({"key": "e", "source": "NATO", "title": "Monthly", "body": "Words.", "published_on": "2025-04"}),
        json!({"key": "f", "source": "NATO", "title": "Within a month", "body": "Words.", "published_on": "[2025-04-25..2025-04-30]"}),
        json!({"key": "g", "source": "Trade, Industry and Defence", "title": "Perhaps", "body": "Words.", "published_on": "2025-04-25?"}),
    ])
    .await;
    for (title, author, date, dc_date, published) in [
        ("Exact", Some("NATO"), Some("2025/04/30"), Some("2025-04-30"), Some("2025-04-30")),
        ("Bounded", None, None, None, None),
        ("Lasting", Some("NATO"), None, None, None),
        ("Undated", None, None, None, None),
        ("Monthly", Some("NATO"), Some("2025/04"), Some("2025-04"), None),
        ("Within a month", Some("NATO"), Some("2025/04"), Some("2025-04"), None),
        ("Perhaps", None, None, None, None),
    ] {
        let path = app.permalink(title).await;
        let page = app.get(&path).await.ok().html();
        let address = format!("{BASE}{path}");
        assert_eq!(item_type(&page), "report", "{title}");
        assert_eq!(meta(&page, "citation_author").as_deref(), author, "{title}");
        // Where it has several words, readers would part it into a first and a last name.
        assert_eq!(meta(&page, "DC.creator").as_deref(), author, "{title}");
        assert_eq!(meta(&page, "DC.publisher"), meta(&page, "citation_technical_report_institution"), "{title}");
        assert_eq!(meta(&page, "citation_publication_date").as_deref(), date, "{title}");
        assert_eq!(meta(&page, "DC.date").as_deref(), dc_date, "{title}");
        assert_eq!(meta(&page, "citation_public_url"), Some(address.clone()));
        assert!(meta(&page, "citation_title").is_some_and(|said| said.starts_with(title)));
        let things = things(&page);
        let article = things.iter().find(|thing| thing["@type"] == "NewsArticle").expect("an article");
        assert_eq!(article["@id"], address);
        assert_eq!(article["datePublished"].as_str(), published, "{title}");
        assert_eq!(article["sdPublisher"]["url"], format!("{BASE}/"));
        assert!(article.get("dateModified").is_none());
        let trail = things.iter().find(|thing| thing["@type"] == "BreadcrumbList").expect("a trail");
        let steps = trail["itemListElement"].as_array().expect("steps");
        assert_eq!((&steps[0]["name"], &steps[steps.len() - 1]["item"]), (&json!("Home"), &json!(address)));
    }
    let path = app.permalink("Exact").await;
    let page = app.get(&path).await.ok().html();
    let article = &things(&page)[0];
    assert_eq!(article["headline"], "Exact </script><!-- \"quoted\" & more");
    assert_eq!(article["isBasedOn"], "https://www.nato.int/a.htm");
    assert_eq!(article["author"]["name"], "NATO");
    assert_eq!(meta(&page, "DC.source").as_deref(), Some("https://www.nato.int/a.htm"));
    assert_eq!(page.attribute("meta[property='og:type']", "content"), "article");
    for list in ["/topics/ukraine", "/2025/04", "/2025"] {
        let things = things(&app.get(list).await.ok().html());
        let collection = things.iter().find(|thing| thing["@type"] == "CollectionPage").expect(list);
        let named: Vec<&str> =
            collection["mainEntity"]["itemListElement"].as_array().expect("a list").iter().map(|item| word(&item["url"])).collect();
        assert!(named.contains(&format!("{BASE}{path}").as_str()), "{list}: {named:?}");
    }
    assert!(!app.get("/search?q=words").await.ok().html().has("script[type=\"application/ld+json\"]"));
}
