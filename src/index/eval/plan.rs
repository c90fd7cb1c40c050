//! From the tree of a query to what is looked up: terms with their weights once for the whole index, cursors for each segment.

use std::rc::Rc;
use std::sync::Arc;

use chrono::Datelike;
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{Searcher, SegmentReader};

use super::Budget;
use super::cursor::{Dated, Everything, Listed, Nothing};
use super::near::{Closeness, Near};
use super::phrase::{Phrase, Shape};
use super::sets::{All, Boxed, Merged, Windowed, Without};
use super::word::{BlockList, List, Norms, PlacedWord, Weight, Word};
use crate::index::analysis::Analyser;
use crate::index::columns::{SegmentColumns, UNDATED};
use crate::index::grammar::{Node, Within};
use crate::index::ranking::Ranking;
use crate::index::schema::{Fields, PARAGRAPH, SENTENCE};
use crate::index::view::View;
use crate::model::ReleaseId;

/// What is looked up for a query.
pub enum Plan {
    Everything,
    Nothing,
    Word {
        text: Vec<Term>,
        titles: Vec<Term>,
        weight: Weight,
        title_weight: Weight,
    },
    Phrase {
        terms: Vec<Term>,
        shape: PhraseShape,
        weight: Weight,
    },
    /// Words that begin so, in a field.
    Prefix {
        field: Field,
        start: String,
        weight: Weight,
    },
    Near {
        operands: Vec<Plan>,
        within: Within,
    },
    /// Has the term; always the same score.
    Listed(Term, f32),
    Days {
        from: i32,
        to: i32,
    },
    Not(Box<Plan>),
    All(Vec<Plan>),
    Any(Vec<Plan>),
    Most(Vec<Plan>, usize),
}

/// See [`Shape`].
#[derive(Clone)]
pub enum PhraseShape {
    Behind(Vec<u32>),
    Within(u32),
}

/// Makes plans, and opens them segment by segment.
pub struct Planner<'a> {
    view: &'a View,
    searcher: &'a Searcher,
    fields: &'a Fields,
    ranking: &'a Ranking,
    /// Releases in all.
    releases: f32,
    text: Norms,
    title: Norms,
    exact: Norms,
}

impl<'a> Planner<'a> {
    pub fn new(view: &'a View, fields: &'a Fields, ranking: &'a Ranking) -> tantivy::Result<Self> {
        let searcher = view.searcher();
        let releases = searcher.num_docs().max(1) as f32;
        let norms = |of: &[Field]| -> tantivy::Result<Norms> {
            let mut words = 0;
            for segment in searcher.segment_readers() {
                for field in of {
                    words += segment.inverted_index(*field)?.total_num_tokens();
                }
            }
            let held: u64 = searcher.segment_readers().iter().map(|segment| u64::from(segment.max_doc())).sum();
            Ok(ranking.norms(words as f32 / held.max(1) as f32))
        };
        Ok(Self {
            view,
            searcher,
            fields,
            ranking,
            releases,
            text: norms(&[fields.text_en, fields.text_fr])?,
            title: norms(&[fields.title_en, fields.title_fr])?,
            exact: norms(&[fields.exact])?,
        })
    }

    pub fn plan(&self, tree: Option<&Node>) -> tantivy::Result<Plan> {
        tree.map_or(Ok(Plan::Everything), |node| self.node(node, false))
    }

    /// Releases that have any of the terms, each with its score.
    pub fn any_listed(&self, terms: impl Iterator<Item = (Term, f32)>) -> Plan {
        any(terms.map(|(term, score)| Plan::Listed(term, score)).collect())
    }

