//! Searching: one pass over the matching releases gives the best hits, the exact count, exact facet counts and a count for each day.
//!
//! Facets are counted sideways: the counts of a facet ignore what is chosen in that same facet, so that a reader sees what each
//! further choice would add.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::{Datelike, NaiveDate};
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query, TermQuery};
use tantivy::schema::{IndexRecordOption, Term};
use tantivy::{DocId, Score, SegmentReader};

use super::analysis::Analyser;
use super::grammar::Node;
use super::{IndexError, Result, SearchIndex, query, schema};
use crate::model::query::{Facet, Filters, Sort};

/// How long one search may take before it is given up.
const BUDGET: Duration = Duration::from_secs(5);

/// What is counted beside the hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tally {
    /// The number of hits only.
    Total,
    /// Facets and days too.
    Everything,
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
    /// Hits for each day that has some, oldest first.
    pub days: Vec<(NaiveDate, u64)>,
    pub undated: u64,
}

impl SearchResults {
    /// Values of a facet, most frequent first; chosen ones are there even where they find nothing.
    pub fn facet(&self, facet: Facet) -> &[FacetCount] {
        &self.facets[facet as usize]
    }
}

/// A search for the index.
#[derive(Clone, Debug)]
pub struct Ask {
    pub tree: Option<Node>,
    pub filters: Filters,
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
        let query = query::build(ask.tree.as_ref(), &self.fields);
        let collector = Sideways {
            filters: ask.filters.clone(),
            sort: ask.sort,
            keep: ask.offset.saturating_add(ask.limit),
            tally: ask.tally,
            deadline: Instant::now() + BUDGET,
            expired: Arc::default(),
        };
        let expired = Arc::clone(&collector.expired);
        let found = self.reader.searcher().search(&query, &collector)?;
        if expired.load(Ordering::Relaxed) {
            return Err(IndexError::TooSlow);
        }
        Ok(found.results(ask))
    }

    /// Releases that share rare words with the given text, nearest first; the release itself left out.
    pub async fn related(self: &Arc<Self>, seq: i64, lang: &str, title: &str, body: &str, limit: usize) -> Result<Vec<i64>> {
        let index = Arc::clone(self);
        let (lang, text) = (lang.to_owned(), format!("{title}\n{}", beginning(body)));
        let work = move || index.related_now(seq, &lang, &text, limit);
        tokio::task::spawn_blocking(work).await.map_err(|error| IndexError::Tantivy(error.to_string()))?
    }

    fn related_now(&self, seq: i64, lang: &str, text: &str, limit: usize) -> Result<Vec<i64>> {
        let (analyser, field) = match Analyser::of(lang) {
            Analyser::French => (Analyser::French, self.fields.text_fr),
            _ => (Analyser::English, self.fields.text_en),
        };
        let searcher = self.reader.searcher();
        let all = searcher.num_docs() as f32;
        let mut counts: BTreeMap<String, f32> = BTreeMap::new();
        for token in analyser.words(text).into_iter().filter(|token| token.text.len() >= 3) {
            *counts.entry(token.text).or_default() += 1.0;
        }
        let mut words: Vec<(f32, Term)> = Vec::new();
        for (word, count) in counts {
            let term = Term::from_field_text(field, &word);
            let holders = searcher.doc_freq(&term)? as f32;
            // A word of this release alone leads nowhere, one of every fourth release anywhere.
            if holders >= 2.0 && holders <= (all / 4.0).max(5.0) {
                words.push((count.sqrt() * (all / holders).ln().max(0.1), term));
            }
        }
        words.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        words.truncate(RELATED_WORDS);
        let alike = words
            .into_iter()
            .map(|(weight, term)| -> (Occur, Box<dyn Query>) {
                (Occur::Should, Box::new(BoostQuery::new(Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)), weight)))
            })
            .collect();
        let itself = TermQuery::new(Term::from_field_u64(self.fields.seq, seq as u64), IndexRecordOption::Basic);
        let clauses: Vec<(Occur, Box<dyn Query>)> =
            vec![(Occur::Must, Box::new(BooleanQuery::new(alike))), (Occur::MustNot, Box::new(itself))];
        let collector = Sideways {
            filters: Filters::default(),
            sort: Sort::Relevance,
            keep: limit,
            tally: Tally::Total,
            deadline: Instant::now() + BUDGET,
            expired: Arc::default(),
        };
        let found = searcher.search(&BooleanQuery::new(clauses), &collector)?;
        Ok(found.best.into_sorted_vec().into_iter().map(|Reverse(rank)| rank.seq).collect())
    }
}

