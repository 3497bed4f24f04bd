//! A skill that says which skill of the library to open.

use serde_json::json;

use super::Entry;
use crate::skill::Skill;
use crate::skill::router::{RouterEntry, router as of_entries};

/// Words that upload platforms keep for themselves in names of skills.
const RESERVED: [&str; 2] = ["anthropic", "claude"];
/// The name where that of the library gives none.
const NAME: &str = "skills";

/// Makes the router of entries that are in their order (see [`super::sort`]). It stands at the top of the library, whose
/// folder it is named after.
pub fn router(entries: &[Entry], library: &str) -> Skill {
    let name = name(library);
    let of_entry = |entry: &Entry| RouterEntry {
        name: entry.name.clone(),
        folder: format!("../{}", entry.path()),
        description: entry.description.clone(),
        category: entry.category.clone().unwrap_or_default(),
        key_terms: entry.topics.clone(),
    };
    let entries: Vec<RouterEntry> = entries.iter().map(of_entry).collect();
    let title = name.strip_suffix("-skills").unwrap_or(&name).replace('-', " ");
    let mut skill = of_entries(&name, &title, &entries);
    // Whoever lists the library knows by this that it is none of its skills.
    let provenance = json!({ "name": name, "generator": "skillcrawl", "router": true });
    skill.files.insert("skill.json".to_owned(), format!("{provenance:#}\n"));
    skill
}

/// The name of the router of a library in a folder of this name.
pub fn name(library: &str) -> String {
    let words = library.split(|letter: char| !letter.is_ascii_alphanumeric());
    let words = words.map(str::to_ascii_lowercase);
    let words: Vec<String> =
        words.filter(|word| !word.is_empty() && !RESERVED.contains(&word.as_str())).collect();
    let name = words.join("-");
    if name.is_empty() || name.len() > 64 { NAME.to_owned() } else { name }
}
