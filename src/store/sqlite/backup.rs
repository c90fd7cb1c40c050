//! Whole copies of the database file, and looking at one without opening it as an archive.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};

use super::super::*;
use super::{MIGRATOR, SqliteStore, open_error};

impl SqliteStore {
    /// Everything as of one moment; whoever reads or writes meanwhile goes on.
    pub(super) async fn write_copy(&self, to: &Path) -> Result<Inspected> {
        let mut reader = self.reader.acquire().await?;
        copy_into(&mut reader, to).await.map_err(no_backup)?;
        drop(reader);
        inspect(to).await
    }
}

/// A disk that is full, or fails, as whoever makes a backup meets it: nothing was to be stored in the archive.
fn no_backup(error: StoreError) -> StoreError {
    match error {
        StoreError::DiskFull => StoreError::NoBackup("the disk is full".into()),
        StoreError::Disk(words) => StoreError::NoBackup(format!("the disk does not do what is asked of it ({words})")),
        other => other,
    }
}

/// `VACUUM INTO` reads one snapshot and writes it without what was erased: <https://www.sqlite.org/lang_vacuum.html#vacuuminto>. It refuses
/// a file that holds something.
pub(super) async fn copy_into(connection: &mut SqliteConnection, to: &Path) -> Result<()> {
    sqlx::query("VACUUM INTO ?").bind(to.to_string_lossy().into_owned()).execute(connection).await?;
    // What the library has written may still be on its way to the disk.
    let synced = std::fs::File::open(to).and_then(|file| file.sync_all());
    synced.map_err(|error| StoreError::Sql(format!("{} cannot be brought to the disk: {error}", to.display())))
}

/// Reads a database file through, and says what it holds. It is neither changed nor locked, so nobody may be writing to it.
pub(crate) async fn inspect(path: &Path) -> Result<Inspected> {
    let opened = |error: sqlx::Error| open_error(path, &error);
    let options = SqliteConnectOptions::new().filename(path).read_only(true).immutable(true).disable_statement_logging();
    let mut connection = options.connect().await.map_err(opened)?;
    let inspected = look_at(&mut connection, path).await;
    connection.close().await.map_err(opened)?;
    inspected
}

async fn look_at(connection: &mut SqliteConnection, path: &Path) -> Result<Inspected> {
    let damaged = |reason: String| StoreError::Open {
        path: path.display().to_string(),
        reason,
        advice: "The file is damaged or no archive: use another backup.",
    };
    let wrong: Vec<String> =
        sqlx::query_scalar("PRAGMA integrity_check").fetch_all(&mut *connection).await.map_err(|error| open_error(path, &error))?;
    if let Some(first) = wrong.iter().find(|line| *line != "ok") {
        return Err(damaged(first.clone()));
    }
    let schema: Option<i64> = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations WHERE success")
        .fetch_one(&mut *connection)
        .await
        .map_err(|_| damaged("it is no archive of this program".into()))?;
    let schema = schema.ok_or_else(|| damaged("it is no archive of this program".into()))?;
    if !MIGRATOR.iter().any(|known| known.version == schema) {
        return Err(StoreError::Newer { path: path.display().to_string(), migration: schema });
    }
    let broken: Vec<(String, Option<i64>, String, i64)> = sqlx::query_as("PRAGMA foreign_key_check").fetch_all(&mut *connection).await?;
    if let Some((table, _, parent, _)) = broken.first() {
        return Err(damaged(format!("a row of {table} points to nothing in {parent}")));
    }
    let (documents, releases, generation, id): (i64, i64, i64, Option<String>) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM document), (SELECT count(*) FROM release), (SELECT coalesce(max(entry), 0) FROM change), \
         (SELECT value FROM archive WHERE name = 'id')",
    )
    .fetch_one(&mut *connection)
    .await?;
    Ok(Inspected {
        archive_id: id.unwrap_or_default(),
        documents: documents.unsigned_abs(),
        releases: releases.unsigned_abs(),
        generation,
        schema,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_as_one_that_a_backup_met() {
        for (error, told) in [
            (StoreError::DiskFull, "no backup was written: the disk is full. The archive is what it was."),
            (
                StoreError::Disk("disk I/O error".into()),
                "no backup was written: the disk does not do what is asked of it (disk I/O error).",
            ),
            (StoreError::Busy, "the archive database is busy"),
        ] {
            let said = no_backup(error).to_string();
            assert!(said.starts_with(told) && !said.contains("batch"), "{said}");
        }
    }
}
