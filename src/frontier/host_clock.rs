//! Politeness: when a host may be asked again, and by how many at once.
//!
//! One clock a host, whatever crawl asks: crawls of one process share [`HostClocks`], so that many sites in parallel
//! never make one host faster. A slot is granted and taken in one step, before the request is made. Spacing is a
//! `governor` limiter a host, since each has a delay of its own; jitter, back-off after 429 and 503, `Retry-After` and
//! the rests of a host that fails come on top as a time before which nothing is granted. What was learned of a host is a
//! [`HostMemory`], which outlives the process.

mod one;

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::breaker::{Patience, Setback};
use super::clock::CrawlClock;
use super::slow_down::Throttled;
use crate::url::Authority;

use one::{HostClock, Refusal};

/// The clocks of all hosts; clones share them.
#[derive(Clone)]
pub struct HostClocks {
    clocks: Arc<Mutex<HashMap<String, HostClock>>>,
    jitter: fn(Duration) -> Duration,
    time: CrawlClock,
    /// Whether there are hosts behind the answers at all.
    heeds: bool,
}

/// What is worth knowing of a host when the process is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostMemory {
    /// Nothing may be asked before.
    pub not_before: Timestamp,
    /// The steps of its slow-down.
    pub slow_downs: u32,
    /// Failures in a row.
    pub failures: u32,
    /// The rests that it was given since it last answered.
    pub rests: u32,
}

/// How fast a host may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// The least time between the beginnings of two requests; zero for no spacing.
    pub delay: Duration,
    /// The most requests at a time.
    pub max_in_flight: u32,
}

/// The answer to a request for a slot.
#[derive(Debug)]
pub enum Slot {
    /// Ask now. The host counts one more open request until the permit is dropped.
    Granted(Permit),
    /// Not before this time.
    Later(Timestamp),
    /// Not in this run: the host failed on and on, for this reason.
    GivenUp(String),
}

/// The answer to a request for a further turn of a host that is asked already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Further {
    /// Ask now, once.
    Now,
    /// Not before this time.
    Later(Timestamp),
    /// Not in this run: the host failed on and on.
    Never,
}

/// One open request at a host.
#[must_use = "a permit that is dropped frees its slot"]
pub struct Permit {
    host: String,
    clocks: HostClocks,
}

impl Default for HostClocks {
    fn default() -> Self {
        Self::with_jitter(random_jitter)
    }
}

impl HostClocks {
    /// Clocks whose delays are lengthened by what `jitter` makes of them.
    pub fn with_jitter(jitter: fn(Duration) -> Duration) -> Self {
        Self { clocks: Arc::default(), jitter, time: CrawlClock::start(), heeds: true }
    }

    /// The same clocks by another time than that of the wall.
    #[must_use]
    pub fn by(self, time: CrawlClock) -> Self {
        Self { time, ..self }
    }

    /// Clocks for a crawl that is replayed: what its answers say of the hosts' state is long past.
    pub fn of_a_replay() -> Self {
        Self { heeds: false, ..Self::default() }
    }

    /// The time by which slots are to be asked for.
    pub fn time(&self) -> CrawlClock {
        self.time
    }

    /// Sets the pace of a host. Where two crawls ask one host, the longer delay and the smaller number hold.
    pub fn set_pace(&self, authority: &Authority, pace: Pace) {
        let mut clocks = self.lock();
        let clock = clocks.entry(authority.host_port().to_owned()).or_insert_with(|| HostClock::new(pace));
        clock.slow_down_to(pace);
    }

    /// Asks for a slot and takes it if there is one.
    pub fn reserve(&self, authority: &Authority, now: Timestamp) -> Slot {
        let host = authority.host_port();
        let mut clocks = self.lock();
        if !clocks.contains_key(host) {
            let unpaced = Pace { delay: Duration::ZERO, max_in_flight: 1 };
            clocks.insert(host.to_owned(), HostClock::new(unpaced));
        }
        match clocks.get_mut(host).map(|clock| clock.reserve(now, self.jitter)) {
            Some(Refusal::Later(later)) => Slot::Later(later),
            Some(Refusal::GivenUp(reason)) => Slot::GivenUp(reason),
            Some(Refusal::None) | None => {
                Slot::Granted(Permit { host: host.to_owned(), clocks: self.clone() })
            }
        }
    }

