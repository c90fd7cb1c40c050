//! The public archive: read in one snapshot, and written as a database of its own.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};
use tokio::sync::mpsc::Sender;

use super::super::*;
use super::rows::json as read_json;
use super::wholes::{Documents, TOGETHER, wholes_of};
use super::{SqliteStore, json_list, open_error};
use crate::model::Given;

impl SqliteStore {
    /// One snapshot, however long it takes.
    pub(super) async fn send_public(&self, to: Sender<PublicPart>) -> Result<()> {
        let mut tx = self.reader.begin().await?;
        let seqs: Vec<i64> =
            sqlx::query_scalar("SELECT seq FROM release WHERE hidden = 0 ORDER BY sort_key DESC, id").fetch_all(&mut *tx).await?;
        if to.send(PublicPart::Head(head(&mut tx, seqs.len() as u64).await?)).await.is_err() {
            return Ok(());
        }
        let mut documents = Documents::new();
        for together in seqs.chunks(TOGETHER) {
            let releases = releases(&mut tx, together, &mut documents).await?;
            if to.send(PublicPart::Releases(releases)).await.is_err() {
                return Ok(());
            }
        }
        // Nobody listening any more is the listener's affair.
        let _ = to.send(PublicPart::End).await;
        Ok(())
    }

    pub(super) async fn read_still_public(&self, state: &PublicState) -> Result<bool> {
        let stands = format!(
            "SELECT coalesce((SELECT value FROM archive WHERE name = 'id'), '') = ?1 AND coalesce(({MARK} WHERE entry = ?2), '') = ?3 \
             AND NOT EXISTS (SELECT 1 FROM change c JOIN release r ON r.seq = c.seq WHERE c.entry > ?2 AND c.what = 'changed' AND r.hidden <> 0)"
        );
        let stands = sqlx::query_scalar(sqlx::AssertSqlSafe(stands)).bind(&state.archive_id).bind(state.generation).bind(&state.mark);
        Ok(stands.fetch_one(&self.reader).await?)
    }
}

/// What an entry of the change log says.
const MARK: &str = "SELECT at || ' ' || what || ' ' || coalesce(seq, '') FROM change";

async fn head(connection: &mut SqliteConnection, releases: u64) -> Result<PublicHead> {
    let (archive_id, generation): (Option<String>, i64) =
        sqlx::query_as("SELECT (SELECT value FROM archive WHERE name = 'id'), (SELECT coalesce(max(entry), 0) FROM change)")
            .fetch_one(&mut *connection)
            .await?;
    let mark: Option<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("{MARK} WHERE entry = ?")))
        .bind(generation)
        .fetch_optional(&mut *connection)
        .await?;
    let topics: Vec<(String, String, String, String, Option<String>)> =
        sqlx::query_as("SELECT slug, label, label_fr, scope, broader FROM topic ORDER BY position").fetch_all(&mut *connection).await?;
    let rights: Vec<(String, String, Option<String>, i64)> = sqlx::query_as(
        "SELECT r.source_slug, r.source_name, d.sidecar ->> '$.licence' AS licence, count(*) FROM release r JOIN document d ON d.id = r.document_id \
         WHERE r.hidden = 0 GROUP BY 1, 2, 3 ORDER BY count(*) DESC, 2, 3",
    )
    .fetch_all(connection)
    .await?;
    Ok(PublicHead {
        state: PublicState { archive_id: archive_id.unwrap_or_default(), generation, mark: mark.unwrap_or_default() },
        releases,
        topics: topics
            .into_iter()
            .map(|(slug, label, label_fr, scope, broader)| Topic { slug, label, label_fr, scope, broader, ..Topic::default() })
            .collect(),
        rights: rights
            .into_iter()
            .map(|(slug, publisher, licence, releases)| Rights { slug, publisher, licence, releases: releases.unsigned_abs() })
            .collect(),
    })
}

