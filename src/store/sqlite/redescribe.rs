//! Describing again, and what the owner states beside a document or about the vocabularies.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnection;

use super::super::*;
use super::findings::{description_hash, description_row, put_findings, put_labels};
use super::log::{append_changes, append_events};
use super::{SqliteStore, json_list};
use crate::model::EventKind;
use crate::model::history::EventDetail;

impl SqliteStore {
    pub(super) async fn write_descriptions(&self, releases: &[Redescribed], at: &str) -> Result<u64> {
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let seqs: Vec<i64> = releases.iter().map(|release| release.seq).collect();
        let before = found_before(&mut tx, &seqs).await?;
        let changed: Vec<&Redescribed> = releases
            .iter()
            .filter(|release| before.get(&release.seq).is_some_and(|found| found.hash[..] != description_hash(&release.description)[..]))
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
        super::owner::apply_corrections(&mut tx, &changed.iter().map(|release| release.seq).collect::<Vec<_>>(), false).await?;
        let log: Vec<Value> = changed.iter().map(|release| json!([release.seq, "described"])).collect();
        append_changes(&mut tx, &log, at).await?;
        let events: Vec<(EventKind, i64, EventDetail)> = changed
            .iter()
            .filter_map(|release| {
                let changes = before.get(&release.seq)?.against(&release.description);
                (!changes.is_empty()).then(|| (EventKind::Redescribed, release.seq, EventDetail { changes, ..EventDetail::default() }))
            })
            .collect();
        append_events(&mut tx, &events, at).await?;
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
        append_changes(&mut tx, &[json!([Value::Null, "vocabulary"])], at).await?;
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
        append_changes(&mut tx, &log, at).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// What was found about a release before.
struct Found {
    hash: Vec<u8>,
    edtf: Option<String>,
    topics: Vec<String>,
}

impl Found {
    /// What differs in date and topics: field, before, after.
    fn against(&self, now: &Description) -> Vec<(String, String, String)> {
        let mut changes = Vec::new();
        if self.edtf != now.published.edtf {
            let shown = |edtf: Option<&String>| edtf.cloned().unwrap_or_else(|| "undated".into());
            changes.push(("date".to_owned(), shown(self.edtf.as_ref()), shown(now.published.edtf.as_ref())));
        }
        let topics: Vec<String> = now.topics.iter().map(|topic| topic.slug.clone()).collect();
        let as_set = |topics: &[String]| topics.iter().cloned().collect::<HashSet<_>>();
        if as_set(&self.topics) != as_set(&topics) {
            changes.push(("topics".to_owned(), self.topics.join(", "), topics.join(", ")));
        }
        changes
    }
}

/// What the program itself found about releases, be it shown or put right by the owner.
async fn found_before(connection: &mut SqliteConnection, seqs: &[i64]) -> Result<HashMap<i64, Found>> {
    let rows: Vec<(i64, Vec<u8>, Option<String>, String)> = sqlx::query_as(
        "SELECT r.seq, r.described, CASE WHEN d.found IS NULL THEN r.edtf ELSE d.found ->> 'edtf' END, CASE WHEN t.found IS NULL \
         THEN (SELECT json_group_array(x.topic ORDER BY x.rank) FROM release_topic x WHERE x.seq = r.seq) \
         ELSE (SELECT json_group_array(x.value ->> 'slug' ORDER BY x.key) FROM json_each(t.found) x) END FROM release r \
         LEFT JOIN correction d ON d.seq = r.seq AND d.field = 'date' LEFT JOIN correction t ON t.seq = r.seq AND t.field = 'topics' \
         WHERE r.seq IN (SELECT value FROM json_each(?))",
    )
    .bind(json_list(seqs))
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|(seq, hash, edtf, topics)| Ok((seq, Found { hash, edtf, topics: super::rows::json("topics", &topics)? })))
        .collect()
}
