//! What most titles of a site share and what tells none apart: numbers of sections, and words at the end.
//!
//! A book that is cut into pages numbers them (`5.4. Constraints`, `Chapter 26. Backup`), and generators put the kind of
//! page behind every title (`name(1) Manual Page`). Neither is how a reader asks for a page.

use std::collections::HashMap;

use crate::skill::pages::label::without_number;

/// Sites with fewer pages share their words by chance.
const FEWEST_PAGES: usize = 8;
/// The most words at the end of a title that are looked at.
const MOST_WORDS: usize = 4;

/// The titles without what most of them share, in their order; `start` is what the first page is called.
pub(super) fn own_titles(titles: &[&str], start: Option<&str>) -> Vec<String> {
    let mut own: Vec<String> = titles.iter().map(|title| (*title).to_owned()).collect();
    if own.len() < FEWEST_PAGES {
        return own;
    }
    if let Some(site) = start.map(|title| format!("{title}: ")) {
        for title in &mut own {
            if let Some(end) = title.strip_prefix(&site) {
                *title = end.to_owned();
            }
        }
    }
    let numbered = own.iter().filter(|title| without_number(title).len() < title.len()).count();
    // Part, bibliography and index have no number, and of a manual with a reference only one half has.
    if numbered * 3 >= own.len() {
        own = own.iter().map(|title| without_number(title).to_owned()).collect();
    }
    if let Some(ending) = shared_ending(&own) {
        for title in &mut own {
            if let Some(start) = title.strip_suffix(&ending) {
                *title = start.to_owned();
            }
        }
    }
    own
}

/// A title without its numbers: pages that differ by those alone have one title.
pub(super) fn unnumbered(title: &str) -> String {
    let has_digit = |word: &&str| word.contains(|character: char| character.is_ascii_digit());
    title.split_whitespace().filter(|word| !has_digit(word)).collect::<Vec<_>>().join(" ")
}

/// The longest ending of whole words, with the space before it, that more than three of five titles have.
fn shared_ending(titles: &[String]) -> Option<String> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for title in titles {
        let cuts = title.rmatch_indices(' ').take(MOST_WORDS).filter_map(|(at, _)| title.get(at..));
        cuts.for_each(|ending| *counts.entry(ending).or_default() += 1);
    }
    let shared = counts.into_iter().filter(|(_, count)| count * 5 > titles.len() * 3);
    shared.map(|(ending, _)| ending).max_by_key(|ending| (ending.len(), *ending)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::own_titles;

    fn check(titles: &[&str], own: &[&str]) {
        assert_eq!(own_titles(titles, Some("Harbour 15")), own);
    }

    #[test]
    fn numbers_of_sections_go_where_many_have_one() {
        check(
            &[
                "Harbour 15",
                "Chapter 1. Boats",
                "1.1. Hulls",
                "1.2 Sails",
                "Part II. Ports",
                "Appendix B. Flags",
                "A.3 Knots",
                "Index",
                "Harbour 15: Ropes",
            ],
            &["Harbour 15", "Boats", "Hulls", "Sails", "Ports", "Flags", "Knots", "Index", "Ropes"],
        );
    }

    #[test]
    fn a_few_numbers_stay() {
        let few = ["1. Begin", "2. Go on", "Boats", "Hulls", "Sails", "Ports", "Flags", "Knots", "Ropes"];
        check(&few, &few);
        check(&["1. Boats", "2. Hulls"], &["1. Boats", "2. Hulls"]);
    }

    #[test]
    fn an_ending_that_most_share_goes() {
        check(
            &[
                "boat(1) Manual Page",
                "hull(1) Manual Page",
                "sail(1) Manual Page",
                "port(5) Manual Page",
                "flag(7) Manual Page",
                "knot(1) Manual Page",
                "How to sail",
                "Page",
            ],
            &["boat(1)", "hull(1)", "sail(1)", "port(5)", "flag(7)", "knot(1)", "How to sail", "Page"],
        );
    }
}
