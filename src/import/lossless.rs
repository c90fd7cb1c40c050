//! The proof that reading lost nothing: it looks at the finished document only, never at how it was read.

use super::lines::line_number;
use super::sha256_hex;
use crate::model::{BlockKind, ListItem, ParsedDocument, ParsedRelease, Span};

/// Proves that every non-white-space character of the document stands in exactly one release or in the preamble, that each
/// release's text is the document's own, and that title, source line, date line and body share that text out in turn.
///
/// # Errors
/// A sentence that names the first lost or doubled byte.
pub fn prove_lossless(document: &ParsedDocument) -> Result<(), String> {
    let content = document.content.as_str();
    let named = |reason: String| format!("{}: {reason}", document.name);
    if sha256_hex(content.as_bytes()) != document.sha256 {
        return Err(named("the document's SHA-256 is not that of its content".into()));
    }
    let parts = document.preamble.into_iter().chain(document.releases.iter().map(|release| release.at));
    shares(content, Span::new(0, content.len()), parts, "release").map_err(named)?;
    for (position, release) in document.releases.iter().enumerate() {
        let place = |reason: String| named(format!("release {position}: {reason}"));
        if content.get(release.at.start..release.at.end) != Some(release.text.as_str()) {
            return Err(place(format!("its text is not bytes {} to {} of the document", release.at.start, release.at.end)));
        }
        if usize::try_from(release.position) != Ok(position) {
            return Err(place(format!("it calls itself number {}", release.position)));
        }
        prove_release(release).map_err(place)?;
    }
    Ok(())
}

/// Proves that title, source line, date line and body share out a release's text, that its blocks share out the body, and that
/// the items of its lists share out the lists.
///
/// # Errors
/// A sentence that names the first lost or doubled byte of the release's text.
pub fn prove_release(release: &ParsedRelease) -> Result<(), String> {
    let text = release.text.as_str();
    if sha256_hex(text.as_bytes()) != release.sha256 {
        return Err("the release's SHA-256 is not that of its text".into());
    }
    if release.title.of(text).trim().is_empty() {
        return Err("the title is empty".into());
    }
    let parts = [Some(release.title), release.source_line, release.stamp.map(|stamp| stamp.span), Some(release.body)];
    shares(text, Span::new(0, text.len()), parts.into_iter().flatten(), "part of the release")?;
    shares(text, release.body, release.blocks.iter().map(|block| block.span), "block")?;
    for block in release.blocks.iter().filter(|block| block.kind == BlockKind::List || !block.items.is_empty()) {
        let mut parts = Vec::new();
        spans_of(&block.items, &mut parts);
        shares(text, block.span, parts.into_iter(), "list item")?;
    }
    Ok(())
}

/// Markers and lines in reading order.
fn spans_of(items: &[ListItem], parts: &mut Vec<Span>) {
    for item in items {
        parts.push(item.marker);
        parts.extend(&item.lines);
        spans_of(&item.children, parts);
    }
}

/// Whether the parts follow each other within `whole` and leave only white space out.
fn shares(text: &str, whole: Span, parts: impl Iterator<Item = Span>, called: &str) -> Result<(), String> {
    let mut at = whole.start;
    for part in parts {
        if part.start < at {
            return Err(told(text, part.start, &format!("stands in more than one {called}")));
        }
        if part.end < part.start || part.end > whole.end || text.get(part.start..part.end).is_none() {
            return Err(told(text, part.start, &format!("begins a {called} that reaches out of its text")));
        }
        blank(text, Span::new(at, part.start), called)?;
        at = part.end;
    }
    blank(text, Span::new(at, whole.end), called)
}

fn blank(text: &str, gap: Span, called: &str) -> Result<(), String> {
    match gap.of(text).char_indices().find(|(_, c)| !c.is_whitespace()) {
        Some((lost, _)) => Err(told(text, gap.start + lost, &format!("stands in no {called}"))),
        None => Ok(()),
    }
}

fn told(text: &str, byte: usize, what: &str) -> String {
    format!("byte {byte} (line {}) {what}", line_number(text.as_bytes(), byte))
}
