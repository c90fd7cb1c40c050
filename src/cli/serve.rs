//! `nato-archive serve`

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use tokio::net::TcpListener;

use super::alerts;
use super::follow::{Web, keep_polling};
use super::open::{Parts, open_serving};
use super::progress::asked_to_stop;
use crate::config::Config;
use crate::index::SearchIndex;
use crate::ingest::dumps::{Keeper, discard_stale};
use crate::ingest::poll::Poller;
use crate::ingest::{Loader, Quiet, Report, ServingLock, Source, WriterLock, sync};
use crate::reading::Archive;
use crate::store::ArchiveStore;
use crate::web::exports::kit;
use crate::web::urls::Urls;
use crate::web::{App, router, serve};

#[derive(Debug, Default, Args)]
pub struct Serve {
    /// Start empty instead of loading the seed documents into an archive that holds nothing
    #[arg(long)]
    no_seeds: bool,
    /// Also poll what is followed, on a timer (see `follow` and `poll`)
    #[arg(long)]
    follow: bool,
    /// Between two polls, a tenth more or less
    #[arg(long, value_name = "MINUTES", default_value_t = 15, value_parser = clap::value_parser!(u64).range(1..=10_080), requires = "follow")]
    every: u64,
    /// Keep files of the whole archive ready to be taken away, in the folder `public` of the archive
    #[arg(long, env = "NATO_ARCHIVE_DUMPS", value_enum, default_value_t = Switch::On)]
    dumps: Switch,
    #[command(flatten)]
    web: Web,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Switch {
    #[default]
    On,
    Off,
}

/// How often a running server looks for what another process has written.
const FOLLOW: Duration = Duration::from_millis(300);

/// How often it looks whether files of the whole archive are due, or hold what has been withdrawn.
const LOOK: Duration = Duration::from_secs(5);

/// How long the first search waits for the index to be looked at.
const BEFORE_SEARCHES: Duration = Duration::from_secs(2);

impl Serve {
    pub async fn run(self, config: &Config) -> Result<ExitCode> {
        // The port first: a second start says so before it touches anything.
        let listener = listen(config).await?;
        let config = &Config { base_url: real_base(config, &listener), ..config.clone() };
        Urls::new(&config.base_url, Vec::new()).map_err(anyhow::Error::msg)?;
        std::fs::create_dir_all(&config.data_dir).with_context(|| format!("the folder {} cannot be made", config.data_dir.display()))?;
        let _serving = ServingLock::share(&config.data_dir)?;
        let parts = open_serving(config).await?;
        self.prepare(config, &parts).await?;
        // A small index is read through before anybody searches it, a large one beside the first searches.
        let mut mending = tokio::spawn(mend(Arc::clone(&parts.store), Arc::clone(&parts.index), config.data_dir.clone()));
        let looked_at = tokio::time::timeout(BEFORE_SEARCHES, &mut mending).await.is_ok();
        let archive = Arc::new(open_archive(&parts, (!looked_at).then_some(mending)).await?);
        let app = App::new(Arc::clone(&archive), &config.base_url, || chrono::Utc::now().date_naive()).map_err(anyhow::Error::msg)?;
        let app = app.living_in(&config.data_dir, config.clock.clone()).with_contact(config.contact.clone());
        let prefix = app.urls().prefix().to_owned();
        // Whoever has seen a page or the line with the address may ask for an end.
        let stop = asked_to_stop();
        let polling = match self.follow {
            true => {
                println!("Followed feeds, polled every {} minutes: {}", self.every, parts.store.followed().await?.len());
                let poller = Poller::new(parts.store.clone(), parts.index.clone(), &config.data_dir, self.web.policy(config))?;
                Some(tokio::spawn(keep_polling(poller, Duration::from_secs(60 * self.every), asked_to_stop())))
            }
            false => None,
        };
        let telling = alerts::keep(config, &parts, Arc::clone(&archive)).await?;
        // Whatever the switch says: what is there from before may hold what has been withdrawn since.
        look_after_dumps(&app, &*parts.store, config).await;
        let looking = tokio::spawn(keep_looking(app.clone(), parts.store.clone(), config.clone()));
        if self.dumps == Switch::On {
            app.sets().keep();
        }
        let dumping = (self.dumps == Switch::On).then(|| tokio::spawn(keep_dumps(app.clone(), parts.store.clone(), config.clone())));
        let follower = tokio::spawn(follow(Arc::clone(&archive), parts, config.clone()));
        if let Some(address) = listener.local_addr().ok().filter(|address| config.base_url != format!("http://{address}")) {
            println!("Listening on {address}");
        }
        println!("{} at {}", crate::web::shell::coverage(&archive.overview()), config.base_url);
        if archive.overview().releases == 0 {
            println!("The archive is empty. Load documents with: nato-archive --data-dir {} import FILE…", config.data_dir.display());
        }
        serve::serve(listener, router(app), prefix, stop).await;
        follower.abort();
        looking.abort();
        dumping.inspect(tokio::task::JoinHandle::abort);
        polling.inspect(tokio::task::JoinHandle::abort);
        telling.stop().await;
        println!("Stopped.");
        Ok(ExitCode::SUCCESS)
    }

