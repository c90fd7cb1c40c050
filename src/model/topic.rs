//! The topics that a release can be about. The list itself is data: `seeds/topics.toml`, or the owner's own.

use serde::{Deserialize, Serialize};

/// One topic of the vocabulary, as written in the vocabulary file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Topic {
    /// Permanent word used in addresses.
    pub slug: String,
    pub label: String,
    pub label_fr: String,
    /// The slug of the topic that this one is a part of.
    pub broader: Option<String>,
    pub related: Vec<String>,
    /// One sentence: what belongs here.
    pub scope: String,
    /// Phrases that speak for the topic in English and in French texts.
    pub en: Vec<String>,
    pub fr: Vec<String>,
    /// Phrases that count only beside another phrase of the same topic.
    pub weak_en: Vec<String>,
    pub weak_fr: Vec<String>,
    /// Advice for whoever keeps the list.
    pub caution_note: Option<String>,
}
