//! Suggestions as one types: what kinds there are, where they lead, in which form they are given.

use axum::http::Method;
use serde_json::{Value, json};

use crate::support::app::{BASE, TestApp, ndjson, word};
use crate::support::page::{Page, words};

/// What is suggested, as label, what it is, and path.
async fn suggested(app: &TestApp, typed: &str) -> Vec<(String, String, String)> {
    let query: String = form_urlencoded::byte_serialize(typed.as_bytes()).collect();
    let answer = app.get(&format!("/suggest?q={query}")).await.ok();
    assert_eq!(answer.header("content-type"), "application/x-suggestions+json");
    assert_eq!(answer.header("vary"), "Accept, Accept-Encoding");
    let answer = answer.json();
    let list = |index: usize| answer[index].as_array().unwrap_or_else(|| panic!("{typed}: {answer}")).iter();
    assert_eq!(list(1).len(), list(2).len());
    assert_eq!(list(1).len(), list(3).len());
    assert!(list(1).len() <= 8, "{typed}: {answer}");
    let path = |url: &Value| word(url).strip_prefix(BASE).expect("an address of the archive").to_owned();
    list(1).zip(list(2)).zip(list(3)).map(|((label, what), url)| (word(label).to_owned(), word(what).to_owned(), path(url))).collect()
}

#[tokio::test]
async fn dates_names_and_titles_are_suggested_and_lead_to_their_pages() {
    let app = TestApp::seeds().await;
    for (typed, label, what, path) in [
        ("april 2025", "April 2025", "date, 9 releases", "/2025/04"),
        ("25/04/2025", "25 April 2025", "date, 5 releases", "/2025/04/25"),
        ("2025", "2025", "date, 23 releases", "/2025"),
        ("ukr", "Ukraine", "place, 8 releases", "/search?place=ukraine"),
        ("UKR", "Ukraine: support and relations", "topic, 3 releases", "/topics/ukraine"),
        ("support ukr", "Ukraine: support and relations", "topic, 3 releases", "/topics/ukraine"),
        ("rütt", "Mark Rutte", "person, ", "/search?person="),
        (
            "helsinki deterr",
            "NATO experts discuss nuclear deterrence challenges in Helsinki",
            "release, 29 April 2025",
            "/releases/5tzr53b4/",
        ),
    ] {
        let all = suggested(&app, typed).await;
        let (_, is, leads) = all.iter().find(|(found, ..)| found == label).unwrap_or_else(|| panic!("{typed}: no {label} in {all:?}"));
        assert!(is.starts_with(what), "{typed}: {is}");
        assert!(leads.starts_with(path), "{typed}: {leads}");
        app.get(leads).await.ok();
    }
    // What holds nothing, and what says nothing.
    for typed in ["april 1999", "zyzzyva", "", "   ", "–", "\u{202e}", "x"] {
        assert_eq!(suggested(&app, typed).await, [], "{typed}");
    }
    // Only the first hundred characters are read.
    suggested(&app, &"ukr ".repeat(5_000)).await;
    assert!(!suggested(&app, &format!("{}x", "ukr ".repeat(25))).await.is_empty());
}

#[tokio::test]
async fn most_releases_come_first_and_the_counts_are_those_of_the_pages() {
    let app = TestApp::seeds().await;
    for typed in ["d", "def", "nato", "s", "u", "a"] {
        let mut last = u64::MAX;
        for (label, what, path) in suggested(&app, typed).await {
            let Some(count) = what
                .split_once(", ")
                .and_then(|(_, rest)| rest.split(' ').next()?.parse::<u64>().ok())
                .filter(|_| !what.starts_with("release"))
            else {
                continue;
            };
            assert!(count <= last, "{typed}: {label} has {count}");
            last = count;
            let search = path.replacen("/topics/", "/search?topic=", 1).replacen("/search", "/api/v1/search", 1);
            assert_eq!(app.get(&search).await.ok().json()["total"], count, "{typed}: {label}");
        }
    }
}

#[tokio::test]
async fn titles_are_those_with_every_word_newest_first() {
    let objects: Vec<Value> = (1..=9)
        .map(|n| json!({"title": format!("Évaluation number {n} of the fleet"), "body": "Words.", "published_on": format!("2020-01-0{n}")}))
        .collect();
    let app = TestApp::of(&objects).await;
    app.load(&[ndjson("other.ndjson", &[json!({"title": "Another", "body": "An evaluation of a fleet.", "published_on": "2021-01-01"})])])
        .await;
    let titles: Vec<String> = suggested(&app, "fleet evaluat").await.into_iter().map(|(label, ..)| label).collect();
    assert_eq!(titles, [9, 8, 7, 6].map(|n| format!("Évaluation number {n} of the fleet")));
}

#[tokio::test]
async fn options_are_given_where_html_is_asked_for_and_neither_form_is_taken_for_the_other() {
    let app = TestApp::seeds().await;
    let json = suggested(&app, "ukr").await;
    for accept in ["text/fragment+html", "text/html,application/xhtml+xml,*/*;q=0.8"] {
        let answer = app.ask(Method::GET, "/suggest?q=ukr", &[("accept", accept)]).await.ok();
        assert_eq!(answer.header("vary"), "Accept, Accept-Encoding");
        let page = answer.html();
        let options = page.all("[role=option]");
        let got: Vec<(String, String, String)> = options
            .into_iter()
            .map(|option| {
                let label = option.attr("data-autocomplete-value").expect("a value").to_owned();
                let what = words(option).strip_prefix(&label).expect("the label").trim().to_owned();
                (label, what, option.attr("href").expect("a link").to_owned())
            })
            .collect();
        assert_eq!(got, json);
        let etag = answer.header("etag").to_owned();
        app.ask(Method::GET, "/suggest?q=ukr", &[("accept", accept), ("if-none-match", &etag)]).await.is(304);
        app.ask(Method::GET, "/suggest?q=ukr", &[("if-none-match", &etag)]).await.ok();
    }
    assert_eq!(suggested(&app, "ukr").await, json);
    assert!(app.ask(Method::GET, "/suggest?q=zyzzyva", &[("accept", "text/html")]).await.ok().text().trim().is_empty());
}

#[tokio::test]
async fn nothing_in_a_title_becomes_markup() {
    let title = "<img src=x onerror=alert(1)> \"quoted\" & 'more' bold";
    let app = TestApp::of(&[json!({"title": title, "body": "Words.", "published_on": "2020-01-02"})]).await;
    let answer = app.ask(Method::GET, "/suggest?q=quoted+bol", &[("accept", "text/html")]).await.ok();
    let page = Page::read("/suggest", answer.text());
    assert!(!page.has("img") && !page.has("[onerror]"));
    assert_eq!(page.words("[role=option] b"), title);
}

#[tokio::test]
async fn the_box_of_every_page_names_what_suggests() {
    let app = TestApp::seeds().await;
    for path in ["/", "/search?q=defence", "/topics", "/nothing"] {
        let page = app.get(path).await.html();
        assert_eq!(page.attribute("header auto-complete", "src"), "/suggest", "{path}");
        assert!(page.has("auto-complete #q") && page.has("#suggestions[hidden]") && page.has("#suggestions-feedback"), "{path}");
        let script = page.attribute("script[type=module]", "src");
        assert!(app.get(&script).await.ok().header("content-type").starts_with("text/javascript"));
    }
}
