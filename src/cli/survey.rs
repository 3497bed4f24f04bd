//! Surveys: a small crawl by the engine itself, whose frontier and pages are read as evidence.
//!
//! robots.txt, the clocks of the hosts and the user agent are those of any crawl. The crawl's folder is a temporary one,
//! and goes with it.

use std::collections::{HashMap, HashSet};
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
use super::printer::Printer;
use super::scrape::page_links;
use super::stop::interrupted;
use super::survey_fetcher::{Budget, Showing, SurveyFetcher};
use crate::config::SiteConfig;
use crate::crawl::{Crawl, CrawlError, CrawlEvent, Recorder, crawl};
use crate::extract::{kept_letters, read_page};
use crate::fetch::Fetcher;
use crate::fetched::{Exchange, Fetched};
use crate::frontier::{FoundBy, Frontier, HostClocks, Kind, Outcome, ReportLine};
use crate::markdown::to_markdown;
use crate::profile::Profiles;
use crate::robots::{Robots, Verdict};
use crate::skill::reference::Reference;
use crate::skill::tokens::tokens;
use crate::survey::evidence::{Evidence, Fate, How, ListingSeen, PageKnown, PageSeen, RobotsSeen};
use crate::url::{CanonicalUrl, PageKey};

/// A survey takes no longer than this where a site asks for long pauses.
const LONGEST: Duration = Duration::from_secs(150);
/// But it makes so many requests in any case.
const LEAST_REQUESTS: u64 = 6;
/// The most requests of a survey, however large the site.
const MOST_REQUESTS: u64 = 60;
/// A host that asks for more patience than this is not waited for.
const PATIENCE: Duration = Duration::from_secs(20);
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

/// What surveys of one command share.
pub struct Surveyor<'a> {
    /// The profiles to read pages with.
    pub profiles: &'a Profiles,
    /// The browser, where it was named.
    pub chrome: Option<&'a Path>,
    /// Where remarks go.
    pub printer: &'a Printer,
    /// Cancelled when the user interrupts.
    pub interrupt: CancellationToken,
    /// The clocks of the hosts: a second survey waits its turn after the first.
    pub hosts: HostClocks,
}

