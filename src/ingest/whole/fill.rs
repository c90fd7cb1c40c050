//! Filling an empty archive from a file that [`export`](super::export()) wrote: all of it, or nothing.

use std::collections::HashSet;
use std::io::{BufRead, Read};

use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use super::line::{self, Line};
use crate::import::{ImportError, sha256_hex};
use crate::index::SearchIndex;
use crate::ingest::{IngestError, Quiet, Result, Source, sync};
use crate::store::{ArchiveStore, Datum, Form, Part, Record, StoreError};

/// Records that travel together, and about how many bytes of them.
const TOGETHER: usize = 500;
const TOGETHER_BYTES: usize = 4 << 20;

/// Parts on their way from the file to the store.
const WAITING: usize = 4;

/// The longest line: a whole document stands in one, and the letters of JSON make some bytes six.
const MAX_LINE: u64 = 8 * crate::import::MAX_DOCUMENT as u64;

/// Whoever asks what a file is reads so much of it.
const HEADER: u64 = 4096;

/// What came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filled {
    pub records: u64,
    /// Releases that are shown, and so indexed.
    pub indexed: u64,
}

/// Whether a document is a whole archive, by its first line.
pub fn is_whole_archive(source: &Source) -> Result<bool> {
    let mut head = Vec::new();
    source.open()?.take(HEADER).read_until(b'\n', &mut head).map_err(|error| source.io(&error))?;
    let first: Option<serde_json::Value> = serde_json::from_slice(&head).ok();
    Ok(first.is_some_and(|first| first["type"] == "archive" && first["format"].is_u64() && first["generation"].is_i64()))
}

/// Fills an archive that holds no documents, and builds its index. Cut short, it leaves the archive empty.
///
/// # Errors
/// [`StoreError::NotEmpty`] for an archive that holds something; otherwise the line that is not what it should be.
pub async fn fill(store: &dyn ArchiveStore, index: &SearchIndex, source: &Source) -> Result<Filled> {
    if !store.documents(0, 1).await?.is_empty() {
        return Err(StoreError::NotEmpty.into());
    }
    // Whatever happens from here on, an index that follows the log from its beginning holds all of it.
    let mut writer = index.writer()?;
    writer.clear()?;
    writer.commit(0)?;
    writer.finish()?;
    let (send, parts) = mpsc::channel(WAITING);
    let reading = {
        let source = source.clone();
        tokio::task::spawn_blocking(move || Reader::new(&source, send)?.read())
    };
    let (read, stored) = tokio::join!(reading, store.fill(parts));
    let read = read.map_err(|error| IngestError::Io { path: source.shown(), reason: error.to_string() })?;
    let records = match (read, stored) {
        // The reader stops at what is wrong with the file, and the store then misses the rest.
        (Err(wrong), Ok(_) | Err(StoreError::Unfinished)) => return Err(wrong),
        (_, stored) => stored?,
    };
    index.refresh()?;
    let indexed = sync::rebuild(store, index, &mut Quiet).await?;
    Ok(Filled { records, indexed })
}

/// Reads lines, proves each against its SHA-256, and sends them on.
struct Reader {
    file: String,
    lines: Box<dyn BufRead + Send>,
    number: u64,
    hasher: Sha256,
    to: mpsc::Sender<Part>,
    records: Vec<Record>,
    size: usize,
    count: u64,
    /// Documents whose bytes, and releases of which a text, are not what they were: that must be because they were erased.
    gaps: HashSet<(&'static str, i64)>,
}

impl Reader {
    fn new(source: &Source, to: mpsc::Sender<Part>) -> Result<Self> {
        Ok(Self {
            file: source.shown(),
            lines: source.open()?,
            number: 0,
            hasher: Sha256::new(),
            to,
            records: Vec::new(),
            size: 0,
            count: 0,
            gaps: HashSet::new(),
        })
    }

    fn wrong(&self, reason: impl Into<String>) -> IngestError {
        ImportError {
            file: self.file.clone(),
            line: Some(self.number),
            field: None,
            reason: reason.into(),
            advice: Some("Nothing was stored. Export the archive again, with the version of the program that reads it".into()),
        }
        .into()
    }

