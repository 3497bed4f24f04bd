//! Asking for a robots.txt (RFC 9309 §2.3.1).

use crate::fetch::{Answer, FetchRequest, Fetcher, Want};
use crate::fetched::{Fetched, Validators};
use crate::frontier::backoff::backoff;
use crate::frontier::{CrawlClock, HostClocks, Permit, RobotsLease, Slot};
use crate::url::{Authority, CanonicalUrl};

/// The redirects that are followed (RFC 9309 §2.3.1.2).
const MAX_REDIRECTS: u32 = 5;

/// What the server said.
pub(super) enum RobotsAnswer {
    /// The file.
    File(Box<Fetched>),
    /// The file is as it is recorded.
    Unmodified {
        /// The record.
        file: Box<Fetched>,
        /// The server's 304.
        answer: Box<Fetched>,
    },
    /// There is none: a 4xx status, something that is no text, or redirects without end.
    Missing,
    /// It could not be had, tried often enough.
    Unreachable {
        /// What happened.
        cause: String,
    },
}

/// Asks for the robots.txt of an authority, of which an update knows the record. Every request, each hop and each new try
/// among them, waits for a slot at its host.
pub(super) async fn ask_robots(
    lease: RobotsLease,
    mut recorded: Option<Box<Fetched>>,
    fetcher: &dyn Fetcher,
    hosts: HostClocks,
    clock: CrawlClock,
    retries: u32,
) -> (Authority, RobotsAnswer) {
    let Ok(mut url) = lease.authority.robots_txt() else { return (lease.authority, RobotsAnswer::Missing) };
    let mut permit = Some(lease.permit);
    let (mut redirects, mut tries) = (0, 0);
    let answer = loop {
        let slot = match permit.take() {
            Some(permit) => permit,
            None => match slot_at(&hosts, &url.authority(), &clock).await {
                Ok(permit) => permit,
                Err(cause) => break RobotsAnswer::Unreachable { cause },
            },
        };
        tracing::debug!(%url, tries, "asking");
        let answer = fetcher.fetch(known_text(&url, recorded.as_deref())).await;
        drop(slot);
        match answer {
            Answer::Page(fetched) => break RobotsAnswer::File(fetched),
            Answer::Judged(judged) => break RobotsAnswer::File(Box::new(judged.page)),
            Answer::NotModified(answer) => match recorded.take() {
                Some(file) => break RobotsAnswer::Unmodified { file, answer },
                None => break RobotsAnswer::Missing,
            },
            Answer::NotAPage { .. } | Answer::Broken { .. } | Answer::Refused { .. } => {
                break RobotsAnswer::Missing;
            }
            Answer::PrivateAddress => {
                break RobotsAnswer::Unreachable { cause: "private address".to_owned() };
            }
            Answer::Redirect { .. } if redirects == MAX_REDIRECTS => break RobotsAnswer::Missing,
            Answer::Redirect { to, .. } => {
                redirects += 1;
                recorded = None;
                url = to;
            }
            Answer::Failed { cause, .. } if tries == retries => break RobotsAnswer::Unreachable { cause },
            Answer::Failed { status, retry_after, .. } => {
                tries += 1;
                pause(&hosts, &url, &clock, status, retry_after, tries).await;
            }
        }
    };
    (lease.authority, answer)
}

/// A request for text, conditional where a record of it has validators.
pub(super) fn known_text(url: &CanonicalUrl, recorded: Option<&Fetched>) -> FetchRequest {
    let exchange = recorded.and_then(|recorded| recorded.exchange.as_ref());
    FetchRequest {
        validators: exchange.and_then(Validators::of),
        ..FetchRequest::new(url.clone(), Want::Text)
    }
}

/// Waits for a slot; where the host is given up, there will be none.
async fn slot_at(hosts: &HostClocks, authority: &Authority, clock: &CrawlClock) -> Result<Permit, String> {
    loop {
        let now = clock.now();
        match hosts.reserve(authority, now) {
            Slot::Granted(permit) => return Ok(permit),
            Slot::GivenUp(reason) => return Err(reason),
            Slot::Later(when) => sleep_until(when, now).await,
        }
    }
}

/// Waits before a new try: as the server says, within reason, or longer each time.
async fn pause(
    hosts: &HostClocks,
    url: &CanonicalUrl,
    clock: &CrawlClock,
    status: Option<u16>,
    retry_after: Option<std::time::Duration>,
    tries: u32,
) {
    let now = clock.now();
    if matches!(status, Some(429 | 503)) {
        hosts.throttled(&url.authority(), now, retry_after.map(|wait| wait.min(super::PATIENCE)));
    }
    tokio::time::sleep(backoff(tries - 1)).await;
}

pub(super) async fn sleep_until(when: jiff::Timestamp, now: jiff::Timestamp) {
    tokio::time::sleep(std::time::Duration::try_from(when.duration_since(now)).unwrap_or_default()).await;
}
