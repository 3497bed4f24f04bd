//! What is known of a site, sorted: pages that were found alike are expected to be alike.
//!
//! A page's level says how it is found: 0 for what the config names, 1 for what lists and the front page name, one more for
//! each step from there. Together with the number of its folders it is the page's stratum.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::editions::OtherEditions;
use super::evidence::{Evidence, Fate, How, PageKnown};
use crate::url::{CanonicalUrl, PageKey};

/// Levels are followed so far; the chain of finders of a page is no longer in a survey.
const DEEPEST: usize = 64;

/// A page of a row leads to the next ones, not to more than these.
const LONGEST_STEP: usize = 3;

/// Pages that were found alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Stratum {
    /// How far from what the config and the lists name.
    pub(super) level: usize,
    /// How many folders and names are in the path.
    pub(super) segments: usize,
    /// Whether the address has parameters.
    pub(super) has_query: bool,
}

/// Whether a page is one that a crawl keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nobody looked.
    Unknown,
    Kept,
    Lost,
}

/// The pages of one stratum.
#[derive(Clone, Debug, Default)]
pub(super) struct Members {
    /// All pages that are known, as places in [`Evidence::pages`].
    pub(super) known: Vec<usize>,
    pub(super) kept: usize,
    pub(super) lost: usize,
    /// What each page that was looked at led to for the first time.
    pub(super) yields: Vec<HashSet<usize>>,
}

impl Members {
    /// Those that were asked for.
    pub(super) fn asked(&self) -> usize {
        self.kept + self.lost
    }
}

/// The strata of a site.
#[derive(Clone, Debug)]
pub(super) struct Strata {
    pub(super) by_stratum: BTreeMap<Stratum, Members>,
    /// The stratum of each page of the evidence; `None` for what a crawl leaves out.
    pub(super) of_page: Vec<Option<Stratum>>,
    by_key: HashMap<PageKey, usize>,
}

impl Strata {
    /// Sorts what was seen.
    pub(super) fn of(evidence: &Evidence, others: &OtherEditions) -> Self {
        let pages = &evidence.pages;
        let mut by_key: HashMap<PageKey, usize> =
            pages.iter().enumerate().map(|(at, page)| (page.url.key(), at)).collect();
        let mut standing: Vec<Standing> = pages.iter().map(standing_of).collect();
        let mut counts: Vec<bool> = pages
            .iter()
            .enumerate()
            .map(|(at, page)| !matches!(page.fate, Fate::LeftOut(_)) && !others.left_out.contains(&at))
            .collect();
        fold_redirects(pages, &mut by_key, &mut standing, &mut counts);
        let levels = levels(pages, &by_key);
        let of_page: Vec<Option<Stratum>> = pages
            .iter()
            .enumerate()
            .map(|(at, page)| {
                let is_counted = counts.get(at).copied().unwrap_or(false);
                let level = levels.get(at).copied().flatten()?;
                is_counted.then(|| stratum(&page.url, level))
            })
            .collect();
        let mut by_stratum: BTreeMap<Stratum, Members> = BTreeMap::new();
        for (at, stratum) in of_page.iter().enumerate() {
            let Some(stratum) = stratum else { continue };
            let members = by_stratum.entry(*stratum).or_default();
            members.known.push(at);
            match standing.get(at) {
                Some(Standing::Kept) => members.kept += 1,
                Some(Standing::Lost) => members.lost += 1,
                _ => {}
            }
        }
        let mut strata = Self { by_stratum, of_page, by_key };
        strata.note_yields(evidence);
        strata
    }

    /// The place of a page in the evidence, by whichever of its addresses.
    pub(super) fn place(&self, url: &CanonicalUrl) -> Option<usize> {
        self.by_key.get(&url.key()).copied()
    }

    /// What the pages that were looked at led to. A page counts where it was found first, with all pages of that
    /// stratum which lead to it: how much they have in common says how much is left to be found.
    fn note_yields(&mut self, evidence: &Evidence) {
        let owners = Owners::of(evidence, self);
        let mut yields: Vec<(Stratum, HashSet<usize>)> = Vec::new();
        for seen in &evidence.looked_at {
            let Some(at) = self.place(&seen.url) else { continue };
            let Some(stratum) = self.of_page.get(at).copied().flatten() else { continue };
            let own = seen.links.iter().filter_map(|url| {
                let child = self.place(url)?;
                let page = evidence.pages.get(child)?;
                let found_by_link = matches!(page.how, How::Menu | How::Link);
                let parent = page.parent.as_ref().and_then(|parent| self.place(parent))?;
                let is_here = self.of_page.get(parent).copied().flatten() == Some(stratum);
                let counts = self.of_page.get(child)?.is_some_and(|of| !of.has_query);
                (found_by_link && is_here && counts && !owners.has_other(&page.url, at)).then_some(child)
            });
            yields.push((stratum, without_endless(&seen.url, own.collect(), evidence)));
        }
        for (stratum, own) in yields {
            if let Some(members) = self.by_stratum.get_mut(&stratum) {
                members.yields.push(own);
            }
        }
    }
}

