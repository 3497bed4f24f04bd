//! Fetching over plain HTTP.
//!
//! In order: the address is checked, the request is made under one deadline, the status and headers decide what the
//! answer is, and only the body of something wanted is read. This fetcher follows no redirect, keeps no cookie, uses
//! no proxy, and runs no script.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::{Timestamp, Unit};
use reqwest::dns::{Name, Resolve, Resolving};
use reqwest::header::{ACCEPT, HeaderMap, USER_AGENT};
use reqwest::{Client, Response, redirect};

use super::address::{is_public, literal_address};
use super::retry::{answer_of_status, retry_after};
use super::{Answer, FetchRequest, Fetcher, RedirectBy, Want};
use crate::fetched::{Exchange, Fetched, Markup, Validators, markup_of};
use crate::url::{Authority, CanonicalUrl};

/// The largest body that is read, after decoding. No page of documentation comes near it.
const MAX_BODY: usize = 64 * 1024 * 1024;

/// How long a connection may take to be made; the page's deadline holds beside it.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

const ACCEPT_PAGE: &str = "text/html,application/xhtml+xml,text/markdown;q=0.8,*/*;q=0.1";
const ACCEPT_MARKDOWN: &str = "text/markdown,text/x-markdown,text/plain;q=0.5,*/*;q=0.1";
const ACCEPT_TEXT: &str = "text/plain,application/xml,text/xml,text/markdown,*/*;q=0.1";

/// Headers that describe a coding which the client has undone.
const UNDONE_HEADERS: [&str; 3] = ["content-encoding", "content-length", "transfer-encoding"];

/// Asks servers over HTTP.
#[derive(Clone, Debug)]
pub struct HttpFetcher {
    /// For the config's own site, wherever it lies.
    site_client: Client,
    /// For everything else: resolves to public addresses only.
    guarded_client: Client,
    /// Those that the config names.
    sites: Vec<Authority>,
    user_agent: String,
    timeout: Duration,
}

/// The HTTP client cannot be set up on this machine.
#[derive(Debug, thiserror::Error)]
#[error("failed to set up the HTTP client")]
pub struct HttpSetupError(#[from] reqwest::Error);

impl HttpFetcher {
    /// A fetcher for the site at `site`, the only authority that may lie in a private network. `timeout` bounds each
    /// request from the connection to the last byte.
    ///
    /// # Errors
    ///
    /// [`HttpSetupError`] when TLS cannot be set up or the user agent is no valid header.
    pub fn new(site: Authority, user_agent: &str, timeout: Duration) -> Result<Self, HttpSetupError> {
        let builder = || {
            Client::builder()
                .redirect(redirect::Policy::none())
                .referer(false)
                .no_proxy()
                .user_agent(user_agent)
                .connect_timeout(CONNECT_TIMEOUT)
        };
        Ok(Self {
            site_client: builder().build()?,
            guarded_client: builder().dns_resolver(Arc::new(PublicResolver)).build()?,
            sites: vec![site],
            user_agent: user_agent.to_owned(),
            timeout,
        })
    }

    /// The same with further authorities that the config names, which may lie in a private network too.
    #[must_use]
    pub fn with_sites(mut self, sites: Vec<Authority>) -> Self {
        self.sites.extend(sites);
        self
    }

    async fn ask(&self, request: &FetchRequest) -> Answer {
        match tokio::time::timeout(self.timeout, self.converse(request)).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => answer_of_error(&error),
            Err(_) => failed("timed out"),
        }
    }

    async fn converse(&self, request: &FetchRequest) -> Result<Answer, reqwest::Error> {
        let target = request.url.document();
        let is_site = self.sites.contains(&target.authority());
        if !is_site && literal_address(&target).is_some_and(|address| !is_public(address)) {
            return Ok(Answer::PrivateAddress);
        }
        let client = if is_site { &self.site_client } else { &self.guarded_client };
        let accept = match request.want {
            Want::Page => ACCEPT_PAGE,
            Want::Text => ACCEPT_TEXT,
            Want::Markdown => ACCEPT_MARKDOWN,
        };
        let mut asked = client.get(target.as_url().clone()).header(ACCEPT, accept);
        let conditions: Vec<(&str, &str)> =
            request.validators.iter().flat_map(Validators::request_headers).collect();
        for (name, value) in &conditions {
            asked = asked.header(*name, *value);
        }
        let response = asked.send().await?;
        let status = response.status().as_u16();
        let is_not_modified = status == 304 && request.validators.is_some();
        if !is_not_modified && let Some(answer) = answer_of_head(&response, request) {
            return Ok(answer);
        }
        let response_headers = header_lines(response.headers());
        let Some(body) = read_body(response).await? else {
            return Ok(Answer::Broken { cause: "document too large".to_owned() });
        };
        let mut request_headers = vec![
            ("host".to_owned(), target.authority().host_port().to_owned()),
            (USER_AGENT.to_string(), self.user_agent.clone()),
            (ACCEPT.to_string(), accept.to_owned()),
        ];
        request_headers
            .extend(conditions.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let exchange = Exchange { request_headers, target, status, response_headers, body };
        Ok(if is_not_modified {
            Answer::NotModified(fetched(request, exchange))
        } else {
            answer_of_exchange(request, exchange)
        })
    }
}

impl Fetcher for HttpFetcher {
    fn fetch(&self, request: FetchRequest) -> BoxFuture<'_, Answer> {
        async move { self.ask(&request).await }.boxed()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        async {}.boxed()
    }
}

