//! What was typed, as a tree of our own: bounded, and never an error. What makes no sense as an operator is read as words.
//!
//! ```text
//! any     = all { "OR" all }
//! all     = { item }
//! item    = [ "-" | "NOT" ] near
//! near    = primary { ( "/s" | "/p" | "/5" ) primary }
//! primary = field primary | "(" any ")" | phrase [ "~5" ] | "=" word | word "*" | word
//! ```

mod lexer;
mod parser;
mod say;

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;

use super::analysis::Analyser;
use super::lexicon::Lexicon;
use super::stop_words::is_stop_word;
use crate::model::ReleaseId;
use crate::model::query::{Facet, Match};
use crate::model::text::is_steering;
pub use say::sentence;

/// Bounds of a query. Beyond them what fits is read, and what was left out is said.
pub const MAX_CHARACTERS: usize = 4_096;
pub const MAX_WORDS: usize = 128;
pub const MAX_OPERATORS: usize = 32;
pub const MAX_DEPTH: usize = 8;
/// The shortest beginning of a word that may stand for the rest: shorter ones stand for half the dictionary.
pub const MIN_PREFIX: usize = 3;
/// The longest distance, in words, that proximity looks over.
pub const MAX_WITHIN: u32 = 100;
/// So many content words are all wanted; of more, most are: a question in natural language has words that no answer repeats.
pub const ALL_WANTED: usize = 4;

/// How close to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// So many words on at most: neighbours are one word apart.
    Words(u32),
    Sentence,
    Paragraph,
}

/// Another way to write what was typed, which finds just as well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// One word, in any of its forms unless it is a name, or several in exactly these.
    pub words: String,
    /// Whether it is a name, which has no other forms.
    pub name: bool,
    /// Whether it is only a form that the word's own stem finds: said to the reader, and nothing to look up.
    pub form: bool,
}

/// A query as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// One word in any of its forms, typed so many times, and what else means it.
    Word {
        typed: String,
        times: u32,
        also: Vec<Variant>,
    },
    /// Words typed one behind the other that have a name or spelling in common: all of them, or one of the others.
    Run {
        words: Vec<Node>,
        also: Vec<Variant>,
    },
    /// Words in exactly these forms, one behind the other.
    Phrase(String),
    /// Words in exactly these forms, in any order, the last at most so many words behind the first.
    Close {
        words: String,
        within: u32,
    },
    /// All words that begin so.
    Prefix(String),
    /// Operands, each close to the next.
    Near {
        operands: Vec<Node>,
        within: Within,
    },
    /// In the title alone.
    Title(Box<Node>),
    /// Has a value of a facet, by its slug or as a person calls it.
    Facet(Facet, String),
    Id(ReleaseId),
    /// Sorts between two days, both included.
    Days {
        from: Option<NaiveDate>,
        to: Option<NaiveDate>,
    },
    Not(Box<Node>),
    All(Vec<Node>),
    Any(Vec<Node>),
    /// At least so many of them.
    Most {
        nodes: Vec<Node>,
        at_least: usize,
    },
}

impl Node {
    pub fn word(typed: impl Into<String>) -> Self {
        Self::Word { typed: typed.into(), times: 1, also: Vec::new() }
    }

    /// Whether it stands at places of a text, so that something else can be close to it.
    fn has_place(&self) -> bool {
        match self {
            Self::Word { .. } | Self::Phrase(_) | Self::Prefix(_) | Self::Near { .. } => true,
            Self::Any(nodes) => nodes.iter().all(|node| node.has_place() && !matches!(node, Self::Near { .. })),
            _ => false,
        }
    }

    /// Whether it narrows rather than names words: never a matter of "any of".
    const fn is_filter(&self) -> bool {
        matches!(self, Self::Facet(..) | Self::Id(_) | Self::Days { .. } | Self::Not(_))
    }
}

