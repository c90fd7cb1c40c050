//! Where a query's words stand in a text.
//!
//! A mark is made by the same analysis that finds, so that every form that matched is marked and nothing else. The text is walked once;
//! only words that begin like a wanted one are analysed, since stemming keeps the beginning of a word.

use std::collections::HashMap;

use super::analysis::{Analyser, fold_into, is_ignorable, is_word_character};
use super::grammar::{Node, Variant};
use crate::model::Span;

/// A hit, and which wishes of the query it answers, a bit for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    pub span: Span,
    pub wishes: u64,
}

/// Words looked for in one way of reading.
#[derive(Clone, Debug, Default)]
struct Terms {
    words: HashMap<String, u64>,
    prefixes: Vec<(String, u64)>,
    /// Two words and more, one behind the other.
    runs: Vec<(Vec<String>, u64)>,
    beginnings: Beginnings,
}

/// How wanted words begin: up to three letters, since a stem may differ from its word behind them (`skies`, `sky`), and sooner for short ones
/// (`dying`, `die`).
#[derive(Clone, Debug)]
struct Beginnings {
    /// First bytes, as a set; anything beyond ASCII is looked at.
    first: [bool; 256],
    letters: Vec<Vec<u8>>,
}

impl Default for Beginnings {
    fn default() -> Self {
        let mut first = [false; 256];
        first[128..].fill(true);
        Self { first, letters: Vec::new() }
    }
}

impl Beginnings {
    fn add(&mut self, word: &str) {
        let letters: Vec<u8> = word.bytes().take(if word.len() > 4 { 3 } else { 2 }.min(word.len())).map(alike).collect();
        if let Some(first) = word.bytes().next() {
            for byte in [first.to_ascii_lowercase(), first.to_ascii_uppercase()] {
                self.first[byte as usize] = true;
            }
            if alike(first) == b'i' {
                b"iIyY".iter().for_each(|byte| self.first[*byte as usize] = true);
            }
        }
        if !self.letters.contains(&letters) {
            self.letters.push(letters);
        }
    }

    /// Whether a word can be a wanted one.
    #[inline]
    fn can_be(&self, word: &[u8]) -> bool {
        let same =
            |letters: &Vec<u8>| word.len() >= letters.len() && letters.iter().zip(word).all(|(wanted, byte)| alike(*byte) == *wanted);
        // Behind a letter beyond ASCII, bytes no longer stand where the folded letters do.
        self.first[word[0] as usize]
            && (word[..word.len().min(3)].iter().any(|byte| !byte.is_ascii_alphanumeric()) || self.letters.iter().any(same))
    }
}

/// A letter without its capital; y as the stemmer's i.
const fn alike(byte: u8) -> u8 {
    match byte.to_ascii_lowercase() {
        b'y' => b'i',
        other => other,
    }
}

impl Terms {
    fn is_empty(&self) -> bool {
        self.words.is_empty() && self.prefixes.is_empty() && self.runs.is_empty()
    }

    fn add(&mut self, analyser: Analyser, text: &str, wishes: u64) {
        let mut words: Vec<String> = analyser.words(text).into_iter().map(|token| token.text).collect();
        if let Some(first) = words.first() {
            self.beginnings.add(first);
        }
        match words.len() {
            0 => {}
            1 => {
                if let Some(word) = words.pop() {
                    *self.words.entry(word).or_default() |= wishes;
                }
            }
            _ => self.runs.push((words, wishes)),
        }
    }

