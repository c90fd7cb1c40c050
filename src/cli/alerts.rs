//! `nato-archive alerts`, and the alerts of `serve` and `poll`.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use url::{Host, Url};

use super::follow::{contact, one_line};
use super::open::{Parts, open};
use crate::config::Config;
use crate::fetch::mail::Security;
use crate::ingest::alerts::{Alert, Alerts as Engine, Notice, Surroundings, dropped_words, is_stopped};
use crate::ingest::{WriterLock, sync};
use crate::reading::Archive;
use crate::store::{AlertState, AlertStop, Delivery, DeliveryState};
use crate::web::alerts::AlertReader;
use crate::web::shell::count;

const EXAMPLE: &str = r#"Alerts are set up in alerts.toml in the data folder, or in the file that --alerts names. A server reads it again when it changes.

  [mail]                                # only for alerts by e-mail
  host = "smtp.example.org"
  tls = "starttls"                      # or "tls"; "none" for this machine alone
  user = "archive"
  password_env = "SMTP_PASSWORD"        # or password_file = "…", or password = "…"
  from = "The archive <archive@example.org>"

  [[alert]]
  name = "Cyber defence"
  search = "q=cyber+defence&topic=ukraine"   # the address of a results page, whole or what stands behind its question mark
  email = ["reader@example.org"]
  at_most_every = "1h"

  [[alert]]
  name = "Everything from the Secretary General"
  search = "person=mark-rutte"
  webhook = "https://hooks.example.org/nato"
  secret_file = "hook.secret"           # whsec_ and 24 to 64 bytes in base64: echo whsec_$(openssl rand -base64 32)
  changes = true                        # changed words and withdrawals too

Exit status: 0 all well, 1 something in the file is wrong or a message could not be sent."#;

