//! How many pages the lists of a site lack, by the links between pages that they name and pages that they do not.
//!
//! The lists are a first catch of the pages, and what the pages that were looked at lead to is a second one. Where listed and
//! unlisted pages lead to unlisted ones about as often, the two kinds are mixed, and the share of unlisted pages in the
//! second catch is their share in the site (Petersen's estimator in the form of Chapman, 1951). Where each kind leads
//! rather to its own, as when a list lacks whole sections, that share would be the one of where the survey happened to
//! look. Then what one listed page leads to on the other side is held against what one unlisted page leads to: as many
//! links go over as come back (the reciprocity of Heckathorn 2002, "Respondent-driven sampling II"). A site need not be
//! linked so evenly, and the reckoning level by level errs in other ways, so that the mean of both is taken there.
//!
//! What the front page names belongs to neither catch: menus lead there from everywhere, whether it is listed or not.

use std::collections::HashSet;

use super::evidence::{Evidence, How, PageSeen};
use super::real;
use super::strata::{Strata, without_endless};

/// Two shares that are so many standard deviations apart are different ones (99 in 100).
const DIFFERENT: f64 = 2.58;

/// What is reckoned of pages that no list names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unlisted {
    /// All of them, the known ones too.
    pub(super) count: f64,
    /// The standard deviation, in pages.
    pub(super) deviation: f64,
    /// Those that are known.
    pub(super) known: f64,
}

/// The two kinds of pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Listed,
    Unlisted,
}

/// Reckons the unlisted pages where some are known and a list was read whole. `by_level` says how many more than the known
/// ones the reckoning level by level expects.
pub(super) fn unlisted(evidence: &Evidence, strata: &Strata, by_level: f64) -> Option<Unlisted> {
    let kinds: Vec<Option<Kind>> = (0..evidence.pages.len()).map(|at| kind(evidence, strata, at)).collect();
    let count = |of: Kind| real(kinds.iter().filter(|kind| **kind == Some(of)).count());
    let (listed, known) = (count(Kind::Listed), count(Kind::Unlisted));
    if listed == 0.0 || known == 0.0 || evidence.listings.iter().any(|listing| listing.unread) {
        return None;
    }
    let catches = Catches::of(evidence, strata, &kinds);
    if catches.mixing() < DIFFERENT {
        let (count, deviation) = catches.by_share(listed)?;
        return Some(Unlisted { count: count.max(known), deviation, known });
    }
    let (flow, deviation) = catches.by_flow(listed)?;
    let (flow, by_level) = (flow.max(known), known + by_level.max(0.0));
    let count = (flow * by_level).sqrt();
    let deviation = (deviation / 2.0).hypot((flow - by_level) / 2.0);
    Some(Unlisted { count, deviation, known })
}

/// The kind of a page; `None` for what the config or the front page names, and for what is not counted.
fn kind(evidence: &Evidence, strata: &Strata, at: usize) -> Option<Kind> {
    let stratum = strata.of_page.get(at).copied().flatten().filter(|stratum| !stratum.has_query)?;
    match evidence.pages.get(at)?.how {
        How::Listing => Some(Kind::Listed),
        _ => (stratum.level > 1).then_some(Kind::Unlisted),
    }
}

/// To how many pages of each kind one page leads.
#[derive(Clone, Copy, Debug, Default)]
struct Catch {
    listed: f64,
    unlisted: f64,
}

impl Catch {
    fn whole(self) -> f64 {
        self.listed + self.unlisted
    }
}

/// What the pages that were looked at lead to.
#[derive(Debug, Default)]
struct Catches {
    from_listed: Vec<Catch>,
    from_unlisted: Vec<Catch>,
    /// Of these and of what the front page names.
    all: Vec<Catch>,
    /// All that they lead to, each page once.
    distinct: Catch,
}

