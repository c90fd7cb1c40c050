//! Did you mean: words that the archive does not hold, or hardly, replaced by its own. Offered, never applied.

use super::analysis::Analyser;
use super::dictionary::Dictionary;
use super::grammar::Node;
use super::{Result, SearchIndex};

/// A word in so many releases at most may be a slip in all of them, even where its stem finds other words.
const RARE: u64 = 5;
/// A correction of a word that the archive does hold must be so many times as frequent.
const TIMES: u64 = 50;
/// Words of fewer letters have too many neighbours.
const SHORTEST: usize = 4;
/// From so many letters on, two edits are looked over.
const TWO_EDITS: usize = 6;

impl SearchIndex {
    /// The query as typed with its unknown words corrected; `None` where there is nothing to correct. Every spelling that the query's
    /// variants already cover counts as known.
    pub fn corrected(&self, typed: &str, tree: &Node) -> Result<Option<String>> {
        let view = self.view();
        let dictionary = view.dictionary()?;
        let mut doubtful = Vec::new();
        collect(tree, dictionary, &mut doubtful);
        if doubtful.is_empty() {
            return Ok(None);
        }
        let tokens = Analyser::Exact.words(typed);
        let (mut corrected, mut at, mut changed, mut skip) = (String::with_capacity(typed.len()), 0, false, false);
        for (number, token) in tokens.iter().enumerate() {
            if std::mem::take(&mut skip) || !doubtful.contains(&token.text) {
                continue;
            }
            // Two words that are one: the space between them was the slip.
            let joined = tokens
                .get(number + 1)
                .filter(|next| typed[token.offset_to..next.offset_from].trim().is_empty())
                .map(|next| (format!("{}{}", token.text, next.text), next.offset_to))
                .filter(|(joined, _)| dictionary.holders(joined) > RARE);
            let (better, end) = match joined {
                Some((joined, end)) => {
                    skip = true;
                    (Some(joined), end)
                }
                None => (best(&token.text, dictionary), token.offset_to),
            };
            if let Some(better) = better {
                corrected.push_str(&typed[at..token.offset_from]);
                corrected.push_str(&better);
                at = end;
                changed = true;
            }
        }
        corrected.push_str(&typed[at..]);
        Ok(changed.then_some(corrected))
    }
}

/// Words of the query that the archive hardly holds.
fn collect(node: &Node, dictionary: &Dictionary, doubtful: &mut Vec<String>) {
    match node {
        // Other spellings and names are there only if the archive holds them.
        Node::Word { also, .. } if also.iter().any(|variant| !variant.form) => {}
        Node::Word { typed: words, .. } | Node::Phrase(words) | Node::Close { words, .. } => {
            doubtful
                .extend(Analyser::Exact.words(words).into_iter().map(|token| token.text).filter(|word| dictionary.holders(word) <= RARE));
        }
        Node::Run { words, .. } => words.iter().for_each(|node| collect(node, dictionary, doubtful)),
        Node::All(nodes) | Node::Any(nodes) | Node::Most { nodes, .. } | Node::Near { operands: nodes, .. } => {
            nodes.iter().for_each(|node| collect(node, dictionary, doubtful));
        }
        Node::Title(inner) => collect(inner, dictionary, doubtful),
        Node::Prefix(_) | Node::Facet(..) | Node::Id(_) | Node::Days { .. } | Node::Not(_) => {}
    }
}

/// The archive's word that was most likely meant: few edits count more than many releases. Or two words that were written as one.
fn best(word: &str, dictionary: &Dictionary) -> Option<String> {
    let letters = word.chars().count();
    if letters < SHORTEST || word.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let needed = (dictionary.holders(word) * TIMES).max(1);
    let near = dictionary.near(word, if letters >= TWO_EDITS { 2 } else { 1 });
    let first = word.chars().next();
    let value = |(near, edits, holders): &(String, u8, u64)| {
        // Slips in the first letter are rare; a second edit is worth about a hundredfold frequency.
        let slip = if near.chars().next() == first { 0.0 } else { 2.0 };
        (*holders as f64).ln() - 4.5 * f64::from(*edits) - slip
    };
    let near = near
        .into_iter()
        .filter(|(_, _, holders)| *holders >= needed)
        .max_by(|a, b| value(a).total_cmp(&value(b)).then_with(|| b.0.cmp(&a.0)));
    let split = split(word, dictionary).filter(|(_, holders)| *holders > RARE);
    match (near, split) {
        (Some((near, edits, _)), Some((split, _))) => Some(if edits > 1 { split } else { near }),
        (near, split) => near.map(|(near, ..)| near).or(split.map(|(split, _)| split)),
    }
}

/// The best way to part a word in two that the archive holds.
fn split(word: &str, dictionary: &Dictionary) -> Option<(String, u64)> {
    if !word.is_ascii() || word.len() < 6 {
        return None;
    }
    (3..=word.len() - 3)
        .map(|at| word.split_at(at))
        .map(|(first, second)| (format!("{first} {second}"), dictionary.holders(first).min(dictionary.holders(second))))
        .max_by_key(|(_, holders)| *holders)
}
