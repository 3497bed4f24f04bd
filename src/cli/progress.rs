//! Progress of a crawl on stderr: a live line on a terminal, a line now and then elsewhere.

use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use jiff::Timestamp;

use super::live_line::live_line;
use super::pauses::Pauses;
use super::printer::{Printer, Verbosity};
use super::progress_lines::ProgressLines;
use super::words::{are, count};
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
    pauses: Pauses,
}

impl Progress {
    /// Begins to show progress.
    pub fn start(printer: Printer) -> Self {
        let live = printer.verbosity() >= Verbosity::Normal && std::io::stderr().is_terminal();
        // The first answer can take its time.
        let bar = live_line(live, "asking the site");
        let now = Instant::now();
        let state =
            Mutex::new(State { started: now, kept_before: 0, last_line: now, pauses: Pauses::default() });
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
                self.on_pause(&authority.to_string(), until);
            }
            CrawlEvent::Rests { authority, until, cause } => self.bar.suspend(|| {
                self.printer
                    .note(&format!("{authority} fails on and on ({cause}); it is left alone until {until}"));
            }),
            CrawlEvent::GivenUp { authority, pages, cause } => self.bar.suspend(|| {
                self.printer.warning(&format!(
                    "{authority} is given up, {} {} left: {cause}",
                    count(pages, "page"),
                    are(pages)
                ));
            }),
            CrawlEvent::Robots { authority, .. } => self.detail(&format!("read robots.txt of {authority}")),
        }
    }

    /// Takes the live line away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn on_pause(&self, authority: &str, until: Timestamp) {
        let news = self.state.lock().unwrap_or_else(PoisonError::into_inner).pauses.news(authority, until);
        if let Some(until) = news {
            self.bar.suspend(|| self.printer.note(&format!("{authority} asks for patience until {until}")));
        }
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
            self.printer.line(&format!(
                "going on: {} {} recorded, {} {} queued",
                count(counts.kept, "page"),
                are(counts.kept),
                counts.queued,
                are(counts.queued)
            ));
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
            "{}, {} queued, {} in work, {} skipped, {} failed, {rate:.1} pages/s",
            count(counts.kept, "page"),
            counts.queued,
            counts.in_work,
            counts.skipped,
            counts.failed
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
