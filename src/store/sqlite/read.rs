//! Questions, each served by an index.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::super::*;
use super::rows::{ItemRow, PassageRow, corrupt, item_columns, items, json, span};
use super::{SqliteStore, json_list};

impl SqliteStore {
    pub(super) async fn read_summary(&self) -> Result<Summary> {
        let (archive_id, generation, documents, loaded_at): (String, i64, i64, Option<String>) = sqlx::query_as(
            "SELECT (SELECT value FROM archive WHERE name = 'id'), (SELECT coalesce(max(entry), 0) FROM change), \
             (SELECT count(*) FROM document), (SELECT max(loaded_at) FROM document)",
        )
        .fetch_one(&self.reader)
        .await?;
        Ok(Summary { archive_id, generation, documents: documents as u64, loaded_at })
    }

    pub(super) async fn read_day_counts(&self) -> Result<(Vec<DayCount>, u64)> {
        let rows: Vec<(String, i64)> = sqlx::query_as("SELECT day, releases FROM day_count ORDER BY day").fetch_all(&self.reader).await?;
        let mut undated = 0;
        let mut days = Vec::with_capacity(rows.len());
        for (day, releases) in rows {
            if day.is_empty() {
                undated = releases as u64;
            } else {
                days.push(DayCount { day: day.parse().map_err(|_| corrupt("day", &day))?, releases: releases as u64 });
            }
        }
        Ok((days, undated))
    }

    pub(super) async fn read_topics(&self) -> Result<Vec<Topic>> {
        type Row = (String, String, String, String, Option<String>, String);
        let rows: Vec<Row> = sqlx::query_as("SELECT slug, label, label_fr, scope, broader, related FROM topic ORDER BY position")
            .fetch_all(&self.reader)
            .await?;
        rows.into_iter()
            .map(|(slug, label, label_fr, scope, broader, related)| {
                Ok(Topic { slug, label, label_fr, scope, broader, related: json("related", &related)?, ..Topic::default() })
            })
            .collect()
    }

    pub(super) async fn read_labels(&self) -> Result<Labels> {
        let rows: Vec<(String, String, String)> = sqlx::query_as("SELECT facet, value, label FROM label").fetch_all(&self.reader).await?;
        let mut labels = Labels::new();
        for (facet, value, label) in rows {
            labels.entry(facet).or_default().insert(value, label);
        }
        Ok(labels)
    }

    pub(super) async fn read_items(&self, seqs: &[i64]) -> Result<Vec<ReleaseItem>> {
        let rows: Vec<ItemRow> = sqlx::query_as(concat!(
            "SELECT ",
            item_columns!(),
            " FROM release r WHERE r.hidden = 0 AND r.seq IN (SELECT value FROM json_each(?))"
        ))
        .bind(json_list(seqs))
        .fetch_all(&self.reader)
        .await?;
        let mut found: HashMap<i64, ReleaseItem> = items(rows)?.into_iter().map(|item| (item.seq, item)).collect();
        Ok(seqs.iter().filter_map(|seq| found.remove(seq)).collect())
    }

    pub(super) async fn read_by_alias(&self, hashes: &[i64]) -> Result<Option<Addressed>> {
        let row: Option<(String, String, String)> = sqlx::query_as(
            "SELECT r.id, r.slug, r.lang FROM json_each(?) j JOIN alias a ON a.hash = j.value JOIN release r ON r.seq = a.seq \
             ORDER BY r.hidden <> 0, j.key, r.sort_key DESC LIMIT 1",
        )
        .bind(json_list(hashes))
        .fetch_optional(&self.reader)
        .await?;
        row.map(|(id, slug, lang)| Ok(Addressed { id: id.parse().map_err(|()| corrupt("release id", &id))?, slug, lang })).transpose()
    }

