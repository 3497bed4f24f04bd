//! How long to wait after a failure.

use std::time::Duration;

/// The longest wait that back-off alone asks for; a server's `Retry-After` may ask for more.
const LONGEST: Duration = Duration::from_secs(60);

/// The wait after the `attempt`th failure in a row, from 0: one second, doubled each time.
pub fn backoff(attempt: u32) -> Duration {
    Duration::from_secs(1).saturating_mul(1_u32.checked_shl(attempt).unwrap_or(u32::MAX)).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::backoff;

    #[test]
    fn doubles_up_to_a_minute() {
        let seconds: Vec<u64> = [0, 1, 2, 5, 6, 31, 32, 1000].map(|n| backoff(n).as_secs()).to_vec();
        assert_eq!(seconds, [1, 2, 4, 32, 60, 60, 60, 60]);
        assert_eq!(backoff(3), Duration::from_secs(8));
    }
}
