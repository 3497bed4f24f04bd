//! Phrases that every documentation site says around its text: "Edit this page", "Was this helpful?", "Next".
//!
//! A profile names the elements that hold them; a page that no profile recognises is searched for the words, at its
//! beginning and its end only.

use crate::document::{Block, Inline, List, plain_text};

/// The longest line, in letters, that is taken for such a phrase.
const MAX_LETTERS: usize = 90;

/// How the lines begin that stand after the text, in lower case.
const AT_END: [&str; 36] = [
    "edit this page",
    "edit page",
    "edit on git",
    "edit this on git",
    "edit in git",
    "suggest edits",
    "suggest an edit",
    "suggest changes",
    "improve this page",
    "improve this doc",
    "help us improve",
    "found an error",
    "found a typo",
    "found a mistake",
    "report an issue",
    "report a bug on this page",
    "report a problem",
    "was this page helpful",
    "was this helpful",
    "was this article helpful",
    "did this page help",
    "is this page helpful",
    "is this page useful",
    "rate this page",
    "give feedback",
    "last updated",
    "last modified",
    "last update",
    "last edited",
    "this page was last",
    "page last",
    "view page source",
    "show page source",
    "back to top",
    "all rights reserved",
    "scroll to top",
];

/// How the lines begin that only a site's footer has.
const FOOTER: [&str; 9] = [
    "\u{a9}",
    "copyright \u{a9}",
    "copyright 2",
    "\u{a9} copyright",
    "built with",
    "powered by",
    "made with",
    "built using",
    "documentation built with",
];

/// How links to the pages before and after begin or end.
const TURNING: [&str; 12] = [
    "\u{2190}", "\u{2192}", "\u{ab}", "\u{bb}", "\u{2039}", "\u{203a}", "previous", "next", "prev",
    "\u{27f5}", "\u{27f6}", "older",
];

/// Words on their own that stand before the text.
const AT_BEGINNING: [&str; 9] = [
    "skip to content",
    "skip to main content",
    "on this page",
    "in this page",
    "in this article",
    "table of contents",
    "contents",
    "copy page",
    "menu",
];

/// A list of that many links, and nothing else, before the title of a page is a menu.
const MENU_LINKS: usize = 8;

/// Takes the phrases off both ends of a page, and what stands before its title where that is a menu.
pub(super) fn trim(blocks: &mut Vec<Block>) {
    while blocks.last().is_some_and(|last| matches!(last, Block::Rule) || is_at_end(last)) {
        blocks.pop();
    }
    drop_menu(blocks);
    let before = blocks.iter().take_while(|block| is_at_beginning(block)).count();
    blocks.drain(..before);
}

/// Takes out the last menu before the first title and everything before it, then a title above the title: that of the site.
fn drop_menu(blocks: &mut Vec<Block>) {
    let is_title = |block: &Block| matches!(block, Block::Heading { level: 1, .. });
    let Some(title) = blocks.iter().position(is_title) else { return };
    let Some(menu) = blocks.iter().take(title).rposition(is_menu) else { return };
    blocks.drain(..=menu);
    let titles = blocks.iter().take_while(|block| is_title(block)).count();
    blocks.drain(..titles.saturating_sub(1));
}

fn is_menu(block: &Block) -> bool {
    let Block::List(list) = block else { return false };
    let mut lines = Vec::new();
    push_lines(list, &mut lines);
    lines.len() >= MENU_LINKS && lines.iter().all(|line| is_link_only(line))
}

/// The lines of a list and of the lists in it.
pub(super) fn push_lines<'a>(list: &'a List, lines: &mut Vec<&'a Vec<Inline>>) {
    for block in list.items.iter().flat_map(|item| &item.content) {
        match block {
            Block::Paragraph(line) => lines.push(line),
            Block::List(inner) => push_lines(inner, lines),
            _ => {}
        }
    }
}

/// Whether a block says nothing but what stands after the text of a page.
pub(super) fn is_at_end(block: &Block) -> bool {
    let Some(lines) = short_lines(block) else { return false };
    lines.iter().all(|line| {
        let text = plain_text(line).to_lowercase();
        let begins = |phrases: &[&str]| phrases.iter().any(|phrase| text.starts_with(phrase));
        begins(&AT_END) || begins(&FOOTER) || is_turning(line, &text)
    })
}

fn is_at_beginning(block: &Block) -> bool {
    let Some(lines) = short_lines(block) else { return false };
    lines.iter().all(|line| {
        let text = plain_text(line).to_lowercase();
        AT_BEGINNING.contains(&text.trim_end_matches([':', '.']))
    })
}

/// A line that is a link and names a direction.
fn is_turning(line: &[Inline], text: &str) -> bool {
    is_link_only(line)
        && TURNING.iter().any(|mark| text.starts_with(mark) || (!mark.is_ascii() && text.ends_with(mark)))
}

/// Whether everything on a line is within links.
pub(super) fn is_link_only(line: &[Inline]) -> bool {
    let mut links = 0;
    for inline in line {
        match inline {
            Inline::Link { .. } => links += 1,
            Inline::Image { .. } | Inline::Break => {}
            Inline::Text(text) if !text.chars().any(char::is_alphanumeric) => {}
            Inline::Strong(content) | Inline::Emphasis(content) if is_link_only(content) => links += 1,
            _ => return false,
        }
    }
    links > 0
}

/// The lines of a paragraph or a flat list; `None` for anything else, and for what is too long.
fn short_lines(block: &Block) -> Option<Vec<&Vec<Inline>>> {
    let lines: Vec<&Vec<Inline>> = match block {
        Block::Paragraph(line) => vec![line],
        Block::List(list) => {
            let content = list.items.iter().flat_map(|item| &item.content);
            content
                .map(|block| if let Block::Paragraph(line) = block { Some(line) } else { None })
                .collect::<Option<_>>()?
        }
        _ => return None,
    };
    let is_short = |line: &&Vec<Inline>| plain_text(line).chars().count() <= MAX_LETTERS;
    (!lines.is_empty() && lines.iter().all(is_short)).then_some(lines)
}