    pub(super) async fn read_list(&self, after: Option<After>, limit: u32) -> Result<Vec<ReleaseItem>> {
        let rows: Vec<ItemRow> = match after {
            None => {
                sqlx::query_as(concat!(
                    "SELECT ",
                    item_columns!(),
                    " FROM release r WHERE r.hidden = 0 ORDER BY r.sort_key DESC, r.id LIMIT ?"
                ))
                .bind(limit)
                .fetch_all(&self.reader)
                .await?
            }
            Some(After { sort_key: Some(key), id }) => {
                // Three runs along the one index: ties behind the id, then older keys, then the undated.
                sqlx::query_as(concat!(
                    "SELECT * FROM (SELECT ",
                    item_columns!(),
                    " FROM release r WHERE r.hidden = 0 AND r.sort_key = ?1 AND r.id > ?2 ORDER BY r.id LIMIT ?3) \
                     UNION ALL SELECT * FROM (SELECT ",
                    item_columns!(),
                    " FROM release r WHERE r.hidden = 0 AND r.sort_key < ?1 ORDER BY r.sort_key DESC, r.id LIMIT ?3) \
                     UNION ALL SELECT * FROM (SELECT ",
                    item_columns!(),
                    " FROM release r WHERE r.hidden = 0 AND r.sort_key IS NULL ORDER BY r.id LIMIT ?3) LIMIT ?3"
                ))
                .bind(key)
                .bind(id.as_str().to_owned())
                .bind(limit)
                .fetch_all(&self.reader)
                .await?
            }
            Some(After { sort_key: None, id }) => {
                sqlx::query_as(concat!(
                    "SELECT ",
                    item_columns!(),
                    " FROM release r WHERE r.hidden = 0 AND r.sort_key IS NULL AND r.id > ? ORDER BY r.id LIMIT ?"
                ))
                .bind(id.as_str().to_owned())
                .bind(limit)
                .fetch_all(&self.reader)
                .await?
            }
        };
        items(rows)
    }

    pub(super) async fn read_between(&self, first: NaiveDate, last: NaiveDate, offset: u32, limit: u32) -> Result<Vec<ReleaseItem>> {
        // By the key rather than the day, so that the index gives the order too.
        let (low, high) = (day_key(first), day_key(last.succ_opt().unwrap_or(last)));
        let rows: Vec<ItemRow> = sqlx::query_as(concat!(
            "SELECT ",
            item_columns!(),
            " FROM release r WHERE r.hidden = 0 AND r.sort_key >= ? AND r.sort_key < ? ORDER BY r.sort_key DESC, r.id LIMIT ? OFFSET ?"
        ))
        .bind(low)
        .bind(high)
        .bind(limit)
        .bind(offset)
        .fetch_all(&self.reader)
        .await?;
        items(rows)
    }

    pub(super) async fn read_undated(&self, offset: u32, limit: u32) -> Result<Vec<ReleaseItem>> {
        let rows: Vec<ItemRow> = sqlx::query_as(concat!(
            "SELECT ",
            item_columns!(),
            " FROM release r WHERE r.hidden = 0 AND r.sort_key IS NULL ORDER BY r.id LIMIT ? OFFSET ?"
        ))
        .bind(limit)
        .bind(offset)
        .fetch_all(&self.reader)
        .await?;
        items(rows)
    }

    pub(super) async fn read_on_days(&self, days: &[NaiveDate], limit: u32) -> Result<Vec<ReleaseItem>> {
        let rows: Vec<ItemRow> = sqlx::query_as(concat!(
            "SELECT ",
            item_columns!(),
            " FROM release r WHERE r.hidden = 0 AND r.sort_on IN (SELECT value FROM json_each(?)) ORDER BY r.sort_key DESC, r.id LIMIT ?"
        ))
        .bind(json_list(days))
        .bind(limit)
        .fetch_all(&self.reader)
        .await?;
        items(rows)
    }

