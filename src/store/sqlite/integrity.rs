//! What must hold between the tables, asked of the engine; what must hold within a text is for whoever reads it.

use super::super::*;
use super::SqliteStore;
use super::rows::span;

/// Each rule as a sentence, with a question whose answer is how many rows break it.
const RULES: &[(&str, &str)] = &[
    (
        "days are counted wrongly",
        "SELECT count(*) FROM (SELECT coalesce(c.day, d.day) FROM (SELECT coalesce(sort_on, '') AS day, count(*) AS releases FROM release \
         WHERE hidden = 0 GROUP BY 1) c FULL JOIN day_count d ON d.day = c.day WHERE c.releases IS NOT d.releases)",
    ),
    (
        "releases have no text or stand in no document",
        "SELECT count(*) FROM release r WHERE NOT EXISTS (SELECT 1 FROM release_text t WHERE t.seq = r.seq) \
         OR (NOT EXISTS (SELECT 1 FROM occurrence o WHERE o.seq = r.seq) AND r.hidden <> 2 \
         AND NOT EXISTS (SELECT 1 FROM ruling u WHERE r.seq IN (u.seq, u.other)))",
    ),
    (
        "texts that stand in documents are kept nowhere: neither as their release's own, nor as an older version or a copy of it",
        "SELECT count(*) FROM occurrence o WHERE NOT EXISTS (SELECT 1 FROM release_text t WHERE t.seq = o.seq AND t.sha256 = o.sha256) \
         AND NOT EXISTS (SELECT 1 FROM revision v WHERE v.seq = o.seq AND v.sha256 = o.sha256) \
         AND NOT EXISTS (SELECT 1 FROM copy c WHERE c.seq = o.seq AND c.sha256 = o.sha256) \
         AND NOT EXISTS (SELECT 1 FROM withdrawal w WHERE w.seq = o.seq AND w.erased) \
         AND NOT EXISTS (SELECT 1 FROM release m JOIN release_text t ON t.seq = m.seq WHERE t.sha256 = o.sha256 \
         AND (m.merged_into = o.seq OR m.seq = (SELECT r.merged_into FROM release r WHERE r.seq = o.seq))) \
         AND NOT EXISTS (SELECT 1 FROM ruling u JOIN release_text t ON t.seq IN (u.seq, u.other) WHERE o.seq IN (u.seq, u.other) AND t.sha256 = o.sha256)",
    ),
    (
        "versions have a number that cannot be theirs",
        "SELECT count(*) FROM revision v JOIN release r ON r.seq = v.seq WHERE v.version < 1 OR v.version >= r.version",
    ),
    (
        "releases lack a version between the first and the current one",
        "SELECT count(*) FROM release r WHERE r.version <> 1 + (SELECT count(*) FROM revision v WHERE v.seq = r.seq) \
         AND NOT EXISTS (SELECT 1 FROM ruling u WHERE u.verb = 'split' AND r.seq IN (u.seq, u.other))",
    ),
    (
        "names lead to a release or a copy that is not there",
        "SELECT count(*) FROM alias a WHERE NOT EXISTS (SELECT 1 FROM release r WHERE r.seq = a.seq) \
         OR (a.copy > 0 AND NOT EXISTS (SELECT 1 FROM copy c WHERE c.seq = a.seq AND c.number = a.copy))",
    ),
    (
        "entries of the change log name a release that is not there",
        "SELECT count(*) FROM change c WHERE c.seq IS NOT NULL AND NOT EXISTS (SELECT 1 FROM release r WHERE r.seq = c.seq)",
    ),
    (
        "releases are not in the change log, so that no index can learn of them",
        "SELECT count(*) FROM (SELECT seq FROM release EXCEPT SELECT seq FROM change)",
    ),
    (
        "entries of the public log name a release or a document that is not there",
        "SELECT count(*) FROM event e WHERE (e.seq IS NOT NULL AND NOT EXISTS (SELECT 1 FROM release r WHERE r.seq = e.seq)) \
         OR (e.document_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM document d WHERE d.id = e.document_id))",
    ),
    (
        "releases are hidden without a reason, or shown although they are withdrawn or merged",
        "SELECT count(*) FROM release r LEFT JOIN withdrawal w ON w.seq = r.seq WHERE CASE r.hidden WHEN 0 THEN w.seq IS NOT NULL OR r.merged_into IS NOT NULL \
         WHEN 1 THEN w.seq IS NULL ELSE r.merged_into IS NULL OR r.merged_into = r.seq END",
    ),
    (
        "releases are merged into one that is merged itself",
        "SELECT count(*) FROM release r JOIN release m ON m.seq = r.merged_into WHERE r.hidden = 2 AND m.hidden = 2",
    ),
    (
        "erased texts still have words",
        "SELECT count(*) FROM withdrawal w WHERE w.erased AND (EXISTS (SELECT 1 FROM release_text t WHERE t.seq = w.seq AND t.text <> '') \
         OR EXISTS (SELECT 1 FROM revision v WHERE v.seq = w.seq AND v.text <> '') OR EXISTS (SELECT 1 FROM copy c WHERE c.seq = w.seq AND c.text <> ''))",
    ),
    (
        "corrections by the owner are not what is shown",
        "SELECT count(*) FROM correction c JOIN release r ON r.seq = c.seq WHERE CASE c.field WHEN 'title' THEN json_quote(r.title) <> c.value \
         WHEN 'kind' THEN json_quote(r.kind) <> c.value WHEN 'date' THEN r.basis <> 'owner' OR r.edtf IS NOT c.value ->> 'edtf' \
         WHEN 'topics' THEN EXISTS (SELECT j.value FROM json_each(c.value) j WHERE j.type = 'text' EXCEPT \
         SELECT t.topic FROM release_topic t WHERE t.seq = c.seq) END",
    ),
    (
        "languages of one release belong to a family without a head",
        "SELECT count(*) FROM translation t WHERE NOT EXISTS (SELECT 1 FROM release r WHERE r.seq = t.family)",
    ),
    (
        "rulings by the owner name a release that is not there",
        "SELECT count(*) FROM ruling u WHERE NOT EXISTS (SELECT 1 FROM release r WHERE r.seq = u.seq) \
         OR NOT EXISTS (SELECT 1 FROM release r WHERE r.seq = u.other)",
    ),
    (
        "releases are compared by nothing: import anything, and it is found out again",
        "SELECT count(*) FROM release r WHERE r.hidden <> 2 AND NOT EXISTS (SELECT 1 FROM likeness l WHERE l.seq = r.seq) AND EXISTS (SELECT 1 FROM likeness)",
    ),
];

