//! Blocks of code: what stands around `pre`, and what in it is no code.
//!
//! A wrapper is worth naming because it takes what themes put beside the code with it: the language in a corner, "Copy".
//! A file name there is content, so the element that holds it is suggested as the caption.

use std::collections::{BTreeMap, BTreeSet};

use scraper::{ElementRef, Node};

use crate::extract::dom::{ancestry, descendants, name, text_of};
use crate::extract::hidden::is_never_shown;
use crate::extract::infer::Finding;
use crate::extract::infer::candidate::{Candidate, of_element};
use crate::extract::infer::evidence::{Evidence, SitePages};
use crate::extract::language::stated_language;
use crate::profile::SelectorProfile;

/// How far above a `pre` its wrapper is looked for.
const LEVELS: usize = 5;
/// The share of blocks, in per cent, that must be alike for a selector to be suggested.
const SHARE: usize = 60;
/// The share of the elements of a selector, in per cent, that must be what is suggested.
const PURE: usize = 95;
/// A single line of numbers proves nothing.
const LEAST_LINES: usize = 2;
/// The longest label of a language, and the longest name of a file.
const LABEL: usize = 12;
const FILE_NAME: usize = 80;
/// Words of a class that say what it is for; other classes may be there for another reason.
const SPEAKING: [&str; 5] = ["code", "highlight", "language", "source", "snippet"];

/// What is suggested for `[code]`.
#[derive(Debug, Default)]
pub(super) struct CodeFindings {
    pub(super) blocks: Vec<Finding>,
    pub(super) captions: Vec<Finding>,
    pub(super) remove: Vec<Finding>,
}

/// The blocks, their captions, and what to leave out of them.
pub(super) fn infer(site: &SitePages<'_>, base: &SelectorProfile) -> CodeFindings {
    let blocks: Vec<(&Evidence<'_>, ElementRef<'_>)> = site
        .pages
        .iter()
        .flat_map(|page| page.root().into_iter().flat_map(blocks_of).map(move |block| (page, block)))
        .collect();
    if blocks.is_empty() {
        return CodeFindings::default();
    }
    let tagged = blocks
        .iter()
        .filter(|(_, block)| stated_language(base, *block).is_some_and(|language| !language.is_empty()))
        .count();
    let of_all = format!("{tagged} of {} blocks state their language", blocks.len());
    let wrapper = wrapper(site, &blocks);
    let captions = wrapper.as_ref().map(|(wrapper, _)| captions(site, wrapper, base)).unwrap_or_default();
    let block = match wrapper {
        Some((candidate, count)) => Finding {
            selector: candidate.selector(),
            evidence: format!("around {count} blocks, one in each, with no other text than labels; {of_all}"),
        },
        None => Finding { selector: "pre".to_owned(), evidence: format!("no common wrapper; {of_all}") },
    };
    CodeFindings { blocks: vec![block], captions, remove: numbers(&blocks, base) }
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

/// The selector of what stands around most blocks and holds no text besides but labels and file names.
fn wrapper<'a>(
    site: &'a SitePages<'_>,
    blocks: &[(&Evidence<'a>, ElementRef<'_>)],
) -> Option<(Candidate, usize)> {
    let mut counted: BTreeMap<Candidate, (usize, usize)> = BTreeMap::new();
    for (page, block) in blocks {
        let above = ancestry(*block).skip(1).take(LEVELS);
        let wrappers = above.take_while(|above| is_around_one(*above) && holds_labels_only(page, *above));
        let mut known = BTreeSet::new();
        for (level, wrapper) in wrappers.enumerate() {
            for candidate in of_element(wrapper).into_iter().filter(|candidate| candidate.rank >= 2) {
                if known.insert(candidate.clone()) {
                    let (count, levels) = counted.entry(candidate).or_default();
                    *count += 1;
                    *levels += level;
                }
            }
        }
    }
    counted.retain(|candidate, (count, _)| {
        let matches = || site.pages.iter().flat_map(|page| page.matches(candidate));
        let pure = matches().filter(|wrapper| is_around_one(*wrapper)).count();
        *count * 100 >= blocks.len() * SHARE && pure * 100 >= matches().count() * PURE
    });
    let most = counted.values().map(|(count, _)| *count).max().unwrap_or(0);
    counted.retain(|_, (count, _)| *count * 100 >= most * PURE);
    // The outermost has the most of the labels and buttons that are no code.
    let best = counted.into_iter().max_by_key(|(candidate, (count, levels))| {
        let speaks = SPEAKING.iter().any(|word| candidate.base.to_lowercase().contains(word));
        (speaks, levels * 10 / count, std::cmp::Reverse(candidate.rank))
    });
    best.map(|(candidate, (count, _))| (candidate, count))
}

