//! The owner's rulings about who is who. A ruling moves names, and names decide first: so it survives every later import.

use serde_json::json;
use sqlx::sqlite::SqliteConnection;

use super::super::*;
use super::log::{append_changes, append_events};
use super::names::join_family;
use super::write::{Placed, put_releases_of, release_id};
use super::{SqliteStore, rows::corrupt};
use crate::model::history::EventDetail;
use crate::model::{EventKind, How};

/// Two releases and why something is said about them.
struct Pair<'a> {
    seq: i64,
    other: i64,
    because: &'a str,
    at: &'a str,
}

impl SqliteStore {
    /// Two languages of one release.
    pub(super) async fn write_translation(&self, seq: i64, other: i64, because: &str, at: &str) -> Result<()> {
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        join_family(&mut tx, other, seq).await?;
        rule(&mut tx, "link", EventKind::Linked, &Pair { seq, other, because, at }).await?;
        tx.commit().await?;
        Ok(())
    }

    /// `other` is the same release as `seq`: it becomes a copy, its permalink leads on, and its names name the copy.
    pub(super) async fn write_merger(&self, seq: i64, other: i64, score: f64, because: &str, at: &str) -> Result<()> {
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let number: i64 = sqlx::query_scalar(
            "INSERT INTO copy (seq, number, seen_at, document_id, position, at_start, at_end, identity, fingerprint, sha256, title, key, url, source_slug, \
             source_name, how, score, layout, blocks, given, text) \
             SELECT ?1, (SELECT coalesce(max(number), 0) + 1 FROM copy WHERE seq = ?1), coalesce(r.seen_at, r.loaded_at), r.document_id, r.position, \
             r.at_start, r.at_end, r.identity, r.fingerprint, t.sha256, r.title, r.key, r.url, r.source_slug, r.source_name, ?3, ?4, t.layout, t.blocks, \
             t.given, t.text FROM release r JOIN release_text t ON t.seq = r.seq WHERE r.seq = ?2 RETURNING number",
        )
        .bind(seq)
        .bind(other)
        .bind(How::Owner.token())
        .bind(score)
        .fetch_one(&mut *tx)
        .await?;
        // Copies of the other come along, numbered on.
        sqlx::query("UPDATE copy SET seq = ?1, number = number + ?3 WHERE seq = ?2")
            .bind(seq)
            .bind(other)
            .bind(number)
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "INSERT OR REPLACE INTO alias (hash, seq, copy) SELECT hash, ?1, CASE copy WHEN 0 THEN ?3 ELSE copy + ?3 END FROM alias WHERE seq = ?2",
        )
        .bind(seq)
        .bind(other)
        .bind(number)
        .execute(&mut *tx)
        .await?;
        let identity: Vec<u8> = sqlx::query_scalar("SELECT identity FROM release WHERE seq = ?").bind(other).fetch_one(&mut *tx).await?;
        let alias = identity.first_chunk::<8>().copied().map_or(0, i64::from_be_bytes);
        for (sql, values) in [
            ("DELETE FROM alias WHERE seq = ?", vec![other]),
            ("INSERT OR REPLACE INTO alias (hash, seq, copy) VALUES (?, ?, ?)", vec![alias, seq, number]),
            // What a release was held to be before it was found to be another one is told by the pages of that one.
            ("UPDATE occurrence SET seq = ? WHERE seq = ?", vec![seq, other]),
            ("DELETE FROM likeness WHERE seq = ?", vec![other]),
            ("DELETE FROM translation WHERE seq = ?", vec![other]),
            ("UPDATE release SET merged_into = ? WHERE merged_into = ?", vec![seq, other]),
            ("UPDATE release SET hidden = 2, merged_into = ? WHERE seq = ?", vec![seq, other]),
        ] {
            let mut query = sqlx::query(sql);
            for value in values {
                query = query.bind(value);
            }
            query.execute(&mut *tx).await?;
        }
        rule(&mut tx, "link", EventKind::Linked, &Pair { seq, other, because, at }).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Takes a link back: two languages are two releases again, or a release that was merged stands for itself again.
    pub(super) async fn write_separation(&self, seq: i64, other: i64, because: &str, at: &str) -> Result<()> {
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let (hidden, identity, sha256): (i64, Vec<u8>, String) =
            sqlx::query_as("SELECT r.hidden, r.identity, t.sha256 FROM release r JOIN release_text t ON t.seq = r.seq WHERE r.seq = ?")
                .bind(other)
                .fetch_one(&mut *tx)
                .await?;
        if hidden == 2 {
            let number: Option<i64> = sqlx::query_scalar("SELECT number FROM copy WHERE seq = ? AND identity = ? ORDER BY number LIMIT 1")
                .bind(seq)
                .bind(&identity)
                .fetch_optional(&mut *tx)
                .await?;
            let number = number.unwrap_or(-1);
            let alias = identity.first_chunk::<8>().copied().map_or(0, i64::from_be_bytes);
            sqlx::query(
                "INSERT OR REPLACE INTO alias (hash, seq, copy) SELECT hash, ?1, 0 FROM alias WHERE seq = ?2 AND copy = ?3 AND hash <> ?4",
            )
            .bind(other)
            .bind(seq)
            .bind(number)
            .bind(alias)
            .execute(&mut *tx)
            .await?;
            for (sql, values) in [
                ("DELETE FROM alias WHERE seq = ? AND copy = ?", vec![seq, number]),
                ("DELETE FROM copy WHERE seq = ? AND number = ?", vec![seq, number]),
                (
                    "UPDATE release SET hidden = EXISTS (SELECT 1 FROM withdrawal w WHERE w.seq = release.seq), merged_into = NULL WHERE seq = ?",
                    vec![other],
                ),
            ] {
                let mut query = sqlx::query(sql);
                for value in values {
                    query = query.bind(value);
                }
                query.execute(&mut *tx).await?;
            }
            sqlx::query(
                "UPDATE occurrence SET seq = ?1 WHERE seq = ?2 AND (sha256 = ?3 OR sha256 IN (SELECT sha256 FROM revision WHERE seq = ?1))",
            )
            .bind(other)
            .bind(seq)
            .bind(sha256)
            .execute(&mut *tx)
            .await?;
        } else {
            sqlx::query("DELETE FROM translation WHERE seq = ?").bind(other).execute(&mut *tx).await?;
            // A family of one is none.
            sqlx::query("DELETE FROM translation WHERE seq = ?1 AND NOT EXISTS (SELECT 1 FROM translation o WHERE o.family = translation.family AND o.seq <> ?1)")
                .bind(seq)
                .execute(&mut *tx)
                .await?;
        }
        rule(&mut tx, "unlink", EventKind::Unlinked, &Pair { seq, other, because, at }).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Makes a release of its own of a copy, under a number that [`next_seq`](ArchiveStore::next_seq) gave.
    pub(super) async fn write_split(&self, seq: i64, copy: u32, new: i64, arrival: &Arrival, because: &str, at: &str) -> Result<ReleaseId> {
        // What was linked has an id of its own, which is its id again.
        let linked: Option<(i64, String)> = sqlx::query_as(
            "SELECT r.seq, r.id FROM release r JOIN copy c ON c.identity = r.identity WHERE c.seq = ?1 AND c.number = ?2 AND r.merged_into = ?1",
        )
        .bind(seq)
        .bind(copy)
        .fetch_optional(&self.reader)
        .await?;
        if let Some((other, id)) = linked {
            self.write_separation(seq, other, because, at).await?;
            return id.parse().map_err(|()| corrupt("release id", &id));
        }
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let (document, sha256): (i64, String) = sqlx::query_as("SELECT document_id, sha256 FROM copy WHERE seq = ? AND number = ?")
            .bind(seq)
            .bind(copy)
            .fetch_one(&mut *tx)
            .await?;
        let id = put_split(&mut tx, new, document, arrival, at).await?;
        let alias = arrival.identity.alias();
        sqlx::query(
            "INSERT OR REPLACE INTO alias (hash, seq, copy) SELECT hash, ?1, 0 FROM alias WHERE seq = ?2 AND copy = ?3 AND hash <> ?4",
        )
        .bind(new)
        .bind(seq)
        .bind(copy)
        .bind(alias)
        .execute(&mut *tx)
        .await?;
        for sql in ["DELETE FROM alias WHERE seq = ? AND copy = ?", "DELETE FROM copy WHERE seq = ? AND number = ?"] {
            sqlx::query(sql).bind(seq).bind(copy).execute(&mut *tx).await?;
        }
        move_places(&mut tx, seq, new, &sha256).await?;
        rule(&mut tx, "split", EventKind::Split, &Pair { seq, other: new, because, at }).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Makes a release of its own of the current version; the one before is the current one again.
    pub(super) async fn write_version_split(&self, seq: i64, new: i64, arrival: &Arrival, because: &str, at: &str) -> Result<ReleaseId> {
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let (document, sha256): (i64, String) =
            sqlx::query_as("SELECT r.document_id, t.sha256 FROM release r JOIN release_text t ON t.seq = r.seq WHERE r.seq = ?")
                .bind(seq)
                .fetch_one(&mut *tx)
                .await?;
        let id = put_split(&mut tx, new, document, arrival, at).await?;
        // The name by which the text came leads to the new release, also where the old one has it: it came later, and is looked up first.
        let mut names = arrival.aliases.clone();
        names.push(arrival.identity.alias());
        for hash in names {
            sqlx::query("DELETE FROM alias WHERE hash = ? AND seq = ?").bind(hash).bind(seq).execute(&mut *tx).await?;
            sqlx::query("INSERT OR REPLACE INTO alias (hash, seq, copy) VALUES (?, ?, 0)").bind(hash).bind(new).execute(&mut *tx).await?;
        }
        let versions = restore_version(&mut tx, seq).await?;
        move_places(&mut tx, seq, new, &sha256).await?;
        rule_on(&mut tx, "split", EventKind::Split, &Pair { seq, other: new, because, at }, Some(versions)).await?;
        tx.commit().await?;
        Ok(id)
    }
}

/// A release of its own, from what another one held.
async fn put_split(connection: &mut SqliteConnection, new: i64, document: i64, arrival: &Arrival, at: &str) -> Result<ReleaseId> {
    let taken: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM release WHERE identity = ?)")
        .bind(arrival.identity.bytes().as_slice())
        .fetch_one(&mut *connection)
        .await?;
    // Two versions of one release came under one key or address, which stays the first identity of the release that is split.
    let mut arrival = arrival.clone();
    if taken {
        arrival.identity = arrival.identity.beside(&arrival.fingerprint);
    }
    let id = release_id(connection, &arrival.identity).await?;
    put_releases_of(connection, document, at, &[Placed::new(new, id, &arrival)]).await?;
    append_changes(connection, &[json!([new, "new"])], at).await?;
    Ok(id)
}

/// Puts the latest older version where the current one stands; what it was described as is found out anew by the caller. Gives the numbers of the
/// two.
async fn restore_version(connection: &mut SqliteConnection, seq: i64) -> Result<(u32, u32)> {
    let current: u32 = sqlx::query_scalar("SELECT version FROM release WHERE seq = ?").bind(seq).fetch_one(&mut *connection).await?;
    let version: Option<i64> =
        sqlx::query_scalar("SELECT max(version) FROM revision WHERE seq = ?").bind(seq).fetch_optional(&mut *connection).await?.flatten();
    let Some(version) = version else { return Err(StoreError::Corrupt(format!("release number {seq} has one version only"))) };
    for sql in [
        "UPDATE release SET version = v.version, seen_at = v.seen_at, document_id = v.document_id, position = v.position, at_start = v.at_start, \
         at_end = v.at_end, fingerprint = v.fingerprint, title = v.title, lang = v.lang, url = v.url, source_slug = v.source_slug, \
         source_name = v.source_name, edit = v.edit FROM revision v WHERE v.seq = ?1 AND v.version = ?2 AND release.seq = ?1",
        "UPDATE release_text SET sha256 = v.sha256, layout = v.layout, blocks = v.blocks, given = v.given, text = v.text \
         FROM revision v WHERE v.seq = ?1 AND v.version = ?2 AND release_text.seq = ?1",
        "DELETE FROM revision WHERE seq = ?1 AND version = ?2",
    ] {
        sqlx::query(sql).bind(seq).bind(version).execute(&mut *connection).await?;
    }
    let title: String = sqlx::query_scalar("SELECT title FROM release WHERE seq = ?").bind(seq).fetch_one(&mut *connection).await?;
    sqlx::query("UPDATE release SET slug = ?, seen_at = CASE version WHEN 1 THEN NULL ELSE seen_at END WHERE seq = ?")
        .bind(crate::model::slug::title_slug(&title))
        .bind(seq)
        .execute(connection)
        .await?;
    Ok((u32::try_from(version).unwrap_or_default(), current))
}

/// The places where a text stands belong to the new release.
async fn move_places(connection: &mut SqliteConnection, seq: i64, new: i64, sha256: &str) -> Result<()> {
    sqlx::query("UPDATE occurrence SET seq = ? WHERE seq = ? AND sha256 = ?").bind(new).bind(seq).bind(sha256).execute(connection).await?;
    Ok(())
}

/// Writes a ruling down, in the owner's list and in both logs.
async fn rule(connection: &mut SqliteConnection, verb: &str, what: EventKind, pair: &Pair<'_>) -> Result<()> {
    rule_on(connection, verb, what, pair, None).await
}

/// [`rule`] about versions: the one that stays and the one that it is about. By these the addresses of the one that leaves lead on.
async fn rule_on(
    connection: &mut SqliteConnection,
    verb: &str,
    what: EventKind,
    pair: &Pair<'_>,
    versions: Option<(u32, u32)>,
) -> Result<()> {
    sqlx::query("INSERT INTO ruling (verb, seq, other, because, at) VALUES (?, ?, ?, ?, ?)")
        .bind(verb)
        .bind(pair.seq)
        .bind(pair.other)
        .bind(pair.because)
        .bind(pair.at)
        .execute(&mut *connection)
        .await?;
    append_changes(connection, &[json!([pair.seq, "changed"]), json!([pair.other, "changed"])], pair.at).await?;
    let other: String = sqlx::query_scalar("SELECT id FROM release WHERE seq = ?").bind(pair.other).fetch_one(&mut *connection).await?;
    let other: ReleaseId = other.parse().map_err(|()| corrupt("release id", &other))?;
    let detail = EventDetail { other: other.to_string(), because: pair.because.to_owned(), versions, ..EventDetail::default() };
    append_events(connection, &[(what, pair.seq, detail)], pair.at).await
}
