//! Putting a file where it belongs: written beside under another name, brought to the disk, then named.

use std::fs::File;
use std::path::{Path, PathBuf};

use super::{IngestError, Result};

/// A file on its way; dropped before it is [placed](Placing::place), nothing of it stays.
#[derive(Debug)]
pub struct Placing {
    part: PathBuf,
    to: PathBuf,
    placed: bool,
}

impl Placing {
    /// Room beside `to`. What has that name already is only replaced where `force` says so.
    ///
    /// # Errors
    /// Where `to` is there and `force` is not given.
    pub fn beside(to: &Path, force: bool) -> Result<Self> {
        let name = to.file_name().ok_or_else(|| io(to, "it is no name of a file"))?;
        if to.is_dir() {
            return Err(io(to, "it is a folder; give the name of a file"));
        }
        if !force && to.symlink_metadata().is_ok() {
            return Err(io(to, "it is there already, and nothing is overwritten without --force"));
        }
        let part = to.with_file_name(format!(".{}.part-{}", name.to_string_lossy(), std::process::id()));
        match std::fs::remove_file(&part) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(io(&part, &error.to_string())),
            _ => Ok(Self { part, to: to.to_owned(), placed: false }),
        }
    }

    /// Where to write.
    pub fn part(&self) -> &Path {
        &self.part
    }

    /// Gives the file its name, once all of it is on the disk.
    pub fn place(mut self) -> Result<()> {
        let told = |error: std::io::Error| io(&self.to, &error.to_string());
        File::open(&self.part).and_then(|file| file.sync_all()).map_err(told)?;
        std::fs::rename(&self.part, &self.to).map_err(told)?;
        self.placed = true;
        sync_folder(&self.to)
    }
}

impl Drop for Placing {
    fn drop(&mut self) {
        if !self.placed {
            let _ = std::fs::remove_file(&self.part);
        }
    }
}

/// Brings the name of a file to the disk, where the system knows of such a thing.
pub fn sync_folder(file: &Path) -> Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(unix) {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| io(folder, &error.to_string()))?;
    }
    Ok(())
}

fn io(path: &Path, reason: &str) -> IngestError {
    IngestError::Io { path: path.display().to_string(), reason: reason.to_owned() }
}
