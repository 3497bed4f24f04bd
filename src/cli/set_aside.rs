//! `--fresh` and the record that was there before: it is set aside, not removed, until the new crawl has a page.
//!
//! It lies beside the crawl folder meanwhile, in `.NAME.before`, locked. When the crawl ends, it is removed where the new
//! one has a page, and comes back where it has none: the site was down, or refused. A process that was killed in between
//! leaves both, and the next run in that folder does the same before it does anything else.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use jiff::Timestamp;

use super::again::same_command;
use super::crawl_folder::{frontier_failure, has_archive, space_failure};
use super::failure::Failure;
use super::scrape::{Crawled, end};
use crate::frontier::{FolderLock, FrontierError, carry_hosts, status};

/// A record that is set aside, with the locks that keep other processes out of it.
#[derive(Debug)]
pub struct SetAside {
    folder: PathBuf,
    before: PathBuf,
    _lock: FolderLock,
}

/// What is said of a record that came back.
const UNHARMED: &str = "the earlier record is as it was";

/// What became of a record that was set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ended {
    /// The new crawl has a page, and the earlier record is gone.
    Replaced,
    /// The new crawl has none, and the earlier record is back as it was.
    Back,
}

impl SetAside {
    /// Moves the record of a crawl folder out of the way. Its lock goes with it.
    ///
    /// # Errors
    ///
    /// A [`Failure`] when it cannot be moved.
    pub fn begin(folder: &Path, lock: FolderLock) -> Result<Self, Failure> {
        let before = place_of(folder);
        fs::rename(folder, &before)
            .with_context(|| format!("cannot set `{}` aside", folder.display()))
            .map_err(space_failure)?;
        Ok(Self { folder: folder.to_owned(), before, _lock: lock })
    }

    /// Settles which of the two records stays, by how the new crawl ended.
    ///
    /// # Errors
    ///
    /// A [`Failure`] where the new crawl has one, and where it has no page; it says that the earlier record is back.
    pub fn settle(self, crawled: Result<Crawled, Failure>) -> Result<Crawled, Failure> {
        match crawled {
            Ok(crawled) if crawled.summary.counts.kept > 0 => {
                self.remove()?;
                Ok(crawled)
            }
            Ok(crawled) => {
                let ended = end(&crawled.summary).err();
                // Its lock goes with it, so that the folder can be given back.
                drop(crawled);
                self.end()?;
                let failure = ended.unwrap_or_else(|| Failure::new(anyhow!("no page was kept")));
                Err(failure.hint(format!("{UNHARMED}; run `{}` again to start anew", same_command())))
            }
            Err(failure) => {
                let hint = match (self.end()?, &failure.hint) {
                    (Ended::Replaced, _) => None,
                    (Ended::Back, None) => Some(UNHARMED.to_owned()),
                    (Ended::Back, Some(hint)) => Some(format!("{hint}; {UNHARMED}")),
                };
                Err(failure.hint_if(hint))
            }
        }
    }

    fn end(self) -> Result<Ended, Failure> {
        let lock = FolderLock::take(&self.folder).map_err(frontier_failure)?;
        if holds_pages(&self.folder)? {
            self.remove()?;
            return Ok(Ended::Replaced);
        }
        let Self { folder, before, .. } = &self;
        // How long a host asked to be left alone counts for the record that stays as well.
        if let Err(error) = carry_hosts(folder, before) {
            tracing::debug!(%error, "nothing is remembered of the hosts");
        }
        drop(lock);
        fs::remove_dir_all(folder)
            .and_then(|()| fs::rename(before, folder))
            .with_context(|| format!("cannot put `{}` back to `{}`", before.display(), folder.display()))
            .map_err(space_failure)?;
        Ok(Ended::Back)
    }

    fn remove(&self) -> Result<(), Failure> {
        fs::remove_dir_all(&self.before)
            .with_context(|| format!("cannot remove `{}`", self.before.display()))
            .map_err(Failure::new)
    }
}

/// Settles what a process left that was killed while a record was set aside; nothing where there is none.
///
/// # Errors
///
/// A [`Failure`] when that process still runs, or the system refuses.
pub fn settle_left(folder: &Path) -> Result<(), Failure> {
    let before = place_of(folder);
    if !before.is_dir() {
        return Ok(());
    }
    let lock = FolderLock::take(&before).map_err(|error| match error {
        // It is the crawl that the user knows of, whichever of its two folders is locked.
        FrontierError::Locked { .. } => {
            frontier_failure(FrontierError::Locked { folder: folder.display().to_string() })
        }
        error => frontier_failure(error),
    })?;
    SetAside { folder: folder.to_owned(), before, _lock: lock }.end().map(|_| ())
}

/// Whether a crawl kept a page. Of a database that another version made, or that was never finished, its archive tells.
fn holds_pages(folder: &Path) -> Result<bool, Failure> {
    match status(folder, Timestamp::now()) {
        Ok(found) => Ok(found.is_some_and(|found| found.counts.kept > 0)),
        Err(FrontierError::Outdated { .. }) => Ok(has_archive(folder)),
        Err(error) => Err(frontier_failure(error)),
    }
}

/// Where the record of a crawl folder lies while it is set aside. No config has such a name.
fn place_of(folder: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(folder.file_name().unwrap_or_default());
    name.push(".before");
    folder.with_file_name(name)
}
