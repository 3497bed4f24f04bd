//! The clock of one host: its spacing, its open requests, and the time before which nothing is granted.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use jiff::Timestamp;

use super::Pace;
use crate::frontier::breaker::Breaker;
use crate::frontier::slow_down::SlowDown;

/// How long to wait before looking again at a host that has as many requests open as it may.
const FULL_HOST_POLL: Duration = Duration::from_millis(200);

/// What is known of one host, and what it was granted.
pub(super) struct HostClock {
    pace: Pace,
    hand: Hand,
    limiter: Option<Limiter>,
    pub(super) not_before: Timestamp,
    pub(super) in_flight: u32,
    pub(super) slow_down: SlowDown,
    pub(super) breaker: Breaker,
}

type Limiter = RateLimiter<NotKeyed, InMemoryState, Hand, NoOpMiddleware<Duration>>;

/// The hand of a host's clock: governor reads it, each reservation sets it. Time only comes in as an argument.
#[derive(Clone, Default)]
struct Hand(Arc<AtomicU64>);

/// Why there is no slot.
pub(super) enum Refusal {
    None,
    Later(Timestamp),
    GivenUp(String),
}

impl HostClock {
    pub(super) fn new(pace: Pace) -> Self {
        let hand = Hand::default();
        let limiter = limiter(pace.delay, &hand);
        Self {
            pace,
            hand,
            limiter,
            not_before: Timestamp::MIN,
            in_flight: 0,
            slow_down: SlowDown::default(),
            breaker: Breaker::default(),
        }
    }

    /// Grants a slot where there is no refusal.
    pub(super) fn reserve(&mut self, now: Timestamp, jitter: fn(Duration) -> Duration) -> Refusal {
        let most = if self.breaker.is_probing() { 1 } else { self.pace.max_in_flight };
        if self.breaker.given_up().is_none() && now >= self.not_before && self.in_flight >= most {
            return Refusal::Later(later(now, FULL_HOST_POLL));
        }
        let refusal = self.take_turn(now, jitter);
        if matches!(refusal, Refusal::None) {
            self.in_flight += 1;
        }
        refusal
    }

    /// Grants a request by the spacing alone.
    pub(super) fn take_turn(&mut self, now: Timestamp, jitter: fn(Duration) -> Duration) -> Refusal {
        if let Some(reason) = self.breaker.given_up() {
            return Refusal::GivenUp(reason.to_owned());
        }
        if now < self.not_before {
            return Refusal::Later(self.not_before);
        }
        self.hand.set(now);
        if let Some(limiter) = &self.limiter
            && let Err(too_early) = limiter.check()
        {
            return Refusal::Later(later(now, too_early.wait_time_from(self.hand.now())));
        }
        let delay = self.delay();
        self.not_before = later(now, delay + jitter(delay));
        Refusal::None
    }

    /// The delay between two requests as it is now.
    fn delay(&self) -> Duration {
        self.slow_down.delay(self.pace.delay)
    }

    pub(super) fn slow_down_to(&mut self, pace: Pace) {
        self.pace.max_in_flight = self.pace.max_in_flight.min(pace.max_in_flight);
        if pace.delay > self.pace.delay {
            // What was granted under the old delay keeps the new one at bay for the difference.
            if self.not_before > Timestamp::MIN {
                self.not_before = later(self.not_before, pace.delay - self.pace.delay);
            }
            self.pace.delay = pace.delay;
            self.renew_limiter();
        }
    }

    /// A limiter begins without a past; what was granted before is kept apart by `not_before`.
    pub(super) fn renew_limiter(&mut self) {
        self.limiter = limiter(self.delay(), &self.hand);
    }
}

fn limiter(delay: Duration, hand: &Hand) -> Option<Limiter> {
    Quota::with_period(delay).map(|quota| RateLimiter::direct_with_clock(quota, hand.clone()))
}

fn later(now: Timestamp, wait: Duration) -> Timestamp {
    now.saturating_add(wait).unwrap_or(Timestamp::MAX)
}

impl Hand {
    fn set(&self, now: Timestamp) {
        let nanoseconds = u64::try_from(now.as_nanosecond()).unwrap_or_default();
        self.0.fetch_max(nanoseconds, Ordering::Relaxed);
    }
}

impl Clock for Hand {
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::from_nanos(self.0.load(Ordering::Relaxed))
    }
}
