//! What a feed holds: the last that came of what a search finds, pages of it, and all of it in blocks that stay as they are (RFC 5005).
//!
//! A block is a run of internal numbers. A release never gets another number, so a block that is full holds the same releases for as long as
//! they are shown. What came last and what is in the block that is still filling, together with the full blocks, is everything.

use std::collections::HashSet;

use super::query::Query;
use super::search::{ask, unknown};
use super::{Archive, ReadingError, Result};
use crate::index::grammar::Node;
use crate::index::{Ask, Tally};
use crate::model::page::PageNumber;
use crate::model::query::{Facet, MAX_REACH, SearchRequest, Sort, Within};
use crate::model::{EventKind, ReleaseId, Whole};
use crate::store::EventsAsked;

/// Releases in a page, and the last come that a feed holds in any case.
const LATEST: usize = 50;

/// Internal numbers in a block.
const BLOCK: i64 = 100;

/// Withdrawn releases that a feed still names.
const WITHDRAWN: usize = 50;

/// Withdrawals of each kind that are looked through for those of one topic.
const LOOKED_THROUGH: usize = 200;

/// Which document of a feed is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeedPart {
    /// The one that is subscribed to.
    Current,
    /// Of what came last, so many at a time, up to [`MAX_REACH`].
    Page(PageNumber),
    /// A full block, counted from 1.
    Archive(u32),
}

/// A document of a feed.
#[derive(Clone, Debug)]
pub struct FeedAnswer {
    pub query: Query,
    /// Chosen values that the archive does not know.
    pub unknown: Vec<(Facet, String)>,
    /// How many releases the search finds in all.
    pub total: u64,
    /// Last come first.
    pub wholes: Vec<Whole>,
    /// How many pages there are.
    pub pages: u32,
    /// The nearest older and newer full blocks that hold something; of the current document the newest of all, and none.
    pub older: Option<u32>,
    pub newer: Option<u32>,
}

/// A release that was withdrawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithdrawnEntry {
    pub id: ReleaseId,
    /// RFC 3339, UTC.
    pub at: String,
    pub because: String,
}

impl Archive {
    /// A document of the feed of a search, whose order and place are not looked at; `None` for a page or a block that it does not have.
    ///
    /// # Errors
    /// As [`search`](Self::search).
    pub async fn feed(&self, request: SearchRequest, part: FeedPart) -> Result<Option<FeedAnswer>> {
        let overview = self.overview();
        if overview.generation.index == 0 && overview.releases > 0 {
            return Err(ReadingError::Building);
        }
        let query = self.read(&request)?;
        let walk = Walk { archive: self, request: &request, tree: query.tree.as_ref() };
        let full = self.full_blocks().await?;
        let (mut seqs, total) = walk.hits(None, Sort::Arrived, 0, LATEST).await?;
        // What the current document holds beside the last come; the pages go on behind all that it holds, so that nothing comes twice.
        let mut filling = match part {
            FeedPart::Archive(_) => Vec::new(),
            _ => walk.block(full + 1).await?,
        };
        filling.retain(|seq| !seqs.contains(seq));
        let behind = (total as usize).min(MAX_REACH).saturating_sub(LATEST + filling.len());
        let pages = 1 + behind.div_ceil(LATEST) as u32;
        let (mut older, mut newer) = (None, None);
        match part {
            FeedPart::Current => {
                seqs.extend(filling);
                older = walk.newest_block(0, full).await?;
            }
            FeedPart::Page(number) if number.get() > pages => return Ok(None),
            FeedPart::Page(number) => {
                // At most a block of what follows stands in the current document already.
                let (skip, reach) = ((number.get() as usize).saturating_sub(2) * LATEST, MAX_REACH - LATEST);
                let wanted = (skip + LATEST + filling.len()).min(reach);
                let (following, _) = walk.hits(None, Sort::Arrived, LATEST, wanted).await?;
                seqs = following.into_iter().filter(|seq| !filling.contains(seq)).skip(skip).take(LATEST).collect();
            }
            FeedPart::Archive(number) => {
                let number = i64::from(number);
                seqs = if (1..=full).contains(&number) { walk.block(number).await? } else { Vec::new() };
                if seqs.is_empty() {
                    return Ok(None);
                }
                older = walk.newest_block(0, number - 1).await?;
                newer = walk.oldest_block(number, full).await?;
            }
        }
        let named = |block: Option<i64>| block.and_then(|block| u32::try_from(block).ok());
        Ok(Some(FeedAnswer {
            unknown: unknown(&request, &overview),
            wholes: self.store().wholes(&seqs).await?,
            query,
            total,
            pages,
            older: named(older),
            newer: named(newer),
        }))
    }

