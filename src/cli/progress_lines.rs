//! Progress for a program that runs this one: a line of JSON on stderr for each change, not more than four a second.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;

use super::printer::Printer;
use crate::frontier::Counts;

/// The least time between two lines of the same phase.
const EVERY: Duration = Duration::from_millis(250);

/// What a command is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Pages are fetched and recorded.
    Crawl,
    /// The record becomes a skill.
    Assemble,
}

/// A line.
#[derive(Debug, Serialize)]
struct Line {
    event: &'static str,
    phase: Phase,
    #[serde(flatten)]
    pages: Option<Pages>,
}

#[derive(Debug, Serialize)]
struct Pages {
    kept: u64,
    queued: u64,
    in_work: u64,
    skipped: u64,
    failed: u64,
}

/// Tells how far a crawl is.
pub struct ProgressLines {
    printer: Printer,
    last: Mutex<Option<Instant>>,
}

impl ProgressLines {
    /// Begins to tell.
    pub fn new(printer: Printer) -> Self {
        Self { printer, last: Mutex::new(None) }
    }

    /// Tells the counts, unless that was done a moment ago.
    pub fn crawl(&self, counts: Counts) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_some_and(|at| at.elapsed() < EVERY) {
            return;
        }
        *last = Some(Instant::now());
        let pages = Pages {
            kept: counts.kept,
            queued: counts.queued,
            in_work: counts.in_work,
            skipped: counts.skipped + counts.redirected,
            failed: counts.failed,
        };
        self.printer.progress(&Line { event: "progress", phase: Phase::Crawl, pages: Some(pages) });
    }
}

/// Tells that a phase begins.
pub fn say_phase(phase: Phase, printer: &Printer) {
    printer.progress(&Line { event: "progress", phase, pages: None });
}
