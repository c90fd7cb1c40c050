//! The archive in one SQLite file: WAL, one writing connection, a pool of reading ones.

mod alerts;
mod backup;
mod feeds;
mod findings;
mod hashes;
mod history;
mod identity;
mod integrity;
mod log;
mod mentioned;
mod names;
mod owner;
mod public;
mod read;
mod redescribe;
mod rows;
mod rulings;
mod stamps;
mod upgrade;
mod whole;
mod wholes;
mod work;
mod write;

use std::collections::HashMap;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use chrono::NaiveDate;
use sqlx::ConnectOptions;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};

use super::*;

pub(super) use backup::inspect;
pub(super) use public::PublicWriter;

/// The steps that made the tables what they are, in order.
static MIGRATOR: Migrator = sqlx::migrate!("migrations/sqlite");

/// Connections for reading; pages ask few short questions each.
const READERS: u32 = 8;

/// How long a writer waits for its turn before it says that the database is busy.
const BUSY: Duration = Duration::from_secs(30);

/// Between two tries to have one's turn.
const AGAIN: Duration = Duration::from_millis(20);

pub struct SqliteStore {
    writer: SqlitePool,
    reader: SqlitePool,
}

/// What a connection is tuned for.
struct Tuning {
    readers: u32,
    /// Each connection's own pages, in KiB, as `PRAGMA cache_size` wants them: negative.
    cache: &'static str,
    /// So much of the file is read through the memory map, in bytes; what lies beyond is read as before.
    mapped: &'static str,
    /// Pages of the log before they are put into the file: the more, the fewer are written twice.
    checkpoint: &'static str,
}

impl Tuning {
    fn of(purpose: Purpose) -> Self {
        match purpose {
            Purpose::Serving => Self { readers: READERS, cache: "-32768", mapped: "4294967296", checkpoint: "1000" },
            // Mapped pages count as resident, and work reads much of the file once.
            Purpose::Work => Self { readers: 4, cache: "-32768", mapped: "0", checkpoint: "8192" },
        }
    }
}

impl SqliteStore {
    pub async fn open(path: PathBuf, purpose: Purpose, tell: Tell<'_>) -> Result<Self> {
        let _turn = turn(&path).await?;
        Self::open_once(&path, purpose, tell).await
    }

    async fn open_once(path: &Path, purpose: Purpose, tell: Tell<'_>) -> Result<Self> {
        let tuning = Tuning::of(purpose);
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            // Every commit is on disk before it is acknowledged.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY)
            .pragma("cache_size", tuning.cache)
            .pragma("mmap_size", tuning.mapped)
            .pragma("wal_autocheckpoint", tuning.checkpoint)
            .statement_cache_capacity(64)
            .disable_statement_logging();
        let opened = |error: sqlx::Error| open_error(path, &error);
        let writer = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await.map_err(opened)?;
        upgrade::bring_up_to_date(&writer, path, tell).await?;
        let reader = SqlitePoolOptions::new()
            .max_connections(tuning.readers)
            // A file does not hang up: asking each time whether it is still there costs as much as a question.
            .test_before_acquire(false)
            .connect_with(options.read_only(true))
            .await
            .map_err(|error| open_error(path, &error))?;
        let store = Self { writer, reader };
        store.choose_identifier().await?;
        Ok(store)
    }

    /// The archive's own identifier is chosen once: from it feeds and harvesters make names that outlive any address.
    async fn choose_identifier(&self) -> Result<()> {
        sqlx::query("INSERT OR IGNORE INTO archive (name, value) VALUES ('id', lower(hex(randomblob(16))))").execute(&self.writer).await?;
        Ok(())
    }
}

/// One program at a time makes or changes the tables: held on the folder itself, since nothing else is there yet, and let go by whoever ends, however
/// that happens. Where a system knows no such lock there is none.
async fn turn(path: &Path) -> Result<Option<File>> {
    let Some(Ok(folder)) = path.parent().map(File::open) else { return Ok(None) };
    let mut waited = Duration::ZERO;
    loop {
        match folder.try_lock() {
            Ok(()) => return Ok(Some(folder)),
            Err(TryLockError::Error(_)) => return Ok(None),
            Err(TryLockError::WouldBlock) if waited >= BUSY => return Err(StoreError::Busy),
            Err(TryLockError::WouldBlock) => {}
        }
        tokio::time::sleep(AGAIN).await;
        waited += AGAIN;
    }
}