    fn read(mut self) -> Result<()> {
        let mut words = Vec::new();
        loop {
            let before = self.hasher.clone();
            let Some(line) = self.line(&mut words)? else {
                return Err(self.wrong("the file ends before its last line: it is not whole"));
            };
            match line {
                Line::Header(header) if self.number == 1 => {
                    if self.to.blocking_send(Part::Header(header)).is_err() {
                        return Ok(());
                    }
                }
                Line::Header(_) => return Err(self.wrong("a second header stands within the file")),
                Line::Record(_) | Line::End { .. } if self.number == 1 => return Err(self.wrong("the file has no header")),
                Line::Record(record) => {
                    self.prove(&record)?;
                    self.count += 1;
                    self.size += words.len();
                    self.records.push(record);
                    if (self.records.len() >= TOGETHER || self.size >= TOGETHER_BYTES) && !self.send() {
                        return Ok(());
                    }
                }
                Line::End { records, sha256 } => return self.end(records, &sha256, before, &mut words),
            }
        }
    }

    /// The next line; `None` at the end of the file.
    fn line(&mut self, words: &mut Vec<u8>) -> Result<Option<Line>> {
        words.clear();
        self.number += 1;
        let io = |error: std::io::Error| IngestError::Io { path: self.file.clone(), reason: error.to_string() };
        if (&mut self.lines).take(MAX_LINE).read_until(b'\n', words).map_err(io)? == 0 {
            return Ok(None);
        }
        self.hasher.update(&words);
        if words.pop() != Some(b'\n') {
            return Err(self.wrong("the line is cut short or too long"));
        }
        let line = std::str::from_utf8(words).map_err(|_| self.wrong("the line is no UTF-8"))?;
        line::read(line).map(Some).map_err(|reason| self.wrong(reason))
    }

    /// Whether the store still listens.
    fn send(&mut self) -> bool {
        self.size = 0;
        self.to.blocking_send(Part::Records(std::mem::take(&mut self.records))).is_ok()
    }

    fn end(mut self, records: u64, sha256: &str, before: Sha256, words: &mut Vec<u8>) -> Result<()> {
        if records != self.count || hex::encode(before.finalize()) != sha256 {
            return Err(self.wrong("the file is not what its last line says: it was changed or is not whole"));
        }
        if let Some((what, number)) = self.gaps.iter().min() {
            return Err(self.wrong(format!("{what} number {number} does not have the SHA-256 that it was stored under")));
        }
        if self.line(words)?.is_some() {
            return Err(self.wrong("something stands behind the last line"));
        }
        if self.send() {
            // A store that no longer listens says why itself.
            let _ = self.to.blocking_send(Part::End);
        }
        Ok(())
    }

    /// Texts and documents are what they were when they were stored, unless their words were erased.
    fn prove(&mut self, record: &Record) -> Result<()> {
        let number = |name: &str| record.int(name).unwrap_or_default();
        let sha256 = record.text("sha256").unwrap_or_default();
        match record.shape.kind {
            "document" => {
                if let Some(Datum::Bytes(bytes)) = record.get("content")
                    && sha256_hex(bytes) != sha256
                {
                    self.gaps.insert(("document", number("number")));
                }
            }
            "release" | "version" | "copy" => {
                let of_release = number(if record.shape.kind == "release" { "number" } else { "release" });
                let words = text_of(record);
                if sha256_hex(words.as_bytes()) != sha256 {
                    if !words.is_empty() {
                        return Err(self
                            .wrong(format!("the text of release number {of_release} does not have the SHA-256 that it was stored under")));
                    }
                    self.gaps.insert(("release", of_release));
                }
            }
            "withdrawal" if number("erased") == 1 => {
                self.gaps.remove(&("release", number("release")));
            }
            "erasure" => {
                self.gaps.remove(&("document", number("document")));
            }
            _ => {}
        }
        Ok(())
    }
}

fn text_of(record: &Record) -> String {
    let parts = [Form::Head, Form::Body, Form::Tail].map(|form| record.shape.place_of(form));
    if parts.iter().all(Option::is_none) {
        return record.text("text").unwrap_or_default().to_owned();
    }
    let words = parts.into_iter().flatten().filter_map(|place| match record.values.get(place) {
        Some(Datum::Text(words)) => Some(words.as_str()),
        _ => None,
    });
    words.collect()
}
