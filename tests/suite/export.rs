//! The archive as one file: everything is in it, and an empty archive that reads it is the same archive.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use nato_archive::ingest::check::check;
use nato_archive::ingest::whole::{Exported, export, fill, is_whole_archive};
use nato_archive::ingest::{IngestError, Source};
use nato_archive::model::history::Field;
use nato_archive::store::SHAPES;
use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Row};

use crate::support::app::{Builder, TestApp, ndjson, word};
use crate::support::crash::{invented, material, run};
use crate::support::process::program;

const AT: &str = "2026-02-03T04:05:06Z";

/// An archive in which everything has happened that can.
async fn eventful() -> TestApp {
    let all = material(&invented(40), 1_000);
    let app = Builder::default().with_seeds().start().await;
    for (name, releases) in all.first.iter().chain(&all.again) {
        app.load(&[ndjson(name, releases)]).await;
    }
    let french = json!({"source": "NATO", "title": "Déclaration", "body": "Les ministres se sont réunis à Bruxelles et ont parlé de la défense.", "lang": "fr",
        "url": "https://www.nato.int/cps/fr/natohq/news_100006.htm"});
    app.load(&[ndjson("french.ndjson", &[french])]).await;
    let seqs = app.store.seqs(0, 100).await.expect("numbers");
    let store = &app.store;
    store.withdraw(seqs[1], "A mistake in it.", AT).await.expect("a withdrawal");
    store.withdraw(seqs[2], "Another.", AT).await.expect("a withdrawal");
    store.reinstate(seqs[2], AT).await.expect("a return");
    store.erase(seqs[3], "A court said so.", AT).await.expect("an erasure");
    store.correct(seqs[4], Field::Date, Some(&json!({"edtf": "2019-05"})), "The original says so.", AT).await.expect("a correction");
    store.correct(seqs[5], Field::Title, Some(&json!("A better title")), "It had none.", AT).await.expect("a correction");
    store.correct(seqs[6], Field::Topics, Some(&json!([])), "It is about nothing.", AT).await.expect("a correction");
    nato_archive::ingest::sync::catch_up(&*app.store, &app.index).await.expect("an index");
    app.archive.refresh().await.expect("a refresh");
    app
}

async fn written(app: &TestApp, to: &Path) -> Exported {
    let file = std::fs::File::create(to).expect("a file");
    export(Arc::clone(&app.store), Box::new(file), "the export").await.expect("an export")
}

async fn wrong(app: &TestApp) -> Vec<String> {
    check(&*app.store, &app.index).await.expect("a check").wrong
}

#[tokio::test]
async fn an_empty_archive_that_reads_an_export_is_the_same_archive() {
    let (one, other) = (eventful().await, TestApp::empty().await);
    assert_eq!(wrong(&one).await, Vec::<String>::new());
    let folder = tempfile::tempdir().expect("a folder");
    let (first, second) = (folder.path().join("one.ndjson"), folder.path().join("other.ndjson"));
    let exported = written(&one, &first).await;
    let source = Source::File(first.clone());
    assert!(is_whole_archive(&source).expect("a look"));
    let filled = fill(&*other.store, &other.index, &source).await.expect("a load");
    assert_eq!(filled.records, exported.records);
    assert_eq!(written(&other, &second).await, exported);
    assert!(std::fs::read(&first).expect("a file") == std::fs::read(&second).expect("a file"), "the exports differ");
    assert_eq!(wrong(&other).await, Vec::<String>::new());
    other.archive.refresh().await.expect("a refresh");
    assert_eq!(one.releases().await, other.releases().await);
    let (summary, copied) = (one.store.summary().await.expect("a summary"), other.store.summary().await.expect("a summary"));
    assert_eq!(summary, copied);
    // What is read again is known again.
    let report = other.load(&Source::seeds()).await;
    assert_eq!((report.new, report.changed, report.mirror), (0, 0, 0));
    let kinds: BTreeSet<String> = lines(&first).iter().map(|line| word(&line["type"]).to_owned()).collect();
    for kind in [
        "release",
        "version",
        "copy",
        "occurrence",
        "correction",
        "withdrawal",
        "erasure",
        "event",
        "change",
        "former_address",
        "translation",
    ] {
        assert!(kinds.contains(kind) || kind == "former_address", "no record of the type {kind} was tried: {kinds:?}");
    }
    for line in lines(&first).iter().filter(|line| line["type"] == "release" && line["body"] != "") {
        assert!(line["id"].is_string() && line["title"].is_string() && line["body"].is_string(), "{line}");
    }
}

fn lines(path: &Path) -> Vec<Value> {
    let words = std::fs::read_to_string(path).expect("a file");
    words.lines().map(|line| serde_json::from_str(line).expect("a line")).collect()
}

