//! Opening an archive's folder.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use tokio::task::JoinHandle;

use crate::config::Config;
use crate::index::SearchIndex;
use crate::ingest::{ServingLock, WriterLock, sync};
use crate::reading::Archive;
use crate::store::{ArchiveStore, Purpose, connect_telling};
use crate::web::App;

/// Database and index of an archive.
pub struct Parts {
    pub store: Arc<dyn ArchiveStore>,
    pub index: Arc<SearchIndex>,
}

/// For one command, on an archive that is there already.
pub async fn open(config: &Config) -> Result<Parts> {
    with_index(config, open_store(config).await?)
}

/// For a command that something is put in with: where there is no archive, one begins.
pub async fn open_or_begin(config: &Config) -> Result<Parts> {
    with_index(config, open_for(config, Purpose::Work).await?)
}

/// For a server; where there is no archive, one begins.
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

/// The database alone, for whoever needs no index, of an archive that is there already.
pub async fn open_store(config: &Config) -> Result<Arc<dyn ArchiveStore>> {
    expect_archive(config)?;
    open_for(config, Purpose::Work).await
}

/// Refuses a folder without an archive. A folder that was mistyped or is not mounted must not pass for an archive that holds nothing: one that is all
/// well, and that a backup of takes the place of a good one.
fn expect_archive(config: &Config) -> Result<()> {
    if config.data_dir.join("archive.db").is_file() {
        return Ok(());
    }
    let folder = config.data_dir.display();
    bail!(
        "there is no archive in {folder}. Start one with `nato-archive --data-dir {folder} serve`, which loads the seed documents, or load your own \
         with `import FILE…`; or name another folder with --data-dir"
    )
}

async fn open_for(config: &Config, purpose: Purpose) -> Result<Arc<dyn ArchiveStore>> {
    std::fs::create_dir_all(&config.data_dir).with_context(|| {
        format!("the folder {} cannot be made. Choose one that you may write to with --data-dir", config.data_dir.display())
    })?;
    Ok(connect_telling(&config.database_url(), purpose, &|words| eprintln!("{words}")).await?)
}

/// An archive that is there already.
pub struct Reading {
    pub app: App,
    /// Brings an index level that is behind; see [`level`].
    pub leveling: JoinHandle<()>,
    /// It must not be put in another's place meanwhile.
    _serving: ServingLock,
}

/// An archive that is there already, to be read beside whoever serves it or writes to it.
pub async fn open_reading(config: &Config) -> Result<Reading> {
    expect_archive(config)?;
    let _serving = ServingLock::share(&config.data_dir)?;
    let parts = open_serving(config).await?;
    let archive = Arc::new(Archive::new(Arc::clone(&parts.store), Arc::clone(&parts.index)).await?);
    let leveling = tokio::spawn(level(parts, config.data_dir.clone()));
    let app = App::new(archive, &config.base_url, || chrono::Utc::now().date_naive()).map_err(anyhow::Error::msg)?;
    Ok(Reading { app, leveling, _serving })
}

/// Brings an index level that is behind the database, such as one that had to be begun anew. Whoever writes or serves does it by itself.
async fn level(parts: Parts, data_dir: PathBuf) {
    let behind = parts.store.generation().await.is_ok_and(|logged| parts.index.generation() < logged);
    if !behind {
        return;
    }
    let Ok(_lock) = WriterLock::take(&data_dir, "a reader that brings the index level") else { return };
    if let Err(error) = sync::catch_up(&*parts.store, &parts.index).await {
        eprintln!("The search index could not be brought level: {error}. Run `nato-archive reindex`.");
    }
}
