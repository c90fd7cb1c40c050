//! The public log, a page at a time.

use super::{Archive, Result};
use crate::model::{Event, EventKind, ReleaseId};
use crate::store::{EventsAsked, NotesAsked};

/// Entries on a page, and in a document of a feed.
const PAGE: u32 = 100;

/// Numbers of entries in a block. A page holds at least as many, so that the newest one and the full blocks together are everything.
const BLOCK: i64 = PAGE as i64;

/// A page of the log.
#[derive(Clone, Debug)]
pub struct Changes {
    /// Newest first.
    pub events: Vec<Event>,
    /// Where the next older page begins, if there is one.
    pub older: Option<i64>,
}

/// Which document of the log is asked for by who follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogPart {
    /// The newest entries.
    Current,
    /// Those before one, so many at a time, back to the first.
    Before(i64),
    /// A full block of numbers, counted from 1: no entry comes into it, and none leaves it.
    Archive(u32),
}

/// A document of the log as it is followed (RFC 5005).
#[derive(Clone, Debug)]
pub struct LogAnswer {
    /// Newest first.
    pub events: Vec<Event>,
    /// The entry before which the next page begins, if there is one.
    pub next: Option<i64>,
    /// The nearest older and newer full blocks that hold something; of the current document the newest of all, and none.
    pub older: Option<u32>,
    pub newer: Option<u32>,
}

/// Whether an entry says that something was noticed rather than that something happened: lists fold it, feeds leave it out unless it is
/// asked for.
pub const fn is_minor(kind: EventKind) -> bool {
    matches!(kind, EventKind::Retouched | EventKind::Redescribed)
}

impl Archive {
    /// Entries before one, of one kind where one is named.
    pub async fn changes(&self, kind: Option<EventKind>, before: Option<i64>) -> Result<Changes> {
        self.log(EventsAsked { before, kind, seq: None, limit: PAGE }).await
    }

    /// As many entries as asked for.
    pub async fn log(&self, asked: EventsAsked) -> Result<Changes> {
        let mut events = self.store().events(EventsAsked { limit: asked.limit.saturating_add(1), ..asked }).await?;
        let more = events.len() > asked.limit as usize;
        events.truncate(asked.limit as usize);
        let older = events.last().map(|last| last.entry).filter(|_| more);
        Ok(Changes { events, older })
    }

    /// How many entries of the public log there are, wherever a page of them begins.
    pub async fn logged(&self, asked: EventsAsked) -> Result<u64> {
        Ok(self.store().events_count(asked).await?)
    }

    /// The internal number by which entries are asked for; that of a hidden release too, `None` for an id that the archive never gave.
    pub async fn logged_as(&self, id: ReleaseId) -> Result<Option<i64>> {
        Ok(self.store().seq_of(id).await?)
    }

    /// A document of the log as it is followed; `None` for a page or a block that it does not have.
    pub async fn followed_changes(&self, kind: Option<EventKind>, part: LogPart) -> Result<Option<LogAnswer>> {
        let LogPart::Archive(number) = part else { return self.log_page(kind, part).await };
        let full = self.store().last_event().await? / BLOCK;
        let number = i64::from(number);
        if !(1..=full).contains(&number) {
            return Ok(None);
        }
        let (after, to) = ((number - 1) * BLOCK, number * BLOCK);
        let asked = NotesAsked { kind, after, before: Some(to + 1), limit: BLOCK as u32, ..NotesAsked::default() };
        let events = self.store().notes(asked).await?;
        let next = NotesAsked { kind, after: to, before: Some(full * BLOCK + 1), oldest_first: true, limit: 1 };
        let newer = self.store().notes(next).await?.first().and_then(block_of);
        let older = self.newest_block(kind, number - 1).await?;
        Ok((!events.is_empty()).then_some(LogAnswer { events, next: None, older, newer }))
    }

    async fn log_page(&self, kind: Option<EventKind>, part: LogPart) -> Result<Option<LogAnswer>> {
        let before = if let LogPart::Before(entry) = part { Some(entry) } else { None };
        let asked = NotesAsked { kind, before, limit: PAGE + 1, ..NotesAsked::default() };
        let mut events = self.store().notes(asked).await?;
        let more = events.len() > PAGE as usize;
        events.truncate(PAGE as usize);
        let next = events.last().map(|last| last.entry).filter(|_| more);
        let older = match part {
            // After the entries, so that whatever came since stands here or in a full block.
            LogPart::Current => self.newest_block(kind, self.store().last_event().await? / BLOCK).await?,
            _ if events.is_empty() => return Ok(None),
            _ => None,
        };
        Ok(Some(LogAnswer { events, next, older, newer: None }))
    }

    /// The last block up to one that holds something.
    async fn newest_block(&self, kind: Option<EventKind>, to: i64) -> Result<Option<u32>> {
        let asked = NotesAsked { kind, before: Some(to * BLOCK + 1), limit: 1, ..NotesAsked::default() };
        Ok(self.store().notes(asked).await?.first().and_then(block_of))
    }
}

/// The block in which an entry stands.
fn block_of(event: &Event) -> Option<u32> {
    u32::try_from((event.entry - 1) / BLOCK + 1).ok()
}
