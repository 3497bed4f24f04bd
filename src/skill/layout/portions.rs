//! What a page can be cut into: sections, items of long lists, blocks; each with its size.

use crate::skill::text::blocks::{BlockKind, blocks};
use crate::skill::text::outline::headings;
use crate::skill::text::tokens::tokens;

/// What begins where a page can be cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Border {
    /// The page itself.
    Page,
    /// A section; 0 for the page's outermost ones.
    Section(u8),
    /// An item of a long list.
    Item,
    /// A block within a section.
    Block,
}

/// A piece of a page that is not cut any further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Portion {
    /// Where it begins, in bytes of the page's Markdown.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// How many tokens it has.
    pub tokens: usize,
    /// What begins here.
    pub border: Border,
    /// The heading that it begins with, else the one that it stands under; `None` before the first.
    pub heading: Option<String>,
}

/// The portions of a page in order. They cover all of it; the first begins the page. Lists up to `whole_list` bytes are
/// not cut between their items.
pub fn portions(markdown: &str, whole_list: usize) -> Vec<Portion> {
    let headings = headings(markdown);
    let top = headings.iter().filter(|heading| heading.outermost).map(|heading| heading.level).min();
    let mut cuts: Vec<(usize, Border)> = vec![(0, Border::Page)];
    let mut after_heading = false;
    for block in blocks(markdown) {
        let at = block.range.start;
        if let BlockKind::Heading(level) = block.kind {
            let depth = level.saturating_sub(top.unwrap_or(level));
            // Headings in a row belong together, and so does a heading and what follows it.
            if !after_heading && at > 0 {
                cuts.push((at, Border::Section(depth)));
            }
            after_heading = true;
            continue;
        }
        if !after_heading && at > 0 {
            cuts.push((at, Border::Block));
        }
        after_heading = false;
        if block.range.len() > whole_list {
            cuts.extend(block.items.iter().skip(1).map(|item| (*item, Border::Item)));
        }
    }
    let ends: Vec<usize> = cuts.iter().skip(1).map(|(at, _)| *at).chain([markdown.len()]).collect();
    let mut known = headings.iter().filter(|heading| heading.outermost).peekable();
    let mut under = None;
    let mut found = Vec::with_capacity(cuts.len());
    for ((start, border), end) in cuts.into_iter().zip(ends) {
        let mut opening = None;
        while let Some(heading) = known.next_if(|heading| heading.range.start < end) {
            opening = opening.or_else(|| (heading.range.start == start).then(|| heading.text.clone()));
            under = Some(heading.text.clone());
        }
        let heading = opening.or_else(|| under.clone());
        let text = markdown.get(start..end).unwrap_or_default();
        found.push(Portion { start, end, tokens: tokens(text), border, heading });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Border, portions};

    #[test]
    fn a_heading_stays_with_what_follows_it() {
        let markdown = "Intro\n\n## A\n\n### B\n\nText\n\nMore\n\n## C\n\nEnd\n";
        let found = portions(markdown, 3_000);
        let cuts: Vec<(&str, Border, Option<&str>)> = found
            .iter()
            .map(|part| {
                let first = markdown[part.start..part.end].lines().next().unwrap();
                (first, part.border, part.heading.as_deref())
            })
            .collect();
        assert_eq!(
            cuts,
            [
                ("Intro", Border::Page, None),
                ("## A", Border::Section(0), Some("A")),
                ("More", Border::Block, Some("B")),
                ("## C", Border::Section(0), Some("C")),
            ]
        );
    }

    #[test]
    fn long_lists_are_cut_between_items() {
        let list = format!("- {}\n", "word ".repeat(100)).repeat(10);
        assert_eq!(portions(&list, 3_000).len(), 10);
        assert_eq!(portions(&list[..1000], 3_000).len(), 1);
    }
}
