//! The files of a skill as bytes, from its folder or from a zip of it. Who reads them has checked the skill before.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use zip::ZipArchive;

/// Why the files of a skill cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read `{}`", path.display())]
pub struct FilesError {
    /// The file or folder.
    pub path: PathBuf,
    /// What the system said.
    #[source]
    pub cause: io::Error,
}

/// The files of a skill: path within its folder, with `/`, and content. Hidden files of a folder stay out.
///
/// # Errors
///
/// [`FilesError`] when something cannot be read.
pub fn files_of(skill: &Path) -> Result<BTreeMap<String, Vec<u8>>, FilesError> {
    if skill.is_file() {
        return of_zip(skill).map_err(|cause| FilesError { path: skill.to_owned(), cause });
    }
    let mut files = BTreeMap::new();
    let mut folders = vec![(skill.to_owned(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        let error = |cause| FilesError { path: folder.clone(), cause };
        for entry in fs::read_dir(&folder).map_err(error)? {
            let entry = entry.map_err(error)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let kind = entry.file_type().map_err(error)?;
            if name.starts_with('.') {
                continue;
            }
            if kind.is_dir() {
                folders.push((entry.path(), format!("{prefix}{name}/")));
            } else if kind.is_file() {
                let path = entry.path();
                let bytes = fs::read(&path).map_err(|cause| FilesError { path, cause })?;
                files.insert(format!("{prefix}{name}"), bytes);
            }
        }
    }
    Ok(files)
}

/// The files within the one top folder of a zip.
fn of_zip(path: &Path) -> io::Result<BTreeMap<String, Vec<u8>>> {
    let mut archive = ZipArchive::new(File::open(path)?)?;
    let mut files = BTreeMap::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index)?;
        let name = entry.name()?.into_owned();
        if let Some((_, relative)) = name.split_once('/').filter(|_| entry.is_file()) {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes)?;
            files.insert(relative.to_owned(), bytes);
        }
    }
    Ok(files)
}
