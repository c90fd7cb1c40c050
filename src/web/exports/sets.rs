//! The sets that are offered, as pages know them.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use crate::ingest::dumps::{Set, Shelf};

/// Sets of the whole archive, where it has a folder for them.
#[derive(Default)]
pub struct Sets {
    shelf: Option<Shelf>,
    latest: RwLock<Option<Arc<Set>>>,
    closed: AtomicBool,
    kept: AtomicBool,
}

impl Sets {
    pub fn of(data_dir: &Path) -> Self {
        Self { shelf: Some(Shelf::of(data_dir)), ..Self::default() }
    }

    pub fn shelf(&self) -> Option<&Shelf> {
        self.shelf.as_ref().filter(|_| !self.closed.load(Ordering::Acquire))
    }

    /// Whether none is given: one may be there that should not be, and cannot be taken away.
    pub fn close(&self, closed: bool) {
        self.closed.store(closed, Ordering::Release);
        self.refresh();
    }

    /// From now on somebody makes them anew when the archive has changed.
    pub fn keep(&self) {
        self.kept.store(true, Ordering::Release);
    }

    pub fn are_kept(&self) -> bool {
        self.kept.load(Ordering::Acquire)
    }

    /// The newest, as of the last [refresh](Self::refresh).
    pub fn latest(&self) -> Option<Arc<Set>> {
        self.latest.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Looks which there are. Reads the disk.
    pub fn refresh(&self) {
        let latest = self.shelf().and_then(|shelf| shelf.sets().into_iter().next()).map(Arc::new);
        *self.latest.write().unwrap_or_else(PoisonError::into_inner) = latest;
    }
}
