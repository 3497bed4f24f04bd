//! Reads a skill folder from disk.

use std::fs;
use std::io;
use std::path::Path;

use super::contents::{Contents, is_markdown};
use super::{Finding, error};

/// Reads all files below a folder; symbolic links are not followed.
pub(super) fn read(folder: &Path, findings: &mut Vec<Finding>) -> io::Result<Contents> {
    let name = folder.canonicalize()?.file_name().map(|name| name.to_string_lossy().into_owned());
    let mut contents = Contents { name: name.unwrap_or_default(), ..Contents::default() };
    let mut folders = vec![(folder.to_path_buf(), String::new())];
    while let Some((path, prefix)) = folders.pop() {
        for entry in fs::read_dir(&path)? {
            let entry = entry?;
            let relative = format!("{prefix}{}", entry.file_name().to_string_lossy());
            let kind = entry.file_type()?;
            if kind.is_symlink() {
                let message = "symbolic links do not belong in a skill".to_owned();
                findings.push(error(&relative, "symlink", message));
            } else if kind.is_dir() {
                folders.push((entry.path(), format!("{relative}/")));
            } else {
                let bytes = is_markdown(&relative).then(|| fs::read(entry.path())).transpose()?;
                contents.add(relative, entry.metadata()?.len(), bytes, findings);
            }
        }
    }
    Ok(contents)
}
