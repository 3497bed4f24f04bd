//! How far a host has slowed a crawl down, and how slowly it is trusted again.
//!
//! Each time a host asks for patience (429, 503), the delay between two requests doubles, up to a cap. Each ten answers
//! in a row that came as asked take one such step back. So a crawl finds the speed that a host can bear, and stays near
//! it, where forgetting at the first good answer would run into the same refusal again and again.

use std::time::Duration;

use jiff::Timestamp;

use super::backoff::backoff;

/// What is doubled where the config asks for no delay.
const LEAST: Duration = Duration::from_millis(125);

/// The longest delay that is learned; a config or a `Crawl-delay` may ask for more.
const LONGEST: Duration = Duration::from_secs(30);

/// Beyond so many steps the delay is at its cap, whatever it began with.
const MOST_STEPS: u32 = 8;

/// So many answers in a row take one step back.
const ANSWERS_A_STEP: u32 = 10;

/// What came of a host's asking for patience.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Throttled {
    /// It is not to be asked before.
    pub until: Timestamp,
    /// Whether it asked anew; else this answered what was under way when it did.
    pub is_new: bool,
}

/// The steps that are in force.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SlowDown {
    steps: u32,
    good_answers: u32,
    /// Until when the host asked to be left alone.
    until: Option<Timestamp>,
}

impl SlowDown {
    pub(super) fn steps(&self) -> u32 {
        self.steps
    }

    /// Takes over what was learned elsewhere, where it is more.
    pub(super) fn learn(&mut self, steps: u32) {
        self.steps = self.steps.max(steps.min(MOST_STEPS));
    }

    /// The delay between two requests to a host whose own is `delay`.
    pub(super) fn delay(&self, delay: Duration) -> Duration {
        if self.steps == 0 {
            return delay;
        }
        let doubled = delay.max(LEAST).saturating_mul(1 << self.steps.min(MOST_STEPS));
        doubled.min(LONGEST).max(delay)
    }

    /// The host asked for patience. Returns the time before which it is not to be asked: what it named, or longer each
    /// time. Answers to what was under way when it first asked are the same time.
    pub(super) fn throttled(&mut self, now: Timestamp, retry_after: Duration) -> Throttled {
        self.good_answers = 0;
        let same_time = self.until.is_some_and(|until| now < until);
        let wait = if same_time { retry_after } else { backoff(self.steps).max(retry_after) };
        if !same_time {
            self.steps = (self.steps + 1).min(MOST_STEPS);
        }
        let until = now.saturating_add(wait).unwrap_or(Timestamp::MAX);
        let until = self.until.filter(|_| same_time).map_or(until, |before| before.max(until));
        self.until = Some(until);
        Throttled { until, is_new: !same_time }
    }

    /// The host answered as asked.
    pub(super) fn answered(&mut self) {
        if self.steps == 0 {
            return;
        }
        self.good_answers += 1;
        if self.good_answers == ANSWERS_A_STEP {
            self.good_answers = 0;
            self.steps -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;

    use super::{SlowDown, Throttled};

    const DELAY: Duration = Duration::from_millis(500);

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).unwrap()
    }

    #[test]
    fn each_refusal_doubles_the_delay_up_to_a_cap() {
        let mut slow_down = SlowDown::default();
        let mut now = at(0);
        let mut delays = Vec::new();
        let mut pauses = Vec::new();
        for _ in 0..8 {
            let until = slow_down.throttled(now, Duration::ZERO).until;
            pauses.push(until.duration_since(now).as_secs());
            delays.push(slow_down.delay(DELAY).as_secs());
            now = until;
        }
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(delays, [1, 2, 4, 8, 16, 30, 30, 30]);
        assert_eq!(slow_down.delay(Duration::from_secs(45)), Duration::from_secs(45), "its own is longer");
        assert_eq!(SlowDown { steps: 1, ..SlowDown::default() }.delay(Duration::ZERO).as_millis(), 250);
    }

    #[test]
    fn what_was_under_way_is_the_same_refusal() {
        let mut slow_down = SlowDown::default();
        assert_eq!(
            slow_down.throttled(at(0), Duration::from_secs(20)),
            Throttled { until: at(20), is_new: true }
        );
        assert_eq!(slow_down.throttled(at(1), Duration::ZERO), Throttled { until: at(20), is_new: false });
        assert_eq!(slow_down.throttled(at(2), Duration::from_secs(30)).until, at(32));
        assert_eq!(slow_down.steps(), 1);
    }

    #[test]
    fn trust_comes_back_step_by_step() {
        let mut slow_down = SlowDown::default();
        slow_down.throttled(at(0), Duration::ZERO);
        slow_down.throttled(at(10), Duration::ZERO);
        let mut delays = Vec::new();
        for answer in 1..=25 {
            slow_down.answered();
            if [1, 9, 10, 19, 20, 25].contains(&answer) {
                delays.push(slow_down.delay(DELAY).as_millis());
            }
        }
        assert_eq!(delays, [2000, 2000, 1000, 1000, 500, 500]);
        slow_down.throttled(at(60), Duration::ZERO);
        (0..9).for_each(|_| slow_down.answered());
        slow_down.throttled(at(120), Duration::ZERO);
        slow_down.answered();
        assert_eq!(slow_down.steps(), 2, "only answers in a row count");
    }
}
