//! Which failures pass, and what a server says about coming back.

use std::time::Duration;

use jiff::{Timestamp, fmt::rfc2822};

use super::Answer;

/// What a status means that brings no page and leads nowhere; `None` for 2xx and 3xx, whose headers and body decide.
///
/// 408, 425, 429 and 5xx may be different next time; any other 4xx will not.
pub fn answer_of_status(status: u16, retry_after: Option<Duration>) -> Option<Answer> {
    match status {
        200..=399 => None,
        408 | 425 | 429 | 500..=599 => {
            Some(Answer::Failed { cause: format!("HTTP {status}"), status: Some(status), retry_after })
        }
        _ => Some(Answer::Refused { status }),
    }
}

/// How long `Retry-After` asks to wait: seconds, or a date (RFC 9110 §10.2.3). A date that has passed asks for nothing.
pub fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let when = rfc2822::parse(value).ok()?.timestamp();
    Some(Duration::try_from(when.duration_since(now)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;

    use super::{answer_of_status, retry_after};
    use crate::fetch::Answer;

    #[test]
    fn statuses_pass_or_last() {
        for status in [408, 425, 429, 500, 502, 503, 504] {
            assert!(matches!(answer_of_status(status, None), Some(Answer::Failed { .. })), "{status}");
        }
        for status in [400, 401, 403, 404, 410, 451, 999] {
            assert!(matches!(answer_of_status(status, None), Some(Answer::Refused { .. })), "{status}");
        }
        for status in [200, 204, 301, 304] {
            assert!(answer_of_status(status, None).is_none(), "{status}");
        }
    }

    #[test]
    fn seconds_and_dates() {
        let now: Timestamp = "1994-11-06T08:49:07Z".parse().unwrap();
        assert_eq!(retry_after(" 120 ", now), Some(Duration::from_secs(120)));
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:49:37 GMT", now), Some(Duration::from_secs(30)));
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:00:00 GMT", now), Some(Duration::ZERO));
        assert_eq!(retry_after("soon", now), None);
    }
}
