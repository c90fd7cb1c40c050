//! Questions of matching: what is known under a name, and what is like a text.

use chrono::NaiveDate;

use super::super::*;
use super::rows::DescribeRow;
use super::work::parsed_release;
use super::{SqliteStore, json_list};

impl SqliteStore {
    pub(super) async fn read_known(&self, identities: &[Identity], aliases: &[i64]) -> Result<HashMap<i64, Known>> {
        let hexed: Vec<String> = identities.iter().map(|identity| hex::encode(identity.bytes())).collect();
        let mut reader = self.reader.acquire().await?;
        let firsts: Vec<(Vec<u8>, i64, Vec<u8>)> = sqlx::query_as(
            "SELECT identity, seq, fingerprint FROM release WHERE identity IN (SELECT unhex(value) FROM json_each(?)) AND hidden <> 2",
        )
        .bind(json_list(&hexed))
        .fetch_all(&mut *reader)
        .await?;
        let further: Vec<(i64, i64, i64, Vec<u8>)> = sqlx::query_as(
            "SELECT a.hash, a.seq, a.copy, coalesce(c.fingerprint, r.fingerprint) FROM json_each(?) j JOIN alias a ON a.hash = j.value \
             JOIN release r ON r.seq = a.seq LEFT JOIN copy c ON c.seq = a.seq AND c.number = a.copy WHERE r.hidden <> 2 ORDER BY a.seq DESC",
        )
        .bind(json_list(aliases))
        .fetch_all(&mut *reader)
        .await?;
        let bytes = |fingerprint: Vec<u8>| fingerprint.try_into().map_err(|_| StoreError::Corrupt("fingerprint".into()));
        let mut known = HashMap::with_capacity(firsts.len() + further.len());
        for (identity, seq, fingerprint) in firsts {
            let hash = identity.first_chunk::<8>().copied().map_or(0, i64::from_be_bytes);
            known.insert(hash, Known { seq, copy: 0, fingerprint: bytes(fingerprint)? });
        }
        // A further name was given later, by a newer text or by the owner: it says more. Of several releases the first one holds.
        for (hash, seq, copy, fingerprint) in further {
            known.insert(hash, Known { seq, copy: copy as u32, fingerprint: bytes(fingerprint)? });
        }
        Ok(known)
    }

