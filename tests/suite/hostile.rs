//! What must hold whatever is sent: every query is answered, nothing that was sent or loaded becomes markup, nothing leads elsewhere.

use nato_archive::ingest::Source;
use scraper::{ElementRef, Node};
use serde_json::{Value, json};

use crate::support::answer::Answer;
use crate::support::app::{TestApp, path_of, word};
use crate::support::page::Page;
use crate::support::past::{copy, event, told, versions, write};
use crate::support::process::Server;

fn encoded(q: &str) -> String {
    form_urlencoded::byte_serialize(q.as_bytes()).collect()
}

/// An answer that a person can read: a page with a heading, whatever its status.
fn is_a_page(answer: &Answer) -> Page {
    let page = answer.html();
    assert_eq!(page.all("h1").len(), 1, "{}", answer.path);
    page
}

#[tokio::test]
async fn every_query_is_read_somehow_or_refused_with_a_sentence() {
    let app = TestApp::seeds().await;
    let nested = format!("{}data{}", "(".repeat(700), ")".repeat(700));
    let mut queries: Vec<String> = [
        "a:(^",
        "\"",
        "[",
        "\\",
        "AND OR NOT",
        "-",
        "--",
        "-\"",
        "()",
        "OR",
        "NOT NOT NOT x",
        "*",
        "*defence",
        "?efence",
        "/def.*/",
        "/(a+)+$/",
        "defence~99999999",
        "\"a b\"~2147483648",
        "title:defence",
        "x^1e309",
        "{!func}",
        "a..b",
        "🇺🇦 👩‍👩‍👧‍👦",
        "\u{0}",
        "a\u{0}b",
        "\u{feff}",
        "\u{202e}evil",
        "' OR 1=1 --",
        "%",
        "%25",
        "&amp;",
        "\t\n\r",
        "ﬀ ǆ İ ß",
        "\u{1f1fa}",
        "\u{10ffff}",
    ]
    .map(str::to_owned)
    .into();
    queries.extend([
        "(".repeat(800),
        ")".repeat(800),
        nested,
        "\"".repeat(801),
        "-".repeat(3_000),
        "a ".repeat(10_000),
        "NOT ".repeat(2_000),
        "x OR ".repeat(5_000),
        "é".repeat(8_192),
        "x".repeat(8_192),
        "ab*".repeat(300),
        "word* ".repeat(200),
    ]);
    for q in queries {
        let shown: String = q.chars().take(30).collect();
        for path in ["/search", "/trends", "/api/v1/search", "/api/v1/trends"] {
            let answer = app.get(&format!("{path}?q={}", encoded(&q))).await;
            assert!([200, 400].contains(&answer.status.as_u16()), "{path} “{shown}”: {}", answer.status);
            if !path.starts_with("/api") {
                is_a_page(&answer);
            } else {
                answer.json();
            }
        }
    }
}

#[tokio::test]
async fn what_is_beyond_the_bounds_is_said_on_the_page_and_refused_to_programs() {
    let app = TestApp::seeds().await;
    for (q, words) in [("data ".repeat(129), "128 words"), ("\"a\" ".repeat(40), "32 operators"), ("é".repeat(5_000), "4096 characters")] {
        let page = app.get(&format!("/search?q={}", encoded(&q))).await.ok().html();
        let notices = page.each(".notice").join(" ").replace("4,096", "4096");
        assert!(notices.contains(words), "{words}: “{notices}”");
        let problem = app.get(&format!("/api/v1/search?q={}", encoded(&q))).await.is(400).json();
        assert!(word(&problem["detail"]).starts_with("q: "), "{problem}");
    }
}

