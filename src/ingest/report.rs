//! What a load did, and how it tells while it runs.

use std::collections::BTreeMap;

use crate::import::ImportError;
use crate::model::{Decision, Outcome};

/// Sum of a load.
#[derive(Debug, Default)]
pub struct Report {
    pub documents: u64,
    pub new: u64,
    pub changed: u64,
    pub unchanged: u64,
    /// The same release as another source carries it.
    pub mirror: u64,
    pub refused: u64,
    /// The first of what was refused, each with file, line and reason.
    pub refusals: Vec<ImportError>,
    /// Fields that NDJSON objects had and nobody asked for: name, how often.
    pub unknown_fields: BTreeMap<String, u64>,
    /// Topics that objects stated and the archive's vocabulary does not have: slug, how often. The first of them by name.
    pub unknown_topics: BTreeMap<String, u64>,
    /// Whether something is left to load, because the load was stopped.
    pub unfinished: bool,
    /// Files in folders that are no documents.
    pub passed_over: Vec<String>,
}

/// So many refusals are kept with their words; the rest is counted.
pub const KEPT_REFUSALS: usize = 1_000;

/// So many different topics that nobody knows are named; a file with more of them has a vocabulary of its own.
pub const KEPT_TOPICS: usize = 100;

impl Report {
    pub fn count(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::New => self.new += 1,
            Outcome::Changed => self.changed += 1,
            Outcome::Unchanged => self.unchanged += 1,
            Outcome::Mirror => self.mirror += 1,
        }
    }

    /// A topic that was stated and is not known, and so not kept.
    pub fn unknown_topic(&mut self, slug: &str) {
        if self.unknown_topics.len() < KEPT_TOPICS || self.unknown_topics.contains_key(slug) {
            *self.unknown_topics.entry(slug.to_owned()).or_default() += 1;
        }
    }

    pub fn refuse(&mut self, error: ImportError) {
        self.refused += 1;
        if self.refusals.len() < KEPT_REFUSALS {
            self.refusals.push(error);
        }
    }

    /// Releases that were dealt with.
    pub const fn releases(&self) -> u64 {
        self.new + self.changed + self.unchanged + self.mirror
    }

    /// "23 new, 0 changed, 0 unchanged, 0 mirrors, 0 refused"
    pub fn counts(&self) -> String {
        let Self { new, changed, unchanged, mirror, refused, .. } = self;
        let mirrors = if *mirror == 1 { "mirror" } else { "mirrors" };
        format!("{new} new, {changed} changed, {unchanged} unchanged, {mirror} {mirrors}, {refused} refused")
    }

    /// "3 documents: 23 new, 0 changed, 0 unchanged, 0 mirrors, 0 refused"
    pub fn summary(&self) -> String {
        let documents = if self.documents == 1 { "1 document".to_owned() } else { format!("{} documents", self.documents) };
        format!("{documents}: {}", self.counts())
    }
}

/// Told how a load goes on. Calls come from one thread.
pub trait Progress: Send {
    /// All that is to be read, in bytes as they are stored, packed or not, once that is known.
    fn start(&mut self, _bytes: u64) {}
    /// So many of these bytes more have been dealt with; the sums so far.
    fn advance(&mut self, _bytes: u64, _report: &Report) {}
    /// Something was refused.
    fn refused(&mut self, _error: &ImportError) {}
    /// Whether [`decided`](Self::decided) is listened to: telling costs something.
    fn tells_each(&self) -> bool {
        false
    }
    /// What was decided about a text: its document, its title, and why.
    fn decided(&mut self, _document: &str, _title: &str, _decision: &Decision) {}
    /// A later part of the work: a word for people.
    fn phase(&mut self, _what: &str) {}
    /// Whether to stop at the next consistent point.
    fn stop(&self) -> bool {
        false
    }
}

/// Tells nobody.
pub struct Quiet;
impl Progress for Quiet {}
