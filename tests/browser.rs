//! The archive in a browser, as people use it: searching, filtering, browsing, sharing, going back, by keyboard alone, without scripts,
//! on a narrow screen, in the dark, and judged by axe-core.

#[path = "support/browser.rs"]
mod browser;
#[path = "browser/passages.rs"]
mod passages;
#[path = "support/process.rs"]
#[allow(dead_code, reason = "the other test binary uses the rest")]
mod process;
#[path = "browser/suggestions.rs"]
mod suggestions;
#[path = "browser/trends.rs"]
mod trends;

use std::path::{Path, PathBuf};

use browser::{Browser, DOWN, ENTER, Reader, SPACE, TAB, with_browser, with_browser_at};
use process::Server;
use serde_json::{Value, json};

/// A release of the seeds with lists, hits and uncertain neighbours.
const RELEASE: &str = "/releases/y23rmf82/nato-releases-strategy-to-use-data-for-enhancing-collective-defence";

/// One of each kind of page.
const KINDS: [(&str, &str); 18] = [
    ("home", "/"),
    ("results", "/search?q=defence&topic=ukraine&from=2025"),
    ("none", "/search?q=zyzzyva+defence&topic=ukraine"),
    ("release", RELEASE),
    ("error", "/nothing-here/about-deterrence"),
    ("release by its hits", "/releases/y23rmf82/nato-releases-strategy-to-use-data-for-enhancing-collective-defence?q=data+strategy"),
    ("bad request", "/search?q=data&from=30+february&to=x"),
    ("searches over time", "/trends?q=defence+industry&q=Ukraine&q=deterrence&q=innovation&q=data&kind=news&kind=live-update"),
    ("a share over time", "/trends?q=defence&q=Ukraine&by=month&as=share"),
    ("searches over time, badly asked", "/trends?q=data&from=30+february&by=week"),
    ("dates", "/dates"),
    ("year", "/2025"),
    ("month", "/2025/06"),
    ("topic", "/topics/defence-industry"),
    ("topics", "/topics"),
    ("help", "/help/search"),
    ("accessibility", "/accessibility"),
    ("interface for programs", "/api/v1/docs"),
];

#[tokio::test]
async fn words_typed_and_entered_are_searched_and_stay_in_the_box() {
    with_browser(Reader::default(), async |it: Browser| {
        it.open("/").await;
        it.click("#q").await;
        it.write("nuclear deterrence").await;
        it.press(ENTER).await;
        it.at("/search").await;
        assert_eq!(it.words("document.querySelector('#q').value").await, "nuclear deterrence");
        assert!(it.words("document.querySelector('#sentence').textContent").await.contains("for “nuclear deterrence”"));
        assert!(it.words("document.querySelector('ol.register a').textContent").await.contains("nuclear deterrence"));
        assert!(it.number("document.querySelectorAll('ol.register mark').length").await > 0.0);
        // The example queries of the home page are searches too.
        it.open("/").await;
        it.click(".examples a").await;
        it.at("/search").await;
        assert!(it.number("document.querySelectorAll('ol.register > li').length").await > 0.0);
    })
    .await;
}

#[tokio::test]
async fn filters_narrow_by_a_tick_and_widen_by_their_chip() {
    with_browser(Reader::default(), async |it: Browser| {
        it.open("/search?q=defence").await;
        let all = it.words("document.querySelector('#sentence').textContent").await;
        it.unfold("details.filters").await;
        let tick = "input[type=checkbox][name=topic][value=ukraine]";
        let label = format!("document.querySelector('{tick}').closest('label')");
        let count = it.words(&format!("{label}.querySelector('.count').textContent")).await;
        it.click(tick).await;
        it.click("details.filters button[type=submit]").await;
        it.until("location.search.includes('topic=ukraine')").await;
        assert!(it.words("location.search").await.contains("q=defence"), "the words are kept");
        let sentence = it.words("document.querySelector('#sentence').textContent").await;
        assert!(sentence.starts_with(&format!("{count} release")), "{sentence} for {count}");
        assert_eq!(it.value(&format!("document.querySelector('{tick}').checked")).await, Value::Bool(true));
        it.click(".chips li:first-child a").await;
        it.until("!location.search.includes('topic')").await;
        assert_eq!(it.words("document.querySelector('#sentence').textContent").await, all);
        // A date as people write it.
        it.unfold("details.filters").await;
        it.click("#from").await;
        it.write("june 2025").await;
        it.press(ENTER).await;
        it.until("location.search.includes('from=')").await;
        assert!(it.words("document.querySelector('.chips').textContent").await.contains("From June 2025"));
    })
    .await;
}

