//! How much a document holds: what decides between two forms of one page.

use crate::document::{Block, Inline};

/// The number of characters that a reader would get, white space aside.
pub(super) fn content_size(blocks: &[Block]) -> usize {
    blocks.iter().map(size_of_block).sum()
}

fn size_of_block(block: &Block) -> usize {
    match block {
        Block::Heading { content, .. } | Block::Paragraph(content) => size_of_line(content),
        Block::List(list) => list.items.iter().map(|item| content_size(&item.content)).sum(),
        Block::Code(code) => letters(&code.text),
        Block::Table(table) => {
            table.header.iter().chain(table.rows.iter().flatten()).map(|cell| size_of_line(cell)).sum()
        }
        Block::Admonition { title, content, .. } => {
            title.as_deref().map_or(0, size_of_line) + content_size(content)
        }
        Block::DefinitionList(list) => list
            .iter()
            .map(|entry| {
                entry.terms.iter().map(|term| size_of_line(term)).sum::<usize>()
                    + entry.definitions.iter().map(|definition| content_size(definition)).sum::<usize>()
            })
            .sum(),
        Block::Quote(content) | Block::Footnote { content, .. } => content_size(content),
        Block::Tabs(tabs) => tabs.iter().map(|tab| letters(&tab.label) + content_size(&tab.content)).sum(),
        Block::Details { summary, content } => size_of_line(summary) + content_size(content),
        Block::Math(tex) => letters(tex),
        Block::Rule => 0,
    }
}

fn size_of_line(line: &[Inline]) -> usize {
    line.iter()
        .map(|inline| match inline {
            Inline::Text(text) | Inline::Code(text) | Inline::Keyboard(text) | Inline::Math(text) => {
                letters(text)
            }
            Inline::Emphasis(content)
            | Inline::Strong(content)
            | Inline::Strikethrough(content)
            | Inline::Subscript(content)
            | Inline::Superscript(content)
            | Inline::Link { content, .. } => size_of_line(content),
            Inline::Image { alt, .. } => letters(alt),
            Inline::FootnoteReference(_) | Inline::Break => 0,
        })
        .sum()
}

fn letters(text: &str) -> usize {
    text.chars().filter(|next| !next.is_whitespace()).count()
}
