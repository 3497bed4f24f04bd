//! How well a profile fits a site, told from its recorded pages.
//!
//! In order: [`tally()`] counts what a document holds, [`repeated()`] finds what most pages say alike, [`report()`] sums up
//! all pages with the worst first and holds them against [`Limits`], [`compare()`] says what another profile gained and
//! lost; [`propose_selectors()`] says what to read a site by that no profile knows. Reading the pages is `extract`'s; nothing here reads HTML, a file or the network.

mod compare;
mod limits;
mod proposal;
mod repeated;
mod report;
mod selectors;
mod tally;
mod worst;

pub use compare::{Change, Comparison, PageDifference, compare};
pub use limits::{BrokenLimit, Limits, broken_limits};
pub use proposal::{ProposedSelectors, SelectorProposal, propose_selectors};
pub use repeated::{Repeated, holds_text, repeated};
pub use report::{CheckReport, report};
pub use selectors::{SelectorCount, count_selectors};
pub use tally::{Tally, tally};
pub use worst::WorstPage;

use crate::extract::Survey;
use crate::url::CanonicalUrl;

/// With fewer words a page says next to nothing.
pub const THIN: usize = 20;

/// A recorded page as a profile reads it.
#[derive(Clone, Debug)]
pub struct ReadAgain {
    /// The page.
    pub url: CanonicalUrl,
    /// What was read, and what of the profile matched.
    pub survey: Survey,
    /// What comes of it.
    pub markdown: String,
}

/// A share in per cent; 0 of 0 is 0.
pub fn percent(part: usize, whole: usize) -> f64 {
    #[allow(clippy::cast_precision_loss)]
    let share = part as f64 / whole.max(1) as f64;
    share * 100.0
}

#[cfg(test)]
mod tests;
