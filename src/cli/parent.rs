//! The end of a command whose parent is gone. A program that runs this one holds a pipe to its standard input; the system
//! closes it however that program ends, so no crawl goes on that nobody waits for.

use std::io::Read;
use std::time::Duration;

use super::exit::ExitCode;

/// How long a crawl may take to finish what is in work, and then to end at once.
const GRACE: Duration = Duration::from_secs(10);

/// Waits for the end of standard input beside everything else, then interrupts this process as Ctrl-C does: once to end
/// in good order, once more to end at once; what listens to neither is ended.
pub fn end_with_standard_input() {
    std::thread::spawn(|| {
        let mut input = std::io::stdin().lock();
        let mut ignored = [0_u8; 64];
        while input.read(&mut ignored).is_ok_and(|bytes| bytes > 0) {}
        for _ in 0..2 {
            interrupt();
            std::thread::sleep(GRACE);
        }
        std::process::exit(ExitCode::Interrupted.number().into());
    });
}

#[cfg(unix)]
fn interrupt() {
    use rustix::process::{Signal, getpid, kill_process};
    // A process may always signal itself.
    let _ = kill_process(getpid(), Signal::INT);
}

/// Nobody can be told to end in good order here.
#[cfg(not(unix))]
fn interrupt() {}
