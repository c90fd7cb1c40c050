//! The whole public archive as a set of files: made from one moment, written aside, checksummed, and put in its place as a whole.
//!
//! The forms of the files are the web's affair; it hands them down as [`Rendering`]s. A set is a folder with a Data Package descriptor
//! (<https://specs.frictionlessdata.io/data-package/>), which is also how a set is known again.

mod files;
mod keep;
mod package;
mod settle;
mod shelf;

use std::path::Path;
use std::sync::Arc;

use serde_json::{Map, Value};
use tokio::sync::mpsc;

use super::{IngestError, Result};
use crate::model::ReleaseItem;
use crate::store::{ArchiveStore, PublicDatabase, PublicHead, PublicPart, PublicRelease, StoreError};
use files::Files;

pub use keep::Keeper;
pub use package::{CHECKSUMS, DATABASE, DESCRIPTOR, Set, SetFile};
pub use settle::{Looked, discard_stale};
pub use shelf::{DumpFile, Shelf, place};

/// Of what a set consists of: one that was made in another form is made again.
pub const FORM: u64 = 2;

/// Parts on their way from the store to the files.
const WAITING: usize = 2;

/// How one file of a set is written. Names that end in `.gz` are compressed.
pub trait Rendering: Send + Sync {
    fn file(&self) -> &'static str;
    /// What the descriptor says of it beside name, size and checksum.
    fn resource(&self) -> Map<String, Value>;
    fn open(&self) -> String;
    fn between(&self) -> &'static str;
    fn close(&self) -> &'static str;
    /// Appends one release.
    ///
    /// # Errors
    /// A phrase that says why it cannot be written.
    fn record(&self, release: &PublicRelease, out: &mut Vec<u8>) -> Result<(), String>;
}

/// With what a set is made.
pub struct Kit {
    pub renderings: Vec<Box<dyn Rendering>>,
    pub permalink: Box<dyn Fn(&ReleaseItem) -> String + Send + Sync>,
    /// What the archive is called, and where it is explained.
    pub title: String,
    pub homepage: String,
    /// RFC 3339, UTC.
    pub made_at: String,
}

/// Writes a set into a folder that is there and empty. Memory is the same for any archive: releases come and go a hundred at a time.
///
/// # Errors
/// Where the archive cannot be read or the disk cannot be written; the folder then holds parts of files.
pub async fn make(store: Arc<dyn ArchiveStore>, kit: Arc<Kit>, folder: &Path) -> Result<Set> {
    let (send, mut parts) = mpsc::channel(WAITING);
    let sending = async move { store.stream_public(send).await };
    let writing = async move {
        let Some(PublicPart::Head(head)) = parts.recv().await else { return Ok(None) };
        let database = folder.join(DATABASE);
        let about = [("title", kit.title.clone()), ("homepage", kit.homepage.clone()), ("made_at", kit.made_at.clone())];
        let mut public = PublicDatabase::create(&database, &head, &about).await?;
        let mut files = Files::create(Arc::clone(&kit), folder)?;
        while let Some(part) = parts.recv().await {
            match part {
                PublicPart::Head(_) => {}
                PublicPart::Releases(releases) => {
                    let permalinks: Vec<String> = releases.iter().map(|public| (kit.permalink)(&public.whole.release.item)).collect();
                    let releases = Arc::new(releases);
                    let rendered = tokio::task::spawn_blocking({
                        let releases = Arc::clone(&releases);
                        move || files.add(&releases).map(|()| files)
                    });
                    let (added, rendered) = tokio::join!(public.add(&releases, &permalinks), rendered);
                    added?;
                    files = rendered.map_err(|error| failed(folder, &error.to_string()))??;
                }
                PublicPart::End => {
                    public.finish().await?;
                    return finish(kit, head, files, folder).await.map(Some);
                }
            }
        }
        // The store has more to say about why it ended early.
        Ok(None)
    };
    let (sent, written): (Result<(), StoreError>, Result<Option<Set>>) = tokio::join!(sending, writing);
    // Where both fail, the files are the reason: the store stops because nobody listens.
    let written = written?;
    sent?;
    written.ok_or_else(|| failed(folder, "the archive was not read to its end"))
}

async fn finish(kit: Arc<Kit>, head: PublicHead, files: Files, folder: &Path) -> Result<Set> {
    let to = folder.to_owned();
    let finishing = move || {
        let mut made = files.finish()?;
        made.push(files::look_at(&to, DATABASE, head.releases)?);
        package::write(&to, &kit, &head, &made)
    };
    tokio::task::spawn_blocking(finishing).await.map_err(|error| failed(folder, &error.to_string()))?
}

fn failed(path: &Path, reason: &str) -> IngestError {
    IngestError::Io { path: path.display().to_string(), reason: reason.to_owned() }
}
