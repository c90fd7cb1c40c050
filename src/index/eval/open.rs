//! A plan opened over one segment: posting lists become cursors.

use std::rc::Rc;

use tantivy::SegmentReader;
use tantivy::schema::{Field, IndexRecordOption, Term};

use super::Budget;
use super::cursor::{Dated, Everything, Listed, Nothing};
use super::near::{Closeness, Near};
use super::phrase::{Phrase, Shape};
use super::plan::{PhraseShape, Plan};
use super::sets::{All, Boxed, Merged, Windowed, Without};
use super::word::{BlockList, List, PlacedWord, Weight, Word};
use crate::index::columns::SegmentColumns;
use crate::index::grammar::Within;
use crate::index::schema::{Fields, PARAGRAPH, SENTENCE};

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
