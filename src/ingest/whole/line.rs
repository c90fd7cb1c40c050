//! One record as one line of JSON, and back, to the letter. What is null is left out.

use std::collections::HashMap;
use std::fmt::Display;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::FORMAT;
use crate::store::{Datum, FieldShape, Form, Header, Record, Shape};

/// Bytes that are no UTF-8 are written as Base64 in a field whose name ends so.
const AS_BASE64: &str = "_base64";

#[derive(Serialize, Deserialize)]
struct HeaderLine {
    r#type: String,
    format: u32,
    id: String,
    generation: i64,
    schema: i64,
}

#[derive(Serialize, Deserialize)]
struct EndLine {
    r#type: String,
    records: u64,
    /// Of every byte before this line.
    sha256: String,
}

/// What a line says.
#[derive(Debug, PartialEq)]
pub enum Line {
    Header(Header),
    Record(Record),
    End { records: u64, sha256: String },
}

pub fn header(header: &Header) -> String {
    let line = HeaderLine {
        r#type: "archive".into(),
        format: FORMAT,
        id: header.id.clone(),
        generation: header.generation,
        schema: header.schema,
    };
    serde_json::to_string(&line).unwrap_or_default()
}

pub fn end(records: u64, sha256: String) -> String {
    serde_json::to_string(&EndLine { r#type: "end".into(), records, sha256 }).unwrap_or_default()
}

/// Appends a record as one line, its line break included.
///
/// # Errors
/// A sentence where a value cannot be written down: JSON that is none.
pub fn write(record: &Record, to: &mut Vec<u8>) -> Result<(), String> {
    to.extend_from_slice(b"{\"type\":");
    put(to, record.shape.kind)?;
    for (field, value) in record.shape.fields.iter().zip(&record.values) {
        let name = |to: &mut Vec<u8>, ending: &str| {
            to.push(b',');
            put(to, &format!("{}{ending}", field.name))?;
            to.push(b':');
            Ok::<(), String>(())
        };
        match value {
            Datum::Null => {}
            Datum::Int(value) => {
                name(to, "")?;
                put(to, value)?;
            }
            Datum::Real(value) => {
                name(to, "")?;
                put(to, value)?;
            }
            Datum::Text(value) => {
                name(to, "")?;
                put(to, value)?;
            }
            Datum::Json(value) => {
                if value.contains(['\n', '\r']) || serde_json::from_str::<&RawValue>(value).is_err() {
                    return Err(format!("the field {} of a {} is no JSON on one line", field.name, record.shape.kind));
                }
                name(to, "")?;
                to.extend_from_slice(value.as_bytes());
            }
            Datum::Bytes(bytes) if field.form == Form::Hex => {
                name(to, "")?;
                put(to, &hex::encode(bytes))?;
            }
            Datum::Bytes(bytes) => match std::str::from_utf8(bytes) {
                Ok(words) => {
                    name(to, "")?;
                    put(to, words)?;
                }
                Err(_) => {
                    name(to, AS_BASE64)?;
                    put(to, &STANDARD.encode(bytes))?;
                }
            },
        }
    }
    to.extend_from_slice(b"}\n");
    Ok(())
}

fn put<T: Serialize + ?Sized>(to: &mut Vec<u8>, value: &T) -> Result<(), String> {
    serde_json::to_writer(to, value).map_err(|error| error.to_string())
}

/// Reads a line.
///
/// # Errors
/// What is wrong with it, without a full stop at the end.
pub fn read(line: &str) -> Result<Line, String> {
    let fields: HashMap<String, &RawValue> = serde_json::from_str(line).map_err(|error| format!("the line is no JSON object ({error})"))?;
    let kind: String = fields.get("type").and_then(|raw| serde_json::from_str(raw.get()).ok()).ok_or("the line has no “type”")?;
    match kind.as_str() {
        "archive" => {
            let line: HeaderLine = serde_json::from_str(line).map_err(|error| format!("the header cannot be read ({error})"))?;
            if line.format != FORMAT {
                return Err(format!("the file is of format {}, and this program reads format {FORMAT}", line.format));
            }
            Ok(Line::Header(Header { id: line.id, generation: line.generation, schema: line.schema }))
        }
        "end" => {
            let line: EndLine = serde_json::from_str(line).map_err(|error| format!("the last line cannot be read ({error})"))?;
            Ok(Line::End { records: line.records, sha256: line.sha256 })
        }
        _ => record(&kind, fields).map(Line::Record),
    }
}

fn record(kind: &str, mut fields: HashMap<String, &RawValue>) -> Result<Record, String> {
    let shape = Shape::of(kind).ok_or_else(|| format!("this program knows no records of the type “{kind}”"))?;
    fields.remove("type");
    let mut values = Vec::with_capacity(shape.fields.len());
    for field in shape.fields {
        let encoded = (field.form == Form::Content).then(|| fields.remove(&format!("{}{AS_BASE64}", field.name))).flatten();
        let value = match (fields.remove(field.name), encoded) {
            (None, None) => Ok(Datum::Null),
            (Some(raw), _) => datum(field, raw.get()),
            (None, Some(raw)) => text(raw.get()).and_then(|words| STANDARD.decode(words).map(Datum::Bytes).map_err(shown)),
        };
        values.push(value.map_err(|reason| format!("the field {} of a {kind} cannot be read ({reason})", field.name))?);
    }
    match fields.keys().next() {
        Some(unknown) => Err(format!("this program knows no field “{unknown}” of a {kind}")),
        None => Ok(Record { shape, values }),
    }
}

fn datum(field: &FieldShape, raw: &str) -> Result<Datum, String> {
    // Numbers are read from the letters themselves: a number with a fraction is then the very same one.
    Ok(match field.form {
        Form::Int => Datum::Int(raw.parse().map_err(shown)?),
        Form::Real => Datum::Real(raw.parse().map_err(shown)?),
        Form::Json => Datum::Json(raw.to_owned()),
        Form::Text | Form::Head | Form::Body | Form::Tail => Datum::Text(text(raw)?),
        Form::Content => Datum::Bytes(text(raw)?.into_bytes()),
        Form::Hex => Datum::Bytes(hex::decode(text(raw)?).map_err(|_| "no hexadecimal digits")?),
    })
}

fn text(raw: &str) -> Result<String, String> {
    serde_json::from_str(raw).map_err(shown)
}

fn shown(error: impl Display) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::store::SHAPES;

    fn value(form: Form) -> BoxedStrategy<Datum> {
        let known = match form {
            Form::Int => any::<i64>().prop_map(Datum::Int).boxed(),
            Form::Real => any::<f64>().prop_filter("a number", |value| value.is_finite()).prop_map(Datum::Real).boxed(),
            Form::Text | Form::Head | Form::Body | Form::Tail => any::<String>().prop_map(Datum::Text).boxed(),
            Form::Json => any::<Vec<(String, f64)>>().prop_map(|value| Datum::Json(serde_json::json!(value).to_string())).boxed(),
            Form::Hex | Form::Content => any::<Vec<u8>>().prop_map(Datum::Bytes).boxed(),
        };
        prop_oneof![1 => Just(Datum::Null), 4 => known].boxed()
    }

    fn any_record() -> impl Strategy<Value = Record> {
        (0..SHAPES.len()).prop_flat_map(|place| {
            let shape = &SHAPES[place];
            let values: Vec<_> = shape.fields.iter().map(|field| value(field.form)).collect();
            values.prop_map(move |values| Record { shape, values })
        })
    }

    proptest! {
        #[test]
        fn a_record_comes_back_to_the_letter(record in any_record()) {
            let mut line = Vec::new();
            write(&record, &mut line).expect("a line");
            let line = String::from_utf8(line).expect("UTF-8");
            prop_assert!(line.ends_with('\n') && line.lines().count() == 1);
            prop_assert_eq!(read(line.trim_end_matches('\n')), Ok(Line::Record(record)));
        }

        #[test]
        fn no_line_stops_the_reader(line in any::<String>()) {
            let _ = read(&line);
        }
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        for (line, words) in [
            ("", "no JSON object"),
            ("[]", "no JSON object"),
            ("{}", "no “type”"),
            (r#"{"type":"archive","format":2,"id":"x","generation":1,"schema":1}"#, "format 2"),
            (r#"{"type":"archive"}"#, "header"),
            (r#"{"type":"quokka"}"#, "“quokka”"),
            (r#"{"type":"label","facet":"a","value":"b","label":"c","more":1}"#, "“more”"),
            (r#"{"type":"alias","release":"one"}"#, "field release"),
            (r#"{"type":"likeness","release":1,"sketch":"0"}"#, "hexadecimal"),
        ] {
            let told = read(line).expect_err(line);
            assert!(told.contains(words), "{line}: {told}");
        }
    }
}
