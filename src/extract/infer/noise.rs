//! What stands in the content without being any: what most pages have there once and alike, lists of nothing but links,
//! and the signs behind headings.
//!
//! A wrong suggestion here loses content, so a selector must be harmless on every page on which it matches.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use ego_tree::NodeId;
use scraper::ElementRef;

use crate::extract::dom::{ancestry, descendants, name};
use crate::extract::hidden::is_left_out;
use crate::extract::infer::Finding;
use crate::extract::infer::candidate::{Candidate, of_element};
use crate::extract::infer::evidence::{Evidence, SitePages};
use crate::extract::reader::is_block;
use crate::profile::SelectorProfile;

/// The share of pages, in per cent, that must have an element for it to be called noise.
const SHARE: usize = 50;
/// The share of its elements, in per cent, that must hold nothing of a page's own.
const PURE: usize = 98;
/// Elements for each page, in tenths; content may be alike on several pages, but it is not there once on each.
const ONCE: usize = 12;
/// Names of what themes put around the content; such an element may differ from page to page.
const NAMED: [&str; 14] = [
    "breadcrumb",
    "pagination",
    "pager",
    "prev-next",
    "page-nav",
    "edit-",
    "feedback",
    "last-updated",
    "lastupdated",
    "contributors",
    "table-of-contents",
    "share",
    "was-this",
    "page-meta",
];
/// The most letters of its own that such an element may have.
const NAMED_OWN: usize = 90;
/// How many selectors are suggested.
const MOST: usize = 12;

/// What is known of a selector on all pages.
#[derive(Default)]
struct Sightings {
    elements: usize,
    pure: usize,
    named: usize,
    signs: usize,
    letters: usize,
    pages: BTreeSet<usize>,
    ids: HashSet<(usize, NodeId)>,
}

/// The selectors of what to leave out, besides what the profile leaves out already.
pub(super) fn infer(site: &SitePages<'_>, base: &SelectorProfile) -> Vec<Finding> {
    let with_root = site.pages.iter().filter(|page| page.root().is_some()).count();
    let mut seen: BTreeMap<Candidate, Sightings> = BTreeMap::new();
    for (at, page) in site.pages.iter().enumerate() {
        for element in elements_of(page, base) {
            for candidate in of_element(element) {
                note(seen.entry(candidate).or_default(), at, page, element);
            }
        }
    }
    let mut noise: Vec<(Candidate, Sightings)> =
        seen.into_iter().filter(|(candidate, seen)| is_noise(candidate, seen, with_root)).collect();
    noise.sort_by(|left, right| {
        let key =
            |(candidate, seen): &(Candidate, Sightings)| (std::cmp::Reverse(seen.letters), candidate.clone());
        key(left).cmp(&key(right))
    });
    let mut covered: HashSet<(usize, NodeId)> = HashSet::new();
    let mut found = Vec::new();
    for (candidate, seen) in noise {
        let is_covered = seen.ids.iter().all(|(at, id)| {
            let element = site.pages.get(*at).and_then(|page| page.element(*id));
            element.is_some_and(|element| ancestry(element).any(|above| covered.contains(&(*at, above.id()))))
        });
        if !is_covered && found.len() < MOST {
            found.push(Finding { selector: candidate.selector(), evidence: words(&seen, with_root) });
            covered.extend(seen.ids);
        }
    }
    found
}

/// The elements of the content that a reader would see and that could be noise.
fn elements_of<'a>(page: &'a Evidence<'_>, base: &SelectorProfile) -> Vec<ElementRef<'a>> {
    let Some(root) = page.root() else { return Vec::new() };
    let mut found = Vec::new();
    let mut pending: Vec<ElementRef<'a>> = root.child_elements().collect();
    while let Some(element) = pending.pop() {
        if is_left_out(element, base) || name(element) == "pre" {
            continue;
        }
        let is_content = matches!(
            name(element),
            "h1" | "h2"
                | "h3"
                | "h4"
                | "h5"
                | "h6"
                | "dt"
                | "dd"
                | "th"
                | "td"
                | "tr"
                | "table"
                | "summary"
                | "caption"
                | "figcaption"
                | "code"
                | "strong"
                | "em"
        ) || base.admonition.titles.matches(element)
            || base.admonition.blocks.matches(element)
            || base.tabs.labels.matches(element)
            || base.tabs.sets.matches(element)
            || base.code.captions.matches(element)
            || base.api.entries.matches(element)
            || base.footnote.references.matches(element)
            || base.footnote.notes.matches(element);
        if !is_content && !page.sums_of(element).is_empty() {
            found.push(element);
        }
        pending.extend(element.child_elements());
    }
    found
}

fn note(seen: &mut Sightings, at: usize, page: &Evidence<'_>, element: ElementRef<'_>) {
    let sums = page.sums_of(element);
    let is_sign = sums.letters() == 0;
    // Links in running text hold nothing but links too.
    let is_apart = sums.linked == 0 || is_block(element);
    let holds_code = || descendants(element).any(|below| matches!(name(below), "pre" | "img" | "table"));
    let is_pure = sums.own == 0 && is_apart && !holds_code();
    seen.elements += 1;
    seen.pure += usize::from(is_pure);
    seen.named += usize::from(sums.own <= NAMED_OWN && !holds_code());
    seen.signs += usize::from(is_sign);
    seen.letters += sums.letters();
    seen.pages.insert(at);
    seen.ids.insert((at, element.id()));
}

fn is_noise(candidate: &Candidate, seen: &Sightings, with_root: usize) -> bool {
    let all_of = |count: usize| count * 100 >= seen.elements * PURE;
    let is_common = seen.pages.len() * 100 >= with_root * SHARE && seen.pages.len() > 1;
    let is_once = seen.elements * 10 <= seen.pages.len() * ONCE;
    let name = candidate.base.to_lowercase();
    let is_named = NAMED.iter().any(|word| name.contains(word));
    is_common
        && match (is_once, is_named) {
            _ if all_of(seen.signs) => true,
            (true, true) => all_of(seen.named),
            (true, false) => all_of(seen.pure),
            (false, _) => false,
        }
}

fn words(seen: &Sightings, with_root: usize) -> String {
    let pages = format!("on {} of {with_root} pages", seen.pages.len());
    if seen.signs == seen.elements {
        return format!("{pages}, nothing but signs, {} times", seen.elements);
    }
    if seen.pure * 100 >= seen.elements * PURE {
        return format!("{pages}, once each, with nothing but links or what most pages say");
    }
    format!("{pages}, once each, with some {} letters", seen.letters / seen.elements.max(1))
}
