//! A line of an archive that was given away whole: it carries the text to the letter, and says where its parts stand and what its source stated.
//!
//! What makes a release's name is taken over as it was stated, so that another archive finds the same name; what was found out (the date, the kind,
//! the language) is taken for stated. An id is never taken over: only a canonical export may name ids.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::Value;

use super::super::error::shown;
use super::super::lossless::prove_release;
use super::super::{blocks_of, fields, sha256_hex};
use super::{Wrong, optional, text, topics};
use crate::model::{Given, ParsedRelease, Span, Stamp};

/// Fields that only such a line has together.
const MARKS: [&str; 4] = ["text", "sha256", "layout", "stated"];

/// All fields that are read of it beside those of any line.
pub const FIELDS: [&str; 6] = ["text", "sha256", "layout", "stated", "published", "original_url"];

/// Whether a line is one.
pub fn is_own(known: &BTreeMap<&'static str, Value>) -> bool {
    MARKS.iter().all(|mark| known.contains_key(mark))
}

#[derive(Deserialize)]
struct Layout {
    title: Span,
    source_line: Option<Span>,
    stamp: Option<StampAt>,
    body: Span,
}

#[derive(Deserialize)]
struct StampAt {
    span: Span,
    year: Option<i32>,
    month: u32,
    day: u32,
    hour: u32,
    minute: u32,
}

pub fn build(mut known: BTreeMap<&'static str, Value>, at: Span, position: u32) -> Result<ParsedRelease, Wrong> {
    let words = known.remove("text").unwrap_or_default();
    let words = text(words).map_err(|why| ("text", why))?;
    let sha256 = sha256_hex(words.as_bytes());
    if known.remove("sha256").as_ref().and_then(Value::as_str) != Some(sha256.as_str()) {
        return Err(("sha256", "is not that of “text”".into()));
    }
    let layout = known.remove("layout").unwrap_or_default();
    let layout: Layout = serde_json::from_value(layout).map_err(|error| ("layout", format!("says no places: {error}")))?;
    let Value::Object(stated) = known.remove("stated").unwrap_or_default() else { return Err(("stated", "must be an object".into())) };
    let mut stated: BTreeMap<&'static str, Value> =
        STATED.into_iter().filter_map(|field| Some((field, stated.get(field)?.clone()))).collect();
    let source = optional(&mut stated, "publisher", fields::name)?;
    let key = optional(&mut stated, "key", fields::name)?;
    let url = optional(&mut stated, "url", fields::address)?;
    let stood_at = if url.is_none() { optional(&mut known, "original_url", fields::address)? } else { None };
    // The language is a part of the name of a release that is known by its address: there only what was stated counts.
    let found_lang = optional(&mut known, "lang", fields::language)?.filter(|lang| lang != "und" && (key.is_some() || url.is_none()));
    let published = known.remove("published").unwrap_or_default();
    let given = Given {
        published_on: edtf(&published)?,
        listed_on: sort_on(&published)?,
        kind: optional(&mut known, "kind", fields::kind)?,
        lang: optional(&mut stated, "lang", fields::language)?.or(found_lang),
        topics: topics(stated.remove("topics"))?,
        teaser: stated.get("teaser") == Some(&Value::Bool(true)),
        key,
        url,
        stood_at,
    };
    let release = ParsedRelease {
        position,
        at,
        title: layout.title,
        source_line: layout.source_line,
        source,
        stamp: layout.stamp.map(stamp).transpose()?,
        blocks: if words.get(layout.body.start..layout.body.end).is_some() { blocks_of(&words, layout.body) } else { Vec::new() },
        body: layout.body,
        sha256,
        text: words,
        given,
    };
    prove_release(&release).map_err(|why| ("layout", format!("does not fit the text: {why}")))?;
    Ok(release)
}

/// What a source can have stated.
const STATED: [&str; 6] = ["publisher", "key", "url", "lang", "topics", "teaser"];

/// The date that the archive found, with all that it does not know.
fn edtf(published: &Value) -> Result<Option<String>, Wrong> {
    let edtf = published.get("edtf").and_then(Value::as_str);
    edtf.map(|edtf| fields::date(edtf).map_err(|why| ("published", why))).transpose()
}

/// The day under which the archive lists it: where only bounds are known, its neighbours there may have told it.
fn sort_on(published: &Value) -> Result<Option<NaiveDate>, Wrong> {
    let day = published.get("sort_on").and_then(Value::as_str);
    day.map(|day| day.parse().map_err(|_| ("published", format!("says “{}”, which is no day to list it by", shown(day))))).transpose()
}

fn stamp(at: StampAt) -> Result<Stamp, Wrong> {
    let StampAt { span, year, month, day, hour, minute } = at;
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || minute > 59 {
        return Err(("layout", "holds a stamp that is no date and time".into()));
    }
    Ok(Stamp { span, month, day, year, hour, minute })
}
