//! Gathers blocks in document order; loose text and inline elements between them become paragraphs.

use crate::document::{Block, CodeBlock, Definition, Inline, plain_text};
use crate::extract::text::{fold, without_final_breaks};

/// Blocks as they come, with the line that is being written.
#[derive(Debug, Default)]
pub(super) struct Flow {
    blocks: Vec<Block>,
    line: Vec<Inline>,
    caption: Option<Vec<Inline>>,
    /// How many blocks there were after the last entry of an API reference: with no block behind it, the next goes on.
    entries_end: usize,
}

impl Flow {
    /// The line that is being written.
    pub(super) fn line(&mut self) -> &mut Vec<Inline> {
        &mut self.line
    }

    /// Goes on with the line.
    pub(super) fn push_inline(&mut self, inline: Inline) {
        self.line.push(inline);
    }

    /// Ends the line and adds a block.
    pub(super) fn push(&mut self, block: Block) {
        self.end_line();
        self.release_caption();
        self.blocks.push(block);
    }

    /// Adds entries of an API reference; those that follow each other are one list.
    pub(super) fn push_entries(&mut self, entries: Vec<Definition>) {
        self.end_line();
        self.release_caption();
        let count = self.blocks.len();
        match self.blocks.last_mut() {
            Some(Block::DefinitionList(list)) if self.entries_end == count => list.extend(entries),
            _ => self.blocks.push(Block::DefinitionList(entries)),
        }
        self.entries_end = self.blocks.len();
    }

    /// Adds code; a caption that stands just before belongs to it.
    pub(super) fn push_code(&mut self, mut code: CodeBlock) {
        self.end_line();
        if let Some(caption) = self.caption.take() {
            code.caption.get_or_insert_with(|| plain_text(&caption));
        }
        self.blocks.push(Block::Code(code));
    }

    /// Remembers a caption for the code after it; anything else in between makes it a paragraph.
    pub(super) fn set_caption(&mut self, caption: Vec<Inline>) {
        self.end_line();
        self.release_caption();
        if !caption.is_empty() {
            self.caption = Some(caption);
        }
    }

    /// Makes the line a paragraph, if there is anything on it.
    pub(super) fn end_line(&mut self) {
        let line = without_final_breaks(fold(std::mem::take(&mut self.line)));
        if !line.is_empty() {
            self.release_caption();
            self.blocks.push(Block::Paragraph(line));
        }
    }

    /// The blocks.
    pub(super) fn finish(mut self) -> Vec<Block> {
        self.end_line();
        self.release_caption();
        self.blocks
    }

    fn release_caption(&mut self) {
        if let Some(caption) = self.caption.take() {
            self.blocks.push(Block::Paragraph(caption));
        }
    }
}
