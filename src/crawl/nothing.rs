//! What a server says where nothing is.
//!
//! Some servers answer every address with 200 and a page, be it the application's shell or a page that says sorry.
//! Where a page looks like one of these, an address is asked for that cannot be there; pages that hold what comes back
//! are no pages, those that were kept before among them. Servers that answer as they should are asked once, and only when
//! a page raised the question.

use jiff::Timestamp;

use super::{Crawl, CrawlError};
use crate::fetched::Fetched;
use crate::frontier::{Candidate, Frontier, Kind, Lease, Outcome, SkipReason};

/// The name of a page that no site has, made of words that no page has either: those of its own address do not count when
/// what comes back is compared.
const NOWHERE: &str = "skillcrawl-probe-404";

/// The address that cannot be there, in the folder of the site. Of a repository each file is known.
pub(super) fn candidate(crawl: &Crawl<'_>, frontier: &Frontier) -> Option<Candidate> {
    if crawl.config.scope.repository.is_some() {
        return None;
    }
    frontier.scope().file(NOWHERE).map(|url| Candidate::listing(url, Kind::Nothing))
}

/// Takes in what came back: the page, if there is one.
pub(super) fn take(
    crawl: &mut Crawl<'_>,
    frontier: &mut Frontier,
    lease: &Lease,
    page: Option<&Fetched>,
    now: Timestamp,
) -> Result<(), CrawlError> {
    let print = page.and_then(|page| (crawl.outlinks)(page).print);
    let pages = frontier.set_not_found(&lease.url.authority(), print)?;
    for url in &pages {
        crawl
            .recorder
            .record_gone(url, &Outcome::Skipped(SkipReason::SoftNotFound), now)
            .map_err(|cause| CrawlError::Record { url: url.clone(), cause })?;
    }
    Ok(frontier.take_back(&pages, &SkipReason::SoftNotFound)?)
}
