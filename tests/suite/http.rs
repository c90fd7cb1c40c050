//! The HTTP of every route: status, headers, HEAD, 304, encodings, methods, redirects.

use std::collections::BTreeSet;
use std::io::Read;

use axum::http::Method;

use crate::support::app::{BASE, Builder, TestApp, path_of, word};

const HTML: &str = "text/html; charset=utf-8";
const JSON: &str = "application/json";
const TEXT: &str = "text/plain; charset=utf-8";
const ATOM: &str = "application/atom+xml; charset=utf-8";
const FEED: &str = "application/feed+json; charset=utf-8";
const XML: &str = "application/xml; charset=utf-8";
const PROBLEM: &str = "application/problem+json";

/// Every route with its status and type; those that answer 200 with a validator are marked.
async fn routes(app: &TestApp) -> Vec<(String, u16, &'static str, bool)> {
    let permalink = app.permalink("NATO releases strategy").await;
    let id = permalink.split('/').nth(2).expect("an id").to_owned();
    let mut routes = vec![
        (permalink.clone(), 200, HTML, true),
        (format!("{permalink}?q=data"), 200, HTML, true),
        (format!("/releases/{id}.json"), 200, JSON, true),
        (format!("/releases/{id}.txt"), 200, TEXT, true),
        (format!("/api/v1/releases/{id}"), 200, JSON, true),
        (format!("/api/v1/releases/{id}/versions"), 200, JSON, true),
        (format!("/api/v1/releases/{id}/versions/1"), 200, JSON, true),
        (format!("/api/v1/releases/{id}/versions/2"), 404, PROBLEM, false),
        (format!("/api/v1/releases/{id}/mentions"), 200, JSON, true),
        (format!("/api/v1/releases/{id}/cite?style=apa&passage=1"), 200, JSON, true),
        (format!("/api/v1/releases/{id}/cite?style=vancouver"), 400, PROBLEM, false),
        (format!("/releases/{id}.pdf"), 404, HTML, false),
        (format!("/releases/{id}/history"), 200, HTML, true),
        (format!("/releases/{id}/versions/1"), 200, HTML, true),
        (format!("/releases/{id}/versions/1.txt"), 200, TEXT, true),
        (format!("/releases/{id}/versions/1.json"), 200, JSON, true),
        (format!("/releases/{id}/versions/2"), 404, HTML, false),
        (format!("/releases/{id}/versions/2.json"), 404, PROBLEM, false),
        (format!("/releases/{id}/compare/1..2"), 404, HTML, false),
        (format!("/releases/{id}/compare?from=0"), 400, HTML, false),
        (format!("/releases/{id}/timemap"), 200, "application/link-format", true),
        (format!("/releases/{id}/linkset.json"), 200, "application/linkset+json", true),
    ];
    let table = [
        ("/", 200, HTML, true),
        ("/search", 200, HTML, true),
        ("/search?q=defence", 200, HTML, true),
        ("/search?q=zyzzyva", 200, HTML, true),
        ("/search?from=1999-02-30", 400, HTML, false),
        ("/search?page=2000", 400, HTML, false),
        ("/search?q=zyzzyva&page=2", 400, HTML, false),
        ("/dates", 200, HTML, true),
        ("/dates/undated", 200, HTML, true),
        ("/2025", 200, HTML, true),
        ("/2025/04", 200, HTML, true),
        ("/2025/04/30", 200, HTML, true),
        ("/2024/01/01", 200, HTML, true),
        ("/2025/02/30", 404, HTML, false),
        ("/2025/13", 404, HTML, false),
        ("/0000", 404, HTML, false),
        ("/2025?page=3", 404, HTML, false),
        ("/trends", 200, HTML, true),
        ("/trends?q=defence&q=Ukraine&by=month", 200, HTML, true),
        ("/trends?q=defence&by=week", 400, HTML, false),
        ("/trends?q=defence&from=1999-02-30", 400, HTML, false),
        ("/trends.csv?q=defence", 200, "text/csv; charset=utf-8", true),
        ("/trends.csv?q=defence&as=much", 400, HTML, false),
        ("/topics", 200, HTML, true),
        ("/topics/ukraine", 200, HTML, true),
        ("/topics/no-such-topic", 404, HTML, false),
        ("/about", 200, HTML, true),
        ("/help/search", 200, HTML, true),
        ("/accessibility", 200, HTML, true),
        ("/privacy", 200, HTML, true),
        ("/data", 200, HTML, true),
        ("/robots.txt", 200, TEXT, true),
        ("/changes", 200, HTML, true),
        ("/changes?kind=withdrawn", 200, HTML, true),
        ("/changes?kind=nothing", 400, HTML, false),
        ("/changes?before=x", 400, HTML, false),
        ("/changes.atom", 200, ATOM, true),
        ("/changes.json?kind=edited", 200, FEED, true),
        ("/changes.json?kind=nothing", 400, PROBLEM, false),
        ("/feed.atom", 200, ATOM, true),
        ("/feed.json", 200, FEED, true),
        ("/feed.atom?page=2000", 404, HTML, false),
        ("/feed.json?archive=0", 400, PROBLEM, false),
        ("/topics/ukraine/feed.atom", 200, ATOM, true),
        ("/topics/ukraine/feed.json", 200, FEED, true),
        ("/topics/no-such-topic/feed.json", 404, PROBLEM, false),
        ("/search/feed.atom?q=defence", 200, ATOM, true),
        ("/search/feed.json?q=defence", 200, FEED, true),
        ("/search/feed.atom?from=1999-02-30", 400, HTML, false),
        ("/sitemap.xml", 200, XML, true),
        ("/sitemaps/pages.xml", 200, XML, true),
        ("/sitemaps/releases-1.xml", 200, XML, true),
        ("/sitemaps/releases-2.xml", 404, HTML, false),
        ("/opensearch.xml", 200, "application/opensearchdescription+xml", true),
        ("/llms.txt", 200, TEXT, true),
        ("/.well-known/security.txt", 404, HTML, false),
        ("/livez", 200, TEXT, false),
        ("/readyz", 200, TEXT, false),
        ("/api/v1/releases", 200, JSON, true),
        ("/api/v1", 200, JSON, true),
        ("/api/v1/openapi.json", 200, JSON, true),
        ("/api/v1/docs", 200, HTML, true),
        ("/api/v1/facets/topic", 200, JSON, true),
        ("/api/v1/facets/nothing", 404, PROBLEM, false),
        ("/api/v1/topics", 200, JSON, true),
        ("/api/v1/topics/ukraine", 200, JSON, true),
        ("/api/v1/topics/no-such-topic", 404, PROBLEM, false),
        ("/api/v1/mentions/places", 200, JSON, true),
        ("/api/v1/mentions/things", 404, PROBLEM, false),
        ("/api/v1/changes?kind=added&limit=1", 200, JSON, true),
        ("/api/v1/changes?kind=nothing", 400, PROBLEM, false),
        ("/api/v1/resolve", 400, PROBLEM, false),
        ("/api/v1/resolve?url=https://www.nato.int/nothing", 404, PROBLEM, false),
        ("/api/v1/search?q=defence", 200, JSON, true),
        ("/api/v1/search?from=1999-02-30", 400, PROBLEM, false),
        ("/api/v1/trends?q=defence", 200, JSON, true),
        ("/api/v1/trends?q=defence&by=week", 400, PROBLEM, false),
        ("/api/v1/releases?limit=0", 400, PROBLEM, false),
        ("/api/v1/releases?cursor=x", 400, PROBLEM, false),
        ("/api/v1/releases/00000000", 404, PROBLEM, false),
        ("/api/v1/nothing", 404, PROBLEM, false),
        ("/releases/00000000", 404, HTML, false),
        ("/releases/00000000/words", 404, HTML, false),
        ("/releases/00000000.json", 404, PROBLEM, false),
        ("/go", 400, HTML, false),
        ("/go?url=https://www.nato.int/nothing", 404, HTML, false),
        ("/nothing-here", 404, HTML, false),
        ("/a/b/c/d/e", 404, HTML, false),
        ("/static/nothing.css", 404, HTML, false),
    ];
    routes.extend(table.map(|(path, status, kind, kept)| (path.to_owned(), status, kind, kept)));
    for asset in assets(app).await {
        let kind = match asset.rsplit('.').next() {
            Some("css") => "text/css; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("woff2") => "font/woff2",
            _ => "image/svg+xml",
        };
        routes.push((asset, 200, kind, true));
    }
    routes
}

