//! What a failure means for its URL, and for the host behind it.

use std::time::Duration;

use super::Crawl;
use super::events::CrawlEvent;
use crate::frontier::backoff::backoff;
use crate::frontier::{CrawlClock, Frontier, Lease, Outcome, Setback, Throttled};

/// So many times as often is a page tried again whose host asks for patience.
const PATIENT_TRIES: u32 = 4;

/// A failure in passing.
pub(super) struct Failed {
    /// What happened.
    pub(super) cause: String,
    /// The status, if the server answered at all.
    pub(super) status: Option<u16>,
    /// How long the server asks to wait.
    pub(super) retry_after: Option<Duration>,
}

/// Slows down where the server asks for patience, leaves a host alone that fails on and on, and says what becomes of the
/// URL.
pub(super) fn heed(
    crawl: &Crawl<'_>,
    frontier: &mut Frontier,
    clock: &CrawlClock,
    lease: &Lease,
    failed: Failed,
) -> Outcome {
    let authority = lease.url.authority();
    let asks_for_patience = matches!(failed.status, Some(429 | 503));
    let mut is_of_the_host = is_of_the_host(failed.status) && !lease.is_again();
    if asks_for_patience {
        let Throttled { until, is_new } = frontier.throttled(&authority, clock.now(), failed.retry_after);
        is_of_the_host &= is_new;
        (crawl.events)(CrawlEvent::Paused { authority: authority.clone(), until });
    }
    if is_of_the_host {
        let cause = failed.cause.clone();
        match frontier.host_failed(&authority, clock.now(), &cause) {
            Setback::None => {}
            Setback::Rests(until) => {
                (crawl.events)(CrawlEvent::Rests { authority: authority.clone(), until, cause });
            }
            // What is left of the host follows when the frontier is next asked.
            Setback::GivenUp(_) => return Outcome::Failed { cause },
        }
    }
    // A page is not to blame for its host's asking for patience.
    let retries =
        crawl.config.fetch.retries.saturating_mul(if asks_for_patience { PATIENT_TRIES } else { 1 });
    if lease.tries >= retries || frontier.hosts().given_up(&authority).is_some() {
        return Outcome::Failed { cause: failed.cause };
    }
    let after = backoff(lease.tries).max(failed.retry_after.unwrap_or_default());
    Outcome::Retry { after, cause: failed.cause }
}

/// Whether the host, not the one page, may be to blame: it gave no answer, that of a broken server, or asked for patience.
fn is_of_the_host(status: Option<u16>) -> bool {
    status.is_none_or(|status| matches!(status, 408 | 429) || status >= 500)
}

#[cfg(test)]
mod tests {
    use super::is_of_the_host;

    #[test]
    fn a_page_that_breaks_in_the_browser_is_not_the_fault_of_its_host() {
        assert_eq!([None, Some(500), Some(503), Some(408), Some(429)].map(is_of_the_host), [true; 5]);
        assert_eq!([Some(200), Some(425)].map(is_of_the_host), [false; 2]);
    }
}
