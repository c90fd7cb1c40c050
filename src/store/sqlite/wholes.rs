//! Releases with everything that is known of them, many at a time: each question is asked once for all of them.

use std::collections::HashMap;

use sqlx::sqlite::SqliteConnection;
use tokio::sync::mpsc::Sender;

use super::super::*;
use super::rows::{DocumentRow, ItemRow, TextRow, corrupt, item_columns, json, span};
use super::{SqliteStore, json_list};
use crate::model::history::{Copy, Correction};
use crate::model::{DocumentRef, Edit, Mention, MentionKind, Substance, TopicAssignment, TopicRef, Whole};

/// Releases that travel together.
pub(super) const TOGETHER: usize = 100;

/// Documents that are remembered at the same time: an archive may hold one for each release.
const REMEMBERED: usize = 4_096;

/// Documents as they are met: thousands of releases may stand in one.
pub(super) type Documents = HashMap<i64, DocumentRef>;

impl SqliteStore {
    pub(super) async fn read_release(&self, id: ReleaseId) -> Result<Option<Release>> {
        // One snapshot for all that the page shows.
        let mut tx = self.reader.begin().await?;
        let seq: Option<i64> =
            sqlx::query_scalar("SELECT seq FROM release WHERE id = ? AND hidden = 0").bind(id.as_str()).fetch_optional(&mut *tx).await?;
        let Some(seq) = seq else { return Ok(None) };
        Ok(releases_of(&mut tx, &[seq], &mut Documents::new()).await?.pop())
    }

    /// A release that is held to be another one, and that one's id and slug, where that one is shown.
    pub(super) async fn read_joined(&self, id: ReleaseId) -> Result<Option<Joined>> {
        let mut tx = self.reader.begin().await?;
        let row: Option<(i64, String, String)> = sqlx::query_as(
            "SELECT r.seq, m.id, m.slug FROM release r JOIN release m ON m.seq = r.merged_into WHERE r.id = ? AND r.hidden = 2 AND m.hidden = 0",
        )
        .bind(id.as_str())
        .fetch_optional(&mut *tx)
        .await?;
        let Some((seq, into, slug)) = row else { return Ok(None) };
        let Some(release) = of_state(&mut tx, &[seq], MERGED, &mut Documents::new()).await?.pop() else { return Ok(None) };
        let history = histories_of(&mut tx, &[seq]).await?.remove(&seq).unwrap_or_default();
        let into = into.parse().map_err(|()| corrupt("release id", &into))?;
        Ok(Some(Joined { whole: Whole { release, history }, into, slug }))
    }

    pub(super) async fn read_history(&self, seq: i64) -> Result<History> {
        let mut tx = self.reader.begin().await?;
        Ok(histories_of(&mut tx, &[seq]).await?.remove(&seq).unwrap_or_default())
    }

    pub(super) async fn read_wholes(&self, seqs: &[i64]) -> Result<Vec<Whole>> {
        let mut tx = self.reader.begin().await?;
        wholes_of(&mut tx, seqs, &mut Documents::new()).await
    }

    /// One snapshot, however long it takes.
    pub(super) async fn send_wholes(&self, seqs: &[i64], at: i64, to: Sender<Vec<Whole>>) -> Result<bool> {
        let mut tx = self.reader.begin().await?;
        // The first thing that is read is what the snapshot is taken at.
        let generation: i64 = sqlx::query_scalar("SELECT coalesce(max(entry), 0) FROM change").fetch_one(&mut *tx).await?;
        if generation != at {
            return Ok(false);
        }
        let mut documents = Documents::new();
        for together in seqs.chunks(TOGETHER) {
            let wholes = wholes_of(&mut tx, together, &mut documents).await?;
            if to.send(wholes).await.is_err() {
                break;
            }
        }
        Ok(true)
    }
}

pub(super) async fn wholes_of(connection: &mut SqliteConnection, seqs: &[i64], documents: &mut Documents) -> Result<Vec<Whole>> {
    let releases = releases_of(connection, seqs, documents).await?;
    let mut histories = histories_of(connection, seqs).await?;
    Ok(releases.into_iter().map(|release| Whole { history: histories.remove(&release.item.seq).unwrap_or_default(), release }).collect())
}