/// What a page led to without what leads on and on. A page that leads to the next or the last number of its own kind is
/// one of a row without an end in sight, as the months of a calendar: neither the row nor what hangs on it says how much
/// there is.
pub(super) fn without_endless(
    from: &CanonicalUrl,
    mut found: HashSet<usize>,
    evidence: &Evidence,
) -> HashSet<usize> {
    let own = shape(from);
    let url_of = |at: &usize| evidence.pages.get(*at).map(|page| &page.url);
    let alike = |at: &&usize| url_of(at).is_some_and(|url| shape(url) == own);
    let is_step = |at: &usize| url_of(at).is_some_and(|url| is_next_to(from, url));
    let is_row =
        found.iter().filter(alike).count() <= LONGEST_STEP && found.iter().filter(alike).any(is_step);
    if is_row {
        found.retain(|at| url_of(at).is_some_and(|url| !shape(url).starts_with(own.trim_end_matches('/'))));
    }
    found
}

/// Whether two paths of one shape differ in one number alone, and by one.
fn is_next_to(one: &CanonicalUrl, other: &CanonicalUrl) -> bool {
    let numbers = |url: &CanonicalUrl| -> Vec<u64> {
        let parts = url.path().split(|letter: char| !letter.is_ascii_digit());
        parts.filter_map(|part| part.parse().ok()).collect()
    };
    let (one, other) = (numbers(one), numbers(other));
    let differing: Vec<(u64, u64)> =
        one.iter().copied().zip(other.iter().copied()).filter(|(left, right)| left != right).collect();
    one.len() == other.len() && matches!(differing.as_slice(), [(left, right)] if left.abs_diff(*right) == 1)
}

/// The path with each number as `0`.
fn shape(url: &CanonicalUrl) -> String {
    let mut shape = String::with_capacity(url.path().len());
    for letter in url.path().chars() {
        let letter = if letter.is_ascii_digit() { '0' } else { letter };
        if letter != '0' || !shape.ends_with('0') {
            shape.push(letter);
        }
    }
    shape
}

/// Pages that no one looked at and whose folder holds others: what lies there is theirs to lead to, whoever else does.
struct Owners {
    folders: HashMap<String, usize>,
}

impl Owners {
    fn of(evidence: &Evidence, strata: &Strata) -> Self {
        let looked_at: HashSet<usize> =
            evidence.looked_at.iter().filter_map(|seen| strata.place(&seen.url)).collect();
        let pages = evidence.pages.iter().enumerate();
        let unseen = pages.filter(|(at, page)| {
            strata.of_page.get(*at).copied().flatten().is_some()
                && page.fate == Fate::Pending
                && !looked_at.contains(at)
        });
        Self { folders: unseen.map(|(at, page)| (own_folder(&page.url), at)).collect() }
    }

    /// Whether the page lies below another page than `finder` that is still to be looked at.
    fn has_other(&self, url: &CanonicalUrl, finder: usize) -> bool {
        let mut path = url.as_str().trim_end_matches('/');
        while let Some((folder, _)) = path.rsplit_once('/') {
            if self.folders.get(folder).is_some_and(|owner| *owner != finder) {
                return true;
            }
            path = folder;
        }
        false
    }
}

/// The folder that a page stands for, without a slash at its end.
fn own_folder(url: &CanonicalUrl) -> String {
    let text = url.as_str().split(['?', '#']).next().unwrap_or_default();
    let text = text.strip_suffix(".html").unwrap_or(text);
    let text = text.strip_suffix("/index").unwrap_or(text);
    text.trim_end_matches('/').to_owned()
}

fn standing_of(page: &PageKnown) -> Standing {
    match page.fate {
        Fate::Pending => Standing::Unknown,
        Fate::Kept => Standing::Kept,
        Fate::Lost(_) | Fate::LeftOut(_) => Standing::Lost,
    }
}

/// A page and the address that it leads to are one, unless something else names that address too.
fn fold_redirects(
    pages: &[PageKnown],
    by_key: &mut HashMap<PageKey, usize>,
    standing: &mut [Standing],
    counts: &mut [bool],
) {
    for (at, page) in pages.iter().enumerate().filter(|(_, page)| page.how == How::Redirect) {
        let Some(from) = page.parent.as_ref().and_then(|parent| by_key.get(&parent.key()).copied()) else {
            continue;
        };
        let target = standing.get(at).copied().unwrap_or(Standing::Unknown);
        if let Some(there) = standing.get_mut(from) {
            *there = target;
        }
        if let Some(counted) = counts.get_mut(at) {
            *counted = false;
        }
        by_key.insert(page.url.key(), from);
    }
}

/// The level of each page.
fn levels(pages: &[PageKnown], by_key: &HashMap<PageKey, usize>) -> Vec<Option<usize>> {
    let mut levels: Vec<Option<usize>> = pages
        .iter()
        .map(|page| match page.how {
            How::Seed => Some(0),
            How::Listing => Some(1),
            _ => None,
        })
        .collect();
    for _ in 0..DEEPEST {
        let mut has_changed = false;
        for (at, page) in pages.iter().enumerate() {
            if levels.get(at).copied().flatten().is_some() {
                continue;
            }
            let parent = page.parent.as_ref().and_then(|parent| by_key.get(&parent.key()).copied());
            let above = parent.and_then(|parent| levels.get(parent).copied().flatten());
            if let Some(level) = levels.get_mut(at)
                && let Some(above) = above.or_else(|| parent.is_none().then_some(0))
            {
                *level = Some(if page.how == How::Redirect { above } else { above + 1 });
                has_changed = true;
            }
        }
        if !has_changed {
            break;
        }
    }
    levels
}

fn stratum(url: &CanonicalUrl, level: usize) -> Stratum {
    let path = url.path().split('/').chain(url.route().unwrap_or_default().split('/'));
    let segments = path.filter(|segment| !segment.is_empty()).count();
    Stratum { level, segments, has_query: url.as_url().query().is_some() }
}
