//! A document as a bag of pieces that can be counted and compared.

use crate::document::{Block, Document, Inline, plain_text};

/// A piece of content: as much as stands or falls together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Piece {
    pub(super) kind: Kind,
    /// Its text. All but code is without white space and numbers: dates and counters change from one look to the next.
    pub(super) text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Heading,
    Text,
    Code,
    Table,
    Admonition,
    Tab,
    Math,
}

impl Piece {
    pub(super) fn letters(&self) -> usize {
        self.text.chars().filter(|letter| letter.is_alphanumeric()).count()
    }
}

/// The pieces of a page in order, its title and place in the site among them.
pub(super) fn pieces_of(document: &Document) -> Vec<Piece> {
    let mut pieces = Vec::new();
    push(&mut pieces, Kind::Heading, &document.title);
    push(&mut pieces, Kind::Text, &document.breadcrumbs.join(" "));
    push_blocks(&mut pieces, &document.blocks);
    pieces
}

fn push_blocks(pieces: &mut Vec<Piece>, blocks: &[Block]) {
    for block in blocks {
        push_block(pieces, block);
    }
}

fn push_block(pieces: &mut Vec<Piece>, block: &Block) {
    match block {
        Block::Heading { level, content, .. } => {
            push(pieces, Kind::Heading, &format!("{} {}", "#".repeat((*level).into()), plain_text(content)));
        }
        Block::Paragraph(content) => push_line(pieces, content),
        Block::List(list) => list.items.iter().for_each(|item| push_blocks(pieces, &item.content)),
        Block::Code(code) => {
            let text = format!("{}\n{}", code.language.as_deref().unwrap_or_default(), code.text.trim_end());
            pieces.push(Piece { kind: Kind::Code, text });
        }
        Block::Table(table) => {
            let cells =
                |row: &[Vec<Inline>]| row.iter().map(|cell| plain_text(cell)).collect::<Vec<_>>().join("|");
            push(pieces, Kind::Table, &format!("|{}", cells(&table.header)));
            table.rows.iter().for_each(|row| push(pieces, Kind::Text, &cells(row)));
        }
        Block::Admonition { kind, title, content } => {
            let title = title.as_deref().map(plain_text).unwrap_or_default();
            push(pieces, Kind::Admonition, &format!("{kind}: {title}"));
            push_blocks(pieces, content);
        }
        Block::DefinitionList(list) => {
            for entry in list {
                entry.terms.iter().for_each(|term| push_line(pieces, term));
                entry.definitions.iter().for_each(|definition| push_blocks(pieces, definition));
            }
        }
        Block::Quote(content) | Block::Footnote { content, .. } => push_blocks(pieces, content),
        Block::Tabs(tabs) => {
            for tab in tabs {
                push(pieces, Kind::Tab, &tab.label);
                push_blocks(pieces, &tab.content);
            }
        }
        Block::Details { summary, content } => {
            push_line(pieces, summary);
            push_blocks(pieces, content);
        }
        Block::Math(tex) => push(pieces, Kind::Math, tex),
        Block::Rule => {}
    }
}

fn push_line(pieces: &mut Vec<Piece>, line: &[Inline]) {
    push(pieces, Kind::Text, &plain_text(line));
}

fn push(pieces: &mut Vec<Piece>, kind: Kind, text: &str) {
    let text: String =
        text.chars().filter(|letter| !letter.is_whitespace() && !letter.is_numeric()).collect();
    if !text.is_empty() {
        pieces.push(Piece { kind, text });
    }
}
