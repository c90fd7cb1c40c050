//! The writer's lock: one import at a time, and whoever comes second learns who came first.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use super::{IngestError, Result};

/// Held while a command writes; released when dropped, or by the system when the process ends however it ends.
#[derive(Debug)]
pub struct WriterLock {
    file: File,
}

impl WriterLock {
    /// Takes the lock or names its holder at once.
    ///
    /// # Errors
    /// [`IngestError::Locked`] with what the holder does and its process id.
    pub fn take(data_dir: &Path, what: &str) -> Result<Self> {
        Self::wait(data_dir, what, Duration::ZERO)
    }

    /// Takes the lock, waiting for its turn for so long.
    pub fn wait(data_dir: &Path, what: &str, patience: Duration) -> Result<Self> {
        let path = data_dir.join("writer.lock");
        let io = |error: std::io::Error| IngestError::Io { path: path.display().to_string(), reason: error.to_string() };
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(io)?;
        let until = Instant::now() + patience;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if Instant::now() < until => std::thread::sleep(Duration::from_millis(50)),
                Err(TryLockError::WouldBlock) => {
                    let mut holder = String::new();
                    // Best effort: the name is a courtesy, the lock is the system's.
                    let _ = file.read_to_string(&mut holder);
                    return Err(IngestError::Locked(if holder.trim().is_empty() {
                        "it gave no name".into()
                    } else {
                        holder.trim().to_owned()
                    }));
                }
                Err(TryLockError::Error(error)) => return Err(io(error)),
            }
        }
        file.set_len(0).map_err(io)?;
        file.seek(SeekFrom::Start(0)).map_err(io)?;
        write!(file, "{what}, process {}", std::process::id()).map_err(io)?;
        Ok(Self { file })
    }

    /// Since when somebody has held the lock, if anybody does. Whatever is written under the lock bears a moment after this one, and what was written
    /// under an earlier one is there to be read. The lock is only tried where a name says that it may be held, so that asking stands in nobody's way.
    pub fn held_since(data_dir: &Path) -> Option<SystemTime> {
        let path = data_dir.join("writer.lock");
        let about = path.metadata().ok()?;
        if about.len() == 0 {
            return None;
        }
        // The name is written once the lock is taken. A process that was killed leaves its name behind, and no lock.
        let file = File::open(&path).ok()?;
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => about.modified().ok(),
            _ => None,
        }
    }

    /// Whether somebody holds the lock now.
    pub fn is_held(data_dir: &Path) -> bool {
        match OpenOptions::new().read(true).write(true).open(data_dir.join("writer.lock")) {
            Ok(file) => matches!(file.try_lock(), Err(TryLockError::WouldBlock)),
            Err(_) => false,
        }
    }
}

impl Drop for WriterLock {
    fn drop(&mut self) {
        let _ = self.file.set_len(0);
        let _ = self.file.unlock();
    }
}
