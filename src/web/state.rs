//! What every handler can reach.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use moka::future::Cache;
use tokio::sync::Semaphore;

use super::assets::Assets;
use super::cached::CachedPage;
use super::exports::{Sets, Turns};
use super::finding::security::Contact;
use super::urls::Urls;
use crate::ingest::{Clock, WriterLock};
use crate::reading::Archive;

/// Finished pages kept, in bytes.
const CACHE: u64 = 64 << 20;

/// Pages made at the same time; what comes on top waits a moment and is then asked to come back.
const AT_ONCE: usize = 64;

/// Shared by all requests. Cheap to clone.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    archive: Arc<Archive>,
    urls: Urls,
    assets: Assets,
    pages: Cache<String, Arc<CachedPage>>,
    making: Semaphore,
    today: fn() -> NaiveDate,
    /// What harvesters are told the time by.
    clock: Clock,
    /// The folder of the archive, where it has one that others may be writing to.
    data_dir: Option<PathBuf>,
    exports: Turns,
    sets: Sets,
    contact: Option<Contact>,
}

impl App {
    /// `today` is the only clock that pages know.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the base URL.
    pub fn new(archive: Arc<Archive>, base_url: &str, today: fn() -> NaiveDate) -> Result<Self, String> {
        let assets = Assets::new();
        let urls = Urls::new(base_url, assets.names())?;
        let pages = Cache::builder()
            .max_capacity(CACHE)
            .weigher(|key: &String, page: &Arc<CachedPage>| u32::try_from(key.len() + page.weight()).unwrap_or(u32::MAX))
            .time_to_idle(Duration::from_secs(3600))
            .build();
        let inner = Inner {
            archive,
            urls,
            assets,
            pages,
            making: Semaphore::new(AT_ONCE),
            today,
            clock: Clock::system(),
            data_dir: None,
            exports: Turns::default(),
            sets: Sets::default(),
            contact: None,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Names the folder of the archive and the clock by which it is written to. Before the first request: later it does nothing.
    #[must_use]
    pub fn living_in(mut self, data_dir: &Path, clock: Clock) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.inner) {
            inner.data_dir = Some(data_dir.to_owned());
            inner.sets = Sets::of(data_dir);
            inner.clock = clock;
        }
        self
    }

    /// Says where the owner can be reached. Before the first request, as [`living_in`](Self::living_in).
    #[must_use]
    pub fn with_contact(mut self, contact: Option<Contact>) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.inner) {
            inner.contact = contact;
        }
        self
    }

    pub fn archive(&self) -> &Archive {
        &self.inner.archive
    }

    pub fn urls(&self) -> &Urls {
        &self.inner.urls
    }

    pub fn assets(&self) -> &Assets {
        &self.inner.assets
    }

    pub fn pages(&self) -> &Cache<String, Arc<CachedPage>> {
        &self.inner.pages
    }

    pub fn making(&self) -> &Semaphore {
        &self.inner.making
    }

    /// Where there is room for files that come and go.
    pub fn data_dir(&self) -> Option<&Path> {
        self.inner.data_dir.as_deref()
    }

    /// Sets of files that hold the whole archive.
    pub fn sets(&self) -> &Sets {
        &self.inner.sets
    }

    pub fn exports(&self) -> &Turns {
        &self.inner.exports
    }

    /// Where the archive's owner can be reached, as far as they have said.
    pub fn contact(&self) -> Option<&Contact> {
        self.inner.contact.as_ref()
    }

    pub fn today(&self) -> NaiveDate {
        (self.inner.today)()
    }

    /// The moment as of which everything that is read from now on is complete (RFC 3339, UTC, whole seconds): now, or where somebody is writing,
    /// the moment at which he began.
    ///
    /// What is written bears the moment at which it was decided on, and can be read only once it is committed, which a long command does
    /// minutes later. A harvester that were told the time of day would come back with it and miss what was under way. Whoever writes takes
    /// the writer's lock first and looks at the clock after that: so whatever cannot be read yet is stamped with this moment or a later one, and a
    /// harvester that asks from here on misses nothing. Some it may be given twice.
    pub fn as_of(&self) -> String {
        let now = self.inner.clock.now();
        let since = self.inner.data_dir.as_deref().and_then(WriterLock::held_since);
        let since = since.map(|since| DateTime::<Utc>::from(since).to_rfc3339_opts(SecondsFormat::Secs, true));
        since.map_or(now.clone(), |since| since.min(now))
    }
}
