//! The owner's hand: withdrawing, restoring, putting right. What the program finds stays beside what the owner says.

use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnection;

use super::super::*;
use super::log::{append_changes, append_events};
use super::rows::published_json;
use super::rows::{DateEvidence, json as read_json};
use super::{SqliteStore, json_list};
use crate::model::archived::sort_key;
use crate::model::history::{EventDetail, Field};
use crate::model::slug::title_slug;
use crate::model::{Basis, EventKind, PublicationDate};

impl SqliteStore {
    pub(super) async fn write_withdrawal(&self, seq: i64, reason: &str, at: &str) -> Result<()> {
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        hide(&mut tx, seq, reason, false, at).await?;
        log(&mut tx, EventKind::Withdrawn, seq, EventDetail { because: reason.to_owned(), ..EventDetail::default() }, at).await?;
        tx.commit().await?;
        Ok(())
    }

    pub(super) async fn write_reinstatement(&self, seq: i64, at: &str) -> Result<()> {
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("DELETE FROM withdrawal WHERE seq = ?").bind(seq).execute(&mut *tx).await?;
        sqlx::query("UPDATE release SET hidden = 0 WHERE seq = ?").bind(seq).execute(&mut *tx).await?;
        log(&mut tx, EventKind::Reinstated, seq, EventDetail::default(), at).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Takes the words themselves out of every table and every source document, and overwrites the pages that held them.
    pub(super) async fn write_erasure(&self, seq: i64, reason: &str, at: &str) -> Result<()> {
        // Freed pages are overwritten with zeros: https://www.sqlite.org/pragma.html#pragma_secure_delete
        sqlx::query("PRAGMA secure_delete = ON").execute(&self.writer).await?;
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        hide(&mut tx, seq, reason, true, at).await?;
        let places: Vec<(i64, i64, i64)> =
            sqlx::query_as("SELECT document_id, at_start, at_end FROM occurrence WHERE seq = ?").bind(seq).fetch_all(&mut *tx).await?;
        for (document, start, end) in places {
            blank(&mut tx, document, start, end, seq).await?;
        }
        // What was found to be this release keeps its own rows, so that a link can be taken back: the same words stand there too.
        let mut held: Vec<i64> = sqlx::query_scalar("SELECT seq FROM release WHERE merged_into = ?").bind(seq).fetch_all(&mut *tx).await?;
        held.push(seq);
        for sql in [
            "UPDATE release_text SET text = '', blocks = '[]', evidence = '{\"evidence\":[],\"reasons\":[]}', dates = '[]', given = '{}', \
             layout = '{\"title\":[0,0],\"source_line\":null,\"source\":null,\"stamp\":null,\"body\":[0,0]}' WHERE seq = ?",
            "UPDATE revision SET text = '', blocks = '[]', given = '{}', title = '', published = json_set(published, '$.evidence', json('[]'), '$.reasons', json('[]')), \
             layout = '{\"title\":[0,0],\"source_line\":null,\"source\":null,\"stamp\":null,\"body\":[0,0]}' WHERE seq = ?",
            "UPDATE copy SET text = '', blocks = '[]', given = '{}', title = '', \
             layout = '{\"title\":[0,0],\"source_line\":null,\"source\":null,\"stamp\":null,\"body\":[0,0]}' WHERE seq = ?",
            "DELETE FROM release_topic WHERE seq = ?",
            "DELETE FROM mention WHERE seq = ?",
        ] {
            for seq in &held {
                sqlx::query(sql).bind(seq).execute(&mut *tx).await?;
            }
        }
        log(&mut tx, EventKind::Erased, seq, EventDetail { because: reason.to_owned(), ..EventDetail::default() }, at).await?;
        tx.commit().await?;
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&self.writer).await?;
        sqlx::query("PRAGMA secure_delete = OFF").execute(&self.writer).await?;
        Ok(())
    }

