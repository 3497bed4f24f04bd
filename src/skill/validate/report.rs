//! What a check says as a whole: how large the files are, and what was found. The shape is stable; keys may come to it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::contents::Contents;
use super::{Finding, Severity, has_errors, hint, size_profiles};
use crate::skill::text::tokens::tokens;

/// What a check found, and what there is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether there is no error.
    pub valid: bool,
    /// The skill: the name of its folder.
    pub name: String,
    /// Its files by path.
    pub files: Vec<FileReport>,
    /// All of them together.
    pub totals: Totals,
    /// What was found: errors first, then by file and line.
    pub findings: Vec<Finding>,
    /// For each rule that something was found by, what to do about it.
    pub hints: BTreeMap<&'static str, &'static str>,
}

/// A file of a skill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileReport {
    /// Its path within the folder, with `/`.
    pub path: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its tokens, counted with `cl100k_base`; of Markdown only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tokens: Option<usize>,
    /// Its lines; of Markdown only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lines: Option<usize>,
}

/// All files of a skill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// How many files there are.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// The tokens of the Markdown files.
    pub tokens: usize,
    /// Their lines.
    pub lines: usize,
    /// The size of the zip that was checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub packed_bytes: Option<u64>,
    /// The sizes of platforms that the skill keeps to, as `30mb`.
    pub fits: Vec<&'static str>,
}

impl Report {
    /// Sorts the findings and counts the files.
    pub(super) fn new(contents: &Contents, mut findings: Vec<Finding>) -> Self {
        findings.sort();
        findings.dedup();
        let file = |(path, bytes): (&String, &u64)| {
            let text = contents.markdown.get(path);
            FileReport {
                path: path.clone(),
                bytes: *bytes,
                tokens: text.map(|text| tokens(text)),
                lines: text.map(|text| text.lines().count()),
            }
        };
        let files: Vec<FileReport> = contents.files.iter().map(file).collect();
        let bytes = files.iter().map(|file| file.bytes).sum();
        let fits = size_profiles().iter().filter(|profile| bytes <= profile.bytes);
        let totals = Totals {
            files: files.len(),
            bytes,
            tokens: files.iter().filter_map(|file| file.tokens).sum(),
            lines: files.iter().filter_map(|file| file.lines).sum(),
            packed_bytes: contents.packed,
            fits: fits.map(|profile| profile.name.as_str()).collect(),
        };
        let rules: BTreeSet<&'static str> = findings.iter().map(|finding| finding.rule).collect();
        Self {
            valid: !has_errors(&findings),
            name: contents.name.clone(),
            files,
            totals,
            hints: rules.into_iter().map(|rule| (rule, hint(rule))).collect(),
            findings,
        }
    }

    /// The report for people: findings grouped by rule, errors first, each group with what to do; then one line on the
    /// whole.
    pub fn to_text(&self) -> String {
        let mut groups: BTreeMap<(Severity, &str), Vec<&Finding>> = BTreeMap::new();
        for finding in &self.findings {
            groups.entry((finding.severity, finding.rule)).or_default().push(finding);
        }
        let mut lines = Vec::new();
        for ((severity, rule), findings) in groups {
            lines.push(format!("{severity}: {rule} ({})", findings.len()));
            for finding in findings {
                let line = finding.line.map_or_else(String::new, |line| format!(":{line}"));
                let place = if finding.file.is_empty() { "the whole" } else { &finding.file };
                lines.push(format!("  {place}{line}: {}", finding.message));
            }
            lines.push(format!("  hint: {}", hint(rule)));
        }
        let state = if self.valid { "valid" } else { "not valid" };
        let Totals { files, bytes, tokens, .. } = &self.totals;
        let noun = if *files == 1 { "file" } else { "files" };
        lines.push(format!("{state}: {files} {noun}, {bytes} bytes, {tokens} tokens"));
        lines.join("\n")
    }
}
