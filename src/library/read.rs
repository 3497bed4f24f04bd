//! From the texts of one skill to its entry in the index.
//!
//! Only `SKILL.md` has to be there and right; everything else is told where it can be read and left out where not, since
//! skills of other makers may stand in a library too.

use serde_json::Value;
use yaml_rust2::Yaml;
use yaml_rust2::yaml::Hash;

use super::{Checklist, Entry, Tokens};
use crate::skill::frontmatter::{FrontmatterError, split};
use crate::skill::text::tokens::tokens;

/// The texts of one skill.
#[derive(Clone, Copy, Debug)]
pub struct SkillTexts<'a> {
    /// The folder of the skill, by its name.
    pub name: &'a str,
    /// The folder that it stands in; `None` at the top of the library.
    pub category: Option<&'a str>,
    /// Its `SKILL.md`.
    pub skill_md: &'a str,
    /// The files in `references/`, by name.
    pub references: &'a [(String, String)],
    /// Its `skill.json`.
    pub provenance: Option<&'a str>,
    /// The checklist beside it, `NAME.qa.json`.
    pub checklist: Option<&'a str>,
    /// The size of the zip beside it, in bytes.
    pub zip_bytes: Option<u64>,
}

/// Why a skill cannot stand in the index.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Its frontmatter cannot be read.
    #[error("cannot read its `SKILL.md`")]
    Frontmatter(#[from] FrontmatterError),
    /// It is made of the others, and says which of them to open.
    #[error("it leads to the other skills")]
    Router,
    /// Nothing says what it is for.
    #[error("its `SKILL.md` has no description")]
    NoDescription,
}

/// Reads the entry of a skill.
///
/// # Errors
///
/// [`ReadError`] when its `SKILL.md` does not say what it is for.
pub fn entry(texts: &SkillTexts<'_>) -> Result<Entry, ReadError> {
    let (keys, _) = split(texts.skill_md)?;
    let description = text_at(&keys, "description").ok_or(ReadError::NoDescription)?;
    let metadata = keys.get(&Yaml::String("metadata".to_owned())).and_then(Yaml::as_hash);
    let metadata = |key: &str| metadata.and_then(|keys| text_at(keys, key));
    let provenance = json(texts.provenance);
    if provenance["router"] == true {
        return Err(ReadError::Router);
    }
    let fetched = provenance["fetched"]["last"].as_str().map(str::to_owned).or_else(|| metadata("fetched"));
    Ok(Entry {
        name: texts.name.to_owned(),
        category: texts.category.map(str::to_owned),
        description,
        pages: provenance["pages"].as_array().map(Vec::len),
        tokens: Tokens {
            skill_md: tokens(texts.skill_md),
            references: texts.references.iter().map(|(_, text)| tokens(text)).sum(),
        },
        topics: topics(&provenance, texts.references),
        version: metadata("version"),
        source: metadata("source").or_else(|| provenance["base_url"].as_str().map(str::to_owned)),
        checklist: texts.checklist.and_then(checklist),
        date: fetched.as_deref().and_then(day),
        zip_bytes: texts.zip_bytes,
    })
}

/// Counts the verdicts of the items of a checklist; `None` where it has none.
pub fn checklist(text: &str) -> Option<Checklist> {
    let json: Value = serde_json::from_str(text).ok()?;
    let items = json["items"].as_array()?;
    let count = |word: &str| items.iter().filter(|item| item["verdict"] == word).count();
    Some(Checklist {
        score: json["score"].as_u64(),
        passed: count("pass"),
        remarks: count("remark"),
        failed: count("fail"),
    })
}

fn json(text: Option<&str>) -> Value {
    text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

/// The words that call for a skill: those that it names itself, else what its reference files are about.
fn topics(provenance: &Value, references: &[(String, String)]) -> Vec<String> {
    let named = provenance["terms"].as_array().into_iter().flatten();
    let named: Vec<String> = named.filter_map(Value::as_str).map(str::to_owned).collect();
    if named.is_empty() { references.iter().filter_map(|(name, _)| topic(name)).collect() } else { named }
}

/// What a reference file is about, as its name says: `getting-started.md` is about getting started.
fn topic(name: &str) -> Option<String> {
    let stem = name.strip_suffix(".md").filter(|stem| *stem != "index")?;
    Some(stem.replace(['-', '_'], " "))
}

fn text_at(keys: &Hash, key: &str) -> Option<String> {
    let text = keys.get(&Yaml::String(key.to_owned()))?.as_str()?;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

/// The day of a time, as `2026-01-31`: both are written so (RFC 3339).
fn day(time: &str) -> Option<String> {
    let day = time.get(..10)?;
    let is_day = day.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    is_day.then(|| day.to_owned())
}