    /// Puts a field right, or takes an earlier correction back where `value` is `None`.
    pub(super) async fn write_correction(&self, seq: i64, field: Field, value: Option<&Value>, because: &str, at: &str) -> Result<()> {
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let before = current(&mut tx, seq, field).await?;
        let found: Option<String> = sqlx::query_scalar("SELECT found FROM correction WHERE seq = ? AND field = ?")
            .bind(seq)
            .bind(field.token())
            .fetch_optional(&mut *tx)
            .await?;
        let found = match found {
            Some(found) => read_json("found", &found)?,
            None => before.clone(),
        };
        let shown = match value {
            Some(value) => {
                sqlx::query(
                    "INSERT INTO correction (seq, field, value, found, because, at) VALUES (?, ?, ?, ?, ?, ?) \
                     ON CONFLICT (seq, field) DO UPDATE SET value = excluded.value, because = excluded.because, at = excluded.at",
                )
                .bind(seq)
                .bind(field.token())
                .bind(value.to_string())
                .bind(found.to_string())
                .bind(because)
                .bind(at)
                .execute(&mut *tx)
                .await?;
                show(&mut tx, seq, field, value, because).await?;
                value.clone()
            }
            None => {
                sqlx::query("DELETE FROM correction WHERE seq = ? AND field = ?").bind(seq).bind(field.token()).execute(&mut *tx).await?;
                show(&mut tx, seq, field, &found, "").await?;
                found
            }
        };
        let changes = vec![(field.token().to_owned(), field.in_words(&before), field.in_words(&shown))];
        log(&mut tx, EventKind::Corrected, seq, EventDetail { changes, because: because.to_owned(), ..EventDetail::default() }, at).await?;
        tx.commit().await?;
        Ok(())
    }
}

async fn log(connection: &mut SqliteConnection, what: EventKind, seq: i64, detail: EventDetail, at: &str) -> Result<()> {
    append_changes(connection, &[json!([seq, "changed"])], at).await?;
    append_events(connection, &[(what, seq, detail)], at).await
}

async fn hide(connection: &mut SqliteConnection, seq: i64, reason: &str, erased: bool, at: &str) -> Result<()> {
    sqlx::query("UPDATE release SET hidden = 1 WHERE seq = ?").bind(seq).execute(&mut *connection).await?;
    sqlx::query(
        "INSERT INTO withdrawal (seq, reason, at, erased) VALUES (?, ?, ?, ?) \
         ON CONFLICT (seq) DO UPDATE SET reason = excluded.reason, at = excluded.at, erased = excluded.erased",
    )
    .bind(seq)
    .bind(reason)
    .bind(at)
    .bind(erased)
    .execute(&mut *connection)
    .await?;
    Ok(())
}

/// Overwrites a range of a kept document with spaces, and remembers the gap.
pub(super) async fn blank(connection: &mut SqliteConnection, document: i64, start: i64, end: i64, seq: i64) -> Result<()> {
    let content: Option<Vec<u8>> = sqlx::query_scalar("SELECT content FROM document WHERE id = ? AND content IS NOT NULL")
        .bind(document)
        .fetch_optional(&mut *connection)
        .await?;
    let Some(mut content) = content else { return Ok(()) };
    let range = usize::try_from(start).unwrap_or(0)..usize::try_from(end).unwrap_or(0);
    if let Some(words) = content.get_mut(range) {
        words.fill(b' ');
    }
    sqlx::query("UPDATE document SET content = ? WHERE id = ?").bind(content).bind(document).execute(&mut *connection).await?;
    sqlx::query("INSERT OR REPLACE INTO erasure (document_id, at_start, at_end, seq) VALUES (?, ?, ?, ?)")
        .bind(document)
        .bind(start)
        .bind(end)
        .bind(seq)
        .execute(connection)
        .await?;
    Ok(())
}

/// Puts what the owner says over what was found a moment ago, which is kept beside it. `whole`: the title was found again too.
pub(super) async fn apply_corrections(connection: &mut SqliteConnection, seqs: &[i64], whole: bool) -> Result<()> {
    let rows: Vec<(i64, String, String, String)> =
        sqlx::query_as("SELECT seq, field, value, because FROM correction WHERE seq IN (SELECT value FROM json_each(?))")
            .bind(json_list(seqs))
            .fetch_all(&mut *connection)
            .await?;
    for (seq, field, value, because) in rows {
        let field: Field = field.parse().map_err(|()| super::rows::corrupt("field", &field))?;
        if field == Field::Title && !whole {
            continue;
        }
        let found = current(connection, seq, field).await?;
        sqlx::query("UPDATE correction SET found = ? WHERE seq = ? AND field = ?")
            .bind(found.to_string())
            .bind(seq)
            .bind(field.token())
            .execute(&mut *connection)
            .await?;
        show(connection, seq, field, &read_json("value", &value)?, &because).await?;
    }
    Ok(())
}

