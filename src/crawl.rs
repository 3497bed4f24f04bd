//! The engine: network to archive.
//!
//! In order: the seed URLs and what an earlier run recorded go to the frontier; the frontier says what may be asked
//! next; a fetcher asks; a page is recorded, and only then settled together with what it links to. A page that was
//! kept as sent and turns out to need the browser is rendered from its record, without asking the server again. The loop in
//! [`crawl`] is the whole of it, one task, with as many fetches in work as the config allows.
//!
//! In an update the frontier hands out pages that are kept already, to ask whether they changed (`refresh`).
//!
//! The engine never picks a URL itself, never asks a host before its time, never settles a page whose record is not
//! durable, and never waits for anything before what is settled is written. It may be dropped, or its process killed, at
//! any moment: the next run goes on.

mod ask_robots;
mod discovery;
mod errands;
mod error;
mod events;
mod failures;
mod nothing;
mod recorder;
mod refresh;
mod repository;
mod settle;
mod summary;

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
use tokio_util::sync::CancellationToken;

use crate::config::{RenderMode, SiteConfig};
use crate::content_print::ContentPrint;
use crate::discover::Listing;
use crate::fetch::errands::Errands;
use crate::fetch::{Answer, FetchRequest, Fetcher, Want};
use crate::fetched::Fetched;
use crate::frontier::{Candidate, CrawlClock, FoundBy, Frontier, Kind, KnownPage, Lease, Next};
use crate::url::{Authority, CanonicalUrl};

pub use error::CrawlError;
pub use events::CrawlEvent;
pub use recorder::Recorder;
pub use summary::{CrawlEnd, CrawlSummary};

use ask_robots::RobotsAnswer;

/// How long fetches in work may take to end once the crawl is told to stop.
const GRACE: Duration = Duration::from_secs(10);

/// The longest time to sit and wait for a host that asked for patience; beyond it the crawl ends and can be resumed.
/// No delay between two requests is longer, so that it is never taken for such a pause.
const PATIENCE: Duration = Duration::from_secs(600);

/// A fetcher bounds its answers itself. One that fails to must not hold up the crawl for ever, so a lease ends after so
/// many times the limit for one page: far beyond what a page can take that waits for its tab and is rendered twice.
const LEASE_LIFE: u32 = 20;

/// A link that was found on a page.
pub type FoundLink = (CanonicalUrl, FoundBy);

/// Where a page leads, and what is to be known of it besides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageLinks {
    /// The links to follow, in the order in which they stand there.
    pub links: Vec<FoundLink>,
    /// The files that list pages of the site, as far as the page points to them.
    pub listings: Vec<Listing>,
    /// Whether the page may be kept; not where it says `noindex`.
    pub may_keep: bool,
    /// What its content looks like, where it has any.
    pub print: Option<ContentPrint>,
    /// Whether its title or its first heading says that there is no such page.
    pub says_not_found: bool,
}

impl PageLinks {
    /// A page that may be kept and of which nothing is known but its links.
    pub fn plain(links: Vec<FoundLink>) -> Self {
        Self { links, listings: Vec::new(), may_keep: true, print: None, says_not_found: false }
    }
}

/// What a crawl works with. The frontier is handed in beside it, since it outlives the crawl: the report is read from
/// it afterwards.
pub struct Crawl<'a> {
    /// The site.
    pub config: &'a SiteConfig,
    /// What asks for pages.
    pub fetcher: &'a dyn Fetcher,
    /// Where pages are recorded.
    pub recorder: &'a mut (dyn Recorder + Send),
    /// All pages that the archive holds already, from earlier runs.
    pub recorded: Vec<KnownPage>,
    /// Finds the links of a page, and whether it lets itself be kept.
    pub outlinks: &'a (dyn Fn(&Fetched) -> PageLinks + Sync),
    /// Whether a page holds what its record holds, to a reader: then the record stands. Asked in updates only.
    pub is_same: &'a (dyn Fn(&Fetched, &Fetched) -> bool + Sync),
    /// Told of everything that happens.
    pub events: &'a (dyn Fn(CrawlEvent) + Send + Sync),
    /// Ends the crawl in good order when it is cancelled.
    pub stop: CancellationToken,
}

/// What a task in work brings back.
enum Done {
    Fetch {
        lease: Box<Lease>,
        answer: Answer,
        /// What is recorded of it, where an update asked for that.
        recorded: Option<Box<Fetched>>,
    },
    Robots(Authority, RobotsAnswer),
}