/// How many of a release's words its relations are looked up by.
const RELATED_WORDS: usize = 20;

/// So much of a long text tells what it is about.
fn beginning(body: &str) -> &str {
    const ENOUGH: usize = 20_000;
    &body[..body
        .char_indices()
        .map(|(at, _)| at)
        .take_while(|at| *at <= ENOUGH)
        .last()
        .filter(|_| body.len() > ENOUGH)
        .unwrap_or(body.len())]
}

/// The place of a hit in the order asked for: larger comes first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    first: i64,
    then: i64,
    tie: i64,
    seq: i64,
}

struct Sideways {
    filters: Filters,
    sort: Sort,
    keep: usize,
    tally: Tally,
    deadline: Instant,
    expired: Arc<AtomicBool>,
}

#[derive(Default)]
struct Found {
    total: u64,
    best: BinaryHeap<Reverse<Rank>>,
    keep: usize,
    facets: [HashMap<String, u64>; 6],
    days: BTreeMap<i64, u64>,
    undated: u64,
}

impl Found {
    fn results(self, ask: &Ask) -> SearchResults {
        let day = |days: i64| i32::try_from(days).ok().and_then(NaiveDate::from_num_days_from_ce_opt);
        let mut facets = self.facets;
        SearchResults {
            total: self.total,
            hits: self.best.into_sorted_vec().into_iter().skip(ask.offset).map(|Reverse(rank)| Hit { seq: rank.seq }).collect(),
            facets: Facet::ALL.map(|facet| {
                let mut counts = std::mem::take(&mut facets[facet as usize]);
                let chosen = ask.filters.values(facet);
                for value in chosen {
                    counts.entry(value.clone()).or_default();
                }
                let mut counts: Vec<FacetCount> =
                    counts.into_iter().map(|(value, count)| FacetCount { selected: chosen.contains(&value), value, count }).collect();
                counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
                counts
            }),
            days: self.days.into_iter().filter_map(|(days, count)| Some((day(days)?, count))).collect(),
            undated: self.undated,
        }
    }
}

impl Collector for Sideways {
    type Fruit = Found;
    type Child = SidewaysSegment;

    fn for_segment(&self, _: u32, segment: &SegmentReader) -> tantivy::Result<SidewaysSegment> {
        let fast = segment.fast_fields();
        let mut facets = Vec::with_capacity(6);
        for facet in Facet::ALL {
            let chosen = self.filters.values(facet);
            if chosen.is_empty() && self.tally == Tally::Total {
                continue;
            }
            let Some(column) = fast.str(facet.token())? else {
                // No release of this segment has the facet: nothing to count, and nothing passes a choice.
                if !chosen.is_empty() {
                    facets.push(FacetColumn { facet, column: None, wanted: Some(Vec::new()), counts: Vec::new() });
                }
                continue;
            };
            let wanted = if chosen.is_empty() {
                None
            } else {
                let mut wanted = vec![false; column.num_terms()];
                for value in chosen {
                    if let Some(ord) = column.dictionary().term_ord(value.as_bytes())? {
                        wanted[ord as usize] = true;
                    }
                }
                Some(wanted)
            };
            let counts = if self.tally == Tally::Everything { vec![0; column.num_terms()] } else { Vec::new() };
            facets.push(FacetColumn { facet, column: Some(column), wanted, counts });
        }
        let days_of = |day: NaiveDate| i64::from(day.num_days_from_ce());
        Ok(SidewaysSegment {
            seq: fast.u64(schema::SEQ)?,
            id: fast.u64(schema::ID)?,
            day: fast.i64(schema::DAY)?,
            sort_key: fast.i64(schema::SORT_KEY)?,
            from: self.filters.from.map(days_of),
            to: self.filters.to.map(days_of),
            sort: self.sort,
            tally: self.tally,
            deadline: self.deadline,
            expired: Arc::clone(&self.expired),
            seen: 0,
            facets,
            found: Found { keep: self.keep, ..Found::default() },
        })
    }

    fn requires_scoring(&self) -> bool {
        self.sort == Sort::Relevance
    }

    fn merge_fruits(&self, fruits: Vec<Found>) -> tantivy::Result<Found> {
        let mut whole = Found { keep: self.keep, ..Found::default() };
        for part in fruits {
            whole.total += part.total;
            whole.undated += part.undated;
            for Reverse(rank) in part.best {
                offer(&mut whole.best, whole.keep, rank);
            }
            for (counts, more) in whole.facets.iter_mut().zip(part.facets) {
                for (value, count) in more {
                    *counts.entry(value).or_default() += count;
                }
            }
            for (day, count) in part.days {
                *whole.days.entry(day).or_default() += count;
            }
        }
        Ok(whole)
    }
}

