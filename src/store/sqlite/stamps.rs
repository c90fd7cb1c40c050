//! When records last changed: what harvesters ask by.

use super::super::*;
use super::rows::{corrupt, json};
use super::{SqliteStore, json_list};

/// What a release must be to belong to the topics of parameter 5, a JSON array.
macro_rules! of_topics {
    () => {
        "AND (EXISTS (SELECT 1 FROM release_topic x WHERE x.seq = s.seq AND x.topic IN (SELECT value FROM json_each(?5))) \
         OR (r.hidden <> 0 AND NOT EXISTS (SELECT 1 FROM release_topic x WHERE x.seq = s.seq)))"
    };
}

/// After every stamp that there can be.
const NO_END: &str = "~";

impl SqliteStore {
    pub(super) async fn read_stamped(&self, asked: &StampedAsked) -> Result<Vec<Stamped>> {
        macro_rules! stamped {
            ($topics:expr) => {
                concat!(
                    "SELECT s.seq, r.id, r.slug, s.at, r.hidden, \
                     (SELECT json_group_array(t.topic ORDER BY t.rank) FROM release_topic t WHERE t.seq = s.seq) \
                     FROM stamp s JOIN release r ON r.seq = s.seq WHERE (s.at, s.seq) > (?1, ?2) AND s.at <= ?3 ",
                    $topics,
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
        let until = asked.until.as_deref().unwrap_or(NO_END);
        let all = asked.topics.is_empty();
        let query =
            sqlx::query_as(if all { stamped!("") } else { stamped!(of_topics!()) }).bind(at).bind(seq).bind(until).bind(asked.limit);
        let query = if all { query } else { query.bind(json_list(&asked.topics)) };
        let rows: Vec<(i64, String, String, String, i64, String)> = query.fetch_all(&self.reader).await?;
        rows.into_iter()
            .map(|(seq, id, slug, at, hidden, topics)| {
                let id = id.parse().map_err(|()| corrupt("release id", &id))?;
                Ok(Stamped { seq, id, slug, at, shown: hidden == 0, topics: json("topics", &topics)? })
            })
            .collect()
    }

    pub(super) async fn count_stamped(&self, asked: &StampedAsked) -> Result<u64> {
        macro_rules! counted {
            ($more:expr) => {
                concat!("SELECT count(*) FROM stamp s ", $more)
            };
        }
        let (from, until) = (asked.from.as_deref().unwrap_or(""), asked.until.as_deref().unwrap_or(NO_END));
        let count: i64 = if asked.topics.is_empty() {
            sqlx::query_scalar(counted!("WHERE s.at >= ?1 AND s.at <= ?2")).bind(from).bind(until).fetch_one(&self.reader).await?
        } else {
            sqlx::query_scalar(concat!(counted!("JOIN release r ON r.seq = s.seq WHERE s.at >= ?1 AND s.at <= ?2 "), of_topics!()))
                .bind(from)
                .bind(until)
                // Parameters 3 and 4 are the list's own.
                .bind(0)
                .bind(0)
                .bind(json_list(&asked.topics))
                .fetch_one(&self.reader)
                .await?
        };
        Ok(count.unsigned_abs())
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

    pub(super) async fn read_stamped_blocks(&self, size: i64) -> Result<Vec<StampedBlock>> {
        // Stamps are read from first to last, which are few bytes each; of the wide rows of releases one a block.
        let rows: Vec<(i64, String)> = sqlx::query_as(
            "SELECT block, at FROM (SELECT (seq - 1) / ?1 AS block, max(at) AS at FROM stamp GROUP BY 1) \
             WHERE EXISTS (SELECT 1 FROM release r WHERE r.seq > block * ?1 AND r.seq <= (block + 1) * ?1 AND r.hidden = 0) ORDER BY block",
        )
        .bind(size.max(1))
        .fetch_all(&self.reader)
        .await?;
        Ok(rows.into_iter().map(|(block, at)| StampedBlock { number: block + 1, at }).collect())
    }

    pub(super) async fn read_stamped_addresses(&self, after: i64, to: i64) -> Result<Vec<StampedAddress>> {
        let rows: Vec<(String, String, String)> = sqlx::query_as(
            "SELECT r.id, r.slug, s.at FROM release r JOIN stamp s ON s.seq = r.seq WHERE r.seq > ? AND r.seq <= ? AND r.hidden = 0 ORDER BY r.seq",
        )
        .bind(after)
        .bind(to)
        .fetch_all(&self.reader)
        .await?;
        rows.into_iter()
            .map(|(id, slug, at)| Ok(StampedAddress { id: id.parse().map_err(|()| corrupt("release id", &id))?, slug, at }))
            .collect()
    }
}
