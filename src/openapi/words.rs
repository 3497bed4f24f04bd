//! Small pieces of a line.

use crate::document::{Block, Inline};

pub(super) fn text(run: impl Into<String>) -> Inline {
    Inline::Text(run.into())
}

pub(super) fn code(run: impl Into<String>) -> Inline {
    Inline::Code(run.into())
}

pub(super) fn strong(run: impl Into<String>) -> Inline {
    Inline::Strong(vec![text(run)])
}

pub(super) fn heading(level: u8, id: Option<String>, content: Vec<Inline>) -> Block {
    Block::Heading { level: level.clamp(1, 6), id, content }
}

/// Lines with something between each two of them.
pub(super) fn join(lines: impl IntoIterator<Item = Vec<Inline>>, between: &Inline) -> Vec<Inline> {
    let mut joined = Vec::new();
    for line in lines.into_iter().filter(|line| !line.is_empty()) {
        if !joined.is_empty() {
            joined.push(between.clone());
        }
        joined.extend(line);
    }
    joined
}

/// Codes with commas between them.
pub(super) fn codes<'a>(values: impl IntoIterator<Item = &'a str>) -> Vec<Inline> {
    join(values.into_iter().map(|value| vec![code(value)]), &text(", "))
}

/// Blocks as one line of a table's cell: paragraphs and items stand on lines of their own.
pub(super) fn on_one_line(blocks: Vec<Block>) -> Vec<Inline> {
    let lines = blocks.into_iter().map(|block| match block {
        Block::Paragraph(content) => content,
        Block::Heading { content, .. } => vec![Inline::Strong(content)],
        Block::Code(block) => join(block.text.lines().map(|line| vec![code(line)]), &Inline::Break),
        Block::List(list) => {
            let items = list.items.into_iter().enumerate().map(|(place, item)| {
                let mark = list.start.map_or("- ".to_owned(), |start| format!("{}. ", start + place as u64));
                let mut line = vec![text(mark)];
                line.extend(on_one_line(item.content));
                line
            });
            join(items, &Inline::Break)
        }
        Block::Table(table) => {
            let rows = std::iter::once(table.header).chain(table.rows);
            join(rows.map(|row| join(row, &text(": "))), &Inline::Break)
        }
        Block::Quote(content) | Block::Footnote { content, .. } => on_one_line(content),
        Block::Admonition { title, content, .. } => {
            let title = title.map(|title| vec![Inline::Strong(title)]).unwrap_or_default();
            join([title, on_one_line(content)], &Inline::Break)
        }
        Block::Details { summary, content } => {
            join([vec![Inline::Strong(summary)], on_one_line(content)], &Inline::Break)
        }
        Block::DefinitionList(list) => {
            let entries = list.into_iter().map(|entry| {
                let terms = join(entry.terms, &text(", "));
                let definitions = entry.definitions.into_iter().map(on_one_line);
                join([vec![Inline::Strong(terms)], join(definitions, &Inline::Break)], &text(": "))
            });
            join(entries, &Inline::Break)
        }
        Block::Tabs(tabs) => {
            let tabs = tabs
                .into_iter()
                .map(|tab| join([vec![strong(tab.label)], on_one_line(tab.content)], &Inline::Break));
            join(tabs, &Inline::Break)
        }
        Block::Math(tex) => vec![Inline::Math(tex)],
        Block::Rule => Vec::new(),
    });
    join(lines, &Inline::Break)
}
