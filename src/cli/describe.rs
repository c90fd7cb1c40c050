//! `nato-archive describe`

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args;

use super::open::{open, open_or_begin};
use super::progress::{Telling, stop_on_signal};
use crate::config::Config;
use crate::describe::Vocabulary;
use crate::ingest::{BUILTIN_GAZETTEER, BUILTIN_TOPICS, WriterLock, describe::describe_all, sync};

#[derive(Debug, Args)]
pub struct Describe {
    /// Topics to use from now on (TOML, as written by --write-vocabulary)
    #[arg(long, value_name = "FILE")]
    topics: Option<PathBuf>,
    /// Places, people and organisations to use from now on
    #[arg(long, value_name = "FILE")]
    gazetteer: Option<PathBuf>,
    /// Go back to the vocabularies that came with the program
    #[arg(long, conflicts_with_all = ["topics", "gazetteer"])]
    builtin: bool,
    /// Write the vocabularies in use to DIR/topics.toml and DIR/gazetteer.toml, to be edited, and end
    #[arg(long, value_name = "DIR", conflicts_with_all = ["topics", "gazetteer", "builtin"])]
    write_vocabulary: Option<PathBuf>,
}

impl Describe {
    pub async fn run(self, config: &Config) -> Result<ExitCode> {
        // A vocabulary may be there before the first release.
        let brought = self.topics.is_some() || self.gazetteer.is_some() || self.write_vocabulary.is_some();
        let parts = if brought { open_or_begin(config).await? } else { open(config).await? };
        let stored = parts.store.vocabulary().await?;
        let (topics, gazetteer) = match &stored {
            Some((topics, gazetteer)) if !self.builtin => (topics.clone(), gazetteer.clone()),
            _ => (BUILTIN_TOPICS.to_owned(), BUILTIN_GAZETTEER.to_owned()),
        };
        if let Some(folder) = &self.write_vocabulary {
            std::fs::create_dir_all(folder).with_context(|| format!("the folder {} cannot be made", folder.display()))?;
            for (name, words) in [("topics.toml", &topics), ("gazetteer.toml", &gazetteer)] {
                let path = folder.join(name);
                std::fs::write(&path, words).with_context(|| format!("{} cannot be written", path.display()))?;
                println!("{}", path.display());
            }
            return Ok(ExitCode::SUCCESS);
        }
        let topics = read(self.topics.as_deref(), topics)?;
        let gazetteer = read(self.gazetteer.as_deref(), gazetteer)?;
        // Read before anything is stored: a vocabulary with a mistake changes nothing.
        let vocabulary = Vocabulary::load(&topics, &gazetteer)?;
        let _lock = WriterLock::wait(&config.data_dir, "describe", Duration::from_secs(60))?;
        if stored.as_ref() != Some(&(topics.clone(), gazetteer.clone())) {
            parts.store.save_vocabulary(&topics, &gazetteer, vocabulary.topics(), &config.clock.now()).await?;
        }
        let mut telling = Telling::new(stop_on_signal());
        let changed = describe_all(&*parts.store, &vocabulary, &config.clock.now(), &mut telling).await?;
        sync::catch_up(&*parts.store, &parts.index).await?;
        telling.finish();
        println!("{changed} releases are described differently now");
        Ok(ExitCode::SUCCESS)
    }
}

fn read(path: Option<&Path>, otherwise: String) -> Result<String> {
    match path {
        None => Ok(otherwise),
        Some(path) => std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display())),
    }
}
