//! Where the menu is: the element beside the content with the links that most pages have.

use std::collections::{BTreeMap, HashMap, HashSet};

use ego_tree::NodeId;

use crate::extract::dom::ancestry;
use crate::extract::infer::Finding;
use crate::extract::infer::candidate::{Candidate, of_element};
use crate::extract::infer::evidence::{Evidence, SitePages};
use crate::extract::infer::main_content::ratio;
use crate::url::{CanonicalUrl, PageKey};

/// The share of pages, in per cent, that must have a link for it to be of the menu.
const SHARED: usize = 50;
/// Fewer links are no menu.
const LEAST_LINKS: usize = 3;
/// The share of pages, in per cent, that must have the menu.
const LEAST_PAGES: usize = 50;
/// Selectors this near to the best are as good.
const AS_GOOD: f64 = 0.02;

#[derive(Default)]
struct Fit {
    sum: f64,
    pages: usize,
    links: usize,
}

/// The selector of the menu, if there is one.
pub(super) fn infer(site: &SitePages<'_>) -> Vec<Finding> {
    let mut pages_with: HashMap<PageKey, usize> = HashMap::new();
    for page in &site.pages {
        let keys: HashSet<PageKey> = page.links.iter().map(|(_, url)| url.key()).collect();
        keys.into_iter().for_each(|key| *pages_with.entry(key).or_default() += 1);
    }
    let enough = (site.pages.len() * SHARED).div_ceil(100);
    let is_menu = |url: &CanonicalUrl| pages_with.get(&url.key()).is_some_and(|count| *count >= enough);
    let mut fits: BTreeMap<Candidate, Fit> = BTreeMap::new();
    for page in &site.pages {
        for (candidate, (score, links)) in menus(page, &is_menu) {
            let fit = fits.entry(candidate).or_default();
            fit.sum += score;
            fit.pages += 1;
            fit.links += links;
        }
    }
    let top = fits.values().map(|fit| fit.sum).fold(0.0, f64::max);
    let best = fits
        .into_iter()
        .filter(|(_, fit)| {
            fit.pages * 100 >= site.pages.len() * LEAST_PAGES && fit.sum >= top * (1.0 - AS_GOOD)
        })
        .min_by(|left, right| left.0.rank.cmp(&right.0.rank).then(right.1.sum.total_cmp(&left.1.sum)));
    best.map(|(candidate, fit)| Finding {
        selector: candidate.selector(),
        evidence: format!(
            "on {} of {} pages, with {} links that most pages have",
            fit.pages,
            site.pages.len(),
            fit.links / fit.pages.max(1)
        ),
    })
    .into_iter()
    .collect()
}

/// What could be the menu of a page: the score and the number of its links, by selector.
fn menus(page: &Evidence<'_>, is_menu: &dyn Fn(&CanonicalUrl) -> bool) -> BTreeMap<Candidate, (f64, usize)> {
    let mut below: HashMap<NodeId, HashSet<&CanonicalUrl>> = HashMap::new();
    let mut all: HashSet<&CanonicalUrl> = HashSet::new();
    for (id, url) in page.links.iter().filter(|(_, url)| is_menu(url)) {
        let Some(link) = page.element(*id) else { continue };
        for above in ancestry(link).skip(1).take_while(|above| page.is_beside_root(*above)) {
            below.entry(above.id()).or_default().insert(url);
            all.insert(url);
        }
    }
    let mut found: BTreeMap<Candidate, (f64, usize)> = BTreeMap::new();
    for (id, links) in below.iter().filter(|(_, links)| links.len() >= LEAST_LINKS) {
        let Some(element) = page.element(*id) else { continue };
        let sums = page.sums_of(element);
        let (recall, precision) =
            (ratio(links.len(), all.len()), ratio(sums.letters() - sums.own, sums.letters()));
        let score = 2.0 * recall * precision / (recall + precision).max(f64::EPSILON);
        for candidate in of_element(element) {
            let best = found.entry(candidate).or_default();
            if score > best.0 {
                *best = (score, links.len());
            }
        }
    }
    found
}
