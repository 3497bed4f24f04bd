//! What still passes.

use serde::Serialize;

use crate::tune::{CheckReport, Comparison, percent};

/// The limits of a check; shares in per cent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Pages without any content.
    pub max_empty: f64,
    /// Pages with next to no words.
    pub max_thin: f64,
    /// Pages in which no selector found the main content.
    pub max_unselected: f64,
    /// Texts that most pages repeat.
    pub max_repeated: usize,
    /// Code blocks without a language.
    pub max_untagged: Option<f64>,
    /// Selectors of the profiles themselves that match nowhere.
    pub max_dead: Option<usize>,
    /// Words that are lost against another profile.
    pub max_lost: Option<f64>,
}

/// A limit that was gone beyond.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BrokenLimit {
    /// The option that sets it, as `max_empty`.
    pub limit: &'static str,
    /// What was found.
    pub found: f64,
    /// What was allowed.
    pub allowed: f64,
}

/// The limits that a report, and a comparison if there is one, go beyond.
pub fn broken_limits(
    report: &CheckReport,
    comparison: Option<&Comparison>,
    limits: &Limits,
) -> Vec<BrokenLimit> {
    #[allow(clippy::cast_precision_loss)]
    let count = |number: usize| number as f64;
    let share = |number: usize| percent(number, report.pages);
    let untagged = percent(report.totals.untagged_code, report.totals.code_blocks);
    let dead = report.selectors.iter().filter(|selector| selector.own && selector.pages == 0).count();
    let checks = [
        ("max_empty", share(report.empty.len()), Some(limits.max_empty)),
        ("max_thin", share(report.thin.len()), Some(limits.max_thin)),
        ("max_unselected", share(report.unselected.len()), Some(limits.max_unselected)),
        ("max_repeated", count(report.repeated.len()), Some(count(limits.max_repeated))),
        ("max_untagged", untagged, limits.max_untagged),
        ("max_dead", count(dead), limits.max_dead.map(count)),
        ("max_lost", comparison.map_or(0.0, |comparison| comparison.lost_percent), limits.max_lost),
    ];
    checks
        .into_iter()
        .filter_map(|(limit, found, allowed)| Some(BrokenLimit { limit, found, allowed: allowed? }))
        .filter(|check| check.found > check.allowed)
        .collect()
}
