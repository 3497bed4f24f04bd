//! What most titles of a site share and what tells none apart: numbers of sections, and words at the end.
//!
//! A book that is cut into pages numbers them (`5.4. Constraints`, `Chapter 26. Backup`), and generators put the kind of
//! page behind every title (`name(1) Manual Page`). Neither is how a reader asks for a page.

use std::collections::{HashMap, HashSet};

use crate::document::{Block, Document, Inline, plain_text};
use crate::skill::pages::label::without_number;

/// Sites with fewer pages share their words by chance.
const FEWEST_PAGES: usize = 8;
/// The most words at the end of a title that are looked at.
const MOST_WORDS: usize = 4;

/// What a number counts where it is no part of a name.
const SECTIONS: [&str; 5] = ["section", "chapter", "part", "appendix", "§"];

/// Whether the site numbers its pages. Part, bibliography and index have no number, and of a manual with a reference only
/// one half has. What would be told apart by its number alone (release notes) is not numbered but named by it.
fn are_numbered(titles: &[&str]) -> bool {
    let numbered = titles.iter().filter(|title| without_number(title).len() < title.len()).count();
    let (named, bare): (HashSet<&str>, HashSet<&str>) =
        titles.iter().map(|title| (*title, without_number(title))).unzip();
    titles.len() >= FEWEST_PAGES && numbered * 3 >= titles.len() && bare.len() * 10 >= named.len() * 9
}

/// Whether a title or heading is numbered as books are cut: by levels, or as a chapter. Steps that an author counts are
/// not.
fn is_of_book(text: &str) -> bool {
    let number = text.get(..text.len() - without_number(text).len()).unwrap_or_default();
    let levels = number.trim_end_matches([' ', '\u{a0}', '.', ':', '-', '–', '—']).contains('.');
    levels || number.starts_with(char::is_alphabetic) && number.trim_end().contains([' ', '\u{a0}'])
}

/// Takes the numbers of sections out of the titles and headings of a site whose pages are numbered.
pub fn drop_numbers<'a>(documents: impl Iterator<Item = &'a mut Document>) {
    let documents: Vec<&mut Document> = documents.collect();
    let titles: Vec<&str> = documents.iter().map(|document| document.title.as_str()).collect();
    let is_heading_of_book = |block: &Block| match block {
        Block::Heading { content, .. } => is_of_book(&plain_text(content)),
        _ => false,
    };
    let is_book = || {
        titles.iter().any(|title| is_of_book(title))
            || documents.iter().any(|document| document.blocks.iter().any(is_heading_of_book))
    };
    if !are_numbered(&titles) || !is_book() {
        return;
    }
    for document in documents {
        document.title = without_number(&document.title).to_owned();
        for block in &mut document.blocks {
            if let Block::Heading { content, .. } = block {
                drop_number(content);
            }
        }
    }
}

/// The number stands in the first words of a heading, before any code or link.
fn drop_number(heading: &mut [Inline]) {
    let text = plain_text(heading);
    let number = text.len() - without_number(&text).len();
    if let Some(Inline::Text(first)) = heading.first_mut()
        && let Some(own) = first.get(number..)
    {
        *first = own.to_owned();
    }
}

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
    let titles: Vec<&str> = own.iter().map(String::as_str).collect();
    if are_numbered(&titles) && titles.iter().any(|title| is_of_book(title)) {
        own = titles.into_iter().map(|title| without_number(title).to_owned()).collect();
    }
    if let Some(ending) = shared_ending(&own) {
        for title in &mut own {
            // What is left has to be a name still.
            let start = title.strip_suffix(&ending).filter(|start| start.chars().any(char::is_alphabetic));
            if let Some(start) = start {
                *title = start.to_owned();
            }
        }
    }
    own
}

/// A title without the numbers behind `Section` and the like: pages that differ by those alone have one title.
pub(super) fn unnumbered(title: &str) -> String {
    let is_number = |word: &&str| {
        let word = word.trim_matches(['(', ')', ':', ',']);
        let mut parts = word.trim_end_matches('.').split('.').enumerate();
        parts.all(|(at, part)| {
            let letter = at == 0 && word.contains('.') && part.len() == 1;
            letter || !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    let is_kind = |word: &str| {
        SECTIONS.iter().any(|kind| word.trim_start_matches(['(', '[']).eq_ignore_ascii_case(kind))
    };
    let mut kept: Vec<&str> = Vec::new();
    for word in title.split_whitespace() {
        let counts = kept.last().is_some_and(|before| is_kind(before)) && is_number(&word);
        if !counts {
            kept.push(word);
        }
    }
    kept.join(" ")
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
    use super::{drop_numbers, own_titles, unnumbered};
    use crate::document::{Block, Document, Inline};

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
    fn headings_of_a_numbered_site_lose_their_numbers() {
        let heading = |content| Block::Heading { level: 2, id: None, content };
        let text = |words: &str| Inline::Text(words.to_owned());
        let page = |number: usize| Document {
            title: format!("{number}. Boats of kind {number}"),
            blocks: vec![
                heading(vec![text("1.2. Hulls of "), Inline::Code("oak".to_owned())]),
                heading(vec![Inline::Code("1.2 oak".to_owned())]),
                heading(vec![text("Masts")]),
                Block::Paragraph(vec![text("1.2 tons")]),
            ],
            ..Document::default()
        };
        let mut pages: Vec<Document> = (1..9).map(page).collect();
        drop_numbers(pages.iter_mut());
        let own = vec![
            heading(vec![text("Hulls of "), Inline::Code("oak".to_owned())]),
            heading(vec![Inline::Code("1.2 oak".to_owned())]),
            heading(vec![text("Masts")]),
            Block::Paragraph(vec![text("1.2 tons")]),
        ];
        assert!(pages.iter().all(|page| page.title.starts_with("Boats of kind") && page.blocks == own));
        let mut few: Vec<Document> = (1..4).map(page).collect();
        drop_numbers(few.iter_mut());
        assert_eq!(few[0], page(1));
    }

    #[test]
    fn a_number_of_a_section_is_no_name() {
        assert_eq!(unnumbered("Boats 9.0.4 Manual: Section A.24"), "Boats 9.0.4 Manual: Section");
        assert_eq!(unnumbered("boat(1) Manual Page"), "boat(1) Manual Page");
        assert_eq!(unnumbered("Packing crates of kind 7"), "Packing crates of kind 7");
    }

    #[test]
    fn a_few_numbers_stay() {
        let few = ["1. Begin", "2. Go on", "Boats", "Hulls", "Sails", "Ports", "Flags", "Knots", "Ropes"];
        check(&few, &few);
        check(&["1. Boats", "2. Hulls"], &["1. Boats", "2. Hulls"]);
    }

    #[test]
    fn what_an_author_counts_and_what_is_named_by_its_number_stays() {
        let steps: Vec<String> = ["Begin", "Sail", "Moor", "Anchor", "Turn", "Reef", "Dock", "Rest"]
            .iter()
            .zip(1..)
            .map(|(step, number)| format!("{number}. {step}"))
            .collect();
        let releases: Vec<String> = (0..9).map(|minor| format!("2.{minor} release notes")).collect();
        for titles in [steps, releases] {
            let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
            check(&titles, &titles);
            let page = |title: &&str| Document { title: (*title).to_owned(), ..Document::default() };
            let mut pages: Vec<Document> = titles.iter().map(page).collect();
            drop_numbers(pages.iter_mut());
            assert_eq!(pages.iter().map(|page| page.title.as_str()).collect::<Vec<_>>(), titles);
        }
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
