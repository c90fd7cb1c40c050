//! Opening an archive's folder.

use std::sync::Arc;

use anyhow::{Context, Result};

use crate::config::Config;
use crate::index::SearchIndex;
use crate::store::{ArchiveStore, connect};

/// Database and index of an archive, made where there is none.
pub struct Parts {
    pub store: Arc<dyn ArchiveStore>,
    pub index: Arc<SearchIndex>,
}

pub async fn open(config: &Config) -> Result<Parts> {
    std::fs::create_dir_all(&config.data_dir).with_context(|| {
        format!("the folder {} cannot be made. Choose one that you may write to with --data-dir", config.data_dir.display())
    })?;
    let store = connect(&config.database_url()).await?;
    let opened = SearchIndex::open(&config.index_dir())?;
    if let Some(aside) = &opened.set_aside {
        eprintln!("The search index could not be used and was moved to {}; it is built anew. It can be deleted.", aside.display());
    }
    Ok(Parts { store, index: Arc::new(opened.index) })
}
