//! How many pages a crawl will find, as a range with its reasons.
//!
//! What is known already counts, by how much of it turned out to be pages where somebody looked. What nothing has named
//! yet is reckoned level by level: the pages of a stratum that were looked at led to so many new ones each; where they led
//! to the same ones, what they share says how many are left (Chao's estimator of unseen species for incidence data, and its
//! extrapolation: Chao et al. 2014, "Rarefaction and extrapolation with Hill numbers"). In a site that is no tree, pages of
//! several levels lead to the same ones; how much of what the links of a page lead to was known when it was looked at
//! bounds the whole (Schnabel's estimator for repeated catches). Where lists lack pages, the links between listed and
//! unlisted ones say how many (`unlisted`).

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::editions::other_editions;
use super::evidence::{Evidence, How};
use super::reasons::reasons;
use super::recaptures::{Recaptures, missed_bound, recaptures};
use super::strata::{Members, Strata, Stratum};
use super::unlisted::unlisted;
use super::{real, whole};

/// Pages are expected to be pages: so many good ones are assumed beside those that were looked at.
const ASSUMED_GOOD: f64 = 2.0;
/// How many standard deviations a range has to each side.
const SPREAD: f64 = 1.64;
/// The least width of a range to each side where anything is reckoned.
const LEAST_DOUBT: f64 = 0.03;
/// Where nothing was looked at, the number of new links a page is taken to vary by so much of itself.
const ASSUMED_VARIATION: f64 = 0.6;

/// The number of pages that a crawl will find.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Extent {
    /// Hardly fewer.
    pub low: u64,
    /// The best guess.
    pub likely: u64,
    /// Hardly more.
    pub high: u64,
    /// What it rests on, a sentence each.
    pub reasons: Vec<String>,
    /// Addresses that a crawl asks for in vain: redirects, errors, duplicates.
    pub in_vain: u64,
}

/// Reckons the extent of a site.
pub fn extent(evidence: &Evidence) -> Extent {
    let others = other_editions(evidence);
    let strata = Strata::of(evidence, &others);
    let unread = unread_factor(evidence);
    let mut total = Sum::default();
    let mut growth = Growth { factor: unread, doubt: if unread > 1.0 { 0.25 } else { 0.0 } };
    let deepest = strata.by_stratum.keys().map(|stratum| stratum.level).max().unwrap_or(0);
    let mut expected = 0.0;
    for level in 0..=deepest {
        let here = || strata.by_stratum.iter().filter(move |(stratum, _)| stratum.level == level);
        let grown = if level == 0 { Growth { factor: 1.0, doubt: 0.0 } } else { growth };
        let sizes: Vec<(&Stratum, &Members, f64)> = here()
            .map(|(stratum, members)| {
                let factor = if stratum.has_query { 1.0 } else { grown.factor };
                (stratum, members, kept_of(stratum, members) * factor)
            })
            .collect();
        for (stratum, members, size) in &sizes {
            total.add(*size, doubt_of(stratum, members, *size), grown.doubt);
            total.in_vain += (real(members.known.len()) - kept_of(stratum, members)).max(0.0);
        }
        let next = news_of(&sizes);
        let known_next = real(known_at(&strata, level + 1));
        if level >= 1 {
            expected += (next.count - known_next).max(0.0);
            let factor = if known_next > 0.0 { (next.count / known_next).max(1.0) } else { 1.0 };
            let own = if next.count > known_next { next.deviation / next.count } else { 0.0 };
            growth = Growth { factor, doubt: grown.doubt + own };
        }
    }
    if let Some(bound) = recaptures(evidence, &strata) {
        expected -= total.bound(&bound, &strata);
    }
    let kept: f64 = strata.by_stratum.iter().map(|(stratum, members)| kept_of(stratum, members)).sum();
    let share = kept / strata.by_stratum.values().map(|members| real(members.known.len())).sum::<f64>();
    if share > 0.0
        && let Some(unlisted) = unlisted(evidence, &strata, (total.likely - kept) / share)
    {
        expected = unlisted.count - unlisted.known;
        total.settle(kept, kept + expected * share, unlisted.deviation * share);
    }
    let range = total.range(missed_bound(evidence, &strata));
    Extent { reasons: reasons(evidence, &others, &strata, expected), ..range }
}

/// How much larger a level is than what is known of it.
#[derive(Clone, Copy)]
struct Growth {
    factor: f64,
    /// Relative.
    doubt: f64,
}

/// What one level leads to.
#[derive(Clone, Copy)]
struct News {
    count: f64,
    deviation: f64,
}

#[derive(Default)]
struct Sum {
    likely: f64,
    certain: f64,
    doubt: f64,
    in_vain: f64,
}

impl Sum {
    fn add(&mut self, size: f64, own_doubt: f64, relative: f64) {
        self.likely += size;
        self.doubt += own_doubt + size * relative;
        if relative == 0.0 {
            self.certain += (size - own_doubt).max(0.0);
        }
    }

    /// Takes a bound over what was reckoned level by level, where it is lower. Returns what that takes away.
    fn bound(&mut self, bound: &Recaptures, strata: &Strata) -> f64 {
        let known: f64 = strata.by_stratum.values().map(|members| real(members.known.len())).sum();
        let kept: f64 = strata.by_stratum.iter().map(|(stratum, members)| kept_of(stratum, members)).sum();
        let most = kept * (bound.total / known).max(1.0);
        let over = self.likely - most;
        if over <= 0.0 || known == 0.0 {
            return 0.0;
        }
        self.likely = most;
        self.certain = self.certain.min(kept);
        self.doubt =
            self.doubt.min((most - kept) * 0.5 + most * bound.deviation * (1.0 - kept / most).sqrt());
        over
    }

