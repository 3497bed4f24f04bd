//! `skillcrawl estimate`: how many pages a crawl will find, what it takes, and what comes of it.

use std::path::Path;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::args::EstimateArgs;
use super::config_source::load_config;
use super::crawl_folder::{CrawlFolder, frontier_failure};
use super::exit::ExitCode;
use super::failure::Failure;
use super::printer::Printer;
use super::profiles::load_profiles;
use super::recorded;
use super::scrape::crawl_failure;
use super::stop::stop_on_signals;
use super::survey::{Depth, SurveyError, Surveyor};
use super::survey_evidence::page_seen;
use super::survey_fetcher::Showing;
use crate::config::SiteConfig;
use crate::frontier::{CrawlStatus, status};
use crate::profile::Profiles;
use crate::survey::cost::{Cost, cost};
use crate::survey::evidence::{Evidence, Fate, How, PageKnown, RobotsSeen};
use crate::survey::extent::{Extent, extent};
use crate::survey::propose::pages_found;
use crate::survey::remarks::{Remarks, remarks};

/// The requests of an estimate; a large site is worth one in fifty of its crawl's.
const REQUESTS: u64 = 20;
/// Of them, those for files that list pages.
const LISTINGS: u32 = 9;
/// Pages in the browser, where pages are empty without it.
const SHOWN: u32 = 2;
/// Pages of a recorded crawl that are read for their size.
const READ: usize = 20;

/// Runs the command: the estimate on stdout.
///
/// # Errors
///
/// A [`Failure`] when the config does not load, or the site gives nothing.
pub fn run(args: &EstimateArgs, printer: &Printer) -> Result<ExitCode, Failure> {
    let config = load_config(&args.config, printer)?;
    let profiles = load_profiles(&config.extract)?;
    let crawl = CrawlFolder::new(&args.crawls, &config.name);
    let recorded = recorded_crawl(crawl.path(), &config)?;
    if let Some(status) = recorded.as_ref().filter(|status| status.complete && !args.fresh) {
        let evidence = recorded_evidence(crawl.path(), &config, &profiles)?;
        let kept = status.counts.kept;
        let reason = format!("a crawl is recorded in `{}`: {kept} pages", crawl.path().display());
        let in_vain = status.counts.redirected + status.counts.skipped + status.counts.failed;
        let extent = Extent { low: kept, likely: kept, high: kept, reasons: vec![reason], in_vain };
        tell(&evidence, &extent, &config, Some(status), printer);
        return Ok(ExitCode::Success);
    }
    let interrupt = stop_on_signals(*printer);
    let _over = interrupt.clone().drop_guard();
    let surveyor = Surveyor::new(&profiles, args.browser.chrome.as_deref(), printer, interrupt);
    let showing = Showing { most: SHOWN, eager: false };
    let depth = Depth { requests: REQUESTS, grows: true, listings: LISTINGS, showing };
    let surveyed = surveyor.survey(&config, depth).map_err(|error| match error {
        SurveyError::Site(error) => crawl_failure(error),
        SurveyError::Other(failure) => failure,
    })?;
    let evidence = surveyed.evidence;
    if evidence.looked_at.is_empty() {
        let why = if evidence.throttled { "the server asks for patience" } else { "no page could be read" };
        return Err(Failure::new(anyhow::anyhow!("there is nothing to estimate by: {why}"))
            .hint("try again later, or check `base_url` in a browser"));
    }
    let mut extent = extent(&evidence);
    if let Some(status) = &recorded {
        let kept = status.counts.kept;
        extent.reasons.push(format!("a crawl in `{}` has {kept} pages so far", crawl.path().display()));
        extent.low = extent.low.max(kept);
        extent.likely = extent.likely.max(kept);
        extent.high = extent.high.max(kept);
    }
    tell(&evidence, &extent, &config, None, printer);
    Ok(ExitCode::Success)
}

/// The crawl of the same site that is recorded, if there is one.
fn recorded_crawl(crawl: &Path, config: &SiteConfig) -> Result<Option<CrawlStatus>, Failure> {
    let status = status(crawl, Timestamp::now()).map_err(frontier_failure)?;
    let base = config.scope.base_url.as_str();
    Ok(status.filter(|status| status.base_url.as_deref() == Some(base) && status.counts.kept > 0))
}

