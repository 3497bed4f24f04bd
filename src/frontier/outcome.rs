//! How a URL ends.

use std::time::Duration;

use super::kept::Kept;
use crate::url::CanonicalUrl;

/// How a lease ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was fetched and is recorded.
    Done(Kept),
    /// It leads elsewhere; the target stands in the frontier by itself.
    Redirected {
        /// Where to.
        to: CanonicalUrl,
    },
    /// It is not wanted or not allowed.
    Skipped(SkipReason),
    /// It failed in passing and is tried again.
    Retry {
        /// Not before this time has passed.
        after: Duration,
        /// What happened.
        cause: String,
    },
    /// It failed for good, in this run.
    Failed {
        /// What happened.
        cause: String,
    },
}

/// Why a URL was not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SkipReason {
    /// It redirects away from the site. Links that leave the site are only counted.
    OutOfScope {
        /// Where to.
        to: CanonicalUrl,
    },
    /// The config's patterns leave it out.
    Excluded {
        /// The `exclude` pattern, or `None` when no `include` pattern matches.
        pattern: Option<String>,
    },
    /// robots.txt forbids it.
    RobotsDisallow {
        /// The rule and its line, or that robots.txt was unreachable.
        rule: String,
    },
    /// What is there is no page.
    NotAPage {
        /// Its media type, if one was seen.
        media_type: Option<String>,
    },
    /// It asks not to be kept: `noindex`, in its header or in itself.
    NoIndex,
    /// Its address leads on and on, or is one of many that show the same.
    Trap {
        /// Why it is taken for one, in words.
        why: String,
    },
    /// It is another spelling of a page that is known.
    Alias {
        /// The page.
        of: CanonicalUrl,
    },
    /// It holds word for word what another page holds.
    Duplicate {
        /// The page that was kept.
        of: CanonicalUrl,
    },
    /// It belongs to another version of the documentation.
    OtherVersion {
        /// Which, as its address names it.
        name: String,
    },
    /// It belongs to another language of the documentation.
    OtherLanguage {
        /// Which, as its address names it.
        name: String,
    },
    /// The server answers as if there were a page, and says in it that there is none.
    SoftNotFound,
    /// As many pages as the config allows were kept before its turn.
    MaxPages,
    /// It lies in a private network and the config's own site does not.
    PrivateAddress,
    /// The server refused it with this status.
    HttpStatus(u16),
}

impl SkipReason {
    /// A stable word for programs, as `robots_disallow`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::OutOfScope { .. } => "out_of_scope",
            Self::Excluded { .. } => "excluded",
            Self::RobotsDisallow { .. } => "robots_disallow",
            Self::NotAPage { .. } => "not_a_page",
            Self::NoIndex => "noindex",
            Self::Trap { .. } => "trap",
            Self::Alias { .. } => "alias",
            Self::Duplicate { .. } => "duplicate",
            Self::OtherVersion { .. } => "other_version",
            Self::OtherLanguage { .. } => "other_language",
            Self::SoftNotFound => "soft_404",
            Self::MaxPages => "max_pages",
            Self::PrivateAddress => "private_address",
            Self::HttpStatus(_) => "http_status",
        }
    }

    /// What there is to say beyond the word.
    pub fn detail(&self) -> Option<String> {
        match self {
            Self::OutOfScope { to: url } | Self::Alias { of: url } | Self::Duplicate { of: url } => {
                Some(url.to_string())
            }
            Self::Trap { why: words }
            | Self::OtherVersion { name: words }
            | Self::OtherLanguage { name: words } => Some(words.clone()),
            Self::Excluded { pattern } => pattern.clone(),
            Self::RobotsDisallow { rule } => Some(rule.clone()),
            Self::NotAPage { media_type } => media_type.clone(),
            Self::HttpStatus(status) => Some(status.to_string()),
            Self::NoIndex | Self::SoftNotFound | Self::MaxPages | Self::PrivateAddress => None,
        }
    }
}
