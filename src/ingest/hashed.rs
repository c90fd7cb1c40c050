//! Bytes on their way to somewhere, hashed and counted as they pass.

use std::io::{self, BufReader, Read, Write};

use sha2::{Digest, Sha256};

/// Bytes that are read at a time.
const BUFFER: usize = 1 << 20;

/// Something that is written to, with the SHA-256 and the number of the bytes that it has taken.
pub(super) struct Hashed<T> {
    to: T,
    hasher: Sha256,
    bytes: u64,
}

impl<T> Hashed<T> {
    pub fn new(to: T) -> Self {
        Self { to, hasher: Sha256::new(), bytes: 0 }
    }

    pub fn get_ref(&self) -> &T {
        &self.to
    }

    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// In lower-case hex, of all bytes so far.
    pub fn sha256(&self) -> String {
        hex::encode(self.hasher.clone().finalize())
    }
}

impl<T: Write> Write for Hashed<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.hasher.update(bytes.get(..written).unwrap_or_default());
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// SHA-256 in lower-case hex, and length, of all that there is to read.
pub(super) fn fingerprint(from: impl Read) -> io::Result<(String, u64)> {
    let mut hashed = Hashed::new(io::sink());
    io::copy(&mut BufReader::with_capacity(BUFFER, from), &mut hashed)?;
    Ok((hashed.sha256(), hashed.bytes()))
}
