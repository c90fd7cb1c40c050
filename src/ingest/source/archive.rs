//! ZIP archives, read in place: which documents one holds, and the bytes of each. Nothing is ever written, so that no name in an
//! archive can lead anywhere; names are only shown.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::Arc;

use flate2::Crc;
use flate2::read::DeflateDecoder;
use zip::{CompressionMethod, ZipArchive};

use super::unpack::{Checked, MAX_RATIO, is_bomb};
use super::{Source, is_document};
use crate::import::ImportError;
use crate::ingest::Report;

/// The most entries of one archive.
const MAX_ENTRIES: usize = 200_000;
/// The largest directory of an archive, in bytes: it is held in memory while the archive is looked at.
const MAX_DIRECTORY: u64 = 64 * 1024 * 1024;
/// The largest sidecar, in bytes.
const MAX_SIDECAR: u64 = 1024 * 1024;
/// The end of a directory and the longest comment behind it, in bytes (APPNOTE.TXT, section 4.3.16).
const END: u64 = 22 + 65_535 + 20;

/// Where an archive is.
#[derive(Clone, Debug)]
pub(super) enum Place {
    File(PathBuf),
    /// What came in by standard input.
    Bytes(Arc<[u8]>),
}

trait ReadSeek: Read + Seek + Send {}
impl<T: Read + Seek + Send> ReadSeek for T {}

impl Place {
    fn open(&self) -> io::Result<Box<dyn ReadSeek>> {
        Ok(match self {
            Self::File(path) => Box::new(File::open(path)?),
            Self::Bytes(bytes) => Box::new(Cursor::new(Arc::clone(bytes))),
        })
    }
}

/// One entry of an archive.
#[derive(Clone, Debug)]
pub struct Entry {
    place: Place,
    /// The archive's name and the entry's, for people.
    pub(super) shown: String,
    pub(super) name: String,
    start: u64,
    packed: u64,
    pub(super) size: u64,
    crc32: u32,
    deflated: bool,
    pub(super) sidecar: Option<Arc<Entry>>,
}

impl Entry {
    /// The entry's bytes, unpacked and checked.
    pub(super) fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        let mut reader = self.place.open()?;
        reader.seek(SeekFrom::Start(self.start))?;
        let packed = io::BufReader::with_capacity(1 << 16, reader.take(self.packed));
        let (size, crc32, crc, read) = (self.size, self.crc32, Crc::new(), 0);
        Ok(if self.deflated {
            Box::new(Checked { reader: DeflateDecoder::new(packed), size, crc32, crc, read })
        } else {
            Box::new(Checked { reader: packed, size, crc32, crc, read })
        })
    }

    /// The words of the sidecar beside the entry.
    pub(super) fn sidecar_words(&self) -> io::Result<Option<(String, String)>> {
        let Some(sidecar) = &self.sidecar else { return Ok(None) };
        let mut words = String::new();
        sidecar.open()?.take(MAX_SIDECAR).read_to_string(&mut words)?;
        Ok(Some((sidecar.shown.clone(), words)))
    }
}

/// The documents of an archive; nothing where the bytes are those of another format, office documents included. What is no
/// document is passed over and noted, what cannot be read is refused.
pub(super) fn documents(place: &Place, shown: &str, report: &mut Report) -> io::Result<Option<Vec<Source>>> {
    let mut head = Vec::with_capacity(128);
    place.open()?.take(128).read_to_end(&mut head)?;
    if !head.starts_with(b"PK\x03\x04") || is_office(&head) {
        return Ok(None);
    }
    match listed(place, shown, report) {
        Ok(sources) => Ok(Some(sources)),
        Err(reason) => {
            report.refuse(refusal(shown, reason));
            Ok(Some(Vec::new()))
        }
    }
}

fn refusal(shown: &str, reason: String) -> ImportError {
    ImportError { file: shown.to_owned(), line: None, field: None, reason, advice: None }
}

/// What office programs save names itself in its first entry.
fn is_office(head: &[u8]) -> bool {
    let name = head.get(30..).unwrap_or_default();
    [&b"[Content_Types].xml"[..], b"mimetype", b"_rels/", b"docProps/", b"word/", b"xl/", b"ppt/"]
        .iter()
        .any(|first| name.starts_with(first))
}

