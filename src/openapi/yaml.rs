//! YAML to a JSON value, within bounds.
//!
//! The parser is asked for one event at a time: its own loader recurses, and a text of ten thousand brackets would end
//! the program. What JSON has no form for (keys that are no scalars) is an error; aliases are expanded while the whole
//! stays within its bounds, merge keys (`<<`) as viewers do it.

use std::collections::HashMap;

use serde_json::{Map, Number, Value};
use yaml_rust2::Yaml;
use yaml_rust2::parser::{Event, Parser, Tag};
use yaml_rust2::scanner::TScalarStyle;

/// The deepest nesting that is read, as in `serde_json`.
const DEEPEST: usize = 128;
/// The most values that a text may make, aliases expanded.
const MOST_VALUES: usize = 4_000_000;
const MERGE: &str = "<<";

/// Reads the first document of a text; the error says in words what is wrong.
pub(super) fn parse(text: &str) -> Result<Value, String> {
    let mut parser = Parser::new_from_str(text);
    let mut loader = Loader::default();
    loop {
        let (event, _) = parser.next_token().map_err(|error| error.to_string())?;
        match event {
            Event::StreamEnd | Event::DocumentEnd => {
                return loader.root.ok_or_else(|| "the text is empty".to_owned());
            }
            event => loader.take(event)?,
        }
    }
}

#[derive(Default)]
struct Loader {
    open: Vec<Frame>,
    root: Option<Value>,
    /// Anchored values with the number of values in each.
    anchors: HashMap<usize, (Value, usize)>,
    values: usize,
}

/// A collection that is not closed yet.
struct Frame {
    anchor: usize,
    /// How many values there were before it.
    before: usize,
    content: Content,
}

enum Content {
    Sequence(Vec<Value>),
    Mapping { entries: Map<String, Value>, key: Option<String>, merged: Vec<Value> },
}

impl Loader {
    fn take(&mut self, event: Event) -> Result<(), String> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let value = scalar(text, style, tag.as_ref());
                self.put(value, anchor, 1)
            }
            Event::SequenceStart(anchor, _) => self.begin(anchor, Content::Sequence(Vec::new())),
            Event::MappingStart(anchor, _) => {
                let content = Content::Mapping { entries: Map::new(), key: None, merged: Vec::new() };
                self.begin(anchor, content)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Alias(anchor) => {
                let (value, values) = self.anchors.get(&anchor).cloned().ok_or("an alias has no anchor")?;
                self.put(value, 0, values)
            }
            _ => Ok(()),
        }
    }

    fn begin(&mut self, anchor: usize, content: Content) -> Result<(), String> {
        if self.open.len() >= DEEPEST {
            return Err(format!("nested deeper than {DEEPEST} levels"));
        }
        self.open.push(Frame { anchor, before: self.values, content });
        Ok(())
    }

    fn end(&mut self) -> Result<(), String> {
        let Some(frame) = self.open.pop() else { return Ok(()) };
        let value = match frame.content {
            Content::Sequence(values) => Value::Array(values),
            Content::Mapping { mut entries, merged, .. } => {
                for (key, value) in merged.into_iter().flat_map(merged_entries) {
                    entries.entry(key).or_insert(value);
                }
                Value::Object(entries)
            }
        };
        let inside = self.values - frame.before;
        self.values = frame.before;
        self.put(value, frame.anchor, inside + 1)
    }

    /// Puts a value of `values` values where it belongs.
    fn put(&mut self, value: Value, anchor: usize, values: usize) -> Result<(), String> {
        self.values += values;
        if self.values > MOST_VALUES {
            return Err(format!("more than {MOST_VALUES} values"));
        }
        if anchor > 0 {
            self.anchors.insert(anchor, (value.clone(), values));
        }
        let Some(frame) = self.open.last_mut() else {
            self.root = Some(value);
            return Ok(());
        };
        match &mut frame.content {
            Content::Sequence(values) => values.push(value),
            Content::Mapping { entries, key, merged } => match key.take() {
                None => *key = Some(key_of(value)?),
                Some(name) if name == MERGE => merged.push(value),
                Some(name) => {
                    entries.insert(name, value);
                }
            },
        }
        Ok(())
    }
}

fn merged_entries(value: Value) -> Vec<(String, Value)> {
    match value {
        Value::Object(entries) => entries.into_iter().collect(),
        // Of several merged mappings the earlier wins.
        Value::Array(values) => values.into_iter().flat_map(merged_entries).collect(),
        _ => Vec::new(),
    }
}

fn key_of(value: Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text),
        Value::Null => Ok("null".to_owned()),
        Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
        Value::Array(_) | Value::Object(_) => Err("a key is no scalar".to_owned()),
    }
}

/// A scalar by the rules of YAML's core schema; what is quoted or tagged as text is text.
fn scalar(text: String, style: TScalarStyle, tag: Option<&Tag>) -> Value {
    if style != TScalarStyle::Plain || tag.is_some_and(|tag| tag.suffix == "str") {
        return Value::String(text);
    }
    match Yaml::from_str(&text) {
        Yaml::Integer(number) => Value::Number(number.into()),
        Yaml::Real(number) => {
            let number = number.parse().ok().and_then(Number::from_f64);
            number.map_or(Value::String(text), Value::Number)
        }
        Yaml::Boolean(value) => Value::Bool(value),
        Yaml::Null => Value::Null,
        _ => Value::String(text),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    fn check(yaml: &str, json: &str) {
        assert_eq!(parse(yaml).unwrap().to_string(), json);
    }

    #[test]
    fn scalars_keep_their_kind() {
        check(
            "a: 1\nb: '1'\nc: 1.5\nd: true\ne: ~\nf: 2024-01-01\n",
            r#"{"a":1,"b":"1","c":1.5,"d":true,"e":null,"f":"2024-01-01"}"#,
        );
        check("200: ok\n'404': no\ntrue: x\n", r#"{"200":"ok","404":"no","true":"x"}"#);
        check("a: |\n  one\n  two\nb: [x, {y: z}]\n", r#"{"a":"one\ntwo\n","b":["x",{"y":"z"}]}"#);
    }

    #[test]
    fn aliases_and_merge_keys_are_expanded() {
        check("a: &x {p: 1, q: 2}\nb: *x\n", r#"{"a":{"p":1,"q":2},"b":{"p":1,"q":2}}"#);
        check("a: &x {p: 1, q: 2}\nb:\n  <<: *x\n  q: 3\n", r#"{"a":{"p":1,"q":2},"b":{"q":3,"p":1}}"#);
    }

    #[test]
    fn hostile_texts_are_errors() {
        assert!(parse(&"[".repeat(10_000)).is_err());
        assert!(parse(&"- ".repeat(10_000)).is_err());
        assert!(parse(&"{a: ".repeat(10_000)).is_err());
        assert!(parse("? [a]\n: b\n").is_err());
        assert!(parse("").is_err());
        let mut laughs = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..12 {
            let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
            laughs.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
        }
        assert!(parse(&laughs).is_err());
    }
}
