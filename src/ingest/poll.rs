//! Following what others publish: fetched politely, recognised by content and loaded as a file would be.
//!
//! The network is asked without the writer's lock, which is then held for one load. A look at a feed that brings nothing new changes
//! nothing but the note of when it was looked at; a feed that fails is asked less and less often and stops no other.

mod gather;
mod schedule;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, SecondsFormat, Utc};

use super::{Clock, IngestError, Loader, Progress, Report, Result, Source, WriterLock};
use crate::fetch::{FetchError, Fetcher, Policy};
use crate::import::ImportError;
use crate::index::SearchIndex;
use crate::store::{ArchiveStore, FetchedPage, Followed};
use gather::{Gathered, Gatherer, Look};
use schedule::Aside;

/// How long a load waits for whoever else is writing.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(50);

/// Looks at feeds and loads what they hold.
pub struct Poller {
    gatherer: Gatherer,
    store: Arc<dyn ArchiveStore>,
    index: Arc<SearchIndex>,
    data_dir: PathBuf,
}

/// What a look at a feed brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Polled {
    pub url: String,
    /// A sentence.
    pub outcome: String,
    /// Whether all of it came and could be read.
    pub well: bool,
}

impl Poller {
    /// # Errors
    /// The HTTP client cannot be set up.
    pub fn new(store: Arc<dyn ArchiveStore>, index: Arc<SearchIndex>, data_dir: &Path, policy: Policy) -> Result<Self> {
        let gatherer = Gatherer { fetcher: Fetcher::new(policy)?, store: store.clone() };
        Ok(Self { gatherer, store, index, data_dir: data_dir.to_owned() })
    }

    /// Looks at a feed for the first time; it is followed from then on if it can be fetched and read. A feed that is followed already is
    /// looked at again, whatever its turn, and a publisher that is named now replaces the one before.
    ///
    /// # Errors
    /// What stops the look; the feed is then not followed, or stays as it was.
    pub async fn follow(&self, url: &str, publisher: Option<&str>, now: DateTime<Utc>, progress: &mut dyn Progress) -> Result<Polled> {
        let url = self.gatherer.fetcher.address(url)?;
        let known = self.store.followed().await?.into_iter().find(|feed| feed.url == url);
        let feed = match known {
            // Everything anew: who asks by hand wants to see it happen.
            Some(feed) => Followed { etag: None, last_modified: None, digest: None, retired: false, ..feed },
            None => Followed { url, added_at: stamp(now), ..Followed::default() },
        };
        let feed = Followed { publisher: publisher.map(str::to_owned).or(feed.publisher.clone()), ..feed };
        let gathered = self.gatherer.gather(&look(&feed), now).await?;
        let _lock = self.turn("a command that follows a feed").await?;
        let next = match gathered {
            None => (schedule::unchanged(&feed, now), true),
            Some(gathered) => match self.load(&feed, gathered, now, progress).await? {
                Loaded { unreadable: Some(error), .. } => return Err(error.into()),
                loaded => (loaded.feed, loaded.well),
            },
        };
        self.store.save_followed(&next.0).await?;
        Ok(polled(next))
    }

    /// Looks at every followed feed whose turn it is, one after the other; `tell` hears of each.
    ///
    /// # Errors
    /// Only what concerns the archive itself; what is wrong with a feed is that feed's outcome.
    pub async fn poll(&self, now: impl Fn() -> DateTime<Utc>, progress: &mut dyn Progress, mut tell: impl FnMut(&Polled)) -> Result<()> {
        for feed in self.store.followed().await? {
            if progress.stop() {
                break;
            }
            if schedule::is_due(&feed, now()) {
                tell(&self.poll_one(&feed, now(), progress).await?);
            }
        }
        Ok(())
    }

    async fn poll_one(&self, feed: &Followed, now: DateTime<Utc>, progress: &mut dyn Progress) -> Result<Polled> {
        let gathered = self.gatherer.gather(&look(feed), now).await;
        let _lock = self.turn("a command that polls feeds").await?;
        let next = match gathered {
            Ok(None) => (schedule::unchanged(feed, now), true),
            Ok(Some(gathered)) => match self.load(feed, gathered, now, progress).await? {
                Loaded { unreadable: Some(error), .. } => (schedule::unreadable(feed, &error, now), false),
                loaded => (loaded.feed, loaded.well),
            },
            Err(IngestError::Fetch(error)) => (schedule::failed(feed, &error, now), false),
            Err(fatal) => return Err(fatal),
        };
        self.store.update_followed(&next.0).await?;
        Ok(polled(next))
    }

