//! A file that one side writes as fast as it can and the other reads as slowly as it likes: what is written comes from one moment of the archive, which
//! is let go of as soon as the last of it is written, however long it takes to send.

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use tempfile::SpooledTempFile;
use tokio::sync::watch;

use super::turns::Room;

/// What is smaller never touches a disk, in bytes: there may be hundreds.
const IN_MEMORY: usize = 128 << 10;

/// Bytes that are read at a time.
const CHUNK: u64 = 64 << 10;

/// How far the writer has come.
#[derive(Clone, Copy, Debug, Default)]
struct Written {
    bytes: u64,
    /// Set at the end: whether all of it was written.
    whole: Option<bool>,
}

struct Shared {
    /// Without a name: it is gone when nobody holds it, however the process ends.
    file: Mutex<SpooledTempFile>,
    written: watch::Sender<Written>,
    wanted: AtomicBool,
    room: Arc<Room>,
}

/// A spool's two ends; `folder` is where it is put, or where the system puts such files. It takes up `room` until both ends are gone.
pub fn spool(folder: Option<&Path>, room: &Arc<Room>) -> (Writer, Reader) {
    let file = match folder {
        Some(folder) => tempfile::spooled_tempfile_in(IN_MEMORY, folder),
        None => tempfile::spooled_tempfile(IN_MEMORY),
    };
    let (written, seen) = watch::channel(Written::default());
    let shared = Arc::new(Shared { file: Mutex::new(file), written, wanted: AtomicBool::new(true), room: Arc::clone(room) });
    (Writer { shared: Arc::clone(&shared) }, Reader { shared, seen, at: 0 })
}

impl Shared {
    fn file(&self) -> std::sync::MutexGuard<'_, SpooledTempFile> {
        // Every use seeks first: a poisoned lock holds a file like any other.
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.room.give_back(self.written.borrow().bytes);
    }
}

/// The end that is written to. Dropped before it is [finished](Self::finish), it tells the reader that the rest never comes.
pub struct Writer {
    shared: Arc<Shared>,
}

impl Writer {
    /// Whether anybody still reads.
    pub fn is_wanted(&self) -> bool {
        self.shared.wanted.load(Ordering::Relaxed)
    }

    /// All of it is written.
    pub fn finish(self) {
        self.shared.written.send_modify(|written| written.whole = Some(true));
    }
}

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut file = self.shared.file();
        let end = self.shared.written.borrow().bytes;
        file.seek(SeekFrom::Start(end))?;
        file.write_all(bytes)?;
        drop(file);
        self.shared.room.take(bytes.len() as u64);
        self.shared.written.send_modify(|written| written.bytes += bytes.len() as u64);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.shared.written.send_if_modified(|written| {
            let ended = written.whole.is_some();
            written.whole.get_or_insert(false);
            !ended
        });
    }
}

/// The end that is read from.
pub struct Reader {
    shared: Arc<Shared>,
    seen: watch::Receiver<Written>,
    at: u64,
}

impl Reader {
    /// Waits for the first bytes; returns whether there are any, or it is finished without.
    pub async fn begins(&mut self) -> bool {
        let begun = self.seen.wait_for(|written| written.bytes > 0 || written.whole.is_some()).await;
        begun.is_ok_and(|written| written.bytes > 0 || written.whole == Some(true))
    }

    /// Waits for the last bytes; returns how many there are.
    ///
    /// # Errors
    /// Where the writer gave up.
    pub async fn whole(&mut self) -> io::Result<u64> {
        match self.seen.wait_for(|written| written.whole.is_some()).await.map(|written| *written) {
            Ok(Written { bytes, whole: Some(true) }) => Ok(bytes),
            _ => Err(io::Error::other("the export was not written to its end")),
        }
    }

    /// The next bytes, once they are written; `None` after the last.
    ///
    /// # Errors
    /// Where the writer gave up, or the file cannot be read.
    pub async fn next(&mut self) -> io::Result<Option<Bytes>> {
        loop {
            let written = *self.seen.borrow_and_update();
            if written.bytes > self.at {
                let bytes = self.read(CHUNK.min(written.bytes - self.at)).await?;
                self.at += bytes.len() as u64;
                return Ok(Some(bytes));
            }
            match written.whole {
                Some(true) => return Ok(None),
                Some(false) => return Err(io::Error::other("the export was not written to its end")),
                None => self.seen.changed().await.map_err(|_| io::Error::other("the export was given up"))?,
            }
        }
    }

    async fn read(&self, length: u64) -> io::Result<Bytes> {
        let (shared, at) = (Arc::clone(&self.shared), self.at);
        let read = move || {
            let mut bytes = vec![0; usize::try_from(length).map_err(io::Error::other)?];
            let mut file = shared.file();
            file.seek(SeekFrom::Start(at))?;
            file.read_exact(&mut bytes)?;
            Ok(bytes.into())
        };
        tokio::task::spawn_blocking(read).await.map_err(io::Error::other)?
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.shared.wanted.store(false, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn all(mut reader: Reader) -> io::Result<Vec<u8>> {
        let mut read = Vec::new();
        while let Some(bytes) = reader.next().await? {
            read.extend_from_slice(&bytes);
        }
        Ok(read)
    }

    #[tokio::test]
    async fn what_is_written_is_read_whatever_its_size() {
        let room = Arc::<Room>::default();
        for size in [0, 1, CHUNK as usize, CHUNK as usize + 1, 3 * IN_MEMORY + 7] {
            let words: Vec<u8> = (0..size).map(|n| (n % 251) as u8).collect();
            let (mut writer, mut reader) = spool(None, &room);
            let given = words.clone();
            let writing = tokio::task::spawn_blocking(move || {
                given.chunks(100_000).try_for_each(|part| writer.write_all(part)).expect("written");
                writer.finish();
            });
            assert!(reader.begins().await);
            assert_eq!((reader.whole().await.expect("written"), room.taken()), (size as u64, size as u64));
            assert_eq!(all(reader).await.expect("read"), words);
            writing.await.expect("a thread");
            assert_eq!(room.taken(), 0);
        }
    }

    #[tokio::test]
    async fn a_writer_that_gives_up_is_no_end() {
        let (writer, mut reader) = spool(None, &Arc::default());
        drop(writer);
        assert!(!reader.begins().await);
        let (mut writer, mut reader) = spool(None, &Arc::default());
        writer.write_all(b"half").expect("written");
        drop(writer);
        assert!(reader.begins().await && reader.whole().await.is_err());
        assert_eq!(reader.next().await.expect("bytes").as_deref(), Some(&b"half"[..]));
        assert!(reader.next().await.is_err());
    }

    #[tokio::test]
    async fn a_reader_that_leaves_is_noticed() {
        let (writer, reader) = spool(None, &Arc::default());
        assert!(writer.is_wanted());
        drop(reader);
        assert!(!writer.is_wanted());
    }
}