    /// Seeds for an archive that holds nothing; otherwise the index is brought level, as far as nobody else is at it.
    async fn prepare(&self, config: &Config, parts: &Parts) -> Result<()> {
        let empty = parts.store.seqs(0, 1).await?.is_empty() && parts.store.documents(0, 1).await?.is_empty();
        if !empty || self.no_seeds {
            return Ok(());
        }
        let _lock = WriterLock::wait(&config.data_dir, "the first start", Duration::from_secs(30))?;
        let mut report = Report::default();
        Loader::new(parts.store.clone(), config.clock.clone()).await?.load(&Source::seeds(), &parts.index, &mut report, &mut Quiet).await?;
        println!("Seed documents loaded: {}", report.summary());
        for refusal in &report.refusals {
            eprintln!("refused: {refusal}");
        }
        Ok(())
    }
}

/// Opens what store and index hold. A damaged index may be read before `mending` (while it goes on) has seen what it is, and bytes that nobody wrote make the library that
/// reads them give up in any way it likes: then the archive is opened once the index is whole.
async fn open_archive(parts: &Parts, mending: Option<tokio::task::JoinHandle<()>>) -> Result<Archive> {
    let opened = || tokio::spawn(Archive::new(parts.store.clone(), parts.index.clone()));
    match opened().await {
        Ok(Ok(archive)) => Ok(archive),
        _ => {
            if let Some(mending) = mending {
                let _ = mending.await;
            }
            Ok(opened().await.context("the search index cannot be read. Run `nato-archive reindex`")??)
        }
    }
}

/// Builds a damaged index anew, unless somebody is writing to it.
async fn mend(store: Arc<dyn ArchiveStore>, index: Arc<SearchIndex>, data_dir: PathBuf) {
    if !sync::is_damaged(&index).await {
        return;
    }
    let Ok(_lock) = WriterLock::take(&data_dir, "a server that builds its index anew") else { return };
    match sync::rebuild(&*store, &index, &mut Quiet).await {
        Ok(_) => eprintln!("The search index was damaged and has been built anew."),
        Err(error) => tracing::warn!(%error, "the index is damaged and could not be built anew"),
    }
}

async fn listen(config: &Config) -> Result<TcpListener> {
    match TcpListener::bind(config.listen).await {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            bail!(
                "{} is in use, perhaps by this archive already. Stop the other program, or choose another port with --listen 127.0.0.1:8081",
                config.listen
            )
        }
        Err(error) => Err(error).with_context(|| format!("cannot listen on {}. Choose another address with --listen", config.listen)),
    }
}

/// Port 0 asks the system for a free one, which is then the one that readers use.
fn real_base(config: &Config, listener: &TcpListener) -> String {
    match listener.local_addr() {
        Ok(address) if config.listen.port() == 0 && config.base_url == format!("http://{}", config.listen) => format!("http://{address}"),
        _ => config.base_url.clone(),
    }
}

/// Takes away sets of files that may not be given any more. Where that cannot be done, none is given.
async fn look_after_dumps(app: &App, store: &dyn ArchiveStore, config: &Config) {
    let looked = discard_stale(store, &config.data_dir).await;
    app.sets().close(looked.is_err());
    if let Err(error) = looked {
        tracing::warn!(%error, "files of the whole archive that should go could not be taken away: none is offered until they can");
    }
}

/// Does so again and again, beside the making of a set, which takes its time.
async fn keep_looking(app: App, store: Arc<dyn ArchiveStore>, config: Config) {
    loop {
        tokio::time::sleep(LOOK).await;
        look_after_dumps(&app, &*store, &config).await;
    }
}

/// Keeps files of the whole archive, and lets the pages know of them.
async fn keep_dumps(app: App, store: Arc<dyn ArchiveStore>, config: Config) {
    let urls = app.urls().clone();
    let mut keeper = Keeper::new(store, &config.data_dir, config.clock.clone(), move |made_at| kit(&urls, made_at));
    loop {
        match keeper.look().await {
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "files of the whole archive could not be made"),
        }
        // Some may have gone also where none could be made.
        app.sets().refresh();
        tokio::time::sleep(LOOK).await;
    }
}

/// Takes notice of what any process writes, and indexes what was left unindexed, unless somebody is writing.
async fn follow(archive: Arc<Archive>, parts: Parts, config: Config) {
    loop {
        let generation = archive.overview().generation;
        if !generation.is_level() && !WriterLock::is_held(&config.data_dir) {
            match WriterLock::take(&config.data_dir, "a server that catches up") {
                Ok(_lock) => {
                    if let Err(error) = sync::catch_up(&*parts.store, &parts.index).await {
                        tracing::warn!(%error, "the index could not be brought up to date");
                        tokio::time::sleep(Duration::from_secs(5)).await;
                    }
                }
                Err(error) => tracing::debug!(%error, "somebody else is writing"),
            }
        }
        if let Err(error) = archive.refresh().await {
            tracing::warn!(%error, "the archive could not be read anew");
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        tokio::time::sleep(FOLLOW).await;
    }
}
