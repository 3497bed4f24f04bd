//! A skill on disk: built beside its place, checked, then renamed over the last good one.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::beside::{Beside, PREVIOUS};
use crate::skill::Skill;
use crate::skill::validate::{Finding, Rules, examine};

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The skill folder.
    pub folder: PathBuf,
    /// Warnings of the checks; never errors.
    pub findings: Vec<Finding>,
}

/// Why a skill was not written. The last good folder is untouched in every case.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A file or folder could not be written.
    #[error("cannot write `{}`", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// Skills cannot be written below something that is no folder.
    #[error("`{}` is a file, where a folder for skills is wanted", path.display())]
    NoFolder {
        /// The file.
        path: PathBuf,
    },
    /// What is there is not a skill, so it is not ours to replace.
    #[error("`{}` is there and no skill, so it is not replaced", folder.display())]
    Occupied {
        /// What is there.
        folder: PathBuf,
    },
    /// The new skill does not pass the checks; it is kept aside to be looked at.
    #[error("the new skill has {} finding(s) that make it invalid; it is kept in `{}`", findings.len(), kept.display())]
    Invalid {
        /// Where the new folder was left.
        kept: PathBuf,
        /// All findings.
        findings: Vec<Finding>,
    },
}

/// Whether a skill could be written as `output/NAME/`; nothing is left there.
///
/// # Errors
///
/// [`WriteError::NoFolder`] and [`WriteError::Occupied`] where something else is in the way, [`WriteError::Io`] where
/// nothing may be written.
pub fn check_place(output: &Path, name: &str) -> Result<(), WriteError> {
    if output.exists() && !output.is_dir() {
        return Err(WriteError::NoFolder { path: output.to_owned() });
    }
    let folder = output.join(name);
    if is_foreign(&folder) {
        return Err(WriteError::Occupied { folder });
    }
    // What is there already, or what the folder would be made in.
    let ancestors =
        output.ancestors().map(|path| if path.as_os_str().is_empty() { Path::new(".") } else { path });
    if let Some(there) = ancestors.into_iter().find(|path| path.is_dir()) {
        tempfile::tempfile_in(there).map_err(at(output))?;
    }
    Ok(())
}

impl Skill {
    /// Writes the skill as `output/NAME/`, checked by the rules that hold unless others are given.
    ///
    /// # Errors
    ///
    /// As [`Skill::write_within`].
    pub fn write_to(&self, output: &Path) -> Result<Written, WriteError> {
        self.write_within(output, &Rules::default())
    }

    /// Writes the skill as `output/NAME/`, checked by these rules.
    ///
    /// It is built in a hidden folder beside its place and checked there. Only a skill without errors replaces the last
    /// one; one with errors is kept as `NAME.invalid`, and the last good skill stays. Files that come out as they were
    /// stay the very files that they were, and a skill that does so as a whole is not touched.
    ///
    /// # Errors
    ///
    /// [`WriteError`] when the disk refuses, the place is taken by something else, or the checks fail.
    pub fn write_within(&self, output: &Path, rules: &Rules) -> Result<Written, WriteError> {
        check_place(output, &self.name)?;
        let folder = output.join(&self.name);
        fs::create_dir_all(output).map_err(at(output))?;
        let beside = Beside::new(output, &format!(".{}.building-", self.name)).map_err(at(output))?;
        // The folder has the skill's name already here, for the name of the folder is one of the checks.
        let new = beside.path().join(&self.name);
        self.write_files(&new, &folder)?;
        let report = examine(&new, rules);
        let findings = report.findings;
        let rejected = output.join(format!("{}.invalid", self.name));
        if rejected.exists() {
            fs::remove_dir_all(&rejected).map_err(at(&rejected))?;
        }
        if !report.valid {
            fs::rename(&new, &rejected).map_err(at(&rejected))?;
            return Err(WriteError::Invalid { kept: rejected, findings });
        }
        if self.is_there(&folder) {
            return Ok(Written { folder, findings });
        }
        replace(&folder, &new, &beside.path().join(PREVIOUS)).map_err(at(&folder))?;
        Ok(Written { folder, findings })
    }

    /// Writes all files to `folder`, those of the last skill that say the same by a link to them: they keep their time.
    fn write_files(&self, folder: &Path, last: &Path) -> Result<(), WriteError> {
        for (name, text) in &self.files {
            let path = folder.join(name);
            let parent = path.parent().unwrap_or(folder);
            fs::create_dir_all(parent).map_err(at(parent))?;
            let there = last.join(name);
            // Where the disk knows no links the file is written anew.
            if !holds(&there, text) || fs::hard_link(&there, &path).is_err() {
                fs::write(&path, text).map_err(at(&path))?;
            }
        }
        Ok(())
    }

    /// Whether a folder holds these files and no other.
    fn is_there(&self, folder: &Path) -> bool {
        let names = files_below(folder);
        names.is_ok_and(|names| names.len() == self.files.len())
            && self.files.iter().all(|(name, text)| holds(&folder.join(name), text))
    }
}

/// Whether this is a file of its own (no link) that holds this text.
fn holds(path: &Path, text: &str) -> bool {
    let is_file = path.symlink_metadata().is_ok_and(|metadata| metadata.is_file());
    is_file && fs::read(path).is_ok_and(|bytes| bytes == text.as_bytes())
}

/// Everything below a folder that is no folder.
fn files_below(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let found = if entry.file_type()?.is_dir() { &mut folders } else { &mut files };
            found.push(entry.path());
        }
    }
    Ok(files)
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> WriteError {
    let path = path.to_owned();
    move |cause| WriteError::Io { path, cause }
}

/// Whether the place holds something that is no skill.
fn is_foreign(folder: &Path) -> bool {
    if folder.join("SKILL.md").exists() {
        return false;
    }
    match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_some(),
        Err(_) => folder.exists(),
    }
}

/// Puts the new folder in the place of the old one; when that fails, the old one is put back.
pub(super) fn replace(folder: &Path, new: &Path, aside: &Path) -> io::Result<()> {
    let had = folder.exists();
    if had {
        fs::rename(folder, aside)?;
    }
    fs::rename(new, folder).inspect_err(|_| {
        if had {
            // If even this fails, the old skill is still whole in the folder beside.
            let _ = fs::rename(aside, folder);
        }
    })
}