type InWork<'a> = FuturesUnordered<BoxFuture<'a, Done>>;

/// Crawls a site until every URL has its outcome, the page limit is reached, or it is told to stop.
///
/// # Errors
///
/// [`CrawlError`] when the crawl ends without a single page, saying why, and when frontier or archive fail.
pub async fn crawl(mut crawl: Crawl<'_>, frontier: &mut Frontier) -> Result<CrawlSummary, CrawlError> {
    let clock = frontier.hosts().time();
    begin(&mut crawl, frontier)?;
    let fetcher = crawl.fetcher;
    let patience = PATIENCE.max(crawl.config.politeness.delay * 2);
    let life = crawl.config.fetch.page_timeout.saturating_mul(LEASE_LIFE);
    let scope = Arc::new(frontier.scope().clone());
    let may_need_browser = crawl.config.fetch.render == RenderMode::Auto;
    let mut in_work = InWork::new();
    let end = loop {
        let wait = if in_work.len() >= crawl.config.fetch.concurrency.max(1) {
            None
        } else {
            match frontier.next(clock.now())? {
                Next::Robots(lease) => {
                    let retries = crawl.config.fetch.retries;
                    let recorded = refresh::recorded_robots(&mut crawl, frontier, &lease.authority)?;
                    let hosts = frontier.hosts().clone();
                    let asked = ask_robots::ask_robots(lease, recorded, fetcher, hosts, clock, retries);
                    in_work.push(asked.map(|(authority, answer)| Done::Robots(authority, answer)).boxed());
                    continue;
                }
                Next::Ready(lease) if frontier.update().is_some() => {
                    let recorded = refresh::recorded(&mut crawl, &lease)?;
                    let errands = errands::of(frontier, &scope, &lease, patience);
                    let errands = errands.filter(|_| may_need_browser);
                    in_work.push(refresh::ask(fetcher, (lease, errands), recorded, life).boxed());
                    continue;
                }
                Next::Withdrawn { lease, reason } => {
                    refresh::withdraw(&mut crawl, frontier, &clock, &lease, reason)?;
                    (crawl.events)(CrawlEvent::Counts(frontier.counts()));
                    continue;
                }
                Next::Ready(lease) => {
                    let errands = errands::of(frontier, &scope, &lease, patience);
                    let errands = errands.filter(|_| may_need_browser);
                    in_work.push(fetch(fetcher, lease, errands, life).boxed());
                    continue;
                }
                Next::Again(lease) => {
                    in_work.push(match recorded(&mut crawl, &lease)? {
                        Some(page) => render(fetcher, lease, page, life).boxed(),
                        None => fetch_again(fetcher, lease, life).boxed(),
                    });
                    continue;
                }
                Next::Skipped { url, reason } => {
                    repository::heed_refusal(&mut crawl, frontier, &url, &reason)?;
                    (crawl.events)(CrawlEvent::Skipped { url, reason });
                    (crawl.events)(CrawlEvent::Counts(frontier.counts()));
                    continue;
                }
                Next::GivenUp { authority, pages, cause } => {
                    (crawl.events)(CrawlEvent::GivenUp { authority, pages, cause });
                    (crawl.events)(CrawlEvent::Counts(frontier.counts()));
                    continue;
                }
                Next::Wait(delay) if delay > patience && in_work.is_empty() => {
                    break CrawlEnd::Postponed { wait: delay };
                }
                Next::Wait(delay) => Some(delay),
                Next::Busy => None,
                Next::Finished => break CrawlEnd::Complete,
            }
        };
        tokio::select! {
            biased;
            () = crawl.stop.cancelled() => {
                drain(&mut crawl, frontier, clock, &mut in_work).await?;
                break CrawlEnd::Interrupted;
            }
            Some(done) = in_work.next() => finish(&mut crawl, frontier, clock, done)?,
            () = std::future::ready(()), if frontier.has_unwritten() => frontier.write(clock.now())?,
            () = sleep(wait) => {}
        }
    };
    drop(in_work);
    frontier.release_leases()?;
    summary::conclude(frontier, crawl.config, end)
}

