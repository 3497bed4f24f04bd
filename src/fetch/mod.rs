//! Fetching one page: from the network over HTTP, through the browser, as much of both as a site needs, or from a
//! recorded archive.
//!
//! A fetcher asks for exactly one URL and follows no redirect: a redirect is an [`Answer`], so that scope, robots and
//! politeness look at every hop. It never decides which URL comes next, and it never writes anything.

pub mod adaptive;
pub mod address;
pub mod browser;
pub mod errands;
pub mod http;
pub mod judged;
pub mod replay;
pub mod retry;
mod sampling;

use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;

use self::errands::Errands;
use self::judged::Judged;
use crate::fetched::{Fetched, Validators};
use crate::url::CanonicalUrl;

/// Something that answers a URL.
pub trait Fetcher: Send + Sync {
    /// Asks for one page. Every way it can end is an [`Answer`]; a deadline bounds it.
    fn fetch(&self, request: FetchRequest) -> BoxFuture<'_, Answer>;

    /// Gives the finished form of a page that was fetched before, from what is known of it; the server is not asked for
    /// the document again. A fetcher that does not render gives the page back as it is.
    fn render(&self, fetched: Box<Fetched>) -> BoxFuture<'_, Answer> {
        futures::future::ready(Answer::Page(fetched)).boxed()
    }

    /// As [`Fetcher::render`], but always by a load of its own in the browser: what another form is compared with.
    fn load(&self, fetched: Box<Fetched>) -> BoxFuture<'_, Answer> {
        self.render(fetched)
    }

    /// Hands over a page that was rendered under another address and gave itself this one, if there is such a page: the
    /// server need not know the addresses that its application makes up.
    fn take_renamed(&self, _: &CanonicalUrl) -> Option<Box<Fetched>> {
        None
    }

    /// Ends what the fetcher started, such as the browser.
    fn close(&self) -> BoxFuture<'_, ()>;
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct FetchRequest {
    /// The page, with its route if it has one.
    pub url: CanonicalUrl,
    /// What the caller can use.
    pub want: Want,
    /// What the caller has of it already: where the server still has the same, the answer is
    /// [`Answer::NotModified`]. They are about the document that the server sends, never about what scripts make of it.
    pub validators: Option<Validators>,
    /// Lets the fetcher ask for the page's Markdown too; without it, nothing but the page is asked for.
    pub errands: Option<Arc<dyn Errands>>,
}

impl FetchRequest {
    /// Asks for something whatever is known of it.
    pub fn new(url: CanonicalUrl, want: Want) -> Self {
        Self { url, want, validators: None, errands: None }
    }
}

/// What the caller can use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// A page of documentation: HTML or Markdown, rendered where the fetcher renders.
    Page,
    /// Text for discovery (robots.txt, a sitemap, llms.txt): the body as sent, never rendered.
    Text,
    /// The Markdown of a page, wherever the address is; anything else is [`Answer::NotAPage`].
    Markdown,
}

/// How a fetch ended.
#[derive(Debug)]
pub enum Answer {
    /// The page.
    Page(Box<Fetched>),
    /// The page, by a fetcher that judges from page to page whether a cheaper way than a load in the browser does.
    Judged(Box<Judged>),
    /// The server still has what the request's validators stand for (304, RFC 9110 §15.4.5); carries that answer, which
    /// has no body. Only a request with validators ends so.
    NotModified(Box<Fetched>),
    /// The server, a `meta refresh` or a script leads elsewhere.
    Redirect {
        /// Where to; not yet checked against anything.
        to: CanonicalUrl,
        /// Who said so.
        by: RedirectBy,
    },
    /// An answer that is no page: a picture, a download, an empty body (204). Carries the media type if there is one.
    NotAPage {
        /// The media type, as `application/pdf`.
        media_type: Option<String>,
    },
    /// A status that will not change by asking again (4xx but 408, 425, 429).
    Refused {
        /// The status code.
        status: u16,
    },
    /// A passing failure: time-out, lost connection, 408, 425, 429, 5xx, a crashed tab.
    Failed {
        /// What happened, in words for the report.
        cause: String,
        /// The status code, if the server answered at all.
        status: Option<u16>,
        /// `Retry-After`, if the server named one.
        retry_after: Option<std::time::Duration>,
    },
    /// There is a page, but it cannot be had, and asking again changes nothing: it is too large, or ended its renderer
    /// twice.
    Broken {
        /// What happened, in words for the report.
        cause: String,
    },
    /// The address is not to be asked at all: it resolves to a private network and the config's own site is not there.
    PrivateAddress,
}

/// Who led elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedirectBy {
    /// A 3xx answer with `Location`.
    Http,
    /// The page itself, once rendered: a script or `meta refresh`.
    Page,
}
