//! NDJSON: one release a line, streamed, so that a file of any size needs no more memory than its longest line.
//!
//! A line of an archive that was given away whole is read too, to the letter (see [`own`]).
//!
//! A line that cannot be loaded is an item of its own, with its number and reason; the lines after it are read.

mod own;

use std::collections::BTreeMap;
use std::fmt;
use std::io::{BufRead, ErrorKind};

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

use super::error::{ImportError, shown, shown_whole};
use super::lines::trimmed;
use super::{MAX_LINE, blocks_of, fields, sha256_hex};
use crate::model::{Given, ParsedRelease, Span};

/// The fields that are read; any other is kept out and counted.
const FIELDS: [&str; 9] = ["key", "title", "body", "published_on", "source", "kind", "lang", "url", "topics"];

/// How many different unknown fields are counted by name; those after them are counted together, under [`OTHERS`].
const MAX_UNKNOWN: usize = 1000;

/// The name under which unknown fields are counted once there are more of them than a person would read.
pub const OTHERS: &str = "(others)";

/// A line buffer that grew beyond this is given back after its line, in bytes.
const KEEP_BUFFER: usize = 1024 * 1024;

/// Reads releases line by line. Items are in file order; blank lines are passed over. An I/O error is the last item.
#[derive(Debug)]
pub struct NdjsonReader<R: BufRead> {
    file: String,
    reader: R,
    buffer: Vec<u8>,
    /// Number of the line that was read last, from 1.
    line: u64,
    /// Byte offset of the next line in the file.
    offset: usize,
    position: u32,
    unknown: BTreeMap<String, u64>,
    ended: bool,
}

/// A line as it was taken from the reader.
struct RawLine {
    /// Byte offset in the file.
    start: usize,
    /// Length in bytes, without the line break.
    length: usize,
}

impl<R: BufRead> NdjsonReader<R> {
    /// `file` is only named in errors.
    pub fn new(file: &str, reader: R) -> Self {
        let (buffer, unknown) = (Vec::new(), BTreeMap::new());
        Self { file: file.to_owned(), reader, buffer, line: 0, offset: 0, position: 0, unknown, ended: false }
    }

    /// Fields that were met and kept out, with how often, in every line so far that was a JSON object.
    pub fn unknown_fields(&self) -> &BTreeMap<String, u64> {
        &self.unknown
    }

    /// Takes one line into the buffer. Of a line that is too long, only its length is kept.
    fn take_line(&mut self) -> std::io::Result<Option<RawLine>> {
        self.buffer.clear();
        self.buffer.shrink_to(KEEP_BUFFER);
        let start = self.offset;
        let mut length = 0usize;
        let mut ended = false;
        while !ended {
            let chunk = match self.reader.fill_buf() {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                other => other?,
            };
            if chunk.is_empty() {
                break;
            }
            let newline = chunk.iter().position(|byte| *byte == b'\n');
            let piece = chunk.get(..newline.unwrap_or(chunk.len())).unwrap_or(chunk);
            length += piece.len();
            // One byte more than the bound, so that a carriage return at the end can still be taken off.
            if length <= MAX_LINE + 1 {
                self.buffer.extend_from_slice(piece);
            } else {
                self.buffer = Vec::new();
            }
            let used = piece.len() + usize::from(newline.is_some());
            ended = newline.is_some();
            self.reader.consume(used);
            self.offset += used;
        }
        if length == 0 && !ended {
            return Ok(None);
        }
        self.line += 1;
        Ok(Some(self.without_ends(RawLine { start, length })))
    }

    /// Takes off the carriage return and, from the first line, the byte-order mark.
    fn without_ends(&mut self, mut raw: RawLine) -> RawLine {
        if self.buffer.last() == Some(&b'\r') {
            self.buffer.pop();
            raw.length -= 1;
        }
        if raw.start == 0 && self.buffer.starts_with("\u{feff}".as_bytes()) {
            self.buffer.drain(..3);
            raw = RawLine { start: 3, length: raw.length - 3 };
        }
        raw
    }

    fn release(&mut self, raw: &RawLine) -> Result<ParsedRelease, ImportError> {
        let here = |reason: String| ImportError::new(&self.file, reason).at_line(self.line);
        if raw.length > MAX_LINE {
            let reason = format!("the line holds {} bytes, more than the {MAX_LINE} that a line may", raw.length);
            return Err(here(reason).advise("Split the release, or check that the file has one object a line"));
        }
        let line = std::str::from_utf8(&self.buffer).map_err(|error| {
            let reason = format!("byte {} of the line is not valid UTF-8", error.valid_up_to());
            here(reason).advise("Save the file as UTF-8")
        })?;
        let object: Object = serde_json::from_str(line).map_err(|error| here(wrong_json(&error)).advise("Write one JSON object a line"))?;
        let at = Span::new(raw.start, raw.start + raw.length);
        let release = build(object.known, at, self.position).map_err(|(field, reason)| {
            let reason = format!("“{field}” {reason}");
            ImportError { line: Some(self.line), ..ImportError::new(&self.file, reason).in_field(field) }
        });
        for (name, times) in object.unknown {
            count(&mut self.unknown, name, times);
        }
        let release = release?;
        self.position = self.position.saturating_add(1);
        Ok(release)
    }
}

