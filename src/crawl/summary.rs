//! How a crawl ended.

use std::time::Duration;

use serde::Serialize;

use super::CrawlError;
use crate::config::SiteConfig;
use crate::frontier::{Counts, Frontier, ReportLine, Tally};
use crate::url::CanonicalUrl;

/// What a crawl brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CrawlSummary {
    /// Pages by state, earlier runs included.
    pub counts: Counts,
    /// Skips by reason and failures by cause.
    pub tally: Tally,
    /// Whether `max_pages` left pages out.
    pub limit_reached: bool,
    /// How it ended.
    pub end: CrawlEnd,
}

/// How a crawl ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CrawlEnd {
    /// Every URL has its outcome.
    Complete,
    /// It was told to stop; the next run goes on.
    Interrupted,
    /// The host asked not to be asked for longer than it is sensible to wait; a later run goes on.
    Postponed {
        /// How much longer.
        wait: Duration,
    },
}

/// The summary, or the reason why there is not one page.
pub(super) fn conclude(
    frontier: &Frontier,
    config: &SiteConfig,
    end: CrawlEnd,
) -> Result<CrawlSummary, CrawlError> {
    let counts = frontier.counts();
    if counts.kept == 0 && end == CrawlEnd::Complete {
        return Err(why_nothing(frontier, config)?);
    }
    let tally = frontier.tally()?;
    let limit_reached = tally.skipped.contains_key("max_pages");
    Ok(CrawlSummary { counts, tally, limit_reached, end })
}

/// What became of the first seed URL, as an error.
fn why_nothing(frontier: &Frontier, config: &SiteConfig) -> Result<CrawlError, CrawlError> {
    let seeds = frontier.seeds()?;
    let line = seeds.into_iter().find(|line| line.outcome != "redirected");
    Ok(match line {
        Some(line) => error_of(line),
        None => CrawlError::SeedRefused {
            url: config.scope.base_url.clone(),
            cause: "its redirects lead nowhere".to_owned(),
        },
    })
}

fn error_of(line: ReportLine) -> CrawlError {
    let ReportLine { url, outcome, reason, detail, .. } = line;
    let detail = detail.unwrap_or_default();
    match (outcome.as_str(), reason.as_deref()) {
        ("failed", _) => CrawlError::Unreachable { url, cause: detail },
        (_, Some("robots_disallow")) => match detail.strip_prefix("robots.txt unreachable: ") {
            Some(cause) => CrawlError::Unreachable { url, cause: format!("robots.txt: {cause}") },
            None => CrawlError::RobotsRefused { url, rule: detail },
        },
        (_, Some("out_of_scope")) => match CanonicalUrl::parse(&detail) {
            Ok(to) => CrawlError::SeedMoved { url, to: Box::new(to) },
            Err(_) => CrawlError::SeedRefused { url, cause: "it leads out of scope".to_owned() },
        },
        (_, Some("http_status")) => CrawlError::SeedRefused { url, cause: format!("HTTP {detail}") },
        (_, Some("noindex")) => {
            CrawlError::SeedRefused { url, cause: "it asks not to be kept (`noindex`)".to_owned() }
        }
        (_, Some("not_a_page")) if detail.is_empty() => {
            CrawlError::SeedRefused { url, cause: "it is answered with nothing that is one".to_owned() }
        }
        // HTML is refused for what it lacks, everything else for what it is.
        (_, Some("not_a_page")) if detail.contains("html") => {
            CrawlError::SeedRefused { url, cause: format!("`{detail}` with nothing in it, or a download") }
        }
        (_, Some("not_a_page")) => CrawlError::SeedRefused { url, cause: format!("`{detail}`") },
        (_, reason) => CrawlError::SeedRefused { url, cause: reason.unwrap_or(&outcome).replace('_', " ") },
    }
}
