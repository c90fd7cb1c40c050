//! Where sets stand: a folder each, named for its generation, the last two kept.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::package::{self, Set, SetFile};
use super::{Result, failed};
use crate::ingest::place::sync_folder;

/// Sets that are kept: a reader in the middle of one can finish it when the next has come.
const KEPT: usize = 2;

/// Beginnings of names of folders that are no sets: on their way, or on their way out.
const PART: &str = ".part-";
const OLD: &str = ".old-";

/// The sets of an archive.
#[derive(Clone, Debug)]
pub struct Shelf {
    folder: PathBuf,
}

impl Shelf {
    pub fn of(data_dir: &Path) -> Self {
        Self { folder: data_dir.join("public") }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The sets that can be read, the newest first.
    pub fn sets(&self) -> Vec<Set> {
        self.standing().unwrap_or_default().into_iter().filter_map(|(_, set)| set).collect()
    }

    /// Folders that are named for a generation, the newest first, each with its set where it can be read.
    ///
    /// # Errors
    /// Where the disk cannot be read.
    pub(super) fn standing(&self) -> Result<Vec<(i64, Option<Set>)>> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed(&self.folder, &error.to_string())),
        };
        let generations = entries.filter_map(|entry| generation(entry.ok()?.file_name().to_str()?));
        let mut standing: Vec<(i64, Option<Set>)> = generations
            .map(|generation| (generation, package::read(&self.place(generation)).filter(|set| set.generation == generation)))
            .collect();
        standing.sort_by_key(|(generation, _)| std::cmp::Reverse(*generation));
        Ok(standing)
    }

    /// Takes all sets away.
    ///
    /// # Errors
    /// Where the disk refuses it.
    pub fn clear(&self) -> Result<()> {
        self.standing()?.into_iter().try_for_each(|(generation, _)| self.discard(generation))
    }

    fn place(&self, generation: i64) -> PathBuf {
        self.folder.join(generation.to_string())
    }

    /// A file of a set, by name; `None` where no set of that generation has such a file. Only names that a set's descriptor lists are ever opened.
    ///
    /// # Errors
    /// Where the disk cannot be read.
    pub fn open(&self, generation: i64, name: &str) -> io::Result<Option<(Set, SetFile, DumpFile)>> {
        let folder = self.place(generation);
        let Some(set) = package::read(&folder) else { return Ok(None) };
        let Some(file) = set.files.iter().find(|file| file.name == name).cloned() else { return Ok(None) };
        // What a descriptor lists stands beside it.
        if file.name.contains(['/', '\\']) || file.name.starts_with('.') {
            return Ok(None);
        }
        match File::open(folder.join(&file.name)) {
            Ok(opened) => Ok(Some((set, file, DumpFile(Mutex::new(opened))))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// An empty folder for a set on its way. Whatever an earlier run left is taken away.
    pub(super) fn part(&self) -> Result<PathBuf> {
        fs::create_dir_all(&self.folder).map_err(|error| failed(&self.folder, &error.to_string()))?;
        self.sweep(&[PART, OLD]);
        let part = self.folder.join(format!("{PART}{}", std::process::id()));
        fs::create_dir(&part).map_err(|error| failed(&part, &error.to_string()))?;
        Ok(part)
    }

    /// Takes away what was interrupted while it was taken away.
    pub(super) fn sweep_old(&self) {
        self.sweep(&[OLD]);
    }

    fn sweep(&self, beginnings: &[&str]) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        for entry in entries.flatten() {
            if entry.file_name().to_str().is_some_and(|name| beginnings.iter().any(|beginning| name.starts_with(beginning))) {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }

    /// Puts a finished set among the others, and takes away those that are too many.
    pub(super) fn put(&self, part: &Path, set: &Set) -> Result<()> {
        place(part, &self.place(set.generation), true)?;
        for old in self.sets().iter().skip(KEPT) {
            self.discard(old.generation)?;
        }
        Ok(())
    }

    /// Takes a set away, under a name by which nobody can ask for it before anything of it goes.
    ///
    /// # Errors
    /// Where it is still there, or something of it is.
    pub(super) fn discard(&self, generation: i64) -> Result<()> {
        // A name of its own each time: nothing that was left behind is in its way.
        static COUNT: AtomicU64 = AtomicU64::new(1);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let (place, old) = (self.place(generation), self.folder.join(format!("{OLD}{generation}-{}-{count}", std::process::id())));
        // Whoever else takes it away, it is gone.
        gone(fs::rename(&place, &old)).map_err(|error| failed(&place, &error.to_string()))?;
        gone(fs::remove_dir_all(&old)).map_err(|error| failed(&old, &error.to_string()))
    }
}

fn gone(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Gives a finished folder its name. One that has it already is only replaced where `force` says so.
///
/// # Errors
/// Where the name is taken, or the disk refuses it.
pub fn place(part: &Path, to: &Path, force: bool) -> Result<()> {
    let told = |error: io::Error| failed(to, &error.to_string());
    let name = to.file_name().and_then(|name| name.to_str()).ok_or_else(|| failed(to, "it is no name of a folder"))?;
    sync_folder(&part.join("."))?;
    let old = to.with_file_name(format!("{OLD}{name}-{}", std::process::id()));
    let taken = to.symlink_metadata().is_ok();
    if taken && !force {
        return Err(failed(to, "it is there already, and nothing is overwritten without --force"));
    }
    if taken {
        fs::rename(to, &old).map_err(told)?;
    }
    fs::rename(part, to).map_err(told)?;
    if taken {
        let _ = fs::remove_dir_all(&old);
    }
    sync_folder(to)
}

/// The generation that a folder is named for.
fn generation(name: &str) -> Option<i64> {
    name.parse().ok().filter(|generation: &i64| *generation >= 0 && generation.to_string() == name)
}

/// A file of a set, opened: it stays readable when the set is taken away.
#[derive(Debug)]
pub struct DumpFile(Mutex<File>);

impl DumpFile {
    /// So many bytes from a place on.
    ///
    /// # Errors
    /// Where the file is shorter, or cannot be read.
    pub fn read_at(&self, at: u64, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        // Every use seeks first: a poisoned lock holds a file like any other.
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}