fn offer(best: &mut BinaryHeap<Reverse<Rank>>, keep: usize, rank: Rank) {
    if best.len() < keep {
        best.push(Reverse(rank));
    } else if best.peek().is_some_and(|Reverse(least)| *least < rank) {
        best.pop();
        best.push(Reverse(rank));
    }
}

struct FacetColumn {
    facet: Facet,
    column: Option<StrColumn>,
    /// Which ordinals are chosen; `None` where the facet is free.
    wanted: Option<Vec<bool>>,
    counts: Vec<u64>,
}

impl FacetColumn {
    fn passes(&self, doc: DocId) -> bool {
        match (&self.wanted, &self.column) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(wanted), Some(column)) => column.term_ords(doc).any(|ord| wanted[ord as usize]),
        }
    }

    fn count(&mut self, doc: DocId) {
        if let Some(column) = &self.column {
            for ord in column.term_ords(doc) {
                self.counts[ord as usize] += 1;
            }
        }
    }
}

struct SidewaysSegment {
    seq: Column<u64>,
    id: Column<u64>,
    day: Column<i64>,
    sort_key: Column<i64>,
    from: Option<i64>,
    to: Option<i64>,
    sort: Sort,
    tally: Tally,
    deadline: Instant,
    expired: Arc<AtomicBool>,
    seen: u32,
    facets: Vec<FacetColumn>,
    found: Found,
}

impl SidewaysSegment {
    /// Looks at the clock now and then; once time is up the rest is passed over.
    fn out_of_time(&mut self) -> bool {
        self.seen = self.seen.wrapping_add(1);
        if self.seen.is_multiple_of(2_048) && Instant::now() > self.deadline {
            self.expired.store(true, Ordering::Relaxed);
        }
        self.expired.load(Ordering::Relaxed)
    }

    fn rank(&self, doc: DocId, score: Score) -> Rank {
        let seq = self.seq.first(doc).unwrap_or(0) as i64;
        let id = self.id.first(doc).unwrap_or(0) as i64;
        let newest = self.sort_key.first(doc).unwrap_or(i64::MIN);
        match self.sort {
            // Scores are not negative, so that their bits order as they do.
            Sort::Relevance => Rank { first: i64::from(score.max(0.0).to_bits()), then: newest, tie: -id, seq },
            Sort::Newest => Rank { first: newest, then: 0, tie: -id, seq },
            Sort::Oldest => Rank { first: if newest == i64::MIN { i64::MIN } else { -newest }, then: 0, tie: id, seq },
        }
    }
}

impl SegmentCollector for SidewaysSegment {
    type Fruit = Found;

    fn collect(&mut self, doc: DocId, score: Score) {
        if self.out_of_time() {
            return;
        }
        let day = self.day.first(doc);
        if self.from.is_some_and(|from| day.is_none_or(|day| day < from)) || self.to.is_some_and(|to| day.is_none_or(|day| day > to)) {
            return;
        }
        let mut failed = None;
        for (index, facet) in self.facets.iter().enumerate() {
            if !facet.passes(doc) && failed.replace(index).is_some() {
                return;
            }
        }
        if let Some(index) = failed {
            if self.tally == Tally::Everything {
                self.facets[index].count(doc);
            }
            return;
        }
        self.found.total += 1;
        if self.found.keep > 0 {
            let rank = self.rank(doc, score);
            offer(&mut self.found.best, self.found.keep, rank);
        }
        if self.tally == Tally::Everything {
            self.facets.iter_mut().for_each(|facet| facet.count(doc));
            match day {
                Some(day) => *self.found.days.entry(day).or_default() += 1,
                None => self.found.undated += 1,
            }
        }
    }

    fn harvest(mut self) -> Found {
        for facet in &self.facets {
            let Some(column) = &facet.column else { continue };
            for (ord, count) in (0u64..).zip(&facet.counts).filter(|(_, count)| **count > 0) {
                let mut value = String::new();
                // A dictionary that does not know its own ordinal is damaged; `check` finds that by its checksum.
                if column.ord_to_str(ord, &mut value).unwrap_or(false) {
                    self.found.facets[facet.facet as usize].insert(value, *count);
                }
            }
        }
        self.found
    }
}
