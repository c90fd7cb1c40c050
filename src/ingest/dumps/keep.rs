//! Keeping a set that is not too old, beside a server that runs.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::DateTime;

use super::settle::{Looked, discard_stale};
use super::shelf::Shelf;
use super::{FORM, Kit, Result, Set, failed, make};
use crate::ingest::{Clock, WriterLock};
use crate::store::ArchiveStore;

/// The least time between two sets: an archive that grows all day is not written out all day.
const BETWEEN: Duration = Duration::from_secs(3600);

/// How long it waits when one could not be made.
const AGAIN: Duration = Duration::from_secs(300);

/// Makes sets when they are due.
pub struct Keeper {
    store: Arc<dyn ArchiveStore>,
    data_dir: PathBuf,
    shelf: Shelf,
    clock: Clock,
    kit: Box<dyn Fn(String) -> Kit + Send + Sync>,
    failed: Option<Instant>,
}

impl Keeper {
    /// `kit` makes a kit for a moment.
    pub fn new(store: Arc<dyn ArchiveStore>, data_dir: &Path, clock: Clock, kit: impl Fn(String) -> Kit + Send + Sync + 'static) -> Self {
        Self { store, data_dir: data_dir.to_owned(), shelf: Shelf::of(data_dir), clock, kit: Box::new(kit), failed: None }
    }

    /// Takes away sets that may not be given any more, and makes a new one where one is due: there is none, or the last is of an
    /// earlier generation and an hour old. While somebody writes, the archive is not at rest: then it waits.
    ///
    /// # Errors
    /// Where the archive cannot be read or the disk cannot be written. Sets may have gone all the same. It is tried again after some minutes.
    pub async fn look(&mut self) -> Result<Looked> {
        let generation = self.store.generation().await?;
        let mut changed = discard_stale(&*self.store, &self.data_dir).await? == Looked::Changed;
        let sets = self.read().await?;
        if generation > 0 && self.is_due(sets.first(), generation) && WriterLock::held_since(&self.data_dir).is_none() {
            match self.make().await {
                Ok(made) => changed |= made,
                Err(error) => {
                    self.failed = Some(Instant::now());
                    return Err(error);
                }
            }
        }
        Ok(if changed { Looked::Changed } else { Looked::Nothing })
    }

    async fn read(&self) -> Result<Vec<Set>> {
        let shelf = self.shelf.clone();
        tokio::task::spawn_blocking(move || shelf.sets()).await.map_err(|error| failed(self.shelf.folder(), &error.to_string()))
    }

    fn is_due(&self, latest: Option<&Set>, generation: i64) -> bool {
        if self.failed.is_some_and(|at| at.elapsed() < AGAIN) {
            return false;
        }
        let Some(latest) = latest else { return true };
        let kit = (self.kit)(self.clock.now());
        // Another address or another form of the files: what is there is no longer what would be made.
        if latest.form != FORM || latest.homepage != kit.homepage {
            return true;
        }
        let moment = |at: &str| DateTime::parse_from_rfc3339(at).ok();
        let age = moment(&kit.made_at).zip(moment(&latest.made_at)).map(|(now, made)| now - made);
        // A clock that went back makes a set from the future, which is as good as old.
        latest.generation != generation && age.is_none_or(|age| age.to_std().is_ok_and(|age| age >= BETWEEN) || age.num_seconds() < 0)
    }

    /// Answers whether one was made; another process may be making one just now.
    async fn make(&self) -> Result<bool> {
        let part = match self.shelf.begin()? {
            Some(begun) => begun,
            None => return Ok(false),
        };
        let kit = Arc::new((self.kit)(self.clock.now()));
        let made = make(Arc::clone(&self.store), kit, &part.folder).await;
        let placed = match made {
            Ok(set) => self.put(&part.folder, &set).await,
            Err(error) => Err(error),
        };
        if !matches!(placed, Ok(true)) {
            let _ = std::fs::remove_dir_all(&part.folder);
        }
        placed
    }

    /// Puts a set in its place unless something in it was withdrawn while it was made. Whoever withdraws looks at the sets afterwards, and here
    /// they are looked at once more when it stands there: one of the two sees the other.
    async fn put(&self, part: &Path, set: &Set) -> Result<bool> {
        if !self.store.still_public(&set.state()).await? {
            return Ok(false);
        }
        self.shelf.put(part, set)?;
        discard_stale(&*self.store, &self.data_dir).await?;
        Ok(true)
    }
}

/// A set that is being made, while nobody else makes one.
struct Begun {
    folder: PathBuf,
    /// The system's lock, held as long as the file is open.
    _lock: std::fs::File,
}

impl Shelf {
    fn begin(&self) -> Result<Option<Begun>> {
        let told = |error: std::io::Error| failed(self.folder(), &error.to_string());
        std::fs::create_dir_all(self.folder()).map_err(told)?;
        let lock =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(self.folder().join("making.lock")).map_err(told)?;
        if lock.try_lock().is_err() {
            return Ok(None);
        }
        Ok(Some(Begun { folder: self.part()?, _lock: lock }))
    }
}
