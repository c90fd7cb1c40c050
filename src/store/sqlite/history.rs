//! Questions about the past: versions, sources, withdrawals, decisions, and the public log.

use sqlx::FromRow;

use super::super::*;
use super::SqliteStore;
use super::rows::{corrupt, json, published_json, span};
use crate::model::history::EventDetail;
use crate::model::{Decision, Edit, EventKind, Given, PublicationDate};

/// A version, be it the current one or an older one.
#[derive(FromRow)]
struct VersionRow {
    version: i64,
    current: bool,
    seen_at: String,
    title: String,
    lang: String,
    sha256: String,
    source_slug: String,
    source_name: String,
    url: Option<String>,
    name: String,
    document_sha256: String,
    at_start: i64,
    at_end: i64,
    edit: Option<String>,
    /// JSON of the whole publication date; of the current version its columns.
    published: String,
    erased: bool,
}

/// Of releases `r`: those that are shown, and those that are held to be another one that is shown, whose words stay where they were quoted.
macro_rules! shown_or_joined {
    () => {
        "(r.hidden = 0 OR r.hidden = 2 AND EXISTS (SELECT 1 FROM release m WHERE m.seq = r.merged_into AND m.hidden = 0))"
    };
}

/// The versions of one release, oldest first, without their words.
macro_rules! version_columns {
    () => {
        concat!(
            "SELECT v.version, 0 AS current, v.seen_at, v.title, v.lang, v.sha256, v.source_slug, v.source_name, v.url, d.name, \
             d.sha256 AS document_sha256, v.at_start, v.at_end, v.edit, v.published, v.text = '' AS erased \
             FROM release r JOIN revision v ON v.seq = r.seq JOIN document d ON d.id = v.document_id WHERE r.id = ?1 AND ",
            shown_or_joined!(),
            " \
             UNION ALL SELECT r.version, 1, coalesce(r.seen_at, r.loaded_at), r.title, r.lang, t.sha256, r.source_slug, r.source_name, r.url, d.name, \
             d.sha256, r.at_start, r.at_end, r.edit, ",
            published_json!(),
            ", t.text = '' FROM release r JOIN release_text t ON t.seq = r.seq JOIN document d ON d.id = r.document_id \
             WHERE r.id = ?1 AND ",
            shown_or_joined!()
        )
    };
}

impl VersionRow {
    fn into_item(self) -> Result<VersionItem> {
        let mut published = json::<PublicationDate>("published", &self.published)?;
        // As for the current version: older archives hold a stated offset in the date alone.
        published.offset = published.offset.or_else(|| published.edtf.as_deref().and_then(PublicationDate::offset_of));
        Ok(VersionItem {
            number: self.version as u32,
            current: self.current,
            seen_at: self.seen_at,
            title: self.title,
            sha256: self.sha256,
            published,
            source: Source { slug: self.source_slug, name: self.source_name },
            url: self.url,
            document: self.name,
            document_sha256: self.document_sha256,
            at: span(self.at_start, self.at_end),
            edit: self.edit.map(|edit| json::<Edit>("edit", &edit)).transpose()?,
            erased: self.erased,
        })
    }
}

impl SqliteStore {
    pub(super) async fn read_versions(&self, id: ReleaseId) -> Result<Vec<VersionItem>> {
        let rows: Vec<VersionRow> =
            sqlx::query_as(concat!(version_columns!(), " ORDER BY 1")).bind(id.as_str().to_owned()).fetch_all(&self.reader).await?;
        rows.into_iter().map(VersionRow::into_item).collect()
    }