#[tokio::test]
async fn numbers_and_dates_that_cannot_be_are_refused_by_name() {
    let app = TestApp::seeds().await;
    for (query, field) in [
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=1000000000", "page"),
        ("page=NaN", "page"),
        ("page=18446744073709551616", "page"),
        ("page=1e3", "page"),
        ("from=1999-02-30", "from"),
        ("from=0000", "from"),
        ("to=99999", "to"),
        ("to=yesterday%00", "to"),
        ("from=2025&to=2024", "to"),
        ("sort=upwards", "sort"),
    ] {
        let answer = app.get(&format!("/search?q=data&topic=ukraine&{query}")).await.is(400);
        let page = is_a_page(&answer);
        assert!(page.has("[role=alert]"), "{query}: no alert");
        // What was typed is kept.
        assert_eq!(page.attribute("#q", "value"), "data", "{query}");
        assert!(page.has("input[name=topic][value=ukraine]"), "{query}: the filter is gone");
        if field == "from" || field == "to" {
            assert_eq!(page.attribute(&format!("#{field}"), "aria-invalid"), "true", "{query}");
            assert!(page.has("details.filters[open]"), "{query}");
        }
        let problem = app.get(&format!("/api/v1/search?{query}")).await.is(400).json();
        assert!(word(&problem["detail"]).starts_with(&format!("{field}: ")), "{query}: {problem}");
    }
    for query in ["limit=0", "limit=101", "limit=-1", "limit=99999999999999999999", "limit=x"] {
        for path in ["/api/v1/search", "/api/v1/releases"] {
            assert!(word(&app.get(&format!("{path}?{query}")).await.is(400).json()["detail"]).starts_with("limit: "), "{path}?{query}");
        }
    }
    for (query, from) in
        [("from=31/12/1999", "31 December 1999"), ("from=march+1999", "March 1999"), ("from=14+ao%C3%BBt+2008", "14 August 2008")]
    {
        assert_eq!(app.get(&format!("/search?{query}")).await.ok().html().attribute("#from", "value"), from);
    }
}

#[tokio::test]
async fn broken_encodings_are_answered_with_a_page() {
    let app = TestApp::seeds().await;
    for path in [
        "/search?q=%ff%fe",
        "/search?q=%c0%af",
        "/search?q=%00",
        "/search?q=%",
        "/search?q=%zz",
        "/search?q=%ed%a0%80",
        "/search?topic=%ff",
        "/search?from=%ff",
        "/search?%ff=%ff",
        "/search?q",
        "/search?=",
        "/search?&&&",
        "/search?q=a&q=b",
        "/topics/%ff",
        "/releases/%ff",
        "/releases/%ff/%fe",
        "/%ff",
        "/%00",
        "/2025/%ff",
        "/2025/04/%ff",
        "/static/%ff",
        "/go?url=%ff",
        "/topics/%00",
    ] {
        let answer = app.get(path).await;
        assert!([200, 400, 404].contains(&answer.status.as_u16()), "{path}: {}", answer.status);
        is_a_page(&answer);
    }
    for path in ["/api/v1/releases/%ff", "/releases/%ff.json", "/api/v1/search?q=%ff", "/api/v1/releases?cursor=%ff"] {
        let answer = app.get(path).await;
        assert!([200, 400, 404].contains(&answer.status.as_u16()), "{path}: {}", answer.status);
        answer.json();
    }
}

#[tokio::test]
async fn composed_and_decomposed_letters_find_the_same() {
    let app = TestApp::seeds().await;
    for (composed, decomposed) in [("Türkiye", "Tu\u{308}rkiye"), ("Häkkänen", "Ha\u{308}kka\u{308}nen"), ("“Défense”", "“De\u{301}fense”")]
    {
        let total = async |q: &str| app.get(&format!("/api/v1/search?q={}", encoded(q))).await.ok().json()["total"].clone();
        assert_eq!(total(composed).await, total(decomposed).await, "{composed}");
    }
}

/// Each would leave an element or an attribute called `probe` if it ever became markup.
const PAYLOADS: [&str; 19] = [
    "<script>alert(1)</script>",
    "</script><script probe>alert(1)</script>",
    "\"><probe>",
    "'><probe>",
    "\" probe=\"1",
    "' probe='1",
    "` probe=`1",
    "<img src=x onerror=alert(1) probe>",
    "<svg/onload=alert(1) probe>",
    "</title><probe>",
    "</textarea></style></noscript><probe>",
    "<!--<probe>--><probe>",
    "<![CDATA[<probe>]]>",
    "&lt;probe&gt;&#60;probe&#62;",
    "javascript:alert(1)",
    "{{7*7}}{% probe %}${7*7}",
    "\u{fe64}probe\u{fe65}\u{ff1c}probe\u{ff1e}",
    "]]></script><probe>",
    "a\r\nSet-Cookie: probe=1\r\n\r\n<probe>",
];

