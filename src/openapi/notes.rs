//! What a schema says of its values besides their type: default, choices, limits, who may set them.

use serde_json::Value;

use super::resolve::Node;
use super::type_line::value_code;
use super::words::{code, join, text};
use super::writer::Writer;
use crate::document::Inline;

/// The most choices that are listed on a line.
const MOST_CHOICES: usize = 200;
/// The longest example that stands on a line, in bytes of JSON.
const LONGEST_EXAMPLE: usize = 200;

impl Writer<'_> {
    /// The cell that describes a field or a parameter: its description, then what the schema says, on one line each.
    pub(super) fn describe(&self, node: Node<'_>, schema: Option<Node<'_>>) -> Vec<Inline> {
        let own = self.description(node);
        let of_schema = schema.and_then(|schema| self.description(schema)).filter(|text| Some(*text) != own);
        let deprecated = self.files.resolve(node).is("deprecated")
            || schema.is_some_and(|schema| self.files.resolve(schema).is("deprecated"));
        let mut lines = Vec::new();
        if deprecated {
            lines.push(vec![Inline::Strong(vec![text("Deprecated.")])]);
        }
        // The prose of a named schema stands where the schema is written out.
        let named = schema.is_some_and(|schema| self.files.schema_name(schema).is_some());
        lines.extend(own.map(|own| self.line(own)));
        lines.extend(of_schema.filter(|_| !named || own.is_none()).map(|text| self.line(text)));
        lines.extend(schema.map(|schema| self.schema_notes(schema)).unwrap_or_default());
        if schema.is_none_or(|schema| schema.value != node.value) {
            lines.extend(examples(self.files.resolve(node)));
        }
        let mut unique: Vec<Vec<Inline>> = Vec::new();
        for line in lines {
            if !unique.contains(&line) {
                unique.push(line);
            }
        }
        join(unique, &Inline::Break)
    }

    /// The notes on the schema of a field. Of one that has a name and is written out elsewhere, only its choices.
    fn schema_notes(&self, schema: Node<'_>) -> Vec<Vec<Inline>> {
        let is_named = self.files.schema_name(schema).is_some();
        let schema = self.files.resolve(schema);
        if is_named {
            return choices(schema)
                .map(|choices| [vec![text("Choices: ")], choices].concat())
                .into_iter()
                .collect();
        }
        let mut lines = notes(schema);
        let items = schema.get("items").filter(|items| self.files.schema_name(*items).is_none());
        lines.extend(items.and_then(|items| notes_of_items(self.files.resolve(items))));
        lines
    }
}

/// What a schema says in keywords, a line each.
pub(super) fn notes(schema: Node<'_>) -> Vec<Vec<Inline>> {
    let mut lines = Vec::new();
    let mut note = |label: &str, value: Option<Vec<Inline>>| {
        lines.extend(value.map(|value| [vec![text(format!("{label}: "))], value].concat()));
    };
    let stated = |key: &str| schema.value.get(key).filter(|value| !value.is_null());
    note("Choices", choices(schema));
    note("Always", stated("const").map(|value| vec![value_code(value)]));
    note("Default", schema.value.get("default").map(|value| vec![value_code(value)]));
    note("Range", range(schema.value));
    note("Multiple of", stated("multipleOf").map(|value| vec![value_code(value)]));
    note("Length", span(schema.value, "minLength", "maxLength"));
    note("Items", span(schema.value, "minItems", "maxItems"));
    note("Properties", span(schema.value, "minProperties", "maxProperties"));
    note("Pattern", schema.text("pattern").map(|pattern| vec![code(pattern)]));
    note("Encoding", schema.text("contentEncoding").map(|encoding| vec![code(encoding)]));
    for (key, words) in
        [("uniqueItems", "Items are unique."), ("readOnly", "Read-only."), ("writeOnly", "Write-only.")]
    {
        lines.extend(schema.is(key).then(|| vec![text(words)]));
    }
    lines.extend(discriminator(schema));
    lines.extend(examples(schema));
    lines
}

fn notes_of_items(items: Node<'_>) -> Option<Vec<Inline>> {
    let each = notes(items);
    (!each.is_empty()).then(|| [vec![text("Each item: ")], join(each, &text("; "))].concat())
}

