//! What links to known pages say of the unknown ones.

use std::collections::{HashMap, HashSet};

use super::evidence::{Evidence, PageSeen};
use super::real;
use super::strata::Strata;
use crate::url::CanonicalUrl;

/// How many pages there are by how many of the links of a page lead to what was known when it was looked at.
pub(super) struct Recaptures {
    pub(super) total: f64,
    /// Relative.
    pub(super) deviation: f64,
}

/// Schnabel's estimator (1938), with the links of each page as a further catch. It stands in the form of Chapman (1952),
/// which holds for few recaptures too: where hardly a link led to what was known, a site may be large, but not without end.
///
/// What stands on most pages, the pages above a page, and those beside it in its section are no catch: they would be there
/// however large the site is.
pub(super) fn recaptures(evidence: &Evidence, strata: &Strata) -> Option<Recaptures> {
    let when: HashMap<usize, usize> = evidence
        .looked_at
        .iter()
        .enumerate()
        .filter_map(|(time, seen)| Some((strata.place(&seen.url)?, time)))
        .collect();
    let found_at: Vec<Option<usize>> = evidence
        .pages
        .iter()
        .enumerate()
        .map(|(at, page)| {
            strata.of_page.get(at).copied().flatten()?;
            let parent = page.parent.as_ref().and_then(|parent| strata.place(parent));
            Some(parent.and_then(|parent| when.get(&parent).copied()).map_or(0, |time| time + 1))
        })
        .collect();
    let on: HashMap<usize, usize> = evidence.looked_at.iter().flat_map(|seen| places(seen, strata)).fold(
        HashMap::new(),
        |mut on, place| {
            *on.entry(place).or_default() += 1;
            on
        },
    );
    let finder = |place: usize| {
        let parent = strata.place(evidence.pages.get(place)?.parent.as_ref()?)?;
        let level = strata.of_page.get(parent).copied().flatten().map_or(0, |stratum| stratum.level);
        (level > 0).then_some(parent)
    };
    let (mut weighted, mut again) = (0.0, 0);
    for (time, seen) in evidence.looked_at.iter().enumerate().skip(1) {
        let known = found_at.iter().flatten().filter(|found| **found <= time).count();
        let own_finder = strata.place(&seen.url).and_then(finder);
        let caught: Vec<usize> = places(seen, strata)
            .filter(|place| on.get(place).copied().unwrap_or_default() * 2 <= evidence.looked_at.len())
            .filter(|place| evidence.pages.get(*place).is_some_and(|page| !is_above(&page.url, &seen.url)))
            .filter(|place| own_finder.is_none() || finder(*place) != own_finder)
            .collect();
        let is_known =
            |place: &&usize| found_at.get(**place).copied().flatten().is_some_and(|found| found <= time);
        weighted += real(caught.len()) * real(known);
        again += caught.iter().filter(is_known).count();
    }
    let again = real(again + 1);
    (weighted > 0.0).then(|| Recaptures { total: weighted / again, deviation: 1.0 / again.sqrt() })
}

/// The pages of the site that a page leads to.
fn places<'a>(seen: &'a PageSeen, strata: &'a Strata) -> impl Iterator<Item = usize> + 'a {
    let own = strata.place(&seen.url);
    let there = seen.links.iter().filter_map(|url| strata.place(url));
    there.filter(move |place| Some(*place) != own && strata.of_page.get(*place).copied().flatten().is_some())
}

/// Whether a page lies in a folder above another.
fn is_above(above: &CanonicalUrl, url: &CanonicalUrl) -> bool {
    let folder = above.as_str().trim_end_matches(|letter| letter != '/');
    above.as_str().ends_with('/') && url.as_str().starts_with(folder)
}

/// The part of the site that may have gone unseen where no page led to anything new: three in as many links as led to what
/// was known (the rule of three).
pub(super) fn missed_bound(evidence: &Evidence, strata: &Strata) -> f64 {
    let looked = strata.by_stratum.iter().filter(|(stratum, _)| stratum.level > 0);
    let looked: usize = looked.map(|(_, members)| members.yields.len()).sum();
    let open: usize = strata.by_stratum.values().map(|members| members.known.len() - members.asked()).sum();
    let (known, _) = recaptured(evidence, strata);
    if open == 0 || evidence.is_repository {
        return 0.0;
    }
    if looked == 0 { 0.5 } else { (3.0 / real(known.max(3))).min(0.5) }
}

/// Of the pages that those looked at lead to, how many the lists and the front page had named, and how many there are.
fn recaptured(evidence: &Evidence, strata: &Strata) -> (usize, usize) {
    let mut all = HashSet::new();
    for seen in &evidence.looked_at {
        let own = strata.place(&seen.url).and_then(|at| strata.of_page.get(at).copied().flatten());
        if own.is_some_and(|stratum| stratum.level > 0) {
            all.extend(seen.links.iter().filter_map(|url| strata.place(url)));
        }
    }
    let level = |at: &usize| strata.of_page.get(*at).copied().flatten().map(|stratum| stratum.level);
    let counted = all.iter().filter_map(level).collect::<Vec<_>>();
    (counted.iter().filter(|level| **level <= 1).count(), counted.len())
}
