//! The browser that the tests use.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The browser that is there, or one that the program installs now, as it would for a user. Fails the test where
/// neither is to be had.
pub fn chrome() -> &'static Path {
    static CHROME: OnceLock<PathBuf> = OnceLock::new();
    CHROME.get_or_init(|| {
        let output =
            Command::new(env!("CARGO_BIN_EXE_skillcrawl")).args(["browser", "install"]).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "`skillcrawl browser install` failed:\n{stderr}");
        let path = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
        assert!(path.is_file(), "`skillcrawl browser install` printed {path:?}, which is no file\n{stderr}");
        path
    })
}