/// Whether all text beside the code is what most pages have, a language, or the name of a file.
fn holds_labels_only(page: &Evidence<'_>, wrapper: ElementRef<'_>) -> bool {
    texts_beside(wrapper)
        .iter()
        .all(|(holder, text)| page.sums_of(*holder).own == 0 || is_label(text) || is_file_name(text))
}

/// The texts of a wrapper outside of its block, with the elements that hold them.
fn texts_beside(wrapper: ElementRef<'_>) -> Vec<(ElementRef<'_>, String)> {
    let mut found = Vec::new();
    let mut pending = vec![wrapper];
    while let Some(element) = pending.pop() {
        if matches!(name(element), "pre" | "code") || is_never_shown(element) {
            continue;
        }
        let own = element.children().filter_map(|child| match child.value() {
            Node::Text(text) => Some(text.trim()),
            _ => None,
        });
        let own = own.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ");
        if !own.is_empty() {
            found.push((element, own));
        }
        pending.extend(element.child_elements());
    }
    found
}

fn is_label(text: &str) -> bool {
    text.len() <= LABEL && !text.contains(char::is_whitespace) && !is_file_name(text)
}

fn is_file_name(text: &str) -> bool {
    let ending = text.rsplit_once('.').map_or("", |(_, ending)| ending);
    text.len() <= FILE_NAME
        && !text.contains(char::is_whitespace)
        && (text.contains('/') || (1..=6).contains(&ending.len()))
}

/// The elements within the wrappers that hold the names of files.
fn captions(site: &SitePages<'_>, wrapper: &Candidate, base: &SelectorProfile) -> Vec<Finding> {
    let mut counted: BTreeMap<Candidate, (usize, usize)> = BTreeMap::new();
    for wrapper in site.pages.iter().flat_map(|page| page.matches(wrapper)) {
        for (holder, text) in texts_beside(wrapper) {
            if ancestry(holder).any(|above| base.code.captions.matches(above)) {
                continue;
            }
            for candidate in of_element(holder).into_iter().filter(|candidate| candidate.rank >= 2) {
                let (names, all) = counted.entry(candidate).or_default();
                *all += 1;
                *names += usize::from(is_file_name(&text));
            }
        }
    }
    let best = counted
        .into_iter()
        .filter(|(_, (names, all))| *names > 0 && names * 100 >= all * PURE)
        .max_by_key(|(candidate, (names, _))| (*names, std::cmp::Reverse(candidate.clone())));
    best.map(|(candidate, (names, _))| Finding {
        selector: candidate.selector(),
        evidence: format!("the name of a file, {names} times"),
    })
    .into_iter()
    .collect()
}

fn is_around_one(element: ElementRef<'_>) -> bool {
    blocks_of(element).count() == 1
}

/// The elements that number the lines: 1, 2, 3 and so on in each block.
fn numbers(blocks: &[(&Evidence<'_>, ElementRef<'_>)], base: &SelectorProfile) -> Vec<Finding> {
    let mut counted: BTreeMap<Candidate, (usize, usize)> = BTreeMap::new();
    for (_, block) in blocks {
        let mut texts: BTreeMap<Candidate, Vec<String>> = BTreeMap::new();
        for element in descendants(*block).filter(|below| !is_never_shown(*below) && !is_known(*below, base))
        {
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
        && words
            .iter()
            .enumerate()
            .all(|(place, word)| word.parse::<usize>().is_ok_and(|number| number == place + 1))
}