    pub(super) async fn read_profiles(&self, seqs: &[i64]) -> Result<Vec<Profile>> {
        type Row = (
            i64,
            String,
            Option<String>,
            Option<String>,
            String,
            String,
            String,
            Option<String>,
            Option<NaiveDate>,
            Option<NaiveDate>,
            Vec<u8>,
            String,
            NaiveDate,
            bool,
        );
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT r.seq, r.title, r.key, r.url, r.source_slug, r.source_name, r.lang, r.number, r.earliest, r.latest, r.fingerprint, d.sha256, \
             date(coalesce(r.seen_at, r.loaded_at)), coalesce((SELECT w.erased FROM withdrawal w WHERE w.seq = r.seq), 0) FROM release r JOIN document d ON d.id = r.document_id \
             WHERE r.seq IN (SELECT value FROM json_each(?))",
        )
        .bind(json_list(seqs))
        .fetch_all(&self.reader)
        .await?;
        rows.into_iter()
            .map(|(seq, title, key, url, slug, name, lang, number, earliest, latest, fingerprint, document_sha256, seen_on, erased)| {
                Ok(Profile {
                    seq,
                    title,
                    key,
                    url,
                    source: Source { slug, name },
                    lang,
                    number,
                    published: (earliest, latest),
                    fingerprint: fingerprint.try_into().map_err(|_| StoreError::Corrupt("fingerprint".into()))?,
                    document_sha256,
                    seen_on,
                    erased,
                })
            })
            .collect()
    }

    pub(super) async fn read_parsed(&self, seqs: &[i64]) -> Result<Vec<(i64, ParsedRelease)>> {
        let rows: Vec<DescribeRow> = sqlx::query_as(
            "SELECT r.seq, r.position, r.at_start, r.at_end, t.sha256, t.text, t.layout, t.blocks, t.given FROM release r \
             JOIN release_text t ON t.seq = r.seq WHERE r.seq IN (SELECT value FROM json_each(?))",
        )
        .bind(json_list(seqs))
        .fetch_all(&self.reader)
        .await?;
        rows.into_iter().map(|row| Ok((row.seq, parsed_release(row)?))).collect()
    }

    pub(super) async fn read_numbered(&self, numbers: &[String]) -> Result<Vec<(String, i64)>> {
        Ok(sqlx::query_as(
            "SELECT j.value, r.seq FROM json_each(?) j JOIN release r ON substr(replace(r.number, ' ', ''), instr(replace(r.number, ' ', ''), '(')) = j.value \
             AND r.number IS NOT NULL WHERE r.hidden <> 2 ORDER BY r.seq",
        )
        .bind(json_list(numbers))
        .fetch_all(&self.reader)
        .await?)
    }

    pub(super) async fn read_other_texts(&self, seqs: &[i64]) -> Result<Vec<(i64, String)>> {
        Ok(sqlx::query_as(
            "SELECT seq, sha256 FROM revision WHERE seq IN (SELECT value FROM json_each(?1)) \
             UNION ALL SELECT seq, sha256 FROM copy WHERE seq IN (SELECT value FROM json_each(?1)) \
             UNION ALL SELECT s.other, t.sha256 FROM ruling s JOIN release_text t ON t.seq = s.seq \
             WHERE s.verb = 'split' AND s.other IN (SELECT value FROM json_each(?1)) \
             UNION ALL SELECT s.other, v.sha256 FROM ruling s JOIN revision v ON v.seq = s.seq \
             WHERE s.verb = 'split' AND s.other IN (SELECT value FROM json_each(?1))",
        )
        .bind(json_list(seqs))
        .fetch_all(&self.reader)
        .await?)
    }

    pub(super) async fn read_likenesses(&self, after: i64, limit: u32) -> Result<Vec<LikenessEntry>> {
        type Row = (i64, i64, bool, Option<i64>, Option<i64>, Option<Vec<u8>>);
        let rows: Vec<Row> =
            sqlx::query_as("SELECT entry, seq, again, before, words, sketch FROM likeness WHERE entry > ? ORDER BY entry LIMIT ?")
                .bind(after)
                .bind(limit)
                .fetch_all(&self.reader)
                .await?;
        Ok(rows
            .into_iter()
            .map(|(entry, seq, again, before, words, sketch)| LikenessEntry {
                entry,
                seq,
                again,
                likeness: Likeness { words, sketch, before },
            })
            .collect())
    }

    pub(super) async fn read_without_likeness(&self, seq_after: i64, limit: u32) -> Result<Vec<(i64, Option<String>, ParsedRelease)>> {
        let rows: Vec<(i64, Option<String>)> = sqlx::query_as(
            "SELECT r.seq, r.url FROM release r WHERE r.seq > ? AND r.hidden <> 2 AND NOT EXISTS (SELECT 1 FROM likeness l WHERE l.seq = r.seq) \
             ORDER BY r.seq LIMIT ?",
        )
        .bind(seq_after)
        .bind(limit)
        .fetch_all(&self.reader)
        .await?;
        let mut urls: HashMap<i64, Option<String>> = rows.into_iter().collect();
        let mut seqs: Vec<i64> = urls.keys().copied().collect();
        seqs.sort_unstable();
        let mut parsed = self.read_parsed(&seqs).await?;
        parsed.sort_unstable_by_key(|(seq, _)| *seq);
        Ok(parsed.into_iter().map(|(seq, parsed)| (seq, urls.remove(&seq).flatten(), parsed)).collect())
    }

    pub(super) async fn write_likenesses(&self, releases: &[(i64, Likeness, Vec<i64>)]) -> Result<()> {
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let likenesses: Vec<serde_json::Value> = releases
            .iter()
            .map(|(seq, likeness, _)| serde_json::json!([seq, 0, null, likeness.words, likeness.sketch.as_deref().map(hex::encode)]))
            .collect();
        let aliases: Vec<serde_json::Value> =
            releases.iter().flat_map(|(seq, _, aliases)| aliases.iter().map(move |hash| serde_json::json!([hash, seq, 0]))).collect();
        super::names::put_likenesses(&mut tx, &likenesses).await?;
        super::names::put_aliases(&mut tx, &aliases, false).await?;
        tx.commit().await?;
        Ok(())
    }
}
