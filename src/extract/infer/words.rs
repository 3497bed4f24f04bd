//! A suggestion as a profile's file.

use std::fmt::Write as _;

use crate::extract::infer::{Finding, Suggestion};

pub(super) fn to_toml(suggestion: &Suggestion, name: &str) -> String {
    let mut text = String::new();
    line(
        &mut text,
        &format!("# Suggested by `skillcrawl check {name} --suggest` from {} pages.", suggestion.pages),
    );
    line(
        &mut text,
        &format!("# Save it as `selectors/{name}.toml` and set `\"profile\": \"{name}\"` in the config."),
    );
    line(&mut text, &format!("description = {}", quoted(&format!("{name}, as its pages suggest"))));
    line(&mut text, &format!("# {}.", sentence(&suggestion.extends_because)));
    line(&mut text, &format!("extends = {}", quoted(&suggestion.extends)));
    push_list(&mut text, "main_content", &suggestion.main_content);
    push_list(&mut text, "title", &suggestion.title);
    push_list(&mut text, "remove", &suggestion.remove);
    if !suggestion.code_blocks.is_empty() || !suggestion.code_remove.is_empty() {
        text.push_str("\n[code]");
        push_list(&mut text, "blocks", &suggestion.code_blocks);
        push_list(&mut text, "captions", &suggestion.code_captions);
        push_list(&mut text, "remove", &suggestion.code_remove);
    }
    if !suggestion.generator.is_empty() {
        text.push_str("\n[detect]");
        push_list(&mut text, "generator", &suggestion.generator);
    }
    if !suggestion.tab_sets.is_empty() {
        text.push_str("\n[tabs]");
        push_list(&mut text, "sets", &suggestion.tab_sets);
        push_list(&mut text, "labels", &suggestion.tab_labels);
        push_list(&mut text, "panels", &suggestion.tab_panels);
    }
    if !suggestion.notes.is_empty() {
        text.push_str("\n[admonition]");
        push_list(&mut text, "blocks", &suggestion.notes);
        push_list(&mut text, "titles", &suggestion.note_titles);
    }
    if !suggestion.navigation.is_empty() {
        text.push_str("\n[navigation]");
        push_list(&mut text, "containers", &suggestion.navigation);
    }
    text
}

fn push_list(text: &mut String, key: &str, findings: &[Finding]) {
    if findings.is_empty() {
        return;
    }
    line(text, &format!("\n{key} = ["));
    for finding in findings {
        line(text, &format!("  # {}.", sentence(&finding.evidence)));
        line(text, &format!("  {},", quoted(&finding.selector)));
    }
    line(text, "]");
}

/// A comment must stay on its line, whatever a page brought into it.
fn sentence(words: &str) -> String {
    let one_line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut letters = one_line.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

fn line(text: &mut String, words: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{words}");
}
