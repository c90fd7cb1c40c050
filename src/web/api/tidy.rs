//! What holds for the whole OpenAPI document and is therefore said in one place: bounds of integers, members that are always there, answers
//! that every operation can give, headers, and where one answer leads to another operation.

use serde_json::{Map, Value, json};

use super::problem::{MEDIA_TYPE, SORTS};

/// The greatest integer that every program reads exactly (RFC 8259, section 6), and the greatest of 32 bits.
const MAX_INTEGER: i64 = (1 << 53) - 1;
const MAX_SHORT: i64 = i32::MAX as i64;

/// Members that are left out where they have no value; everything else without a value is null. `*` is every member of the shape.
const LEFT_OUT: [(&str, &str); 3] = [("Block", "level"), ("Stated", "*"), ("Problem", "withdrawn")];

/// Where a member of an answer is what another operation asks for: operation, its parameter, and the member.
const LEADS: [(&str, &str, &str, &str); 7] = [
    ("listReleases", "getRelease", "id", "$response.body#/items/0/id"),
    ("search", "getRelease", "id", "$response.body#/items/0/id"),
    ("resolve", "getRelease", "id", "$response.body#/release/id"),
    ("getRelease", "listVersions", "id", "$response.body#/id"),
    ("getRelease", "getMentions", "id", "$response.body#/id"),
    ("getRelease", "citeRelease", "id", "$response.body#/id"),
    ("listTopics", "getTopic", "slug", "$response.body#/items/0/slug"),
];

pub fn tidy(document: &mut Value) {
    bound_integers(document);
    if let Some(schemas) = document["components"]["schemas"].as_object_mut() {
        schemas.iter_mut().for_each(|(name, schema)| tidy_shape(name, schema));
    }
    document["components"]["responses"] = responses();
    document["components"]["headers"] = headers();
    if let Some(paths) = document["paths"].as_object_mut() {
        for (path, item) in paths {
            if let Some(operation) = item.get_mut("get") {
                describe_answers(path, operation);
            }
        }
    }
}

/// One shape by itself.
pub fn tidy_shape(name: &str, schema: &mut Value) {
    bound_integers(schema);
    require_members(name, schema);
}

fn is(schema: &Map<String, Value>, kind: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(one)) => one == kind,
        Some(Value::Array(several)) => several.iter().any(|one| one == kind),
        _ => false,
    }
}

/// Counts, offsets and numbers that say no bounds of their own.
fn bound_integers(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(bound_integers),
        Value::Object(members) => {
            if is(members, "integer") {
                let most = if members.get("format").is_some_and(|format| format == "int32") { MAX_SHORT } else { MAX_INTEGER };
                members.entry("minimum").or_insert(json!(0));
                members.entry("maximum").or_insert(json!(most));
            }
            members.values_mut().for_each(bound_integers);
        }
        _ => {}
    }
}

/// A member that may have no value is there all the same, but for the few that are left out.
fn require_members(name: &str, schema: &mut Value) {
    if let Some(parts) = schema.get_mut("allOf").and_then(Value::as_array_mut) {
        parts.iter_mut().for_each(|part| require_members(name, part));
    }
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else { return };
    let left_out = |member: &str| LEFT_OUT.iter().any(|(shape, left_out)| *shape == name && (*left_out == "*" || *left_out == member));
    let mut always = Vec::new();
    for (member, property) in properties.iter_mut() {
        if left_out(member) {
            never_null(property);
        } else if may_be_null(property) {
            always.push(json!(member));
        }
    }
    if always.is_empty() {
        return;
    }
    let mut required = schema["required"].as_array().cloned().unwrap_or_default();
    required.retain(|member| !always.contains(member));
    required.extend(always);
    schema["required"] = Value::Array(required);
}

fn may_be_null(schema: &Value) -> bool {
    let null = |schema: &Value| schema.as_object().is_some_and(|schema| is(schema, "null"));
    // Any value at all: a correction's.
    let anything = schema.as_object().is_some_and(|schema| schema.keys().all(|key| key == "description"));
    anything || null(schema) || schema["oneOf"].as_array().is_some_and(|several| several.iter().any(null))
}

