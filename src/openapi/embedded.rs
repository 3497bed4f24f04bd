//! A description that stands in the middle of a script: `SwaggerUIBundle({ spec: { … } })`, `Redoc.init({ … })`,
//! `__redoc_state = { spec: { data: { … } } }`, `let options = { "swaggerDoc": { … } }`.

use serde::Deserialize;
use serde_json::{Deserializer, Value};

use super::sniff::version_keys;

/// How many braces before the version are tried as the beginning of the description.
const MOST_BRACES: usize = 400;
/// How many mentions of a version are looked at.
const MOST_MENTIONS: usize = 8;

/// The first description that stands in a text as JSON: an object that itself states its version.
pub fn embedded(text: &str) -> Option<Value> {
    version_keys(text).take(MOST_MENTIONS).find_map(|at| enclosing(text, at))
}

/// The innermost JSON object around a place that has a version among its own keys. Objects before the place end
/// before it, so each wrong brace costs no more than its own object.
fn enclosing(text: &str, at: usize) -> Option<Value> {
    let before = text.get(..at)?;
    before.rmatch_indices('{').take(MOST_BRACES).find_map(|(start, _)| {
        let mut reader = Deserializer::from_str(text.get(start..)?);
        let value = Value::deserialize(&mut reader).ok()?;
        (value.get("openapi").is_some() || value.get("swagger").is_some()).then_some(value)
    })
}

#[cfg(test)]
mod tests {
    use super::embedded;

    #[test]
    fn json_is_found_in_scripts() {
        let check = |script: &str, json: Option<&str>| {
            assert_eq!(embedded(script).map(|value| value.to_string()).as_deref(), json, "{script}");
        };
        let spec = r#"{"openapi":"3.0.0","info":{"title":"A } { in text"}}"#;
        check(
            &format!("window.onload = () => SwaggerUIBundle({{ spec: {spec}, dom_id: '#x' }})"),
            Some(spec),
        );
        let late = r#"{"info":{"title":"x"},"tags":[{"name":"y"}],"openapi":"3.1.0"}"#;
        check(&format!("const __redoc_state = {{\"spec\":{{\"data\":{late}}}}};"), Some(late));
        check("// openapi: 3.0 is shown\nrender()", None);
        check("Redoc.init({ openapi: '3.0.0', info: {} })", None);
    }
}
