//! Releases that are about the same: they share rare words, topics, places and people, and it can be said which.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tantivy::schema::{IndexRecordOption, Term};
use tantivy::{DocId, DocSet};

use super::analysis::Analyser;
use super::columns::Columns;
use super::eval::{Block, Budget, Opener, Planner};
use super::stop_words::is_stop_word;
use super::view::View;
use super::{IndexError, Result, SearchIndex, schema};
use crate::model::query::Facet;

/// A related release and what it shares, the most telling first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    pub seq: i64,
    pub shares: Vec<Shared>,
}

/// Something that two releases share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shared {
    /// A rare word, as the release that was asked about writes it.
    Word(String),
    /// A value of a facet.
    Value(Facet, String),
}

/// What relations of a release are looked up by.
#[derive(Clone, Debug)]
pub struct About {
    pub seq: i64,
    pub lang: String,
    pub title: String,
    pub body: String,
    /// Topics, places and people.
    pub values: Vec<(Facet, String)>,
}

/// How many of a release's words its relations are looked up by.
const WORDS: usize = 20;
/// So much of a long text, in bytes, tells what it is about.
const ENOUGH: usize = 20_000;
/// What is shared is named up to so many.
const NAMED: usize = 3;
/// Copies of the release are passed over, so many at most.
const COPIES: usize = 40;
const BUDGET: Duration = Duration::from_secs(2);

/// Something to look up.
struct Clue {
    shared: Shared,
    term: Term,
    weight: f32,
}

impl SearchIndex {
    /// Releases about the same, nearest first, newer first among equals; neither the release itself nor copies of its text.
    pub async fn related(self: &Arc<Self>, about: About, limit: usize) -> Result<Vec<Related>> {
        let index = Arc::clone(self);
        let work = move || index.related_now(&about, limit);
        tokio::task::spawn_blocking(work).await.map_err(|error| IndexError::Tantivy(error.to_string()))?
    }

    fn related_now(&self, about: &About, limit: usize) -> Result<Vec<Related>> {
        let view = self.view();
        let columns = view.columns()?;
        let clues = self.clues(&view, about)?;
        if clues.is_empty() {
            return Ok(Vec::new());
        }
        let planner = Planner::new(&view, &self.fields, &self.ranking)?;
        let plan = planner.any_listed(clues.iter().map(|clue| (clue.term.clone(), clue.weight)));
        let mut best = self.best(&view, columns, &plan, limit + 1 + COPIES)?;
        let text = schema::text_hash(&about.body);
        best.retain(|hit| hit.seq != about.seq && hit.hash != Some(text));
        best.truncate(limit);
        best.iter().map(|hit| Ok(Related { seq: hit.seq, shares: shares(&view, &clues, hit)? })).collect()
    }

    fn clues(&self, view: &View, about: &About) -> Result<Vec<Clue>> {
        let (analyser, field) = match Analyser::of(&about.lang) {
            Analyser::French => (Analyser::French, self.fields.text_fr),
            _ => (Analyser::English, self.fields.text_en),
        };
        let searcher = view.searcher();
        let all = searcher.num_docs() as f32;
        let rarity = |holders: u64| {
            let holders = holders as f32;
            // A word of this release alone leads nowhere, one of every fourth release anywhere.
            (holders >= 2.0 && holders <= (all / 4.0).max(5.0)).then(|| (1.0 + all / holders).ln())
        };
        let text = format!("{}\n{}", about.title, beginning(&about.body));
        let mut words: BTreeMap<String, (f32, &str)> = BTreeMap::new();
        for token in analyser.words(&text) {
            let surface = &text[token.offset_from..token.offset_to];
            if token.text.len() >= 3 && !is_stop_word(&token.text) {
                let entry = words.entry(token.text).or_insert((0.0, surface));
                entry.0 += 1.0;
            }
        }
        let mut clues = Vec::new();
        for (stem, (count, surface)) in words {
            let term = Term::from_field_text(field, &stem);
            if let Some(rarity) = rarity(searcher.doc_freq(&term)?) {
                clues.push(Clue { shared: Shared::Word(surface.to_owned()), term, weight: count.sqrt().min(3.0) * rarity * rarity });
            }
        }
        clues.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.term.cmp(&b.term)));
        clues.truncate(WORDS);
        for (facet, value) in &about.values {
            let term = Term::from_field_text(self.fields.facet(*facet), value);
            if let Some(rarity) = rarity(searcher.doc_freq(&term)?) {
                clues.push(Clue { shared: Shared::Value(*facet, value.clone()), term, weight: rarity * rarity });
            }
        }
        Ok(clues)
    }

    fn best(&self, view: &View, columns: &Columns, plan: &super::eval::Plan, keep: usize) -> Result<Vec<Near>> {
        let budget = Rc::new(Budget::until(Instant::now() + BUDGET));
        let mut best: Vec<Near> = Vec::new();
        for (number, (segment, arrays)) in view.searcher().segment_readers().iter().zip(&columns.segments).enumerate() {
            let opener = Opener { segment, columns: arrays, fields: &self.fields, budget: Rc::clone(&budget), scored: true };
            let mut cursor = opener.open(plan)?;
            let (seq, hash) = (segment.fast_fields().u64(schema::SEQ)?, segment.fast_fields().u64(schema::TEXT_HASH)?);
            let mut block = Block::new();
            loop {
                let filled = cursor.fill(&mut block, true);
                for (doc, score) in block.docs[..filled].iter().copied().zip(block.scores) {
                    let newest = arrays.sort_key[doc as usize];
                    let least = best.get(keep.wrapping_sub(1)).map(|near| (near.score, near.newest));
                    if segment.alive_bitset().is_some_and(|alive| alive.is_deleted(doc))
                        || least.is_some_and(|least| (score, newest) <= least)
                    {
                        continue;
                    }
                    let at = best.partition_point(|near| (near.score, near.newest) >= (score, newest));
                    let seq = seq.first(doc).unwrap_or(0) as i64;
                    best.insert(at, Near { seq, segment: number, doc, score, newest, hash: hash.first(doc) });
                    best.truncate(keep);
                }
                if filled < Block::SIZE || budget.tick(filled as u32) {
                    break;
                }
            }
        }
        Ok(best)
    }
}

/// A release that shares something.
struct Near {
    seq: i64,
    segment: usize,
    doc: DocId,
    score: f32,
    newest: i64,
    hash: Option<u64>,
}

/// What a release shares, by the clues that it holds.
fn shares(view: &View, clues: &[Clue], near: &Near) -> Result<Vec<Shared>> {
    let segment = &view.searcher().segment_readers()[near.segment];
    let mut shared: Vec<&Clue> = Vec::new();
    for clue in clues {
        let inverted = segment.inverted_index(clue.term.field())?;
        let Some(mut postings) = inverted.read_postings(&clue.term, IndexRecordOption::Basic).map_err(tantivy::TantivyError::from)? else {
            continue;
        };
        if postings.doc() == near.doc || (postings.doc() < near.doc && postings.seek(near.doc) == near.doc) {
            shared.push(clue);
        }
    }
    shared.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    Ok(shared.into_iter().take(NAMED).map(|clue| clue.shared.clone()).collect())
}

/// The beginning of a long text.
fn beginning(body: &str) -> &str {
    if body.len() <= ENOUGH {
        return body;
    }
    let end = (0..=ENOUGH).rev().find(|at| body.is_char_boundary(*at)).unwrap_or(0);
    &body[..end]
}
