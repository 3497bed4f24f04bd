//! Folds what several pages repeat: a section that stands on another page already becomes one line that leads there.
//!
//! A section is folded whole where it says the same to the letter but for white space. Where it is nearly the same, with
//! its code the same to the letter, only the blocks that the other page has as well are folded, and those that differ
//! stay: no text that differs is ever lost. A page that nearly repeats another as a whole is treated as one section.

use std::collections::{BTreeMap, BTreeSet};

use crate::skill::pages::place::Place;
use crate::skill::pages::reference::Reference;
use crate::skill::text::outline::headings;
use crate::skill::text::passage::{Passage, passages};
use crate::skill::text::quote::escape;
use crate::skill::text::slug::Anchors;
use crate::url::PageKey;

/// A repeated section shorter than this is left where it stands, in bytes: a link would hardly be shorter.
const SHORTEST: usize = 240;
/// What is nearly the same must be longer, in bytes.
const SHORTEST_LIKE: usize = 400;
/// How alike two sections are at least to be nearly the same.
const ALIKE: f64 = 0.95;

/// A section that was folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folded {
    /// The index of the page that it stood on.
    pub reference: usize,
    /// Its heading; the title of a page that was folded as a whole.
    pub heading: String,
    /// The index of the page that has it.
    pub kept_on: usize,
}

/// What came of folding.
#[derive(Debug, Default)]
pub struct Folds {
    /// The folded sections, by page and place.
    pub sections: Vec<Folded>,
    /// Headings that are gone: page and anchor, and the page and anchor that has them.
    pub moved: BTreeMap<(PageKey, String), (PageKey, String)>,
}

/// Folds repeated sections in the Markdown of the pages.
pub fn fold(references: &mut [Reference], places: &[Place]) -> Folds {
    let mut passages: Vec<Passage> = references
        .iter()
        .enumerate()
        .flat_map(|(index, reference)| passages(index, &reference.title, &reference.markdown))
        .filter(|passage| passage.range.len() >= SHORTEST)
        .collect();
    let mut counts: BTreeMap<u64, usize> = BTreeMap::new();
    for passage in &passages {
        *counts.entry(passage.key).or_default() += 1;
    }
    // Most sections have a heading of their own and need not be read.
    passages.retain(|passage| counts.get(&passage.key).is_some_and(|count| *count > 1));
    for passage in &mut passages {
        if let Some(reference) = references.get(passage.reference) {
            passage.read(&reference.markdown);
        }
    }
    let decisions = decide(&passages, references, places);
    apply(references, &passages, &decisions)
}

/// Which passage gives way to which, by their indices.
type Decisions = BTreeMap<usize, usize>;

fn decide(passages: &[Passage], references: &[Reference], places: &[Place]) -> Decisions {
    // Passages that may be the same share a key; the largest are looked at first, so that what lies within a folded one
    // is not looked at again.
    let mut groups: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (index, passage) in passages.iter().enumerate() {
        groups.entry(passage.key).or_default().push(index);
    }
    let largest = |group: &Vec<usize>| {
        group.iter().filter_map(|index| passages.get(*index)).map(|passage| passage.range.len()).max()
    };
    let mut groups: Vec<Vec<usize>> = groups.into_values().filter(|group| group.len() > 1).collect();
    groups.sort_by_key(|group| (std::cmp::Reverse(largest(group)), group.first().copied()));
    let mut decisions = Decisions::new();
    let mut gone: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut stays: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for group in groups {
        let mut kept: Vec<usize> = Vec::new();
        let mut order: Vec<(bool, (usize, usize, usize), usize)> = Vec::new();
        for index in group {
            let Some(passage) = passages.get(index) else { continue };
            if !touches_any(passage, &gone, passages) {
                // What is pointed to stays whole.
                let movable = !touches_any(passage, &stays, passages);
                order.push((movable, rank(passage, references, places), index));
            }
        }
        order.sort_unstable();
        for (movable, _, index) in order {
            let Some(passage) = passages.get(index) else { continue };
            let twin = kept.iter().find(|other| {
                let other = passages.get(**other);
                other.is_some_and(|other| other.reference != passage.reference && same(passage, other))
            });
            match twin.filter(|_| movable) {
                Some(twin) => {
                    decisions.insert(index, *twin);
                    gone.entry(passage.reference).or_default().push(index);
                    if let Some(kept) = passages.get(*twin) {
                        stays.entry(kept.reference).or_default().push(*twin);
                    }
                }
                None => kept.push(index),
            }
        }
    }
    decisions
}