fn nothing_became_markup(answer: &Answer) {
    let page = answer.html();
    assert!(!page.has("probe") && !page.has("[probe]"), "{}: something that was given became markup", answer.path);
    for script in page.all("script") {
        // A block of data is never run; it ends where it should as long as no sign of HTML is in it.
        if script.attr("type") == Some("application/ld+json") {
            let data = script.inner_html();
            assert!(!data.contains(['<', '>', '&']) && serde_json::from_str::<Value>(&data).is_ok(), "{}: {data}", answer.path);
            continue;
        }
        assert!(
            script.attr("src").is_some_and(|src| src.contains("/static/app.") || src.contains("/static/auto-complete.")),
            "{}: a script",
            answer.path
        );
        assert_eq!(script.text().collect::<String>().trim(), "", "{}: a script with words", answer.path);
    }
    for forbidden in ["iframe", "object", "embed", "base", "style", "img", "meta[http-equiv]", "link[rel=import]"] {
        assert!(!page.has(forbidden), "{}: {forbidden}", answer.path);
    }
    for element in page.all("*") {
        for (name, _) in element.value().attrs() {
            assert!(!name.starts_with("on") && name != "style", "{}: <{} {name}>", answer.path, element.value().name());
        }
    }
    for (name, address) in page.addresses() {
        let scheme = address.split([':', '/', '?', '#']).next().unwrap_or("").to_ascii_lowercase();
        assert!(!["javascript", "data", "vbscript"].contains(&scheme.trim()), "{}: {name}=“{address}”", answer.path);
    }
}

#[tokio::test]
async fn nothing_in_a_request_becomes_markup_or_a_header() {
    let app = TestApp::seeds().await;
    let permalink = app.permalink("NATO releases strategy").await;
    for payload in PAYLOADS {
        let given = encoded(payload);
        for path in [
            format!("/search?q={given}"),
            format!("/search?q={given}+defence&topic={given}&from={given}&to={given}&sort={given}"),
            format!("/trends?q={given}&q=defence&topic={given}&from={given}&to={given}&by={given}&as={given}"),
            format!("/trends?q={given}&q=defence"),
            format!("/search?topic={given}&kind={given}&place={given}&person={given}&source={given}&lang={given}"),
            format!("/search?page={given}"),
            format!("{permalink}?q={given}"),
            format!("/topics/{}", given.replace('+', "%20")),
            format!("/nothing/{}", given.replace('+', "%20")),
            format!("/2025?page={given}"),
            format!("/go?url={given}"),
            format!("/static/{}", given.replace('+', "%20")),
        ] {
            let answer = app.get(&path).await;
            assert!(answer.status.as_u16() < 500, "{path}: {}", answer.status);
            nothing_became_markup(&answer);
        }
        for path in [format!("{permalink}x?q={given}"), format!("/about/?q={given}")] {
            let answer = app.get(&path).await;
            assert!(answer.maybe("set-cookie").is_none());
            let location = answer.moved_to();
            assert!(location.starts_with('/') && !location.contains(['\r', '\n', '<', '"']), "{location}");
        }
    }
}

/// A release that is hostile in every field that it has.
fn hostile(payload: &str, number: usize) -> Value {
    json!({
        // A key or a publisher with a line break in it is refused on its own.
        "key": format!("{}{number}", payload.replace(['\r', '\n'], " ")),
        "title": format!("Before {payload} after"),
        "body": format!("A sentence about defence.\n\n{payload}\n\n• {payload}\n• item\n\n“{payload}”\n\nHEADING {payload}\n\nPlease contact {payload}"),
        "source": payload.replace(['\r', '\n'], " "),
        "topics": ["ukraine"],
        "published_on": "2024-05-06",
    })
}

