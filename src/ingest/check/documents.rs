//! Proof that nothing of a document is lost: what stands in it stands in its releases, and what was taken out is known.

use super::{Findings, RESTORE, Result};
use crate::import::{prove_document, sha256_hex};
use crate::model::Span;
use crate::store::{ArchiveStore, Occurrence, StoredDocument};

pub async fn check(store: &dyn ArchiveStore, findings: &mut Findings) -> Result<()> {
    let mut after = 0;
    // One at a time: a document may be large.
    while let Some(document) = store.documents(after, 1).await?.pop() {
        after = document.id;
        findings.documents += 1;
        let occurrences = store.occurrences(document.id).await?;
        let erasures = store.erasures(document.id).await?;
        if !document.complete {
            findings.wrong.push(format!("{} was not read to its end: import it again", document.record.name));
        }
        findings.erased += erasures.len() as u64;
        match prove(&document, &occurrences, &erasures) {
            Ok(characters) => findings.characters += characters,
            Err(wrong) => findings.wrong.push(format!("{}: {wrong}", document.record.name)),
        }
    }
    Ok(())
}

/// Returns how many characters were proved; 0 for a streamed document, whose texts are proved each by itself.
fn prove(document: &StoredDocument, occurrences: &[Occurrence], erasures: &[Span]) -> Result<u64, String> {
    let Some(content) = &document.record.content else { return Ok(0) };
    // Where words were taken out the whole is no longer what it was; every part of it that is left still is.
    if erasures.is_empty() && sha256_hex(content) != document.record.sha256 {
        return Err(format!("the stored document does not have the SHA-256 that it was stored under: {RESTORE}"));
    }
    if content.len() as u64 != document.record.byte_length {
        return Err(format!(
            "the stored document holds {} bytes and should hold {}: {RESTORE}",
            content.len(),
            document.record.byte_length
        ));
    }
    let record = &document.record;
    if record.format.is_derived() {
        // Texts that are made from mark-up are proved by reading the same bytes again; with words taken out they read otherwise.
        if !erasures.is_empty() {
            return Ok(0);
        }
        let held: Vec<(u32, String)> = occurrences.iter().map(|occurrence| (occurrence.position, occurrence.sha256.clone())).collect();
        return prove_document(record.format, &record.name, content, &record.sidecar, &held);
    }
    let content = std::str::from_utf8(content).map_err(|_| "the stored document is not valid UTF-8")?;
    prove_text(content, record.preamble, occurrences, erasures)
}

/// Every non-white-space character of a text document stands in exactly one release or in the preamble, and every release is, byte for byte,
/// what stands at its place. Returns the number of such characters.
fn prove_text(content: &str, preamble: Option<Span>, occurrences: &[Occurrence], erasures: &[Span]) -> Result<u64, String> {
    let mut places: Vec<Span> = occurrences.iter().map(|occurrence| occurrence.at).chain(preamble).collect();
    places.sort_unstable();
    let mut at = 0;
    for place in &places {
        if place.start < at {
            return Err(format!("bytes {} to {} stand in two releases", place.start, at.min(place.end)));
        }
        if !content.get(at..place.start).is_some_and(|gap| gap.trim().is_empty()) {
            return Err(format!("words between bytes {at} and {} stand in no release", place.start));
        }
        at = place.end;
    }
    if !content.get(at..).is_some_and(|gap| gap.trim().is_empty()) {
        return Err(format!("words behind byte {at} stand in no release"));
    }
    for Occurrence { at, sha256, .. } in occurrences {
        let words = at.of(content);
        if erasures.contains(at) {
            if !words.bytes().all(|byte| byte == b' ') {
                return Err(format!("words that were erased still stand at bytes {} to {}", at.start, at.end));
            }
        } else if sha256_hex(words.as_bytes()) != *sha256 {
            return Err(format!("the release at bytes {} to {} is not what stands there", at.start, at.end));
        }
    }
    Ok(content.chars().filter(|c| !c.is_whitespace()).count() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(content: &str, position: u32, start: usize, end: usize) -> Occurrence {
        Occurrence { position, at: Span::new(start, end), sha256: sha256_hex(&content.as_bytes()[start..end]) }
    }

    #[test]
    fn what_stands_nowhere_twice_or_otherwise_is_said() {
        let content = "one two  three";
        let (one, two, three) = (place(content, 0, 0, 3), place(content, 1, 4, 7), place(content, 2, 9, 14));
        let all = [one.clone(), two.clone(), three.clone()];
        assert_eq!(prove_text(content, None, &all, &[]), Ok(11));
        assert_eq!(prove_text(content, Some(Span::new(0, 3)), &[two.clone(), three.clone()], &[]), Ok(11));
        let blanked = "one      three";
        let told = |content: &str, places: &[Occurrence], erased: &[Span]| prove_text(content, None, places, erased).expect_err("a fault");
        assert!(told(content, &[one.clone(), three.clone()], &[]).contains("between bytes 3 and 9"));
        assert!(told(content, &[one.clone(), two.clone()], &[]).contains("behind byte 7"));
        assert!(told(content, &[one.clone(), two.clone(), two.clone(), three.clone()], &[]).contains("two releases"));
        assert!(told(blanked, &all, &[]).contains("not what stands there"));
        assert_eq!(prove_text(blanked, None, &all, &[Span::new(4, 7)]), Ok(8));
        assert!(told(content, &all, &[Span::new(4, 7)]).contains("still stand"));
    }
}