#[tokio::test]
async fn browsing_goes_from_the_dates_to_a_month_a_day_and_a_release() {
    with_browser(Reader::default(), async |it: Browser| {
        it.open("/").await;
        it.click("nav.main a[href='/dates']").await;
        it.at("/dates").await;
        it.click("a.m[href='/2025/04']").await;
        it.at("/2025/04").await;
        it.click("table.calendar a[href='/2025/04/30']").await;
        it.at("/2025/04/30").await;
        it.click("ol.register .what a").await;
        it.until("location.pathname.startsWith('/releases/')").await;
        assert!(it.number("document.querySelectorAll('.passage').length").await > 0.0);
        // And up again, and on.
        it.click(".crumbs a[href='/2025/04']").await;
        it.at("/2025/04").await;
        it.click("nav.around a[rel=next]").await;
        it.at("/2025/05").await;
        it.open("/topics").await;
        it.click("a[href='/topics/ukraine']").await;
        it.at("/topics/ukraine").await;
        // A bar of a chart leads where its name says.
        it.open("/").await;
        let href = it.words("document.querySelector('.numbers td a').getAttribute('href')").await;
        it.click(".numbers summary").await;
        it.click(".numbers td a").await;
        it.at(&href).await;
    })
    .await;
}

#[tokio::test]
async fn an_address_shared_is_the_whole_state_of_its_page() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path(), &[]);
    let shared = std::sync::Arc::new(std::sync::Mutex::new((String::new(), String::new(), String::new())));
    let sent = shared.clone();
    with_browser_at(&server, Reader::default(), async move |it: Browser| {
        it.open("/search?q=defence&topic=ukraine&topic=space&from=april+2025&sort=oldest").await;
        let results = it.words("location.href").await;
        let main = it.words("document.querySelector('main').innerText").await;
        it.click("ol.register .what a").await;
        it.until("location.pathname.startsWith('/releases/')").await;
        let permalink = it.words("document.querySelector('#permalink').href").await;
        assert_eq!(permalink, it.words("document.querySelector('link[rel=canonical]').href").await);
        it.dev_tools("Browser.grantPermissions", json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] })).await;
        it.click("button[data-copy='#permalink']").await;
        it.until("document.querySelector('#status').textContent === 'Address copied'").await;
        let copied = it
            .client
            .execute_async("const done = arguments[0]; navigator.clipboard.readText().then(done, e => done(String(e)))", vec![])
            .await;
        assert_eq!(copied.expect("the clipboard"), json!(permalink));
        // A passage has an address of its own.
        it.click(".passage-tools a").await;
        it.until("location.hash === '#p1'").await;
        *sent.lock().expect("a lock") = (results, main, permalink);
    })
    .await;
    let (results, main, permalink) = shared.lock().expect("a lock").clone();
    // Somebody else's browser, which has never been here.
    with_browser_at(&server, Reader::default(), async move |it: Browser| {
        it.client.goto(&results).await.expect("the results");
        assert_eq!(it.words("document.querySelector('main').innerText").await, main);
        it.client.goto(&format!("{permalink}#p2")).await.expect("the release");
        assert_eq!(it.value("document.querySelectorAll('h1').length").await, json!(1));
        it.until("document.querySelector('#p2:target') !== null").await;
    })
    .await;
}