impl Surveyor<'_> {
    /// Looks at the site of a config.
    ///
    /// # Errors
    ///
    /// [`SurveyError`] when the site gives nothing, or the user interrupts.
    pub fn survey(&self, config: &SiteConfig, depth: Depth) -> Result<Evidence, SurveyError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .context("cannot start the asynchronous runtime")
            .map_err(Failure::new)?;
        let folder =
            tempfile::tempdir().context("cannot make a folder for the survey").map_err(Failure::new)?;
        runtime.block_on(self.look(&gentle(config), depth, folder.path()))
    }

    async fn look(&self, config: &SiteConfig, depth: Depth, folder: &Path) -> Result<Evidence, SurveyError> {
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
        let mut seen = Memory::default();
        let ended = crawl(
            Crawl {
                config,
                fetcher: &fetcher,
                recorder: &mut seen,
                recorded: Vec::new(),
                outlinks: &|fetched| page_links(fetched, self.profiles, config, &judge),
                is_same: &|_, _| false,
                events: &|event| watch.on_event(event, self.printer),
                stop,
            },
            &mut frontier,
        )
        .await;
        fetcher.close().await;
        if self.interrupt.is_cancelled() {
            return Err(interrupted().into());
        }
        if let Err(error) = ended {
            return Err(SurveyError::Site(error));
        }
        let parts = Parts { config, profiles: self.profiles, frontier: &frontier, fetcher: &fetcher };
        let evidence = parts.evidence(&seen, &watch, &judge, &budget).map_err(frontier_failure)?;
        Ok(evidence)
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
struct Watch {
    state: Mutex<Watched>,
    budget: Arc<Budget>,
    depth: Depth,
    /// The most pages that the crawl itself would keep.
    most_pages: u64,
    site: crate::url::Authority,
}

#[derive(Default)]
struct Watched {
    robots_found: bool,
    crawl_delay: Option<Duration>,
    throttled: bool,
    listed: HashMap<CanonicalUrl, usize>,
    skipped: u32,
}

impl Watch {
    fn new(config: &SiteConfig, depth: Depth, budget: Arc<Budget>) -> Self {
        let most_pages = config.scope.max_pages.and_then(|most| u64::try_from(most).ok()).unwrap_or(u64::MAX);
        let site = config.scope.base_url.authority();
        Self { state: Mutex::default(), budget, depth, most_pages, site }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, Watched> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn on_event(&self, event: CrawlEvent, printer: &Printer) {
        match event {
            CrawlEvent::Robots { authority, robots } => {
                printer.detail(&format!("read robots.txt of {authority}"));
                if let Some(delay) = robots.crawl_delay().filter(|delay| !delay.is_zero()) {
                    let most = LONGEST.as_secs_f64() / delay.as_secs_f64();
                    self.budget.lower(crate::survey::whole(most).max(LEAST_REQUESTS));
                }
                if authority == self.site {
                    let mut state = self.state();
                    state.robots_found = matches!(robots, Robots::Rules(_));
                    state.crawl_delay = robots.crawl_delay();
                }
            }
            CrawlEvent::Listed { url, urls } => {
                printer.detail(&format!("{url} names {urls} pages"));
                self.state().listed.insert(url, urls);
            }
            CrawlEvent::Paused { until, .. } => {
                self.state().throttled = true;
                let wait = until.duration_since(Timestamp::now());
                if Duration::try_from(wait).is_ok_and(|wait| wait > PATIENCE) {
                    self.budget.end();
                }
            }
            CrawlEvent::Skipped { url, reason } => {
                printer.detail(&format!("skipped {url} ({})", reason.word().replace('_', " ")));
                let mut state = self.state();
                state.skipped += 1;
                if state.skipped > MOST_SKIPPED {
                    self.budget.end();
                }
            }
            CrawlEvent::Kept { url, .. } => {
                printer.detail(&format!("looked at {url}"));
                self.state().skipped = 0;
            }
            CrawlEvent::Counts(counts) if self.depth.grows => {
                let pages = (counts.kept + counts.queued).min(self.most_pages);
                self.budget.raise((pages / 50).clamp(self.depth.requests, MOST_REQUESTS));
            }
            _ => {}
        }
    }
}

/// Keeps what is looked at in memory.
#[derive(Default)]
struct Memory {
    pages: Vec<(Fetched, Vec<CanonicalUrl>)>,
    exchanges: Vec<Exchange>,
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

/// What the evidence is read from.
struct Parts<'a> {
    config: &'a SiteConfig,
    profiles: &'a Profiles,
    frontier: &'a Frontier,
    fetcher: &'a SurveyFetcher<'a>,
}

impl Parts<'_> {
    fn evidence(
        &self,
        seen: &Memory,
        watch: &Watch,
        judge: &SiteJudge,
        budget: &Budget,
    ) -> Result<Evidence, crate::frontier::FrontierError> {
        let lines = self.frontier.report()?;
        let state = watch.state();
        let pages: Vec<PageKnown> =
            lines.iter().filter(|line| line.kind == Kind::Page).map(|line| self.page(line)).collect();
        let is_refused = |page: &&PageKnown| page.fate == Fate::LeftOut(ROBOTS.to_owned());
        let robots = RobotsSeen {
            found: state.robots_found,
            crawl_delay: state.crawl_delay,
            refused: pages.iter().filter(is_refused).count(),
        };
        let base = &self.config.scope.base_url;
        let seeds = lines.iter().filter(|line| line.found_by == FoundBy::Seed && line.outcome == "done");
        let landed = seeds.map(|line| line.url.clone()).find(|url| url.key() != base.key());
        Ok(Evidence {
            base_url: base.clone(),
            landed: landed.filter(|_| self.config.scope.start_urls.iter().all(|url| url.key() == base.key())),
            robots,
            listings: listings(&lines, &state.listed),
            pages,
            looked_at: seen.pages.iter().map(|(page, links)| self.look_at(page, links)).collect(),
            summary: seen.exchanges.iter().find_map(summary_of),
            docs_root: judge.docs_root(),
            requests: budget.spent(),
            throttled: state.throttled,
            no_browser: self.fetcher.missing_browser(),
            is_repository: self.config.scope.repository.is_some(),
        })
    }

    fn page(&self, line: &ReportLine) -> PageKnown {
        let how = match line.found_by {
            FoundBy::Seed => How::Seed,
            FoundBy::Redirect => How::Redirect,
            FoundBy::Discovery | FoundBy::Sitemap | FoundBy::LlmsTxt | FoundBy::Index | FoundBy::Tree => {
                How::Listing
            }
            FoundBy::Navigation | FoundBy::Next => How::Menu,
            FoundBy::Content | FoundBy::Canonical => How::Link,
        };
        PageKnown { url: line.url.clone(), how, parent: line.referrer.clone(), fate: self.fate(line) }
    }

    fn fate(&self, line: &ReportLine) -> Fate {
        let reason = line.reason.clone().unwrap_or_default();
        match (line.outcome.as_str(), reason.as_str()) {
            ("done", _) => Fate::Kept,
            ("redirected", _) => Fate::Lost("redirected".to_owned()),
            ("failed", _) => Fate::Lost("failed".to_owned()),
            ("skipped", "not_a_page") if line.detail.is_none() => Fate::LeftOut("not_a_page".to_owned()),
            (
                "skipped",
                "duplicate" | "http_status" | "noindex" | "soft_404" | "not_a_page" | "out_of_scope",
            ) => Fate::Lost(reason),
            ("skipped", _) => Fate::LeftOut(reason),
            _ if self.is_refused(&line.url) => Fate::LeftOut(ROBOTS.to_owned()),
            _ => Fate::Pending,
        }
    }

    fn is_refused(&self, url: &CanonicalUrl) -> bool {
        let robots = self.frontier.known_robots(&url.authority());
        robots.is_some_and(|robots| matches!(robots.verdict(url), Verdict::Disallowed(_)))
    }

    fn look_at(&self, page: &Fetched, links: &[CanonicalUrl]) -> PageSeen {
        page_seen(page, links, self.config, self.profiles, self.fetcher.needs_browser(&page.url))
    }
}

const ROBOTS: &str = "robots_disallow";

/// What a page tells a survey.
pub fn page_seen(
    page: &Fetched,
    links: &[CanonicalUrl],
    config: &SiteConfig,
    profiles: &Profiles,
    needs_browser: Option<bool>,
) -> PageSeen {
    let reading = read_page(page, profiles, &config.extract);
    let markdown = to_markdown(&reading.document);
    let letters_as_sent = match &page.dom {
        Some(_) => {
            let as_sent = Fetched { dom: None, ..page.clone() };
            kept_letters(&read_page(&as_sent, profiles, &config.extract).document)
        }
        None => kept_letters(&reading.document),
    };
    let reference = Reference::new(&page.url, page.fetched_at, &reading, &markdown);
    PageSeen {
        url: page.url.clone(),
        title: reading.document.title.clone(),
        description: reading.document.description.clone(),
        language: reading.document.language.clone(),
        version: reading.document.version.clone(),
        opening: reference.and_then(|reference| reference.excerpts.opening().map(str::to_owned)),
        profile: reading.profile.clone(),
        selected: reading.warnings.iter().all(|warning| warning.kind != "main_content_missing"),
        letters_as_sent,
        bytes: markdown.len(),
        tokens: tokens(&markdown),
        links: distinct(links),
        navigation: reading.document.navigation.clone(),
        needs_browser,
    }
}

fn distinct(links: &[CanonicalUrl]) -> Vec<CanonicalUrl> {
    let mut seen: HashSet<PageKey> = HashSet::new();
    links.iter().filter(|url| seen.insert(url.key())).cloned().collect()
}

fn listings(lines: &[ReportLine], listed: &HashMap<CanonicalUrl, usize>) -> Vec<ListingSeen> {
    let files = lines.iter().filter(|line| !matches!(line.kind, Kind::Page | Kind::Nothing));
    files
        .map(|line| ListingSeen {
            url: line.url.clone(),
            kind: serde_json::to_value(line.kind)
                .ok()
                .and_then(|word| word.as_str().map(str::to_owned))
                .unwrap_or_default(),
            named: listed.get(&line.url).copied(),
            unread: line.outcome == "pending" && line.depth > 0 && line.kind == Kind::Sitemap,
        })
        .collect()
}

/// The quotation below the title of an `llms.txt`, which says what the site is about.
fn summary_of(exchange: &Exchange) -> Option<String> {
    let text = String::from_utf8_lossy(&exchange.body);
    let mut lines =
        text.trim_start_matches('\u{feff}').lines().map(str::trim).filter(|line| !line.is_empty());
    lines.next().filter(|title| title.starts_with("# "))?;
    let quoted: Vec<&str> = lines
        .take_while(|line| line.starts_with('>'))
        .map(|line| line.trim_start_matches('>').trim())
        .collect();
    (!quoted.is_empty()).then(|| quoted.join(" "))
}
