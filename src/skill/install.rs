//! Copies a skill into the folder of an agent: checked first, built beside its place, then renamed.

mod agents;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use yaml_rust2::Yaml;

pub use agents::{Agent, agents};

use super::beside::{Beside, PREVIOUS};
use crate::skill::files::{FilesError, files_of};
use crate::skill::frontmatter::split;
use crate::skill::validate::{Finding, Rules, Severity, examine};
use crate::skill::write::replace;

/// What an installation would do, or did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The name of the skill.
    pub name: String,
    /// Where it is copied to.
    pub target: PathBuf,
    /// What is there now.
    pub there: There,
    /// Its files with their content.
    files: BTreeMap<String, Vec<u8>>,
}

/// What is at the place of a skill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum There {
    /// Nothing, or an empty folder.
    Nothing,
    /// The same skill with the same files.
    Same,
    /// An older skill of the same name.
    Older,
    /// Something else.
    Foreign,
}

/// Whether something else may be replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Force {
    /// Only a skill of the same name is replaced.
    No,
    /// Whatever is there is replaced.
    Yes,
}

/// Why a skill was not installed. What was there is as it was.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// The skill does not pass the checks.
    #[error("`{}` is no valid skill: {}", skill.display(), finding.message)]
    NotASkill {
        /// The folder or zip.
        skill: PathBuf,
        /// The first error that was found.
        finding: Box<Finding>,
    },
    /// A file cannot be read.
    #[error(transparent)]
    Read(#[from] FilesError),
    /// Something else is in the place.
    #[error("`{}` is there and not a skill named `{name}`", target.display())]
    Occupied {
        /// The place.
        target: PathBuf,
        /// The name of the skill.
        name: String,
    },
    /// A file or folder cannot be written.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
}

/// Says what installing a skill (a folder or a zip) into `folder` would do. Nothing is written.
///
/// # Errors
///
/// [`InstallError`] when the skill is not valid or cannot be read.
pub fn plan(skill: &Path, folder: &Path) -> Result<Plan, InstallError> {
    let report = examine(skill, &Rules::default());
    let error = report.findings.into_iter().find(|finding| finding.severity == Severity::Error);
    if let Some(finding) = error {
        return Err(InstallError::NotASkill { skill: skill.to_owned(), finding: Box::new(finding) });
    }
    let files = files_of(skill)?;
    let target = folder.join(&report.name);
    let there = there(&target, &report.name, &files);
    Ok(Plan { name: report.name, target, there, files })
}

impl Plan {
    /// How many files are copied.
    pub fn files(&self) -> usize {
        self.files.len()
    }

    /// Copies the skill.
    ///
    /// # Errors
    ///
    /// [`InstallError`] when something else is in the place, or a file cannot be written.
    pub fn carry_out(&self, force: Force) -> Result<(), InstallError> {
        let Self { name, target, there, files } = self;
        match there {
            There::Same => return Ok(()),
            There::Foreign if force == Force::No => {
                return Err(InstallError::Occupied { target: target.clone(), name: name.clone() });
            }
            There::Nothing | There::Older | There::Foreign => {}
        }
        let parent = target.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(parent).map_err(at(parent))?;
        let prefix = format!(".{name}.installing-");
        let beside = Beside::new(parent, &prefix).map_err(at(parent))?;
        let new = beside.path().join(name);
        for (file, bytes) in files {
            let path = new.join(file);
            let folder = path.parent().unwrap_or(&new);
            fs::create_dir_all(folder).map_err(at(folder))?;
            fs::write(&path, bytes).map_err(at(&path))?;
        }
        replace(target, &new, &beside.path().join(PREVIOUS)).map_err(at(target))
    }
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> InstallError {
    let path = path.to_owned();
    move |cause| InstallError::Write { path, cause }
}

fn there(target: &Path, name: &str, files: &BTreeMap<String, Vec<u8>>) -> There {
    let Ok(metadata) = target.symlink_metadata() else { return There::Nothing };
    // What a link leads to is not ours, whatever it is.
    let is_link = metadata.is_symlink();
    let is_empty = || fs::read_dir(target).is_ok_and(|mut entries| entries.next().is_none());
    if !is_link && is_empty() {
        return There::Nothing;
    }
    let text = fs::read_to_string(target.join("SKILL.md")).unwrap_or_default();
    let own = split(&text).ok().and_then(|(keys, _)| {
        keys.get(&Yaml::String("name".to_owned())).and_then(Yaml::as_str).map(str::to_owned)
    });
    if is_link || own.as_deref() != Some(name) {
        return There::Foreign;
    }
    if files_of(target).is_ok_and(|there| there == *files) { There::Same } else { There::Older }
}
