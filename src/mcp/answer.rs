//! What a tool gives back: structured, of bounded size, with a short text beside.

use rmcp::model::{CallToolResult, ContentBlock};
use serde_json::{Map, Value, json};

use crate::mcp::child::Ended;
use crate::mcp::error::ToolError;
use crate::mcp::paging::{Page, page_of_list, page_of_text};

/// The largest structured result, in bytes of JSON. An agent reads it whole, so it is far less than what a page holds.
pub const LARGEST: usize = 40_000;
/// The longest text beside it, in bytes.
const LONGEST_TEXT: usize = 12_000;
/// Entries of a list that the text names.
const NAMED: usize = 12;

/// What a command's result becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// An object as it is.
    Object,
    /// A list, whole or below a key of an object, of which a page is given below that key. An object without that key is
    /// the only entry.
    List(&'static str, Page),
    /// A text below a key of an object, of which a page is given.
    Text(&'static str, Page),
    /// The report of a check of selectors, without what a profile has for other sites: inherited selectors that match
    /// nowhere are counted, not listed.
    Selectors,
}

/// The result of a command that ended.
///
/// # Errors
///
/// A [`ToolError`] with what the command said, its hint and exit code.
pub fn answer(ended: &Ended, shape: &Shape) -> Result<CallToolResult, ToolError> {
    let value = value(ended)?;
    let mut object = match (value, shape) {
        (Value::Object(object), Shape::List(key, _)) if !object.contains_key(*key) => {
            Map::from_iter([((*key).to_owned(), json!([object]))])
        }
        (Value::Object(object), _) => object,
        (list @ Value::Array(_), Shape::List(key, _)) => Map::from_iter([((*key).to_owned(), list)]),
        (other, _) => Map::from_iter([("result".to_owned(), other)]),
    };
    object.values_mut().for_each(leave_out_null);
    object.retain(|_, value| !value.is_null());
    match shape {
        Shape::Object => {}
        Shape::Selectors => leave_out_unmatched(&mut object),
        Shape::List(key, page) => page_of_list(&mut object, key, *page),
        Shape::Text(key, page) => page_of_text(&mut object, key, *page),
    }
    object.insert("exit_code".to_owned(), json!(ended.code));
    if !ended.remarks.is_empty() {
        object.insert("remarks".to_owned(), json!(ended.remarks));
    }
    shorten(&mut object);
    let text = in_words(&object);
    let mut result = CallToolResult::structured(Value::Object(object));
    result.content = vec![ContentBlock::text(text)];
    Ok(result)
}

/// Leaves out keys that hold nothing: the output schemas know no `null`.
fn leave_out_null(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.retain(|_, value| !value.is_null());
            object.values_mut().for_each(leave_out_null);
        }
        Value::Array(items) => items.iter_mut().for_each(leave_out_null),
        _ => {}
    }
}

fn leave_out_unmatched(object: &mut Map<String, Value>) {
    let report = object.get_mut("report").and_then(Value::as_object_mut);
    let Some(report) = report else { return };
    let Some(Value::Array(selectors)) = report.get_mut("selectors") else { return };
    let all = selectors.len();
    selectors.retain(|selector| {
        selector.get("pages").and_then(Value::as_u64) != Some(0)
            || selector.get("own").and_then(Value::as_bool) == Some(true)
    });
    let left_out = all - selectors.len();
    report.insert("inherited_selectors_that_match_nowhere".to_owned(), json!(left_out));
}

/// What the command printed, where it is a result and not an error.
///
/// # Errors
///
/// A [`ToolError`] with what the command said, its hint and exit code.
pub fn value(ended: &Ended) -> Result<Value, ToolError> {
    let code = i64::from(ended.code);
    let Ok(value) = serde_json::from_str::<Value>(&ended.stdout) else {
        let said = ended.remarks.iter().find_map(|remark| remark.strip_prefix("error: "));
        let message = match said {
            Some(said) => format!("the command ended without a result: {said}"),
            None => "the command ended without a result".to_owned(),
        };
        let hint = "this is a fault of this version of skillcrawl; the command line may work";
        return Err(ToolError { exit_code: Some(code), ..ToolError::new(message).hint(hint) });
    };
    let is_failure = value.get("exit_code").is_some() && value.get("hint").is_some();
    match value.get("error").and_then(Value::as_str).filter(|_| is_failure) {
        None => Ok(value),
        Some(message) => {
            let hint = value.get("hint").and_then(Value::as_str).map(str::to_owned);
            Err(ToolError { message: message.to_owned(), hint, exit_code: Some(code) })
        }
    }
}

/// Cuts the longest lists and texts until the whole is small enough, and says which.
fn shorten(object: &mut Map<String, Value>) {
    let mut cut = Vec::new();
    while size(object) > LARGEST {
        let largest =
            object.iter().filter(|(key, _)| *key != "shortened").max_by_key(|(_, value)| size_of(value));
        let Some(key) = largest.map(|(key, _)| key.clone()) else { return };
        let Some(value) = object.get_mut(&key) else { return };
        if !halve(value) {
            object.shift_remove(&key);
        }
        if !cut.contains(&key) {
            cut.push(key);
        }
        object.insert("shortened".to_owned(), json!(cut));
    }
}

