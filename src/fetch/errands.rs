//! Further requests that a fetcher makes on behalf of the one page it was asked for.

use std::fmt::Debug;
use std::time::Duration;

use futures::future::BoxFuture;

use crate::url::CanonicalUrl;

/// Whoever hands out URLs lets a fetcher ask for something beside its page, such as the page's Markdown: only what
/// robots.txt allows, at the host of the page, and only when that host's clock says so.
pub trait Errands: Send + Sync + Debug {
    /// Waits until the address may be asked, and takes that turn of its host: one request, now. `false` where the address
    /// is not to be asked at all.
    fn may_ask<'a>(&'a self, url: &'a CanonicalUrl) -> BoxFuture<'a, bool>;

    /// Passes on that the host asked for patience (429, 503).
    fn throttled(&self, url: &CanonicalUrl, retry_after: Option<Duration>);
}
