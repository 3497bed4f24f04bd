//! Checks of SKILL.md itself: frontmatter and size (Agent Skills specification).

use yaml_rust2::Yaml;
use yaml_rust2::yaml::Hash;

use super::{Finding, error, warning};
use crate::skill::frontmatter::{ALLOWED_KEYS, FrontmatterError, split};
use crate::skill::skill_md::description;
use crate::skill::text::tokens::tokens;

const FILE: &str = "SKILL.md";
/// Limits of the specification, in characters and lines.
const LONGEST_NAME: usize = 64;
const LONGEST_COMPATIBILITY: usize = 500;
const MOST_LINES: usize = 500;
/// What the specification advises for the file, in tokens.
const MOST_TOKENS: usize = 5_000;

/// Checks SKILL.md against the specification.
pub(super) fn check_skill_md(text: &str, folder: &str, findings: &mut Vec<Finding>) {
    let (keys, body) = match split(text) {
        Ok(parts) => parts,
        Err(cause) => {
            let detail = match &cause {
                FrontmatterError::Yaml(cause) => format!(": {cause}"),
                FrontmatterError::Missing | FrontmatterError::NotAMapping => String::new(),
            };
            findings.push(error(FILE, "frontmatter", format!("{cause}{detail}")));
            return;
        }
    };
    check_keys(&keys, findings);
    check_name(string(&keys, "name"), folder, findings);
    check_description(string(&keys, "description"), findings);
    if string(&keys, "compatibility").is_some_and(|text| text.chars().count() > LONGEST_COMPATIBILITY) {
        let message = format!("`compatibility` is longer than {LONGEST_COMPATIBILITY} characters");
        findings.push(error(FILE, "compatibility", message));
    }
    check_body(text, body, findings);
}

fn string<'a>(keys: &'a Hash, key: &str) -> Option<&'a str> {
    keys.get(&Yaml::String(key.to_owned())).and_then(Yaml::as_str)
}

fn check_keys(keys: &Hash, findings: &mut Vec<Finding>) {
    for (key, value) in keys {
        match key.as_str() {
            Some("metadata") => check_metadata(value, findings),
            Some(key) if ALLOWED_KEYS.contains(&key) => {
                if value.as_str().is_none() {
                    findings.push(error(FILE, "value", format!("`{key}` is not a string")));
                }
            }
            _ => {
                let known = ALLOWED_KEYS.map(|key| format!("`{key}`")).join(", ");
                let name = key.as_str().unwrap_or("a key that is no string");
                findings.push(error(FILE, "unknown-key", format!("`{name}` is none of {known}")));
            }
        }
    }
}

fn check_metadata(value: &Yaml, findings: &mut Vec<Finding>) {
    let strings = value.as_hash().is_some_and(|keys| {
        keys.iter().all(|(key, value)| key.as_str().is_some() && value.as_str().is_some())
    });
    if !strings {
        findings.push(error(
            FILE,
            "metadata",
            "`metadata` is not a mapping of strings to strings".to_owned(),
        ));
    }
}

fn check_name(name: Option<&str>, folder: &str, findings: &mut Vec<Finding>) {
    let Some(name) = name.filter(|name| !name.is_empty()) else {
        findings.push(error(FILE, "name", "`name` is missing".to_owned()));
        return;
    };
    let plain = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    let hyphens = !name.starts_with('-') && !name.ends_with('-') && !name.contains("--");
    if !plain || !hyphens || name.len() > LONGEST_NAME {
        let message = format!(
            "`name` is `{name}`: lower-case letters, digits and single hyphens between them, at most {LONGEST_NAME}"
        );
        findings.push(error(FILE, "name", message));
    }
    if name != folder {
        findings.push(error(FILE, "name", format!("`name` is `{name}`, the folder is `{folder}`")));
    }
}

fn check_description(text: Option<&str>, findings: &mut Vec<Finding>) {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
        findings.push(error(FILE, "description", "`description` is missing".to_owned()));
        return;
    };
    let length = text.chars().count();
    if length > description::LONGEST {
        let message = format!("`description` has {length} characters of at most {}", description::LONGEST);
        findings.push(error(FILE, "description", message));
    }
    if text.contains(['<', '>']) {
        findings.push(error(FILE, "description", "`description` holds angle brackets".to_owned()));
    }
}

fn check_body(text: &str, body: &str, findings: &mut Vec<Finding>) {
    let lines = text.lines().count();
    if lines >= MOST_LINES {
        let message = format!("{lines} lines; an agent reads it whole, so it stays below {MOST_LINES}");
        findings.push(error(FILE, "too-long", message));
    }
    let tokens = tokens(text);
    if tokens > MOST_TOKENS {
        let message = format!("{tokens} tokens; at most {MOST_TOKENS} are advised");
        findings.push(warning(FILE, "too-long", message));
    }
    if body.trim().is_empty() {
        findings.push(error(FILE, "empty", "there is no text after the frontmatter".to_owned()));
    }
}
