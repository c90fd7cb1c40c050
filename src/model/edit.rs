//! How one version of a release differs from another, in numbers.

use serde::{Deserialize, Serialize};

/// How much a difference matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Substance {
    /// Nothing differs.
    #[default]
    None,
    /// White space, typography or furniture: the words say the same.
    Trivial,
    /// A word, a figure, the title or the stated date.
    Substantive,
}

/// The difference between two versions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// Whether the title's words differ.
    pub title: bool,
    /// Whether the body's words differ.
    pub body: bool,
    /// Whether the stated date of publication differs.
    pub date: bool,
    pub substance: Substance,
    /// Words that only the later version has, and those that only the earlier one had; trivial ones aside.
    pub added: u32,
    pub removed: u32,
    /// Words that differ in typography alone, or belong to furniture.
    pub trivial: u32,
}
