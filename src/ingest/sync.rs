//! Bringing the index to where the database is. Catching up, rebuilding and following are this one loop over the change log.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::{Progress, Quiet, Result};
use crate::index::{IndexError, IndexWriter, SearchIndex};
use crate::store::{ArchiveStore, Change};

/// Releases between two commits of a long run: a commit makes them visible and costs a new segment.
const COMMIT_EVERY: usize = 20_000;

/// Log entries read at a time.
const PAGE: u32 = 500;

/// How long whoever follows waits for more, and for its turn at the index.
const PAUSE: Duration = Duration::from_millis(20);
const TURN: Duration = Duration::from_secs(30);

/// Indexes everything that changed since the index's last commit; returns how many releases were written.
pub async fn catch_up(store: &dyn ArchiveStore, index: &SearchIndex) -> Result<u64> {
    follow(store, index, &AtomicBool::new(true)).await
}

/// Indexes what the log says until it is `finished` and read to its end: beside a load, so that storing and indexing share the machine.
pub async fn follow(store: &dyn ArchiveStore, index: &SearchIndex, finished: &AtomicBool) -> Result<u64> {
    index.refresh()?;
    // An index that knows of more than the database did not come from this log, or the log lost its end: nothing that it holds can be relied on.
    if index.generation() > store.generation().await? {
        rebuild(store, index, &mut Quiet).await?;
    }
    let mut reached = index.generation();
    let mut writer: Option<IndexWriter> = None;
    let mut written = 0;
    let mut since_commit = 0;
    loop {
        // Asked before reading: what was logged before the end is then seen.
        let last_look = finished.load(Ordering::Acquire);
        let changes = store.changes(reached, PAGE).await?;
        let Some(last) = changes.last() else {
            if last_look {
                break;
            }
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        reached = last.entry;
        let writer = match &mut writer {
            Some(writer) => writer,
            none => none.insert(turn(index).await?),
        };
        let rows = put(store, writer, &changes).await?;
        written += rows;
        since_commit += rows as usize;
        if since_commit >= COMMIT_EVERY {
            writer.commit(reached)?;
            since_commit = 0;
        }
    }
    if let Some(mut writer) = writer {
        writer.commit(reached)?;
        writer.finish()?;
    }
    index.refresh()?;
    Ok(written)
}

/// Writes what log entries touch, as it stands now; returns how many releases that is.
async fn put(store: &dyn ArchiveStore, writer: &IndexWriter, changes: &[Change]) -> Result<u64> {
    let mut seqs: Vec<i64> = changes.iter().filter_map(|change| change.seq).collect();
    seqs.sort_unstable();
    seqs.dedup();
    // Nothing is held of a release that was added behind what the index knows; nothing has to be looked for.
    let fresh: HashSet<i64> = changes.iter().filter(|change| change.fresh).filter_map(|change| change.seq).collect();
    let rows = store.index_rows(&seqs).await?;
    for row in &rows {
        if fresh.contains(&row.seq) { writer.add(row)? } else { writer.put(row)? }
    }
    // What the log names and the database no longer holds, or no longer shows.
    for gone in seqs.iter().filter(|seq| rows.binary_search_by_key(*seq, |row| row.seq).is_err()) {
        writer.remove(*gone);
    }
    Ok(rows.len() as u64)
}

/// The place at the index, as soon as whoever has it is done.
async fn turn(index: &SearchIndex) -> Result<IndexWriter> {
    let until = Instant::now() + TURN;
    loop {
        match index.writer() {
            Err(IndexError::Busy) if Instant::now() < until => tokio::time::sleep(PAUSE).await,
            taken => return Ok(taken?),
        }
    }
}

/// Whether the index, read through, holds a byte that is not what was written.
pub async fn is_damaged(index: &Arc<SearchIndex>) -> bool {
    let looked_at = Arc::clone(index);
    let damaged = tokio::task::spawn_blocking(move || looked_at.damaged_files()).await;
    // Whatever is so wrong that it cannot even be looked at is no better.
    !damaged.is_ok_and(|damaged| damaged.is_ok_and(|files| files.is_empty()))
}

/// Empties the index and fills it from the database.
pub async fn rebuild(store: &dyn ArchiveStore, index: &SearchIndex, progress: &mut dyn Progress) -> Result<u64> {
    let mut reached = store.generation().await?;
    let mut writer = index.writer()?;
    writer.clear()?;
    let mut written = 0;
    let mut seq = 0;
    loop {
        let seqs = store.seqs(seq, PAGE).await?;
        let Some(last) = seqs.last() else { break };
        seq = *last;
        for row in store.index_rows(&seqs).await? {
            writer.add(&row)?;
            written += 1;
        }
        if progress.stop() {
            // Nothing was committed: the index stays as it was.
            return Ok(0);
        }
    }
    // What was written meanwhile may have been read already, so that each is looked for.
    loop {
        let mut changes = store.changes(reached, PAGE).await?;
        let Some(last) = changes.last() else { break };
        reached = last.entry;
        changes.iter_mut().for_each(|change| change.fresh = false);
        put(store, &writer, &changes).await?;
    }
    writer.commit(reached)?;
    writer.finish()?;
    index.reload()?;
    Ok(written)
}
