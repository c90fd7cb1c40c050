//! What can be wrong with a file, said so that its owner can put it right.

use std::fmt;

/// Why a file, or one line of it, was not loaded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ImportError {
    /// The file as it was named to the importer.
    pub file: String,
    /// The line, counted from 1, where the reason lies in one.
    pub line: Option<u64>,
    /// The field of a structured source or of a sidecar, where the reason lies in one.
    pub field: Option<String>,
    /// Why, in words that stand alone, without a full stop at the end.
    pub reason: String,
    /// What to do next, without a full stop at the end.
    pub advice: Option<String>,
}

impl ImportError {
    pub(super) fn new(file: &str, reason: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: None, field: None, reason: reason.into(), advice: None }
    }

    pub(super) fn at_line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    pub(super) fn in_field(mut self, field: &str) -> Self {
        self.field = Some(shown(field));
        self
    }

    pub(super) fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }
}

impl fmt::Display for ImportError {
    /// `FILE, line N: reason. Advice.`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shown_whole(&self.file))?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        write!(f, ": {}.", self.reason)?;
        match &self.advice {
            Some(advice) => write!(f, " {advice}."),
            None => Ok(()),
        }
    }
}

/// How much of a foreign value an error repeats, in characters.
const SHOWN: usize = 80;

/// A foreign value as an error may repeat it: short, on one line, without characters that steer a terminal or turn the
/// direction of writing.
pub(super) fn shown(value: &str) -> String {
    let mut out = shown_whole(&value.chars().take(SHOWN).collect::<String>());
    if value.chars().nth(SHOWN).is_some() {
        out.push('…');
    }
    out
}

/// Like [`shown`], at full length.
pub(super) fn shown_whole(value: &str) -> String {
    value.chars().map(|c| if c.is_control() || steers(c) { '\u{fffd}' } else { c }).collect()
}

/// Line and paragraph separators, and the marks, embeddings, overrides and isolates of the Unicode bidirectional algorithm (UAX 9).
pub(super) fn steers(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
