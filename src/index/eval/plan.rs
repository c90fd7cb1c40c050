//! From the tree of a query to what is looked up: terms with their weights once for the whole index, cursors for each segment.

use std::sync::Arc;

use chrono::Datelike;
use tantivy::Searcher;
use tantivy::schema::{Field, Term};

use super::word::{Norms, Weight};
use crate::index::analysis::Analyser;
use crate::index::columns::UNDATED;
use crate::index::grammar::{Node, Within};
use crate::index::ranking::Ranking;
use crate::index::schema::Fields;
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

/// See [`Shape`](super::phrase::Shape).
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
                let others = also.iter().filter(|variant| !variant.form).map(|variant| (variant.words.as_str(), variant.name));
                self.word(&std::iter::once((typed.as_str(), false)).chain(others).collect::<Vec<_>>(), *times, title)?
            }
            Node::Run { words, also } => {
                let mut choices = vec![Plan::All(list(words)?)];
                let others: Vec<(&str, bool)> =
                    also.iter().filter(|variant| !variant.form).map(|variant| (variant.words.as_str(), variant.name)).collect();
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
    /// stands there side by side; a name, and a variant of several words, stands exactly so.
    fn word(&self, written: &[(&str, bool)], times: u32, title: bool) -> tantivy::Result<Plan> {
        let (english, french) =
            if title { (self.fields.title_en, self.fields.title_fr) } else { (self.fields.text_en, self.fields.text_fr) };
        let (mut text, mut titles, mut phrases) = (Vec::new(), Vec::new(), Vec::new());
        for (number, (words, name)) in written.iter().enumerate() {
            if *name || (number > 0 && Analyser::Exact.words(words).len() > 1) {
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
            let rarity = self.rarity(self.holders(&text)?) * self.burst(&text)? * times;
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
