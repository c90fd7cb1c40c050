//! Where the items of a JSON Feed stand.

use serde_json::{Map, Value};

use crate::model::Span;

/// The start of the address that names a JSON Feed's version.
const VERSION: &str = "https://jsonfeed.org/version/1";

/// What is asked of an item, and of the feed.
const ITEM: &[&str] = &["id", "url", "external_url", "title", "content_html", "content_text", "summary", "date_published", "language"];
const FEED: &[&str] = &["version", "title", "language"];

/// Whether the first bytes are those of a JSON Feed: a field `version` that names one.
pub(in crate::import) fn is_feed(head: &str) -> bool {
    head.match_indices("\"version\"").any(|(at, key)| {
        let value = head.get(at + key.len()..).unwrap_or("").trim_start().strip_prefix(':').map(str::trim_start);
        // A solidus may be escaped.
        value.and_then(|value| value.strip_prefix('"')).is_some_and(|value| {
            let value: String = value.chars().take(VERSION.len() + 4).filter(|c| *c != '\\').collect();
            value.starts_with(VERSION) || value.replacen("http://", "https://", 1).starts_with(VERSION)
        })
    })
}

/// The feed's own fields, without its items.
///
/// # Errors
/// Why it is no JSON Feed.
pub(super) fn feed(text: &str, items: &[Span]) -> Result<Map<String, Value>, String> {
    // The items are taken out first, so that what is wrong in one of them is wrong there only.
    let mut rest = String::with_capacity(text.len().min(64 * 1024));
    let mut at = 0;
    for (number, item) in items.iter().enumerate() {
        rest.push_str(text.get(at..item.start).unwrap_or(""));
        if number == 0 {
            rest.push_str("null");
        }
        at = item.end;
    }
    rest.push_str(text.get(at..).unwrap_or(""));
    let commas = rest.find("null").map(|start| start + 4).filter(|_| !items.is_empty());
    if let Some(start) = commas {
        let end =
            rest.get(start..).and_then(|tail| tail.find(|c: char| !c.is_whitespace() && c != ',')).map_or(rest.len(), |end| start + end);
        rest.replace_range(start..end, "");
    }
    let value: Value = serde_json::from_str(&rest).map_err(|error| format!("the feed is no valid JSON: {error}"))?;
    match value {
        Value::Object(object) => Ok(object.into_iter().filter(|(key, _)| FEED.contains(&key.as_str())).collect()),
        _ => Err("the feed is no JSON object".into()),
    }
}

/// The ranges of the objects in the feed's list `items`.
pub(super) fn items(text: &str) -> Vec<Span> {
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (0usize, 0usize);
    let (mut key, mut inside, mut start) = (Span::new(0, 0), false, 0usize);
    let mut found = Vec::new();
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                let end = string_end(bytes, at);
                if depth == 1 {
                    key = Span::new(at, end);
                }
                at = end;
                continue;
            }
            b'{' | b'[' => {
                if depth == 1 {
                    inside = *byte == b'[' && key.of(text) == "\"items\"";
                }
                if depth == 2 && inside {
                    start = at;
                }
                depth += 1;
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 2 && inside {
                    found.push(Span::new(start, at + 1));
                }
                inside &= depth > 1;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Behind the quotation mark that closes the string.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// One item with what is asked of it, and the language that it states.
///
/// # Errors
/// Why it cannot be read.
pub(super) fn item(words: &str) -> Result<Map<String, Value>, String> {
    let value: Value = serde_json::from_str(words).map_err(|error| format!("it is no valid JSON: {error}"))?;
    let Value::Object(object) = value else { return Err("it is no JSON object".into()) };
    let mut item: Map<String, Value> = object.into_iter().filter(|(key, value)| ITEM.contains(&key.as_str()) && !value.is_null()).collect();
    // Numbers as ids are against the standard and common (JSON Feed 1.1, "id").
    if let Some(id) = item.get("id").filter(|id| id.is_number()).map(Value::to_string) {
        item.insert("id".into(), Value::String(id));
    }
    Ok(item)
}
