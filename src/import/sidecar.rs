//! `FILE.toml`: what a document does not say about itself.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use toml::{Spanned, Value};

use super::error::{ImportError, shown, shown_whole};
use super::fields;
use super::lines::line_number;
use crate::model::Sidecar;

/// The keys of a sidecar, as its owner writes them.
const KEYS: &str = "publisher, url, language, time_zone, fetched_on, licence and charset";

/// The largest sidecar, in bytes: it holds seven short values and a few comments.
const MAX_SIDECAR: usize = 1024 * 1024;

type Table = BTreeMap<Spanned<String>, Spanned<Value>>;

/// Reads a sidecar; an empty one says nothing.
///
/// # Errors
/// No TOML, an unknown key, or a value that breaks its rule; with the line, and the field where it is known.
pub fn parse_sidecar(file: &str, toml: &str) -> Result<Sidecar, ImportError> {
    if toml.len() > MAX_SIDECAR {
        return Err(ImportError::new(file, format!("the sidecar is larger than {MAX_SIDECAR} bytes")).advise(format!("It holds {KEYS}")));
    }
    let toml = toml.strip_prefix('\u{feff}').unwrap_or(toml);
    let table: Table = toml::from_str(toml).map_err(|error| syntax(file, toml, &error))?;
    let mut sidecar = Sidecar::default();
    for (key, value) in &table {
        let name = key.get_ref().as_str();
        set(&mut sidecar, name, value.get_ref()).map_err(|reason| {
            let reason = format!("“{}” {reason}", shown(name));
            ImportError::new(file, reason)
                .at_line(line_number(toml.as_bytes(), key.span().start))
                .in_field(name)
                .advise("Correct the sidecar")
        })?;
    }
    Ok(sidecar)
}

fn syntax(file: &str, toml: &str, error: &toml::de::Error) -> ImportError {
    let reason = format!("the sidecar is not valid TOML: {}", shown_whole(error.message().trim_end_matches('.')));
    let error_at = error.span().map(|span| line_number(toml.as_bytes(), span.start));
    let told = ImportError { line: error_at, ..ImportError::new(file, reason) };
    told.advise("Write lines such as publisher = \"NATO\"")
}

fn set(sidecar: &mut Sidecar, key: &str, value: &Value) -> Result<(), String> {
    match key {
        "publisher" => sidecar.publisher = Some(fields::name(text(value)?)?),
        "url" => sidecar.url = Some(fields::url(text(value)?)?),
        "language" => sidecar.language = Some(fields::language(text(value)?)?),
        "time_zone" => sidecar.time_zone = Some(fields::time_zone(text(value)?)?),
        "fetched_on" => sidecar.fetched_on = Some(day(value)?),
        "licence" => sidecar.licence = Some(fields::name(text(value)?)?),
        "charset" => sidecar.charset = Some(fields::charset(text(value)?)?),
        _ => return Err(format!("is no key of a sidecar, which knows {KEYS}")),
    }
    Ok(())
}

fn text(value: &Value) -> Result<&str, String> {
    value.as_str().ok_or_else(|| format!("must be text in quotation marks, not {}", value.type_str()))
}

/// A day, in quotation marks or as TOML's own local date.
fn day(value: &Value) -> Result<NaiveDate, String> {
    let written = match value {
        Value::Datetime(date) => date.to_string(),
        other => text(other)?.to_owned(),
    };
    written.parse().map_err(|_| format!("is “{}”, which is no day such as 2025-06-25", shown(&written)))
}
