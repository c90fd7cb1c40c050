//! The story of an archive: loaded, loaded again, changed, described again, checked, tampered with.

use nato_archive::ingest::Source;
use nato_archive::ingest::check::{Findings, check};
use nato_archive::store::{StoreError, connect};
use serde_json::json;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};

use crate::support::app::{Builder, TestApp, ndjson, text, word};

/// A way past the program to its database.
async fn raw(app: &TestApp) -> SqliteConnection {
    SqliteConnectOptions::new().filename(app.database()).connect().await.expect("a connection")
}

async fn findings(app: &TestApp) -> Findings {
    check(&*app.store, &app.index).await.expect("a check")
}

async fn ids(app: &TestApp) -> Vec<String> {
    app.items().await.iter().map(|item| word(&item["id"]).to_owned()).collect()
}

#[tokio::test]
async fn the_same_documents_twice_are_new_once_and_then_unchanged() {
    let app = TestApp::empty().await;
    let first = app.load(&Source::seeds()).await;
    assert_eq!((first.documents, first.new, first.changed, first.unchanged, first.refused), (3, 23, 0, 0, 0));
    let generation = app.store.generation().await.expect("a generation");
    let before = ids(&app).await;
    let second = app.load(&Source::seeds()).await;
    assert_eq!((second.documents, second.new, second.changed, second.unchanged, second.refused), (3, 0, 0, 23, 0));
    assert_eq!(app.store.generation().await.expect("a generation"), generation, "nothing happened, so nothing is logged");
    assert_eq!(ids(&app).await, before);
}

#[tokio::test]
async fn two_fresh_archives_give_the_same_ids_and_addresses() {
    let (one, other) = (TestApp::seeds().await, TestApp::empty().await);
    // In another order too: an id rests on the release, not on when it came.
    let mut seeds = Source::seeds();
    seeds.reverse();
    other.load(&seeds).await;
    let urls = |items: Vec<serde_json::Value>| items.iter().map(|item| word(&item["url"]).to_owned()).collect::<Vec<_>>();
    assert_eq!(urls(one.items().await), urls(other.items().await));
}

#[tokio::test]
async fn a_changed_sidecar_describes_its_document_again_and_nothing_else() {
    let app = TestApp::seeds().await;
    let before = ids(&app).await;
    let mut seeds = Source::seeds();
    let mut touched = 0;
    for source in &mut seeds {
        if let Source::Embedded { sidecar: Some(sidecar), .. } = source
            && sidecar.contains("time_zone = \"Europe/Amsterdam\"")
        {
            *sidecar = sidecar.replace("Europe/Amsterdam", "Europe/Lisbon");
            touched += 1;
        }
    }
    assert_eq!(touched, 1);
    let report = app.load(&seeds).await;
    assert_eq!((report.new, report.changed, report.unchanged), (0, 12, 11));
    let items = app.items().await;
    let offsets: Vec<&str> = items.iter().filter_map(|item| item["published"]["offset"].as_str()).collect();
    assert_eq!(offsets, vec!["+01:00"; 12]);
    assert_eq!(ids(&app).await, before);
    assert!(findings(&app).await.wrong.is_empty());
}

#[tokio::test]
async fn a_changed_text_of_a_known_key_keeps_its_id_and_gets_its_new_address() {
    let release =
        |title: &str, body: &str| json!({"key": "pr-1", "source": "NATO", "title": title, "body": body, "published_on": "2024-03-01"});
    let app = TestApp::of(&[release("First title", "The old words.")]).await;
    let old = app.items().await.remove(0);
    let report = app.load(&[ndjson("later.ndjson", &[release("Second title", "Other words.")])]).await;
    assert_eq!((report.new, report.changed, report.unchanged), (0, 1, 0));
    let items = app.items().await;
    assert_eq!(items.len(), 1);
    assert_eq!((&items[0]["id"], word(&items[0]["title"])), (&old["id"], "Second title"));
    let id = word(&old["id"]);
    assert_eq!(app.get(&format!("/releases/{id}/first-title")).await.moved_to(), format!("/releases/{id}/second-title"));
    for (q, total) in [("old", 0), ("other", 1)] {
        assert_eq!(app.get(&format!("/api/v1/search?q={q}")).await.ok().json()["total"], total, "{q}");
    }
    assert_eq!(findings(&app).await.wrong, Vec::<String>::new());
}

