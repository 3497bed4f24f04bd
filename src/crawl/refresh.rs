//! Updates: kept pages are asked whether they changed.
//!
//! A request carries the validators of the record, so that a page that is as it was costs the server a 304 (RFC 9110
//! §13). A page that holds what only the browser shows is rendered again all the same, from the recorded document after a
//! 304: its shell says nothing about the data that its scripts load. What comes of it is compared with the record as a
//! reader would see it; only where they differ, the page is recorded anew. So a page that did not change keeps its
//! record, its time and its place, byte for byte.
//!
//! A page is gone when its server says so (404, 410), when it leads to another page, when it is no page any more, and when
//! it, or robots.txt, asks not to be kept. Any other refusal or failure proves nothing, and the record stands; so it does
//! where nothing links to the page any more, as long as the server still has it.

use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;

use super::ask_robots::known_text;
use super::discovery::record_not_modified;
use super::events::CrawlEvent;
use super::failures::{self, Failed};
use super::settle::{form_of, note_of, take_links, write_page};
use super::{Crawl, CrawlError, Done, PageLinks, nothing, within};
use crate::fetch::errands::Errands;
use crate::fetch::judged::Note;
use crate::fetch::{Answer, FetchRequest, Fetcher, Want};
use crate::fetched::{Fetched, Validators};
use crate::frontier::{Candidate, CrawlClock, Frontier, Kept, Kind, Lease, Outcome, Refreshed, SkipReason};
use crate::url::Authority;

/// The spellings of one address that lead to one another before that is called a loop.
const MAX_SPELLINGS: u32 = 5;

/// The recorded robots.txt of an authority, in an update.
pub(super) fn recorded_robots(
    crawl: &mut Crawl<'_>,
    frontier: &Frontier,
    authority: &Authority,
) -> Result<Option<Box<Fetched>>, CrawlError> {
    let url = match (frontier.update(), authority.robots_txt()) {
        (Some(_), Ok(url)) => url,
        _ => return Ok(None),
    };
    let recorded = crawl.recorder.recorded_exchange(&url);
    recorded.map(|recorded| recorded.map(Box::new)).map_err(|cause| CrawlError::Record { url, cause })
}

/// What is recorded of a listing, or of a page that is to be checked; nothing of a page that is new.
pub(super) fn recorded(crawl: &mut Crawl<'_>, lease: &Lease) -> Result<Option<Box<Fetched>>, CrawlError> {
    let recorded = match lease.kind {
        Kind::Page if lease.check.is_some() => crawl.recorder.recorded_page(&lease.url),
        Kind::Page | Kind::Nothing => return Ok(None),
        _ => crawl.recorder.recorded_exchange(&lease.url),
    };
    let failed = |cause| CrawlError::Record { url: lease.url.clone(), cause };
    Ok(recorded.map_err(failed)?.map(Box::new))
}

/// Asks for what a lease is about, given what is recorded of it.
pub(super) async fn ask(
    fetcher: &dyn Fetcher,
    (lease, errands): (Lease, Option<Arc<dyn Errands>>),
    recorded: Option<Box<Fetched>>,
    life: Duration,
) -> Done {
    tracing::debug!(url = %lease.url, tries = lease.tries, known = recorded.is_some(), "asking");
    let answer = match lease.kind {
        Kind::Page | Kind::Nothing => ask_page(fetcher, &lease, errands, recorded.as_deref()).boxed(),
        _ => fetcher.fetch(known_text(&lease.url, recorded.as_deref())),
    };
    let answer = within(life, answer).await;
    Done::Fetch { lease: Box::new(lease), answer, recorded }
}

async fn ask_page(
    fetcher: &dyn Fetcher,
    lease: &Lease,
    errands: Option<Arc<dyn Errands>>,
    recorded: Option<&Fetched>,
) -> Answer {
    // Of a page that is kept with its Markdown, that the document is the same says nothing.
    let exchange =
        recorded.filter(|recorded| recorded.twin.is_none()).and_then(|recorded| recorded.exchange.as_ref());
    let known = lease.check.as_ref().and_then(|check| check.validators.clone());
    let validators = exchange.and_then(|exchange| known.or_else(|| Validators::of(exchange)));
    let request = FetchRequest { validators, errands, ..FetchRequest::new(lease.url.clone(), Want::Page) };
    let answer = fetcher.fetch(request).await;
    let needs_browser = lease.check.as_ref().is_some_and(|check| check.needs_browser);
    match (answer, recorded) {
        (Answer::NotModified(answer), Some(recorded)) if needs_browser => {
            let document =
                Fetched { fetched_at: answer.fetched_at, dom: None, twin: None, ..recorded.clone() };
            fetcher.render(Box::new(document)).await
        }
        (answer, _) => answer,
    }
}

