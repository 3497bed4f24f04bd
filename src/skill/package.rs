//! A skill folder as a zip: one top folder, sorted entries, fixed times, so that equal folders give equal bytes.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::skill::validate::{Finding, Severity, validate};

/// What was packed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// The zip.
    pub path: PathBuf,
    /// How many files it holds.
    pub files: usize,
    /// Its size in bytes.
    pub bytes: u64,
}

/// Why a folder was not packed.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// The folder does not pass the checks of a skill.
    #[error("`{}` is no valid skill: {}", folder.display(), finding.message)]
    NotASkill {
        /// The folder.
        folder: PathBuf,
        /// The first error that was found.
        finding: Box<Finding>,
    },
    /// A file could not be read.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// The zip could not be written.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// The zip.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
}

/// Packs a skill folder into `zip_path`, below one top folder of the skill's name.
///
/// Hidden files stay out; symbolic links are refused, for they could lead out of the folder. The zip is written beside
/// its place and then renamed, so an older one stays whole until the new one is; one that is the same stays.
///
/// # Errors
///
/// [`PackageError`] when the folder is no valid skill, or a file cannot be read or written.
pub fn package(folder: &Path, zip_path: &Path) -> Result<Package, PackageError> {
    let first = validate(folder).into_iter().find(|finding| finding.severity == Severity::Error);
    if let Some(finding) = first {
        return Err(PackageError::NotASkill { folder: folder.to_owned(), finding: Box::new(finding) });
    }
    let read_error = |path: &Path| {
        let path = path.to_owned();
        move |cause| PackageError::Read { path, cause }
    };
    let root = folder.canonicalize().map_err(read_error(folder))?;
    let name = root.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut entries = Vec::new();
    for path in files_below(&root)? {
        let relative = path.strip_prefix(&root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        let bytes = fs::read(&path).map_err(read_error(&path))?;
        entries.push((format!("{name}/{relative}"), bytes));
    }
    entries.sort();
    let bytes = write_zip(&entries, zip_path)
        .map_err(|cause| PackageError::Write { path: zip_path.to_owned(), cause })?;
    Ok(Package { path: zip_path.to_owned(), files: entries.len(), bytes })
}

fn files_below(root: &Path) -> Result<Vec<PathBuf>, PackageError> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let read_error = |cause| PackageError::Read { path: folder.clone(), cause };
        for entry in fs::read_dir(&folder).map_err(read_error)? {
            let entry = entry.map_err(read_error)?;
            let kind = entry.file_type().map_err(read_error)?;
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                files.push(entry.path());
            }
        }
    }
    Ok(files)
}

fn write_zip(entries: &[(String, Vec<u8>)], zip_path: &Path) -> io::Result<u64> {
    let parent = zip_path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(parent)?;
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(6))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut writer = ZipWriter::new(NamedTempFile::new_in(parent)?);
    for (name, bytes) in entries {
        writer.start_file(name.as_str(), options)?;
        writer.write_all(bytes)?;
    }
    let file = writer.finish()?;
    file.as_file().sync_all()?;
    let bytes = file.as_file().metadata()?.len();
    if is_same_file(file.path(), zip_path, bytes) {
        return Ok(bytes);
    }
    allow_reading(file.path())?;
    file.persist(zip_path).map_err(|error| error.error)?;
    Ok(bytes)
}

/// Whether a file is there that holds the same. One that cannot be read is replaced.
fn is_same_file(new: &Path, there: &Path, length: u64) -> bool {
    let is_as_long = there.symlink_metadata().is_ok_and(|data| data.is_file() && data.len() == length);
    is_as_long && fs::read(new).ok().zip(fs::read(there).ok()).is_some_and(|(new, there)| new == there)
}

/// Temporary files are private; a package is meant to be handed on.
#[cfg(unix)]
fn allow_reading(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn allow_reading(_path: &Path) -> io::Result<()> {
    Ok(())
}
