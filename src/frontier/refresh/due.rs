//! Whether a page must be asked whether it changed.

use jiff::{SignedDuration, Timestamp};

/// A `lastmod` that is older than the last check by less than this is not relied upon: a page is written before it is
/// published, and caches hold its old form for a while.
const MARGIN: SignedDuration = SignedDuration::from_hours(24);

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A day ends twelve hours later in the west than at Greenwich.
const LONGEST_DAY: SignedDuration = SignedDuration::from_hours(36);

/// How long a sitemap is believed that a page did not change: some never set a new `lastmod`.
const LONGEST_TRUST: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Whether a page must be asked, from when it was last seen and what a sitemap says of its last change. What is not said
/// decides nothing; the beginning of a day may mean any moment of that day, anywhere.
pub fn is_due(last_seen: Option<Timestamp>, lastmod: Option<Timestamp>, now: Timestamp) -> bool {
    let (Some(last_seen), Some(lastmod)) = (last_seen, lastmod) else { return true };
    let is_day = lastmod.as_millisecond().rem_euclid(DAY.as_millis() as i64) == 0;
    let latest = if is_day { lastmod.saturating_add(LONGEST_DAY) } else { Ok(lastmod) };
    let published = latest.and_then(|latest| latest.saturating_add(MARGIN));
    published.map_or(true, |published| published >= last_seen)
        || now.duration_since(last_seen) > LONGEST_TRUST
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::is_due;

    const SEEN: &str = "2026-03-10T12:00:00Z";
    const NOW: &str = "2026-03-20T12:00:00Z";

    fn moment(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[track_caller]
    fn check(last_seen: &str, lastmod: &str, expected: bool) {
        assert_eq!(
            is_due(Some(moment(last_seen)), Some(moment(lastmod)), moment(NOW)),
            expected,
            "{lastmod}"
        );
    }

    #[test]
    fn a_sitemap_spares_what_it_says_to_be_old() {
        check(SEEN, "2026-03-01T00:00:00Z", false);
        check(SEEN, "2026-03-08T09:00:00+02:00", false);
        check(SEEN, "2026-03-12T00:00:00Z", true);
        check(SEEN, "2026-03-12T00:00:00.5Z", true);
    }

    #[test]
    fn what_changed_shortly_before_it_was_seen_is_asked() {
        check(SEEN, "2026-03-10T11:00:00Z", true);
        // It may have been the evening of that day, in the far west, and published in the night.
        check(SEEN, "2026-03-08T00:00:00Z", true);
        check(SEEN, "2026-03-08T00:00:01Z", false);
    }

    #[test]
    fn nothing_said_decides_nothing_and_no_sitemap_is_believed_for_ever() {
        check("2026-01-10T12:00:00Z", "2020-01-01T00:00:00Z", true);
        let now = moment(NOW);
        assert!(is_due(None, Some(moment("2020-01-01T00:00:00Z")), now));
        assert!(is_due(Some(now), None, now));
    }
}
