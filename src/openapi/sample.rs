//! Examples as code: those that the description gives, or for a request one put together from the values that it gives
//! for the fields. Where it gives none, there is no example: it would only say the types again.

use serde_json::{Map, Value, json};

use super::resolve::Node;
use super::writer::Writer;
use crate::document::{Block, CodeBlock, Inline};

const DEEPEST: usize = 10;
/// The most values that an example may be put together from.
const MOST_VALUES: usize = 300;
/// The most named examples of one body.
const MOST_NAMED: usize = 30;
/// The longest example, in bytes.
const LONGEST: usize = 100_000;

/// Which way a body goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Request,
    Response,
}

/// An example on its way.
struct Sample {
    /// Whether any value is the author's.
    is_given: bool,
    values: usize,
    above: Vec<*const Value>,
}

impl Writer<'_> {
    /// The examples of a body in one media type, each a block of code.
    pub(super) fn examples(
        &self,
        media_type: &str,
        media: Node<'_>,
        label: &str,
        direction: Direction,
    ) -> Vec<Block> {
        let caption = format!("{label} ({media_type})");
        if let Some(example) = media.value.get("example") {
            return self.example(media_type, example, caption, None);
        }
        let named: Vec<Block> = media
            .get("examples")
            .into_iter()
            .flat_map(Node::entries)
            .take(MOST_NAMED)
            .flat_map(|(name, example)| {
                let example = self.files.resolve(example);
                let title = example.text("summary").unwrap_or(name);
                let value =
                    ["value", "dataValue", "serializedValue"].iter().find_map(|key| example.value.get(key));
                let told = example.text("description");
                value.map_or_else(Vec::new, |value| {
                    self.example(media_type, value, format!("{label}: {title} ({media_type})"), told)
                })
            })
            .collect();
        if !named.is_empty() {
            return named;
        }
        // What comes back is written out under its name, and so is its example; what is sent is put together here.
        let sample = media.get("schema").filter(|_| direction == Direction::Request && is_json(media_type));
        let sample = sample.and_then(|schema| self.sample(schema));
        sample.map_or_else(Vec::new, |sample| self.example(media_type, &sample, caption, None))
    }

    /// The example of a schema by itself.
    pub(super) fn schema_example(&self, schema: Node<'_>) -> Vec<Block> {
        let schema = self.files.resolve(schema);
        let example = schema.value.get("example").or_else(|| schema.value.get("examples")?.get(0));
        let example = example.filter(|example| example.is_object() || example.is_array());
        example.map_or_else(Vec::new, |example| {
            self.example("application/json", example, "Example".to_owned(), None)
        })
    }

    fn example(&self, media_type: &str, value: &Value, caption: String, told: Option<&str>) -> Vec<Block> {
        let written = match value {
            Value::String(text) => text.trim_end().to_owned(),
            value => serde_json::to_string_pretty(value).unwrap_or_default(),
        };
        if written.is_empty() || written.len() > LONGEST {
            return Vec::new();
        }
        let language =
            if value.is_object() || value.is_array() { Some("json") } else { language_of(media_type) };
        let mut blocks = vec![Block::Paragraph(vec![Inline::Strong(vec![Inline::Text(caption)])])];
        blocks.extend(told.into_iter().flat_map(|told| self.prose(told, 6)));
        let language = language.map(str::to_owned);
        blocks.push(Block::Code(CodeBlock { language, caption: None, text: written }));
        blocks
    }

    fn sample(&self, schema: Node<'_>) -> Option<Value> {
        let mut sample = Sample { is_given: false, values: 0, above: Vec::new() };
        let value = self.sample_of(schema, &mut sample);
        value.filter(|_| sample.is_given && sample.values <= MOST_VALUES)
    }

    fn sample_of(&self, schema: Node<'_>, sample: &mut Sample) -> Option<Value> {
        let schema = self.files.resolve(schema);
        let is_circle = sample.above.iter().any(|above| std::ptr::eq(*above, schema.value));
        sample.values += 1;
        if is_circle || sample.above.len() > DEEPEST || sample.values > MOST_VALUES {
            return None;
        }
        let value = schema.value;
        let given = value.get("example").or_else(|| value.get("examples")?.get(0));
        let given = given.or_else(|| value.get("default")).or_else(|| value.get("const"));
        if let Some(given) = given.or_else(|| value.get("enum")?.get(0)) {
            sample.is_given = true;
            return Some(given.clone());
        }
        sample.above.push(value);
        let made = self.composed(schema, sample);
        sample.above.pop();
        made
    }

    fn composed(&self, schema: Node<'_>, sample: &mut Sample) -> Option<Value> {
        if let Some(variant) = ["oneOf", "anyOf"].iter().find_map(|key| schema.get(key)?.items().next()) {
            return self.sample_of(variant, sample);
        }
        if schema.get("properties").is_some() || schema.get("allOf").is_some() {
            let mut fields = Map::new();
            for part in schema.get("allOf").into_iter().flat_map(Node::items) {
                if let Some(Value::Object(part)) = self.sample_of(part, sample) {
                    fields.extend(part);
                }
            }
            for (name, property) in schema.get("properties").into_iter().flat_map(Node::entries) {
                let resolved = self.files.resolve(property);
                if resolved.is("readOnly") || resolved.is("deprecated") {
                    continue;
                }
                if let Some(value) = self.sample_of(property, sample) {
                    fields.insert(name.to_owned(), value);
                }
            }
            return Some(Value::Object(fields));
        }
        if let Some(items) = schema.get("items") {
            return Some(self.sample_of(items, sample).map_or_else(|| json!([]), |item| json!([item])));
        }
        let kind = schema.value.get("type").and_then(|kind| kind.as_str().or_else(|| kind.get(0)?.as_str()));
        Some(match kind? {
            "string" => json!("string"),
            "integer" | "number" => json!(0),
            "boolean" => json!(true),
            "array" => json!([]),
            "object" => json!({}),
            _ => return None,
        })
    }
}

fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence.ends_with("/json") || essence.ends_with("+json") || essence == "*/*"
}

fn language_of(media_type: &str) -> Option<&'static str> {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.rsplit(['/', '+']).next().unwrap_or_default() {
        "json" => Some("json"),
        "xml" => Some("xml"),
        "yaml" | "x-yaml" => Some("yaml"),
        "html" => Some("html"),
        _ => None,
    }
}
