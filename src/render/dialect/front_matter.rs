//! What stands before the text: values for the tool that shows it.

use yaml_rust2::{Yaml, YamlLoader};

/// The title of the front matter, and the text after it.
pub(super) fn split(text: &str) -> (Option<String>, &str) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (mark, read) in [("---", yaml_title as fn(&str) -> Option<String>), ("+++", toml_title)] {
        let Some(rest) = text.strip_prefix(mark).and_then(after_line_break) else { continue };
        let mut at = 0;
        for line in rest.split_inclusive('\n') {
            let word = line.trim_end();
            if word == mark || (mark == "---" && word == "...") {
                let head = rest.get(..at).unwrap_or_default();
                // A rule at the top is followed by prose, not by keys.
                if mark == "---" && !is_mapping(head) {
                    return (None, text);
                }
                return (read(head), rest.get(at + line.len()..).unwrap_or_default());
            }
            at += line.len();
        }
    }
    (None, text)
}

/// Whether the text has a heading of the first level outside of code.
pub(super) fn has_title(body: &str) -> bool {
    let mut is_code = false;
    let mut previous = "";
    for line in body.lines() {
        let trimmed = line.trim_start();
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            is_code = !is_code;
        }
        let is_underline = line.starts_with("==") && line.trim_end().chars().all(|letter| letter == '=');
        if !is_code
            && (line.starts_with("# ") || line.starts_with("<h1") || (is_underline && !previous.is_empty()))
        {
            return true;
        }
        previous = line.trim();
    }
    false
}

fn after_line_break(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches([' ', '\t', '\r']);
    rest.strip_prefix('\n')
}

fn is_mapping(head: &str) -> bool {
    head.trim().is_empty() || matches!(YamlLoader::load_from_str(head).as_deref(), Ok([Yaml::Hash(_), ..]))
}

fn yaml_title(head: &str) -> Option<String> {
    let documents = YamlLoader::load_from_str(head).ok()?;
    let title = documents.first()?["title"].as_str()?.trim().to_owned();
    (!title.is_empty()).then_some(title)
}

fn toml_title(head: &str) -> Option<String> {
    let table: toml::Table = toml::from_str(head).ok()?;
    Some(table.get("title")?.as_str()?.trim().to_owned())
}
