//! Checks of a skill folder: the Agent Skills specification, and what makes a skill good to read.
//!
//! An error is what the specification refuses or what would harm a reader; a warning is what a person should look at.
//! Nothing is changed and nothing is asked of a network.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::skill::outline::{headings, links};
use crate::skill::slug::Anchors;
use crate::skill::validate_body::{check_text, resolve};
use crate::skill::validate_head::check_skill_md;

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

/// What a skill folder holds, as the checks see it.
pub(super) struct Contents {
    /// The name of the folder.
    pub name: String,
    /// Markdown files: path within the folder and text.
    pub markdown: BTreeMap<String, String>,
    /// For each Markdown file the anchors of its headings.
    pub anchors: BTreeMap<String, BTreeSet<String>>,
    /// Paths of all files within the folder.
    pub files: BTreeSet<String>,
}

/// Checks a skill folder. The result is sorted: errors first, then by file and line; empty when all is well.
pub fn validate(folder: &Path) -> Vec<Finding> {
    let mut findings = Vec::new();
    let contents = match read(folder, &mut findings) {
        Ok(contents) => contents,
        Err(cause) => {
            return vec![error("", "unreadable", format!("cannot read `{}`: {cause}", folder.display()))];
        }
    };
    match contents.markdown.get("SKILL.md") {
        Some(text) => check_skill_md(text, &contents.name, &mut findings),
        None => findings.push(error("SKILL.md", "no-skill-md", "there is no `SKILL.md`".to_owned())),
    }
    for (file, text) in &contents.markdown {
        check_text(file, text, &contents, &mut findings);
    }
    check_orphans(&contents, &mut findings);
    findings.sort();
    findings
}

/// Whether the findings keep a folder from being a skill.
pub fn has_errors(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let line = self.line.map_or_else(String::new, |line| format!(":{line}"));
        write!(formatter, "{severity}: `{}`{line}: {} [{}]", self.file, self.message, self.rule)
    }
}

pub(super) fn error(file: &str, rule: &'static str, message: String) -> Finding {
    Finding { severity: Severity::Error, file: file.to_owned(), line: None, rule, message }
}

pub(super) fn warning(file: &str, rule: &'static str, message: String) -> Finding {
    Finding { severity: Severity::Warning, ..error(file, rule, message) }
}

fn read(folder: &Path, findings: &mut Vec<Finding>) -> io::Result<Contents> {
    let name = folder.canonicalize()?.file_name().map(|name| name.to_string_lossy().into_owned());
    let mut contents = Contents {
        name: name.unwrap_or_default(),
        markdown: BTreeMap::new(),
        anchors: BTreeMap::new(),
        files: BTreeSet::new(),
    };
    let mut folders = vec![(folder.to_path_buf(), String::new())];
    while let Some((path, prefix)) = folders.pop() {
        for entry in fs::read_dir(&path)? {
            let entry = entry?;
            let relative = format!("{prefix}{}", entry.file_name().to_string_lossy());
            let kind = entry.file_type()?;
            if kind.is_symlink() {
                findings.push(error(
                    &relative,
                    "symlink",
                    "symbolic links do not belong in a skill".to_owned(),
                ));
            } else if kind.is_dir() {
                folders.push((entry.path(), format!("{relative}/")));
            } else {
                read_file(entry.path(), relative, &mut contents, findings)?;
            }
        }
    }
    Ok(contents)
}

fn read_file(
    path: PathBuf,
    relative: String,
    contents: &mut Contents,
    findings: &mut Vec<Finding>,
) -> io::Result<()> {
    if !relative.bytes().all(|byte| byte.is_ascii_graphic()) {
        let message = "names of files are ASCII without spaces, so that every system unpacks them".to_owned();
        findings.push(error(&relative, "file-name", message));
    }
    if relative.ends_with(".md") {
        match String::from_utf8(fs::read(path)?) {
            Ok(text) => {
                contents.anchors.insert(relative.clone(), anchors_of(&text));
                contents.markdown.insert(relative.clone(), text);
            }
            Err(_) => findings.push(error(&relative, "not-utf8", "the text is not UTF-8".to_owned())),
        }
    }
    contents.files.insert(relative);
    Ok(())
}

fn anchors_of(text: &str) -> BTreeSet<String> {
    let mut anchors = Anchors::default();
    headings(text).iter().map(|heading| anchors.next(&heading.text)).collect()
}

/// Every Markdown file is to be reached from SKILL.md, over other files if need be.
fn check_orphans(contents: &Contents, findings: &mut Vec<Finding>) {
    let mut reached = BTreeSet::from(["SKILL.md".to_owned()]);
    let mut open = vec!["SKILL.md".to_owned()];
    while let Some(file) = open.pop() {
        let Some(text) = contents.markdown.get(&file) else { continue };
        for (_, target) in links(text) {
            if let Some(next) = resolve(&file, &target)
                && reached.insert(next.clone())
            {
                open.push(next);
            }
        }
    }
    for file in contents.markdown.keys().filter(|file| !reached.contains(*file)) {
        findings.push(warning(file, "orphan", "no link leads here from `SKILL.md`".to_owned()));
    }
}
