//! What the JSON parser says of a config, in words for who wrote it: its own name the types of this program.

/// The parser's words without a place in the text, which is told before them.
pub(super) fn in_words(message: &str) -> String {
    if let Some((found, expected)) = wrong_type(message) {
        return format!("expected {}, not {}", expected_in_words(expected), found_in_words(found));
    }
    if let Some(what) = message.strip_prefix("EOF while parsing ") {
        return format!("the text ends within {what}");
    }
    match message {
        "expected ident" | "expected value" => "this is no JSON; texts stand in double quotes".to_owned(),
        _ => match message.strip_prefix("duplicate field ") {
            Some(key) => format!("the key {key} is there twice"),
            None => message.to_owned(),
        },
    }
}

/// `invalid type: FOUND, expected EXPECTED`, and the same of values.
fn wrong_type(message: &str) -> Option<(&str, &str)> {
    let wrong = message.strip_prefix("invalid type: ").or_else(|| message.strip_prefix("invalid value: "))?;
    wrong.rsplit_once(", expected ")
}

fn expected_in_words(expected: &str) -> &str {
    match expected {
        "i64" => "a whole number",
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number from 0 on",
        "f64" => "a number",
        "a boolean" => "`true` or `false`",
        "a sequence" => "a list in square brackets",
        "a map" => "an object in braces",
        _ if expected.starts_with("struct ") => "an object in braces",
        _ => expected,
    }
}

fn found_in_words(found: &str) -> String {
    let (kind, value) = found.split_once(' ').unwrap_or((found, ""));
    match kind {
        "string" => format!("the text {value}"),
        "integer" => format!("the number {value}"),
        "floating" => format!("the number {}", value.trim_start_matches("point ")),
        "boolean" => value.to_owned(),
        "sequence" => "a list".to_owned(),
        "map" => "an object".to_owned(),
        _ => found.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn types_are_named_as_json_names_them() {
        for (message, words) in [
            ("invalid type: string \"30s\", expected f64", "expected a number, not the text \"30s\""),
            (
                "invalid value: integer `-1`, expected u32",
                "expected a whole number from 0 on, not the number `-1`",
            ),
            (
                "invalid type: floating point `1.5`, expected i64",
                "expected a whole number, not the number `1.5`",
            ),
            ("invalid type: map, expected a string", "expected a string, not an object"),
            ("invalid type: sequence, expected a boolean", "expected `true` or `false`, not a list"),
            (
                "invalid type: boolean `true`, expected a sequence",
                "expected a list in square brackets, not `true`",
            ),
            ("EOF while parsing a string", "the text ends within a string"),
            ("expected ident", "this is no JSON; texts stand in double quotes"),
            ("duplicate field `name`", "the key `name` is there twice"),
            ("trailing comma", "trailing comma"),
        ] {
            assert_eq!(in_words(message), words);
        }
    }
}
