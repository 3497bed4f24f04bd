//! The document that a tab is served, and what a visit knows about the requests of its page.
//!
//! The crawler's own client asked the server for the document, once; the browser is handed those bytes and asks for
//! the page's scripts, styles and data only.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use chromiumoxide::Binary;
use chromiumoxide::cdp::browser_protocol::fetch::{FulfillRequestParams, HeaderEntry};
use data_encoding::BASE64;

use crate::fetched::Exchange;
use crate::url::CanonicalUrl;

/// Headers that describe a coding which is undone already, would turn the page into a download, or are about the
/// connection to the server and not about the document.
const DROPPED_HEADERS: [&str; 9] = [
    "content-encoding",
    "transfer-encoding",
    "content-length",
    "content-disposition",
    "connection",
    "keep-alive",
    "alt-svc",
    "clear-site-data",
    "service-worker-allowed",
];

/// How long a request may hold the page that waits for it: of the page's own host, and of any other.
const PATIENCE_OWN: Duration = Duration::from_secs(5);
const PATIENCE_OTHER: Duration = Duration::from_millis(2_500);

/// A document that is ready to be served to a tab.
#[derive(Debug)]
pub(super) struct Document {
    url: CanonicalUrl,
    status: u16,
    headers: Vec<HeaderEntry>,
    body: String,
}

impl Document {
    /// Prepares the answer that the server gave.
    pub(super) fn new(exchange: &Exchange) -> Self {
        let headers = exchange
            .response_headers
            .iter()
            .filter(|(name, _)| !DROPPED_HEADERS.iter().any(|dropped| dropped.eq_ignore_ascii_case(name)))
            .map(|(name, value)| HeaderEntry { name: name.clone(), value: value.clone() })
            .collect();
        Self {
            url: exchange.target.document(),
            status: exchange.status,
            headers,
            body: BASE64.encode(&exchange.body),
        }
    }

    /// Its address, without a fragment.
    pub(super) fn url(&self) -> &CanonicalUrl {
        &self.url
    }

    /// The answer to an intercepted request for it.
    pub(super) fn answer(&self, request: &str) -> FulfillRequestParams {
        let mut answer = FulfillRequestParams::new(request.to_owned(), i64::from(self.status));
        answer.response_headers = Some(self.headers.clone());
        answer.body = Some(Binary::from(self.body.clone()));
        answer
    }
}

/// The scripts, styles and data that a page has asked for: what its content may still wait for.
///
/// That a request ended is seen in the page (Resource Timing), that it began is seen here: together they tell what is
/// under way, without a patch to the page's `fetch` and without the traffic of the Network domain.
#[derive(Debug, Default)]
pub(super) struct Requests {
    started: Mutex<BTreeMap<String, Started>>,
}

#[derive(Debug)]
struct Started {
    count: u32,
    patience_ends: Instant,
}

impl Requests {
    /// Notes a request that was let through.
    pub(super) fn begin(&self, url: &str, of_own_host: bool) {
        let patience = if of_own_host { PATIENCE_OWN } else { PATIENCE_OTHER };
        let url = url.split('#').next().unwrap_or_default().to_owned();
        let mut started = self.started.lock().unwrap_or_else(PoisonError::into_inner);
        let patience_ends = Instant::now() + patience;
        started
            .entry(url)
            .and_modify(|known| known.count += 1)
            .or_insert(Started { count: 1, patience_ends });
    }

    /// Forgets everything: the document began anew, and with it the page's own count.
    pub(super) fn clear(&self) {
        self.started.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// What a page may be waiting for: how often each address was asked. One that did not answer in time (a beacon that
    /// never ends) is left out; an address gets that time once, not with every request.
    pub(super) fn awaited(&self) -> BTreeMap<String, u32> {
        let now = Instant::now();
        let started = self.started.lock().unwrap_or_else(PoisonError::into_inner);
        started
            .iter()
            .filter(|(_, request)| request.patience_ends > now)
            .map(|(url, request)| (url.clone(), request.count))
            .collect()
    }

    /// How many requests began, and when the next one of them runs out of patience.
    pub(super) fn state(&self) -> (u64, Option<Instant>) {
        let now = Instant::now();
        let started = self.started.lock().unwrap_or_else(PoisonError::into_inner);
        let begun = started.values().map(|request| u64::from(request.count)).sum();
        let next = started.values().map(|request| request.patience_ends).filter(|end| *end > now).min();
        (begun, next)
    }
}

#[cfg(test)]
mod tests {
    use super::{Document, Requests};
    use crate::fetched::Exchange;
    use crate::url::CanonicalUrl;

    #[test]
    fn headers_of_the_transfer_are_not_served_again() {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let exchange = Exchange {
            target: CanonicalUrl::parse("https://d.example/a").unwrap(),
            request_headers: Vec::new(),
            status: 200,
            response_headers: vec![
                header("Content-Type", "text/html"),
                header("Content-Encoding", "gzip"),
                header("content-length", "3"),
            ],
            body: b"abc".to_vec(),
        };
        let answer = Document::new(&exchange).answer("1");
        let names: Vec<String> =
            answer.response_headers.unwrap().into_iter().map(|header| header.name).collect();
        assert_eq!(names, ["Content-Type"]);
        assert_eq!(String::from(answer.body.unwrap()), "YWJj");
    }

    #[test]
    fn requests_are_counted_by_address_without_fragment() {
        let requests = Requests::default();
        requests.begin("https://d.example/a.js", true);
        requests.begin("https://d.example/a.js#x", true);
        requests.begin("https://cdn.example/b.js", false);
        let awaited = requests.awaited();
        assert_eq!(awaited.get("https://d.example/a.js"), Some(&2));
        assert_eq!(awaited.get("https://cdn.example/b.js"), Some(&1));
        assert_eq!(requests.state().0, 3);
    }
}