#[tokio::test]
async fn every_column_of_every_table_is_in_an_export() {
    // What can be told from the rest, what belongs to the engine, and the post of one machine: who is told of what is no part of the archive.
    let left_out = ["day_count", "stamp", "_sqlx_migrations", "sqlite_sequence", "alert", "alert_batch", "alert_delivery", "alert_stop"];
    let app = TestApp::empty().await;
    let mut database = SqliteConnectOptions::new().filename(app.database()).connect().await.expect("a connection");
    let columns =
        sqlx::query("SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY 1, c.cid")
            .fetch_all(&mut database)
            .await
            .expect("the columns");
    let mut missing = Vec::new();
    for row in columns {
        let (table, column): (String, String) = (row.get(0), row.get(1));
        let held = SHAPES.iter().any(|shape| {
            shape.tables.iter().enumerate().any(|(at, name)| {
                *name == table
                    && shape.fields.iter().enumerate().any(|(place, field)| field.column == column && (field.table == at || place == 0))
            })
        });
        if !held && !left_out.contains(&table.as_str()) {
            missing.push(format!("{table}.{column}"));
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}

#[tokio::test]
async fn a_file_that_is_not_what_was_written_leaves_the_archive_empty() {
    let app = TestApp::seeds().await;
    let folder = tempfile::tempdir().expect("a folder");
    let whole = folder.path().join("whole.ndjson");
    written(&app, &whole).await;
    let words = std::fs::read_to_string(&whole).expect("a file");
    let last = words.trim_end().rfind('\n').expect("lines");
    let release = words.lines().position(|line| line.starts_with("{\"type\":\"release\"")).expect("a release");
    let without =
        |number: usize| words.lines().enumerate().filter(|(at, _)| *at != number).map(|(_, line)| format!("{line}\n")).collect::<String>();
    let empty = TestApp::empty().await;
    for (what, changed, said) in [
        ("cut short", words[..words.len() / 2].to_owned(), "cut short"),
        ("without its end", words[..=last].to_owned(), "ends before its last line"),
        ("with a word changed", words.replacen("\"body\":\"", "\"body\":\"x", 1), "SHA-256"),
        ("with a title changed", words.replacen("\"title\":\"", "\"title\":\"x", 1), "not what its last line says"),
        ("without a release", without(release), "not what its last line says"),
        ("without a header", without(0), "no header"),
        ("with more behind it", format!("{words}{{\"type\":\"label\"}}\n"), "behind the last line"),
        ("with a record of a later version", words.replacen("\"type\":\"label\"", "\"type\":\"quokka\"", 1), "quokka"),
    ] {
        let path = folder.path().join("changed.ndjson");
        std::fs::write(&path, changed).expect("a file");
        let error = fill(&*empty.store, &empty.index, &Source::File(path)).await.expect_err(what);
        assert!(error.to_string().contains(said), "{what}: {error}");
        assert!(matches!(error, IngestError::Import(_)), "{what}: {error:?}");
        assert!(empty.store.documents(0, 1).await.expect("documents").is_empty(), "{what}: something stayed");
    }
    fill(&*empty.store, &empty.index, &Source::File(whole.clone())).await.expect("the whole file");
    let again = fill(&*empty.store, &empty.index, &Source::File(whole)).await.expect_err("a second time").to_string();
    assert!(again.contains("only be loaded into an empty one"), "{again}");
    assert_eq!(wrong(&empty).await, Vec::<String>::new());
}

#[tokio::test]
async fn an_export_beside_an_import_is_of_one_moment() {
    let app = TestApp::seeds().await;
    let folder = tempfile::tempdir().expect("a folder");
    let releases = invented(300);
    let documents: Vec<Source> = releases.chunks(25).enumerate().map(|(at, part)| ndjson(&format!("{at}.ndjson"), part)).collect();
    let paths: Vec<PathBuf> = (0..4).map(|at| folder.path().join(format!("{at}.ndjson"))).collect();
    let exporting = async {
        for path in &paths {
            written(&app, path).await;
        }
    };
    tokio::join!(app.load(&documents), exporting);
    for path in paths {
        let other = TestApp::empty().await;
        fill(&*other.store, &other.index, &Source::File(path)).await.expect("a load");
        assert_eq!(wrong(&other).await, Vec::<String>::new());
    }
}

#[test]
fn the_commands_say_what_they_do_and_overwrite_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    run(Path::new(&path("one")), &["import", &seeds.to_string_lossy()]).expect("an import");
    let said = run(Path::new(&path("one")), &["export", &path("whole")]).expect("an export");
    assert!(said.contains("23 releases") && said.contains("SHA-256"), "{said}");
    let twice = run(Path::new(&path("one")), &["export", &path("whole")]).expect_err("a second export");
    assert!(twice.contains("--force"), "{twice}");
    run(Path::new(&path("one")), &["export", "--force", &path("whole")]).expect("an export");
    let beside = run(Path::new(&path("two")), &["import", &path("whole"), &seeds.to_string_lossy()]).expect_err("two at once");
    assert!(beside.contains("by itself"), "{beside}");
    let said = run(Path::new(&path("two")), &["import", &path("whole")]).expect("a load");
    assert!(said.contains("23 releases indexed"), "{said}");
    let refused = run(Path::new(&path("one")), &["import", &path("whole")]).expect_err("a load into the same");
    assert!(refused.contains("empty one"), "{refused}");
    // Whoever reads may stop reading.
    let output = program(Path::new(&path("two"))).args(["export", "/dev/full"]).output().expect("the program");
    assert!(!output.status.success());
}
