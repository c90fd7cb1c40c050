//! `nato-archive import PATH…`

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args;

use super::export::load_whole;
use super::open::{Parts, open_or_begin};
use super::progress::{Telling, stop_on_signal};
use crate::config::Config;
use crate::ingest::poll::fetch_named;
use crate::ingest::{Loader, Progress, Report, Source, WriterLock, expand};
use crate::store::connect_for_work;

/// A server may be bringing its index up to date at this moment; another import takes longer than this.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Debug, Args)]
pub struct Import {
    /// Files, folders, addresses (http:// or https://), or - for standard input; what each is, packed or not, is recognised by its content
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Say what would happen, release by release, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Tell progress, refusals and sums as JSON, one object a line
    #[arg(long)]
    json: bool,
    /// Where to write everything refused, with reasons, as NDJSON [default: refused.ndjson in the data folder]
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    #[command(flatten)]
    web: super::follow::Web,
}

impl Import {
    pub async fn run(self, config: &Config) -> Result<ExitCode> {
        let parts = open_or_begin(config).await?;
        let mut report = Report::default();
        // The web is asked before the lock is taken: it may be slow, and nothing is written meanwhile.
        let mut sources = Vec::new();
        let paths = fetch_named(self.paths.clone(), self.web.policy(config), parts.store.clone(), &mut sources, &mut report).await?;
        let _lock = WriterLock::wait(&config.data_dir, "an import", PATIENCE)?;
        sources.extend(expand(&paths, &mut report)?);
        if let Some(done) = load_whole(&sources, self.dry_run, &parts, config).await? {
            return Ok(done);
        }
        let stop = stop_on_signal();
        let refusals = self.report.clone().unwrap_or_else(|| config.data_dir.join("refused.ndjson"));
        let mut telling = Telling::new(stop.clone()).in_json(self.json).each(self.dry_run).with_refusals_in(&refusals);
        report.refusals.iter().for_each(|error| telling.refused(error));
        let loaded = if self.dry_run {
            try_out(config, &parts, &sources, &mut report, &mut telling).await
        } else {
            let loader = Loader::new(parts.store.clone(), config.clock.clone()).await?;
            loader.load(&sources, &parts.index, &mut report, &mut telling).await.map_err(anyhow::Error::from)
        };
        let refusals = telling.finish();
        let stopped = report.unfinished;
        if !telling.summary(&report, stopped) {
            self.say(&report, &sources, refusals.as_deref());
        }
        loaded?;
        if stopped {
            if !self.json {
                println!("Stopped at a consistent point; run the same command again to load the rest.");
            }
            return Ok(ExitCode::from(1));
        }
        Ok(ExitCode::from(u8::from(report.refused > 0)))
    }

    fn say(&self, report: &Report, sources: &[Source], refusals: Option<&std::path::Path>) {
        println!("{}{}", if self.dry_run { "Nothing was changed. It would be: " } else { "" }, report.summary());
        if !report.unknown_fields.is_empty() {
            let fields: Vec<String> = report.unknown_fields.iter().map(|(name, count)| format!("{name} ({count})")).collect();
            println!("Fields that are not read and were left out: {}", fields.join(", "));
        }
        if !report.unknown_topics.is_empty() {
            let topics: Vec<String> = report.unknown_topics.iter().map(|(slug, count)| format!("{slug} ({count})")).collect();
            println!(
                "Topics that the archive does not know and that were left out (`describe --help` says how to add some): {}",
                topics.join(", ")
            );
        }
        for path in &report.passed_over {
            println!("Passed over: {path}");
        }
        if let Some(path) = refusals {
            println!("Everything refused, with reasons: {}", path.display());
        }
        if sources.is_empty() {
            println!("There was no document to load.");
        }
    }
}

/// Loads into a copy of the database, which is thrown away: what is said is what would happen.
async fn try_out(config: &Config, parts: &Parts, sources: &[Source], report: &mut Report, telling: &mut Telling) -> Result<()> {
    let folder = config.data_dir.join(format!("dry-run-{}", std::process::id()));
    std::fs::create_dir_all(&folder).with_context(|| format!("the folder {} cannot be made", folder.display()))?;
    let path = folder.join("archive.db");
    let tried = async {
        parts.store.snapshot(&path).await?;
        let store = connect_for_work(&format!("sqlite:{}", path.display())).await?;
        Loader::new(store, config.clock.clone()).await?.load_all(sources, report, telling).await?;
        Ok(())
    }
    .await;
    std::fs::remove_dir_all(&folder).with_context(|| format!("{} can be deleted", folder.display()))?;
    tried
}
