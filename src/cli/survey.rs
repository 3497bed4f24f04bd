//! Surveys: a small crawl by the engine itself, whose frontier and pages are read as evidence.
//!
//! robots.txt, the clocks of the hosts and the user agent are those of any crawl. The crawl's folder is a temporary one,
//! and goes with it.

use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::crawl_folder::frontier_failure;
use super::failure::Failure;
use super::judge::SiteJudge;
use super::page_links::page_links;
use super::printer::Printer;
use super::stop::interrupted;
use super::survey_evidence::Parts;
use super::survey_fetcher::{Budget, Showing, SurveyFetcher};
use super::survey_progress::SurveyProgress;
use crate::config::SiteConfig;
use crate::crawl::{Crawl, CrawlError, CrawlEvent, Recorder, crawl};
use crate::fetch::Fetcher;
use crate::fetched::{Exchange, Fetched};
use crate::frontier::{Frontier, HostClocks, Outcome};
use crate::profile::Profiles;
use crate::robots::Robots;
use crate::survey::evidence::Evidence;
use crate::url::{Authority, CanonicalUrl};

/// A survey takes no longer than this where a site asks for long pauses.
const LONGEST: Duration = Duration::from_secs(150);
/// But it makes so many requests in any case.
const LEAST_REQUESTS: u64 = 6;
/// The most requests of a survey, however large the site.
const MOST_REQUESTS: u64 = 60;
/// A host that asks for more patience than this is not waited for.
const PATIENCE: Duration = Duration::from_secs(20);
/// A host that asked for patience is asked for so much more.
const AFTER_REFUSAL: u64 = 3;
/// So many URLs in a row that are not to be asked for are enough.
const MOST_SKIPPED: u32 = 300;

/// How much a survey looks at.
#[derive(Clone, Copy, Debug)]
pub struct Depth {
    /// Requests in all.
    pub requests: u64,
    /// Whether a large site is worth more of them: one in fifty of those that its crawl makes.
    pub grows: bool,
    /// Files that list pages.
    pub listings: u32,
    /// Pages in the browser.
    pub showing: Showing,
}

/// Why a survey brought nothing.
#[derive(Debug)]
pub enum SurveyError {
    /// The site gave nothing.
    Site(CrawlError),
    /// Anything else.
    Other(Failure),
}

impl From<Failure> for SurveyError {
    fn from(failure: Failure) -> Self {
        Self::Other(failure)
    }
}

/// What a survey brought.
pub struct Surveyed {
    /// What it saw, as plain values.
    pub evidence: Evidence,
    /// The pages that it looked at, in the order of [`Evidence::looked_at`].
    pub pages: Vec<Fetched>,
}

/// What surveys of one command share.
pub struct Surveyor<'a> {
    profiles: &'a Profiles,
    chrome: Option<&'a Path>,
    printer: &'a Printer,
    interrupt: CancellationToken,
    /// A second survey waits its turn after the first.
    hosts: HostClocks,
}

impl<'a> Surveyor<'a> {
    /// A surveyor that reads with these profiles and stops when `interrupt` is cancelled; `chrome` is the browser, where it
    /// was named.
    pub fn new(
        profiles: &'a Profiles,
        chrome: Option<&'a Path>,
        printer: &'a Printer,
        interrupt: CancellationToken,
    ) -> Self {
        Self { profiles, chrome, printer, interrupt, hosts: HostClocks::default() }
    }

    /// Looks at the site of a config.
    ///
    /// # Errors
    ///
    /// [`SurveyError`] when the site gives nothing, or the user interrupts.
    pub fn survey(&self, config: &SiteConfig, depth: Depth) -> Result<Surveyed, SurveyError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .context("cannot start the asynchronous runtime")
            .map_err(Failure::new)?;
        let folder =
            tempfile::tempdir().context("cannot make a folder for the survey").map_err(Failure::new)?;
        runtime.block_on(self.look(&gentle(config), depth, folder.path()))
    }

    async fn look(&self, config: &SiteConfig, depth: Depth, folder: &Path) -> Result<Surveyed, SurveyError> {
        let judge = Arc::new(SiteJudge::new(config, self.profiles).map_err(Failure::new)?);
        let mut frontier = Frontier::open(folder, config, self.hosts.clone()).map_err(frontier_failure)?;
        frontier.begin_survey(depth.listings);
        let stop = self.interrupt.child_token();
        let budget = Arc::new(Budget::new(depth.requests, stop.clone()));
        let fetcher = SurveyFetcher::new(
            (config, self.profiles),
            Arc::clone(&judge),
            (self.chrome, self.printer),
            Arc::clone(&budget),
            depth.showing,
        )
        .map_err(Failure::new)?;
        let watch = Watch::new(config, depth, Arc::clone(&budget));
        let progress = SurveyProgress::start(*self.printer, &config.scope.base_url, depth.requests);
        let mut seen = Memory::default();
        let ended = crawl(
            Crawl {
                config,
                fetcher: &fetcher,
                recorder: &mut seen,
                recorded: Vec::new(),
                outlinks: &|fetched| page_links(fetched, self.profiles, config, &judge),
                is_same: &|_, _| false,
                events: &|event| watch.on_event(event, &progress),
                stop,
            },
            &mut frontier,
        )
        .await;
        fetcher.close().await;
        progress.finish();
        if self.interrupt.is_cancelled() {
            return Err(interrupted().into());
        }
        if let Err(error) = ended {
            return Err(SurveyError::Site(error));
        }
        let parts = Parts { config, profiles: self.profiles, frontier: &frontier, fetcher: &fetcher };
        let evidence = parts.evidence(&seen, &watch, &judge, &budget).map_err(frontier_failure)?;
        Ok(Surveyed { evidence, pages: seen.pages.into_iter().map(|(page, _)| page).collect() })
    }
}

