//! Opening an archive's folder.

use std::sync::Arc;

use anyhow::{Context, Result};

use crate::config::Config;
use crate::index::SearchIndex;
use crate::store::{ArchiveStore, connect, connect_for_work};

/// Database and index of an archive, made where there is none.
pub struct Parts {
    pub store: Arc<dyn ArchiveStore>,
    pub index: Arc<SearchIndex>,
}

/// For one command.
pub async fn open(config: &Config) -> Result<Parts> {
    prepare(config)?;
    with_index(config, connect_for_work(&config.database_url()).await?)
}

/// For a server.
pub async fn open_serving(config: &Config) -> Result<Parts> {
    prepare(config)?;
    with_index(config, connect(&config.database_url()).await?)
}

fn prepare(config: &Config) -> Result<()> {
    std::fs::create_dir_all(&config.data_dir).with_context(|| {
        format!("the folder {} cannot be made. Choose one that you may write to with --data-dir", config.data_dir.display())
    })
}

fn with_index(config: &Config, store: Arc<dyn ArchiveStore>) -> Result<Parts> {
    let opened = SearchIndex::open(&config.index_dir())?;
    if let Some(aside) = &opened.set_aside {
        eprintln!("The search index could not be used and was moved to {}; it is built anew. It can be deleted.", aside.display());
    }
    Ok(Parts { store, index: Arc::new(opened.index) })
}
