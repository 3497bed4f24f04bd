//! What a failure means for its URL, and for the host behind it.

use std::time::Duration;

use super::Crawl;
use super::events::CrawlEvent;
use crate::frontier::backoff::backoff;
use crate::frontier::{CrawlClock, Frontier, Lease, Outcome, Setback};

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
    if matches!(failed.status, Some(429 | 503)) {
        let until = frontier.throttled(&authority, clock.now(), failed.retry_after);
        (crawl.events)(CrawlEvent::Paused { authority: authority.clone(), until });
    }
    if is_of_the_host(&failed) && !lease.is_again() {
        let cause = failed.cause.clone();
        match frontier.host_failed(&authority, clock.now(), &cause) {
            Setback::None => {}
            Setback::Rests(until) => {
                (crawl.events)(CrawlEvent::Rests { authority: authority.clone(), until, cause })
            }
            // What is left of the host follows when the frontier is next asked.
            Setback::GivenUp(_) => return Outcome::Failed { cause },
        }
    }
    if lease.tries >= crawl.config.fetch.retries || frontier.hosts().given_up(&authority).is_some() {
        return Outcome::Failed { cause: failed.cause };
    }
    let after = backoff(lease.tries).max(failed.retry_after.unwrap_or_default());
    Outcome::Retry { after, cause: failed.cause }
}

/// Whether the host, not the one page, is to blame: it gave no answer, or that of a broken server. One that asks for
/// patience is alive, unless it says nothing else.
fn is_of_the_host(failed: &Failed) -> bool {
    failed.status.is_none_or(|status| status == 408 || status >= 500)
}

#[cfg(test)]
mod tests {
    use super::{Failed, is_of_the_host};

    #[test]
    fn a_page_that_breaks_in_the_browser_is_not_the_fault_of_its_host() {
        let check = |status| is_of_the_host(&Failed { cause: String::new(), status, retry_after: None });
        assert_eq!([None, Some(500), Some(503), Some(408)].map(check), [true; 4]);
        assert_eq!([Some(200), Some(425), Some(429)].map(check), [false; 3]);
    }
}
