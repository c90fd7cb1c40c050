//! When records last changed: what harvesters ask by.

use super::super::*;
use super::SqliteStore;
use super::rows::{corrupt, json};

impl SqliteStore {
    pub(super) async fn read_stamped(&self, asked: &StampedAsked) -> Result<Vec<Stamped>> {
        macro_rules! stamped {
            ($topic:literal) => {
                concat!(
                    "SELECT s.seq, r.id, r.slug, s.at, r.hidden, \
                     (SELECT json_group_array(t.topic ORDER BY t.rank) FROM release_topic t WHERE t.seq = s.seq) \
                     FROM stamp s JOIN release r ON r.seq = s.seq WHERE (s.at, s.seq) > (?1, ?2) AND s.at <= ?3 ",
                    $topic,
                    " ORDER BY s.at, s.seq LIMIT ?4"
                )
            };
        }
        let from = asked.from.as_deref().unwrap_or("");
        // What comes after a place is never before the first moment asked for; numbers count from 1.
        let (at, seq) = match &asked.after {
            Some((at, seq)) if at.as_str() >= from => (at.as_str(), *seq),
            _ => (from, 0),
        };
        let until = asked.until.as_deref().unwrap_or("~");
        let query = match &asked.topic {
            None => sqlx::query_as(stamped!("")).bind(at).bind(seq).bind(until).bind(asked.limit),
            Some(topic) => sqlx::query_as(stamped!("AND EXISTS (SELECT 1 FROM release_topic x WHERE x.seq = s.seq AND x.topic = ?5)"))
                .bind(at)
                .bind(seq)
                .bind(until)
                .bind(asked.limit)
                .bind(topic),
        };
        let rows: Vec<(i64, String, String, String, i64, String)> = query.fetch_all(&self.reader).await?;
        rows.into_iter()
            .map(|(seq, id, slug, at, hidden, topics)| {
                let id = id.parse().map_err(|()| corrupt("release id", &id))?;
                Ok(Stamped { seq, id, slug, at, shown: hidden == 0, topics: json("topics", &topics)? })
            })
            .collect()
    }

    pub(super) async fn read_stamp_of(&self, id: ReleaseId) -> Result<Option<Stamped>> {
        let row: Option<(i64, String, String, i64, String)> = sqlx::query_as(
            "SELECT s.seq, r.slug, s.at, r.hidden, (SELECT json_group_array(t.topic ORDER BY t.rank) FROM release_topic t WHERE t.seq = s.seq) \
             FROM release r JOIN stamp s ON s.seq = r.seq WHERE r.id = ?",
        )
        .bind(id.as_str().to_owned())
        .fetch_optional(&self.reader)
        .await?;
        row.map(|(seq, slug, at, hidden, topics)| Ok(Stamped { seq, id, slug, at, shown: hidden == 0, topics: json("topics", &topics)? }))
            .transpose()
    }

    pub(super) async fn read_stamp_bounds(&self) -> Result<Option<(String, String)>> {
        let bounds: (Option<String>, Option<String>) =
            sqlx::query_as("SELECT (SELECT min(at) FROM stamp), (SELECT max(at) FROM stamp)").fetch_one(&self.reader).await?;
        Ok(bounds.0.zip(bounds.1))
    }
}
