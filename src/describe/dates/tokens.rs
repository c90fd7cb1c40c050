//! Text to tokens: numbers, words with a meaning for dates, a few signs; each with its place and its sentence.
//!
//! The scanner is lenient about how dates are really printed: no-break spaces, dashes of every length, curly apostrophes, and words
//! glued together by extraction (`062Issued on 20 May. 20121.We`).

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use crate::model::Span;

use super::words::{Word, meaning};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A number of up to four digits, or the year of a number that extraction has glued to a list number.
    Number {
        value: u32,
        digits: u8,
        ordinal: bool,
    },
    /// `2025-06-24`, `24-06-2025`, `24.06.2025`, `11/21/2022`: a whole date in figures.
    Figures {
        year: i32,
        month: u32,
        day: u32,
    },
    /// A number that is no part of a date: `1.400`, `16.00`, `3.5%`, `A330`, `13:00`.
    Quantity,
    Word(Word),
    Dash,
    Comma,
    Dot,
    Slash,
    Open,
    Close,
    /// `;` and `:`, after which another clause stands.
    Break,
    /// Any other sign.
    Sign,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub kind: Kind,
    pub span: Span,
    /// Number of the sentence, counted within the text that was scanned.
    pub sentence: u32,
    /// White space stands before it.
    pub spaced: bool,
    /// The word begins with a capital.
    pub capital: bool,
}

impl Token {
    pub fn word(&self) -> Word {
        match self.kind {
            Kind::Word(word) => word,
            _ => Word::Other,
        }
    }
}

/// The tokens of `text[within]`. `lines` says that a line break ends a sentence, as in a list.
pub(super) fn scan(text: &str, within: Span, lines: bool) -> Vec<Token> {
    // A token for every five bytes is about what running text has.
    let tokens = Vec::with_capacity(within.len() / 5);
    let mut scanner = Scanner { text: text.get(..within.end).unwrap_or(""), at: within.start, tokens, sentence: 0, lines };
    scanner.run();
    scanner.tokens
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    tokens: Vec<Token>,
    sentence: u32,
    lines: bool,
}