#[tokio::test]
async fn nothing_in_a_document_becomes_markup() {
    let objects: Vec<Value> = PAYLOADS.iter().enumerate().map(|(number, payload)| hostile(payload, number)).collect();
    let app = TestApp::empty().await;
    let report = app.load(&[crate::support::app::ndjson("hostile.ndjson", &objects)]).await;
    assert_eq!((report.new, report.refused), (PAYLOADS.len() as u64, 0), "{:?}", report.refusals);
    let mut paths: Vec<String> = [
        "/",
        "/search",
        "/search?q=defence",
        "/search?q=before&sort=oldest",
        "/trends?q=before&q=defence",
        "/2024",
        "/2024/05",
        "/2024/05/06",
        "/topics/ukraine",
        "/about",
    ]
    .map(str::to_owned)
    .into();
    for item in app.items().await {
        let permalink = path_of(word(&item["url"])).to_owned();
        assert!(permalink.is_ascii() && !permalink.contains(['<', '"', '\'', '\r', '\n']), "{permalink}");
        paths.push(format!("{permalink}?q=defence"));
        paths.push(permalink);
        paths.push(format!("/search?source={}", encoded(word(&item["source"]["slug"]))));
    }
    for path in paths {
        nothing_became_markup(&app.get(&path).await.ok());
    }
}

#[tokio::test]
async fn nothing_in_a_past_becomes_markup() {
    let app = TestApp::empty().await;
    let mut paths = vec!["/changes".to_owned()];
    for (number, payload) in (1..).zip(PAYLOADS) {
        let body = format!("A sentence about defence.\n\n{payload}\n\nPlease contact {payload}");
        let list = [
            told(&format!("Before {payload} after"), &body, "2025-05-02T09:00:00Z", None),
            told(&format!("Then {payload} after"), &format!("{body}\n\nMore {payload}"), "2025-05-03T09:00:00Z", None),
        ];
        let kept = versions(&app, &format!("past-{number}"), &list).await;
        let correction =
            "INSERT INTO correction (seq, field, value, found, because, at) VALUES (?1, ?2, ?3, ?3, ?4, '2025-05-05T00:00:00Z')";
        let given = json!(serde_json::to_string(payload).expect("words"));
        write(
            &app,
            &[
                copy(kept.seq, 90, payload, payload, payload),
                copy(kept.seq, 91, payload, payload, &format!("https://mirror.example/{payload}")),
                (correction, vec![json!(kept.seq), json!("title"), given.clone(), json!(payload)]),
                (correction, vec![json!(kept.seq), json!("topics"), json!(format!("[{}]", word(&given))), json!(payload)]),
                ("INSERT INTO former_url (seq, url, at) VALUES (?1, ?2, '')", vec![json!(kept.seq), json!(payload)]),
                ("UPDATE occurrence SET reason = ?2 WHERE seq = ?1", vec![json!(kept.seq), json!(payload)]),
                event(
                    number,
                    payload,
                    "linked",
                    Some(kept.seq),
                    json!({"because": payload, "other": payload, "changes": [[payload, payload, payload]]}),
                ),
            ],
        )
        .await;
        let of = format!("/releases/{}", kept.id);
        paths.extend(["/history", "/versions/1", "/versions/2", "/compare/1..2", "/compare/2..1"].map(|rest| format!("{of}{rest}")));
        paths.push(kept.permalink);
        if number == 1 {
            let reason = vec![json!(kept.seq), json!(payload)];
            paths.clear();
            write(
                &app,
                &[
                    ("UPDATE release SET hidden = 1 WHERE seq = ?1", vec![json!(kept.seq)]),
                    ("INSERT INTO withdrawal (seq, reason, at, erased) VALUES (?1, ?2, ?2, 1)", reason),
                ],
            )
            .await;
            nothing_became_markup(&app.get(&of).await.is(410));
        }
    }
    paths.push("/changes".to_owned());
    for path in paths {
        nothing_became_markup(&app.get(&path).await.ok());
    }
    for given in PAYLOADS.map(encoded) {
        for path in
            [format!("/changes?kind={given}"), format!("/changes?before={given}"), format!("/releases/00000000/compare?from={given}")]
        {
            nothing_became_markup(&app.get(&path).await);
        }
    }
    feed_rs::parser::parse(&app.get("/changes.atom").await.ok().body[..]).expect("a feed");
}