/// Tell people and programs of what is new in a search
#[derive(Debug, Args)]
#[command(after_help = EXAMPLE)]
pub struct Alerts {
    /// Send a message that tells of nothing to every address of this alert
    #[arg(long, value_name = "NAME")]
    test: Option<String>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say what is wrong in the file, how each search is read, and what would be sent now
    Check,
    /// Look once for what is new, and send what is to be sent: for a timer, where no server runs
    Run,
    /// Forget an alert and what it has still to send, at once; one that is gone from the file is kept for ten minutes
    Forget {
        /// As it is or was in the file
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Try again what was given up, and what waits
    Retry {
        /// As in the file
        #[arg(value_name = "NAME")]
        name: String,
    },
}

/// How long a command waits for its turn: to index what nobody has indexed, to look and send.
const PATIENCE: Duration = Duration::from_secs(60);

impl Alerts {
    pub async fn run(self, config: &Config) -> Result<ExitCode> {
        let parts = open(config).await?;
        let archive = Arc::new(Archive::new(parts.store.clone(), parts.index.clone()).await?);
        let mut engine = engine(config, &parts, archive).await?;
        if !engine.is_set_up() && config.alerts_named {
            bail!("there is no file {}, which --alerts or NATO_ARCHIVE_ALERTS names", config.alerts.display());
        }
        if !engine.is_set_up() && !matches!(self.command, Some(Command::Forget { .. })) {
            println!("No alerts are set up: there is no file {}. `nato-archive alerts --help` shows one.", config.alerts.display());
            return Ok(ExitCode::SUCCESS);
        }
        if let Some(name) = &self.test {
            tell(&engine.read_again());
            warn_of_links(config);
            return test(&engine, name).await;
        }
        match self.command {
            None => {
                engine.read_again();
                list(&engine, &parts).await
            }
            Some(Command::Check) => {
                engine.read_again();
                level(config, &parts).await?;
                warn_of_links(config);
                warn_of_ports(&engine);
                check(&engine).await
            }
            Some(Command::Run) => {
                level(config, &parts).await?;
                warn_of_links(config);
                match engine.run(PATIENCE).await? {
                    Some(notices) => Ok(ExitCode::from(u8::from(!tell(&notices)))),
                    None => bail!("another program is sending the alerts of this archive. Try again when it has finished"),
                }
            }
            Some(Command::Retry { name }) => retry(config, &parts, &name).await,
            Some(Command::Forget { name }) => {
                engine.read_again();
                forget(&engine, &parts, &name).await
            }
        }
    }
}

async fn engine(config: &Config, parts: &Parts, archive: Arc<Archive>) -> Result<Engine> {
    let reader = AlertReader::new(archive, &config.base_url).map_err(anyhow::Error::msg)?;
    let surroundings = Surroundings {
        data_dir: config.data_dir.clone(),
        file: config.alerts.clone(),
        environment: config.environment.clone(),
        now: Arc::new(chrono::Utc::now),
        // The standard library's only source of chance: each state is seeded anew.
        chance: || RandomState::new().build_hasher().finish() as f64 / u64::MAX as f64,
        contact: contact(&config.base_url),
    };
    Ok(Engine::new(parts.store.clone(), Arc::new(reader), surroundings).await?)
}

/// The alerts of a server.
pub struct Telling {
    task: JoinHandle<()>,
    stop: oneshot::Sender<()>,
}

impl Telling {
    /// Ends them; what is being sent may end first, for a while.
    pub async fn stop(self) {
        // It may have ended by itself.
        let _ = self.stop.send(());
        let _ = self.task.await;
    }
}

/// Begins the alerts of a server.
pub async fn keep(config: &Config, parts: &Parts, archive: Arc<Archive>) -> Result<Telling> {
    let file = config.alerts.display();
    match config.alerts.is_file() {
        false if config.alerts_named => {
            tracing::warn!("there is no file {file}, which --alerts or NATO_ARCHIVE_ALERTS names: no alert is sent before there is")
        }
        true if is_of_this_machine(&config.base_url) => tracing::warn!("alerts in {file}: {}", local_links(config)),
        _ => {}
    }
    let engine = engine(config, parts, archive).await?;
    let (stop, stopped) = oneshot::channel();
    let task = tokio::spawn(engine.keep(stopped, |notice| match notice.notable {
        true => tracing::warn!("{}", one_line(&notice.words)),
        false => tracing::info!("{}", one_line(&notice.words)),
    }));
    Ok(Telling { task, stop })
}

/// Whether an address leads nowhere but on this machine.
fn is_of_this_machine(base: &str) -> bool {
    match Url::parse(base).ok().as_ref().and_then(Url::host) {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback() || address.is_unspecified(),
        Some(Host::Ipv6(address)) => address.is_loopback() || address.is_unspecified(),
        None => false,
    }
}

fn local_links(config: &Config) -> String {
    format!(
        "links in messages begin with {}, which leads nowhere but on this machine. Say with --base-url or NATO_ARCHIVE_BASE_URL how readers reach the archive",
        config.base_url
    )
}

/// What a poll found is told at once; whether all went well.
pub async fn after_poll(config: &Config, parts: &Parts) -> Result<bool> {
    if !config.alerts.is_file() {
        return Ok(true);
    }
    let archive = Arc::new(Archive::new(parts.store.clone(), parts.index.clone()).await?);
    let mut engine = engine(config, parts, archive).await?;
    warn_of_links(config);
    // A server that is at it tells of this poll too.
    let notices = engine.run(Duration::ZERO).await?;
    Ok(notices.is_none_or(|notices| tell(&notices)))
}

fn warn_of_links(config: &Config) {
    if is_of_this_machine(&config.base_url) {
        eprintln!("Note: {}.", local_links(config));
    }
}

/// Indexes what nobody has indexed yet, so that searches see all that is stored.
async fn level(config: &Config, parts: &Parts) -> Result<()> {
    if parts.index.generation() < parts.store.generation().await? {
        let _lock = WriterLock::wait(&config.data_dir, "a command that catches up", PATIENCE)?;
        sync::catch_up(&*parts.store, &parts.index).await?;
    }
    Ok(())
}

/// Tells what happened; whether all of it was well.
fn tell(notices: &[Notice]) -> bool {
    for notice in notices {
        match notice.well {
            true => println!("{}", one_line(&notice.words)),
            false => eprintln!("{}", one_line(&notice.words)),
        }
    }
    notices.iter().all(|notice| notice.well)
}

/// Whether the file is without mistakes; they are told.
fn without_mistakes(engine: &Engine) -> bool {
    let mistakes = &engine.settings().mistakes;
    mistakes.iter().for_each(|mistake| eprintln!("{}", one_line(&mistake.to_string())));
    mistakes.is_empty()
}

/// Ports that are kept for another way of encrypting (RFC 8314, section 7.3; RFC 6409): such a server and its client wait for each other.
fn warn_of_ports(engine: &Engine) {
    let Some(mail) = &engine.settings().mail else { return };
    let (port, security) = (mail.port, mail.security);
    let wanted = match port {
        465 if security != Security::Tls => "\"tls\"",
        25 | 587 if security == Security::Tls => "\"starttls\"",
        _ => return,
    };
    eprintln!("Note: [mail] has port {port}, and servers there mostly want tls = {wanted}.");
}

async fn check(engine: &Engine) -> Result<ExitCode> {
    let mut well = without_mistakes(engine);
    for (preview, alert) in engine.preview().await?.into_iter().zip(&engine.settings().alerts) {
        println!("{}{}", one_line(&alert.name), if alert.enabled { "" } else { " (switched off)" });
        match preview {
            Err(error) => {
                well = false;
                println!("  cannot be looked at: {}", one_line(&error));
            }
            Ok(preview) => {
                println!("  search:  {}", one_line(&preview.read.read_as.replace('*', "")));
                println!("  address: {}", preview.read.url);
                preview.read.notes.iter().for_each(|note| println!("  note:    {}", one_line(note)));
                println!("  tells:   {}", one_line(&alert.targets().join(", ")));
                println!("  finds:   {} in the whole archive", preview.matches);
                let (new, changes) = preview.next;
                match preview.is_new {
                    true => println!("  now:     begins with what comes after the first run"),
                    false => println!("  now:     {new} new and {changes} changed are to be told"),
                }
            }
        }
    }
    Ok(ExitCode::from(u8::from(!well)))
}

async fn list(engine: &Engine, parts: &Parts) -> Result<ExitCode> {
    let well = without_mistakes(engine);
    let (states, open, stops) = (parts.store.alerts().await?, parts.store.open_deliveries().await?, parts.store.alert_stops().await?);
    let width = engine.settings().names.iter().map(|name| name.chars().count()).max().unwrap_or(0).clamp(5, 60);
    println!("{:width$}  {:20}  STATE", "ALERT", "LAST FOUND");
    for name in &engine.settings().names {
        let alert = engine.settings().alerts.iter().find(|alert| alert.name == *name);
        let state = states.iter().find(|state| state.name == *name);
        let standing = match alert {
            None => "has a mistake, and waits".to_owned(),
            Some(alert) if !alert.enabled => "switched off".to_owned(),
            Some(alert) if !engine.settings().can_send(alert) => "waits, as long as [mail] has a mistake".to_owned(),
            Some(_) => standing(state),
        };
        let found = state.and_then(|state| state.batched_at.as_deref()).unwrap_or("never");
        println!("{:width$}  {found:20}  {standing}", one_line(name));
        let still = open.iter().filter(|delivery| delivery.alert == *name).map(|delivery| waiting(delivery, &open));
        let stopped = alert.map(|alert| stopped(alert, &stops)).unwrap_or_default();
        still.chain(stopped).for_each(|line| println!("{:width$}  {line}", ""));
    }
    for state in states.iter().filter(|state| !engine.settings().names.contains(&state.name)) {
        let found = state.batched_at.as_deref().unwrap_or("never");
        let standing = match engine.knows_all() {
            true => "no longer in the file; `nato-archive alerts forget` drops it",
            false => "kept, with what waits: whether it is in the file cannot be read",
        };
        println!("{:width$}  {found:20}  {standing}", one_line(&state.name));
    }
    Ok(ExitCode::from(u8::from(!well)))
}

fn standing(state: Option<&AlertState>) -> String {
    state.map_or_else(|| "begins with the next run".to_owned(), |state| format!("at work since {}", state.began_at))
}

/// A message that waits or was given up, in a line. What another message to the same address was asked for may hold it.
fn waiting(delivery: &Delivery, open: &[Delivery]) -> String {
    let same = open.iter().filter(|other| other.target == delivery.target);
    let paused = same.filter_map(|other| other.paused_until.as_deref()).max().unwrap_or_default();
    let to = one_line(delivery.target.trim_start_matches("mailto:"));
    let error = delivery.last_error.as_deref().map(one_line).unwrap_or_default();
    let tries = count(u64::from(delivery.tries), "try", "tries");
    match delivery.state {
        DeliveryState::Failed => format!("given up after {tries}, to {to}: {error}"),
        _ if delivery.tries == 0 && error.is_empty() && paused > delivery.next_try_at.as_str() => {
            format!("waits until {paused}, as {to} asked")
        }
        _ if delivery.tries == 0 && error.is_empty() => format!("waits, to {to}"),
        _ => format!("waits until {}, after {tries}, to {to}: {error}", paused.max(&delivery.next_try_at)),
    }
}

/// Addresses that nothing new is sent to, a line each.
fn stopped(alert: &Alert, stops: &[AlertStop]) -> Vec<String> {
    let targets = alert.targets().into_iter().filter(|target| is_stopped(stops, alert, target));
    let line = |to: &str| {
        format!(
            "nothing new goes to {to} until `nato-archive alerts retry`, or until the alert is written otherwise; what is found meanwhile is not kept for it"
        )
    };
    targets.map(|target| line(&one_line(target.trim_start_matches("mailto:")))).collect()
}

async fn forget(engine: &Engine, parts: &Parts, name: &str) -> Result<ExitCode> {
    let shown = one_line(name);
    if !parts.store.alerts().await?.iter().any(|state| state.name == name) {
        println!("The archive keeps nothing of an alert “{shown}”. `nato-archive alerts` lists those that it knows.");
        return Ok(ExitCode::from(1));
    }
    let dropped = parts.store.forget_alerts(&[name.to_owned()]).await?;
    println!("The alert “{shown}” is forgotten. {}.", dropped_words(dropped));
    if engine.settings().names.iter().any(|known| known == name) {
        println!("It is still in the file, and begins anew with the next look.");
    }
    Ok(ExitCode::SUCCESS)
}

async fn retry(config: &Config, parts: &Parts, name: &str) -> Result<ExitCode> {
    let (taken, lifted) = parts.store.retry_deliveries(name, &config.clock.now()).await?;
    if taken == 0 && lifted == 0 {
        println!("Nothing of an alert “{}” waits or was given up. `nato-archive alerts` lists what does.", one_line(name));
        return Ok(ExitCode::from(1));
    }
    if lifted > 0 {
        let addresses = count(lifted, "address that was given up", "addresses that were given up");
        println!("What is new is sent again to {addresses}. What was found meanwhile stands in the feed of the search.");
    }
    if taken > 0 {
        println!("To be tried again: {taken}. A server does it within seconds; without one, run: nato-archive alerts run");
    }
    Ok(ExitCode::SUCCESS)
}

async fn test(engine: &Engine, name: &str) -> Result<ExitCode> {
    let mut well = true;
    for (target, outcome) in engine.test(name).await? {
        let to = one_line(target.trim_start_matches("mailto:"));
        match outcome {
            Ok(()) => println!("{to}: taken."),
            Err(error) => {
                well = false;
                println!("{to}: not taken. {}", one_line(&error));
            }
        }
    }
    Ok(ExitCode::from(u8::from(!well)))
}