    fn node(&self, node: &Node, title: bool) -> tantivy::Result<Plan> {
        let list = |nodes: &[Node]| nodes.iter().map(|node| self.node(node, title)).collect::<tantivy::Result<Vec<_>>>();
        Ok(match node {
            Node::Word { typed, times, also } => {
                let others = also.iter().filter(|variant| !variant.form).map(|variant| variant.words.as_str());
                self.word(&std::iter::once(typed.as_str()).chain(others).collect::<Vec<_>>(), *times, title)?
            }
            Node::Run { words, also } => {
                let mut choices = vec![Plan::All(list(words)?)];
                let others: Vec<&str> = also.iter().filter(|variant| !variant.form).map(|variant| variant.words.as_str()).collect();
                if !others.is_empty() {
                    choices.push(self.word(&others, 1, title)?);
                }
                any(choices)
            }
            Node::Phrase(words) => self.phrase(Analyser::Exact, self.exact_field(title), words, None)?,
            Node::Close { words, within } => self.phrase(Analyser::Exact, self.exact_field(title), words, Some(*within))?,
            Node::Prefix(start) => {
                let field = self.exact_field(title);
                let rarity = self.rarity(self.beginning(field, start)?);
                Plan::Prefix { field, start: start.clone(), weight: self.weight(rarity, field) }
            }
            Node::Near { operands, within } => Plan::Near { operands: list(operands)?, within: *within },
            Node::Title(inner) => self.node(inner, true)?,
            Node::Facet(facet, value) => Plan::Listed(Term::from_field_text(self.fields.facet(*facet), value), 0.0),
            Node::Id(id) => Plan::Listed(self.id(*id), 0.0),
            Node::Days { from, to } => Plan::Days {
                from: from.map_or(UNDATED + 1, |day| day.num_days_from_ce()),
                to: to.map_or(i32::MAX, |day| day.num_days_from_ce()),
            },
            Node::Not(inner) => Plan::Not(Box::new(self.node(inner, title)?)),
            Node::All(nodes) => Plan::All(list(nodes)?),
            Node::Any(nodes) => any(list(nodes)?),
            Node::Most { nodes, at_least } => Plan::Most(list(nodes)?, *at_least),
        })
    }

    fn id(&self, id: ReleaseId) -> Term {
        Term::from_field_u64(self.fields.id, id.number())
    }

    const fn exact_field(&self, title: bool) -> Field {
        if title { self.fields.title_exact } else { self.fields.exact }
    }

    /// Ways to write one word: each in any of its forms, in whichever language a text is. What is several words to a language (`C-130`)
    /// stands there side by side; a variant of several words stands exactly so.
    fn word(&self, written: &[&str], times: u32, title: bool) -> tantivy::Result<Plan> {
        let (english, french) =
            if title { (self.fields.title_en, self.fields.title_fr) } else { (self.fields.text_en, self.fields.text_fr) };
        let (mut text, mut titles, mut phrases) = (Vec::new(), Vec::new(), Vec::new());
        for (number, words) in written.iter().enumerate() {
            if number > 0 && Analyser::Exact.words(words).len() > 1 {
                phrases.push(self.phrase(Analyser::Exact, self.exact_field(title), words, None)?);
                continue;
            }
            for (analyser, field, title_field) in
                [(Analyser::English, english, self.fields.title_en), (Analyser::French, french, self.fields.title_fr)]
            {
                match analyser.words(words).as_slice() {
                    [] => {}
                    [word] => {
                        push_new(&mut text, Term::from_field_text(field, &word.text));
                        if !title {
                            push_new(&mut titles, Term::from_field_text(title_field, &word.text));
                        }
                    }
                    _ => phrases.push(self.phrase(analyser, field, words, None)?),
                }
            }
        }
        let mut choices = Vec::with_capacity(1 + phrases.len());
        if !text.is_empty() {
            let times = times as f32;
            let rarity = self.rarity(self.holders(&text)?) * self.burst(&text)? * self.ranking.repeated(times);
            let title_rarity = rarity * self.ranking.title;
            choices.push(Plan::Word {
                text,
                titles,
                weight: self.weight(rarity, english),
                title_weight: self.weight(title_rarity, self.fields.title_en),
            });
        }
        choices.extend(phrases);
        Ok(any(choices))
    }

