//! Searches over time: every number is the number of the search that it leads to, and the same in the table, as CSV and as JSON.

use serde_json::{Value, json};

use crate::support::app::{BASE, TestApp, word};
use crate::support::page::{Page, words};

const PATHS: [&str; 8] = [
    "q=defence+industry&q=Ukraine",
    "q=Ukraine&q=deterrence+OR+data&q=%E2%80%9Cdefence+industry%E2%80%9D&q=innovat*&q=-NATO&by=month",
    "q=defence&q=zyzzyva&by=month&as=share",
    "q=defence&from=2025-04-26&to=2025-06-24&by=month",
    "q=defence&q=Ukraine&topic=defence-industry&kind=news&kind=live-update&by=month&as=share",
    "q=data&by=year",
    "q=defence&from=1999&to=2000",
    "q=defence+deterrence&q=Netherlands+Kyiv&match=any&variants=off&by=month",
];

fn undated() -> Vec<Value> {
    (0..3).map(|n| json!({"title": format!("Undated defence {n}"), "body": "Words without a day.", "source": "NATO"})).collect()
}

async fn archive() -> TestApp {
    let app = TestApp::seeds().await;
    app.load(&[crate::support::app::ndjson("undated.ndjson", &undated())]).await;
    app
}

/// The number that a cell shows.
fn number(cell: &str) -> u64 {
    cell.split_whitespace().next().and_then(|first| first.replace(',', "").parse().ok()).unwrap_or_else(|| panic!("no number: “{cell}”"))
}

async fn found(app: &TestApp, href: &str) -> u64 {
    let href = href.replacen("/search", "/api/v1/search", 1);
    app.get(&href).await.ok().json()["total"].as_u64().expect("a total")
}

fn sum<'a>(numbers: impl Iterator<Item = &'a Value>) -> u64 {
    numbers.map(|number| number.as_u64().expect("a number")).sum()
}

#[tokio::test]
async fn every_point_and_every_cell_leads_to_exactly_the_releases_that_it_counts() {
    let app = archive().await;
    let mut followed = 0;
    for query in PATHS {
        let page = app.get(&format!("/trends?{query}")).await.ok().html();
        for cell in page.all(".numbers tbody td a") {
            assert_eq!(found(&app, cell.attr("href").expect("a link")).await, number(&words(cell)), "{query}: {:?}", cell.attr("href"));
            followed += 1;
        }
        for point in page.all(".plot a") {
            let name = words(point.first_child().and_then(scraper::ElementRef::wrap).expect("a title"));
            let count = name.rsplit(": ").next().expect("a count");
            assert_eq!(found(&app, point.attr("href").expect("a link")).await, number(count), "{query}: {name}");
            assert_eq!(point.attr("tabindex"), Some("-1"), "the table is the way of the keyboard");
        }
        for line in page.all(".legend a:first-child") {
            let all = words(scraper::ElementRef::wrap(line.parent().expect("a line")).expect("a line"));
            let total = all.split(" in all").next().and_then(|before| before.rsplit(' ').next()).expect("a total");
            let total = if all.contains("in no release") { 0 } else { number(total) };
            assert_eq!(found(&app, line.attr("href").expect("a link")).await, total, "{query}: {all}");
        }
    }
    assert!(followed > 40, "{followed}");
}

/// The table of a page as rows of numbers, the shares left out.
fn table(page: &Page) -> Vec<Vec<u64>> {
    let rows = page.all(".numbers tbody tr").into_iter();
    rows.map(|row| row.select(&scraper::Selector::parse("td").expect("a selector")).map(|cell| number(&words(cell))).collect()).collect()
}

#[tokio::test]
async fn page_csv_and_json_have_the_same_numbers() {
    let app = archive().await;
    for query in PATHS {
        let page = app.get(&format!("/trends?{query}")).await.ok().html();
        let json = app.get(&format!("/api/v1/trends?{query}")).await.ok().json();
        let csv = app.get(&format!("/trends.csv?{query}")).await.ok();
        assert!(csv.header("content-disposition").contains("trends.csv"));
        assert!(page.attributes("main a", "href").contains(&format!("/trends.csv?{}", canonical(&page))), "{query}");
        let queries = json["queries"].as_array().expect("queries").len();
        let bins = json["bins"].as_array().expect("bins");
        // Counts beside each other, then all releases, as in the table.
        let mut rows: Vec<Vec<u64>> = bins
            .iter()
            .map(|bin| {
                bin["counts"].as_array().expect("counts").iter().chain([&bin["all"]]).map(|n| n.as_u64().expect("a number")).collect()
            })
            .collect();
        if json["all"]["undated"] != 0 {
            let undated = json["queries"].as_array().expect("queries").iter().map(|q| &q["undated"]).chain([&json["all"]["undated"]]);
            rows.push(undated.map(|n| n.as_u64().expect("a number")).collect());
        }
        let mut lines = csv.text().lines();
        assert_eq!(lines.next().expect("a head").matches("(% of all)").count(), queries);
        let lines: Vec<Vec<u64>> = lines.map(|line| line.split(',').skip(1).take(queries + 1).map(number).collect()).collect();
        assert_eq!(lines, rows, "{query}: CSV and JSON");
        let held: Vec<Vec<u64>> = rows.into_iter().filter(|row| row.last() != Some(&0)).collect();
        assert_eq!(table(&page), held, "{query}: table and JSON");
        // Nothing is lost between the bins.
        for (index, series) in json["queries"].as_array().expect("queries").iter().enumerate() {
            let dated = sum(bins.iter().map(|bin| &bin["counts"][index]));
            assert_eq!(dated + series["undated"].as_u64().expect("undated"), series["total"].as_u64().expect("a total"), "{query}");
            assert!(word(&series["url"]).starts_with(BASE));
        }
        assert_eq!(json["all"]["total"], sum(bins.iter().map(|bin| &bin["all"])) + json["all"]["undated"].as_u64().expect("undated"));
    }
}