impl Scanner<'_> {
    fn run(&mut self) {
        let mut spaced = true;
        let mut line_start = self.at;
        while let Some(c) = self.peek() {
            if c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}' | '\u{2060}') {
                if c == '\n' {
                    self.line_end(line_start);
                    line_start = self.at + 1;
                }
                self.at += c.len_utf8();
                spaced = true;
                continue;
            }
            let start = self.at;
            let kind = if c.is_ascii_digit() {
                self.number(spaced)
            } else if c.is_alphabetic() {
                self.word()
            } else {
                self.at += c.len_utf8();
                self.sign(c, start)
            };
            let span = Span::new(start, self.at);
            self.tokens.push(Token { kind, span, sentence: self.sentence, spaced, capital: c.is_uppercase() });
            if matches!(c, '.' | '!' | '?' | '…') && self.sentence_ends(c) {
                self.sentence += 1;
            }
            spaced = false;
        }
    }

    fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    /// A blank line ends a sentence, a line break in a list too, and one after a line too short to be wrapped text.
    fn line_end(&mut self, line_start: usize) {
        let blank = self.text.get(line_start..self.at).is_none_or(|line| line.trim().is_empty());
        let next = self.text.get(self.at + 1..).and_then(|rest| rest.chars().find(|c| *c == '\n' || !c.is_whitespace()));
        let opens = next.is_none_or(|c| !c.is_lowercase());
        let unfinished = matches!(
            self.tokens.last().map(|token| token.kind),
            Some(Kind::Comma | Kind::Number { digits: 1 | 2, .. } | Kind::Word(Word::Month { .. }))
        );
        if blank || self.lines && opens || opens && !unfinished && self.at.saturating_sub(line_start) < 60 {
            self.sentence += 1;
        }
    }

    fn sign(&self, c: char, start: usize) -> Kind {
        match c {
            '-' | '–' | '—' | '‐' | '‑' | '‒' | '−' | '―' => Kind::Dash,
            ',' | '،' => Kind::Comma,
            '.' => Kind::Dot,
            '/' => Kind::Slash,
            '(' | '[' => Kind::Open,
            ')' | ']' => Kind::Close,
            ';' | ':' => Kind::Break,
            '&' => Kind::Word(Word::And),
            // "we'll": the apostrophe was kept out of the word before it.
            '\'' | '’' if self.text.get(start..).is_some_and(|rest| rest.chars().skip(1).take(2).eq("ll".chars())) => {
                Kind::Word(Word::Will)
            }
            _ => Kind::Sign,
        }
    }

    fn word(&mut self) -> Kind {
        let start = self.at;
        let rest = self.text.get(start..).unwrap_or("");
        let mut end = rest.len();
        for (offset, c) in rest.char_indices() {
            let joins = match c {
                // "run-up", "aujourd'hui", "jusqu'au" are single words; "l'OTAN" and "23-24" are not.
                '-' => rest.get(..offset).is_some_and(|word| word.eq_ignore_ascii_case("run")),
                '\'' | '’' => rest.get(..offset).is_some_and(|word| {
                    ["aujourd", "jusqu", "won"].iter().any(|stem| word.eq_ignore_ascii_case(stem))
                        || word.eq_ignore_ascii_case("d")
                            && rest.get(offset..).is_some_and(|after| after.chars().skip(1).take(3).eq("ici".chars()))
                }),
                _ => c.is_alphabetic() || is_combining(c),
            };
            if !joins {
                end = offset;
                break;
            }
        }
        let word = rest.get(..end).unwrap_or("");
        self.at = start + end;
        Kind::Word(self.word_meaning(word))
    }

    fn word_meaning(&self, word: &str) -> Word {
        let meant = meaning(&lowered(word));
        match meant {
            Word::Month { number, sure: false } if word.chars().next().is_some_and(char::is_uppercase) => {
                Word::Month { number, sure: true }
            }
            other => other,
        }
    }

    fn number(&mut self, spaced: bool) -> Kind {
        let rest = self.text.get(self.at..).unwrap_or("");
        let glued_before = !spaced && self.text.get(..self.at).and_then(|text| text.chars().next_back()).is_some_and(char::is_alphabetic);
        let after_month = matches!(self.tokens.iter().rev().find(|t| t.kind != Kind::Dot).map(Token::word), Some(Word::Month { .. }));
        if !glued_before && let Some((figures, len)) = figures(rest) {
            self.at += len;
            return figures;
        }
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        // `20 May. 20121.We`: the number of the first paragraph is glued to the year.
        if after_month && (5..=6).contains(&digits) && rest.as_bytes().get(digits) == Some(&b'.') {
            self.at += 4;
            return number_of(rest.get(..4).unwrap_or(""), false);
        }
        let after = rest.get(digits..).unwrap_or("");
        if digits > 4 || (glued_before && !after_month && !self.month_follows(after)) || is_quantity(after, digits, after_month) {
            self.at += digits + quantity_tail(after);
            return Kind::Quantity;
        }
        let suffix = ordinal_suffix(after);
        self.at += digits + suffix;
        number_of(rest.get(..digits).unwrap_or(""), suffix > 0)
    }

    fn month_follows(&self, after: &str) -> bool {
        let word: String = after.trim_start().chars().take_while(|c| c.is_alphabetic()).take(12).collect();
        matches!(meaning(&lowered(&word)), Word::Month { .. })
    }

    /// A full stop, with any closing quotation marks, ends a sentence where a capital, a figure or nothing follows, and where it
    /// does not belong to an abbreviation (`Mr.`, `25 Apr. 2025`, `H.E.`).
    fn sentence_ends(&self, c: char) -> bool {
        let rest = self.text.get(self.at..).unwrap_or("");
        let after = rest.trim_start_matches(['”', '"', '’', '\'', ')', '»', '“']);
        let Some(next) = after.chars().next() else { return true };
        if !next.is_whitespace() {
            return c == '.' && next.is_uppercase() && self.before_dot_is_number_or_long_word();
        }
        let opens = after.chars().find(|c| !c.is_whitespace()).is_none_or(|c| !c.is_lowercase());
        opens && (c != '.' || !self.abbreviation())
    }

    fn before_dot_is_number_or_long_word(&self) -> bool {
        self.tokens.iter().rev().nth(1).is_some_and(|token| token.span.len() > 3 && token.word() == Word::Other)
    }

    fn abbreviation(&self) -> bool {
        const TITLES: &[&str] = &[
            "mr", "mrs", "ms", "dr", "mme", "st", "gen", "adm", "lt", "col", "maj", "capt", "sgt", "no", "nos", "art", "prof", "hon",
            "rep", "sen", "gov", "vs", "cf", "approx", "dept", "inc", "ltd", "tel",
        ];
        let Some(before) = self.tokens.iter().rev().nth(1) else { return false };
        let word = before.span.of(self.text);
        match before.kind {
            Kind::Word(Word::Month { .. }) => word.chars().count() <= 5,
            Kind::Word(Word::Weekday { short, .. }) => short,
            Kind::Word(_) => word.chars().count() == 1 && word.chars().all(char::is_uppercase) || TITLES.contains(&&*lowered(word)),
            _ => false,
        }
    }
}

