//! Searching: one pass over the matching releases gives the best hits, the exact count, exact facet counts and a count for each day.
//!
//! Facets are counted sideways: the counts of a facet ignore what is chosen in that same facet, so that a reader sees what each
//! further choice would add.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{Datelike, NaiveDate};
use tantivy::columnar::Column;
use tantivy::{DocId, SegmentReader};

use super::columns::{Columns, SegmentColumns, UNDATED};
use super::eval::{Block, Budget, Opener, Planner};
use super::grammar::Node;
use super::{IndexError, Result, SearchIndex, schema};
use crate::model::query::{Facet, Filters, Sort, Within};

/// How long one search may take before it is given up.
const BUDGET: Duration = Duration::from_secs(5);

/// What is counted beside the hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tally {
    /// The number of hits only.
    Total,
    /// Days too.
    Days,
    /// Days, and so many values of each facet, the most frequent; chosen ones in any case.
    Top(usize),
    /// Days, and every value of each facet.
    Everything,
}

impl Tally {
    /// How many values of a facet are wanted.
    const fn values(self) -> usize {
        match self {
            Self::Total | Self::Days => 0,
            Self::Top(values) => values,
            Self::Everything => usize::MAX,
        }
    }

    const fn days(self) -> bool {
        !matches!(self, Self::Total)
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    pub seq: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetCount {
    pub value: String,
    pub count: u64,
    pub selected: bool,
}

/// What a search found. Every number is exact.
#[derive(Clone, Debug, Default)]
pub struct SearchResults {
    pub total: u64,
    pub hits: Vec<Hit>,
    facets: [Vec<FacetCount>; 6],
    distinct: [usize; 6],
    /// Hits for each day that has some, oldest first.
    pub days: Vec<(NaiveDate, u64)>,
    pub undated: u64,
}

impl SearchResults {
    /// Values of a facet, most frequent first; chosen ones are there even where they find nothing.
    pub fn facet(&self, facet: Facet) -> &[FacetCount] {
        &self.facets[facet as usize]
    }

    /// How many values of a facet the hits have, whether asked for or not.
    pub fn distinct(&self, facet: Facet) -> usize {
        self.distinct[facet as usize]
    }
}

/// A search for the index.
#[derive(Clone, Debug)]
pub struct Ask {
    pub tree: Option<Node>,
    pub filters: Filters,
    /// The releases that are looked at; `None` for all.
    pub within: Option<Within>,
    pub sort: Sort,
    pub offset: usize,
    pub limit: usize,
    pub tally: Tally,
}

impl SearchIndex {
    /// Searches on a thread of the blocking pool.
    ///
    /// # Errors
    /// [`IndexError::TooSlow`] where the time budget ran out: never a partial count.
    pub async fn search(self: &Arc<Self>, ask: Ask) -> Result<SearchResults> {
        let index = Arc::clone(self);
        tokio::task::spawn_blocking(move || index.search_now(&ask)).await.map_err(|error| IndexError::Tantivy(error.to_string()))?
    }

    /// Searches on this thread.
    pub fn search_now(&self, ask: &Ask) -> Result<SearchResults> {
        let view = self.view();
        let columns = view.columns()?;
        let planner = Planner::new(&view, &self.fields, &self.ranking)?;
        let plan = planner.plan(ask.tree.as_ref())?;
        let budget = Rc::new(Budget::until(Instant::now() + BUDGET));
        let mut found = Found::new(ask, columns);
        for (segment, arrays) in view.searcher().segment_readers().iter().zip(&columns.segments) {
            let scored = ask.sort == Sort::Relevance && ask.limit > 0;
            let opener = Opener { segment, columns: arrays, fields: &self.fields, budget: Rc::clone(&budget), scored };
            let mut cursor = opener.open(&plan)?;
            let mut pass = Pass::new(segment, arrays, ask)?;
            let mut block = Block::new();
            loop {
                let filled = cursor.fill(&mut block, scored);
                pass.take(&block, filled, &mut found);
                if filled < Block::SIZE || budget.tick(filled as u32) {
                    break;
                }
            }
            if budget.is_spent() {
                return Err(IndexError::TooSlow);
            }
        }
        Ok(found.results(ask, columns))
    }
}

/// The place of a hit in the order asked for: larger comes first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    first: i64,
    then: i64,
    tie: i64,
    seq: i64,
}

/// What has been found so far, in all segments.
struct Found {
    total: u64,
    undated: u64,
    keep: usize,
    best: BinaryHeap<Reverse<Rank>>,
    /// Score of the worst hit that is kept, once there are enough of them.
    least: f32,
    filters: Filtering,
    /// For each value of all facets, by its number.
    counts: Vec<u32>,
    /// The numbers of each facet's values.
    numbers: [Range<u32>; 6],
    /// For each day from the first on that any release has.
    days: Vec<u32>,
    first_day: i32,
}

/// Filters in the terms of the columns.
struct Filtering {
    from: i32,
    to: i32,
    dated: bool,
    /// For each value of all facets, the bit of its facet if it is chosen.
    chosen: Vec<u8>,
    /// Bits of the facets in which anything is chosen.
    wanted: u8,
}

impl Filtering {
    fn new(filters: &Filters, columns: &Columns) -> Self {
        let mut filtering = Self {
            from: filters.from.map_or(i32::MIN, |day| day.num_days_from_ce()),
            to: filters.to.map_or(i32::MAX, |day| day.num_days_from_ce()),
            dated: filters.has_dates(),
            chosen: Vec::new(),
            wanted: 0,
        };
        for facet in Facet::ALL.into_iter().filter(|facet| !filters.values(*facet).is_empty()) {
            filtering.wanted |= bit(facet);
            filtering.chosen.resize(columns.all_values(), 0);
            for number in filters.values(facet).iter().filter_map(|value| columns.number(facet, value)) {
                filtering.chosen[number as usize] = bit(facet);
            }
        }
        filtering
    }

