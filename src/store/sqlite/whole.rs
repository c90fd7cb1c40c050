//! The archive as a whole, out of the tables and back into them. Every statement is put together from [`SHAPES`] alone.

use std::collections::HashSet;

use sqlx::sqlite::{SqliteArguments, SqliteConnection, SqliteRow};
use sqlx::{Arguments, AssertSqlSafe, Row};
use tokio::sync::mpsc::{Receiver, Sender};

use super::super::*;
use super::SqliteStore;
use super::rows::json;

/// Records that travel together, and about how many bytes of them.
const TOGETHER: usize = 500;
const TOGETHER_BYTES: usize = 4 << 20;

/// Facts that the header says.
const IN_HEADER: &str = "name NOT IN ('id')";

impl SqliteStore {
    /// One snapshot: what is written meanwhile is not in it.
    pub(super) async fn send_whole(&self, to: Sender<Part>) -> Result<()> {
        let mut tx = self.reader.begin().await?;
        let id: String = sqlx::query_scalar("SELECT value FROM archive WHERE name = 'id'").fetch_one(&mut *tx).await?;
        let generation: i64 = sqlx::query_scalar("SELECT coalesce(max(entry), 0) FROM change").fetch_one(&mut *tx).await?;
        let schema: i64 = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations WHERE success").fetch_one(&mut *tx).await?;
        let held = tables(&mut tx).await?;
        let mut listens = to.send(Part::Header(Header { id, generation, schema })).await.is_ok();
        for shape in SHAPES.iter().filter(|shape| shape.tables.iter().all(|table| held.contains(*table))) {
            listens = listens && send_shape(&mut tx, shape, &to).await?;
        }
        if listens {
            // Whoever listened until now and left has no need of an error here: it knows why it left.
            let _ = to.send(Part::End).await;
        }
        Ok(())
    }

    /// One transaction: an archive that is filled half-way is as empty as before.
    pub(super) async fn take_whole(&self, mut from: Receiver<Part>) -> Result<u64> {
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let taken: i64 = sqlx::query_scalar(
            "SELECT (SELECT count(*) FROM (SELECT 1 FROM document LIMIT 1)) + (SELECT count(*) FROM (SELECT 1 FROM release LIMIT 1))",
        )
        .fetch_one(&mut *tx)
        .await?;
        if taken > 0 {
            return Err(StoreError::NotEmpty);
        }
        // Releases name releases further on.
        sqlx::query("PRAGMA defer_foreign_keys = ON").execute(&mut *tx).await?;
        let held = tables(&mut tx).await?;
        for table in SHAPES.iter().flat_map(|shape| shape.tables).filter(|table| held.contains(**table)) {
            // Vocabularies and what is logged about them may be there before anything else.
            sqlx::query(AssertSqlSafe(format!("DELETE FROM {table}"))).execute(&mut *tx).await?;
        }
        let mut generation = None;
        let mut count = 0;
        while let Some(part) = from.recv().await {
            match part {
                Part::Header(header) => {
                    sqlx::query("INSERT INTO archive (name, value) VALUES ('id', ?)").bind(header.id).execute(&mut *tx).await?;
                    generation = Some(header.generation);
                }
                Part::Records(records) => {
                    count += records.len() as u64;
                    for record in records {
                        put(&mut tx, record, &held).await?;
                    }
                }
                Part::End => {
                    let reached: i64 = sqlx::query_scalar("SELECT coalesce(max(entry), 0) FROM change").fetch_one(&mut *tx).await?;
                    if generation != Some(reached) {
                        return Err(StoreError::Corrupt("the change log does not end where the header says".into()));
                    }
                    let dangling: Option<(String, Option<i64>, String, i64)> =
                        sqlx::query_as("PRAGMA foreign_key_check").fetch_optional(&mut *tx).await?;
                    if let Some((table, _, parent, _)) = dangling {
                        return Err(StoreError::Corrupt(format!("a record of {table} names nothing in {parent}")));
                    }
                    tx.commit().await?;
                    return Ok(count);
                }
            }
        }
        // Whoever sent has stopped before the end: nothing of it stays.
        Err(StoreError::Unfinished)
    }
}

async fn tables(connection: &mut SqliteConnection) -> Result<HashSet<String>> {
    let names: Vec<String> = sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table'").fetch_all(connection).await?;
    Ok(names.into_iter().collect())
}

/// Sends every record of a shape; whether anybody listens still.
async fn send_shape(connection: &mut SqliteConnection, shape: &'static Shape, to: &Sender<Part>) -> Result<bool> {
    use futures_util::TryStreamExt;
    let sql = select(shape);
    let mut rows = sqlx::query(AssertSqlSafe(sql)).fetch(connection);
    let mut records = Vec::with_capacity(TOGETHER);
    let mut size = 0;
    while let Some(row) = rows.try_next().await? {
        let record = record(shape, &row)?;
        size += record.values.iter().map(weight).sum::<usize>();
        records.push(record);
        if records.len() >= TOGETHER || size >= TOGETHER_BYTES {
            size = 0;
            if to.send(Part::Records(std::mem::take(&mut records))).await.is_err() {
                return Ok(false);
            }
        }
    }
    Ok(records.is_empty() || to.send(Part::Records(records)).await.is_ok())
}

fn weight(value: &Datum) -> usize {
    match value {
        Datum::Text(words) | Datum::Json(words) => words.len(),
        Datum::Bytes(bytes) => bytes.len(),
        _ => 8,
    }
}

