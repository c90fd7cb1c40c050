//! `nato-archive follow [URL]`, `unfollow URL`, `poll`, and the polling of `serve --follow`.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;
use chrono::Utc;
use clap::Args;
use url::{Host, Url};

use super::open::{Parts, open, open_or_begin};
use super::progress::{Telling, asked_to_stop, stop_on_signal};
use crate::config::Config;
use crate::fetch::Policy;
use crate::ingest::poll::{Polled, Poller};
use crate::ingest::{Quiet, WriterLock};
use crate::store::Followed;

/// How the web is asked.
#[derive(Clone, Debug, Default, Args)]
pub struct Web {
    /// Also fetch from addresses that are not public: this machine and the networks that only it can reach
    #[arg(long)]
    allow_private: bool,
}

impl Web {
    pub fn policy(&self, config: &Config) -> Policy {
        Policy { allow_private: self.allow_private, contact: contact(&config.base_url), ..Policy::default() }
    }
}

/// The archive's own address tells sites who asks, where others can reach it.
pub(super) fn contact(base: &str) -> Option<String> {
    let url = Url::parse(base).ok()?;
    match url.host() {
        Some(Host::Domain(name)) if name.contains('.') => Some(url.into()),
        _ => None,
    }
}

fn poller(config: &Config, parts: &Parts, web: &Web) -> Result<Poller> {
    Ok(Poller::new(parts.store.clone(), parts.index.clone(), &config.data_dir, web.policy(config))?)
}

#[derive(Debug, Args)]
pub struct Follow {
    /// A feed, or a page that changes; without it, what is followed is listed with the last outcome
    #[arg(value_name = "URL")]
    url: Option<String>,
    /// Who publishes there, where the feed does not say it well
    #[arg(long, value_name = "NAME", requires = "url")]
    publisher: Option<String>,
    #[command(flatten)]
    web: Web,
}

impl Follow {
    pub async fn run(self, config: &Config) -> Result<ExitCode> {
        let Some(url) = &self.url else {
            return list(&open(config).await?.store.followed().await?);
        };
        let parts = open_or_begin(config).await?;
        let poller = poller(config, &parts, &self.web)?;
        let mut telling = Telling::new(stop_on_signal());
        let followed = tokio::select! {
            followed = poller.follow(url, self.publisher.as_deref(), Utc::now(), &mut telling) => Some(followed),
            () = asked_to_stop() => None,
        };
        telling.finish();
        match followed {
            None => stopped(),
            Some(followed) => {
                let polled = followed?;
                println!("Followed from now on: {}", line(&polled));
                Ok(ExitCode::from(u8::from(!polled.well)))
            }
        }
    }
}

#[derive(Debug, Args)]
pub struct Unfollow {
    /// As `follow` lists it
    #[arg(value_name = "URL")]
    url: String,
}

impl Unfollow {
    pub async fn run(self, config: &Config) -> Result<ExitCode> {
        let parts = open(config).await?;
        let _lock = WriterLock::wait(&config.data_dir, "unfollow", Duration::from_secs(60))?;
        // As it is kept, or as a person writes it.
        let written = Url::parse(&self.url).map(String::from).unwrap_or_default();
        if parts.store.unfollow(&self.url).await? || parts.store.unfollow(&written).await? {
            println!("No longer followed: {}. What was loaded from it stays.", self.url);
            Ok(ExitCode::SUCCESS)
        } else {
            println!("Not followed: {}. `nato-archive follow` lists what is.", self.url);
            Ok(ExitCode::from(1))
        }
    }
}

#[derive(Debug, Args)]
pub struct Poll {
    #[command(flatten)]
    web: Web,
}

