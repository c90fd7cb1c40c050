//! What else the words of a query can be written like, as far as this archive holds it: other spellings, one word for two and two for
//! one, names that mean the same; and, for the reader, the forms that a word's stem finds.

use std::rc::Rc;
use std::time::{Duration, Instant};

use super::analysis::Analyser;
use super::dictionary::Dictionary;
use super::eval::{Budget, Opener, Planner};
use super::grammar::{Node, Variant};
use super::spelling::spellings;
use super::stop_words::is_stop_word;
use super::view::View;
use super::{Result, SearchIndex};

/// So many words with the same beginning are looked at for forms.
const LOOKED_AT: usize = 80;
/// The shortest part that a word is split into, and that two words are joined from.
const SHORTEST: usize = 3;
/// So many ways to split a word are looked up; each costs a search for two words side by side.
const SPLITS: usize = 3;

impl SearchIndex {
    /// The tree with everything its words can be written like. `variants`: whether other spellings and names are looked for; forms, which
    /// the stem finds anyway, are named in any case.
    pub fn expand(&self, tree: Node, variants: bool) -> Result<Node> {
        let view = self.view();
        let dictionary = view.dictionary()?;
        Ok(Expander { index: self, view: &view, dictionary, variants }.node(tree)?)
    }
}

struct Expander<'a> {
    index: &'a SearchIndex,
    view: &'a View,
    dictionary: &'a Dictionary,
    variants: bool,
}

