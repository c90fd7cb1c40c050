//! `nato-archive explain ID`: why a release is what it is.

use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;

use super::open::open;
use super::owner::release_id;
use crate::config::Config;
use crate::model::text::without_steering;
use crate::store::EventsAsked;

#[derive(Debug, Args)]
pub struct Explain {
    /// The release: the eight characters in its address
    id: String,
}

impl Explain {
    pub async fn run(self, config: &Config) -> Result<ExitCode> {
        let id = release_id(&self.id)?;
        let store = open(config).await?.store;
        let Some(standing) = store.standing(id).await? else { bail!("the archive has no release {id}") };
        println!("{id}  {}", without_steering(&standing.title));
        if let Some(into) = standing.merged_into {
            println!("It was found to be another release (internal number {into}); its address leads there.");
        }
        if standing.withdrawn {
            println!("{}", if standing.erased { "It is withdrawn, and its words were taken out." } else { "It is withdrawn." });
        }
        println!("\nDecisions, in order");
        for place in store.explained(standing.seq).await? {
            let decision = &place.decision;
            let score = decision.score.map(|score| format!(", {score:.3} alike")).unwrap_or_default();
            let how = decision.how.map(|how| format!(" by {how}")).unwrap_or_default();
            let at = place.decided_at.as_deref().unwrap_or("before decisions were written down");
            println!(
                "  {}{how}{score}: {} (number {} of it), {at}",
                decision.outcome,
                without_steering(&place.document),
                place.position + 1
            );
            println!("    {}", decision.sentence());
            if let Some(other) = place.other {
                println!("    compared with {other}");
            }
        }
        let history = store.history(standing.seq).await?;
        println!("\nVersion {}, seen {}", history.version, history.seen_at);
        if !history.copies.is_empty() {
            println!("\nOther sources");
        }
        for copy in &history.copies {
            let url = copy.url.as_deref().unwrap_or("no address");
            let name = without_steering(&copy.source.name);
            println!("  {}: {name}, {url}; recognised by {}, {:.3} alike, seen {}", copy.number, copy.how, copy.score, copy.seen_at);
        }
        for item in &history.translations {
            println!("\nIn another language ({}): {}", item.lang, item.id);
        }
        for correction in &history.corrections {
            println!(
                "\nPut right: {} is {} because {} ({}); the program finds {}",
                correction.field, correction.value, correction.because, correction.at, correction.found
            );
        }
        let events = store.events(EventsAsked { seq: Some(standing.seq), limit: 1_000, ..EventsAsked::default() }).await?;
        if !events.is_empty() {
            println!("\nLog, newest first");
        }
        for event in events {
            let because = if event.detail.because.is_empty() { String::new() } else { format!(": {}", event.detail.because) };
            println!("  {} {}{because}", event.at, event.what);
        }
        Ok(ExitCode::SUCCESS)
    }
}