/// Lower case, straight apostrophes.
pub(super) fn lowered(word: &str) -> Cow<'_, str> {
    if !word.is_ascii() {
        word.to_lowercase().replace('’', "'").nfc().collect()
    } else if word.bytes().any(|byte| byte.is_ascii_uppercase()) {
        word.to_ascii_lowercase().into()
    } else {
        word.into()
    }
}

fn is_combining(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

fn number_of(digits: &str, ordinal: bool) -> Kind {
    match digits.parse() {
        Ok(value) => Kind::Number { value, digits: digits.len() as u8, ordinal },
        Err(_) => Kind::Quantity,
    }
}

/// Length of an ordinal ending: `1st`, `23rd`, `1er`, `2e`, `3ème`.
fn ordinal_suffix(after: &str) -> usize {
    const ENDINGS: &[&str] = &["st", "nd", "rd", "th", "ère", "ère", "ème", "eme", "er", "re", "e", "º", "o", "ST", "ND", "RD", "TH", "ER"];
    ENDINGS
        .iter()
        .find(|ending| after.strip_prefix(**ending).is_some_and(|rest| !rest.chars().next().is_some_and(char::is_alphabetic)))
        .map_or(0, |ending| ending.len())
}

/// `1,400`, `16.00`, `13:00`, `5%`, `24h`, `16h30`: what follows the digits makes them no day and no year.
fn is_quantity(after: &str, digits: usize, after_month: bool) -> bool {
    let mut chars = after.chars();
    match (chars.next(), chars.next()) {
        (Some('%' | '‰' | '°' | '€' | '$'), _) => true,
        (Some('.' | ':'), Some(d)) => d.is_ascii_digit() && !(after_month && digits == 4),
        (Some(','), Some(d)) => d.is_ascii_digit() && digits <= 3 && !after_month,
        (Some('h' | 'H'), next) => next.is_none_or(|c| !c.is_alphabetic()),
        // A unit or a name is glued on ("6th" and "1er" are ordinals, "062Issued" and "20May" are glued words).
        (Some(c), _) if c.is_lowercase() => ordinal_suffix(after) == 0 && digits < 4 && !month_glued(after),
        _ => false,
    }
}

fn month_glued(after: &str) -> bool {
    let word: String = after.chars().take_while(|c| c.is_alphabetic()).take(12).collect();
    matches!(meaning(&lowered(&word)), Word::Month { .. })
}

fn quantity_tail(after: &str) -> usize {
    let mut len = 0;
    let bytes = after.as_bytes();
    while let Some(byte) = bytes.get(len) {
        let joins = match byte {
            b'0'..=b'9' => true,
            b'.' | b',' | b':' => bytes.get(len + 1).is_some_and(u8::is_ascii_digit),
            b'h' | b'H' => bytes.get(len + 1).is_none_or(|b| !b.is_ascii_alphabetic() && *b < 0x80),
            _ => false,
        };
        if !joins {
            break;
        }
        len += 1;
    }
    len
}

/// A date in figures only. `2025-06-24` is year first; hyphens and dots are day first; with slashes only a number above 12 can tell
/// the day from the month (form H15: `11/21/2022` and `24-06-2025` both occur), so what stays ambiguous is no date.
fn figures(rest: &str) -> Option<(Kind, usize)> {
    let bytes = rest.as_bytes();
    let run = |from: usize| bytes.get(from..).map_or(0, |tail| tail.iter().take_while(|b| b.is_ascii_digit()).count());
    let first = run(0);
    let sign = *bytes.get(first)?;
    if !matches!(sign, b'-' | b'/' | b'.') || first > 4 {
        return None;
    }
    let second = run(first + 1);
    let third_at = first + 1 + second + 1;
    if second == 0 || second > 2 || bytes.get(third_at - 1) != Some(&sign) {
        return None;
    }
    let third = run(third_at);
    let part = |from: usize, len: usize| rest.get(from..from + len).and_then(|digits| digits.parse::<u32>().ok());
    let (a, b, c) = (part(0, first)?, part(first + 1, second)?, part(third_at, third)?);
    let (year, month, day) = match (first, third, sign) {
        (4, 1..=2, b'-') => (a, b, c),
        (1..=2, 4, b'-' | b'.') if b <= 12 => (c, b, a),
        (1..=2, 4, b'/') if a > 12 => (c, b, a),
        (1..=2, 4, _) if b > 12 || (a == b && sign == b'/') => (c, a, b),
        _ => return None,
    };
    chrono::NaiveDate::from_ymd_opt(year as i32, month, day)?;
    ((1900..2200).contains(&year)).then_some((Kind::Figures { year: year as i32, month, day }, third_at + third))
}
