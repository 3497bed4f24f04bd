//! A host that fails on and on is left alone for a time, and given up in the end.
//!
//! Ten failures in a row, whatever the URLs, and it rests: half a minute at first, twice as long each time, with one
//! request after each rest to see whether it is back. When the last of these fails too, the host is given up for this
//! run, and its URLs need not be tried one by one. A host that never gave a page is not waited for at all.

use std::time::Duration;

use jiff::Timestamp;

/// So many failures in a row, and the host rests.
const FAILURES: u32 = 10;

const FIRST_REST: Duration = Duration::from_secs(30);

/// Shorter than the longest time for which a crawl sits and waits.
const LONGEST_REST: Duration = Duration::from_secs(480);

/// After so many rests the host is given up: 23 and a half minutes.
const MOST_RESTS: u32 = 6;

/// Whether a host is worth waiting for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// It gave pages before.
    Rests,
    /// It never gave one.
    None,
}

/// What a failure led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setback {
    /// Nothing yet, or nothing new.
    None,
    /// The host is asked nothing before this time, and then one thing.
    Rests(Timestamp),
    /// The host is given up, for this reason.
    GivenUp(String),
}

/// What stands between a crawl and a host that fails.
#[derive(Clone, Debug, Default)]
pub(super) struct Breaker {
    /// In a row.
    failures: u32,
    rests: u32,
    until: Option<Timestamp>,
    given_up: Option<String>,
}

impl Breaker {
    pub(super) fn failures(&self) -> u32 {
        self.failures
    }

    pub(super) fn rests(&self) -> u32 {
        self.rests
    }

    /// Takes over what was learned elsewhere, where it is more. That a host was given up is not: it is worth one more
    /// request.
    pub(super) fn learn(&mut self, failures: u32, rests: u32) {
        self.failures = self.failures.max(failures);
        self.rests = self.rests.max(rests);
    }

    /// Whether only one request at a time may go to the host, to see whether it is back.
    pub(super) fn is_probing(&self) -> bool {
        self.failures >= FAILURES
    }

    /// Why the host is given up, if it is.
    pub(super) fn given_up(&self) -> Option<&str> {
        self.given_up.as_deref()
    }

    pub(super) fn failed(&mut self, now: Timestamp, cause: &str, patience: Patience) -> Setback {
        self.failures = self.failures.saturating_add(1);
        let under_way = self.until.is_some_and(|until| now < until);
        if self.failures < FAILURES || self.given_up.is_some() || under_way {
            return Setback::None;
        }
        if patience == Patience::None || self.rests >= MOST_RESTS {
            let reason = format!("the host failed on and on: {cause}");
            self.given_up = Some(reason.clone());
            return Setback::GivenUp(reason);
        }
        let rest = FIRST_REST.saturating_mul(1 << self.rests).min(LONGEST_REST);
        self.rests += 1;
        let until = now.saturating_add(rest).unwrap_or(Timestamp::MAX);
        self.until = Some(until);
        Setback::Rests(until)
    }

    pub(super) fn answered(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;

    use super::{Breaker, Patience, Setback};

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).unwrap()
    }

    /// Failures at this moment until something comes of them.
    fn fail(breaker: &mut Breaker, now: Timestamp, patience: Patience) -> (u32, Setback) {
        for number in 1..100 {
            match breaker.failed(now, "connection lost", patience) {
                Setback::None => {}
                setback => return (number, setback),
            }
        }
        panic!("nothing came of it");
    }

    #[test]
    fn rests_grow_and_end() {
        let mut breaker = Breaker::default();
        let mut now = at(0);
        let mut rests = Vec::new();
        let reason = loop {
            match fail(&mut breaker, now, Patience::Rests) {
                (number, Setback::Rests(until)) => {
                    assert_eq!(number, if rests.is_empty() { 10 } else { 1 }, "one request after each rest");
                    assert!(breaker.is_probing());
                    assert_eq!(breaker.failed(now, "under way", Patience::Rests), Setback::None);
                    rests.push(until.duration_since(now).as_secs());
                    now = until;
                }
                (_, Setback::GivenUp(reason)) => break reason,
                (_, Setback::None) => unreachable!(),
            }
        };
        assert_eq!(rests, [30, 60, 120, 240, 480, 480]);
        assert_eq!(reason, "the host failed on and on: connection lost");
        assert_eq!(breaker.given_up(), Some(reason.as_str()));
    }

    #[test]
    fn an_answer_heals() {
        let mut breaker = Breaker::default();
        fail(&mut breaker, at(0), Patience::Rests);
        breaker.answered();
        assert!(!breaker.is_probing());
        assert_eq!(fail(&mut breaker, at(40), Patience::Rests), (10, Setback::Rests(at(70))));
    }

    #[test]
    fn a_host_that_never_gave_a_page_is_not_waited_for() {
        let (number, setback) = fail(&mut Breaker::default(), at(0), Patience::None);
        assert!(matches!((number, setback), (10, Setback::GivenUp(_))));
    }

    #[test]
    fn what_an_earlier_run_learned_counts() {
        let mut breaker = Breaker::default();
        breaker.learn(12, 2);
        assert!(breaker.is_probing());
        let until = at(0).saturating_add(Duration::from_secs(120)).unwrap();
        assert_eq!(breaker.failed(at(0), "timed out", Patience::Rests), Setback::Rests(until));
    }
}
