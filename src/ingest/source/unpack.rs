//! Unpacking with bounds: a few kilobytes can be packed so that they unpack to terabytes.

use std::io::{self, BufRead, BufReader, Read};

use flate2::Crc;
use flate2::bufread::MultiGzDecoder;

/// What unpacks to no more than this is never a bomb, in bytes: a document that is read whole may be so large.
pub(super) const HARMLESS: u64 = 64 * 1024 * 1024;
/// Beyond [`HARMLESS`], how many times its packed size something may unpack to. Texts are packed to about a fifth, the most
/// repetitive NDJSON to a hundredth; deflate can reach one in 1,032.
pub(super) const MAX_RATIO: u64 = 200;
/// The most that anything may unpack to, in bytes.
pub(super) const MAX_UNPACKED: u64 = 256 * 1024 * 1024 * 1024;

/// Whether so much may come out of so much.
pub(super) fn is_bomb(packed: u64, unpacked: u64) -> bool {
    unpacked > MAX_UNPACKED || unpacked > HARMLESS && unpacked / MAX_RATIO > packed
}

/// Counts what is taken from a reader.
struct Counted<R> {
    reader: R,
    taken: std::sync::Arc<std::sync::atomic::AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.taken.fetch_add(read as u64, std::sync::atomic::Ordering::Relaxed);
        Ok(read)
    }
}

/// Passes on what is unpacked as long as it is in proportion.
struct Guarded<R> {
    reader: R,
    packed: std::sync::Arc<std::sync::atomic::AtomicU64>,
    unpacked: u64,
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.unpacked += read as u64;
        let packed = self.packed.load(std::sync::atomic::Ordering::Relaxed);
        if is_bomb(packed, self.unpacked) {
            return Err(io::Error::other(format!(
                "it unpacks to more than {MAX_RATIO} times its size, as nothing honest does, so it was not unpacked any further"
            )));
        }
        Ok(read)
    }
}

/// The bytes of a reader, unpacked where they are packed with gzip; once, not again.
pub(super) fn opened(reader: Box<dyn Read + Send>) -> io::Result<Box<dyn BufRead + Send>> {
    let mut reader = BufReader::with_capacity(1 << 16, reader);
    let mut head = Vec::with_capacity(2);
    reader.by_ref().take(2).read_to_end(&mut head)?;
    let is_packed = head == [0x1f, 0x8b];
    let whole = io::Cursor::new(head).chain(reader);
    if !is_packed {
        return Ok(Box::new(BufReader::with_capacity(1 << 20, whole)));
    }
    let taken = std::sync::Arc::default();
    let counted = BufReader::with_capacity(1 << 16, Counted { reader: whole, taken: std::sync::Arc::clone(&taken) });
    let guarded = Guarded { reader: MultiGzDecoder::new(counted), packed: taken, unpacked: 0 };
    Ok(Box::new(BufReader::with_capacity(1 << 20, guarded)))
}

/// An entry of an archive, held to the size and the checksum that the archive states of it.
pub(super) struct Checked<R> {
    pub reader: R,
    pub size: u64,
    pub crc32: u32,
    pub crc: Crc,
    pub read: u64,
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.read += read as u64;
        self.crc.update(buffer.get(..read).unwrap_or_default());
        let ended = read == 0 && !buffer.is_empty();
        if self.read > self.size || ended && (self.read < self.size || self.crc.sum() != self.crc32) {
            return Err(io::Error::other("it is damaged: it is not what the archive says that it holds"));
        }
        Ok(read)
    }
}
