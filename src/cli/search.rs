//! `nato-archive search QUERY`

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;

use super::open::open_reading;
use crate::config::Config;
use crate::model::text::without_steering;
use crate::web::api::params::{Asked, MAX_LIMIT};
use crate::web::api::search::find;
use crate::web::api::shapes::Results;
use crate::web::error::Failure;
use crate::web::extract::Params;
use crate::web::pages::error::words;
use crate::web::shell::count;

#[derive(Debug, Args)]
pub struct Search {
    /// Words, in the search language of the pages, behind all options; without any, the newest releases
    #[arg(value_name = "QUERY", trailing_var_arg = true, allow_hyphen_values = true)]
    query: Vec<String>,
    /// How many to print
    #[arg(long, value_name = "NUMBER", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=MAX_LIMIT as i64))]
    limit: u32,
    /// What programs are given at /api/v1/search, as JSON
    #[arg(long)]
    json: bool,
}

impl Search {
    pub async fn run(self, config: &Config) -> Result<ExitCode> {
        let mut reading = open_reading(config).await?;
        (&mut reading.leveling).await?;
        let app = &reading.app;
        app.archive().refresh().await?;
        let params = Params::of(vec![("q".into(), self.query.join(" ")), ("limit".into(), self.limit.to_string())]);
        let found = match Asked::read(&params, app.today()) {
            Ok(asked) => find(app, &asked).await,
            Err(failure) => Err(failure),
        };
        let (answer, next) = found.or_else(|failure| bail!("{}", sentence(&failure)))?;
        let results = Results::of(&answer, next, app.urls());
        let out = if self.json { serde_json::to_string_pretty(&results)? + "\n" } else { listed(&results)? };
        // Whoever reads it through a pager may stop before the end.
        let _ = std::io::stdout().write_all(out.as_bytes());
        Ok(ExitCode::SUCCESS)
    }
}

fn sentence(failure: &Failure) -> String {
    words(failure, false).1.join(" ")
}

/// The count, how the query was read, and the hits with date and permalink.
fn listed(results: &Results) -> Result<String> {
    let mut out = format!("{}\n", count(results.total, "release", "releases"));
    if !results.read_as.is_empty() {
        writeln!(out, "Read as: {}", without_steering(&results.read_as.replace('*', "")))?;
    }
    for note in &results.notes {
        writeln!(out, "{}", without_steering(note))?;
    }
    if let Some(other) = &results.did_you_mean {
        writeln!(out, "Did you mean {}? It finds {}.", without_steering(&other.q), other.total)?;
    }
    for item in &results.items {
        let head = &item.head;
        writeln!(out, "\n{}  {}", head.published.display, without_steering(&head.title))?;
        writeln!(out, "  {} {}, {}", head.id, head.kind.0.label(), without_steering(&head.source.name))?;
        writeln!(out, "  {}", head.url)?;
    }
    Ok(out)
}
