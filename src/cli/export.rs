//! `nato-archive export FILE`, and `import` of such a file

use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Args;

use super::open::{Parts, open_store};
use crate::config::Config;
use crate::ingest::place::Placing;
use crate::ingest::whole::{Exported, export, fill, is_whole_archive};
use crate::ingest::{Loader, Source};

#[derive(Debug, Args)]
pub struct Export {
    /// Where to write it: one record a line, as JSON; - for standard output
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Replace FILE where it is there already
    #[arg(long)]
    force: bool,
}

impl Export {
    pub async fn run(self, config: &Config) -> Result<ExitCode> {
        let store = open_store(config).await?;
        if self.file.as_os_str() == "-" {
            let exported = export(store, Box::new(BufWriter::new(std::io::stdout())), "standard output").await?;
            eprintln!("{}", said(&exported));
            return Ok(ExitCode::SUCCESS);
        }
        let placing = Placing::beside(&self.file, self.force)?;
        let file = File::create(placing.part()).with_context(|| format!("{} cannot be written", self.file.display()))?;
        let exported = export(store, Box::new(BufWriter::with_capacity(1 << 20, file)), &self.file.display().to_string()).await?;
        placing.place()?;
        println!("{}: {}", self.file.display(), said(&exported));
        Ok(ExitCode::SUCCESS)
    }
}

fn said(exported: &Exported) -> String {
    format!(
        "{} releases, {} records in all, up to change {}; {} bytes, SHA-256 {}",
        exported.releases, exported.records, exported.generation, exported.bytes, exported.sha256
    )
}

/// Loads a whole archive where the sources are one; `None` where they are documents.
pub async fn load_whole(sources: &[Source], dry_run: bool, parts: &Parts, config: &Config) -> Result<Option<ExitCode>> {
    let mut whole = None;
    for source in sources {
        // What cannot be read is said when it is loaded.
        if is_whole_archive(source).unwrap_or(false) {
            whole = Some(source);
        }
    }
    let Some(source) = whole else { return Ok(None) };
    if sources.len() > 1 {
        bail!("{} is a whole archive and can only be loaded by itself, into an empty archive", source.shown());
    }
    if dry_run {
        bail!(
            "{} is a whole archive: it is loaded into an empty archive, all of it or nothing, so there is nothing to try out",
            source.shown()
        );
    }
    let filled = fill(&*parts.store, &parts.index, source).await?;
    // What an export of an earlier version does not say about its releases is found out now.
    Loader::new(parts.store.clone(), config.clock.clone()).await?;
    println!("A whole archive was loaded: {} records; {} releases indexed", filled.records, filled.indexed);
    Ok(Some(ExitCode::SUCCESS))
}
