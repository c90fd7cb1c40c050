//! Taking texts in: one transaction a call, taken with `BEGIN IMMEDIATE`, so that it waits for its turn instead of failing half-way.
//!
//! Rows travel as one JSON array a table: a statement stays static, and a batch costs a handful of calls however many rows it has.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnection;

use super::super::*;
use super::findings::{description_row, put_findings, put_labels};
use super::log::{append_changes, append_events};
use super::names::{put_copies, put_names, put_translations};
use super::rows::corrupt;
use super::rows::published_json;
use super::{SqliteStore, json_list};
use crate::model::history::EventDetail;
use crate::model::slug::title_slug;
use crate::model::{EventKind, Substance};

/// What is held of a release that an incoming text touches.
struct Held {
    id: ReleaseId,
    version: i64,
    /// The highest number that a version ever had.
    last: i64,
    seen_at: Option<String>,
    edit: Option<String>,
    url: Option<String>,
}

/// A release or version on its way into the tables.
pub(super) struct Placed<'a> {
    pub(super) seq: i64,
    pub(super) id: ReleaseId,
    pub(super) version: i64,
    pub(super) seen_at: Option<String>,
    pub(super) edit: Option<String>,
    pub(super) fresh: bool,
    /// Whether it is a new version.
    pub(super) anew: bool,
    pub(super) arrival: &'a Arrival,
}

impl<'a> Placed<'a> {
    /// A release that was not there before.
    pub(super) const fn new(seq: i64, id: ReleaseId, arrival: &'a Arrival) -> Self {
        Self { seq, id, version: 1, seen_at: None, edit: None, fresh: true, anew: false, arrival }
    }
}

