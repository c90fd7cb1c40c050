//! What texts are, in 32 bytes each: what a list of releases is proved by.

use super::super::*;
use super::rows::corrupt;
use super::{SqliteStore, json_list};

impl SqliteStore {
    pub(super) async fn read_text_hashes(&self, seqs: &[i64]) -> Result<Vec<(ReleaseId, String)>> {
        let rows: Vec<(String, String)> = sqlx::query_as(
            "SELECT r.id, t.sha256 FROM release r JOIN release_text t ON t.seq = r.seq \
             WHERE r.hidden = 0 AND r.seq IN (SELECT value FROM json_each(?))",
        )
        .bind(json_list(seqs))
        .fetch_all(&self.reader)
        .await?;
        rows.into_iter().map(|(id, sha256)| Ok((id.parse().map_err(|()| corrupt("release id", &id))?, sha256))).collect()
    }
}
