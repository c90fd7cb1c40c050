//! Bringing an older database to this program's tables: forward only, and never without a copy of what was there.

use std::path::{Path, PathBuf};

use sqlx::migrate::MigrateError;
use sqlx::sqlite::SqlitePool;

use super::super::*;
use super::backup::{copy_into, inspect};
use super::{MIGRATOR, open_error};

/// Runs the migrations that are wanting. A database that holds anything is copied first, beside it.
pub(super) async fn bring_up_to_date(writer: &SqlitePool, path: &Path, tell: Tell<'_>) -> Result<()> {
    let copy = match wanting(writer, path).await? {
        Some(first) => Some(back_up(writer, path, first, tell).await?),
        None => None,
    };
    MIGRATOR.run(writer).await.map_err(|error| match error {
        MigrateError::VersionMissing(migration) | MigrateError::VersionTooNew(migration, _) => {
            StoreError::Newer { path: path.display().to_string(), migration }
        }
        error => {
            let reason = match &error {
                MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => {
                    let StoreError::Open { reason, .. } = open_error(path, error) else { return StoreError::Sql(error.to_string()) };
                    reason
                }
                other => other.to_string(),
            };
            match &copy {
                Some(copy) => StoreError::Upgrade { path: path.display().to_string(), reason, copy: copy.display().to_string() },
                None => StoreError::Open {
                    path: path.display().to_string(),
                    reason,
                    advice: "Use the version of the program that made it, or another --data-dir.",
                },
            }
        }
    })?;
    if let Some(copy) = copy {
        tell(&format!("The archive was brought to the tables of this version. As it was before it is kept in {}.", copy.display()));
    }
    Ok(())
}

/// The first migration that is wanting in a database that has some; `None` for a new one, for one of this version and for a newer one.
async fn wanting(writer: &SqlitePool, path: &Path) -> Result<Option<i64>> {
    let known: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_master WHERE name = '_sqlx_migrations'")
        .fetch_one(writer)
        .await
        .map_err(|error| open_error(path, &error))?;
    if known == 0 {
        return Ok(None);
    }
    let done: Vec<i64> = sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE success ORDER BY version")
        .fetch_all(writer)
        .await
        .map_err(|error| open_error(path, &error))?;
    if done.is_empty() || done.iter().any(|version| !MIGRATOR.iter().any(|known| known.version == *version)) {
        return Ok(None);
    }
    Ok(MIGRATOR.iter().map(|migration| migration.version).find(|version| !done.contains(version)))
}

/// A verified copy beside the database. One that an earlier try has left is as good.
async fn back_up(writer: &SqlitePool, path: &Path, migration: i64, tell: Tell<'_>) -> Result<PathBuf> {
    let failed = |error: StoreError| StoreError::Open {
        path: path.display().to_string(),
        reason: format!("it is of an earlier version, and it could not be copied before its tables are changed: {error}"),
        advice: "Nothing was changed. Free some space beside it, or use the version of the program that made it.",
    };
    let mut connection = writer.acquire().await?;
    let generation: i64 = sqlx::query_scalar("SELECT coalesce(max(entry), 0) FROM change")
        .fetch_one(&mut *connection)
        .await
        .map_err(|error| failed(error.into()))?;
    let mut copy = beside(path, &format!("before-{migration}"));
    for count in 2.. {
        if !copy.exists() {
            break;
        }
        if inspect(&copy).await.is_ok_and(|held| held.generation == generation) {
            return Ok(copy);
        }
        copy = beside(path, &format!("before-{migration}-{count}"));
    }
    tell(&format!("The archive is of an earlier version: it is copied to {} before its tables are changed.", copy.display()));
    let part = beside(path, "before.part");
    // Left by a start that was cut short.
    let _ = std::fs::remove_file(&part);
    let written = async {
        copy_into(&mut connection, &part).await?;
        let held = inspect(&part).await?;
        if held.generation != generation {
            return Err(StoreError::Corrupt("the copy does not hold what the archive holds".into()));
        }
        std::fs::rename(&part, &copy).map_err(|error| StoreError::Sql(error.to_string()))
    };
    if let Err(error) = written.await {
        let _ = std::fs::remove_file(&part);
        return Err(failed(error));
    }
    Ok(copy)
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}
