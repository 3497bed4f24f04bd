//! All pages of a site in one report.

use std::collections::{BTreeMap, HashSet};

use serde::Serialize;

use crate::config::ExtractRules;
use crate::extract::kept_letters;
use crate::profile::Profiles;
use crate::tune::worst::worst_pages;
use crate::tune::{
    ReadAgain, Repeated, SelectorCount, THIN, Tally, WorstPage, count_selectors, percent, repeated, tally,
};
use crate::url::CanonicalUrl;

/// How well a profile fits a site.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CheckReport {
    /// How many pages were read.
    pub pages: usize,
    /// Which profiles read how many of them.
    pub profiles: BTreeMap<String, usize>,
    /// What all pages hold together.
    pub totals: Tally,
    /// The share of the visible text that was kept, in per cent.
    pub kept_percent: f64,
    /// The share that was not.
    pub dropped_percent: f64,
    /// Pages without any content.
    pub empty: Vec<CanonicalUrl>,
    /// Pages with next to no words.
    pub thin: Vec<CanonicalUrl>,
    /// Pages in which no selector found the main content.
    pub unselected: Vec<CanonicalUrl>,
    /// The selectors with the number of pages that they matched.
    pub selectors: Vec<SelectorCount>,
    /// Texts that most pages hold and that were not left out.
    pub repeated: Vec<Repeated>,
    /// The worst pages, worst first.
    pub worst: Vec<WorstPage>,
}

/// Sums up the pages of a site; at most `worst` of them are told by name for what is wrong with them.
pub fn report(pages: &[ReadAgain], profiles: &Profiles, rules: &ExtractRules, worst: usize) -> CheckReport {
    let tallies: Vec<Tally> = pages.iter().map(|page| tally(&page.survey.reading.document)).collect();
    let repeated = repeated(pages.iter().map(|page| &page.survey.reading.document));
    let repeated_texts: HashSet<&str> = repeated.iter().map(|repeated| repeated.text.as_str()).collect();
    let worst = worst_pages(pages, &tallies, &repeated_texts, worst);
    let mut read_with = BTreeMap::new();
    for page in pages {
        *read_with.entry(page.survey.reading.profile.clone()).or_insert(0) += 1;
    }
    let urls = |is_one: &dyn Fn(&ReadAgain, &Tally) -> bool| {
        let found = pages.iter().zip(&tallies).filter(|(page, tally)| is_one(page, tally));
        found.map(|(page, _)| page.url.clone()).collect()
    };
    let is_unselected = |page: &ReadAgain, _: &Tally| {
        page.survey.reading.warnings.iter().any(|warning| warning.kind == "main_content_missing")
    };
    // Closed tabs are content that was not visible: no page may make up for another by them.
    let kept = |page: &ReadAgain| kept_letters(&page.survey.reading.document).min(page.survey.visible);
    let kept_percent =
        percent(pages.iter().map(kept).sum(), pages.iter().map(|page| page.survey.visible).sum());
    CheckReport {
        pages: pages.len(),
        profiles: read_with,
        totals: tallies.iter().fold(Tally::default(), |sum, tally| sum.plus(*tally)),
        kept_percent,
        dropped_percent: 100.0 - kept_percent,
        empty: urls(&|_, tally| tally.words == 0),
        thin: urls(&|_, tally| tally.words > 0 && tally.words < THIN),
        unselected: urls(&is_unselected),
        selectors: count_selectors(pages, profiles, rules),
        worst,
        repeated,
    }
}
