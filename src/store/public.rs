//! What is given away of the archive: everything that its pages show, and nothing that they do not. No withdrawn words, none of what the archive
//! knows of its owner.

use std::path::Path;

use super::{Layout, Result, sqlite};
use crate::model::{Given, Topic, Whole};

/// A release with all that is public of it.
#[derive(Clone, Debug)]
pub struct PublicRelease {
    pub whole: Whole,
    /// What its source stated of it in fields of their own.
    pub stated: Given,
    /// The publisher by which it is known, as its source or its document's owner writes it; empty where neither does.
    pub publisher: String,
    /// Where its parts stand in its text.
    pub(crate) layout: Layout,
    /// Versions that a later one has taken the place of, oldest first.
    pub older: Vec<OlderVersion>,
}

impl PublicRelease {
    /// Where the parts of the text stand, as JSON: byte ranges of title, source line, stamp and body.
    ///
    /// # Errors
    /// Never for what a store gives.
    pub fn layout(&self) -> serde_json::Result<serde_json::Value> {
        serde_json::to_value(&self.layout)
    }
}

/// A version as it once was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OlderVersion {
    pub number: u32,
    /// RFC 3339, UTC.
    pub seen_at: String,
    pub title: String,
    pub lang: String,
    pub publisher: String,
    /// EDTF; `None` where nothing was known.
    pub edtf: Option<String>,
    pub original_url: Option<String>,
    /// Lower-case hex SHA-256 of `text`.
    pub sha256: String,
    pub text: String,
}

/// In which state an archive was. An archive that was put back to an earlier state counts its generations from there once more: then the same number
/// stands for another state, which has another mark.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublicState {
    /// The archive's own identifier.
    pub archive_id: String,
    /// The last entry of its change log.
    pub generation: i64,
    /// What that entry says: when, what, and of which release.
    pub mark: String,
}

/// What comes before all releases.
#[derive(Clone, Debug)]
pub struct PublicHead {
    pub state: PublicState,
    /// How many releases follow.
    pub releases: u64,
    /// In the vocabulary's order.
    pub topics: Vec<Topic>,
    pub rights: Vec<Rights>,
}

/// Whose words there are, and under which terms they may be used as far as the archive knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rights {
    pub slug: String,
    pub publisher: String,
    /// As the owner of the archive states it of the documents.
    pub licence: Option<String>,
    pub releases: u64,
}

/// The public archive on its way, part by part, as of one moment.
#[derive(Clone, Debug)]
pub enum PublicPart {
    Head(PublicHead),
    /// In the order of all lists.
    Releases(Vec<PublicRelease>),
    /// All of it has come.
    End,
}

/// A database for whoever takes the archive away: its tables say what they hold, and are none of the archive's own.
pub struct PublicDatabase(sqlite::PublicWriter);

impl PublicDatabase {
    /// A new file. `about` are facts beside those of the head, as name and value.
    ///
    /// # Errors
    /// Where there is such a file, or the disk refuses it.
    pub async fn create(path: &Path, head: &PublicHead, about: &[(&str, String)]) -> Result<Self> {
        Ok(Self(sqlite::PublicWriter::create(path, head, about).await?))
    }

    /// Releases, with the address of each.
    pub async fn add(&mut self, releases: &[PublicRelease], permalinks: &[String]) -> Result<()> {
        self.0.add(releases, permalinks).await
    }

    /// Brings the file to its form.
    pub async fn finish(self) -> Result<()> {
        self.0.finish().await
    }
}
