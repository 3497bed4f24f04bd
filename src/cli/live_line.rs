//! A line on a terminal that says what is being done, and moves while it lasts.

use std::borrow::Cow;
use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::printer::{Printer, Verbosity};

/// How often the line moves, so that a wait does not look like an end.
const TICK: Duration = Duration::from_millis(250);

/// A line with these words, or one that is never seen.
pub fn live_line(is_seen: bool, words: impl Into<Cow<'static, str>>) -> ProgressBar {
    let target = if is_seen { ProgressDrawTarget::stderr_with_hz(8) } else { ProgressDrawTarget::hidden() };
    let line = ProgressBar::with_draw_target(None, target);
    line.set_style(
        ProgressStyle::with_template("{spinner} {msg}").unwrap_or_else(|_| ProgressStyle::default_spinner()),
    );
    if is_seen {
        line.set_message(words);
        line.enable_steady_tick(TICK);
    }
    line
}

/// A line for work that says nothing of its own: for a person at a terminal, who neither asked for silence nor for every
/// page.
pub fn while_working(words: &'static str, printer: &Printer) -> ProgressBar {
    live_line(printer.verbosity() == Verbosity::Normal && std::io::stderr().is_terminal(), words)
}