#[tokio::test]
async fn going_back_keeps_the_query_and_the_filters() {
    with_browser(Reader::default(), async |it: Browser| {
        it.open("/search?q=%E2%80%9Cdefence+industry%E2%80%9D&kind=live-update").await;
        let first = it.words("document.querySelector('main').innerText").await;
        it.click("ol.register .what a").await;
        it.until("location.pathname.startsWith('/releases/')").await;
        assert!(it.words("document.querySelector('.hits').textContent").await.contains("“defence industry”"));
        it.client.back().await.expect("back");
        it.at("/search").await;
        assert_eq!(it.words("document.querySelector('#q').value").await, "“defence industry”");
        assert_eq!(it.words("document.querySelector('main').innerText").await, first);
        // The box keeps the filters when new words are asked for.
        it.click("#q").await;
        it.value("document.querySelector('#q').select()").await;
        it.write("panel").await;
        it.press(ENTER).await;
        it.until("location.search.includes('q=panel')").await;
        assert!(it.words("location.search").await.contains("kind=live-update"));
        it.client.back().await.expect("back");
        it.until("!location.search.includes('panel')").await;
        // The box says what the results are for, not what was typed before leaving.
        assert_eq!(it.words("document.querySelector('main').innerText").await, first);
        assert_eq!(it.words("document.querySelector('#q').value").await, "“defence industry”");
    })
    .await;
}

#[tokio::test]
async fn a_keyboard_is_enough() {
    with_browser(Reader::default(), async |it: Browser| {
        it.open("/").await;
        it.press(TAB).await;
        assert_eq!(it.words("document.activeElement.textContent").await, "Skip to the content");
        assert!(it.number("document.activeElement.getBoundingClientRect().left").await >= 0.0, "the skip link is seen");
        it.press(ENTER).await;
        it.until("document.activeElement.id === 'main'").await;
        it.press('/').await;
        it.until("document.activeElement.id === 'q'").await;
        // Once in the box it is a character like any other.
        it.write("a/b").await;
        assert_eq!(it.words("document.querySelector('#q').value").await, "a/b");
        it.value("document.querySelector('#q').select()").await;
        it.write("deterrence").await;
        it.press(ENTER).await;
        it.at("/search").await;
        it.tab_to("it.matches('ol.register a')").await;
        let href = it.words("document.activeElement.getAttribute('href')").await;
        it.press(ENTER).await;
        it.until(&format!("location.pathname + location.search === {}", json!(href))).await;
    })
    .await;
}

#[tokio::test]
async fn every_stop_of_the_tab_key_is_seen() {
    with_browser(Reader::default(), async |it: Browser| {
        for path in ["/", "/search?q=defence&topic=ukraine", RELEASE, "/2025/06"] {
            it.open(path).await;
            let mut stops = 0;
            loop {
                it.press(TAB).await;
                let stop = it
                    .value(
                        "(it => { if (it === document.body) return null; const box = it.getBoundingClientRect(), style = getComputedStyle(it); \
                         return [it.outerHTML.slice(0, 100), box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight \
                         && box.right > 0 && box.left < innerWidth, style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2, \
                         !it.closest('svg')]; })(document.activeElement)",
                    )
                    .await;
                let Some(stop) = stop.as_array() else { break };
                for (index, what) in [(1, "is out of sight"), (2, "shows no focus"), (3, "is a bar of a chart")] {
                    assert_eq!(stop[index], Value::Bool(true), "{path}: {} {what}", stop[0]);
                }
                stops += 1;
                // A long page need not be walked to its end.
                if stops == 60 {
                    break;
                }
            }
            assert!(stops > 15, "{path}: {stops} stops");
        }
    })
    .await;
}

