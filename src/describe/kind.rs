//! What sort of text a release is, and the number that its publisher gave it.

mod cues;
mod lists;
mod version;

use std::sync::LazyLock;

use regex::Regex;

use crate::model::release::fold_spaces;
use crate::model::{DocumentFormat, Kind, ParsedRelease};
use cues::Words;
pub use version::of_version;

/// A number is looked for in the title and so many bytes of the opening: further down, other releases are quoted.
const HEAD: usize = 1_500;

/// The numbers of press releases: `Press Release (2012) 062`, `PR (2022) 055`, `M-NAC-2 (2001)159`, `OTAN Communiqué de presse (2008)103`,
/// `Press Communiqué M-1(95)24`. On old pages the parts stand on lines of their own.
static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i:(?:\b(?:NATO|OTAN)\s+)?\b(?:press\s+(?:release|communiqu[eé])|communiqu[eé]\s+de\s+presse)[\s/|:•]*)",
        r"(?:M-[A-Z0-9]+(?:-[A-Z0-9]+)*\s*)?\((?:19|20)?[0-9]{2}\)\s*/?\s*[0-9]{1,4}\b",
        r"|\b(?:PR(?:/CP)?|CP)\s*\((?:19|20)[0-9]{2}\)\s*[0-9]{1,4}\b",
        r"|\bM-[A-Z0-9]+(?:-[A-Z0-9]+)*\s*\((?:19|20)?[0-9]{2}\)\s*[0-9]{1,4}\b",
    ))
    .ok()
});

/// What sort of text a release is: what its source states, else the strongest cue of its words and its document.
///
/// `advisory` says that the opening announces its event in the future tense.
pub fn kind(release: &ParsedRelease, format: DocumentFormat, advisory: bool) -> Kind {
    if let Some(given) = release.given.kind {
        return given;
    }
    let words = Words::of(release);
    if format == DocumentFormat::LivePage {
        return if words.is_video() { Kind::Video } else { Kind::LiveUpdate };
    }
    if let Some(kind) = spoken_or_issued(&words) {
        return kind;
    }
    if number(&release.text).is_some() {
        return Kind::PressRelease;
    }
    if format == DocumentFormat::ArticleText && release.source.is_none() {
        return Kind::Article;
    }
    if words.is_video() {
        Kind::Video
    } else if words.is_official_text() {
        Kind::OfficialText
    } else if words.is_event_page() {
        Kind::EventPage
    } else if advisory || words.is_advisory() {
        Kind::MediaAdvisory
    } else if words.is_digest() {
        Kind::Digest
    } else {
        Kind::News
    }
}

/// Kinds that say themselves what they are, whatever the document.
fn spoken_or_issued(words: &Words<'_>) -> Option<Kind> {
    if words.is_transcript() {
        Some(Kind::Transcript)
    } else if words.is_speech() {
        Some(Kind::Speech)
    } else if words.is_communique() {
        Some(Kind::Communique)
    } else if words.is_headed_advisory() {
        Some(Kind::MediaAdvisory)
    } else if words.is_statement() {
        Some(Kind::Statement)
    } else {
        None
    }
}

/// The number of the series that the release prints, as printed, with white space folded.
pub fn number(text: &str) -> Option<String> {
    let mut end = text.len().min(HEAD);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = &text[..end];
    if !has_bracketed_year(head) {
        return None;
    }
    let found = NUMBER.as_ref()?.find(head)?;
    // A number in the middle of a sentence is another release's.
    let line = head[..found.start()].rsplit('\n').next().unwrap_or("").trim();
    let quoted = line.split_whitespace().count() > 3 && line.chars().any(char::is_lowercase);
    (!quoted).then(|| fold_spaces(found.as_str()))
}

/// Whether two or four figures stand in round brackets, as in every form of a number: few texts have them, and only those are looked through.
fn has_bracketed_year(head: &str) -> bool {
    head.split('(').skip(1).any(|inner| {
        let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
        matches!(digits, 2 | 4) && inner.as_bytes().get(digits) == Some(&b')')
    })
}

#[cfg(test)]
mod tests;
