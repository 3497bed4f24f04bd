//! What lies in the browser's folder before it starts: preferences that refuse what pages ask for, and nothing to open
//! links of other programs with.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Refused without asking: every permission, every download, and every request that only guesses where a visitor may go
/// next (prefetch, prerender, preconnect). Chromium writes its own keys beside these.
const PREFERENCES: &str = include_str!("preferences.json");

/// The programs that Chromium starts for `mailto:` and other protocols that are not its own; for `mailto:` it does not
/// even ask. In their place stands a program that does nothing.
const OPENERS: [&str; 3] = ["xdg-open", "xdg-email", "xdg-settings"];
const DOES_NOTHING: [&str; 2] = ["/bin/false", "/usr/bin/false"];

/// How programs find the desktop of the user.
const DESKTOP: [&str; 4] = ["DISPLAY", "WAYLAND_DISPLAY", "XDG_CURRENT_DESKTOP", "DESKTOP_SESSION"];

/// The profile in a browser's folder.
pub(super) fn profile(home: &Path) -> PathBuf {
    home.join("profile")
}

/// Puts into a new folder what the browser is to find there.
pub(super) fn furnish(home: &Path) -> io::Result<()> {
    let default = profile(home).join("Default");
    std::fs::create_dir_all(&default)?;
    std::fs::write(default.join("Preferences"), PREFERENCES)?;
    put_openers(&openers(home))
}

/// Keeps the browser, and whatever it would start, from the desktop of the user.
pub(super) fn keep_from_desktop(command: &mut Command, home: &Path) {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(openers(home)).chain(std::env::split_paths(&path)));
    // A folder whose name cannot stand in a list of folders has no openers to offer either.
    if let Ok(path) = path {
        command.env("PATH", path);
    }
    for variable in DESKTOP {
        command.env_remove(variable);
    }
    command.env("DBUS_SESSION_BUS_ADDRESS", "disabled:");
}

fn openers(home: &Path) -> PathBuf {
    home.join("bin")
}

/// Links and not scripts: a folder for temporary files may be one that no program is started from.
#[cfg(unix)]
fn put_openers(folder: &Path) -> io::Result<()> {
    let Some(nothing) = DOES_NOTHING.iter().find(|program| Path::new(program).exists()) else {
        return Ok(());
    };
    std::fs::create_dir_all(folder)?;
    OPENERS.iter().try_for_each(|opener| std::os::unix::fs::symlink(nothing, folder.join(opener)))
}

#[cfg(not(unix))]
fn put_openers(_: &Path) -> io::Result<()> {
    let _ = (OPENERS, DOES_NOTHING);
    Ok(())
}
