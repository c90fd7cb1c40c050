//! The proof that reading lost nothing: it looks at the finished document only, never at how it was read.

use super::lines::line_number;
use super::{parse_document, sha256_hex};
use crate::model::{BlockKind, DocumentFormat, ListItem, ParsedDocument, ParsedRelease, Sidecar, Span};

/// Proves that every non-white-space character of the document stands in exactly one release or in the preamble, that each
/// release's text is the document's own, and that title, source line, date line and body share that text out in turn.
///
/// # Errors
/// A sentence that names the first lost or doubled byte.
pub fn prove_lossless(document: &ParsedDocument) -> Result<(), String> {
    let named = |reason: String| format!("{}: {reason}", document.name);
    if sha256_hex(&document.content) != document.sha256 {
        return Err(named("the document's SHA-256 is not that of its content".into()));
    }
    let content = std::str::from_utf8(&document.content).map_err(|_| named("the document is not valid UTF-8".into()))?;
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

/// Proves that a kept document still gives the releases that are held of it: its bytes are read again, as they were read first, and
/// each release that `held` names by its position must have that SHA-256. Of a text document also that nothing of it was lost.
/// Answers with how many characters that are no white space the proof covers: those of a text document, or those of the texts
/// that were made again.
///
/// # Errors
/// A sentence that names the first release that is not the same, or the first byte lost.
pub fn prove_document(format: DocumentFormat, name: &str, bytes: &[u8], sidecar: &Sidecar, held: &[(u32, String)]) -> Result<u64, String> {
    let document = parse_document(name, bytes.to_vec(), sidecar.clone()).map_err(|error| error.reason)?;
    if document.format != format {
        return Err(format!("it is now read as a {} and not as a {}", document.format.label(), format.label()));
    }
    for (position, sha256) in held {
        let release = usize::try_from(*position).ok().and_then(|at| document.releases.get(at));
        if release.is_none_or(|release| release.sha256 != *sha256) {
            return Err(format!("read again, release {position} is not the text that is held"));
        }
    }
    let count = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count() as u64;
    if format.is_derived() {
        document.releases.iter().try_for_each(prove_release)?;
        return Ok(document.releases.iter().map(|release| count(&release.text)).sum());
    }
    prove_lossless(&document)?;
    Ok(std::str::from_utf8(bytes).map_or(0, count))
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
    for block in release.blocks.iter().filter(|block| block.kind == BlockKind::Table || !block.rows.is_empty()) {
        shares(text, block.span, block.rows.iter().flat_map(|row| row.cells.iter().copied()), "cell")?;
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
