//! Loading: documents in, releases described, stored and indexed.

use std::collections::BTreeSet;
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sha2::{Digest, Sha256};

use super::report::{Progress, Report};
use super::source::Source;
use super::{BUILTIN_GAZETTEER, BUILTIN_TOPICS, IngestError, Result, describe, now, sync};
use crate::describe::{DocumentFacts, Vocabulary, describe as describe_releases};
use crate::import::ndjson::NdjsonReader;
use crate::import::{Container, DETECT_BYTES, ImportError, MAX_DOCUMENT, container, item_error, parse_document, parse_sidecar};
use crate::index::SearchIndex;
use crate::model::release::Identity;
use crate::model::{DescribedRelease, DocumentFormat, ParsedRelease, Sidecar, Source as Publisher, Span};
use crate::store::{ArchiveStore, Batch, Described, DocumentRecord, Incoming, Outcome};

/// Releases of a streamed file that are stored together, and about how many bytes of them.
const BATCH_RELEASES: usize = 500;
const BATCH_BYTES: usize = 8 << 20;

/// Loads documents into an archive.
pub struct Loader {
    store: Arc<dyn ArchiveStore>,
    vocabulary: Arc<Vocabulary>,
}

impl Loader {
    /// A loader with the archive's own vocabularies; an archive that has none yet gets those of the program.
    pub async fn new(store: Arc<dyn ArchiveStore>) -> Result<Self> {
        let vocabulary = match store.vocabulary().await? {
            Some((topics, gazetteer)) => Vocabulary::load(&topics, &gazetteer)?,
            None => {
                let vocabulary = Vocabulary::load(BUILTIN_TOPICS, BUILTIN_GAZETTEER)?;
                store.save_vocabulary(BUILTIN_TOPICS, BUILTIN_GAZETTEER, vocabulary.topics(), &now()).await?;
                vocabulary
            }
        };
        Ok(Self { store, vocabulary: Arc::new(vocabulary) })
    }

    /// Loads each source and indexes beside it. What is wrong with one document is reported and stops no other.
    pub async fn load(&self, sources: &[Source], index: &SearchIndex, report: &mut Report, progress: &mut dyn Progress) -> Result<()> {
        let finished = AtomicBool::new(false);
        let loading = async {
            let loaded = self.load_all(sources, report, progress).await;
            finished.store(true, Ordering::Release);
            loaded
        };
        let (loaded, indexed) = tokio::join!(loading, sync::follow(&*self.store, index, &finished));
        loaded?;
        indexed?;
        Ok(())
    }

    async fn load_all(&self, sources: &[Source], report: &mut Report, progress: &mut dyn Progress) -> Result<()> {
        progress.start(sources.iter().map(Source::size).sum());
        for source in sources {
            if progress.stop() {
                break;
            }
            match self.load_one(source, report, progress).await {
                Ok(()) => {}
                Err(IngestError::Import(error)) => {
                    progress.refused(&error);
                    report.refuse(error);
                }
                Err(IngestError::Io { path, reason }) => {
                    let error = ImportError { file: path, line: None, field: None, reason, advice: None };
                    progress.refused(&error);
                    report.refuse(error);
                }
                Err(fatal) => return Err(fatal),
            }
        }
        progress.phase("indexing");
        Ok(())
    }

    async fn load_one(&self, source: &Source, report: &mut Report, progress: &mut dyn Progress) -> Result<()> {
        let file = source.shown();
        let mut head = Vec::with_capacity(DETECT_BYTES);
        source.open()?.take(DETECT_BYTES as u64).read_to_end(&mut head).map_err(|error| source.io(&error))?;
        let container = container(&file, &head)?;
        let sidecar = match source.sidecar()? {
            Some((name, words)) => parse_sidecar(&name, &words)?,
            None => Sidecar::default(),
        };
        match container {
            Container::Text => self.load_text(source, sidecar, report, progress).await,
            Container::Ndjson => self.load_ndjson(source, sidecar, report, progress).await,
        }
    }

