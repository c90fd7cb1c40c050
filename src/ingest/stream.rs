//! Streamed documents: read, described and stored in three steps that work at the same time, each on the batch after the other's, with no
//! more memory for a large file than for a small one.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::hashed::fingerprint;
use super::load::{Loader, refuse};
use super::matching::Matcher;
use super::recognise::{Arriving, Names, Origin};
use super::report::{Progress, Report};
use super::source::Source;
use super::{IngestError, Result};
use crate::import::ImportError;
use crate::import::ndjson::NdjsonReader;
use crate::model::{DocumentFormat, ParsedRelease, Sidecar};
use crate::store::DocumentRecord;

/// Releases that are stored together, and about how many bytes of them.
const BATCH_RELEASES: usize = 1_000;
const BATCH_BYTES: usize = 8 << 20;

/// Batches that wait between two steps.
const WAITING: usize = 1;

/// What was read: texts with what they are known by, and lines that could not be.
#[derive(Default)]
struct Parsed {
    texts: Vec<(Names, ParsedRelease)>,
    refused: Vec<ImportError>,
    /// Bytes of the file up to here.
    reached: u64,
    unknown_fields: Option<std::collections::BTreeMap<String, u64>>,
}

/// The same, described as far as that was needed.
struct Described {
    texts: Vec<Arriving>,
    refused: Vec<ImportError>,
    reached: u64,
    unknown_fields: Option<std::collections::BTreeMap<String, u64>>,
}

/// Loads an NDJSON file. It can be stopped between two batches, and be loaded again to go on.
pub(super) async fn load(
    loader: &Loader,
    source: &Source,
    sidecar: Sidecar,
    matcher: &mut Matcher,
    report: &mut Report,
    progress: &mut dyn Progress,
) -> Result<()> {
    let (sha256, length) = hash(source)?;
    report.documents += 1;
    let size = source.size();
    if loader.is_known(&sha256, &sidecar, report).await? {
        progress.advance(size, report);
        return Ok(());
    }
    let record = Arc::new(DocumentRecord {
        sha256,
        name: source.name(),
        format: DocumentFormat::Ndjson,
        byte_length: length,
        preamble: None,
        sidecar,
        content: None,
    });
    let (to_describe, read) = mpsc::channel(WAITING);
    let (to_store, mut described) = mpsc::channel(WAITING);
    let reading = {
        let (source, record) = (source.clone(), Arc::clone(&record));
        tokio::task::spawn_blocking(move || read_batches(&source, &record, &to_describe))
    };
    let describing = describe_batches(loader, &record, read, to_store);
    let storing = async {
        let mut done = 0;
        while let Some(batch) = described.recv().await {
            let batch: Described = batch?;
            let refused = batch.refused.len() as u64;
            for error in batch.refused {
                refuse(error, report, progress);
            }
            let stated = batch.texts.iter().flat_map(|arriving| &arriving.parsed.given.topics);
            for slug in stated.filter(|slug| !loader.vocabulary.topics().iter().any(|topic| topic.slug == **slug)) {
                report.unknown_topic(slug);
            }
            let last = batch.unknown_fields.is_some();
            let stop = progress.stop() && !last;
            loader.take_in(batch.texts, matcher, &record, refused, last, report, progress).await?;
            let reached = stored(batch.reached, length, size);
            progress.advance(reached - done, report);
            done = reached;
            for (field, count) in batch.unknown_fields.unwrap_or_default() {
                *report.unknown_fields.entry(field).or_default() += count;
            }
            if stop {
                report.unfinished = true;
                break;
            }
        }
        // Nobody listens any more: the steps before end at their next batch.
        drop(described);
        Ok::<_, IngestError>(done)
    };
    let ((), done) = tokio::join!(describing, storing);
    let read = reading.await.map_err(|error| IngestError::Io { path: source.shown(), reason: error.to_string() })?;
    let done = done?;
    read?;
    if !progress.stop() {
        progress.advance(size - done, report);
    }
    Ok(())
}

/// The first step: parses lines, and tells what each text is known by.
fn read_batches(source: &Source, record: &DocumentRecord, to: &mpsc::Sender<Parsed>) -> Result<()> {
    let origin = Origin { format: record.format, sidecar: &record.sidecar };
    let mut reader = NdjsonReader::new(&source.shown(), source.open()?);
    let mut batch = Parsed::default();
    let mut size = 0;
    loop {
        let next = reader.next();
        let end = next.is_none();
        match next {
            Some(Ok(release)) => {
                size += release.text.len();
                batch.reached = release.at.end as u64;
                batch.texts.push((Names::of(&release, origin), release));
            }
            Some(Err(error)) => batch.refused.push(error),
            None => batch.unknown_fields = Some(reader.unknown_fields().clone()),
        }
        if end || batch.texts.len() >= BATCH_RELEASES || batch.refused.len() >= BATCH_RELEASES || size >= BATCH_BYTES {
            let reached = batch.reached;
            // Whoever stores has stopped: so does this.
            if to.blocking_send(std::mem::take(&mut batch)).is_err() || end {
                return Ok(());
            }
            batch.reached = reached;
            size = 0;
        }
    }
}

/// The second step: what the archive holds exactly so already is not described again.
async fn describe_batches(loader: &Loader, record: &DocumentRecord, mut read: mpsc::Receiver<Parsed>, to: mpsc::Sender<Result<Described>>) {
    while let Some(batch) = read.recv().await {
        let Parsed { texts, refused, reached, unknown_fields } = batch;
        let described = describe_batch(loader, record, texts).await;
        let failed = described.is_err();
        let described = described.map(|texts| Described { texts, refused, reached, unknown_fields });
        if to.send(described).await.is_err() || failed {
            return;
        }
    }
}

async fn describe_batch(loader: &Loader, record: &DocumentRecord, texts: Vec<(Names, ParsedRelease)>) -> Result<Vec<Arriving>> {
    let identities: Vec<_> = texts.iter().map(|(names, _)| names.identity).collect();
    let aliases: Vec<i64> = texts.iter().flat_map(|(names, _)| names.aliases().into_iter().chain([names.identity.alias()])).collect();
    let known = loader.store.known(&identities, &aliases).await?;
    let is_unchanged = |names: &Names| {
        let known = known.get(&names.identity.alias()).or_else(|| known.get(&names.address?));
        known.is_some_and(|known| known.fingerprint == names.fingerprint)
    };
    let mut places = Vec::with_capacity(texts.len());
    let (mut unchanged, mut fresh) = (Vec::new(), Vec::new());
    for (names, release) in texts {
        let same = is_unchanged(&names);
        places.push(same);
        if same {
            unchanged.push(Arriving { parsed: release, names, found: None });
        } else {
            fresh.push((names, release));
        }
    }
    let fresh = if fresh.is_empty() { Vec::new() } else { loader.describe(fresh, record).await? };
    // In the order of the file again.
    let (mut unchanged, mut fresh) = (unchanged.into_iter(), fresh.into_iter());
    Ok(places.into_iter().filter_map(|same| if same { unchanged.next() } else { fresh.next() }).collect())
}

/// The first bytes of a document as a part of its size as it is stored, which packing made smaller: progress is a share of what all files take.
fn stored(reached: u64, length: u64, size: u64) -> u64 {
    let part = u128::from(reached.min(length)) * u128::from(size) / u128::from(length.max(1));
    u64::try_from(part).unwrap_or(size).min(size)
}

/// SHA-256 and length of a source, read once through.
fn hash(source: &Source) -> Result<(String, u64)> {
    fingerprint(source.open()?).map_err(|error| source.io(&error))
}
