//! How much memory the processes of a browser hold.
//!
//! Counted is what each process has for itself (resident and not shared), from `/proc/PID/statm`: it is cheap, readable
//! for a confined process too, and within some tens of megabytes of the proportional share (PSS). Where there is no
//! `/proc` nothing is counted.

use std::path::Path;

/// One process of a browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Held {
    /// The process id.
    pub(super) process: u32,
    /// Bytes that are its own.
    pub(super) bytes: u64,
}

/// What each process of a process group holds; empty where that cannot be told.
pub(super) fn of_group(group: u32) -> Vec<Held> {
    let Ok(processes) = std::fs::read_dir("/proc") else { return Vec::new() };
    processes
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|process| group_of(*process) == Some(group))
        .filter_map(|process| Some(Held { process, bytes: own_bytes(process)? }))
        .collect()
}

/// Whether a process of the browser runs pages.
pub(super) fn is_renderer(process: u32) -> bool {
    let words = std::fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
    // A forked renderer writes its whole title into the first word.
    words.split(|byte| matches!(byte, 0 | b' ')).any(|word| word == b"--type=renderer")
}

/// Bytes that are free for new processes: what the system says, or what a container leaves of its limit if that is less.
/// `None` where neither can be told.
pub(super) fn free() -> Option<u64> {
    let text = |path: &str| std::fs::read_to_string(path).ok();
    let number = |path: &str| text(path)?.trim().parse::<u64>().ok();
    let system = text("/proc/meminfo").as_deref().and_then(available);
    let container = number("/sys/fs/cgroup/memory.max").zip(number("/sys/fs/cgroup/memory.current"));
    let container = container.map(|(limit, used)| limit.saturating_sub(used));
    [system, container].into_iter().flatten().min()
}

/// The line `MemAvailable:  12345 kB`, in bytes.
fn available(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

/// The process group, which stands behind the name in brackets: `PID (NAME) STATE PARENT GROUP …`.
fn group_of(process: u32) -> Option<u32> {
    let stat = read(process, "stat")?;
    let (_, behind_name) = stat.rsplit_once(')')?;
    behind_name.split_whitespace().nth(2)?.parse().ok()
}

fn own_bytes(process: u32) -> Option<u64> {
    let pages = read(process, "statm")?;
    let mut pages = pages.split_whitespace().skip(1).map(|count| count.parse::<u64>().ok());
    let (resident, shared) = (pages.next()??, pages.next()??);
    Some(resident.saturating_sub(shared).saturating_mul(page_size()))
}

fn read(process: u32, file: &str) -> Option<String> {
    std::fs::read_to_string(Path::new("/proc").join(process.to_string()).join(file)).ok()
}

#[cfg(unix)]
fn page_size() -> u64 {
    rustix::param::page_size() as u64
}

#[cfg(not(unix))]
fn page_size() -> u64 {
    4096
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::{available, free, group_of, is_renderer, of_group};

    #[test]
    fn this_process_holds_something_and_is_no_renderer() {
        let own = std::process::id();
        let held = of_group(group_of(own).unwrap());
        let own_share = held.iter().find(|held| held.process == own).unwrap();
        assert!(own_share.bytes > 100_000, "{held:?}");
        assert!(!is_renderer(own));
        assert!(of_group(u32::MAX).is_empty());
    }

    #[test]
    fn free_memory_is_read() {
        let meminfo = "MemTotal:       24000000 kB\nMemAvailable:   22000000 kB\n";
        assert_eq!(available(meminfo), Some(22_000_000 * 1024));
        assert_eq!(available("MemTotal: 1 kB"), None);
        assert!(free().is_some_and(|free| free > 0));
    }
}
