//! `skillcrawl scrape`, and the first half of `build`: a site becomes a crawl folder with its archive.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow};
use jiff::Timestamp;
use serde::Serialize;

use super::again::command_to_go_on;
use super::args::{CrawlArgs, ScrapeArgs};
use super::barred::{same_for_most, say_same};
use super::config_source::load_config;
use super::crawl_folder::{CrawlFolder, frontier_failure, space_failure};
use super::crawl_words::{moved_hint, refused_hint, unreachable_hint};
use super::exit::ExitCode;
use super::failure::Failure;
use super::fetchers::{Origin, fetcher};
use super::judge::SiteJudge;
use super::page_links::{page_links, reads_the_same};
use super::printer::Printer;
use super::profiles::load_profiles;
use super::progress::Progress;
use super::recorded;
use super::rendering::{RenderingSummary, http_templates, rendering_summary};
use super::set_aside::settle_left;
use super::stop::{interrupted, stop_on_signals};
use super::summary;
use super::surroundings::{Step, Surroundings};
use super::take_back;
use super::words::count;
use crate::config::{RenderMode, SiteConfig};
use crate::crawl::{Crawl, CrawlEnd, CrawlError, CrawlSummary, crawl};
use crate::fetch::Fetcher;
use crate::frontier::{Frontier, FrontierError, HostClocks, Update};
use crate::profile::Profiles;
use crate::scope::{Judgement, PatternError, Scope};
use crate::url::CanonicalUrl;

/// What a crawl left.
#[derive(Debug, Serialize)]
pub struct Scraped {
    /// The crawl folder.
    pub crawl: PathBuf,
    /// What it holds.
    pub summary: CrawlSummary,
    /// How its pages were had.
    pub rendering: RenderingSummary,
    /// Where the documentation seems to be, if the page at `base_url` is none of it.
    pub docs_root: Option<CanonicalUrl>,
}

/// Runs the command.
///
/// # Errors
///
/// A [`Failure`] when nothing could be crawled.
pub fn run(args: &ScrapeArgs, printer: &Printer) -> Result<ExitCode, Failure> {
    let config = configured(&args.config, &args.crawl, printer)?;
    let profiles = load_profiles(&config.extract)?;
    let scraped = scrape(&config, &profiles, &args.crawl, printer)?;
    let pages = summary::crawled_pages(&scraped.summary);
    summary::say_pages(&pages, printer);
    match same_for_most(&scraped.summary.tally, pages.kept) {
        Some(page) => say_same(&page, printer),
        None => summary::say_nothing_there(&pages, printer),
    }
    summary::say_rendering(&scraped.rendering, printer);
    summary::say_docs_root(&scraped, printer);
    let code = end(&scraped.summary)?;
    printer.result(&scraped.crawl.display().to_string(), &summary::scrape_result(&config, &scraped, &pages));
    Ok(code)
}

/// The config of a command line, with what the line itself overrides.
///
/// # Errors
///
/// A [`Failure`] when the config does not load.
pub fn configured(config: &str, args: &CrawlArgs, printer: &Printer) -> Result<SiteConfig, Failure> {
    Ok(overridden(load_config(config, printer)?, args))
}

/// A config with what a command line overrides.
pub fn overridden(mut config: SiteConfig, args: &CrawlArgs) -> SiteConfig {
    // Files of a repository are not rendered, whatever is asked for.
    if let Some(render) = args.render.filter(|_| config.scope.repository.is_none()) {
        config.fetch.render = render.mode();
    }
    if let Some(most) = args.max_pages {
        config.scope.max_pages = Some(most.get());
    }
    config
}

/// Crawls the site of a config into its folder, or goes on where an earlier run was.
///
/// # Errors
///
/// A [`Failure`] when nothing could be crawled, with what to do about it.
pub fn scrape(
    config: &SiteConfig,
    profiles: &Profiles,
    args: &CrawlArgs,
    printer: &Printer,
) -> Result<Scraped, Failure> {
    scrape_beside(config, profiles, args, &Surroundings::default(), printer)
}

/// As [`scrape`], beside other crawls of the process.
///
/// # Errors
///
/// A [`Failure`] when nothing could be crawled, with what to do about it.
pub fn scrape_beside(
    config: &SiteConfig,
    profiles: &Profiles,
    args: &CrawlArgs,
    surroundings: &Surroundings<'_>,
    printer: &Printer,
) -> Result<Scraped, Failure> {
    let Crawled { folder, summary, rendering, docs_root, .. } =
        crawl_beside(config, profiles, (args, Task::Scrape), surroundings, printer)?;
    Ok(Scraped { crawl: folder.path().to_owned(), summary, rendering, docs_root })
}

