//! Pages of other versions and languages among those that are known, judged as a crawl judges them before it asks.

use std::collections::{BTreeMap, HashSet};

use super::evidence::{Evidence, Fate, How, PageKnown};
use crate::scope::edition::{Edition, EditionVerdict, OwnEditions};
use crate::url::PageKey;

/// How many pages of an edition must stand in the site's own before all of it is taken for another one.
const ENOUGH_COUNTERPARTS: usize = 3;

/// The other editions of a site.
#[derive(Clone, Debug, Default)]
pub struct OtherEditions {
    /// The places in [`Evidence::pages`] of pages that a crawl leaves out for it.
    pub left_out: HashSet<usize>,
    /// Editions that a crawl always leaves out, with their pages.
    pub certain: BTreeMap<Edition, usize>,
    /// Editions that a crawl recognises by the pages which stand in the site's own too, with all their pages.
    pub by_counterpart: BTreeMap<Edition, usize>,
}

/// Finds them.
pub fn other_editions(evidence: &Evidence) -> OtherEditions {
    let mut own = OwnEditions::default();
    own.note(&evidence.base_url);
    evidence.pages.iter().filter(|page| page.how == How::Seed).for_each(|page| own.note(&page.url));
    let known: HashSet<PageKey> =
        evidence.pages.iter().filter(|page| is_there(page)).map(|page| page.url.key()).collect();
    let mut found = OtherEditions::default();
    let mut doubtful: BTreeMap<Edition, Vec<(usize, bool)>> = BTreeMap::new();
    for (at, page) in evidence.pages.iter().enumerate() {
        if page.how == How::Seed || matches!(&page.fate, Fate::LeftOut(why) if !why.starts_with("other_")) {
            continue;
        }
        match own.judge(&page.url) {
            EditionVerdict::Own => {}
            EditionVerdict::Other(edition) => {
                *found.certain.entry(edition).or_default() += 1;
                found.left_out.insert(at);
            }
            EditionVerdict::OtherIf { edition, counterparts } => {
                let stands_twice = counterparts.iter().any(|url| known.contains(&url.key()));
                doubtful.entry(edition).or_default().push((at, stands_twice));
            }
        }
    }
    for (edition, pages) in doubtful {
        let twice = pages.iter().filter(|(_, stands_twice)| *stands_twice).count();
        let is_other = twice >= ENOUGH_COUNTERPARTS;
        found
            .left_out
            .extend(pages.iter().filter(|(_, stands_twice)| is_other || *stands_twice).map(|(at, _)| *at));
        if is_other {
            found.by_counterpart.insert(edition, pages.len());
        }
    }
    found
}

fn is_there(page: &PageKnown) -> bool {
    !matches!(page.fate, Fate::LeftOut(_) | Fate::Lost(_))
}
