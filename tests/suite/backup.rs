//! Backups: made while the archive is used, restored where nobody uses it.

use std::path::{Path, PathBuf};

use nato_archive::index::SearchIndex;
use nato_archive::ingest::backup::{back_up, restore};
use nato_archive::ingest::check::check;
use nato_archive::ingest::{Clock, IngestError, ServingLock, WriterLock, sync};
use nato_archive::store::connect;

use crate::support::app::{TestApp, ndjson};
use crate::support::crash::{copy_folder, invented, run};
use crate::support::process::Server;

fn clock() -> Clock {
    Clock::fixed("2024-02-29T23:59:59Z")
}

async fn all_well(data_dir: &Path) -> u64 {
    let store = connect(&format!("sqlite:{}", data_dir.join("archive.db").display())).await.expect("a store");
    let index = SearchIndex::open(&data_dir.join("index")).expect("an index").index;
    sync::catch_up(&*store, &index).await.expect("an index");
    let findings = check(&*store, &index).await.expect("a check");
    assert_eq!(findings.wrong, Vec::<String>::new());
    findings.releases
}

#[tokio::test]
async fn a_backup_made_during_an_import_restores_even_beside_a_stale_log() {
    let app = TestApp::seeds().await;
    let folder = tempfile::tempdir().expect("a folder");
    let releases = invented(300);
    let documents: Vec<_> = releases.chunks(20).enumerate().map(|(at, part)| ndjson(&format!("{at}.ndjson"), part)).collect();
    let backups: Vec<PathBuf> = (0..4).map(|at| folder.path().join(format!("{at}.db"))).collect();
    let backing_up = async {
        for path in &backups {
            back_up(&*app.store, path, false).await.expect("a backup");
        }
    };
    tokio::join!(app.load(&documents), backing_up);
    let last = folder.path().join("last.db");
    let whole = back_up(&*app.store, &last, false).await.expect("a backup");
    assert_eq!((whole.held.releases, whole.held.generation), (323, app.store.generation().await.expect("a generation")));
    for (at, backup) in backups.iter().chain([&last]).enumerate() {
        let data = folder.path().join(format!("restored-{at}"));
        std::fs::create_dir(&data).expect("a folder");
        // The log of the archive that was here before: its pages must not get into the restored one.
        let log = app.database().with_file_name("archive.db-wal");
        std::fs::copy(&log, data.join("archive.db-wal")).expect("the log");
        std::fs::write(data.join("archive.db-shm"), [7; 32_768]).expect("its index");
        let restored = restore(backup, &data, false, &clock()).await.expect("a restore");
        assert_eq!(restored.set_aside.len(), 2, "{restored:?}");
        assert_eq!(all_well(&data).await, restored.backup.held.releases);
    }
}

#[tokio::test]
async fn what_is_there_is_never_lost() {
    let (one, other) = (TestApp::seeds().await, TestApp::of(&invented(3)).await);
    let folder = tempfile::tempdir().expect("a folder");
    let backup = folder.path().join("backup.db");
    back_up(&*one.store, &backup, false).await.expect("a backup");
    let before = std::fs::read(&backup).expect("the backup");
    let twice = back_up(&*other.store, &backup, false).await.expect_err("a second backup").to_string();
    assert!(twice.contains("--force"), "{twice}");
    assert_eq!(std::fs::read(&backup).expect("the backup"), before);
    let data = folder.path().join("data");
    copy_folder(other.database().parent().expect("a folder"), &data);
    let refused = restore(&backup, &data, false, &clock()).await.expect_err("an archive in the way").to_string();
    assert!(refused.contains("already") && refused.contains("--force"), "{refused}");
    let restored = restore(&backup, &data, true, &clock()).await.expect("a restore");
    assert!(!data.join("index").exists(), "an index that does not fit is left");
    assert_eq!(all_well(&data).await, 23);
    let aside = data.join("archive.db.before-restore-20240229T235959Z");
    assert!(restored.set_aside.contains(&aside), "{restored:?}");
    // With its log beside it, it is still the whole archive that it was.
    let kept = connect(&format!("sqlite:{}", aside.display())).await.expect("the old archive");
    assert_eq!(kept.seqs(0, 10).await.expect("numbers").len(), 3);
    let names: Vec<String> = std::fs::read_dir(folder.path())
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    assert!(!names.iter().any(|name| name.contains(".part-")), "{names:?}");
}

#[tokio::test]
async fn what_is_no_whole_archive_is_not_restored() {
    let app = TestApp::seeds().await;
    let folder = tempfile::tempdir().expect("a folder");
    let backup = folder.path().join("backup.db");
    back_up(&*app.store, &backup, false).await.expect("a backup");
    let bytes = std::fs::read(&backup).expect("the backup");
    let flipped = |at: usize| {
        let mut bytes = bytes.clone();
        bytes[at] ^= 0xff;
        bytes
    };
    let data = folder.path().join("data");
    for (what, content) in [
        ("nothing", Vec::new()),
        ("words", b"These are words and no database. ".repeat(100)),
        ("half of it", bytes[..bytes.len() / 2].to_vec()),
        ("a damaged header", flipped(3)),
        ("a damaged page", flipped(4096 * 3)),
    ] {
        let path = folder.path().join("damaged.db");
        std::fs::write(&path, content).expect("a file");
        let error = restore(&path, &data, false, &clock()).await.expect_err(what).to_string();
        assert!(error.contains("damaged.db") && (error.contains("another backup") || error.contains("damaged")), "{what}: {error}");
        assert!(!data.join("archive.db").exists(), "{what}");
    }
    // A database that is in use is not whole without its log.
    let error = restore(&app.database(), &data, false, &clock()).await.expect_err("a database in use").to_string();
    assert!(error.contains("nato-archive backup"), "{error}");
}

#[tokio::test]
async fn a_live_archive_is_not_restored_over() {
    let app = TestApp::seeds().await;
    let folder = tempfile::tempdir().expect("a folder");
    let (backup, data) = (folder.path().join("backup.db"), folder.path().join("data"));
    back_up(&*app.store, &backup, false).await.expect("a backup");
    std::fs::create_dir(&data).expect("a folder");
    {
        let _writer = WriterLock::take(&data, "an import").expect("a lock");
        assert!(matches!(restore(&backup, &data, true, &clock()).await, Err(IngestError::Locked(_))));
    }
    {
        let _server = (ServingLock::share(&data).expect("a share"), ServingLock::share(&data).expect("another"));
        assert!(matches!(restore(&backup, &data, true, &clock()).await, Err(IngestError::Served)));
    }
    restore(&backup, &data, true, &clock()).await.expect("a restore");
}

#[test]
fn a_backup_is_made_while_a_server_runs_and_not_restored_under_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, backup) = (folder.path().join("data"), folder.path().join("backup.db").to_string_lossy().into_owned());
    let server = Server::start(&data, &[]);
    let said = run(&data, &["backup", &backup]).expect("a backup");
    assert!(said.contains("23 releases in 3 documents") && said.contains("SHA-256"), "{said}");
    let refused = run(&data, &["restore", "--force", &backup]).expect_err("a restore under a server");
    assert!(refused.contains("server"), "{refused}");
    assert!(server.get("/").starts_with("HTTP/1.1 200"));
    assert_eq!(server.stop(), Some(0));
    run(&data, &["restore", "--force", &backup]).expect("a restore");
    assert!(run(&data, &["check"]).expect("a check").contains("all well"));
}
