//! The browser's process: its own group, its own folder, and the certainty that neither outlives us.
//!
//! Three things end the group and remove the folder: dropping [`Process`] (exit, panic, Ctrl-C handled by the caller),
//! and, should we be killed so that nothing of ours can run, a watchdog. The watchdog is a shell that waits for the end
//! of a pipe of which we hold the other side; the system closes that side however we end. There is no moment that it
//! does not cover: it knows the folder's name before there is the folder, and the group before the browser runs in it.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use super::home::{furnish, keep_from_desktop};

/// How often, and how long apart, the folder's removal is tried: killed processes may take a moment to let go of it.
const REMOVAL_TRIES: u32 = 100;
const REMOVAL_PAUSE: Duration = Duration::from_millis(20);

/// The longest path of our folder below which Chromium can still make its sockets: a socket's path has 107 bytes at
/// most, and `/org.chromium.Chromium.XXXXXX/SingletonSocket` takes 45 of them.
const LONGEST_HOME: usize = 62;

/// Reads the folder and the group's id, then waits: `done` means that all is tidied, the end of the pipe that the
/// crawler is dead.
#[cfg(unix)]
const WATCHDOG: &str = r#"
trap '' HUP INT TERM QUIT
IFS= read -r home || exit 0
read -r group && read -r word && [ "$word" = done ] && exit 0
[ -n "$group" ] && kill -KILL "-$group" 2>/dev/null
for pause in 0 0 1 1 2 4; do sleep "$pause"; rm -rf -- "$home" 2>/dev/null && exit 0; done
"#;

/// Becomes the browser once it is told to, and ends where nobody is left to tell it.
#[cfg(unix)]
const STARTER: &str = r#"read -r word && exec "$@" </dev/null"#;

/// What the folder's name begins with.
const HOME_PREFIX: &str = "skillcrawl-chromium-";

/// A running browser. Dropping it kills the whole process group, reaps the child and removes the folder.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    watchdog: Option<Child>,
    home: Option<TempDir>,
}

/// Why there is no process.
#[derive(Debug)]
pub(super) enum StartError {
    /// No folder could be made.
    Folder(io::Error),
    /// The program could not be started.
    Program(io::Error),
}

impl Process {
    /// Starts `program` in a process group and a new folder of its own, with the arguments for that folder; stderr goes
    /// to `stderr.log` in it.
    pub(super) fn start(
        program: &Path,
        arguments: impl FnOnce(&Path) -> Vec<String>,
    ) -> Result<Self, StartError> {
        let mut watchdog = start_watchdog().map_err(StartError::Program)?;
        let name = home_name();
        tell(watchdog.as_mut(), &std::env::temp_dir().join(&name).display().to_string());
        let home = make_home(&name).map_err(StartError::Folder)?;
        let log = File::create(stderr_log(home.path())).map_err(StartError::Folder)?;
        furnish(home.path()).map_err(StartError::Folder)?;
        let mut command = starter(program);
        command.args(arguments(home.path())).stdout(Stdio::null()).stderr(log);
        own_group(&mut command);
        own_temporary_files(&mut command, home.path());
        keep_from_desktop(&mut command, home.path());
        let child = command.spawn().map_err(StartError::Program)?;
        let mut process = Self { child, watchdog, home: Some(home) };
        let group = process.child.id();
        process.tell_watchdog(&group.to_string());
        tell(Some(&mut process.child), "go");
        // The pipe was for this one word.
        process.child.stdin = None;
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
        tell(self.watchdog.as_mut(), line);
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

/// Writes a line to the pipe of a child. One that somebody else ended cannot be told, and needs not.
fn tell(child: Option<&mut Child>, line: &str) {
    let Some(pipe) = child.and_then(|child| child.stdin.as_mut()) else { return };
    let _ = writeln!(pipe, "{line}").and_then(|()| pipe.flush());
}

/// A name that no other folder has; the watchdog must know it beforehand.
fn home_name() -> String {
    let unique = uuid::Uuid::new_v4().simple().to_string();
    format!("{HOME_PREFIX}{}", &unique[..12])
}

/// The folder of that name, for nobody else to read: the browser can be steered by what is written there.
fn make_home(name: &str) -> io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(name).rand_bytes(0);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder.tempdir()
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
fn start_watchdog() -> io::Result<Option<Child>> {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", WATCHDOG, "skillcrawl-watchdog"]);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    own_group(&mut command);
    command.spawn().map(Some)
}

#[cfg(unix)]
fn starter(program: &Path) -> Command {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", STARTER, "skillcrawl-start"]).arg(program).stdin(Stdio::piped());
    command
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
fn start_watchdog() -> io::Result<Option<Child>> {
    Ok(None)
}

#[cfg(not(unix))]
fn starter(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.stdin(Stdio::null());
    command
}

#[cfg(not(unix))]
fn kill_group(child: &mut Child) {
    let _ = child.kill();
}
