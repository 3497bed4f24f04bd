//! What a crawl tells while it runs.

use std::time::Duration;

use jiff::Timestamp;

use crate::frontier::{Counts, Form, Outcome, SkipReason};
use crate::robots::Robots;
use crate::url::{Authority, CanonicalUrl};

/// Something that happened.
#[derive(Clone, Debug)]
pub enum CrawlEvent {
    /// The crawl begins, with what an earlier run left.
    Started(Counts),
    /// A robots.txt is known.
    Robots {
        /// Whose.
        authority: Authority,
        /// What it says.
        robots: Robots,
    },
    /// A page was recorded.
    Kept {
        /// The page.
        url: CanonicalUrl,
        /// In which form.
        form: Form,
    },
    /// A kept page was asked whether it changed, and did not.
    Unchanged {
        /// The page.
        url: CanonicalUrl,
    },
    /// A sitemap or an llms.txt was read.
    Listed {
        /// The file.
        url: CanonicalUrl,
        /// How many URLs it names.
        urls: usize,
    },
    /// The files of the repository cannot be listed; it is read by the links of its README.
    Unlisted {
        /// What was to list them.
        url: CanonicalUrl,
        /// What happened.
        cause: String,
    },
    /// A forge left files out of its list.
    ListCut {
        /// The list.
        url: CanonicalUrl,
    },
    /// A URL leads elsewhere.
    Redirected {
        /// The URL.
        url: CanonicalUrl,
        /// Where to.
        to: CanonicalUrl,
    },
    /// A URL is not kept.
    Skipped {
        /// The URL.
        url: CanonicalUrl,
        /// Why.
        reason: SkipReason,
    },
    /// A URL failed in passing and is tried again.
    Retry {
        /// The URL.
        url: CanonicalUrl,
        /// Not before this time has passed.
        after: Duration,
        /// What happened.
        cause: String,
    },
    /// A URL failed for good.
    Failed {
        /// The URL.
        url: CanonicalUrl,
        /// What happened.
        cause: String,
    },
    /// A host asked for patience.
    Paused {
        /// Which.
        authority: Authority,
        /// Nothing is asked of it before.
        until: Timestamp,
    },
    /// A host fails on and on, and is left alone for a time.
    Rests {
        /// Which.
        authority: Authority,
        /// Nothing is asked of it before; then one thing.
        until: Timestamp,
        /// What happened last.
        cause: String,
    },
    /// A host failed for so long that it is given up for this run.
    GivenUp {
        /// Which.
        authority: Authority,
        /// How many of its pages were left, which have failed with it.
        pages: u64,
        /// Why.
        cause: String,
    },
    /// How far the crawl is; after every change.
    Counts(Counts),
}

impl CrawlEvent {
    /// The end of a page's lease as an event.
    pub(super) fn of_outcome(url: CanonicalUrl, outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done(kept) => Self::Kept { url, form: kept.form },
            Outcome::Redirected { to } => Self::Redirected { url, to },
            Outcome::Skipped(reason) => Self::Skipped { url, reason },
            Outcome::Retry { after, cause } => Self::Retry { url, after, cause },
            Outcome::Failed { cause } => Self::Failed { url, cause },
        }
    }
}