/// The config of a survey: one request after the other, without a limit on pages, and tried again once.
fn gentle(config: &SiteConfig) -> SiteConfig {
    let mut config = config.clone();
    config.fetch.concurrency = 1;
    config.fetch.retries = config.fetch.retries.min(1);
    config.scope.max_pages = None;
    config
}

/// What happened on the way.
pub struct Watch {
    state: Mutex<Watched>,
    budget: Arc<Budget>,
    depth: Depth,
    /// The most pages that the crawl itself would keep.
    most_pages: u64,
    site: Authority,
}

/// What is to be known of it afterwards.
#[derive(Default)]
pub struct Watched {
    /// Whether the site has a robots.txt.
    pub robots_found: bool,
    /// Its `Crawl-delay`.
    pub crawl_delay: Option<Duration>,
    /// Whether a host asked for patience.
    pub throttled: bool,
    /// The files that list pages, with the number of URLs in each.
    pub listed: HashMap<CanonicalUrl, usize>,
    skipped: u32,
}

impl Watch {
    fn new(config: &SiteConfig, depth: Depth, budget: Arc<Budget>) -> Self {
        let most_pages = config.scope.max_pages.and_then(|most| u64::try_from(most).ok()).unwrap_or(u64::MAX);
        let site = config.scope.base_url.authority();
        Self { state: Mutex::default(), budget, depth, most_pages, site }
    }

    /// What happened.
    pub fn state(&self) -> std::sync::MutexGuard<'_, Watched> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn on_event(&self, event: CrawlEvent, progress: &SurveyProgress) {
        match event {
            CrawlEvent::Robots { authority, robots } => {
                progress.detail(&format!("read robots.txt of {authority}"));
                if let Some(delay) = robots.crawl_delay().filter(|delay| !delay.is_zero()) {
                    let most = LONGEST.as_secs_f64() / delay.as_secs_f64();
                    self.budget.lower(crate::survey::whole(most).max(LEAST_REQUESTS));
                    progress.delay(&authority, delay);
                }
                if authority == self.site {
                    let mut state = self.state();
                    state.robots_found = matches!(robots, Robots::Rules(_));
                    state.crawl_delay = robots.crawl_delay();
                }
            }
            CrawlEvent::Listed { url, urls } => {
                progress.detail(&format!("{url} names {urls} pages"));
                self.state().listed.insert(url, urls);
            }
            CrawlEvent::Paused { authority, until } => {
                progress.pause(&authority, until);
                self.state().throttled = true;
                let wait = until.duration_since(Timestamp::now());
                self.budget.lower(self.budget.spent() + AFTER_REFUSAL);
                if Duration::try_from(wait).is_ok_and(|wait| wait > PATIENCE) {
                    self.budget.end();
                }
            }
            CrawlEvent::Skipped { url, reason } => {
                progress.detail(&format!("skipped {url} ({})", reason.word().replace('_', " ")));
                let mut state = self.state();
                state.skipped += 1;
                if state.skipped > MOST_SKIPPED {
                    self.budget.end();
                }
            }
            CrawlEvent::Kept { url, .. } => {
                progress.detail(&format!("looked at {url}"));
                self.state().skipped = 0;
            }
            CrawlEvent::Counts(counts) => {
                progress.counts(counts, self.budget.spent());
                if self.depth.grows {
                    let pages = (counts.kept + counts.queued).min(self.most_pages);
                    self.budget.raise((pages / 50).clamp(self.depth.requests, MOST_REQUESTS));
                }
            }
            _ => {}
        }
    }
}

/// Keeps what is looked at in memory.
#[derive(Default)]
pub struct Memory {
    /// Pages with where they lead.
    pub pages: Vec<(Fetched, Vec<CanonicalUrl>)>,
    /// What the site wrote for language models.
    pub exchanges: Vec<Exchange>,
}

impl Recorder for Memory {
    fn record_page(&mut self, page: &Fetched, outlinks: &[CanonicalUrl]) -> io::Result<()> {
        self.pages.push((page.clone(), outlinks.to_vec()));
        Ok(())
    }

    fn recorded_page(&mut self, url: &CanonicalUrl) -> io::Result<Option<Fetched>> {
        Ok(self.pages.iter().find(|(page, _)| page.url == *url).map(|(page, _)| page.clone()))
    }

    fn record_gone(&mut self, url: &CanonicalUrl, _: &Outcome, _: Timestamp) -> io::Result<()> {
        self.pages.retain(|(page, _)| page.url != *url);
        Ok(())
    }

    fn record_exchange(&mut self, exchange: &Exchange, _: Timestamp) -> io::Result<()> {
        if exchange.target.path().ends_with("/llms.txt") {
            self.exchanges.push(exchange.clone());
        }
        Ok(())
    }
}