    /// Whether a release passes; or else the one facet that it fails at, if that is all it fails at.
    #[inline]
    fn pass(&self, columns: &SegmentColumns, doc: DocId) -> Result<(), Option<Facet>> {
        if self.dated {
            let day = columns.day[doc as usize];
            if day == UNDATED || day < self.from || day > self.to {
                return Err(None);
            }
        }
        if self.wanted == 0 {
            return Ok(());
        }
        let answered = columns.values(doc).iter().fold(0, |answered, value| answered | self.chosen[*value as usize]);
        match self.wanted & !answered {
            0 => Ok(()),
            failed if failed.is_power_of_two() => Err(Facet::ALL.into_iter().find(|facet| bit(*facet) == failed)),
            _ => Err(None),
        }
    }

    const fn is_empty(&self) -> bool {
        !self.dated && self.wanted == 0
    }
}

const fn bit(facet: Facet) -> u8 {
    1 << facet as u8
}

impl Found {
    fn new(ask: &Ask, columns: &Columns) -> Self {
        let faceted = ask.tally.values() > 0;
        let (first_day, days) = match columns.days {
            Some((first, last)) if ask.tally.days() => (first, vec![0; (last - first) as usize + 1]),
            _ => (0, Vec::new()),
        };
        Self {
            total: 0,
            undated: 0,
            keep: if ask.limit == 0 { 0 } else { ask.offset.saturating_add(ask.limit) },
            best: BinaryHeap::new(),
            least: 0.0,
            filters: Filtering::new(&ask.filters, columns),
            numbers: Facet::ALL.map(|facet| columns.numbers(facet)),
            counts: if faceted { vec![0; columns.all_values()] } else { Vec::new() },
            days,
            first_day,
        }
    }

    fn results(self, ask: &Ask, columns: &Columns) -> SearchResults {
        let day = |at: usize| NaiveDate::from_num_days_from_ce_opt(self.first_day + at as i32);
        let mut distinct = [0; 6];
        let facets = Facet::ALL.map(|facet| {
            let numbers = columns.numbers(facet);
            let first = numbers.start;
            let counts = self.counts.get(first as usize..numbers.end as usize).unwrap_or(&[]);
            let chosen: Vec<u32> = ask.filters.values(facet).iter().filter_map(|value| columns.number(facet, value)).collect();
            // Numbers are in alphabetical order, which is also the order of equals.
            let mut found: Vec<(Reverse<u32>, u32)> =
                numbers.zip(counts).filter(|(_, count)| **count > 0).map(|(number, count)| (Reverse(*count), number)).collect();
            distinct[facet as usize] = found.len();
            found.sort_unstable();
            let wanted = found.iter().enumerate().filter(|(index, (_, number))| *index < ask.tally.values() || chosen.contains(number));
            let mut listed: Vec<FacetCount> = wanted
                .map(|(_, (Reverse(count), number))| FacetCount {
                    selected: chosen.contains(number),
                    value: columns.values[facet as usize][(number - first) as usize].clone(),
                    count: u64::from(*count),
                })
                .collect();
            if ask.tally.values() > 0 {
                for value in ask.filters.values(facet) {
                    if !listed.iter().any(|count| count.value == *value) {
                        listed.push(FacetCount { value: value.clone(), count: 0, selected: true });
                    }
                }
            }
            listed
        });
        SearchResults {
            total: self.total,
            hits: self.best.into_sorted_vec().into_iter().skip(ask.offset).map(|Reverse(rank)| Hit { seq: rank.seq }).collect(),
            facets,
            distinct,
            days: self
                .days
                .iter()
                .enumerate()
                .filter(|(_, count)| **count > 0)
                .filter_map(|(at, count)| Some((day(at)?, u64::from(*count))))
                .collect(),
            undated: self.undated,
        }
    }
}

/// One segment's matches on their way into [`Found`].
struct Pass<'a> {
    segment: &'a SegmentReader,
    columns: &'a SegmentColumns,
    seq: Column<u64>,
    id: Column<u64>,
    arrived: Column<i64>,
    within: Option<&'a Within>,
    sort: Sort,
    tally: Tally,
    docs: Vec<DocId>,
}