    /// A text document: whole or not at all.
    async fn load_text(&self, source: &Source, sidecar: Sidecar, report: &mut Report, progress: &mut dyn Progress) -> Result<()> {
        let mut bytes = Vec::new();
        // One byte more than allowed, so that the parser can say that it is too much.
        source.open()?.take(MAX_DOCUMENT as u64 + 1).read_to_end(&mut bytes).map_err(|error| source.io(&error))?;
        let length = bytes.len() as u64;
        let document = parse_document(&source.name(), bytes, sidecar).map_err(|error| ImportError { file: source.shown(), ..error })?;
        report.documents += 1;
        for item in &document.refused {
            let error = item_error(&source.shown(), item);
            progress.refused(&error);
            report.refuse(error);
        }
        if let Some(stored) = self.store.document_by_sha256(&document.sha256).await?.filter(|stored| stored.complete) {
            self.known_document(stored, document.sidecar, report).await?;
            progress.advance(length, report);
            return Ok(());
        }
        let record = DocumentRecord {
            sha256: document.sha256,
            name: document.name,
            format: document.format,
            byte_length: document.content.len() as u64,
            preamble: document.preamble,
            sidecar: document.sidecar,
            content: Some(document.content),
        };
        let mut incoming = self.describe(document.releases, &record).await?;
        self.keep_whole(&document.teasers, &mut incoming).await?;
        let outcomes = self.store.write(Batch { document: &record, releases: &incoming, complete: true, at: &now() }).await?;
        outcomes.into_iter().for_each(|outcome| report.count(outcome));
        progress.advance(length, report);
        Ok(())
    }

    /// What a feed only announces never takes the place of more words that the archive holds of the same release.
    async fn keep_whole(&self, teasers: &BTreeSet<u32>, incoming: &mut [Incoming]) -> Result<()> {
        for announced in incoming {
            let Described::Whole(release) = &announced.release else { continue };
            let parsed = &release.parsed;
            if !teasers.contains(&parsed.position) {
                continue;
            }
            let Some(known) = self.store.known(&[announced.identity]).await?.get(&announced.identity).copied() else { continue };
            if self.store.passages(&[known.seq]).await?.iter().any(|(_, body)| body.len() > parsed.body_text().len()) {
                announced.release = Described::Unchanged { position: parsed.position, at: parsed.at, sha256: parsed.sha256.clone() };
            }
        }
        Ok(())
    }

    /// The very same bytes again: nothing to store, unless their owner now says something else about them.
    async fn known_document(&self, stored: crate::store::StoredDocument, sidecar: Sidecar, report: &mut Report) -> Result<()> {
        if stored.record.sidecar == sidecar {
            report.unchanged += stored.releases;
            return Ok(());
        }
        let publisher = Publisher::of(None, sidecar.publisher.as_deref());
        self.store.save_sidecar(stored.id, &sidecar, &publisher, &now()).await?;
        let changed = describe::describe_document(&*self.store, stored.id, &self.vocabulary).await?;
        report.changed += changed;
        report.unchanged += stored.releases.saturating_sub(changed);
        Ok(())
    }

    /// An NDJSON file: line by line, in batches, with no more memory for a large one than for a small one.
    async fn load_ndjson(&self, source: &Source, sidecar: Sidecar, report: &mut Report, progress: &mut dyn Progress) -> Result<()> {
        let (sha256, length) = hash(source)?;
        report.documents += 1;
        let record = DocumentRecord {
            sha256,
            name: source.name(),
            format: DocumentFormat::Ndjson,
            byte_length: length,
            preamble: None,
            sidecar,
            content: None,
        };
        let mut reader = NdjsonReader::new(&source.shown(), source.open()?);
        let mut batch: Vec<ParsedRelease> = Vec::with_capacity(BATCH_RELEASES);
        let mut size = 0;
        let mut done = 0u64;
        loop {
            let next = reader.next();
            let end = next.is_none();
            match next {
                Some(Ok(release)) => {
                    size += release.text.len();
                    batch.push(release);
                }
                Some(Err(error)) => {
                    progress.refused(&error);
                    report.refuse(error);
                }
                None => {}
            }
            let stop = progress.stop();
            if end || stop || batch.len() >= BATCH_RELEASES || size >= BATCH_BYTES {
                let reached = batch.last().map_or(done, |release| release.at.end as u64);
                self.store_batch(std::mem::take(&mut batch), &record, end && !stop, report).await?;
                size = 0;
                progress.advance(reached - done, report);
                done = reached;
                if end || stop {
                    break;
                }
            }
        }
        progress.advance(length.saturating_sub(done), report);
        for (field, count) in reader.unknown_fields() {
            *report.unknown_fields.entry(field.clone()).or_default() += count;
        }
        Ok(())
    }

