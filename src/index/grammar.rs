//! What was typed, as a tree of our own: bounded, and never an error. What makes no sense as an operator is read as words.
//!
//! ```text
//! any   = all { "OR" all }
//! all   = { item }
//! item  = [ "-" | "NOT" ] ( "(" any ")" | phrase | prefix | word )
//! ```

use unicode_normalization::UnicodeNormalization;

use super::analysis::{Analyser, is_stop_word};
use crate::model::text::is_steering;

/// Bounds of a query. Beyond them what fits is read, and what was left out is said.
pub const MAX_CHARACTERS: usize = 4_096;
pub const MAX_WORDS: usize = 128;
pub const MAX_OPERATORS: usize = 32;
pub const MAX_DEPTH: usize = 8;
/// The shortest beginning of a word that may stand for the rest: shorter ones stand for half the dictionary.
pub const MIN_PREFIX: usize = 3;

/// A query as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// One word in any of its forms.
    Word(String),
    /// Words in exactly these forms, one behind the other.
    Phrase(String),
    /// All words that begin so.
    Prefix(String),
    Not(Box<Node>),
    All(Vec<Node>),
    Any(Vec<Node>),
}

/// What was typed, what was made of it, and what was left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// `None` where nothing was asked: everything is meant.
    pub tree: Option<Node>,
    /// One sentence in plain English, without the full stop.
    pub read_as: String,
    /// What the bounds cut off, as a sentence; empty where nothing was.
    pub left_out: Option<String>,
}

/// Reads a query.
pub fn read(typed: &str) -> Reading {
    let normal: String = typed.chars().filter(|c| !is_steering(*c)).nfc().take(MAX_CHARACTERS + 1).collect();
    let mut left_out = None;
    let mut text = normal.as_str();
    if let Some((cut, _)) = text.char_indices().nth(MAX_CHARACTERS) {
        text = &text[..cut];
        left_out = Some(format!("Only the first {MAX_CHARACTERS} characters were read."));
    }
    let mut parser = Parser { tokens: tokens(text), at: 0, words: 0, operators: 0, cut: false };
    let tree = parser.any(0);
    if parser.cut {
        left_out = Some(format!("The query is longer than {MAX_WORDS} words or {MAX_OPERATORS} operators; the rest was left out."));
    }
    let tree = tree.and_then(drop_stop_words);
    let read_as = tree.as_ref().map(|tree| sentence(tree, true)).unwrap_or_default();
    Reading { tree, read_as, left_out }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Tok {
    Open,
    Close,
    Minus,
    Not,
    Or,
    Phrase(String),
    Word(String),
}

fn tokens(text: &str) -> Vec<Tok> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(c) = rest.chars().next() {
        let (token, used) = match c {
            '(' => (Tok::Open, 1),
            ')' => (Tok::Close, 1),
            '-' | '−' if rest[c.len_utf8()..].starts_with(|next: char| next.is_alphanumeric() || is_quote(next) || next == '(') => {
                (Tok::Minus, c.len_utf8())
            }
            quote if is_quote(quote) => {
                let inner = &rest[quote.len_utf8()..];
                match inner.char_indices().find(|(_, c)| is_quote(*c)) {
                    Some((end, closing)) => (Tok::Phrase(inner[..end].to_owned()), quote.len_utf8() + end + closing.len_utf8()),
                    // A quotation mark that is never closed is only a character.
                    None => (Tok::Word(String::new()), quote.len_utf8()),
                }
            }
            _ => {
                let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')') || is_quote(c)).unwrap_or(rest.len());
                let word = &rest[..end];
                let token = match word {
                    "OR" | "OU" => Tok::Or,
                    "NOT" => Tok::Not,
                    "AND" => Tok::Word(String::new()),
                    word => Tok::Word(word.to_owned()),
                };
                (token, end)
            }
        };
        if token != Tok::Word(String::new()) {
            tokens.push(token);
        }
        rest = rest[used.max(1)..].trim_start();
    }
    tokens
}

const fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '＂')
}

struct Parser {
    tokens: Vec<Tok>,
    at: usize,
    words: usize,
    operators: usize,
    cut: bool,
}

impl Parser {
    fn any(&mut self, depth: usize) -> Option<Node> {
        let mut choices = Vec::new();
        loop {
            choices.extend(self.all(depth));
            if self.tokens.get(self.at) != Some(&Tok::Or) {
                break;
            }
            self.at += 1;
            self.operator();
        }
        one_or(choices, Node::Any)
    }

    fn all(&mut self, depth: usize) -> Option<Node> {
        let mut wanted = Vec::new();
        while let Some(token) = self.tokens.get(self.at) {
            match token {
                Tok::Or => break,
                Tok::Close if depth > 0 => break,
                // A parenthesis that closes nothing.
                Tok::Close => self.at += 1,
                _ => wanted.extend(self.item(depth)),
            }
        }
        one_or(wanted, Node::All)
    }

    fn item(&mut self, depth: usize) -> Option<Node> {
        let token = self.tokens.get(self.at)?.clone();
        self.at += 1;
        match token {
            Tok::Minus | Tok::Not => {
                // Nothing to exclude, or an exclusion of an exclusion: read on as if the sign were not there.
                let inner = matches!(self.tokens.get(self.at), Some(Tok::Word(_) | Tok::Phrase(_) | Tok::Open))
                    .then(|| self.item(depth))
                    .flatten()?;
                Some(if self.operator() { Node::Not(Box::new(inner)) } else { inner })
            }
            Tok::Open if depth < MAX_DEPTH && self.operator() => {
                let inner = self.any(depth + 1);
                if self.tokens.get(self.at) == Some(&Tok::Close) {
                    self.at += 1;
                }
                inner
            }
            Tok::Open | Tok::Close | Tok::Or => None,
            Tok::Phrase(words) => self.phrase(&words),
            Tok::Word(word) => self.word(&word),
        }
    }

    fn phrase(&mut self, typed: &str) -> Option<Node> {
        let count = Analyser::Exact.words(typed).len();
        if count == 0 || !self.take(count) {
            return None;
        }
        let typed = typed.split_whitespace().collect::<Vec<_>>().join(" ");
        Some(if self.operator() { Node::Phrase(typed) } else { Node::Word(typed) })
    }

    fn word(&mut self, typed: &str) -> Option<Node> {
        let found = Analyser::Exact.words(typed);
        let (first, last) = (found.first()?, found.last()?);
        if !self.take(found.len()) {
            return None;
        }
        let bare = &typed[first.offset_from..last.offset_to];
        if found.len() == 1 && typed[last.offset_to..].starts_with('*') && last.text.chars().count() >= MIN_PREFIX && self.operator() {
            return Some(Node::Prefix(last.text.clone()));
        }
        Some(Node::Word(bare.to_owned()))
    }

    /// Takes room for so many words; `false` once the query is full.
    fn take(&mut self, words: usize) -> bool {
        if self.words + words > MAX_WORDS {
            self.cut = true;
            return false;
        }
        self.words += words;
        true
    }

    fn operator(&mut self) -> bool {
        if self.operators >= MAX_OPERATORS {
            self.cut = true;
            return false;
        }
        self.operators += 1;
        true
    }
}

fn one_or(mut nodes: Vec<Node>, make: fn(Vec<Node>) -> Node) -> Option<Node> {
    match nodes.len() {
        0 => None,
        1 => nodes.pop(),
        _ => Some(make(nodes)),
    }
}

