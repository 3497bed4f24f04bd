//! Replaying a recorded crawl: answers come from an archive, and no socket is ever asked.

use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;

use crate::archive::{Archive, ArchiveError};
use crate::fetch::{Answer, FetchRequest, Fetcher, RedirectBy, Want};
use crate::fetched::Exchange;
use crate::url::CanonicalUrl;

/// Answers from an archive as the recorded site once did.
///
/// What the archive does not hold is [`Answer::Refused`] with status 404: the recorded site has no such page, asking
/// again changes nothing, and for a robots.txt it means that there are no rules (RFC 9309 §2.3.1.3).
#[derive(Clone, Debug)]
pub struct ReplayFetcher {
    archive: Arc<Archive>,
}

impl ReplayFetcher {
    /// Replays an archive.
    pub fn new(archive: Archive) -> Self {
        Self { archive: Arc::new(archive) }
    }

    /// The addresses of all recorded pages in order: seed URLs that reach pages to which no recorded link leads.
    pub fn page_urls(&self) -> Vec<CanonicalUrl> {
        self.archive.page_urls().cloned().collect()
    }
}

impl Fetcher for ReplayFetcher {
    fn fetch(&self, request: FetchRequest) -> BoxFuture<'_, Answer> {
        let archive = Arc::clone(&self.archive);
        // Reading and decompressing would hold up whatever else runs on this thread.
        let answer = tokio::task::spawn_blocking(move || answer(&archive, &request));
        async move { answer.await.unwrap_or_else(|cause| failed(cause.to_string(), None)) }.boxed()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        futures::future::ready(()).boxed()
    }
}

fn answer(archive: &Archive, request: &FetchRequest) -> Answer {
    let found = match request.want {
        Want::Page => page_answer(archive, &request.url),
        Want::Text => text_answer(archive, &request.url),
        // It is recorded with its page.
        Want::Markdown => Ok(NOT_THERE),
    };
    found.unwrap_or_else(|error| failed(with_cause(&error), None))
}

fn page_answer(archive: &Archive, url: &CanonicalUrl) -> Result<Answer, ArchiveError> {
    if let Some(page) = archive.page(&url.key())? {
        return Ok(Answer::Page(Box::new(page)));
    }
    let Some(exchange) = archive.as_sent(url)?.and_then(|sent| sent.exchange) else { return Ok(NOT_THERE) };
    Ok(not_ok(&exchange).unwrap_or_else(|| Answer::NotAPage { media_type: exchange.media_type() }))
}

fn text_answer(archive: &Archive, url: &CanonicalUrl) -> Result<Answer, ArchiveError> {
    let Some(sent) = archive.as_sent(url)? else { return Ok(NOT_THERE) };
    Ok(sent.exchange.as_ref().and_then(not_ok).unwrap_or_else(|| Answer::Page(Box::new(sent))))
}

const NOT_THERE: Answer = Answer::Refused { status: 404 };

/// What a recorded answer other than success means; the same as it meant when it was recorded.
fn not_ok(exchange: &Exchange) -> Option<Answer> {
    let status = exchange.status;
    match status {
        204 => Some(Answer::NotAPage { media_type: None }),
        200..300 => None,
        300..400 => {
            let to = exchange.header("location").and_then(|location| exchange.target.join(location).ok());
            Some(to.map_or(Answer::Refused { status }, |to| Answer::Redirect { to, by: RedirectBy::Http }))
        }
        408 | 425 | 429 | 500.. => Some(failed(format!("recorded as HTTP {status}"), Some(status))),
        _ => Some(Answer::Refused { status }),
    }
}

fn failed(cause: String, status: Option<u16>) -> Answer {
    Answer::Failed { cause, status, retry_after: None }
}

/// An error and what lies behind it, in one line for the report.
fn with_cause(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {}", with_cause(cause)),
        None => error.to_string(),
    }
}
