//! From the archive into a spool, and from the spool to the reader.

use std::io::{self, Write};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use super::form::{Form, With};
use super::spool::{Reader, Writer};
use crate::model::Whole;
use crate::web::state::App;

/// Batches on their way from the database to the writer.
const WAITING: usize = 2;

/// How long writing may take: the archive's snapshot is open for as long.
const MAX_WRITING: Duration = Duration::from_secs(600);

/// How long a reader may take nothing at all.
const MAX_STALL: Duration = Duration::from_secs(60);

/// Writes releases, in the order of their numbers, into a spool. What goes wrong is told to the reader by the spool: it has no end.
pub async fn fill(app: App, seqs: Vec<i64>, form: Form, with: With, writer: Writer, gzip: bool, _turn: OwnedSemaphorePermit) {
    let filled = tokio::time::timeout(MAX_WRITING, write(&app, &seqs, form, with, writer, gzip)).await;
    match filled {
        Ok(Ok(())) => {}
        Ok(Err(reason)) => tracing::error!(%reason, "an export was broken off"),
        Err(_) => tracing::error!("an export was broken off: it took too long to write"),
    }
}

async fn write(app: &App, seqs: &[i64], form: Form, with: With, writer: Writer, gzip: bool) -> Result<(), String> {
    let (send, mut batches) = mpsc::channel::<Vec<Whole>>(WAITING);
    let writing = tokio::task::spawn_blocking(move || -> io::Result<Option<Sink>> {
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
        sink.put(&buffer)?;
        Ok(Some(sink))
    });
    let (sent, written) = tokio::join!(app.archive().stream(seqs, send), writing);
    let written = written.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?;
    // Whoever writes cannot tell a store that failed from one that had no more: only now is it known.
    sent.map_err(|error| error.to_string())?;
    match written {
        Some(sink) => sink.finish().map_err(|error| error.to_string()),
        None => Ok(()),
    }
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

/// A body that follows a spool. A reader that takes nothing for too long is left, and so is one that has left; `turn` is held until then.
pub fn body(mut reader: Reader, turn: OwnedSemaphorePermit) -> Body {
    let (to, pieces) = mpsc::channel(1);
    tokio::spawn(async move {
        let _turn = turn;
        loop {
            let next = tokio::select! {
                next = reader.next() => next,
                () = to.closed() => return,
            };
            let (piece, last) = match next {
                Ok(Some(bytes)) => (Piece::Bytes(bytes), false),
                Ok(None) => (Piece::End, true),
                Err(_) => return,
            };
            let taken = tokio::time::timeout(MAX_STALL, to.send(piece)).await;
            if last || !matches!(taken, Ok(Ok(()))) {
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
    use std::sync::Arc;

    use http_body_util::BodyExt;
    use tokio::sync::Semaphore;

    use super::*;
    use crate::web::exports::spool::spool;

    async fn turn() -> OwnedSemaphorePermit {
        Arc::new(Semaphore::new(1)).acquire_owned().await.expect("a turn")
    }

    #[tokio::test]
    async fn a_body_ends_only_where_the_spool_does() {
        let (mut writer, reader) = spool(None);
        writer.write_all(b"all of it").expect("written");
        writer.finish();
        assert_eq!(body(reader, turn().await).collect().await.expect("a body").to_bytes(), "all of it");
        let (mut writer, reader) = spool(None);
        writer.write_all(b"a part").expect("written");
        drop(writer);
        assert!(body(reader, turn().await).collect().await.is_err());
    }

    #[tokio::test]
    async fn whoever_leaves_is_waited_for_no_longer() {
        let turns = Arc::new(Semaphore::new(1));
        let (writer, reader) = spool(None);
        let body = body(reader, Arc::clone(&turns).acquire_owned().await.expect("a turn"));
        tokio::task::yield_now().await;
        assert_eq!((writer.is_wanted(), turns.available_permits()), (true, 0));
        drop(body);
        let _ = tokio::time::timeout(Duration::from_secs(5), turns.acquire()).await.expect("the turn is given back");
        assert!(!writer.is_wanted());
    }
}