/// The parameters of a page's canonical address.
fn canonical(page: &Page) -> String {
    page.attribute("link[rel=canonical]", "href").split_once('?').expect("parameters").1.to_owned()
}

#[tokio::test]
async fn first_use_peak_and_total_are_said_in_words() {
    let app = archive().await;
    let page = app.get("/trends?q=deterrence&q=zyzzyva&q=defence&by=month").await.ok().html();
    let lines = page.each(".legend li");
    assert_eq!(lines[0], "“deterrence”: first 25 April 2025, most in April 2025 (3), 5 in all.");
    assert_eq!(lines[1], "“zyzzyva”: in no release.");
    assert!(lines[2].ends_with("3 of them undated."), "{}", lines[2]);
    assert!(page.words("main").contains("3 releases without a date stand in no month."));
    assert_eq!(page.all(".plot g").len(), 3);
    let shares = app.get("/trends?q=deterrence&by=month&as=share").await.ok().html();
    assert!(shares.words(".legend").contains("largest share in May 2025 (1 of 1, 100%)"), "{}", shares.words(".legend"));
}

#[tokio::test]
async fn what_cannot_be_shown_as_asked_is_said() {
    let app = TestApp::of(&[
        json!({"title": "Old words", "body": "Old words", "published_on": "1990-01-02"}),
        json!({"title": "New words", "body": "New words", "published_on": "2020-03-04"}),
    ])
    .await;
    let days = app.get("/trends?q=words&by=day").await.ok().html();
    let notices = days.each(".notice").join(" ");
    assert!(notices.contains("11,020 days to show, which is too many: releases are counted by month"), "{notices}");
    let months = app.get("/api/v1/trends?q=words&by=day").await.ok().json();
    assert_eq!(
        (word(&months["interval"]), word(&months["interval_asked"]), months["bins"].as_array().map(Vec::len)),
        ("month", "day", Some(363))
    );
    let page = app.get("/trends?q=words&by=month").await.ok().html();
    assert!(page.words(".notice").contains("drawn by year; the table has every month"), "{}", page.words(".notice"));
    assert_eq!(page.attributes(".plot a", "href"), ["/search?q=words&from=1990&to=1990", "/search?q=words&from=2020&to=2020"]);
    assert_eq!(page.each(".numbers tbody th"), ["January 1990", "March 2020"]);
    let six = app.get("/trends?q=a&q=b&q=c&q=d&q=e&q=f").await.ok().html();
    assert!(six.words("main").contains("At most 5 searches can be compared"));
    assert_eq!(six.all("main input[name=q]").len(), 5);
    assert!(!six.has("main button[name=q]"));
    app.get("/api/v1/trends?q=a&q=b&q=c&q=d&q=e&q=f").await.is(400);
    let wrong = app.get("/trends?q=words&q=&q=&from=30+february&by=week&as=much&topic=x").await.is(400).html();
    assert_eq!(wrong.all("[role=alert] li").len(), 3);
    assert_eq!(wrong.attribute("#from", "value"), "30 february");
    assert_eq!(wrong.attributes("main input[name=q]", "value"), ["words", "", ""], "what was typed is kept");
    assert!(wrong.has("main input[type=hidden][name=topic][value=x]"));
    assert!(!wrong.has("figure"));
}

#[tokio::test]
async fn the_page_without_words_offers_comparisons_that_find_something() {
    let app = TestApp::seeds().await;
    let page = app.get("/trends").await.ok().html();
    let examples = page.attributes("main li a", "href");
    assert!(!examples.is_empty());
    for example in examples {
        let page = app.get(&example).await.ok().html();
        assert!(!page.words(".legend").contains("in no release"), "{example}");
    }
}

#[tokio::test]
async fn cells_of_the_csv_are_never_formulas() {
    let app = TestApp::seeds().await;
    let csv = app.get("/trends.csv?q=%3D1%2B1&q=-war&q=%40SUM(A1)&q=a%22,b").await.ok();
    let head = csv.text().lines().next().expect("a head").to_owned();
    assert_eq!(
        head,
        "period,'=1+1,'-war,'@SUM(A1),\"a\"\",b\",all releases,'=1+1 (% of all),'-war (% of all),'@SUM(A1) (% of all),\"a\"\",b (% of all)\""
    );
}
