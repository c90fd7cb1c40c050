//! The date line of a live page's entry: a day, a clock time and nothing else.

use chrono::NaiveDate;

use crate::model::period::month_number;
use crate::model::{Span, Stamp};

/// The longest date line, in bytes: `mercredi 24 septembre 2025 à 16 heures 30 (heure locale)` has 58.
const MAX_STAMP: usize = 80;

/// Words that may stand before, between or after the parts of a date line and change none of them.
#[rustfmt::skip]
const FILLERS: &[&str] = &[
    "le", "the", "of", "at", "à", "a", "um", "on", "hrs", "hours", "uur", "uhr", "cet", "cest", "gmt", "utc", "bst", "est", "edt", "eest", "eet",
    "local", "time", "heure", "locale",
];

#[rustfmt::skip]
const WEEKDAYS: &[&str] = &[
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri",
    "sat", "sun", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    Word(&'a str),
    /// Value and how many digits print it.
    Number(u32, usize),
    Sign(char),
}

/// Reads `June 24, 16.30`, `24 June 2025, 16:30`, `24 juin, 16h30`, `1er juillet à 9h`, `Tuesday 24 June, 4.30 pm` and the like.
/// The span of the answer is empty: only the caller knows where the line stands.
pub(super) fn read(line: &str) -> Option<Stamp> {
    if line.len() > MAX_STAMP || !line.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let line = line.to_lowercase();
    let mut tokens = Tokens { rest: tokens(&line)?, at: 0 };
    tokens.skip_fillers();
    let (month, day) = tokens.month_and_day()?;
    tokens.skip_fillers();
    let year = tokens.year();
    tokens.skip_fillers();
    let (hour, minute) = tokens.clock()?;
    tokens.skip_fillers();
    // Without a printed year any leap year will do: 29 February is possible in some year.
    let possible = NaiveDate::from_ymd_opt(year.unwrap_or(2000), month, day).is_some() && hour < 24 && minute < 60;
    (possible && tokens.peek().is_none()).then_some(Stamp { span: Span::new(0, 0), month, day, year, hour, minute })
}

/// Words, numbers and signs of a line; nothing where a number is longer than a year.
fn tokens(line: &str) -> Option<Vec<Token<'_>>> {
    let mut found = Vec::new();
    let mut rest = line.trim_start();
    while let Some(first) = rest.chars().next() {
        let same = |c: char| if first.is_ascii_digit() { c.is_ascii_digit() } else { first.is_alphabetic() && c.is_alphabetic() };
        let length = rest.find(|c| !same(c)).unwrap_or(rest.len()).max(first.len_utf8());
        let (piece, tail) = rest.split_at(length);
        found.push(match first {
            '0'..='9' if length > 4 => return None,
            '0'..='9' => Token::Number(piece.parse().ok()?, length),
            _ if first.is_alphabetic() => Token::Word(piece),
            _ => Token::Sign(first),
        });
        rest = tail.trim_start();
    }
    Some(found)
}

struct Tokens<'a> {
    rest: Vec<Token<'a>>,
    at: usize,
}

impl<'a> Tokens<'a> {
    fn peek(&self) -> Option<Token<'a>> {
        self.rest.get(self.at).copied()
    }

    /// Takes the next token if `read` understands it.
    fn take<T>(&mut self, read: impl Fn(Token<'a>) -> Option<T>) -> Option<T> {
        let value = read(self.peek()?)?;
        self.at += 1;
        Some(value)
    }

    fn skip_fillers(&mut self) {
        let filler = |token: Token| match token {
            Token::Word(word) => FILLERS.contains(&word) || WEEKDAYS.contains(&word),
            Token::Sign(sign) => matches!(sign, ',' | '.' | '-' | '–' | '—' | '|' | '·' | '•' | '(' | ')' | '/'),
            Token::Number(..) => false,
        };
        while self.take(|token| filler(token).then_some(())).is_some() {}
    }

    fn month_and_day(&mut self) -> Option<(u32, u32)> {
        let month = |token: Token| match token {
            Token::Word(word) => month_number(word),
            _ => None,
        };
        if let Some(month) = self.take(month) {
            self.take(|token| (token == Token::Sign('.')).then_some(()));
            return Some((month, self.day()?));
        }
        let day = self.day()?;
        self.skip_fillers();
        Some((self.take(month)?, day))
    }

    fn day(&mut self) -> Option<u32> {
        let day = self.take(|token| match token {
            Token::Number(day @ 1..=31, 1..=2) => Some(day),
            _ => None,
        })?;
        self.take(|token| matches!(token, Token::Word("st" | "nd" | "rd" | "th" | "er" | "re")).then_some(()));
        Some(day)
    }

    fn year(&mut self) -> Option<i32> {
        self.take(|token| match token {
            Token::Number(year @ 1900..=2999, 4) => i32::try_from(year).ok(),
            _ => None,
        })
    }

    fn clock(&mut self) -> Option<(u32, u32)> {
        let hour = self.take(|token| match token {
            Token::Number(hour, 1..=2) => Some(hour),
            _ => None,
        })?;
        let separator = self.take(|token| match token {
            Token::Sign('.' | ':') => Some(false),
            Token::Word("h" | "heures" | "heure") => Some(true),
            _ => None,
        });
        let minute = match separator {
            Some(_) => self.take(|token| match token {
                Token::Number(minute, 2) => Some(minute),
                _ => None,
            }),
            None => None,
        };
        let half = self.half_of_day();
        // A bare number is no clock time; `9h` and `9 am` are.
        let whole_hour = separator == Some(true) || half.is_some();
        let minute = minute.or_else(|| whole_hour.then_some(0))?;
        match half {
            Some(_) if !(1..=12).contains(&hour) => None,
            Some(afternoon) => Some((hour % 12 + if afternoon { 12 } else { 0 }, minute)),
            None => Some((hour, minute)),
        }
    }

    /// `am`, `a.m.`: false; `pm`, `p.m.`: true.
    fn half_of_day(&mut self) -> Option<bool> {
        let start = self.at;
        let whole = self.take(|token| match token {
            Token::Word("am" | "a") => Some(false),
            Token::Word("pm" | "p") => Some(true),
            _ => None,
        })?;
        if matches!(self.rest.get(start), Some(Token::Word("a" | "p"))) {
            let dotted = [Token::Sign('.'), Token::Word("m")];
            if self.rest.get(start + 1..start + 3) != Some(&dotted) {
                self.at = start;
                return None;
            }
            self.at = start + 3;
        }
        Some(whole)
    }
}
