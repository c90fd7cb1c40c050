//! Floor 1: container formats in, [`ParsedRelease`](crate::model::ParsedRelease)s out. Nothing after this floor knows how a release was packed.
//!
//! A file is recognised by its content ([`container`]). NDJSON is streamed ([`ndjson::NdjsonReader`]); a text document is read
//! whole ([`parse_document`]) by the adapter of its form, which says where titles, source lines and date lines stand; one road
//! (`assemble`) then cuts the text and marks up the bodies ([`blocks_of`]). A further text format is one more adapter.
//!
//! Reading is lossless: a release's text is a slice of its document, and every character that is no white space stands in exactly
//! one release or in the preamble ([`prove_lossless`]). There is no file I/O here but through the reader that NDJSON is given.

mod article_text;
mod assemble;
mod blocks;
mod detect;
mod error;
mod feed_text;
mod fields;
mod lines;
mod live_page;
mod lossless;
mod marks;
pub mod ndjson;
mod sidecar;
mod stamp;
#[cfg(test)]
mod tests;

use sha2::{Digest, Sha256};

use crate::model::{DocumentFormat, ParsedDocument, Sidecar, Span};
use assemble::RawRelease;

pub use blocks::blocks_of;
pub use detect::{Container, DETECT_BYTES, container};
pub use error::ImportError;
pub use lossless::{prove_lossless, prove_release};
pub use sidecar::parse_sidecar;

/// The largest text document, in bytes: it is held in memory whole. NDJSON has no such bound.
pub const MAX_DOCUMENT: usize = 64 * 1024 * 1024;

/// The longest line, in bytes, its line break aside; of a text document as of NDJSON.
pub const MAX_LINE: usize = 16 * 1024 * 1024;

/// The most releases in one text document: far more than [`MAX_DOCUMENT`] holds of real ones, and few enough to be held at once.
pub const MAX_RELEASES: usize = 250_000;

/// Reads a text document: feed text, live page or article, whichever it shows itself to be.
///
/// # Errors
/// The document is loaded whole or not at all: too large, no UTF-8, no text, or of no known form.
pub fn parse_document(file: &str, bytes: Vec<u8>, sidecar: Sidecar) -> Result<ParsedDocument, ImportError> {
    let content = detect::decode(file, bytes)?;
    let from = detect::bom(&content).map_or(0, |mark| mark.end);
    let (format, raw) = adapt(&content, from).map_err(|reason| unknown(file, &content, reason))?;
    if raw.len() > MAX_RELEASES {
        let reason = format!("the document holds {} releases, more than the {MAX_RELEASES} that a text document may", raw.len());
        return Err(ImportError::new(file, reason).advise("Split it between two releases, or write its releases as NDJSON"));
    }
    let preamble = preamble(&content, from, &raw);
    let releases = assemble::releases(&content, raw);
    let sha256 = sha256_hex(content.as_bytes());
    Ok(ParsedDocument { name: file.to_owned(), format, sha256, content, preamble, sidecar, releases })
}

/// The form of a text and its raw releases. Where a text has both source lines and date lines, the first of either decides: the
/// head of a release comes before anything its body can hold.
fn adapt(content: &str, from: usize) -> Result<(DocumentFormat, Vec<RawRelease>), String> {
    let (feed, live) = (feed_text::read(content, from), live_page::read(content, from));
    let first = |releases: &[RawRelease]| releases.first().map_or(usize::MAX, |release| release.title.start);
    if feed.is_empty() && live.is_empty() {
        Ok((DocumentFormat::ArticleText, vec![article_text::read(content, from)?]))
    } else if first(&feed) <= first(&live) {
        Ok((DocumentFormat::FeedText, feed))
    } else {
        Ok((DocumentFormat::LivePage, live))
    }
}

/// What stands before the first title, a byte-order mark included.
fn preamble(content: &str, from: usize, raw: &[RawRelease]) -> Option<Span> {
    let end = raw.first().map_or(content.len(), |release| release.title.start);
    let words = lines::trimmed(content, Span::new(from, end));
    match (from, words.is_empty()) {
        (0, true) => None,
        (0, false) => Some(words),
        (_, true) => Some(Span::new(0, from)),
        (_, false) => Some(Span::new(0, words.end)),
    }
}

fn unknown(file: &str, content: &str, reason: String) -> ImportError {
    ImportError::new(file, format!("{reason} (the text begins “{}”)", detect::first_words(content))).advise(
        "Known forms are a feed (title, then a line “Source: …”), a live page (title, then a line such as “June 24, 16.30”), an article \
         (title, then paragraphs) and NDJSON",
    )
}

/// Whether a source gives the beginning of a release only.
pub fn is_teaser(_: &crate::model::ParsedRelease) -> bool {
    false
}

/// Lower-case hex SHA-256.
pub fn sha256_hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |half: u8| char::from(DIGITS[usize::from(half & 15)]);
    Sha256::digest(bytes).iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
}
