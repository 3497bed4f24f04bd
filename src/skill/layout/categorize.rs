//! From places to files: the groups of the navigation become categories of a size that is good to read.
//!
//! In order: the places form a tree; layers that hold everything are taken off; small pages that stand alone at the top
//! are gathered; the pages in their order, with what each can be cut into, are packed into files at the cheapest
//! borders. A category is named by the groups and pages it holds.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::skill::layout::group::{Group, Member, gather_loose, take_off_wrappers};
use crate::skill::layout::measure::Measure;
use crate::skill::layout::naming::{Piece, Titles, name};
use crate::skill::layout::packing::{Room, Unit, pack};
use crate::skill::layout::piece::piece;
use crate::skill::layout::portions::{Border, Portion};
use crate::skill::limits::Limits;
use crate::skill::pages::label;
use crate::skill::pages::place::Place;
use crate::skill::pages::reference::Reference;

/// What the opening of every file takes at most, in bytes and tokens.
const HEAD: (usize, usize) = (200, 60);

/// A heading up to this many bytes goes into the name of a file.
const SHORT_HEADING: usize = 32;
/// The price of a file that holds two top-level groups, of which neither is large enough for a file.
const SMALL_GROUPS: f64 = 0.25;

/// A reference file to be: its name and what stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// The top-level group that it belongs to; empty for the site's loose pages.
    pub group: String,
    /// Its title, unique in the skill.
    pub title: String,
    /// Its file name without extension, unique in the skill.
    pub slug: String,
    /// The pages in order.
    pub pages: Vec<PagePart>,
}

/// A page, or a part of a page that is too large for one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagePart {
    /// The index of the reference.
    pub reference: usize,
    /// The bytes of its Markdown that stand here.
    pub range: Range<usize>,
    /// For every part of a torn page but the first: the heading that it begins with, or goes on below.
    pub from: Option<String>,
    /// For the same parts: a heading in it that makes a short name.
    pub called: Option<String>,
}

/// Sorts references into categories. Every byte of every reference is in exactly one of them.
pub fn categorize(
    references: &[Reference],
    measures: &[Measure],
    places: &[Place],
    start: Option<usize>,
    limits: &Limits,
) -> Vec<Category> {
    let mut order: Vec<usize> = (0..references.len()).collect();
    order.sort_by_key(|index| {
        let position = places.get(*index).map_or(usize::MAX, |place| place.position);
        (start != Some(*index), position, references.get(*index).map(|reference| reference.url.clone()))
    });
    let mut root = Group::new("");
    for index in order {
        let Some(place) = places.get(index) else { continue };
        root.insert(&place.trail, index);
    }
    take_off_wrappers(&mut root);
    gather_loose(&mut root, &|page| {
        measures.get(page).is_some_and(|measure| measure.bytes() < limits.small())
    });
    let titles = Titles::new(references, places);
    let pieces: Vec<Piece> =
        files(&root, measures, limits).into_iter().map(|parts| piece(parts, &root, &titles, start)).collect();
    name(pieces, &titles)
}

/// The pages of each file.
fn files(root: &Group, measures: &[Measure], limits: &Limits) -> Vec<Vec<PagePart>> {
    let mut spots = Vec::new();
    walk(root, &mut Vec::new(), &mut spots);
    let mut units = Vec::new();
    let mut origins: Vec<(usize, usize)> = Vec::new();
    let mut before: Option<&[String]> = None;
    let top = |trail: &[String]| trail.first().cloned();
    let mut top_sizes: BTreeMap<Option<String>, usize> = BTreeMap::new();
    for (page, trail) in &spots {
        *top_sizes.entry(top(trail)).or_default() += measures.get(*page).map_or(0, Measure::bytes);
    }
    for (page, trail) in &spots {
        let Some(measure) = measures.get(*page) else { continue };
        let small = |trail: &[String]| top_sizes.get(&top(trail)).is_none_or(|size| *size < limits.small());
        let between = before.map_or((0.0, 0.0), |before| match page_border(before, trail) {
            (cut, _) if top(before) != top(trail) && small(before) && small(trail) => (cut, SMALL_GROUPS),
            prices => prices,
        });
        for (number, portion) in measure.portions.iter().enumerate() {
            let (cut, join) = match portion.border {
                Border::Page => between,
                inner => (portion_cut(inner, measure.bytes() <= limits.most), 0.0),
            };
            let (bytes, tokens) = measure.room(portion);
            let begins = number == 0;
            let opening = if begins { measure.opening } else { (0, 0) };
            units.push(Unit {
                bytes: bytes + opening.0,
                tokens: tokens + opening.1,
                opening: measure.opening,
                begins,
                cut,
                join,
            });
            origins.push((*page, number));
        }
        before = Some(trail.as_slice());
    }
    let room = Room { least: limits.least, most: limits.most, tokens: limits.max_tokens, head: HEAD };
    let cuts = pack(&units, room);
    let ends = cuts.iter().skip(1).copied().chain([origins.len()]);
    let runs = cuts.iter().zip(ends).filter_map(|(start, end)| origins.get(*start..end));
    runs.map(|run| parts(run, measures)).collect()
}

