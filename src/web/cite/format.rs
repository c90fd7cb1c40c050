//! The forms that programs read: BibTeX, RIS, CSL-JSON.

use super::{Reference, bib, csl, ris};

/// A form of references. A list of any length is `open`, records with `between` between them, `close`: nothing needs to be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// BibTeX, with the fields of BibLaTeX beside.
    Bib,
    /// RIS, as Reference Manager wrote it and every reference manager reads it.
    Ris,
    /// CSL-JSON 1.0.
    Csl,
}

impl Format {
    pub const ALL: [Self; 3] = [Self::Bib, Self::Ris, Self::Csl];

    /// Of the extension in an address, without its first dot.
    pub fn from_extension(extension: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.extension() == extension)
    }

    pub const fn extension(self) -> &'static str {
        match self {
            Self::Bib => "bib",
            Self::Ris => "ris",
            Self::Csl => "csl.json",
        }
    }

    /// What a person calls it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Bib => "BibTeX",
            Self::Ris => "RIS",
            Self::Csl => "CSL-JSON",
        }
    }

    /// With the character set where the type does not say it.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Bib => "application/x-bibtex; charset=utf-8",
            Self::Ris => "application/x-research-info-systems; charset=utf-8",
            Self::Csl => "application/vnd.citationstyles.csl+json",
        }
    }

    /// One reference.
    pub fn record(self, reference: &Reference) -> String {
        match self {
            Self::Bib => bib::record(reference),
            Self::Ris => ris::record(reference),
            Self::Csl => csl::record(reference),
        }
    }

    /// What a list begins with.
    pub const fn open(self) -> &'static str {
        if matches!(self, Self::Csl) { "[\n" } else { "" }
    }

    /// What stands between two records.
    pub const fn between(self) -> &'static str {
        match self {
            Self::Bib => "\n",
            Self::Ris => "\r\n",
            Self::Csl => ",\n",
        }
    }

    /// What a list ends with.
    pub const fn close(self) -> &'static str {
        if matches!(self, Self::Csl) { "\n]\n" } else { "" }
    }

    /// A list of references that are there already.
    pub fn list<'a>(self, references: impl IntoIterator<Item = &'a Reference>) -> String {
        let records: Vec<String> = references.into_iter().map(|reference| self.record(reference)).collect();
        format!("{}{}{}", self.open(), records.join(self.between()), self.close())
    }
}
