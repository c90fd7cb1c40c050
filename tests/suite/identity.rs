//! Who is who: what a text that comes in is held to be, and what the owner can say about it.

use std::sync::Arc;

use nato_archive::ingest::check::check;
use nato_archive::ingest::{Clock, Owner, Report, Source};
use nato_archive::model::history::Field;
use nato_archive::model::{EventKind, How, Outcome, ReleaseId, Substance};
use nato_archive::store::{EventsAsked, SplitFrom};
use serde_json::{Value, json};

use crate::support::app::{TestApp, ndjson, text, word};

/// Words that a text about anything can be made of.
const WORDS: &[&str] = &[
    "ministers",
    "reviewed",
    "the",
    "agreement",
    "on",
    "harbours",
    "and",
    "winter",
    "supplies",
    "before",
    "thanking",
    "engineers",
    "from",
    "seven",
    "nations",
    "whose",
    "bridges",
    "carry",
    "grain",
    "over",
    "rivers",
    "into",
    "valleys",
    "that",
    "floods",
    "had",
    "cut",
    "off",
    "while",
    "talks",
    "about",
    "rail",
    "gauges",
    "went",
    "on",
    "in",
    "another",
    "room",
    "with",
    "delegates",
    "asking",
    "for",
    "maps",
    "charts",
    "lamps",
    "and",
    "patience",
    "until",
    "dawn",
    "when",
    "ships",
    "arrived",
    "bearing",
    "letters",
    "medicine",
    "timber",
    "wire",
    "flags",
    "paint",
    "salt",
];

/// A text of several paragraphs, long enough to be told by its words alone; about two things it has hardly three words in a row in common.
fn body(about: &str) -> String {
    let mut state = about.bytes().fold(7u64, |state, byte| state.wrapping_mul(31).wrapping_add(u64::from(byte)));
    let mut word = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        WORDS[(state >> 33) as usize % WORDS.len()]
    };
    let paragraphs: Vec<String> = (1..=6)
        .map(|number| {
            let words: Vec<&str> = (0..24).map(|_| word()).collect();
            format!("Paragraph {number} {}, as was said at meeting number {number} about {about}.", words.join(" "))
        })
        .collect();
    paragraphs.join("\n\n")
}

fn release(title: &str, body: &str, more: Value) -> Value {
    let mut release = json!({ "title": title, "body": body });
    if let (Value::Object(release), Value::Object(more)) = (&mut release, more) {
        release.extend(more);
    }
    release
}

async fn load(app: &TestApp, name: &str, releases: &[Value]) -> [u64; 4] {
    let Report { new, changed, unchanged, mirror, .. } = app.load(&[ndjson(name, releases)]).await;
    [new, changed, unchanged, mirror]
}

const NEW: [u64; 4] = [1, 0, 0, 0];
const CHANGED: [u64; 4] = [0, 1, 0, 0];
const UNCHANGED: [u64; 4] = [0, 0, 1, 0];
const MIRROR: [u64; 4] = [0, 0, 0, 1];

/// The first release, then the second: what becomes of it.
async fn becomes(first: &Value, second: &Value) -> ([u64; 4], TestApp) {
    let app = TestApp::empty().await;
    assert_eq!(load(&app, "first.ndjson", std::slice::from_ref(first)).await, NEW);
    let outcome = load(&app, "second.ndjson", std::slice::from_ref(second)).await;
    let found = check(&*app.store, &app.index).await.expect("a check");
    assert_eq!(found.wrong, Vec::<String>::new(), "{second}");
    (outcome, app)
}

async fn only(app: &TestApp) -> (ReleaseId, i64) {
    let item = app.items().await.remove(0);
    let id: ReleaseId = word(&item["id"]).parse().expect("an id");
    (id, app.store.seq_of(id).await.expect("a number").expect("a release"))
}