    /// Takes a number that was reckoned in another way.
    fn settle(&mut self, kept: f64, likely: f64, deviation: f64) {
        self.likely = likely;
        self.certain = self.certain.min(kept);
        self.doubt = deviation;
    }

    /// `missed` is the relative part that may have gone unseen where nothing hints at more.
    fn range(self, missed: f64) -> Extent {
        let is_exact = self.doubt == 0.0 && missed == 0.0;
        let least = if is_exact { 0.0 } else { LEAST_DOUBT * self.likely };
        let side = (SPREAD * self.doubt).max(least);
        let low = (self.likely - side).max(self.certain.min(self.likely - least)).max(0.0);
        let high = self.likely + side.max(missed * self.likely);
        Extent {
            low: whole(low.floor()),
            likely: whole(self.likely),
            high: whole(high.ceil()),
            reasons: Vec::new(),
            in_vain: whole(self.in_vain),
        }
    }
}

/// How many pages of a stratum, of those known, a crawl keeps.
fn kept_of(stratum: &Stratum, members: &Members) -> f64 {
    let open = members.known.len().saturating_sub(members.asked());
    real(members.kept) + real(open) * kept_share(stratum, members)
}

/// What is left of addresses with parameters is unsure until somebody looked; other addresses are pages unless it showed
/// otherwise.
fn kept_share(stratum: &Stratum, members: &Members) -> f64 {
    if stratum.has_query {
        (real(members.kept) + 0.5) / (real(members.asked()) + 1.0)
    } else {
        (real(members.kept) + ASSUMED_GOOD) / (real(members.asked()) + ASSUMED_GOOD)
    }
}

fn doubt_of(stratum: &Stratum, members: &Members, size: f64) -> f64 {
    let open = members.known.len().saturating_sub(members.asked());
    if open == 0 {
        return 0.0;
    }
    let share = kept_share(stratum, members);
    let looked = real(members.asked()) + if stratum.has_query { 1.0 } else { ASSUMED_GOOD };
    let variance = share * (1.0 - share) / looked;
    (real(open) * variance.sqrt()).min(size)
}

fn known_at(strata: &Strata, level: usize) -> usize {
    let here = strata.by_stratum.iter().filter(|(stratum, _)| stratum.level == level && !stratum.has_query);
    here.map(|(_, members)| members.known.len()).sum()
}

/// What all pages of a level lead to, by those that were looked at.
fn news_of(sizes: &[(&Stratum, &Members, f64)]) -> News {
    let looked: usize = sizes.iter().map(|(_, members, _)| members.yields.len()).sum();
    let found: usize =
        sizes.iter().map(|(_, members, _)| members.yields.iter().map(HashSet::len).sum::<usize>()).sum();
    let pooled = if looked > 0 { real(found) / real(looked) } else { 0.0 };
    let mut news = News { count: 0.0, deviation: 0.0 };
    let mut variance = 0.0;
    for (_, members, size) in sizes {
        if members.yields.is_empty() {
            // Nobody looked: half of what the others of the level lead to, and no more is known.
            news.count += pooled / 2.0 * size;
            news.deviation += pooled / 2.0 * size;
            continue;
        }
        let own = extrapolated(&members.yields, *size);
        news.count += own.count;
        variance += own.deviation.powi(2);
    }
    news.deviation += variance.sqrt();
    news
}

/// What `size` pages lead to if some of them led to these.
fn extrapolated(yields: &[HashSet<usize>], size: f64) -> News {
    let looked = real(yields.len());
    let mut times: HashMap<usize, usize> = HashMap::new();
    yields.iter().flatten().for_each(|page| *times.entry(*page).or_default() += 1);
    let seen = real(times.len());
    let mentions = real(times.values().sum());
    if size <= looked || seen == 0.0 {
        return News { count: seen, deviation: 0.0 };
    }
    let mean = mentions / looked;
    let apart = size * mean;
    let once = real(times.values().filter(|count| **count == 1).count());
    let count = if mentions > seen {
        let twice = real(times.values().filter(|count| **count == 2).count());
        let unseen = (looked - 1.0) / looked
            * if twice > 0.0 { once * once / (2.0 * twice) } else { once * (once - 1.0).max(0.0) / 2.0 };
        let rate = if unseen > 0.0 { once / (looked * unseen + once) } else { 0.0 };
        (seen + unseen * (1.0 - (1.0 - rate).powf(size - looked))).min(apart)
    } else {
        apart
    };
    let deviation = if looked > 1.0 {
        let squares: f64 = yields.iter().map(|own| (real(own.len()) - mean).powi(2)).sum();
        let variance = squares / (looked - 1.0);
        size * (variance / looked * (1.0 - looked / size)).sqrt()
    } else {
        count * ASSUMED_VARIATION
    };
    News { count, deviation: deviation * (count / apart).min(1.0) }
}

/// How much the lists grow by those that are there and were not read.
fn unread_factor(evidence: &Evidence) -> f64 {
    let sitemaps = |unread: bool| {
        evidence.listings.iter().filter(move |listing| listing.kind == "sitemap" && listing.unread == unread)
    };
    let unread = sitemaps(true).count();
    let with_pages = sitemaps(false).filter(|read| {
        evidence.pages.iter().any(|page| page.how == How::Listing && page.parent.as_ref() == Some(&read.url))
    });
    let read = with_pages.count();
    if read == 0 || unread == 0 { 1.0 } else { 1.0 + real(unread) / real(read) }
}
