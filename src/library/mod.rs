//! Many skills: what a library holds, as values.
//!
//! In order: [`read`] makes an [`Entry`] of the texts of one skill; [`readme`] and [`json`] write the index of all of them
//! for people and for programs, and [`router`] makes a skill that says which of them to open. Which skills there are is for the caller to find. Nothing here reads a file or a clock,
//! and nothing invents text: the same skills give the same bytes.

pub mod json;
pub mod read;
pub mod readme;
pub mod router;

use serde::Serialize;

/// One skill of a library.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    /// Its name, which is also the name of its folder.
    pub name: String,
    /// The folder that it stands in, as `3-fine-tuning`; `None` at the top.
    pub category: Option<String>,
    /// What it is for and when to use it.
    pub description: String,
    /// How many pages it is made of, where that is known.
    pub pages: Option<usize>,
    /// Tokens of `SKILL.md` and of all its references together.
    pub tokens: Tokens,
    /// What its reference files are about, as their names say.
    #[serde(skip)]
    pub topics: Vec<String>,
    /// The version of what it documents, where that is known.
    pub version: Option<String>,
    /// Where its pages come from.
    pub source: Option<String>,
    /// What its checklist says, where there is one.
    pub checklist: Option<Checklist>,
    /// The day on which the last of its pages was fetched (UTC), as `2026-01-31`.
    pub date: Option<String>,
    /// The size of its zip in bytes, where there is one beside it.
    pub zip_bytes: Option<u64>,
}

/// How much of a model's attention a skill takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tokens {
    /// `SKILL.md`, which is read whenever the skill is used.
    pub skill_md: usize,
    /// The files in `references/`, which are read one by one.
    pub references: usize,
}

/// The verdicts of a checklist.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Checklist {
    /// Its quality number, 0 to 100, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<u64>,
    /// Items that are as they should be.
    pub passed: usize,
    /// Items that are worth a look.
    pub remarks: usize,
    /// Items that are not as they should be.
    pub failed: usize,
}

impl Entry {
    /// The folder of the skill within the library, with `/`.
    pub fn path(&self) -> String {
        match &self.category {
            Some(category) => format!("{category}/{}", self.name),
            None => self.name.clone(),
        }
    }
}

/// Brings entries into the order of the index: by the number of the category, its name, and the name of the skill. What
/// stands in no category comes last.
pub fn sort(entries: &mut [Entry]) {
    entries.sort_by(|left, right| order(left).cmp(&order(right)));
}

fn order(entry: &Entry) -> (bool, u64, Option<&str>, &str) {
    let category = entry.category.as_deref();
    let digits = |name: &str| -> String { name.chars().take_while(char::is_ascii_digit).collect() };
    let number = category.and_then(|name| digits(name).parse().ok()).unwrap_or(u64::MAX);
    (category.is_none(), number, category, &entry.name)
}

#[cfg(test)]
mod tests;
