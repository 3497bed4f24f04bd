//! Installs a browser where there is none.
//!
//! In order: what is there already; the system's package manager, where it may be used without a question (as root,
//! with a password-less `sudo`, or Homebrew); else Chrome for Testing, unpacked into the user's data folder. Nothing is
//! left half-installed: the folder is made beside and renamed into place.

mod packages;
mod testing_build;

use std::path::PathBuf;

use super::error::BrowserError;
use super::find::{data_dir, find_chrome};
pub use testing_build::DownloadError;

/// Where Chrome for Testing says which builds there are.
const CATALOG: &str =
    "https://googlechromelabs.github.io/chrome-for-testing/last-known-good-versions-with-downloads.json";

/// Where to install from and to.
#[derive(Clone, Debug)]
pub struct InstallOptions {
    /// The JSON catalog of Chrome for Testing.
    pub catalog: String,
    /// The folder of installed browsers; `None` for the user's data folder.
    pub folder: Option<PathBuf>,
    /// Whether the system's package manager is tried first.
    pub packages: Packages,
}

/// Whether the system's package manager is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packages {
    /// Where it needs no password.
    Try,
    /// Not at all.
    Skip,
}

impl Default for InstallOptions {
    fn default() -> Self {
        Self { catalog: CATALOG.to_owned(), folder: None, packages: Packages::Try }
    }
}

/// What `install` is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InstallEvent {
    /// A command of the package manager runs.
    Running {
        /// The command line.
        command: String,
    },
    /// The package manager did not bring a browser; something else is tried.
    PackagesFailed {
        /// Why, in words.
        cause: String,
    },
    /// A build of Chrome for Testing is being downloaded.
    Downloading {
        /// Its version.
        version: String,
        /// Bytes so far.
        done: u64,
        /// Bytes in all, if the server says.
        total: Option<u64>,
    },
    /// The download is being unpacked.
    Unpacking,
}

/// What `install` found or brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Installed {
    /// A browser was there.
    Already(PathBuf),
    /// A browser is there now.
    Now(PathBuf),
}

/// Why no browser was installed.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// The system names no folder for the user's data.
    #[error("no folder for the browser: neither `HOME` nor `XDG_DATA_HOME` is set")]
    NoFolder,
    /// Chrome for Testing could not be had.
    #[error("failed to install Chrome for Testing")]
    Download(#[from] DownloadError),
    /// All went well and yet there is no browser.
    #[error("a browser was installed but is not found")]
    StillMissing(#[source] BrowserError),
}

/// Installs a browser unless one is there.
///
/// # Errors
///
/// [`InstallError`] when neither the package manager nor the download brought one.
pub async fn install(
    options: &InstallOptions,
    progress: &(dyn Fn(InstallEvent) + Sync),
) -> Result<Installed, InstallError> {
    if options.folder.is_none()
        && let Ok(path) = find_chrome(None)
    {
        return Ok(Installed::Already(path));
    }
    if options.packages == Packages::Try {
        match packages::install(progress).await {
            Ok(()) => match find_chrome(None) {
                Ok(path) => return Ok(Installed::Now(path)),
                Err(error) => progress(InstallEvent::PackagesFailed { cause: error.to_string() }),
            },
            Err(cause) => progress(InstallEvent::PackagesFailed { cause: cause.to_string() }),
        }
    }
    let folder = options.folder.clone().or_else(data_dir).ok_or(InstallError::NoFolder)?;
    let path = testing_build::install(&options.catalog, &folder, progress).await?;
    if options.folder.is_some() {
        return Ok(Installed::Now(path));
    }
    find_chrome(None).map(Installed::Now).map_err(InstallError::StillMissing)
}