/// The files that the results page names.
async fn assets(app: &TestApp) -> BTreeSet<String> {
    let page = app.get("/search?topic=ukraine").await.ok().html();
    let found = page.addresses().into_iter().map(|(_, address)| address.split('#').next().unwrap_or("").to_owned());
    let found: BTreeSet<String> = found.filter(|address| address.starts_with("/static/")).collect();
    assert!(found.len() >= 4, "{found:?}");
    found
}

#[tokio::test]
async fn every_route_has_its_status_type_and_safe_headers() {
    let app = TestApp::seeds().await;
    for (path, status, kind, kept) in routes(&app).await {
        let answer = app.get(&path).await.is(status);
        assert_eq!(answer.header("content-type"), kind, "{path}");
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none';"), "{path}");
        for forbidden in ["unsafe-inline", "unsafe-eval", "*", "http:", "https:", "data:"] {
            assert!(!policy.contains(forbidden), "{path}: {policy}");
        }
        for directive in ["frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "script-src 'self'", "style-src 'self'"] {
            assert!(policy.contains(directive), "{path}: {policy}");
        }
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{path}");
        }
        assert!(answer.maybe("set-cookie").is_none(), "{path}");
        let caching = answer.maybe("cache-control").unwrap_or("");
        match (kept, path.starts_with("/static/")) {
            (true, true) => assert!(caching.contains("immutable"), "{path}: {caching}"),
            (true, false) => assert_eq!(caching, "no-cache", "{path}"),
            (false, _) if status >= 400 => assert!(answer.maybe("etag").is_none() && caching == "no-store", "{path}: “{caching}”"),
            _ => {}
        }
        // What an address without content says is still for people, or for programs.
        if kind == PROBLEM {
            assert_eq!(answer.json()["status"], status, "{path}");
        }
    }
}

