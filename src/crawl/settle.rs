//! From an answer to the outcome of its URL.

use super::discovery::{listings_of, record_not_modified, take_listing};
use super::events::CrawlEvent;
use super::failures::{self, Failed};
use super::{Crawl, CrawlError, FoundLink, PageLinks, nothing, repository};
use crate::config::Discover;
use crate::discover::Listing;
use crate::fetch::Answer;
use crate::fetch::judged::{Note, Verdict};
use crate::fetched::{Dom, Fetched};
use crate::frontier::{
    Candidate, CrawlClock, Form, FoundBy, Frontier, Kept, Kind, Lease, Outcome, SkipReason, Standing,
    TemplateNote,
};
use crate::url::CanonicalUrl;

/// Ends a lease by what the fetcher answered. A page is recorded first: a kill between the two is healed by the next
/// run, which finds the record.
pub(super) fn settle(
    crawl: &mut Crawl<'_>,
    frontier: &mut Frontier,
    clock: &CrawlClock,
    lease: &Lease,
    answer: Answer,
    recorded: Option<&Fetched>,
) -> Result<(), CrawlError> {
    let now = clock.now();
    let mut found = Vec::new();
    if !matches!(answer, Answer::Failed { .. } | Answer::PrivateAddress) && !lease.is_again() {
        frontier.host_answered(&lease.url.authority());
    }
    let outcome = match answer {
        Answer::Page(fetched) => {
            let kept = Outcome::Done(Kept::plain(form_of(&fetched)));
            match lease.kind {
                Kind::Page => record(crawl, frontier, lease, &fetched, kept, &mut found)?,
                Kind::Nothing => {
                    nothing::take(crawl, frontier, lease, Some(&fetched), now)?;
                    kept
                }
                Kind::Sitemap | Kind::LlmsTxt | Kind::Index | Kind::Commit | Kind::Tree => {
                    found = take_listing(crawl, frontier, now, lease, &fetched, recorded)?;
                    kept
                }
            }
        }
        Answer::NotModified(answer) => match recorded.filter(|_| lease.kind != Kind::Page) {
            Some(file) => {
                record_not_modified(crawl, &answer)?;
                found = take_listing(crawl, frontier, now, lease, file, recorded)?;
                Outcome::Done(Kept::plain(Form::Sent))
            }
            None => Outcome::Failed { cause: "HTTP 304 for what is not recorded".to_owned() },
        },
        Answer::Judged(judged) if lease.kind == Kind::Nothing => {
            nothing::take(crawl, frontier, lease, Some(&judged.page), now)?;
            Outcome::Done(Kept::plain(form_of(&judged.page)))
        }
        Answer::Judged(judged) => {
            let kept = Kept { form: form_of(&judged.page), template: Some(note_of(judged.note)) };
            record(crawl, frontier, lease, &judged.page, Outcome::Done(kept), &mut found)?
        }
        Answer::Redirect { to, .. } => Outcome::Redirected { to },
        Answer::NotAPage { media_type } => Outcome::Skipped(SkipReason::NotAPage { media_type }),
        Answer::Broken { cause } => Outcome::Failed { cause },
        Answer::Refused { status } => Outcome::Skipped(SkipReason::HttpStatus(status)),
        Answer::PrivateAddress => Outcome::Skipped(SkipReason::PrivateAddress),
        Answer::Failed { cause, status, retry_after } => {
            let given_up = repository::try_again(lease, status, &cause);
            let heeded = failures::heed(crawl, frontier, clock, lease, Failed { cause, status, retry_after });
            given_up.unwrap_or(heeded)
        }
    };
    repository::heed_outcome(crawl, lease, &outcome, &mut found);
    let outcome = frontier.settle(lease, outcome, &found, clock.now())?;
    if lease.kind == Kind::Nothing && matches!(outcome, Outcome::Skipped(_) | Outcome::Failed { .. }) {
        nothing::take(crawl, frontier, lease, None, now)?;
    }
    // A listing that is not there is nothing to speak of, and one that is was spoken of.
    if lease.kind == Kind::Page {
        (crawl.events)(CrawlEvent::of_outcome(lease.url.clone(), outcome));
    }
    Ok(())
}

pub(super) fn form_of(page: &Fetched) -> Form {
    Form::of(page.dom.as_ref().map(Dom::form))
}

pub(super) fn note_of(note: Note) -> TemplateNote {
    let standing = match note.verdict {
        Verdict::None => Standing::Unchanged,
        Verdict::Confirmed => Standing::Confirmed,
        Verdict::Refuted => Standing::Refuted,
    };
    TemplateNote { name: note.group, standing, batch: note.batch, state: note.state }
}

/// Records a page and finds the links to follow. Returns what becomes of it: `kept`, unless it asks not to be or tells
/// nothing new.
fn record(
    crawl: &mut Crawl<'_>,
    frontier: &mut Frontier,
    lease: &Lease,
    fetched: &Fetched,
    kept: Outcome,
    found: &mut Vec<Candidate>,
) -> Result<Outcome, CrawlError> {
    // What came out of the record as it went in is there already, with its links.
    if lease.is_again() && fetched.dom.is_none() {
        return Ok(kept);
    }
    let PageLinks { links, listings, may_keep, print, says_not_found } = (crawl.outlinks)(fetched);
    // What the site's router showed may be what it showed before; a check finds that out, and what it holds counts then.
    let print = print.filter(|_| form_of(fetched) != Form::Routed);
    if let Some(print) = &print {
        let verdict = frontier.judge_content(lease, print, says_not_found)?;
        if verdict.asks_for_nothing {
            found.extend(nothing::candidate(crawl, frontier));
        }
        if let Some(reason) = verdict.drop {
            return Ok(Outcome::Skipped(reason));
        }
    }
    let outlinks = take_links(crawl, frontier, lease, links, listings, found);
    if !may_keep {
        return Ok(Outcome::Skipped(SkipReason::NoIndex));
    }
    write_page(crawl, lease, fetched, &outlinks)?;
    if let Some(print) = &print {
        frontier.note_content(lease, print)?;
    }
    Ok(kept)
}

/// Takes in where a page leads: the links to follow, and the files that list more pages. Returns the links, which belong
/// into its record.
pub(super) fn take_links(
    crawl: &Crawl<'_>,
    frontier: &Frontier,
    lease: &Lease,
    mut links: Vec<FoundLink>,
    listings: Vec<Listing>,
    found: &mut Vec<Candidate>,
) -> Vec<CanonicalUrl> {
    let discover = crawl.config.scope.discover;
    links.retain(|(_, found_by)| is_followed(discover, *found_by));
    let urls = links.iter().map(|(url, _)| url.clone()).collect();
    found.extend(links.into_iter().map(|(url, found_by)| lease.found(url, found_by)));
    found.extend(listings_of(frontier.scope(), discover, lease, listings));
    urls
}

/// Writes a page into the archive.
pub(super) fn write_page(
    crawl: &mut Crawl<'_>,
    lease: &Lease,
    page: &Fetched,
    outlinks: &[CanonicalUrl],
) -> Result<(), CrawlError> {
    let written = crawl.recorder.record_page(page, outlinks);
    written.map_err(|cause| CrawlError::Record { url: lease.url.clone(), cause })
}

fn is_followed(discover: Discover, found_by: FoundBy) -> bool {
    match found_by {
        FoundBy::Content => discover.links,
        FoundBy::Navigation | FoundBy::Next => discover.navigation,
        _ => true,
    }
}
