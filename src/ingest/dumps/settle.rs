//! Taking away sets that may not be given any more: beside a server, before one starts, and by the command that withdraws.

use std::path::Path;

use super::shelf::Shelf;
use super::{Result, failed};
use crate::store::ArchiveStore;

/// What a look did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looked {
    Nothing,
    /// Sets came, went, or both.
    Changed,
}

/// Takes away sets that hold words which have been withdrawn since, that are of another archive or of a state that this one was never in, and what
/// cannot be read. It waits for nobody, not for one that is being made either: that one is looked at when it is put in its place.
///
/// # Errors
/// Where the archive cannot be read, or the disk refuses it; then a set may still be there that should not be.
pub async fn discard_stale(store: &dyn ArchiveStore, data_dir: &Path) -> Result<Looked> {
    let shelf = Shelf::of(data_dir);
    let looking = shelf.clone();
    let standing = off(&shelf, move || {
        looking.sweep_old();
        looking.standing()
    });
    let mut stale = Vec::new();
    for (generation, set) in standing.await? {
        let stands = match set {
            Some(set) => store.still_public(&set.state()).await?,
            None => false,
        };
        if !stands {
            stale.push(generation);
        }
    }
    if stale.is_empty() {
        return Ok(Looked::Nothing);
    }
    let taking = shelf.clone();
    // Each is tried, whatever became of the one before.
    off(&shelf, move || stale.into_iter().map(|generation| taking.discard(generation)).fold(Ok(()), Result::and)).await?;
    Ok(Looked::Changed)
}

/// What waits for the disk.
async fn off<T: Send + 'static>(shelf: &Shelf, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| failed(shelf.folder(), &error.to_string()))?
}