    /// Marks in a text, in order of their start.
    fn marks(&self, analyser: Analyser, text: &str, marks: &mut Vec<Mark>) {
        if self.is_empty() {
            return;
        }
        let mut known: HashMap<&str, Option<u64>> = HashMap::new();
        let mut folded = String::new();
        let mut at = 0;
        while let Some(start) = next_word(text, at) {
            let end = end_of_word(text, start);
            at = end;
            let word = &text[start..end];
            if !self.beginnings.can_be(word.as_bytes()) {
                continue;
            }
            let wishes = *known.entry(word).or_insert_with(|| {
                folded.clear();
                fold_into(word, &mut folded);
                let beginning = self.prefixes.iter().filter(|(prefix, _)| folded.starts_with(prefix.as_str())).map(|(_, wishes)| wishes);
                let wishes = self.wishes(analyser, &folded) | beginning.fold(0, |all, wishes| all | wishes);
                let begins_run = self.runs.iter().any(|(run, _)| analyser.stem(&folded) == run[0]);
                (wishes != 0 || begins_run).then_some(wishes)
            });
            let Some(wishes) = wishes else { continue };
            if analyser.drops(text, start, end) {
                continue;
            }
            if wishes != 0 {
                marks.push(Mark { span: Span::new(start, end), wishes });
            }
            for (run, wishes) in &self.runs {
                if let Some(end) = end_of_run(analyser, text, start, run) {
                    marks.push(Mark { span: Span::new(start, end), wishes: *wishes });
                }
            }
        }
    }

    fn wishes(&self, analyser: Analyser, folded: &str) -> u64 {
        if self.words.is_empty() {
            return 0;
        }
        match analyser {
            Analyser::Exact => self.words.get(folded).copied().unwrap_or(0),
            _ => self.words.get(&analyser.stem(folded)).copied().unwrap_or(0),
        }
    }
}

/// Where a run that begins at `start` ends; `None` where the words are others.
fn end_of_run(analyser: Analyser, text: &str, start: usize, run: &[String]) -> Option<usize> {
    let mut at = start;
    let mut end = start;
    let mut folded = String::new();
    for wanted in run {
        loop {
            let from = next_word(text, at)?;
            end = end_of_word(text, from);
            at = end;
            if !analyser.drops(text, from, end) {
                folded.clear();
                fold_into(&text[from..end], &mut folded);
                break;
            }
        }
        if analyser.stem(&folded) != *wanted {
            return None;
        }
    }
    Some(end)
}

/// What a byte can be to a word: no part of it, part of it, or a character that has to be looked at whole.
const CLASS: [u8; 256] = {
    let mut class = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let ascii = byte as u8;
        class[byte] = if ascii.is_ascii_alphanumeric() {
            1
        } else if byte >= 128 || (ascii.is_ascii_control() && !ascii.is_ascii_whitespace()) {
            2
        } else {
            0
        };
        byte += 1;
    }
    class
};

/// Where the first word from `at` on begins.
#[inline]
fn next_word(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = at;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| CLASS[*byte as usize] != 0)?;
        if CLASS[bytes[at] as usize] == 1 {
            return Some(at);
        }
        let c = text[at..].chars().next()?;
        if is_word_character(c) {
            return Some(at);
        }
        at += c.len_utf8();
    }
}

#[inline]
fn end_of_word(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut end) = (start, start);
    loop {
        let letters = bytes[at..].iter().position(|byte| CLASS[*byte as usize] != 1).unwrap_or(bytes.len() - at);
        at += letters;
        if letters > 0 {
            end = at;
        }
        if bytes.get(at).is_none_or(|byte| CLASS[*byte as usize] == 0) {
            return end;
        }
        match text[at..].chars().next() {
            Some(c) if is_word_character(c) => {
                at += c.len_utf8();
                end = at;
            }
            Some(c) if is_ignorable(c) => at += c.len_utf8(),
            _ => return end,
        }
    }
}

/// Finds in a text what a query found in the archive.
#[derive(Clone, Debug, Default)]
pub struct Highlighter {
    english: Terms,
    french: Terms,
    exact: Terms,
    wishes: u32,
    /// What is looked for in titles alone.
    title: Option<Box<Highlighter>>,
}