/// The values of `enum`, with what `x-enum-descriptions` or `x-enumDescriptions` say of them.
fn choices(schema: Node<'_>) -> Option<Vec<Inline>> {
    let values = schema.value.get("enum")?.as_array()?;
    let told = ["x-enumDescriptions", "x-enum-descriptions"].iter().find_map(|key| schema.value.get(key));
    let line = |(place, value): (usize, &Value)| {
        let told = told.and_then(|told| match told {
            Value::Array(texts) => texts.get(place),
            told => told.get(super::type_line::value_text(value)),
        });
        let told = told.and_then(Value::as_str).map(|told| text(format!(" ({told})")));
        std::iter::once(value_code(value)).chain(told).collect()
    };
    let line = join(values.iter().take(MOST_CHOICES).enumerate().map(line), &text(", "));
    (!line.is_empty()).then_some(line)
}

/// The limits of a number. Exclusive ones are numbers (JSON Schema 2020-12) or say so of the others (OpenAPI 3.0).
fn range(schema: &Value) -> Option<Vec<Inline>> {
    let limit = |limit: &str, exclusive: &str, sign: &str| {
        let (limit, exclusive) = (schema.get(limit), schema.get(exclusive));
        match exclusive {
            Some(Value::Number(number)) => Some(format!("{sign} {number}")),
            Some(Value::Bool(true)) => limit.map(|limit| format!("{sign} {limit}")),
            _ => limit.filter(|limit| limit.is_number()).map(|limit| format!("{sign}= {limit}")),
        }
    };
    let lower = limit("minimum", "exclusiveMinimum", ">");
    let upper = limit("maximum", "exclusiveMaximum", "<");
    let limits: Vec<String> = lower.into_iter().chain(upper).collect();
    (!limits.is_empty()).then(|| join(limits.into_iter().map(|limit| vec![code(limit)]), &text(", ")))
}

fn span(schema: &Value, least: &str, most: &str) -> Option<Vec<Inline>> {
    let number = |key: &str| schema.get(key).filter(|value| value.is_number());
    let words = match (number(least), number(most)) {
        (Some(least), Some(most)) if least == most => format!("{least}"),
        (Some(least), Some(most)) => format!("{least} to {most}"),
        (Some(least), None) => format!("at least {least}"),
        (None, Some(most)) => format!("at most {most}"),
        (None, None) => return None,
    };
    Some(vec![text(words)])
}

fn discriminator(schema: Node<'_>) -> Option<Vec<Inline>> {
    let discriminator = schema.get("discriminator")?;
    let property = discriminator.text("propertyName").or_else(|| discriminator.value.as_str())?;
    let mut line = vec![text("Told apart by "), code(property)];
    let mapping = discriminator.get("mapping");
    let values = mapping.into_iter().flat_map(Node::entries).map(|(value, target)| {
        let name = target.value.as_str().and_then(|target| target.rsplit('/').next()).unwrap_or_default();
        vec![code(value), text(format!(" for {name}"))]
    });
    let values = join(values, &text(", "));
    if !values.is_empty() {
        line.push(text(": "));
        line.extend(values);
    }
    Some(line)
}

/// Examples that are short enough for a line.
fn examples(node: Node<'_>) -> Option<Vec<Inline>> {
    let one = node.value.get("example").into_iter();
    let listed = node.get("examples");
    let several = listed.into_iter().flat_map(|list| {
        let named = list.entries().filter_map(|(_, example)| example.value.get("value"));
        list.items().map(|item| item.value).chain(named).collect::<Vec<_>>()
    });
    let short: Vec<Vec<Inline>> = one
        .chain(several)
        .filter(|value| !value.is_object() && value_code_length(value) <= LONGEST_EXAMPLE)
        .map(|value| vec![value_code(value)])
        .collect();
    let label = if short.len() == 1 { "Example: " } else { "Examples: " };
    (!short.is_empty()).then(|| [vec![text(label)], join(short, &text(", "))].concat())
}

fn value_code_length(value: &Value) -> usize {
    value.to_string().len()
}
