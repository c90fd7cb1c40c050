//! Proof that the archive holds what it says: database, texts, documents, index.

mod documents;

use super::Result;
use crate::import::sha256_hex;
use crate::index::SearchIndex;
use crate::store::{ArchiveStore, KeptAs};

/// What a check looked at and what it found wrong.
#[derive(Debug, Default)]
pub struct Findings {
    pub documents: u64,
    pub releases: u64,
    /// Older versions and copies, each with a text of its own.
    pub versions: u64,
    pub copies: u64,
    /// Non-white-space characters of text documents that were each found in exactly one release or preamble.
    pub characters: u64,
    /// Ranges of documents whose words were taken out where the law asked for it: known, and nothing wrong.
    pub erased: u64,
    /// Sentences; empty when all is well.
    pub wrong: Vec<String>,
}

/// Releases looked at together.
const PAGE: u32 = 500;

/// So many texts, each as long as a line may be, are held at once.
const TEXTS: u32 = 100;

/// Checks everything. Reads the whole archive.
pub async fn check(store: &dyn ArchiveStore, index: &SearchIndex) -> Result<Findings> {
    let mut findings = Findings { wrong: store.integrity().await?, ..Findings::default() };
    documents::check(store, &mut findings).await?;
    check_texts(store, &mut findings).await?;
    check_links(store, &mut findings).await?;
    check_index(store, index, &mut findings).await?;
    Ok(findings)
}

/// Every text that is kept, be it current, older or a copy's, is what it was when it was stored.
async fn check_texts(store: &dyn ArchiveStore, findings: &mut Findings) -> Result<()> {
    let mut after = None;
    loop {
        let texts = store.texts(after, TEXTS).await?;
        let Some(last) = texts.last() else { return Ok(()) };
        after = Some(last.place);
        for kept in texts {
            let place = kept.place;
            let what = match place.kept_as {
                KeptAs::Current => {
                    findings.releases += 1;
                    format!("the text of release number {}", place.seq)
                }
                KeptAs::Older => {
                    findings.versions += 1;
                    format!("the text of version {} of release number {}", place.number, place.seq)
                }
                KeptAs::Copy => {
                    findings.copies += 1;
                    format!("the text of copy {} of release number {}", place.number, place.seq)
                }
            };
            if !(kept.erased && kept.text.is_empty()) && sha256_hex(kept.text.as_bytes()) != kept.sha256 {
                findings.wrong.push(format!("{what} does not have the SHA-256 that it was stored under: {RESTORE}"));
            }
        }
    }
}

/// What helps where words are not what they were.
const RESTORE: &str = "restore a backup with `nato-archive restore FILE`";

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
        let missing = seqs.iter().filter(|seq| indexed.binary_search(seq).is_err()).count();
        let surplus = indexed.iter().filter(|seq| seqs.binary_search(seq).is_err()).count();
        let twice = indexed.windows(2).filter(|pair| pair[0] == pair[1]).count();
        findings.wrong.push(format!(
            "the index holds {} releases, the database shows {}: {missing} are missing, {surplus} are hidden or unknown, {twice} stand there twice: \
             run `nato-archive reindex`",
            indexed.len(),
            seqs.len()
        ));
    }
    Ok(())
}
