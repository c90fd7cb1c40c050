//! Files by which programs find what is here, and the typed links of a release.

use std::collections::{BTreeMap, BTreeSet};

use nato_archive::ingest::sync::catch_up;
use nato_archive::web::finding::security::Contact;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::json;

use crate::support::app::{BASE, Builder, TestApp, path_of, word};

/// The addresses of a site map, each with when it last changed.
fn addresses(xml: &str) -> Vec<(String, Option<String>)> {
    let (mut reader, mut element, mut found) = (Reader::from_str(xml), String::new(), Vec::new());
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(tag) => tag.name().as_ref().clone_into(&mut element),
            Event::End(_) => element.clear(),
            Event::Text(text) if element == "loc" => found.push((path_of(&text).to_owned(), None)),
            Event::Text(text) if element == "lastmod" => found.last_mut().expect("an address").1 = Some(text.to_string()),
            Event::Eof => return found,
            _ => {}
        }
    }
}

#[tokio::test]
async fn the_site_map_names_every_page_that_may_be_found_and_no_other() {
    let app = TestApp::seeds().await;
    app.store.withdraw(5, "Published by mistake.", "2026-11-22T10:00:00Z").await.expect("a withdrawal");
    catch_up(&*app.store, &app.index).await.expect("an index that is level");
    let lists = addresses(app.get("/sitemap.xml").await.ok().text());
    assert_eq!(lists.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), ["/sitemaps/pages.xml", "/sitemaps/releases-1.xml"]);
    let pages = addresses(app.get("/sitemaps/pages.xml").await.ok().text());
    let releases = addresses(app.get("/sitemaps/releases-1.xml").await.ok().text());
    assert!(pages.iter().all(|(_, at)| at.is_none()));
    let expected: BTreeSet<String> = app.items().await.iter().map(|item| path_of(word(&item["url"])).to_owned()).collect();
    assert_eq!(releases.iter().map(|(path, _)| path.clone()).collect::<BTreeSet<_>>(), expected);
    assert_eq!(expected.len(), 22);
    // True dates: a list changed when one of its releases did, be it that one went.
    let stamps = app.store.stamped(&nato_archive::store::StampedAsked { limit: 100, ..Default::default() }).await.expect("stamps");
    for stamp in stamps.iter().filter(|stamp| stamp.shown) {
        let path = format!("/releases/{}/{}", stamp.id, stamp.slug);
        assert!(releases.contains(&(path.clone(), Some(stamp.at.clone()))), "{path}");
    }
    assert_eq!(lists[1].1.as_ref(), stamps.iter().map(|stamp| &stamp.at).max());
    for (path, _) in pages.iter().chain(&releases) {
        let page = app.get(path).await.ok().html();
        assert_eq!(page.attribute("link[rel=canonical]", "href"), format!("{BASE}{path}"));
        assert!(!page.has("meta[name=robots]"), "{path} asks not to be shown");
    }
    for wrong in [
        "/sitemaps/releases-2.xml",
        "/sitemaps/releases-0.xml",
        "/sitemaps/releases-01.xml",
        "/sitemaps/x.xml",
        "/sitemaps/releases-99999999999.xml",
    ] {
        app.get(wrong).await.is(404);
    }
    let none = TestApp::empty().await;
    assert_eq!(addresses(none.get("/sitemap.xml").await.ok().text()).len(), 1);
}

