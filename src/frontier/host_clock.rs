//! Politeness: when a host may be asked again, and by how many at once.
//!
//! One clock a host, whatever crawl asks: crawls of one process share [`HostClocks`], so that many sites in parallel
//! never make one host faster. A slot is granted and taken in one step, before the request is made. Spacing is a
//! `governor` limiter a host, since each has a delay of its own; jitter, back-off after 429 and 503, `Retry-After` and
//! the rests of a host that fails come on top as a time before which nothing is granted. What was learned of a host is a
//! [`HostMemory`], which outlives the process.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use jiff::Timestamp;

use super::breaker::{Breaker, Patience, Setback};
use super::clock::CrawlClock;
use super::slow_down::{SlowDown, Throttled};
use crate::url::Authority;

/// How long to wait before looking again at a host that has as many requests open as it may.
const FULL_HOST_POLL: Duration = Duration::from_millis(200);

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

struct HostClock {
    pace: Pace,
    hand: Hand,
    limiter: Option<Limiter>,
    not_before: Timestamp,
    in_flight: u32,
    slow_down: SlowDown,
    breaker: Breaker,
}

type Limiter = RateLimiter<NotKeyed, InMemoryState, Hand, NoOpMiddleware<Duration>>;

/// The hand of a host's clock: governor reads it, each reservation sets it. Time only comes in as an argument.
#[derive(Clone, Default)]
struct Hand(Arc<AtomicU64>);

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

/// Why there is no slot.
enum Refusal {
    None,
    Later(Timestamp),
    GivenUp(String),
}

