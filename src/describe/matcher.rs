//! Finds many phrases in one pass over a text, and says where they stand in the text as published.
//!
//! The text is folded once: case, accents of Latin letters, typographic apostrophes, hyphens and spaces. The folded copy remembers
//! where its bytes came from, so that a match can be traced back to the source's own bytes.
//!
//! A phrase that begins with a word can stand only where a word begins. So each word of the text is looked up among the first words
//! of the phrases, and the few phrases that begin with it are compared.

use aho_corasick::AhoCorasick;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

use super::lookup::WordMap;
use crate::model::Span;

/// Stands in a folded text for a blank line: no phrase runs across it.
pub(super) const BREAK: u8 = b'\n';

/// All-capital words that are ordinary words too. In a line that is set wholly in capitals they say nothing.
const ORDINARY_WORDS: &[&str] = &["ACT", "AI", "CAP", "COR", "DEEP", "DIP", "ICI", "IS", "IT", "MAP", "MD", "SHAPE", "SPACE", "UN", "US"];

/// A text prepared for matching.
pub(super) struct Folded<'t> {
    /// The text as published.
    pub original: &'t str,
    /// Lower case, without accents, single spaces; a blank line is [`BREAK`].
    pub text: String,
    /// The words of `text`, runs of letters and digits, in order.
    words: Vec<Span>,
    /// Where the folded bytes come from, in order: most texts fold byte for byte over long stretches.
    stretches: Vec<Stretch>,
}

/// Folded bytes from `folded` on, up to the next stretch, with the place in the original that they came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stretch {
    folded: usize,
    original: usize,
    /// Each byte came from a byte of its own; else all came from the character at `original`.
    bytewise: bool,
}

impl<'t> Folded<'t> {
    pub fn new(original: &'t str) -> Self {
        let mut folded = Self::letters(original);
        folded.words = words(&folded.text);
        folded
    }

    /// The folded letters and signs, before the words are told apart.
    fn letters(original: &'t str) -> Self {
        let mut folded = Self { original, text: String::with_capacity(original.len()), words: Vec::new(), stretches: Vec::new() };
        let (mut newlines, mut at) = (0, 0);
        while let Some(rest) = original.get(at..) {
            let plain = folded.plain(rest);
            if !plain.is_empty() {
                newlines = 0;
                folded.push_plain(at, plain);
                at += plain.len();
                continue;
            }
            let Some(c) = rest.chars().next() else { break };
            if c.is_whitespace() {
                newlines += usize::from(c == '\n');
                folded.space(at, newlines > 1);
            } else {
                newlines = 0;
                folded.letter(at, c);
            }
            at += c.len_utf8();
        }
        folded
    }

