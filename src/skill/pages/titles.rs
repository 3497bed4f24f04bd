//! What most titles of a site share and what tells none apart: numbers of sections, and words at the end.
//!
//! A book that is cut into pages numbers them (`5.4. Constraints`, `Chapter 26. Backup`), and generators put the kind of
//! page behind every title (`name(1) Manual Page`). Neither is how a reader asks for a page.

use std::collections::HashMap;

use crate::document::{Block, Document, Inline, plain_text};
use crate::skill::pages::label::without_number;

/// Sites with fewer pages share their words by chance.
const FEWEST_PAGES: usize = 8;
/// The most words at the end of a title that are looked at.
const MOST_WORDS: usize = 4;

/// What a number counts where it is no part of a name.
const SECTIONS: [&str; 5] = ["section", "chapter", "part", "appendix", "§"];

/// Whether the site numbers its pages. Part, bibliography and index have no number, and of a manual with a reference
/// only one half has.
fn are_numbered(titles: &[&str]) -> bool {
    let numbered = titles.iter().filter(|title| without_number(title).len() < title.len()).count();
    titles.len() >= FEWEST_PAGES && numbered * 3 >= titles.len()
}

/// Takes the numbers of sections out of the titles and headings of a site whose pages are numbered.
pub fn drop_numbers<'a>(documents: impl Iterator<Item = &'a mut Document>) {
    let documents: Vec<&mut Document> = documents.collect();
    let titles: Vec<&str> = documents.iter().map(|document| document.title.as_str()).collect();
    if !are_numbered(&titles) {
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
    if are_numbered(&titles) {
        own = titles.into_iter().map(|title| without_number(title).to_owned()).collect();
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
            title: format!("{number}. Boats"),
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
        assert!(pages.iter().all(|page| page.title == "Boats" && page.blocks == own));
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
