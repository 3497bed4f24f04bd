//! Progress of a crawl on stderr: a live line on a terminal, a line now and then elsewhere.

use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::printer::{Printer, Verbosity};
use super::progress_lines::ProgressLines;
use crate::crawl::CrawlEvent;
use crate::frontier::{Counts, Form};

/// How often a line is written where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// Shows how far a crawl is.
pub struct Progress {
    printer: Printer,
    bar: ProgressBar,
    /// Whether it says how many pages there are.
    counts: bool,
    state: Mutex<State>,
    lines: ProgressLines,
}

struct State {
    started: Instant,
    kept_before: u64,
    last_line: Instant,
}

impl Progress {
    /// Begins to show progress.
    pub fn start(printer: Printer) -> Self {
        let live = printer.verbosity() >= Verbosity::Normal && std::io::stderr().is_terminal();
        let target = if live { ProgressDrawTarget::stderr_with_hz(8) } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        bar.set_style(
            ProgressStyle::with_template("{spinner} {msg}")
                .unwrap_or_else(|_| ProgressStyle::default_spinner()),
        );
        let now = Instant::now();
        let state = Mutex::new(State { started: now, kept_before: 0, last_line: now });
        Self { printer, bar, counts: true, state, lines: ProgressLines::new(printer) }
    }

    /// Shows what becomes of each page where that is asked for, and else nothing: how far the crawl is is shown elsewhere.
    pub fn details(printer: Printer) -> Self {
        let quiet = Printer::new(Verbosity::Quiet, printer.format());
        Self { printer, counts: false, ..Self::start(quiet) }
    }

    /// Takes in what happened.
    pub fn on_event(&self, event: CrawlEvent) {
        match event {
            CrawlEvent::Started(counts) => {
                self.lines.crawl(counts);
                self.on_started(counts);
            }
            CrawlEvent::Counts(counts) => {
                self.lines.crawl(counts);
                self.on_counts(counts);
            }
            CrawlEvent::Kept { url, form } => {
                let how = match form {
                    Form::Sent => "as sent",
                    Form::Rendered => "rendered",
                    Form::Routed => "rendered by its router",
                    Form::Unsettled => "rendered, did not come to rest",
                };
                self.detail(&format!("kept {url} ({how})"));
            }
            CrawlEvent::Unchanged { url } => self.detail(&format!("{url} did not change")),
            CrawlEvent::Listed { url, urls } => self.detail(&format!("{url} names {urls} pages")),
            CrawlEvent::Unlisted { url, cause } => {
                let message = format!(
                    "the files of the repository cannot be listed ({cause}, {url}); following the links of its README"
                );
                self.bar.suspend(|| self.printer.note(&message));
            }
            CrawlEvent::ListCut { url } => {
                let message = format!("{url} lists only a part of the repository's files");
                self.bar.suspend(|| self.printer.warning(&message));
            }
            CrawlEvent::Redirected { url, to } => self.detail(&format!("{url} leads to {to}")),
            CrawlEvent::Skipped { url, reason } => {
                let detail = reason.detail().map(|detail| format!(": {detail}")).unwrap_or_default();
                self.detail(&format!("skipped {url} ({}{detail})", reason.word().replace('_', " ")));
            }
            CrawlEvent::Retry { url, after, cause } => {
                self.detail(&format!("{url}: {cause}; again in {:.1} s", after.as_secs_f64()));
            }
            CrawlEvent::Failed { url, cause } => {
                self.bar.suspend(|| self.printer.warning(&format!("{url} failed: {cause}")));
            }
            CrawlEvent::Paused { authority, until } => {
                self.bar
                    .suspend(|| self.printer.note(&format!("{authority} asks for patience until {until}")));
            }
            CrawlEvent::Rests { authority, until, cause } => self.bar.suspend(|| {
                self.printer
                    .note(&format!("{authority} fails on and on ({cause}); it is left alone until {until}"));
            }),
            CrawlEvent::GivenUp { authority, pages, cause } => self.bar.suspend(|| {
                self.printer.warning(&format!("{authority} is given up, {pages} pages are left: {cause}"));
            }),
            CrawlEvent::Robots { authority, .. } => self.detail(&format!("read robots.txt of {authority}")),
        }
    }

    /// Takes the live line away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn detail(&self, message: &str) {
        self.bar.suspend(|| self.printer.detail(message));
    }

    fn on_started(&self, counts: Counts) {
        if !self.counts {
            return;
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.kept_before = counts.kept;
        if counts.kept > 0 {
            self.printer
                .line(&format!("going on: {} pages are recorded, {} are queued", counts.kept, counts.queued));
        }
    }

    fn on_counts(&self, counts: Counts) {
        if !self.counts {
            return;
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let elapsed = state.started.elapsed().as_secs_f64().max(0.001);
        let new = u32::try_from(counts.kept.saturating_sub(state.kept_before)).unwrap_or(u32::MAX);
        let rate = f64::from(new) / elapsed;
        let text = format!(
            "{} pages, {} queued, {} in work, {} skipped, {} failed, {rate:.1} pages/s",
            counts.kept, counts.queued, counts.in_work, counts.skipped, counts.failed
        );
        if self.bar.is_hidden() {
            if state.last_line.elapsed() >= LINE_EVERY {
                state.last_line = Instant::now();
                self.printer.line(&text);
            }
        } else {
            self.bar.set_message(text);
            self.bar.tick();
        }
    }
}