/// What is known before the first request: earlier records, seed URLs, and where llms.txt would be.
fn begin(crawl: &mut Crawl<'_>, frontier: &mut Frontier) -> Result<(), CrawlError> {
    frontier.restore(&std::mem::take(&mut crawl.recorded))?;
    let repository = crawl.config.scope.repository.as_ref();
    let mut candidates: Vec<Candidate> = match repository {
        Some(repository) => repository::first_candidates(repository, &crawl.config.scope.start_urls),
        None => crawl.config.scope.start_urls.iter().cloned().map(Candidate::seed).collect(),
    };
    if crawl.config.scope.discover.llms_txt && repository.is_none() {
        candidates.extend(discovery::llms_txts(frontier.scope()));
    }
    frontier.add(&candidates)?;
    (crawl.events)(CrawlEvent::Started(frontier.counts()));
    Ok(())
}

async fn fetch(
    fetcher: &dyn Fetcher,
    lease: Lease,
    errands: Option<Arc<dyn Errands>>,
    life: Duration,
) -> Done {
    tracing::debug!(url = %lease.url, kind = ?lease.kind, tries = lease.tries, "asking");
    let want = if matches!(lease.kind, Kind::Page | Kind::Nothing) { Want::Page } else { Want::Text };
    let request = FetchRequest { errands, ..FetchRequest::new(lease.url.clone(), want) };
    let answer = within(life, fetcher.fetch(request)).await;
    Done::Fetch { lease: Box::new(lease), answer, recorded: None }
}

async fn render(fetcher: &dyn Fetcher, lease: Lease, page: Box<Fetched>, life: Duration) -> Done {
    tracing::debug!(url = %lease.url, tries = lease.tries, "rendering from the record");
    let answer = within(life, fetcher.render(page)).await;
    Done::Fetch { lease: Box::new(lease), answer, recorded: None }
}

/// Fetches and renders a page whose record cannot be had.
async fn fetch_again(fetcher: &dyn Fetcher, lease: Lease, life: Duration) -> Done {
    match fetch(fetcher, lease, None, life).await {
        Done::Fetch { lease, answer: Answer::Judged(judged), .. } if judged.page.dom.is_none() => {
            render(fetcher, *lease, Box::new(judged.page), life).await
        }
        done => done,
    }
}

async fn within(life: Duration, answer: BoxFuture<'_, Answer>) -> Answer {
    tokio::time::timeout(life, answer).await.unwrap_or_else(|_| Answer::Failed {
        cause: "the fetcher did not come back".to_owned(),
        status: None,
        retry_after: None,
    })
}

/// What is recorded of a page that is to be rendered again.
fn recorded(crawl: &mut Crawl<'_>, lease: &Lease) -> Result<Option<Box<Fetched>>, CrawlError> {
    let page = crawl.recorder.recorded_page(&lease.url);
    page.map(|page| page.map(Box::new)).map_err(|cause| CrawlError::Record { url: lease.url.clone(), cause })
}

/// Takes in what a task brought back.
fn finish(
    crawl: &mut Crawl<'_>,
    frontier: &mut Frontier,
    clock: CrawlClock,
    done: Done,
) -> Result<(), CrawlError> {
    match done {
        Done::Fetch { lease, answer, recorded } if lease.check.is_some() => {
            refresh::settle(crawl, frontier, &clock, &lease, answer, recorded.as_deref())?;
        }
        Done::Fetch { lease, answer, recorded } => {
            settle::settle(crawl, frontier, &clock, &lease, answer, recorded.as_deref())?;
        }
        Done::Robots(authority, answer) => {
            discovery::take_robots(crawl, frontier, &clock, &authority, answer)?
        }
    }
    (crawl.events)(CrawlEvent::Counts(frontier.counts()));
    Ok(())
}

/// Lets what is in work come to its end, for a time, and begins nothing new.
async fn drain(
    crawl: &mut Crawl<'_>,
    frontier: &mut Frontier,
    clock: CrawlClock,
    in_work: &mut InWork<'_>,
) -> Result<(), CrawlError> {
    let deadline = tokio::time::Instant::now() + GRACE;
    while let Ok(Some(done)) = tokio::time::timeout_at(deadline, in_work.next()).await {
        finish(crawl, frontier, clock, done)?;
        frontier.write(clock.now())?;
    }
    Ok(())
}

/// Sleeps for a time, or for ever where only a task's end can bring news.
async fn sleep(wait: Option<Duration>) {
    match wait {
        Some(wait) => tokio::time::sleep(wait).await,
        None => std::future::pending().await,
    }
}
