//! Writing: one transaction a call, taken with `BEGIN IMMEDIATE`, so that it waits for its turn instead of failing half-way.
//!
//! Rows travel as one JSON array a table: a statement stays static, and a batch costs a handful of calls however many rows it has.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnection;

use super::super::*;
use super::rows::{DateEvidence, corrupt};
use super::{SqliteStore, json_list};
use crate::model::archived::sort_key;
use crate::model::slug::title_slug;

/// Where a described release goes.
struct Placed<'a> {
    seq: i64,
    id: ReleaseId,
    incoming: &'a Incoming,
    release: &'a DescribedRelease,
}

impl SqliteStore {
    pub(super) async fn write_batch(&self, batch: Batch<'_>) -> Result<Vec<Outcome>> {
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let document = put_document(&mut tx, &batch).await?;
        let identities: Vec<Identity> = batch.releases.iter().map(|incoming| incoming.identity).collect();
        let mut known = known(&mut tx, &identities).await?;
        let mut next_seq: i64 =
            sqlx::query_scalar("SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'release'").fetch_one(&mut *tx).await?;

        let mut outcomes = Vec::with_capacity(batch.releases.len());
        let mut placed: Vec<Placed<'_>> = Vec::new();
        let mut occurrences: Vec<Value> = Vec::new();
        let mut taken = HashSet::new();
        for incoming in batch.releases {
            let before = known.get(&incoming.identity).copied();
            let seq = before.map_or(next_seq, |known| known.seq);
            let (position, at, sha256) = match &incoming.release {
                Described::Whole(release) => (release.parsed.position, release.parsed.at, &release.parsed.sha256),
                Described::Unchanged { position, at, sha256 } => (*position, *at, sha256),
            };
            occurrences.push(json!([document, position, seq, at.start, at.end, sha256]));
            let outcome = match (before, &incoming.release) {
                (Some(known), _) if known.fingerprint == incoming.fingerprint => Outcome::Unchanged,
                (None, Described::Unchanged { .. }) => return Err(StoreError::Corrupt("a release vanished while it was loaded".into())),
                (Some(_), Described::Unchanged { .. }) => Outcome::Unchanged,
                (Some(_), Described::Whole(release)) => {
                    let id: String = sqlx::query_scalar("SELECT id FROM release WHERE seq = ?").bind(seq).fetch_one(&mut *tx).await?;
                    placed.push(Placed { seq, id: id.parse().map_err(|()| corrupt("release id", &id))?, incoming, release });
                    Outcome::Changed
                }
                (None, Described::Whole(release)) => {
                    let id = free_id(&mut tx, &incoming.identity, &taken).await?;
                    placed.push(Placed { seq, id, incoming, release });
                    next_seq += 1;
                    Outcome::New
                }
            };
            if outcome != Outcome::Unchanged {
                taken.insert(placed[placed.len() - 1].id);
                known.insert(incoming.identity, Known { seq, fingerprint: incoming.fingerprint });
            }
            outcomes.push(outcome);
        }
        // Of two changes to one release in a batch the later one stands.
        let mut last = HashMap::new();
        placed.iter().enumerate().for_each(|(index, release)| {
            last.insert(release.seq, index);
        });
        let placed: Vec<&Placed<'_>> =
            placed.iter().enumerate().filter(|(index, release)| last[&release.seq] == *index).map(|(_, release)| release).collect();

        put_releases(&mut tx, document, &batch, &placed).await?;
        put_occurrences(&mut tx, &occurrences).await?;
        let log: Vec<Value> = batch
            .releases
            .iter()
            .zip(&outcomes)
            .filter_map(|(incoming, outcome)| {
                let what = match outcome {
                    Outcome::New => "new",
                    Outcome::Changed => "changed",
                    Outcome::Unchanged => return None,
                };
                Some(json!([known[&incoming.identity].seq, what]))
            })
            .collect();
        append_log(&mut tx, &log, batch.at).await?;
        tx.commit().await?;
        Ok(outcomes)
    }

