//! The command line: one file a command.

mod alerts;
mod backup;
mod check;
mod describe;
mod explain;
mod export;
mod follow;
mod import;
mod mcp;
mod open;
mod owner;
mod progress;
mod reindex;
mod search;
mod serve;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::config::Config;
use crate::ingest::Clock;
use crate::ingest::alerts::Environment;
use crate::web::finding::security::Contact;
use crate::web::urls::Urls;

/// An unofficial archive of public statements: search, browse, read and cite NATO press releases.
#[derive(Debug, Parser)]
#[command(name = "nato-archive", version, about, after_help = EXAMPLES, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Option<Command>,
}

const EXAMPLES: &str = "Examples:
  nato-archive                                 start the archive and open http://127.0.0.1:8080
  nato-archive import releases.ndjson texts/   load documents into it, while it runs or not
  nato-archive search collective defence after:2022
  nato-archive follow https://www.example.org/feed.xml
  nato-archive poll                            look at what is followed, by hand or from a timer
  nato-archive serve --follow --every 30       or let the server look, every half hour
  nato-archive --data-dir /srv/archive check   prove that nothing is lost
  nato-archive describe --topics my-topics.toml

Exit status: 0 all well, 1 something was refused or found wrong, 2 wrong use.";

#[derive(Clone, Debug, Args)]
struct Global {
    /// Folder of the archive: database and index
    #[arg(long, global = true, env = "NATO_ARCHIVE_DATA_DIR", default_value = "data", value_name = "DIR")]
    data_dir: PathBuf,
    /// Address to listen on; other machines can reach it only if this says so
    #[arg(long, global = true, env = "NATO_ARCHIVE_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS:PORT")]
    listen: SocketAddr,
    /// Address by which readers reach the archive, with or without a path [default: http:// and the listen address]
    #[arg(long, global = true, env = "NATO_ARCHIVE_BASE_URL", value_name = "URL", value_parser = base_url)]
    base_url: Option<String>,
    /// Where alerts are set up (see `alerts --help`) [default: alerts.toml in the data folder]
    #[arg(long, global = true, env = "NATO_ARCHIVE_ALERTS", value_name = "FILE")]
    alerts: Option<PathBuf>,
    /// Whom to tell of a weakness of the archive, for /.well-known/security.txt: mailto:… or https://…
    #[arg(long, global = true, env = "NATO_ARCHIVE_CONTACT", value_name = "ADDRESS", value_parser = Contact::read)]
    contact: Option<Contact>,
    /// The time that is stored, instead of the machine's: for comparing archives byte for byte
    #[arg(long, global = true, env = "NATO_ARCHIVE_CLOCK", hide = true, value_name = "RFC3339")]
    clock: Option<String>,
}

/// An address that links can begin with.
fn base_url(written: &str) -> Result<String, String> {
    Urls::new(written, Vec::new()).map(|_| written.to_owned())
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the archive (the default). An archive that holds nothing gets the seed documents first
    Serve(serve::Serve),
    /// Search, and print what is found
    Search(search::Search),
    /// Answer a research assistant by the Model Context Protocol, over standard input and output
    Mcp,
    /// Load documents: files, folders with all that is in them, or addresses of the web
    Import(import::Import),
    /// Follow a feed or page of the web: it is loaded now, and what is new in it at every poll. Without URL: list what is followed
    Follow(follow::Follow),
    /// Follow a feed no longer; what was loaded from it stays
    Unfollow(follow::Unfollow),
    /// Look at every followed feed whose turn it is, and load what is new
    Poll(follow::Poll),
    /// Tell people and programs of what is new in a search; without a command: how each alert stands
    Alerts(alerts::Alerts),
    /// Find dates, topics, kinds, places and people again, after rules or vocabularies changed
    Describe(describe::Describe),
    /// Build the search index anew from the database
    Reindex,
    /// Check database, texts, documents and index against each other
    Check,
    /// Write the whole archive to one file, as of one moment, while it is used or not
    Backup(backup::Backup),
    /// Put a backup in the place of the archive, which nobody may be using
    Restore(backup::Restore),
    /// Write everything that the archive holds as lines of JSON; `import` of such a file into an empty archive gives the same archive
    Export(export::Export),
    /// Say why a release is what it is: every decision, version, source and ruling
    Explain(explain::Explain),
    /// Take a release out of lists and search; its address says why
    Withdraw(owner::Withdraw),
    /// Show a withdrawn release again
    Reinstate(owner::Reinstate),
    /// Put a date, a title, a kind or topics right, with a reason
    Correct(owner::Correct),
    /// Say that two releases are one, or two languages of one
    Link(owner::Link),
    /// Take a link back
    Unlink(owner::Unlink),
    /// Make a release of its own of one of a release's sources, or of its current version
    Split(owner::Split),
}

/// Runs the command line; everything that goes wrong is one sentence on standard error. `environment` is asked for variables by their names.
pub async fn run(cli: Cli, environment: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> ExitCode {
    let clock = cli.global.clock.as_deref().map_or_else(Clock::system, Clock::fixed);
    let config = Config::new(cli.global.data_dir, cli.global.listen, cli.global.base_url, clock).with_contact(cli.global.contact);
    let config = config.with_alerts(cli.global.alerts, Environment::new(environment));
    let done = match cli.command.unwrap_or(Command::Serve(serve::Serve::default())) {
        Command::Serve(serve) => serve.run(&config).await,
        Command::Search(search) => search.run(&config).await,
        Command::Mcp => mcp::run(&config).await,
        Command::Import(import) => import.run(&config).await,
        Command::Follow(follow) => follow.run(&config).await,
        Command::Unfollow(unfollow) => unfollow.run(&config).await,
        Command::Poll(poll) => poll.run(&config).await,
        Command::Alerts(alerts) => alerts.run(&config).await,
        Command::Describe(describe) => describe.run(&config).await,
        Command::Reindex => reindex::run(&config).await,
        Command::Check => check::run(&config).await,
        Command::Backup(backup) => backup.run(&config).await,
        Command::Restore(restore) => restore.run(&config).await,
        Command::Export(export) => export.run(&config).await,
        Command::Explain(explain) => explain.run(&config).await,
        Command::Withdraw(withdraw) => withdraw.run(&config).await,
        Command::Reinstate(reinstate) => reinstate.run(&config).await,
        Command::Correct(correct) => correct.run(&config).await,
        Command::Link(link) => link.run(&config).await,
        Command::Unlink(unlink) => unlink.run(&config).await,
        Command::Split(split) => split.run(&config).await,
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("nato-archive: {error:#}");
            ExitCode::from(1)
        }
    }
}
