//! Who looks and sends: one process at a time.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use crate::ingest::{IngestError, Result};

/// The right to look and send, released by the system however the process ends. Whatever is still being sent holds it.
pub(super) struct Turn(#[expect(dead_code, reason = "the lock is the system's: it is held as long as the file is open")] File);

impl Turn {
    /// `None` where somebody has it.
    pub fn take(data_dir: &Path) -> Result<Option<Self>> {
        let path = data_dir.join("alerts.lock");
        let io = |error: std::io::Error| IngestError::Io { path: path.display().to_string(), reason: error.to_string() };
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(io)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(io(error)),
        }
    }
}
