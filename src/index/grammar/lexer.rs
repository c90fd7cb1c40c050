//! From characters to tokens. Nothing is refused: what is no operator is a word.

use super::{MAX_WITHIN, Within};
use crate::model::query::Facet;

/// A piece of what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Open,
    Close,
    /// `-` before something, or `NOT`.
    Not,
    Or,
    /// `/s`, `/p`, `/5`.
    Near(Within),
    /// `title:` and its like, directly before what it is about.
    Field(Field),
    /// Between quotation marks, with the distance of a `~5` behind them.
    Phrase(String, Option<u32>),
    /// `=word`.
    Exact(String),
    Word(String),
}

/// What a name before a colon narrows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Title,
    Id,
    After,
    Before,
    On,
    Facet(Facet),
}

impl Field {
    /// What it is called, and what it can be about.
    pub fn wants(self) -> (&'static str, &'static str) {
        match self {
            Self::Title => ("title", "a word or phrase"),
            Self::Id => ("id", "the id of a release"),
            Self::After => ("after", "a date"),
            Self::Before => ("before", "a date"),
            Self::On => ("on", "a date"),
            Self::Facet(facet) => (facet.token(), "a name"),
        }
    }

    fn named(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        Some(match name.as_str() {
            "title" => Self::Title,
            "id" => Self::Id,
            "after" => Self::After,
            "before" => Self::Before,
            "on" => Self::On,
            name => Self::Facet(Facet::ALL.into_iter().find(|facet| facet.token() == name)?),
        })
    }
}

pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(c) = rest.chars().next() {
        let (token, used) = token(c, rest);
        tokens.extend(token);
        rest = rest[used.max(1)..].trim_start();
    }
    tokens
}

/// The token that begins with `c`, if there is one, and how many bytes it takes.
fn token(c: char, rest: &str) -> (Option<Token>, usize) {
    let after = &rest[c.len_utf8()..];
    match c {
        '(' => (Some(Token::Open), 1),
        ')' => (Some(Token::Close), 1),
        '-' | '−' | '–' if after.starts_with(|next: char| next.is_alphanumeric() || is_quote(next) || matches!(next, '(' | '=')) => {
            (Some(Token::Not), c.len_utf8())
        }
        '=' if after.starts_with(is_quote) => (None, 1),
        '=' if after.starts_with(char::is_alphanumeric) => {
            let word = run(after);
            (Some(Token::Exact(word.to_owned())), 1 + word.len())
        }
        quote if is_quote(quote) => match after.char_indices().find(|(_, c)| is_quote(*c)) {
            Some((end, closing)) => {
                let used = quote.len_utf8() + end + closing.len_utf8();
                let (within, digits) = distance(&rest[used..]);
                (Some(Token::Phrase(after[..end].to_owned(), within)), used + digits)
            }
            // A quotation mark that is never closed is only a character.
            None => (None, quote.len_utf8()),
        },
        _ => word(rest),
    }
}

fn word(rest: &str) -> (Option<Token>, usize) {
    let word = run(rest);
    let token = match word {
        "OR" | "OU" => Token::Or,
        "NOT" => Token::Not,
        "AND" | "ET" => return (None, word.len()),
        _ => {
            if let Some(within) = operator(word) {
                return (Some(Token::Near(within)), word.len());
            }
            if let Some((name, value)) = word.split_once(':')
                && let Some(field) = Field::named(name)
            {
                let directly = if value.is_empty() {
                    rest[word.len()..].starts_with(|c: char| c == '(' || is_quote(c))
                } else {
                    value.starts_with(|c: char| c.is_alphanumeric() || c == '=')
                };
                if directly {
                    return (Some(Token::Field(field)), name.len() + 1);
                }
            }
            Token::Word(word.to_owned())
        }
    };
    (Some(token), word.len())
}

/// What stands before the next space, parenthesis or quotation mark.
fn run(text: &str) -> &str {
    &text[..text.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')') || is_quote(c)).unwrap_or(text.len())]
}

fn operator(word: &str) -> Option<Within> {
    match word.strip_prefix('/')? {
        "s" | "S" => Some(Within::Sentence),
        "p" | "P" => Some(Within::Paragraph),
        digits => number(digits).map(Within::Words),
    }
}

/// The distance that stands directly behind a phrase, and how many bytes it takes.
fn distance(behind: &str) -> (Option<u32>, usize) {
    let Some(rest) = behind.strip_prefix('~') else { return (None, 0) };
    let digits = &rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())];
    (number(digits), 1 + digits.len())
}

/// A distance in words, held to its bounds; `None` for what is no number.
fn number(digits: &str) -> Option<u32> {
    (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| digits.parse::<u32>().unwrap_or(MAX_WITHIN).clamp(1, MAX_WITHIN))
}

pub(super) const fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '＂')
}
