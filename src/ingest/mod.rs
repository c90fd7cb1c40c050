//! The only place that moves both database and index, database first: loading, describing again, catching up, checking.

pub mod alerts;
pub mod backup;
pub mod check;
mod clock;
pub mod describe;
pub mod dumps;
mod hashed;
mod likeness;
pub mod load;
pub mod lock;
pub mod matching;
mod owner;
pub mod place;
pub mod poll;
mod recognise;
pub mod report;
mod serving;
mod source;
mod stream;
pub mod sync;
pub mod whole;

use thiserror::Error;

use crate::describe::VocabularyError;
use crate::fetch::FetchError;
use crate::import::ImportError;
use crate::index::IndexError;
use crate::store::StoreError;

pub use clock::Clock;
pub use load::Loader;
pub use lock::WriterLock;
pub use owner::Owner;
pub use report::{Progress, Quiet, Report};
pub use serving::ServingLock;
pub use source::{Source, expand};

/// What stops an ingest command.
#[derive(Debug, Error)]
pub enum IngestError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Index(#[from] IndexError),
    #[error(transparent)]
    Import(#[from] ImportError),
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error(transparent)]
    Vocabulary(#[from] VocabularyError),
    #[error("{path}: {reason}")]
    Io { path: String, reason: String },
    /// What the owner asked for and cannot be done; a sentence without its full stop.
    #[error("{0}.")]
    Refused(String),
    #[error("another command is writing to this archive: {0}. Try again when it has finished.")]
    Locked(String),
    #[error("a server is using this archive. Stop it, and run the command again.")]
    Served,
}

pub type Result<T, E = IngestError> = std::result::Result<T, E>;

/// The vocabularies that travel inside the program.
pub const BUILTIN_TOPICS: &str = include_str!("../../seeds/topics.toml");
pub const BUILTIN_GAZETTEER: &str = include_str!("../../seeds/gazetteer.toml");
