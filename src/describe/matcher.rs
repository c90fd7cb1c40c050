//! Finds many phrases in one pass over a text, and says where they stand in the text as published.
//!
//! A phrase that begins with a word can stand only where a word begins. So each word of the text is looked up among the first words
//! of the phrases, and the few phrases that begin with it are compared.

use aho_corasick::AhoCorasick;
use unicode_normalization::char::is_combining_mark;

use super::folded::{Folded, REACH, fold};
use super::lookup::WordMap;
use crate::model::Span;

/// All-capital words that are ordinary words too. In a line that is set wholly in capitals they say nothing.
const ORDINARY_WORDS: &[&str] = &["ACT", "AI", "CAP", "COR", "DEEP", "DIP", "ICI", "IS", "IT", "MAP", "MD", "SHAPE", "SPACE", "UN", "US"];

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

#[cfg(test)]
mod tests;
