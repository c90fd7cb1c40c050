//! The pages as a whole: no link is dead, every page has what every page has, the first load is small.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use axum::http::Method;
use nato_archive::index::grammar::{self, How, Node, Within};
use nato_archive::web::pages::help::OPERATORS;

use crate::support::app::{BASE, Builder, TestApp, ndjson, today};
use crate::support::page::{Page, words};

/// Pages with parameters that one walk looks at; each gives many more, without end.
const SEARCHES: usize = 300;

/// The address of a link as seen from a page: path and query, and the fragment. `None` for what leads out of the archive.
fn resolved(page: &str, address: &str) -> Option<(String, String)> {
    let inside = address.strip_prefix(BASE).unwrap_or(address);
    let (path, fragment) = inside.split_once('#').unwrap_or((inside, ""));
    let path = match path.chars().next() {
        None => page.split('#').next().unwrap_or(page),
        Some('/') => path,
        Some(_) if path.starts_with("https://") || path.starts_with("http://") => return None,
        Some(_) => panic!("{page}: “{address}” depends on where it stands"),
    };
    Some((path.to_owned(), fragment.to_owned()))
}

/// Every path within reach of the home page, in order, with its page where it is one.
async fn walk(app: &TestApp) -> BTreeMap<String, Option<Page>> {
    let mut queue = VecDeque::from(["/".to_owned()]);
    let mut seen: BTreeMap<String, Option<Page>> = BTreeMap::new();
    let mut searches = 0;
    let mut fragments: Vec<(String, String, String)> = Vec::new();
    while let Some(path) = queue.pop_front() {
        if seen.contains_key(&path) {
            continue;
        }
        if path.contains('?') {
            searches += 1;
            if searches > SEARCHES {
                continue;
            }
        }
        let mut answer = app.get(&path).await;
        if answer.status == 301 || answer.status == 303 {
            answer = app.get(answer.header("location")).await;
        }
        assert_eq!(answer.status, 200, "{path} is linked");
        if !answer.header("content-type").starts_with("text/html") {
            seen.insert(path, None);
            continue;
        }
        let page = answer.html();
        for (_, address) in page.addresses() {
            if let Some((to, fragment)) = resolved(&path, &address) {
                if !fragment.is_empty() && !to.starts_with("/static/") {
                    fragments.push((path.clone(), to.clone(), fragment));
                }
                if !seen.contains_key(&to) {
                    queue.push_back(to);
                }
            }
        }
        seen.insert(path, Some(page));
    }
    for (from, to, fragment) in fragments {
        if let Some(Some(page)) = seen.get(&to) {
            assert!(page.has_id(&fragment), "{from} links to #{fragment} of {to}, which is not there");
        }
    }
    seen
}

#[tokio::test]
async fn no_link_is_dead_and_every_page_has_what_every_page_has() {
    let undated =
        ndjson("undated.ndjson", &[serde_json::json!({"title": "Words without a day", "body": "Nothing says when.", "source": "NATO"})]);
    let app = Builder::default().with_seeds().with(undated).start().await;
    let seen = walk(&app).await;
    let pages: Vec<&Page> = seen.values().flatten().collect();
    assert!(pages.len() > 200, "only {} pages were reached", pages.len());
    for kind in [
        "/releases/",
        "/topics/",
        "/search?",
        "/trends?",
        "/2025/06/2",
        "/dates/undated",
        "/help/search",
        "/privacy",
        "/data",
        "/history",
        "/versions/1",
        "/changes?kind=",
    ] {
        assert!(pages.iter().any(|page| page.path.contains(kind)), "no page of {kind} was reached");
    }
    let mut titles: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for page in pages {
        let path = &page.path;
        assert_eq!(page.all("h1").len(), 1, "{path}: headings");
        assert_eq!(page.all("main").len(), 1, "{path}: main");
        assert_eq!(page.attribute("html", "lang"), "en", "{path}");
        assert!(page.words("header").contains("Unofficial"), "{path}: the header");
        assert!(page.words("footer").to_lowercase().contains("unofficial"), "{path}: the footer");
        let skip = page.all("body a")[0];
        assert_eq!(skip.attr("href"), Some("#main"), "{path}: the first link skips");
        assert!(page.has_id("main"), "{path}");
        let canonical = page.attribute("link[rel=canonical]", "href");
        assert!(canonical.starts_with(&format!("{BASE}/")), "{path}: {canonical}");
        let title = page.words("head > title");
        assert!(title.ends_with("NATO press releases, an unofficial archive"), "{path}: {title}");
        titles.entry(title).or_default().insert(canonical);
        assert!(page.has("search form[method=get] label[for=q]"), "{path}: the box has a label");
        let ids: Vec<String> = page.attributes("[id]", "id");
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{path}: an id is there twice: {ids:?}");
        // Headings go down one step at a time.
        let mut level = 0;
        for heading in page.all("h1, h2, h3, h4, h5, h6") {
            let here: u32 = heading.value().name()[1..].parse().expect("a level");
            assert!(here <= level + 1, "{path}: “{}” skips a level", words(heading));
            level = here;
        }
        for link in page.all("a[href]") {
            let named = !words(link).is_empty() || link.attr("aria-label").is_some();
            assert!(named, "{path}: a link without words to {:?}", link.attr("href"));
        }
    }
    // Where two pages have one title, one is the other's canonical form, or a reader cannot tell them apart.
    for (title, canonicals) in titles {
        let searches = canonicals.iter().all(|canonical| canonical.contains("/search") || canonical.contains("/trends?"));
        let releases = canonicals.iter().all(|canonical| canonical.contains("/releases/"));
        assert!(canonicals.len() == 1 || searches || releases, "“{title}” is the title of {canonicals:?}");
    }
}

