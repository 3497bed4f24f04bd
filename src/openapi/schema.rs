//! A schema written out: its fields in a table, nested ones by their path (`owner.name`, `tags[].id`).
//!
//! Fields whose type is a named schema are links, so only what has no name is followed inwards. What `allOf` puts
//! together stands in one table; alternatives that have no name get a table each.

use std::collections::BTreeSet;

use serde_json::Value;

use super::resolve::Node;
use super::words::{code, strong, text};
use super::writer::Writer;
use crate::document::{Block, Inline, Table};

/// The deepest field that is written out.
const DEEPEST: usize = 12;
/// The most fields of one schema.
const MOST_FIELDS: usize = 1_000;
/// The most alternatives of one schema.
const MOST_VARIANTS: usize = 60;

/// The fields of a schema as they are collected.
#[derive(Default)]
struct Fields<'n> {
    rows: Vec<Vec<Vec<Inline>>>,
    seen: BTreeSet<String>,
    /// The schemas around the one that is read: one of them again is a circle.
    above: Vec<*const Value>,
    /// Alternatives at the top, to be written after the table.
    variants: Vec<Node<'n>>,
}

impl Writer<'_> {
    /// The fields of a schema, if it has any, and its alternatives. A name at the top is followed.
    pub(super) fn fields(&self, schema: Node<'_>, caption: &str) -> Vec<Block> {
        self.fields_at(schema, caption, 0)
    }

    fn fields_at(&self, schema: Node<'_>, caption: &str, depth: usize) -> Vec<Block> {
        let mut fields = Fields::default();
        self.collect(schema, "", &BTreeSet::new(), &mut fields);
        let mut blocks = Vec::new();
        if !fields.rows.is_empty() {
            let header = ["Field", "Type", "Required", "Description"];
            blocks.push(table(caption, &header, fields.rows));
        }
        for (place, variant) in fields.variants.iter().take(MOST_VARIANTS).enumerate() {
            let resolved = self.files.resolve(*variant);
            let title = resolved.text("title").map_or_else(String::new, |title| format!(": {title}"));
            let named = self.files.schema_name(*variant).is_some();
            if named || depth > 2 {
                continue;
            }
            let inner = self.fields_at(*variant, &format!("Alternative {}{title}", place + 1), depth + 1);
            if inner.is_empty() {
                continue;
            }
            blocks.extend(resolved.text("description").into_iter().flat_map(|text| self.prose(text, 6)));
            blocks.extend(inner);
        }
        blocks
    }

    /// Collects the fields of a schema whose own path ends in a point, or is empty at the top.
    fn collect<'n>(
        &'n self,
        schema: Node<'n>,
        path: &str,
        required: &BTreeSet<&'n str>,
        fields: &mut Fields<'n>,
    ) {
        let schema = self.files.resolve(schema);
        let is_circle = fields.above.iter().any(|above| std::ptr::eq(*above, schema.value));
        if is_circle || fields.above.len() > DEEPEST {
            return;
        }
        fields.above.push(schema.value);
        let own = schema.get("required").into_iter().flat_map(Node::items);
        let required: BTreeSet<&str> =
            required.iter().copied().chain(own.filter_map(|name| name.value.as_str())).collect();
        let parts = || schema.get("allOf").into_iter().flat_map(Node::items);
        let of_parts =
            parts().flat_map(|part| self.files.resolve(part).get("required")).flat_map(Node::items);
        let required = required.into_iter().chain(of_parts.filter_map(|name| name.value.as_str())).collect();
        for part in parts() {
            self.collect(part, path, &required, fields);
        }
        for (name, property) in schema.get("properties").into_iter().flat_map(Node::entries) {
            let is_required = required.contains(name) || property.is("required");
            self.push(property, &format!("{path}{name}"), is_required, fields);
        }
        for (pattern, values) in schema.get("patternProperties").into_iter().flat_map(Node::entries) {
            self.push(values, &format!("{path}{{{pattern}}}"), false, fields);
        }
        if let Some(values) = schema.get("additionalProperties").filter(|values| values.value.is_object()) {
            self.push(values, &format!("{path}{{key}}"), false, fields);
        }
        if let Some(items) = schema.get("items").filter(|items| self.files.schema_name(*items).is_none()) {
            self.collect(items, &format!("{}[].", path.trim_end_matches('.')), &BTreeSet::new(), fields);
        }
        for variant in ["oneOf", "anyOf"].into_iter().filter_map(|key| schema.get(key)).flat_map(Node::items)
        {
            if path.is_empty() {
                fields.variants.push(variant);
            } else if self.files.schema_name(variant).is_none() {
                self.collect(variant, path, &BTreeSet::new(), fields);
            }
        }
        fields.above.pop();
    }

    fn push<'n>(&'n self, schema: Node<'n>, name: &str, is_required: bool, fields: &mut Fields<'n>) {
        if fields.rows.len() >= MOST_FIELDS || !fields.seen.insert(name.to_owned()) || !self.take_row() {
            return;
        }
        let description = self.describe(schema, Some(schema));
        fields.rows.push(vec![vec![code(name)], self.type_line(schema), yes(is_required), description]);
        if self.files.schema_name(schema).is_none() {
            self.collect(schema, &format!("{name}."), &BTreeSet::new(), fields);
        }
    }
}

/// A table with its caption; a column that is empty in every row is left out, except for the first two.
pub(super) fn table(caption: &str, header: &[&str], rows: Vec<Vec<Vec<Inline>>>) -> Block {
    let used: Vec<bool> = (0..header.len())
        .map(|column| {
            column < 2 || rows.iter().any(|row| row.get(column).is_some_and(|cell| !cell.is_empty()))
        })
        .collect();
    let keep = |row: Vec<Vec<Inline>>| {
        row.into_iter().zip(&used).filter(|(_, used)| **used).map(|(cell, _)| cell).collect()
    };
    let caption = if caption.is_empty() { Vec::new() } else { vec![text(caption)] };
    Block::Table(Table {
        caption,
        header: keep(header.iter().map(|title| vec![text(*title)]).collect()),
        alignment: Vec::new(),
        rows: rows.into_iter().map(keep).collect(),
    })
}

pub(super) fn yes(is: bool) -> Vec<Inline> {
    if is { vec![text("yes")] } else { Vec::new() }
}

/// A line that begins with a label in bold.
pub(super) fn labelled(label: &str, content: Vec<Inline>) -> Block {
    let mut line = vec![strong(label), text(" ")];
    line.extend(content);
    Block::Paragraph(line)
}
