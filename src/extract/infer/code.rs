//! Blocks of code: what stands around `pre`, and what in it is no code.

use std::collections::BTreeMap;

use scraper::ElementRef;

use crate::extract::dom::{ancestry, descendants, name, text_of};
use crate::extract::hidden::is_never_shown;
use crate::extract::infer::Finding;
use crate::extract::infer::candidate::{Candidate, of_element};
use crate::extract::infer::evidence::{Evidence, SitePages};
use crate::extract::language::language_of;
use crate::profile::SelectorProfile;

/// How far above a `pre` its wrapper is looked for.
const LEVELS: usize = 4;
/// The share of blocks, in per cent, that must be alike for a selector to be suggested.
const SHARE: usize = 60;
/// The share of the elements of a selector, in per cent, that must be what is suggested.
const PURE: usize = 95;
/// A single line of numbers proves nothing.
const LEAST_LINES: usize = 2;

/// The blocks, and what to leave out of them.
pub(super) fn infer(site: &SitePages<'_>, base: &SelectorProfile) -> (Vec<Finding>, Vec<Finding>) {
    let blocks: Vec<(&Evidence<'_>, ElementRef<'_>)> = site
        .pages
        .iter()
        .flat_map(|page| page.root().into_iter().flat_map(move |root| blocks_of(root).map(move |block| (page, block))))
        .collect();
    if blocks.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let tagged = blocks.iter().filter(|(_, block)| language_of(base, *block).is_some()).count();
    let of_all = format!("{tagged} of {} blocks state their language", blocks.len());
    let wrapper = wrapper(site, &blocks).map(|(candidate, count)| Finding {
        selector: candidate.selector(),
        evidence: format!("holds one `pre` and nothing else that differs, {count} times; {of_all}"),
    });
    let plain = || Finding { selector: "pre".to_owned(), evidence: format!("no common wrapper; {of_all}") };
    (vec![wrapper.unwrap_or_else(plain)], numbers(&blocks, base))
}

/// The `pre` of some content, and code of several lines that stands in none.
fn blocks_of(root: ElementRef<'_>) -> impl Iterator<Item = ElementRef<'_>> {
    descendants(root).filter(|element| match name(*element) {
        "pre" => true,
        "code" => {
            !ancestry(*element).skip(1).any(|above| name(above) == "pre")
                && element.text().any(|text| text.trim().contains('\n'))
        }
        _ => false,
    })
}

/// The selector of what stands around most blocks and holds nothing else of the page's own.
fn wrapper<'a>(
    site: &'a SitePages<'_>,
    blocks: &[(&Evidence<'a>, ElementRef<'_>)],
) -> Option<(Candidate, usize)> {
    let mut counted: BTreeMap<Candidate, usize> = BTreeMap::new();
    for (page, block) in blocks {
        let own = page.sums_of(*block).own;
        let above = ancestry(*block).skip(1).take(LEVELS);
        for wrapper in above.take_while(|above| page.sums_of(*above).own == own && is_around_one(*above)) {
            for candidate in of_element(wrapper).into_iter().filter(|candidate| candidate.rank >= 2) {
                *counted.entry(candidate).or_default() += 1;
            }
        }
    }
    counted.retain(|candidate, count| {
        let matches = || {
            site.pages.iter().flat_map(|page| page.matches(candidate).into_iter().map(move |wrapper| (page, wrapper)))
        };
        let pure = matches().filter(|(_, wrapper)| is_around_one(*wrapper)).count();
        *count * 100 >= blocks.len() * SHARE && pure * 100 >= matches().count() * PURE
    });
    // The outermost has the most of the labels and buttons that are no code.
    counted.into_iter().max_by_key(|(candidate, count)| (*count, std::cmp::Reverse(candidate.rank)))
}

fn is_around_one(element: ElementRef<'_>) -> bool {
    blocks_of(element).count() == 1
}

/// The elements that number the lines: 1, 2, 3 and so on in each block.
fn numbers(blocks: &[(&Evidence<'_>, ElementRef<'_>)], base: &SelectorProfile) -> Vec<Finding> {
    let mut counted: BTreeMap<Candidate, (usize, usize)> = BTreeMap::new();
    for (_, block) in blocks {
        let mut texts: BTreeMap<Candidate, Vec<String>> = BTreeMap::new();
        for element in descendants(*block).filter(|below| !is_never_shown(*below) && !is_known(*below, base)) {
            for candidate in of_element(element).into_iter().filter(|candidate| candidate.rank >= 2) {
                texts.entry(candidate).or_default().push(text_of(*element));
            }
        }
        for (candidate, texts) in texts {
            let (numbered, all) = counted.entry(candidate).or_default();
            *all += 1;
            *numbered += usize::from(are_numbers(&texts));
        }
    }
    counted
        .into_iter()
        .filter(|(_, (numbered, all))| *numbered > 0 && numbered * 100 >= all * PURE)
        .filter(|(_, (numbered, _))| *numbered >= LEAST_LINES)
        .map(|(candidate, (numbered, _))| Finding {
            selector: candidate.selector(),
            evidence: format!("counts the lines of {numbered} blocks"),
        })
        .collect()
}

fn is_known(element: ElementRef<'_>, base: &SelectorProfile) -> bool {
    ancestry(element).any(|above| base.code.remove.matches(above))
}

/// Whether the texts together are 1, 2, 3 and so on.
fn are_numbers(texts: &[String]) -> bool {
    let words: Vec<&str> = texts.iter().flat_map(|text| text.split_whitespace()).collect();
    words.len() >= LEAST_LINES
        && words.iter().enumerate().all(|(place, word)| word.parse::<usize>().is_ok_and(|number| number == place + 1))
}