fn touches_any(passage: &Passage, marked: &BTreeMap<usize, Vec<usize>>, passages: &[Passage]) -> bool {
    let others = marked.get(&passage.reference).into_iter().flatten();
    others.filter_map(|other| passages.get(*other)).any(|other| passage.touches(other))
}

/// Where a passage belongs best: on a page whose title is about it, else on the first page of the reading order.
fn rank(passage: &Passage, references: &[Reference], places: &[Place]) -> (usize, usize, usize) {
    let title = references.get(passage.reference).map_or_else(String::new, |page| page.title.to_lowercase());
    let heading = passage.heading.to_lowercase();
    let words: BTreeSet<&str> = heading.split_whitespace().filter(|word| word.len() > 3).collect();
    let missing = words.iter().filter(|word| !title.contains(**word)).count();
    let position = places.get(passage.reference).map_or(usize::MAX, |place| place.position);
    (if missing < words.len() { missing } else { usize::MAX }, position, passage.reference)
}

fn same(passage: &Passage, other: &Passage) -> bool {
    passage.text == other.text
        || (passage.range.len().min(other.range.len()) >= SHORTEST_LIKE
            && passage.code == other.code
            && passage.likeness(other) >= ALIKE)
}

fn apply(references: &mut [Reference], passages: &[Passage], decisions: &Decisions) -> Folds {
    let mut folds = Folds::default();
    let anchors: Vec<Vec<(usize, String)>> = references.iter().map(heading_anchors).collect();
    let links: BTreeMap<usize, String> = decisions
        .values()
        .filter_map(|twin| Some((*twin, link(passages.get(*twin)?, references, &anchors)?)))
        .collect();
    // From the end of each page to its beginning, so that ranges stay true.
    let mut order: Vec<(&usize, &usize)> = decisions.iter().collect();
    order.sort_by_key(|(index, _)| {
        passages.get(**index).map(|passage| (passage.reference, std::cmp::Reverse(passage.range.start)))
    });
    for (index, twin) in order {
        let (Some(passage), Some(kept), Some(link)) =
            (passages.get(*index), passages.get(*twin), links.get(twin))
        else {
            continue;
        };
        let rest = passage.rest(kept);
        moved(references, passage, kept, &anchors, &rest, &mut folds);
        let Some(reference) = references.get_mut(passage.reference) else { continue };
        let head = reference.markdown.get(passage.range.start..passage.body).unwrap_or_default().trim_end();
        let mut text = String::new();
        for part in [head, &format!("→ {link}"), &rest.text] {
            if !part.is_empty() {
                text.push_str(part);
                text.push_str("\n\n");
            }
        }
        reference.markdown.replace_range(passage.range.clone(), &text);
        folds.sections.push(Folded {
            reference: passage.reference,
            heading: passage.heading.clone(),
            kept_on: kept.reference,
        });
    }
    folds
        .sections
        .sort_by(|left, right| (left.reference, &left.heading).cmp(&(right.reference, &right.heading)));
    folds
}

/// The link to a passage, as a page of the site would write it; it is turned inwards with all others.
fn link(passage: &Passage, references: &[Reference], anchors: &[Vec<(usize, String)>]) -> Option<String> {
    let page = references.get(passage.reference)?;
    let title = escape(&page.title);
    if passage.is_page() {
        return Some(format!("[{title}]({})", page.url));
    }
    let (_, anchor) = anchors.get(passage.reference)?.iter().find(|(at, _)| *at == passage.range.start)?;
    Some(format!("[{title}: {}]({}#{anchor})", escape(&passage.heading), page.url))
}

/// The anchor of every heading of a page by where it stands: its own, else the one that GitHub gives.
fn heading_anchors(reference: &Reference) -> Vec<(usize, String)> {
    let mut own = Anchors::default();
    // The page stands under its title.
    own.next(&reference.title);
    let mut ids = reference.heading_ids.iter();
    let mut anchors = Vec::new();
    for heading in headings(&reference.markdown) {
        let mut rest = ids.clone();
        let given = own.next(&heading.text);
        let id = rest.find(|(text, _)| *text == heading.text).map(|(_, id)| id.clone());
        if id.is_some() {
            ids = rest;
        }
        anchors.push((heading.range.start, id.unwrap_or(given)));
    }
    anchors
}

