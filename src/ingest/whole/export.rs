//! Writing the archive down, with no more memory for a large one than for a small one.

use std::io::{self, Write};
use std::sync::Arc;

use tokio::sync::mpsc;

use super::line;
use crate::ingest::hashed::Hashed;
use crate::ingest::{IngestError, Result};
use crate::store::{ArchiveStore, Part};

/// Parts on their way from the store to the file.
const WAITING: usize = 4;

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    pub records: u64,
    pub releases: u64,
    pub generation: i64,
    pub bytes: u64,
    /// Of the whole file.
    pub sha256: String,
}

/// Writes everything that the archive holds, as of one moment; it goes on while others write. `shown` names the file in errors.
pub async fn export(store: Arc<dyn ArchiveStore>, to: Box<dyn Write + Send>, shown: &str) -> Result<Exported> {
    let (send, mut parts) = mpsc::channel(WAITING);
    let sending = async move { store.export(send).await };
    let shown = shown.to_owned();
    let writing = tokio::task::spawn_blocking(move || {
        let io = |error: io::Error| IngestError::Io { path: shown.clone(), reason: error.to_string() };
        let mut file = Hashed::new(to);
        let mut written = Exported::default();
        let mut buffer = Vec::new();
        while let Some(part) = parts.blocking_recv() {
            buffer.clear();
            match part {
                Part::Header(header) => {
                    written.generation = header.generation;
                    writeln!(buffer, "{}", line::header(&header)).map_err(io)?;
                }
                Part::Records(records) => {
                    for record in &records {
                        line::write(record, &mut buffer).map_err(|reason| IngestError::Io { path: shown.clone(), reason })?;
                        written.records += 1;
                        written.releases += u64::from(record.shape.kind == "release");
                    }
                }
                Part::End => {
                    writeln!(buffer, "{}", line::end(written.records, file.sha256())).map_err(io)?;
                    file.write_all(&buffer).and_then(|()| file.flush()).map_err(io)?;
                    return Ok(Some(Exported { bytes: file.bytes(), sha256: file.sha256(), ..written }));
                }
            }
            file.write_all(&buffer).map_err(io)?;
        }
        // The store has more to say about why it ended early.
        Ok(None)
    });
    let (sent, written) = tokio::join!(sending, writing);
    let written: Result<Option<Exported>> =
        written.map_err(|error| IngestError::Io { path: "export".into(), reason: error.to_string() })?;
    // Where both fail, the file is the reason: the store stops because nobody listens.
    let written = written?;
    sent?;
    written.ok_or_else(|| IngestError::Io { path: "export".into(), reason: "the archive was not read to its end".into() })
}
