//! How much a document holds: what decides between two forms of one page.

use std::collections::HashSet;

use crate::document::{Block, Inline};

/// The number of characters that a reader would get, white space aside.
pub(super) fn content_size(blocks: &[Block]) -> usize {
    pieces(blocks).iter().map(|piece| piece.chars().count()).sum()
}

/// Whether a reader would get any.
pub(super) fn has_content(blocks: &[Block]) -> bool {
    blocks.iter().any(|block| content_size(std::slice::from_ref(block)) > 0)
}

/// How many of those characters stand in a line, a cell or a listing that the other document does not have. What stands
/// there twice counts once: some pages are sent with a copy of a part for each width of window.
pub(super) fn novelty(blocks: &[Block], other: &[Block]) -> usize {
    let known: HashSet<String> = pieces(other).into_iter().collect();
    let new: HashSet<String> = pieces(blocks).into_iter().filter(|piece| !known.contains(piece)).collect();
    new.iter().map(|piece| piece.chars().count()).sum()
}

/// The texts of a document without white space: a line, a cell, a listing each.
fn pieces(blocks: &[Block]) -> Vec<String> {
    let mut pieces = Vec::new();
    for block in blocks {
        pieces_of_block(block, &mut pieces);
    }
    pieces
}

fn pieces_of_block(block: &Block, pieces: &mut Vec<String>) {
    let content = |blocks: &[Block], pieces: &mut Vec<String>| {
        blocks.iter().for_each(|block| pieces_of_block(block, pieces));
    };
    match block {
        Block::Heading { content, .. } | Block::Paragraph(content) => pieces.push(letters_of_line(content)),
        Block::List(list) => list.items.iter().for_each(|item| content(&item.content, pieces)),
        Block::Code(code) => pieces.push(letters(&code.text)),
        Block::Table(table) => {
            pieces.extend(
                table.header.iter().chain(table.rows.iter().flatten()).map(|cell| letters_of_line(cell)),
            );
        }
        Block::Admonition { title, content: inner, .. } => {
            pieces.extend(title.as_deref().map(letters_of_line));
            content(inner, pieces);
        }
        Block::DefinitionList(list) => {
            for entry in list {
                pieces.extend(entry.terms.iter().map(|term| letters_of_line(term)));
                entry.definitions.iter().for_each(|definition| content(definition, pieces));
            }
        }
        Block::Quote(inner) | Block::Footnote { content: inner, .. } => content(inner, pieces),
        Block::Tabs(tabs) => {
            for tab in tabs {
                pieces.push(letters(&tab.label));
                content(&tab.content, pieces);
            }
        }
        Block::Details { summary, content: inner } => {
            pieces.push(letters_of_line(summary));
            content(inner, pieces);
        }
        Block::Math(tex) => pieces.push(letters(tex)),
        Block::Rule => {}
    }
}

fn letters_of_line(line: &[Inline]) -> String {
    let mut text = String::new();
    push_letters(line, &mut text);
    text
}

fn push_letters(line: &[Inline], text: &mut String) {
    for inline in line {
        match inline {
            Inline::Text(part) | Inline::Code(part) | Inline::Keyboard(part) | Inline::Math(part) => {
                text.push_str(&letters(part));
            }
            Inline::Emphasis(content)
            | Inline::Strong(content)
            | Inline::Strikethrough(content)
            | Inline::Subscript(content)
            | Inline::Superscript(content)
            | Inline::Link { content, .. } => push_letters(content, text),
            Inline::Image { alt, .. } => text.push_str(&letters(alt)),
            Inline::FootnoteReference(_) | Inline::Break => {}
        }
    }
}

/// A text without white space.
pub(super) fn letters(text: &str) -> String {
    text.chars().filter(|next| !next.is_whitespace()).collect()
}
