//! Where the content is: the element that holds what differs from page to page, and little else.

use std::collections::BTreeMap;

use crate::extract::dom::name;
use crate::extract::infer::Finding;
use crate::extract::infer::candidate::{Candidate, of_element_or_parent};
use crate::extract::infer::evidence::{Evidence, SitePages};

/// The share of a page's own text that an element must hold to be looked at.
const LOOKED_AT: f64 = 0.5;
/// The share at which a page counts as matched.
const MATCHED: f64 = 0.75;
/// What is lost counts twice as much as what is too much.
const BETA_SQUARED: f64 = 4.0;
/// Selectors this near to the best are as good.
const AS_GOOD: f64 = 0.003;
/// What the first selector does not find may be another layout; so many are looked for.
const LAYOUTS: usize = 3;
/// The least mean that is worth suggesting.
const LEAST: f64 = 0.5;

/// How well a selector does on some pages.
#[derive(Clone, Debug, Default)]
struct Fit {
    mean: f64,
    /// Pages on which it holds most of the text.
    matched: Vec<usize>,
    /// The share of the own text of those pages.
    recall: f64,
    /// How much of what it holds there is theirs alone.
    precision: f64,
    /// Elements for each page on which there is one.
    elements: f64,
}

/// The selectors of the content, for one layout after the other.
pub(super) fn infer(site: &SitePages<'_>) -> Vec<Finding> {
    let pages: Vec<&Evidence<'_>> = site.speaking().collect();
    let mut open: Vec<usize> = (0..pages.len()).collect();
    let mut found = Vec::new();
    let mut taken: Vec<(Candidate, Fit)> = Vec::new();
    while taken.len() < LAYOUTS && !open.is_empty() {
        let Some((candidate, fit)) = best(&pages, &open) else { break };
        if fit.mean < LEAST || (!taken.is_empty() && fit.matched.len() < 2) {
            break;
        }
        open.retain(|page| !fit.matched.contains(page));
        taken.push((candidate, fit));
    }
    // Where a later selector is on none of the pages of an earlier one, it can stand first and cannot do harm; the other
    // way round the general one would win everywhere.
    taken.sort_by_key(|(_, fit)| fit.matched.len());
    for (candidate, fit) in taken {
        let percent = |share: f64| share * 100.0;
        let evidence = format!(
            "matched {} of {} pages, holds {:.0} % of the text there that differs from page to page, and little else \
             ({:.0} %)",
            fit.matched.len(),
            pages.len(),
            percent(fit.recall),
            percent(1.0 - fit.precision)
        );
        found.push(Finding { selector: candidate.selector(), evidence });
    }
    found
}

fn best(pages: &[&Evidence<'_>], open: &[usize]) -> Option<(Candidate, Fit)> {
    let mut fits: BTreeMap<Candidate, Fit> = BTreeMap::new();
    let depths = candidates(pages, open);
    for candidate in depths.keys() {
        fits.insert(candidate.clone(), fit(candidate, pages, open));
    }
    let top = fits.values().map(|fit| fit.mean).fold(0.0, f64::max);
    fits.into_iter().filter(|(_, fit)| fit.mean >= top - AS_GOOD).min_by(|left, right| {
        let key = |(candidate, fit): &(Candidate, Fit)| (fit.elements > 1.2, candidate.rank);
        // Of two that hold the same text, the inner one has fewer borders that a change of the theme could fill.
        let by_mean = right.1.mean.total_cmp(&left.1.mean);
        key(left).cmp(&key(right)).then(by_mean).then(depths.get(&right.0).cmp(&depths.get(&left.0)))
    })
}

/// What the elements suggest that hold much of a page's own text, with how deep they stand.
fn candidates(pages: &[&Evidence<'_>], open: &[usize]) -> BTreeMap<Candidate, usize> {
    let mut found = BTreeMap::new();
    for page in open.iter().filter_map(|at| pages.get(*at)) {
        let least = share(page.total().own, LOOKED_AT);
        let mut at = page.page.html().root_element().child_elements().find(|child| name(*child) == "body");
        let mut depth = 0;
        while let Some(element) = at {
            if name(element) != "body" {
                found.extend(of_element_or_parent(element).into_iter().map(|candidate| (candidate, depth)));
            }
            depth += 1;
            at = element.child_elements().find(|child| page.sums_of(*child).own >= least);
        }
    }
    found
}

fn fit(candidate: &Candidate, pages: &[&Evidence<'_>], open: &[usize]) -> Fit {
    let mut fit = Fit::default();
    let (mut sum, mut elements, mut there) = (0.0, 0, 0);
    for at in open {
        let Some(page) = pages.get(*at) else { continue };
        let matches = page.matches(candidate);
        // As the reader does, the one with the most text is taken.
        let Some(best) = matches.iter().max_by_key(|element| page.sums_of(**element).letters()) else {
            continue;
        };
        let held = page.sums_of(*best);
        let (recall, precision) = (ratio(held.own, page.total().own), ratio(held.own, held.letters()));
        there += 1;
        elements += matches.len();
        sum += f_measure(recall, precision);
        if recall >= MATCHED {
            fit.matched.push(*at);
            fit.recall += recall;
            fit.precision += precision;
        }
    }
    fit.mean = sum / float(open.len().max(1));
    fit.recall /= float(fit.matched.len().max(1));
    fit.precision /= float(fit.matched.len().max(1));
    fit.elements = float(elements) / float(there.max(1));
    fit
}

fn f_measure(recall: f64, precision: f64) -> f64 {
    let weighted = BETA_SQUARED * precision + recall;
    if weighted == 0.0 { 0.0 } else { (1.0 + BETA_SQUARED) * precision * recall / weighted }
}

pub(super) fn ratio(part: usize, whole: usize) -> f64 {
    float(part) / float(whole.max(1))
}

#[allow(clippy::cast_precision_loss)]
fn float(number: usize) -> f64 {
    number as f64
}

#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn share(whole: usize, share: f64) -> usize {
    ((whole as f64 * share) as usize).max(1)
}
