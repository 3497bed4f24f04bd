//! Finds Chrome or Chromium.
//!
//! In order: the path that was given, the variables `SKILLCRAWL_CHROME` and `CHROME`, what `browser install` put into
//! the data folder, the usual names on `PATH`, the usual places of each system. Nothing is started to find out.
//!
//! The headless shell comes before the whole browser: it is the same engine without windows, so it draws all its tabs,
//! and a page costs it a third less.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::error::BrowserError;

const VARIABLES: [&str; 2] = ["SKILLCRAWL_CHROME", "CHROME"];

const NAMES: [&str; 7] = [
    "chrome-headless-shell",
    HEADLESS_SHELL,
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
];

/// The headless shell as Debian calls it.
const HEADLESS_SHELL: &str = "chromium-headless-shell";

const MAC_PLACES: [&str; 2] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

const LINUX_PLACES: [&str; 5] = [
    "/usr/lib/chromium/chromium-headless-shell",
    "/usr/lib/chromium/chromium",
    "/opt/google/chrome/chrome",
    "/snap/bin/chromium",
    "/usr/local/bin/chromium",
];

/// Below each of the Windows program folders.
const WINDOWS_PLACES: [&str; 2] =
    ["Google\\Chrome\\Application\\chrome.exe", "Chromium\\Application\\chrome.exe"];

/// Finds the program.
///
/// # Errors
///
/// [`BrowserError::NoSuchProgram`] when the path that was given, or that a variable gives, is no file;
/// [`BrowserError::NotFound`] with every place that was looked in.
pub fn find_chrome(explicit: Option<&Path>) -> Result<PathBuf, BrowserError> {
    let variable = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
    find_in(explicit, &variable)
}

/// The folder of browsers that `browser install` keeps; `None` where the system names no home.
pub(super) fn data_dir() -> Option<PathBuf> {
    data_dir_of(&|name| env::var_os(name).filter(|value| !value.is_empty()))
}

type Variable<'a> = &'a dyn Fn(&str) -> Option<OsString>;

fn find_in(explicit: Option<&Path>, variable: Variable<'_>) -> Result<PathBuf, BrowserError> {
    if let Some(path) = explicit {
        return given(path.to_owned(), "--chrome", variable);
    }
    for name in VARIABLES {
        if let Some(path) = variable(name) {
            return given(PathBuf::from(path), name, variable);
        }
    }
    let mut looked_in = Vec::new();
    for place in places(variable) {
        if place.is_file() {
            return Ok(without_wrapper(place));
        }
        looked_in.push(place.display().to_string());
    }
    Err(BrowserError::NotFound { looked_in })
}

/// A path that somebody named, or a bare name that `PATH` knows.
fn given(path: PathBuf, given_by: &'static str, variable: Variable<'_>) -> Result<PathBuf, BrowserError> {
    if path.is_file() {
        return Ok(without_wrapper(path));
    }
    if path.components().count() == 1
        && let Some(found) = on_path(&path, variable).into_iter().find(|place| place.is_file())
    {
        return Ok(without_wrapper(found));
    }
    Err(BrowserError::NoSuchProgram { path, given_by })
}

/// Debian's `bin/chromium-headless-shell` is a script that waits for the program which it starts. A process between us
/// and the browser would be the one that signals reach, and it knows nothing to do with them.
fn without_wrapper(path: PathBuf) -> PathBuf {
    let program = path
        .parent()
        .and_then(Path::parent)
        .filter(|_| path.file_name().is_some_and(|name| name == HEADLESS_SHELL))
        .map(|root| root.join("lib/chromium").join(HEADLESS_SHELL));
    program.filter(|program| program.is_file()).unwrap_or(path)
}

fn places(variable: Variable<'_>) -> Vec<PathBuf> {
    let installed = data_dir_of(variable).map(|folder| folder.join(installed_program()));
    let named = NAMES.iter().flat_map(|name| on_path(Path::new(name), variable));
    let usual: Vec<PathBuf> = if cfg!(target_os = "macos") {
        MAC_PLACES.iter().map(PathBuf::from).collect()
    } else if cfg!(windows) {
        ["ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA"]
            .iter()
            .filter_map(|name| variable(name))
            .flat_map(|root| WINDOWS_PLACES.iter().map(move |place| PathBuf::from(&root).join(place)))
            .collect()
    } else {
        LINUX_PLACES.iter().map(PathBuf::from).collect()
    };
    installed.into_iter().chain(named).chain(usual).collect()
}

