//! `nato-archive backup FILE` and `nato-archive restore FILE`

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use super::open::{open, open_store};
use crate::config::Config;
use crate::ingest::backup::{BackedUp, back_up, restore};
use crate::ingest::sync;

#[derive(Debug, Args)]
pub struct Backup {
    /// Where to write it: one file, a whole database
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Replace FILE where it is there already
    #[arg(long)]
    force: bool,
}

impl Backup {
    pub async fn run(self, config: &Config) -> Result<ExitCode> {
        let store = open_store(config).await?;
        let backup = back_up(&*store, &self.file, self.force).await?;
        println!("{}: {}", self.file.display(), said(&backup));
        Ok(ExitCode::SUCCESS)
    }
}

#[derive(Debug, Args)]
pub struct Restore {
    /// A file that `backup` wrote
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Set an archive that is there already aside, under a name with the date
    #[arg(long)]
    force: bool,
}

impl Restore {
    pub async fn run(self, config: &Config) -> Result<ExitCode> {
        let restored = restore(&self.file, &config.data_dir, self.force, &config.clock).await?;
        for path in &restored.set_aside {
            println!("What was there before is kept as {}", path.display());
        }
        println!("Restored: {}", said(&restored.backup));
        let parts = open(config).await?;
        let indexed = sync::catch_up(&*parts.store, &parts.index).await?;
        println!("{indexed} releases indexed");
        Ok(ExitCode::SUCCESS)
    }
}

fn said(backup: &BackedUp) -> String {
    let held = &backup.held;
    format!(
        "{} releases in {} documents, up to change {}; {} bytes, SHA-256 {}",
        held.releases, held.documents, held.generation, backup.bytes, backup.sha256
    )
}
