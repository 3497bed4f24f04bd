//! What a document holds, counted.

use serde::Serialize;

use crate::document::{Block, Document, plain_text};

/// How much of what a document holds, at whatever depth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Blocks of every kind.
    pub blocks: usize,
    /// Headings.
    pub headings: usize,
    /// Blocks of code.
    pub code_blocks: usize,
    /// Blocks of code without a language.
    pub untagged_code: usize,
    /// Tables.
    pub tables: usize,
    /// Words, those of code among them.
    pub words: usize,
}

/// Counts what a document holds.
pub fn tally(document: &Document) -> Tally {
    let mut tally = Tally::default();
    visit(&document.blocks, &mut |block| {
        tally.blocks += 1;
        tally.words += own_lines(block).iter().map(|line| line.split_whitespace().count()).sum::<usize>();
        match block {
            Block::Heading { .. } => tally.headings += 1,
            Block::Table(_) => tally.tables += 1,
            Block::Code(code) => {
                tally.code_blocks += 1;
                tally.untagged_code += usize::from(code.language.is_none());
            }
            _ => {}
        }
    });
    tally
}

impl Tally {
    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            blocks: self.blocks + other.blocks,
            headings: self.headings + other.headings,
            code_blocks: self.code_blocks + other.code_blocks,
            untagged_code: self.untagged_code + other.untagged_code,
            tables: self.tables + other.tables,
            words: self.words + other.words,
        }
    }
}

/// Calls `each` for every block, the outer before the inner.
pub(super) fn visit<'a>(blocks: &'a [Block], each: &mut dyn FnMut(&'a Block)) {
    for block in blocks {
        each(block);
        match block {
            Block::List(list) => list.items.iter().for_each(|item| visit(&item.content, each)),
            Block::Admonition { content, .. }
            | Block::Quote(content)
            | Block::Footnote { content, .. }
            | Block::Details { content, .. } => visit(content, each),
            Block::DefinitionList(entries) => {
                entries.iter().flat_map(|entry| &entry.definitions).for_each(|inner| visit(inner, each));
            }
            Block::Tabs(tabs) => tabs.iter().for_each(|tab| visit(&tab.content, each)),
            Block::Heading { .. }
            | Block::Paragraph(_)
            | Block::Code(_)
            | Block::Table(_)
            | Block::Math(_)
            | Block::Rule => {}
        }
    }
}

/// The texts that a block holds itself, not in a block inside of it.
pub(super) fn own_lines(block: &Block) -> Vec<String> {
    match block {
        Block::Heading { content, .. } | Block::Paragraph(content) => vec![plain_text(content)],
        Block::Code(code) => vec![code.text.clone()],
        Block::Table(table) => {
            let cells = table.header.iter().chain(table.rows.iter().flatten());
            cells.map(|cell| plain_text(cell)).collect()
        }
        Block::Admonition { title, .. } => title.iter().map(|title| plain_text(title)).collect(),
        Block::DefinitionList(entries) => {
            entries.iter().flat_map(|entry| &entry.terms).map(|term| plain_text(term)).collect()
        }
        Block::Tabs(tabs) => tabs.iter().map(|tab| tab.label.clone()).collect(),
        Block::Details { summary, .. } => vec![plain_text(summary)],
        Block::Math(tex) => vec![tex.clone()],
        Block::List(_) | Block::Quote(_) | Block::Footnote { .. } | Block::Rule => Vec::new(),
    }
}
