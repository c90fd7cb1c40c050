//! What changed from one version of a release to another.

use serde::{Deserialize, Serialize};

/// How much a change matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Substance {
    /// Nothing changed.
    #[default]
    None,
    /// White space, typography or furniture: no word of the release itself, no sign between them.
    Trivial,
    /// A word, a figure, a letter's case, an accent or a punctuation mark; or the stated date.
    Substantive,
}

impl Substance {
    pub const fn token(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Trivial => "trivial",
            Self::Substantive => "substantive",
        }
    }
}

/// A change, counted. `title`, `body` and `date` tell where its substance lies; all three are false where it has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Edit {
    pub title: bool,
    pub body: bool,
    /// The stated publication date.
    pub date: bool,
    pub substance: Substance,
    /// Words of title and body that only the newer version has; a punctuation mark is no word, a moved paragraph is added and removed.
    pub added: u32,
    /// Words that only the older version has.
    pub removed: u32,
    /// Words and marks that are only set otherwise, and words of furniture that came or went; 0 where only white space differs.
    pub trivial: u32,
}

impl Edit {
    /// The same change, read from the newer version to the older.
    pub const fn reversed(self) -> Self {
        Self { added: self.removed, removed: self.added, ..self }
    }
}