async fn releases(connection: &mut SqliteConnection, seqs: &[i64], documents: &mut Documents) -> Result<Vec<PublicRelease>> {
    let wholes = wholes_of(connection, seqs, documents).await?;
    let list = json_list(seqs);
    let rows: Vec<(i64, String, String)> =
        sqlx::query_as("SELECT seq, layout, given FROM release_text WHERE seq IN (SELECT value FROM json_each(?))")
            .bind(&list)
            .fetch_all(&mut *connection)
            .await?;
    let mut stated: HashMap<i64, (Layout, Given)> = HashMap::with_capacity(rows.len());
    for (seq, layout, given) in rows {
        stated.insert(seq, (read_json("layout", &layout)?, read_json("given", &given)?));
    }
    let mut older = older_of(connection, &list).await?;
    let mut releases = Vec::with_capacity(wholes.len());
    for whole in wholes {
        let seq = whole.release.item.seq;
        let (layout, stated) = stated.remove(&seq).ok_or_else(|| StoreError::Corrupt(format!("release {seq} has no text")))?;
        let publisher = layout.source.clone().or_else(|| whole.release.document.sidecar.publisher.clone()).unwrap_or_default();
        releases.push(PublicRelease { stated, publisher, layout, older: older.remove(&seq).unwrap_or_default(), whole });
    }
    Ok(releases)
}

/// Of a version that was erased there is nothing to give.
async fn older_of(connection: &mut SqliteConnection, list: &str) -> Result<HashMap<i64, Vec<OlderVersion>>> {
    type Row = (i64, i64, String, String, String, String, Option<String>, Option<String>, String, String);
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT seq, version, seen_at, title, lang, source_name, published ->> '$.edtf', url, sha256, text FROM revision \
         WHERE seq IN (SELECT value FROM json_each(?)) AND text <> '' ORDER BY seq, version",
    )
    .bind(list)
    .fetch_all(connection)
    .await?;
    let mut older: HashMap<i64, Vec<OlderVersion>> = HashMap::new();
    for (seq, number, seen_at, title, lang, publisher, edtf, original_url, sha256, text) in rows {
        let number = number as u32;
        older.entry(seq).or_default().push(OlderVersion { number, seen_at, title, lang, publisher, edtf, original_url, sha256, text });
    }
    Ok(older)
}

/// Writes the database of [`PublicDatabase`].
pub struct PublicWriter {
    connection: SqliteConnection,
    path: PathBuf,
    written: i64,
}

impl PublicWriter {
    pub async fn create(path: &Path, head: &PublicHead, about: &[(&str, String)]) -> Result<Self> {
        if path.symlink_metadata().is_ok() {
            return Err(StoreError::Sql(format!("{} is there already", path.display())));
        }
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            // The file is nobody's until it is whole: a journal would protect what is thrown away if anything goes wrong.
            .journal_mode(SqliteJournalMode::Off)
            .synchronous(SqliteSynchronous::Off)
            .foreign_keys(false)
            .pragma("cache_size", "-16384")
            .disable_statement_logging();
        let mut connection = options.connect().await.map_err(|error| open_error(path, &error))?;
        sqlx::raw_sql(include_str!("public.sql")).execute(&mut connection).await?;
        sqlx::raw_sql("BEGIN").execute(&mut connection).await?;
        let mut writer = Self { connection, path: path.to_owned(), written: 0 };
        let facts = [("archive_id", head.state.archive_id.clone()), ("generation", head.state.generation.to_string())];
        let facts: Vec<Value> =
            facts.iter().map(|(name, value)| json!([name, value])).chain(about.iter().map(|(name, value)| json!([name, value]))).collect();
        writer.put("INSERT INTO about SELECT value ->> 0, value ->> 1 FROM json_each(?)", &facts).await?;
        let rights: Vec<Value> =
            head.rights.iter().map(|rights| json!([rights.slug, rights.publisher, rights.licence, rights.releases])).collect();
        writer.put("INSERT INTO rights SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?)", &rights).await?;
        let topics: Vec<Value> =
            head.topics.iter().map(|topic| json!([topic.slug, topic.label, topic.label_fr, topic.scope, topic.broader])).collect();
        writer
            .put("INSERT INTO topics SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?)", &topics)
            .await?;
        Ok(writer)
    }

    async fn put(&mut self, sql: &'static str, rows: &[Value]) -> Result<()> {
        if !rows.is_empty() {
            sqlx::query(sql).bind(json_list(rows)).execute(&mut self.connection).await?;
        }
        Ok(())
    }