    /// The head of `rest` that folds byte for byte: ASCII letters and signs, with single spaces between them.
    fn plain<'r>(&self, rest: &'r str) -> &'r str {
        let mut gap = self.text.as_bytes().last().is_none_or(|last| *last == b' ' || *last == BREAK);
        let folds = |byte: &u8| {
            let space = *byte == b' ';
            let plain = if space { !gap } else { byte.is_ascii_graphic() && *byte != b'%' };
            gap = space;
            plain
        };
        let length = rest.bytes().take_while(folds).count();
        rest.get(..length).unwrap_or("")
    }

    fn push_plain(&mut self, at: usize, plain: &str) {
        self.came_from(at, true);
        let start = self.text.len();
        self.text.push_str(plain);
        if let Some(pushed) = self.text.get_mut(start..) {
            pushed.make_ascii_lowercase();
        }
    }

    /// Notes that what is pushed next comes from `at`.
    fn came_from(&mut self, at: usize, bytewise: bool) {
        let folded = self.text.len();
        let goes_on = self.stretches.last().is_some_and(|last| {
            last.bytewise == bytewise && if bytewise { at - last.original == folded - last.folded } else { at == last.original }
        });
        if !goes_on {
            self.stretches.push(Stretch { folded, original: at, bytewise });
        }
    }

    /// Where the character that a folded byte came from starts in the original; past the end, the original's end.
    fn origin(&self, folded: usize) -> usize {
        let next = self.stretches.partition_point(|stretch| stretch.folded <= folded);
        match next.checked_sub(1).and_then(|at| self.stretches.get(at)) {
            Some(stretch) if folded < self.text.len() => stretch.original + if stretch.bytewise { folded - stretch.folded } else { 0 },
            _ => self.original.len(),
        }
    }

    /// Runs of white space become one space, or one break where they hold a blank line.
    fn space(&mut self, at: usize, blank_line: bool) {
        match self.text.as_bytes().last() {
            Some(b' ') if blank_line => {
                self.text.pop();
                self.text.push(char::from(BREAK));
            }
            Some(&last) if last == b' ' || last == BREAK => {}
            _ => self.push(at, ' '),
        }
    }

    fn letter(&mut self, at: usize, c: char) {
        if c.is_ascii() {
            // French sets a space before the sign, English does not.
            if c == '%' && self.text.ends_with(' ') {
                self.text.pop();
                self.stretches.pop_if(|last| last.folded == self.text.len());
            }
            return self.push(at, c.to_ascii_lowercase());
        }
        match c {
            '’' | '‘' | 'ʼ' | '′' => self.push(at, '\''),
            '\u{2010}'..='\u{2014}' | '\u{2212}' => self.push(at, '-'),
            // Soft hyphen, zero-width characters, byte-order mark: invisible.
            '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => {}
            'œ' | 'Œ' => self.push_all(at, "oe"),
            'æ' | 'Æ' => self.push_all(at, "ae"),
            'ß' | 'ẞ' => self.push_all(at, "ss"),
            'ø' | 'Ø' => self.push(at, 'o'),
            'ł' | 'Ł' => self.push(at, 'l'),
            'đ' | 'Đ' => self.push(at, 'd'),
            'ı' => self.push(at, 'i'),
            _ => decompose_canonical(c, |part| {
                if !is_combining_mark(part) {
                    part.to_lowercase().filter(|c| !is_combining_mark(*c)).for_each(|c| self.push(at, c));
                }
            }),
        }
    }

    fn push_all(&mut self, at: usize, letters: &str) {
        letters.chars().for_each(|c| self.push(at, c));
    }

    fn push(&mut self, at: usize, c: char) {
        self.came_from(at, false);
        self.text.push(c);
    }

    /// Where folded bytes `start..end` stand in the original.
    pub fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.origin(start), self.origin(end))
    }

    /// Up to `bytes` folded bytes that end at `at`, cut at the start of a character.
    pub fn before(&self, at: usize, bytes: usize) -> &str {
        let mut start = at.saturating_sub(bytes);
        while !self.text.is_char_boundary(start) {
            start += 1;
        }
        self.text.get(start..at).unwrap_or("")
    }

    /// Up to `bytes` folded bytes from `at` on, cut at the end of a character.
    pub fn after(&self, at: usize, bytes: usize) -> &str {
        let mut end = at.saturating_add(bytes).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        self.text.get(at..end).unwrap_or("")
    }

    /// Whether the folded range is bounded by what is no letter and no digit; a number is not cut at its decimal sign.
    fn stands_alone(&self, start: usize, end: usize) -> bool {
        let (Some(head), Some(found), Some(tail)) = (self.text.get(..start), self.text.get(start..end), self.text.get(end..)) else {
            return false;
        };
        let mut back = head.chars().rev();
        let mut ahead = tail.chars();
        let (before, after) = (back.next(), ahead.next());
        let starts_in_word = found.starts_with(char::is_alphanumeric) && before.is_some_and(char::is_alphanumeric);
        let ends_in_word = found.ends_with(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric);
        let decimal =
            |sign: Option<char>, digit: Option<char>| matches!(sign, Some('.' | ',')) && digit.is_some_and(|c| c.is_ascii_digit());
        let cuts_number = found.starts_with(|c: char| c.is_ascii_digit()) && decimal(before, back.next())
            || found.ends_with(|c: char| c.is_ascii_digit()) && decimal(after, ahead.next());
        !(starts_in_word || ends_in_word || cuts_number)
    }

    /// Whether the line around `span` of the original is set wholly in capitals; looks no further than [`REACH`] bytes either way.
    fn in_capitals(&self, span: Span) -> bool {
        let (mut first, mut last) = (span.start.saturating_sub(REACH), span.end.saturating_add(REACH).min(self.original.len()));
        while !self.original.is_char_boundary(first) {
            first += 1;
        }
        while !self.original.is_char_boundary(last) {
            last -= 1;
        }
        let head = Span::new(first, span.start).of(self.original).rsplit('\n').next().unwrap_or("");
        let tail = Span::new(span.end, last).of(self.original).split('\n').next().unwrap_or("");
        let mut letters = head.chars().chain(tail.chars()).filter(|c| c.is_alphabetic());
        letters.clone().nth(3).is_some() && letters.all(|c| !c.is_lowercase())
    }
}

