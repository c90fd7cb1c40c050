//! Whether a value has the shape that an OpenAPI document promises: the keywords of JSON Schema that the document uses, and no others. Members
//! that the document does not name are wrong here, although a program must bear them: what is served and not described is forgotten.

use std::collections::BTreeSet;

use serde_json::Value;

/// Keywords that say nothing about a value.
const SILENT: [&str; 12] = [
    "description",
    "example",
    "examples",
    "format",
    "default",
    "required",
    "properties",
    "items",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
];
const KNOWN: [&str; 10] = ["type", "$ref", "oneOf", "anyOf", "allOf", "enum", "pattern", "maxItems", "minItems", "title"];

/// What is wrong with a value, a sentence each; `at` is where it stands.
pub fn faults(value: &Value, schema: &Value, document: &Value, at: &str) -> Vec<String> {
    let mut faults = Vec::new();
    check(value, schema, document, at, &mut faults);
    if value.is_object() {
        let named = members(schema, document);
        let there: BTreeSet<String> = value.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect();
        // A shape without members of its own promises nothing about them.
        if !named.is_empty() {
            faults.extend(there.difference(&named).map(|name| format!("{at}: {name} is served and not described")));
        }
    }
    faults
}

fn resolved<'a>(schema: &'a Value, document: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap_or_else(|| panic!("no {reference}")),
        None => schema,
    }
}

/// Names of all members that a shape has, through references and parts.
fn members(schema: &Value, document: &Value) -> BTreeSet<String> {
    let schema = resolved(schema, document);
    let own = schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone());
    let parts = ["allOf", "oneOf", "anyOf"].into_iter().flat_map(|keyword| schema[keyword].as_array().into_iter().flatten());
    own.chain(parts.flat_map(|part| members(part, document))).collect()
}

fn check(value: &Value, schema: &Value, document: &Value, at: &str, faults: &mut Vec<String>) {
    let schema = resolved(schema, document);
    for keyword in schema.as_object().into_iter().flatten().map(|(keyword, _)| keyword) {
        assert!(SILENT.contains(&keyword.as_str()) || KNOWN.contains(&keyword.as_str()), "{at}: what is {keyword}?");
    }
    if !schema["type"].is_null() && !kinds(&schema["type"]).iter().any(|kind| is(value, kind)) {
        faults.push(format!("{at}: {} is no {}", cut(value), schema["type"]));
        return;
    }
    if schema["enum"].as_array().is_some_and(|words| !words.contains(value)) {
        faults.push(format!("{at}: {value} is none of {}", schema["enum"]));
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        check(value, part, document, at, faults);
    }
    for keyword in ["oneOf", "anyOf"] {
        if let Some(several) = schema[keyword].as_array() {
            let fits = several.iter().filter(|one| self::faults(value, one, document, at).is_empty()).count();
            if fits == 0 || (fits > 1 && keyword == "oneOf") {
                faults.push(format!("{at}: {} fits {fits} of {keyword}", cut(value)));
            }
        }
    }
    bounds(value, schema, at, faults);
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        if let Some(member) = value.get(name) {
            faults.extend(self::faults(member, property, document, &format!("{at}/{name}")));
        }
    }
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if value.is_object() && value.get(name).is_none() {
            faults.push(format!("{at}: {name} is promised and not there"));
        }
    }
    if let (Some(items), Some(of)) = (value.as_array(), schema.get("items")) {
        for (index, item) in items.iter().enumerate() {
            faults.extend(self::faults(item, of, document, &format!("{at}/{index}")));
        }
    }
}

fn bounds(value: &Value, schema: &Value, at: &str, faults: &mut Vec<String>) {
    let number = |keyword: &str| schema[keyword].as_f64();
    if let Some(given) = value.as_f64()
        && (number("minimum").is_some_and(|least| given < least) || number("maximum").is_some_and(|most| given > most))
    {
        faults.push(format!("{at}: {value} is out of bounds"));
    }
    let Some(words) = value.as_str() else { return };
    let length = words.chars().count() as f64;
    if number("minLength").is_some_and(|least| length < least) || number("maxLength").is_some_and(|most| length > most) {
        faults.push(format!("{at}: “{words}” has {length} characters"));
    }
    if let Some(pattern) = schema["pattern"].as_str()
        && !regex::Regex::new(pattern).expect(pattern).is_match(words)
    {
        faults.push(format!("{at}: “{words}” does not match {pattern}"));
    }
    if schema["format"] == "date" && words.parse::<chrono::NaiveDate>().is_err() {
        faults.push(format!("{at}: “{words}” is no day"));
    }
    if schema["format"] == "uri" && url::Url::parse(words).is_err() {
        faults.push(format!("{at}: “{words}” is no address"));
    }
}

fn kinds(kind: &Value) -> Vec<&str> {
    match kind {
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    }
}

fn is(value: &Value, kind: &str) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        _ => value.is_object(),
    }
}

fn cut(value: &Value) -> String {
    value.to_string().chars().take(80).collect()
}
