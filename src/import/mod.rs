//! Floor 1: container formats in, [`ParsedRelease`](crate::model::ParsedRelease)s out. Nothing after this floor knows how a release was packed.
//!
//! A file is recognised by its content ([`container`]). NDJSON is streamed ([`ndjson::NdjsonReader`]); any other document is read
//! whole ([`parse_document`]). The adapter of a text says where titles, source lines and date lines stand; one road
//! (`assemble`) then cuts the text and marks up the bodies ([`blocks_of`]). A further text format is one more adapter. Web pages (`html`) and
//! feeds (`feed`) are in any encoding; their texts are made from the mark-up, and what is HTML inside a feed goes the road of pages.
//!
//! Reading is lossless. A text's release is a slice of its document, and every character that is no white space stands in exactly
//! one release or in the preamble ([`prove_lossless`]). Of a page or a feed the bytes are kept, and the proof is that reading them again
//! gives the same texts ([`prove_document`]). There is no file I/O here but through the reader that NDJSON is given.

mod article_text;
mod assemble;
mod blocks;
mod detect;
mod encoding;
mod error;
mod feed;
mod feed_text;
mod fields;
mod html;
mod lines;
mod live_page;
mod lossless;
mod marks;
pub mod ndjson;
mod sidecar;
mod stamp;
#[cfg(test)]
mod tests;
mod when;

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use crate::model::{DocumentFormat, ParsedDocument, RefusedItem, Sidecar, Span};
use assemble::RawRelease;
use detect::Form;

pub use blocks::blocks_of;
pub use detect::{Container, DETECT_BYTES, container};
pub use error::ImportError;
pub use lossless::{prove_document, prove_lossless, prove_release};
pub use sidecar::parse_sidecar;

/// The largest text document, in bytes: it is held in memory whole. NDJSON has no such bound.
pub const MAX_DOCUMENT: usize = 64 * 1024 * 1024;

/// The longest line, in bytes, its line break aside; of a text document as of NDJSON.
pub const MAX_LINE: usize = 16 * 1024 * 1024;

/// The most releases in one text document: far more than [`MAX_DOCUMENT`] holds of real ones, and few enough to be held at once.
pub const MAX_RELEASES: usize = 250_000;

/// The largest web page, in bytes: a hundred times the longest that press offices publish.
pub const MAX_PAGE: usize = 8 * 1024 * 1024;

/// The largest feed, in bytes, and the most items in one: it is held in memory whole, item by item, which takes some 20 kB for each.
pub const MAX_FEED: usize = 16 * 1024 * 1024;
pub const MAX_ITEMS: usize = 20_000;

/// Reads a document whole: text (feed text, live page or article), a web page or a feed, whichever it shows itself to be.
///
/// A text and a page are loaded whole or not at all. Of a feed, items that cannot be read are noted in `refused`, and the others are
/// read: a feed is a list that a program made, and one slip of it in one item says nothing about the next. A feed without a single
/// item that can be read is refused.
///
/// # Errors
/// Too large, no UTF-8 where it is a text, no text, of no known form, or without anything that can be read.
pub fn parse_document(file: &str, bytes: Vec<u8>, sidecar: Sidecar) -> Result<ParsedDocument, ImportError> {
    match detect::form(file, &bytes)? {
        Form::Text => text_document(file, bytes, sidecar),
        Form::Html => html_document(file, bytes, sidecar),
        form @ (Form::XmlFeed | Form::JsonFeed) => feed_document(file, bytes, sidecar, form),
    }
}

