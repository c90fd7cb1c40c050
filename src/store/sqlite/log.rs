//! The two logs: one an index follows, one for people. Every write appends to them in its own transaction.

use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnection;

use super::super::*;
use super::json_list;
use crate::model::EventKind;
use crate::model::history::EventDetail;

/// `[seq, what]` each, for whoever follows the database.
pub(super) async fn append_changes(connection: &mut SqliteConnection, entries: &[Value], at: &str) -> Result<()> {
    sqlx::query("INSERT INTO change (seq, what, at) SELECT value ->> 0, value ->> 1, ?2 FROM json_each(?1)")
        .bind(json_list(entries))
        .bind(at)
        .execute(connection)
        .await?;
    Ok(())
}

/// Entries about one release each.
pub(super) async fn append_events(connection: &mut SqliteConnection, events: &[(EventKind, i64, EventDetail)], at: &str) -> Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    let rows: Vec<Value> = events.iter().map(|(what, seq, detail)| json!([what.token(), seq, json!(detail).to_string()])).collect();
    sqlx::query(
        "INSERT INTO event (at, what, seq, releases, detail) SELECT ?2, value ->> 0, value ->> 1, 1, value ->> 2 FROM json_each(?1)",
    )
    .bind(json_list(&rows))
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}
