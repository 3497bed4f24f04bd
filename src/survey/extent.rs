//! How many pages a crawl will find, as a range with its reasons.
//!
//! What is known already counts, by how much of it turned out to be pages where somebody looked. What nothing has named
//! yet is reckoned level by level: the pages of a stratum that were looked at led to so many new ones each; where they led
//! to the same ones, what they share says how many are left (Chao's estimator of unseen species for incidence data, and its
//! extrapolation: Chao et al. 2014, "Rarefaction and extrapolation with Hill numbers"). In a site that is no tree, pages of
//! several levels lead to the same ones; how much of what the links of a page lead to was known when it was looked at
//! bounds the whole (Schnabel's estimator for repeated catches).

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;

use super::editions::{OtherEditions, other_editions};
use super::evidence::{Evidence, Fate, How, PageSeen};
use super::strata::{Members, Strata, Stratum};
use super::{real, whole};
use crate::url::CanonicalUrl;

/// Pages are expected to be pages: so many good ones are assumed beside those that were looked at.
const ASSUMED_GOOD: f64 = 4.0;
/// How many standard deviations a range has to each side.
const SPREAD: f64 = 1.64;
/// The least width of a range to each side where anything is reckoned.
const LEAST_DOUBT: f64 = 0.03;
/// Where nothing was looked at, the number of new links a page is taken to vary by so much of itself.
const ASSUMED_VARIATION: f64 = 0.6;
/// So many links must lead to what was known for their share to say anything.
const LEAST_RECAPTURED: usize = 12;

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

/// How many pages there are by how many of the links of a page lead to what was known when it was looked at.
struct Recaptures {
    total: f64,
    /// Relative.
    deviation: f64,
}

/// Schnabel's estimator (1938), with the links of each page as a further catch. What stands on most pages, and the pages
/// above a page, are no catch: they would be there however large the site is.
fn recaptures(evidence: &Evidence, strata: &Strata) -> Option<Recaptures> {
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
    let (mut weighted, mut again) = (0.0, 0);
    for (time, seen) in evidence.looked_at.iter().enumerate().skip(1) {
        let known = found_at.iter().flatten().filter(|found| **found <= time).count();
        let caught: Vec<usize> = places(seen, strata)
            .filter(|place| on.get(place).copied().unwrap_or_default() * 2 <= evidence.looked_at.len())
            .filter(|place| evidence.pages.get(*place).is_some_and(|page| !is_above(&page.url, &seen.url)))
            .collect();
        let is_known =
            |place: &&usize| found_at.get(**place).copied().flatten().is_some_and(|found| found <= time);
        weighted += real(caught.len()) * real(known);
        again += caught.iter().filter(is_known).count();
    }
    (again >= LEAST_RECAPTURED)
        .then(|| Recaptures { total: weighted / real(again), deviation: 1.0 / real(again).sqrt() })
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

/// The part of the site that may have gone unseen where no page led to anything new: three in as many links as led to what
/// was known (the rule of three).
fn missed_bound(evidence: &Evidence, strata: &Strata) -> f64 {
    let looked = strata.by_stratum.iter().filter(|(stratum, _)| stratum.level > 0);
    let looked: usize = looked.map(|(_, members)| members.yields.len()).sum();
    let open: usize = strata.by_stratum.values().map(|members| members.known.len() - members.asked()).sum();
    let (known, _) = recaptured(evidence, strata);
    if open == 0 || evidence.is_repository {
        return 0.0;
    }
    if looked == 0 { 0.5 } else { (3.0 / real(known.max(3))).min(0.5) }
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

fn reasons(evidence: &Evidence, others: &OtherEditions, strata: &Strata, expected: f64) -> Vec<String> {
    let mut reasons = Vec::new();
    for listing in evidence.listings.iter().filter(|listing| listing.named.is_some_and(|named| named > 0)) {
        let named = listing.named.unwrap_or_default();
        reasons.push(format!("{} `{}` names {}", listing.kind.replace('_', "."), listing.url, urls(named)));
    }
    let unread = evidence.listings.iter().filter(|listing| listing.unread).count();
    if unread > 0 {
        reasons.push(format!(
            "{unread} more files that list pages were not read, and are taken to be like the others"
        ));
    }
    let counted = |how: &[How]| {
        let pages = evidence.pages.iter().enumerate();
        pages
            .filter(|(at, page)| {
                how.contains(&page.how) && strata.of_page.get(*at).copied().flatten().is_some()
            })
            .count()
    };
    let linked = counted(&[How::Menu, How::Link]);
    let looked = evidence.looked_at.len();
    if linked > 0 {
        reasons.push(format!("links of {} lead to {linked} pages that no list had named", pages(looked)));
    } else if looked > 1 {
        reasons.push(format!("{} were looked at, and lead to nothing that was not known", pages(looked)));
    }
    if expected >= 0.5 {
        reasons.push(format!(
            "about {} more are expected behind pages that were not looked at",
            whole(expected)
        ));
    }
    let lost: Vec<&str> = evidence
        .pages
        .iter()
        .filter_map(|page| match &page.fate {
            Fate::Lost(why) if page.how != How::Seed => Some(why.as_str()),
            _ => None,
        })
        .collect();
    if !lost.is_empty() {
        reasons.push(format!(
            "{} of those asked for are no pages of their own ({})",
            lost.len(),
            tally(&lost)
        ));
    }
    let mut left_out: Vec<&str> = evidence
        .pages
        .iter()
        .filter_map(|page| match &page.fate {
            Fate::LeftOut(why) if !why.starts_with("other_") => Some(why.as_str()),
            _ => None,
        })
        .collect();
    left_out.extend(others.left_out.iter().map(|_| "other_edition"));
    if !left_out.is_empty() {
        reasons.push(format!(
            "{} that are named are not asked for ({})",
            urls(left_out.len()),
            tally(&left_out)
        ));
    }
    reasons
}

fn tally(words: &[&str]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    words.iter().for_each(|word| *counts.entry(word).or_default() += 1);
    let told = counts.iter().map(|(word, count)| format!("{count} {}", word.replace('_', " ")));
    told.collect::<Vec<_>>().join(", ")
}

fn pages(count: usize) -> String {
    if count == 1 { "1 page".to_owned() } else { format!("{count} pages") }
}

fn urls(count: usize) -> String {
    if count == 1 { "1 address".to_owned() } else { format!("{count} addresses") }
}
