//! Runs a command of this program as a child process, in a process group of its own.
//!
//! The child's standard input is a pipe of ours that says nothing: when it ends, however we end, the child interrupts
//! itself (`--until-eof`). A call that is cancelled interrupts the child as Ctrl-C does, so that what was recorded is
//! kept; once more after a while, and in the end it is killed. Its browser is in a group of its own, with a watchdog that
//! ends it with the child in each of these cases.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use rmcp::RoleServer;
use rmcp::service::RequestContext;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;

use crate::mcp::desk::{Desk, Turn, Weight};
use crate::mcp::error::ToolError;
use crate::mcp::presence::Presence;
use crate::mcp::progress::{Line, notify};

/// The longest result of a command, in bytes. Longer ones are refused, not cut: they would be no JSON.
const LONGEST_RESULT: u64 = 64 << 20;
/// The longest line of stderr that is looked at, in bytes.
const LONGEST_LINE: u64 = 16 << 10;
/// Remarks that are passed on.
const MOST_REMARKS: usize = 10;
/// What remarks begin with.
const REMARKS: [&str; 3] = ["note: ", "warning: ", "error: "];
/// How long a command may take to finish what is in work once it is interrupted, and then to end at once.
const GRACE: [Duration; 2] = [Duration::from_secs(8), Duration::from_secs(4)];

/// A command that ended by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// What it printed.
    pub stdout: String,
    /// What it remarked on: its notes, warnings and errors.
    pub remarks: Vec<String>,
    /// Its exit code; -1 where it was ended by somebody else.
    pub code: i32,
}

/// Runs this program with the words of a command line in a folder and waits for its end; tells the client how far it is,
/// and ends it when the call is cancelled, the client is gone or the server ends.
///
/// # Errors
///
/// A [`ToolError`] when it could not run, was cancelled, or printed more than can be passed on.
pub async fn run(
    desk: &Desk,
    (words, folder, weight): (&[String], &Path, Weight),
    context: &RequestContext<RoleServer>,
) -> Result<Ended, ToolError> {
    let (lines, newest) = watch::channel(None);
    if let Some(token) = context.meta.get_progress_token() {
        tokio::spawn(notify(context.peer.clone(), token, newest));
    }
    let presence = Presence::of_http(&context.extensions);
    let end = End { desk, context, presence };
    let _turn = turn(&end, weight, &lines).await?;
    let mut child = start(desk, words, folder)?;
    // Held until the child has ended.
    let _pipe = child.stdin.take();
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let work = async {
        let (stdout, remarks) = tokio::join!(read_result(stdout), read_remarks(stderr, &lines));
        let status = child.wait().await;
        (stdout, remarks, status.ok().and_then(|status| status.code()))
    };
    let ended = tokio::select! {
        ended = work => Some(ended),
        () = end.comes() => None,
    };
    let Some((stdout, remarks, code)) = ended else {
        stop(&mut child).await;
        return Err(cancelled());
    };
    Ok(Ended { stdout: stdout?, remarks, code: code.unwrap_or(-1) })
}

/// What may end a call before its command does.
struct End<'a> {
    desk: &'a Desk,
    context: &'a RequestContext<RoleServer>,
    presence: Option<Presence>,
}

impl End<'_> {
    /// Waits for the first of them.
    async fn comes(&self) {
        let gone = async {
            match &self.presence {
                Some(presence) => presence.gone().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = self.context.ct.cancelled() => {}
            () = self.desk.over.cancelled() => {}
            () = gone => {}
        }
    }
}

fn cancelled() -> ToolError {
    ToolError::new("the call was cancelled").hint("what was recorded is kept; the same call goes on with it")
}

/// Waits until it may run; says so where that is not at once.
async fn turn<'a>(
    end: &End<'a>,
    weight: Weight,
    lines: &watch::Sender<Option<Line>>,
) -> Result<Turn<'a>, ToolError> {
    if let Some(turn) = end.desk.turn_at_once(weight) {
        return Ok(turn);
    }
    let message = "waiting until another call has ended: as many as may are running".to_owned();
    lines.send_replace(Some(Line::waiting(message)));
    tokio::select! {
        turn = end.desk.turn(weight) => Ok(turn),
        () = end.comes() => Err(cancelled()),
    }
}

fn start(desk: &Desk, words: &[String], folder: &Path) -> Result<Child, ToolError> {
    let mut command = Command::new(&desk.program);
    command.args(["--json", "--progress", "json", "--until-eof"]).args(words).current_dir(folder);
    command.env("NO_COLOR", "1").env_remove("RUST_LOG").env_remove(crate::mcp::token::VARIABLE);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    #[cfg(unix)]
    command.process_group(0);
    command.kill_on_drop(true);
    command.spawn().map_err(|cause| {
        ToolError::new(format!("cannot run `{}` in `{}`: {cause}", desk.program.display(), folder.display()))
    })
}

/// All that a command prints, up to a size. What comes after it is read all the same, so that the command can end.
async fn read_result(stdout: Option<impl AsyncRead + Unpin>) -> Result<String, ToolError> {
    let Some(mut stdout) = stdout else { return Ok(String::new()) };
    let mut bytes = Vec::new();
    let read = (&mut stdout).take(LONGEST_RESULT).read_to_end(&mut bytes).await;
    let more = tokio::io::copy(&mut stdout, &mut tokio::io::sink()).await;
    match (read, more) {
        (Ok(_), Ok(0)) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        (Ok(_), Ok(_)) => Err(ToolError::new("the command printed more than can be passed on")),
        (Err(cause), _) | (_, Err(cause)) => {
            Err(ToolError::new(format!("cannot read what the command printed: {cause}")))
        }
    }
}

/// Passes progress on and keeps the last notes and warnings.
async fn read_remarks(
    stderr: Option<impl AsyncRead + Unpin>,
    lines: &watch::Sender<Option<Line>>,
) -> Vec<String> {
    let Some(stderr) = stderr else { return Vec::new() };
    let mut reader = BufReader::new(stderr);
    let mut remarks: Vec<String> = Vec::new();
    loop {
        let mut bytes = Vec::new();
        let read = (&mut reader).take(LONGEST_LINE).read_until(b'\n', &mut bytes).await;
        if read.is_err() || bytes.is_empty() {
            return remarks;
        }
        let line = String::from_utf8_lossy(&bytes);
        let line = line.trim_end();
        if let Some(progress) = Line::parse(line) {
            lines.send_replace(Some(progress));
        } else if REMARKS.iter().any(|word| line.starts_with(word)) {
            if remarks.len() == MOST_REMARKS {
                remarks.remove(0);
            }
            remarks.push(line.to_owned());
        }
    }
}

/// Interrupts a command and its helpers, twice if need be, and kills what is left after that.
async fn stop(child: &mut Child) {
    for grace in GRACE {
        signal_group(child, Stop::Interrupt);
        if tokio::time::timeout(grace, child.wait()).await.is_ok() {
            return;
        }
    }
    signal_group(child, Stop::Kill);
    let _ = child.wait().await;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    Interrupt,
    Kill,
}

#[cfg(unix)]
fn signal_group(child: &mut Child, stop: Stop) {
    use rustix::process::{Pid, Signal, kill_process_group};
    let signal = match stop {
        Stop::Interrupt => Signal::INT,
        Stop::Kill => Signal::KILL,
    };
    let group = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    if let Some(group) = group {
        // It may have ended meanwhile.
        let _ = kill_process_group(group, signal);
    }
}

#[cfg(not(unix))]
fn signal_group(child: &mut Child, _: Stop) {
    let _ = child.start_kill();
}
