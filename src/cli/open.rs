//! Opening an archive's folder.

use std::sync::Arc;

use anyhow::{Context, Result};

use crate::config::Config;
use crate::index::SearchIndex;
use crate::store::{ArchiveStore, Purpose, connect_telling};

/// Database and index of an archive, made where there is none.
pub struct Parts {
    pub store: Arc<dyn ArchiveStore>,
    pub index: Arc<SearchIndex>,
}

/// For one command.
pub async fn open(config: &Config) -> Result<Parts> {
    with_index(config, open_store(config).await?)
}

/// For a server.
pub async fn open_serving(config: &Config) -> Result<Parts> {
    with_index(config, open_for(config, Purpose::Serving).await?)
}

fn with_index(config: &Config, store: Arc<dyn ArchiveStore>) -> Result<Parts> {
    let opened = SearchIndex::open(&config.index_dir())?;
    if let Some(aside) = &opened.set_aside {
        eprintln!("The search index could not be used and was moved to {}; it is built anew. It can be deleted.", aside.display());
    }
    Ok(Parts { store, index: Arc::new(opened.index) })
}

/// The database alone, for whoever needs no index.
pub async fn open_store(config: &Config) -> Result<Arc<dyn ArchiveStore>> {
    open_for(config, Purpose::Work).await
}

async fn open_for(config: &Config, purpose: Purpose) -> Result<Arc<dyn ArchiveStore>> {
    std::fs::create_dir_all(&config.data_dir).with_context(|| {
        format!("the folder {} cannot be made. Choose one that you may write to with --data-dir", config.data_dir.display())
    })?;
    Ok(connect_telling(&config.database_url(), purpose, &|words| eprintln!("{words}")).await?)
}