fn text_document(file: &str, bytes: Vec<u8>, sidecar: Sidecar) -> Result<ParsedDocument, ImportError> {
    detect::bounded(file, &bytes, MAX_DOCUMENT, "a text document")?;
    let content = detect::decode(file, bytes)?;
    let from = detect::bom(&content).map_or(0, |mark| mark.end);
    let (format, raw) = adapt(&content, from).map_err(|reason| unknown(file, &content, reason))?;
    if raw.len() > MAX_RELEASES {
        let reason = format!("the document holds {} releases, more than the {MAX_RELEASES} that a text document may", raw.len());
        return Err(ImportError::new(file, reason).advise("Split it between two releases, or write its releases as NDJSON"));
    }
    let preamble = preamble(&content, from, &raw);
    let releases = assemble::releases(&content, raw);
    Ok(ParsedDocument { preamble, releases, ..whole(file, format, content.into_bytes(), sidecar) })
}

fn html_document(file: &str, bytes: Vec<u8>, sidecar: Sidecar) -> Result<ParsedDocument, ImportError> {
    detect::bounded(file, &bytes, MAX_PAGE, "a web page")?;
    let decoded = encoding::decode(&bytes, sidecar.charset.as_deref());
    let release = html::read(&decoded.text, Span::new(0, bytes.len()), &sidecar).map_err(|reason| {
        ImportError::new(file, reason)
            .advise("Load a page that holds one release; save the words of another as UTF-8 text and load that file")
    })?;
    Ok(ParsedDocument { releases: vec![release], ..whole(file, DocumentFormat::HtmlPage, bytes, sidecar) })
}

fn feed_document(file: &str, bytes: Vec<u8>, sidecar: Sidecar, form: Form) -> Result<ParsedDocument, ImportError> {
    detect::bounded(file, &bytes, MAX_FEED, "a feed")?;
    let items = items_in(&bytes);
    if items > MAX_ITEMS {
        let reason = format!("the feed holds some {items} items, more than the {MAX_ITEMS} that a feed may");
        return Err(ImportError::new(file, reason).advise("Split it, or write its items as NDJSON, which may be of any length"));
    }
    let decoded = encoding::decode(&bytes, sidecar.charset.as_deref());
    let read = if form == Form::XmlFeed { feed::read_xml } else { feed::read_json };
    let read = read(&decoded, &bytes, &sidecar)
        .map_err(|(line, reason)| ImportError::new(file, reason).at_line(line).advise("Load the feed as its publisher serves it"))?;
    if read.releases.is_empty() {
        return Err(match read.refused.first() {
            Some(first) => item_error(file, first),
            None => ImportError::new(file, "the feed holds no items").advise("Load it again when it has some"),
        });
    }
    let feed::Read { releases, teasers, refused } = read;
    Ok(ParsedDocument { releases, teasers, refused, ..whole(file, DocumentFormat::Feed, bytes, sidecar) })
}

/// About how many items a feed holds, told without reading it: tags that open one, or objects of a JSON feed with an id.
fn items_in(bytes: &[u8]) -> usize {
    let opens = |name: &[u8]| bytes.windows(name.len()).filter(|window| *window == name).count();
    opens(b"<item").max(opens(b"<entry")).max(opens(b"\"id\""))
}

/// A document of which nothing is read yet.
fn whole(file: &str, format: DocumentFormat, content: Vec<u8>, sidecar: Sidecar) -> ParsedDocument {
    let sha256 = sha256_hex(&content);
    let (releases, teasers, refused) = (Vec::new(), BTreeSet::new(), Vec::new());
    ParsedDocument { name: file.to_owned(), format, sha256, content, preamble: None, sidecar, releases, teasers, refused }
}

/// Why one item of a document was not read, as its owner is told.
pub fn item_error(file: &str, item: &RefusedItem) -> ImportError {
    let titled = if item.title.is_empty() { String::new() } else { format!(" (“{}”)", error::shown(&item.title)) };
    let error = ImportError::new(file, format!("item {}{titled} was not read: {}", item.number, item.reason));
    ImportError { line: item.line, ..error }
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
         (title, then paragraphs), a web page, an RSS, Atom or JSON feed, and NDJSON",
    )
}

/// Lower-case hex SHA-256.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
