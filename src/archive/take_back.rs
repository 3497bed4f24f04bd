//! Taking back what was recorded last.

use std::fs;
use std::path::Path;

use crate::archive::error::ArchiveError;
use crate::archive::files::{number_of, sync_folder_of, warcs_in};

/// Removes our WARCs of this number or above from a folder, those that are not packed: the archive is then as it was when
/// [`crate::archive::ArchiveWriter::next_number`] gave that number. The last ones go first, so that whoever reads
/// meanwhile finds an archive as it was at some time. No writer may have the folder open.
///
/// # Errors
///
/// [`ArchiveError`] when the folder cannot be read or a file not be removed; to be called again then.
pub fn take_back(folder: &Path, number: u32) -> Result<(), ArchiveError> {
    for path in warcs_in(folder)?.iter().rev() {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if number_of(&name).is_some_and(|found| found >= number) {
            fs::remove_file(path).map_err(ArchiveError::writing(path))?;
            sync_folder_of(path)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::take_back;

    #[test]
    fn only_what_was_recorded_last_goes() {
        let folder = tempfile::tempdir().unwrap();
        let names = ["skillcrawl-00001.warc.gz", "skillcrawl-00003.warc.gz", "other.warc.gz"];
        names.iter().for_each(|name| std::fs::write(folder.path().join(name), "").unwrap());
        take_back(folder.path(), 2).unwrap();
        let left: Vec<bool> = names.iter().map(|name| folder.path().join(name).exists()).collect();
        assert_eq!(left, [true, false, true]);
        take_back(&folder.path().join("none"), 1).unwrap();
    }
}