#[tokio::test]
async fn site_maps_of_many_releases_come_in_blocks_that_stay() {
    let app = TestApp::of(&[
        json!({"title": "One", "body": "A."}),
        json!({"title": "Two", "body": "B."}),
        json!({"title": "Three", "body": "C."}),
    ])
    .await;
    app.store.withdraw(1, "Published by mistake.", "2099-11-22T10:00:00Z").await.expect("a withdrawal");
    // Blocks of one number each: the first holds nothing that is shown.
    let blocks = app.archive.address_blocks(1).await.expect("blocks");
    assert_eq!(blocks.iter().map(|block| block.number).collect::<Vec<_>>(), [2, 3]);
    let blocks = app.archive.address_blocks(2).await.expect("blocks");
    assert_eq!(blocks.iter().map(|block| block.number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(blocks[0].at, "2099-11-22T10:00:00Z", "a list changes when one of its releases goes");
    assert_eq!(app.archive.addresses(0, 2).await.expect("addresses").len(), 1);
    assert_eq!(app.archive.addresses(2, 4).await.expect("addresses").len(), 1);
}

#[tokio::test]
async fn robots_are_told_what_to_leave_alone_and_where_the_rest_is() {
    for (app, prefix) in
        [(TestApp::seeds().await, ""), (Builder::default().at("https://archive.example/nato").with_seeds().start().await, "/nato")]
    {
        let robots = app.get(&format!("{prefix}/robots.txt")).await.ok();
        for line in [
            format!("Sitemap: https://archive.example{prefix}/sitemap.xml"),
            format!("Disallow: {prefix}/search"),
            format!("Disallow: {prefix}/releases/*/compare"),
            format!("Allow: {prefix}/search/feed."),
            format!("Allow: {prefix}/api/v1/openapi.json"),
        ] {
            assert!(robots.text().lines().any(|known| known == line), "{line}: {}", robots.text());
        }
        app.get(&format!("{prefix}/sitemap.xml")).await.ok();
    }
}

#[tokio::test]
async fn browsers_can_add_the_search() {
    let app = TestApp::seeds().await;
    let page = app.get("/").await.ok().html();
    assert_eq!(page.attribute("link[rel=search]", "href"), "/opensearch.xml");
    let answer = app.get("/opensearch.xml").await.ok();
    assert_eq!(answer.header("content-type"), "application/opensearchdescription+xml");
    let mut templates = BTreeMap::new();
    let mut images = Vec::new();
    let mut reader = Reader::from_str(answer.text());
    let mut inside = String::new();
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Empty(tag) if tag.name().as_ref() == "Url" => {
                let value = |name: &str| {
                    let attribute =
                        tag.attributes().filter_map(Result::ok).find(|attribute| attribute.key.as_ref() == name).expect("an attribute");
                    quick_xml::escape::unescape(&attribute.value).expect("entities").into_owned()
                };
                templates.insert(value("type"), value("template"));
            }
            Event::Start(tag) => tag.name().as_ref().clone_into(&mut inside),
            Event::Text(words) if inside == "Image" => images.push(words.to_string()),
            Event::End(_) => inside.clear(),
            Event::Eof => break,
            _ => {}
        }
    }
    for (kind, expected) in [
        ("text/html", "text/html; charset=utf-8"),
        ("application/atom+xml", "application/atom+xml; charset=utf-8"),
        ("application/x-suggestions+json", "application/x-suggestions+json"),
    ] {
        let address = templates[kind].replace("{searchTerms}", "ukr").replace("{startPage?}", "");
        let found = app.get(path_of(&address)).await.ok();
        assert_eq!(found.header("content-type"), expected, "{address}");
        if kind == "application/x-suggestions+json" {
            let suggested = found.json();
            let parts = suggested.as_array().expect("a list");
            assert_eq!((parts.len(), &parts[0]), (4, &json!("ukr")));
            let lengths: BTreeSet<usize> = parts[1..].iter().map(|part| part.as_array().expect("a list").len()).collect();
            assert!(lengths.len() == 1 && !lengths.contains(&0), "{suggested}");
        }
    }
    assert_eq!(templates["application/opensearchdescription+xml"], format!("{BASE}/opensearch.xml"));
    assert_eq!(images.len(), 2);
    for image in images {
        assert!(app.get(path_of(&image)).await.ok().header("content-type").starts_with("image/"), "{image}");
    }
}

#[tokio::test]
async fn whom_to_tell_of_a_weakness_is_said_where_the_owner_says_it() {
    TestApp::seeds().await.get("/.well-known/security.txt").await.is(404);
    let contact = Contact::read("mailto:archive@example.org").expect("a contact");
    let app = Builder::default().reached_by(contact).start().await;
    let file = app.get("/.well-known/security.txt").await.ok();
    assert_eq!(file.header("content-type"), "text/plain; charset=utf-8");
    let fields: BTreeMap<&str, &str> = file.text().lines().filter_map(|line| line.split_once(": ")).collect();
    assert_eq!(fields["Contact"], "mailto:archive@example.org");
    // The day of a test is 22 November 2026.
    assert_eq!(fields["Expires"], "2027-11-21T00:00:00Z");
    assert_eq!(fields["Canonical"], format!("{BASE}/.well-known/security.txt"));
}

#[tokio::test]
async fn the_page_for_language_models_leads_somewhere() {
    let app = TestApp::seeds().await;
    let page = app.get("/llms.txt").await.ok();
    assert!(page.text().starts_with("# ") && page.text().len() < 6_000);
    for path in ["/feed.atom", "/feed.json", "/changes.atom", "/sitemap.xml", "/data", "/about", "/help/search", "/api/v1/releases"] {
        assert!(page.text().contains(&format!("({BASE}{path})")), "{path}");
        app.get(path).await.ok();
    }
}

