//! A release with everything that was found out about it.

use serde::{Deserialize, Serialize};

use super::{Evidence, Kind, ParsedRelease, PublicationDate, TextDate};

/// A release and its description.
#[derive(Clone, Debug, PartialEq)]
pub struct DescribedRelease {
    pub parsed: ParsedRelease,
    pub description: Description,
}

/// What the words of a release, and its place in its document, say about it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Description {
    pub published: PublicationDate,
    /// Every other date in the text, with its role.
    pub dates: Vec<TextDate>,
    pub kind: Kind,
    /// BCP 47 tag (`en`, `fr`); `und` where the words do not tell.
    pub lang: String,
    /// Most certain first.
    pub topics: Vec<TopicAssignment>,
    /// In order of first appearance.
    pub mentions: Vec<Mention>,
    /// Number of the series that the text prints (`Press Release (2012) 062`), in the publisher's own form.
    pub number: Option<String>,
}

/// A topic that a release is about, and the words that earned it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TopicAssignment {
    pub slug: String,
    /// Sum of the weights of the evidence; comparable within one vocabulary version only.
    pub score: f64,
    /// The words in the release's text as published.
    pub evidence: Vec<Evidence>,
    /// Stated by the source itself rather than found.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stated: bool,
}

/// What sort of thing is mentioned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MentionKind {
    Place,
    Person,
    Organisation,
}

impl MentionKind {
    pub const fn token(self) -> &'static str {
        match self {
            Self::Place => "place",
            Self::Person => "person",
            Self::Organisation => "organisation",
        }
    }
}

/// A place, person or organisation that a release names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mention {
    pub kind: MentionKind,
    /// Permanent word used in addresses.
    pub slug: String,
    /// The name as the gazetteer writes it.
    pub name: String,
    /// For a person: the office held when the release was published, where the gazetteer knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Every place where it is named.
    pub evidence: Vec<Evidence>,
}
