//! The sets that are offered, as pages know them.

use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use crate::ingest::dumps::{Set, Shelf};

/// Sets of the whole archive, where it has a folder for them.
#[derive(Default)]
pub struct Sets {
    shelf: Option<Shelf>,
    latest: RwLock<Option<Arc<Set>>>,
}

impl Sets {
    pub fn of(data_dir: &Path) -> Self {
        Self { shelf: Some(Shelf::of(data_dir)), latest: RwLock::default() }
    }

    pub fn shelf(&self) -> Option<&Shelf> {
        self.shelf.as_ref()
    }

    /// The newest, as of the last [refresh](Self::refresh).
    pub fn latest(&self) -> Option<Arc<Set>> {
        self.latest.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Looks which there are. Reads the disk.
    pub fn refresh(&self) {
        let latest = self.shelf.as_ref().and_then(|shelf| shelf.sets().into_iter().next()).map(Arc::new);
        *self.latest.write().unwrap_or_else(PoisonError::into_inner) = latest;
    }
}
