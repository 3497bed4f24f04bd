//! One process at a time in a crawl folder.

use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::time::Duration;

use super::FrontierError;

/// A lock that was let go of may be held for a moment longer: a child process that is just being started has every file
/// of its parent until it becomes another program.
const MOST_TRIES: u32 = 25;
const PAUSE: Duration = Duration::from_millis(20);

/// Holds the folder until it is dropped. The system lets go of it when the process ends, however it ends, so that a
/// killed crawl leaves no lock behind.
#[derive(Debug)]
pub struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// Takes the folder, making it where it is not there.
    ///
    /// # Errors
    ///
    /// [`FrontierError::Locked`] while another process has it, [`FrontierError::Open`] when the system refuses.
    pub fn take(folder: &Path) -> Result<Self, FrontierError> {
        let path = folder.join("lock");
        let failed = |cause| FrontierError::Open { path: path.display().to_string(), cause };
        fs::create_dir_all(folder).map_err(failed)?;
        let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
        let mut tries = 0;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::WouldBlock) if tries < MOST_TRIES => {
                    tries += 1;
                    std::thread::sleep(PAUSE);
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(FrontierError::Locked { folder: folder.display().to_string() });
                }
                Err(TryLockError::Error(cause)) => return Err(failed(cause)),
            }
        }
    }
}

/// Whether a process holds the folder. The test shares the lock for a moment only, and [`FolderLock::take`] is more
/// patient than that.
///
/// # Errors
///
/// [`FrontierError::Open`] when the system refuses.
pub(super) fn is_held(folder: &Path) -> Result<bool, FrontierError> {
    let path = folder.join("lock");
    let failed = |cause| FrontierError::Open { path: path.display().to_string(), cause };
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(cause) => return Err(failed(cause)),
    };
    match file.try_lock_shared() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(cause)) => Err(failed(cause)),
    }
}
