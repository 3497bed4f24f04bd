//! Signals. Ctrl-C and SIGTERM: the first lets a crawl end in good order, a further one ends the process at once. A file
//! that may not grow any further is an error of the write, not the end of the process.

use tokio_util::sync::CancellationToken;

use super::again::command_to_go_on;
use super::exit::ExitCode;
use super::failure::Failure;
use super::printer::Printer;

/// A token that the first signal cancels. Once it is cancelled, by a signal or because the crawl is over, a signal ends
/// the process.
///
/// The listener has a thread of its own that lasts as long as the process: it outlives the crawl's runtime, and the
/// system's own way of ending a process at a signal does not come back.
pub fn stop_on_signals(printer: Printer) -> CancellationToken {
    let stop = CancellationToken::new();
    let token = stop.clone();
    std::thread::spawn(move || {
        // Without a runtime no signal is caught, and the system ends the process as usual.
        if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() {
            runtime.block_on(listen(&token, printer));
        }
    });
    stop
}

/// Lets a write that exceeds the limit on the size of files (`ulimit -f`) fail, and be told as any other. Otherwise the
/// system ends the process without a word.
#[cfg(unix)]
pub fn outlive_full_files() {
    use rustix::process::Signal;
    use tokio::signal::unix::{SignalKind, signal};
    // A signal that is caught stays caught when nobody listens to it any more. Without a runtime it is not, and all is as
    // it was.
    if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_io().build() {
        let _guard = runtime.enter();
        let _ = signal(SignalKind::from_raw(Signal::XFSZ.as_raw()));
    }
}

/// There is no such limit here.
#[cfg(not(unix))]
pub fn outlive_full_files() {}

/// The failure of a command that was told to stop.
pub fn interrupted() -> Failure {
    Failure::with_code(anyhow::anyhow!("interrupted"), ExitCode::Interrupted)
        .hint(format!("run `{}` again to go on", command_to_go_on()))
}

async fn listen(token: &CancellationToken, printer: Printer) {
    loop {
        wait_for_signal().await;
        if token.is_cancelled() {
            printer.failure(&interrupted());
            // A browser that still runs has a watcher of its own, which ends it with this process.
            std::process::exit(ExitCode::Interrupted.number().into());
        }
        printer.note("what is in work is finished first; interrupt once more to end at once");
        token.cancel();
    }
}

#[cfg(unix)]
async fn wait_for_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}

#[cfg(not(unix))]
async fn wait_for_signal() {
    let _ = tokio::signal::ctrl_c().await;
}
