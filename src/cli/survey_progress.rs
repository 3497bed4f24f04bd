//! What a survey does, on stderr while it does it: a live line on a terminal; elsewhere a line at its beginning and one
//! wherever a site makes it wait.

use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::ProgressBar;
use jiff::Timestamp;

use super::live_line::live_line;
use super::pauses::Pauses;
use super::printer::{Printer, Verbosity};
use crate::frontier::Counts;
use crate::url::{Authority, CanonicalUrl};

/// A pause of this length or more is told.
const LONG: Duration = Duration::from_secs(1);

/// Shows what a survey does.
pub struct SurveyProgress {
    printer: Printer,
    bar: ProgressBar,
    site: CanonicalUrl,
    pauses: Mutex<Pauses>,
}

impl SurveyProgress {
    /// Begins to show it: so many requests are allowed, unless the site turns out to be large.
    pub fn start(printer: Printer, site: &CanonicalUrl, requests: u64) -> Self {
        let is_live = printer.verbosity() >= Verbosity::Normal && std::io::stderr().is_terminal();
        let bar = live_line(is_live, format!("looking at {site}"));
        if !is_live {
            printer.line(&format!("looking at {site} with about {requests} requests"));
        }
        Self { printer, bar, site: site.clone(), pauses: Mutex::default() }
    }

    /// Shows how far the survey is.
    pub fn counts(&self, counts: Counts, requests: u64) {
        let known = counts.kept + counts.queued + counts.in_work;
        self.bar.set_message(format!(
            "looking at {}: {} of {known} known pages, requests: {requests}",
            self.site, counts.kept
        ));
    }

    /// Says what robots.txt lets a survey wait for between two requests, where that takes long.
    pub fn delay(&self, authority: &Authority, delay: Duration) {
        if delay >= LONG {
            let seconds = delay.as_secs_f64();
            self.note(&format!("robots.txt of {authority} asks for {seconds} s between two requests"));
        }
    }

    /// Says that a host asks for patience.
    pub fn pause(&self, authority: &Authority, until: Timestamp) {
        let news = {
            let mut pauses = self.pauses.lock().unwrap_or_else(PoisonError::into_inner);
            pauses.news(&authority.to_string(), until)
        };
        if let Some(until) = news {
            self.note(&format!("{authority} asks for patience until {until}"));
        }
    }

    /// Says what only those see who asked for everything.
    pub fn detail(&self, message: &str) {
        self.bar.suspend(|| self.printer.detail(message));
    }

    /// Takes the live line away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn note(&self, message: &str) {
        self.bar.suspend(|| self.printer.note(message));
    }
}

impl Drop for SurveyProgress {
    fn drop(&mut self) {
        self.finish();
    }
}