#[tokio::test]
async fn what_is_kept_has_a_strong_validator_and_is_not_sent_twice() {
    let app = TestApp::seeds().await;
    for (path, _, _, _) in routes(&app).await.into_iter().filter(|(.., kept)| *kept) {
        let first = app.get(&path).await.ok();
        let etag = first.header("etag").to_owned();
        assert!(etag.starts_with('"') && etag.ends_with('"') && etag.len() > 12, "{path}: {etag}");
        assert_eq!(app.get(&path).await.ok().header("etag"), etag, "{path}");
        for condition in [etag.clone(), format!("W/{etag}"), format!("\"other\", {etag}"), "*".to_owned()] {
            let again = app.ask(Method::GET, &path, &[("if-none-match", &condition)]).await.is(304);
            assert!(again.body.is_empty(), "{path}");
            assert_eq!(again.header("etag"), etag, "{path}");
            assert_eq!(again.maybe("content-security-policy").is_some(), first.maybe("content-security-policy").is_some());
        }
        let changed = app.ask(Method::GET, &path, &[("if-none-match", "\"other\"")]).await.ok();
        assert_eq!(changed.body, first.body, "{path}");
    }
}

#[tokio::test]
async fn a_page_made_again_is_the_same_to_the_byte() {
    let app = TestApp::seeds().await;
    let mut paths: Vec<String> = app.items().await.iter().map(|item| path_of(word(&item["url"])).to_owned()).collect();
    paths.extend(["/", "/search", "/topics", "/api/v1/search"].map(str::to_owned));
    for path in paths {
        let first = app.get(&path).await.ok();
        for unread in 0..6 {
            // A parameter that nobody reads makes the page anew.
            let again = app.get(&format!("{path}?unread={unread}")).await.ok();
            assert!(again.body == first.body, "{path} differs from one making to the next, and so does its validator");
        }
    }
}

#[tokio::test]
async fn a_new_generation_changes_the_validator() {
    let app = TestApp::seeds().await;
    let before = app.get("/").await.ok().header("etag").to_owned();
    app.load(&[crate::support::app::ndjson("more.ndjson", &[serde_json::json!({"title": "A", "body": "B"})])]).await;
    let after = app.ask(Method::GET, "/", &[("if-none-match", &before)]).await.ok();
    assert_ne!(after.header("etag"), before);
    assert!(after.text().contains("24 releases"));
}

