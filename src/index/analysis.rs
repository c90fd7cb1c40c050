//! How text becomes words: the same way for what is indexed, what is asked and what is marked on a page.
//!
//! A word is a run of letters and digits, lower-cased, without accents. English drops a possessive ’s, French an elided article (l’Alliance);
//! then each language's Snowball stemmer runs, after folding (people type without accents). What is dropped keeps its place, so that the
//! places of words are the same in every way of reading: a word in any form can be looked for beside one in exactly this form.

use std::cell::RefCell;
use std::sync::LazyLock;

use tantivy::Index;
use tantivy::tokenizer::{Language, RawTokenizer, Stemmer, TextAnalyzer, Token, TokenStream, Tokenizer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::model::text::is_steering;

pub const ENGLISH: &str = "english";
pub const FRENCH: &str = "french";
pub const EXACT: &str = "exact";

/// Stands between the title and the body of an indexed text: nothing runs on from one into the other.
pub const GAP: char = '\u{1d}';

/// So many places lie between title and body: more than proximity looks over.
const GAP_PLACES: usize = 128;

/// Words of more bytes than this are no words: they are cut, on both sides of the comparison alike.
const MAX_WORD: usize = 128;

/// Makes the analysers known to an index. Without it documents are taken and the commit fails.
pub fn register(index: &Index) {
    for (name, analyser) in [(ENGLISH, Analyser::English), (FRENCH, Analyser::French), (EXACT, Analyser::Exact)] {
        index.tokenizers().register(name, analyser.build());
    }
}

/// The three ways of reading text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Analyser {
    English,
    French,
    Exact,
}

impl Analyser {
    const fn rule(self) -> Apostrophe {
        match self {
            Self::English => Apostrophe::Possessive,
            Self::French => Apostrophe::Elision,
            Self::Exact => Apostrophe::Parts,
        }
    }

    /// Whether the run of letters at a range of `text` is no word of its own to this way of reading.
    pub fn drops(self, text: &str, start: usize, end: usize) -> bool {
        self.rule().drops(text, start, end)
    }

    fn build(self) -> TextAnalyzer {
        match self {
            Self::English => TextAnalyzer::builder(Words { rule: self.rule() }).filter(Stemmer::new(Language::English)).build(),
            Self::French => TextAnalyzer::builder(Words { rule: self.rule() }).filter(Stemmer::new(Language::French)).build(),
            Self::Exact => TextAnalyzer::builder(Words { rule: self.rule() }).build(),
        }
    }

    /// The analyser for texts of a language.
    pub fn of(lang: &str) -> Self {
        if lang == "fr" || lang.starts_with("fr-") { Self::French } else { Self::English }
    }

    /// One folded word as this way of reading keeps it.
    pub fn stem(self, folded: &str) -> String {
        thread_local! {
            static ENGLISH: RefCell<TextAnalyzer> = RefCell::new(stemmer(Language::English));
            static FRENCH: RefCell<TextAnalyzer> = RefCell::new(stemmer(Language::French));
        }
        let stemmed = |analyser: &RefCell<TextAnalyzer>| {
            let mut analyser = analyser.borrow_mut();
            let mut stream = analyser.token_stream(folded);
            if stream.advance() { std::mem::take(&mut stream.token_mut().text) } else { String::new() }
        };
        match self {
            Self::English => ENGLISH.with(stemmed),
            Self::French => FRENCH.with(stemmed),
            Self::Exact => folded.to_owned(),
        }
    }

    /// The words of `text` with their byte offsets.
    pub fn words(self, text: &str) -> Vec<Token> {
        let mut words = Vec::new();
        self.each(text, &mut |token| words.push(token.clone()));
        words
    }

    /// Where the words of `text` begin, in bytes, and their places.
    pub fn places(self, text: &str) -> Vec<(usize, usize)> {
        let mut places = Vec::new();
        self.each(text, &mut |token| places.push((token.offset_from, token.position)));
        places
    }

    fn each(self, text: &str, told: &mut dyn FnMut(&Token)) {
        static BUILT: LazyLock<[TextAnalyzer; 3]> =
            LazyLock::new(|| [Analyser::English.build(), Analyser::French.build(), Analyser::Exact.build()]);
        let mut analyser = BUILT[self as usize].clone();
        analyser.token_stream(text).process(&mut |token| told(token));
    }
}

fn stemmer(language: Language) -> TextAnalyzer {
    TextAnalyzer::builder(RawTokenizer::default()).filter(Stemmer::new(language)).build()
}

/// What an apostrophe inside a word does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Apostrophe {
    /// `NATO’s` is `nato`.
    Possessive,
    /// `l’Alliance` is `alliance`.
    Elision,
    /// `NATO’s` is `nato` and `s`, as it stands.
    Parts,
}

#[derive(Clone)]
struct Words {
    rule: Apostrophe,
}

