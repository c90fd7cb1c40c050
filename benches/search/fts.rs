//! The same texts in SQLite FTS5: the search that a database brings along.

use std::path::Path;

use nato_archive::model::IndexRow;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection, Row};

/// An open FTS5 table with a plain table beside it.
pub struct Fts {
    connection: SqliteConnection,
}

impl Fts {
    pub async fn open(path: &Path) -> Self {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Off)
            // As the archive's own connections have it.
            .pragma("cache_size", "-32768");
        Self { connection: SqliteConnection::connect_with(&options).await.expect("a database") }
    }

    pub async fn create(&mut self) {
        for statement in [
            "CREATE VIRTUAL TABLE text USING fts5(title, body, tokenize='porter unicode61')",
            "CREATE TABLE facts (seq INTEGER PRIMARY KEY, year INTEGER, kind TEXT NOT NULL)",
        ] {
            sqlx::query(statement).execute(&mut self.connection).await.expect("a table");
        }
    }

    pub async fn put(&mut self, rows: &[IndexRow]) {
        use chrono::Datelike;
        let mut all = self.connection.begin().await.expect("a transaction");
        for row in rows {
            sqlx::query("INSERT INTO text (rowid, title, body) VALUES (?, ?, ?)")
                .bind(row.seq)
                .bind(&row.title)
                .bind(&row.body)
                .execute(&mut *all)
                .await
                .expect("a text");
            sqlx::query("INSERT INTO facts (seq, year, kind) VALUES (?, ?, ?)")
                .bind(row.seq)
                .bind(row.sort_on.map(|day| day.year()))
                .bind(&row.kind)
                .execute(&mut *all)
                .await
                .expect("a fact");
        }
        all.commit().await.expect("a commit");
    }

    /// One segment, as a search likes it best.
    pub async fn finish(&mut self) {
        sqlx::query("INSERT INTO text (text) VALUES ('optimize')").execute(&mut self.connection).await.expect("one segment");
    }

    /// What a page of results needs: the number of hits, the best twenty with passages, counts by kind and by year (one statement gives
    /// both). Returns the number of hits.
    pub async fn page(&mut self, matching: &str) -> i64 {
        let total: i64 = sqlx::query_scalar("SELECT count(*) FROM text WHERE text MATCH ?")
            .bind(matching)
            .fetch_one(&mut self.connection)
            .await
            .expect("a count");
        let best = sqlx::query(
            "SELECT rowid, title, snippet(text, 1, '<b>', '</b>', '…', 40) AS passage FROM text WHERE text MATCH ? ORDER BY rank LIMIT 20",
        )
        .bind(matching)
        .fetch_all(&mut self.connection)
        .await
        .expect("hits");
        let passages: usize = best.iter().map(|row| row.get::<&str, _>("passage").len()).sum();
        let tallies = sqlx::query(
            "SELECT kind, year, count(*) AS n FROM text JOIN facts ON facts.seq = text.rowid WHERE text MATCH ? GROUP BY kind, year",
        )
        .bind(matching)
        .fetch_all(&mut self.connection)
        .await
        .expect("counts");
        let counted: i64 = tallies.iter().map(|row| row.get::<i64, _>("n")).sum();
        assert_eq!(counted, total, "{matching}");
        std::hint::black_box(passages);
        total
    }
}

/// A query of words or a quoted phrase as FTS5 reads it: every word quoted, all wanted.
pub fn matching(typed: &str) -> String {
    if typed.starts_with('"') {
        return typed.to_owned();
    }
    typed.split_whitespace().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" ")
}
