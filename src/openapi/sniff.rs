//! Is this text an API description? Answered without parsing it.

/// The largest description that is read, in bytes. The largest published ones are about 12 MB.
pub const LARGEST: usize = 20 << 20;

/// How much of a text must show what it is before the rest is looked at.
const HEAD: usize = 4 << 10;

/// Top-level keys that may stand before the version where keys are sorted.
const FIRST_KEYS: [&str; 8] = [
    "basePath",
    "components",
    "consumes",
    "definitions",
    "externalDocs",
    "host",
    "info",
    "jsonSchemaDialect",
];

/// Whether a body looks like an OpenAPI or Swagger description in JSON or YAML.
///
/// The first kilobytes decide for nearly everything: they hold the version, or a key that stands before it where keys
/// are sorted, or the text is something else.
pub fn is_description(body: &[u8]) -> bool {
    if body.len() > LARGEST {
        return false;
    }
    let head = String::from_utf8_lossy(body.get(..HEAD).unwrap_or(body));
    if states_version(&head) {
        return true;
    }
    let sorted = FIRST_KEYS.iter().any(|key| has_key(&head, key)) || head.contains("\"x-");
    sorted && body.len() > HEAD && std::str::from_utf8(body).is_ok_and(states_version)
}

/// Whether `openapi: 3…` or `swagger: 2.0` stands anywhere in the text, as JSON or YAML writes it.
pub(super) fn states_version(text: &str) -> bool {
    version_keys(text).next().is_some()
}

/// Where the keys `openapi` and `swagger` stand that are followed by a version: the byte after the opening quote, if
/// there is one.
pub(super) fn version_keys(text: &str) -> impl Iterator<Item = usize> {
    [("openapi", "3."), ("swagger", "2.")].into_iter().flat_map(move |(key, version)| {
        text.match_indices(key).map(|(at, _)| at).filter(move |at| {
            let after = text.get(at + key.len()..).unwrap_or_default();
            let after = after.trim_start_matches(['"', '\'']).trim_start();
            let value =
                after.strip_prefix(':').map(|value| value.trim_start().trim_start_matches(['"', '\'']));
            value.is_some_and(|value| value.starts_with(version))
        })
    })
}

/// Whether a line or an object begins with the key.
fn has_key(head: &str, key: &str) -> bool {
    head.match_indices(key).any(|(at, _)| {
        let before = head.get(..at).unwrap_or_default();
        let after = head.get(at + key.len()..).unwrap_or_default();
        let opened = before.is_empty() || before.ends_with(['"', '\'', '\n']);
        opened && after.trim_start_matches(['"', '\'']).trim_start().starts_with(':')
    })
}

#[cfg(test)]
mod tests {
    use super::{LARGEST, is_description};

    #[test]
    fn the_head_decides() {
        let check = |text: &str, is: bool| assert_eq!(is_description(text.as_bytes()), is, "{text}");
        check(r#"{"openapi": "3.0.3", "info": {}}"#, true);
        check("openapi: 3.1.0\ninfo: {}\n", true);
        check("# A comment\n'swagger': '2.0'\n", true);
        check(r#"{ "swagger" : "2.0" }"#, true);
        check(r#"{"version": "3.0", "items": []}"#, false);
        check(r#"{"openapi": true}"#, false);
        check("swagger: a way to walk\n", false);
        check("", false);
    }

    #[test]
    fn sorted_keys_may_put_the_version_late() {
        let late =
            |first: &str| format!("{{\"{first}\": \"{}\", \"openapi\": \"3.0.0\"}}", "x".repeat(9_000));
        assert!(is_description(late("components").as_bytes()));
        assert!(!is_description(late("index").as_bytes()));
        assert!(!is_description(&vec![b' '; LARGEST + 1]));
    }
}
