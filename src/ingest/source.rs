//! Where documents come from: files, folders, and the seeds inside the program.

use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

use rust_embed::RustEmbed;

use super::{IngestError, Report, Result};

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
    Embedded { name: String, bytes: Vec<u8>, sidecar: Option<String> },
}

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
        }
    }

    /// What a person is told when something is wrong with it.
    pub fn shown(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Embedded { name, .. } => name.clone(),
        }
    }

    /// Size in bytes, 0 where it cannot be told.
    pub fn size(&self) -> u64 {
        match self {
            Self::File(path) => std::fs::metadata(path).map_or(0, |meta| meta.len()),
            Self::Embedded { bytes, .. } => bytes.len() as u64,
        }
    }

    pub fn open(&self) -> Result<Box<dyn BufRead + Send>> {
        match self {
            Self::File(path) => Ok(Box::new(BufReader::with_capacity(1 << 20, File::open(path).map_err(|error| self.io(&error))?))),
            Self::Embedded { bytes, .. } => Ok(Box::new(Cursor::new(bytes.clone()))),
        }
    }

    /// The words of the sidecar, where there is one.
    pub fn sidecar(&self) -> Result<Option<(String, String)>> {
        match self {
            Self::Embedded { name, sidecar, .. } => Ok(sidecar.clone().map(|words| (format!("{name}.toml"), words))),
            Self::File(path) => {
                let beside = sidecar_path(path);
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

/// Files as named, folders with all that is in them in order of names. What a folder holds beside documents (hidden files, sidecars,
/// Markdown, symbolic links, which may lead anywhere) is passed over and noted.
pub fn expand(paths: &[PathBuf], report: &mut Report) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    for path in paths {
        let io = |error: std::io::Error| IngestError::Io { path: path.display().to_string(), reason: error.to_string() };
        if std::fs::metadata(path).map_err(io)?.is_dir() {
            walk(path, 0, &mut sources, report)?
        } else {
            sources.push(Source::File(path.clone()))
        }
    }
    Ok(sources)
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
        } else if kind.is_file() && !name.ends_with(".md") && !name.ends_with(".toml") {
            sources.push(Source::File(path));
        } else {
            report.passed_over.push(path.display().to_string());
        }
    }
    Ok(())
}
