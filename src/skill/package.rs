//! A skill folder as a zip: one top folder, sorted entries, fixed times, so that equal folders give equal bytes.
//!
//! `NAME.zip` and `NAME.skill` are the same bytes; some programs take the one name, some the other.

use std::fs;
use std::io::{self, Cursor, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::skill::files::{FilesError, files_of};
use crate::skill::validate::{Finding, Severity, validate};

/// What was packed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// The zip, or the first of several.
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
    #[error(transparent)]
    Read(#[from] FilesError),
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
    package_as(folder, zip_path, &[])
}

/// Packs a skill folder once and writes the same zip to every path.
///
/// # Errors
///
/// As [`package`].
pub fn package_as(folder: &Path, first: &Path, others: &[PathBuf]) -> Result<Package, PackageError> {
    let error = validate(folder).into_iter().find(|finding| finding.severity == Severity::Error);
    if let Some(finding) = error {
        return Err(PackageError::NotASkill { folder: folder.to_owned(), finding: Box::new(finding) });
    }
    let read_error = |cause| FilesError { path: folder.to_owned(), cause };
    let root = folder.canonicalize().map_err(read_error)?;
    let name = root.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let files = files_of(&root)?;
    let entries = files.iter().map(|(path, bytes)| (format!("{name}/{path}"), bytes.as_slice()));
    let write_error = |path: &Path| {
        let path = path.to_owned();
        move |cause| PackageError::Write { path, cause }
    };
    let bytes = zip(entries).map_err(write_error(first))?;
    for path in std::iter::once(first).chain(others.iter().map(PathBuf::as_path)) {
        place(&bytes, path).map_err(write_error(path))?;
    }
    Ok(Package { path: first.to_owned(), files: files.len(), bytes: bytes.len() as u64 })
}

/// The bytes of a zip with these entries, which are sorted.
fn zip<'a>(entries: impl Iterator<Item = (String, &'a [u8])>) -> io::Result<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(6))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer.start_file(name.as_str(), options)?;
        writer.write_all(bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}

/// Writes a file beside its place and renames it; one that holds the same stays.
fn place(bytes: &[u8], path: &Path) -> io::Result<()> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(parent)?;
    let is_file = path.symlink_metadata().is_ok_and(|data| data.is_file());
    if is_file && fs::read(path).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    let mut file = NamedTempFile::new_in(parent)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    allow_reading(file.path())?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
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