    pub(super) async fn write_descriptions(&self, releases: &[Redescribed], at: &str) -> Result<u64> {
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let seqs: Vec<i64> = releases.iter().map(|release| release.seq).collect();
        let before: HashMap<i64, Vec<u8>> =
            sqlx::query_as("SELECT seq, described FROM release WHERE seq IN (SELECT value FROM json_each(?))")
                .bind(json_list(&seqs))
                .fetch_all(&mut *tx)
                .await?
                .into_iter()
                .collect();
        let changed: Vec<&Redescribed> = releases
            .iter()
            .filter(|release| before.get(&release.seq).is_some_and(|hash| hash[..] != description_hash(&release.description)[..]))
            .collect();
        let rows: Vec<Value> = changed
            .iter()
            .map(|release| {
                let mut row = description_row(&release.description, release.position, release.newest_first);
                row["seq"] = json!(release.seq);
                row
            })
            .collect();
        sqlx::query(
            "UPDATE release SET kind = j.value ->> 'kind', lang = j.value ->> 'lang', number = j.value ->> 'number', edtf = j.value ->> 'edtf', \
             earliest = j.value ->> 'earliest', latest = j.value ->> 'latest', sort_on = j.value ->> 'sort_on', sort_key = j.value ->> 'sort_key', \
             time = j.value ->> 'time', utc_offset = j.value ->> 'utc_offset', precision = j.value ->> 'precision', basis = j.value ->> 'basis', \
             year_from = j.value ->> 'year_from', described = unhex(j.value ->> 'described') \
             FROM json_each(?) j WHERE release.seq = j.value ->> 'seq'",
        )
        .bind(json_list(&rows))
        .execute(&mut *tx)
        .await?;
        sqlx::query(
            "UPDATE release_text SET evidence = j.value ->> 'evidence', dates = j.value ->> 'dates' FROM json_each(?) j \
             WHERE release_text.seq = j.value ->> 'seq'",
        )
        .bind(json_list(&rows))
        .execute(&mut *tx)
        .await?;
        let findings: Vec<(i64, &Description)> = changed.iter().map(|release| (release.seq, &release.description)).collect();
        put_findings(&mut tx, &findings).await?;
        let log: Vec<Value> = changed.iter().map(|release| json!([release.seq, "described"])).collect();
        append_log(&mut tx, &log, at).await?;
        tx.commit().await?;
        Ok(changed.len() as u64)
    }

    pub(super) async fn write_vocabulary(&self, topics: &str, gazetteer: &str, list: &[Topic], at: &str) -> Result<()> {
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        for (name, toml) in [("topics", topics), ("gazetteer", gazetteer)] {
            sqlx::query("INSERT INTO vocabulary (name, toml, loaded_at) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET toml = excluded.toml, loaded_at = excluded.loaded_at")
                .bind(name)
                .bind(toml)
                .bind(at)
                .execute(&mut *tx)
                .await?;
        }
        sqlx::query("DELETE FROM topic").execute(&mut *tx).await?;
        let rows: Vec<Value> = list
            .iter()
            .enumerate()
            .map(|(position, topic)| {
                json!([topic.slug, position, topic.label, topic.label_fr, topic.scope, topic.broader, json_list(&topic.related)])
            })
            .collect();
        sqlx::query(
            "INSERT INTO topic (slug, position, label, label_fr, scope, broader, related) SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, \
             value ->> 4, value ->> 5, value ->> 6 FROM json_each(?)",
        )
        .bind(json_list(&rows))
        .execute(&mut *tx)
        .await?;
        append_log(&mut tx, &[json!([Value::Null, "vocabulary"])], at).await?;
        tx.commit().await?;
        Ok(())
    }