impl HostClock {
    fn new(pace: Pace) -> Self {
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
    fn reserve(&mut self, now: Timestamp, jitter: fn(Duration) -> Duration) -> Refusal {
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
    fn take_turn(&mut self, now: Timestamp, jitter: fn(Duration) -> Duration) -> Refusal {
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

    fn slow_down_to(&mut self, pace: Pace) {
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
    fn renew_limiter(&mut self) {
        self.limiter = limiter(self.delay(), &self.hand);
    }
}

fn limiter(delay: Duration, hand: &Hand) -> Option<Limiter> {
    Quota::with_period(delay).map(|quota| RateLimiter::direct_with_clock(quota, hand.clone()))
}

fn later(now: Timestamp, wait: Duration) -> Timestamp {
    now.saturating_add(wait).unwrap_or(Timestamp::MAX)
}

/// Up to a quarter of the delay, so that the requests of a crawl do not beat like a drum.
fn random_jitter(delay: Duration) -> Duration {
    let random = RandomState::new().build_hasher().finish();
    let fraction = u32::try_from(random % 1000).unwrap_or_default();
    delay / 4 * fraction / 1000
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
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;

    use super::{HostClocks, Pace, Permit, Slot};
    use crate::frontier::breaker::{Patience, Setback};
    use crate::url::{Authority, CanonicalUrl};

    fn authority(url: &str) -> Authority {
        CanonicalUrl::parse(url).unwrap().authority()
    }

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(1_800_000_000_000 + milliseconds).unwrap()
    }

    fn clocks(delay_ms: u64, max_in_flight: u32) -> (HostClocks, Authority) {
        let clocks = HostClocks::with_jitter(|_| Duration::ZERO);
        let host = authority("http://d.example");
        clocks.set_pace(&host, Pace { delay: Duration::from_millis(delay_ms), max_in_flight });
        (clocks, host)
    }

    fn granted(slot: Slot) -> Permit {
        match slot {
            Slot::Granted(permit) => permit,
            Slot::Later(when) => panic!("not before {when}"),
            Slot::GivenUp(reason) => panic!("{reason}"),
        }
    }

    fn refused(slot: Slot) -> Timestamp {
        match slot {
            Slot::Later(when) => when,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn requests_of_one_host_are_spaced_and_hosts_are_apart() {
        let (clocks, host) = clocks(500, 8);
        let _first = granted(clocks.reserve(&host, at(0)));
        assert_eq!(refused(clocks.reserve(&host, at(100))), at(500));
        assert_eq!(refused(clocks.reserve(&host, at(499))), at(500));
        // The other scheme is the same host; another port is not.
        assert_eq!(refused(clocks.reserve(&authority("https://d.example"), at(499))), at(500));
        let _other = granted(clocks.reserve(&authority("http://d.example:81"), at(100)));
        let _second = granted(clocks.reserve(&host, at(500)));
        assert_eq!(refused(clocks.reserve(&host, at(500))), at(1000));
        let _third = granted(clocks.reserve(&host, at(5000)));
        assert_eq!(refused(clocks.reserve(&host, at(5000))), at(5500), "idle time earns no burst");
    }

    #[test]
    fn no_delay_is_no_spacing_but_the_cap_holds() {
        let (clocks, host) = clocks(0, 2);
        let first = granted(clocks.reserve(&host, at(0)));
        let _second = granted(clocks.reserve(&host, at(0)));
        assert_eq!(refused(clocks.reserve(&host, at(0))), at(200));
        drop(first);
        let _third = granted(clocks.reserve(&host, at(0)));
    }

    #[test]
    fn a_longer_crawl_delay_wins_and_a_shorter_does_not() {
        let (clocks, host) = clocks(500, 8);
        let _first = granted(clocks.reserve(&host, at(0)));
        clocks.set_pace(&host, Pace { delay: Duration::from_secs(3), max_in_flight: 8 });
        clocks.set_pace(&host, Pace { delay: Duration::from_millis(10), max_in_flight: 8 });
        assert_eq!(refused(clocks.reserve(&host, at(600))), at(3000));
        let _second = granted(clocks.reserve(&host, at(3000)));
        assert_eq!(refused(clocks.reserve(&host, at(3000))), at(6000));
    }

    #[test]
    fn throttling_backs_off_further_each_time_and_is_forgotten_slowly() {
        let (clocks, host) = clocks(500, 8);
        drop(granted(clocks.reserve(&host, at(0))));
        assert_eq!(clocks.throttled(&host, at(0), None).until, at(1000));
        assert_eq!(refused(clocks.reserve(&host, at(10))), at(1000));
        drop(granted(clocks.reserve(&host, at(1000))));
        assert_eq!(refused(clocks.reserve(&host, at(1500))), at(2000), "the delay has doubled");
        clocks.succeeded(&host);
        drop(granted(clocks.reserve(&host, at(2000))));
        assert_eq!(refused(clocks.reserve(&host, at(2500))), at(3000), "one good answer changes nothing");
        assert_eq!(clocks.throttled(&host, at(3000), None).until, at(5000));
        assert_eq!(clocks.throttled(&host, at(5000), Some(Duration::from_secs(30))).until, at(35_000));
        (0..30).for_each(|_| clocks.succeeded(&host));
        drop(granted(clocks.reserve(&host, at(40_000))));
        assert_eq!(refused(clocks.reserve(&host, at(40_000))), at(40_500), "never below its own delay");
    }

    #[test]
    fn a_host_that_fails_rests_and_is_asked_one_thing_then() {
        let (clocks, host) = clocks(0, 8);
        let fail = |now| clocks.failed(&host, now, "timed out", Patience::Rests);
        let open: Vec<Permit> = (0..3).map(|_| granted(clocks.reserve(&host, at(0)))).collect();
        assert!((0..9).all(|_| fail(at(0)) == Setback::None));
        assert_eq!(fail(at(0)), Setback::Rests(at(30_000)));
        drop(open);
        assert_eq!(refused(clocks.reserve(&host, at(10))), at(30_000));
        let probe = granted(clocks.reserve(&host, at(30_000)));
        assert_eq!(refused(clocks.reserve(&host, at(30_000))), at(30_200), "nothing beside the probe");
        drop(probe);
        clocks.succeeded(&host);
        let _both = [granted(clocks.reserve(&host, at(30_300))), granted(clocks.reserve(&host, at(30_300)))];
    }

    #[test]
    fn what_is_remembered_holds_in_the_next_process() {
        let (clocks, host) = clocks(500, 8);
        drop(granted(clocks.reserve(&host, at(0))));
        clocks.throttled(&host, at(0), None);
        let memory = clocks.memory(&host).unwrap();
        let (later, _) = self::clocks(500, 8);
        later.remember(&host, &memory);
        assert_eq!(refused(later.reserve(&host, at(600))), at(1000));
        drop(granted(later.reserve(&host, at(1000))));
        assert_eq!(refused(later.reserve(&host, at(1500))), at(2000));
    }

    #[test]
    fn a_replay_heeds_nobody() {
        let clocks = HostClocks::of_a_replay();
        let host = authority("http://d.example");
        clocks.set_pace(&host, Pace { delay: Duration::ZERO, max_in_flight: 1 });
        assert_eq!(clocks.throttled(&host, at(0), Some(Duration::from_secs(90))).until, at(0));
        assert!((0..50).all(|_| clocks.failed(&host, at(0), "HTTP 500", Patience::None) == Setback::None));
        drop(granted(clocks.reserve(&host, at(0))));
    }

    #[test]
    fn jitter_lengthens_a_delay() {
        let clocks = HostClocks::with_jitter(|delay| delay / 5);
        let host = authority("http://d.example");
        clocks.set_pace(&host, Pace { delay: Duration::from_millis(500), max_in_flight: 8 });
        let _first = granted(clocks.reserve(&host, at(0)));
        assert_eq!(refused(clocks.reserve(&host, at(0))), at(600));
        let random = super::random_jitter(Duration::from_millis(400));
        assert!(random <= Duration::from_millis(100), "{random:?}");
    }
}