#[tokio::test]
async fn results_and_empty_days_are_kept_from_search_engines_and_the_rest_is_not() {
    let app = TestApp::seeds().await;
    let permalink = app.permalink("NATO releases strategy").await;
    for (path, indexed) in [
        ("/", true),
        ("/2025/04", true),
        ("/topics/ukraine", true),
        (permalink.as_str(), true),
        ("/about", true),
        ("/search", false),
        ("/search?q=defence", false),
        ("/trends", true),
        ("/trends?q=defence", false),
        ("/2024/01/01", false),
        ("/nothing", false),
        ("/changes", true),
        ("/changes?kind=edited", false),
        (&format!("{}/history", permalink.rsplit_once('/').expect("a slug").0), true),
    ] {
        let page = app.get(path).await.html();
        assert_eq!(!page.has("meta[name=robots][content=noindex]"), indexed, "{path}");
    }
    // What a release is found by is no other page.
    let found = app.get(&format!("{permalink}?q=data")).await.ok().html();
    assert_eq!(found.attribute("link[rel=canonical]", "href"), format!("{BASE}{permalink}"));
}

#[tokio::test]
async fn the_first_load_is_at_most_48_kilobytes() {
    let app = TestApp::seeds().await;
    let packed = async |path: &str| app.ask(Method::GET, path, &[("accept-encoding", "br, gzip")]).await.ok();
    let page = app.get("/").await.ok().html();
    let mut paths: BTreeSet<String> =
        page.attributes("link[rel=stylesheet], link[rel=preload], link[rel=icon]", "href").into_iter().collect();
    paths.extend(page.attributes("script[src], img[src]", "src"));
    paths.extend(page.attributes("use[href]", "href").iter().map(|href| href.split('#').next().unwrap_or("").to_owned()));
    // What the style sheet asks for stands beside it.
    for style in page.attributes("link[rel=stylesheet]", "href") {
        let folder = style.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        let css = app.get(&style).await.ok().text().to_owned();
        let urls = css.split("url(").skip(1).filter_map(|rest| rest.split(')').next()).map(|url| url.trim_matches(['"', '\'']).to_owned());
        for url in urls {
            assert!(!url.contains("//"), "the style sheet loads {url}");
            paths.insert(format!("{folder}/{url}"));
        }
    }
    assert!(paths.iter().any(|path| path.ends_with(".woff2")) && paths.iter().any(|path| path.ends_with(".js")), "{paths:?}");
    let mut sizes = vec![("/".to_owned(), packed("/").await.body.len())];
    for path in paths {
        let size = packed(&path).await.body.len();
        sizes.push((path, size));
    }
    let total: usize = sizes.iter().map(|(_, size)| size).sum();
    assert!(total <= 48 * 1024, "{total} bytes: {sizes:?}");
}

#[tokio::test]
async fn every_example_of_the_search_help_is_read_as_its_operator() {
    let app = TestApp::seeds().await;
    let mut known = BTreeSet::new();
    for operator in &OPERATORS {
        let how = How { today: today(), ..How::default() };
        let tree = grammar::read(operator.example, &how).tree;
        let parts = match &tree {
            Some(Node::All(parts)) => parts.as_slice(),
            Some(one) => std::slice::from_ref(one),
            None => &[],
        };
        let any = |is: fn(&Node) -> bool| parts.iter().any(is);
        let word = |node: &Node| matches!(node, Node::Word { .. });
        let as_told = match operator.form {
            "two words" => parts.len() == 2 && parts.iter().all(word),
            "a longer question" => matches!(tree, Some(Node::Most { .. })),
            "“words in quotes”" | "=word" => any(|part| matches!(part, Node::Phrase(_))),
            "-word" | "NOT word" => any(|part| matches!(part, Node::Not(_))) && parts.iter().any(word),
            "one OR other" => matches!(tree, Some(Node::Any(_))),
            "( … )" => any(|part| matches!(part, Node::Any(_))) && parts.len() > 1,
            "begin*" => any(|part| matches!(part, Node::Prefix(_))),
            "C-130" => matches!(&tree, Some(Node::Word { typed, .. }) if typed.contains(['-', '.'])),
            "“a b”~5" => any(|part| matches!(part, Node::Close { within: 5, .. })),
            "a /5 b" => any(|part| matches!(part, Node::Near { within: Within::Words(5), .. })),
            "a /s b" => any(|part| matches!(part, Node::Near { within: Within::Sentence, .. })),
            "a /p b" => any(|part| matches!(part, Node::Near { within: Within::Paragraph, .. })),
            "title:word" => any(|part| matches!(part, Node::Title(_))),
            "topic:" | "kind:" | "place:" | "person:" | "source:" | "lang:" => {
                parts.iter().any(|part| matches!(part, Node::Facet(facet, _) if operator.form.trim_end_matches(':') == facet.token()))
            }
            // The page fills in an id that the archive has.
            "id:" => operator.example == "id:",
            "after:" => any(|part| matches!(part, Node::Days { from: Some(_), to: None })),
            "before:" => any(|part| matches!(part, Node::Days { from: None, to: Some(_) })),
            "on:" => any(|part| matches!(part, Node::Days { from: Some(_), to: Some(_) })),
            other => panic!("the operator “{other}” has no test"),
        };
        assert!(as_told, "{}: “{}” is read as {tree:?}", operator.form, operator.example);
        known.insert(operator.form);
    }
    assert_eq!(known.len(), OPERATORS.len());
    let page = app.get("/help/search").await.ok().html();
    for link in page.attributes(".help a", "href") {
        let found = app.get(&link.replace("/search?", "/api/v1/search?")).await.ok().json();
        assert!(found["total"].as_u64().is_some_and(|total| total > 0), "{link} finds nothing in the seeds");
    }
}