/// Says where the headings within a folded passage are now.
fn moved(
    references: &[Reference],
    passage: &Passage,
    kept: &Passage,
    anchors: &[Vec<(usize, String)>],
    rest: &crate::skill::text::passage::Rest,
    folds: &mut Folds,
) {
    let inner = |passage: &Passage| -> Vec<String> {
        let all = anchors.get(passage.reference).into_iter().flatten();
        let inside = all.filter(|(at, _)| passage.range.contains(at) && *at >= passage.body);
        inside.map(|(_, anchor)| anchor.to_lowercase()).collect()
    };
    let (Some(page), Some(other)) = (references.get(passage.reference), references.get(kept.reference))
    else {
        return;
    };
    if !rest.text.is_empty() {
        return;
    }
    for (gone, there) in inner(passage).into_iter().zip(inner(kept)) {
        folds.moved.insert((page.url.key(), gone), (other.url.key(), there));
    }
}

#[cfg(test)]
mod tests {
    use super::{Folds, fold};
    use crate::skill::pages::place::Place;
    use crate::skill::pages::reference::{Reference, plain_reference};
    use crate::url::CanonicalUrl;

    fn run(pages: &[(&str, &str)]) -> (Vec<String>, Folds) {
        let page = |(title, markdown): &(&str, &str)| {
            plain_reference(&format!("https://d.example/{}", title.to_lowercase()), title, markdown)
        };
        let mut references: Vec<Reference> = pages.iter().map(page).collect();
        let place = |position| Place { trail: vec![], position, label: None };
        let places: Vec<Place> = (0..references.len()).map(place).collect();
        let folds = fold(&mut references, &places);
        (references.into_iter().map(|reference| reference.markdown).collect(), folds)
    }

    fn install() -> String {
        format!(
            "## Install\n\n{}\n\n```sh\npip install tool\n```\n\n### Check\n\nRun it once.\n\n",
            "The tool runs on every system that has a Python of this decade. ".repeat(5)
        )
    }

    #[test]
    fn a_repeated_section_stays_once_where_it_belongs() {
        let own =
            |text: &str| format!("{text} has words of its own.\n\n{}## Next\n\nMore of {text}.", install());
        let (pages, folds) =
            run(&[("Train", &own("Train")), ("Installation", &own("It")), ("Serve", &own("Serve"))]);
        assert_eq!(folds.sections.len(), 2);
        assert!(pages[1].contains("Python of this decade"), "the page that is about it keeps it");
        assert_eq!(
            pages[0],
            "Train has words of its own.\n\n## Install\n\n→ [Installation: Install](https://d.example/installation#install)\n\n## Next\n\nMore of Train."
        );
        let key = |path: &str| CanonicalUrl::parse(&format!("https://d.example/{path}")).unwrap().key();
        let there = folds.moved.get(&(key("train"), "check".to_owned()));
        assert_eq!(there, Some(&(key("installation"), "check".to_owned())));
    }

    #[test]
    fn what_differs_stays() {
        let sentence = |number: u8| {
            format!("Worker {number} asks queue {number} for record {number} and says when it is done. ")
        };
        let tail: String = (10..40).map(sentence).collect();
        let page = |number: &str| {
            format!(
                "Page {number} of several.\n\n## Workers\n\n{tail}\n\nThis page starts {number} of them.\n\n## End {number}\n\nBye {number}."
            )
        };
        let (pages, folds) = run(&[("One", &page("1")), ("Two", &page("22"))]);
        assert_eq!(folds.sections.len(), 1);
        assert!(pages[1].contains("→ [One: Workers](https://d.example/one#workers)"));
        assert!(pages[1].contains("This page starts 22 of them."), "{}", pages[1]);
        assert!(!pages[1].contains("Worker 12"));
    }

    #[test]
    fn other_code_is_another_section() {
        let page = |code: &str| {
            format!("## Use\n\n{}\n\n```py\n{code}\n```\n", "Words that are the same. ".repeat(40))
        };
        let (_, folds) = run(&[("A", &page("run(1)")), ("B", &page("run(2)"))]);
        assert_eq!(folds.sections, []);
    }

    #[test]
    fn short_sections_stay() {
        let (_, folds) = run(&[("A", "Aa\n\n## Returns\n\nNone."), ("B", "Bb\n\n## Returns\n\nNone.")]);
        assert_eq!(folds.sections, []);
    }
}