/// Values of `release.hidden`.
const SHOWN: i64 = 0;
const MERGED: i64 = 2;

/// Releases that are shown, in the order asked for.
async fn releases_of(connection: &mut SqliteConnection, seqs: &[i64], documents: &mut Documents) -> Result<Vec<Release>> {
    of_state(connection, seqs, SHOWN, documents).await
}

async fn of_state(connection: &mut SqliteConnection, seqs: &[i64], hidden: i64, documents: &mut Documents) -> Result<Vec<Release>> {
    let list = json_list(seqs);
    let rows: Vec<ItemRow> = sqlx::query_as(concat!(
        "SELECT ",
        item_columns!(),
        " FROM release r WHERE r.hidden = ?2 AND r.seq IN (SELECT value FROM json_each(?1))"
    ))
    .bind(&list)
    .bind(hidden)
    .fetch_all(&mut *connection)
    .await?;
    let mut items: HashMap<i64, ReleaseItem> = HashMap::with_capacity(rows.len());
    for row in rows {
        items.insert(row.seq, row.into_item()?);
    }
    let texts: Vec<TextRow> = sqlx::query_as(
        "SELECT r.seq, r.number, r.loaded_at, r.position, r.at_start, r.at_end, r.document_id, t.sha256, t.text, t.layout, t.blocks, \
         t.dates FROM release r JOIN release_text t ON t.seq = r.seq WHERE r.seq IN (SELECT value FROM json_each(?))",
    )
    .bind(&list)
    .fetch_all(&mut *connection)
    .await?;
    let mut topics = topics_of(connection, &list).await?;
    let mut mentions = mentions_of(connection, &list).await?;
    let mut found = HashMap::with_capacity(texts.len());
    for text in texts {
        let Some(item) = items.remove(&text.seq) else { continue };
        let layout: Layout = json("layout", &text.layout)?;
        let document = document_of(connection, text.document_id, documents).await?;
        let release = Release {
            sha256: text.sha256,
            title: layout.title,
            body: layout.body,
            blocks: json("blocks", &text.blocks)?,
            dates: json("dates", &text.dates)?,
            topics: topics.remove(&item.seq).unwrap_or_default(),
            mentions: mentions.remove(&item.seq).unwrap_or_default(),
            number: text.number,
            document: DocumentRef { at: span(text.at_start, text.at_end), position: text.position as u32, ..document },
            loaded_at: text.loaded_at,
            text: text.text,
            item,
        };
        found.insert(release.item.seq, release);
    }
    Ok(seqs.iter().filter_map(|seq| found.remove(seq)).collect())
}

async fn topics_of(connection: &mut SqliteConnection, list: &str) -> Result<HashMap<i64, Vec<(TopicRef, TopicAssignment)>>> {
    let rows: Vec<(i64, String, String, f64, bool, String)> = sqlx::query_as(
        "SELECT t.seq, t.topic, coalesce(v.label, t.topic), t.score, t.stated, t.evidence FROM release_topic t \
         LEFT JOIN topic v ON v.slug = t.topic WHERE t.seq IN (SELECT value FROM json_each(?)) ORDER BY t.seq, t.rank",
    )
    .bind(list)
    .fetch_all(connection)
    .await?;
    let mut topics: HashMap<i64, Vec<_>> = HashMap::new();
    for (seq, slug, label, score, stated, evidence) in rows {
        let assigned = TopicAssignment { slug: slug.clone(), score, stated, evidence: json("evidence", &evidence)? };
        topics.entry(seq).or_default().push((TopicRef { slug, label }, assigned));
    }
    Ok(topics)
}

async fn mentions_of(connection: &mut SqliteConnection, list: &str) -> Result<HashMap<i64, Vec<Mention>>> {
    let rows: Vec<(i64, String, String, String, Option<String>, String)> = sqlx::query_as(
        "SELECT seq, kind, slug, name, role, evidence FROM mention WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq, rank",
    )
    .bind(list)
    .fetch_all(connection)
    .await?;
    let mut mentions: HashMap<i64, Vec<Mention>> = HashMap::new();
    for (seq, kind, slug, name, role, evidence) in rows {
        let mention = Mention { kind: mention_kind(&kind)?, slug, name, role, evidence: json("evidence", &evidence)? };
        mentions.entry(seq).or_default().push(mention);
    }
    Ok(mentions)
}

