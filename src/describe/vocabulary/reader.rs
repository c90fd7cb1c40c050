//! Reads the two vocabulary files with the line of every entry at hand, so that an owner is told where to look.

use std::fmt;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Longest phrase or name in bytes.
const LONGEST: usize = 200;

/// Why a vocabulary file cannot be used, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct VocabularyError {
    /// `topics.toml` or `gazetteer.toml`.
    pub file: &'static str,
    /// Counted from 1, where known.
    pub line: Option<usize>,
    /// The entry, as its table and its name: `topic "space"`.
    pub entry: Option<String>,
    pub field: Option<String>,
    /// What is wrong, as the end of a sentence.
    pub problem: String,
}

impl fmt::Display for VocabularyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.file)?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if let Some(entry) = &self.entry {
            write!(f, ", {entry}")?;
        }
        if let Some(field) = &self.field {
            write!(f, ", field `{field}`")?;
        }
        write!(f, ": {}", self.problem)
    }
}

/// One of the two files.
#[derive(Clone, Copy)]
pub(super) struct Source<'s> {
    pub file: &'static str,
    pub text: &'s str,
}

impl<'s> Source<'s> {
    fn line(&self, offset: usize) -> usize {
        1 + self.text.as_bytes().iter().take(offset).filter(|&&byte| byte == b'\n').count()
    }

    /// An error about the file as a whole.
    pub fn error(&self, problem: impl Into<String>) -> VocabularyError {
        VocabularyError { file: self.file, line: None, entry: None, field: None, problem: problem.into() }
    }

    /// Every entry of the file, in order. `tables` are the arrays of tables that the file may hold, `keys` its plain fields.
    pub fn entries(&self, tables: &[&str], keys: &[&str]) -> Result<Vec<Entry<'s>>, VocabularyError> {
        let root = DeTable::parse(self.text)
            .map_err(|error| VocabularyError { line: error.span().map(|span| self.line(span.start)), ..self.error(error.message()) })?;
        let mut entries = Vec::new();
        for (key, value) in root.into_inner() {
            let name = key.get_ref().as_ref();
            if keys.contains(&name) {
                continue;
            }
            let line = Some(self.line(key.span().start));
            if !tables.contains(&name) {
                return Err(VocabularyError { line, field: Some(name.to_owned()), ..self.error("no such table or field") });
            }
            let name = name.to_owned();
            let DeValue::Array(items) = value.into_inner() else {
                return Err(VocabularyError {
                    line,
                    field: Some(name.clone()),
                    ..self.error(format!("must be a list of tables, `[[{name}]]`"))
                });
            };
            for item in items {
                entries.push(self.entry(&name, item)?);
            }
        }
        // The parser hands tables over by name; a reader knows them by their place.
        entries.sort_by_key(|entry| entry.offset);
        Ok(entries)
    }

    fn entry(&self, table: &str, item: Spanned<DeValue<'s>>) -> Result<Entry<'s>, VocabularyError> {
        let offset = item.span().start;
        let DeValue::Table(fields) = item.into_inner() else {
            return Err(VocabularyError {
                line: Some(self.line(offset)),
                field: Some(table.to_owned()),
                ..self.error(format!("must be a list of tables, `[[{table}]]`"))
            });
        };
        let named = ["slug", "name", "abbr", "place"].iter().find_map(|key| fields.get(*key)?.get_ref().as_str());
        let label = named.map_or_else(|| table.to_owned(), |name| format!("{table} “{name}”"));
        Ok(Entry { source: *self, table: table.to_owned(), label, offset, fields })
    }
}

/// One table of a list of tables.
pub(super) struct Entry<'s> {
    source: Source<'s>,
    pub table: String,
    label: String,
    offset: usize,
    fields: DeTable<'s>,
}

impl Entry<'_> {
    /// An error about this entry, or about one of its fields.
    pub fn error(&self, field: Option<&str>, problem: impl Into<String>) -> VocabularyError {
        let place = field.and_then(|name| self.fields.get(name)).map_or(self.offset, |value| value.span().start);
        VocabularyError {
            file: self.source.file,
            line: Some(self.source.line(place)),
            entry: Some(self.label.clone()),
            field: field.map(str::to_owned),
            problem: problem.into(),
        }
    }

    /// Refuses every field that is not among `known`.
    pub fn only(&self, known: &[&str]) -> Result<(), VocabularyError> {
        match self.fields.keys().map(|key| key.get_ref().as_ref()).find(|key| !known.contains(key)) {
            Some(key) => {
                let line = self
                    .fields
                    .iter()
                    .find(|(other, _)| other.get_ref().as_ref() == key)
                    .map(|(other, _)| self.source.line(other.span().start));
                Err(VocabularyError { line, field: Some(key.to_owned()), ..self.error(None, "no such field") })
            }
            None => Ok(()),
        }
    }

    /// A text that may be absent, never blank.
    pub fn text(&self, field: &str) -> Result<Option<String>, VocabularyError> {
        let Some(value) = self.fields.get(field) else { return Ok(None) };
        let text = value.get_ref().as_str().ok_or_else(|| self.error(Some(field), "must be a text"))?;
        self.checked(field, text).map(Some)
    }

    /// A text that must be there.
    pub fn required(&self, field: &str) -> Result<String, VocabularyError> {
        self.text(field)?.ok_or_else(|| VocabularyError { field: Some(field.to_owned()), ..self.error(None, "is missing") })
    }

    /// A list of texts; empty where absent.
    pub fn texts(&self, field: &str) -> Result<Vec<String>, VocabularyError> {
        let Some(value) = self.fields.get(field) else { return Ok(Vec::new()) };
        let items = value.get_ref().as_array().ok_or_else(|| self.error(Some(field), "must be a list of texts"))?;
        items
            .iter()
            .map(|item| {
                item.get_ref()
                    .as_str()
                    .ok_or_else(|| self.error(Some(field), "must hold only texts"))
                    .and_then(|text| self.checked(field, text))
            })
            .collect()
    }

    /// A yes or no; no where absent.
    pub fn flag(&self, field: &str) -> Result<bool, VocabularyError> {
        match self.fields.get(field) {
            None => Ok(false),
            Some(value) => value.get_ref().as_bool().ok_or_else(|| self.error(Some(field), "must be true or false")),
        }
    }

    fn checked(&self, field: &str, text: &str) -> Result<String, VocabularyError> {
        let text = text.trim();
        if text.is_empty() {
            Err(self.error(Some(field), "is empty"))
        } else if text.len() > LONGEST && !matches!(field, "scope" | "caution_note" | "note") {
            Err(self.error(Some(field), format!("is longer than {LONGEST} bytes")))
        } else {
            Ok(text.to_owned())
        }
    }
}