fn on_path(name: &Path, variable: Variable<'_>) -> Vec<PathBuf> {
    let path = variable("PATH").unwrap_or_default();
    env::split_paths(&path)
        .map(|folder| folder.join(name).with_extension(env::consts::EXE_EXTENSION))
        .collect()
}

fn data_dir_of(variable: Variable<'_>) -> Option<PathBuf> {
    let home = variable("HOME").map(PathBuf::from);
    let data = if cfg!(windows) {
        variable("LOCALAPPDATA").map(PathBuf::from)
    } else if cfg!(target_os = "macos") {
        home.map(|home| home.join("Library/Application Support"))
    } else {
        variable("XDG_DATA_HOME").map(PathBuf::from).or(home.map(|home| home.join(".local/share")))
    };
    data.map(|data| data.join("skillcrawl").join("browser"))
}

/// Where the program lies below [`data_dir`].
pub(super) fn installed_program() -> PathBuf {
    Path::new("current").join("chrome-headless-shell").with_extension(env::consts::EXE_EXTENSION)
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::fs;
    use std::path::Path;

    use super::{find_in, installed_program};
    use crate::fetch::browser::BrowserError;

    fn variables(pairs: &[(&'static str, &Path)]) -> impl Fn(&str) -> Option<OsString> + use<> {
        let pairs: Vec<(&str, OsString)> =
            pairs.iter().map(|(name, value)| (*name, value.as_os_str().to_owned())).collect();
        move |name| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
    }

    #[test]
    fn the_given_path_wins_and_a_wrong_one_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let mine = folder.path().join("mine");
        fs::write(&mine, "").unwrap();
        fs::write(folder.path().join("chromium"), "").unwrap();
        let environment = variables(&[("PATH", folder.path()), ("CHROME", Path::new("/nowhere"))]);
        assert_eq!(find_in(Some(&mine), &environment).unwrap(), mine);
        let error = find_in(None, &environment).unwrap_err();
        assert!(matches!(error, BrowserError::NoSuchProgram { given_by: "CHROME", .. }), "{error}");
        let named = find_in(Some(Path::new("chromium")), &environment).unwrap();
        assert_eq!(named, folder.path().join("chromium"));
    }

    #[test]
    fn the_headless_shell_comes_first_and_without_its_wrapper() {
        let root = tempfile::tempdir().unwrap();
        let bin = root.path().join("bin");
        let program = root.path().join("lib/chromium/chromium-headless-shell");
        fs::create_dir_all(&bin).unwrap();
        for name in ["chromium", "chromium-headless-shell"] {
            fs::write(bin.join(name), "").unwrap();
        }
        let environment = variables(&[("PATH", &bin)]);
        let wrapper = bin.join("chromium-headless-shell");
        assert_eq!(find_in(None, &environment).unwrap(), wrapper);
        fs::create_dir_all(program.parent().unwrap()).unwrap();
        fs::write(&program, "").unwrap();
        assert_eq!(find_in(None, &environment).unwrap(), program);
        assert_eq!(find_in(Some(&wrapper), &environment).unwrap(), program);
        assert_eq!(find_in(Some(Path::new("chromium-headless-shell")), &environment).unwrap(), program);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_was_installed_comes_before_the_path() {
        let data = tempfile::tempdir().unwrap();
        let path = tempfile::tempdir().unwrap();
        fs::write(path.path().join("google-chrome"), "").unwrap();
        let environment = variables(&[("PATH", path.path()), ("XDG_DATA_HOME", data.path())]);
        assert_eq!(find_in(None, &environment).unwrap(), path.path().join("google-chrome"));
        let program = data.path().join("skillcrawl/browser").join(installed_program());
        fs::create_dir_all(program.parent().unwrap()).unwrap();
        fs::write(&program, "").unwrap();
        assert_eq!(find_in(None, &environment).unwrap(), program);
    }
}