/// How words are to be read.
#[derive(Clone, Copy, Debug)]
pub struct How<'a> {
    /// The day that dates without a year are counted back from.
    pub today: NaiveDate,
    pub wanted: Match,
    /// Names that mean the same; `None` where variants are switched off.
    pub lexicon: Option<&'a Lexicon>,
}

impl Default for How<'_> {
    fn default() -> Self {
        Self { today: NaiveDate::default(), wanted: Match::Auto, lexicon: None }
    }
}

/// What was typed, what was made of it, and what was left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// `None` where nothing was asked: everything is meant.
    pub tree: Option<Node>,
    /// Which of the readings was used, where there is more than one: never [`Match::Auto`].
    pub used: Option<Match>,
    /// Whether the words would be wanted in part if nothing else were asked for: a question in natural language.
    pub long: bool,
    /// Words that are in every text and were passed over, as typed.
    pub passed: Vec<String>,
    /// What the bounds cut off, as a sentence; `None` where nothing was.
    pub left_out: Option<String>,
    /// What looked like an operator and was read as words, a sentence each.
    pub notes: Vec<String>,
}

/// Reads a query.
pub fn read(typed: &str, how: &How<'_>) -> Reading {
    let normal: String = typed.chars().filter(|c| !is_steering(*c)).nfc().take(MAX_CHARACTERS + 1).collect();
    let mut left_out = None;
    let mut text = normal.as_str();
    if let Some((cut, _)) = text.char_indices().nth(MAX_CHARACTERS) {
        text = &text[..cut];
        left_out = Some(format!("Only the first {MAX_CHARACTERS} characters were read."));
    }
    let mut parser = parser::Parser::new(lexer::tokens(text), how.today);
    let tree = parser.query();
    if parser.cut {
        left_out = Some(format!(
            "The query is longer than {MAX_WORDS} words or {MAX_OPERATORS} operators, or parentheses stand more than {MAX_DEPTH} deep; \
             the rest was left out."
        ));
    }
    let mut passed = Vec::new();
    let tree = tree.map(|tree| match how.lexicon {
        Some(lexicon) => with_names(tree, lexicon),
        None => tree,
    });
    let tree = tree.and_then(|tree| drop_stop_words(tree, &mut passed));
    // Where nothing fits, nothing is found: not everything.
    let tree = tree.or(parser.cut.then(|| Node::Any(Vec::new())));
    let tree = tree.map(|tree| match tree {
        Node::All(nodes) => Node::All(nodes.into_iter().map(|node| nested(node, how.wanted)).collect()),
        other => nested(other, how.wanted),
    });
    let (tree, used, long) = tree.map_or((None, None, false), |tree| wanted(tree, how.wanted));
    let mut notes = parser.notes;
    if tree.is_none() && !text.trim().is_empty() {
        notes.push("There is no word in this query, so that it means all releases.".into());
    }
    Reading { tree: tree.map(counted), used, long, passed, left_out, notes }
}

/// Decides how many of the words are wanted.
fn wanted(tree: Node, asked: Match) -> (Option<Node>, Option<Match>, bool) {
    let Node::All(nodes) = tree else { return (Some(tree), None, false) };
    let (mut words, mut others): (Vec<Node>, Vec<Node>) = nodes.into_iter().partition(|node| match asked {
        Match::Any => !node.is_filter(),
        _ => matches!(node, Node::Word { .. } | Node::Run { .. }),
    });
    if words.len() < 2 {
        words.append(&mut others);
        return (one_or(words, Node::All), None, false);
    }
    let plain = words.iter().filter(|node| matches!(node, Node::Word { .. } | Node::Run { .. })).count();
    let long = plain > ALL_WANTED;
    let used = match asked {
        Match::Auto if long => Match::Auto,
        Match::Auto => Match::All,
        other => other,
    };
    let mut wanted = match used {
        Match::All => words,
        Match::Any => vec![Node::Any(words.into_iter().flat_map(each).collect())],
        Match::Auto => {
            let at_least = words.len() / 2 + 1;
            vec![Node::Most { nodes: words, at_least }]
        }
    };
    wanted.append(&mut others);
    (one_or(wanted, Node::All), Some(used), long)
}

