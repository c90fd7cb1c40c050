//! `nato-archive explain ID`: why a release is what it is.

use std::fmt::Write as _;
use std::io::Write as _;
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
        let mut out = String::new();
        let Some(standing) = store.standing(id).await? else { bail!("the archive has no release {id}") };
        writeln!(out, "{id}  {}", without_steering(&standing.title))?;
        if let Some(into) = standing.merged_into {
            writeln!(out, "It was found to be another release (internal number {into}); its address leads there.")?;
        }
        if standing.withdrawn {
            writeln!(out, "{}", if standing.erased { "It is withdrawn, and its words were taken out." } else { "It is withdrawn." })?;
        }
        writeln!(out, "\nDecisions, in order")?;
        for place in store.explained(standing.seq).await? {
            let decision = &place.decision;
            let score = decision.score.map(|score| format!(", {score:.3} alike")).unwrap_or_default();
            let how = decision.how.map(|how| format!(" by {how}")).unwrap_or_default();
            let at = place.decided_at.as_deref().unwrap_or("before decisions were written down");
            writeln!(
                out,
                "  {}{how}{score}: {} (number {} of it), {at}",
                decision.outcome,
                without_steering(&place.document),
                place.position + 1
            )?;
            writeln!(out, "    {}", decision.sentence())?;
            if let Some(other) = place.other {
                writeln!(out, "    compared with {other}")?;
            }
        }
        let history = store.history(standing.seq).await?;
        writeln!(out, "\nVersions")?;
        for version in store.versions(id).await? {
            let current = if version.current { ", current" } else { "" };
            writeln!(
                out,
                "  {}{current}: seen {} in {}: {}",
                version.number,
                version.seen_at,
                without_steering(&version.document),
                without_steering(&version.title)
            )?;
        }
        if !history.copies.is_empty() {
            writeln!(out, "\nOther sources")?;
        }
        for copy in &history.copies {
            let url = copy.url.as_deref().unwrap_or("no address");
            let name = without_steering(&copy.source.name);
            writeln!(out, "  {}: {name}, {url}; recognised by {}, {:.3} alike, seen {}", copy.number, copy.how, copy.score, copy.seen_at)?;
        }
        for item in &history.translations {
            writeln!(out, "\nIn another language ({}): {}", item.lang, item.id)?;
        }
        for correction in &history.corrections {
            let (field, because) = (correction.field, without_steering(&correction.because));
            let (shown, found) = (field.in_words(&correction.value), field.in_words(&correction.found));
            writeln!(out, "\nPut right, {}: the {field} is {} ({because})", correction.at, without_steering(&shown))?;
            writeln!(out, "    the program finds {}", without_steering(&found))?;
        }
        let events = store.events(EventsAsked { seq: Some(standing.seq), limit: 1_000, ..EventsAsked::default() }).await?;
        if !events.is_empty() {
            writeln!(out, "\nLog, newest first")?;
        }
        for event in events {
            let because = if event.detail.because.is_empty() { String::new() } else { format!(": {}", event.detail.because) };
            writeln!(out, "  {} {}{because}", event.at, event.what)?;
        }
        // Whoever reads it through a pager may stop before the end.
        let _ = std::io::stdout().write_all(out.as_bytes());
        Ok(ExitCode::SUCCESS)
    }
}
