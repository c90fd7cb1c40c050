//! Questions of loading, describing and indexing; those of pages stand in [`read`](super::read), those of checking in
//! [`integrity`](super::integrity).

use chrono::{DateTime, NaiveDate};

use super::super::*;
use super::rows::{DescribeRow, DocumentRow, corrupt, json, span};
use super::wholes::touched_of;
use super::{SqliteStore, json_list};
use crate::model::Block;

impl SqliteStore {
    pub(super) async fn read_index_rows(&self, seqs: &[i64]) -> Result<Vec<IndexRow>> {
        type Row = (
            i64,
            String,
            String,
            String,
            String,
            String,
            String,
            String,
            String,
            Option<NaiveDate>,
            Option<i64>,
            i64,
            String,
            String,
            String,
        );
        // One snapshot for all of it.
        let mut tx = self.reader.begin().await?;
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT r.seq, r.id, r.title, t.text, t.layout, t.blocks, r.kind, r.lang, (SELECT json_group_array(s) FROM (SELECT r.source_slug AS s UNION SELECT c.source_slug FROM copy c WHERE c.seq = r.seq)), \
             r.sort_on, r.sort_key, (SELECT unixepoch(d.loaded_at) / 60 FROM document d WHERE d.id = r.document_id), \
             (SELECT json_group_array(x.topic) FROM release_topic x WHERE x.seq = r.seq), \
             (SELECT json_group_array(m.slug) FROM mention m WHERE m.seq = r.seq AND m.kind = 'place'), \
             (SELECT json_group_array(m.slug) FROM mention m WHERE m.seq = r.seq AND m.kind = 'person') \
             FROM release r JOIN release_text t ON t.seq = r.seq WHERE r.hidden = 0 AND r.seq IN (SELECT value FROM json_each(?)) ORDER BY r.seq",
        )
        .bind(json_list(seqs))
        .fetch_all(&mut *tx)
        .await?;
        let touched = touched_of(&mut tx, &json_list(seqs)).await?;
        rows.into_iter()
            .map(|(seq, id, title, text, layout, blocks, kind, lang, sources, sort_on, sort_key, loaded, topics, places, people)| {
                let layout: Layout = json("layout", &layout)?;
                let blocks: Vec<Block> = json("blocks", &blocks)?;
                Ok(IndexRow {
                    seq,
                    id: id.parse().map_err(|()| corrupt("release id", &id))?,
                    title,
                    body: layout.body.of(&text).to_owned(),
                    paragraphs: blocks.iter().filter_map(|block| block.span.start.checked_sub(layout.body.start)).collect(),
                    kind,
                    lang,
                    sources: json("sources", &sources)?,
                    sort_on,
                    sort_key,
                    arrived: arrived(loaded, touched.get(&seq).map(String::as_str)),
                    topics: json("topics", &topics)?,
                    places: json("places", &places)?,
                    people: json("people", &people)?,
                })
            })
            .collect()
    }

    pub(super) async fn read_vocabulary(&self) -> Result<Option<(String, String)>> {
        Ok(sqlx::query_as("SELECT t.toml, g.toml FROM vocabulary t, vocabulary g WHERE t.name = 'topics' AND g.name = 'gazetteer'")
            .fetch_optional(&self.reader)
            .await?)
    }

    pub(super) async fn read_documents(&self, after: i64, limit: u32) -> Result<Vec<StoredDocument>> {
        let rows: Vec<DocumentRow> = sqlx::query_as(
            "SELECT d.*, (SELECT count(*) FROM occurrence o WHERE o.document_id = d.id) AS releases FROM document d WHERE d.id > ? ORDER BY d.id LIMIT ?",
        )
        .bind(after)
        .bind(limit)
        .fetch_all(&self.reader)
        .await?;
        rows.into_iter().map(stored_document).collect()
    }

    pub(super) async fn read_document_by_sha256(&self, sha256: &str) -> Result<Option<StoredDocument>> {
        let row: Option<DocumentRow> = sqlx::query_as(
            "SELECT d.*, (SELECT count(*) FROM occurrence o WHERE o.document_id = d.id) AS releases FROM document d WHERE d.sha256 = ?",
        )
        .bind(sha256)
        .fetch_optional(&self.reader)
        .await?;
        row.map(stored_document).transpose()
    }

    pub(super) async fn read_to_describe(&self, document: i64, position: u32, limit: u32) -> Result<Vec<ToDescribe>> {
        let rows: Vec<DescribeRow> = sqlx::query_as(
            "SELECT r.seq, r.position, r.at_start, r.at_end, t.sha256, t.text, t.layout, t.blocks, t.given FROM release r \
             JOIN release_text t ON t.seq = r.seq WHERE r.document_id = ? AND r.position >= ? ORDER BY r.position LIMIT ?",
        )
        .bind(document)
        .bind(position)
        .bind(limit)
        .fetch_all(&self.reader)
        .await?;
        rows.into_iter().map(|row| Ok(ToDescribe { seq: row.seq, parsed: parsed_release(row)? })).collect()
    }

    pub(super) async fn read_occurrences(&self, document: i64) -> Result<Vec<Occurrence>> {
        let rows: Vec<(i64, i64, i64, String)> =
            sqlx::query_as("SELECT position, at_start, at_end, sha256 FROM occurrence WHERE document_id = ? ORDER BY position")
                .bind(document)
                .fetch_all(&self.reader)
                .await?;
        Ok(rows
            .into_iter()
            .map(|(position, start, end, sha256)| Occurrence { position: position as u32, at: span(start, end), sha256 })
            .collect())
    }
}

/// The minute from 1970 on at which a release came or came again. What the owner did counts as of the next full minute, so that it comes before
/// whatever was loaded a moment earlier.
fn arrived(loaded: i64, touched: Option<&str>) -> i64 {
    let touched = touched.and_then(|at| DateTime::parse_from_rfc3339(at).ok());
    touched.map_or(loaded, |at| loaded.max(at.timestamp().div_euclid(60) + 1))
}

/// The text of a release as it was read.
pub(super) fn parsed_release(row: DescribeRow) -> Result<ParsedRelease> {
    let layout: Layout = json("layout", &row.layout)?;
    Ok(layout.release(
        row.position as u32,
        span(row.at_start, row.at_end),
        row.text,
        row.sha256,
        json("blocks", &row.blocks)?,
        json("given", &row.given)?,
    ))
}

fn stored_document(row: DocumentRow) -> Result<StoredDocument> {
    Ok(StoredDocument {
        id: row.id,
        complete: row.complete,
        refused: row.refused as u64,
        releases: row.releases as u64,
        record: DocumentRecord {
            format: row.format.parse().map_err(|()| corrupt("format", &row.format))?,
            sha256: row.sha256,
            name: row.name,
            byte_length: row.byte_length as u64,
            preamble: row.preamble_start.zip(row.preamble_end).map(|(start, end)| span(start, end)),
            sidecar: json("sidecar", &row.sidecar)?,
            content: row.content,
        },
    })
}
