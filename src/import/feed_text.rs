//! Feed text: releases of `Title / blank / Source: X / blank / body`, newest first.
//!
//! The form is that of an aggregator's category page saved as text. The words "Source: …" can also open a sentence or
//! close a text, so a line marks a release only where it looks like one in itself and in its place.

use std::collections::HashSet;

use super::assemble::RawRelease;
use super::marks::{self, Mark};
use crate::model::release::fold_spaces;

/// The longest publisher's name, in characters. Ministries with their whole style reach about 100.
const MAX_NAME: usize = 120;
/// The most words in a publisher's name, counted the same way.
const MAX_NAME_WORDS: usize = 14;
/// A title that ends in a full stop may be this long, in characters, where its source is known from other releases.
const MAX_DOTTED_TITLE: usize = 150;

/// Small words that stand in sentences and in no publisher's name, English and French; a name has them with a capital, if at all.
#[rustfmt::skip]
const SENTENCE_WORDS: &[&str] = &[
    "is", "are", "was", "were", "has", "have", "had", "show", "shows", "showed", "said", "says", "indicate", "indicates", "suggest", "suggests",
    "that", "which", "who", "according", "based", "data", "figures", "est", "sont", "était", "selon", "indique", "indiquent", "montre",
    "montrent", "que", "qui", "d'après",
];

/// The releases of a feed, in document order; none where the document is no feed.
pub(super) fn read(content: &str, from: usize) -> Vec<RawRelease> {
    let candidates = marks::find(content, from, source_name);
    let plain = |mark: &Mark<String>| mark.stands_alone() && is_name(&mark.value) && (mark.opens || is_title(mark.title.of(content)));
    let known: HashSet<String> = candidates.iter().filter(|mark| plain(mark)).map(|mark| mark.value.to_lowercase()).collect();
    // A name that other releases bear is believed with less around it: a missing blank line, a title with a full stop.
    let familiar = |mark: &Mark<String>| {
        let title = mark.title.of(content);
        let short = title.chars().nth(MAX_DOTTED_TITLE).is_none();
        known.contains(&mark.value.to_lowercase()) && mark.title_parted && (is_title(title) || (mark.stands_alone() && short))
    };
    let accepted = marks::accept(candidates, |mark| plain(mark) || familiar(mark));
    accepted.into_iter().map(|mark| RawRelease { title: mark.title, source: Some((mark.line, mark.value)), stamp: None }).collect()
}

/// The name in a line `Source: X`, with any white space before the colon, as French typography has it.
fn source_name(line: &str) -> Option<String> {
    let word = line.get(.."source".len()).filter(|word| word.eq_ignore_ascii_case("source"))?;
    let name = line.get(word.len()..)?.trim_start().strip_prefix(':')?.trim();
    let fits = !name.is_empty() && name.chars().nth(MAX_NAME).is_none();
    fits.then(|| fold_spaces(name))
}

/// Whether the words can be a publisher's name rather than the rest of a sentence.
fn is_name(name: &str) -> bool {
    let words: Vec<String> = name.split(' ').map(|word| word.replace('’', "'")).collect();
    let opens = name.chars().next().is_some_and(|c| c.is_uppercase() || c.is_ascii_digit() || (c.is_alphabetic() && !c.is_lowercase()));
    let address = words.len() == 1 && name.contains('.');
    (opens || address)
        && words.len() <= MAX_NAME_WORDS
        && !ends_in_stop(name)
        && !name.ends_with([',', ';', ':', '!', '?', '…'])
        && !words.iter().any(|word| SENTENCE_WORDS.contains(&word.trim_matches([',', ';', '.'])))
}

/// Whether a line can be a title: it does not end as a sentence, a clause or an introduction does.
fn is_title(line: &str) -> bool {
    !ends_in_stop(line) && !line.ends_with([',', ';', ':'])
}

/// Whether the line ends in a full stop that is no part of an abbreviation such as `U.S.`, closing quotes and brackets aside.
fn ends_in_stop(line: &str) -> bool {
    let line = line.trim_end_matches(['”', '"', '’', '\'', '»', ')', ']', ' ', '\u{a0}', '\u{202f}']);
    let Some(rest) = line.strip_suffix('.') else { return false };
    let last = rest.rsplit(char::is_whitespace).next().unwrap_or("");
    let abbreviated = last.contains('.') || ["Inc", "Ltd", "Co", "Jr", "Sr"].contains(&last);
    !abbreviated
}