impl SqliteStore {
    pub(super) async fn read_integrity(&self) -> Result<Vec<String>> {
        let mut found: Vec<String> =
            match sqlx::query_scalar("PRAGMA integrity_check").fetch_all(&self.reader).await.map_err(StoreError::from) {
                Ok(found) => found,
                // So damaged that it cannot be looked through: that is the finding, and no further question has an answer.
                Err(damaged @ StoreError::Damaged(_)) => return Ok(vec![damaged.to_string()]),
                Err(other) => return Err(other),
            };
        found.retain(|line| line != "ok");
        if !found.is_empty() {
            found.truncate(10);
            found.push("the archive database is damaged: restore a backup with `nato-archive restore FILE`".into());
            return Ok(found);
        }
        let broken: Vec<(String, Option<i64>, String, i64)> = sqlx::query_as("PRAGMA foreign_key_check").fetch_all(&self.reader).await?;
        found.extend(broken.into_iter().map(|(table, row, parent, _)| format!("row {row:?} of {table} points to nothing in {parent}")));
        for (sentence, sql) in RULES {
            let wrong: i64 = sqlx::query_scalar(*sql).fetch_one(&self.reader).await?;
            if wrong > 0 {
                found.push(format!("{wrong} {sentence}"));
            }
        }
        Ok(found)
    }

    pub(super) async fn read_erasures(&self, document: i64) -> Result<Vec<Span>> {
        let rows: Vec<(i64, i64)> = sqlx::query_as("SELECT at_start, at_end FROM erasure WHERE document_id = ? ORDER BY at_start")
            .bind(document)
            .fetch_all(&self.reader)
            .await?;
        Ok(rows.into_iter().map(|(start, end)| span(start, end)).collect())
    }

    /// Current texts first, then older versions, then copies, so that each question walks one table.
    pub(super) async fn read_texts(&self, after: Option<TextPlace>, limit: u32) -> Result<Vec<KeptText>> {
        let from = after.unwrap_or(TextPlace { seq: 0, kept_as: KeptAs::Current, number: 0 });
        let kinds = [KeptAs::Current, KeptAs::Older, KeptAs::Copy].into_iter().skip_while(|kind| *kind != from.kept_as);
        let (mut seq, mut number) = (from.seq, from.number);
        for kept_as in kinds {
            let sql = match kept_as {
                KeptAs::Current => {
                    "SELECT t.seq, 0, t.text, t.sha256, EXISTS (SELECT 1 FROM withdrawal w WHERE w.seq = t.seq AND w.erased) FROM release_text t \
                     WHERE t.seq > ?1 ORDER BY t.seq LIMIT ?3"
                }
                KeptAs::Older => {
                    "SELECT t.seq, t.version, t.text, t.sha256, EXISTS (SELECT 1 FROM withdrawal w WHERE w.seq = t.seq AND w.erased) FROM revision t \
                     WHERE (t.seq, t.version) > (?1, ?2) ORDER BY t.seq, t.version LIMIT ?3"
                }
                KeptAs::Copy => {
                    "SELECT t.seq, t.number, t.text, t.sha256, EXISTS (SELECT 1 FROM withdrawal w WHERE w.seq = t.seq AND w.erased) FROM copy t \
                     WHERE (t.seq, t.number) > (?1, ?2) ORDER BY t.seq, t.number LIMIT ?3"
                }
            };
            let rows: Vec<(i64, i64, String, String, bool)> =
                sqlx::query_as(sql).bind(seq).bind(number).bind(limit).fetch_all(&self.reader).await?;
            if !rows.is_empty() {
                let kept =
                    |(seq, number, text, sha256, erased)| KeptText { place: TextPlace { seq, kept_as, number }, text, sha256, erased };
                return Ok(rows.into_iter().map(kept).collect());
            }
            (seq, number) = (0, 0);
        }
        Ok(Vec::new())
    }
}
