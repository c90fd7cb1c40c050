//! The full-text index: a projection of the database, disposable, versioned, rebuilt at need.
//!
//! Each commit carries the entry of the change log that it reflects, so that catching up, rebuilding and following are one thing.

mod analysis;
mod columns;
mod correct;
mod dictionary;
mod eval;
mod expand;
pub mod grammar;
mod lexicon;
mod marks;
mod ranking;
mod related;
mod schema;
mod search;
mod sentences;
mod snippet;
mod spelling;
mod stop_words;
mod view;
mod writer;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, RwLock};

use serde::{Deserialize, Serialize};
use tantivy::directory::error::{OpenDirectoryError, OpenReadError};
use tantivy::{Index, IndexReader, ReloadPolicy, TantivyError};
use thiserror::Error;
use view::View;

pub use lexicon::Lexicon;
pub use marks::Highlighter;
pub use ranking::Ranking;
pub use related::{About, Related, Shared};
pub use search::{Ask, FacetCount, Hit, SearchResults, Tally};
pub use snippet::{Part, Snippet};
pub use writer::IndexWriter;

/// Counted up whenever schema, analysis or what a field means change: an index of another version is set aside and built anew.
pub const INDEX_VERSION: u32 = 4;

/// What can go wrong with the index.
#[derive(Debug, Error)]
pub enum IndexError {
    #[error("the search index {path} cannot be used: {reason}. Check that you may read and write there and that the disk is not full.")]
    Io { path: PathBuf, reason: String },
    #[error("another program is writing to the search index; try again when it has finished.")]
    Busy,
    #[error("the search took too long and was stopped")]
    TooSlow,
    #[error("the search index answered: {0}")]
    Tantivy(String),
}

pub type Result<T, E = IndexError> = std::result::Result<T, E>;

impl From<TantivyError> for IndexError {
    fn from(error: TantivyError) -> Self {
        match error {
            TantivyError::LockFailure(..) => Self::Busy,
            other => Self::Tantivy(other.to_string()),
        }
    }
}

/// What a commit says about itself.
#[derive(Serialize, Deserialize)]
struct Payload {
    version: u32,
    /// Last entry of the change log that the commit holds.
    generation: i64,
}

/// An open index.
pub struct SearchIndex {
    index: Index,
    reader: IndexReader,
    fields: schema::Fields,
    generation: AtomicI64,
    ranking: Ranking,
    view: RwLock<Arc<View>>,
}

/// How an index was opened.
pub struct Opened {
    pub index: SearchIndex,
    /// Set where an unusable index was moved out of the way: where to.
    pub set_aside: Option<PathBuf>,
}

impl SearchIndex {
    /// Opens the index in `folder`, or makes an empty one. One that is damaged or of another version is moved aside first; one that cannot
    /// be reached (a lock, a permission, a disk error) never is.
    ///
    /// # Errors
    /// [`IndexError::Io`] where the folder cannot be used.
    pub fn open(folder: &Path) -> Result<Opened> {
        match Self::open_existing(folder) {
            Ok(Some(index)) => Ok(Opened { index, set_aside: None }),
            Ok(None) => Ok(Opened { index: Self::create(folder)?, set_aside: None }),
            Err(Unusable::Damaged(_)) => {
                let aside = free_name(folder);
                std::fs::rename(folder, &aside).map_err(|error| io(folder, &error))?;
                Ok(Opened { index: Self::create(folder)?, set_aside: Some(aside) })
            }
            Err(Unusable::Unreachable(reason)) => Err(IndexError::Io { path: folder.to_owned(), reason }),
        }
    }

    fn open_existing(folder: &Path) -> Result<Option<Self>, Unusable> {
        match folder.join("meta.json").try_exists() {
            Ok(true) => {}
            Ok(false) => return Ok(None),
            Err(error) => return Err(Unusable::Unreachable(error.to_string())),
        }
        let index = Index::open_in_dir(folder).map_err(unusable)?;
        let payload = payload(&index).map_err(unusable)?;
        let (expected, fields) = schema::schema();
        match payload {
            Some(payload) if payload.version == INDEX_VERSION && index.schema() == expected => {
                Self::with(index, fields, payload.generation).map(Some).map_err(unusable)
            }
            _ => Err(Unusable::Damaged("made by another version".into())),
        }
    }

    /// Made beside its place and then put there whole: two programs may begin an archive at once, and what is half made would pass for damaged.
    fn create(folder: &Path) -> Result<Self> {
        let mut making = folder.as_os_str().to_owned();
        making.push(format!(".making-{}", std::process::id()));
        let making = PathBuf::from(making);
        // Left by a program of the same number that was killed.
        let _ = std::fs::remove_dir_all(&making);
        std::fs::create_dir_all(&making).map_err(|error| io(&making, &error))?;
        let (schema, fields) = schema::schema();
        Self::with(Index::create_in_dir(&making, schema)?, fields, 0)?.writer()?.commit(0)?;
        if std::fs::rename(&making, folder).is_err() {
            if let Ok(Some(others)) = Self::open_existing(folder) {
                let _ = std::fs::remove_dir_all(&making);
                return Ok(others);
            }
            std::fs::rename(folder, free_name(folder)).map_err(|error| io(folder, &error))?;
            std::fs::rename(&making, folder).map_err(|error| io(folder, &error))?;
        }
        match Self::open_existing(folder) {
            Ok(Some(made)) => Ok(made),
            Ok(None) => Err(IndexError::Io { path: folder.to_owned(), reason: "what was made there is gone".into() }),
            Err(Unusable::Damaged(reason) | Unusable::Unreachable(reason)) => Err(IndexError::Io { path: folder.to_owned(), reason }),
        }
    }