/// Pages with the names of the groups they stand in, in reading order.
fn walk(group: &Group, trail: &mut Vec<String>, spots: &mut Vec<(usize, Vec<String>)>) {
    for member in &group.members {
        match member {
            Member::Page(page) => spots.push((*page, trail.clone())),
            Member::Group(inner) => {
                trail.push(inner.title.clone());
                walk(inner, trail, spots);
                trail.pop();
            }
        }
    }
}

/// What it costs to cut between two pages, and what to put them into one file.
fn page_border(before: &[String], after: &[String]) -> (f64, f64) {
    let shared = before.iter().zip(after).take_while(|(left, right)| left == right).count();
    if before == after {
        (0.08, 0.0)
    } else if shared > 0 {
        (0.03, 0.04)
    } else {
        (0.0, 1.5)
    }
}

/// What it costs to tear a page at a border within it; one that fits into a file is torn only where it must be.
fn portion_cut(border: Border, fits: bool) -> f64 {
    let price = match border {
        Border::Page => 0.0,
        Border::Section(depth) => 0.2 + 0.08 * f64::from(depth),
        Border::Item => 0.7,
        Border::Block => 1.0,
    };
    if fits { price + 3.0 } else { price }
}

/// The portions of one file as parts of pages.
fn parts(run: &[(usize, usize)], measures: &[Measure]) -> Vec<PagePart> {
    let mut parts: Vec<PagePart> = Vec::new();
    let chunks = run.chunk_by(|left, right| left.0 == right.0);
    for chunk in chunks {
        let (Some((page, first)), Some((_, last))) = (chunk.first(), chunk.last()) else { continue };
        let portions = measures.get(*page).and_then(|measure| measure.portions.get(*first..=*last));
        let Some([opening, ..]) = portions else { continue };
        let end = portions.and_then(<[Portion]>::last).map_or(opening.end, |portion| portion.end);
        let continues = *first > 0;
        parts.push(PagePart {
            reference: *page,
            range: opening.start..end,
            from: continues.then(|| opening.heading.clone().unwrap_or_default()),
            called: portions.filter(|_| continues).and_then(short_heading),
        });
    }
    parts
}

/// The first of the outermost headings of these portions that makes a short name: few words and no mathematics.
fn short_heading(portions: &[Portion]) -> Option<String> {
    let depth = |portion: &Portion| match portion.border {
        Border::Section(depth) => Some(depth),
        _ => None,
    };
    let short = |heading: &&String| {
        heading.len() <= SHORT_HEADING
            && heading.split_whitespace().count() <= 5
            && !heading.contains(['\\', '$', '{'])
            && label::of_heading(heading).is_some()
    };
    let named = |wanted: u8| {
        let those = portions.iter().filter(move |portion| depth(portion) == Some(wanted));
        those.filter_map(|portion| portion.heading.as_ref()).find(short).cloned()
    };
    let depths: BTreeSet<u8> = portions.iter().filter_map(depth).collect();
    depths.into_iter().find_map(named)
}

/// The pages that a file holds a part of.
pub fn pages_in(parts: &[PagePart]) -> BTreeSet<usize> {
    parts.iter().map(|part| part.reference).collect()
}

#[cfg(test)]
mod tests {
    use super::{Category, categorize};
    use crate::skill::layout::measure::measure;
    use crate::skill::limits::Limits;
    use crate::skill::pages::place::Place;
    use crate::skill::pages::reference::{Reference, plain_reference};

