//! Characters that are no words, text without them, and words as they are compared.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::slug::fold_letter;

/// Whether a character steers how its neighbours are shown or is no character to show at all: control characters other than white
/// space, marks and overrides of the direction of writing (Unicode Bidirectional Algorithm, section 2), a byte-order mark.
pub fn is_steering(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// A text without them, for places where it stands among words of ours and cannot be set apart by markup.
pub fn without_steering(text: &str) -> Cow<'_, str> {
    if text.contains(is_steering) { text.chars().filter(|c| !is_steering(*c)).collect::<String>().into() } else { text.into() }
}

/// Words in lower case and without accents, as names are looked up by people who type neither: “Łódź” is `lodz`.
pub fn folded_words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
        let word = words.last_mut().filter(|_| c.is_alphanumeric());
        match (word, fold_letter(c)) {
            (Some(word), plain) if plain.is_empty() => word.extend(c.to_lowercase()),
            (Some(word), plain) => word.push_str(&plain),
            (None, _) => words.push(String::new()),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded() {
        for (text, words) in [
            ("  Türkiye’s Łódź—Æsir ", vec!["turkiye", "s", "lodz", "aesir"]),
            ("Київ, C-130", vec!["киів", "c", "130"]),
            ("\u{202e} – ", vec![]),
        ] {
            assert_eq!(folded_words(text), words);
        }
    }
}