#[tokio::test]
async fn a_check_of_an_honest_archive_finds_nothing_and_counts_everything() {
    let app = Builder::default().with_seeds().with(ndjson("more.ndjson", &[json!({"title": "A", "body": "B"})])).start().await;
    let found = findings(&app).await;
    assert_eq!((found.wrong, found.documents, found.releases), (Vec::new(), 4, 24));
    // What stands in the seeds beside white space, counted here by other means.
    let characters: usize = Source::seeds()
        .iter()
        .map(|seed| match seed {
            Source::Embedded { bytes, .. } => String::from_utf8_lossy(bytes).chars().filter(|c| !c.is_whitespace()).count(),
            _ => 0,
        })
        .sum();
    assert_eq!(found.characters, characters as u64);
}

#[tokio::test]
async fn a_check_says_what_was_tampered_with() {
    for (what, sql, words) in [
        ("a text", "UPDATE release_text SET text = text || '.' WHERE seq = 5", "text of release number 5"),
        ("an occurrence", "UPDATE occurrence SET at_end = at_end - 9 WHERE document_id = 1 AND position = 2", "stand in no release"),
        ("a place", "UPDATE occurrence SET sha256 = 'x' WHERE document_id = 1 AND position = 2", "is not what stands there"),
        ("a missing place", "DELETE FROM occurrence WHERE document_id = 2 AND position = 3", "stand in no release"),
        (
            "a document",
            "UPDATE document SET content = CAST(replace(CAST(content AS TEXT), 'NATO', 'OTAN') AS BLOB) WHERE id = 1",
            "SHA-256",
        ),
        ("an unfinished document", "UPDATE document SET complete = 0 WHERE id = 3", "import it again"),
        ("a slug", "UPDATE release SET slug = 'elsewhere' WHERE seq = 4", "address of release"),
        ("a topic", "UPDATE release_topic SET topic = 'nothing-known' WHERE seq = (SELECT min(seq) FROM release_topic)", "nothing-known"),
        ("a count", "UPDATE day_count SET releases = releases + 1 WHERE day = '2025-04-30'", "day"),
        ("the log", "INSERT INTO change (seq, what, at) VALUES (1, 'changed', '2026-01-01T00:00:00Z')", "reindex"),
    ] {
        let app = TestApp::seeds().await;
        let mut database = raw(&app).await;
        let done = sqlx::query(AssertSqlSafe(sql)).execute(&mut database).await.unwrap_or_else(|error| panic!("{what}: {error}"));
        assert!(done.rows_affected() > 0, "{what}: nothing was touched");
        database.close().await.expect("a close");
        let wrong = findings(&app).await.wrong;
        assert!(wrong.iter().any(|sentence| sentence.contains(words)), "{what}: {wrong:?}");
    }
}

#[tokio::test]
async fn bad_lines_are_refused_by_number_while_the_others_load() {
    let app = TestApp::empty().await;
    let lines = [
        r#"{"title":"One","body":"First words."}"#,
        r#"{"title":"Two","body":"#,
        r#"{"title":"","body":"No title."}"#,
        r#"{"title":"Four","body":"Fourth words."}"#,
        r#"{"title":"Five","body":"Words.","published_on":"30 Febtober"}"#,
        r#"["Six"]"#,
        "",
        r#"{"title":"Eight","body":"Eighth words."}"#,
    ];
    let report = app.load(&[text("mixed.ndjson", &lines.join("\n"))]).await;
    assert_eq!((report.new, report.refused), (3, 4));
    let told: Vec<String> = report.refusals.iter().map(ToString::to_string).collect();
    for (sentence, line) in told.iter().zip([2, 3, 5, 6]) {
        assert!(sentence.starts_with(&format!("mixed.ndjson, line {line}")) && sentence.ends_with('.'), "{sentence}");
    }
    assert_eq!(app.items().await.len(), 3);
    assert!(findings(&app).await.wrong.is_empty());
}

