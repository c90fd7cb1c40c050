//! Questions of a page, a feed or a program, each answered in one call: index hits joined with database rows.

pub mod address;
pub mod addresses;
pub mod browse;
pub mod changes;
pub mod compare;
pub mod feed;
pub mod harvest;
pub mod histogram;
pub mod history;
pub mod mentions;
pub mod overview;
pub mod proof;
pub mod query;
pub mod release;
pub mod search;
pub mod suggest;
pub mod trends;
pub mod walk;

use std::sync::{Arc, RwLock};

use thiserror::Error;

use crate::index::{IndexError, SearchIndex};
use crate::store::{ArchiveStore, StoreError};

pub use overview::{Generation, Overview};

/// What can go wrong while reading.
#[derive(Debug, Error)]
pub enum ReadingError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The index is being brought up to date for the first time.
    #[error("the search index is being built; pages that need no search are there already")]
    Building,
}

pub type Result<T, E = ReadingError> = std::result::Result<T, E>;

/// The archive as pages read it.
pub struct Archive {
    store: Arc<dyn ArchiveStore>,
    index: Arc<SearchIndex>,
    overview: RwLock<Arc<Overview>>,
}

impl Archive {
    /// Opens for reading what store and index hold now.
    pub async fn new(store: Arc<dyn ArchiveStore>, index: Arc<SearchIndex>) -> Result<Self> {
        let overview = Overview::read(&*store, &index, None).await?;
        index.warm()?;
        Ok(Self { store, index, overview: RwLock::new(Arc::new(overview)) })
    }

    /// What the archive holds, as of the generation that pages are made from.
    pub fn overview(&self) -> Arc<Overview> {
        // A poisoned lock still holds a whole overview: the value is only ever replaced.
        Arc::clone(&self.overview.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    pub fn store(&self) -> &Arc<dyn ArchiveStore> {
        &self.store
    }

    pub fn index(&self) -> &Arc<SearchIndex> {
        &self.index
    }

    /// Takes notice of what this or another process has written since; returns whether anything has.
    pub async fn refresh(&self) -> Result<bool> {
        self.index.refresh()?;
        let now = Generation { store: self.store.generation().await?, index: self.index.generation() };
        if now == self.overview().generation {
            return Ok(false);
        }
        let overview = Arc::new(Overview::read(&*self.store, &self.index, Some(&*self.overview())).await?);
        *self.overview.write().unwrap_or_else(std::sync::PoisonError::into_inner) = overview;
        Ok(true)
    }
}