    pub(super) async fn read_version(&self, id: ReleaseId, number: u32) -> Result<Option<Version>> {
        let row: Option<VersionRow> = sqlx::query_as(concat!("SELECT * FROM (", version_columns!(), ") WHERE version = ?2"))
            .bind(id.as_str().to_owned())
            .bind(number)
            .fetch_optional(&self.reader)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let words: Option<(String, String, String, String)> = sqlx::query_as(
            "SELECT v.text, v.layout, v.blocks, v.given FROM revision v JOIN release r ON r.seq = v.seq WHERE r.id = ?1 AND v.version = ?2 \
             UNION ALL SELECT t.text, t.layout, t.blocks, t.given FROM release_text t JOIN release r ON r.seq = t.seq WHERE r.id = ?1 AND r.version = ?2",
        )
        .bind(id.as_str().to_owned())
        .bind(number)
        .fetch_optional(&self.reader)
        .await?;
        let Some((text, layout, blocks, given)) = words else { return Ok(None) };
        let layout: Layout = json("layout", &layout)?;
        let given: Given = json("given", &given)?;
        let lang = row.lang.clone();
        Ok(Some(Version {
            item: row.into_item()?,
            lang,
            text,
            title: layout.title,
            body: layout.body,
            blocks: json("blocks", &blocks)?,
            given,
        }))
    }

    /// By the event of the split, which names the versions before and after.
    pub(super) async fn read_split_off(&self, id: ReleaseId, number: u32) -> Result<Option<ReleaseId>> {
        let other: Option<String> = sqlx::query_scalar(
            "SELECT e.detail ->> 'other' FROM event e JOIN release r ON r.seq = e.seq WHERE r.id = ?1 AND e.what = ?2 AND r.hidden <> 1 \
             AND e.detail ->> '$.versions[1]' = ?3 ORDER BY e.entry DESC LIMIT 1",
        )
        .bind(id.as_str().to_owned())
        .bind(EventKind::Split.token())
        .bind(number)
        .fetch_optional(&self.reader)
        .await?;
        other.map(|other| other.parse().map_err(|()| corrupt("release id", &other))).transpose()
    }

    pub(super) async fn read_split_from(&self, id: ReleaseId) -> Result<Option<(ReleaseId, u32)>> {
        let row: Option<(String, u32)> = sqlx::query_as(
            "SELECT r.id, e.detail ->> '$.versions[1]' FROM release n JOIN ruling u ON u.other = n.seq AND u.verb = 'split' \
             JOIN event e ON e.seq = u.seq AND e.what = ?2 AND e.detail ->> 'other' = n.id JOIN release r ON r.seq = u.seq \
             WHERE n.id = ?1 AND e.detail ->> '$.versions[1]' IS NOT NULL ORDER BY e.entry DESC LIMIT 1",
        )
        .bind(id.as_str().to_owned())
        .bind(EventKind::Split.token())
        .fetch_optional(&self.reader)
        .await?;
        row.map(|(from, number)| Ok((from.parse().map_err(|()| corrupt("release id", &from))?, number))).transpose()
    }

    pub(super) async fn read_gone(&self, id: ReleaseId) -> Result<Option<Gone>> {
        type Row = (String, Option<String>, String, String, Option<String>, Option<String>, Option<bool>, Option<String>, Option<String>);
        let row: Option<Row> = sqlx::query_as(
            "SELECT r.title, r.edtf, r.source_slug, r.source_name, w.reason, w.at, w.erased, m.id, m.slug FROM release r \
             LEFT JOIN withdrawal w ON w.seq = r.seq LEFT JOIN release m ON m.seq = r.merged_into WHERE r.id = ? AND r.hidden <> 0",
        )
        .bind(id.as_str().to_owned())
        .fetch_optional(&self.reader)
        .await?;
        Ok(match row {
            None => None,
            Some((.., Some(into), Some(slug))) => Some(Gone::Merged(into.parse().map_err(|()| corrupt("release id", &into))?, slug)),
            Some((title, edtf, slug, name, reason, at, erased, ..)) => Some(Gone::Withdrawn {
                title,
                date: edtf
                    .and_then(|edtf| PublicationDate::stated(&edtf, crate::model::Basis::None).ok())
                    .map_or_else(|| "undated".into(), |published| published.display()),
                source: Source { slug, name },
                reason: reason.unwrap_or_default(),
                at: at.unwrap_or_default(),
                erased: erased.unwrap_or_default(),
            }),
        })
    }

