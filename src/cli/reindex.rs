//! `nato-archive reindex`

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;

use super::open::open;
use super::progress::{Telling, stop_on_signal};
use crate::config::Config;
use crate::ingest::{WriterLock, sync};

pub async fn run(config: &Config) -> Result<ExitCode> {
    let parts = open(config).await?;
    let _lock = WriterLock::wait(&config.data_dir, "reindex", Duration::from_secs(60))?;
    let mut telling = Telling::new(stop_on_signal());
    let written = sync::rebuild(&*parts.store, &parts.index, &mut telling).await?;
    telling.finish();
    println!("{written} releases indexed");
    Ok(ExitCode::SUCCESS)
}