#[tokio::test]
async fn a_text_document_with_a_fault_loads_nothing_and_stops_no_other() {
    let app = TestApp::empty().await;
    let broken = Source::Embedded { name: "broken.txt".into(), bytes: b"Title\n\nWords and a byte: \xff\n".to_vec(), sidecar: None };
    let sidecar =
        Source::Embedded { name: "sidecar.txt".into(), bytes: b"Title\n\nWords.\n".to_vec(), sidecar: Some("language = 7".into()) };
    let report = app.load(&[broken, sidecar, text("whole.txt", "A title\n\nWords that are whole.\n")]).await;
    assert_eq!((report.new, report.refused), (1, 2));
    assert_eq!(app.items().await.len(), 1);
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_refused_with_advice() {
    let app = TestApp::seeds().await;
    let mut database = raw(&app).await;
    let later = "INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) \
                 VALUES (29990101000000, 'later', '2999-01-01', 1, x'00', 0)";
    sqlx::query(later).execute(&mut database).await.expect("an insert");
    database.close().await.expect("a close");
    let Err(error) = connect(&format!("sqlite:{}", app.database().display())).await else { panic!("it was opened") };
    assert!(matches!(error, StoreError::Newer { migration: 29990101000000, .. }), "{error}");
    assert!(error.to_string().contains("newer version") && error.to_string().contains("--data-dir"), "{error}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_with_advice() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("archive.db");
    std::fs::write(&path, "These are words and no database. ".repeat(100)).expect("a file");
    let Err(error) = connect(&format!("sqlite:{}", path.display())).await else { panic!("it was opened") };
    assert!(error.to_string().contains("restore a backup"), "{error}");
}

/// The statements of the sources that pages and feeds are made from: every literal handed to sqlx in the reading half of the store.
fn statements() -> Vec<String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/sqlite");
    let read = |name: &str| std::fs::read_to_string(root.join(name)).expect(name);
    let columns = read("rows.rs");
    let columns = literals(columns.split("macro_rules! item_columns").nth(1).expect("the columns"), b'{', b'}').concat();
    let mut found = Vec::new();
    for source in [read("read.rs"), read("work.rs"), read("mod.rs"), read("wholes.rs"), read("stamps.rs")] {
        // The check reads everything, on purpose.
        let kept = source.split("fn read_integrity").next().unwrap_or("").to_owned();
        for (at, _) in kept.match_indices("sqlx::query") {
            let call = kept[at..].replace("item_columns!()", &format!("\"{columns}\""));
            let sql = literals(&call, b'(', b')').concat();
            if sql.starts_with("SELECT") {
                found.push(sql);
            }
        }
    }
    found
}

/// The string literals within the first pair of brackets, line continuations undone.
fn literals(code: &str, open: u8, close: u8) -> Vec<String> {
    let bytes = code.as_bytes();
    let mut at = bytes.iter().position(|byte| *byte == open).expect("a bracket");
    let (mut depth, mut found) = (0, Vec::new());
    while at < bytes.len() {
        match bytes[at] {
            b'"' => {
                let start = at + 1;
                at = start;
                while bytes[at] != b'"' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                let parts: Vec<&str> = code[start..at].split("\\\n").collect();
                found.push(parts.iter().enumerate().map(|(index, part)| if index == 0 { part } else { part.trim_start() }).collect());
            }
            byte if byte == open => depth += 1,
            byte if byte == close => {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
            _ => {}
        }
        at += 1;
    }
    found
}

#[tokio::test]
async fn no_question_of_a_page_reads_a_whole_table_of_releases() {
    let app = TestApp::seeds().await;
    let mut database = raw(&app).await;
    let statements = statements();
    assert!(statements.len() >= 20, "only {} statements were found in the sources", statements.len());
    let mut wrong = Vec::new();
    for sql in statements {
        let plan = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"))).fetch_all(&mut database).await;
        for row in plan.unwrap_or_else(|error| panic!("{error}: {sql}")) {
            let step: String = row.get("detail");
            // A walk along an index in its order ends at the LIMIT; small tables (vocabulary, labels, days, documents) may be read whole.
            let large = ["r", "release", "t", "release_text", "release_topic", "m", "mention", "o", "occurrence", "change"];
            let scanned = step.strip_prefix("SCAN ").filter(|rest| !rest.contains("USING")).and_then(|rest| rest.split(' ').next());
            if scanned.is_some_and(|table| large.contains(&table)) && !sql.contains("FROM vocabulary t") {
                wrong.push(format!("{step}: {sql}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