struct WordStream<'a> {
    rule: Apostrophe,
    text: &'a str,
    at: usize,
    token: Token,
}

impl Tokenizer for Words {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        WordStream { rule: self.rule, text, at: 0, token: Token::default() }
    }
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        loop {
            let rest = &self.text[self.at..];
            let Some(skip) = rest.find(is_word_character) else { return false };
            let start = self.at + skip;
            let word = &self.text[start..];
            let run = &word[..word.find(|c| !is_word_character(c) && !is_ignorable(c)).unwrap_or(word.len())];
            self.at = start + run.len();
            let end = start + run.trim_end_matches(is_ignorable).len();
            let gap = if rest[..skip].contains(GAP) { GAP_PLACES } else { 0 };
            self.token.position = self.token.position.wrapping_add(1 + gap);
            if self.rule.drops(self.text, start, end) {
                continue;
            }
            self.token.offset_from = start;
            self.token.offset_to = end;
            self.token.text.clear();
            fold_into(&self.text[start..end], &mut self.token.text);
            if !self.token.text.is_empty() {
                return true;
            }
        }
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

impl Apostrophe {
    /// Whether the run of letters is only the grammar of its neighbour.
    fn drops(self, text: &str, start: usize, end: usize) -> bool {
        let word = &text[start..end];
        match self {
            Self::Parts => false,
            Self::Possessive => {
                word.eq_ignore_ascii_case("s") && {
                    let mut before = text[..start].chars().rev();
                    before.next().is_some_and(is_apostrophe) && before.next().is_some_and(is_word_character)
                }
            }
            Self::Elision => {
                const ELIDED: [&str; 13] = ["l", "d", "qu", "n", "s", "j", "c", "m", "t", "lorsqu", "jusqu", "puisqu", "quoiqu"];
                ELIDED.iter().any(|elided| word.eq_ignore_ascii_case(elided)) && {
                    let mut after = text[end..].chars();
                    after.next().is_some_and(is_apostrophe) && after.next().is_some_and(is_word_character)
                }
            }
        }
    }
}

pub fn is_word_character(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphanumeric() } else { c.is_alphanumeric() || is_combining_mark(c) }
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '＇')
}

/// Whether a character inside a word is not seen: a soft hyphen, a joiner, a mark of direction. A word goes on behind it.
pub fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}') || (c != GAP && is_steering(c))
}

/// Lower case, no accents, compatibility forms resolved, the Latin letters that decomposition does not reach spelt out.
pub fn fold_into(word: &str, folded: &mut String) {
    if word.is_ascii() {
        folded.extend(word.bytes().filter(u8::is_ascii_alphanumeric).take(MAX_WORD).map(|byte| byte.to_ascii_lowercase() as char));
        return;
    }
    for c in word.nfkd().filter(|c| !is_combining_mark(*c) && !is_ignorable(*c)).flat_map(char::to_lowercase) {
        if folded.len() >= MAX_WORD {
            break;
        }
        match c {
            'ł' => folded.push('l'),
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            'ħ' => folded.push('h'),
            'ı' => folded.push('i'),
            c if is_combining_mark(c) => {}
            c => folded.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(analyser: Analyser, text: &str) -> Vec<String> {
        analyser.words(text).into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn words_are_folded_and_stemmed_in_their_language() {
        for (analyser, text, expected) in [
            (Analyser::English, "NATO’s strategies, defence-related", "nato strategi defenc relat"),
            (Analyser::English, "Häkkänen and Łódź", "hakkanen and lodz"),
            (Analyser::French, "L’Alliance s’engage dans l'élargissement", "allianc engag dan elarg"),
            (Analyser::Exact, "NATO’s ﬁnal Straße", "nato s final strasse"),
            (Analyser::Exact, "ＮＡＴＯ C-130", "nato c 130"),
            (Analyser::Exact, "co\u{ad}oper\u{200e}ation\u{200f}, a\u{7f}b", "cooperation ab"),
        ] {
            assert_eq!(words(analyser, text).join(" "), expected, "{text}");
        }
    }

    #[test]
    fn composed_and_decomposed_letters_are_the_same_word() {
        let composed = "Häkkänen Türkiye café";
        let decomposed: String = composed.nfd().collect();
        assert_eq!(words(Analyser::Exact, composed), words(Analyser::Exact, &decomposed));
    }

    #[test]
    fn places_are_the_same_in_every_way_of_reading() {
        let text = format!("NATO’s l’Alliance d’data{GAP}strategy’s end");
        let places = |analyser: Analyser| -> Vec<usize> { analyser.words(&text).iter().map(|token| token.position).collect() };
        assert_eq!(places(Analyser::Exact), [0, 1, 2, 3, 4, 5, 134, 135, 136]);
        assert_eq!(places(Analyser::English), [0, 2, 3, 4, 5, 134, 136]);
        assert_eq!(places(Analyser::French), [0, 1, 3, 5, 134, 135, 136]);
    }
}
