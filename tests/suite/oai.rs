//! Harvesting: what a harvester is given is what the archive holds, part by part, gone releases among it.

use std::collections::BTreeMap;

use nato_archive::store::StampedAsked;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::json;

use crate::support::app::{BASE, Builder, TestApp, ndjson, word};
use crate::support::past::write;

/// An element that holds words, by its path from the root, and its attributes.
type Element = (String, BTreeMap<String, String>, String);

/// Every element of an answer, in order.
fn elements(xml: &str) -> Vec<Element> {
    let mut reader = Reader::from_str(xml);
    let mut path: Vec<String> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut found: Vec<Element> = Vec::new();
    loop {
        let event = reader.read_event().unwrap_or_else(|error| panic!("{error}: {xml}"));
        match &event {
            Event::Start(tag) | Event::Empty(tag) => {
                path.push(String::from_utf8_lossy(tag.name().as_ref().as_ref()).into_owned());
                let attributes = tag.attributes().map(|attribute| {
                    let attribute = attribute.expect("well-formed");
                    let value = quick_xml::escape::unescape(&attribute.value).expect("entities").into_owned();
                    (String::from_utf8_lossy(attribute.key.as_ref().as_ref()).into_owned(), value)
                });
                found.push((path.join("/"), attributes.collect(), String::new()));
                open.push(found.len() - 1);
                if matches!(event, Event::Empty(_)) {
                    path.pop();
                    open.pop();
                }
            }
            Event::Text(text) => {
                if let Some(at) = open.last() {
                    found[*at].2.push_str(text);
                }
            }
            Event::GeneralRef(entity) => {
                let words = quick_xml::escape::unescape(&format!("&{};", &**entity)).expect("an entity").into_owned();
                found[*open.last().expect("an element")].2.push_str(&words);
            }
            Event::End(_) => {
                path.pop();
                open.pop();
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

fn values<'a>(elements: &'a [Element], path: &str) -> Vec<&'a str> {
    elements.iter().filter(|(name, ..)| name.ends_with(path)).map(|(.., words)| words.as_str()).collect()
}

async fn ask(app: &TestApp, query: &str) -> Vec<Element> {
    let answer = app.get(&format!("/oai?{query}")).await.ok();
    assert_eq!(answer.header("content-type"), "text/xml; charset=utf-8");
    elements(answer.text())
}

/// Identifier, stamp and whether it is gone, of a whole list, followed from token to token; and how many parts it had.
async fn harvest(app: &TestApp, verb: &str, more: &str) -> (Vec<(String, String, bool)>, usize) {
    let mut got = Vec::new();
    let mut query = format!("verb={verb}&metadataPrefix=oai_dc{more}");
    for parts in 1.. {
        let found = ask(app, &query).await;
        if let Some((_, attributes, words)) = found.iter().find(|(name, ..)| name == "OAI-PMH/error") {
            assert_eq!((attributes["code"].as_str(), parts), ("noRecordsMatch", 1), "{query}: {words}");
            return (got, 0);
        }
        let headers: Vec<&Element> = found.iter().filter(|(name, ..)| name.ends_with("/header")).collect();
        let identifiers = values(&found, "/header/identifier");
        let stamps = values(&found, "/header/datestamp");
        assert_eq!((headers.len(), identifiers.len()), (identifiers.len(), stamps.len()));
        for ((header, id), at) in headers.iter().zip(identifiers).zip(stamps) {
            got.push((id.to_owned(), at.to_owned(), header.1.get("status").is_some_and(|status| status == "deleted")));
        }
        let token = found.iter().find(|(name, ..)| name.ends_with("/resumptionToken"));
        match token {
            Some((_, attributes, token)) => {
                assert!(attributes["completeListSize"].parse::<usize>().expect("a size") >= got.len());
                if token.is_empty() {
                    assert_eq!(attributes["completeListSize"], got.len().to_string());
                    return (got, parts);
                }
                query = format!("verb={verb}&resumptionToken={token}");
            }
            None => return (got, parts),
        }
        assert!(parts < 100, "it goes on and on");
    }
    unreachable!("it ends in the loop")
}

fn name(app_id: &str, id: &str) -> String {
    format!("oai:a{app_id}.nato-archive.invalid:{id}")
}

/// 250 releases in several states, beside the seeds.
async fn eventful() -> TestApp {
    let releases: Vec<_> = (0..250)
        .map(|n| json!({"key": format!("k{n}"), "source": "NATO", "title": format!("Statement {n} <&> “x”"), "body": format!("Words of statement number {n}, {}.", "said at length ".repeat(n % 60)), "published_on": if n % 5 == 0 { json!(null) } else { json!("2025-05-02") }, "topics": if n % 3 == 0 { json!(["ukraine"]) } else { json!([]) }}))
        .collect();
    let app = Builder::default().with_seeds().with(ndjson("many.ndjson", &releases)).start().await;
    app.store.withdraw(30, "By mistake.", "2026-02-03T04:05:06Z").await.expect("withdrawn");
    app.store.erase(33, "The law asked for it.", "2026-02-03T04:05:06Z").await.expect("erased");
    app.store.merge(40, 41, 1.0, "The same.", "2026-02-03T04:05:06Z").await.expect("merged");
    app.archive.refresh().await.expect("a refresh");
    app
}

#[tokio::test]
async fn answers_are_compressed_for_those_who_say_so() {
    let app = TestApp::seeds().await;
    let path = "/oai?verb=ListRecords&metadataPrefix=oai_dc";
    let plain = app.get(path).await.ok();
    assert_eq!((plain.maybe("content-encoding"), plain.header("vary")), (None, "Accept-Encoding"));
    let packed = app.ask(axum::http::Method::GET, path, &[("accept-encoding", "gzip")]).await.ok();
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert!(packed.body.len() * 3 < plain.body.len(), "{} of {}", packed.body.len(), plain.body.len());
}

#[tokio::test]
async fn a_harvest_is_the_whole_archive_with_what_is_gone() {
    let app = eventful().await;
    let summary = app.store.summary().await.expect("a summary");
    let stamped = app.store.stamped(&StampedAsked { limit: 10_000, ..StampedAsked::default() }).await.expect("stamps");
    let held: Vec<(String, String, bool)> =
        stamped.iter().map(|stamped| (name(&summary.archive_id, stamped.id.as_str()), stamped.at.clone(), !stamped.shown)).collect();
    assert_eq!((held.len(), held.iter().filter(|(.., gone)| *gone).count()), (273, 3));
    for verb in ["ListRecords", "ListIdentifiers"] {
        assert_eq!(harvest(&app, verb, "").await, (held.clone(), 3), "{verb}");
    }
    // What is shown is what programs are given, and each can be had alone.
    let shown: Vec<&str> = held.iter().filter(|(.., gone)| !gone).map(|(id, ..)| id.as_str()).collect();
    let mut listed = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = app.get(&format!("/api/v1/releases?limit=100&cursor={cursor}")).await.ok().json();
        listed.extend(page["items"].as_array().expect("items").iter().map(|item| name(&summary.archive_id, word(&item["id"]))));
        match page["next"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    let sorted = |mut ids: Vec<String>| {
        ids.sort();
        ids
    };
    assert_eq!(sorted(shown.iter().map(|id| (*id).to_owned()).collect()), sorted(listed));
    for (id, at, gone) in held.iter().step_by(17).chain(held.iter().filter(|(.., gone)| *gone)) {
        let record = ask(&app, &format!("verb=GetRecord&metadataPrefix=oai_dc&identifier={id}")).await;
        assert_eq!(values(&record, "/header/identifier"), [id]);
        assert_eq!(values(&record, "/header/datestamp"), [at]);
        assert_eq!(values(&record, "dc:title").is_empty(), *gone);
    }
}

#[tokio::test]
async fn a_record_says_what_its_release_is() {
    let app = TestApp::seeds().await;
    let summary = app.store.summary().await.expect("a summary");
    for release in app.releases().await {
        let id = name(&summary.archive_id, word(&release["id"]));
        let record = ask(&app, &format!("verb=GetRecord&metadataPrefix=oai_dc&identifier={id}")).await;
        let one = |element: &str| values(&record, element).join("|");
        assert_eq!(one("dc:title"), word(&release["title"]));
        assert!(values(&record, "dc:identifier").contains(&word(&release["url"])));
        assert_eq!(one("dc:source"), release["original_url"].as_str().unwrap_or(""));
        assert_eq!(one("dc:language"), word(&release["lang"]));
        let edtf = release["published"]["edtf"].as_str().unwrap_or("");
        assert_eq!(one("dc:date"), edtf.split('T').next().unwrap_or(""));
        let labels: Vec<&str> = release["topics"].as_array().expect("topics").iter().map(|topic| word(&topic["label"])).collect();
        assert_eq!(values(&record, "dc:subject"), labels);
        let places: Vec<&str> = release["places"].as_array().expect("places").iter().map(|place| word(&place["name"])).collect();
        assert_eq!(values(&record, "dc:coverage"), places);
        assert!(!one("dc:rights").is_empty() && !one("dc:description").is_empty());
        let sets = values(&record, "/header/setSpec");
        assert_eq!(sets.len(), labels.len());
    }
}

#[tokio::test]
async fn sets_and_times_narrow_a_harvest() {
    let app = eventful().await;
    let found = ask(&app, "verb=ListSets").await;
    let specs = values(&found, "/set/setSpec");
    assert!(specs.contains(&"topic") && specs.contains(&"topic:partnerships:ukraine"), "{specs:?}");
    // The erased release belongs to every set: of its words nothing is known any more.
    let of_topic = |topic: &str| StampedAsked { topics: vec![topic.into()], limit: 10_000, ..StampedAsked::default() };
    let ukraine = app.store.stamped(&of_topic("ukraine")).await.expect("stamps");
    let (got, parts) = harvest(&app, "ListIdentifiers", "&set=topic:partnerships:ukraine").await;
    assert_eq!((got.len(), parts), (ukraine.len(), 1));
    assert!(got.len() > 80 && got.iter().filter(|(.., gone)| *gone).count() >= 1);
    let (all, _) = harvest(&app, "ListRecords", "&set=topic").await;
    assert!(all.len() >= got.len());
    assert_eq!(harvest(&app, "ListRecords", "&set=topic:no-such-topic").await, (vec![], 0));
    // One day ends with its last second; both ends are inclusive.
    write(
        &app,
        &[
            ("UPDATE stamp SET at = '2024-02-28T23:59:59Z' WHERE seq = 1", vec![]),
            ("UPDATE stamp SET at = '2024-02-29T00:00:00Z' WHERE seq = 2", vec![]),
            ("UPDATE stamp SET at = '2024-02-29T23:59:59Z' WHERE seq = 3", vec![]),
            ("UPDATE stamp SET at = '2024-03-01T00:00:00Z' WHERE seq = 4", vec![]),
        ],
    )
    .await;
    for (times, count) in [
        ("&from=2024-02-29&until=2024-02-29", 2),
        ("&until=2024-02-28", 1),
        ("&from=2024-02-28T23:59:59Z&until=2024-02-29T00:00:00Z", 2),
        ("&until=2024-03-01T00:00:00Z", 4),
        ("&until=2024-02-28T23:59:58Z", 0),
        ("&from=2999-01-01", 0),
    ] {
        assert_eq!(harvest(&app, "ListIdentifiers", times).await.0.len(), count, "{times}");
    }
    let identify = ask(&app, "verb=Identify").await;
    assert_eq!(values(&identify, "earliestDatestamp"), ["2024-02-28T23:59:59Z"]);
    // A list that is narrowed stays so from token to token.
    let (later, parts) = harvest(&app, "ListRecords", "&from=2024-03-01T00:00:00Z").await;
    assert_eq!((later.len(), parts), (270, 3));
}

#[tokio::test]
async fn a_change_during_a_harvest_is_not_missed() {
    let app = eventful().await;
    let first = ask(&app, "verb=ListRecords&metadataPrefix=oai_dc").await;
    let token = values(&first, "/resumptionToken")[0].to_owned();
    // One that was given and one that was not.
    app.store.withdraw(1, "Later.", "2099-02-03T04:05:06Z").await.expect("withdrawn");
    app.store.withdraw(200, "Later.", "2099-02-03T04:05:06Z").await.expect("withdrawn");
    let mut rest = Vec::new();
    let mut next = token;
    while !next.is_empty() {
        let found = ask(&app, &format!("verb=ListRecords&resumptionToken={next}")).await;
        rest.extend(
            values(&found, "/header/identifier")
                .into_iter()
                .zip(values(&found, "/header/datestamp"))
                .map(|(id, at)| (id.to_owned(), at.to_owned())),
        );
        next = values(&found, "/resumptionToken").first().copied().unwrap_or("").to_owned();
    }
    assert_eq!(rest.len(), 174);
    assert_eq!(rest.iter().filter(|(_, at)| at == "2099-02-03T04:05:06Z").count(), 2);
}

#[tokio::test]
async fn answers_bear_the_moment_at_which_whoever_writes_began() {
    let app = TestApp::seeds().await;
    let time = async || values(&ask(&app, "verb=Identify").await, "responseDate")[0].to_owned();
    let before = time().await;
    let lock = nato_archive::ingest::WriterLock::take(app.data_dir(), "a test").expect("the lock");
    let began = time().await;
    tokio::time::sleep(std::time::Duration::from_millis(2_100)).await;
    assert_eq!(time().await, began);
    drop(lock);
    // A file's time may lag behind the clock by some milliseconds, and so be of the second before.
    let moment = |at: &str| at.parse::<chrono::DateTime<chrono::Utc>>().expect("a moment");
    assert!(moment(&before) - moment(&began) <= chrono::TimeDelta::seconds(1) && began < time().await, "{before} {began}");
    // A process that was killed leaves its name behind, and no lock.
    std::fs::write(app.data_dir().join("writer.lock"), "an import, process 1").expect("written");
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    let now = time().await;
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    assert!(now < time().await);
}

#[tokio::test]
async fn errors_are_the_protocols() {
    let app = TestApp::seeds().await;
    let summary = app.store.summary().await.expect("a summary");
    let unknown = name(&summary.archive_id, "00000000");
    for (query, code) in [
        (String::new(), "badVerb"),
        ("verb=Nothing".into(), "badVerb"),
        ("verb=Identify&verb=Identify".into(), "badVerb"),
        ("verb=Identify&more=1".into(), "badArgument"),
        ("verb=ListRecords".into(), "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai%20dc".into(), "badArgument"),
        ("verb=ListRecords&metadataPrefix=marc21".into(), "cannotDisseminateFormat"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2025-01-01&until=2024-01-01".into(), "badArgument"),
        ("verb=ListRecords&resumptionToken=abc".into(), "badResumptionToken"),
        ("verb=ListSets&resumptionToken=abc".into(), "badResumptionToken"),
        ("verb=ListMetadataFormats&identifier=nothing".into(), "idDoesNotExist"),
        (format!("verb=GetRecord&metadataPrefix=oai_dc&identifier={unknown}"), "idDoesNotExist"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=%3Cb%3E%26%22".into(), "idDoesNotExist"),
    ] {
        let found = ask(&app, &query).await;
        let (_, attributes, words) = found.iter().find(|(name, ..)| name == "OAI-PMH/error").unwrap_or_else(|| panic!("{query}"));
        assert_eq!(attributes["code"], code, "{query}");
        assert!(words.ends_with('.'), "{words}");
        let (_, repeated, base) = found.iter().find(|(name, ..)| name == "OAI-PMH/request").expect("a request");
        assert_eq!(base, &format!("{BASE}/oai"));
        assert_eq!(repeated.is_empty(), matches!(code, "badVerb" | "badArgument"), "{query}");
    }
    let asked = ask(&app, "verb=GetRecord&metadataPrefix=oai_dc&identifier=%3Cb%3E%26%22").await;
    assert_eq!(asked.iter().find(|(name, ..)| name == "OAI-PMH/request").expect("a request").1["identifier"], "<b>&\"");
}

#[tokio::test]
async fn a_form_asks_as_an_address_does() {
    let app = TestApp::seeds().await;
    let form = "verb=ListIdentifiers&metadataPrefix=oai_dc&until=2999-01-01";
    let sent = app.send("/oai", "application/x-www-form-urlencoded", form).await.ok();
    let without_time = |xml: &str| elements(xml).into_iter().filter(|(name, ..)| !name.ends_with("responseDate")).collect::<Vec<_>>();
    assert_eq!(without_time(sent.text()), without_time(app.get(&format!("/oai?{form}")).await.ok().text()));
    // A body that is no request, or far too long for one.
    assert!(app.send("/oai", "application/json", "{}").await.ok().text().contains("badVerb"));
    app.send("/oai", "application/x-www-form-urlencoded", &"a".repeat(100_000)).await.is(413);
    app.send("/data", "application/x-www-form-urlencoded", form).await.is(405);
    let empty = TestApp::empty().await;
    assert_eq!(values(&ask(&empty, "verb=Identify").await, "earliestDatestamp"), ["1970-01-01T00:00:00Z"]);
    assert_eq!(harvest(&empty, "ListRecords", "").await, (vec![], 0));
}