    pub async fn add(&mut self, releases: &[PublicRelease], permalinks: &[String]) -> Result<()> {
        let rows: Vec<Value> =
            releases.iter().zip(permalinks).zip(self.written + 1..).map(|((release, link), place)| row(release, link, place)).collect();
        self.written += rows.len() as i64;
        self.put(
            "INSERT INTO releases SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, \
             value ->> 8, value ->> 9, value ->> 10, value ->> 11, value ->> 12, value ->> 13, value ->> 14, value ->> 15, value ->> 16, value ->> 17, \
             value ->> 18, value ->> 19, value ->> 20, value ->> 21, value ->> 22 FROM json_each(?)",
            &rows,
        )
        .await?;
        self.put(
            "INSERT INTO release_topics SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?)",
            &each(releases, |release, id| {
                let topics = release.whole.release.topics.iter().zip(1..);
                topics.map(|((topic, had), rank)| json!([id, topic.slug, rank, had.score, i64::from(had.stated)])).collect()
            }),
        )
        .await?;
        self.put(
            "INSERT INTO mentions SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?)",
            &each(releases, |release, id| {
                let mentions = release.whole.release.mentions.iter();
                mentions.map(|mention| json!([id, mention.kind.token(), mention.slug, mention.name, mention.role])).collect()
            }),
        )
        .await?;
        self.put(
            "INSERT INTO dates SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 FROM json_each(?)",
            &each(releases, |release, id| {
                let dates = release.whole.release.dates.iter();
                dates
                    .map(|date| json!([id, date.edtf, date.role.token(), date.evidence.text, date.evidence.start, date.evidence.end]))
                    .collect()
            }),
        )
        .await?;
        self.put(
            "INSERT INTO versions SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, \
             value ->> 8, value ->> 9 FROM json_each(?)",
            &each(releases, |release, id| {
                let older = release.older.iter();
                older
                    .map(|old| json!([id, old.number, old.seen_at, old.title, old.publisher, old.lang, old.edtf, old.original_url, old.sha256, old.text]))
                    .collect()
            }),
        )
        .await?;
        self.put(
            "INSERT INTO sources SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, \
             value ->> 8 FROM json_each(?)",
            &each(releases, |release, id| {
                let copies = release.whole.history.copies.iter();
                copies
                    .map(|copy| {
                        json!([id, copy.number, copy.source.name, copy.title, copy.url, copy.seen_at, copy.how.token(), copy.score, copy.sha256])
                    })
                    .collect()
            }),
        )
        .await
    }

    pub async fn finish(mut self) -> Result<()> {
        sqlx::raw_sql(
            "CREATE INDEX releases_by_day ON releases (published_sort); \
             CREATE INDEX releases_by_publisher ON releases (publisher_slug, published_sort); \
             CREATE INDEX release_topics_by_topic ON release_topics (topic, release); \
             CREATE INDEX mentions_by_name ON mentions (kind, slug, release); \
             CREATE INDEX dates_of_release ON dates (release); \
             COMMIT; ANALYZE",
        )
        .execute(&mut self.connection)
        .await?;
        let path = self.path;
        self.connection.close().await.map_err(|error| open_error(&path, &error))
    }
}

/// Rows that belong to releases.
fn each(releases: &[PublicRelease], rows: impl Fn(&PublicRelease, &str) -> Vec<Value>) -> Vec<Value> {
    releases.iter().flat_map(|release| rows(release, release.whole.release.item.id.as_str())).collect()
}

fn row(public: &PublicRelease, permalink: &str, place: i64) -> Value {
    let (release, history) = (&public.whole.release, &public.whole.history);
    let item = &release.item;
    let published = &item.published;
    json!([
        place,
        item.id,
        permalink,
        item.title,
        published.edtf,
        published.earliest,
        published.latest,
        published.sort_on,
        published.precision.token(),
        published.basis.token(),
        item.kind.token(),
        item.source.slug,
        item.source.name,
        item.lang,
        item.key,
        release.number,
        item.url,
        release.document.sidecar.licence,
        history.version,
        history.versions,
        history.seen_at,
        release.sha256,
        release.text,
    ])
}
