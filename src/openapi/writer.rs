//! What writing each construct needs: the files, the page's address, and a reader of Markdown.

use std::cell::Cell;

use super::resolve::{Files, Node};
use super::words::{code, on_one_line};
use crate::document::{Block, Inline};
use crate::url::CanonicalUrl;

/// How many rows of fields a whole reference may have; beyond that, schemas are linked to and not written out where
/// they are used.
const MOST_ROWS: usize = 100_000;
/// The longest description of one thing, in bytes.
const LONGEST_TEXT: usize = 1 << 20;
/// Characters that mean something in Markdown or HTML. A text without them is its own paragraph.
const MARKS: [char; 18] =
    ['*', '_', '`', '#', '<', '>', '[', ']', '!', '|', '\\', '~', '&', '\n', '=', '+', '$', '^'];

/// Turns Markdown into blocks.
pub(super) type MarkdownReader<'a> = dyn Fn(&str) -> Vec<Block> + 'a;

pub(super) struct Writer<'a> {
    pub(super) files: &'a Files,
    page: &'a CanonicalUrl,
    markdown: &'a MarkdownReader<'a>,
    rows_left: Cell<usize>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(files: &'a Files, page: &'a CanonicalUrl, markdown: &'a MarkdownReader<'a>) -> Self {
        Self { files, page, markdown, rows_left: Cell::new(MOST_ROWS) }
    }

    /// Takes a row from the budget; `false` when there is none left.
    pub(super) fn take_row(&self) -> bool {
        let left = self.rows_left.get();
        self.rows_left.set(left.saturating_sub(1));
        left > 0
    }

    /// The blocks of a description (CommonMark), its headings no higher than `level`.
    pub(super) fn prose(&self, markdown: &str, level: u8) -> Vec<Block> {
        let markdown = markdown.trim();
        let plain = !markdown.contains(MARKS)
            && !markdown.contains("://")
            && !markdown.starts_with(|first: char| first == '-' || first == ':' || first.is_ascii_digit());
        if markdown.is_empty() || markdown.len() > LONGEST_TEXT {
            return Vec::new();
        }
        if plain {
            return vec![Block::Paragraph(vec![Inline::Text(markdown.to_owned())])];
        }
        let mut blocks = (self.markdown)(markdown);
        lower_headings(&mut blocks, level);
        blocks
    }

    /// A description as one line.
    pub(super) fn line(&self, markdown: &str) -> Vec<Inline> {
        on_one_line(self.prose(markdown, 6))
    }

    /// The description of a thing: beside its `$ref` if it has one there (OpenAPI 3.1 §4.8.23), else its own.
    pub(super) fn description<'n>(&'n self, node: Node<'n>) -> Option<&'n str> {
        node.text("description").or_else(|| self.files.resolve(node).text("description"))
    }

    /// A link to a schema of this reference.
    pub(super) fn schema_link(&self, name: &str) -> Inline {
        let url = format!("{}#{}", self.page.document(), schema_id(name));
        Inline::Link { url, content: vec![code(name)] }
    }

    /// A link as the description gives it; relative ones are relative to it.
    pub(super) fn link(&self, url: &str, content: Vec<Inline>) -> Vec<Inline> {
        match self.files.root.as_url().join(url.trim()) {
            Ok(url) if matches!(url.scheme(), "http" | "https" | "mailto") => {
                vec![Inline::Link { url: url.into(), content }]
            }
            _ => content,
        }
    }
}

/// The anchor of a schema's heading.
pub(super) fn schema_id(name: &str) -> String {
    format!("schema-{}", name.replace(|letter: char| !letter.is_ascii_alphanumeric() && letter != '.', "-"))
}

/// Shifts the headings of a description so that the highest stands at `level`.
fn lower_headings(blocks: &mut [Block], level: u8) {
    let levels = blocks.iter().filter_map(|block| match block {
        Block::Heading { level, .. } => Some(*level),
        _ => None,
    });
    let Some(shift) = levels.min().map(|top| level.saturating_sub(top)) else { return };
    for block in blocks {
        if let Block::Heading { level, .. } = block {
            *level = level.saturating_add(shift).min(6);
        }
    }
}