impl Poll {
    pub async fn run(self, config: &Config) -> Result<ExitCode> {
        let parts = open(config).await?;
        let feeds = parts.store.followed().await?;
        if feeds.is_empty() {
            println!("Nothing is followed. Follow a feed with: nato-archive follow URL");
            // What came by another way is told all the same.
            let well = super::alerts::after_poll(config, &parts).await?;
            return Ok(ExitCode::from(u8::from(!well)));
        }
        let poller = poller(config, &parts, &self.web)?;
        let mut telling = Telling::new(stop_on_signal());
        let (mut looked, mut well) = (0, true);
        let tell = |polled: &Polled| {
            looked += 1;
            well &= polled.well;
            println!("{}", line(polled));
        };
        let done = tokio::select! {
            done = poller.poll(Utc::now, &mut telling, tell) => Some(done),
            () = asked_to_stop() => None,
        };
        telling.finish();
        match done {
            None => return stopped(),
            Some(done) => done?,
        }
        well &= super::alerts::after_poll(config, &parts).await?;
        let left = feeds.len().saturating_sub(looked);
        if left > 0 {
            println!("Not asked, because it is not their turn: {left}. `nato-archive follow` says until when.");
        }
        Ok(ExitCode::from(u8::from(!well)))
    }
}

fn stopped() -> Result<ExitCode> {
    println!("Stopped at a consistent point; run the same command again for the rest.");
    Ok(ExitCode::from(1))
}

fn line(polled: &Polled) -> String {
    format!("{}: {}", polled.url, one_line(&polled.outcome))
}

/// What is followed, a line each, in columns.
fn list(feeds: &[Followed]) -> Result<ExitCode> {
    if feeds.is_empty() {
        println!("Nothing is followed. Follow a feed with: nato-archive follow URL");
        return Ok(ExitCode::SUCCESS);
    }
    let width = feeds.iter().map(|feed| feed.url.len()).max().unwrap_or(0).min(80);
    println!("{:width$}  {:20}  OUTCOME", "URL", "LAST POLLED");
    for feed in feeds {
        let polled = feed.last_polled_at.as_deref().unwrap_or("never");
        let mut outcome = one_line(feed.last_outcome.as_deref().unwrap_or(""));
        if let Some(next) = &feed.next_poll_at {
            outcome += &format!(" Not asked before {next}.");
        }
        println!("{:width$}  {polled:20}  {outcome}", feed.url);
    }
    Ok(ExitCode::SUCCESS)
}

/// Words that may repeat a foreign document's, so that they cannot steer a terminal.
pub(super) fn one_line(words: &str) -> String {
    words.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// Polls at an interval for as long as the server runs, and ends at once when it is asked to.
pub async fn keep_polling(poller: Poller, every: Duration, stop: impl Future<Output = ()>) {
    let polling = async {
        loop {
            let tell = |polled: &Polled| match polled.well {
                true => tracing::info!("{}", line(polled)),
                false => tracing::warn!("{}", line(polled)),
            };
            if let Err(error) = poller.poll(Utc::now, &mut Quiet, tell).await {
                tracing::warn!(%error, "the followed feeds could not be polled");
            }
            tokio::time::sleep(jittered(every)).await;
        }
    };
    tokio::select! {
        () = polling => {}
        () = stop => {}
    }
}

/// A tenth more or less, so that archives started together do not ask together for ever.
fn jittered(every: Duration) -> Duration {
    // The standard library's only source of chance: each state is seeded anew.
    let chance = RandomState::new().build_hasher().finish() as f64 / u64::MAX as f64;
    every.mul_f64(0.9 + 0.2 * chance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_told_an_address_that_it_can_reach() {
        for (base, contact_is) in [
            ("http://127.0.0.1:8080", None),
            ("http://[::1]:8080", None),
            ("http://localhost:8080", None),
            ("not an address", None),
            ("https://archive.example/nato", Some("https://archive.example/nato")),
        ] {
            assert_eq!(contact(base).as_deref(), contact_is, "{base}");
        }
    }

    #[test]
    fn chance_stays_within_a_tenth() {
        for _ in 0..100 {
            let seconds = jittered(Duration::from_secs(100)).as_secs_f64();
            assert!((90.0..=110.0).contains(&seconds), "{seconds}");
        }
    }
}
