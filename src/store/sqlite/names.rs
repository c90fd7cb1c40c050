//! By what releases are known: their copies at other sources, further names, likenesses, and the same in other languages.

use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnection;

use super::super::*;
use super::findings::put_labels;
use super::json_list;
use super::write::Placed;

/// Stores releases as other sources carry them. A copy that changed is a further copy, so that no words are lost.
pub(super) async fn put_copies(connection: &mut SqliteConnection, document: i64, batch: &Batch<'_>) -> Result<()> {
    for incoming in batch.releases {
        let Action::Copy(arrival) = &incoming.action else { continue };
        let parsed = &arrival.release.parsed;
        let number: i64 = sqlx::query_scalar(
            "INSERT INTO copy (seq, number, seen_at, document_id, position, at_start, at_end, identity, fingerprint, sha256, title, key, url, source_slug, \
             source_name, how, score, layout, blocks, given, text) \
             SELECT ?1, (SELECT coalesce(max(number), 0) + 1 FROM copy WHERE seq = ?1), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, \
             ?17, ?18, ?19, ?20 RETURNING number",
        )
        .bind(incoming.seq)
        .bind(batch.at)
        .bind(document)
        .bind(parsed.position)
        .bind(parsed.at.start as i64)
        .bind(parsed.at.end as i64)
        .bind(&arrival.identity.bytes()[..])
        .bind(&arrival.fingerprint[..])
        .bind(&parsed.sha256)
        .bind(parsed.title_text())
        .bind(&parsed.given.key)
        .bind(&arrival.url)
        .bind(&arrival.source.slug)
        .bind(&arrival.source.name)
        .bind(incoming.decision.how.map_or("text", crate::model::How::token))
        .bind(incoming.decision.score.unwrap_or(1.0))
        .bind(json!(Layout::of(parsed)).to_string())
        .bind(json_list(&parsed.blocks))
        .bind(json!(parsed.given).to_string())
        .bind(&parsed.text)
        .fetch_one(&mut *connection)
        .await?;
        put_labels(connection, &[json!(["source", arrival.source.slug, arrival.source.name])]).await?;
        let names = std::iter::once(arrival.identity.alias()).chain(arrival.aliases.iter().copied());
        let rows: Vec<Value> = names.map(|hash| json!([hash, incoming.seq, number])).collect();
        put_aliases(connection, &rows, true).await?;
    }
    Ok(())
}

/// What the releases are known by from now on, and by what they are compared.
pub(super) async fn put_names(connection: &mut SqliteConnection, placed: &[Placed<'_>]) -> Result<()> {
    let mut aliases = Vec::new();
    let mut likenesses = Vec::with_capacity(placed.len());
    for placed in placed {
        let arrival = placed.arrival;
        let likeness = &arrival.likeness;
        // The words of what was only restated are the same.
        if placed.fresh || placed.anew {
            let sketch = likeness.sketch.as_deref().map(hex::encode);
            likenesses.push(json!([placed.seq, u8::from(placed.anew), likeness.before, likeness.words, sketch]));
        }
        // The first identity stands with the release itself.
        let identity = (!placed.fresh).then(|| arrival.identity.alias());
        aliases.extend(identity.into_iter().chain(arrival.aliases.iter().copied()).map(|hash| json!([hash, placed.seq, 0])));
    }
    put_aliases(connection, &aliases, false).await?;
    put_likenesses(connection, &likenesses).await
}

/// `[hash, seq, copy]` each. A copy's names become the latest copy's own; the names of a release itself stay its own.
pub(super) async fn put_aliases(connection: &mut SqliteConnection, aliases: &[Value], of_copies: bool) -> Result<()> {
    if aliases.is_empty() {
        return Ok(());
    }
    let sql = if of_copies {
        "INSERT INTO alias (hash, seq, copy) SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?) WHERE true \
         ON CONFLICT (hash, seq) DO UPDATE SET copy = excluded.copy WHERE copy > 0"
    } else {
        "INSERT INTO alias (hash, seq, copy) SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?) WHERE true \
         ON CONFLICT (hash, seq) DO UPDATE SET copy = 0"
    };
    sqlx::query(sql).bind(json_list(aliases)).execute(connection).await?;
    Ok(())
}

/// `[seq, again, before, words, hex of the sketch]` each.
pub(super) async fn put_likenesses(connection: &mut SqliteConnection, likenesses: &[Value]) -> Result<()> {
    sqlx::query(
        "INSERT INTO likeness (seq, again, before, words, sketch) \
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, unhex(value ->> 4) FROM json_each(?)",
    )
    .bind(json_list(likenesses))
    .execute(connection)
    .await?;
    Ok(())
}

/// Releases in several languages are one family, named by the first of them.
pub(super) async fn put_translations(connection: &mut SqliteConnection, placed: &[Placed<'_>]) -> Result<()> {
    for placed in placed {
        if let Some(other) = placed.arrival.translates {
            join_family(connection, placed.seq, other).await?;
        }
    }
    Ok(())
}

pub(super) async fn join_family(connection: &mut SqliteConnection, seq: i64, other: i64) -> Result<()> {
    let family: Option<i64> =
        sqlx::query_scalar("SELECT family FROM translation WHERE seq = ?").bind(other).fetch_optional(&mut *connection).await?;
    for member in [other, seq] {
        sqlx::query("INSERT INTO translation (seq, family) VALUES (?1, ?2) ON CONFLICT (seq) DO UPDATE SET family = excluded.family")
            .bind(member)
            .bind(family.unwrap_or(other))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}