/// Plain words that are in every text narrow nothing: they are let go while another wanted word stands beside them.
fn drop_stop_words(tree: Node) -> Option<Node> {
    match tree {
        Node::All(nodes) => {
            let stop =
                |node: &Node| matches!(node, Node::Word(word) if Analyser::Exact.words(word).iter().all(|token| is_stop_word(&token.text)));
            let content = nodes.iter().any(|node| !stop(node) && !matches!(node, Node::Not(_)));
            let kept: Vec<Node> = nodes.into_iter().filter(|node| !content || !stop(node)).filter_map(drop_stop_words).collect();
            one_or(kept, Node::All)
        }
        Node::Any(nodes) => one_or(nodes.into_iter().filter_map(drop_stop_words).collect(), Node::Any),
        other => Some(other),
    }
}

/// How a query was read, in plain English.
fn sentence(node: &Node, top: bool) -> String {
    match node {
        Node::Word(word) => format!("*{word}*"),
        Node::Phrase(words) => format!("exactly “{words}”"),
        Node::Prefix(start) => format!("words that begin with *{start}*"),
        Node::Not(inner) => format!("without {}", sentence(inner, false)),
        Node::All(nodes) => {
            let (without, with): (Vec<&Node>, Vec<&Node>) = nodes.iter().partition(|node| matches!(node, Node::Not(_)));
            let parts: Vec<String> = with.iter().map(|node| sentence(node, false)).collect();
            let mut read = match parts.len() {
                0 => "everything".to_owned(),
                1 => parts[0].clone(),
                2 => format!("both {} and {}", parts[0], parts[1]),
                _ => format!("all of {}", parts.join(", ")),
            };
            for node in without {
                read = format!("{read}, {}", sentence(node, false));
            }
            if top { read } else { format!("({read})") }
        }
        Node::Any(nodes) => {
            let read = nodes.iter().map(|node| sentence(node, false)).collect::<Vec<_>>().join(" or ");
            if top { read } else { format!("({read})") }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_read_as_people_mean_them() {
        for (typed, read) in [
            ("data strategy", "both *data* and *strategy*"),
            ("the data strategy", "both *data* and *strategy*"),
            ("the", "*the*"),
            ("“collective defence”", "exactly “collective defence”"),
            ("\"a  b\" -war", "exactly “a b”, without *war*"),
            ("Kyiv OR Helsinki", "*Kyiv* or *Helsinki*"),
            ("visit (Kuwait OR Kyiv)", "both *visit* and (*Kuwait* or *Kyiv*)"),
            ("interop*", "words that begin with *interop*"),
            ("in*", "*in*"),
            ("C-130", "*C-130*"),
            ("NOT war", "without *war*"),
            ("well-known", "*well-known*"),
            ("-", ""),
            ("AND OR NOT", ""),
            ("\"", ""),
            ("\"open phrase", "both *open* and *phrase*"),
            ("a:(^ b", "*b*"),
            ("() )(", ""),
            ("[ \\ ]", ""),
            ("data (", "*data*"),
            ("-(war OR peace) NATO", "*NATO*, without (*war* or *peace*)"),
        ] {
            assert_eq!(self::read(typed).read_as, read, "{typed}");
        }
    }

    #[test]
    fn bounds_hold() {
        assert!(read(&"(".repeat(800)).tree.is_none());
        let deep = format!("{}x{}", "(".repeat(700), ")".repeat(700));
        assert!(read(&deep).tree.is_some());
        let many = "word ".repeat(10_000);
        let reading = read(&many);
        assert!(reading.left_out.is_some());
        assert!(matches!(reading.tree, Some(Node::All(nodes)) if nodes.len() <= MAX_WORDS));
        read(&"\"a\" OR -".repeat(500));
        assert!(read(&"é".repeat(1_000_000)).left_out.is_some());
        assert!(read("\u{202e}\u{0}").tree.is_none());
    }

    proptest::proptest! {
        #[test]
        fn anything_can_be_typed(typed in "\\PC{0,200}") {
            read(&typed);
        }

        #[test]
        fn operators_in_any_order_are_read(typed in "[()\"“” *a-zNOTRO-]{0,120}") {
            read(&typed);
        }
    }
}