    const LIMITS: Limits = Limits { least: 10_000, most: 20_000, max_tokens: 10_000, router: None };

    fn reference(title: &str, markdown: &str) -> Reference {
        plain_reference(&format!("https://d.example/{title}"), title, markdown)
    }

    /// Pages as `group/group/title size in KB`, categories as `slug: titles`.
    fn check(pages: &[&str], wanted: &[&str]) {
        let mut references = Vec::new();
        let mut places = Vec::new();
        for (position, page) in pages.iter().enumerate() {
            let (path, size) = page.rsplit_once(' ').unwrap();
            let mut trail: Vec<String> = path.split('/').map(str::to_owned).collect();
            let size = size.parse::<usize>().unwrap() * 100;
            references.push(reference(&trail.pop().unwrap(), &"some words ".repeat(size / 11)));
            places.push(Place { trail, position, label: None });
        }
        let categories = categorize(&references, &measure(&references, &LIMITS), &places, Some(0), &LIMITS);
        let line = |category: &Category| {
            let titles = category.pages.iter().map(|part| references[part.reference].title.clone());
            format!("{}: {}", category.slug, titles.collect::<Vec<_>>().join(" "))
        };
        assert_eq!(categories.iter().map(line).collect::<Vec<_>>(), wanted);
    }

    #[test]
    fn groups_become_files() {
        check(&["Guide/a 60", "Guide/b 60", "API/c 60", "API/d 60"], &["guide: a b", "api: c d"]);
    }

    #[test]
    fn a_layer_around_everything_is_taken_off() {
        check(
            &["Docs/Guide/a 60", "Docs/Guide/b 60", "Docs/API/c 60", "Docs/API/d 60"],
            &["guide: a b", "api: c d"],
        );
    }

    #[test]
    fn loose_small_pages_stand_together() {
        check(
            &["home 30", "Guide/a 60", "Guide/b 60", "faq 40", "Glossary/c 30"],
            &["overview: home faq c", "guide: a b"],
        );
    }

    #[test]
    fn large_groups_are_cut_by_their_groups_then_by_pages() {
        check(
            &["G/X/a 140", "G/X/b 40", "G/Y/c 90", "G/Y/d 80", "G/Y/e 110", "H/f 60", "H/g 60"],
            &["g-x: a b", "g-y-c-and-d: c d", "g-y-e: e", "h: f g"],
        );
        let set = ["a", "b", "c", "d", "e", "f", "g", "h"].map(|page| format!("Set/{page} 40"));
        check(&set.each_ref().map(String::as_str), &["set-a-to-d: a b c d", "set-e-to-h: e f g h"]);
    }

    #[test]
    fn a_small_group_keeps_its_file_beside_a_large_one() {
        check(&["G/a 20", "G/b 20", "H/c 130"], &["g: a b", "h: c"]);
        check(&["G/a 20", "G/b 20", "H/c 20", "H/d 20", "I/e 130"], &["g-and-h: a b c d", "i: e"]);
    }

    #[test]
    fn tiny_neighbours_join_under_the_name_of_what_holds_them() {
        check(&["G/X/a 20", "G/Y/b 20", "G/Z/c 20", "G/Z/d 60", "H/e 120"], &["g: a b c d", "h: e"]);
    }

    #[test]
    fn only_a_page_that_is_too_large_is_cut_and_nothing_is_lost() {
        let section =
            |name: &str| format!("## {name}\n\n```\n# no heading\n```\n\n{}\n\n", "why so ".repeat(1_700));
        let markdown = ["One", "Two", "Three"].map(section).concat();
        let references = [reference("Big", &markdown), reference("Whole", &"zu ".repeat(6_400))];
        let place = |position| Place { trail: vec!["G".into()], position, label: None };
        let categories =
            categorize(&references, &measure(&references, &LIMITS), &[place(0), place(1)], None, &LIMITS);
        let titles: Vec<&str> = categories.iter().map(|category| category.title.as_str()).collect();
        assert_eq!(titles, ["G: Big", "G: Big: Two", "G: Big: Three", "G: Whole"]);
        let parts =
            categories[..3].iter().map(|category| &references[0].markdown[category.pages[0].range.clone()]);
        assert_eq!(parts.collect::<String>(), references[0].markdown);
    }
}
