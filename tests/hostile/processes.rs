//! The process table, as far as tests need it.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// A process that lives.
#[derive(Clone, Debug)]
pub struct Process {
    pub id: u32,
    pub group: u32,
    pub line: String,
}

/// Every process that lives; the dead that wait to be reaped are not there any more.
pub fn processes() -> Vec<Process> {
    let listing = Command::new("ps").args(["-ewwo", "pid=,pgid=,stat=,args="]).output().unwrap();
    String::from_utf8_lossy(&listing.stdout)
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let (id, group) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
            let lives = !words.next()?.starts_with('Z');
            lives.then(|| Process { id, group, line: words.collect::<Vec<_>>().join(" ") })
        })
        .collect()
}

/// Those of a process group whose command line holds a text.
pub fn of_group(group: u32, holds: &str) -> Vec<Process> {
    processes().into_iter().filter(|process| process.group == group && process.line.contains(holds)).collect()
}

/// Those whose command line names a path, and all of their groups: of a browser only the first process may name its
/// folder.
pub fn that_name(path: &Path) -> Vec<Process> {
    let path = path.to_str().unwrap();
    let all = processes();
    let naming = all.iter().filter(|process| process.line.contains(path));
    let groups: BTreeSet<u32> = naming.map(|process| process.group).collect();
    all.into_iter().filter(|process| groups.contains(&process.group)).collect()
}

/// Sends a signal; the process may have ended.
pub fn signal(process: u32, signal: Signal) {
    let process = Pid::from_raw(process.try_into().unwrap()).unwrap();
    let _ = kill_process(process, signal);
}

/// Waits until something holds, half a minute at most.
#[track_caller]
pub fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let since = Instant::now();
    while !holds() {
        assert!(since.elapsed() < Duration::from_secs(30), "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Waits until something holds as [`wait_until`] does, and lets the other tasks of the test go on meanwhile.
pub async fn wait_until_async(what: &str, mut holds: impl FnMut() -> bool) {
    let since = Instant::now();
    while !holds() {
        assert!(since.elapsed() < Duration::from_secs(30), "waited in vain until {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Waits until nothing of a process group is left: what is killed needs a moment to die.
pub async fn wait_until_gone(group: u32) {
    wait_until_async("a browser's group is gone", || of_group(group, "").is_empty()).await;
}

/// Waits until no process names the folder and nothing is in it.
#[track_caller]
pub fn assert_nothing_left(folder: &Path) {
    let since = Instant::now();
    loop {
        let files: Vec<_> = std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).collect();
        let left = that_name(folder);
        if files.is_empty() && left.is_empty() {
            return;
        }
        assert!(since.elapsed() < Duration::from_secs(30), "left: {files:?}, {left:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