    pub(super) async fn read_standing(&self, id: ReleaseId) -> Result<Option<Standing>> {
        type Row = (i64, String, String, i64, i64, bool, Option<i64>, Option<i64>, i64);
        let row: Option<Row> = sqlx::query_as(
            "SELECT r.seq, r.title, r.lang, r.version, r.hidden, coalesce((SELECT w.erased FROM withdrawal w WHERE w.seq = r.seq), 0), r.merged_into, \
             (SELECT t.family FROM translation t WHERE t.seq = r.seq), r.document_id FROM release r WHERE r.id = ?",
        )
        .bind(id.as_str().to_owned())
        .fetch_optional(&self.reader)
        .await?;
        Ok(row.map(|(seq, title, lang, version, hidden, erased, merged_into, family, document)| Standing {
            seq,
            title,
            lang,
            version: version as u32,
            withdrawn: hidden == 1,
            erased,
            merged_into,
            family,
            document,
        }))
    }

    pub(super) async fn read_copy(&self, seq: i64, number: u32) -> Result<Option<HeldCopy>> {
        #[derive(FromRow)]
        struct CopyRow {
            #[sqlx(flatten)]
            release: super::rows::DescribeRow,
            identity: Vec<u8>,
            document_id: i64,
        }
        let row: Option<CopyRow> = sqlx::query_as(
            "SELECT seq, position, at_start, at_end, sha256, text, layout, blocks, given, identity, document_id FROM copy WHERE seq = ? AND number = ?",
        )
        .bind(seq)
        .bind(number)
        .fetch_optional(&self.reader)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let document = self.read_documents(row.document_id - 1, 1).await?.pop();
        let document = document.ok_or_else(|| StoreError::Corrupt(format!("document number {}", row.document_id)))?;
        let identity = row.identity.try_into().map_err(|_| StoreError::Corrupt("identity".into()))?;
        Ok(Some(HeldCopy { parsed: super::work::parsed_release(row.release)?, identity, document }))
    }

    pub(super) async fn read_events(&self, asked: EventsAsked) -> Result<Vec<Event>> {
        macro_rules! events {
            ($where:literal) => {
                concat!(
                    "SELECT e.entry, e.at, e.what, e.releases, e.detail, r.id, r.slug, r.title, r.hidden, d.name FROM event e \
                     LEFT JOIN release r ON r.seq = e.seq LEFT JOIN document d ON d.id = e.document_id WHERE e.entry < ?1 ",
                    $where,
                    " ORDER BY e.entry DESC LIMIT ?2"
                )
            };
        }
        let before = asked.before.unwrap_or(i64::MAX);
        let rows: Vec<EventRow> = match (asked.seq, asked.kind) {
            (Some(seq), kind) => {
                let query = sqlx::query_as(events!("AND e.seq = ?3 AND (?4 IS NULL OR e.what = ?4)"));
                query.bind(before).bind(asked.limit).bind(seq).bind(kind.map(EventKind::token)).fetch_all(&self.reader).await?
            }
            (None, Some(kind)) => {
                sqlx::query_as(events!("AND e.what = ?3")).bind(before).bind(asked.limit).bind(kind.token()).fetch_all(&self.reader).await?
            }
            (None, None) => sqlx::query_as(events!("")).bind(before).bind(asked.limit).fetch_all(&self.reader).await?,
        };
        rows.into_iter().map(EventRow::into_event).collect()
    }

    pub(super) async fn count_events(&self, asked: EventsAsked) -> Result<u64> {
        let kind = asked.kind.map(EventKind::token);
        let count: i64 = match asked.seq {
            Some(seq) => {
                let query = sqlx::query_scalar("SELECT count(*) FROM event WHERE seq = ?1 AND (?2 IS NULL OR what = ?2)");
                query.bind(seq).bind(kind).fetch_one(&self.reader).await?
            }
            None => match kind {
                Some(kind) => sqlx::query_scalar("SELECT count(*) FROM event WHERE what = ?").bind(kind).fetch_one(&self.reader).await?,
                None => sqlx::query_scalar("SELECT count(*) FROM event").fetch_one(&self.reader).await?,
            },
        };
        Ok(count.unsigned_abs())
    }

