//! The type of a schema in a few words: `integer (int64) or null`, `array of Pet`, `map of string`.

use serde_json::Value;

use super::resolve::Node;
use super::words::{code, join, text};
use super::writer::Writer;
use crate::document::Inline;

/// The deepest type that is spelled out.
const DEEPEST: usize = 8;
/// The most alternatives that are named on one line.
const MOST_VARIANTS: usize = 40;

impl Writer<'_> {
    /// The type of a schema, named schemas as links.
    pub(super) fn type_line(&self, schema: Node<'_>) -> Vec<Inline> {
        self.type_at(schema, 0)
    }

    fn type_at(&self, schema: Node<'_>, depth: usize) -> Vec<Inline> {
        if let Some(name) = self.files.schema_name(schema) {
            return vec![self.schema_link(&name)];
        }
        let schema = self.files.resolve(schema);
        if depth > DEEPEST {
            return vec![text("object")];
        }
        let mut alternatives = Vec::new();
        for key in ["oneOf", "anyOf"] {
            let variants = schema.get(key).into_iter().flat_map(|list| list.items().take(MOST_VARIANTS));
            alternatives.extend(variants.map(|variant| self.type_at(variant, depth + 1)));
        }
        if alternatives.is_empty() {
            alternatives = self.plain_types(schema, depth);
        }
        let nullable = schema.is("nullable") || schema.is("x-nullable");
        if nullable && !alternatives.contains(&vec![text("null")]) {
            alternatives.push(vec![text("null")]);
        }
        let mut unique: Vec<Vec<Inline>> = Vec::new();
        for alternative in alternatives {
            if !unique.contains(&alternative) {
                unique.push(alternative);
            }
        }
        join(unique, &text(" or "))
    }

    /// The types of a schema without alternatives; several where `type` is a list.
    fn plain_types(&self, schema: Node<'_>, depth: usize) -> Vec<Vec<Inline>> {
        if let Some(parts) = schema.get("allOf") {
            let named: Vec<Vec<Inline>> = parts
                .items()
                .filter_map(|part| self.files.schema_name(part))
                .map(|name| vec![self.schema_link(&name)])
                .collect();
            if !named.is_empty() {
                return vec![join(named, &text(" and "))];
            }
        }
        match schema.value.get("type") {
            Some(Value::Array(types)) => types
                .iter()
                .filter_map(Value::as_str)
                .map(|kind| self.one_type(schema, kind, depth))
                .collect(),
            Some(Value::String(kind)) => vec![self.one_type(schema, kind, depth)],
            _ => vec![self.one_type(schema, implied_type(schema.value), depth)],
        }
    }

    fn one_type(&self, schema: Node<'_>, kind: &str, depth: usize) -> Vec<Inline> {
        match kind {
            "array" => {
                let items = schema.get("items").map(|items| self.type_at(items, depth + 1));
                match items.filter(|items| !items.is_empty() && *items != [text("any")]) {
                    Some(items) => [vec![text("array of ")], items].concat(),
                    None => vec![text("array")],
                }
            }
            "object" if schema.get("properties").is_none() => {
                let values = schema.get("additionalProperties").filter(|values| values.value.is_object());
                match values.map(|values| self.type_at(values, depth + 1)) {
                    Some(values) if values != [text("any")] => [vec![text("map of ")], values].concat(),
                    _ => vec![text("object")],
                }
            }
            kind => {
                let format = schema.text("format").or_else(|| schema.text("contentMediaType"));
                vec![text(format.map_or(kind.to_owned(), |format| format!("{kind} ({format})")))]
            }
        }
    }
}

/// The type of a schema that states none.
fn implied_type(schema: &Value) -> &'static str {
    let has = |keys: &[&str]| keys.iter().any(|key| schema.get(key).is_some());
    if has(&["properties", "additionalProperties", "patternProperties", "allOf"]) {
        return "object";
    }
    if has(&["items", "prefixItems"]) {
        return "array";
    }
    let value = schema.get("const").or_else(|| schema.get("enum")?.get(0));
    match value {
        Some(Value::String(_)) => "string",
        Some(Value::Number(number)) if number.is_f64() => "number",
        Some(Value::Number(_)) => "integer",
        Some(Value::Bool(_)) => "boolean",
        _ => "any",
    }
}

/// A value as it would stand in code: texts without quotes.
pub(super) fn value_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A value as code.
pub(super) fn value_code(value: &Value) -> Inline {
    let text = value_text(value);
    code(if text.is_empty() { "\"\"".to_owned() } else { text })
}
