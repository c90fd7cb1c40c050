//! Bringing the index to where the database is. Catching up, rebuilding and following are this one loop over the change log.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::{Progress, Quiet, Result};
use crate::index::{IndexError, IndexWriter, SearchIndex};
use crate::store::ArchiveStore;

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
        let Some((last, _)) = changes.last() else {
            if last_look {
                break;
            }
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        reached = *last;
        let writer = match &mut writer {
            Some(writer) => writer,
            none => none.insert(turn(index).await?),
        };
        let mut seqs: Vec<i64> = changes.iter().filter_map(|(_, seq)| *seq).collect();
        seqs.sort_unstable();
        seqs.dedup();
        let rows = store.index_rows(&seqs).await?;
        for row in &rows {
            writer.put(row)?;
        }
        // What the log names and the database no longer holds.
        for gone in seqs.iter().filter(|seq| rows.binary_search_by_key(*seq, |row| row.seq).is_err()) {
            writer.remove(*gone);
        }
        written += rows.len() as u64;
        since_commit += rows.len();
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
    // What is written from here on is in the log behind this entry, and so comes with the next catching up.
    let generation = store.generation().await?;
    let mut writer = index.writer()?;
    writer.clear()?;
    let mut written = 0;
    let mut seq = 0;
    loop {
        let seqs = store.seqs(seq, PAGE).await?;
        let Some(last) = seqs.last() else { break };
        seq = *last;
        for row in store.index_rows(&seqs).await? {
            writer.put(&row)?;
            written += 1;
        }
        if progress.stop() {
            // Nothing was committed: the index stays as it was.
            return Ok(0);
        }
    }
    writer.commit(generation)?;
    writer.finish()?;
    index.refresh()?;
    Ok(written)
}