impl Catches {
    fn of(evidence: &Evidence, strata: &Strata, kinds: &[Option<Kind>]) -> Self {
        let kind = |at: usize| kinds.get(at).copied().flatten();
        let counted = |pages: &HashSet<usize>| {
            let count = |of: Kind| real(pages.iter().filter(|at| kind(**at) == Some(of)).count());
            Catch { listed: count(Kind::Listed), unlisted: count(Kind::Unlisted) }
        };
        let mut catches = Self::default();
        let mut distinct = HashSet::new();
        for seen in &evidence.looked_at {
            let Some(at) = strata.place(&seen.url) else { continue };
            if evidence.pages.get(at).is_none_or(|page| page.how == How::Seed) {
                continue;
            }
            let found = found_on(seen, at, evidence, strata);
            let catch = counted(&found);
            catches.all.push(catch);
            match kind(at) {
                Some(Kind::Listed) => catches.from_listed.push(catch),
                Some(Kind::Unlisted) => catches.from_unlisted.push(catch),
                None => {}
            }
            distinct.extend(found);
        }
        catches.distinct = counted(&distinct);
        catches
    }

    /// By how many standard deviations the share of unlisted pages differs between what the two kinds lead to.
    fn mixing(&self) -> f64 {
        let (one, other) = (sum(&self.from_listed), sum(&self.from_unlisted));
        if one.whole() == 0.0 || other.whole() == 0.0 {
            return 0.0;
        }
        let share = (one.unlisted + other.unlisted) / (one.whole() + other.whole());
        let variance = share * (1.0 - share) * (1.0 / one.whole() + 1.0 / other.whole());
        let apart = (one.unlisted / one.whole() - other.unlisted / other.whole()).abs();
        if variance > 0.0 { apart / variance.sqrt() } else { 0.0 }
    }

    /// Unlisted pages by their share in the second catch, with the standard deviation.
    fn by_share(&self, listed: f64) -> Option<(f64, f64)> {
        let Catch { listed: again, unlisted: new } = self.distinct;
        if again == 0.0 {
            return None;
        }
        let total = (listed + 1.0) * (again + new + 1.0) / (again + 1.0) - 1.0;
        let caught = again + new;
        // What a page leads to lies together, and says less than as many pages from all over the site.
        let variance = self.dispersion().max(1.0) * new / caught * again / caught / caught;
        let unseen = (1.0 - caught / total).max(0.0);
        Some((total - listed, total * (variance * unseen).sqrt() * caught / again))
    }

    /// Unlisted pages by the links over and back, with the standard deviation.
    fn by_flow(&self, listed: f64) -> Option<(f64, f64)> {
        let over: Vec<f64> = self.from_listed.iter().map(|catch| catch.unlisted).collect();
        let back: Vec<f64> = self.from_unlisted.iter().map(|catch| catch.listed).collect();
        let ((over, over_doubt), (back, back_doubt)) = (mean(&over)?, mean(&back)?);
        if back == 0.0 {
            return None;
        }
        let count = listed * over / back;
        let relative = (over_doubt / over.max(0.1)).hypot(back_doubt / back);
        Some((count, count * relative))
    }

    /// How much more the shares of single catches vary than by chance alone.
    fn dispersion(&self) -> f64 {
        let whole = sum(&self.all);
        let share = whole.unlisted / whole.whole();
        let used: Vec<&Catch> = self.all.iter().filter(|catch| catch.whole() > 0.0).collect();
        if used.len() < 2 || whole.unlisted == 0.0 || whole.listed == 0.0 {
            return 1.0;
        }
        let off = |catch: &&Catch| {
            (catch.unlisted - catch.whole() * share).powi(2) / (catch.whole() * share * (1.0 - share))
        };
        used.iter().map(off).sum::<f64>() / real(used.len() - 1)
    }
}

/// The pages that a page leads to, without itself and without what leads on and on.
fn found_on(seen: &PageSeen, own: usize, evidence: &Evidence, strata: &Strata) -> HashSet<usize> {
    let found = seen.links.iter().filter_map(|url| strata.place(url)).filter(|at| *at != own).collect();
    without_endless(&seen.url, found, evidence)
}

fn sum(catches: &[Catch]) -> Catch {
    catches.iter().fold(Catch::default(), |sum, catch| Catch {
        listed: sum.listed + catch.listed,
        unlisted: sum.unlisted + catch.unlisted,
    })
}

/// The mean of counts with its standard deviation, which is not below that of counts by chance (Poisson's).
fn mean(counts: &[f64]) -> Option<(f64, f64)> {
    let number = real(counts.len());
    let mean = counts.iter().sum::<f64>() / number;
    let squares: f64 = counts.iter().map(|count| (count - mean).powi(2)).sum();
    let variance = squares / (number - 1.0).max(1.0);
    (number > 0.0).then(|| (mean, (variance.max(mean) / number).sqrt()))
}