/// The pages of a recorded crawl, some of them read.
fn recorded_evidence(crawl: &Path, config: &SiteConfig, profiles: &Profiles) -> Result<Evidence, Failure> {
    let archive = recorded::open(crawl)?;
    let step = (archive.len() / READ).max(1);
    let mut looked_at = Vec::new();
    for url in archive.page_urls().step_by(step).take(READ) {
        if let Some(page) = archive.page(&url.key()).map_err(Failure::new)? {
            let needs_browser = Some(page.dom.is_some());
            looked_at.push(page_seen(&page, &[], config, profiles, needs_browser));
        }
    }
    let page = |url: &crate::url::CanonicalUrl| PageKnown {
        url: url.clone(),
        how: How::Listing,
        parent: None,
        fate: Fate::Kept,
    };
    Ok(Evidence {
        base_url: config.scope.base_url.clone(),
        landed: None,
        robots: RobotsSeen::default(),
        listings: Vec::new(),
        pages: archive.page_urls().map(page).collect(),
        looked_at,
        summary: None,
        docs_root: None,
        requests: 0,
        throttled: false,
        no_browser: None,
        is_repository: config.scope.repository.is_some(),
    })
}

fn tell(
    evidence: &Evidence,
    extent: &Extent,
    config: &SiteConfig,
    recorded: Option<&CrawlStatus>,
    printer: &Printer,
) {
    let cost = cost(evidence, extent, config);
    let remarks = remarks(evidence, extent, config);
    for sentence in &remarks.sentences {
        printer.note(sentence);
    }
    if let Some(why) = &evidence.no_browser {
        printer.warning(&format!("no page could be looked at in the browser: {why}"));
    }
    if let Some(root) = crate::survey::root::other_root(evidence) {
        printer.note(&format!("`base_url` may better be `{}`: {}", root.url, root.why));
    }
    let result = json!({
        "name": config.name,
        "pages": {"low": extent.low, "likely": extent.likely, "high": extent.high},
        "kept": cost.pages,
        "max_pages": config.scope.max_pages,
        "reasons": extent.reasons,
        "crawl": {
            "requests": cost.requests, "pause_seconds": cost.pause, "seconds": cost.seconds,
            "needs_browser": cost.needs_browser,
        },
        "skill": {"tokens": cost.tokens, "bytes": cost.bytes},
        "remarks": remarks,
        "survey": {
            "requests": evidence.requests, "pages": evidence.looked_at.len(), "robots": evidence.robots,
            "listings": evidence.listings, "recorded": recorded.is_some(),
        },
    });
    printer.result(&in_words(extent, &cost, &remarks, evidence), &result);
}

fn in_words(extent: &Extent, cost: &Cost, remarks: &Remarks, evidence: &Evidence) -> String {
    let mut lines = vec![format!("pages    {}", pages_found(extent))];
    lines.extend(extent.reasons.iter().map(|reason| format!("         {reason}")));
    let pause = cost.pause;
    lines.push(format!("time     {} for {} requests, one in {pause} s", span(cost.seconds), cost.requests));
    let browser = match cost.needs_browser {
        Some(share) => format!("{:.0} % of the pages need it", share * 100.0),
        None => "not looked at".to_owned(),
    };
    lines.push(format!("browser  {browser}"));
    lines.push(format!("skill    about {} tokens, {} kB of references", cost.tokens, cost.bytes / 1000));
    for section in remarks.sections.iter().take(8) {
        lines.push(format!("section  {} about {} pages", section.path, section.pages));
    }
    if !remarks.exclude.is_empty() {
        let patterns: Value = json!({"url_patterns": {"exclude": remarks.exclude}});
        lines.push(format!("exclude  {patterns}"));
    }
    for part in &remarks.split {
        let include = json!({"url_patterns": {"include": part.include}});
        lines.push(format!("split    `{}`, about {} pages: {include}", part.name, part.pages));
    }
    lines.push(format!(
        "survey   {} requests, {} pages looked at",
        evidence.requests,
        evidence.looked_at.len()
    ));
    lines.join("\n")
}

fn span(seconds: u64) -> String {
    match seconds {
        0..=89 => format!("about {seconds} s"),
        90..=5399 => format!("about {} min", (seconds + 30) / 60),
        _ => format!("about {:.1} h", std::time::Duration::from_secs(seconds).as_secs_f64() / 3600.0),
    }
}
