//! The index for programs: `index.json`.

use serde::Serialize;

use super::Entry;

/// What says that an `index.json` is ours to write anew.
pub const GENERATOR: &str = "skillcrawl index";

#[derive(Serialize)]
struct Index<'a> {
    generator: &'a str,
    skills: Vec<Skill<'a>>,
}

#[derive(Serialize)]
struct Skill<'a> {
    path: String,
    #[serde(flatten)]
    entry: &'a Entry,
}

/// Writes the index of entries that are in their order (see [`super::sort`]), with a line break at its end.
pub fn index_json(entries: &[Entry]) -> String {
    let skills = entries.iter().map(|entry| Skill { path: entry.path(), entry }).collect();
    let index = Index { generator: GENERATOR, skills };
    // Plain structs of strings and numbers always serialise.
    serde_json::to_string_pretty(&index).unwrap_or_default() + "\n"
}

/// Whether an index was written by [`index_json`].
pub fn is_ours(text: &str) -> bool {
    let json: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    json["generator"] == GENERATOR
}