#[tokio::test]
async fn head_is_get_without_a_body() {
    let app = TestApp::seeds().await;
    let mut wrong = Vec::new();
    for (path, status, _, _) in routes(&app).await {
        let (get, head) = (app.get(&path).await.is(status), app.head(&path).await.is(status));
        if !head.body.is_empty() {
            wrong.push(format!("{path}: HEAD has a body of {} bytes", head.body.len()));
        }
        for name in ["content-type", "etag", "cache-control", "vary", "content-security-policy"] {
            if head.maybe(name) != get.maybe(name) {
                wrong.push(format!("{path}: {name} is {:?} for HEAD, {:?} for GET", head.maybe(name), get.maybe(name)));
            }
        }
        // It may be left out (RFC 9110, section 8.6), but not be another.
        if let Some(length) = head.maybe("content-length").filter(|length| *length != get.body.len().to_string()) {
            wrong.push(format!("{path}: content-length is {length} for HEAD, {} bytes come with GET", get.body.len()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn encodings_hold_the_same_bytes_under_validators_of_their_own() {
    let app = TestApp::seeds().await;
    for (path, _, kind, _) in routes(&app).await.into_iter().filter(|(.., kept)| *kept) {
        let plain = app.get(&path).await.ok();
        assert!(plain.maybe("content-encoding").is_none(), "{path}");
        // Of a feed there are two forms at one address.
        let forms = matches!(kind, ATOM | FEED);
        assert_eq!(plain.header("vary"), if forms { "Accept, Accept-Encoding" } else { "Accept-Encoding" }, "{path}");
        let mut etags = BTreeSet::from([plain.header("etag").to_owned()]);
        for token in ["gzip", "br"] {
            let packed = app.ask(Method::GET, &path, &[("accept-encoding", token)]).await.ok();
            if packed.maybe("content-encoding").is_none() {
                // Small bodies and fonts gain nothing.
                assert!(plain.body.len() < 512 || kind.starts_with("font/"), "{path} goes out as it is");
                assert_eq!(packed.header("etag"), plain.header("etag"), "{path}");
                continue;
            }
            assert_eq!(packed.header("content-encoding"), token, "{path}");
            let mut unpacked = Vec::new();
            if token == "gzip" {
                flate2::read::GzDecoder::new(&packed.body[..]).read_to_end(&mut unpacked).expect("gzip");
            } else {
                brotli::Decompressor::new(&packed.body[..], 4096).read_to_end(&mut unpacked).expect("brotli");
            }
            assert!(unpacked == plain.body, "{path}: {token} holds something else");
            assert!(packed.body.len() < plain.body.len(), "{path}");
            assert!(etags.insert(packed.header("etag").to_owned()), "{path}: one validator for two bodies");
            let etag = packed.header("etag").to_owned();
            app.ask(Method::GET, &path, &[("accept-encoding", token), ("if-none-match", &etag)]).await.is(304);
        }
    }
}

#[tokio::test]
async fn nothing_but_reading_is_allowed() {
    let app = TestApp::seeds().await;
    let permalink = app.permalink("NATO releases strategy").await;
    for path in ["/", "/search", "/2025", "/topics/ukraine", "/api/v1/search", "/static/style.css", "/go", "/livez", "/oai", &permalink] {
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
            // OAI-PMH 2.0, section 3.1.1, wants both.
            let posted = path == "/oai";
            if posted && method == Method::POST {
                continue;
            }
            let answer = app.ask(method.clone(), path, &[]).await.is(405);
            let allowed: BTreeSet<&str> = answer.header("allow").split(',').map(str::trim).collect();
            let mut readable = BTreeSet::from(["GET", "HEAD"]);
            readable.extend(path.starts_with("/api/").then_some("OPTIONS"));
            readable.extend(posted.then_some("POST"));
            assert_eq!(allowed, readable, "{method} {path}");
            assert!(answer.maybe("content-security-policy").is_some());
        }
    }
}

#[tokio::test]
async fn other_forms_of_an_address_lead_to_the_one_that_is_kept() {
    let app = TestApp::seeds().await;
    let permalink = app.permalink("NATO releases strategy").await;
    let (id, slug) = permalink.trim_start_matches("/releases/").split_once('/').expect("id and slug");
    let upper = id.to_uppercase();
    for (path, to) in [
        ("/about/".to_owned(), "/about".to_owned()),
        ("/topics/ukraine/".into(), "/topics/ukraine".into()),
        ("/search/?q=a%20b&sort=oldest".into(), "/search?q=a%20b&sort=oldest".into()),
        ("/2025/".into(), "/2025".into()),
        ("/2025/04/30/".into(), "/2025/04/30".into()),
        ("/2025/4".into(), "/2025/04".into()),
        ("/2025/4/3".into(), "/2025/04/03".into()),
        (format!("/releases/{id}"), permalink.clone()),
        (format!("/releases/{upper}"), permalink.clone()),
        (format!("/releases/{upper}/{slug}"), permalink.clone()),
        (format!("/releases/{id}/another-slug"), permalink.clone()),
        (format!("/releases/{id}/another-slug?q=data+strategy"), format!("{permalink}?q=data+strategy")),
        (format!("/releases/{id}/another-slug?q=%E2%80%9Cdata%E2%80%9D"), format!("{permalink}?q=%E2%80%9Cdata%E2%80%9D")),
    ] {
        assert_eq!(app.get(&path).await.moved_to(), to, "{path}");
        assert_eq!(app.head(&path).await.moved_to(), to, "HEAD {path}");
        app.get(&to).await.ok();
    }
}

#[tokio::test]
async fn every_release_is_reached_from_its_id_alone_and_from_its_original_address() {
    let app = Builder::default()
        .with_seeds()
        .with(crate::support::app::ndjson(
            "one.ndjson",
            &[serde_json::json!({"title": "T", "body": "B", "url": "https://www.nato.int/a?b=1&c=2"})],
        ))
        .start()
        .await;
    for item in app.items().await {
        let permalink = path_of(word(&item["url"])).to_owned();
        assert_eq!(app.get(&format!("/releases/{}", word(&item["id"]))).await.moved_to(), permalink);
        let page = app.get(&permalink).await.ok().html();
        assert_eq!(page.attribute("link[rel=canonical]", "href"), format!("{BASE}{permalink}"));
        if let Some(url) = item["original_url"].as_str() {
            let query = form_urlencoded::Serializer::new(String::new()).append_pair("url", url).finish();
            assert_eq!(app.get(&format!("/go?{query}")).await.is(303).header("location"), permalink);
        }
    }
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("url", "https://www.nato.int/a?b=1&c=2").finish();
    app.get(&format!("/go?{query}")).await.is(303);
}

#[tokio::test]
async fn the_host_that_a_request_names_changes_nothing() {
    let app = TestApp::seeds().await;
    let permalink = app.permalink("NATO releases strategy").await;
    for path in ["/", "/search?q=defence", "/api/v1/releases", "/data", "/about/", &permalink] {
        let honest = app.get(path).await;
        for headers in [
            &[("host", "evil.example")][..],
            &[("x-forwarded-host", "evil.example"), ("x-forwarded-proto", "gopher")],
            &[("forwarded", "host=evil.example"), ("x-original-url", "/privacy"), ("x-rewrite-url", "/privacy")],
        ] {
            let spoofed = app.ask(Method::GET, path, headers).await;
            assert!((spoofed.status, &spoofed.body) == (honest.status, &honest.body), "{path}: {headers:?}");
            assert_eq!(spoofed.maybe("location"), honest.maybe("location"), "{path}");
        }
        // A whole address in the request line, as to a proxy.
        let absolute = app.ask(Method::GET, &format!("http://evil.example{path}"), &[]).await;
        assert!((absolute.status, &absolute.body) == (honest.status, &honest.body), "{path}: a whole address");
    }
}

#[tokio::test]
async fn a_path_before_the_archive_is_on_every_address_and_each_of_them_works() {
    let app = Builder::default().at("https://archive.example/press/nato").with_seeds().start().await;
    let permalink = app.permalink("NATO releases strategy").await;
    assert!(permalink.starts_with("/press/nato/releases/"), "{permalink}");
    for path in [
        "/",
        "/search?q=defence&topic=ukraine",
        "/search?q=zyzzyva",
        "/search?from=x",
        "/trends?q=defence&q=Ukraine",
        "/dates",
        "/2025/04",
        "/topics",
        "/topics/ukraine",
        "/help/search",
        "/data",
        "/changes",
        "/nothing",
    ] {
        let page = app.get(&format!("/press/nato{path}")).await.html();
        for (attribute, address) in page.addresses() {
            let path = address.strip_prefix("https://archive.example").unwrap_or(&address);
            if path.starts_with('#') || path.starts_with("https://") || page.path.ends_with("/nothing") && path.ends_with("/nothing") {
                continue;
            }
            assert!(path.starts_with("/press/nato/"), "{}: {attribute}=“{address}”", page.path);
            let answer = app.get(path.split('#').next().unwrap_or(path)).await;
            assert!(answer.status.as_u16() < 400 || page.path.contains("from=x"), "{}: {address} is {}", page.path, answer.status);
        }
    }
    assert_eq!(app.get("/press/nato/about/").await.moved_to(), "/press/nato/about");
    assert_eq!(app.get("/press/nato/2025/4").await.moved_to(), "/press/nato/2025/04");
    assert!(app.get("/press/nato/robots.txt").await.ok().text().contains("Disallow: /press/nato/search"));
}