impl<'a> Pass<'a> {
    fn new(segment: &'a SegmentReader, columns: &'a SegmentColumns, ask: &'a Ask) -> Result<Self> {
        let fast = segment.fast_fields();
        Ok(Self {
            segment,
            columns,
            seq: fast.u64(schema::SEQ)?,
            id: fast.u64(schema::ID)?,
            arrived: fast.i64(schema::ARRIVED)?,
            within: ask.within.as_ref(),
            sort: ask.sort,
            tally: ask.tally,
            docs: Vec::with_capacity(Block::SIZE),
        })
    }

    fn take(&mut self, block: &Block, filled: usize, found: &mut Found) {
        self.docs.clear();
        let alive = self.segment.alive_bitset();
        if alive.is_none() && found.filters.is_empty() && self.within.is_none() {
            self.docs.extend_from_slice(&block.docs[..filled]);
            self.offer_all(block, filled, found);
            self.count_all(found);
            return;
        }
        for (doc, score) in block.docs[..filled].iter().copied().zip(block.scores) {
            if alive.is_some_and(|alive| alive.is_deleted(doc)) {
                continue;
            }
            if self.within.is_some_and(|within| !within.contains(self.number(doc))) {
                continue;
            }
            if !found.filters.is_empty() {
                match found.filters.pass(self.columns, doc) {
                    Ok(()) => {}
                    Err(Some(facet)) if self.tally.values() > 0 => {
                        self.count(facet, doc, found);
                        continue;
                    }
                    Err(_) => continue,
                }
            }
            self.docs.push(doc);
            if found.keep > 0 {
                self.offer(doc, score, found);
            }
        }
        self.count_all(found);
    }

    fn offer_all(&self, block: &Block, filled: usize, found: &mut Found) {
        if found.keep == 0 {
            return;
        }
        for (doc, score) in block.docs[..filled].iter().copied().zip(block.scores) {
            // Most hits are worse than the worst that is kept, which their score alone can say.
            if self.sort != Sort::Relevance || score >= found.least {
                self.offer(doc, score, found);
            }
        }
    }

    fn count_all(&self, found: &mut Found) {
        found.total += self.docs.len() as u64;
        if self.tally.days() {
            self.tally(found);
        }
    }

    fn tally(&self, found: &mut Found) {
        if self.tally.values() > 0 {
            for doc in &self.docs {
                for value in self.columns.values(*doc) {
                    found.counts[*value as usize] += 1;
                }
            }
        }
        for doc in &self.docs {
            match self.columns.day[*doc as usize] {
                UNDATED => found.undated += 1,
                day => found.days[(day - found.first_day) as usize] += 1,
            }
        }
    }

    fn count(&self, facet: Facet, doc: DocId, found: &mut Found) {
        let numbers = found.numbers[facet as usize].clone();
        for value in self.columns.values(doc).iter().filter(|value| numbers.contains(value)) {
            found.counts[*value as usize] += 1;
        }
    }

    /// The internal number of a release.
    fn number(&self, doc: DocId) -> i64 {
        self.seq.first(doc).unwrap_or(0) as i64
    }

    #[inline]
    fn offer(&self, doc: DocId, score: f32, found: &mut Found) {
        let newest = self.columns.sort_key[doc as usize];
        let (first, then) = match self.sort {
            // Scores are not negative, so that their bits order as they do.
            Sort::Relevance => (i64::from(score.max(0.0).to_bits()), newest),
            Sort::Newest => (newest, 0),
            Sort::Oldest => (if newest == i64::MIN { i64::MIN } else { -newest }, 0),
            Sort::Arrived => (self.arrived.first(doc).unwrap_or(0), newest),
            Sort::Number => (self.number(doc), 0),
        };
        let full = found.best.len() == found.keep;
        if full && found.best.peek().is_some_and(|Reverse(least)| (first, then) < (least.first, least.then)) {
            return;
        }
        let id = self.id.first(doc).unwrap_or(0) as i64;
        let tie = if self.sort == Sort::Oldest { id } else { -id };
        let rank = Rank { first, then, tie, seq: self.number(doc) };
        if full {
            if found.best.peek().is_some_and(|Reverse(least)| *least >= rank) {
                return;
            }
            found.best.pop();
        }
        found.best.push(Reverse(rank));
        if self.sort == Sort::Relevance && found.best.len() == found.keep {
            found.least = found.best.peek().map_or(0.0, |Reverse(least)| f32::from_bits(least.first as u32));
        }
    }
}
