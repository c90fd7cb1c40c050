//! The files of a set while they are written: size and checksum are known when the last byte is.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::{Kit, failed};
use crate::ingest::Result;
use crate::ingest::hashed::{Hashed, fingerprint};
use crate::store::PublicRelease;

/// Bytes that go to the disk at a time.
const BUFFER: usize = 256 << 10;

/// A file that is finished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    pub name: String,
    pub bytes: u64,
    /// Lower-case hex.
    pub sha256: String,
    pub records: u64,
}

/// All files of the forms that a kit has.
pub struct Files {
    kit: Arc<Kit>,
    folder: PathBuf,
    open: Vec<Out>,
    records: u64,
    buffer: Vec<u8>,
}

enum Out {
    Plain(BufWriter<Hashed<File>>),
    Gzip(Box<GzEncoder<BufWriter<Hashed<File>>>>),
}

impl Files {
    pub fn create(kit: Arc<Kit>, folder: &Path) -> Result<Self> {
        let mut files = Self { folder: folder.to_owned(), open: Vec::new(), records: 0, buffer: Vec::new(), kit };
        for rendering in &files.kit.renderings {
            let path = folder.join(rendering.file());
            let told = |error: io::Error| failed(&path, &error.to_string());
            let hashed = Hashed::new(File::create_new(&path).map_err(told)?);
            let buffered = BufWriter::with_capacity(BUFFER, hashed);
            // Neither the time nor the name of the file stands in its head: the same releases give the same bytes.
            let mut out = match rendering.file().ends_with(".gz") {
                true => Out::Gzip(Box::new(GzEncoder::new(buffered, Compression::default()))),
                false => Out::Plain(buffered),
            };
            out.put(rendering.open().as_bytes()).map_err(told)?;
            files.open.push(out);
        }
        Ok(files)
    }

    pub fn add(&mut self, releases: &[PublicRelease]) -> Result<()> {
        for (rendering, out) in self.kit.renderings.iter().zip(&mut self.open) {
            let path = self.folder.join(rendering.file());
            self.buffer.clear();
            for (release, before) in releases.iter().zip(self.records..) {
                if before > 0 {
                    self.buffer.extend_from_slice(rendering.between().as_bytes());
                }
                rendering.record(release, &mut self.buffer).map_err(|reason| failed(&path, &reason))?;
            }
            out.put(&self.buffer).map_err(|error| failed(&path, &error.to_string()))?;
        }
        self.records += releases.len() as u64;
        Ok(())
    }

    pub fn finish(self) -> Result<Vec<Made>> {
        let mut made = Vec::with_capacity(self.open.len());
        for (rendering, mut out) in self.kit.renderings.iter().zip(self.open) {
            let path = self.folder.join(rendering.file());
            let told = |error: io::Error| failed(&path, &error.to_string());
            out.put(rendering.close().as_bytes()).map_err(told)?;
            let hashed = out.finish().map_err(told)?;
            hashed.get_ref().sync_all().map_err(told)?;
            let name = rendering.file().to_owned();
            made.push(Made { name, bytes: hashed.bytes(), sha256: hashed.sha256(), records: self.records });
        }
        Ok(made)
    }
}

impl Out {
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(out) => out.write_all(bytes),
            Self::Gzip(out) => out.write_all(bytes),
        }
    }

    fn finish(self) -> io::Result<Hashed<File>> {
        let buffered = match self {
            Self::Plain(out) => out,
            Self::Gzip(out) => out.finish()?,
        };
        buffered.into_inner().map_err(io::IntoInnerError::into_error)
    }
}

/// A file that something else has written: brought to the disk and read through.
pub fn look_at(folder: &Path, name: &str, records: u64) -> Result<Made> {
    let path = folder.join(name);
    let told = |error: io::Error| failed(&path, &error.to_string());
    let file = File::open(&path).map_err(told)?;
    file.sync_all().map_err(told)?;
    let (sha256, bytes) = fingerprint(file).map_err(told)?;
    Ok(Made { name: name.to_owned(), bytes, sha256, records })
}