/// The same decision for groups within: what is excluded is read as it would be if it were asked for, so that the two part the archive.
fn nested(node: Node, asked: Match) -> Node {
    let each = |nodes: Vec<Node>| nodes.into_iter().map(|node| nested(node, asked)).collect::<Vec<_>>();
    match node {
        Node::All(nodes) => wanted(Node::All(each(nodes)), asked).0.unwrap_or(Node::All(Vec::new())),
        Node::Any(nodes) => Node::Any(each(nodes)),
        Node::Not(inner) => Node::Not(Box::new(nested(*inner, asked))),
        Node::Title(inner) => Node::Title(Box::new(nested(*inner, asked))),
        other => other,
    }
}

/// Where any word is enough, each word of a group is, and each part of a word with a hyphen.
fn each(node: Node) -> Vec<Node> {
    match node {
        Node::Any(nodes) => nodes.into_iter().flat_map(each).collect(),
        Node::Word { typed, times, also } => {
            let parts = Analyser::English.words(&typed);
            if parts.len() < 2 || parts.iter().all(|part| is_stop_word(&part.text)) {
                return vec![Node::Word { typed, times, also }];
            }
            let words = parts.iter().filter(|part| !is_stop_word(&part.text));
            words.map(|part| Node::Word { typed: typed[part.offset_from..part.offset_to].to_owned(), times, also: Vec::new() }).collect()
        }
        other => vec![other],
    }
}

fn one_or(mut nodes: Vec<Node>, make: fn(Vec<Node>) -> Node) -> Option<Node> {
    match nodes.len() {
        0 => None,
        1 => nodes.pop(),
        _ => Some(make(nodes)),
    }
}

/// Other names for what was typed: for single words, and for words that stand one behind the other.
fn with_names(tree: Node, lexicon: &Lexicon) -> Node {
    let variants = |typed: &str| -> Vec<Variant> {
        lexicon.others(typed).into_iter().map(|name| Variant { words: name.to_owned(), name: true, form: false }).collect()
    };
    match tree {
        Node::Word { typed, times, .. } => Node::Word { also: variants(&typed), typed, times },
        Node::All(nodes) => {
            let mut kept: Vec<Node> = Vec::with_capacity(nodes.len());
            let mut nodes = std::collections::VecDeque::from(nodes);
            while !nodes.is_empty() {
                let run = nodes.iter().take_while(|node| matches!(node, Node::Word { .. })).count();
                let named = (2..=run.min(2 * lexicon.longest())).rev().find_map(|length| {
                    let typed: Vec<&str> = nodes.iter().take(length).filter_map(typed_word).collect();
                    // A name neither begins nor ends with "the".
                    let edges = [typed.first(), typed.last()];
                    let also = if edges.into_iter().flatten().any(|word| is_stop(word)) { Vec::new() } else { variants(&typed.join(" ")) };
                    (!also.is_empty()).then_some((length, also))
                });
                match named {
                    Some((length, also)) => kept.push(Node::Run { words: nodes.drain(..length).collect(), also }),
                    None => kept.extend(nodes.pop_front().map(|node| with_names(node, lexicon))),
                }
            }
            one_or(kept, Node::All).unwrap_or(Node::All(Vec::new()))
        }
        Node::Any(nodes) => Node::Any(nodes.into_iter().map(|node| with_names(node, lexicon)).collect()),
        Node::Near { operands, within } => {
            Node::Near { operands: operands.into_iter().map(|node| with_names(node, lexicon)).collect(), within }
        }
        Node::Title(inner) => Node::Title(Box::new(with_names(*inner, lexicon))),
        // What is excluded is excluded under all its names: `x` and `-x` part the archive in two.
        Node::Not(inner) => Node::Not(Box::new(with_names(*inner, lexicon))),
        other => other,
    }
}