impl Highlighter {
    pub fn new(tree: Option<&Node>) -> Self {
        let mut highlighter = Self::default();
        if let Some(node) = tree {
            highlighter.add(node);
        }
        highlighter
    }

    /// The next bit; the last one is shared by all that come behind it.
    fn wish(&mut self) -> u64 {
        let bit = 1 << self.wishes.min(63);
        self.wishes += 1;
        bit
    }

    fn add(&mut self, node: &Node) {
        match node {
            Node::Word { typed, also, .. } => {
                let wish = self.wish();
                self.word(typed, wish);
                also.iter().filter(|variant| !variant.form).for_each(|variant| self.variant(variant, wish));
            }
            Node::Run { words, also } => {
                let before = self.wishes;
                words.iter().for_each(|word| self.add(word));
                let wishes = (before..self.wishes).fold(0, |all, bit| all | 1 << bit.min(63));
                also.iter().filter(|variant| !variant.form).for_each(|variant| self.variant(variant, wishes));
            }
            Node::Phrase(words) => {
                let wish = self.wish();
                self.exact.add(Analyser::Exact, words, wish);
            }
            Node::Close { words, .. } => {
                for word in Analyser::Exact.words(words) {
                    let wish = self.wish();
                    self.exact.add(Analyser::Exact, &word.text, wish);
                }
            }
            Node::Prefix(start) => {
                let wish = self.wish();
                self.exact.beginnings.add(start);
                self.exact.prefixes.push((start.clone(), wish));
            }
            Node::Title(inner) => self.title.get_or_insert_default().add(inner),
            Node::Not(_) | Node::Facet(..) | Node::Id(_) | Node::Days { .. } => {}
            Node::All(nodes) | Node::Any(nodes) | Node::Most { nodes, .. } | Node::Near { operands: nodes, .. } => {
                nodes.iter().for_each(|node| self.add(node));
            }
        }
    }

    fn word(&mut self, words: &str, wishes: u64) {
        self.english.add(Analyser::English, words, wishes);
        self.french.add(Analyser::French, words, wishes);
    }

    /// A name, and several words of a variant, stand exactly so; one word in any of its forms.
    fn variant(&mut self, variant: &Variant, wishes: u64) {
        let words = &variant.words;
        if variant.name || Analyser::Exact.words(words).len() > 1 {
            self.exact.add(Analyser::Exact, words, wishes);
        } else {
            self.word(words, wishes);
        }
    }

    /// Whether nothing is looked for in bodies.
    pub fn is_empty(&self) -> bool {
        self.english.is_empty() && self.exact.is_empty()
    }

    /// All hits in a text of the given language; in order, not overlapping.
    pub fn marks(&self, text: &str, lang: &str) -> Vec<Mark> {
        let mut marks = Vec::new();
        self.collect(text, lang, &mut marks);
        merged(marks)
    }

    /// All hits in a title.
    pub fn title_marks(&self, text: &str, lang: &str) -> Vec<Mark> {
        let mut marks = Vec::new();
        self.collect(text, lang, &mut marks);
        if let Some(title) = &self.title {
            title.collect(text, lang, &mut marks);
        }
        merged(marks)
    }

    fn collect(&self, text: &str, lang: &str, marks: &mut Vec<Mark>) {
        match Analyser::of(lang) {
            Analyser::French => self.french.marks(Analyser::French, text, marks),
            analyser => self.english.marks(analyser, text, marks),
        }
        self.exact.marks(Analyser::Exact, text, marks);
    }
}

/// Marks that overlap as one.
fn merged(mut marks: Vec<Mark>) -> Vec<Mark> {
    marks.sort_unstable();
    let mut merged: Vec<Mark> = Vec::with_capacity(marks.len());
    for mark in marks {
        match merged.last_mut() {
            Some(last) if mark.span.start < last.span.end => {
                last.span.end = last.span.end.max(mark.span.end);
                last.wishes |= mark.wishes;
            }
            _ => merged.push(mark),
        }
    }
    merged
}
