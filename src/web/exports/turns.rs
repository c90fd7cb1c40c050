//! How much may be under way at once: what is written, what is kept until it is read, and how slowly it may be read.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::time::{Instant, timeout};

use crate::web::error::Failure;

/// Large exports written at the same time; each holds a snapshot of the archive and a core.
const LARGE: usize = 3;

/// Small ones, which have turns of their own: nobody who wants ten releases waits behind those who want all.
const SMALL: usize = 2;

/// Releases in an export that still counts as small.
const STILL_SMALL: usize = 1_000;

/// Exports on their way to readers; each holds an open file.
const KEPT: usize = 512;

/// Bytes of exports that are kept for their readers, above which no large one is begun any more. Small ones may take as much again.
const ROOM: u64 = 4 << 30;

/// Files of the whole archive on their way to readers.
const FILES: usize = 128;

/// How long a request waits for its turn.
const MAX_WAIT: Duration = Duration::from_secs(2);

/// How long a reader may take nothing at all.
const MAX_STALL: Duration = Duration::from_secs(60);

/// How long a reader may be as slow as it likes.
const GRACE: Duration = Duration::from_secs(60);

/// What a reader then has to have taken, on an average: bytes in a second of waiting for it.
const LOWEST: u64 = 4 << 10;

/// The same once more than half of the room is taken.
const LOWEST_WHEN_FULL: u64 = 64 << 10;

/// How many exports and files there may be.
pub struct Turns {
    large: Arc<Semaphore>,
    small: Arc<Semaphore>,
    kept: Arc<Semaphore>,
    files: Arc<Semaphore>,
    room: Arc<Room>,
}

impl Default for Turns {
    fn default() -> Self {
        let of = |turns| Arc::new(Semaphore::new(turns));
        Self { large: of(LARGE), small: of(SMALL), kept: of(KEPT), files: of(FILES), room: Arc::default() }
    }
}

impl Turns {
    /// A place for an export of so many releases that is held until it has been sent, and a turn that is held while it is written.
    pub async fn take(&self, releases: usize) -> Result<(OwnedSemaphorePermit, OwnedSemaphorePermit), Failure> {
        let (turns, room) = if releases <= STILL_SMALL { (&self.small, 2 * ROOM) } else { (&self.large, ROOM) };
        if self.room.taken() >= room {
            return Err(Failure::Busy);
        }
        let kept = Arc::clone(&self.kept).try_acquire_owned().map_err(|_| Failure::Busy)?;
        match timeout(MAX_WAIT, Arc::clone(turns).acquire_owned()).await {
            Ok(Ok(turn)) => Ok((kept, turn)),
            _ => Err(Failure::Busy),
        }
    }

    /// A place for a file on its way.
    pub fn file(&self) -> Result<OwnedSemaphorePermit, Failure> {
        Arc::clone(&self.files).try_acquire_owned().map_err(|_| Failure::Busy)
    }

    /// What exports take up together.
    pub const fn room(&self) -> &Arc<Room> {
        &self.room
    }
}

/// Bytes of exports that are kept for their readers.
#[derive(Default)]
pub struct Room(AtomicU64);

impl Room {
    pub fn take(&self, bytes: u64) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }

    pub fn give_back(&self, bytes: u64) {
        self.0.fetch_sub(bytes, Ordering::Relaxed);
    }

    pub fn taken(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// How fast readers have to be, in bytes a second.
    pub fn lowest(&self) -> u64 {
        if self.taken() > ROOM / 2 { LOWEST_WHEN_FULL } else { LOWEST }
    }
}

/// How fast a reader is: only the time counts for which it was waited for.
#[derive(Default)]
pub struct Pace {
    waited: Duration,
    taken: u64,
}

impl Pace {
    /// Hands a piece of so many bytes to a reader; returns whether it is worth going on: the reader is there and, on an average, takes `lowest`
    /// bytes a second.
    pub async fn hand<T>(&mut self, to: &mpsc::Sender<T>, piece: T, bytes: u64, lowest: u64) -> bool {
        let begun = Instant::now();
        let taken = timeout(MAX_STALL, to.send(piece)).await;
        self.waited += begun.elapsed();
        self.taken += bytes;
        matches!(taken, Ok(Ok(()))) && !self.is_below(lowest)
    }

    fn is_below(&self, lowest: u64) -> bool {
        self.waited.checked_sub(GRACE).is_some_and(|beyond| self.taken < beyond.as_secs().saturating_mul(lowest))
    }
}

/// [`Pace`] for what takes up no room.
pub const fn lowest() -> u64 {
    LOWEST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn no_more_are_written_at_once_than_the_machine_can_bear() {
        let turns = Turns::default();
        let mut taken = Vec::new();
        for _ in 0..LARGE {
            taken.push(turns.take(STILL_SMALL + 1).await.expect("a turn"));
        }
        assert!(matches!(turns.take(STILL_SMALL + 1).await, Err(Failure::Busy)));
        // A small one has a turn of its own.
        let small = turns.take(STILL_SMALL).await.expect("a turn");
        // What is written and only being sent stands in nobody's way, be it as many as it may.
        drop((taken, small));
        let mut sent = Vec::new();
        for _ in 0..100 {
            sent.push(turns.take(STILL_SMALL + 1).await.expect("a turn").0);
        }
        assert!(turns.take(STILL_SMALL + 1).await.is_ok());
        // Unless it fills the disk.
        turns.room().take(ROOM);
        assert_eq!(turns.room().lowest(), LOWEST_WHEN_FULL);
        assert!(matches!(turns.take(STILL_SMALL + 1).await, Err(Failure::Busy)));
        assert!(turns.take(STILL_SMALL).await.is_ok());
    }

    #[test]
    fn readers_may_be_slow_at_first_and_not_for_ever() {
        for (waited, taken, too_slow) in
            [(0, 0, false), (60, 0, false), (61, LOWEST, false), (62, LOWEST, true), (1_060, 1_000 * LOWEST, false)]
        {
            assert_eq!(Pace { waited: Duration::from_secs(waited), taken }.is_below(LOWEST), too_slow, "{waited} {taken}");
        }
    }
}
