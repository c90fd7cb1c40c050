//! `nato-archive export FILE`, and `import` of such a file

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use clap::Args;

use super::open::{Parts, open_store};
use crate::config::Config;
use crate::ingest::dumps::{Shelf, make, place};
use crate::ingest::place::Placing;
use crate::ingest::whole::{Exported, export, fill, is_whole_archive};
use crate::ingest::{Loader, Source};
use crate::store::ArchiveStore;
use crate::web::exports::kit;
use crate::web::urls::Urls;

#[derive(Debug, Args)]
pub struct Export {
    /// Where to write it: one record a line, as JSON; - for standard output
    #[arg(value_name = "FILE", required_unless_present = "public")]
    file: Option<PathBuf>,
    /// Instead, write what is public of it to a folder: releases as NDJSON, CSV, BibTeX and a database, with checksums and a description.
    /// What is withdrawn is not in it, and it is no backup
    #[arg(long, value_name = "DIR", conflicts_with = "file")]
    public: Option<PathBuf>,
    /// Replace FILE or DIR where it is there already
    #[arg(long)]
    force: bool,
}

impl Export {
    pub async fn run(self, config: &Config) -> Result<ExitCode> {
        let store = open_store(config).await?;
        if let Some(folder) = &self.public {
            return public(store, config, folder, self.force).await;
        }
        let Some(file) = self.file else { bail!("name the file to write to") };
        if file.as_os_str() == "-" {
            let exported = export(store, Box::new(BufWriter::new(std::io::stdout())), "standard output").await?;
            eprintln!("{}", said(&exported));
            return Ok(ExitCode::SUCCESS);
        }
        let placing = Placing::beside(&file, self.force)?;
        let opened = File::create(placing.part()).with_context(|| format!("{} cannot be written", file.display()))?;
        let exported = export(store, Box::new(BufWriter::with_capacity(1 << 20, opened)), &file.display().to_string()).await?;
        placing.place()?;
        println!("{}: {}", file.display(), said(&exported));
        Ok(ExitCode::SUCCESS)
    }
}

/// What is public, as a set of files.
async fn public(store: Arc<dyn ArchiveStore>, config: &Config, to: &Path, force: bool) -> Result<ExitCode> {
    let urls = Urls::new(&config.base_url, Vec::new()).map_err(anyhow::Error::msg)?;
    if !force && to.symlink_metadata().is_ok() {
        bail!("{} is there already, and nothing is overwritten without --force", to.display());
    }
    let parent = to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let part =
        tempfile::Builder::new().prefix(".part-").tempdir_in(parent).with_context(|| format!("{} cannot be written", parent.display()))?;
    // A folder of one's own within it, since nobody else may look into what is temporary.
    let folder = part.path().join("set");
    std::fs::create_dir(&folder).with_context(|| format!("{} cannot be written", parent.display()))?;
    let set = make(store, Arc::new(kit(&urls, config.clock.now())), &folder).await?;
    place(&folder, to, force)?;
    println!("{}: {} releases, up to change {}", to.display(), set.releases, set.generation);
    for file in &set.files {
        println!("  {}, {} bytes, SHA-256 {}", file.name, file.bytes, file.sha256);
    }
    Ok(ExitCode::SUCCESS)
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
    // What was made of the archive that was here before is nothing of this one.
    Shelf::of(&config.data_dir).clear()?;
    // What an export of an earlier version does not say about its releases is found out now.
    Loader::new(parts.store.clone(), config.clock.clone()).await?;
    println!("A whole archive was loaded: {} records; {} releases indexed", filled.records, filled.indexed);
    Ok(Some(ExitCode::SUCCESS))
}