/// Folds words the way a text is folded.
pub(super) fn fold(words: &str) -> String {
    Folded::letters(words.trim()).text
}

/// Where the runs of letters and digits stand.
fn words(text: &str) -> Vec<Span> {
    let mut words = Vec::with_capacity(text.len() / 5);
    let mut start = None;
    for (at, c) in text.char_indices() {
        if c.is_alphanumeric() {
            start = start.or(Some(at));
        } else if let Some(start) = start.take() {
            words.push(Span::new(start, at));
        }
    }
    words.extend(start.map(|start| Span::new(start, text.len())));
    words
}

/// How the letters of a found phrase must be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CaseRule {
    /// Parts that the phrase writes wholly in capitals must be in capitals; the rest is free.
    Capitals,
    /// A name: besides, each word that the phrase starts with a capital must start with one.
    Name,
}

/// One phrase of a [`Matcher`].
#[derive(Clone, Debug)]
struct Phrase {
    /// Whatever the owner of the matcher wants to know it by.
    id: usize,
    /// The words as they are written in the vocabulary, in the form matched.
    words: String,
    /// The same words as a folded text has them.
    folded: String,
    /// The ways in which its words must be set, in order.
    cases: Vec<WordCase>,
}

/// What is asked of one word of a phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WordCase {
    Free,
    /// First letter in capitals.
    Initial,
    /// Every letter in capitals, save a plural s.
    Capitals,
}

/// A found phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Range in the folded text.
    pub start: usize,
    pub end: usize,
    /// The id that the phrase was added with.
    pub id: usize,
}

/// Many phrases, found in one pass.
pub(super) struct Matcher {
    /// The phrases that begin with a word, by that word: places in `phrases`.
    by_word: WordMap<String, Vec<usize>>,
    /// Finds the phrases that begin with a sign, where there are any.
    signs: Option<AhoCorasick>,
    /// The places in `phrases` of what `signs` finds.
    signed: Vec<usize>,
    phrases: Vec<Phrase>,
}

