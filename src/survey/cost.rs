//! What a crawl takes, and what comes of it: requests, time, tokens, bytes, the browser.

use std::time::Duration;

use serde::Serialize;

use super::evidence::{Evidence, PageSeen};
use super::extent::Extent;
use super::{real, whole};
use crate::config::{RenderMode, SiteConfig};

/// The clocks of hosts lengthen each pause by up to a quarter, an eighth on average.
const JITTER: f64 = 1.125;
/// What one page takes in the browser, in seconds, with as many tabs as pay off.
const RENDERING: f64 = 0.5;

/// What a crawl takes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cost {
    /// Pages that it keeps, with `max_pages` heeded.
    pub pages: u64,
    /// Requests to the site, besides what pages load in the browser.
    pub requests: u64,
    /// The pause between two requests, in seconds: the config's or robots.txt's.
    pub pause: f64,
    /// How long it takes, in seconds.
    pub seconds: u64,
    /// Tokens of the skill's references.
    pub tokens: u64,
    /// Bytes of the skill's references.
    pub bytes: u64,
    /// The share of pages that need the browser, from 0 to 1; `None` where that was not looked at.
    pub needs_browser: Option<f64>,
}

/// Reckons the cost of a crawl of this extent.
pub fn cost(evidence: &Evidence, extent: &Extent, config: &SiteConfig) -> Cost {
    let most = config.scope.max_pages.and_then(|most| u64::try_from(most).ok()).unwrap_or(u64::MAX);
    let pages = extent.likely.min(most);
    let listings = evidence.listings.len();
    let in_vain = (extent.in_vain * pages).checked_div(extent.likely).unwrap_or(0);
    let requests = pages + in_vain + u64::try_from(listings).unwrap_or_default() + 1;
    let pause = pause(evidence, config.politeness.delay).as_secs_f64();
    let needs_browser = match config.fetch.render {
        RenderMode::Always => Some(1.0),
        RenderMode::Never => Some(0.0),
        RenderMode::Auto => needs_browser(evidence),
    };
    let paced = as_real(requests) * pause * JITTER;
    let rendered = as_real(pages) * needs_browser.unwrap_or(0.0) * RENDERING;
    let (tokens, bytes) = sizes(evidence);
    Cost {
        pages,
        requests,
        pause,
        seconds: whole(paced.max(rendered)).max(1),
        tokens: whole(tokens * as_real(pages)),
        bytes: whole(bytes * as_real(pages)),
        needs_browser,
    }
}

/// The pause between two requests that holds: the longer of the config's and that of robots.txt.
pub fn pause(evidence: &Evidence, configured: Duration) -> Duration {
    configured.max(evidence.robots.crawl_delay.unwrap_or_default())
}

/// The share of the pages looked at that need the browser. A page that was not shown there counts by its text as sent: one
/// without any needs it, unless others without any did not.
pub fn needs_browser(evidence: &Evidence) -> Option<f64> {
    let shown: Vec<bool> = evidence.looked_at.iter().filter_map(|seen| seen.needs_browser).collect();
    let is_spared = !shown.is_empty() && !shown.contains(&true);
    let needs = |seen: &PageSeen| seen.needs_browser.unwrap_or_else(|| seen.is_shell() && !is_spared);
    if evidence.looked_at.is_empty() {
        return None;
    }
    let needing = evidence.looked_at.iter().filter(|seen| needs(seen)).count();
    Some(real(needing) / real(evidence.looked_at.len()))
}

/// Tokens and bytes of a page on average, of those that were read in full.
fn sizes(evidence: &Evidence) -> (f64, f64) {
    let read: Vec<_> = evidence
        .looked_at
        .iter()
        .filter(|seen| !seen.is_shell() || seen.needs_browser.is_some() || evidence.is_repository)
        .collect();
    let mean = |sum: usize| if read.is_empty() { 0.0 } else { real(sum) / real(read.len()) };
    (mean(read.iter().map(|seen| seen.tokens).sum()), mean(read.iter().map(|seen| seen.bytes).sum()))
}

#[allow(clippy::cast_precision_loss)]
fn as_real(count: u64) -> f64 {
    count as f64
}
