//! What alerts tell: searches read as the search page reads them, releases and changes in the words and shapes of pages and programs.

mod letter;
mod payload;
mod search;

use std::sync::Arc;

use async_trait::async_trait;
use chrono::NaiveDate;

use crate::fetch::mail::Letter;
use crate::index::Snippet;
use crate::ingest::alerts::{Reader, SearchRead, Told};
use crate::model::query::{SearchRequest, Within};
use crate::model::{Event, EventKind, ReleaseItem};
use crate::reading::Archive;
use crate::store::EventsAsked;
use crate::web::urls::{FeedForm, Followed, Urls};
use search::Search;

/// Releases and changes in one message: receivers of webhooks expect some ten kilobytes (Standard Webhooks 1.0.0, “Payload size”), and nobody
/// reads further. Where the rest is, it says.
const IN_A_MESSAGE: usize = 50;

/// Reads the archive for alerts.
pub struct AlertReader {
    archive: Arc<Archive>,
    urls: Urls,
}

/// What a message tells, as the archive is now: releases that are not shown any more are left out.
struct Content {
    read: SearchRead,
    /// What is found for the search is all there, in the order in which it came.
    feed: String,
    /// The same as a page for people.
    feed_page: String,
    archive_id: String,
    /// Of how many new releases it tells, and those that it names.
    total: usize,
    items: Vec<(ReleaseItem, Snippet)>,
    /// Of how many changes it tells, and those that it names.
    changes_total: usize,
    changes: Vec<Event>,
}

impl AlertReader {
    /// # Errors
    /// A sentence that says what is wrong with the base URL.
    pub fn new(archive: Arc<Archive>, base_url: &str) -> Result<Self, String> {
        Ok(Self { archive, urls: Urls::new(base_url, Vec::new())? })
    }

    fn search_read(&self, search: &Search) -> Result<SearchRead, String> {
        let query = self.archive.read(&search.request()).map_err(|error| error.to_string())?;
        let overview = self.archive.overview();
        let unknown = search.url.filters.chosen().filter(|(facet, value)| !overview.knows(*facet, value));
        let unknown = unknown.map(|(facet, value)| format!("{} “{value}” is not known to this archive.", facet.label()));
        let mut read_as = vec![query.read_as];
        let dates = search.request().filters;
        read_as.extend(dates.from.map(|day| format!("from {day}")));
        read_as.extend(dates.to.map(|day| format!("up to {day}")));
        read_as.extend(search.url.filters.chosen().map(|(facet, value)| format!("{}: {}", facet.label(), overview.label(facet, value))));
        read_as.retain(|part| !part.is_empty());
        Ok(SearchRead {
            query: search.url.query(),
            url: self.urls.absolute(&self.urls.search(&search.newest_first())),
            read_as: if read_as.is_empty() { "every release".into() } else { read_as.join("; ") },
            notes: query.notes.into_iter().chain(query.left_out).chain(unknown).collect(),
        })
    }

    async fn found(&self, request: SearchRequest) -> Result<Vec<i64>, String> {
        Ok(self.archive.every(request).await.map_err(|error| error.to_string())?.seqs)
    }

    /// What a message tells; `None` where nothing of it is shown any more.
    async fn content(&self, told: Told<'_>, today: NaiveDate, most: usize) -> Result<Option<Content>, String> {
        let search = Search::read(&told.alert.search, today)?;
        let store = self.archive.store();
        let shown = store.items(&told.batch.releases).await.map_err(|error| error.to_string())?;
        let first: Vec<i64> = shown.iter().take(most).map(|item| item.seq).collect();
        let highlighter = self.archive.highlighter(&search.request()).map_err(|error| error.to_string())?;
        let passages = store.passages(&first).await.map_err(|error| error.to_string())?;
        let items: Vec<(ReleaseItem, Snippet)> = passages
            .into_iter()
            .map(|(item, body)| {
                let snippet = highlighter.snippet(&body, &item.lang);
                (item, snippet)
            })
            .collect();
        let (changes, changes_total) = self.changes(&told.batch.events, most).await?;
        if shown.is_empty() && changes.is_empty() && !told.is_test {
            return Ok(None);
        }
        Ok(Some(Content {
            read: self.search_read(&search)?,
            feed: self.urls.absolute(&self.urls.current_feed(&Followed::search(&search.url), FeedForm::Json)),
            feed_page: self.urls.absolute(&self.urls.current_feed(&Followed::search(&search.url), FeedForm::Atom)),
            archive_id: self.archive.overview().archive_id.clone(),
            total: shown.len(),
            items,
            changes_total,
            changes,
        }))
    }

    /// The first entries of the public log that may be told, and how many there are: those behind them are counted unseen.
    async fn changes(&self, entries: &[i64], most: usize) -> Result<(Vec<Event>, usize), String> {
        let (mut changes, mut total) = (Vec::new(), entries.len());
        for entry in entries {
            if changes.len() == most {
                break;
            }
            let asked = EventsAsked { before: entry.checked_add(1), limit: 1, ..EventsAsked::default() };
            let found = self.archive.store().events(asked).await.map_err(|error| error.to_string())?;
            match found.into_iter().find(|event| event.entry == *entry && may_be_told(event)) {
                Some(event) => changes.push(event),
                None => total -= 1,
            }
        }
        Ok((changes, total))
    }
}

/// Of a release that is not shown any more only that it was withdrawn.
fn may_be_told(event: &Event) -> bool {
    let shown = event.release.as_ref().is_some_and(|(.., shown)| *shown);
    shown || matches!(event.what, EventKind::Withdrawn | EventKind::Erased)
}

#[async_trait]
impl Reader for AlertReader {
    async fn seen(&self) -> Result<i64, String> {
        self.archive.refresh().await.map_err(|error| error.to_string())?;
        Ok(self.archive.overview().generation.index)
    }

    fn read(&self, search: &str, today: NaiveDate) -> Result<SearchRead, String> {
        self.search_read(&Search::read(search, today)?)
    }

    async fn among(&self, search: &str, seqs: &[i64], today: NaiveDate) -> Result<Vec<i64>, String> {
        if seqs.is_empty() {
            return Ok(Vec::new());
        }
        let mut seqs = seqs.to_vec();
        seqs.sort_unstable();
        let within = Some(Within::These(seqs.into()));
        self.found(SearchRequest { within, ..Search::read(search, today)?.request() }).await
    }

    async fn all(&self, search: &str, today: NaiveDate) -> Result<Vec<i64>, String> {
        self.found(Search::read(search, today)?.request()).await
    }

    async fn letter(&self, told: Told<'_>, today: NaiveDate) -> Result<Option<Letter>, String> {
        let content = self.content(told, today, IN_A_MESSAGE).await?;
        let overview = self.archive.overview();
        content.map(|content| letter::letter(&content, told, &self.urls, &overview)).transpose()
    }

    async fn payload(&self, told: Told<'_>, today: NaiveDate) -> Result<Option<Vec<u8>>, String> {
        let content = self.content(told, today, IN_A_MESSAGE).await?;
        Ok(content.map(|content| payload::payload(&content, told, &self.urls)))
    }
}
