//! From where things stand in a document to [`ParsedRelease`]: the one road for every text format.

use super::{blocks_of, lines::trimmed, sha256_hex};
use crate::model::{Given, ParsedRelease, Span, Stamp};

/// What a text format finds out about one release, in offsets of the document.
#[derive(Debug)]
pub(super) struct RawRelease {
    pub title: Span,
    pub source: Option<(Span, String)>,
    /// Its span is in offsets of the document as well.
    pub stamp: Option<Stamp>,
}

impl RawRelease {
    /// Where the body can begin.
    fn head_end(&self) -> usize {
        let source = self.source.as_ref().map(|(line, _)| line.end);
        let stamp = self.stamp.map(|stamp| stamp.span.end);
        self.title.end.max(source.unwrap_or(0)).max(stamp.unwrap_or(0))
    }
}

/// Cuts the document at the titles. A release reaches from its title to the last thing printed before the next title; the
/// white space between two releases belongs to neither, so that a release's text is the same wherever it stands in a page.
pub(super) fn releases(content: &str, raw: Vec<RawRelease>) -> Vec<ParsedRelease> {
    let ends: Vec<usize> = raw.iter().skip(1).map(|next| next.title.start).chain([content.len()]).collect();
    let pairs = raw.into_iter().zip(ends).enumerate();
    pairs.map(|(position, (raw, end))| release(content, position, raw, end)).collect()
}

fn release(content: &str, position: usize, raw: RawRelease, end: usize) -> ParsedRelease {
    let start = raw.title.start;
    let head_end = raw.head_end();
    let body = trimmed(content, Span::new(head_end, end.max(head_end)));
    let at = Span::new(start, body.end);
    let text = at.of(content).to_owned();
    let (source_line, source) = raw.source.map(|(line, name)| (line.moved_back(start), name)).unzip();
    let body = body.moved_back(start);
    ParsedRelease {
        position: u32::try_from(position).unwrap_or(u32::MAX),
        at,
        sha256: sha256_hex(text.as_bytes()),
        title: raw.title.moved_back(start),
        source_line,
        source,
        stamp: raw.stamp.map(|stamp| Stamp { span: stamp.span.moved_back(start), ..stamp }),
        blocks: blocks_of(&text, body),
        body,
        text,
        given: Given::default(),
    }
}