    fn with(index: Index, fields: schema::Fields, generation: i64) -> tantivy::Result<Self> {
        analysis::register(&index);
        let reader: IndexReader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let view = RwLock::new(Arc::new(View::new(reader.searcher(), fields.clone())));
        Ok(Self { index, reader, fields, generation: AtomicI64::new(generation), ranking: Ranking::default(), view })
    }

    /// Orders by other constants than the archive's own: for measuring what each of them gives.
    pub fn rank_by(&mut self, ranking: Ranking) {
        self.ranking = ranking;
    }

    /// What searches see now.
    fn view(&self) -> Arc<View> {
        // A poisoned lock still holds a whole view: the value is only ever replaced.
        Arc::clone(&self.view.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Reads what searches need, so that the first of them does not wait for it.
    pub fn warm(&self) -> Result<()> {
        Ok(self.view().warm()?)
    }

    /// The last entry of the change log that a search sees.
    pub fn generation(&self) -> i64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Looks at what is committed, by whichever process; returns whether a search now sees something newer.
    pub fn refresh(&self) -> Result<bool> {
        // Payload first: what the searcher then holds is at least as new as what it is taken for.
        let Some(payload) = payload(&self.index)? else { return Ok(false) };
        if payload.generation == self.generation() && self.reader.searcher().num_docs() > 0 {
            return Ok(false);
        }
        self.take(payload.generation)
    }

    /// Looks at what is committed even where it is of the same generation: after the index was built anew, since what was there before may be damaged.
    pub fn reload(&self) -> Result<bool> {
        payload(&self.index)?.map_or(Ok(false), |payload| self.take(payload.generation))
    }

    fn take(&self, generation: i64) -> Result<bool> {
        self.reader.reload()?;
        let view = View::new(self.reader.searcher(), self.fields.clone());
        // What searches need is read now, so that the first of them does not wait for it.
        view.warm()?;
        *self.view.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(view);
        let before = self.generation.swap(generation, Ordering::AcqRel);
        Ok(before != generation)
    }

    /// How many releases a search sees.
    pub fn len(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Starts writing; one writer at a time, over all processes.
    ///
    /// # Errors
    /// [`IndexError::Busy`] at once while another holds the place.
    pub fn writer(&self) -> Result<IndexWriter> {
        IndexWriter::new(&self.index, self.fields.clone())
    }

    /// Reads every byte of the index against its checksums; the names of damaged files.
    pub fn damaged_files(&self) -> Result<Vec<String>> {
        Ok(self.index.validate_checksum()?.into_iter().map(|path| path.display().to_string()).collect())
    }

    /// The internal numbers of all releases that a search sees, in order; for the check against the database.
    pub fn all_seqs(&self) -> Result<Vec<i64>> {
        let searcher = self.reader.searcher();
        let mut seqs = Vec::with_capacity(searcher.num_docs() as usize);
        for segment in searcher.segment_readers() {
            let column = segment.fast_fields().u64(schema::SEQ)?;
            seqs.extend(segment.doc_ids_alive().filter_map(|doc| column.first(doc)).map(|seq| seq as i64));
        }
        seqs.sort_unstable();
        Ok(seqs)
    }
}

enum Unusable {
    Damaged(#[allow(dead_code)] String),
    Unreachable(String),
}

fn unusable(error: TantivyError) -> Unusable {
    let failed = match &error {
        TantivyError::IoError(inner) => Some(&**inner),
        TantivyError::OpenDirectoryError(OpenDirectoryError::IoError { io_error, .. }) => Some(&**io_error),
        TantivyError::OpenReadError(OpenReadError::IoError { io_error, .. }) => Some(&**io_error),
        TantivyError::LockFailure(..) => return Unusable::Unreachable(error.to_string()),
        _ => None,
    };
    match failed {
        // Read without an error of the system, and not what the library wrote.
        Some(inner) if !matches!(inner.kind(), ErrorKind::InvalidData | ErrorKind::UnexpectedEof) => {
            Unusable::Unreachable(inner.to_string())
        }
        _ => Unusable::Damaged(error.to_string()),
    }
}

fn payload(index: &Index) -> tantivy::Result<Option<Payload>> {
    let metas = index.load_metas()?;
    Ok(metas.payload.as_deref().and_then(|payload| serde_json::from_str(payload).ok()))
}

fn io(path: &Path, error: &std::io::Error) -> IndexError {
    IndexError::Io { path: path.to_owned(), reason: error.to_string() }
}

/// A name beside `folder` that nothing has yet.
fn free_name(folder: &Path) -> PathBuf {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_else(|| "index".into());
    (1..)
        .map(|count: u32| folder.with_file_name(format!("{name}.aside-{count}")))
        .find(|path| !path.exists())
        .unwrap_or_else(|| folder.with_extension("aside"))
}
