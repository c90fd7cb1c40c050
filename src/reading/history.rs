//! The past of a release: its versions, its sources, what was decided about it and why.

use chrono::{DateTime, Utc};

use super::{Archive, Result};
use crate::model::history::Explained;
use crate::model::{Event, Gone, History, Release, ReleaseId, ReleaseItem, Version, VersionItem};
use crate::store::{EventsAsked, Joined};

/// Entries of the log that the page of one release shows.
const EVENTS: u32 = 200;

/// All that is remembered of a release.
#[derive(Clone, Debug)]
pub struct Past {
    pub item: ReleaseItem,
    pub history: History,
    /// Oldest first.
    pub versions: Vec<VersionItem>,
    /// Newest first.
    pub events: Vec<Event>,
    pub explained: Vec<Explained>,
}

/// A release's versions.
#[derive(Clone, Debug)]
pub struct Versions {
    pub item: ReleaseItem,
    /// Oldest first.
    pub list: Vec<VersionItem>,
}

/// A release as the addresses of its versions and passages lead to it: shown, or held to be another one.
#[derive(Clone, Debug)]
pub struct Lasting {
    pub release: Release,
    pub history: History,
    pub versions: Versions,
    /// Id and slug of the release that it is held to be.
    pub joined: Option<(ReleaseId, String)>,
}

impl Versions {
    pub fn get(&self, number: u32) -> Option<&VersionItem> {
        self.list.iter().find(|version| version.number == number)
    }

    /// The version before one; numbers need not be neighbours where one was split off.
    pub fn before(&self, number: u32) -> Option<&VersionItem> {
        self.list.iter().rev().find(|version| version.number < number)
    }

    /// The version behind one.
    pub fn after(&self, number: u32) -> Option<&VersionItem> {
        self.list.iter().find(|version| version.number > number)
    }

    /// The version that was the current one at a moment: of those seen until then the latest. Before the first comes the first.
    /// Moments are compared by whole seconds, since that is all that HTTP can say.
    pub fn at(&self, moment: DateTime<Utc>) -> Option<&VersionItem> {
        let seen = |version: &&VersionItem| moment_of(&version.seen_at).is_some_and(|seen| seen.timestamp() <= moment.timestamp());
        self.list.iter().rev().find(seen).or(self.list.first())
    }
}

/// A moment as the store keeps it (RFC 3339); `None` for words that are none.
pub fn moment_of(at: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(at).ok().map(|at| at.with_timezone(&Utc))
}

impl Archive {
    /// Why a release is not shown; `None` for one that is, and for an id that the archive never gave.
    pub async fn gone(&self, id: ReleaseId) -> Result<Option<Gone>> {
        Ok(self.store().gone(id).await?)
    }

    /// A release with what programs are told of its past.
    pub async fn release_with_history(&self, id: ReleaseId) -> Result<Option<(Release, History)>> {
        let Some(release) = self.store().release(id).await? else { return Ok(None) };
        let history = self.store().history(release.item.seq).await?;
        Ok(Some((release, history)))
    }

    /// What a list shows of a release; `None` where it is not shown.
    pub async fn item(&self, id: ReleaseId) -> Result<Option<ReleaseItem>> {
        let Some(seq) = self.store().seq_of(id).await? else { return Ok(None) };
        Ok(self.store().items(&[seq]).await?.pop())
    }

    /// All that is remembered of a release.
    pub async fn past(&self, id: ReleaseId) -> Result<Option<Past>> {
        let Some(Versions { item, list }) = self.versions(id).await? else { return Ok(None) };
        let history = self.store().history(item.seq).await?;
        let events = self.store().events(EventsAsked { seq: Some(item.seq), limit: EVENTS, ..EventsAsked::default() }).await?;
        let explained = self.store().explained(item.seq).await?;
        Ok(Some(Past { item, history, versions: list, events, explained }))
    }

    /// Every version of a release, without their words.
    pub async fn versions(&self, id: ReleaseId) -> Result<Option<Versions>> {
        let Some(item) = self.item(id).await? else { return Ok(None) };
        let list = self.store().versions(id).await?;
        Ok((!list.is_empty()).then_some(Versions { item, list }))
    }

    /// A release that is shown, or held to be another one that is: what was quoted from it is read at the same addresses for good.
    pub async fn lasting(&self, id: ReleaseId) -> Result<Option<Lasting>> {
        let found = match self.release_with_history(id).await? {
            Some((release, history)) => Some((release, history, None)),
            None => self.store().joined(id).await?.map(|Joined { whole, into, slug }| (whole.release, whole.history, Some((into, slug)))),
        };
        let Some((release, history, joined)) = found else { return Ok(None) };
        let list = self.store().versions(id).await?;
        let versions = Versions { item: release.item.clone(), list };
        Ok((!versions.list.is_empty()).then_some(Lasting { release, history, versions, joined }))
    }

    /// The release that a version was made, as its first; `None` for a version that was never split off.
    pub async fn split_off(&self, id: ReleaseId, number: u32) -> Result<Option<ReleaseId>> {
        Ok(self.store().split_off(id, number).await?)
    }

    /// The release of which one was a version, and under which number.
    pub async fn split_from(&self, id: ReleaseId) -> Result<Option<(ReleaseId, u32)>> {
        Ok(self.store().split_from(id).await?)
    }

    /// One version with its words; `None` for a number that the release never had.
    pub async fn version(&self, id: ReleaseId, number: u32) -> Result<Option<Version>> {
        Ok(self.store().version(id, number).await?)
    }
}
