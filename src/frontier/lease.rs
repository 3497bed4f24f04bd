//! What the frontier hands out.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::candidate::{Candidate, FoundBy, Kind};
use super::host_clock::Permit;
use super::outcome::SkipReason;
use crate::fetched::Validators;
use crate::url::{Authority, CanonicalUrl};

/// What can be done next.
#[derive(Debug)]
pub enum Next {
    /// Ask for the robots.txt of an authority; nothing else of it is handed out before.
    Robots(RobotsLease),
    /// Ask for this URL now.
    Ready(Lease),
    /// This page is recorded as the server sent it: render it from its record now.
    Again(Lease),
    /// This page is kept, and robots.txt does not allow it any more: it ends without being asked for.
    Withdrawn {
        /// The page.
        lease: Box<Lease>,
        /// Why it may not be asked for.
        reason: SkipReason,
    },
    /// This URL ended without being asked for; go on.
    Skipped {
        /// The URL.
        url: CanonicalUrl,
        /// Why it is not asked for.
        reason: SkipReason,
    },
    /// The host failed on and on: all that was left of it has failed, for this reason. Go on.
    GivenUp {
        /// The host, as one of its authorities.
        authority: Authority,
        /// How many pages were left.
        pages: u64,
        /// Why.
        cause: String,
    },
    /// Nothing may be asked before this time has passed, unless a lease is settled earlier.
    Wait(Duration),
    /// Nothing can be asked before a lease is settled.
    Busy,
    /// Every URL has its outcome.
    Finished,
}

/// The right to ask for one URL, once, now. It lasts as long as this value: a lease that is dropped without having been
/// settled gives its URL back.
#[derive(Debug)]
pub struct Lease {
    pub(super) id: i64,
    /// The URL to ask for.
    pub url: CanonicalUrl,
    /// What is expected there.
    pub kind: Kind,
    /// Who named it.
    pub found_by: FoundBy,
    /// How many links lie between it and a seed URL.
    pub depth: u32,
    /// How many redirects led here.
    pub hops: u32,
    /// How often it was asked for before, in vain.
    pub tries: u32,
    /// What is known of the page, where it is kept and only to be asked whether it changed.
    pub check: Option<Box<Check>>,
    pub(super) turn: Turn,
    pub(super) ticket: Ticket,
    /// `None` for what is not to be asked for.
    pub(super) _permit: Option<Permit>,
}

/// What is known of a page that is to be asked whether it changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What the server said of the state in which it held the same as the record; `None` where the record's own
    /// validators count.
    pub validators: Option<Validators>,
    /// Whether the page holds what only the browser shows: then that the document is the same says nothing, and it is
    /// rendered and compared.
    pub needs_browser: bool,
}

/// What tells the frontier that a lease is over.
#[derive(Debug)]
pub(super) struct Ticket {
    pub(super) number: u64,
    returned: Returned,
}

/// The numbers of the leases that were dropped.
#[derive(Clone, Debug, Default)]
pub(super) struct Returned(Arc<Mutex<Vec<u64>>>);

impl Returned {
    pub(super) fn ticket(&self, number: u64) -> Ticket {
        Ticket { number, returned: self.clone() }
    }

    /// The numbers since this was last asked.
    pub(super) fn take(&self) -> Vec<u64> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.returned.0.lock().unwrap_or_else(PoisonError::into_inner).push(self.number);
    }
}

/// Which turn of its URL a lease is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    First,
    /// The page is kept, and is to be rendered all the same.
    Again,
    /// The page is kept, and is to be asked whether it changed.
    Check,
}

/// The right to ask for one robots.txt.
#[derive(Debug)]
pub struct RobotsLease {
    /// Whose robots.txt.
    pub authority: Authority,
    /// The slot at the host for the first request.
    pub permit: Permit,
}

impl Lease {
    /// Whether the page is kept already and is only to be rendered.
    pub fn is_again(&self) -> bool {
        self.turn == Turn::Again
    }

    /// A page that was found through this one.
    pub fn found(&self, url: CanonicalUrl, found_by: FoundBy) -> Candidate {
        let referrer = Some(self.url.clone());
        let depth = self.depth + 1;
        Candidate { url, kind: Kind::Page, found_by, depth, hops: 0, referrer, lastmod: None }
    }

    /// What this URL redirects to.
    pub(super) fn redirected(&self, to: CanonicalUrl) -> Candidate {
        Candidate {
            url: to,
            kind: self.kind,
            found_by: if self.found_by == FoundBy::Seed { FoundBy::Seed } else { FoundBy::Redirect },
            depth: self.depth,
            hops: self.hops + 1,
            referrer: Some(self.url.clone()),
            lastmod: None,
        }
    }
}
