//! The outermost blocks of a Markdown text: where each begins, where it ends, and what it is.

use std::ops::Range;

use pulldown_cmark::{Event, Tag};

use crate::skill::text::outline::parser;

/// What a block is, as far as cutting and comparing need to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// A heading of level 1 to 6.
    Heading(u8),
    /// A code block.
    Code,
    /// A table.
    Table,
    /// A list.
    List,
    /// A quotation or an admonition.
    Quote,
    /// Anything else, most often a paragraph.
    Text,
}

/// An outermost block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkdownBlock {
    /// What it is.
    pub kind: BlockKind,
    /// From its first byte to that of the next block: the blocks together are the whole text.
    pub range: Range<usize>,
    /// Of a list, where each of its items begins.
    pub items: Vec<usize>,
}

/// The outermost blocks of a text in order; their ranges cover every byte of it.
pub fn blocks(markdown: &str) -> Vec<MarkdownBlock> {
    let mut found: Vec<MarkdownBlock> = Vec::new();
    let mut depth = 0_usize;
    for (event, range) in parser(markdown).into_offset_iter() {
        match &event {
            Event::Start(tag) => {
                if depth == 0 {
                    found.push(MarkdownBlock { kind: kind_of(tag), range: range.clone(), items: Vec::new() });
                } else if depth == 1
                    && matches!(tag, Tag::Item)
                    && let Some(list) = found.last_mut()
                {
                    list.items.push(range.start);
                }
                depth += 1;
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            _ if depth == 0 => {
                found.push(MarkdownBlock { kind: BlockKind::Text, range, items: Vec::new() });
            }
            _ => {}
        }
    }
    // What no event covers, as the definition of a link, stays with the block before it.
    let starts: Vec<usize> = found.iter().skip(1).map(|block| block.range.start).collect();
    let ends = starts.into_iter().chain([markdown.len()]);
    for (block, end) in found.iter_mut().zip(ends) {
        block.range.end = end;
    }
    if let Some(first) = found.first_mut() {
        first.range.start = 0;
    }
    found
}

fn kind_of(tag: &Tag<'_>) -> BlockKind {
    match tag {
        Tag::Heading { level, .. } => BlockKind::Heading(*level as u8),
        Tag::CodeBlock(_) => BlockKind::Code,
        Tag::Table(_) => BlockKind::Table,
        Tag::List(_) => BlockKind::List,
        Tag::BlockQuote(_) => BlockKind::Quote,
        _ => BlockKind::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::{BlockKind, blocks};

    #[test]
    fn blocks_cover_the_text() {
        let markdown =
            "Intro\n\n# A\n\n- one\n- two\n\n  more\n\n```sh\n# no\n```\n\n| a |\n| - |\n| b |\n\n> q\n";
        let found = blocks(markdown);
        let kinds: Vec<BlockKind> = found.iter().map(|block| block.kind).collect();
        let wanted = [
            BlockKind::Text,
            BlockKind::Heading(1),
            BlockKind::List,
            BlockKind::Code,
            BlockKind::Table,
            BlockKind::Quote,
        ];
        assert_eq!(kinds, wanted);
        assert_eq!(found[2].items.len(), 2);
        let all: String = found.iter().map(|block| &markdown[block.range.clone()]).collect();
        assert_eq!(all, markdown);
    }
}