impl SqliteStore {
    pub(super) async fn write_batch(&self, batch: Batch<'_>) -> Result<()> {
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let document = put_document(&mut tx, &batch).await?;
        let held = held(&mut tx, batch.releases).await?;
        let mut ids = new_ids(&mut tx, batch.releases).await?;
        let (mut placed, mut versions, mut changes, mut events) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut added = 0u64;
        for incoming in batch.releases {
            let seq = incoming.seq;
            let known = || held.get(&seq).ok_or_else(|| StoreError::Corrupt(format!("release number {seq} vanished while it was loaded")));
            match &incoming.action {
                Action::Nothing => {}
                Action::New(arrival) => {
                    let id = ids.remove(&seq).ok_or_else(|| StoreError::Corrupt(format!("release number {seq} has no id")))?;
                    placed.push(Placed::new(seq, id, arrival));
                    changes.push(json!([seq, "new"]));
                    added += 1;
                }
                Action::Version(arrival, edit) => {
                    let before = known()?;
                    let (version, seen_at) = (before.last + 1, Some(batch.at.to_owned()));
                    placed.push(Placed {
                        seq,
                        id: before.id,
                        version,
                        seen_at,
                        edit: Some(json!(edit).to_string()),
                        fresh: false,
                        anew: true,
                        arrival,
                    });
                    versions.push(seq);
                    changes.push(json!([seq, "changed"]));
                    let what = if edit.substance == Substance::Substantive { EventKind::Edited } else { EventKind::Retouched };
                    let pair = Some((before.version as u32, version as u32));
                    events.push((what, seq, EventDetail { versions: pair, edit: Some(*edit), ..EventDetail::default() }));
                }
                Action::Restated(arrival) => {
                    let before = known()?;
                    placed.push(Placed {
                        seq,
                        id: before.id,
                        version: before.version,
                        seen_at: before.seen_at.clone(),
                        edit: before.edit.clone(),
                        fresh: false,
                        anew: false,
                        arrival,
                    });
                    changes.push(json!([seq, "changed"]));
                }
                Action::Copy(arrival) => {
                    changes.push(json!([seq, "changed"]));
                    let other = arrival.source.name.clone();
                    events.push((EventKind::Mirrored, seq, EventDetail { other, ..EventDetail::default() }));
                }
            }
        }
        keep_versions(&mut tx, &versions).await?;
        keep_addresses(&mut tx, &placed, &held, batch.at).await?;
        let newest_first = batch.document.format.order() == crate::model::DocumentOrder::NewestFirst;
        put_releases(&mut tx, document, batch.at, newest_first, &placed).await?;
        put_copies(&mut tx, document, &batch).await?;
        put_names(&mut tx, &placed).await?;
        put_translations(&mut tx, &placed).await?;
        put_occurrences(&mut tx, document, &batch).await?;
        super::owner::apply_corrections(&mut tx, &placed.iter().map(|placed| placed.seq).collect::<Vec<_>>(), true).await?;
        append_changes(&mut tx, &changes, batch.at).await?;
        if added > 0 {
            count_additions(&mut tx, document, added, batch.at).await?;
        }
        append_events(&mut tx, &events, batch.at).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// The releases that are there already and that the batch touches.
async fn held(connection: &mut SqliteConnection, releases: &[Incoming]) -> Result<HashMap<i64, Held>> {
    let seqs: Vec<i64> = releases
        .iter()
        .filter(|incoming| matches!(incoming.action, Action::Version(..) | Action::Restated(_)))
        .map(|incoming| incoming.seq)
        .collect();
    if seqs.is_empty() {
        return Ok(HashMap::new());
    }
    type Row = (i64, String, i64, i64, Option<String>, Option<String>, Option<String>);
    let rows: Vec<Row> =
        // A number that a version had which was split off is cited somewhere: it is never given to other words.
        sqlx::query_as(
            "SELECT r.seq, r.id, r.version, max(r.version, coalesce((SELECT max(e.detail ->> '$.versions[1]') FROM event e WHERE e.seq = r.seq), 0)), \
             r.seen_at, r.edit, r.url FROM release r WHERE r.seq IN (SELECT value FROM json_each(?))",
        )
            .bind(json_list(&seqs))
            .fetch_all(connection)
            .await?;
    rows.into_iter()
        .map(|(seq, id, version, last, seen_at, edit, url)| {
            let id = id.parse().map_err(|()| corrupt("release id", &id))?;
            Ok((seq, Held { id, version, last, seen_at, edit, url }))
        })
        .collect()
}

/// Ids of new releases: each its identity's own, salted until no other release has it.
async fn new_ids(connection: &mut SqliteConnection, releases: &[Incoming]) -> Result<HashMap<i64, ReleaseId>> {
    let fresh: Vec<(i64, &Identity)> = releases
        .iter()
        .filter_map(|incoming| match &incoming.action {
            Action::New(arrival) => Some((incoming.seq, &arrival.identity)),
            _ => None,
        })
        .collect();
    let wanted: Vec<String> = fresh.iter().map(|(_, identity)| identity.id(0).to_string()).collect();
    let mut taken: HashSet<String> = taken(connection, &wanted).await?;
    let mut ids = HashMap::with_capacity(fresh.len());
    for (seq, identity) in fresh {
        let mut salt = 0;
        let id = loop {
            let id = identity.id(salt);
            // The first try was looked up for all at once; a further one is looked up when it is needed.
            let clash = taken.contains(id.as_str()) || (salt > 0 && !self::taken(connection, &[id.to_string()]).await?.is_empty());
            if !clash {
                break id;
            }
            salt += 1;
        };
        taken.insert(id.to_string());
        ids.insert(seq, id);
    }
    Ok(ids)
}

async fn taken(connection: &mut SqliteConnection, ids: &[String]) -> Result<HashSet<String>> {
    let rows: Vec<String> = sqlx::query_scalar("SELECT id FROM release WHERE id IN (SELECT value FROM json_each(?))")
        .bind(json_list(ids))
        .fetch_all(connection)
        .await?;
    Ok(rows.into_iter().collect())
}

async fn put_document(connection: &mut SqliteConnection, batch: &Batch<'_>) -> Result<i64> {
    let record = batch.document;
    Ok(sqlx::query_scalar(
        "INSERT INTO document (sha256, name, format, byte_length, preamble_start, preamble_end, sidecar, loaded_at, complete, content, refused) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (sha256) DO UPDATE SET complete = max(complete, excluded.complete), \
         refused = max(refused, excluded.refused) RETURNING id",
    )
    .bind(&record.sha256)
    .bind(&record.name)
    .bind(record.format.token())
    .bind(record.byte_length as i64)
    .bind(record.preamble.map(|span| span.start as i64))
    .bind(record.preamble.map(|span| span.end as i64))
    .bind(json!(record.sidecar).to_string())
    .bind(batch.at)
    .bind(batch.complete)
    .bind(record.content.as_deref())
    .bind(batch.refused as i64)
    .fetch_one(connection)
    .await?)
}

/// Puts what is about to be replaced among the older versions.
async fn keep_versions(connection: &mut SqliteConnection, seqs: &[i64]) -> Result<()> {
    if seqs.is_empty() {
        return Ok(());
    }
    sqlx::query(concat!(
        "INSERT INTO revision (seq, version, seen_at, document_id, position, at_start, at_end, fingerprint, sha256, title, lang, url, source_slug, \
         source_name, edit, published, layout, blocks, given, text) \
         SELECT r.seq, r.version, coalesce(r.seen_at, r.loaded_at), r.document_id, r.position, r.at_start, r.at_end, r.fingerprint, t.sha256, r.title, \
         r.lang, r.url, r.source_slug, r.source_name, r.edit, ",
        published_json!(),
        ", t.layout, t.blocks, t.given, t.text FROM release r JOIN release_text t ON t.seq = r.seq WHERE r.seq IN (SELECT value FROM json_each(?))"
    ))
    .bind(json_list(seqs))
    .execute(connection)
    .await?;
    Ok(())
}

/// An address that a release no longer has still leads to it, and is still told.
async fn keep_addresses(connection: &mut SqliteConnection, placed: &[Placed<'_>], held: &HashMap<i64, Held>, at: &str) -> Result<()> {
    let left: Vec<Value> = placed
        .iter()
        .filter_map(|placed| {
            let before = held.get(&placed.seq)?.url.as_ref()?;
            (placed.arrival.url.as_ref() != Some(before)).then(|| json!([placed.seq, before]))
        })
        .collect();
    if left.is_empty() {
        return Ok(());
    }
    sqlx::query("INSERT OR IGNORE INTO former_url (seq, url, at) SELECT value ->> 0, value ->> 1, ?2 FROM json_each(?1)")
        .bind(json_list(&left))
        .bind(at)
        .execute(connection)
        .await?;
    Ok(())
}

/// New releases of a document that is stored, with their names.
pub(super) async fn put_releases_of(connection: &mut SqliteConnection, document: i64, at: &str, placed: &[Placed<'_>]) -> Result<()> {
    let format: String = sqlx::query_scalar("SELECT format FROM document WHERE id = ?").bind(document).fetch_one(&mut *connection).await?;
    let format: DocumentFormat = format.parse().map_err(|()| corrupt("format", &format))?;
    put_releases(connection, document, at, format.order() == crate::model::DocumentOrder::NewestFirst, placed).await?;
    put_names(connection, placed).await
}

/// A free id for an identity.
pub(super) async fn release_id(connection: &mut SqliteConnection, identity: &Identity) -> Result<ReleaseId> {
    let mut salt = 0;
    loop {
        let id = identity.id(salt);
        if taken(connection, &[id.to_string()]).await?.is_empty() {
            return Ok(id);
        }
        salt += 1;
    }
}

async fn put_releases(connection: &mut SqliteConnection, document: i64, at: &str, newest_first: bool, placed: &[Placed<'_>]) -> Result<()> {
    if placed.is_empty() {
        return Ok(());
    }
    let rows: Vec<Value> = placed.iter().map(|placed| release_row(placed, document, at, newest_first)).collect();
    let rows = json_list(&rows);
    sqlx::query(
        "INSERT INTO release (seq, id, identity, fingerprint, described, document_id, position, at_start, at_end, key, url, number, title, slug, kind, \
         lang, source_slug, source_name, edtf, earliest, latest, sort_on, sort_key, time, utc_offset, precision, basis, year_from, loaded_at, version, \
         seen_at, edit) \
         SELECT value ->> 'seq', value ->> 'id', unhex(value ->> 'identity'), unhex(value ->> 'fingerprint'), unhex(value ->> 'described'), \
         value ->> 'document_id', value ->> 'position', value ->> 'at_start', value ->> 'at_end', value ->> 'key', value ->> 'url', value ->> 'number', \
         value ->> 'title', value ->> 'slug', value ->> 'kind', value ->> 'lang', value ->> 'source_slug', value ->> 'source_name', value ->> 'edtf', \
         value ->> 'earliest', value ->> 'latest', value ->> 'sort_on', value ->> 'sort_key', value ->> 'time', value ->> 'utc_offset', \
         value ->> 'precision', value ->> 'basis', value ->> 'year_from', value ->> 'loaded_at', value ->> 'version', value ->> 'seen_at', value ->> 'edit' \
         FROM json_each(?) WHERE true \
         ON CONFLICT (seq) DO UPDATE SET fingerprint = excluded.fingerprint, described = excluded.described, document_id = excluded.document_id, \
         position = excluded.position, at_start = excluded.at_start, at_end = excluded.at_end, key = coalesce(excluded.key, key), \
         url = coalesce(excluded.url, url), \
         number = coalesce(excluded.number, number), title = excluded.title, slug = excluded.slug, kind = excluded.kind, lang = excluded.lang, \
         source_slug = excluded.source_slug, source_name = excluded.source_name, edtf = excluded.edtf, earliest = excluded.earliest, \
         latest = excluded.latest, sort_on = excluded.sort_on, sort_key = excluded.sort_key, time = excluded.time, utc_offset = excluded.utc_offset, \
         precision = excluded.precision, basis = excluded.basis, year_from = excluded.year_from, version = excluded.version, \
         seen_at = excluded.seen_at, edit = excluded.edit",
    )
    .bind(&rows)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "INSERT INTO release_text (seq, sha256, text, layout, blocks, given, evidence, dates) SELECT value ->> 'seq', value ->> 'sha256', value ->> 'text', \
         value ->> 'layout', value ->> 'blocks', value ->> 'given', value ->> 'evidence', value ->> 'dates' FROM json_each(?) WHERE true \
         ON CONFLICT (seq) DO UPDATE SET sha256 = excluded.sha256, text = excluded.text, layout = excluded.layout, blocks = excluded.blocks, \
         given = excluded.given, evidence = excluded.evidence, dates = excluded.dates",
    )
    .bind(&rows)
    .execute(&mut *connection)
    .await?;
    let findings: Vec<(i64, &Description)> = placed.iter().map(|placed| (placed.seq, &placed.arrival.release.description)).collect();
    put_findings(connection, &findings).await?;
    let sources: HashSet<(&str, &str)> =
        placed.iter().map(|placed| (placed.arrival.source.slug.as_str(), placed.arrival.source.name.as_str())).collect();
    put_labels(connection, &sources.into_iter().map(|(slug, name)| json!(["source", slug, name])).collect::<Vec<_>>()).await
}

/// Where the texts stand, and what was decided about each. What was decided about a place first stays, as long as it is the same release.
async fn put_occurrences(connection: &mut SqliteConnection, document: i64, batch: &Batch<'_>) -> Result<()> {
    let rows: Vec<Value> = batch
        .releases
        .iter()
        .map(|incoming| {
            let decision = &incoming.decision;
            json!([
                document,
                incoming.position,
                incoming.seq,
                incoming.at.start,
                incoming.at.end,
                incoming.sha256,
                decision.outcome.token(),
                decision.how.map(crate::model::How::token),
                decision.score,
                decision.other,
                Some(&decision.reason).filter(|reason| !reason.is_empty()),
            ])
        })
        .collect();
    sqlx::query(
        "INSERT INTO occurrence (document_id, position, seq, at_start, at_end, sha256, outcome, how, score, other, reason, decided_at) \
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 9, value ->> 10, ?2 \
         FROM json_each(?1) WHERE true \
         ON CONFLICT (document_id, position) DO UPDATE SET seq = excluded.seq, at_start = excluded.at_start, at_end = excluded.at_end, \
         sha256 = excluded.sha256, outcome = excluded.outcome, how = excluded.how, score = excluded.score, other = excluded.other, \
         reason = excluded.reason, decided_at = excluded.decided_at WHERE seq <> excluded.seq OR sha256 <> excluded.sha256",
    )
    .bind(json_list(&rows))
    .bind(batch.at)
    .execute(connection)
    .await?;
    Ok(())
}

async fn count_additions(connection: &mut SqliteConnection, document: i64, added: u64, at: &str) -> Result<()> {
    sqlx::query(
        "INSERT INTO event (at, what, document_id, releases, detail) VALUES (?1, 'added', ?2, ?3, '{}') \
         ON CONFLICT (document_id) WHERE what = 'added' DO UPDATE SET releases = releases + excluded.releases",
    )
    .bind(at)
    .bind(document)
    .bind(added as i64)
    .execute(connection)
    .await?;
    Ok(())
}

fn release_row(placed: &Placed<'_>, document: i64, at: &str, newest_first: bool) -> Value {
    let parsed = &placed.arrival.release.parsed;
    let title = parsed.title_text();
    let mut row = description_row(&placed.arrival.release.description, parsed.position, newest_first);
    let more = json!({
        "seq": placed.seq,
        "id": placed.id,
        "identity": hex::encode(placed.arrival.identity.bytes()),
        "fingerprint": hex::encode(placed.arrival.fingerprint),
        "document_id": document,
        "position": parsed.position,
        "at_start": parsed.at.start,
        "at_end": parsed.at.end,
        "key": parsed.given.key,
        "url": placed.arrival.url,
        "slug": title_slug(&title),
        "title": title,
        "source_slug": placed.arrival.source.slug,
        "source_name": placed.arrival.source.name,
        "loaded_at": at,
        "version": placed.version,
        "seen_at": placed.seen_at,
        "edit": placed.edit,
        "sha256": parsed.sha256,
        "text": parsed.text,
        "layout": json!(Layout::of(parsed)).to_string(),
        "blocks": json_list(&parsed.blocks),
        "given": json!(parsed.given).to_string(),
    });
    if let (Value::Object(row), Value::Object(more)) = (&mut row, more) {
        row.extend(more);
    }
    row
}
