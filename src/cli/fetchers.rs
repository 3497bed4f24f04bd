//! Which fetcher a crawl uses: the one place where network, browser and replay are told apart.

use std::path::Path;
use std::sync::Arc;

use super::exit::ExitCode;
use super::failure::Failure;
use super::interactions::interactions;
use super::judge::SiteJudge;
use super::printer::Printer;
use super::recorded;
use crate::config::{RenderMode, SiteConfig};
use crate::fetch::Fetcher;
use crate::fetch::adaptive::{AdaptiveFetcher, PageJudge};
use crate::fetch::browser::{Browser, BrowserError, BrowserFetcher, BrowserOptions, Machine, Sandbox};
use crate::fetch::http::{HttpFetcher, HttpSetupError};
use crate::fetch::judged::EarlierGroup;
use crate::fetch::replay::ReplayFetcher;
use crate::forge::Repository;
use crate::frontier::KnownTemplate;
use crate::profile::Profiles;

/// Where a crawl's pages come from.
#[derive(Clone, Copy, Debug)]
pub enum Origin<'a> {
    /// The network, with the browser that was named or is found.
    Network {
        /// The browser's program, where it was named.
        chrome: Option<&'a Path>,
        /// What the browser shares with those of other crawls.
        machine: Option<&'a Machine>,
    },
    /// A recorded archive.
    Replay(&'a Path),
    /// Nowhere: everything is recorded already, so no browser is started for it.
    Recorded,
}

/// The fetcher of a crawl, with what an earlier run learned about the site's templates. `auto` has a browser too: only
/// what it shows can prove that a site can do without.
///
/// # Errors
///
/// A [`Failure`] that says how to get a browser where there is none.
pub async fn fetcher(
    origin: Origin<'_>,
    config: &SiteConfig,
    profiles: &Profiles,
    (judge, earlier): (&Arc<SiteJudge>, &[KnownTemplate]),
    printer: &Printer,
) -> Result<Box<dyn Fetcher>, Failure> {
    let site = config.scope.base_url.authority();
    let forge = config.scope.repository.as_ref().map(Repository::authorities).unwrap_or_default();
    let http = || {
        let fetcher = HttpFetcher::new(site, &config.politeness.user_agent, config.fetch.page_timeout)?;
        Ok::<_, HttpSetupError>(fetcher.with_sites(forge))
    };
    Ok(match (origin, config.fetch.render) {
        (Origin::Replay(path), _) => Box::new(ReplayFetcher::new(recorded::open(path)?)),
        (Origin::Recorded, _) | (Origin::Network { .. }, RenderMode::Never) => {
            Box::new(http().map_err(Failure::new)?)
        }
        (Origin::Network { chrome, machine }, mode) => {
            let browser = launch((chrome, machine), config, profiles, printer).await?;
            let http: Arc<dyn Fetcher> = Arc::new(http().map_err(Failure::new)?);
            let earlier: Vec<EarlierGroup> = earlier.iter().map(earlier_group).collect();
            let mut browser = BrowserFetcher::new(Arc::clone(&http), browser);
            if config.fetch.router {
                browser = browser.with_router(Arc::clone(judge) as _, &earlier);
            }
            if mode == RenderMode::Always {
                return Ok(Box::new(browser));
            }
            let judge: Arc<dyn PageJudge> = Arc::clone(judge) as _;
            Box::new(AdaptiveFetcher::new(http, Arc::new(browser), judge, &earlier))
        }
    })
}

fn earlier_group(known: &KnownTemplate) -> EarlierGroup {
    EarlierGroup { state: known.state.clone(), unchecked: known.doubtful }
}

/// Starts the browser of a crawl.
///
/// # Errors
///
/// A [`Failure`] that says how to get a browser where there is none.
pub async fn launch(
    (chrome, machine): (Option<&Path>, Option<&Machine>),
    config: &SiteConfig,
    profiles: &Profiles,
    printer: &Printer,
) -> Result<Browser, Failure> {
    let content_roots = match &config.extract.selectors.main_content {
        Some(selector) => vec![selector.clone()],
        None => profiles.content_roots(),
    };
    let defaults = BrowserOptions::default();
    let mut loading_texts = profiles.loading_texts();
    loading_texts.extend(defaults.loading_texts.iter().cloned());
    let options = BrowserOptions {
        loading_texts,
        chrome: chrome.map(Path::to_owned),
        tabs: config.fetch.concurrency,
        user_agent: config.politeness.user_agent.clone(),
        content_roots,
        interactions: interactions(&config.extract, profiles),
        page_timeout: config.fetch.page_timeout,
        recycling: config.fetch.recycling,
        machine: machine.cloned(),
        allowed_authority: Some(config.scope.base_url.authority()),
        ..defaults
    };
    let browser = Browser::launch(options).await.map_err(browser_failure)?;
    if browser.sandbox() == Sandbox::OffBecauseRoot {
        printer.note("running as root, so Chromium runs without its sandbox");
    }
    Ok(browser)
}

/// The failure of a browser, with what to do about it.
pub fn browser_failure(error: BrowserError) -> Failure {
    let hint = match &error {
        BrowserError::NotFound { .. } => {
            "`skillcrawl browser install` gets one; or name one with `--chrome PATH`, or crawl with `--render never`"
        }
        BrowserError::NoSuchProgram { .. } => {
            "correct the path, or leave it out; `skillcrawl browser install` gets a browser where there is none"
        }
        _ => "try `skillcrawl browser path` and start that program yourself; or crawl with `--render never`",
    };
    Failure::with_code(error, ExitCode::NoBrowser).hint(hint)
}
