//! What releases name, counted.

use super::super::*;
use super::SqliteStore;

impl SqliteStore {
    pub(super) async fn read_mentioned(&self, kind: MentionKind) -> Result<Vec<Mentioned>> {
        let rows: Vec<(String, String, i64)> = sqlx::query_as(
            "SELECT m.slug, max(m.name), count(*) AS releases FROM mention m JOIN release r ON r.seq = m.seq AND r.hidden = 0 \
             WHERE m.kind = ? GROUP BY m.slug ORDER BY releases DESC, m.slug",
        )
        .bind(kind.token())
        .fetch_all(&self.reader)
        .await?;
        Ok(rows.into_iter().map(|(slug, name, releases)| Mentioned { slug, name, releases: releases.max(0) as u64 }).collect())
    }
}
