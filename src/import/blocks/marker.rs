//! The marks that print a list's items: bullets, dashes, numbers, letters, Roman numerals.

use crate::model::Span;

/// What sort of mark it is. Items of one list share it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A sign that prints nothing but lists.
    Bullet(char),
    /// A dash, an asterisk or a plus sign, which sentences and footnotes begin with as well.
    Dash(char),
    /// `1.`, with its closing sign.
    Number(char),
    /// `1.2.`, with how many parts it has and all but the last of them.
    Parts(u8, u32),
    /// `a)`, with its closing sign and whether it is a capital.
    Letter(char, bool),
    /// `iv)`, likewise.
    Roman(char, bool),
}

/// A mark at the start of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Marker {
    pub kind: Kind,
    /// 1 for the first item; 0 for what does not count.
    pub number: u32,
    /// Another reading: `i)` is the ninth letter as well as the first Roman numeral.
    pub other: Option<(Kind, u32)>,
    pub span: Span,
    /// What follows on the line, without white space in between; may be empty for bullets.
    pub rest: Span,
}

impl Marker {
    pub fn is_bullet(&self) -> bool {
        matches!(self.kind, Kind::Bullet(_))
    }

    pub fn is_ordered(&self) -> bool {
        !matches!(self.kind, Kind::Bullet(_) | Kind::Dash(_))
    }

    /// The number under which this marker goes on a list of that kind after that number.
    pub fn follows(&self, kind: Kind, number: u32) -> Option<u32> {
        if self.kind == kind && (number == 0 || self.number == number + 1) {
            return Some(self.number);
        }
        self.other.filter(|(other, next)| *other == kind && *next == number + 1).map(|(_, next)| next)
    }
}

const BULLETS: &[char] = &['•', '▪', '◦', '‣', '●', '○', '■', '□', '·', '⁃', '➢', '►', '▸', '✓', '\u{f0b7}'];
const DASHES: &[char] = &['-', '–', '—', '*', '+'];
/// The longest ordered mark, in bytes: `(viii)`, `10.12.14.`.
const MAX_MARK: usize = 12;

/// Reads the mark at the start of a line whose span has no white space at either end.
pub(super) fn read(text: &str, line: Span) -> Option<Marker> {
    let words = line.of(text);
    let first = words.chars().next()?;
    let made = |length: usize, kind, number, other| {
        let rest = words.get(length..)?;
        let gap = rest.len() - rest.trim_start().len();
        let (span, rest) = (Span::new(line.start, line.start + length), Span::new(line.start + length + gap, line.end));
        Some(Marker { kind, number, other, span, rest })
    };
    if BULLETS.contains(&first) {
        return made(first.len_utf8(), Kind::Bullet(first), 0, None);
    }
    let length = words.find(char::is_whitespace)?;
    if DASHES.contains(&first) {
        return if length == first.len_utf8() { made(length, Kind::Dash(first), 0, None) } else { None };
    }
    let mark = words.get(..length).filter(|mark| mark.len() <= MAX_MARK && mark.is_ascii())?;
    let (kind, number, other) = ordered(mark)?;
    made(length, kind, number, other)
}

type Reading = (Kind, u32, Option<(Kind, u32)>);

/// `1.` `1)` `(1)` `1.2.` `1.2` `a.` `a)` `(a)` `iv.` `iv)` `(iv)`.
fn ordered(mark: &str) -> Option<Reading> {
    let (inside, close) = match (mark.strip_prefix('('), mark.strip_suffix(['.', ')'])) {
        (Some(rest), _) => (rest.strip_suffix(')')?, '('),
        (None, Some(inside)) => (inside, if mark.ends_with('.') { '.' } else { ')' }),
        (None, None) => (mark, ' '),
    };
    if inside.bytes().any(|byte| byte == b'.') {
        return parts(inside);
    }
    // Four digits and a full stop are a year at the end of the sentence before.
    if close == ' ' {
        return None;
    }
    if inside.bytes().all(|byte| byte.is_ascii_digit()) && matches!(inside.len(), 1..=3) {
        return Some((Kind::Number(close), inside.parse().ok()?, None));
    }
    lettered(inside, close)
}

fn parts(inside: &str) -> Option<Reading> {
    let (mut count, mut before, mut last) = (0u8, 0u32, 0u32);
    for part in inside.split('.') {
        let number: u32 = part.parse().ok().filter(|_| matches!(part.len(), 1..=3) && part.bytes().all(|byte| byte.is_ascii_digit()))?;
        before = before.wrapping_mul(1000).wrapping_add(last);
        (count, last) = (count.checked_add(1)?, number);
    }
    Some((Kind::Parts(count, before), last, None))
}

fn lettered(inside: &str, close: char) -> Option<Reading> {
    let capital = inside.bytes().all(|byte| byte.is_ascii_uppercase());
    if !capital && !inside.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return None;
    }
    let roman = roman(inside).map(|number| (Kind::Roman(close, capital), number));
    let letter = match inside.as_bytes() {
        [letter] => Some((Kind::Letter(close, capital), u32::from(letter.to_ascii_lowercase() - b'a') + 1)),
        _ => None,
    };
    match (roman, letter) {
        // Only `i` begins a list of numerals more often than it goes on one of letters.
        (Some((kind, 1)), other) => Some((kind, 1, other)),
        (other, Some((kind, number))) => Some((kind, number, other)),
        (Some((kind, number)), None) => Some((kind, number, None)),
        (None, None) => None,
    }
}

/// The Roman numerals from 1 to 39, in either case.
fn roman(word: &str) -> Option<u32> {
    const UNITS: [&str; 10] = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"];
    let word = word.to_ascii_lowercase();
    let units = word.trim_start_matches('x');
    let tens = word.len() - units.len();
    // `ix` begins with `i`, so no ten is taken from it.
    let unit = UNITS.iter().position(|unit| *unit == units)?;
    let number = u32::try_from(tens * 10 + unit).ok()?;
    (tens <= 3 && number > 0).then_some(number)
}
