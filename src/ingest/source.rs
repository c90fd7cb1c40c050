//! Where documents come from: files, folders, ZIP archives, standard input, and the seeds inside the program. What is packed with gzip is
//! unpacked as it is read; like everything, that is told from the bytes, never from a name.

mod archive;
#[cfg(test)]
mod tests;
mod unpack;

use std::fs::File;
use std::io::{BufRead, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rust_embed::RustEmbed;

use super::{IngestError, Report, Result};
use archive::Place;

pub use archive::Entry;

/// The seed documents and their sidecars, so that an installed program also starts with something to read.
#[derive(RustEmbed)]
#[folder = "seeds/"]
#[include = "*.txt"]
#[include = "*.txt.toml"]
struct Seeds;

/// One document to load.
#[derive(Clone, Debug)]
pub enum Source {
    File(PathBuf),
    Embedded {
        name: String,
        bytes: Vec<u8>,
        sidecar: Option<String>,
    },
    /// One entry of a ZIP archive.
    Entry(Entry),
    /// What came in by standard input.
    Input(Arc<[u8]>),
}

/// How a path names standard input.
const INPUT: &str = "-";
/// What is told of what came in by standard input.
const INPUT_NAME: &str = "standard input";
/// The most that is taken from standard input, in bytes: it is held in memory, since it is read more than once.
const MAX_INPUT: u64 = 256 * 1024 * 1024;

impl Source {
    /// The seed documents, in order of their names.
    pub fn seeds() -> Vec<Self> {
        let mut names: Vec<_> = Seeds::iter().filter(|name| !name.ends_with(".toml")).collect();
        names.sort();
        names
            .into_iter()
            .filter_map(|name| {
                let bytes = Seeds::get(&name)?.data.into_owned();
                let sidecar = Seeds::get(&format!("{name}.toml")).map(|file| String::from_utf8_lossy(&file.data).into_owned());
                Some(Self::Embedded { name: name.into_owned(), bytes, sidecar })
            })
            .collect()
    }

    /// The file's own name; it decides nothing.
    pub fn name(&self) -> String {
        match self {
            Self::File(path) => path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned()),
            Self::Embedded { name, .. } => name.clone(),
            Self::Entry(entry) => entry.name.clone(),
            Self::Input(_) => INPUT_NAME.to_owned(),
        }
    }

    /// What a person is told when something is wrong with it.
    pub fn shown(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Embedded { name, .. } => name.clone(),
            Self::Entry(entry) => entry.shown.clone(),
            Self::Input(_) => INPUT_NAME.to_owned(),
        }
    }

    /// Size in bytes as it is stored, packed or not; 0 where it cannot be told.
    pub fn size(&self) -> u64 {
        match self {
            Self::File(path) => std::fs::metadata(path).map_or(0, |meta| meta.len()),
            Self::Embedded { bytes, .. } => bytes.len() as u64,
            Self::Entry(entry) => entry.size,
            Self::Input(bytes) => bytes.len() as u64,
        }
    }

    /// The document's bytes from the start, unpacked. What unpacks out of all proportion ends in an error.
    pub fn open(&self) -> Result<Box<dyn BufRead + Send>> {
        let reader: Box<dyn Read + Send> = match self {
            Self::File(path) => Box::new(File::open(path).map_err(|error| self.io(&error))?),
            Self::Embedded { bytes, .. } => Box::new(Cursor::new(bytes.clone())),
            Self::Entry(entry) => entry.open().map_err(|error| self.io(&error))?,
            Self::Input(bytes) => Box::new(Cursor::new(Arc::clone(bytes))),
        };
        unpack::opened(reader).map_err(|error| self.io(&error))
    }

    /// The words of the sidecar, where there is one.
    pub fn sidecar(&self) -> Result<Option<(String, String)>> {
        match self {
            Self::Embedded { name, sidecar, .. } => Ok(sidecar.clone().map(|words| (format!("{name}.toml"), words))),
            Self::Entry(entry) => entry.sidecar_words().map_err(|error| self.io(&error)),
            Self::Input(_) => Ok(None),
            Self::File(path) => {
                let beside = sidecar_path(path);
                // A link may lead anywhere, and what it leads to was not put beside the document by its owner.
                if std::fs::symlink_metadata(&beside).is_ok_and(|meta| meta.is_symlink()) {
                    return Ok(None);
                }
                let mut words = String::new();
                match File::open(&beside) {
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
                    Err(error) => Err(IngestError::Io { path: beside.display().to_string(), reason: error.to_string() }),
                    Ok(file) => {
                        file.take(1 << 20)
                            .read_to_string(&mut words)
                            .map_err(|error| IngestError::Io { path: beside.display().to_string(), reason: error.to_string() })?;
                        Ok(Some((beside.display().to_string(), words)))
                    }
                }
            }
        }
    }

    pub fn io(&self, error: &std::io::Error) -> IngestError {
        IngestError::Io { path: self.shown(), reason: error.to_string() }
    }
}

