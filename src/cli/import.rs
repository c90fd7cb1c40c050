//! `nato-archive import PATH…`

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;
use clap::Args;

use super::export::load_whole;
use super::open::open;
use super::progress::{Telling, stop_on_signal};
use crate::config::Config;
use crate::ingest::{Loader, Report, WriterLock, expand};

/// A server may be bringing its index up to date at this moment; another import takes longer than this.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Debug, Args)]
pub struct Import {
    /// Files or folders; each file's container is recognised by its content
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

impl Import {
    pub async fn run(self, config: &Config) -> Result<ExitCode> {
        let parts = open(config).await?;
        let _lock = WriterLock::wait(&config.data_dir, "an import", PATIENCE)?;
        let mut report = Report::default();
        let sources = expand(&self.paths, &mut report)?;
        if let Some(done) = load_whole(&sources, &parts, config).await? {
            return Ok(done);
        }
        let stop = stop_on_signal();
        let mut telling = Telling::new(stop.clone());
        let loader = Loader::new(parts.store.clone(), config.clock.clone()).await?;
        let loaded = loader.load(&sources, &parts.index, &mut report, &mut telling).await;
        telling.finish();
        println!("{}", report.summary());
        if !report.unknown_fields.is_empty() {
            let fields: Vec<String> = report.unknown_fields.iter().map(|(name, count)| format!("{name} ({count})")).collect();
            println!("Fields that are not read and were left out: {}", fields.join(", "));
        }
        for path in &report.passed_over {
            println!("Passed over: {path}");
        }
        if sources.is_empty() {
            println!("There was no document to load.");
        }
        loaded?;
        if stop.load(std::sync::atomic::Ordering::Relaxed) {
            println!("Stopped at a consistent point; run the same command again to load the rest.");
            return Ok(ExitCode::from(1));
        }
        Ok(ExitCode::from(u8::from(report.refused > 0)))
    }
}
