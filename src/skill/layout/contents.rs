//! How a reference file opens: what it covers, and its pages with the sections of the long ones.

use crate::skill::layout::measure::LONG_PAGE;
use crate::skill::layout::references::PageEntry;
use crate::skill::pages::reference::Reference;
use crate::skill::text::quote::{escape, shorten};

/// More sections than this are named without links.
const MOST_LINKED: usize = 25;
/// The longest name of a section, in characters.
const LONGEST_SECTION: usize = 120;

/// The sentence on what the file covers and the list of its pages, each with the bytes of its text.
pub fn contents(skill_title: &str, pages: &[(&PageEntry, usize)], references: &[Reference]) -> String {
    let count = pages.len();
    let noun = if count == 1 { "1 page".to_owned() } else { format!("{count} pages") };
    let mut text = format!("{noun} of the {} documentation:\n\n", escape(skill_title));
    for (entry, bytes) in pages {
        let summary =
            references.get(entry.reference).filter(|_| !entry.continued).and_then(Reference::summary);
        let summary = summary.map_or_else(String::new, |summary| format!(": {summary}"));
        text.push_str(&format!("- [{}](#{}){summary}\n", escape(&entry.title), entry.anchor));
        if *bytes > LONG_PAGE {
            text.push_str(&sections(entry));
        }
    }
    text
}

fn sections(entry: &PageEntry) -> String {
    let outer = || entry.sections.iter().filter(|section| section.depth == 0);
    let title = |title: &str| escape(&shorten(title, LONGEST_SECTION));
    if outer().count() > MOST_LINKED {
        let names: Vec<String> = outer().map(|section| title(&section.title)).collect();
        return format!("  - {}\n", names.join("; "));
    }
    outer().map(|section| format!("  - [{}](#{})\n", title(&section.title), section.anchor)).collect()
}