/// Why a database could not be opened, and what to do about it.
fn open_error(path: &Path, error: &sqlx::Error) -> StoreError {
    let reason = match error {
        sqlx::Error::Database(error) => error.message().to_owned(),
        other => other.to_string(),
    };
    let advice = if reason.contains("not a database") || reason.contains("malformed") {
        "The file is damaged or something else: restore a backup, or load the documents into another --data-dir."
    } else {
        "Check that the folder exists, that you may write to it and that the disk is not full."
    };
    StoreError::Open { path: path.display().to_string(), reason, advice }
}

/// SQLite's primary result codes that have a sentence of their own.
impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if let sqlx::Error::Database(inner) = &error {
            // https://www.sqlite.org/rescode.html: the low byte of an extended code is the primary one.
            match inner.code().and_then(|code| code.parse::<u32>().ok()).map(|code| code & 0xff) {
                Some(5 | 6) => return Self::Busy,
                Some(13) => return Self::DiskFull,
                Some(8) => return Self::ReadOnly,
                Some(10) => return Self::Disk(inner.message().to_owned()),
                Some(11 | 26) => return Self::Damaged(inner.message().to_owned()),
                _ => {}
            }
        }
        match error {
            sqlx::Error::ColumnDecode { index, source } => Self::Corrupt(format!("column {index}: {source}")),
            other => Self::Sql(other.to_string()),
        }
    }
}

/// Numbers as one JSON array: SQLite's `json_each` turns it into rows, so that a statement stays static whatever the count.
fn json_list<T: serde::Serialize>(values: &[T]) -> String {
    serde_json::to_string(values).unwrap_or_else(|_| "[]".into())
}

#[async_trait]
impl ArchiveStore for SqliteStore {
    async fn summary(&self) -> Result<Summary> {
        self.read_summary().await
    }
    async fn generation(&self) -> Result<i64> {
        Ok(sqlx::query_scalar("SELECT coalesce(max(entry), 0) FROM change").fetch_one(&self.reader).await?)
    }
    async fn day_counts(&self) -> Result<(Vec<DayCount>, u64)> {
        self.read_day_counts().await
    }
    async fn topics(&self) -> Result<Vec<Topic>> {
        self.read_topics().await
    }
    async fn labels(&self) -> Result<Labels> {
        self.read_labels().await
    }
    async fn items(&self, seqs: &[i64]) -> Result<Vec<ReleaseItem>> {
        self.read_items(seqs).await
    }
    async fn release(&self, id: ReleaseId) -> Result<Option<Release>> {
        self.read_release(id).await
    }
    async fn by_alias(&self, hashes: &[i64]) -> Result<Option<Addressed>> {
        self.read_by_alias(hashes).await
    }
    async fn list(&self, after: Option<After>, limit: u32) -> Result<Vec<ReleaseItem>> {
        self.read_list(after, limit).await
    }
    async fn between(&self, first: NaiveDate, last: NaiveDate, offset: u32, limit: u32) -> Result<Vec<ReleaseItem>> {
        self.read_between(first, last, offset, limit).await
    }
    async fn undated(&self, offset: u32, limit: u32) -> Result<Vec<ReleaseItem>> {
        self.read_undated(offset, limit).await
    }
    async fn on_days(&self, days: &[NaiveDate], limit: u32) -> Result<Vec<ReleaseItem>> {
        self.read_on_days(days, limit).await
    }
    async fn neighbours(&self, sort_key: Option<i64>, id: ReleaseId) -> Result<(Option<ReleaseItem>, Option<ReleaseItem>)> {
        self.read_neighbours(sort_key, id).await
    }
    async fn siblings(&self, document: i64, first: u32, limit: u32) -> Result<Vec<ReleaseItem>> {
        self.read_siblings(document, first, limit).await
    }
    async fn gone(&self, id: ReleaseId) -> Result<Option<Gone>> {
        self.read_gone(id).await
    }
    async fn history(&self, seq: i64) -> Result<History> {
        self.read_history(seq).await
    }
    async fn versions(&self, id: ReleaseId) -> Result<Vec<VersionItem>> {
        self.read_versions(id).await
    }
    async fn version(&self, id: ReleaseId, number: u32) -> Result<Option<Version>> {
        self.read_version(id, number).await
    }
    async fn joined(&self, id: ReleaseId) -> Result<Option<Joined>> {
        self.read_joined(id).await
    }
    async fn split_off(&self, id: ReleaseId, number: u32) -> Result<Option<ReleaseId>> {
        self.read_split_off(id, number).await
    }
    async fn split_from(&self, id: ReleaseId) -> Result<Option<(ReleaseId, u32)>> {
        self.read_split_from(id).await
    }
    async fn notes(&self, asked: NotesAsked) -> Result<Vec<Event>> {
        self.read_notes(asked).await
    }