impl Matcher {
    /// Compiles `(id, words, case rule)`; phrases that fold to nothing are left out.
    ///
    /// # Errors
    /// Where the automaton grows beyond what the library can hold.
    pub fn new<'w>(phrases: impl IntoIterator<Item = (usize, &'w str, CaseRule)>) -> Result<Self, aho_corasick::BuildError> {
        let mut matcher = Self { by_word: WordMap::default(), signs: None, signed: Vec::new(), phrases: Vec::new() };
        for (id, words, rule) in phrases {
            let folded = fold(words);
            let place = matcher.phrases.len();
            match folded.split(|c: char| !c.is_alphanumeric()).next() {
                _ if folded.is_empty() => continue,
                None | Some("") => matcher.signed.push(place),
                Some(first) => matcher.by_word.entry(first.to_owned()).or_default().push(place),
            }
            matcher.phrases.push(Phrase { id, words: words.to_owned(), folded, cases: word_cases(words, rule) });
        }
        if !matcher.signed.is_empty() {
            let patterns = matcher.signed.iter().filter_map(|place| Some(&matcher.phrases.get(*place)?.folded));
            matcher.signs = Some(AhoCorasick::new(patterns)?);
        }
        Ok(matcher)
    }

    /// Every phrase that stands on token boundaries and is set as its rule asks, by start, the longest first.
    pub fn find(&self, text: &Folded<'_>) -> Vec<Found> {
        let mut found: Vec<Found> = self
            .candidates(text)
            .map(|(start, phrase)| (Found { start, end: start + phrase.folded.len(), id: phrase.id }, phrase))
            .filter(|(hit, phrase)| text.stands_alone(hit.start, hit.end) && phrase.is_set_right(text, text.span(hit.start, hit.end)))
            .map(|(hit, _)| hit)
            .collect();
        found.sort_by_key(|hit| (hit.start, std::cmp::Reverse(hit.end), hit.id));
        found.dedup();
        found
    }

    /// Every phrase with each place where its bytes stand in the text, save within a word.
    fn candidates<'s>(&'s self, text: &'s Folded<'_>) -> impl Iterator<Item = (usize, &'s Phrase)> {
        let worded = text.words.iter().flat_map(|word| {
            let places = self.by_word.get(word.of(&text.text)).map_or(&[][..], Vec::as_slice);
            let rest = text.text.get(word.start..).unwrap_or("");
            places
                .iter()
                .filter_map(|place| self.phrases.get(*place))
                .filter(|phrase| rest.starts_with(&phrase.folded))
                .map(|p| (word.start, p))
        });
        let hits = self.signs.iter().flat_map(|signs| signs.find_overlapping_iter(&text.text));
        let signed = hits.filter_map(|hit| Some((hit.start(), self.phrases.get(*self.signed.get(hit.pattern().as_usize())?)?)));
        worded.chain(signed)
    }
}

impl Phrase {
    fn is_set_right(&self, text: &Folded<'_>, span: Span) -> bool {
        if self.cases.iter().all(|case| *case == WordCase::Free) {
            return true;
        }
        let mut words = words_of(span.of(text.original));
        let set = self.cases.iter().all(|case| words.next().is_none_or(|word| case.allows(word)));
        set && !(ORDINARY_WORDS.contains(&self.words.as_str()) && text.in_capitals(span))
    }
}

impl WordCase {
    fn allows(self, word: &str) -> bool {
        match self {
            Self::Free => true,
            Self::Initial => !word.starts_with(char::is_lowercase),
            Self::Capitals => !word.strip_suffix('s').unwrap_or(word).contains(char::is_lowercase),
        }
    }
}

/// The words of a phrase: runs of letters and digits.
fn words_of(phrase: &str) -> impl Iterator<Item = &str> {
    phrase.split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c)).filter(|word| !word.is_empty())
}

fn word_cases(words: &str, rule: CaseRule) -> Vec<WordCase> {
    words_of(words)
        .map(|word| {
            let stem = word.strip_suffix('s').unwrap_or(word);
            if stem.contains(char::is_uppercase) && !stem.contains(char::is_lowercase) {
                // One letter in capitals is the start of a word (`d'A`), not an abbreviation, unless a digit stands by it.
                if stem.chars().count() > 1 || rule == CaseRule::Name { WordCase::Capitals } else { WordCase::Free }
            } else if rule == CaseRule::Name && word.starts_with(char::is_uppercase) {
                WordCase::Initial
            } else {
                WordCase::Free
            }
        })
        .collect()
}

/// The longest of phrases that overlap, from the left; `same` says which phrases compete. `found` is ordered as [`Matcher::find`] gives it.
pub(super) fn longest(found: &[Found], same: impl Fn(&Found, &Found) -> bool) -> Vec<Found> {
    let mut kept: Vec<Found> = Vec::with_capacity(found.len());
    for hit in found {
        let beaten =
            kept.iter().rev().take_while(|other| other.start + REACH > hit.start).any(|other| other.end > hit.start && same(other, hit));
        if !beaten {
            kept.push(*hit);
        }
    }
    kept
}

/// No phrase is longer than this in bytes; it bounds the look back for overlaps.
pub(super) const REACH: usize = 240;

#[cfg(test)]
mod tests;
