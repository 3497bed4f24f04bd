//! Another hand at SKILL.md: what it is given, and what is taken of its answer.
//!
//! The command itself is run elsewhere. Here are the data it reads, and the checks that its answer has to pass before it
//! stands in the place of the SKILL.md that the pages gave.

use serde::Serialize;
use serde_json::Value;

use crate::skill::Skill;
use crate::skill::frontmatter::split;
use crate::skill::skill_md::budget::{MOST_LINES, MOST_TOKENS, fits};
use crate::url::CanonicalUrl;

/// The version of the data; it grows when a field changes its meaning.
const FORMAT: u32 = 1;
/// The most bytes of an answer.
pub const MOST_BYTES: usize = 256 * 1024;

/// What is known of a page, for whoever writes about the skill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PageOutline {
    /// Its address.
    pub url: CanonicalUrl,
    /// Its title.
    pub title: String,
    /// The file and anchor within the skill, as `references/guide.md#load-your-data`.
    pub place: String,
    /// One line on what it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// The names it documents.
    pub symbols: Vec<String>,
}

#[derive(Serialize)]
struct Request<'a> {
    format: u32,
    name: &'a str,
    most_lines: usize,
    most_tokens: usize,
    /// Paths of all Markdown files within the folder: what links may lead to.
    files: Vec<&'a str>,
    pages: &'a [PageOutline],
    skill_md: &'a str,
}

/// Why an answer is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Nothing came.
    #[error("it answered nothing")]
    Empty,
    /// The bytes are no text.
    #[error("its answer is not UTF-8")]
    NotUtf8,
    /// There is no frontmatter, or it is not this skill's.
    #[error("its answer does not begin with the frontmatter of `{name}`")]
    Frontmatter {
        /// The skill's name.
        name: String,
    },
    /// It is longer than the specification asks for.
    #[error("its answer is longer than {MOST_LINES} lines or {MOST_TOKENS} tokens")]
    TooLong,
}

/// What the command reads: one JSON object with `format`, the skill's `name`, the limits `most_lines` and `most_tokens`,
/// the `files` that links may lead to, the `pages` with their titles, places, summaries and symbols, and the `skill_md`
/// that the pages gave.
pub fn request(skill: &Skill) -> String {
    let request = Request {
        format: FORMAT,
        name: &skill.name,
        most_lines: MOST_LINES,
        most_tokens: MOST_TOKENS,
        files: skill.files.keys().map(String::as_str).filter(|file| file.ends_with(".md")).collect(),
        pages: &skill.outline,
        skill_md: skill.files.get("SKILL.md").map_or("", String::as_str),
    };
    // Plain structs of strings always serialise.
    serde_json::to_string(&request).unwrap_or_default() + "\n"
}

/// The skill with the answer as its SKILL.md. `skill.json` says then that it was `enhanced`. The checks of a folder are
/// still to be made.
///
/// # Errors
///
/// [`Refused`] when the answer can be no SKILL.md of this skill.
pub fn enhanced(skill: &Skill, answer: &[u8]) -> Result<Skill, Refused> {
    let text = std::str::from_utf8(answer).map_err(|_| Refused::NotUtf8)?;
    // Programs of some systems end their lines with carriage returns.
    let text = text.replace("\r\n", "\n");
    let text = text.trim();
    if text.is_empty() {
        return Err(Refused::Empty);
    }
    let text = format!("{text}\n");
    let refused = || Refused::Frontmatter { name: skill.name.clone() };
    let (keys, _) = split(&text).map_err(|_| refused())?;
    let name = keys.iter().find(|(key, _)| key.as_str() == Some("name")).and_then(|(_, name)| name.as_str());
    if name != Some(&skill.name) {
        return Err(refused());
    }
    if !fits(&text) {
        return Err(Refused::TooLong);
    }
    let mut skill = skill.clone();
    skill.files.insert("SKILL.md".to_owned(), text);
    if let Some(provenance) = skill.files.get_mut("skill.json")
        && let Ok(Value::Object(mut fields)) = serde_json::from_str(provenance)
    {
        fields.insert("enhanced".to_owned(), Value::Bool(true));
        *provenance = serde_json::to_string_pretty(&fields).unwrap_or_default() + "\n";
    }
    Ok(skill)
}
