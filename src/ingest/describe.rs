//! Describing again what the archive holds, after rules or vocabularies changed.

use std::collections::HashMap;

use super::{Progress, Result};
use crate::describe::{DocumentFacts, Vocabulary, describe};
use crate::import::parse_document;
use crate::model::{Description, DocumentOrder};
use crate::store::{ArchiveStore, Redescribed, StoredDocument};

/// Releases of a streamed document that are described together.
const BATCH: u32 = 500;

/// Describes every release again; returns how many are now described differently.
pub async fn describe_all(store: &dyn ArchiveStore, vocabulary: &Vocabulary, at: &str, progress: &mut dyn Progress) -> Result<u64> {
    let mut changed = 0;
    let mut after = 0;
    while let Some(document) = store.documents(after, 1).await?.pop() {
        after = document.id;
        changed += describe_stored(store, document, vocabulary, at).await?;
        if progress.stop() {
            break;
        }
    }
    Ok(changed)
}

/// Describes the releases of one document again.
pub async fn describe_document(store: &dyn ArchiveStore, id: i64, vocabulary: &Vocabulary, at: &str) -> Result<u64> {
    match store.documents(id - 1, 1).await?.pop().filter(|document| document.id == id) {
        Some(document) => describe_stored(store, document, vocabulary, at).await,
        None => Ok(0),
    }
}

async fn describe_stored(store: &dyn ArchiveStore, document: StoredDocument, vocabulary: &Vocabulary, at: &str) -> Result<u64> {
    let record = document.record;
    let facts = DocumentFacts { format: record.format, sidecar: &record.sidecar };
    let newest_first = record.format.order() == DocumentOrder::NewestFirst;
    // The order of a text document is evidence, and so are its neighbours that stand elsewhere too: all of it is read again.
    let by_position: Option<HashMap<u32, Description>> = match record.content.clone() {
        Some(content) => {
            let parsed = parse_document(&record.name, content, record.sidecar.clone())?;
            let descriptions = describe(&parsed.releases, facts, vocabulary);
            Some(parsed.releases.iter().map(|release| release.position).zip(descriptions).collect())
        }
        None => None,
    };
    let mut changed = 0;
    let mut position = 0;
    loop {
        let rows = store.to_describe(document.id, position, BATCH).await?;
        let Some(last) = rows.last() else { break };
        position = last.parsed.position + 1;
        let redescribed: Vec<Redescribed> = match &by_position {
            Some(found) => rows
                .iter()
                .filter_map(|row| {
                    let description = found.get(&row.parsed.position)?.clone();
                    Some(Redescribed { seq: row.seq, position: row.parsed.position, newest_first, description })
                })
                .collect(),
            None => {
                let (seqs, parsed): (Vec<i64>, Vec<_>) = rows.into_iter().map(|row| (row.seq, row.parsed)).unzip();
                let descriptions = describe(&parsed, facts, vocabulary);
                seqs.into_iter()
                    .zip(parsed)
                    .zip(descriptions)
                    .map(|((seq, release), description)| Redescribed { seq, position: release.position, newest_first, description })
                    .collect()
            }
        };
        changed += store.redescribe(&redescribed, at).await?;
    }
    Ok(changed)
}
