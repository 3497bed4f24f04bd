//! Installs a build of Chrome for Testing: catalog, download, unpack, rename.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use futures::StreamExt;
use serde::Deserialize;
use tokio::io::AsyncWriteExt;
use zip::ZipArchive;
use zip::result::ZipError;

use super::InstallEvent;
use crate::fetch::browser::find::installed_program;

/// The product that is installed: Chrome without any window, which needs the fewest libraries of the system.
const PRODUCT: &str = "chrome-headless-shell";
const CONNECT_DEADLINE: Duration = Duration::from_secs(20);
const READ_DEADLINE: Duration = Duration::from_secs(60);
/// The most that a build may unpack to, in bytes; today's have some 300 MB.
const LARGEST_BUILD: u64 = 3 << 30;

/// Why a build could not be installed.
#[derive(Debug, thiserror::Error)]
pub enum DownloadError {
    /// There is no build for this system.
    #[error("there is no build for `{platform}`")]
    NoBuild {
        /// System and processor.
        platform: String,
    },
    /// The catalog or the archive could not be had.
    #[error("failed to download `{url}`")]
    Http {
        /// The address.
        url: String,
        /// What the client said.
        #[source]
        cause: reqwest::Error,
    },
    /// The catalog is not of the shape that was published when this was written.
    #[error("`{url}` is not a catalog of builds")]
    Catalog {
        /// The address.
        url: String,
        /// What the JSON parser said.
        #[source]
        cause: serde_json::Error,
    },
    /// The archive is not one, or holds what it should not.
    #[error("`{url}` is not a usable archive")]
    Archive {
        /// The address.
        url: String,
        /// What the reader said.
        #[source]
        cause: ZipError,
    },
    /// The archive does not hold the program.
    #[error("`{url}` holds no `{PRODUCT}`")]
    NoProgram {
        /// The address.
        url: String,
    },
    /// A file could not be written.
    #[error("failed to write `{}`", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
}

#[derive(Deserialize)]
struct Catalog {
    channels: Channels,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Channels {
    stable: Channel,
}

#[derive(Deserialize)]
struct Channel {
    version: String,
    downloads: Downloads,
}

#[derive(Deserialize)]
struct Downloads {
    #[serde(rename = "chrome-headless-shell", default)]
    headless_shell: Vec<Download>,
}

#[derive(Deserialize)]
struct Download {
    platform: String,
    url: String,
}

/// Installs the newest stable build into `folder` and returns the program's path.
pub(super) async fn install(
    catalog: &str,
    folder: &Path,
    progress: &(dyn Fn(InstallEvent) + Sync),
) -> Result<PathBuf, DownloadError> {
    let platform = platform()?;
    let client = reqwest::Client::builder()
        .connect_timeout(CONNECT_DEADLINE)
        .read_timeout(READ_DEADLINE)
        .build()
        .map_err(|cause| DownloadError::Http { url: catalog.to_owned(), cause })?;
    let (version, url) = newest(&client, catalog, platform).await?;
    fs::create_dir_all(folder).map_err(|cause| DownloadError::Write { path: folder.to_owned(), cause })?;
    // Beside the final place, so that the rename below stays on one file system.
    let beside = tempfile::Builder::new()
        .prefix("installing-")
        .tempdir_in(folder)
        .map_err(|cause| DownloadError::Write { path: folder.to_owned(), cause })?;
    let archive = beside.path().join("download.zip");
    download(&client, &url, &version, &archive, progress).await?;
    progress(InstallEvent::Unpacking);
    let unpacked = beside.path().join("unpacked");
    let from = url.clone();
    let into = unpacked.clone();
    let program = tokio::task::spawn_blocking(move || unpack(&archive, &into, &from))
        .await
        .map_err(|error| DownloadError::Write { path: unpacked, cause: io::Error::other(error) })??;
    let build = program.parent().ok_or_else(|| DownloadError::NoProgram { url: url.clone() })?;
    put_in_place(build, folder)
}

fn platform() -> Result<&'static str, DownloadError> {
    match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => Ok("linux64"),
        ("macos", "aarch64") => Ok("mac-arm64"),
        ("macos", "x86_64") => Ok("mac-x64"),
        ("windows", "x86_64") => Ok("win64"),
        ("windows", "x86") => Ok("win32"),
        (system, processor) => Err(DownloadError::NoBuild { platform: format!("{system} {processor}") }),
    }
}

