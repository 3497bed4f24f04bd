//! Checks of a skill, as a folder or as a zip: the Agent Skills specification, the stricter rules of the platforms that
//! skills are uploaded to, and what makes a skill good to read.
//!
//! An error is what the specification refuses or what would harm a reader; a warning is what a person should look at.
//! Nothing is changed, nothing is unpacked to disk, and nothing is asked of a network. In order: `folder` or
//! `archive` reads what is there into `contents`; `head` checks SKILL.md, `body` and `markup` every Markdown
//! file, `names` the files' names, `pages` that each page stands once, `reach` that every file is found, and
//! `platform` what upload platforms ask beyond. `rules` knows what to do about each finding.

mod archive;
mod body;
mod contents;
mod folder;
mod head;
mod markup;
mod names;
mod pages;
mod platform;
mod reach;
mod report;
mod rules;

use std::fmt;
use std::fs::File;
use std::path::Path;

use serde::Serialize;
use zip::result::ZipError;

use crate::skill::limits::MAX_TOKENS;
use contents::Contents;

pub use names::is_telling;
pub use platform::{SizeProfile, size_profiles};
pub use report::{FileReport, Report, Totals};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The folder is no valid skill.
    Error,
    /// A person should look at it.
    Warning,
}

/// Something a check found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// The file within the folder, with `/`.
    pub file: String,
    /// The line, from 1, where there is one.
    pub line: Option<usize>,
    /// A stable word for programs, as `broken-link`.
    pub rule: &'static str,
    /// What is wrong, for people.
    pub message: String,
}

/// What a skill has to keep to beyond the specification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The most tokens of a reference file.
    pub max_tokens: usize,
    /// The most bytes of all files together, of a platform that the skill is made for, with its name.
    pub size: Option<SizeProfile>,
}

impl Default for Rules {
    fn default() -> Self {
        Self { max_tokens: MAX_TOKENS, size: None }
    }
}

/// Checks a skill folder. The result is sorted: errors first, then by file and line; empty when all is well.
pub fn validate(folder: &Path) -> Vec<Finding> {
    examine(folder, &Rules::default()).findings
}

/// Checks a skill folder, or a skill in a zip file, by the given rules, and says how large its files are.
pub fn examine(path: &Path, rules: &Rules) -> Report {
    let mut findings = Vec::new();
    let unreadable =
        |cause: String| error("", "unreadable", format!("cannot read `{}`: {cause}", path.display()));
    let contents = if path.is_file() {
        File::open(path)
            .map_err(|cause| cause.to_string())
            .and_then(|file| archive::read(file, &mut findings).map_err(|cause| zip_words(&cause)))
    } else {
        folder::read(path, &mut findings).map_err(|cause| cause.to_string())
    };
    match contents {
        Ok(contents) => {
            check(&contents, rules, &mut findings);
            Report::new(&contents, findings)
        }
        Err(cause) => {
            findings.push(unreadable(cause));
            Report::new(&Contents::default(), findings)
        }
    }
}

/// Why a file cannot be read as a zip. What the reader missed in it is of no use to who named the wrong file.
fn zip_words(cause: &ZipError) -> String {
    match cause {
        ZipError::InvalidArchive(_) => "it is no zip file, or only a part of one".to_owned(),
        cause => cause.to_string(),
    }
}

fn check(contents: &Contents, rules: &Rules, findings: &mut Vec<Finding>) {
    match contents.markdown.get("SKILL.md") {
        Some(text) => head::check_skill_md(text, &contents.name, findings),
        None => findings.push(error("SKILL.md", "no-skill-md", "there is no `SKILL.md`".to_owned())),
    }
    for (file, text) in &contents.markdown {
        body::check_text(file, text, contents, rules, findings);
        markup::check_markup(file, text, findings);
    }
    names::check_names(contents, findings);
    pages::check_pages(contents, findings);
    reach::check_reach(contents, findings);
    platform::check_platform(contents, rules, findings);
}

/// Whether the findings keep a folder from being a skill.
pub fn has_errors(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}

/// What to do about a rule that is not kept; empty for a rule that nobody knows.
pub fn hint(rule: &str) -> &'static str {
    rules::hint(rule)
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = self.line.map_or_else(String::new, |line| format!(":{line}"));
        write!(formatter, "{}: `{}`{line}: {} [{}]", self.severity, self.file, self.message, self.rule)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

fn error(file: &str, rule: &'static str, message: String) -> Finding {
    Finding { severity: Severity::Error, file: file.to_owned(), line: None, rule, message }
}

fn warning(file: &str, rule: &'static str, message: String) -> Finding {
    Finding { severity: Severity::Warning, ..error(file, rule, message) }
}

#[cfg(test)]
mod tests;
