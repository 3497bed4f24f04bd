//! The time of a crawl.

use jiff::Timestamp;
use tokio::time::Instant;

/// Wall-clock time that never steps: read once at the start, then advanced by the runtime's own clock, which tests can
/// pause. Crawls that share their hosts' clocks share this one too; with two readings of the wall clock, an adjustment
/// between them would bring two requests closer together than the host's delay.
#[derive(Clone, Copy, Debug)]
pub struct CrawlClock {
    started: Instant,
    started_at: Timestamp,
}

impl CrawlClock {
    /// Starts the clock.
    pub fn start() -> Self {
        Self::start_at(Timestamp::now())
    }

    /// Starts a clock that shows this time now.
    pub fn start_at(now: Timestamp) -> Self {
        Self { started: Instant::now(), started_at: now }
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        self.started_at.saturating_add(self.started.elapsed()).unwrap_or(Timestamp::MAX)
    }
}
