//! `--enhance`: a command of the user's own writes SKILL.md anew; where it fails, the one that the pages gave stays.
//!
//! What was scraped goes to the command's standard input and nowhere else: not into its arguments, its environment or a
//! shell.

use std::io::{Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::live_line::while_working;
use super::printer::Printer;
use super::skill_args::SkillArgs;
use super::words::count;
use crate::skill::Skill;
use crate::skill::enhance::{MOST_BYTES, enhanced, request};
use crate::skill::validate::Finding;
use crate::skill::write::WriteError;

/// How often it is looked whether the command has ended.
const PAUSE: Duration = Duration::from_millis(20);
/// How long its last words are waited for once it has ended.
const LAST_WORDS: Duration = Duration::from_millis(500);
/// How much of what it says on stderr is kept for the warning, in bytes.
const MOST_COMPLAINTS: u64 = 64 * 1024;

/// Has the command of `--enhance`, if there is one, write SKILL.md anew. Whether it did, and the skill as it is then; a
/// warning says why where the old one stays.
pub fn enhance(skill: Skill, args: &SkillArgs, printer: &Printer) -> (Skill, Option<bool>) {
    let Some(command) = &args.enhance else { return (skill, None) };
    let timeout = Duration::from_secs(args.enhance_timeout.get());
    let line = while_working("waiting for the command of `--enhance`", printer);
    let answer = answered(&skill, command, timeout);
    line.finish_and_clear();
    match answer {
        Ok(better) => (better, Some(true)),
        Err(why) => {
            printer
                .warning(&format!("SKILL.md stays as the pages gave it; the command of `--enhance`: {why}"));
            (skill, Some(false))
        }
    }
}

/// The skill with the command's answer, if that passes every check that the skill passes without it.
fn answered(skill: &Skill, command: &str, timeout: Duration) -> Result<Skill, String> {
    let answer = run(command, request(skill).into_bytes(), timeout)?;
    let better = enhanced(skill, &answer).map_err(|refused| refused.to_string())?;
    let known = checked(skill)?;
    let new = checked(&better)?.into_iter().find(|finding| !known.contains(finding));
    match new {
        Some(finding) => Err(format!("its answer does not pass the checks: {finding}")),
        None => Ok(better),
    }
}

/// What the checks find in a skill, as if it were in its place.
fn checked(skill: &Skill) -> Result<Vec<Finding>, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    match skill.write_to(folder.path()) {
        Ok(written) => Ok(written.findings),
        Err(WriteError::Invalid { findings, .. }) => Ok(findings),
        Err(error) => Err(error.to_string()),
    }
}

/// Runs a command in a process group of its own with `input` on its standard input; what it wrote to standard output.
/// The group is ended in every case, so that nothing of it is left behind.
fn run(command: &str, input: Vec<u8>, timeout: Duration) -> Result<Vec<u8>, String> {
    let deadline = Instant::now() + timeout;
    let mut shell = shell(command);
    shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = shell.spawn().map_err(|error| format!("it cannot be started: {error}"))?;
    if let Some(mut stdin) = child.stdin.take() {
        // A command need not read what it is given.
        thread::spawn(move || stdin.write_all(&input).ok());
    }
    // A byte more than is allowed tells a full answer from one that is too long.
    let output = child.stdout.take().map(|stdout| read(stdout, MOST_BYTES as u64 + 1));
    let complaints = child.stderr.take().map(|stderr| read(stderr, MOST_COMPLAINTS));
    let ended = wait(&mut child, output, deadline);
    end(&mut child);
    let (status, answer) = ended.map_err(|fault| match fault {
        Fault::TooLate => format!("it took longer than {}", count(timeout.as_secs(), "second")),
        Fault::TooLong => format!("it answered more than {MOST_BYTES} bytes"),
        Fault::Lost(error) => format!("it cannot be waited for: {error}"),
    })?;
    if !status.success() {
        let said = complaints.and_then(|said| said.recv_timeout(LAST_WORDS).ok()).unwrap_or_default();
        let said = String::from_utf8_lossy(&said);
        let last = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let last: String = last.chars().filter(|character| !character.is_control()).take(200).collect();
        let last = if last.is_empty() { last } else { format!(": {last}") };
        return Err(format!("it ended with {status}{last}"));
    }
    Ok(answer)
}

/// Why there is no answer.
enum Fault {
    TooLate,
    TooLong,
    Lost(std::io::Error),
}

/// Waits until the command has closed its output and ended. It is not reaped, so that its group keeps its number.
fn wait(
    child: &mut Child,
    output: Option<Receiver<Vec<u8>>>,
    deadline: Instant,
) -> Result<(ExitStatus, Vec<u8>), Fault> {
    let left = deadline.saturating_duration_since(Instant::now());
    let answer = output.and_then(|output| output.recv_timeout(left).ok()).ok_or(Fault::TooLate)?;
    if answer.len() > MOST_BYTES {
        return Err(Fault::TooLong);
    }
    while !has_ended(child).map_err(Fault::Lost)? {
        if Instant::now() >= deadline {
            return Err(Fault::TooLate);
        }
        thread::sleep(PAUSE);
    }
    // What the command left running in its group ends with it.
    end_group(child);
    let status = child.wait().map_err(Fault::Lost)?;
    Ok((status, answer))
}

/// Reads to the end, or to `most` bytes, on a thread of its own.
fn read(mut source: impl Read + Send + 'static, most: u64) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = source.by_ref().take(most).read_to_end(&mut bytes);
        // Nobody listens any more when the command was given up.
        let _ = sender.send(bytes);
        // A command that says more is not to fail for a closed pipe.
        let _ = std::io::copy(&mut source, &mut std::io::sink());
    });
    receiver
}

/// Ends the command with everything it started, and reaps it. One that was reaped already is left alone.
fn end(child: &mut Child) {
    if !matches!(child.try_wait(), Ok(Some(_))) {
        end_group(child);
        let _ = child.wait();
    }
}

#[cfg(unix)]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", command]);
    std::os::unix::process::CommandExt::process_group(&mut shell, 0);
    shell
}

#[cfg(unix)]
fn has_ended(child: &mut Child) -> std::io::Result<bool> {
    use rustix::process::{WaitId, WaitIdOptions, waitid};
    let Some(id) = group(child) else { return Ok(child.try_wait()?.is_some()) };
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    Ok(waitid(WaitId::Pid(id), options)?.is_some())
}

#[cfg(unix)]
fn group(child: &Child) -> Option<rustix::process::Pid> {
    i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw)
}

#[cfg(unix)]
fn end_group(child: &mut Child) {
    if let Some(group) = group(child) {
        // The group may be gone already.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
}

#[cfg(not(unix))]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("cmd");
    shell.args(["/C", command]);
    shell
}

#[cfg(not(unix))]
fn has_ended(child: &mut Child) -> std::io::Result<bool> {
    Ok(child.try_wait()?.is_some())
}

#[cfg(not(unix))]
fn end_group(child: &mut Child) {
    let _ = child.kill();
}