#[tokio::test]
async fn the_shortcut_can_be_switched_off_and_stays_off() {
    with_browser(Reader::default(), async |it: Browser| {
        it.open("/accessibility").await;
        it.tab_to("it.id === 'shortcut'").await;
        assert_eq!(it.value("document.activeElement.checked").await, Value::Bool(true));
        it.press(SPACE).await;
        assert_eq!(it.value("document.activeElement.checked").await, Value::Bool(false));
        for path in ["/accessibility", "/"] {
            it.open(path).await;
            it.press('/').await;
            assert_eq!(it.words("document.activeElement.tagName").await, "BODY", "{path}");
        }
        it.open("/accessibility").await;
        assert_eq!(it.value("document.querySelector('#shortcut').checked").await, Value::Bool(false));
        it.tab_to("it.id === 'shortcut'").await;
        it.press(SPACE).await;
        it.open("/").await;
        it.press('/').await;
        it.until("document.activeElement.id === 'q'").await;
    })
    .await;
}

#[tokio::test]
async fn everything_works_with_scripts_off() {
    with_browser(Reader { scripts: false, ..Reader::default() }, async |it: Browser| {
        it.open("/accessibility").await;
        // What only scripts could do is not offered; this also shows that they are off.
        assert_eq!(it.value("document.querySelector('#shortcut').closest('[hidden]') !== null").await, Value::Bool(true));
        it.open("/").await;
        it.click("#q").await;
        it.find("#q").await.send_keys("defence").await.expect("typing");
        it.click("search button").await;
        it.until("location.pathname === '/search' && location.search === '?q=defence'").await;
        it.unfold("details.filters").await;
        it.click("input[type=checkbox][name=topic][value=ukraine]").await;
        it.click("details.filters button[type=submit]").await;
        it.until("location.search.includes('topic=ukraine')").await;
        it.click("ol.register .what a").await;
        it.until("location.pathname.startsWith('/releases/')").await;
        assert!(it.number("document.querySelector('.text').innerText.length").await > 200.0);
        it.click("details.how > summary").await;
        it.until("document.querySelector('details.how').open").await;
        assert_eq!(it.number("[...document.querySelectorAll('button[data-copy]')].filter(b => b.offsetParent).length").await, 0.0);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_wider_than_a_screen_of_320_pixels() {
    with_browser(Reader { width: 320, ..Reader::default() }, async |it: Browser| {
        for (kind, path) in KINDS {
            it.open(path).await;
            // What is folded away has to fit too.
            for opened in [false, true] {
                if opened {
                    it.value("document.querySelectorAll('details').forEach(d => d.open = true)").await;
                }
                assert_eq!(it.number("document.documentElement.clientWidth").await, 320.0);
                assert_eq!(it.overflow().await, Value::Null, "{kind}, opened: {opened}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_to_be_pressed_is_large_enough() {
    with_browser(Reader { width: 320, ..Reader::default() }, async |it: Browser| {
        for (kind, path) in KINDS {
            it.open(path).await;
            // WCAG 2.5.8, without links within a sentence: 24 pixels, or as much room around.
            let small = it
                .value(
                    "[...document.querySelectorAll('button, summary, nav a, input:not([type=hidden]):not([type=checkbox]), .chips a')] \
                     .filter(e => e.offsetParent && e.checkVisibility()).map(e => [e, e.getBoundingClientRect()]) \
                     .filter(([e, box]) => box.height < 23.5 || box.width < 23.5).map(([e]) => e.outerHTML.slice(0, 100))",
                )
                .await;
            assert_eq!(small, json!([]), "{kind}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_dark_scheme_is_dark() {
    with_browser(Reader::default(), async |it: Browser| {
        let colours = "getComputedStyle(document.documentElement).backgroundColor + ' ' + getComputedStyle(document.body).color";
        it.open("/").await;
        let light = it.words(colours).await;
        it.shape(Reader { dark: true, ..Reader::default() }).await;
        it.open("/").await;
        let dark = it.words(colours).await;
        let brightness = |colours: &str| -> Vec<u32> {
            let numbers = colours.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse::<u32>().ok()).collect::<Vec<_>>();
            numbers.chunks(3).map(|rgb| rgb.iter().sum()).collect()
        };
        let (light, dark) = (brightness(&light), brightness(&dark));
        assert!(light[0] > 600 && light[1] < 200, "{light:?}");
        assert!(dark[0] < 150 && dark[1] > 500, "{dark:?}");
    })
    .await;
}

/// Where `tests/run` puts axe-core; `None` where it is not there and need not be.
fn axe() -> Option<PathBuf> {
    let path =
        std::env::var_os("AXE_CORE").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/axe/axe.min.js"), PathBuf::from);
    if path.is_file() {
        return Some(path);
    }
    let missing = format!("axe-core is not at {}: run tests/run, which fetches it with npm, or name its file in AXE_CORE", path.display());
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{missing}");
    eprintln!("skipped: {missing}");
    None
}

#[tokio::test]
async fn axe_finds_no_violation_on_any_kind_of_page() {
    let Some(axe) = axe() else { return };
    let axe = std::fs::read_to_string(axe).expect("axe-core");
    with_browser(Reader::default(), async move |it: Browser| {
        let mut wrong = Vec::new();
        for dark in [false, true] {
            for width in [320, 1280] {
                it.shape(Reader { dark, width, ..Reader::default() }).await;
                for (kind, path) in KINDS {
                    it.open(path).await;
                    // What is folded away is read too.
                    it.value("document.querySelectorAll('details').forEach(d => d.open = true)").await;
                    if kind == "home" {
                        // And what is suggested.
                        it.click("#q").await;
                        it.write("defence").await;
                        it.until("document.querySelectorAll('#suggestions [role=option]').length > 0").await;
                        it.press(DOWN).await;
                    }
                    it.client.execute(&axe, Vec::new()).await.expect("axe-core");
                    let run = "const done = arguments[0]; axe.run(document, { resultTypes: ['violations'], runOnly: \
                               ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }) \
                               .then(r => done({ passes: r.passes.length, found: r.violations.map(v => v.id + ': ' + v.help + ': ' + \
                               v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + ' (' + n.failureSummary + ')').join(' | ')) }), e => done(String(e)))";
                    let result = it.client.execute_async(run, Vec::new()).await.unwrap_or_else(|error| panic!("{kind}: {error}"));
                    assert!(result["passes"].as_u64().is_some_and(|passes| passes > 10), "{kind}: axe-core did not run: {result}");
                    for found in result["found"].as_array().expect("a list") {
                        wrong.push(format!("{kind}, {}, {width} px: {}", if dark { "dark" } else { "light" }, found.as_str().unwrap_or("")));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    })
    .await;
}

#[tokio::test]
async fn hits_are_walked_through_by_plain_links() {
    for reader in [Reader::default(), Reader { scripts: false, ..Reader::default() }] {
        with_browser(reader, async |it: Browser| {
            it.open("/search?q=defence").await;
            it.click("ol.register .what a").await;
            it.until("location.pathname.startsWith('/releases/')").await;
            let hits = it.number("document.querySelectorAll('.text mark').length").await;
            assert!(hits > 2.0, "{hits}");
            assert!(it.words("document.querySelector('.hits').textContent").await.starts_with(&format!("{hits} hits for")));
            it.click(".hits a[href='#hit1']").await;
            it.until("document.querySelector('#hit1:target') !== null").await;
            // Only the hit that one has come to shows the way on.
            assert_eq!(it.number("[...document.querySelectorAll('.hop')].filter(hop => hop.offsetWidth > 0).length").await, 1.0);
            it.click("#hit1 + .hop a[aria-label='Next hit']").await;
            it.until("location.hash === '#hit2'").await;
            it.click("#hit2 + .hop a[aria-label='Previous hit']").await;
            it.until("location.hash === '#hit1'").await;
            it.click("#hit1 + .hop a[aria-label='Previous hit']").await;
            it.until(&format!("location.hash === '#hit{hits}'")).await;
        })
        .await;
    }
}