/// What is to be done with a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// Crawl it, or go on where an earlier run was.
    Scrape,
    /// Ask what changed since it was crawled.
    Update,
}

/// A site that was crawled, with its frontier still open: no other process comes in between.
pub struct Crawled {
    /// The crawl folder.
    pub folder: CrawlFolder,
    /// The frontier.
    pub frontier: Frontier,
    /// What the crawl brought.
    pub summary: CrawlSummary,
    /// How its pages were had.
    pub rendering: RenderingSummary,
    /// Where the documentation seems to be, if the page at `base_url` is none of it.
    pub docs_root: Option<CanonicalUrl>,
}

/// Crawls a site into its folder, or asks it what changed.
///
/// # Errors
///
/// A [`Failure`] when nothing could be crawled, with what to do about it.
pub fn crawl_site(
    config: &SiteConfig,
    profiles: &Profiles,
    args: &CrawlArgs,
    task: Task,
    printer: &Printer,
) -> Result<Crawled, Failure> {
    crawl_beside(config, profiles, (args, task), &Surroundings::default(), printer)
}

fn crawl_beside(
    config: &SiteConfig,
    profiles: &Profiles,
    (args, task): (&CrawlArgs, Task),
    surroundings: &Surroundings<'_>,
    printer: &Printer,
) -> Result<Crawled, Failure> {
    let folder = CrawlFolder::new(&args.crawls, &config.name);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the asynchronous runtime")?;
    runtime.block_on(scrape_into(folder, config, profiles, (args, task, surroundings), printer))
}