/// Relation and target of every link of a header.
fn typed(header: &str) -> Vec<(String, String)> {
    header
        .split(", <")
        .map(|link| {
            let (target, rest) = link.trim_start_matches('<').split_once('>').expect("a target");
            let rel = rest.split("rel=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a relation");
            (rel.to_owned(), target.to_owned())
        })
        .collect()
}

#[tokio::test]
async fn a_release_says_in_its_header_what_it_is_and_where_its_words_are() {
    let app = TestApp::seeds().await;
    let permalink = app.permalink("NATO releases strategy").await;
    let id = permalink.split('/').nth(2).expect("an id").to_owned();
    let answer = app.get(&permalink).await.ok();
    let links = typed(answer.header("link"));
    assert_eq!(app.head(&permalink).await.ok().header("link"), answer.header("link"));
    let of = |rel: &str| {
        links.iter().filter(|(known, _)| known == rel).map(|(_, target)| target.strip_prefix(BASE).unwrap_or(target)).collect::<Vec<_>>()
    };
    assert_eq!(of("cite-as"), [permalink.as_str()]);
    assert_eq!(of("item"), [format!("/releases/{id}.txt")]);
    assert_eq!(of("describedby"), ["json", "bib", "ris", "csl.json"].map(|extension| format!("/releases/{id}.{extension}")));
    assert_eq!(of("type"), ["https://schema.org/AboutPage", "https://schema.org/NewsArticle"]);
    assert_eq!(of("collection"), ["/"]);
    // Beside what leads to its versions.
    assert_eq!((of("timegate").len(), of("timemap").len()), (1, 1));
    let set = app.get(of("linkset")[0]).await.ok();
    assert_eq!(set.header("content-type"), "application/linkset+json");
    let set: serde_json::Value = serde_json::from_slice(&set.body).expect("JSON");
    let contexts = set["linkset"].as_array().expect("contexts");
    assert_eq!(contexts[0]["anchor"], format!("{BASE}{permalink}"));
    for (rel, target) in links.iter().filter(|(rel, _)| !matches!(rel.as_str(), "linkset" | "timegate" | "timemap")) {
        let targets = contexts[0][rel].as_array().unwrap_or_else(|| panic!("no {rel}"));
        assert!(targets.iter().any(|known| known["href"] == *target), "{rel} {target}");
    }
    // The way back from each file.
    let words = typed(app.get(&format!("/releases/{id}.txt")).await.ok().header("link"));
    assert!(words.contains(&("collection".into(), format!("{BASE}{permalink}"))), "{words:?}");
    let data = typed(app.get(&format!("/releases/{id}.json")).await.ok().header("link"));
    assert!(data.contains(&("describes".into(), format!("{BASE}{permalink}"))), "{data:?}");
    // A version is cited as itself.
    let version = format!("/releases/{id}/versions/1");
    let links = typed(app.get(&version).await.ok().header("link"));
    assert!(links.contains(&("cite-as".into(), format!("{BASE}{version}"))), "{links:?}");
    assert!(links.iter().any(|(rel, _)| rel.contains("memento")), "{links:?}");
    app.get("/releases/00000000/linkset.json").await.is(404);
}

#[tokio::test]
async fn a_licence_that_is_an_address_is_a_link() {
    for (licence, linked) in
        [("https://creativecommons.org/licenses/by/4.0/", true), ("All rights reserved", false), ("javascript:alert(1)", false)]
    {
        let app = TestApp::empty().await;
        let sidecar = format!("licence = \"{licence}\"\n");
        let bytes = "A title\n\nSource: NATO\n\nSome words of a release, long enough to be one.\n".into();
        let source = nato_archive::ingest::Source::Embedded { name: "one.txt".into(), bytes, sidecar: Some(sidecar) };
        app.load(&[source]).await;
        let permalink = app.permalink("A title").await;
        let links = typed(app.get(&permalink).await.ok().header("link"));
        assert_eq!(links.contains(&("license".into(), licence.into())), linked, "{licence}");
        let feed = app.get("/feed.atom").await.ok();
        assert_eq!(feed.text().contains("rel=\"license\""), linked, "{licence}");
        assert!(feed.text().contains(licence), "{licence}");
        let page = app.get(&permalink).await.ok().html();
        assert_eq!(page.attribute("meta[name='DC.rights']", "content"), licence);
        let stated = if linked { format!("\"license\":\"{licence}\"") } else { format!("\"name\":\"{licence}\"") };
        assert!(app.get(&permalink).await.ok().text().contains(&stated), "{stated}");
        let row = app.get("/search/export.csv").await.ok();
        assert!(row.text().trim_end().ends_with(&format!(",{licence}")), "{}", row.text());
    }
}
