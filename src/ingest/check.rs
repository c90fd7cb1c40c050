//! Proof that the archive holds what it says: database, texts, documents, index.

use super::Result;
use crate::import::{prove_document, sha256_hex};
use crate::index::SearchIndex;
use crate::model::Span;
use crate::store::{ArchiveStore, Occurrence, StoredDocument};

/// What a check looked at and what it found wrong.
#[derive(Debug, Default)]
pub struct Findings {
    pub documents: u64,
    pub releases: u64,
    /// Non-white-space characters of text documents that were each found in exactly one release or preamble.
    pub characters: u64,
    /// Sentences; empty when all is well.
    pub wrong: Vec<String>,
}

/// Releases looked at together.
const PAGE: u32 = 500;

/// Checks everything. Reads the whole archive.
pub async fn check(store: &dyn ArchiveStore, index: &SearchIndex) -> Result<Findings> {
    let mut findings = Findings { wrong: store.integrity().await?, ..Findings::default() };
    check_documents(store, &mut findings).await?;
    check_texts(store, &mut findings).await?;
    check_links(store, &mut findings).await?;
    check_index(store, index, &mut findings).await?;
    Ok(findings)
}

async fn check_documents(store: &dyn ArchiveStore, findings: &mut Findings) -> Result<()> {
    let mut after = 0;
    while let Some(document) = store.documents(after, 1).await?.pop() {
        after = document.id;
        findings.documents += 1;
        let occurrences = store.occurrences(document.id).await?;
        if !document.complete {
            findings.wrong.push(format!("{} was not read to its end: import it again", document.record.name));
        }
        match prove(&document, &occurrences) {
            Ok(characters) => findings.characters += characters,
            Err(wrong) => findings.wrong.push(format!("{}: {wrong}", document.record.name)),
        }
    }
    Ok(())
}

/// Every non-white-space character of a text document stands in exactly one release or in the preamble, and every release is,
/// byte for byte, what stands at its place. Returns the number of such characters; 0 for a streamed document.
fn prove(document: &StoredDocument, occurrences: &[Occurrence]) -> Result<u64, String> {
    let Some(content) = &document.record.content else { return Ok(0) };
    if sha256_hex(content) != document.record.sha256 {
        return Err("the stored document does not have the SHA-256 that it was stored under".into());
    }
    let record = &document.record;
    if record.format.is_derived() {
        let held: Vec<(u32, String)> = occurrences.iter().map(|occurrence| (occurrence.position, occurrence.sha256.clone())).collect();
        return prove_document(record.format, &record.name, content, &record.sidecar, &held);
    }
    let content = std::str::from_utf8(content).map_err(|_| "the stored document is not valid UTF-8")?;
    let mut places: Vec<Span> = occurrences.iter().map(|occurrence| occurrence.at).chain(document.record.preamble).collect();
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
    for occurrence in occurrences {
        if sha256_hex(occurrence.at.of(content).as_bytes()) != occurrence.sha256 {
            return Err(format!("the release at bytes {} to {} is not what stands there", occurrence.at.start, occurrence.at.end));
        }
    }
    Ok(content.chars().filter(|c| !c.is_whitespace()).count() as u64)
}

async fn check_texts(store: &dyn ArchiveStore, findings: &mut Findings) -> Result<()> {
    let mut after = 0;
    loop {
        let texts = store.texts(after, PAGE).await?;
        let Some((last, ..)) = texts.last() else { return Ok(()) };
        after = *last;
        for (seq, text, sha256) in texts {
            findings.releases += 1;
            if sha256_hex(text.as_bytes()) != sha256 {
                findings.wrong.push(format!("the text of release number {seq} does not have the SHA-256 that it was stored under"));
            }
        }
    }
}

/// Every permalink leads to its release: the id can be read back, and the slug is the one that its title gives.
async fn check_links(store: &dyn ArchiveStore, findings: &mut Findings) -> Result<()> {
    let known: Vec<String> = store.topics().await?.into_iter().map(|topic| topic.slug).collect();
    let mut after = 0;
    loop {
        let seqs = store.seqs(after, PAGE).await?;
        let Some(last) = seqs.last() else { return Ok(()) };
        after = *last;
        for item in store.items(&seqs).await? {
            if item.slug != crate::model::slug::title_slug(&item.title) || item.id.as_str().parse() != Ok(item.id) {
                findings.wrong.push(format!("the address of release {} is not the one that its title gives", item.id));
            }
            for topic in item.topics.iter().filter(|topic| !known.contains(&topic.slug)) {
                findings.wrong.push(format!(
                    "release {} has the topic {}, which the vocabulary does not know: run `nato-archive describe`",
                    item.id, topic.slug
                ));
            }
        }
    }
}

async fn check_index(store: &dyn ArchiveStore, index: &SearchIndex, findings: &mut Findings) -> Result<()> {
    index.refresh()?;
    for file in index.damaged_files()? {
        findings.wrong.push(format!("the index file {file} is damaged: run `nato-archive reindex`"));
    }
    let (held, wanted) = (index.generation(), store.generation().await?);
    if held != wanted {
        findings.wrong.push(format!("the index stands at change {held}, the database at {wanted}: run `nato-archive reindex`"));
    }
    let mut seqs = Vec::new();
    let mut after = 0;
    loop {
        let page = store.seqs(after, 10_000).await?;
        let Some(last) = page.last() else { break };
        after = *last;
        seqs.extend(page);
    }
    let indexed = index.all_seqs()?;
    if indexed != seqs {
        findings.wrong.push(format!("the index holds {} releases, the database {}: run `nato-archive reindex`", indexed.len(), seqs.len()));
    }
    Ok(())
}
