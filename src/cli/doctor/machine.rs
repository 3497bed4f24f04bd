//! The program, the disk, the memory, and the configs and profiles of the folder.

use std::path::Path;

use super::Check;
use crate::cli::config::list::config_files;
use crate::cli::config::validate::check;
use crate::cli::profiles::load_profiles;
use crate::config::ExtractRules;

/// Below this many bytes of free disk a crawl of a usual site may not find room for its record.
const LEAST_DISK: u64 = 1 << 30;
/// Below this many bytes of free memory a browser with four tabs is short of it.
const LEAST_MEMORY: u64 = 1 << 30;

/// The version of the program and of what it runs on.
pub(super) fn versions() -> Check {
    let system = format!("{} on {}", std::env::consts::OS, std::env::consts::ARCH);
    Check::good("skillcrawl", format!("{} ({system})", env!("CARGO_PKG_VERSION")))
}

/// Everything that is looked at without a browser or a network.
pub(super) fn checks() -> Vec<Check> {
    let mut checks = vec![folder()];
    checks.extend(disk());
    checks.extend(memory());
    checks.push(profiles());
    checks.push(configs());
    checks
}

/// Whether crawls and skills can be written here.
fn folder() -> Check {
    match tempfile::Builder::new().prefix(".skillcrawl-doctor-").tempfile_in(".") {
        Ok(_) => Check::good("folder", "can be written to"),
        Err(error) => Check::bad(
            "folder",
            format!("cannot be written to: {error}"),
            "change to another folder, or name others with `--crawls` and `--output`",
        ),
    }
}

#[cfg(unix)]
fn disk() -> Option<Check> {
    let found = rustix::fs::statvfs(".").ok()?;
    let free = found.f_bavail.saturating_mul(found.f_frsize);
    let words = format!("{} MB free", free >> 20);
    Some(if free < LEAST_DISK {
        Check::remark(
            "disk",
            words,
            "a crawl takes some 100 MB and stops cleanly when there is no more; free some",
        )
    } else {
        Check::good("disk", words)
    })
}

#[cfg(not(unix))]
fn disk() -> Option<Check> {
    None
}

/// The memory that is free, where the system says so (Linux).
fn memory() -> Option<Check> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    let words = format!("{} MB free", kilobytes >> 10);
    Some(if kilobytes << 10 < LEAST_MEMORY {
        Check::remark("memory", words, "lower `concurrency` in the config, or end other programs")
    } else {
        Check::good("memory", words)
    })
}

fn profiles() -> Check {
    match load_profiles(&ExtractRules::default()) {
        Ok(profiles) => Check::good("profiles", format!("{} load", profiles.iter().count())),
        Err(failure) => {
            Check::bad("profiles", failure.message, "correct the file in `selectors/`, or take it away")
        }
    }
}

fn configs() -> Check {
    let files = config_files();
    let broken: Vec<&Path> =
        files.iter().filter(|file| !check(file).valid).map(std::path::PathBuf::as_path).collect();
    match broken.first() {
        None => Check::good("configs", format!("{} in `configs/`, all load", files.len())),
        Some(first) => Check::remark(
            "configs",
            format!("{} of {} do not load, as `{}`", broken.len(), files.len(), first.display()),
            "`skillcrawl config validate` says what is wrong with each",
        ),
    }
}