impl<R: BufRead> Iterator for NdjsonReader<R> {
    type Item = Result<ParsedRelease, ImportError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            match self.take_line() {
                Ok(None) => self.ended = true,
                Ok(Some(raw)) if raw.length <= MAX_LINE && self.buffer.trim_ascii().is_empty() => {}
                Ok(Some(raw)) => return Some(self.release(&raw)),
                Err(error) => {
                    self.ended = true;
                    let reason = format!("the file could not be read on: {}", shown_whole(&error.to_string()));
                    let error = ImportError::new(&self.file, reason).at_line(self.line + 1);
                    return Some(Err(error.advise("Lines before this one were read; load the file again when it can be read whole")));
                }
            }
        }
        None
    }
}

impl<R: BufRead> std::iter::FusedIterator for NdjsonReader<R> {}

fn wrong_json(error: &serde_json::Error) -> String {
    let told = error.to_string();
    let told = told.split(" at line 1 column").next().unwrap_or(&told);
    let place = if error.column() > 0 { format!(" (near byte {})", error.column()) } else { String::new() };
    format!("the line is no JSON object of a release: {}{place}", shown(told))
}

fn count(counts: &mut BTreeMap<String, u64>, name: String, times: u64) {
    let full = counts.len() >= MAX_UNKNOWN && !counts.contains_key(&name);
    let counted = counts.entry(if full { OTHERS.to_owned() } else { name }).or_default();
    *counted = counted.saturating_add(times);
}

/// One line's object: the fields that are read, and the others' names with how often each stands there.
#[derive(Default)]
struct Object {
    known: BTreeMap<&'static str, Value>,
    unknown: BTreeMap<String, u64>,
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor)
    }
}

struct ObjectVisitor;

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = Object;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
        let mut object = Object::default();
        while let Some(name) = map.next_key::<String>()? {
            let Some(field) = FIELDS.into_iter().chain(own::FIELDS).find(|field| *field == name) else {
                map.next_value::<IgnoredAny>()?;
                count(&mut object.unknown, shown(&name), 1);
                continue;
            };
            // Two values for one field leave open which is meant.
            if object.known.insert(field, map.next_value()?).is_some() && FIELDS.contains(&field) {
                return Err(A::Error::custom(format_args!("the field “{field}” stands there twice")));
            }
        }
        if !own::is_own(&object.known) {
            for field in own::FIELDS {
                if object.known.remove(field).is_some() {
                    count(&mut object.unknown, field.to_owned(), 1);
                }
            }
        }
        Ok(object)
    }
}

/// A field and what is wrong with it, in words that follow its name.
type Wrong = (&'static str, String);

fn build(mut known: BTreeMap<&'static str, Value>, at: Span, position: u32) -> Result<ParsedRelease, Wrong> {
    if own::is_own(&known) {
        return own::build(known, at, position);
    }
    let title = needed(&mut known, "title")?;
    let body = needed(&mut known, "body")?;
    let source = optional(&mut known, "source", fields::name)?;
    let given = Given {
        key: optional(&mut known, "key", fields::name)?,
        published_on: optional(&mut known, "published_on", fields::date)?,
        listed_on: None,
        kind: optional(&mut known, "kind", fields::kind)?,
        lang: optional(&mut known, "lang", fields::language)?,
        url: optional(&mut known, "url", fields::address)?,
        topics: topics(known.remove("topics"))?,
        teaser: false,
        stood_at: None,
    };
    let text = format!("{title}\n\n{body}");
    let body = trimmed(&text, Span::new(title.len() + 2, text.len()));
    Ok(ParsedRelease {
        position,
        at,
        sha256: sha256_hex(text.as_bytes()),
        title: trimmed(&text, Span::new(0, title.len())),
        source_line: None,
        source,
        stamp: None,
        blocks: blocks_of(&text, body),
        body,
        text,
        given,
    })
}

fn needed(known: &mut BTreeMap<&'static str, Value>, field: &'static str) -> Result<String, Wrong> {
    match known.remove(field) {
        None | Some(Value::Null) => Err((field, "is missing".into())),
        Some(value) => {
            text(value).and_then(|text| if text.trim().is_empty() { Err("is empty".into()) } else { Ok(text) }).map_err(|why| (field, why))
        }
    }
}

fn optional<T>(
    known: &mut BTreeMap<&'static str, Value>,
    field: &'static str,
    rule: impl Fn(&str) -> Result<T, String>,
) -> Result<Option<T>, Wrong> {
    match known.remove(field) {
        None | Some(Value::Null) => Ok(None),
        // Many exporters write what they do not know as an empty string.
        Some(Value::String(blank)) if blank.trim().is_empty() => Ok(None),
        Some(value) => text(value).and_then(|text| rule(&text)).map(Some).map_err(|why| (field, why)),
    }
}

fn topics(value: Option<Value>) -> Result<Vec<String>, Wrong> {
    let slugs = match value {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(slugs)) => slugs,
        Some(other) => return Err(("topics", format!("must be a list of slugs, not {}", type_of(&other)))),
    };
    let mut topics: Vec<String> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for slug in slugs {
        let slug = text(slug).and_then(|slug| fields::slug(&slug)).map_err(|why| ("topics", why))?;
        if seen.insert(slug.clone()) {
            topics.push(slug);
        }
    }
    Ok(topics)
}

fn text(value: Value) -> Result<String, String> {
    match value {
        Value::String(text) if text.contains('\0') => Err("holds a NUL character".into()),
        Value::String(text) => Ok(text),
        other => Err(format!("must be text, not {}", type_of(&other))),
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