/// Version and address of the stable build.
async fn newest(
    client: &reqwest::Client,
    catalog: &str,
    platform: &str,
) -> Result<(String, String), DownloadError> {
    let failed = |cause| DownloadError::Http { url: catalog.to_owned(), cause };
    let response = client.get(catalog).send().await.and_then(reqwest::Response::error_for_status);
    // The crate's own JSON support is a feature that nothing else needs.
    let bytes = response.map_err(failed)?.bytes().await.map_err(failed)?;
    let catalog: Catalog = serde_json::from_slice(&bytes)
        .map_err(|cause| DownloadError::Catalog { url: catalog.to_owned(), cause })?;
    let Channel { version, downloads } = catalog.channels.stable;
    let build = downloads.headless_shell.into_iter().find(|build| build.platform == platform);
    let build = build.ok_or_else(|| DownloadError::NoBuild { platform: platform.to_owned() })?;
    Ok((version, build.url))
}

async fn download(
    client: &reqwest::Client,
    url: &str,
    version: &str,
    path: &Path,
    progress: &(dyn Fn(InstallEvent) + Sync),
) -> Result<(), DownloadError> {
    let http = |cause| DownloadError::Http { url: url.to_owned(), cause };
    let write = |cause| DownloadError::Write { path: path.to_owned(), cause };
    let response = client.get(url).send().await.and_then(reqwest::Response::error_for_status);
    let response = response.map_err(http)?;
    let total = response.content_length();
    let mut file = tokio::fs::File::create(path).await.map_err(write)?;
    let mut chunks = response.bytes_stream();
    let mut done = 0;
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(http)?;
        file.write_all(&chunk).await.map_err(write)?;
        done += chunk.len() as u64;
        progress(InstallEvent::Downloading { version: version.to_owned(), done, total });
    }
    file.flush().await.map_err(write)
}

/// Unpacks the archive and returns the program's path. An entry that leads out of the folder is an error.
fn unpack(archive: &Path, folder: &Path, url: &str) -> Result<PathBuf, DownloadError> {
    let unusable = |cause| DownloadError::Archive { url: url.to_owned(), cause };
    let file =
        File::open(archive).map_err(|cause| DownloadError::Write { path: archive.to_owned(), cause })?;
    let mut zip = ZipArchive::new(file).map_err(unusable)?;
    let mut unpacked = 0;
    let mut program = None;
    let name = installed_program();
    for index in 0..zip.len() {
        let mut entry = zip.by_index(index).map_err(unusable)?;
        let inside = entry.enclosed_name().filter(|_| !entry.is_symlink());
        let inside =
            inside.ok_or_else(|| unusable(ZipError::InvalidArchive("a path leads outside".into())))?;
        unpacked += entry.size();
        if unpacked > LARGEST_BUILD {
            return Err(unusable(ZipError::InvalidArchive("it unpacks to too much".into())));
        }
        let path = folder.join(inside);
        let write = |cause| DownloadError::Write { path: path.clone(), cause };
        if entry.is_dir() {
            fs::create_dir_all(&path).map_err(write)?;
            continue;
        }
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(write)?;
        }
        let mut file = File::create(&path).map_err(write)?;
        io::copy(&mut entry, &mut file).map_err(write)?;
        set_mode(&file, entry.unix_mode()).map_err(write)?;
        if path.file_name() == name.file_name() {
            program = Some(path);
        }
    }
    program.ok_or_else(|| DownloadError::NoProgram { url: url.to_owned() })
}

/// Puts the unpacked build where it is found, in place of an older one.
fn put_in_place(build: &Path, folder: &Path) -> Result<PathBuf, DownloadError> {
    let program = folder.join(installed_program());
    let place = program.parent().unwrap_or(folder);
    let write = |cause| DownloadError::Write { path: place.to_owned(), cause };
    if place.exists() {
        fs::remove_dir_all(place).map_err(write)?;
    }
    fs::rename(build, place).map_err(write)?;
    Ok(program)
}

#[cfg(unix)]
fn set_mode(file: &File, mode: Option<u32>) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    match mode {
        // The permission bits only: no set-user-id from an archive.
        Some(mode) => file.set_permissions(fs::Permissions::from_mode(mode & 0o777 | 0o600)),
        None => Ok(()),
    }
}

#[cfg(not(unix))]
fn set_mode(_: &File, _: Option<u32>) -> io::Result<()> {
    Ok(())
}