fn sidecar_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".toml");
    PathBuf::from(name)
}

/// Files as named, folders with all that is in them in order of names, archives with theirs, and standard input where `-` names it. What a
/// folder or an archive holds beside documents (hidden files, sidecars, Markdown, symbolic links, which may lead anywhere) is passed over
/// and noted.
pub fn expand(paths: &[PathBuf], report: &mut Report) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    for path in paths {
        let io = |error: std::io::Error| IngestError::Io { path: path.display().to_string(), reason: error.to_string() };
        if path.as_os_str() == INPUT {
            input(&mut std::io::stdin().lock(), &mut sources, report)?;
        } else if std::fs::metadata(path).map_err(io)?.is_dir() {
            walk(path, 0, &mut sources, report)?;
        } else {
            file(path.clone(), &mut sources, report);
        }
    }
    Ok(sources)
}

/// A file, or the documents of an archive.
fn file(path: PathBuf, sources: &mut Vec<Source>, report: &mut Report) {
    let shown = path.display().to_string();
    match archive::documents(&Place::File(path.clone()), &shown, report) {
        Ok(Some(found)) => sources.extend(found),
        // What cannot be opened says so when it is loaded, beside all others.
        Ok(None) | Err(_) => sources.push(Source::File(path)),
    }
}

/// What comes in by a stream: a document, packed or not, or an archive.
fn input(stream: &mut dyn Read, sources: &mut Vec<Source>, report: &mut Report) -> Result<()> {
    let io = |reason: String| IngestError::Io { path: INPUT_NAME.into(), reason };
    let mut bytes = Vec::new();
    stream.take(MAX_INPUT + 1).read_to_end(&mut bytes).map_err(|error| io(error.to_string()))?;
    if bytes.len() as u64 > MAX_INPUT {
        return Err(io(format!("more than {MAX_INPUT} bytes came in: save them as a file and import that, or pack them with gzip")));
    }
    let bytes: Arc<[u8]> = bytes.into();
    let found = archive::documents(&Place::Bytes(Arc::clone(&bytes)), INPUT_NAME, report).map_err(|error| io(error.to_string()))?;
    sources.extend(found.unwrap_or_else(|| vec![Source::Input(bytes)]));
    Ok(())
}

/// Whether a file of a folder or an archive can be a document by its name: notes and settings beside documents are none.
fn is_document(name: &str) -> bool {
    !name.starts_with('.') && !name.ends_with(".md") && !name.ends_with(".toml")
}

/// Folders within folders are followed this far.
const MAX_DEPTH: usize = 32;

fn walk(folder: &Path, depth: usize, sources: &mut Vec<Source>, report: &mut Report) -> Result<()> {
    let io = |error: std::io::Error| IngestError::Io { path: folder.display().to_string(), reason: error.to_string() };
    let mut entries = std::fs::read_dir(folder).map_err(io)?.collect::<Result<Vec<_>, _>>().map_err(io)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let kind = entry.file_type().map_err(io)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let sidecar = name.strip_suffix(".toml").is_some_and(|document| folder.join(document).is_file());
        if name.starts_with('.') || sidecar {
            continue;
        }
        if kind.is_dir() && depth < MAX_DEPTH {
            walk(&path, depth + 1, sources, report)?;
        } else if kind.is_file() && is_document(&name) {
            file(path, sources, report);
        } else {
            report.passed_over.push(path.display().to_string());
        }
    }
    Ok(())
}
