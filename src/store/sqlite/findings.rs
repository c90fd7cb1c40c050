//! What describing found: the columns of a release that it fills, topics, mentions, and the words for them.

use std::collections::HashMap;

use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnection;

use super::super::*;
use super::json_list;
use super::rows::DateEvidence;
use crate::model::archived::sort_key;

/// Replaces topics and mentions.
pub(super) async fn put_findings(connection: &mut SqliteConnection, findings: &[(i64, &Description)]) -> Result<()> {
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
pub(super) async fn put_labels(connection: &mut SqliteConnection, labels: &[Value]) -> Result<()> {
    sqlx::query(
        "INSERT INTO label (facet, value, label) SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?) WHERE true \
         ON CONFLICT (facet, value) DO UPDATE SET label = excluded.label WHERE label <> excluded.label",
    )
    .bind(json_list(labels))
    .execute(connection)
    .await?;
    Ok(())
}

/// The columns that a description fills.
pub(super) fn description_row(description: &Description, position: u32, newest_first: bool) -> Value {
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
        "described": hex::encode(description_hash(description)),
        "evidence": json!(DateEvidence { evidence: published.evidence.clone(), reasons: published.reasons.clone() }).to_string(),
        "dates": json_list(&description.dates),
    })
}

pub(super) fn description_hash(description: &Description) -> [u8; 32] {
    *blake3::hash(json!(description).to_string().as_bytes()).as_bytes()
}