    fn phrase(&self, analyser: Analyser, field: Field, words: &str, within: Option<u32>) -> tantivy::Result<Plan> {
        let tokens = analyser.words(words);
        let Some(first) = tokens.first().map(|token| token.position) else { return Ok(Plan::Nothing) };
        let terms: Vec<Term> = tokens.iter().map(|token| Term::from_field_text(field, &token.text)).collect();
        let mut rarity = 0.0;
        for term in &terms {
            rarity += self.rarity(self.holders(std::slice::from_ref(term))?);
        }
        let weight = self.weight(rarity, field);
        let shape = match within {
            Some(within) => PhraseShape::Within(within),
            None if terms.len() == 1 => return Ok(Plan::Word { text: terms, titles: Vec::new(), title_weight: weight.clone(), weight }),
            None => PhraseShape::Behind(tokens.iter().map(|token| (token.position - first) as u32).collect()),
        };
        Ok(Plan::Phrase { terms, shape, weight })
    }

    /// In how many releases any of the terms is, at most.
    fn holders(&self, terms: &[Term]) -> tantivy::Result<u64> {
        let mut holders = 0;
        for term in terms {
            holders += self.searcher.doc_freq(term)?;
        }
        Ok(holders)
    }

    /// How much it counts that the terms come in bursts: from how often they stand in the releases that have them.
    fn burst(&self, terms: &[Term]) -> tantivy::Result<f32> {
        let (mut occurrences, mut holders) = (0, 0);
        for term in terms {
            let (all, held) = self.view.occurrences(term)?;
            occurrences += all;
            holders += held;
        }
        Ok(self.ranking.burst(occurrences, holders))
    }

    /// In how many releases any word that begins so is, at most.
    fn beginning(&self, field: Field, start: &str) -> tantivy::Result<u64> {
        let mut holders = 0;
        for segment in self.searcher.segment_readers() {
            let inverted = segment.inverted_index(field)?;
            let mut stream = inverted.terms().range().ge(start).into_stream()?;
            while stream.advance() && stream.key().starts_with(start.as_bytes()) {
                holders += u64::from(stream.value().doc_freq);
            }
        }
        Ok(holders)
    }

    /// BM25's inverse document frequency: never negative.
    fn rarity(&self, holders: u64) -> f32 {
        let holders = (holders as f32).min(self.releases);
        (1.0 + (self.releases - holders + 0.5) / (holders + 0.5)).ln()
    }

    fn weight(&self, rarity: f32, field: Field) -> Weight {
        let fields = self.fields;
        let norms = if field == fields.exact {
            &self.exact
        } else if field == fields.text_en || field == fields.text_fr {
            &self.text
        } else {
            &self.title
        };
        Weight { weight: rarity * (self.ranking.k1 + 1.0), norms: Arc::clone(norms) }
    }
}

fn any(mut choices: Vec<Plan>) -> Plan {
    match choices.len() {
        0 => Plan::Nothing,
        1 => choices.swap_remove(0),
        _ => Plan::Any(choices),
    }
}

fn push_new(terms: &mut Vec<Term>, term: Term) {
    if !terms.contains(&term) {
        terms.push(term);
    }
}

/// One segment, opened for one search.
pub struct Opener<'a> {
    pub segment: &'a SegmentReader,
    pub columns: &'a SegmentColumns,
    pub fields: &'a Fields,
    pub budget: Rc<Budget>,
    /// Whether scores will be asked for.
    pub scored: bool,
}