/// Ends the check of a page by what the fetcher answered. As ever, the archive comes first.
pub(super) fn settle(
    crawl: &mut Crawl<'_>,
    frontier: &mut Frontier,
    clock: &CrawlClock,
    lease: &Lease,
    answer: Answer,
    recorded: Option<&Fetched>,
) -> Result<(), CrawlError> {
    let mut found = Vec::new();
    if !matches!(answer, Answer::Failed { .. } | Answer::PrivateAddress) {
        frontier.host_answered(&lease.url.authority());
    }
    let end = match answer {
        Answer::NotModified(answer) => {
            record_not_modified(crawl, &answer)?;
            Refreshed::Unchanged { validators: None, note: None }
        }
        Answer::Page(page) => compare(crawl, frontier, lease, &page, None, recorded, &mut found)?,
        Answer::Judged(judged) => {
            compare(crawl, frontier, lease, &judged.page, Some(judged.note), recorded, &mut found)?
        }
        Answer::Redirect { to, .. } if to.key() == lease.url.key() && to != lease.url => {
            match lease.tries < MAX_SPELLINGS {
                true => Refreshed::Respelled(to),
                false => Refreshed::Failed { cause: "redirect loop".to_owned() },
            }
        }
        Answer::Redirect { to, .. } => match frontier.follow(lease, to)? {
            Outcome::Failed { cause } => Refreshed::Failed { cause },
            outcome => Refreshed::Gone(outcome),
        },
        Answer::NotAPage { media_type } => {
            Refreshed::Gone(Outcome::Skipped(SkipReason::NotAPage { media_type }))
        }
        Answer::Refused { status: status @ (404 | 410) } => {
            Refreshed::Gone(Outcome::Skipped(SkipReason::HttpStatus(status)))
        }
        Answer::Refused { status } => Refreshed::Failed { cause: format!("HTTP {status}") },
        Answer::Broken { cause } => Refreshed::Failed { cause },
        Answer::PrivateAddress => Refreshed::Failed { cause: "private address".to_owned() },
        Answer::Failed { cause, status, retry_after } => {
            match failures::heed(crawl, frontier, clock, lease, Failed { cause, status, retry_after }) {
                Outcome::Retry { after, cause } => Refreshed::Retry { after, cause },
                Outcome::Failed { cause } => Refreshed::Failed { cause },
                outcome => Refreshed::Gone(outcome),
            }
        }
    };
    if let Refreshed::Changed(_) = end {
        frontier.wake(&found)?;
    }
    finish(crawl, frontier, clock, lease, end, &found)
}

/// Ends a page that robots.txt does not allow any more.
pub(super) fn withdraw(
    crawl: &mut Crawl<'_>,
    frontier: &mut Frontier,
    clock: &CrawlClock,
    lease: &Lease,
    reason: SkipReason,
) -> Result<(), CrawlError> {
    finish(crawl, frontier, clock, lease, Refreshed::Gone(Outcome::Skipped(reason)), &[])
}

fn finish(
    crawl: &mut Crawl<'_>,
    frontier: &mut Frontier,
    clock: &CrawlClock,
    lease: &Lease,
    end: Refreshed,
    found: &[Candidate],
) -> Result<(), CrawlError> {
    let now = clock.now();
    if let Refreshed::Gone(outcome) = &end {
        crawl
            .recorder
            .record_gone(&lease.url, outcome, now)
            .map_err(|cause| CrawlError::Record { url: lease.url.clone(), cause })?;
    }
    frontier.settle_refresh(lease, &end, found, now)?;
    if let Some(event) = event_of(lease, end) {
        (crawl.events)(event);
    }
    Ok(())
}

fn event_of(lease: &Lease, end: Refreshed) -> Option<CrawlEvent> {
    let url = lease.url.clone();
    Some(match end {
        Refreshed::Unchanged { .. } => CrawlEvent::Unchanged { url },
        Refreshed::Changed(kept) => CrawlEvent::of_outcome(url, Outcome::Done(kept)),
        Refreshed::Gone(outcome) => CrawlEvent::of_outcome(url, outcome),
        Refreshed::Respelled(_) => return None,
        Refreshed::Retry { after, cause } => CrawlEvent::Retry { url, after, cause },
        Refreshed::Failed { cause } => CrawlEvent::Failed { url, cause },
    })
}

/// Holds a page against its record, and records it anew where a reader would see a difference.
fn compare(
    crawl: &mut Crawl<'_>,
    frontier: &mut Frontier,
    lease: &Lease,
    page: &Fetched,
    note: Option<Note>,
    recorded: Option<&Fetched>,
    found: &mut Vec<Candidate>,
) -> Result<Refreshed, CrawlError> {
    let PageLinks { links, listings, may_keep, print, says_not_found } = (crawl.outlinks)(page);
    if let Some(print) = &print {
        let verdict = frontier.judge_new_content(lease, print, says_not_found);
        if verdict.asks_for_nothing {
            found.extend(nothing::candidate(crawl, frontier));
        }
        if let Some(reason) = verdict.drop {
            return Ok(Refreshed::Gone(Outcome::Skipped(reason)));
        }
    }
    let outlinks = take_links(crawl, frontier, lease, links, listings, found);
    if !may_keep {
        return Ok(Refreshed::Gone(Outcome::Skipped(SkipReason::NoIndex)));
    }
    let note = note.map(note_of);
    if recorded.is_some_and(|recorded| (crawl.is_same)(recorded, page)) {
        let validators = page.exchange.as_ref().and_then(Validators::of);
        return Ok(Refreshed::Unchanged { validators, note });
    }
    write_page(crawl, lease, page, &outlinks)?;
    frontier.note_new_content(lease, print.as_ref())?;
    Ok(Refreshed::Changed(Kept { form: form_of(page), template: note }))
}
