//! Backing the archive up while it is used, and restoring it where nobody uses it.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::hashed;
use super::place::{Placing, sync_folder};
use super::{Clock, IngestError, Result, ServingLock, WriterLock};
use crate::store::{ArchiveStore, Inspected, inspect};

/// A backup that was written, or restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackedUp {
    pub held: Inspected,
    /// Of the file.
    pub sha256: String,
    pub bytes: u64,
}

/// What restoring did beside restoring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    pub backup: BackedUp,
    /// Files of the archive that was there, under their new names.
    pub set_aside: Vec<PathBuf>,
}

/// Writes the whole archive, as of one moment, to `to`: verified, and there as a whole or not at all.
pub async fn back_up(store: &dyn ArchiveStore, to: &Path, force: bool) -> Result<BackedUp> {
    let placing = Placing::beside(to, force)?;
    let held = store.back_up(placing.part()).await?;
    let (sha256, bytes) = fingerprint(placing.part())?;
    placing.place()?;
    Ok(BackedUp { held, sha256, bytes })
}

/// Puts a backup in the place of the archive in `data_dir`. An archive that is there already is set aside, and only where `force` says so.
/// Nobody may be using the folder.
///
/// The order is such that it can be cut short anywhere: before the last step the folder holds no archive or the old one, never half of one,
/// and the index and the files made of the archive are gone before the database that they would not fit.
pub async fn restore(from: &Path, data_dir: &Path, force: bool, clock: &Clock) -> Result<Restored> {
    std::fs::create_dir_all(data_dir).map_err(|error| told(data_dir, &error))?;
    let _writer = WriterLock::take(data_dir, "a restore")?;
    let _serving = ServingLock::alone(data_dir)?;
    let [log, _] = side_files(from);
    if std::fs::metadata(&log).is_ok_and(|meta| meta.len() > 0) {
        let reason =
            "it is part of a database in use, so the file beside it is not whole. Make a backup of it with `nato-archive backup FILE`";
        return Err(IngestError::Io { path: log.display().to_string(), reason: reason.into() });
    }
    let database = data_dir.join("archive.db");
    if !force && database.symlink_metadata().is_ok() {
        let reason =
            "an archive is there already. With --force it is set aside, under a name with the date, and the backup takes its place";
        return Err(IngestError::Io { path: database.display().to_string(), reason: reason.into() });
    }
    inspect(from).await?;
    let placing = Placing::beside(&database, true)?;
    std::fs::copy(from, placing.part()).map_err(|error| told(from, &error))?;
    // What was copied is looked at again: the copy is what stays.
    let held = inspect(placing.part()).await?;
    let (sha256, bytes) = fingerprint(placing.part())?;
    // The files for taking the archive away are of what was there before too.
    for made in ["index", "public"].map(|name| data_dir.join(name)) {
        match std::fs::remove_dir_all(&made) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(told(&made, &error)),
            _ => {}
        }
    }
    let set_aside = set_aside(&database, clock)?;
    placing.place()?;
    Ok(Restored { backup: BackedUp { held, sha256, bytes }, set_aside })
}

/// Renames a database and the files beside it, so that none of them is taken for a part of another. The database goes first: with its log gone
/// it would be an older archive, which looks like a whole one.
fn set_aside(database: &Path, clock: &Clock) -> Result<Vec<PathBuf>> {
    let date: String = clock.now().chars().filter(char::is_ascii_alphanumeric).collect();
    let free = |name: &str| {
        let aside = (1..1000).map(|count: u32| {
            if count == 1 { format!("{name}.before-restore-{date}") } else { format!("{name}.before-restore-{date}-{count}") }
        });
        aside.map(|name| database.with_file_name(name)).find(|path| path.symlink_metadata().is_err())
    };
    let name = database.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let aside =
        free(&name).ok_or_else(|| IngestError::Io { path: name.clone(), reason: "too many archives were set aside already".into() })?;
    let mut moved = Vec::new();
    let [log, shared] = side_files(database);
    let [log_aside, shared_aside] = side_files(&aside);
    for (from, to) in [(database.to_owned(), aside), (log, log_aside), (shared, shared_aside)] {
        match std::fs::rename(&from, &to) {
            Ok(()) => moved.push(to),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(told(&from, &error)),
        }
    }
    sync_folder(database)?;
    Ok(moved)
}

/// The write-ahead log of a database and its index of it.
fn side_files(database: &Path) -> [PathBuf; 2] {
    ["-wal", "-shm"].map(|ending| {
        let mut name = database.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    })
}

/// SHA-256 and length of a file.
fn fingerprint(path: &Path) -> Result<(String, u64)> {
    File::open(path).and_then(hashed::fingerprint).map_err(|error| told(path, &error))
}

fn told(path: &Path, error: &io::Error) -> IngestError {
    IngestError::Io { path: path.display().to_string(), reason: error.to_string() }
}
