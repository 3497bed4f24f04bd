//! The progress of a library on stderr: a live table on a terminal, lines elsewhere.

use std::io::IsTerminal;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;

use super::printer::{Printer, Verbosity};
use super::progress_lines::ProgressLines;
use super::surroundings::Step;
use super::table::{Row, SiteState, table, total};
use crate::crawl::CrawlEvent;
use crate::frontier::Counts;

/// How often the table is drawn.
const DRAW_EVERY: Duration = Duration::from_millis(250);
/// How often a line about all sites is written where there is no table.
const LINE_EVERY: Duration = Duration::from_secs(30);

/// Shows how far the sites of a library are.
pub struct Board {
    shared: Arc<Shared>,
    drawer: Option<JoinHandle<()>>,
}

struct Shared {
    printer: Printer,
    is_live: bool,
    lines: ProgressLines,
    rows: Mutex<Vec<Site>>,
    over: Mutex<bool>,
    wake: std::sync::Condvar,
}

struct Site {
    row: Row,
    began: Option<(Instant, u64)>,
    waits_until: Option<Timestamp>,
}

impl Board {
    /// Begins to show these sites.
    pub fn start(names: impl IntoIterator<Item = String>, printer: Printer) -> Self {
        // The words about every page would tear a table apart.
        let is_live = printer.verbosity() == Verbosity::Normal && std::io::stderr().is_terminal();
        let site = |name| Site {
            row: Row { name, state: SiteState::Queued, kept: 0, queued: 0, rate: 0.0, failed: 0 },
            began: None,
            waits_until: None,
        };
        let shared = Arc::new(Shared {
            printer,
            is_live,
            lines: ProgressLines::new(printer),
            rows: Mutex::new(names.into_iter().map(site).collect()),
            over: Mutex::new(false),
            wake: std::sync::Condvar::new(),
        });
        let drawer = (printer.verbosity() >= Verbosity::Normal).then(|| {
            let shared = Arc::clone(&shared);
            std::thread::spawn(move || if is_live { draw(&shared) } else { write_lines(&shared) })
        });
        Self { shared, drawer }
    }

    /// Takes in a step of a site.
    pub fn on_step(&self, site: usize, step: Step<'_>) {
        let state = {
            let mut rows = self.shared.rows();
            let Some(site) = rows.get_mut(site) else { return };
            let before = site.row.state;
            site.take_in(step);
            (site.row.state != before).then(|| (site.row.name.clone(), site.row.state))
        };
        self.shared.lines.crawl(self.shared.counts());
        if let Some((name, state)) = state {
            self.say(&format!("{name}: {}", state.words()));
        }
    }

    /// Notes that a site begins.
    pub fn begin(&self, site: usize) {
        if let Some(site) = self.shared.rows().get_mut(site) {
            site.row.state = SiteState::Robots;
        }
    }

    /// Notes how a site ended, with the pages of its skill where there is one, and a sentence for where there is no table.
    pub fn end(&self, site: usize, state: SiteState, kept: Option<u64>, sentence: &str) {
        if let Some(site) = self.shared.rows().get_mut(site) {
            site.row.state = state;
            site.row.kept = kept.unwrap_or(site.row.kept);
        }
        self.say(sentence);
    }

    /// Takes the table away.
    pub fn finish(mut self) {
        *self.shared.over.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.shared.wake.notify_all();
        if let Some(drawer) = self.drawer.take() {
            // It panics at no point, and if it did nothing would be lost but the table.
            let _ = drawer.join();
        }
    }

    fn say(&self, line: &str) {
        if !self.shared.is_live {
            self.shared.printer.line(line);
        }
    }
}

impl Site {
    fn take_in(&mut self, step: Step<'_>) {
        let event = match step {
            Step::Assembly => {
                self.row.state = SiteState::Assembling;
                return;
            }
            Step::Crawl(event) => event,
        };
        let now = Timestamp::now();
        match event {
            CrawlEvent::Started(counts) => {
                self.began = Some((Instant::now(), counts.kept));
                (self.row.kept, self.row.queued, self.row.failed) =
                    (counts.kept, counts.queued, counts.failed);
                self.row.state = if counts.kept > 0 { SiteState::Crawling } else { SiteState::Robots };
            }
            CrawlEvent::Robots { .. } => self.row.state = SiteState::Crawling,
            CrawlEvent::Paused { until, .. } | CrawlEvent::Rests { until, .. } => {
                self.waits_until = self.waits_until.max(Some(*until));
            }
            CrawlEvent::Counts(counts) => {
                (self.row.kept, self.row.queued, self.row.failed) =
                    (counts.kept, counts.queued, counts.failed);
                if let Some((began, kept_before)) = self.began {
                    let new = u32::try_from(counts.kept.saturating_sub(kept_before)).unwrap_or(u32::MAX);
                    self.row.rate = f64::from(new) / began.elapsed().as_secs_f64().max(0.001);
                }
            }
            _ => {}
        }
        if self.row.state == SiteState::Crawling && self.waits_until.is_some_and(|until| until > now) {
            self.row.state = SiteState::Waiting;
        } else if self.row.state == SiteState::Waiting && self.waits_until.is_none_or(|until| until <= now) {
            self.row.state = SiteState::Crawling;
        }
    }
}

impl Shared {
    fn rows(&self) -> MutexGuard<'_, Vec<Site>> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The pages of all sites together, for a program that watches.
    fn counts(&self) -> Counts {
        let rows = self.rows();
        let sum = |of: fn(&Row) -> u64| rows.iter().map(|site| of(&site.row)).sum();
        Counts {
            kept: sum(|row| row.kept),
            queued: sum(|row| row.queued),
            failed: sum(|row| row.failed),
            ..Counts::default()
        }
    }

    fn now(&self) -> Vec<Row> {
        self.rows().iter().map(|site| site.row.clone()).collect()
    }

    /// Waits for a time; false when all is over.
    fn wait(&self, time: Duration) -> bool {
        let over = self.over.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.wake.wait_timeout_while(over, time, |over| !*over);
        !*waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

fn draw(shared: &Shared) {
    // It is drawn as often as it is told to be.
    let screen = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(20));
    screen.set_style(
        ProgressStyle::with_template("{msg}").unwrap_or_else(|_| ProgressStyle::default_spinner()),
    );
    loop {
        let (height, width) = terminal();
        // One line stays free for the cursor, and one column, so that no line is broken.
        let lines = table(&shared.now(), height.saturating_sub(1));
        let cut = |line: &String| line.chars().take(width.saturating_sub(1)).collect::<String>();
        screen.set_message(lines.iter().map(cut).collect::<Vec<_>>().join("\n"));
        if !shared.wait(DRAW_EVERY) {
            break;
        }
    }
    screen.finish_and_clear();
}

fn write_lines(shared: &Shared) {
    while shared.wait(LINE_EVERY) {
        shared.printer.line(&total(&shared.now()));
    }
}

/// The lines and columns of the terminal; those of the usual one where it does not say.
fn terminal() -> (usize, usize) {
    const USUAL: (usize, usize) = (24, 80);
    #[cfg(unix)]
    if let Ok(size) = rustix::termios::tcgetwinsize(std::io::stderr())
        && size.ws_row > 0
        && size.ws_col > 0
    {
        return (size.ws_row.into(), size.ws_col.into());
    }
    USUAL
}
