//! Which pages to look at first, and why.

use std::collections::HashSet;

use serde::Serialize;

use crate::extract::kept_letters;
use crate::tune::repeated::texts;
use crate::tune::{ReadAgain, THIN, Tally, percent};
use crate::url::CanonicalUrl;

/// How much each finding weighs: what is lost counts more than what is too much.
const EMPTY: f64 = 1000.0;
const UNSELECTED: f64 = 300.0;
const THIN_WEIGHT: f64 = 200.0;
const KEEPS_LITTLE: f64 = 100.0;
const UNTAGGED: f64 = 50.0;
const REPEATS: f64 = 10.0;
const OTHER: f64 = 5.0;

/// A page that keeps less than this share of what the median page keeps may have lost something.
const LITTLE: f64 = 0.5;

/// Warnings that other findings tell already, or that concern the whole site.
const TOLD: [&str; 3] = ["main_content_missing", "content_empty", "profile_generic"];

/// A page with what is wrong with it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WorstPage {
    /// The page.
    pub url: CanonicalUrl,
    /// How bad it is; 1000 for an empty page.
    pub score: f64,
    /// Why, the gravest first.
    pub reasons: Vec<String>,
}

/// The worst pages, worst first; pages without a finding are not among them.
pub(super) fn worst_pages(
    pages: &[ReadAgain],
    tallies: &[Tally],
    repeated: &HashSet<&str>,
    most: usize,
) -> Vec<WorstPage> {
    let median = median(pages.iter().map(kept_share).collect());
    let mut worst: Vec<WorstPage> = pages
        .iter()
        .zip(tallies)
        .map(|(page, tally)| judge(page, tally, repeated, median))
        .filter(|page| page.score > 0.0)
        .collect();
    worst.sort_by(|left, right| right.score.total_cmp(&left.score).then_with(|| left.url.cmp(&right.url)));
    worst.truncate(most);
    worst
}

fn judge(page: &ReadAgain, tally: &Tally, repeated: &HashSet<&str>, median: f64) -> WorstPage {
    let warnings = &page.survey.reading.warnings;
    let mut found: Vec<(f64, String)> = Vec::new();
    if tally.words == 0 {
        found.push((EMPTY, "no content".to_owned()));
    } else if tally.words < THIN {
        found.push((THIN_WEIGHT, format!("only {} words", tally.words)));
    }
    if warnings.iter().any(|warning| warning.kind == "main_content_missing") {
        found.push((UNSELECTED, "no selector of `main_content` found it".to_owned()));
    }
    let share = kept_share(page);
    if tally.words > 0 && share < median * LITTLE {
        let text = format!("keeps {share:.0} % of the visible text, the median page {median:.0} %");
        found.push((KEEPS_LITTLE, text));
    }
    if tally.untagged_code > 0 {
        let text = format!("{} of {} code blocks without a language", tally.untagged_code, tally.code_blocks);
        found.push((UNTAGGED * percent(tally.untagged_code, tally.code_blocks) / 100.0, text));
    }
    let lines = texts(&page.survey.reading.document);
    let repeats = lines.iter().filter(|text| repeated.contains(text.as_str())).count();
    if repeats > 0 {
        let noun = if repeats == 1 { "block" } else { "blocks" };
        #[allow(clippy::cast_precision_loss)]
        found.push((REPEATS * repeats as f64, format!("{repeats} {noun} that most pages repeat")));
    }
    for warning in warnings.iter().filter(|warning| !TOLD.contains(&warning.kind)) {
        found.push((OTHER, warning.message.clone()));
    }
    found.sort_by(|left, right| right.0.total_cmp(&left.0));
    WorstPage {
        url: page.url.clone(),
        score: found.iter().map(|(weight, _)| weight).sum(),
        reasons: found.into_iter().map(|(_, reason)| reason).collect(),
    }
}

/// What was kept of what was visible, in per cent. Closed tabs are content that was not visible, so it may be all and
/// more.
fn kept_share(page: &ReadAgain) -> f64 {
    percent(kept_letters(&page.survey.reading.document), page.survey.visible).min(100.0)
}

fn median(mut shares: Vec<f64>) -> f64 {
    shares.sort_by(f64::total_cmp);
    shares.get(shares.len() / 2).copied().unwrap_or_default()
}