impl<'a> Opener<'a> {
    /// A cursor over the releases of the segment that a plan finds.
    pub fn open(&self, plan: &Plan) -> tantivy::Result<Boxed<'a>> {
        self.cursor(plan, false)
    }

    /// `places`: whether places will be asked for.
    fn cursor(&self, plan: &Plan, places: bool) -> tantivy::Result<Boxed<'a>> {
        Ok(match plan {
            Plan::Everything => Box::new(Everything::new(self.segment.max_doc())),
            Plan::Nothing => Box::new(Nothing),
            Plan::Word { text, weight, .. } if places => self.placed_word(text, weight)?,
            Plan::Word { .. } => match self.word(plan)? {
                Some(word) => Box::new(word),
                None => Box::new(Nothing),
            },
            Plan::Phrase { terms, shape, weight } => {
                let mut lists = Vec::with_capacity(terms.len());
                for term in terms {
                    match self.list(term, IndexRecordOption::WithFreqsAndPositions)? {
                        Some(list) => lists.push(list),
                        None => return Ok(Box::new(Nothing)),
                    }
                }
                let shape = match shape {
                    PhraseShape::Behind(offsets) => Shape::Behind(offsets.clone()),
                    PhraseShape::Within(within) => Shape::Within(*within),
                };
                Box::new(Phrase::new(lists, shape, weight.clone(), Rc::clone(&self.budget)))
            }
            Plan::Prefix { field, start, weight } => self.prefix(*field, start, weight, places)?,
            Plan::Near { operands, within } => {
                let closeness = match within {
                    Within::Words(count) => Closeness::Words(*count),
                    Within::Sentence | Within::Paragraph => {
                        let bound = if *within == Within::Sentence { SENTENCE } else { PARAGRAPH };
                        let term = Term::from_field_text(self.fields.bounds, bound);
                        let inverted = self.segment.inverted_index(self.fields.bounds)?;
                        match inverted.read_postings(&term, IndexRecordOption::WithFreqsAndPositions)? {
                            Some(bounds) => Closeness::Stretch(Box::new(bounds)),
                            None => return Ok(Box::new(Nothing)),
                        }
                    }
                };
                let operands = operands.iter().map(|plan| self.cursor(plan, true)).collect::<tantivy::Result<_>>()?;
                Box::new(Near::new(operands, closeness, Rc::clone(&self.budget)))
            }
            Plan::Listed(term, score) => {
                let inverted = self.segment.inverted_index(term.field())?;
                match inverted.read_postings(term, IndexRecordOption::Basic)? {
                    Some(postings) => Box::new(Listed(postings, *score)),
                    None => Box::new(Nothing),
                }
            }
            Plan::Days { from, to } => Box::new(Dated::new(&self.columns.day, *from, *to)),
            Plan::Not(inner) => {
                let everything = Box::new(Everything::new(self.segment.max_doc()));
                Box::new(Without::new(everything, self.cursor(inner, false)?))
            }
            Plan::All(plans) => self.all(plans, places)?,
            Plan::Any(plans) => self.any(plans, 1, places)?,
            Plan::Most(plans, at_least) => self.any(plans, *at_least, places)?,
        })
    }

    fn list(&self, term: &Term, option: IndexRecordOption) -> tantivy::Result<Option<List>> {
        let inverted = self.segment.inverted_index(term.field())?;
        let Some(postings) = inverted.read_postings(term, option)? else { return Ok(None) };
        Ok(Some(List { postings, lengths: self.segment.get_fieldnorms_reader(term.field())? }))
    }

    fn block_list(&self, term: &Term) -> tantivy::Result<Option<BlockList>> {
        let inverted = self.segment.inverted_index(term.field())?;
        let Some(postings) = inverted.read_block_postings(term, self.counts())? else { return Ok(None) };
        Ok(Some(BlockList::new(postings, self.segment.get_fieldnorms_reader(term.field())?)))
    }

    /// What has to be read of a posting list.
    const fn counts(&self) -> IndexRecordOption {
        if self.scored { IndexRecordOption::WithFreqs } else { IndexRecordOption::Basic }
    }

    fn word(&self, plan: &Plan) -> tantivy::Result<Option<Word>> {
        let Plan::Word { text, titles, weight, title_weight } = plan else { return Ok(None) };
        let mut lists = Vec::new();
        for term in text {
            lists.extend(self.block_list(term)?);
        }
        if lists.is_empty() {
            return Ok(None);
        }
        let mut in_titles = Vec::new();
        if self.scored {
            for term in titles {
                in_titles.extend(self.block_list(term)?);
            }
        }
        Ok(Some(Word::new(lists, in_titles, weight.clone(), title_weight.clone())))
    }

    fn placed_word(&self, terms: &[Term], weight: &Weight) -> tantivy::Result<Boxed<'a>> {
        let mut lists = Vec::new();
        for term in terms {
            lists.extend(self.list(term, IndexRecordOption::WithFreqsAndPositions)?);
        }
        Ok(Box::new(PlacedWord::new(lists, weight.clone())))
    }

    fn prefix(&self, field: Field, start: &str, weight: &Weight, places: bool) -> tantivy::Result<Boxed<'a>> {
        let inverted = self.segment.inverted_index(field)?;
        let lengths = self.segment.get_fieldnorms_reader(field)?;
        let (mut words, mut placed): (Vec<Word>, Vec<Boxed<'a>>) = (Vec::new(), Vec::new());
        let mut stream = inverted.terms().range().ge(start).into_stream()?;
        while stream.advance() && stream.key().starts_with(start.as_bytes()) && !self.budget.tick(16) {
            let lengths = lengths.clone();
            if places {
                let postings = inverted.read_postings_from_terminfo(stream.value(), IndexRecordOption::WithFreqsAndPositions)?;
                placed.push(Box::new(PlacedWord::new(vec![List { postings, lengths }], weight.clone())));
            } else {
                let postings = inverted.read_block_postings_from_terminfo(stream.value(), self.counts())?;
                words.push(Word::new(vec![BlockList::new(postings, lengths)], Vec::new(), weight.clone(), weight.clone()));
            }
        }
        Ok(if places { Box::new(Merged::new(placed)) } else { Box::new(Windowed::new(words, 1, self.scored, Rc::clone(&self.budget))) })
    }

    fn all(&self, plans: &[Plan], places: bool) -> tantivy::Result<Boxed<'a>> {
        let (mut wanted, mut excluded): (Vec<Boxed<'a>>, Vec<Boxed<'a>>) = (Vec::new(), Vec::new());
        for plan in plans {
            match plan {
                Plan::Not(inner) => excluded.push(self.cursor(inner, false)?),
                plan => wanted.push(self.cursor(plan, places)?),
            }
        }
        let mut all: Boxed<'a> = match wanted.len() {
            0 => Box::new(Everything::new(self.segment.max_doc())),
            1 => wanted.swap_remove(0),
            _ => Box::new(All::new(wanted, Rc::clone(&self.budget))),
        };
        for excluded in excluded {
            all = Box::new(Without::new(all, excluded));
        }
        Ok(all)
    }

    fn any(&self, plans: &[Plan], at_least: usize, places: bool) -> tantivy::Result<Boxed<'a>> {
        if places {
            let cursors = plans.iter().map(|plan| self.cursor(plan, true)).collect::<tantivy::Result<_>>()?;
            return Ok(Box::new(Merged::new(cursors)));
        }
        let budget = Rc::clone(&self.budget);
        if plans.iter().all(|plan| matches!(plan, Plan::Word { .. })) {
            let mut words = Vec::with_capacity(plans.len());
            for plan in plans {
                words.extend(self.word(plan)?);
            }
            return Ok(if words.len() < at_least {
                Box::new(Nothing)
            } else if words.len() == 1 {
                Box::new(words.swap_remove(0))
            } else {
                Box::new(Windowed::new(words, at_least, self.scored, budget))
            });
        }
        let cursors: Vec<Boxed<'a>> = plans.iter().map(|plan| self.cursor(plan, false)).collect::<tantivy::Result<_>>()?;
        Ok(Box::new(Windowed::new(cursors, at_least, self.scored, budget)))
    }
}
