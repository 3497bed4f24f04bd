//! The JSON Schemas of what tools take and give, as clients check them.

use std::any::Any;
use std::sync::Arc;

use rmcp::handler::server::tool::schema_for_type;
use rmcp::model::JsonObject;
use schemars::JsonSchema;
use serde_json::Value;

/// The schema of a type (JSON Schema 2020-12). Left out is what says nothing to a caller, or what clients differ in: the
/// names of our types, formats of numbers that no validator outside of Rust knows, and `null` for what is not there. Such
/// a key may be left out, and we leave it out too.
pub fn schema<T: JsonSchema + Any>() -> Arc<JsonObject> {
    let mut schema = Value::Object(schema_for_type::<T>().as_ref().clone());
    tidy(&mut schema);
    let mut object = match schema {
        Value::Object(object) => object,
        _ => JsonObject::new(),
    };
    for key in ["$schema", "title", "description"] {
        object.remove(key);
    }
    Arc::new(object)
}

/// Turns "this or null" into "this".
fn leave_out_null(schema: &mut JsonObject) {
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|kind| kind != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            schema.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(choices)) = schema.get_mut("anyOf") {
        choices.retain(|choice| choice.get("type").is_none_or(|kind| kind != "null"));
        if let [Value::Object(only)] = choices.as_slice() {
            let only = only.clone();
            schema.remove("anyOf");
            schema.extend(only);
        }
    }
}

fn tidy(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            let is_number = |format: &Value| {
                format.as_str().is_some_and(|format| {
                    ["int", "uint", "float", "double"].iter().any(|kind| format.starts_with(kind))
                })
            };
            if object.get("format").is_some_and(is_number) {
                object.remove("format");
            }
            leave_out_null(object);
            if let Some(Value::String(description)) = object.get_mut("description") {
                // Where a line of our source ends means nothing.
                *description = description.replace('\n', " ");
            }
            object.values_mut().for_each(tidy);
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}
