//! Tables of the file with the line of every field at hand. A mistake is noted, and reading goes on.

use std::collections::BTreeSet;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Mistake;

/// The file, and what is wrong with it.
pub(super) struct Source<'s> {
    pub file: &'s str,
    pub text: &'s str,
    pub mistakes: Vec<Mistake>,
}

impl Source<'_> {
    /// The line of a place, counted from 1.
    pub fn line(&self, offset: usize) -> usize {
        1 + self.text.as_bytes().iter().take(offset).filter(|&&byte| byte == b'\n').count()
    }

    pub fn wrong(&mut self, offset: Option<usize>, entry: &str, field: Option<&str>, problem: impl Into<String>) {
        self.mistakes.push(Mistake {
            file: self.file.to_owned(),
            line: offset.map(|offset| self.line(offset)),
            entry: Some(entry.to_owned()).filter(|entry| !entry.is_empty()),
            field: field.map(str::to_owned),
            problem: problem.into(),
        });
    }
}

/// One table. Fields are taken out as they are read; what is left in the end is no field at all.
pub(super) struct Table<'s> {
    /// As mistakes name it: `[mail]`, `alert “Ukraine”`.
    pub label: String,
    pub offset: usize,
    fields: DeTable<'s>,
    asked: BTreeSet<&'static str>,
}

impl<'s> Table<'s> {
    pub fn new(label: impl Into<String>, offset: usize, fields: DeTable<'s>) -> Self {
        Self { label: label.into(), offset, fields, asked: BTreeSet::new() }
    }

    fn take(&mut self, field: &'static str) -> Option<Spanned<DeValue<'s>>> {
        self.asked.insert(field);
        self.fields.remove(field)
    }

    pub fn has(&self, field: &str) -> bool {
        self.fields.contains_key(field)
    }

    /// A mistake in a field that is not there, or in the table.
    pub fn wrong(&self, source: &mut Source<'_>, field: Option<&str>, problem: impl Into<String>) {
        source.wrong(Some(self.offset), &self.label, field, problem);
    }

    /// A text and where it stands. One that is blank is a mistake.
    pub fn text(&mut self, source: &mut Source<'_>, field: &'static str) -> Option<(String, usize)> {
        let value = self.take(field)?;
        let offset = value.span().start;
        match value.get_ref().as_str() {
            Some(text) if !text.trim().is_empty() => return Some((text.trim().to_owned(), offset)),
            Some(_) => source.wrong(Some(offset), &self.label, Some(field), "is empty"),
            None => source.wrong(Some(offset), &self.label, Some(field), "must be a text in quotation marks"),
        }
        None
    }

    /// As [`text`](Self::text), and a blank one is a text.
    pub fn any_text(&mut self, source: &mut Source<'_>, field: &'static str) -> Option<(String, usize)> {
        let value = self.take(field)?;
        let offset = value.span().start;
        let text = value.get_ref().as_str().map(|text| (text.trim().to_owned(), offset));
        if text.is_none() {
            source.wrong(Some(offset), &self.label, Some(field), "must be a text in quotation marks");
        }
        text
    }

    /// One text or a list of them; empty where absent.
    pub fn texts(&mut self, source: &mut Source<'_>, field: &'static str) -> Vec<(String, usize)> {
        let Some(value) = self.take(field) else { return Vec::new() };
        let one = std::slice::from_ref(&value);
        let items = value.get_ref().as_array().map_or(one, |items| &items[..]);
        let mut texts = Vec::new();
        for item in items {
            match item.get_ref().as_str() {
                Some(text) => texts.push((text.trim().to_owned(), item.span().start)),
                None => {
                    source.wrong(Some(item.span().start), &self.label, Some(field), "must be a text in quotation marks, or a list of them")
                }
            }
        }
        texts
    }

    pub fn flag(&mut self, source: &mut Source<'_>, field: &'static str, otherwise: bool) -> bool {
        let Some(value) = self.take(field) else { return otherwise };
        value.get_ref().as_bool().unwrap_or_else(|| {
            source.wrong(Some(value.span().start), &self.label, Some(field), "must be true or false");
            otherwise
        })
    }

    pub fn port(&mut self, source: &mut Source<'_>, field: &'static str) -> Option<u16> {
        let value = self.take(field)?;
        let port = value.get_ref().as_integer().and_then(|number| number.to_string().parse().ok()).filter(|port| *port > 0);
        if port.is_none() {
            source.wrong(Some(value.span().start), &self.label, Some(field), "must be a number from 1 to 65535");
        }
        port
    }

    pub fn table(&mut self, source: &mut Source<'_>, field: &'static str) -> Option<Table<'s>> {
        let value = self.take(field)?;
        let offset = value.span().start;
        let DeValue::Table(fields) = value.into_inner() else {
            source.wrong(Some(offset), &self.label, Some(field), format!("must be a table, [{field}]"));
            return None;
        };
        Some(Table::new(format!("[{field}]"), offset, fields))
    }

    pub fn tables(&mut self, source: &mut Source<'_>, field: &'static str) -> Vec<Table<'s>> {
        let Some(value) = self.take(field) else { return Vec::new() };
        let offset = value.span().start;
        let problem = format!("must be tables, each under a line [[{field}]]");
        let DeValue::Array(items) = value.into_inner() else {
            source.wrong(Some(offset), &self.label, Some(field), problem);
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in items {
            let offset = item.span().start;
            match item.into_inner() {
                DeValue::Table(fields) => tables.push(Table::new(format!("[[{field}]]"), offset, fields)),
                _ => source.wrong(Some(offset), &self.label, Some(field), problem.clone()),
            }
        }
        tables
    }

    /// Names every field that nothing was read from.
    pub fn nothing_else(self, source: &mut Source<'_>) {
        for key in self.fields.keys() {
            let known: Vec<&str> = self.asked.iter().copied().collect();
            let problem = format!("is no field here; there are {}", known.join(", "));
            source.wrong(Some(key.span().start), &self.label, Some(key.get_ref()), problem);
        }
    }
}