#[tokio::test]
async fn a_query_is_kept_on_the_way_from_results_to_release_and_back() {
    let app = TestApp::seeds().await;
    let results = app.get("/search?q=%E2%80%9Cdata+strategy%E2%80%9D+OR+deterrence&topic=digital-and-data").await.ok().html();
    assert_eq!(results.attribute("#q", "value"), "“data strategy” OR deterrence");
    assert!(results.has("search input[type=hidden][name=topic][value=digital-and-data]"), "new words keep the filters");
    let first = results.attributes("ol.register .what a", "href").remove(0);
    let release = app.get(&first).await.ok().html();
    assert!(release.all("mark").len() > 1, "hits are marked");
    assert!(release.attributes("a[href^='#hit']", "href").iter().all(|href| release.has_id(&href[1..])));
    let back = release.attributes(".hits a", "href").into_iter().find(|href| href.contains("/search")).expect("a way back");
    assert_eq!(app.get(&back).await.ok().html().attribute("#q", "value"), "“data strategy” OR deterrence");
}

#[tokio::test]
async fn a_search_without_hits_offers_ways_on_with_the_count_that_each_gives() {
    let app = TestApp::seeds().await;
    for path in
        ["/search?q=deterrence&topic=ukraine&kind=video", "/search?q=deterrence+zyzzyva", "/search?q=data&from=1999&to=2000&topic=ukraine"]
    {
        let page = app.get(path).await.ok().html();
        assert!(page.words("#sentence").starts_with("0 releases"), "{path}");
        let ways = page.all(".none h2 + ul").into_iter().next().expect("a list");
        let ways: Vec<String> = ways.text().map(str::to_owned).collect();
        assert!(!ways.is_empty(), "{path}");
        let mut followed = 0;
        for item in page.all(".none li") {
            let all = words(item);
            let Some((_, count)) = all.rsplit_once(": ") else { continue };
            let href = page_link(item);
            let there = app.get(&href).await.ok().html();
            assert!(there.words("#sentence").starts_with(count), "{path}: “{all}” gives “{}”", there.words("#sentence"));
            followed += 1;
        }
        assert!(followed > 0, "{path}: no way on has a count");
    }
}

fn page_link(item: scraper::ElementRef<'_>) -> String {
    item.descendants().filter_map(scraper::ElementRef::wrap).find_map(|element| element.attr("href")).expect("a link").to_owned()
}

#[tokio::test]
async fn an_empty_archive_says_so_on_every_page() {
    let app = TestApp::empty().await;
    for path in [
        "/",
        "/search",
        "/search?q=defence",
        "/trends",
        "/trends?q=a&as=share",
        "/dates",
        "/dates/undated",
        "/topics",
        "/2025",
        "/about",
        "/data",
        "/help/search",
        "/changes",
    ] {
        let page = app.get(path).await.ok().html();
        assert_eq!(page.all("h1").len(), 1, "{path}");
        assert!(page.words("header").contains("0 releases"), "{path}");
    }
    assert!(app.get("/").await.html().words("main").contains("nato-archive import"));
    assert_eq!(app.get("/api/v1/releases").await.ok().json(), serde_json::json!({"total": 0, "items": [], "next": null}));
}

#[tokio::test]
async fn a_missing_page_offers_its_words_and_the_nearest_dates() {
    let app = TestApp::seeds().await;
    let page = app.get("/cps/en/natohq/news_about-deterrence.htm").await.is(404).html();
    assert_eq!(page.attribute("#q", "value"), "news about deterrence");
    let page = app.get("/2025/05/32").await.is(404).html();
    let links = page.attributes("main a", "href");
    for near in ["/2025/04", "/2025/06"] {
        assert!(links.iter().any(|link| link == near), "{near} is not among {links:?}");
    }
}
