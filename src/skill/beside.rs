//! Hidden folders in which something is put together beside its place, and what killed processes left of such.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use tempfile::TempDir;

/// The file that a process holds locked while the folder is its own. The system lets go of it however the process ends.
const LOCK: &str = ".lock";
const UNNAMED: &str = ".lock.new";
/// What a place held before, while something new takes it.
pub(super) const PREVIOUS: &str = "previous";

/// A folder that is removed when this is dropped.
#[derive(Debug)]
pub(super) struct Beside {
    // Before the lock, so that nobody takes what is being removed for a leftover.
    folder: TempDir,
    _lock: File,
}

impl Beside {
    /// Makes a folder in `parent` whose name begins with `prefix`, and removes those of the same prefix whose process was
    /// killed.
    ///
    /// # Errors
    ///
    /// What the system says when it refuses the new folder; leftovers that cannot be removed stay.
    pub(super) fn new(parent: &Path, prefix: &str) -> io::Result<Self> {
        for entry in fs::read_dir(parent)?.flatten() {
            if entry.file_name().to_string_lossy().starts_with(prefix) {
                remove_if_left(&entry.path());
            }
        }
        let folder = tempfile::Builder::new().prefix(prefix).tempdir_in(parent)?;
        // Held before it has its name, so that nobody finds it free.
        let unnamed = folder.path().join(UNNAMED);
        let lock = File::create(&unnamed)?;
        // A folder without a lock is as good to build in; it only cannot be told from a leftover.
        if lock.try_lock().is_ok() {
            fs::rename(&unnamed, folder.path().join(LOCK))?;
        } else {
            fs::remove_file(&unnamed)?;
        }
        Ok(Self { folder, _lock: lock })
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Removes a folder that no process holds. One without a lock may have been made this very moment, and one with what its
/// place held before may be the only copy of that.
fn remove_if_left(folder: &Path) {
    if folder.join(PREVIOUS).exists() {
        return;
    }
    let is_left = File::open(folder.join(LOCK)).is_ok_and(|lock| lock.try_lock().is_ok());
    if is_left {
        let _ = fs::remove_dir_all(folder);
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Beside, LOCK, PREVIOUS};

    #[test]
    fn what_a_killed_process_left_is_removed_and_what_is_held_stays() {
        let parent = tempfile::tempdir().unwrap();
        for name in [".a.building-left", ".b.building-left", "a"] {
            fs::create_dir(parent.path().join(name)).unwrap();
            fs::write(parent.path().join(name).join(LOCK), "").unwrap();
        }
        fs::create_dir(parent.path().join(".a.building-new")).unwrap();
        let with_old = parent.path().join(".a.building-old");
        fs::create_dir_all(with_old.join(PREVIOUS)).unwrap();
        fs::write(with_old.join(LOCK), "").unwrap();
        let held = Beside::new(parent.path(), ".a.building-").unwrap();
        let own = Beside::new(parent.path(), ".a.building-").unwrap();
        assert!(held.path().is_dir() && own.path().is_dir());
        let is_there = |name: &str| parent.path().join(name).is_dir();
        assert!(!is_there(".a.building-left"));
        assert!(is_there(".b.building-left") && is_there("a") && is_there(".a.building-new"));
        assert!(with_old.is_dir());
    }
}
