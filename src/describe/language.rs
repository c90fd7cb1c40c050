//! In which language a release is written.

use std::sync::LazyLock;

use whatlang::Lang;

use super::lookup::WordMap;
use crate::model::ParsedRelease;

/// Where the words do not tell.
const UNKNOWN: &str = "und";

/// Bytes of a text that are looked at: more does not change the answer.
const SAMPLE: usize = 2_000;
/// Share of the words that the small words of a language make up in running text; well below what both languages reach (about a third).
const RUNNING: f64 = 0.12;
/// Bytes of them that the statistics of letters, which are slower, look at.
const LETTERS: usize = 700;
/// Small words of one language that settle it, next to none of the other.
const CLEAR: usize = 20;
/// Words from which on the statistics of letters may be heard.
const ENOUGH: usize = 12;

/// Small words that English has and French, Dutch, German, Spanish and Italian have not.
const ENGLISH: &[&str] = &[
    "the", "and", "of", "to", "with", "from", "by", "that", "which", "will", "has", "have", "were", "been", "their", "this", "these", "at",
    "as", "its", "for", "are", "would", "who", "his", "they", "not", "but", "we", "our", "you", "meets", "visits", "on",
];

/// Small words that French has and English, Spanish, Italian, Portuguese and Romanian have not, or seldom.
const FRENCH: &[&str] = &[
    "le",
    "les",
    "des",
    "du",
    "et",
    "une",
    "dans",
    "pour",
    "sur",
    "aux",
    "est",
    "qui",
    "par",
    "avec",
    "ont",
    "cette",
    "ces",
    "leur",
    "leurs",
    "nous",
    "vous",
    "été",
    "sont",
    "d",
    "l",
    "qu",
    "où",
    "à",
    "au",
    "rencontre",
    "secrétaire",
    "son",
    "sa",
    "ses",
    "plus",
    "être",
];

/// The small words of both languages; no word is in both lists.
static SMALL_WORDS: LazyLock<WordMap<&str, Lang>> = LazyLock::new(|| {
    let english = ENGLISH.iter().map(|word| (*word, Lang::Eng));
    english.chain(FRENCH.iter().map(|word| (*word, Lang::Fra))).collect()
});

/// The language as a BCP 47 tag: the one that the source states of the release, else the one that its owner states of the document
/// (`stated`), else the one found in the words: `en`, `fr`, or `und`.
pub fn language(release: &ParsedRelease, stated: Option<&str>) -> String {
    [release.given.lang.as_deref(), stated]
        .into_iter()
        .flatten()
        .map(str::trim)
        .find(|tag| !tag.is_empty())
        .map_or_else(|| detect(&release.text).to_owned(), str::to_owned)
}

fn detect(text: &str) -> &'static str {
    let sample = head(text, SAMPLE);
    let (mut words, mut english, mut french) = (0_usize, 0_usize, 0_usize);
    for word in sample.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
        words += 1;
        match small_word(word) {
            Some(Lang::Eng) => english += 1,
            Some(Lang::Fra) => french += 1,
            _ => {}
        }
    }
    let running = |hits: usize| hits as f64 >= words as f64 * RUNNING;
    // Many small words of one language and next to none of the other leave nothing to ask the statistics.
    if english >= CLEAR && english >= french * 5 && running(english) {
        return "en";
    }
    if french >= CLEAR && french >= english * 5 && running(french) {
        return "fr";
    }
    let guess = if words >= ENOUGH { whatlang::detect(head(sample, LETTERS)) } else { None };
    let agreed = |lang: Lang| guess.as_ref().is_none_or(|info| info.lang() == lang || !info.is_reliable());
    // In a short text two small words, twice as many as of the other language, are the least that tells.
    if english >= 2 && english >= french * 2 && running(english) && agreed(Lang::Eng) {
        "en"
    } else if french >= 2 && french >= english * 2 && running(french) && agreed(Lang::Fra) {
        "fr"
    } else {
        match &guess {
            Some(info) if info.is_reliable() && info.lang() == Lang::Eng && english > french => "en",
            Some(info) if info.is_reliable() && info.lang() == Lang::Fra && french > english => "fr",
            _ => UNKNOWN,
        }
    }
}

/// The language of which a word, in whatever letters, is a small word.
fn small_word(word: &str) -> Option<Lang> {
    // Most words of a text are written small already.
    let small = word.is_ascii() && !word.bytes().any(|byte| byte.is_ascii_uppercase());
    if small { SMALL_WORDS.get(word).copied() } else { SMALL_WORDS.get(word.to_lowercase().as_str()).copied() }
}

/// The first `bytes` of a text, cut at the end of a character.
fn head(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests;
