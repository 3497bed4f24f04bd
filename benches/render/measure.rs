//! Runs a command and measures it with all its descendants: time, processor time, memory.
//!
//! Processor time is what the kernel added up and not samples: this process adopts every orphan of the tree (it is a
//! "child subreaper"), so that after the last one is reaped its own `cutime` and `cstime` have grown by exactly what the
//! tree used. What the command's first process used itself is read between its end and its reaping; the difference is
//! the browser's. Memory is the proportional set size (PSS) of the tree, sampled.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, WaitOptions};

const POLL: Duration = Duration::from_millis(20);
const MEMORY_EVERY: Duration = Duration::from_millis(250);
/// How long what the command left behind may take to end by itself.
const LINGER: Duration = Duration::from_secs(5);
/// The unit of times in `/proc`, on every architecture of Linux.
const TICKS_PER_SECOND: f64 = 100.0;

/// What a run cost.
#[derive(Clone, Debug)]
pub struct Cost {
    /// When it began.
    pub began: Instant,
    /// When the first process ended.
    pub ended: Instant,
    /// Seconds of processor time of the first process.
    pub own_cpu: f64,
    /// Seconds of processor time of all others.
    pub other_cpu: f64,
    /// The highest PSS of the first process, in bytes.
    pub own_memory: u64,
    /// The highest PSS of the whole tree, in bytes.
    pub memory: u64,
    /// Whether the system refused to tell the PSS of some process, whose resident memory was taken instead.
    pub memory_is_rough: bool,
}

/// Makes this process the one that adopts orphans.
///
/// # Errors
///
/// When the system does not know that.
pub fn adopt_orphans() -> anyhow::Result<()> {
    rustix::process::set_child_subreaper(Some(rustix::process::getpid())).context("cannot adopt orphans")
}

/// Runs a command to its end.
///
/// # Errors
///
/// When it cannot be run, fails, or takes longer than `within`.
pub fn run(mut command: Command, within: Duration) -> anyhow::Result<Cost> {
    let before = reaped_cpu()?;
    let began = Instant::now();
    let mut child =
        command.stdin(Stdio::null()).spawn().with_context(|| format!("cannot run {command:?}"))?;
    let pid = child.id();
    let mut memory = Memory::default();
    let own_cpu = loop {
        if has_ended(&child)? {
            break cpu_of(&format!("/proc/{pid}/stat"), 13)?;
        }
        if began.elapsed() > within {
            child.kill()?;
            child.wait()?;
            reap_all()?;
            bail!("{command:?} took longer than {} s", within.as_secs());
        }
        memory.sample(pid, began);
        std::thread::sleep(POLL);
    };
    let ended = Instant::now();
    let status = child.wait()?;
    reap_all()?;
    if !status.success() {
        bail!("{command:?} failed: {status}");
    }
    Ok(Cost {
        began,
        ended,
        own_cpu,
        other_cpu: reaped_cpu()? - before - own_cpu,
        own_memory: memory.own,
        memory: memory.all,
        memory_is_rough: memory.is_rough,
    })
}

/// Whether the child is dead; it stays a zombie, whose times can be read.
fn has_ended(child: &Child) -> anyhow::Result<bool> {
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    Ok(rustix::process::waitid(WaitId::Pid(pid_of(child.id())?), options)?.is_some())
}

/// Waits for every orphan; one that does not end is killed.
fn reap_all() -> anyhow::Result<()> {
    let since = Instant::now();
    loop {
        match rustix::process::wait(WaitOptions::NOHANG) {
            Ok(Some(_)) => continue,
            Ok(None) => {}
            Err(rustix::io::Errno::CHILD) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
        if since.elapsed() > LINGER {
            for &pid in tree(std::process::id()).iter().skip(1) {
                // It may have ended by now.
                let _ = rustix::process::kill_process(pid_of(pid)?, Signal::KILL);
            }
        }
        std::thread::sleep(POLL);
    }
}

fn pid_of(pid: u32) -> anyhow::Result<Pid> {
    Pid::from_raw(i32::try_from(pid)?).context("no process id")
}

/// Seconds that all descendants used which were reaped so far.
fn reaped_cpu() -> anyhow::Result<f64> {
    cpu_of("/proc/self/stat", 15)
}

/// The sum of two fields of a `stat` file, counted from 0: 13 and 14 are the process's own user and system time, 15 and
/// 16 those of its reaped children.
fn cpu_of(path: &str, first: usize) -> anyhow::Result<f64> {
    let text = fs::read_to_string(path)?;
    // The name may hold spaces; the third field begins behind its parenthesis.
    let fields: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let field = |number: usize| fields.get(number - 2).and_then(|field| field.parse::<f64>().ok());
    let (user, system) = field(first).zip(field(first + 1)).context("a `stat` of an unknown shape")?;
    Ok((user + system) / TICKS_PER_SECOND)
}

#[derive(Debug, Default)]
struct Memory {
    own: u64,
    all: u64,
    is_rough: bool,
    sampled: Duration,
}

impl Memory {
    fn sample(&mut self, root: u32, began: Instant) {
        let now = began.elapsed();
        if now < self.sampled + MEMORY_EVERY {
            return;
        }
        self.sampled = now;
        let mut all = 0;
        for pid in tree(root) {
            // One that has just ended has neither.
            let bytes = pss(pid).or_else(|| resident(pid).inspect(|_| self.is_rough = true));
            let bytes = bytes.unwrap_or_default();
            if pid == root {
                self.own = self.own.max(bytes);
            }
            all += bytes;
        }
        self.all = self.all.max(all);
    }
}

/// A process and its descendants, the process first.
fn tree(root: u32) -> Vec<u32> {
    let mut children: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        let Ok(stat) = fs::read_to_string(entry.path().join("stat")) else { continue };
        let parent = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(1)?.parse().ok());
        if let Some(parent) = parent {
            children.entry(parent).or_default().insert(pid);
        }
    }
    let mut found = vec![root];
    let mut next = 0;
    while let Some(pid) = found.get(next).copied() {
        found.extend(children.get(&pid).into_iter().flatten());
        next += 1;
    }
    found
}

fn pss(pid: u32) -> Option<u64> {
    kilobytes(&fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?, "Pss:")
}

/// A sandboxed process does not show its PSS to its own user. What it shares is counted in full here.
fn resident(pid: u32) -> Option<u64> {
    kilobytes(&fs::read_to_string(format!("/proc/{pid}/status")).ok()?, "VmRSS:")
}

fn kilobytes(text: &str, key: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(key))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
}
