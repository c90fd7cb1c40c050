//! JSON Schemas (2020-12) of what goes in and comes out, from the types themselves.

use std::sync::Arc;

use rmcp::model::JsonObject;
use rmcp::schemars::JsonSchema;
use rmcp::schemars::generate::SchemaSettings;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::web::api::tidy::tidy_shape;

/// Of the arguments of a tool.
pub fn input<T: JsonSchema>() -> Arc<JsonObject> {
    let schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>();
    object(schema.to_value())
}

/// Of the answer of a tool: the same that the OpenAPI document says, with its references kept inside.
pub fn output<T: ToSchema>() -> Arc<JsonObject> {
    let mut shapes = Vec::new();
    T::schemas(&mut shapes);
    let mut root = serde_json::to_value(T::schema()).unwrap_or_default();
    tidy_shape(&T::name(), &mut root);
    let mut inner = serde_json::Map::new();
    for (name, shape) in shapes {
        let mut shape = serde_json::to_value(shape).unwrap_or_default();
        tidy_shape(&name, &mut shape);
        inner.insert(name, shape);
    }
    root["type"] = json!("object");
    root["$defs"] = Value::Object(inner);
    inside(&mut root);
    object(root)
}

fn object(schema: Value) -> Arc<JsonObject> {
    match schema {
        Value::Object(schema) => Arc::new(schema),
        _ => Arc::default(),
    }
}

fn inside(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(inside),
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get_mut("$ref") {
                *reference = reference.replace("#/components/schemas/", "#/$defs/");
            }
            members.values_mut().for_each(inside);
        }
        _ => {}
    }
}
