//! The public log, a page at a time.

use super::{Archive, Result};
use crate::model::{Event, EventKind, ReleaseId};
use crate::store::EventsAsked;

/// Entries on a page, and in a feed.
const PAGE: u32 = 100;

/// Entries that a feed is picked from: most of a busy day may be folded away.
const FEED_REACH: u32 = 400;

/// A page of the log.
#[derive(Clone, Debug)]
pub struct Changes {
    /// Newest first.
    pub events: Vec<Event>,
    /// Where the next older page begins, if there is one.
    pub older: Option<i64>,
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

    /// The internal number by which entries are asked for; that of a hidden release too, `None` for an id that the archive never gave.
    pub async fn logged_as(&self, id: ReleaseId) -> Result<Option<i64>> {
        Ok(self.store().seq_of(id).await?)
    }

    /// The latest entries that a follower wants to hear of.
    pub async fn latest_changes(&self, kind: Option<EventKind>) -> Result<Vec<Event>> {
        let asked = EventsAsked { kind, limit: FEED_REACH, ..EventsAsked::default() };
        let mut events = self.store().events(asked).await?;
        events.retain(|event| kind.is_some() || !is_minor(event.what));
        events.truncate(PAGE as usize);
        Ok(events)
    }
}
