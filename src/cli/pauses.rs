//! Which waits of a host are news to who watches a crawl.

use std::collections::HashMap;

use jiff::{Timestamp, Unit};

/// Until when hosts ask for patience, as it was told last.
#[derive(Debug, Default)]
pub struct Pauses {
    told: HashMap<String, Timestamp>,
}

impl Pauses {
    /// The end of a wait to the second, unless it was told already: requests that were under way together are answered
    /// alike.
    pub fn news(&mut self, authority: &str, until: Timestamp) -> Option<Timestamp> {
        let until = until.round(Unit::Second).unwrap_or(until);
        let is_told = self.told.get(authority).is_some_and(|told| until.duration_since(*told).as_secs() <= 1);
        if is_told {
            return None;
        }
        self.told.insert(authority.to_owned(), until);
        Some(until)
    }
}

#[cfg(test)]
mod tests {
    use super::Pauses;

    #[test]
    fn the_same_wait_is_told_once() {
        let mut pauses = Pauses::default();
        let mut news =
            |host: &str, until: &str| pauses.news(host, until.parse().unwrap()).map(|at| at.to_string());
        assert_eq!(news("a", "2026-01-01T00:10:00.123456789Z").as_deref(), Some("2026-01-01T00:10:00Z"));
        assert_eq!(news("a", "2026-01-01T00:10:00.9Z"), None);
        assert_eq!(news("b", "2026-01-01T00:10:00.9Z").as_deref(), Some("2026-01-01T00:10:01Z"));
        assert_eq!(news("a", "2026-01-01T00:10:04Z").as_deref(), Some("2026-01-01T00:10:04Z"));
    }
}
