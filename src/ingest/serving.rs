//! The servers' lock: many may serve one archive, and none may while the database is put in another's place.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::path::Path;

use super::{IngestError, Result};

/// Held until dropped, or until the process ends however it ends.
#[derive(Debug)]
pub struct ServingLock(#[expect(dead_code, reason = "the lock is the system's: it is held as long as the file is open")] Option<File>);

impl ServingLock {
    /// A server's share. A folder that cannot be written to needs none: nobody can put anything in its place.
    ///
    /// # Errors
    /// [`IngestError::Locked`] while a backup is being restored.
    pub fn share(data_dir: &Path) -> Result<Self> {
        let file = match open(data_dir) {
            Err(error) if matches!(error.kind(), ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied) => return Ok(Self(None)),
            opened => opened.map_err(|error| io(data_dir, &error))?,
        };
        match file.try_lock_shared() {
            Ok(()) => Ok(Self(Some(file))),
            Err(TryLockError::WouldBlock) => Err(IngestError::Locked("a backup is being restored".into())),
            Err(TryLockError::Error(error)) => Err(io(data_dir, &error)),
        }
    }

    /// For whoever may have nobody beside him.
    ///
    /// # Errors
    /// [`IngestError::Served`] while a server runs.
    pub fn alone(data_dir: &Path) -> Result<Self> {
        let file = open(data_dir).map_err(|error| io(data_dir, &error))?;
        match file.try_lock() {
            Ok(()) => Ok(Self(Some(file))),
            Err(TryLockError::WouldBlock) => Err(IngestError::Served),
            Err(TryLockError::Error(error)) => Err(io(data_dir, &error)),
        }
    }
}

fn open(data_dir: &Path) -> std::io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(data_dir.join("serving.lock"))
}

fn io(data_dir: &Path, error: &std::io::Error) -> IngestError {
    IngestError::Io { path: data_dir.join("serving.lock").display().to_string(), reason: error.to_string() }
}
