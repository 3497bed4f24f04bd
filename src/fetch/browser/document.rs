//! The document that a tab is served.
//!
//! The crawler's own client asked the server for the document, once; the browser is handed those bytes and asks for
//! the page's scripts, styles and data only.

use chromiumoxide::Binary;
use chromiumoxide::cdp::browser_protocol::fetch::{FulfillRequestParams, HeaderEntry};
use data_encoding::BASE64;

use crate::fetched::Exchange;
use crate::url::CanonicalUrl;

/// Headers that describe a coding which is undone already, would turn the page into a download, or are about the
/// connection to the server and not about the document; and one that has the browser ask for other pages by itself.
const DROPPED_HEADERS: [&str; 10] = [
    "content-encoding",
    "transfer-encoding",
    "content-length",
    "content-disposition",
    "connection",
    "keep-alive",
    "alt-svc",
    "clear-site-data",
    "service-worker-allowed",
    "speculation-rules",
];

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
            .filter(|(name, value)| !forbids_scripts(name, value))
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

/// Whether a header puts its document into a sandbox without scripts. No timer runs there, ours among them.
fn forbids_scripts(name: &str, value: &str) -> bool {
    name.eq_ignore_ascii_case("content-security-policy")
        && value.split([';', ',']).any(|directive| {
            let mut words = directive.split_ascii_whitespace().map(str::to_ascii_lowercase);
            words.next().is_some_and(|word| word == "sandbox") && !words.any(|word| word == "allow-scripts")
        })
}

#[cfg(test)]
mod tests {
    use super::Document;
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
}
