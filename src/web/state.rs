//! What every handler can reach.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use chrono::NaiveDate;
use moka::future::Cache;
use tokio::sync::Semaphore;

use super::assets::Assets;
use super::cached::CachedPage;
use super::finding::security::Contact;
use super::urls::Urls;
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
    contact: OnceLock<Contact>,
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
        Ok(Self {
            inner: Arc::new(Inner { archive, urls, assets, pages, making: Semaphore::new(AT_ONCE), today, contact: OnceLock::new() }),
        })
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

    /// Where the archive's owner can be reached, as far as they have said.
    pub fn contact(&self) -> Option<&Contact> {
        self.inner.contact.get()
    }

    /// Says where the owner can be reached; once.
    pub fn with_contact(self, contact: Option<Contact>) -> Self {
        if let Some(contact) = contact {
            let _ = self.inner.contact.set(contact);
        }
        self
    }

    pub fn today(&self) -> NaiveDate {
        (self.inner.today)()
    }
}