/// A document; the place in it is the release's to say.
async fn document_of(connection: &mut SqliteConnection, id: i64, documents: &mut Documents) -> Result<DocumentRef> {
    if let Some(known) = documents.get(&id) {
        return Ok(known.clone());
    }
    let row: DocumentRow = sqlx::query_as(
        "SELECT d.id, d.sha256, d.name, d.format, d.byte_length, d.preamble_start, d.preamble_end, d.sidecar, d.loaded_at, d.complete, \
         NULL AS content, d.refused, (SELECT count(*) FROM occurrence o WHERE o.document_id = d.id) AS releases FROM document d WHERE d.id = ?",
    )
    .bind(id)
    .fetch_one(connection)
    .await?;
    let document = DocumentRef {
        id: row.id,
        name: row.name,
        sha256: row.sha256,
        format: row.format.parse().map_err(|()| corrupt("format", &row.format))?,
        byte_length: row.byte_length as u64,
        sidecar: json("sidecar", &row.sidecar)?,
        at: Span::new(0, 0),
        position: 0,
        releases: row.releases as u32,
        loaded_at: row.loaded_at,
    };
    if documents.len() >= REMEMBERED {
        documents.clear();
    }
    documents.insert(id, document.clone());
    Ok(document)
}

fn mention_kind(token: &str) -> Result<MentionKind> {
    [MentionKind::Place, MentionKind::Person, MentionKind::Organisation]
        .into_iter()
        .find(|kind| kind.token() == token)
        .ok_or_else(|| corrupt("mention", token))
}

/// What is remembered of releases beside their words of today, by internal number.
async fn histories_of(connection: &mut SqliteConnection, seqs: &[i64]) -> Result<HashMap<i64, History>> {
    let list = json_list(seqs);
    let rows: Vec<(i64, i64, String, Option<String>)> = sqlx::query_as(
        "SELECT seq, version, coalesce(seen_at, loaded_at), edit FROM release WHERE seq IN (SELECT value FROM json_each(?))",
    )
    .bind(&list)
    .fetch_all(&mut *connection)
    .await?;
    let mut histories: HashMap<i64, History> = HashMap::with_capacity(rows.len());
    let mut edits: HashMap<i64, Vec<(u32, Option<String>)>> = HashMap::new();
    for (seq, version, seen_at, edit) in rows {
        histories.insert(seq, History { version: version as u32, versions: 1, seen_at, ..History::default() });
        if version > 1 {
            edits.insert(seq, vec![(version as u32, edit)]);
        }
    }
    if !edits.is_empty() {
        add_versions(connection, &mut histories, edits).await?;
    }
    add_copies(connection, &list, &mut histories).await?;
    add_translations(connection, &list, &mut histories).await?;
    add_rulings(connection, &list, &mut histories).await?;
    for (seq, at) in touched_of(connection, &list).await? {
        histories.entry(seq).or_default().touched_at = Some(at);
    }
    Ok(histories)
}

/// When the owner last put something right about releases, showed them again, or ruled on who they are; of those alone of which that is so.
/// `list`: their numbers, a JSON array.
pub(super) async fn touched_of(connection: &mut SqliteConnection, list: &str) -> Result<HashMap<i64, String>> {
    // The plus keeps to the index by release: few releases were ever touched, and they have few entries.
    let rows: Vec<(i64, String)> = sqlx::query_as(
        "SELECT seq, max(at) FROM (SELECT e.seq AS seq, e.at AS at FROM event e WHERE e.seq IN (SELECT value FROM json_each(?1)) \
         AND +e.what IN ('corrected', 'reinstated', 'linked', 'unlinked', 'split') \
         UNION ALL SELECT u.other, u.at FROM ruling u WHERE u.other IN (SELECT value FROM json_each(?1))) GROUP BY seq",
    )
    .bind(list)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().collect())
}

