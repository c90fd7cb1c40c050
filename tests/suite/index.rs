//! The index as a projection: it can be behind, gone, damaged or in use, and comes back from the database.

use nato_archive::index::{Ask, IndexError, SearchIndex, Tally, grammar};
use nato_archive::ingest::check::check;
use nato_archive::ingest::{Quiet, sync};
use nato_archive::model::query::Sort;
use serde_json::json;

use crate::support::app::{TestApp, ndjson};

fn found(index: &SearchIndex, q: &str) -> Vec<i64> {
    let ask = Ask {
        tree: grammar::read(q, &grammar::How::default()).tree,
        filters: Default::default(),
        within: None,
        sort: Sort::Newest,
        offset: 0,
        limit: 1_000,
        tally: Tally::Everything,
    };
    index.search_now(&ask).expect("a search").hits.iter().map(|hit| hit.seq).collect()
}

#[tokio::test]
async fn a_rebuilt_index_finds_what_the_grown_one_found() {
    let app = TestApp::seeds().await;
    assert_eq!(app.index.generation(), app.store.generation().await.expect("a generation"));
    let queries = ["", "defence", "\"collective defence\"", "Kyiv OR Helsinki", "interop*", "-NATO"];
    let grown: Vec<_> = queries.iter().map(|q| found(&app.index, q)).collect();
    assert_eq!(sync::rebuild(&*app.store, &app.index, &mut Quiet).await.expect("a rebuild"), 23);
    assert_eq!(queries.iter().map(|q| found(&app.index, q)).collect::<Vec<_>>(), grown);
    assert_eq!(sync::catch_up(&*app.store, &app.index).await.expect("nothing to do"), 0);
    assert_eq!(app.index.generation(), app.store.generation().await.expect("a generation"));
}

#[tokio::test]
async fn an_index_that_is_behind_catches_up_with_exactly_what_changed() {
    let app = TestApp::seeds().await;
    let elsewhere = tempfile::tempdir().expect("a folder");
    let late = SearchIndex::open(&elsewhere.path().join("index")).expect("an index").index;
    assert_eq!(sync::catch_up(&*app.store, &late).await.expect("catching up"), 23);
    app.load(&[ndjson("more.ndjson", &[json!({"title": "Quokka", "body": "A word that no seed has."})])]).await;
    assert!(found(&late, "quokka").is_empty());
    assert_eq!(sync::catch_up(&*app.store, &late).await.expect("catching up"), 1);
    assert_eq!(found(&late, "quokka").len(), 1);
    assert_eq!(late.all_seqs().expect("numbers"), app.store.seqs(0, 100).await.expect("numbers"));
}

#[tokio::test]
async fn an_unusable_index_is_set_aside_and_built_anew() {
    for (what, damage) in [
        ("garbage", (|_| "{ this is no index".into()) as fn(String) -> String),
        ("an empty file", |_| String::new()),
        ("another version", |meta| meta.replace("\\\"version\\\":", "\\\"version\\\":9")),
        ("no payload", |meta| meta.replace("\"payload\"", "\"pay\"")),
    ] {
        let app = TestApp::seeds().await;
        let meta = app.index_dir().join("meta.json");
        let before = std::fs::read_to_string(&meta).expect("meta.json");
        let after = damage(before.clone());
        assert_ne!(before, after, "{what}");
        std::fs::write(&meta, &after).expect("meta.json");
        let opened = SearchIndex::open(&app.index_dir()).unwrap_or_else(|error| panic!("{what}: {error}"));
        let aside = opened.set_aside.unwrap_or_else(|| panic!("{what}: it was taken as it is"));
        assert_eq!(std::fs::read_to_string(aside.join("meta.json")).expect("the old index"), after, "{what}: kept as it was");
        assert!(opened.index.is_empty());
        assert_eq!(sync::catch_up(&*app.store, &opened.index).await.expect("catching up"), 23, "{what}");
        assert!(!found(&opened.index, "defence").is_empty());
    }
}

#[tokio::test]
async fn an_index_that_cannot_be_reached_is_never_set_aside() {
    let app = TestApp::seeds().await;
    let meta = app.index_dir().join("meta.json");
    std::fs::remove_file(&meta).expect("meta.json");
    // Reading a folder as a file is an I/O error for everyone, root included.
    std::fs::create_dir(&meta).expect("a folder");
    let Err(error) = SearchIndex::open(&app.index_dir()) else { panic!("it was opened") };
    assert!(matches!(error, IndexError::Io { .. }), "{error}");
    assert!(meta.is_dir(), "it was moved");
}

#[tokio::test]
async fn a_second_writer_is_told_so_at_once() {
    let app = TestApp::seeds().await;
    let first = app.index.writer().expect("a writer");
    let again = SearchIndex::open(&app.index_dir()).expect("the same index").index;
    assert!(matches!(again.writer(), Err(IndexError::Busy)));
    first.finish().expect("an end");
    assert!(again.writer().is_ok());
}

#[tokio::test]
async fn a_flipped_byte_is_found_by_the_check_and_mended_by_a_rebuild() {
    let app = TestApp::seeds().await;
    let mut flipped = 0;
    for entry in std::fs::read_dir(app.index_dir()).expect("the index") {
        let path = entry.expect("a file").path();
        if path.extension().is_some_and(|extension| extension == "store") {
            let mut bytes = std::fs::read(&path).expect("a file");
            bytes[10] ^= 1;
            std::fs::write(&path, bytes).expect("a file");
            flipped += 1;
        }
    }
    assert!(flipped > 0);
    let index = SearchIndex::open(&app.index_dir()).expect("the index").index;
    let wrong = check(&*app.store, &index).await.expect("a check").wrong;
    assert!(wrong.iter().any(|sentence| sentence.contains("damaged") && sentence.contains("reindex")), "{wrong:?}");
    sync::rebuild(&*app.store, &index, &mut Quiet).await.expect("a rebuild");
    assert_eq!(check(&*app.store, &index).await.expect("a check").wrong, Vec::<String>::new());
}
