//! `withdraw`, `reinstate`, `correct`, `link`, `unlink`, `split`: the owner's hand.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use clap::Args;

use super::open::open;
use crate::config::Config;
use crate::ingest::dumps::discard_stale;
use crate::ingest::{IngestError, Owner, WriterLock};
use crate::model::ReleaseId;
use crate::model::history::Field;
use crate::store::{ArchiveStore, SplitFrom};

/// Short commands wait this long for their turn.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Debug, Args)]
pub struct Withdraw {
    /// The release: the eight characters in its address
    id: String,
    /// Why, in a sentence that readers see at its address
    #[arg(long)]
    reason: String,
    /// Take the text out of the archive for good, where the law asks for it; its title and its address stay
    #[arg(long)]
    erase: bool,
}

#[derive(Debug, Args)]
pub struct Reinstate {
    /// The release: the eight characters in its address
    id: String,
}

#[derive(Debug, Args)]
pub struct Correct {
    /// The release: the eight characters in its address
    id: String,
    /// The day, month or year of publication, EDTF, or "unknown"
    #[arg(long, value_name = "DATE")]
    date: Option<String>,
    /// The title as it should be shown
    #[arg(long)]
    title: Option<String>,
    /// Such as news, statement, speech, communique
    #[arg(long)]
    kind: Option<String>,
    /// Topics by their slugs, with commas between; "" for none
    #[arg(long, value_name = "SLUGS")]
    topics: Option<String>,
    /// Go back to what the program finds by itself
    #[arg(long, value_name = "FIELD", value_parser = ["date", "title", "kind", "topics"])]
    undo: Vec<String>,
    /// Why, in a sentence that readers see beside it
    #[arg(long)]
    because: String,
}

#[derive(Debug, Args)]
pub struct Link {
    /// The release that stays
    id: String,
    /// The release that is the same: its address will lead to the first
    other: String,
    /// They say the same in two languages: both stay, and lead to each other
    #[arg(long)]
    translation: bool,
    /// Why
    #[arg(long)]
    because: String,
}

#[derive(Debug, Args)]
pub struct Unlink {
    id: String,
    other: String,
    /// Why
    #[arg(long)]
    because: String,
}

#[derive(Debug, Args)]
pub struct Split {
    /// The release to split
    id: String,
    /// The number of the source that becomes a release of its own, as `explain` counts
    #[arg(long, value_name = "NUMBER", conflicts_with = "version", required_unless_present = "version")]
    source: Option<u32>,
    /// The current version becomes a release of its own, and the one before is current again
    #[arg(long)]
    version: bool,
    /// Why
    #[arg(long)]
    because: String,
}

/// The owner at work.
struct Hand<'a> {
    owner: Owner,
    store: Arc<dyn ArchiveStore>,
    config: &'a Config,
    _lock: Option<WriterLock>,
}

/// What touches names or documents waits for its turn; what touches one release alone is one transaction beside any other.
async fn hand<'a>(config: &'a Config, turn: Option<&str>) -> Result<Hand<'a>> {
    let parts = open(config).await?;
    let lock = turn.map(|what| WriterLock::wait(&config.data_dir, what, PATIENCE)).transpose()?;
    let owner = Owner::new(Arc::clone(&parts.store), parts.index, config.clock.clone());
    Ok(Hand { owner, store: parts.store, config, _lock: lock })
}

impl Hand<'_> {
    /// After something has gone from sight, whatever became of the index: files of the whole archive that hold it go too, also where no server runs.
    async fn hidden(&self, done: Result<(), IngestError>) -> Result<()> {
        let discarded = discard_stale(&*self.store, &self.config.data_dir).await;
        done?;
        discarded.context("it is done, but files of the whole archive that hold its words could not be taken away")?;
        Ok(())
    }
}

pub(super) fn release_id(typed: &str) -> Result<ReleaseId> {
    // What people copy is an address.
    let id = typed.trim_end_matches('/').rsplit_once("/releases/").map_or(typed, |(_, rest)| rest.split('/').next().unwrap_or(rest));
    id.parse().map_err(|()| anyhow!("“{typed}” is no id of a release: it has eight letters and digits, such as 3k9w2m7x"))
}

impl Withdraw {
    pub async fn run(self, config: &Config) -> Result<ExitCode> {
        let id = release_id(&self.id)?;
        let hand = hand(config, self.erase.then_some("withdraw --erase")).await?;
        if self.erase {
            hand.hidden(hand.owner.erase(id, &self.reason).await).await?;
            println!(
                "{id} is withdrawn, and its text is taken out for good: its title and address stay, and so do backups and exports made before."
            );
        } else {
            hand.hidden(hand.owner.withdraw(id, &self.reason).await).await?;
            println!("{id} is withdrawn. Its address says why; reinstate {id} brings it back.");
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Reinstate {
    pub async fn run(self, config: &Config) -> Result<ExitCode> {
        let id = release_id(&self.id)?;
        let hand = hand(config, None).await?;
        hand.owner.reinstate(id).await?;
        println!("{id} is shown again.");
        Ok(ExitCode::SUCCESS)
    }
}

impl Correct {
    pub async fn run(self, config: &Config) -> Result<ExitCode> {
        let id = release_id(&self.id)?;
        let given = [(Field::Date, &self.date), (Field::Title, &self.title), (Field::Kind, &self.kind), (Field::Topics, &self.topics)];
        let mut changes: Vec<(Field, Option<&str>)> =
            given.iter().filter_map(|(field, value)| Some((*field, Some(value.as_deref()?)))).collect();
        changes.extend(self.undo.iter().filter_map(|field| Some((field.parse().ok()?, None))));
        if changes.is_empty() {
            return Err(anyhow!("nothing to put right: give --date, --title, --kind, --topics or --undo"));
        }
        let hand = hand(config, None).await?;
        hand.owner.correct_all(id, &changes, &self.because).await?;
        for (field, value) in changes {
            match value {
                Some("") => println!("{id}: {field} is now none"),
                Some(value) => println!("{id}: {field} is now {value}"),
                None => println!("{id}: {field} is again what the program finds"),
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Link {
    pub async fn run(self, config: &Config) -> Result<ExitCode> {
        let (id, other) = (release_id(&self.id)?, release_id(&self.other)?);
        let hand = hand(config, Some("link")).await?;
        hand.hidden(hand.owner.link(id, other, &self.because, self.translation).await).await?;
        if self.translation {
            println!("{id} and {other} are linked as two languages of one release.");
        } else {
            println!("{other} is now a source of {id}, and its address leads there.");
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Unlink {
    pub async fn run(self, config: &Config) -> Result<ExitCode> {
        let (id, other) = (release_id(&self.id)?, release_id(&self.other)?);
        let hand = hand(config, Some("unlink")).await?;
        hand.owner.unlink(id, other, &self.because).await?;
        println!("{id} and {other} stand for themselves.");
        Ok(ExitCode::SUCCESS)
    }
}

impl Split {
    pub async fn run(self, config: &Config) -> Result<ExitCode> {
        let id = release_id(&self.id)?;
        let from = self.source.map_or(SplitFrom::CurrentVersion, SplitFrom::Copy);
        let hand = hand(config, Some("split")).await?;
        let new = hand.owner.split(id, from, &self.because).await?;
        println!("{new} is a release of its own now.");
        Ok(ExitCode::SUCCESS)
    }
}
