//! Loading: documents in, releases described, matched, stored and indexed.

use std::collections::VecDeque;
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::matching::Matcher;
use super::recognise::{Arriving, Found, Names, Origin};
use super::report::{Progress, Report};
use super::source::Source;
use super::{BUILTIN_GAZETTEER, BUILTIN_TOPICS, Clock, IngestError, Result, describe, likeness, stream, sync};
use crate::describe::{DocumentFacts, Vocabulary, describe as describe_releases};
use crate::import::{Container, DETECT_BYTES, ImportError, MAX_DOCUMENT, container, item_error, parse_document, parse_sidecar};
use crate::index::SearchIndex;
use crate::model::{DocumentOrder, ParsedRelease, Sidecar, Source as Publisher};
use crate::store::{ArchiveStore, Batch, DocumentRecord};

/// Loads documents into an archive.
pub struct Loader {
    pub(super) store: Arc<dyn ArchiveStore>,
    pub(super) vocabulary: Arc<Vocabulary>,
    pub(super) clock: Clock,
}

impl Loader {
    /// A loader with the archive's own vocabularies; an archive that has none yet gets those of the program. What an archive of an earlier
    /// version does not know about its releases yet is found out now.
    pub async fn new(store: Arc<dyn ArchiveStore>, clock: Clock) -> Result<Self> {
        let vocabulary = match store.vocabulary().await? {
            Some((topics, gazetteer)) => Vocabulary::load(&topics, &gazetteer)?,
            None => {
                let vocabulary = Vocabulary::load(BUILTIN_TOPICS, BUILTIN_GAZETTEER)?;
                store.save_vocabulary(BUILTIN_TOPICS, BUILTIN_GAZETTEER, vocabulary.topics(), &clock.now()).await?;
                vocabulary
            }
        };
        likeness::complete(&*store).await?;
        Ok(Self { store, vocabulary: Arc::new(vocabulary), clock })
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

    /// Loads each source; the index is brought up to date later.
    pub async fn load_all(&self, sources: &[Source], report: &mut Report, progress: &mut dyn Progress) -> Result<()> {
        progress.start(sources.iter().map(Source::size).sum());
        let mut matcher = Matcher::new(Arc::clone(&self.store)).await?;
        for source in sources {
            if progress.stop() {
                report.unfinished = true;
                break;
            }
            match self.load_one(source, &mut matcher, report, progress).await {
                Ok(()) => {}
                Err(IngestError::Import(error)) => refuse(error, report, progress),
                Err(IngestError::Io { path, reason }) => {
                    refuse(ImportError { file: path, line: None, field: None, reason, advice: None }, report, progress);
                }
                Err(fatal) => return Err(fatal),
            }
        }
        progress.phase("indexing");
        Ok(())
    }

    async fn load_one(&self, source: &Source, matcher: &mut Matcher, report: &mut Report, progress: &mut dyn Progress) -> Result<()> {
        let file = source.shown();
        let mut head = Vec::with_capacity(DETECT_BYTES);
        source.open()?.take(DETECT_BYTES as u64).read_to_end(&mut head).map_err(|error| source.io(&error))?;
        let container = container(&file, &head)?;
        let sidecar = match source.sidecar()? {
            Some((name, words)) => parse_sidecar(&name, &words)?,
            None => Sidecar::default(),
        };
        match container {
            Container::Text => self.load_text(source, sidecar, matcher, report, progress).await,
            Container::Ndjson => stream::load(self, source, sidecar, matcher, report, progress).await,
        }
    }

    /// A document that is read whole: loaded whole or not at all.
    async fn load_text(
        &self,
        source: &Source,
        sidecar: Sidecar,
        matcher: &mut Matcher,
        report: &mut Report,
        progress: &mut dyn Progress,
    ) -> Result<()> {
        let mut bytes = Vec::new();
        // One byte more than allowed, so that the parser can say that it is too much.
        source.open()?.take(MAX_DOCUMENT as u64 + 1).read_to_end(&mut bytes).map_err(|error| source.io(&error))?;
        let document = parse_document(&source.name(), bytes, sidecar).map_err(|error| ImportError { file: source.shown(), ..error })?;
        report.documents += 1;
        for item in &document.refused {
            refuse(item_error(&source.shown(), item), report, progress);
        }
        if self.is_known(&document.sha256, &document.sidecar, report).await? {
            progress.advance(source.size(), report);
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
        let origin = Origin { format: record.format, sidecar: &record.sidecar };
        let mut releases = document.releases;
        releases.iter_mut().for_each(|release| release.given.teaser = document.teasers.contains(&release.position));
        let texts = releases.into_iter().map(|release| (Names::of(&release, origin), release)).collect();
        let texts = self.describe(texts, &record).await?;
        self.take_in(texts, matcher, &record, 0, true, report, progress).await?;
        progress.advance(source.size(), report);
        Ok(())
    }

    /// Whether the very same bytes have been read to their end before: then there is nothing to store, unless their owner now says
    /// something else about them, or lines were refused that are to be refused again.
    pub(super) async fn is_known(&self, sha256: &str, sidecar: &Sidecar, report: &mut Report) -> Result<bool> {
        let Some(stored) = self.store.document_by_sha256(sha256).await?.filter(|stored| stored.complete && stored.refused == 0) else {
            return Ok(false);
        };
        if stored.record.sidecar == *sidecar {
            report.unchanged += stored.releases;
            return Ok(true);
        }
        let publisher = Publisher::of(None, sidecar.publisher.as_deref());
        let at = self.clock.now();
        self.store.save_sidecar(stored.id, sidecar, &publisher, &at).await?;
        if stored.record.format.is_derived() {
            // Encoding, address and publisher bear on what is read out of its bytes: it is read again.
            return Ok(false);
        }
        let changed = describe::describe_document(&*self.store, stored.id, &self.vocabulary, &at).await?;
        report.changed += changed;
        report.unchanged += stored.releases.saturating_sub(changed);
        Ok(true)
    }

    /// Decides about texts and stores them.
    #[expect(clippy::too_many_arguments, reason = "one step of a load, with everything that a load carries along")]
    pub(super) async fn take_in(
        &self,
        texts: Vec<Arriving>,
        matcher: &mut Matcher,
        document: &DocumentRecord,
        refused: u64,
        complete: bool,
        report: &mut Report,
        progress: &mut dyn Progress,
    ) -> Result<()> {
        let titles: Vec<(u32, String)> = if progress.tells_each() {
            texts.iter().map(|text| (text.parsed.position, text.parsed.title_text())).collect()
        } else {
            Vec::new()
        };
        let mut texts: VecDeque<Arriving> = texts.into();
        loop {
            let releases = matcher.decide(&mut texts, document).await?;
            let last = texts.is_empty();
            let batch = Batch { document, releases: &releases, refused, complete: complete && last, at: &self.clock.now() };
            self.store.write(batch).await?;
            for incoming in &releases {
                report.count(incoming.decision.outcome);
                if let Some((_, title)) = titles.iter().find(|(position, _)| *position == incoming.position) {
                    progress.decided(&document.name, title, &incoming.decision);
                }
            }
            if last {
                return Ok(());
            }
        }
    }

    /// Describes texts of one document, on as many threads as there are cores where their order says nothing.
    pub(super) async fn describe(&self, texts: Vec<(Names, ParsedRelease)>, record: &DocumentRecord) -> Result<Vec<Arriving>> {
        let vocabulary = Arc::clone(&self.vocabulary);
        let (format, sidecar) = (record.format, record.sidecar.clone());
        let work = move || {
            let facts = DocumentFacts { format, sidecar: &sidecar };
            let (names, releases): (Vec<Names>, Vec<ParsedRelease>) = texts.into_iter().unzip();
            let found = |part: &[ParsedRelease]| -> Vec<Found> {
                let descriptions = describe_releases(part, facts, &vocabulary);
                part.iter().zip(descriptions).map(|(parsed, description)| Found::of(parsed, description)).collect()
            };
            let found = if format.order() == DocumentOrder::Unordered { in_parallel(&releases, found) } else { found(&releases) };
            let texts = names.into_iter().zip(releases).zip(found);
            texts.map(|((names, parsed), found)| Arriving { parsed, names, found: Some(found) }).collect()
        };
        tokio::task::spawn_blocking(work).await.map_err(|error| IngestError::Io { path: "describing".into(), reason: error.to_string() })
    }
}

pub(super) fn refuse(error: ImportError, report: &mut Report, progress: &mut dyn Progress) {
    progress.refused(&error);
    report.refuse(error);
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
