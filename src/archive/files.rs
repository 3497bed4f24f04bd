//! Which files a crawl folder holds, and how they are named.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::archive::error::ArchiveError;
use crate::archive::wacz_file::warc_names;

/// The file name of the n-th WARC of a crawl.
pub(crate) fn warc_name(number: u32) -> String {
    format!("skillcrawl-{number:05}.warc.gz")
}

/// The number for the next WARC of a crawl: above all those in its folder, and above those that were packed into a WACZ
/// beside the folder and removed from it.
///
/// # Errors
///
/// [`ArchiveError`] when a folder or a WACZ beside it cannot be read.
pub(crate) fn next_number(folder: &Path) -> Result<u32, ArchiveError> {
    let mut names: Vec<String> = warcs_in(folder)?.iter().map(|path| file_name(path)).collect();
    for wacz in waczs_in(folder_of(folder))? {
        names.extend(warc_names(&wacz)?.iter().map(|name| file_name(Path::new(name))));
    }
    let last = names.iter().filter_map(|name| number_of(name)).max().unwrap_or(0);
    Ok(last.saturating_add(1))
}

/// The WARC files right in a folder, sorted by name; none if there is no such folder.
///
/// # Errors
///
/// [`ArchiveError::Read`] when the folder cannot be read.
pub(crate) fn warcs_in(folder: &Path) -> Result<Vec<PathBuf>, ArchiveError> {
    files_in(folder, is_warc)
}

/// The WACZ files right in a folder, sorted by name; none if there is no such folder.
///
/// # Errors
///
/// [`ArchiveError::Read`] when the folder cannot be read.
pub(crate) fn waczs_in(folder: &Path) -> Result<Vec<PathBuf>, ArchiveError> {
    files_in(folder, |name| name.ends_with(".wacz"))
}

/// Whether a file of this name is a WARC.
pub(crate) fn is_warc(name: &str) -> bool {
    name.ends_with(".warc.gz") || name.ends_with(".warc")
}

/// Puts a file's new name on the disk, so that it outlives a loss of power.
///
/// # Errors
///
/// [`ArchiveError`] when the folder cannot be opened or written.
pub(crate) fn sync_folder_of(path: &Path) -> Result<(), ArchiveError> {
    let folder = folder_of(path);
    let handle = File::open(folder).map_err(ArchiveError::reading(folder))?;
    handle.sync_all().map_err(ArchiveError::writing(folder))
}

/// The folder that a file lies in; the current one for a bare name.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn files_in(folder: &Path, wanted: fn(&str) -> bool) -> Result<Vec<PathBuf>, ArchiveError> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(ArchiveError::reading(folder))? {
        let path = entry.map_err(ArchiveError::reading(folder))?.path();
        if wanted(&file_name(&path)) && path.is_file() {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The number of a WARC of ours by its file name.
pub(crate) fn number_of(name: &str) -> Option<u32> {
    name.strip_prefix("skillcrawl-")?.strip_suffix(".warc.gz")?.parse().ok()
}