/// What is shown for a field now.
async fn current(connection: &mut SqliteConnection, seq: i64, field: Field) -> Result<Value> {
    let sql = match field {
        Field::Title => "SELECT json_quote(title) FROM release WHERE seq = ?",
        Field::Kind => "SELECT json_quote(kind) FROM release WHERE seq = ?",
        Field::Topics => {
            "SELECT json_group_array(json_object('slug', topic, 'score', score, 'stated', json(iif(stated, 'true', 'false')), 'evidence', json(evidence)) \
             ORDER BY rank) FROM release_topic WHERE seq = ?"
        }
        Field::Date => {
            concat!("SELECT ", published_json!(), " FROM release r JOIN release_text t ON t.seq = r.seq WHERE r.seq = ?")
        }
    };
    let value: String = sqlx::query_scalar(sql).bind(seq).fetch_one(connection).await?;
    read_json("field", &value)
}

/// Shows a value for a field: what the owner says (for a date `{"edtf": …}`, for topics their slugs), or what was found.
async fn show(connection: &mut SqliteConnection, seq: i64, field: Field, value: &Value, because: &str) -> Result<()> {
    match field {
        Field::Title => {
            let title = value.as_str().unwrap_or_default();
            sqlx::query("UPDATE release SET title = ?, slug = ? WHERE seq = ?")
                .bind(title)
                .bind(title_slug(title))
                .bind(seq)
                .execute(connection)
                .await?;
        }
        Field::Kind => {
            sqlx::query("UPDATE release SET kind = ? WHERE seq = ?").bind(value.as_str()).bind(seq).execute(connection).await?;
        }
        Field::Topics => {
            sqlx::query("DELETE FROM release_topic WHERE seq = ?").bind(seq).execute(&mut *connection).await?;
            sqlx::query(
                "INSERT INTO release_topic (seq, topic, rank, score, stated, evidence) \
                 SELECT ?1, iif(type = 'object', value ->> 'slug', value), key, iif(type = 'object', value ->> 'score', 1.0), \
                 iif(type = 'object', value ->> 'stated', 0), iif(type = 'object', value -> 'evidence', '[]') FROM json_each(?2)",
            )
            .bind(seq)
            .bind(value.to_string())
            .execute(connection)
            .await?;
        }
        Field::Date => show_date(connection, seq, value, because).await?,
    }
    Ok(())
}

async fn show_date(connection: &mut SqliteConnection, seq: i64, value: &Value, because: &str) -> Result<()> {
    let published = if value.get("basis").is_some() {
        read_json::<PublicationDate>("date", &value.to_string())?
    } else {
        let mut stated = match value["edtf"].as_str() {
            Some(edtf) => PublicationDate::stated(edtf, Basis::Owner).map_err(StoreError::Corrupt)?,
            None => PublicationDate { basis: Basis::Owner, ..PublicationDate::unknown() },
        };
        stated.reasons = vec![format!("The archive’s owner put the date right: {because}")];
        stated
    };
    let (position, format): (i64, String) =
        sqlx::query_as("SELECT r.position, d.format FROM release r JOIN document d ON d.id = r.document_id WHERE r.seq = ?")
            .bind(seq)
            .fetch_one(&mut *connection)
            .await?;
    let newest_first = format.parse::<DocumentFormat>().is_ok_and(|format| format.order() == crate::model::DocumentOrder::NewestFirst);
    sqlx::query(
        "UPDATE release SET edtf = ?, earliest = ?, latest = ?, sort_on = ?, sort_key = ?, time = ?, utc_offset = ?, precision = ?, basis = ?, year_from = ? \
         WHERE seq = ?",
    )
    .bind(&published.edtf)
    .bind(published.earliest)
    .bind(published.latest)
    .bind(published.sort_on)
    .bind(sort_key(&published, u32::try_from(position).unwrap_or(0), newest_first))
    .bind(published.time.map(|time| time.format("%H:%M").to_string()))
    .bind(&published.offset)
    .bind(published.precision.token())
    .bind(published.basis.token())
    .bind(published.year_from.map(crate::model::YearFrom::token))
    .bind(seq)
    .execute(&mut *connection)
    .await?;
    let evidence = DateEvidence { evidence: published.evidence, reasons: published.reasons };
    sqlx::query("UPDATE release_text SET evidence = ? WHERE seq = ?")
        .bind(json!(evidence).to_string())
        .bind(seq)
        .execute(connection)
        .await?;
    Ok(())
}