fn typed_word(node: &Node) -> Option<&str> {
    match node {
        Node::Word { typed, .. } => Some(typed),
        _ => None,
    }
}

/// Whether a word is one that is in every text: written as one word (AT&T is not), and not in capitals where others are small (IT is not it).
fn is_stop(typed: &str) -> bool {
    matches!(Analyser::Exact.words(typed).as_slice(), [word] if is_stop_word(&word.text))
}

fn is_initialism(typed: &str) -> bool {
    typed.chars().filter(|c| c.is_alphabetic()).count() > 1 && !typed.chars().any(char::is_lowercase)
}

/// Plain words that are in every text narrow nothing: they are let go while another wanted word stands beside them.
fn drop_stop_words(tree: Node, passed: &mut Vec<String>) -> Option<Node> {
    match tree {
        Node::All(nodes) => {
            let small = nodes.iter().filter_map(typed_word).any(|typed| typed.chars().any(char::is_lowercase));
            let stop = |node: &Node| typed_word(node).is_some_and(|typed| is_stop(typed) && !(small && is_initialism(typed)));
            let content = nodes.iter().any(|node| !stop(node) && !node.is_filter());
            let mut kept = Vec::with_capacity(nodes.len());
            for node in nodes {
                match typed_word(&node) {
                    Some(typed) if content && stop(&node) => passed.push(typed.to_owned()),
                    _ => kept.extend(drop_stop_words(node, passed)),
                }
            }
            one_or(kept, Node::All)
        }
        Node::Run { words, also } => {
            let kept = words.into_iter().filter(|node| !typed_word(node).is_some_and(is_stop)).collect();
            Some(Node::Run { words: kept, also })
        }
        Node::Any(nodes) => one_or(nodes.into_iter().filter_map(|node| drop_stop_words(node, passed)).collect(), Node::Any),
        Node::Title(inner) => drop_stop_words(*inner, passed).map(|inner| Node::Title(Box::new(inner))),
        Node::Not(inner) => drop_stop_words(*inner, passed).map(|inner| Node::Not(Box::new(inner))),
        other => Some(other),
    }
}

/// Words typed more than once, once each with their count: what is said twice weighs more.
fn counted(tree: Node) -> Node {
    let merge = |nodes: Vec<Node>| {
        let mut kept: Vec<Node> = Vec::with_capacity(nodes.len());
        for node in nodes.into_iter().map(counted) {
            let same = typed_word(&node).map(folded).and_then(|word| {
                kept.iter_mut().find_map(|kept| match kept {
                    Node::Word { typed, times, .. } if folded(typed) == word => Some(times),
                    _ => None,
                })
            });
            match same {
                Some(times) => *times += 1,
                None => kept.push(node),
            }
        }
        kept
    };
    match tree {
        Node::All(nodes) => one_or(merge(nodes), Node::All).unwrap_or(Node::All(Vec::new())),
        Node::Any(nodes) => one_or(merge(nodes), Node::Any).unwrap_or(Node::Any(Vec::new())),
        Node::Most { nodes, .. } => {
            let nodes = merge(nodes);
            let at_least = nodes.len() / 2 + 1;
            if nodes.len() < 2 { one_or(nodes, Node::All).unwrap_or(Node::All(Vec::new())) } else { Node::Most { nodes, at_least } }
        }
        Node::Title(inner) => Node::Title(Box::new(counted(*inner))),
        Node::Not(inner) => Node::Not(Box::new(counted(*inner))),
        other => other,
    }
}

fn folded(typed: &str) -> Vec<String> {
    Analyser::Exact.words(typed).into_iter().map(|token| token.text).collect()
}

#[cfg(test)]
mod tests;