fn select(shape: &Shape) -> String {
    let named = |field: &FieldShape| match field.form {
        Form::Head | Form::Tail => "''".to_owned(),
        _ => format!("{}.{}", shape.tables.get(field.table).unwrap_or(&""), field.column),
    };
    let columns: Vec<String> = shape.fields.iter().map(named).collect();
    let keys: Vec<String> = shape.fields.iter().take(shape.keys).map(named).collect();
    let first = shape.fields.first().map_or("", |field| field.column);
    let joined: String = shape
        .tables
        .iter()
        .enumerate()
        .map(|(at, table)| if at == 0 { (*table).to_owned() } else { format!(" JOIN {table} USING ({first})") })
        .collect();
    let only = if shape.tables == ["archive"] { format!(" WHERE {IN_HEADER}") } else { String::new() };
    format!("SELECT {} FROM {joined}{only} ORDER BY {}", columns.join(", "), keys.join(", "))
}

/// One statement a table; all take the same values by their numbers.
fn insert(shape: &Shape) -> String {
    let mut sql = String::new();
    for (at, table) in shape.tables.iter().enumerate() {
        let stored = shape.fields.iter().enumerate().filter(|(place, field)| {
            let stored = !matches!(field.form, Form::Head | Form::Tail);
            stored && (field.table == at || *place == 0)
        });
        let (columns, values): (Vec<&str>, Vec<String>) = stored.map(|(place, field)| (field.column, format!("?{}", place + 1))).unzip();
        sql += &format!("INSERT INTO {table} ({}) VALUES ({});", columns.join(", "), values.join(", "));
    }
    sql
}

fn record(shape: &'static Shape, row: &SqliteRow) -> Result<Record> {
    let mut values = Vec::with_capacity(shape.fields.len());
    for (place, field) in shape.fields.iter().enumerate() {
        values.push(match field.form {
            Form::Int => row.try_get_unchecked::<Option<i64>, _>(place)?.map_or(Datum::Null, Datum::Int),
            Form::Real => row.try_get_unchecked::<Option<f64>, _>(place)?.map_or(Datum::Null, Datum::Real),
            Form::Hex | Form::Content => row.try_get_unchecked::<Option<Vec<u8>>, _>(place)?.map_or(Datum::Null, Datum::Bytes),
            Form::Json => row.try_get_unchecked::<Option<String>, _>(place)?.map_or(Datum::Null, Datum::Json),
            Form::Text | Form::Head | Form::Body | Form::Tail => {
                row.try_get_unchecked::<Option<String>, _>(place)?.map_or(Datum::Null, Datum::Text)
            }
        });
    }
    let mut record = Record { shape, values };
    part_text(&mut record)?;
    Ok(record)
}

/// Parts a release's text into what stands before its body, the body, and what stands behind it.
fn part_text(record: &mut Record) -> Result<()> {
    let Some([head, body, tail]) = parts(record.shape) else { return Ok(()) };
    let span = json::<Layout>("layout", record.text("layout").unwrap_or_default())?.body;
    let Some(Datum::Text(text)) = record.values.get(body).cloned() else { return Ok(()) };
    let (Some(before), Some(within), Some(behind)) = (text.get(..span.start), text.get(span.start..span.end), text.get(span.end..)) else {
        return Ok(());
    };
    for (place, words) in [(head, before), (body, within), (tail, behind)] {
        record.values[place] = Datum::Text(words.to_owned());
    }
    Ok(())
}

/// Where head, body and tail stand.
fn parts(shape: &Shape) -> Option<[usize; 3]> {
    Some([shape.place_of(Form::Head)?, shape.place_of(Form::Body)?, shape.place_of(Form::Tail)?])
}

async fn put(connection: &mut SqliteConnection, mut record: Record, held: &HashSet<String>) -> Result<()> {
    let shape = record.shape;
    if let Some(missing) = shape.tables.iter().find(|table| !held.contains(**table)) {
        return Err(StoreError::Corrupt(format!("this program has no place for records of {missing}")));
    }
    if let Some([head, body, tail]) = parts(shape) {
        let words: String = [head, body, tail]
            .into_iter()
            .filter_map(|place| match record.values.get(place) {
                Some(Datum::Text(words)) => Some(words.as_str()),
                _ => None,
            })
            .collect();
        record.values[body] = Datum::Text(words);
    }
    let mut arguments = SqliteArguments::default();
    for value in record.values {
        let added = match value {
            Datum::Null => arguments.add(None::<i64>),
            Datum::Int(value) => arguments.add(value),
            Datum::Real(value) => arguments.add(value),
            Datum::Text(value) | Datum::Json(value) => arguments.add(value),
            Datum::Bytes(value) => arguments.add(value),
        };
        added.map_err(|error| StoreError::Corrupt(error.to_string()))?;
    }
    let sql = shape_insert(shape);
    sqlx::query_with(sql, arguments).execute(connection).await.map_err(|error| match StoreError::from(error) {
        // What the tables' own rules refuse is the record's fault.
        StoreError::Sql(reason) => StoreError::Corrupt(format!("a record of {} was refused: {reason}", shape.kind)),
        other => other,
    })?;
    Ok(())
}

/// The statement of a shape, put together once.
fn shape_insert(shape: &'static Shape) -> &'static str {
    static INSERTS: std::sync::OnceLock<Vec<String>> = std::sync::OnceLock::new();
    let inserts = INSERTS.get_or_init(|| SHAPES.iter().map(insert).collect());
    SHAPES.iter().position(|other| std::ptr::eq(other, shape)).and_then(|place| inserts.get(place)).map_or("", String::as_str)
}
