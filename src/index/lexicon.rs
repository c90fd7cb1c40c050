//! Names that mean the same: abbreviations and full names, and the other names of a place, an organisation or a person.

use std::collections::HashMap;

use super::analysis::Analyser;
use super::stop_words::is_stop_word;

/// Families of names. Looked up by their words, without capitals, accents and words like "and".
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    families: Vec<Vec<String>>,
    known: HashMap<String, Vec<usize>>,
    /// Words of the longest name.
    longest: usize,
}

/// Abbreviations up to so many letters are names only in capitals: `IT` and `it`, `US` and `us`.
const SHORT: usize = 3;

impl Lexicon {
    /// Makes a lexicon of families, each a list of names for one thing.
    pub fn new(families: impl IntoIterator<Item = Vec<String>>) -> Self {
        let mut lexicon = Self::default();
        for family in families {
            let number = lexicon.families.len();
            for name in &family {
                let words = content(name);
                lexicon.longest = lexicon.longest.max(words.len());
                let key = words.join(" ");
                if key.is_empty() {
                    continue;
                }
                let numbers = lexicon.known.entry(key).or_default();
                if !numbers.contains(&number) {
                    numbers.push(number);
                }
            }
            lexicon.families.push(family);
        }
        lexicon
    }

    /// How many words the longest name has, articles and the like not counted.
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// Other names for what was typed, in the order of the families; none where the words are no name.
    pub fn others(&self, typed: &str) -> Vec<&str> {
        let words = content(typed);
        let key = words.join(" ");
        let letters = typed.chars().filter(|c| c.is_alphanumeric()).count();
        if words.is_empty() || (letters <= SHORT && typed.chars().any(char::is_lowercase)) {
            return Vec::new();
        }
        let mut others: Vec<&str> = Vec::new();
        for name in self.known.get(&key).into_iter().flatten().flat_map(|number| &self.families[*number]) {
            if content(name).join(" ") != key && !others.contains(&name.as_str()) {
                others.push(name);
            }
        }
        others
    }
}

/// The words of a name that tell it from others.
fn content(name: &str) -> Vec<String> {
    let words: Vec<String> = Analyser::Exact.words(name).into_iter().map(|token| token.text).collect();
    let telling: Vec<String> = words.iter().filter(|word| !is_stop_word(word)).cloned().collect();
    if telling.is_empty() { words } else { telling }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviations_and_full_names_lead_to_each_other() {
        let family = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let lexicon = Lexicon::new([
            family(&["Joint Analysis, Training and Education Centre", "JATEC"]),
            family(&["United States", "US", "États-Unis"]),
        ]);
        for (typed, others) in [
            ("JATEC", &["Joint Analysis, Training and Education Centre"][..]),
            ("jatec", &["Joint Analysis, Training and Education Centre"]),
            ("joint analysis training education centre", &["JATEC"]),
            ("US", &["United States", "États-Unis"]),
            ("us", &[]),
            ("etats-unis", &["United States", "US"]),
            ("training", &[]),
            ("", &[]),
        ] {
            assert_eq!(lexicon.others(typed), others, "{typed}");
        }
    }
}
