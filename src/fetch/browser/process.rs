//! The browser's process: its own group, its own folder, and the certainty that neither outlives us.
//!
//! Three things end the group and remove the folder: dropping [`Process`] (exit, panic, Ctrl-C handled by the caller),
//! and, should we be killed so that nothing of ours can run, a watchdog. The watchdog is a shell that waits for the end
//! of a pipe of which we hold the other side; the system closes that side however we end.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

/// How often, and how long apart, the folder's removal is tried: killed processes may take a moment to let go of it.
const REMOVAL_TRIES: u32 = 100;
const REMOVAL_PAUSE: Duration = Duration::from_millis(20);

/// The longest path of our folder below which Chromium can still make its sockets: a socket's path has 107 bytes at
/// most, and `/org.chromium.Chromium.XXXXXX/SingletonSocket` takes 45 of them.
const LONGEST_HOME: usize = 62;

/// Reads the group's id, then waits: `done` means that all is tidied, the end of the pipe that the crawler is dead.
#[cfg(unix)]
const WATCHDOG: &str = r#"
trap '' HUP INT TERM QUIT
read -r group || exit 0
read -r word && [ "$word" = done ] && exit 0
kill -KILL "-$group" 2>/dev/null
for pause in 0 0 1 1 2 4; do sleep "$pause"; rm -rf -- "$1" 2>/dev/null && exit 0; done
"#;

/// A running browser. Dropping it kills the whole process group, reaps the child and removes the folder.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    watchdog: Option<Child>,
    home: Option<TempDir>,
}

impl Process {
    /// Starts `program` in a process group of its own; stderr goes to `stderr.log` in `home`.
    pub(super) fn start(program: &Path, arguments: &[String], home: TempDir) -> io::Result<Self> {
        let log = File::create(stderr_log(home.path()))?;
        let watchdog = start_watchdog(home.path())?;
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        own_group(&mut command);
        own_temporary_files(&mut command, home.path());
        let child = command.spawn()?;
        let mut process = Self { child, watchdog, home: Some(home) };
        let group = process.child.id();
        process.tell_watchdog(&group.to_string());
        Ok(process)
    }

    /// The process id of the browser, which is its group's id too.
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// How the browser ended, if it did.
    pub(super) fn ended(&mut self) -> Option<String> {
        match self.child.try_wait() {
            Ok(None) => None,
            Ok(Some(status)) => Some(status.to_string()),
            Err(cause) => Some(cause.to_string()),
        }
    }

    /// What the browser wrote to stderr so far.
    pub(super) fn stderr(&self) -> String {
        let Some(home) = &self.home else { return String::new() };
        let bytes = std::fs::read(stderr_log(home.path())).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn tell_watchdog(&mut self, line: &str) {
        let Some(pipe) = self.watchdog.as_mut().and_then(|watchdog| watchdog.stdin.as_mut()) else { return };
        // A watchdog that somebody else ended cannot be told; the drop below does the work all the same.
        let _ = writeln!(pipe, "{line}").and_then(|()| pipe.flush());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        kill_group(&mut self.child);
        // The child is dead or dying; waiting for it keeps it from staying behind as a zombie.
        let _ = self.child.wait();
        if self.home.take().is_none_or(remove_folder) {
            self.tell_watchdog("done");
        }
        if let Some(mut watchdog) = self.watchdog.take() {
            // Closing the pipe ends the watchdog at once, or has it try what failed here.
            drop(watchdog.stdin.take());
            let _ = watchdog.wait();
        }
    }
}

/// Has the browser put its temporary files into our folder: one that is killed leaves them behind.
fn own_temporary_files(command: &mut Command, home: &Path) {
    if home.as_os_str().len() <= LONGEST_HOME {
        command.env("TMPDIR", home);
    }
}

fn stderr_log(home: &Path) -> std::path::PathBuf {
    home.join("stderr.log")
}

/// Whether the folder is gone.
fn remove_folder(home: TempDir) -> bool {
    let path = home.keep();
    for _ in 0..REMOVAL_TRIES {
        match std::fs::remove_dir_all(&path) {
            Ok(()) => return true,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return true,
            Err(_) => std::thread::sleep(REMOVAL_PAUSE),
        }
    }
    false
}

#[cfg(unix)]
fn own_group(command: &mut Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

#[cfg(unix)]
fn start_watchdog(home: &Path) -> io::Result<Option<Child>> {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", WATCHDOG, "skillcrawl-watchdog"]).arg(home);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    own_group(&mut command);
    command.spawn().map(Some)
}

#[cfg(unix)]
fn kill_group(child: &mut Child) {
    let group = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw);
    if let Some(group) = group {
        // The group may be gone already.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
}

#[cfg(not(unix))]
fn own_group(_: &mut Command) {}

#[cfg(not(unix))]
fn start_watchdog(_: &Path) -> io::Result<Option<Child>> {
    Ok(None)
}

#[cfg(not(unix))]
fn kill_group(child: &mut Child) {
    let _ = child.kill();
}
