//! Telling people and programs of what is new in a search: what an owner's file asks for, found when the archive grows, sent until it arrives.
//!
//! Two steps, each of which can be cut short anywhere. *Looking* finds what a search has that it had not, and puts one message for each address into
//! the store, in the transaction that moves the alert's place in the logs: nothing is found twice, nothing is passed over. *Sending* hands out
//! what waits, and notes what was taken: what was taken and not noted is sent again, under the same id.
//!
//! An alert's place is an entry of the log that an index follows, not a release's number: the index says up to which entry it holds everything,
//! so that what a running import has stored and not indexed yet is still to come.

pub mod engine;
mod lanes;
mod look;
mod schedule;
mod send;
pub mod settings;
pub mod sign;
mod turn;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};

use crate::model::EventKind;
use crate::store::AlertBatch;

pub use engine::{Alerts, Surroundings};
pub use look::{dropped_words, is_stopped};
pub use settings::{Alert, Environment, Mistake, Settings};

/// How a search is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchRead {
    /// The parameters of its address, in their one order.
    pub query: String,
    /// The whole address.
    pub url: String,
    /// In words.
    pub read_as: String,
    /// What the archive makes nothing of; a sentence each.
    pub notes: Vec<String>,
}

/// What a message tells of: an alert, and what was found for it.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    pub alert: &'a Alert,
    pub batch: &'a AlertBatch,
    /// By which a program knows it: `alert_batch`.
    pub id: &'a str,
    /// Whether it is only to be seen that messages arrive.
    pub is_test: bool,
}

/// What of an alert's work needs the archive as readers see it. Errors are sentences.
#[async_trait]
pub trait Reader: Send + Sync {
    /// Takes notice of what was written; the log entry up to which searches see everything.
    async fn seen(&self) -> Result<i64, String>;
    /// Reads a search as an owner writes it.
    ///
    /// # Errors
    /// What is wrong with it, as the end of a sentence.
    fn read(&self, search: &str, today: NaiveDate) -> Result<SearchRead, String>;
    /// Which of these releases a search finds, newest first.
    async fn among(&self, search: &str, seqs: &[i64], today: NaiveDate) -> Result<Vec<i64>, String>;
    /// Every release that a search finds, newest first.
    async fn all(&self, search: &str, today: NaiveDate) -> Result<Vec<i64>, String>;
    /// A message for a person; `None` where nothing of what it was to tell is shown any more.
    async fn letter(&self, told: Told<'_>, today: NaiveDate) -> Result<Option<crate::fetch::mail::Letter>, String>;
    /// The same for a program, as JSON.
    async fn payload(&self, told: Told<'_>, today: NaiveDate) -> Result<Option<Vec<u8>>, String>;
}

/// Something that whoever runs the archive should hear of; a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub well: bool,
    /// Whether it is more than what happens every day.
    pub notable: bool,
    pub words: String,
}

impl Notice {
    fn good(words: impl Into<String>) -> Self {
        Self { well: true, notable: false, words: words.into() }
    }

    fn notable(words: impl Into<String>) -> Self {
        Self { well: true, notable: true, words: words.into() }
    }

    fn bad(words: impl Into<String>) -> Self {
        Self { well: false, notable: true, words: words.into() }
    }
}

/// Whether an entry of the public log tells of other words or of a release that is no longer shown, or is shown again.
pub const fn is_told(what: EventKind) -> bool {
    matches!(what, EventKind::Edited | EventKind::Corrected | EventKind::Withdrawn | EventKind::Erased | EventKind::Reinstated)
}

/// The time, asked for whenever it is needed: given from outside, so that tests need not wait.
pub type Now = std::sync::Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;