/// Leaves half of the largest list or text in a value; `false` where there is nothing to leave out.
fn halve(value: &mut Value) -> bool {
    match value {
        Value::Array(items) if items.len() > 1 => items.truncate(items.len() / 2),
        Value::String(text) if text.len() > 100 => {
            let at = text.floor_char_boundary(text.len() / 2);
            text.truncate(at);
            text.push('…');
        }
        Value::Array(items) => return items.iter_mut().any(halve),
        Value::Object(object) => {
            let largest = object.iter_mut().max_by_key(|(_, value)| size_of(value));
            return largest.is_some_and(|(_, value)| halve(value));
        }
        _ => return false,
    }
    true
}

fn size(object: &Map<String, Value>) -> usize {
    serde_json::to_string(object).map_or(usize::MAX, |json| json.len())
}

fn size_of(value: &Value) -> usize {
    value.to_string().len()
}

/// The result in a few lines: each key with what it holds, lists by their first entries.
fn in_words(object: &Map<String, Value>) -> String {
    let mut text = String::new();
    for (key, value) in object {
        let line = match value {
            Value::Array(items) if items.is_empty() => format!("{key}: none"),
            Value::Array(items) => list_in_words(key, items),
            Value::String(string) if string.contains('\n') => format!("{key}:\n{string}"),
            value => format!("{key}: {}", short(value)),
        };
        text.push_str(&line);
        text.push('\n');
        if text.len() > LONGEST_TEXT {
            text.truncate(text.floor_char_boundary(LONGEST_TEXT));
            text.push_str("…\n");
            break;
        }
    }
    text.trim_end().to_owned()
}

fn list_in_words(key: &str, items: &[Value]) -> String {
    let named = items.iter().take(NAMED).map(|item| format!("\n- {}", short(item).replace('\n', "\n  ")));
    let more = items.len().saturating_sub(NAMED);
    let rest = if more > 0 { format!("\n- … and {more} more") } else { String::new() };
    format!("{key} ({}):{}{rest}", items.len(), named.collect::<String>())
}

/// A value on a line, without the marks of JSON, and without what says nothing: empty values, zeros and negations.
fn short(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let named = items.iter().take(NAMED).map(short).collect::<Vec<_>>().join(", ");
            let more = items.len().saturating_sub(NAMED);
            if more > 0 { format!("{named}, … and {more} more") } else { named }
        }
        Value::Object(object) => {
            let told = object.iter().filter(|(_, value)| says_something(value));
            told.map(|(key, value)| format!("{key} {}", short(value))).collect::<Vec<_>>().join("; ")
        }
        value => value.to_string(),
    }
}

fn says_something(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::Bool(true) => true,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(object) => object.values().any(says_something),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{LARGEST, Shape, answer};
    use crate::mcp::child::Ended;
    use crate::mcp::paging::Page;

    fn ended(value: &Value, code: i32) -> Ended {
        Ended { stdout: value.to_string(), remarks: Vec::new(), code }
    }

    #[test]
    fn a_list_comes_in_pages() {
        let list = json!([{"name": "a"}, {"name": "b"}, {"name": "c"}]);
        let page = Page { offset: 1, limit: 1 };
        let result = answer(&ended(&list, 0), &Shape::List("configs", page)).unwrap();
        let value = result.structured_content.unwrap();
        assert_eq!(value, json!({"configs": [{"name": "b"}], "total": 3, "next_offset": 2, "exit_code": 0}));
        let text = result.content[0].as_text().unwrap().text.clone();
        assert_eq!(text, "configs (1):\n- name b\ntotal: 3\nnext_offset: 2\nexit_code: 0");
    }

    #[test]
    fn a_failure_is_told_with_its_hint() {
        let failure = json!({"error": "there is no config", "hint": "did you mean `a`?", "exit_code": 2});
        let error = answer(&ended(&failure, 2), &Shape::Object).unwrap_err();
        assert_eq!((error.message.as_str(), error.exit_code), ("there is no config", Some(2)));
        let result = error.into_result();
        assert_eq!(result.is_error, Some(true));
        assert!(result.content[0].as_text().unwrap().text.contains("hint: did you mean `a`?"));
        assert!(answer(&ended(&json!({"error": "of a config", "valid": false}), 2), &Shape::Object).is_ok());
    }

    #[test]
    fn nothing_that_comes_back_is_larger_than_it_may_be() {
        let long: Vec<String> = (0..5000).map(|number| format!("entry {number} of many")).collect();
        let value =
            json!({"name": "docs", "references": long, "text": "x".repeat(90_000), "deep": {"list": long}});
        let result = answer(&ended(&value, 0), &Shape::Object).unwrap();
        let value = result.structured_content.unwrap();
        assert!(value.to_string().len() <= LARGEST && value["name"] == "docs");
        assert!(!value["shortened"].as_array().unwrap().is_empty());
        assert!(result.content[0].as_text().unwrap().text.len() < 13_000);
    }
}
