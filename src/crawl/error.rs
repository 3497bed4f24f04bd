//! Why a crawl brought nothing.

use crate::frontier::FrontierError;
use crate::url::CanonicalUrl;

/// Why a crawl brought nothing, or had to be given up.
#[derive(Debug, thiserror::Error)]
pub enum CrawlError {
    /// robots.txt forbids the seed URL.
    #[error("robots.txt does not allow `{url}`: {rule}")]
    RobotsRefused {
        /// The seed URL.
        url: CanonicalUrl,
        /// The rule and its line.
        rule: String,
    },
    /// The seed URL redirects out of the site's scope; `base_url` should probably be there.
    #[error("`{url}` redirects to `{to}`, which is out of scope")]
    SeedMoved {
        /// The seed URL.
        url: CanonicalUrl,
        /// Where it leads.
        to: Box<CanonicalUrl>,
    },
    /// The host did not answer, or only with failures.
    #[error("`{url}` could not be reached: {cause}")]
    Unreachable {
        /// The seed URL.
        url: CanonicalUrl,
        /// What happened.
        cause: String,
    },
    /// The seed URL is answered, but with no page.
    #[error("`{url}` is no page: {cause}")]
    SeedRefused {
        /// The seed URL.
        url: CanonicalUrl,
        /// The status or the media type.
        cause: String,
    },
    /// The frontier failed.
    #[error(transparent)]
    Frontier(#[from] FrontierError),
    /// A page or an exchange could not be recorded, or its record not be read.
    #[error("failed to record `{url}`")]
    Record {
        /// What was to be recorded.
        url: CanonicalUrl,
        /// What the archive said.
        #[source]
        cause: std::io::Error,
    },
}