async fn scrape_into(
    folder: CrawlFolder,
    config: &SiteConfig,
    profiles: &Profiles,
    (args, task, surroundings): (&CrawlArgs, Task, &Surroundings<'_>),
    printer: &Printer,
) -> Result<Crawled, Failure> {
    let machine = surroundings.others.as_ref().map(|others| &others.machine);
    let (config, origin) = match &args.replay {
        Some(path) => (&replayed(config, path)?, Origin::Replay(path)),
        None => (config, Origin::Network { chrome: args.browser.chrome.as_deref(), machine }),
    };
    let judge = Arc::new(SiteJudge::new(config, profiles).map_err(pattern_failure)?);
    settle_left(folder.path())?;
    let is_new = args.fresh || !folder.path().exists();
    // The browser comes first: where it is missing, no folder is left behind, and what was recorded stays where it is.
    let early =
        if is_new { Some(fetcher(origin, config, profiles, (&judge, &[]), printer).await?) } else { None };
    let hosts = if args.replay.is_some() { HostClocks::of_a_replay() } else { surroundings.hosts.clone() };
    let aside = if args.fresh { folder.set_aside(config, &hosts)? } else { None };
    let crawled = async {
        std::fs::create_dir_all(folder.path())
            .with_context(|| format!("cannot make `{}`", folder.path().display()))
            .map_err(space_failure)?;
        let mut frontier = Frontier::open(folder.path(), config, hosts).map_err(frontier_failure)?;
        let fetcher = match early {
            Some(fetcher) => fetcher,
            None => {
                let known = frontier.templates().map_err(frontier_failure)?;
                let is_over = task == Task::Scrape && is_settled(&frontier)?;
                let origin = if is_over { Origin::Recorded } else { origin };
                fetcher(origin, config, profiles, (&judge, &known), printer).await?
            }
        };
        let parts = (fetcher.as_ref(), judge.as_ref());
        let ended =
            run_crawl(&folder, config, profiles, parts, (&mut frontier, task, surroundings), printer).await;
        fetcher.close().await;
        let ended = take_back::settle(&folder, (config, profiles), &mut frontier, ended);
        let report = folder.write_report(&frontier);
        let summary = ended?;
        report?;
        if summary.end == CrawlEnd::Complete {
            folder.seal()?;
        }
        let rendering = rendering_summary(&frontier).map_err(frontier_failure)?;
        Ok(Crawled { folder, frontier, summary, rendering, docs_root: judge.docs_root() })
    }
    .await;
    match aside {
        Some(aside) => aside.settle(crawled),
        None => crawled,
    }
}

async fn run_crawl(
    folder: &CrawlFolder,
    config: &SiteConfig,
    profiles: &Profiles,
    (fetcher, judge): (&dyn Fetcher, &SiteJudge),
    (frontier, task, surroundings): (&mut Frontier, Task, &Surroundings<'_>),
    printer: &Printer,
) -> Result<CrawlSummary, Failure> {
    take_back::remove_taken_back(folder, frontier)?;
    let (mut recorder, recorded) = folder.open_archive(printer)?;
    if task == Task::Update {
        let update = Update { started_at: Timestamp::now(), first_warc: recorder.next_number() };
        let renders = config.fetch.render != RenderMode::Never;
        let plain = http_templates(frontier).map_err(frontier_failure)?;
        frontier.begin_update(update, renders, &plain).map_err(frontier_failure)?;
    }
    let others = surroundings.others.as_ref();
    let progress = if others.is_some() { Progress::details(*printer) } else { Progress::start(*printer) };
    let stop = others.map_or_else(|| stop_on_signals(*printer), |others| others.stop.clone());
    // Once a crawl of its own is over, a signal ends the process; beside others that is theirs to say.
    let _over = others.is_none().then(|| stop.clone().drop_guard());
    let parts = Crawl {
        config,
        fetcher,
        recorder: &mut recorder,
        recorded,
        outlinks: &|fetched| page_links(fetched, profiles, config, judge),
        is_same: &|recorded, fetched| reads_the_same(recorded, fetched, profiles, config),
        events: &|event| {
            if let Some(others) = others {
                (others.watch)(Step::Crawl(&event));
            }
            progress.on_event(event);
        },
        stop,
    };
    let summary = crawl(parts, frontier).await;
    progress.finish();
    summary.map_err(crawl_failure)
}

/// Whether an earlier run left nothing to ask for.
fn is_settled(frontier: &Frontier) -> Result<bool, Failure> {
    let counts = frontier.counts();
    let is_in_doubt = frontier.is_in_doubt().map_err(frontier_failure)?;
    let is_updating = frontier.update().is_some();
    Ok(counts.kept > 0 && counts.queued == 0 && counts.in_work == 0 && !is_in_doubt && !is_updating)
}

fn pattern_failure(error: PatternError) -> Failure {
    frontier_failure(FrontierError::Pattern(error))
}

/// The config of a replayed crawl: every recorded page in scope is a seed, and nobody needs to be spared.
fn replayed(config: &SiteConfig, path: &Path) -> Result<SiteConfig, Failure> {
    let archive = recorded::open(path)?;
    let scope = Scope::new(&config.scope).map_err(Failure::new)?;
    let in_scope = |url: &&CanonicalUrl| scope.judge(url) == Judgement::InScope;
    let start_urls: Vec<CanonicalUrl> = archive.page_urls().filter(in_scope).cloned().collect();
    if start_urls.is_empty() {
        return Err(recorded::nothing_of(&archive, path));
    }
    let mut config = config.clone();
    config.scope.start_urls = start_urls;
    config.politeness.delay = std::time::Duration::ZERO;
    config.fetch.retries = 0;
    Ok(config)
}

/// The exit code of a crawl that brought something.
///
/// # Errors
///
/// A [`Failure`] with exit code 130 when it was interrupted or put off.
pub fn end(summary: &CrawlSummary) -> Result<ExitCode, Failure> {
    match summary.end {
        CrawlEnd::Complete if summary.counts.failed > 0 => Ok(ExitCode::Incomplete),
        CrawlEnd::Complete => Ok(ExitCode::Success),
        CrawlEnd::Interrupted => Err(interrupted()),
        CrawlEnd::Postponed { wait } => {
            let minutes = count(wait.as_secs().div_ceil(60), "minute");
            let error = anyhow!("the host asks to wait for another {minutes}");
            Err(Failure::with_code(error, ExitCode::Interrupted)
                .hint(format!("run `{}` again then to go on", command_to_go_on())))
        }
    }
}

/// What a crawl brought nothing for, with what to do about it.
pub fn crawl_failure(error: CrawlError) -> Failure {
    match error {
        CrawlError::RobotsRefused { .. } => Failure::with_code(error, ExitCode::RobotsRefused)
            .hint("ask the site's owner, or crawl a part of the site that robots.txt allows"),
        CrawlError::SeedMoved { to, url } => {
            let hint = moved_hint(&url, &to);
            Failure::new(CrawlError::SeedMoved { to, url }).hint(hint)
        }
        CrawlError::Unreachable { cause, url } => {
            let hint = unreachable_hint(&cause);
            Failure::new(CrawlError::Unreachable { cause, url }).hint(hint)
        }
        CrawlError::SeedRefused { cause, url } => {
            let hint = refused_hint(&cause);
            Failure::new(CrawlError::SeedRefused { cause, url }).hint(hint)
        }
        CrawlError::Frontier(error) => frontier_failure(error),
        CrawlError::Record { .. } => space_failure(error),
    }
}