fn listed(place: &Place, shown: &str, report: &mut Report) -> Result<Vec<Source>, String> {
    let unread = |error: io::Error| format!("the archive cannot be read: {error}");
    let mut reader = place.open().map_err(unread)?;
    let length = reader.seek(SeekFrom::End(0)).map_err(unread)?;
    directory_fits(&mut *reader, length)?;
    let mut archive = ZipArchive::new(reader).map_err(|error| format!("the archive is damaged: {error}"))?;
    if archive.len() > MAX_ENTRIES {
        return Err(format!("the archive holds {} entries, more than the {MAX_ENTRIES} that one may", archive.len()));
    }
    let mut entries = Vec::new();
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|error| format!("the archive is damaged: {error}"))?;
        let name = entry.name().map_err(|error| format!("the archive is damaged: {error}"))?.into_owned();
        let whole = format!("{shown}: {name}");
        let deflated = match entry.compression() {
            _ if entry.is_dir() => continue,
            _ if entry.is_symlink() => {
                report.passed_over.push(whole);
                continue;
            }
            CompressionMethod::Stored => Some(false),
            CompressionMethod::Deflated => Some(true),
            _ => None,
        };
        let (Some(deflated), false, Some(start)) = (deflated, entry.encrypted(), entry.data_start()) else {
            report
                .refuse(refusal(&whole, "the entry is encrypted, or packed in a way that is not read: pack it again with deflate".into()));
            continue;
        };
        let (packed, size, crc32) = (entry.compressed_size(), entry.size(), entry.crc32());
        let last = name.rsplit(['/', '\\']).next().unwrap_or("").to_owned();
        let entry = Entry { place: place.clone(), shown: whole, name: last, start, packed, size, crc32, deflated, sidecar: None };
        entries.push((name, entry));
    }
    in_proportion(&entries, length)?;
    Ok(with_sidecars(entries, report))
}

/// Refuses an archive whose directory is too large to be looked at, before it is.
fn directory_fits(reader: &mut dyn ReadSeek, length: u64) -> Result<(), String> {
    let unread = |error: io::Error| format!("the archive cannot be read: {error}");
    let from = length.saturating_sub(END);
    let mut tail = Vec::new();
    reader.seek(SeekFrom::Start(from)).map_err(unread)?;
    reader.take(END).read_to_end(&mut tail).map_err(unread)?;
    let end = tail.windows(4).rposition(|sign| sign == b"PK\x05\x06").ok_or("the archive breaks off: it has no directory at its end")?;
    let directory = tail.get(end + 12..end + 16).and_then(|size| size.try_into().ok()).map_or(0, u32::from_le_bytes);
    // Where the size does not fit, the larger form of the directory states it (ZIP64): then it reaches from there to the end.
    let directory = if directory == u32::MAX { length } else { u64::from(directory) };
    if directory > MAX_DIRECTORY {
        return Err(format!(
            "the directory of the archive holds more than {MAX_DIRECTORY} bytes: pack its documents into several archives"
        ));
    }
    reader.seek(SeekFrom::Start(0)).map_err(unread)?;
    Ok(())
}

/// Refuses an archive that would unpack out of all proportion, as a whole or in one entry, or that packs the same bytes more than once.
fn in_proportion(entries: &[(String, Entry)], length: u64) -> Result<(), String> {
    let all = entries.iter().fold(0u64, |sum, (_, entry)| sum.saturating_add(entry.size));
    if is_bomb(length, all) || entries.iter().any(|(_, entry)| is_bomb(entry.packed, entry.size)) {
        return Err(format!(
            "the archive would unpack to more than {MAX_RATIO} times its size, as nothing honest does, so nothing of it was unpacked"
        ));
    }
    let mut places: Vec<(u64, u64)> = entries.iter().map(|(_, entry)| (entry.start, entry.start.saturating_add(entry.packed))).collect();
    places.sort_unstable();
    if places.windows(2).any(|pair| matches!(pair, [one, two] if two.0 < one.1)) {
        return Err("entries of the archive overlap, as in no honest archive, so nothing of it was unpacked".into());
    }
    Ok(())
}

/// Joins documents with the sidecars beside them, in order of names.
fn with_sidecars(mut entries: Vec<(String, Entry)>, report: &mut Report) -> Vec<Source> {
    entries.sort_by(|one, two| one.0.cmp(&two.0));
    let mut sidecars = std::collections::HashMap::new();
    let names: std::collections::HashSet<String> = entries.iter().map(|(name, _)| name.clone()).collect();
    entries.retain(|(name, entry)| {
        let document = name.strip_suffix(".toml").filter(|document| names.contains(*document));
        if let Some(document) = document {
            sidecars.insert(document.to_owned(), Arc::new(entry.clone()));
        }
        document.is_none()
    });
    let mut sources = Vec::new();
    for (name, mut entry) in entries {
        // What the archivers of some systems add beside the files.
        let hidden = name.split(['/', '\\']).any(|part| part.starts_with('.') && part != "." && part != ".." || part == "__MACOSX");
        if hidden {
            continue;
        }
        if is_document(&entry.name) {
            entry.sidecar = sidecars.remove(&name);
            sources.push(Source::Entry(entry));
        } else {
            report.passed_over.push(entry.shown);
        }
    }
    sources
}