fn never_null(schema: &mut Value) {
    let kinds = schema["type"].as_array().map(|kinds| kinds.iter().find(|kind| *kind != "null").cloned().unwrap_or_default());
    if let Some(kind) = kinds {
        schema["type"] = kind;
    }
    let others = schema["oneOf"].as_array().map(|several| several.iter().filter(|one| one["type"] != "null").cloned().collect::<Vec<_>>());
    if let (Some(others), Some(schema)) = (others, schema.as_object_mut()) {
        schema.remove("oneOf");
        if let Some(Value::Object(only)) = others.into_iter().next() {
            schema.extend(only);
        }
    }
}

/// The name of the answer with a status among the document's components.
fn component(status: u16) -> String {
    format!("Problem{status}")
}

fn responses() -> Value {
    let mut all = Map::new();
    for (status, _, means) in SORTS {
        let mut response = json!({ "description": means });
        // A connection refuses what is still longer without a word.
        if status != 414 {
            response["content"] = json!({ MEDIA_TYPE: { "schema": { "$ref": "#/components/schemas/Problem" } } });
        }
        if status == 503 {
            response["headers"] = json!({ "Retry-After": { "$ref": "#/components/headers/RetryAfter" } });
        }
        if status == 405 {
            response["headers"] =
                json!({ "Allow": { "description": "What is answered.", "required": true, "schema": { "type": "string" } } });
        }
        all.insert(component(status), response);
    }
    all.insert(
        "NotModified".into(),
        json!({
            "description": "What was given with this ETag has not changed.",
            "headers": { "ETag": { "$ref": "#/components/headers/ETag" } },
        }),
    );
    all.insert("Moved".into(), json!({
        "description": "The release was found to be the same as another, whose address this leads to.",
        "headers": { "Location": { "description": "Where it is.", "required": true, "schema": { "type": "string", "format": "uri-reference" } } },
    }));
    Value::Object(all)
}

fn headers() -> Value {
    json!({
        "ETag": { "description": "A strong validator: give it back as `If-None-Match`.", "required": true, "schema": { "type": "string" } },
        "Link": {
            "description": "`first` and, where there is one, `next` (RFC 8288).",
            "required": true,
            "schema": { "type": "string" },
        },
        "RetryAfter": {
            "description": "Seconds to wait.",
            "required": true,
            "schema": { "type": "integer", "minimum": 0, "maximum": 3600 },
        },
    })
}

/// What every operation can answer beside what its handler says.
fn describe_answers(path: &str, operation: &mut Value) {
    let name = operation["operationId"].as_str().unwrap_or_default().to_owned();
    let parameters: Vec<(String, String)> = operation["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|parameter| {
            (parameter["in"].as_str().unwrap_or_default().to_owned(), parameter["name"].as_str().unwrap_or_default().to_owned())
        })
        .collect();
    let asks = |place: &str, name: &str| parameters.iter().any(|(known, other)| known == place && (name.is_empty() || other == name));
    let of_release = asks("path", "id") || name == "resolve";
    let mut answers = vec![500, 503, 414];
    if asks("query", "") {
        answers.push(400);
    }
    if asks("path", "") || asks("query", "release") || of_release {
        answers.push(404);
    }
    if of_release {
        answers.push(410);
    }
    // An empty parameter is one that is left out; an empty value among several is passed over, as its schema says.
    for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
        if parameter["in"] == "query" && parameter["required"] != true && parameter["schema"]["type"] != "array" {
            parameter["allowEmptyValue"] = json!(true);
        }
    }
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    for status in answers {
        responses.insert(status.to_string(), json!({ "$ref": format!("#/components/responses/{}", component(status)) }));
    }
    responses.insert("304".into(), json!({ "$ref": "#/components/responses/NotModified" }));
    if of_release {
        responses.insert("301".into(), json!({ "$ref": "#/components/responses/Moved" }));
    }
    if let Some(answer) = responses.get_mut("200") {
        answer["headers"] = json!({ "ETag": { "$ref": "#/components/headers/ETag" } });
        if asks("query", "cursor") || path == "/api/v1/topics" {
            answer["headers"]["Link"] = json!({ "$ref": "#/components/headers/Link" });
        }
        for (from, to, parameter, member) in LEADS {
            if from == name {
                answer["links"][to] = json!({ "operationId": to, "parameters": { parameter: member } });
            }
        }
        if name == "listVersions" {
            let parameters = json!({ "id": "$request.path.id", "number": "$response.body#/items/0/version" });
            answer["links"]["getVersion"] = json!({ "operationId": "getVersion", "parameters": parameters });
        }
    }
}
