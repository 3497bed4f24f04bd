//! Blocks written into one line, as a table cell needs them.

use crate::document::{Block, CodeBlock, Definition, Inline, List};

/// The blocks in order, with breaks between them.
pub(super) fn blocks_to_line(blocks: Vec<Block>) -> Vec<Inline> {
    let mut line = Vec::new();
    for block in blocks {
        push_block(block, &mut line);
    }
    line
}

fn push_block(block: Block, line: &mut Vec<Inline>) {
    match block {
        Block::Heading { content, .. } => push_line(vec![Inline::Strong(content)], line),
        Block::Paragraph(content) => push_line(content, line),
        Block::List(list) => push_list(list, line),
        Block::Code(code) => push_code(code, line),
        Block::Table(table) => {
            for row in std::iter::once(table.header).chain(table.rows).filter(|row| !row.is_empty()) {
                push_line(join_cells(row), line);
            }
        }
        Block::Admonition { kind, title, content } => {
            push_line(vec![Inline::Strong(title.unwrap_or_else(|| vec![Inline::Text(kind)]))], line);
            push_line(blocks_to_line(content), line);
        }
        Block::DefinitionList(list) => list.into_iter().for_each(|entry| push_definition(entry, line)),
        Block::Quote(content) => push_line(blocks_to_line(content), line),
        Block::Tabs(tabs) => {
            for tab in tabs {
                push_line(vec![Inline::Strong(vec![Inline::Text(tab.label)])], line);
                push_line(blocks_to_line(tab.content), line);
            }
        }
        Block::Details { summary, content } => {
            push_line(vec![Inline::Strong(summary)], line);
            push_line(blocks_to_line(content), line);
        }
        Block::Math(tex) => push_line(vec![Inline::Math(tex)], line),
        Block::Footnote { label, content } => {
            push_line(vec![Inline::Text(format!("{label}: "))], line);
            line.extend(blocks_to_line(content));
        }
        Block::Rule => {}
    }
}

fn push_line(content: Vec<Inline>, line: &mut Vec<Inline>) {
    if content.is_empty() {
        return;
    }
    if !line.is_empty() {
        line.push(Inline::Break);
    }
    line.extend(content);
}

fn push_list(list: List, line: &mut Vec<Inline>) {
    let mut number = list.start;
    for item in list.items {
        let mark = match (&mut number, item.checked) {
            (Some(number), _) => {
                let mark = format!("{number}. ");
                *number += 1;
                mark
            }
            (None, Some(true)) => "- [x] ".to_owned(),
            (None, Some(false)) => "- [ ] ".to_owned(),
            (None, None) => "- ".to_owned(),
        };
        let mut content = vec![Inline::Text(mark)];
        content.extend(blocks_to_line(item.content));
        push_line(content, line);
    }
}

/// Each line of code is inline code of its own, since a cell has no place for a fence.
fn push_code(code: CodeBlock, line: &mut Vec<Inline>) {
    if let Some(caption) = code.caption {
        push_line(vec![Inline::Text(caption)], line);
    }
    for run in code.text.lines().filter(|run| !run.trim().is_empty()) {
        push_line(vec![Inline::Code(run.to_owned())], line);
    }
}

fn push_definition(entry: Definition, line: &mut Vec<Inline>) {
    for term in entry.terms {
        push_line(vec![Inline::Strong(term)], line);
    }
    for definition in entry.definitions {
        push_line(blocks_to_line(definition), line);
    }
}

fn join_cells(row: Vec<Vec<Inline>>) -> Vec<Inline> {
    let mut joined = Vec::new();
    for cell in row {
        if !joined.is_empty() && !cell.is_empty() {
            joined.push(Inline::Text(" / ".to_owned()));
        }
        joined.extend(cell);
    }
    joined
}