#[tokio::test]
async fn each_rule_decides_in_its_turn() {
    let words = body("energy");
    let changed = words.replace("meeting number 3", "meeting number 33");
    let paragraph = words.replace("Paragraph 6", "A last paragraph that was put in anew");
    let footer = format!("{words}\n\nMore statements of this kind can be found on the pages of the ministry, which are open to all.");
    let with = |more: Value| release("A title", &words, more);
    let key = |key: &str| json!({ "key": key, "source": "NATO" });
    type Case = (&'static str, Value, Value, [u64; 4], Option<How>);
    let cases: Vec<Case> = vec![
        ("the same key and words", with(key("a")), with(json!({ "key": "a", "source": "NATO", "not_read": 1 })), UNCHANGED, Some(How::Key)),
        ("the same key, other words", with(key("a")), release("A title", &changed, key("a")), CHANGED, Some(How::Key)),
        ("the same key, another title", with(key("a")), release("Another title", &words, key("a")), CHANGED, Some(How::Key)),
        (
            "the same page under an older address",
            with(json!({ "url": "https://www.nato.int/cps/en/natohq/news_165249.htm?selectedLocale=en" })),
            release("A title", &changed, json!({ "url": "http://nato.int/cps/en/SID-4D296EA2-793211A0/natolive/news_165249.htm" })),
            CHANGED,
            Some(How::Url),
        ),
        (
            "the same page in a web archive",
            with(json!({ "url": "https://www.example.org/a" })),
            release("A title", &changed, json!({ "url": "https://web.archive.org/web/20120102030405/http://example.org/a" })),
            CHANGED,
            Some(How::Url),
        ),
        ("the same words at another source", with(key("a")), with(json!({ "key": "b", "source": "Ministry" })), MIRROR, Some(How::Text)),
        ("the same words under another key", with(key("a")), with(key("b")), MIRROR, Some(How::Text)),
        ("a changed figure, unnamed", with(json!({})), release("A title!", &changed, json!({})), CHANGED, Some(How::Words)),
        ("a changed paragraph, unnamed", with(json!({})), release("Another title", &paragraph, json!({})), CHANGED, Some(How::Near)),
        (
            "another footer at another source",
            with(key("a")),
            release("A title", &footer, json!({ "source": "Ministry" })),
            MIRROR,
            Some(How::Near),
        ),
        ("a changed figure under another key", with(key("a")), release("A title", &changed, key("b")), NEW, Some(How::Near)),
        (
            "a changed figure a year later",
            release("A title", &words, json!({ "published_on": "2024-03-01" })),
            release("A title", &changed, json!({ "published_on": "2025-03-01", "source": "NATO" })),
            NEW,
            Some(How::Near),
        ),
        ("too short to tell", release("A", "We met today.", json!({})), release("B", "We met today.", json!({})), NEW, None),
        (
            "other words",
            with(json!({})),
            release(
                "A title",
                &body("something else entirely, namely fish").replace("ministers", "fishers and traders from all coasts"),
                json!({}),
            ),
            NEW,
            None,
        ),
    ];
    for (what, first, second, expected, how) in cases {
        let (outcome, app) = becomes(&first, &second).await;
        assert_eq!(outcome, expected, "{what}");
        let mut decisions = Vec::new();
        for item in app.items().await {
            let id: ReleaseId = word(&item["id"]).parse().expect("an id");
            let seq = app.store.seq_of(id).await.expect("a number").expect("a release");
            decisions.extend(app.store.explained(seq).await.expect("decisions"));
        }
        let decision = decisions.iter().find(|place| place.document == "second.ndjson").unwrap_or_else(|| panic!("{what}"));
        assert_eq!(decision.decision.how, how, "{what}: {:?}", decision.decision);
        assert!(!decision.decision.sentence().is_empty(), "{what}");
    }
}

#[tokio::test]
async fn a_corrected_text_without_a_name_is_a_new_version_of_its_release() {
    let feed = |opening: &str| {
        format!("A first title\n\nSource: NATO\n\n{opening} {}\n\nA second title\n\nSource: NATO\n\n{}\n", body("fuel"), body("ships"))
    };
    let app = TestApp::empty().await;
    app.load(&[text("feed.txt", &feed("On Friday 25 April 2025 ministers met."))]).await;
    let report = app.load(&[text("feed.txt", &feed("On Friday 25 April 2025 all ministers met again."))]).await;
    assert_eq!((report.new, report.changed, report.unchanged), (0, 1, 1));
    let found = check(&*app.store, &app.index).await.expect("a check");
    assert_eq!(found.wrong, Vec::<String>::new());
}

#[tokio::test]
async fn versions_are_kept_whole_with_what_changed() {
    let (one, two) = (body("grain"), body("grain").replace("meeting number 2", "meeting number 22"));
    let app = TestApp::empty().await;
    let given = json!({ "key": "a", "source": "NATO", "published_on": "2024-03-01" });
    for (number, (title, body, expected)) in [
        ("It’s a title", one.as_str(), NEW),
        ("It's a title", one.as_str(), CHANGED),
        ("It's a title", two.as_str(), CHANGED),
        ("It's a title", two.as_str(), UNCHANGED),
        ("It’s a title", one.as_str(), UNCHANGED),
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(load(&app, &format!("{number}.ndjson"), &[release(title, body, given.clone())]).await, expected, "{number}");
    }
    let (id, seq) = only(&app).await;
    let versions = app.store.versions(id).await.expect("versions");
    let edits: Vec<_> = versions.iter().map(|version| version.edit.map(|edit| (edit.substance, edit.added, edit.removed))).collect();
    assert_eq!(edits, [None, Some((Substance::Trivial, 0, 0)), Some((Substance::Substantive, 1, 1))]);
    assert_eq!(versions.iter().map(|version| version.current).collect::<Vec<_>>(), [false, false, true]);
    let first = app.store.version(id, 1).await.expect("a version").expect("the first");
    assert!(first.text.starts_with("It’s a title\n\n") && first.text.ends_with(&one));
    assert_eq!(app.store.history(seq).await.expect("a history").substantive, Some((2, 3)));
    let what: Vec<EventKind> = app
        .store
        .events(EventsAsked { limit: 9, ..EventsAsked::default() })
        .await
        .expect("events")
        .iter()
        .map(|event| event.what)
        .collect();
    assert_eq!(what, [EventKind::Edited, EventKind::Retouched, EventKind::Added]);
    let dated = json!({ "key": "a", "source": "NATO", "published_on": "2024-03-02" });
    assert_eq!(load(&app, "dated.ndjson", &[release("It's a title", &two, dated)]).await, CHANGED);
    // Another stated day is a change of its own, and the day that was stated before is not forgotten.
    let days: Vec<_> =
        app.store.versions(id).await.expect("versions").into_iter().map(|version| version.published.edtf.unwrap_or_default()).collect();
    assert_eq!(days, ["2024-03-01", "2024-03-01", "2024-03-01", "2024-03-02"]);
    let last = app.store.versions(id).await.expect("versions").pop().expect("the fourth");
    assert!(last.edit.is_some_and(|edit| edit.date && edit.substance == Substance::Substantive), "{:?}", last.edit);
    // To say it more exactly is no change.
    let timed = json!({ "key": "a", "source": "NATO", "published_on": "2024-03-02T10:00:00Z" });
    assert_eq!(load(&app, "timed.ndjson", &[release("It's a title", &two, timed)]).await, CHANGED);
    assert_eq!(app.store.versions(id).await.expect("versions").len(), 4);
}

#[tokio::test]
async fn two_languages_of_a_page_are_linked_and_each_address_leads_to_its_own() {
    let app = TestApp::empty().await;
    let french: String = (1..=6).map(|number| format!("Les ministres des pays alliés se sont réunis à Bruxelles pour la séance numéro {number}, et ils ont remercié le pays hôte de son accueil.\n\n")).collect();
    let english = release(
        "Ministers meet",
        &body("pipelines"),
        json!({ "url": "https://www.nato.int/cps/en/natohq/news_1000.htm", "source": "NATO" }),
    );
    let other = release(
        "Les ministres se réunissent",
        &french,
        json!({ "url": "https://www.nato.int/cps/fr/natohq/news_1000.htm", "source": "NATO" }),
    );
    assert_eq!(load(&app, "en.ndjson", &[english]).await, NEW);
    assert_eq!(load(&app, "fr.ndjson", &[other]).await, NEW);
    let to = |path: &'static str| async { app.get(path).await.is(303).header("location").to_owned() };
    let en = to("/go?url=http://nato.int/cps/en/natolive/news_1000.htm").await;
    let fr = to("/go?url=https://www.nato.int/cps/en/natohq/news_1000.htm%3FselectedLocale%3Dfr").await;
    assert!(en.contains("ministers-meet") && fr.contains("les-ministres"), "{en} {fr}");
    // Not held in Russian: any is better than none.
    assert!(to("/go?url=https://www.nato.int/cps/ru/natohq/news_1000.htm").await.starts_with("/releases/"));
    for item in app.items().await {
        let seq = app.store.seq_of(word(&item["id"]).parse().expect("an id")).await.expect("a number").expect("a release");
        assert_eq!(app.store.history(seq).await.expect("a history").translations.len(), 1);
    }
}

#[tokio::test]
async fn a_publishers_number_finds_the_same_release_at_a_new_address() {
    let words = format!("Press Release (2012) 062\n\n{}", body("Chicago"));
    let at = |url: &str, words: &str| release("Declaration", words, json!({ "url": url, "source": "NATO" }));
    let moved = words.replace("meeting number 3", "the third meeting");
    let (outcome, _) = becomes(
        &at("https://www.nato.int/docu/pr/2012/p12-062e.htm", &words),
        &at("https://www.nato.int/cps/en/natohq/official_texts_87593.htm", &moved),
    )
    .await;
    assert_eq!(outcome, CHANGED);
    // The same number over other words is a slip of somebody's.
    let other = format!("Press Release (2012) 062\n\n{}", body("fishing"));
    let (outcome, _) =
        becomes(&at("https://www.nato.int/docu/pr/2012/p12-062e.htm", &words), &at("https://www.nato.int/x/other.htm", &other)).await;
    assert_eq!(outcome, NEW);
}

fn owner(app: &TestApp) -> Owner {
    Owner::new(app.store.clone(), Arc::clone(&app.index), Clock::fixed("2026-01-01T00:00:00Z"))
}

#[tokio::test]
async fn withdrawn_is_gone_from_lists_and_search_and_comes_back() {
    let app =
        TestApp::of(&[release("Kept", &body("kept"), json!({})), release("Withdrawn", &body("quicksilver"), json!({ "key": "w" }))]).await;
    let item = app.items().await.into_iter().find(|item| item["title"] == "Withdrawn").expect("it");
    let id: ReleaseId = word(&item["id"]).parse().expect("an id");
    owner(&app).withdraw(id, "A court order.").await.expect("a withdrawal");
    assert_eq!(app.items().await.len(), 1);
    assert_eq!(app.get("/api/v1/search?q=quicksilver").await.ok().json()["total"], 0);
    assert!(app.store.gone(id).await.expect("an answer").is_some());
    // It comes again and stays withdrawn.
    assert_eq!(load(&app, "again.ndjson", &[release("Withdrawn", &body("quicksilver"), json!({ "key": "w" }))]).await, UNCHANGED);
    assert_eq!(app.items().await.len(), 1);
    assert_eq!(check(&*app.store, &app.index).await.expect("a check").wrong, Vec::<String>::new());
    owner(&app).reinstate(id).await.expect("a return");
    assert_eq!(app.get("/api/v1/search?q=quicksilver").await.ok().json()["total"], 1);
    assert!(owner(&app).reinstate(id).await.is_err());
    assert!(owner(&app).withdraw(id, "  ").await.is_err(), "a reason is wanted");
}

#[tokio::test]
async fn erased_words_are_nowhere_and_stay_away() {
    let feed = format!(
        "A title\n\nSource: NATO\n\n{}\n\nA secret title\n\nSource: NATO\n\nThe quicksilver words. {}\n",
        body("fuel"),
        body("ships")
    );
    let app = TestApp::empty().await;
    app.load(&[text("feed.txt", &feed)]).await;
    let item = app.items().await.into_iter().find(|item| item["title"] == "A secret title").expect("it");
    let id: ReleaseId = word(&item["id"]).parse().expect("an id");
    owner(&app).erase(id, "A court order.").await.expect("an erasure");
    let database = std::fs::read(app.database()).expect("the database");
    assert!(!database.windows(11).any(|bytes| bytes == b"quicksilver"), "the words are still in the file");
    assert!(owner(&app).reinstate(id).await.is_err());
    assert_eq!(check(&*app.store, &app.index).await.expect("a check").wrong, Vec::<String>::new());
    let again = release("A secret title", &format!("The quicksilver words. {}", body("ships")), json!({ "source": "NATO" }));
    assert_eq!(load(&app, "again.ndjson", &[again]).await, UNCHANGED);
    assert_eq!(app.items().await.len(), 1);
}

#[tokio::test]
async fn a_correction_is_shown_and_outlives_describing_and_loading_again() {
    let given = json!({ "key": "a", "source": "NATO", "published_on": "2024-03-01" });
    let app = TestApp::of(&[release("A title", &body("cyber defence"), given.clone())]).await;
    let (id, seq) = only(&app).await;
    let topic = app.store.topics().await.expect("topics").remove(0).slug;
    for (field, value) in
        [(Field::Date, "2023-12-24"), (Field::Title, "The right title"), (Field::Kind, "speech"), (Field::Topics, topic.as_str())]
    {
        owner(&app).correct(id, field, Some(value), "The paper says so.").await.expect("a correction");
    }
    let shown = |item: &Value| {
        (
            word(&item["published"]["edtf"]).to_owned(),
            word(&item["title"]).to_owned(),
            word(&item["kind"]).to_owned(),
            item["topics"][0]["slug"].clone(),
        )
    };
    let expected = ("2023-12-24".to_owned(), "The right title".to_owned(), "speech".to_owned(), json!(topic));
    assert_eq!(shown(&app.items().await[0]), expected);
    assert_eq!(load(&app, "later.ndjson", &[release("A new title", &body("cyber attacks"), given)]).await, CHANGED);
    assert_eq!(shown(&app.items().await[0]), expected);
    let history = app.store.history(seq).await.expect("a history");
    let found = |field: Field| history.corrections.iter().find(|correction| correction.field == field).expect("a correction").found.clone();
    assert_eq!((found(Field::Title), &found(Field::Date)["edtf"]), (json!("A new title"), &json!("2024-03-01")));
    assert_eq!(check(&*app.store, &app.index).await.expect("a check").wrong, Vec::<String>::new());
    for field in Field::ALL {
        owner(&app).correct(id, *field, None, "It was right.").await.expect("the way back");
    }
    let item = app.items().await.remove(0);
    assert_eq!((word(&item["published"]["edtf"]), word(&item["title"])), ("2024-03-01", "A new title"));
    for (field, wrong) in [(Field::Date, "31/31/2024"), (Field::Kind, "poem"), (Field::Topics, "no-such-topic"), (Field::Title, " ")] {
        assert!(owner(&app).correct(id, field, Some(wrong), "Because.").await.is_err(), "{wrong}");
    }
}

#[tokio::test]
async fn rulings_survive_later_imports() {
    let one = release("One", &body("one thing"), json!({ "key": "1", "source": "NATO" }));
    let two = release("Two", &body("quite another matter, of course"), json!({ "key": "2", "source": "Ministry" }));
    let app = TestApp::of(&[one.clone(), two.clone()]).await;
    let items = app.items().await;
    let of =
        |title: &str| items.iter().find(|item| item["title"] == title).map(|item| word(&item["id"]).parse::<ReleaseId>().expect("an id"));
    let ids = [of("One").expect("one"), of("Two").expect("two")];
    owner(&app).link(ids[0], ids[1], "They are one.", false).await.expect("a link");
    assert_eq!(app.items().await.len(), 1);
    assert_eq!(load(&app, "again.ndjson", &[two.clone(), one.clone()]).await, [0, 0, 2, 0]);
    let changed = release("Two", &body("quite another matter, as it turned out"), json!({ "key": "2", "source": "Ministry" }));
    assert_eq!(load(&app, "changed.ndjson", &[changed]).await, MIRROR, "a copy that changed is no version of the release");
    assert_eq!(check(&*app.store, &app.index).await.expect("a check").wrong, Vec::<String>::new());
    owner(&app).unlink(ids[0], ids[1], "They are two after all.").await.expect("the way back");
    assert_eq!(app.items().await.len(), 2);

    let joint = body("a joint statement of two members");
    let of = |source: &str| release("Joint statement", &joint, json!({ "key": source, "source": source }));
    let app = TestApp::of(&[of("Member A"), of("Member B")]).await;
    let (id, _) = only(&app).await;
    let new = owner(&app).split(id, SplitFrom::Copy(1), "Each said it alone.").await.expect("a split");
    assert_ne!(id, new);
    assert_eq!(app.items().await.len(), 2);
    assert_eq!(load(&app, "again.ndjson", &[of("Member B"), of("Member A")]).await, [0, 0, 2, 0]);
    assert_eq!(check(&*app.store, &app.index).await.expect("a check").wrong, Vec::<String>::new());
    let explained = app.store.explained(app.store.seq_of(new).await.expect("a number").expect("it")).await.expect("decisions");
    assert!(explained.iter().any(|place| place.decision.outcome == Outcome::Mirror), "what was decided first is still told");
}

#[tokio::test]
async fn a_version_that_was_another_release_can_be_split_off() {
    let (one, two) = (body("gas"), body("gas").replace("meeting number 4", "meeting number 44"));
    let app = TestApp::empty().await;
    assert_eq!(load(&app, "one.ndjson", &[release("One", &one, json!({}))]).await, NEW);
    assert_eq!(load(&app, "two.ndjson", &[release("Two", &two, json!({}))]).await, CHANGED);
    let (id, _) = only(&app).await;
    let new = owner(&app).split(id, SplitFrom::CurrentVersion, "Two days, two statements.").await.expect("a split");
    let titles: Vec<(String, String)> =
        app.items().await.iter().map(|item| (word(&item["id"]).to_owned(), word(&item["title"]).to_owned())).collect();
    assert!(titles.contains(&(id.to_string(), "One".into())) && titles.contains(&(new.to_string(), "Two".into())), "{titles:?}");
    assert_eq!(load(&app, "three.ndjson", &[release("Two", &two, json!({})), release("One", &one, json!({}))]).await, [0, 0, 2, 0]);
    assert_eq!(check(&*app.store, &app.index).await.expect("a check").wrong, Vec::<String>::new());
}

#[tokio::test]
async fn topics_that_were_put_right_outlive_describing_by_other_rules() {
    let app = TestApp::of(&[release("A title", &format!("Cyber defence and cyber attacks. {}", body("fuel")), json!({}))]).await;
    let (id, _) = only(&app).await;
    let topic = app.store.topics().await.expect("topics").remove(0).slug;
    owner(&app).correct(id, Field::Topics, Some(&topic), "It is about that.").await.expect("a correction");
    let (topics, gazetteer) = app.store.vocabulary().await.expect("an answer").expect("vocabularies");
    let other = topics.replace("Cyber defence", "Kyber defence").replace("cyber", "kyber");
    let vocabulary = nato_archive::describe::Vocabulary::load(&other, &gazetteer).expect("a vocabulary");
    nato_archive::ingest::describe::describe_all(&*app.store, &vocabulary, "2026-01-01T00:00:00Z", &mut nato_archive::ingest::Quiet)
        .await
        .expect("a description");
    assert_eq!(app.items().await.remove(0)["topics"][0]["slug"], json!(topic));
}

#[tokio::test]
async fn what_is_issued_anew_every_year_is_one_release_a_year() {
    let opening = body("the values that we share");
    let year = |day: &str, ending: &str| {
        let words = format!("{opening}\n\n{ending}");
        release("On Human Rights Day", &words, json!({ "source": "NATO", "published_on": day }))
    };
    let (first, second) = (year("2023-12-10", &body("nurses")), year("2024-12-10", &body("fishermen and the nets they mend")));
    let app = TestApp::empty().await;
    assert_eq!(load(&app, "1.ndjson", std::slice::from_ref(&first)).await, NEW);
    assert_eq!(load(&app, "2.ndjson", std::slice::from_ref(&second)).await, NEW, "days that lie far apart, and other words");
    assert_eq!(load(&app, "3.ndjson", &[second.clone(), first.clone(), second]).await, [0, 0, 3, 0]);
    let typo = year("2023-12-10", &body("nurses").replace("meeting number 4", "meeting number 44"));
    assert_eq!(load(&app, "4.ndjson", &[typo]).await, CHANGED, "the same day: the same release");
    assert_eq!(load(&app, "5.ndjson", &[year("2025-12-10", &body("miners under the hills")), first]).await, [1, 0, 1, 0]);
    assert_eq!(app.items().await.len(), 3);
    assert_eq!(check(&*app.store, &app.index).await.expect("a check").wrong, Vec::<String>::new());
}

#[tokio::test]
async fn a_change_taken_back_in_one_file_is_told_as_such() {
    let given = json!({ "key": "a", "source": "NATO" });
    let (one, two) = (release("A", &body("gas"), given.clone()), release("A", &body("oil"), given));
    let app = TestApp::empty().await;
    assert_eq!(load(&app, "aba.ndjson", &[one.clone(), two, one]).await, [1, 1, 1, 0]);
    let (_, seq) = only(&app).await;
    let explained = app.store.explained(seq).await.expect("decisions");
    let reason = explained.last().expect("three decisions").decision.sentence();
    assert!(reason.contains("an earlier version"), "{reason}");
}

#[tokio::test]
async fn a_publisher_that_is_known_is_not_forgotten_where_a_later_source_is_silent() {
    let app = TestApp::of(&[release("A title", &body("gas"), json!({ "source": "NATO" }))]).await;
    let later = body("gas").replace("meeting number 4", "meeting number 44");
    assert_eq!(load(&app, "later.ndjson", &[release("A title", &later, json!({}))]).await, CHANGED);
    assert_eq!(app.items().await.remove(0)["source"]["name"], "NATO");
}

#[tokio::test]
async fn a_version_under_one_key_can_be_split_off_and_stays_so() {
    let given = json!({ "key": "a", "source": "NATO", "url": "https://www.nato.int/cps/en/natohq/news_77.htm" });
    let (one, two) = (release("One", &body("gas"), given.clone()), release("Two", &body("quite another thing"), given));
    let app = TestApp::empty().await;
    assert_eq!(load(&app, "one.ndjson", std::slice::from_ref(&one)).await, NEW);
    assert_eq!(load(&app, "two.ndjson", std::slice::from_ref(&two)).await, CHANGED);
    let (id, _) = only(&app).await;
    let new = owner(&app).split(id, SplitFrom::CurrentVersion, "The publisher used its key twice.").await.expect("a split");
    assert_ne!(id, new);
    assert_eq!(load(&app, "again.ndjson", &[two, one]).await, [0, 0, 2, 0]);
    assert_eq!(app.items().await.len(), 2);
    assert_eq!(check(&*app.store, &app.index).await.expect("a check").wrong, Vec::<String>::new());
}

#[tokio::test]
async fn splitting_what_was_linked_is_taking_the_link_back() {
    let of = |title: &str| release(title, &body(title), json!({ "key": title, "source": "NATO" }));
    let app = TestApp::of(&[of("One"), of("Another matter")]).await;
    let ids: Vec<ReleaseId> = app.items().await.iter().map(|item| word(&item["id"]).parse().expect("an id")).collect();
    owner(&app).link(ids[0], ids[1], "They are one.", false).await.expect("a link");
    assert_eq!(owner(&app).split(ids[0], SplitFrom::Copy(1), "They are two.").await.expect("a split"), ids[1]);
    assert_eq!(app.items().await.len(), 2);
    assert_eq!(check(&*app.store, &app.index).await.expect("a check").wrong, Vec::<String>::new());
}

#[tokio::test]
async fn erasing_takes_out_the_words_of_what_was_linked_too() {
    let words = format!("The quicksilver words. {}", body("ships"));
    let app = TestApp::of(&[
        release("One", &body("fuel"), json!({ "key": "1", "source": "NATO" })),
        release("Two", &words, json!({ "key": "2", "source": "Ministry" })),
    ])
    .await;
    let of = |items: &[Value], title: &str| -> ReleaseId {
        items.iter().find(|item| item["title"] == title).map(|item| word(&item["id"]).parse().expect("an id")).expect("it")
    };
    let items = app.items().await;
    let (one, two) = (of(&items, "One"), of(&items, "Two"));
    owner(&app).link(one, two, "They are one.", false).await.expect("a link");
    owner(&app).erase(one, "A court order.").await.expect("an erasure");
    let database = std::fs::read(app.database()).expect("the database");
    assert!(!database.windows(11).any(|bytes| bytes == b"quicksilver"), "the words are still in the file");
    assert!(owner(&app).unlink(one, two, "They are two.").await.is_err(), "nothing is left to part");
}

#[tokio::test]
async fn what_is_withdrawn_is_not_linked_into_sight() {
    let of = |title: &str| release(title, &body(title), json!({ "key": title, "source": "NATO" }));
    let app = TestApp::of(&[of("Shown"), of("Kept back")]).await;
    let items = app.items().await;
    let ids: Vec<ReleaseId> = items.iter().map(|item| word(&item["id"]).parse().expect("an id")).collect();
    owner(&app).withdraw(ids[1], "A court order.").await.expect("a withdrawal");
    for (one, other) in [(ids[0], ids[1]), (ids[1], ids[0])] {
        let refused = owner(&app).link(one, other, "They are one.", false).await.expect_err("a refusal");
        assert!(refused.to_string().contains("reinstate"), "{refused}");
    }
    assert_eq!(app.items().await.len(), 1);
}

#[tokio::test]
async fn corrections_are_made_all_or_none() {
    let app = TestApp::of(&[release("A title", &body("cyber defence"), json!({ "key": "a", "published_on": "2024-03-01" }))]).await;
    let (id, seq) = only(&app).await;
    let changes = [(Field::Date, Some("2023-12-24")), (Field::Kind, Some("poem"))];
    assert!(owner(&app).correct_all(id, &changes, "The paper says so.").await.is_err());
    assert!(app.store.history(seq).await.expect("a history").corrections.is_empty());
}

#[tokio::test]
async fn words_that_are_fetched_anew_have_come_back_and_old_snapshots_have_not() {
    let app = TestApp::empty().await;
    let given = json!({ "key": "a", "source": "NATO" });
    let (one, other) = (
        release("A title", &body("coal"), given.clone()),
        release("A title", &body("coal").replace("Paragraph 2", "Paragraph two"), given),
    );
    assert_eq!(load(&app, "1.ndjson", std::slice::from_ref(&one)).await, NEW);
    assert_eq!(load(&app, "2.ndjson", std::slice::from_ref(&other)).await, CHANGED);
    let fetched = |name: &str, day: &str| {
        let (name, bytes) = (name.to_owned(), format!("{one}\n\n{}", " ".repeat(day.len() + name.len())).into_bytes());
        Source::Embedded { name, bytes, sidecar: Some(format!("fetched_on = {day}")) }
    };
    assert_eq!(app.load(&[fetched("late.ndjson", "2001-01-01")]).await.unchanged, 1, "an old snapshot that is read late");
    assert_eq!(app.load(&[fetched("new", "2999-01-01")]).await.changed, 1);
    let (id, _) = only(&app).await;
    assert_eq!(app.store.versions(id).await.expect("versions").len(), 3);
}

#[tokio::test]
async fn a_page_of_a_site_with_one_publisher_is_that_publishers() {
    let app = TestApp::of(&[release("A title", "Words.", json!({ "url": "https://www.nato.int/cps/en/natohq/news_1.htm" }))]).await;
    assert_eq!(app.items().await[0]["source"]["name"], "NATO");
}