    async fn last_event(&self) -> Result<i64> {
        Ok(sqlx::query_scalar("SELECT coalesce(max(entry), 0) FROM event").fetch_one(&self.reader).await?)
    }

    async fn events(&self, asked: EventsAsked) -> Result<Vec<Event>> {
        self.read_events(asked).await
    }
    async fn events_count(&self, asked: EventsAsked) -> Result<u64> {
        self.count_events(asked).await
    }
    async fn explained(&self, seq: i64) -> Result<Vec<Explained>> {
        self.read_explained(seq).await
    }
    async fn wholes(&self, seqs: &[i64]) -> Result<Vec<Whole>> {
        self.read_wholes(seqs).await
    }
    async fn stream_wholes(&self, seqs: &[i64], at: i64, to: Sender<Vec<Whole>>) -> Result<bool> {
        self.send_wholes(seqs, at, to).await
    }
    async fn stream_public(&self, to: Sender<PublicPart>) -> Result<()> {
        self.send_public(to).await
    }
    async fn still_public(&self, state: &PublicState) -> Result<bool> {
        self.read_still_public(state).await
    }
    async fn text_hashes(&self, seqs: &[i64]) -> Result<Vec<(ReleaseId, String)>> {
        self.read_text_hashes(seqs).await
    }
    async fn stamped(&self, asked: &StampedAsked) -> Result<Vec<Stamped>> {
        self.read_stamped(asked).await
    }
    async fn stamped_count(&self, asked: &StampedAsked) -> Result<u64> {
        self.count_stamped(asked).await
    }
    async fn stamp_of(&self, id: ReleaseId) -> Result<Option<Stamped>> {
        self.read_stamp_of(id).await
    }
    async fn stamp_bounds(&self) -> Result<Option<(String, String)>> {
        self.read_stamp_bounds().await
    }
    async fn stamped_blocks(&self, size: i64) -> Result<Vec<StampedBlock>> {
        self.read_stamped_blocks(size).await
    }
    async fn stamped_addresses(&self, after: i64, to: i64) -> Result<Vec<StampedAddress>> {
        self.read_stamped_addresses(after, to).await
    }
    async fn seq_of(&self, id: ReleaseId) -> Result<Option<i64>> {
        Ok(sqlx::query_scalar("SELECT seq FROM release WHERE id = ?").bind(id.as_str().to_owned()).fetch_optional(&self.reader).await?)
    }
    async fn changes(&self, after: i64, limit: u32) -> Result<Vec<Change>> {
        let rows: Vec<(i64, Option<i64>, bool)> =
            sqlx::query_as("SELECT entry, seq, what = 'new' FROM change WHERE entry > ? ORDER BY entry LIMIT ?")
                .bind(after)
                .bind(limit)
                .fetch_all(&self.reader)
                .await?;
        Ok(rows.into_iter().map(|(entry, seq, fresh)| Change { entry, seq, fresh }).collect())
    }
    async fn index_rows(&self, seqs: &[i64]) -> Result<Vec<IndexRow>> {
        self.read_index_rows(seqs).await
    }
    async fn mentioned(&self, kind: MentionKind) -> Result<Vec<Mentioned>> {
        self.read_mentioned(kind).await
    }
    async fn passages(&self, seqs: &[i64]) -> Result<Vec<(ReleaseItem, String)>> {
        self.read_passages(seqs).await
    }
    async fn by_number(&self, number: &str) -> Result<Vec<(ReleaseId, String, String)>> {
        self.read_by_number(number).await
    }
    async fn seqs(&self, seq_after: i64, limit: u32) -> Result<Vec<i64>> {
        Ok(sqlx::query_scalar("SELECT seq FROM release WHERE seq > ? AND hidden = 0 ORDER BY seq LIMIT ?")
            .bind(seq_after)
            .bind(limit)
            .fetch_all(&self.reader)
            .await?)
    }
    async fn vocabulary(&self) -> Result<Option<(String, String)>> {
        self.read_vocabulary().await
    }
    async fn documents(&self, after: i64, limit: u32) -> Result<Vec<StoredDocument>> {
        self.read_documents(after, limit).await
    }
    async fn document_by_sha256(&self, sha256: &str) -> Result<Option<StoredDocument>> {
        self.read_document_by_sha256(sha256).await
    }
    async fn to_describe(&self, document: i64, position: u32, limit: u32) -> Result<Vec<ToDescribe>> {
        self.read_to_describe(document, position, limit).await
    }
    async fn occurrences(&self, document: i64) -> Result<Vec<Occurrence>> {
        self.read_occurrences(document).await
    }
    async fn known(&self, identities: &[Identity], aliases: &[i64]) -> Result<HashMap<i64, Known>> {
        self.read_known(identities, aliases).await
    }
    async fn profiles(&self, seqs: &[i64]) -> Result<Vec<Profile>> {
        self.read_profiles(seqs).await
    }
    async fn parsed(&self, seqs: &[i64]) -> Result<Vec<(i64, ParsedRelease)>> {
        self.read_parsed(seqs).await
    }
    async fn numbered(&self, numbers: &[String]) -> Result<Vec<(String, i64)>> {
        self.read_numbered(numbers).await
    }
    async fn other_texts(&self, seqs: &[i64]) -> Result<Vec<(i64, String)>> {
        self.read_other_texts(seqs).await
    }
    async fn likenesses(&self, after: i64, limit: u32) -> Result<Vec<LikenessEntry>> {
        self.read_likenesses(after, limit).await
    }
    async fn without_likeness(&self, seq_after: i64, limit: u32) -> Result<Vec<(i64, Option<String>, ParsedRelease)>> {
        self.read_without_likeness(seq_after, limit).await
    }
    async fn next_seq(&self) -> Result<i64> {
        Ok(sqlx::query_scalar("SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'release'")
            .fetch_one(&self.reader)
            .await?)
    }
    async fn integrity(&self) -> Result<Vec<String>> {
        self.read_integrity().await
    }
    async fn texts(&self, after: Option<TextPlace>, limit: u32) -> Result<Vec<KeptText>> {
        self.read_texts(after, limit).await
    }
    async fn erasures(&self, document: i64) -> Result<Vec<Span>> {
        self.read_erasures(document).await
    }
    async fn export(&self, to: Sender<Part>) -> Result<()> {
        self.send_whole(to).await
    }
    async fn back_up(&self, to: &Path) -> Result<Inspected> {
        self.write_copy(to).await
    }
    async fn fill(&self, from: Receiver<Part>) -> Result<u64> {
        self.take_whole(from).await
    }
    async fn snapshot(&self, path: &Path) -> Result<()> {
        // The writing connection sees what it has itself just written.
        backup::copy_into(&mut *self.writer.acquire().await?, path).await
    }
    async fn save_vocabulary(&self, topics: &str, gazetteer: &str, list: &[Topic], at: &str) -> Result<()> {
        self.write_vocabulary(topics, gazetteer, list, at).await
    }
    async fn write(&self, batch: Batch<'_>) -> Result<()> {
        self.write_batch(batch).await
    }
    async fn save_likenesses(&self, releases: &[(i64, Likeness, Vec<i64>)]) -> Result<()> {
        self.write_likenesses(releases).await
    }
    async fn redescribe(&self, releases: &[Redescribed], at: &str) -> Result<u64> {
        self.write_descriptions(releases, at).await
    }
    async fn withdraw(&self, seq: i64, reason: &str, at: &str) -> Result<()> {
        self.write_withdrawal(seq, reason, at).await
    }
    async fn reinstate(&self, seq: i64, at: &str) -> Result<()> {
        self.write_reinstatement(seq, at).await
    }
    async fn erase(&self, seq: i64, reason: &str, at: &str) -> Result<()> {
        self.write_erasure(seq, reason, at).await
    }
    async fn correct(&self, seq: i64, field: Field, value: Option<&serde_json::Value>, because: &str, at: &str) -> Result<()> {
        self.write_correction(seq, field, value, because, at).await
    }
    async fn translate(&self, seq: i64, other: i64, because: &str, at: &str) -> Result<()> {
        self.write_translation(seq, other, because, at).await
    }
    async fn merge(&self, seq: i64, other: i64, score: f64, because: &str, at: &str) -> Result<()> {
        self.write_merger(seq, other, score, because, at).await
    }
    async fn separate(&self, seq: i64, other: i64, because: &str, at: &str) -> Result<()> {
        self.write_separation(seq, other, because, at).await
    }
    async fn split(&self, seq: i64, from: SplitFrom, new: i64, arrival: &Arrival, because: &str, at: &str) -> Result<ReleaseId> {
        match from {
            SplitFrom::Copy(number) => self.write_split(seq, number, new, arrival, because, at).await,
            SplitFrom::CurrentVersion => self.write_version_split(seq, new, arrival, because, at).await,
        }
    }
    async fn standing(&self, id: ReleaseId) -> Result<Option<Standing>> {
        self.read_standing(id).await
    }
    async fn copy(&self, seq: i64, number: u32) -> Result<Option<HeldCopy>> {
        self.read_copy(seq, number).await
    }
    async fn save_sidecar(&self, document: i64, sidecar: &Sidecar, source: &Source, at: &str) -> Result<()> {
        self.write_sidecar(document, sidecar, source, at).await
    }
}