    /// Loads what was gathered: articles first, so that what the feed says of them is added to words that are there.
    async fn load(&self, feed: &Followed, gathered: Gathered, now: DateTime<Utc>, progress: &mut dyn Progress) -> Result<Loaded> {
        let Gathered { mut sources, document, digest, validators, moved, pages, waiting, trouble } = gathered;
        let same = feed.digest.as_ref() == Some(&digest);
        if !same {
            sources.push(document);
        }
        let mut report = Report::default();
        if !sources.is_empty() {
            let loader = Loader::new(self.store.clone(), Clock::system()).await?;
            loader.load(&sources, &self.index, &mut report, progress).await?;
        }
        let stopped = progress.stop();
        if !stopped {
            let refused = |page: &FetchedPage| report.refusals.iter().any(|refusal| refusal.file == page.url);
            let pages: Vec<FetchedPage> =
                pages.into_iter().map(|page| if refused(&page) { gather::given_up(page) } else { page }).collect();
            self.store.save_fetched_pages(&pages).await?;
        }
        let read = report.new + report.changed + report.unchanged;
        let unreadable = if read == 0 { report.refusals.iter().find(|refusal| refusal.file == feed.url).cloned() } else { None };
        let mut next = schedule::loaded(feed, &report, &Aside { same, waiting, trouble: &trouble, moved: moved.as_deref() }, now);
        if !stopped && unreadable.is_none() {
            next.digest = Some(digest);
            // While articles wait, the feed is to come again whole.
            next.etag = validators.etag.filter(|_| waiting == 0);
            next.last_modified = validators.last_modified.filter(|_| waiting == 0);
        }
        Ok(Loaded { feed: next, unreadable, well: report.refused == 0 && trouble.is_empty() })
    }

    /// The writer's lock as soon as it is free, without holding up whoever else runs on this thread.
    async fn turn(&self, what: &str) -> Result<WriterLock> {
        let until = Instant::now() + PATIENCE;
        loop {
            match WriterLock::take(&self.data_dir, what) {
                Err(IngestError::Locked(_)) if Instant::now() < until => tokio::time::sleep(PAUSE).await,
                taken => return taken,
            }
        }
    }
}

/// A feed after a load, and why nothing of it could be read where that is so.
struct Loaded {
    feed: Followed,
    unreadable: Option<ImportError>,
    well: bool,
}

fn polled((feed, well): (Followed, bool)) -> Polled {
    Polled { outcome: feed.last_outcome.unwrap_or_default(), url: feed.url, well }
}

fn look(feed: &Followed) -> Look<'_> {
    let validators = crate::fetch::Validators { etag: feed.etag.clone(), last_modified: feed.last_modified.clone() };
    Look { url: &feed.url, publisher: feed.publisher.as_deref(), validators }
}

/// A moment as stored: RFC 3339 in UTC, whole seconds.
fn stamp(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Parts what `import` is given into addresses of the web and paths of files, fetches what the addresses lead to, and adds it to
/// `sources`. What cannot be fetched is refused in `report` and stops nothing else. Returns the paths.
///
/// # Errors
/// Only what concerns the archive itself.
pub async fn fetch_named(
    named: Vec<PathBuf>,
    policy: Policy,
    store: Arc<dyn ArchiveStore>,
    sources: &mut Vec<Source>,
    report: &mut Report,
) -> Result<Vec<PathBuf>> {
    let (addresses, paths): (Vec<PathBuf>, Vec<PathBuf>) = named.into_iter().partition(|path| path.to_str().is_some_and(is_address));
    if addresses.is_empty() {
        return Ok(paths);
    }
    let gatherer = Gatherer { fetcher: Fetcher::new(policy)?, store };
    for address in addresses {
        let address = address.to_string_lossy();
        let look = Look { url: &address, publisher: None, validators: crate::fetch::Validators::default() };
        match gatherer.gather(&look, Utc::now()).await {
            Ok(Some(gathered)) => {
                sources.extend(gathered.sources);
                sources.push(gathered.document);
                gathered.trouble.into_iter().for_each(|error| report.refuse(refusal(error)));
            }
            Ok(None) => {}
            Err(IngestError::Fetch(error)) => report.refuse(refusal(error)),
            Err(fatal) => return Err(fatal),
        }
    }
    Ok(paths)
}

/// Whether an argument names something on the web rather than a file.
fn is_address(argument: &str) -> bool {
    let scheme = argument.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    scheme.is_some_and(|scheme| matches!(scheme.as_str(), "http" | "https"))
}

fn refusal(error: FetchError) -> ImportError {
    ImportError { file: error.url, line: None, field: None, reason: error.reason, advice: Some(error.advice) }
}
