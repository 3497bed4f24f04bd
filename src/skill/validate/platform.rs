//! What platforms that skills are uploaded to ask beyond the specification. The sizes and words are data
//! (`platform.toml`) with where each comes from.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use yaml_rust2::Yaml;

use super::contents::Contents;
use super::{Finding, Rules, error, warning};
use crate::skill::frontmatter::split;

const FILE: &str = "SKILL.md";

/// How large a skill may be on a platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SizeProfile {
    /// What it is called on the command line, as `30mb`.
    pub name: String,
    /// The most bytes of all files together.
    pub bytes: u64,
    /// Where the limit comes from, and whether that is sure.
    pub source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Platform {
    reserved: Vec<String>,
    size: Vec<SizeProfile>,
}

/// The sizes that are known, smallest first.
pub fn size_profiles() -> &'static [SizeProfile] {
    &platform().size
}

fn platform() -> &'static Platform {
    // The file is part of the program; a test reads it.
    static PLATFORM: LazyLock<Platform> =
        LazyLock::new(|| read().unwrap_or(Platform { reserved: Vec::new(), size: Vec::new() }));
    &PLATFORM
}

fn read() -> Result<Platform, toml::de::Error> {
    toml::from_str(include_str!("platform.toml"))
}

/// Checks reserved words, tags and sizes.
pub(super) fn check_platform(contents: &Contents, rules: &Rules, findings: &mut Vec<Finding>) {
    if let Some((keys, _)) = contents.markdown.get(FILE).and_then(|text| split(text).ok()) {
        let value = |key: &str| keys.get(&Yaml::String(key.to_owned())).and_then(Yaml::as_str);
        let name = value("name").unwrap_or_default();
        for word in platform().reserved.iter().filter(|word| name.contains(word.as_str())) {
            let message = format!("`name` holds the word `{word}`, which upload platforms reserve");
            findings.push(warning(FILE, "reserved-word", message));
        }
    }
    let bytes: u64 = contents.files.values().sum();
    match &rules.size {
        Some(profile) if bytes > profile.bytes => {
            let message =
                format!("all files have {bytes} bytes; `{}` allows {}", profile.name, profile.bytes);
            findings.push(error("", "size", message));
        }
        Some(_) => {}
        None => {
            let largest = platform().size.last().filter(|profile| bytes > profile.bytes);
            if let Some(profile) = largest {
                let message = format!(
                    "all files have {bytes} bytes, more than any known platform takes ({})",
                    profile.bytes
                );
                findings.push(warning("", "size", message));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn the_sizes_can_be_read_and_grow() {
        let platform = read().unwrap();
        assert!(platform.size.is_sorted_by_key(|profile| profile.bytes) && platform.size.len() == 3);
        assert!(!platform.reserved.is_empty());
    }
}