#[tokio::test]
async fn fields_that_would_be_links_are_only_links_to_web_pages() {
    let app = TestApp::empty().await;
    let lines: Vec<Value> = [
        "javascript:alert(1)",
        "data:text/html,<probe>",
        "https://www.nato.int/\"><probe>",
        "//evil.example",
        "https://ok.example/a?b=c&d",
    ]
    .iter()
    .map(|url| json!({"title": format!("Title {url}"), "body": "Words.", "url": url}))
    .collect();
    app.load(&[crate::support::app::ndjson("urls.ndjson", &lines)]).await;
    let items = app.items().await;
    assert!(!items.is_empty());
    for item in items {
        let answer = app.get(path_of(word(&item["url"]))).await.ok();
        nothing_became_markup(&answer);
        for href in answer.html().attributes("main a[href]", "href") {
            assert!(["/", "#", "https://archive.example/", "https://ok.example/"].iter().any(|start| href.starts_with(start)), "{href}");
        }
    }
}

const TURNS: [char; 9] = ['\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}'];

/// Whether the direction of writing is still turned at the end of a text (UAX #9: closing an isolate closes what was opened in it).
fn stays_turned(text: &str) -> bool {
    let mut open = Vec::new();
    for c in text.chars() {
        match c {
            '\u{202a}' | '\u{202b}' | '\u{202d}' | '\u{202e}' => open.push(false),
            '\u{2066}'..='\u{2068}' => open.push(true),
            '\u{202c}' if open.last() == Some(&false) => drop(open.pop()),
            '\u{2069}' => {
                if let Some(isolate) = open.iter().rposition(|isolate| *isolate) {
                    open.truncate(isolate);
                }
            }
            _ => {}
        }
    }
    !open.is_empty()
}

/// Elements whose words are a paragraph of their own to the rules of writing.
const BLOCKS: &[&str] = &[
    "p",
    "h1",
    "h2",
    "h3",
    "li",
    "dd",
    "dt",
    "td",
    "th",
    "div",
    "figcaption",
    "summary",
    "label",
    "title",
    "blockquote",
    "caption",
    "body",
];

/// Words of ours behind a turn that is still open in the same paragraph would be shown backwards.
fn turns_are_isolated(page: &Page) {
    for element in page.all("title, body *") {
        for child in element.children() {
            let Node::Text(text) = child.value() else { continue };
            let around = || std::iter::once(element).chain(element.ancestors().filter_map(ElementRef::wrap));
            let isolated = around().any(|around| around.value().name() == "bdi" || around.attr("dir").is_some());
            if isolated || !stays_turned(text) {
                continue;
            }
            let Some(block) = around().find(|around| BLOCKS.contains(&around.value().name())) else { continue };
            // What follows in the same paragraph, from the turn on. In the test below what is given ends with “x”: the rest is ours.
            let paragraph = block.descendants().skip_while(|node| node.id() != child.id()).filter(|node| {
                node.ancestors().filter_map(ElementRef::wrap).find(|above| BLOCKS.contains(&above.value().name())) == Some(block)
            });
            let rest: String = paragraph.filter_map(|node| node.value().as_text().map(|text| text.to_string())).collect();
            let ours = rest.rsplit(TURNS).next().unwrap_or("").trim_start_matches('x').trim();
            assert!(ours.is_empty(), "{}: <{}> turns “{ours}” around", page.path, element.value().name());
        }
    }
}

#[tokio::test]
async fn characters_that_turn_the_line_around_stay_in_their_place() {
    let app = TestApp::of(&[
        json!({"title": "Title \u{202e}x", "body": "Defence \u{202e}x", "topics": ["ukraine"], "published_on": "2024-05-06"}),
    ])
    .await;
    let permalink = app.permalink("Title").await;
    for path in [
        "/search?q=%E2%80%AEx",
        "/search?q=defence+%E2%80%AEx&from=2024",
        "/search?topic=%E2%80%AEx",
        "/trends?q=%E2%80%AEx&q=defence",
        "/search?from=%E2%80%AEx",
        "/",
        "/2024/05/06",
        &permalink,
        "/%E2%80%AEx",
    ] {
        turns_are_isolated(&app.get(path).await.html());
    }
}

