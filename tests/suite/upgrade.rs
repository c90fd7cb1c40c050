//! Archives of every released version, opened by this one.

use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use nato_archive::store::{connect, inspect};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};

use crate::support::crash::run;
use crate::support::process::Server;

fn archives() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/archives")
}

/// Kept archives: the name says the program's version and the last step by which its tables were made.
fn kept() -> Vec<(String, i64, PathBuf)> {
    let mut found: Vec<_> = std::fs::read_dir(archives())
        .expect("the kept archives")
        .map(|entry| entry.expect("an entry").path())
        .filter_map(|path| {
            let name = path.file_name()?.to_string_lossy().into_owned();
            let schema = name.strip_suffix(".db.gz")?.rsplit_once('-')?.1.parse().ok()?;
            Some((name, schema, path))
        })
        .collect();
    found.sort();
    found
}

/// An archive's folder with a kept database in it.
fn unpacked(path: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let mut bytes = GzDecoder::new(std::fs::File::open(path).expect("a kept archive"));
    let mut database = std::fs::File::create(folder.path().join("archive.db")).expect("a file");
    std::io::copy(&mut bytes, &mut database).expect("the database");
    folder
}

async fn raw(folder: &tempfile::TempDir) -> SqliteConnection {
    SqliteConnectOptions::new().filename(folder.path().join("archive.db")).connect().await.expect("a connection")
}

#[tokio::test]
async fn every_released_version_is_opened_copied_first_and_says_the_same() {
    let kept = kept();
    assert!(kept.len() >= 2, "{kept:?}");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (name, schema, path) in kept {
        let folder = unpacked(&path);
        let home = folder.path();
        let (seeds, more) = (root.join("seeds"), archives().join("releases.ndjson"));
        let said =
            run(home, &["import", &seeds.to_string_lossy(), &more.to_string_lossy()]).unwrap_or_else(|wrong| panic!("{name}: {wrong}"));
        assert!(said.contains("4 documents: 0 new, 0 changed, 27 unchanged, 0 mirrors, 0 refused"), "{name}: {said}");
        assert!(run(home, &["check"]).expect(&name).contains("all well"), "{name}");
        let copies: Vec<PathBuf> = std::fs::read_dir(home)
            .expect("the folder")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.to_string_lossy().contains("archive.db.before-"))
            .collect();
        let [copy] = copies.as_slice() else { panic!("{name}: {copies:?}") };
        let held = inspect(copy).await.expect(&name);
        assert_eq!((held.schema, held.releases), (schema, 27), "{name}");
        // The second time there is nothing to bring up to date, and nothing to copy.
        let before = std::fs::metadata(copy).and_then(|meta| meta.modified()).expect("a time");
        run(home, &["check"]).expect(&name);
        assert_eq!(std::fs::metadata(copy).and_then(|meta| meta.modified()).expect("a time"), before, "{name}");
        let server = Server::start(home, &[]);
        let items = server.get("/api/v1/releases?limit=100");
        assert_eq!(items.matches("\"id\":").count(), 27, "{name}: {items}");
        for page in ["/", "/search?q=defence", "/dates", "/search?q=Chicago"] {
            assert!(server.get(page).starts_with("HTTP/1.1 200"), "{name}: {page}");
        }
    }
}

#[tokio::test]
async fn an_upgrade_that_fails_leaves_the_old_archive_as_it_was() {
    let (_, schema, path) = kept().remove(0);
    let folder = unpacked(&path);
    let mut database = raw(&folder).await;
    // Something that a later step wants to make is in its way.
    sqlx::query("CREATE TABLE revision (anything TEXT)").execute(&mut database).await.expect("a table");
    database.close().await.expect("a close");
    let url = format!("sqlite:{}", folder.path().join("archive.db").display());
    let error = connect(&url).await.err().expect("a refusal").to_string();
    assert!(error.contains("revision") && error.contains("it is kept in") && error.contains("archive.db.before-"), "{error}");
    let copy = error.split("kept in ").nth(1).and_then(|rest| rest.split(';').next()).expect("the copy's name");
    assert_eq!(inspect(Path::new(copy)).await.map(|held| (held.schema, held.releases)).expect("a copy"), (schema, 27));
    // The way is free again: the same copy is good enough.
    let mut database = raw(&folder).await;
    sqlx::query("DROP TABLE revision").execute(&mut database).await.expect("a removal");
    database.close().await.expect("a close");
    let store = connect(&url).await.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(store.seqs(0, 100).await.expect("numbers").len(), 27);
}

#[tokio::test]
async fn a_backup_of_an_older_version_is_restored_and_brought_up_to_date() {
    for (name, _, path) in kept() {
        let (old, folder) = (unpacked(&path), tempfile::tempdir().expect("a folder"));
        let said = run(folder.path(), &["restore", &old.path().join("archive.db").to_string_lossy()])
            .unwrap_or_else(|wrong| panic!("{name}: {wrong}"));
        assert!(said.contains("27 releases in 4 documents"), "{name}: {said}");
        assert!(run(folder.path(), &["check"]).expect(&name).contains("all well"), "{name}");
    }
}