    pub(super) async fn read_neighbours(&self, sort_key: Option<i64>, id: ReleaseId) -> Result<(Option<ReleaseItem>, Option<ReleaseItem>)> {
        let older = self.read_list(Some(After { sort_key, id }), 1).await?.pop();
        let id = id.as_str().to_owned();
        let rows: Vec<ItemRow> = match sort_key {
            Some(key) => {
                sqlx::query_as(concat!(
                    "SELECT * FROM (SELECT ",
                    item_columns!(),
                    " FROM release r WHERE r.hidden = 0 AND r.sort_key = ?1 AND r.id < ?2 ORDER BY r.id DESC LIMIT 1) \
                     UNION ALL SELECT * FROM (SELECT ",
                    item_columns!(),
                    " FROM release r WHERE r.hidden = 0 AND r.sort_key > ?1 ORDER BY r.sort_key, r.id DESC LIMIT 1) LIMIT 1"
                ))
                .bind(key)
                .bind(id)
                .fetch_all(&self.reader)
                .await?
            }
            None => {
                sqlx::query_as(concat!(
                    "SELECT * FROM (SELECT ",
                    item_columns!(),
                    " FROM release r WHERE r.hidden = 0 AND r.sort_key IS NULL AND r.id < ?1 ORDER BY r.id DESC LIMIT 1) \
                     UNION ALL SELECT * FROM (SELECT ",
                    item_columns!(),
                    " FROM release r WHERE r.hidden = 0 AND r.sort_key IS NOT NULL ORDER BY r.sort_key, r.id DESC LIMIT 1) LIMIT 1"
                ))
                .bind(id)
                .fetch_all(&self.reader)
                .await?
            }
        };
        Ok((items(rows)?.pop(), older))
    }

    pub(super) async fn read_siblings(&self, document: i64, first: u32, limit: u32) -> Result<Vec<ReleaseItem>> {
        let rows: Vec<ItemRow> = sqlx::query_as(concat!(
            "SELECT ",
            item_columns!(),
            " FROM release r WHERE r.hidden = 0 AND r.document_id = ? AND r.position >= ? ORDER BY r.position LIMIT ?"
        ))
        .bind(document)
        .bind(first)
        .bind(limit)
        .fetch_all(&self.reader)
        .await?;
        items(rows)
    }

    pub(super) async fn read_passages(&self, seqs: &[i64]) -> Result<Vec<(ReleaseItem, String)>> {
        let rows: Vec<PassageRow> = sqlx::query_as(concat!(
            "SELECT ",
            item_columns!(),
            ", w.text, w.layout ->> '$.body[0]' AS body_start, w.layout ->> '$.body[1]' AS body_end \
             FROM release r JOIN release_text w ON w.seq = r.seq WHERE r.hidden = 0 AND r.seq IN (SELECT value FROM json_each(?))"
        ))
        .bind(json_list(seqs))
        .fetch_all(&self.reader)
        .await?;
        let mut found: HashMap<i64, (ReleaseItem, String)> = HashMap::with_capacity(rows.len());
        for row in rows {
            let body = span(row.body_start, row.body_end).of(&row.text).to_owned();
            found.insert(row.item.seq, (row.item.into_item()?, body));
        }
        Ok(seqs.iter().filter_map(|seq| found.remove(seq)).collect())
    }

    pub(super) async fn read_by_number(&self, number: &str) -> Result<Vec<(ReleaseId, String, String)>> {
        let rows: Vec<(String, String, String)> = sqlx::query_as(
            "SELECT id, slug, number FROM release WHERE substr(replace(number, ' ', ''), instr(replace(number, ' ', ''), '(')) = ? \
             AND number IS NOT NULL AND hidden = 0 ORDER BY seq LIMIT 20",
        )
        .bind(number)
        .fetch_all(&self.reader)
        .await?;
        rows.into_iter().map(|(id, slug, number)| Ok((id.parse().map_err(|()| corrupt("release id", &id))?, slug, number))).collect()
    }
}

/// The smallest sort key of a day; see [`crate::model::archived::sort_key`].
fn day_key(day: NaiveDate) -> i64 {
    use chrono::Datelike;
    i64::from(day.num_days_from_ce()) << 32
}