    /// Stores one batch; what the archive holds exactly so already is not described again.
    async fn store_batch(&self, releases: Vec<ParsedRelease>, record: &DocumentRecord, complete: bool, report: &mut Report) -> Result<()> {
        let keys: Vec<(Identity, [u8; 32])> = releases.iter().map(|release| recognise(release, record)).collect();
        let known = self.store.known(&keys.iter().map(|(identity, _)| *identity).collect::<Vec<_>>()).await?;
        let mut fresh = Vec::new();
        let mut incoming = Vec::with_capacity(releases.len());
        for (release, (identity, fingerprint)) in releases.into_iter().zip(keys) {
            if known.get(&identity).is_some_and(|known| known.fingerprint == fingerprint) {
                let unchanged = Described::Unchanged { position: release.position, at: release.at, sha256: release.sha256.clone() };
                incoming.push(incoming_release(&release, record, identity, fingerprint, unchanged));
            } else {
                fresh.push(release);
            }
        }
        incoming.extend(self.describe(fresh, record).await?);
        let outcomes = self.store.write(Batch { document: record, releases: &incoming, complete, at: &now() }).await?;
        outcomes.into_iter().for_each(|outcome: Outcome| report.count(outcome));
        Ok(())
    }

    /// Describes releases of one document, on as many threads as there are cores where their order says nothing.
    async fn describe(&self, releases: Vec<ParsedRelease>, record: &DocumentRecord) -> Result<Vec<Incoming>> {
        let vocabulary = Arc::clone(&self.vocabulary);
        let record = DocumentRecord { content: None, ..record.clone() };
        let work = move || {
            let facts = DocumentFacts { format: record.format, sidecar: &record.sidecar };
            let descriptions = if record.format.order() == crate::model::DocumentOrder::Unordered {
                in_parallel(&releases, |part| describe_releases(part, facts, &vocabulary))
            } else {
                describe_releases(&releases, facts, &vocabulary)
            };
            releases
                .into_iter()
                .zip(descriptions)
                .map(|(parsed, description)| {
                    let (identity, fingerprint) = recognise(&parsed, &record);
                    let placeholder = Described::Unchanged { position: 0, at: Span::new(0, 0), sha256: String::new() };
                    let mut incoming = incoming_release(&parsed, &record, identity, fingerprint, placeholder);
                    incoming.release = Described::Whole(Box::new(DescribedRelease { parsed, description }));
                    incoming
                })
                .collect()
        };
        tokio::task::spawn_blocking(work).await.map_err(|error| IngestError::Io { path: "describing".into(), reason: error.to_string() })
    }
}

/// Splits the work over the cores, results in order.
fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&[T]) -> Vec<R> + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let part = items.len().div_ceil(threads).max(16);
    if items.len() <= part {
        return work(items);
    }
    std::thread::scope(|scope| {
        let running: Vec<_> = items.chunks(part).map(|chunk| scope.spawn(|| work(chunk))).collect();
        running.into_iter().flat_map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    })
}

/// SHA-256 and length of a source, read once through.
fn hash(source: &Source) -> Result<(String, u64)> {
    let mut reader = source.open()?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    let mut length = 0;
    loop {
        match reader.read(&mut buffer).map_err(|error| source.io(&error))? {
            0 => break,
            read => {
                hasher.update(&buffer[..read]);
                length += read as u64;
            }
        }
    }
    let hex = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((hex, length))
}

/// What a release is known by, and the fingerprint of everything that its source gives.
fn recognise(release: &ParsedRelease, record: &DocumentRecord) -> (Identity, [u8; 32]) {
    let publisher = release.source.as_deref().or(record.sidecar.publisher.as_deref()).unwrap_or("");
    let given = &release.given;
    let identity = match (&given.key, &given.url) {
        (Some(key), _) => Identity::by_key(publisher, key),
        (None, Some(url)) => Identity::by_url(publisher, url, given.lang.as_deref().unwrap_or("")),
        (None, None) => Identity::by_words(publisher, &release.title_text(), release.body_text()),
    };
    let mut hasher = blake3::Hasher::new();
    let given = serde_json::to_string(given).unwrap_or_default();
    for part in [release.text.as_str(), publisher, record.format.token(), &given] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    (identity, *hasher.finalize().as_bytes())
}

fn incoming_release(
    release: &ParsedRelease,
    record: &DocumentRecord,
    identity: Identity,
    fingerprint: [u8; 32],
    described: Described,
) -> Incoming {
    // A sidecar's address is the document's: it is a release's own only where the document is one release.
    let document_url = record.sidecar.url.clone().filter(|_| record.format.is_single());
    Incoming {
        identity,
        fingerprint,
        source: Publisher::of(release.source.as_deref(), record.sidecar.publisher.as_deref()),
        url: release.given.url.clone().or(document_url),
        release: described,
    }
}
