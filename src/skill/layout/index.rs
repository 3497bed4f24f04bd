//! `references/index.md`: every page with its place, one line of what it answers, the names it documents, its sections, and
//! the terms that tell it from the others.
//!
//! It is made to be searched: everything that tells a page stands on one line with the page's file. An index that is
//! over the cap on tokens is split; `index.md` then says what stands in which part.

use std::collections::{BTreeMap, BTreeSet};

use crate::skill::layout::index_parts::{Entry, split};
use crate::skill::layout::references::{PageEntry, ReferenceFile};
use crate::skill::layout::terms::Terms;
use crate::skill::pages::label;
use crate::skill::pages::reference::Reference;
use crate::skill::pages::symbols::{Symbol, SymbolRole};
use crate::skill::text::quote::{code_span, escape, shorten};

/// The most names that a line of the index lists.
const MOST_SYMBOLS: usize = 12;
/// The most that a line says of the sections of its page, in bytes.
const LONGEST_SECTIONS: usize = 1_000;
/// A section's name beyond this is shortened, in characters.
const LONGEST_SECTION: usize = 90;
/// A heading that more pages have tells none of them.
const MOST_SHARING: usize = 6;

/// Writes the index: file names within `references/` and texts, `index.md` first; none has more tokens than `most` where
/// a line has not.
pub fn index(
    skill_title: &str,
    files: &[ReferenceFile],
    references: &[Reference],
    most: usize,
) -> Vec<(String, String)> {
    let sharing = sharing(files);
    let terms = Terms::new(files);
    let mut entries = Vec::new();
    for (number, file) in files.iter().enumerate() {
        for (position, page) in file.pages.iter().enumerate() {
            let Some(reference) = references.get(page.reference) else { continue };
            let torn = page.continued || is_torn(page, files);
            let mut line = format!("- [{}]({}#{})", escape(&page.title), file.name, page.anchor);
            if !page.continued {
                line.push_str(
                    &reference.summary().map_or_else(String::new, |summary| format!(": {summary}")),
                );
            }
            let names = names(reference, page, file, torn, MOST_SYMBOLS.min(most / 100));
            if !names.is_empty() {
                let spans: Vec<String> = names.iter().map(|name| code_span(name)).collect();
                line.push_str(&format!(" Names: {}.", spans.join(", ")));
            }
            let sections = sections(page, &names, &sharing, LONGEST_SECTIONS.min(most / 4));
            if !sections.is_empty() {
                line.push_str(&format!(" Sections: {sections}"));
            }
            let terms = terms.of(number, position, &line, most / 10);
            if !terms.is_empty() {
                let ends = line.ends_with(['.', '!', '?', '…', '。', ')']) && sections.is_empty();
                let stop = if ends || line.ends_with(['!', '?']) { "" } else { "." };
                line.push_str(&format!("{stop} Terms: {}.", terms.join(", ")));
            }
            line.push('\n');
            entries.push(Entry { file, line });
        }
    }
    let pages = references.len();
    let noun = if pages == 1 { "page" } else { "pages" };
    let head = format!(
        "# Index of the {} reference\n\n{pages} {noun}. Search here for a topic or a name, then read the section it points to.\n",
        escape(skill_title)
    );
    split(&head, &entries, most)
}

fn is_torn(page: &PageEntry, files: &[ReferenceFile]) -> bool {
    let parts = files.iter().flat_map(|file| &file.pages).filter(|other| other.reference == page.reference);
    parts.count() > 1
}

/// How many pages have a heading, by its text in lower case.
fn sharing(files: &[ReferenceFile]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for page in files.iter().flat_map(|file| &file.pages) {
        let mut titles: Vec<String> =
            page.sections.iter().map(|section| section.title.to_lowercase()).collect();
        titles.sort_unstable();
        titles.dedup();
        for title in titles {
            *counts.entry(title).or_default() += 1;
        }
    }
    counts
}

/// The sections of a page in at most `most` bytes, without those that are among its names, outer ones first where there is
/// no room for all, in the order of the page.
fn sections(page: &PageEntry, names: &[&str], sharing: &BTreeMap<String, usize>, most: usize) -> String {
    let mut room = most;
    let mut kept = Vec::new();
    let mut seen = BTreeSet::new();
    for depth in 0..3 {
        for (at, section) in page.sections.iter().enumerate().filter(|(_, section)| section.depth == depth) {
            let title = section.title.to_lowercase();
            let shared = sharing.get(&title).is_some_and(|count| *count > MOST_SHARING);
            let named =
                names.iter().any(|name| is_name_of(&section.title, name)) || !seen.insert(title.clone());
            let Some(own) = label::of_heading(&section.title) else { continue };
            let own = escape(&shorten(&own, LONGEST_SECTION));
            if shared || named || own.len() + 2 > room {
                continue;
            }
            room -= own.len() + 2;
            kept.push((at, own));
        }
    }
    kept.sort_unstable();
    kept.into_iter().map(|(_, title)| title).collect::<Vec<_>>().join("; ")
}

/// Whether a heading says no more than a name that is listed already: `fit()` and `tool.Trainer.fit`.
fn is_name_of(heading: &str, name: &str) -> bool {
    let short = name.rsplit(['.', ':']).next().unwrap_or(name);
    let heading = heading.trim_end_matches("()");
    heading.eq_ignore_ascii_case(name) || heading.eq_ignore_ascii_case(short)
}

/// The names that tell most about a page: signatures and headings first, then entries, in document order; of a torn page
/// those that its part of the file has.
fn names<'a>(
    reference: &'a Reference,
    page: &PageEntry,
    file: &ReferenceFile,
    torn: bool,
    most: usize,
) -> Vec<&'a str> {
    let entry = |symbol: &&Symbol| symbol.role == SymbolRole::Entry;
    let telling = reference.symbols.iter().filter(|symbol| !entry(symbol));
    let all = telling.chain(reference.symbols.iter().filter(entry));
    // A heading belongs to the part that it stands in, however often others mention it.
    let is_here = |symbol: &&Symbol| {
        let headed = page.sections.iter().any(|section| section.title == symbol.name);
        headed || (symbol.role != SymbolRole::Heading && file.text.contains(&symbol.name))
    };
    let here = all.filter(|symbol| !torn || is_here(symbol));
    here.take(most).map(|symbol| symbol.name.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::is_name_of;

    #[test]
    fn a_heading_that_is_a_name_is_said_once() {
        assert!(is_name_of("fit()", "tool.Trainer.fit") && is_name_of("Trainer", "tool::Trainer"));
        assert!(!is_name_of("Fit a model", "tool.Trainer.fit"));
    }
}
