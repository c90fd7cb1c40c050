//! From tokens to the tree: recursive descent, bounded in depth, words and operators.

use chrono::{Days, NaiveDate};

use super::lexer::{Field, Token};
use super::{MAX_DEPTH, MAX_OPERATORS, MAX_WORDS, MIN_PREFIX, Node, Within, one_or};
use crate::index::analysis::Analyser;
use crate::model::ReleaseId;
use crate::model::period::Period;

pub(super) struct Parser {
    tokens: Vec<Token>,
    at: usize,
    words: usize,
    operators: usize,
    today: NaiveDate,
    /// Whether the bounds left something out.
    pub cut: bool,
    /// What was meant as an operator and could not be read as one.
    pub notes: Vec<String>,
}

impl Parser {
    pub fn new(tokens: Vec<Token>, today: NaiveDate) -> Self {
        Self { tokens, at: 0, words: 0, operators: 0, today, cut: false, notes: Vec::new() }
    }

    /// All of what was typed; a closing parenthesis that closes nothing is passed over.
    pub fn query(&mut self) -> Option<Node> {
        self.any(0)
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn any(&mut self, depth: usize) -> Option<Node> {
        let mut choices = Vec::new();
        loop {
            let room = choices.is_empty() || self.operator();
            let choice = self.all(depth);
            choices.extend(choice.filter(|_| room));
            if self.peek() != Some(&Token::Or) {
                break;
            }
            self.at += 1;
        }
        one_or(choices, Node::Any)
    }

    fn all(&mut self, depth: usize) -> Option<Node> {
        let mut wanted = Vec::new();
        while let Some(token) = self.peek() {
            match token {
                Token::Or => break,
                Token::Close if depth > 0 => break,
                Token::Close => self.at += 1,
                _ => wanted.extend(self.item(depth)),
            }
        }
        one_or(wanted, Node::All)
    }

    fn item(&mut self, depth: usize) -> Option<Node> {
        if self.peek() != Some(&Token::Not) {
            return self.near(depth);
        }
        self.at += 1;
        // Nothing to exclude, or an exclusion of an exclusion: read on as if the sign were not there.
        if !self.peek().is_some_and(begins) {
            return None;
        }
        let inner = self.near(depth)?;
        // Beyond the bounds what was to be excluded is left out: it is never wanted.
        self.operator().then(|| Node::Not(Box::new(inner)))
    }

    /// `a /s b /s c`: operands that stand close to each other.
    fn near(&mut self, depth: usize) -> Option<Node> {
        let mut left = self.primary(depth);
        while let Some(Token::Near(within)) = self.peek().cloned() {
            self.at += 1;
            let Some(node) = left.take() else {
                left = self.peek().is_some_and(begins).then(|| self.primary(depth)).flatten();
                continue;
            };
            let right = self.peek().is_some_and(begins).then(|| self.primary(depth)).flatten();
            left = match right {
                Some(right) if self.operator() => {
                    if !node.has_place() || !right.has_place() {
                        self.notes.push("Only words, phrases, beginnings and choices of them can be near each other; what stands beside is wanted anywhere.".into());
                    }
                    Some(join(node, within, right))
                }
                _ => Some(node),
            };
        }
        left
    }

    fn primary(&mut self, depth: usize) -> Option<Node> {
        let token = self.peek()?.clone();
        match token {
            // Left to whoever knows what they end or join.
            Token::Or | Token::Close | Token::Near(_) => return None,
            _ => self.at += 1,
        }
        match token {
            Token::Open => {
                if depth >= MAX_DEPTH || !self.operator() {
                    self.skip_group();
                    return None;
                }
                let inner = self.any(depth + 1);
                if self.peek() == Some(&Token::Close) {
                    self.at += 1;
                }
                inner
            }
            Token::Field(field) => {
                if depth >= MAX_DEPTH || !self.operator() {
                    self.skip_operand();
                    return None;
                }
                let inner = self.primary(depth + 1)?;
                Some(self.narrowed(field, inner))
            }
            Token::Phrase(words, within) => self.phrase(&words, within),
            Token::Exact(word) => self.phrase(&word, None),
            Token::Word(word) => self.word(&word),
            _ => None,
        }
    }

    fn phrase(&mut self, typed: &str, within: Option<u32>) -> Option<Node> {
        let count = Analyser::Exact.words(typed).len();
        if count == 0 || !self.take(count) {
            return None;
        }
        let typed = typed.split_whitespace().collect::<Vec<_>>().join(" ");
        self.operator().then(|| match within {
            // One word is near itself.
            Some(within) if count > 1 => Node::Close { words: typed, within: within.max(count as u32 - 1) },
            _ => Node::Phrase(typed.trim_matches(|c: char| !c.is_alphanumeric() && c.is_ascii_punctuation()).to_owned()),
        })
    }

    fn word(&mut self, typed: &str) -> Option<Node> {
        let found = Analyser::Exact.words(typed);
        let (first, last) = (found.first()?, found.last()?);
        if !self.take(found.len()) {
            return None;
        }
        let bare = &typed[first.offset_from..last.offset_to];
        if found.len() == 1 && typed[last.offset_to..].starts_with('*') && last.text.chars().count() >= MIN_PREFIX {
            return self.operator().then(|| Node::Prefix(last.text.clone()));
        }
        if typed[last.offset_to..].starts_with('*') {
            self.notes
                .push(format!("A beginning is one word of {MIN_PREFIX} letters and more, so that “{typed}” was read without its star."));
        }
        Some(Node::word(bare))
    }

    /// What a field makes of its operand. Words that are no value of the field are read as words, with a note.
    fn narrowed(&mut self, field: Field, node: Node) -> Node {
        match (field, node) {
            (Field::Title, node) => Node::Title(Box::new(node)),
            (field, Node::Not(inner)) => Node::Not(Box::new(self.narrowed(field, *inner))),
            (field, Node::All(nodes)) => Node::All(nodes.into_iter().map(|node| self.narrowed(field, node)).collect()),
            (field, Node::Any(nodes)) => Node::Any(nodes.into_iter().map(|node| self.narrowed(field, node)).collect()),
            (Field::Facet(facet), Node::Word { typed, .. } | Node::Phrase(typed)) => Node::Facet(facet, typed),
            (Field::Id, Node::Word { typed, .. } | Node::Phrase(typed)) => match typed.to_lowercase().parse::<ReleaseId>() {
                Ok(id) => Node::Id(id),
                Err(()) => {
                    self.notes.push(format!("“{typed}” is no id of a release (eight letters and digits), so it was read as a word."));
                    Node::word(typed)
                }
            },
            (field @ (Field::After | Field::Before | Field::On), Node::Word { typed, .. } | Node::Phrase(typed)) => {
                match Period::typed(&typed, self.today) {
                    Ok(period) => days(field, period),
                    Err(reason) => {
                        self.notes.push(format!("{reason} It was read as words."));
                        Node::word(typed)
                    }
                }
            }
            (field, other) => {
                let (name, wanted) = field.wants();
                self.notes.push(format!("Behind “{name}:” {wanted} is wanted; what stands there was read as words."));
                other
            }
        }
    }

    /// Passes over a group whose parenthesis has been taken.
    fn skip_group(&mut self) {
        self.cut = true;
        let mut open = 1;
        while let Some(token) = self.peek() {
            match token {
                Token::Open => open += 1,
                Token::Close => open -= 1,
                _ => {}
            }
            self.at += 1;
            if open == 0 {
                break;
            }
        }
    }

    /// Passes over what a field is about.
    fn skip_operand(&mut self) {
        self.cut = true;
        while matches!(self.peek(), Some(Token::Field(_))) {
            self.at += 1;
        }
        if let Some(token) = self.peek().filter(|token| begins(token)) {
            let group = *token == Token::Open;
            self.at += 1;
            if group {
                self.skip_group();
            }
        }
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

/// Whether something that can be searched for begins with the token.
const fn begins(token: &Token) -> bool {
    matches!(token, Token::Open | Token::Field(_) | Token::Phrase(..) | Token::Exact(_) | Token::Word(_))
}

/// Two operands close to each other; what has no place in a text (a filter, an exclusion, a group of which all is wanted) can only be
/// wanted beside the other.
fn join(left: Node, within: Within, right: Node) -> Node {
    if !right.has_place() {
        return Node::All(vec![left, right]);
    }
    match left {
        Node::Near { mut operands, within: same } if same == within => {
            operands.push(right);
            Node::Near { operands, within }
        }
        Node::Near { operands, within: other } => {
            let shared = operands.last().cloned();
            let near = Node::Near { operands, within: other };
            Node::All(vec![near, Node::Near { operands: shared.into_iter().chain([right]).collect(), within }])
        }
        left if left.has_place() => Node::Near { operands: vec![left, right], within },
        left => Node::All(vec![left, right]),
    }
}

/// `after:` and `before:` leave the period itself out, as the words say.
fn days(field: Field, period: Period) -> Node {
    match field {
        Field::After => Node::Days { from: Some(period.end()), to: None },
        Field::Before => Node::Days { from: None, to: period.first().checked_sub_days(Days::new(1)) },
        _ => Node::Days { from: Some(period.first()), to: Some(period.last()) },
    }
}