#[tokio::test]
async fn an_address_never_leads_to_another_host() {
    let app = TestApp::seeds().await;
    for path in [
        "//evil.example/",
        "//evil.example/about/",
        "///evil.example/",
        "/\\evil.example/",
        "/\\/evil.example/",
        "/%5cevil.example/",
        "/%2f%2fevil.example/",
        "/.//evil.example/",
        "/..//evil.example/",
        "/@evil.example/",
        "/about//",
        "/search/?url=//evil.example",
        "/go?url=https://evil.example",
        "/go?url=//evil.example",
        "/go?url=javascript:alert(1)",
    ] {
        let answer = app.get(path).await;
        assert!(answer.status.as_u16() < 500, "{path}: {}", answer.status);
        if let Some(location) = answer.maybe("location") {
            // As a browser reads it: backslashes are slashes, and two of them begin a host.
            let read = location.replace('\\', "/");
            assert!(read.starts_with('/') && !read.starts_with("//"), "{path} leads to {location}");
        }
    }
}

#[tokio::test]
async fn no_path_reaches_a_file_of_the_machine() {
    let app = TestApp::seeds().await;
    for path in [
        "/static/../Cargo.toml",
        "/static/..%2fCargo.toml",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/static/..%5c..%5cCargo.toml",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/style.css",
        "/static/app.js%00.css",
        "/static/",
        "/static",
        "/../../etc/passwd",
        "/releases/..%2f..%2farchive.db",
        "/topics/..%2f..%2farchive.db",
        "/archive.db",
        "/.git/config",
    ] {
        let answer = app.get(path).await;
        assert!([301, 404].contains(&answer.status.as_u16()), "{path}: {}", answer.status);
        assert!(!String::from_utf8_lossy(&answer.body).contains("[package]"), "{path}");
    }
}

#[test]
fn the_process_outlives_whatever_is_sent_to_its_port() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut server = Server::start(folder.path(), &[]);
    let megabyte = "x".repeat(1 << 20);
    for request in [
        format!("GET /search?q={megabyte} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
        format!("GET /search?q={} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "(".repeat(60_000)),
        format!("GET / HTTP/1.1\r\nHost: a\r\nX: {megabyte}\r\n\r\n"),
        format!("GET / HTTP/1.1\r\n{}Connection: close\r\n\r\n", "A: b\r\n".repeat(5_000)),
        "GET /\r\n\r\n".into(),
        "\0\0\0\0\r\n\r\n".into(),
        "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nzz\r\n\r\n".into(),
        "POST /search HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nConnection: close\r\n\r\nq=a".into(),
        "GET http://[::1/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".into(),
        "OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".into(),
        "CONNECT evil.example:443 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".into(),
        "GET / HTTP/2.0\r\n\r\n".into(),
    ] {
        let answer = server.raw(request.as_bytes());
        let status: Option<u16> = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        assert!(status.is_none_or(|status| status < 500), "{}: {}", &request[..40.min(request.len())], answer.lines().next().unwrap_or(""));
    }
    assert!(server.is_running());
    assert!(server.get("/livez").starts_with("HTTP/1.1 200"));
    assert_eq!(server.stop(), Some(0));
}

#[tokio::test]
async fn words_that_are_only_markup_in_the_seeds_stay_words() {
    // The seeds themselves, as a whole: every release's page shows every word of its body.
    let app = TestApp::seeds().await;
    assert!(!Source::seeds().is_empty());
    for release in app.releases().await {
        let answer = app.get(path_of(word(&release["url"]))).await.ok();
        nothing_became_markup(&answer);
        let shown = answer.html().words("main").to_owned();
        let shown: String = shown.split_whitespace().collect();
        for block in release["blocks"].as_array().expect("blocks").iter().filter(|block| block["type"] != "list") {
            let words: String = word(&block["text"]).split_whitespace().collect();
            assert!(shown.contains(&words), "{}: “{words}” is not shown", answer.path);
        }
    }
}