/// What status and headers say already; `None` when the body is wanted.
fn answer_of_head(response: &Response, request: &FetchRequest) -> Option<Answer> {
    let status = response.status();
    let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
    let wait = header("retry-after").and_then(|value| retry_after(value, Timestamp::now()));
    if let Some(answer) = answer_of_status(status.as_u16(), wait) {
        return Some(answer);
    }
    if status.is_redirection() {
        let to = header("location").and_then(|location| redirect_target(&request.url, location));
        return Some(match to {
            Some(to) => Answer::Redirect { to, by: RedirectBy::Http },
            None => Answer::Refused { status: status.as_u16() },
        });
    }
    if request.want == Want::Text {
        return None;
    }
    let media_type = header("content-type").map(essence);
    if request.want == Want::Markdown {
        let markup = media_type.as_deref().and_then(|media_type| markup_of(media_type, request.url.path()));
        return (markup != Some(Markup::Markdown)).then_some(Answer::NotAPage { media_type });
    }
    let is_download = header("content-disposition")
        .is_some_and(|value| value.trim_start().to_ascii_lowercase().starts_with("attachment"));
    let is_page = media_type.as_deref().is_none_or(|media_type| is_page_type(media_type, &request.url));
    (is_download || !is_page).then_some(Answer::NotAPage { media_type })
}

/// What a complete answer is. A body without a media type is a page if it begins as one.
fn answer_of_exchange(request: &FetchRequest, exchange: Exchange) -> Answer {
    if request.want != Want::Text {
        let media_type = exchange.media_type();
        let is_blank = exchange.body.iter().all(u8::is_ascii_whitespace);
        if is_blank || (media_type.is_none() && !looks_like_html(&exchange.body)) {
            return Answer::NotAPage { media_type };
        }
    }
    Answer::Page(fetched(request, exchange))
}

fn fetched(request: &FetchRequest, exchange: Exchange) -> Box<Fetched> {
    let now = Timestamp::now();
    Box::new(Fetched {
        url: request.url.clone(),
        // Rounding fails at the end of time only.
        fetched_at: now.round(Unit::Second).unwrap_or(now),
        exchange: Some(exchange),
        dom: None,
        twin: None,
    })
}

/// Where `Location` leads. A route in the fragment of the request goes along (RFC 9110 §10.2.2).
fn redirect_target(from: &CanonicalUrl, location: &str) -> Option<CanonicalUrl> {
    let mut to = from.document().as_url().join(location.trim()).ok()?;
    if to.fragment().is_none() {
        to.set_fragment(from.route());
    }
    CanonicalUrl::from_url(to).ok()
}

fn is_page_type(media_type: &str, url: &CanonicalUrl) -> bool {
    match media_type {
        "text/html" | "application/xhtml+xml" => true,
        _ => markup_of(media_type, url.path()).is_some(),
    }
}

fn looks_like_html(body: &[u8]) -> bool {
    let head = body.trim_ascii_start();
    [b"<!doctype html".as_slice(), b"<html"]
        .iter()
        .any(|start| head.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start)))
}

fn essence(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn header_lines(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .filter(|(name, _)| !UNDONE_HEADERS.contains(&name.as_str()))
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect()
}

/// The body, or `None` when it is larger than [`MAX_BODY`].
async fn read_body(mut response: Response) -> Result<Option<Vec<u8>>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > MAX_BODY {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body))
}

/// Causes are short and without addresses, so that a summary can count them.
fn answer_of_error(error: &reqwest::Error) -> Answer {
    let chain = || std::iter::successors(Some(error as &(dyn Error + 'static)), next_cause);
    if chain().any(|error| error.is::<OnlyPrivateAddresses>()) {
        return Answer::PrivateAddress;
    }
    if error.is_timeout() {
        return failed("timed out");
    }
    if error.is_dns() {
        return failed("host name not found");
    }
    let kind = chain().find_map(|error| error.downcast_ref::<io::Error>().map(io::Error::kind));
    match kind {
        Some(io::ErrorKind::ConnectionRefused) => failed("connection refused"),
        Some(io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe | io::ErrorKind::UnexpectedEof) => {
            failed("connection lost")
        }
        _ if error.is_decode() => failed("body cannot be decoded"),
        _ => failed(&chain().last().map(ToString::to_string).unwrap_or_default()),
    }
}

fn next_cause<'a>(error: &&'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    (*error).source()
}

fn failed(cause: &str) -> Answer {
    Answer::Failed { cause: cause.to_owned(), status: None, retry_after: None }
}

/// Resolves names to their public addresses. The connection is made to what was checked, so a name that changes its
/// mind between check and use gains nothing.
struct PublicResolver;

#[derive(Debug, thiserror::Error)]
#[error("the name resolves to private addresses only")]
struct OnlyPrivateAddresses;

impl Resolve for PublicResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err(OnlyPrivateAddresses.into());
            }
            Ok(Box::new(public.into_iter()) as reqwest::dns::Addrs)
        })
    }
}