/// How many versions there are, and the latest edit that touched the substance. `edits` holds those of the current versions.
async fn add_versions(
    connection: &mut SqliteConnection,
    histories: &mut HashMap<i64, History>,
    mut edits: HashMap<i64, Vec<(u32, Option<String>)>>,
) -> Result<()> {
    let older: Vec<(i64, i64, Option<String>)> =
        sqlx::query_as("SELECT seq, version, edit FROM revision WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq, version DESC")
            .bind(json_list(&edits.keys().collect::<Vec<_>>()))
            .fetch_all(connection)
            .await?;
    for (seq, version, edit) in older {
        edits.entry(seq).or_default().push((version as u32, edit));
    }
    for (seq, edits) in edits {
        let Some(history) = histories.get_mut(&seq) else { continue };
        history.versions = edits.len() as u32;
        // The versions before and after, whose numbers need not be neighbours where one was split off.
        for pair in edits.windows(2) {
            let [(number, Some(edit)), (before, _)] = pair else { continue };
            if json::<Edit>("edit", edit)?.substance == Substance::Substantive {
                history.substantive = Some((*before, *number));
                break;
            }
        }
    }
    Ok(())
}

async fn add_copies(connection: &mut SqliteConnection, list: &str, histories: &mut HashMap<i64, History>) -> Result<()> {
    type CopyRow = (i64, i64, String, String, String, String, Option<String>, Option<String>, String, String, String, f64);
    let copies: Vec<CopyRow> = sqlx::query_as(
        "SELECT c.seq, c.number, c.seen_at, c.source_slug, c.source_name, c.title, c.url, c.key, c.sha256, d.name, c.how, c.score FROM copy c \
         JOIN document d ON d.id = c.document_id WHERE c.seq IN (SELECT value FROM json_each(?)) ORDER BY c.seq, c.number",
    )
    .bind(list)
    .fetch_all(connection)
    .await?;
    for (seq, number, seen_at, slug, name, title, url, key, sha256, document, how, score) in copies {
        let how = how.parse().map_err(|()| corrupt("how", &how))?;
        let source = Source { slug, name };
        let copy = Copy { number: number as u32, seen_at, source, title, url, key, sha256, document, how, score };
        histories.entry(seq).or_default().copies.push(copy);
    }
    Ok(())
}

async fn add_translations(connection: &mut SqliteConnection, list: &str, histories: &mut HashMap<i64, History>) -> Result<()> {
    #[derive(sqlx::FromRow)]
    struct Translated {
        original: i64,
        #[sqlx(flatten)]
        item: ItemRow,
    }
    let translations: Vec<Translated> = sqlx::query_as(concat!(
        "SELECT o.seq AS original, ",
        item_columns!(),
        " FROM translation o JOIN translation f ON f.family = o.family JOIN release r ON r.seq = f.seq \
         WHERE o.seq IN (SELECT value FROM json_each(?)) AND f.seq <> o.seq AND r.hidden = 0 ORDER BY o.seq, r.lang, r.seq"
    ))
    .bind(list)
    .fetch_all(connection)
    .await?;
    for Translated { original, item } in translations {
        histories.entry(original).or_default().translations.push(item.into_item()?);
    }
    Ok(())
}

/// What the owner put right, and former addresses.
async fn add_rulings(connection: &mut SqliteConnection, list: &str, histories: &mut HashMap<i64, History>) -> Result<()> {
    let corrections: Vec<(i64, String, String, String, String, String)> = sqlx::query_as(
        "SELECT seq, field, value, found, because, at FROM correction WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq, field",
    )
    .bind(list)
    .fetch_all(&mut *connection)
    .await?;
    for (seq, field, value, found, because, at) in corrections {
        let field = field.parse().map_err(|()| corrupt("field", &field))?;
        let correction = Correction { field, value: json("value", &value)?, found: json("found", &found)?, because, at };
        histories.entry(seq).or_default().corrections.push(correction);
    }
    let former: Vec<(i64, String)> =
        sqlx::query_as("SELECT seq, url FROM former_url WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq, at, url")
            .bind(list)
            .fetch_all(connection)
            .await?;
    for (seq, url) in former {
        histories.entry(seq).or_default().former_urls.push(url);
    }
    Ok(())
}
