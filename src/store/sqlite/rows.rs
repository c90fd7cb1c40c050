//! Row types and how they become domain types.

use chrono::{NaiveDate, NaiveTime};
use serde::de::DeserializeOwned;
use sqlx::FromRow;

use super::super::{Result, StoreError};
use crate::model::date::{Basis, Precision, YearFrom};
use crate::model::{Evidence, PublicationDate, ReleaseItem, Source, Span, TopicRef};

/// Columns of a list item; every query that reads one selects exactly these.
macro_rules! item_columns {
    () => {
        "r.seq, r.id, r.key, r.url, r.title, r.slug, r.kind, r.lang, r.source_slug, r.source_name, r.edtf, r.earliest, r.latest, \
         r.sort_on, r.sort_key, r.time, r.utc_offset, r.precision, r.basis, r.year_from, \
         (SELECT json_group_array(json_array(t.topic, coalesce(v.label, t.topic)) ORDER BY t.rank) FROM release_topic t \
          LEFT JOIN topic v ON v.slug = t.topic WHERE t.seq = r.seq) AS topics, \
         (SELECT w.evidence FROM release_text w WHERE w.seq = r.seq) AS evidence"
    };
}
pub(super) use item_columns;

/// The publication date of the current version as one JSON value, the form in which older versions keep theirs; `r` is the release, `t` its text.
macro_rules! published_json {
    () => {
        "json_object('edtf', r.edtf, 'earliest', r.earliest, 'latest', r.latest, 'sort_on', r.sort_on, 'time', r.time || ':00', \
         'offset', r.utc_offset, 'precision', r.precision, 'basis', r.basis, 'year_from', r.year_from, \
         'evidence', json(t.evidence -> 'evidence'), 'reasons', json(t.evidence -> 'reasons'))"
    };
}
pub(super) use published_json;

#[derive(FromRow)]
pub struct ItemRow {
    pub seq: i64,
    id: String,
    key: Option<String>,
    url: Option<String>,
    title: String,
    slug: String,
    kind: String,
    lang: String,
    source_slug: String,
    source_name: String,
    edtf: Option<String>,
    earliest: Option<NaiveDate>,
    latest: Option<NaiveDate>,
    sort_on: Option<NaiveDate>,
    sort_key: Option<i64>,
    time: Option<String>,
    utc_offset: Option<String>,
    precision: String,
    basis: String,
    year_from: Option<String>,
    topics: String,
    evidence: String,
}

impl ItemRow {
    pub fn into_item(self) -> Result<ReleaseItem> {
        let topics: Vec<(String, String)> = json("topics", &self.topics)?;
        let found: DateEvidence = json("evidence", &self.evidence)?;
        Ok(ReleaseItem {
            seq: self.seq,
            id: self.id.parse().map_err(|()| corrupt("release id", &self.id))?,
            key: self.key,
            title: self.title,
            slug: self.slug,
            url: self.url,
            kind: self.kind.parse().map_err(|()| corrupt("kind", &self.kind))?,
            lang: self.lang,
            source: Source { slug: self.source_slug, name: self.source_name },
            published: PublicationDate {
                // An archive that was written before stated offsets were read holds them in the date alone.
                offset: self.utc_offset.or_else(|| self.edtf.as_deref().and_then(PublicationDate::offset_of)),
                edtf: self.edtf,
                earliest: self.earliest,
                latest: self.latest,
                sort_on: self.sort_on,
                time: match self.time {
                    Some(time) => Some(NaiveTime::parse_from_str(&time, "%H:%M").map_err(|_| corrupt("time", &time))?),
                    None => None,
                },
                precision: Precision::from_token(&self.precision).ok_or_else(|| corrupt("precision", &self.precision))?,
                basis: Basis::from_token(&self.basis).ok_or_else(|| corrupt("basis", &self.basis))?,
                year_from: match self.year_from {
                    Some(from) => Some(YearFrom::from_token(&from).ok_or_else(|| corrupt("year_from", &from))?),
                    None => None,
                },
                evidence: found.evidence,
                reasons: found.reasons,
            },
            topics: topics.into_iter().map(|(slug, label)| TopicRef { slug, label }).collect(),
            sort_key: self.sort_key,
        })
    }
}

/// A list item with the text that its passages are taken from.
#[derive(FromRow)]
pub struct PassageRow {
    #[sqlx(flatten)]
    pub item: ItemRow,
    pub text: String,
    pub body_start: i64,
    pub body_end: i64,
}

pub fn items(rows: Vec<ItemRow>) -> Result<Vec<ReleaseItem>> {
    rows.into_iter().map(ItemRow::into_item).collect()
}

/// The words and reasons behind a publication date, as kept in one column.
#[derive(serde::Serialize, serde::Deserialize)]
pub struct DateEvidence {
    pub evidence: Vec<Evidence>,
    pub reasons: Vec<String>,
}

#[derive(FromRow)]
pub struct TextRow {
    pub seq: i64,
    pub number: Option<String>,
    pub loaded_at: String,
    pub position: i64,
    pub at_start: i64,
    pub at_end: i64,
    pub document_id: i64,
    pub sha256: String,
    pub text: String,
    pub layout: String,
    pub blocks: String,
    pub dates: String,
}

#[derive(FromRow)]
pub struct DocumentRow {
    pub id: i64,
    pub sha256: String,
    pub name: String,
    pub format: String,
    pub byte_length: i64,
    pub preamble_start: Option<i64>,
    pub preamble_end: Option<i64>,
    pub sidecar: String,
    pub loaded_at: String,
    pub complete: bool,
    pub content: Option<Vec<u8>>,
    pub refused: i64,
    pub releases: i64,
}

#[derive(FromRow)]
pub struct DescribeRow {
    pub seq: i64,
    pub position: i64,
    pub at_start: i64,
    pub at_end: i64,
    pub sha256: String,
    pub text: String,
    pub layout: String,
    pub blocks: String,
    pub given: String,
}

/// Reads a JSON column.
pub fn json<T: DeserializeOwned>(column: &str, value: &str) -> Result<T> {
    serde_json::from_str(value).map_err(|error| StoreError::Corrupt(format!("{column}: {error}")))
}

pub fn corrupt(what: &str, value: &str) -> StoreError {
    StoreError::Corrupt(format!("{what} “{value}”"))
}

pub fn span(start: i64, end: i64) -> Span {
    Span::new(usize::try_from(start).unwrap_or(0), usize::try_from(end).unwrap_or(0))
}