    pub(super) async fn read_notes(&self, asked: NotesAsked) -> Result<Vec<Event>> {
        // The kinds are those of the index `event_of_note`.
        macro_rules! notes {
            ($where:literal, $order:literal) => {
                concat!(
                    "SELECT e.entry, e.at, e.what, e.releases, e.detail, r.id, r.slug, r.title, r.hidden, d.name FROM event e \
                     LEFT JOIN release r ON r.seq = e.seq LEFT JOIN document d ON d.id = e.document_id WHERE e.entry > ?1 AND e.entry < ?2 AND ",
                    $where,
                    " ORDER BY e.entry ",
                    $order,
                    " LIMIT ?3"
                )
            };
        }
        let statement = match (asked.kind, asked.oldest_first) {
            (Some(_), false) => notes!("e.what = ?4", "DESC"),
            (Some(_), true) => notes!("e.what = ?4", "ASC"),
            (None, false) => notes!("e.what NOT IN ('retouched', 'redescribed')", "DESC"),
            (None, true) => notes!("e.what NOT IN ('retouched', 'redescribed')", "ASC"),
        };
        let query = sqlx::query_as(statement).bind(asked.after).bind(asked.before.unwrap_or(i64::MAX)).bind(asked.limit);
        let query = if let Some(kind) = asked.kind { query.bind(kind.token()) } else { query };
        let rows: Vec<EventRow> = query.fetch_all(&self.reader).await?;
        rows.into_iter().map(EventRow::into_event).collect()
    }

    pub(super) async fn read_explained(&self, seq: i64) -> Result<Vec<Explained>> {
        type Row =
            (String, i64, i64, i64, Option<String>, String, Option<String>, Option<f64>, Option<String>, Option<i64>, Option<String>);
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT d.name, o.position, o.at_start, o.at_end, o.decided_at, o.outcome, o.how, o.score, o.reason, o.other, r.id FROM occurrence o \
             JOIN document d ON d.id = o.document_id LEFT JOIN release r ON r.seq = o.other WHERE o.seq = ? ORDER BY o.document_id, o.position",
        )
        .bind(seq)
        .fetch_all(&self.reader)
        .await?;
        rows.into_iter()
            .map(|(document, position, start, end, decided_at, outcome, how, score, reason, other, id)| {
                Ok(Explained {
                    document,
                    position: position as u32,
                    at: span(start, end),
                    decided_at,
                    decision: Decision {
                        outcome: outcome.parse().map_err(|()| corrupt("outcome", &outcome))?,
                        how: how.map(|how| how.parse().map_err(|()| corrupt("how", &how))).transpose()?,
                        score,
                        reason: reason.unwrap_or_default(),
                        other,
                    },
                    other: id.map(|id| id.parse().map_err(|()| corrupt("release id", &id))).transpose()?,
                })
            })
            .collect()
    }
}

#[derive(FromRow)]
struct EventRow {
    entry: i64,
    at: String,
    what: String,
    releases: i64,
    detail: String,
    id: Option<String>,
    slug: Option<String>,
    title: Option<String>,
    hidden: Option<i64>,
    name: Option<String>,
}

impl EventRow {
    fn into_event(self) -> Result<Event> {
        Ok(Event {
            entry: self.entry,
            at: self.at,
            what: self.what.parse().map_err(|()| corrupt("event", &self.what))?,
            release: match (self.id, self.slug, self.title) {
                (Some(id), Some(slug), Some(title)) => {
                    Some((id.parse().map_err(|()| corrupt("release id", &id))?, slug, title, self.hidden == Some(0)))
                }
                _ => None,
            },
            document: self.name,
            releases: self.releases as u64,
            detail: json::<EventDetail>("detail", &self.detail)?,
        })
    }
}
