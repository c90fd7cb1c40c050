//! Shapes and parameters of the OpenAPI document in words: what the page for people shows of them.

use serde_json::Value;

/// What a value can be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kind {
    /// "whole number from 1 to 100", "list of ".
    pub words: String,
    /// The shape that it is, or is a list of.
    pub shape: Option<String>,
    /// What stands behind the shape: " or null".
    pub rest: String,
}

impl Kind {
    pub fn of(schema: &Value) -> Self {
        if let Some(shape) = shape_of(schema) {
            return Self { shape: Some(shape.to_owned()), ..Self::default() };
        }
        if let Some(several) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
            return Self::any_of(several);
        }
        let kinds: Vec<&str> = match &schema["type"] {
            Value::String(one) => vec![one],
            Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
            _ => return Self { words: "anything".into(), ..Self::default() },
        };
        let rest = if kinds.contains(&"null") { " or null" } else { "" };
        let Some(kind) = kinds.into_iter().find(|kind| *kind != "null") else { return Self { words: "null".into(), ..Self::default() } };
        if kind == "array" {
            let of = Self::of(&schema["items"]);
            return Self { words: format!("list of {}", of.words), shape: of.shape, rest: format!("{}{rest}", of.rest) };
        }
        Self { words: format!("{}{rest}", scalar(kind, schema)), ..Self::default() }
    }

    fn any_of(several: &[Value]) -> Self {
        let null = several.iter().any(|one| one["type"] == "null");
        // That a value may be empty goes without saying.
        let told = |one: &&Value| one["type"] != "null" && one["maxLength"] != 0;
        let mut others: Vec<Self> = several.iter().filter(told).map(Self::of).collect();
        let rest = if null { " or null" } else { "" };
        match others.len() {
            1 => {
                let only = others.pop().unwrap_or_default();
                Self { rest: format!("{}{rest}", only.rest), ..only }
            }
            _ => Self { words: others.into_iter().map(|one| one.words).collect::<Vec<_>>().join(", or ") + rest, ..Self::default() },
        }
    }
}

fn shape_of(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.strip_prefix("#/components/schemas/")
}

fn scalar(kind: &str, schema: &Value) -> String {
    if let Some(words) = schema["enum"].as_array() {
        return words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" | ");
    }
    match (kind, schema["format"].as_str().unwrap_or_default()) {
        ("string", "date") => "day (2025-04-30)".into(),
        ("string", "uri") => "address".into(),
        ("string", _) => match (schema["pattern"].as_str(), schema["maxLength"].as_u64()) {
            (Some("^[12][0-9]{3}$"), _) => "year (2025)".into(),
            (Some(pattern), _) if pattern.starts_with("^[12][0-9]{3}-") => "month (2025-04)".into(),
            (None, Some(most)) if most > 8 => format!("words, at most {most} characters"),
            _ => "words".into(),
        },
        ("integer", _) => match (schema["minimum"].as_i64(), schema["maximum"].as_i64()) {
            (Some(least), Some(most)) if most <= 1_000 => format!("whole number from {least} to {most}"),
            (Some(least), _) if least > 0 => format!("whole number from {least}"),
            _ => "whole number".into(),
        },
        ("number", _) => "number".into(),
        ("boolean", _) => "true or false".into(),
        (other, _) => other.into(),
    }
}

/// Plain words and names in turn; `true` for a name.
pub type Parts = Vec<(bool, String)>;

/// A member of a shape, or a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    pub kind: Kind,
    /// What it is.
    pub about: Parts,
    /// "required", "at /…/", "20 if left out"; empty where there is nothing to say.
    pub note: String,
}

/// Plain words and names in turn: what stands between backticks is a name.
pub fn parts(words: &str) -> Parts {
    let parts = words.split('`').enumerate().map(|(index, part)| (index % 2 == 1, part.to_owned()));
    parts.filter(|(_, part)| !part.is_empty()).collect()
}

/// The members of a shape, those of the shapes that it begins with first.
pub fn members(schema: &Value, schemas: &Value) -> Vec<Field> {
    let mut fields = Vec::new();
    for part in schema["allOf"].as_array().into_iter().flatten() {
        let part = shape_of(part).map_or(part, |shape| &schemas[shape]);
        fields.extend(members(part, schemas));
    }
    let required = schema["required"].as_array();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let always = required.is_some_and(|required| required.iter().any(|member| member == name));
        let about = property["description"].as_str().or_else(|| schemas[shape_of(property)?]["description"].as_str()).unwrap_or_default();
        let note = if always { String::new() } else { "left out where it has no value".into() };
        fields.push(Field { name: name.clone(), kind: Kind::of(property), about: parts(about), note });
    }
    fields
}

/// A parameter.
pub fn parameter(parameter: &Value) -> Field {
    let schema = &parameter["schema"];
    let text = |member: &str| parameter[member].as_str().unwrap_or_default();
    let note = match (&schema["default"], text("in"), parameter["required"] == true) {
        (_, "path", _) => "part of the address".into(),
        (Value::Null, _, true) => "required".into(),
        (Value::Null, ..) => String::new(),
        (Value::String(default), ..) => format!("{default} if left out"),
        (default, ..) => format!("{default} if left out"),
    };
    Field { name: text("name").to_owned(), kind: Kind::of(schema), about: parts(text("description")), note }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn schemas_are_told_in_words() {
        for (schema, words) in [
            (json!({"type": "integer", "minimum": 1, "maximum": 100}), "whole number from 1 to 100"),
            (json!({"type": ["string", "null"], "format": "date"}), "day (2025-04-30) or null"),
            (json!({"type": "array", "items": {"type": "string", "maxLength": 200}}), "list of words, at most 200 characters"),
            (json!({"type": "string", "enum": ["a", "b"]}), "a | b"),
            (json!({"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Item"}]}), "→Item or null"),
            (json!({"type": "array", "items": {"$ref": "#/components/schemas/Item"}}), "list of →Item"),
            (json!({}), "anything"),
        ] {
            let Kind { words: said, shape, rest } = Kind::of(&schema);
            let shape = shape.map(|shape| format!("→{shape}")).unwrap_or_default();
            assert_eq!(format!("{said}{shape}{rest}"), words, "{schema}");
        }
        assert_eq!(parts("give `next` back"), [(false, "give ".into()), (true, "next".into()), (false, " back".into())]);
    }
}