impl Expander<'_> {
    fn node(&self, node: Node) -> tantivy::Result<Node> {
        let each = |nodes: Vec<Node>| nodes.into_iter().map(|node| self.node(node)).collect::<tantivy::Result<Vec<_>>>();
        Ok(match node {
            Node::Word { typed, times, also } => {
                let also = self.word(&typed, also)?;
                Node::Word { typed, times, also }
            }
            Node::Run { words, also } => Node::Run { words: each(words)?, also: self.held(also) },
            Node::All(nodes) => Node::All(self.joined(each(nodes)?)),
            Node::Most { nodes, at_least } => Node::Most { nodes: each(nodes)?, at_least },
            Node::Any(nodes) => Node::Any(each(nodes)?),
            Node::Near { operands, within } => Node::Near { operands: each(operands)?, within },
            Node::Not(inner) => Node::Not(Box::new(self.node(*inner)?)),
            Node::Title(inner) => Node::Title(Box::new(self.node(*inner)?)),
            other => other,
        })
    }

    /// Names of which the archive holds every word.
    fn held(&self, also: Vec<Variant>) -> Vec<Variant> {
        let held = |variant: &Variant| {
            let words = Analyser::Exact.words(&variant.words);
            !words.is_empty() && words.iter().all(|word| self.dictionary.holders(&word.text) > 0)
        };
        if self.variants { also.into_iter().filter(held).collect() } else { Vec::new() }
    }

    fn word(&self, typed: &str, names: Vec<Variant>) -> tantivy::Result<Vec<Variant>> {
        let mut also = self.held(names);
        let key = format!("{}{typed}", if self.variants { "" } else { "=" });
        for variant in self.view.variants(&key, || self.look_up(typed))?.iter() {
            if !also.iter().any(|known| same(&known.words, &variant.words)) {
                also.push(variant.clone());
            }
        }
        Ok(also)
    }

    fn look_up(&self, typed: &str) -> tantivy::Result<Vec<Variant>> {
        let parts: Vec<String> = Analyser::Exact.words(typed).into_iter().map(|token| token.text).collect();
        let english = Analyser::English.words(typed);
        let mut also = Vec::new();
        let [stem] = english.as_slice() else {
            // Written with a hyphen or the like: it can also be written as one word.
            let joined = parts.concat();
            // 9/11 is not 911.
            if joined.bytes().all(|byte| byte.is_ascii_digit()) {
                return Ok(also);
            }
            if self.variants && self.dictionary.holders(&joined) > 0 {
                also.push(Variant { words: joined, name: false, form: false });
            }
            return Ok(also);
        };
        let Some(word) = parts.first() else { return Ok(also) };
        let mut stems = vec![stem.text.clone()];
        if self.variants {
            for spelling in spellings(word) {
                let stem = stem_of(&spelling);
                if stems.contains(&stem) {
                    continue;
                }
                if let Some(words) = self.held_form(spelling, &stem) {
                    stems.push(stem);
                    also.push(Variant { words, name: false, form: false });
                }
            }
            also.extend(self.split(word)?);
        }
        let mut forms: Vec<(String, u64)> = Vec::new();
        for stem in &stems {
            let known = |form: &String| form == word || also.iter().any(|variant| variant.words == *form);
            let near = self.dictionary.beginning(common(stem), LOOKED_AT);
            forms.extend(near.into_iter().filter(|(form, _)| !known(form) && stem_of(form) == *stem));
        }
        forms.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        also.extend(forms.into_iter().map(|(words, _)| Variant { words, name: false, form: true }));
        Ok(also)
    }

    /// A spelling, or where the archive does not hold exactly that, a form of the same word that it does hold.
    fn held_form(&self, spelling: String, stem: &str) -> Option<String> {
        if self.dictionary.holders(&spelling) > 0 {
            return Some(spelling);
        }
        self.dictionary.beginning(common(stem), LOOKED_AT).into_iter().map(|(form, _)| form).find(|form| stem_of(form) == stem)
    }

    /// `cybersecurity` where the archive also writes `cyber security`.
    fn split(&self, word: &str) -> tantivy::Result<Option<Variant>> {
        if !word.is_ascii() || word.len() < 2 * SHORTEST {
            return Ok(None);
        }
        let mut ways: Vec<(u64, String)> = (SHORTEST..=word.len() - SHORTEST)
            .filter_map(|at| {
                let (first, second) = word.split_at(at);
                let holders = self.dictionary.holders(first).min(self.dictionary.holders(second));
                (holders > 0 && !is_stop_word(first) && !is_stop_word(second)).then(|| (holders, format!("{first} {second}")))
            })
            .collect();
        ways.sort_by(|a, b| b.cmp(a));
        for (_, words) in ways.into_iter().take(SPLITS) {
            if self.stands(&words)? {
                return Ok(Some(Variant { words, name: false, form: false }));
            }
        }
        Ok(None)
    }

    /// Whether the words stand side by side anywhere.
    fn stands(&self, words: &str) -> tantivy::Result<bool> {
        let (searcher, columns) = (self.view.searcher(), self.view.columns()?);
        let plan = Planner::new(self.view, &self.index.fields, &self.index.ranking)?.plan(Some(&Node::Phrase(words.to_owned())))?;
        // An explanation is not worth more than a moment.
        let budget = Rc::new(Budget::until(Instant::now() + Duration::from_millis(5)));
        for (segment, columns) in searcher.segment_readers().iter().zip(&columns.segments) {
            let opener = Opener { segment, columns, fields: &self.index.fields, budget: Rc::clone(&budget), scored: false };
            if opener.open(&plan)?.doc() != tantivy::TERMINATED {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Two plain words that the archive also writes as one.
    fn joined(&self, nodes: Vec<Node>) -> Vec<Node> {
        if !self.variants {
            return nodes;
        }
        let mut kept: Vec<Node> = Vec::with_capacity(nodes.len());
        for node in nodes {
            let pair = match (kept.last(), &node) {
                (Some(Node::Word { typed: first, times: 1, .. }), Node::Word { typed: second, times: 1, .. }) => {
                    self.as_one(first, second).map(|joined| (joined, kept.len() - 1))
                }
                _ => None,
            };
            match pair {
                Some((joined, at)) => {
                    let first = kept.remove(at);
                    kept.push(Node::Run { words: vec![first, node], also: vec![Variant { words: joined, name: false, form: false }] });
                }
                None => kept.push(node),
            }
        }
        kept
    }

    fn as_one(&self, first: &str, second: &str) -> Option<String> {
        let part = |typed: &str| match Analyser::Exact.words(typed).as_slice() {
            [word] if word.text.chars().count() >= SHORTEST => Some(word.text.clone()),
            _ => None,
        };
        let joined = format!("{}{}", part(first)?, part(second)?);
        if joined.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        (self.dictionary.holders(&joined) > 0).then_some(joined)
    }
}

fn stem_of(word: &str) -> String {
    Analyser::English.stem(word)
}

/// What every form of a stem begins with: the stemmer turns a final y into i.
fn common(stem: &str) -> &str {
    stem.strip_suffix('i').unwrap_or(stem)
}

fn same(one: &str, other: &str) -> bool {
    let folded = |words: &str| Analyser::Exact.words(words).into_iter().map(|token| token.text).collect::<Vec<_>>();
    folded(one) == folded(other)
}