    /// How many blocks are full, as far as searches see.
    async fn full_blocks(&self) -> Result<i64> {
        // In this order: what is searched then holds at least all up to that number.
        let last = self.store().next_seq().await? - 1;
        let logged = self.store().generation().await?;
        if self.index().generation() >= logged {
            return Ok(last / BLOCK);
        }
        let all = SearchRequest::words("", chrono::NaiveDate::MIN);
        let (newest, _) = Walk { archive: self, request: &all, tree: None }.hits(None, Sort::Number, 0, 1).await?;
        Ok(newest.first().copied().unwrap_or(0).min(last) / BLOCK)
    }

    /// When any record last changed, was added or went (RFC 3339, UTC, whole seconds); `None` for an archive that holds nothing. Never smaller than
    /// it was before.
    pub async fn last_changed(&self) -> Result<Option<String>> {
        Ok(self.store().stamp_bounds().await?.map(|(_, last)| last))
    }

    /// [`last_changed`](Self::last_changed), where searches see all that had changed by then; `None` while they do not.
    pub async fn last_found(&self) -> Result<Option<String>> {
        // In this order: what is logged then is all that has a stamp up to that one.
        let last = self.last_changed().await?;
        let logged = self.store().generation().await?;
        Ok(last.filter(|_| self.index().generation() >= logged))
    }

    /// Releases that were withdrawn of late and are not shown again, last first: of a topic where one is named. One that was erased may have been in
    /// any, since its topics went with its words.
    pub async fn lately_withdrawn(&self, topic: Option<&str>) -> Result<Vec<WithdrawnEntry>> {
        let mut entries: Vec<WithdrawnEntry> = Vec::new();
        let mut erased = HashSet::new();
        let limit = if topic.is_some() { LOOKED_THROUGH } else { WITHDRAWN } as u32;
        for kind in [EventKind::Withdrawn, EventKind::Erased] {
            for event in self.store().events(EventsAsked { kind: Some(kind), limit, ..EventsAsked::default() }).await? {
                if let Some((id, _, _, false)) = event.release {
                    erased.extend((kind == EventKind::Erased).then_some(id));
                    entries.push(WithdrawnEntry { id, at: event.at, because: event.detail.because });
                }
            }
        }
        entries.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| a.id.cmp(&b.id)));
        let mut known = HashSet::new();
        entries.retain(|entry| known.insert(entry.id));
        let Some(topic) = topic else {
            entries.truncate(WITHDRAWN);
            return Ok(entries);
        };
        let mut within = Vec::new();
        for entry in entries {
            let is_within = erased.contains(&entry.id)
                || self.store().stamp_of(entry.id).await?.is_some_and(|stamped| stamped.topics.iter().any(|slug| slug == topic));
            if is_within {
                within.push(entry);
            }
            if within.len() == WITHDRAWN {
                break;
            }
        }
        Ok(within)
    }
}

/// A search, asked about one run of numbers after another.
struct Walk<'a> {
    archive: &'a Archive,
    request: &'a SearchRequest,
    tree: Option<&'a Node>,
}

impl Walk<'_> {
    /// Hits in an order, and how many there are without bounds.
    async fn hits(&self, within: Option<Within>, sort: Sort, offset: usize, limit: usize) -> Result<(Vec<i64>, u64)> {
        let request = SearchRequest { within, sort, offset, limit, ..self.request.clone() };
        let ask = Ask { sort, ..ask(&request, self.tree.cloned(), Tally::Total) };
        let found = self.archive.index().search(ask).await?;
        Ok((found.hits.iter().map(|hit| hit.seq).collect(), found.total))
    }

    /// The hits of one block, last come first.
    async fn block(&self, number: i64) -> Result<Vec<i64>> {
        let within = Within::Range { after: (number - 1) * BLOCK, to: number * BLOCK };
        Ok(self.hits(Some(within), Sort::Number, 0, BLOCK as usize).await?.0)
    }

    /// The last block with hits behind one, up to another.
    async fn newest_block(&self, after: i64, to: i64) -> Result<Option<i64>> {
        if after >= to {
            return Ok(None);
        }
        let within = Within::Range { after: after * BLOCK, to: to * BLOCK };
        let (newest, _) = self.hits(Some(within), Sort::Number, 0, 1).await?;
        Ok(newest.first().map(|seq| (seq - 1) / BLOCK + 1))
    }

    /// The first block with hits behind one, up to another: looked for in steps that double, then by halves, since few searches leave large gaps.
    async fn oldest_block(&self, after: i64, to: i64) -> Result<Option<i64>> {
        let (mut low, mut step) = (after, 1);
        while low < to {
            let Some(mut high) = self.newest_block(low, (low + step).min(to)).await? else {
                low = (low + step).min(to);
                step *= 2;
                continue;
            };
            // It has hits; what lies between may have some too.
            while high - low > 1 {
                let middle = low + (high - low) / 2;
                match self.newest_block(low, middle).await? {
                    Some(found) => high = found,
                    None => low = middle,
                }
            }
            return Ok(Some(high));
        }
        Ok(None)
    }
}