    /// Asks for a turn of a host and takes it if there is one, for a request that follows on one whose permit is still
    /// held: it waits for the spacing as any other, and counts as that one open request.
    pub fn reserve_further(&self, authority: &Authority, now: Timestamp) -> Further {
        match self.lock().get_mut(authority.host_port()) {
            Some(clock) => match clock.take_turn(now, self.jitter) {
                Refusal::None => Further::Now,
                Refusal::Later(later) => Further::Later(later),
                Refusal::GivenUp(_) => Further::Never,
            },
            None => Further::Never,
        }
    }

    /// Grants nothing before a time.
    pub fn pause(&self, authority: &Authority, until: Timestamp) {
        if let Some(clock) = self.lock().get_mut(authority.host_port()) {
            clock.not_before = clock.not_before.max(until);
        }
    }

    /// Notes that the host asked for patience (429, 503): requests to it get further apart. It is not to be asked
    /// again before the time it named, or longer with every time.
    pub fn throttled(
        &self,
        authority: &Authority,
        now: Timestamp,
        retry_after: Option<Duration>,
    ) -> Throttled {
        let mut clocks = self.lock();
        let clock = clocks.get_mut(authority.host_port()).filter(|_| self.heeds);
        let Some(clock) = clock else { return Throttled { until: now, is_new: false } };
        let throttled = clock.slow_down.throttled(now, retry_after.unwrap_or_default());
        clock.not_before = clock.not_before.max(throttled.until);
        clock.renew_limiter();
        throttled
    }

    /// Notes that the host gave no answer, or that of a broken server (5xx).
    pub fn failed(&self, authority: &Authority, now: Timestamp, cause: &str, patience: Patience) -> Setback {
        let mut clocks = self.lock();
        let clock = clocks.get_mut(authority.host_port()).filter(|_| self.heeds);
        let Some(clock) = clock else { return Setback::None };
        let setback = clock.breaker.failed(now, cause, patience);
        if let Setback::Rests(until) = &setback {
            clock.not_before = clock.not_before.max(*until);
        }
        setback
    }

    /// Notes that the host answered as asked: it is trusted a little more.
    pub fn succeeded(&self, authority: &Authority) {
        if let Some(clock) = self.lock().get_mut(authority.host_port()) {
            clock.breaker.answered();
            let steps = clock.slow_down.steps();
            clock.slow_down.answered();
            if clock.slow_down.steps() < steps {
                clock.renew_limiter();
            }
        }
    }

    /// Why a host is given up, if it is.
    pub fn given_up(&self, authority: &Authority) -> Option<String> {
        self.lock().get(authority.host_port()).and_then(|clock| clock.breaker.given_up().map(str::to_owned))
    }

    /// What is to be remembered of a host.
    pub fn memory(&self, authority: &Authority) -> Option<HostMemory> {
        self.lock().get(authority.host_port()).map(|clock| HostMemory {
            not_before: clock.not_before,
            slow_downs: clock.slow_down.steps(),
            failures: clock.breaker.failures(),
            rests: clock.breaker.rests(),
        })
    }

    /// Takes over what an earlier run remembered of a host whose pace is set. Where another crawl of this process knows
    /// worse, that holds.
    pub fn remember(&self, authority: &Authority, memory: &HostMemory) {
        if let Some(clock) = self.lock().get_mut(authority.host_port()) {
            clock.not_before = clock.not_before.max(memory.not_before);
            clock.slow_down.learn(memory.slow_downs);
            clock.breaker.learn(memory.failures, memory.rests);
            clock.renew_limiter();
        }
    }

    /// No code that could panic runs under the lock, and the clocks are sound between any two steps.
    fn lock(&self) -> MutexGuard<'_, HashMap<String, HostClock>> {
        self.clocks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Up to a quarter of the delay, so that the requests of a crawl do not beat like a drum.
fn random_jitter(delay: Duration) -> Duration {
    let random = RandomState::new().build_hasher().finish();
    let fraction = u32::try_from(random % 1000).unwrap_or_default();
    delay / 4 * fraction / 1000
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(clock) = self.clocks.lock().get_mut(&self.host) {
            clock.in_flight = clock.in_flight.saturating_sub(1);
        }
    }
}

impl std::fmt::Debug for Permit {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("Permit").field(&self.host).finish()
    }
}

#[cfg(test)]
mod tests;
