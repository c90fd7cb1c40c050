//! Fixed words, any of which is looked for in one pass over a text.

use aho_corasick::{AhoCorasick, Match};

/// A set of words, compiled once.
pub(super) struct AnyOf {
    /// None only where the words were too many for the library, which no list of the code is.
    automaton: Option<AhoCorasick>,
}

impl AnyOf {
    pub fn new(words: &[&str]) -> Self {
        Self { automaton: AhoCorasick::new(words).ok() }
    }

    /// Every place where one of the words stands, as bytes; words that overlap are all told.
    pub fn places<'s>(&'s self, text: &'s str) -> impl Iterator<Item = Match> + 's {
        self.automaton.iter().flat_map(move |automaton| automaton.find_overlapping_iter(text))
    }

    /// Whether `text` holds any of the words, be it within a longer one.
    pub fn is_in(&self, text: &str) -> bool {
        self.automaton.as_ref().is_some_and(|automaton| automaton.is_match(text))
    }

    /// Whether any of the words stands in `text` from the start of a token.
    pub fn starts_token(&self, text: &str) -> bool {
        self.places(text).any(|hit| opens(text, hit))
    }

    /// Whether any of the words stands in `text` on token boundaries; one that ends in a space ends its token itself.
    pub fn is_token(&self, text: &str) -> bool {
        self.places(text).any(|hit| opens(text, hit) && closes(text, hit))
    }
}

fn opens(text: &str, hit: Match) -> bool {
    !text.get(..hit.start()).unwrap_or("").ends_with(char::is_alphanumeric)
}

fn closes(text: &str, hit: Match) -> bool {
    let spaced = text.get(hit.range()).is_some_and(|word| word.ends_with(' '));
    spaced || !text.get(hit.end()..).unwrap_or("").starts_with(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole_or_by_their_start() {
        let words = AnyOf::new(&["adopt", "sign", "i "]);
        for (text, within, starts, token) in [
            ("allies sign it", true, true, true),
            ("a signature", true, true, false),
            ("a design", true, false, false),
            ("designs, then sign", true, true, true),
            ("what i say", true, true, true),
            ("rabbi says", true, false, false),
            ("nothing", false, false, false),
        ] {
            assert_eq!((words.is_in(text), words.starts_token(text), words.is_token(text)), (within, starts, token), "{text}");
        }
    }
}