    pub(super) async fn write_sidecar(&self, document: i64, sidecar: &Sidecar, source: &Source, at: &str) -> Result<()> {
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("UPDATE document SET sidecar = ? WHERE id = ?")
            .bind(json!(sidecar).to_string())
            .bind(document)
            .execute(&mut *tx)
            .await?;
        // A publisher stated beside the document speaks for the releases that name none themselves.
        let touched: Vec<i64> = sqlx::query_scalar(
            "SELECT r.seq FROM release r JOIN release_text t ON t.seq = r.seq WHERE r.document_id = ? AND t.layout ->> 'source' IS NULL",
        )
        .bind(document)
        .fetch_all(&mut *tx)
        .await?;
        sqlx::query("UPDATE release SET source_slug = ?, source_name = ? WHERE seq IN (SELECT value FROM json_each(?))")
            .bind(&source.slug)
            .bind(&source.name)
            .bind(json_list(&touched))
            .execute(&mut *tx)
            .await?;
        put_labels(&mut tx, &[json!(["source", source.slug, source.name])]).await?;
        let log: Vec<Value> = touched.iter().map(|seq| json!([seq, "described"])).collect();
        append_log(&mut tx, &log, at).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// What is stored under these identities.
pub(super) async fn known(connection: &mut SqliteConnection, identities: &[Identity]) -> Result<HashMap<Identity, Known>> {
    let hexed: Vec<String> = identities.iter().map(|identity| hex(identity.bytes())).collect();
    let rows: Vec<(String, i64, Vec<u8>)> = sqlx::query_as(
        "SELECT lower(hex(identity)), seq, fingerprint FROM release WHERE identity IN (SELECT unhex(value) FROM json_each(?))",
    )
    .bind(json_list(&hexed))
    .fetch_all(connection)
    .await?;
    let by_hex: HashMap<&str, &Identity> = hexed.iter().map(String::as_str).zip(identities).collect();
    rows.into_iter()
        .filter_map(|(identity, seq, fingerprint)| Some((**by_hex.get(identity.as_str())?, seq, fingerprint)))
        .map(|(identity, seq, fingerprint)| {
            let fingerprint = fingerprint.try_into().map_err(|_| StoreError::Corrupt("fingerprint".into()))?;
            Ok((identity, Known { seq, fingerprint }))
        })
        .collect()
}

/// The id of an identity, salted until no other release has it.
async fn free_id(connection: &mut SqliteConnection, identity: &Identity, taken: &HashSet<ReleaseId>) -> Result<ReleaseId> {
    let mut salt = 0;
    loop {
        let id = identity.id(salt);
        let held: Option<i64> = sqlx::query_scalar("SELECT seq FROM release WHERE id = ?")
            .bind(id.as_str().to_owned())
            .fetch_optional(&mut *connection)
            .await?;
        if held.is_none() && !taken.contains(&id) {
            return Ok(id);
        }
        salt += 1;
    }
}

async fn put_document(connection: &mut SqliteConnection, batch: &Batch<'_>) -> Result<i64> {
    let record = batch.document;
    Ok(sqlx::query_scalar(
        "INSERT INTO document (sha256, name, format, byte_length, preamble_start, preamble_end, sidecar, loaded_at, complete, content) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (sha256) DO UPDATE SET complete = max(complete, excluded.complete) RETURNING id",
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
    .fetch_one(connection)
    .await?)
}

async fn put_releases(connection: &mut SqliteConnection, document: i64, batch: &Batch<'_>, placed: &[&Placed<'_>]) -> Result<()> {
    if placed.is_empty() {
        return Ok(());
    }
    let newest_first = batch.document.format.order() == crate::model::DocumentOrder::NewestFirst;
    let rows: Vec<Value> = placed.iter().map(|placed| release_row(placed, document, batch.at, newest_first)).collect();
    let rows = json_list(&rows);
    sqlx::query(
        "INSERT INTO release (seq, id, identity, fingerprint, described, document_id, position, at_start, at_end, key, url, number, title, slug, kind, \
         lang, source_slug, source_name, edtf, earliest, latest, sort_on, sort_key, time, utc_offset, precision, basis, year_from, loaded_at) \
         SELECT value ->> 'seq', value ->> 'id', unhex(value ->> 'identity'), unhex(value ->> 'fingerprint'), unhex(value ->> 'described'), \
         value ->> 'document_id', value ->> 'position', value ->> 'at_start', value ->> 'at_end', value ->> 'key', value ->> 'url', value ->> 'number', \
         value ->> 'title', value ->> 'slug', value ->> 'kind', value ->> 'lang', value ->> 'source_slug', value ->> 'source_name', value ->> 'edtf', \
         value ->> 'earliest', value ->> 'latest', value ->> 'sort_on', value ->> 'sort_key', value ->> 'time', value ->> 'utc_offset', \
         value ->> 'precision', value ->> 'basis', value ->> 'year_from', value ->> 'loaded_at' FROM json_each(?) WHERE true \
         ON CONFLICT (seq) DO UPDATE SET fingerprint = excluded.fingerprint, described = excluded.described, document_id = excluded.document_id, \
         position = excluded.position, at_start = excluded.at_start, at_end = excluded.at_end, key = excluded.key, url = excluded.url, \
         number = excluded.number, title = excluded.title, slug = excluded.slug, kind = excluded.kind, lang = excluded.lang, \
         source_slug = excluded.source_slug, source_name = excluded.source_name, edtf = excluded.edtf, earliest = excluded.earliest, \
         latest = excluded.latest, sort_on = excluded.sort_on, sort_key = excluded.sort_key, time = excluded.time, utc_offset = excluded.utc_offset, \
         precision = excluded.precision, basis = excluded.basis, year_from = excluded.year_from, loaded_at = excluded.loaded_at",
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
    let findings: Vec<(i64, &Description)> = placed.iter().map(|placed| (placed.seq, &placed.release.description)).collect();
    put_findings(connection, &findings).await?;
    let sources: Vec<Value> =
        placed.iter().map(|placed| json!(["source", placed.incoming.source.slug, placed.incoming.source.name])).collect();
    put_labels(connection, &sources).await
}

/// Replaces topics and mentions.
async fn put_findings(connection: &mut SqliteConnection, findings: &[(i64, &Description)]) -> Result<()> {
    let seqs: Vec<i64> = findings.iter().map(|(seq, _)| *seq).collect();
    let mut topics = Vec::new();
    let mut mentions = Vec::new();
    let mut labels: HashMap<(&str, &str), &str> = HashMap::new();
    for (seq, description) in findings {
        for (rank, topic) in description.topics.iter().enumerate() {
            topics.push(json!([seq, topic.slug, rank, topic.score, u8::from(topic.stated), json_list(&topic.evidence)]));
        }
        for (rank, mention) in description.mentions.iter().enumerate() {
            mentions.push(json!([seq, mention.kind.token(), mention.slug, rank, mention.name, mention.role, json_list(&mention.evidence)]));
            labels.insert((mention.kind.token(), &mention.slug), &mention.name);
        }
    }
    sqlx::query("DELETE FROM release_topic WHERE seq IN (SELECT value FROM json_each(?))")
        .bind(json_list(&seqs))
        .execute(&mut *connection)
        .await?;
    sqlx::query("DELETE FROM mention WHERE seq IN (SELECT value FROM json_each(?))")
        .bind(json_list(&seqs))
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "INSERT INTO release_topic (seq, topic, rank, score, stated, evidence) \
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 FROM json_each(?)",
    )
    .bind(json_list(&topics))
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "INSERT INTO mention (seq, kind, slug, rank, name, role, evidence) \
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6 FROM json_each(?)",
    )
    .bind(json_list(&mentions))
    .execute(&mut *connection)
    .await?;
    let labels: Vec<Value> = labels.into_iter().map(|((facet, value), label)| json!([facet, value, label])).collect();
    put_labels(connection, &labels).await
}

/// A row of the label table each: facet, value, what a person reads. The latest wording stands.
async fn put_labels(connection: &mut SqliteConnection, labels: &[Value]) -> Result<()> {
    sqlx::query(
        "INSERT INTO label (facet, value, label) SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?) WHERE true \
         ON CONFLICT (facet, value) DO UPDATE SET label = excluded.label WHERE label <> excluded.label",
    )
    .bind(json_list(labels))
    .execute(connection)
    .await?;
    Ok(())
}

async fn put_occurrences(connection: &mut SqliteConnection, occurrences: &[Value]) -> Result<()> {
    sqlx::query(
        "INSERT INTO occurrence (document_id, position, seq, at_start, at_end, sha256) \
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 FROM json_each(?) WHERE true \
         ON CONFLICT (document_id, position) DO UPDATE SET seq = excluded.seq, at_start = excluded.at_start, at_end = excluded.at_end, sha256 = excluded.sha256",
    )
    .bind(json_list(occurrences))
    .execute(connection)
    .await?;
    Ok(())
}

async fn append_log(connection: &mut SqliteConnection, entries: &[Value], at: &str) -> Result<()> {
    sqlx::query("INSERT INTO change (seq, what, at) SELECT value ->> 0, value ->> 1, ?2 FROM json_each(?1)")
        .bind(json_list(entries))
        .bind(at)
        .execute(connection)
        .await?;
    Ok(())
}

fn release_row(placed: &Placed<'_>, document: i64, at: &str, newest_first: bool) -> Value {
    let parsed = &placed.release.parsed;
    let title = parsed.title_text();
    let mut row = description_row(&placed.release.description, parsed.position, newest_first);
    let more = json!({
        "seq": placed.seq,
        "id": placed.id,
        "identity": hex(placed.incoming.identity.bytes()),
        "fingerprint": hex(&placed.incoming.fingerprint),
        "document_id": document,
        "position": parsed.position,
        "at_start": parsed.at.start,
        "at_end": parsed.at.end,
        "key": parsed.given.key,
        "url": placed.incoming.url,
        "slug": title_slug(&title),
        "title": title,
        "source_slug": placed.incoming.source.slug,
        "source_name": placed.incoming.source.name,
        "loaded_at": at,
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

/// The columns that a description fills.
fn description_row(description: &Description, position: u32, newest_first: bool) -> Value {
    let published = &description.published;
    json!({
        "kind": description.kind.token(),
        "lang": description.lang,
        "number": description.number,
        "edtf": published.edtf,
        "earliest": published.earliest,
        "latest": published.latest,
        "sort_on": published.sort_on,
        "sort_key": sort_key(published, position, newest_first),
        "time": published.time.map(|time| time.format("%H:%M").to_string()),
        "utc_offset": published.offset,
        "precision": published.precision.token(),
        "basis": published.basis.token(),
        "year_from": published.year_from.map(crate::model::YearFrom::token),
        "described": hex(&description_hash(description)),
        "evidence": json!(DateEvidence { evidence: published.evidence.clone(), reasons: published.reasons.clone() }).to_string(),
        "dates": json_list(&description.dates),
    })
}

fn description_hash(description: &Description) -> [u8; 32] {
    *blake3::hash(json!(description).to_string().as_bytes()).as_bytes()
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut hexed, byte| {
        let _ = write!(hexed, "{byte:02x}");
        hexed
    })
}
