//! From the archive into a spool, and from the spool to the reader.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use super::form::{Form, With};
use super::spool::{Reader, Writer};
use super::turns::{Pace, Room};
use crate::model::Whole;
use crate::web::state::App;

/// Batches on their way from the database to the writer.
const WAITING: usize = 2;

/// How long writing may take: the archive's snapshot is open for as long.
const MAX_WRITING: Duration = Duration::from_secs(600);

/// What is written: releases by their internal numbers, as they were after log entry `at`.
pub struct Chosen {
    pub seqs: Vec<i64>,
    pub at: i64,
    pub form: Form,
    pub with: With,
    pub gzip: bool,
}

/// What became of writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filled {
    Whole,
    /// The archive has gone on since the search: not a byte was written.
    Outdated,
    /// The disk is full.
    NoRoom,
    Broken,
}

/// What it is that ended writing early.
impl From<&io::Error> for Filled {
    fn from(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::NoRoom,
            _ => Self::Broken,
        }
    }
}

/// Writes what was chosen into a spool. What goes wrong is told to the reader by the spool: it has no end.
pub async fn fill(app: App, chosen: Chosen, writer: Writer, _turn: OwnedSemaphorePermit) -> Filled {
    match tokio::time::timeout(MAX_WRITING, write(&app, chosen, writer)).await {
        Ok(Ok(true)) => Filled::Whole,
        Ok(Ok(false)) => Filled::Outdated,
        Ok(Err(error)) => {
            tracing::error!(reason = %error, "an export was broken off");
            Filled::from(&error)
        }
        Err(_) => {
            tracing::error!("an export was broken off: it took too long to write");
            Filled::Broken
        }
    }
}

async fn write(app: &App, chosen: Chosen, writer: Writer) -> io::Result<bool> {
    let Chosen { seqs, at, form, with, gzip } = chosen;
    let (send, mut batches) = mpsc::channel::<Vec<Whole>>(WAITING);
    let writing = tokio::task::spawn_blocking(move || -> io::Result<Option<(Sink, Vec<u8>)>> {
        let mut sink = Sink::new(writer, gzip);
        let mut buffer = form.open().into_bytes();
        let mut first = true;
        while let Some(batch) = batches.blocking_recv() {
            if !sink.is_wanted() {
                return Ok(None);
            }
            for whole in &batch {
                if !std::mem::take(&mut first) {
                    buffer.extend_from_slice(form.between().as_bytes());
                }
                form.record(whole, &with, &mut buffer)?;
            }
            sink.put(&buffer)?;
            buffer.clear();
        }
        buffer.extend_from_slice(form.close().as_bytes());
        Ok(Some((sink, buffer)))
    });
    let (sent, written) = tokio::join!(app.archive().stream(&seqs, at, send), writing);
    let written = written??;
    // Whoever writes cannot tell a store that failed from one that had no more: only now is it known.
    if !sent.map_err(|error| io::Error::other(error.to_string()))? {
        return Ok(false);
    }
    if let Some((mut sink, rest)) = written {
        sink.put(&rest).and_then(|()| sink.finish())?;
    }
    Ok(true)
}

/// A spool, compressed or not.
enum Sink {
    Plain(Writer),
    Gzip(Box<GzEncoder<Writer>>),
}

impl Sink {
    fn new(writer: Writer, gzip: bool) -> Self {
        // The fastest level: a reader waits for the first byte, and the archive's text shrinks to a third all the same.
        if gzip { Self::Gzip(Box::new(GzEncoder::new(writer, Compression::fast()))) } else { Self::Plain(writer) }
    }

    fn is_wanted(&self) -> bool {
        match self {
            Self::Plain(writer) => writer.is_wanted(),
            Self::Gzip(encoder) => encoder.get_ref().is_wanted(),
        }
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(writer) => writer.write_all(bytes),
            Self::Gzip(encoder) => encoder.write_all(bytes),
        }
    }

    fn finish(self) -> io::Result<()> {
        match self {
            Self::Plain(writer) => writer.finish(),
            Self::Gzip(encoder) => encoder.finish()?.finish(),
        }
        Ok(())
    }
}

/// What a body is made of. A body that ends without [`End`](Piece::End) is broken off, and so is the connection that it is sent over: nobody may take
/// a part for the whole.
enum Piece {
    Bytes(Bytes),
    End,
}

/// A body that follows a spool. A reader that takes too little is left, and so is one that has left; `place` is held until then.
pub fn body(mut reader: Reader, place: OwnedSemaphorePermit, room: Arc<Room>) -> Body {
    let (to, pieces) = mpsc::channel(1);
    tokio::spawn(async move {
        let _place = place;
        let mut pace = Pace::default();
        loop {
            let next = tokio::select! {
                next = reader.next() => next,
                () = to.closed() => return,
            };
            let (piece, size, last) = match next {
                Ok(Some(bytes)) => {
                    let size = bytes.len() as u64;
                    (Piece::Bytes(bytes), size, false)
                }
                Ok(None) => (Piece::End, 0, true),
                Err(_) => return,
            };
            if !pace.hand(&to, piece, size, room.lowest()).await || last {
                return;
            }
        }
    });
    Body::from_stream(futures_util::stream::unfold(Some(pieces), |pieces| async {
        let mut pieces = pieces?;
        match pieces.recv().await {
            Some(Piece::Bytes(bytes)) => Some((Ok(bytes), Some(pieces))),
            Some(Piece::End) => None,
            None => Some((Err(io::Error::other("the export was broken off")), None)),
        }
    }))
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;
    use tokio::sync::Semaphore;

    use super::*;
    use crate::web::exports::spool::spool;

    async fn turn() -> OwnedSemaphorePermit {
        Arc::new(Semaphore::new(1)).acquire_owned().await.expect("a turn")
    }

    #[test]
    fn a_full_disk_is_told_from_what_is_wrong() {
        for (error, filled) in [
            (io::ErrorKind::StorageFull.into(), Filled::NoRoom),
            (io::ErrorKind::QuotaExceeded.into(), Filled::NoRoom),
            (io::Error::other("no such thing"), Filled::Broken),
        ] {
            assert_eq!(Filled::from(&error), filled, "{error}");
        }
    }

    #[tokio::test]
    async fn a_body_ends_only_where_the_spool_does() {
        let (mut writer, reader) = spool(None, &Arc::default());
        writer.write_all(b"all of it").expect("written");
        writer.finish();
        assert_eq!(body(reader, turn().await, Arc::default()).collect().await.expect("a body").to_bytes(), "all of it");
        let (mut writer, reader) = spool(None, &Arc::default());
        writer.write_all(b"a part").expect("written");
        drop(writer);
        assert!(body(reader, turn().await, Arc::default()).collect().await.is_err());
    }

    #[tokio::test]
    async fn whoever_leaves_is_waited_for_no_longer() {
        let turns = Arc::new(Semaphore::new(1));
        let (writer, reader) = spool(None, &Arc::default());
        let body = body(reader, Arc::clone(&turns).acquire_owned().await.expect("a turn"), Arc::default());
        tokio::task::yield_now().await;
        assert_eq!((writer.is_wanted(), turns.available_permits()), (true, 0));
        drop(body);
        let _ = tokio::time::timeout(Duration::from_secs(5), turns.acquire()).await.expect("the turn is given back");
        assert!(!writer.is_wanted());
    }
}
