//! Formulas that a script has drawn get the source back that the page was sent with.
//!
//! MathJax 3 keeps no TeX beside its drawing, and what is read from its MathML draws the same but is written otherwise: a
//! formula that is told apart from its own source would stand on the page twice.

use std::collections::BTreeMap;

use crate::document::{Block, Document, Inline};

/// A formula: whether it is displayed, and its TeX.
type Formula = (bool, String);

/// Writes the formulas of a rendered page as the page was sent with them. Where both have as many, in lines and between
/// them, they are the same ones in order; else those are that look alike.
pub(super) fn restore(rendered: &mut Document, sent: &Document) {
    let drawn = formulas(&mut rendered.blocks);
    if drawn.is_empty() {
        return;
    }
    let sources = formulas(&mut sent.blocks.clone());
    let restored: Vec<Option<String>> = if kinds(&sources) == kinds(&drawn) {
        sources.into_iter().map(|(_, tex)| Some(tex)).collect()
    } else {
        let alike: BTreeMap<(bool, String), String> =
            sources.into_iter().map(|(display, tex)| ((display, shape(&tex)), tex)).collect();
        drawn.iter().map(|(display, tex)| alike.get(&(*display, shape(tex))).cloned()).collect()
    };
    let mut restored = restored.into_iter();
    in_blocks(&mut rendered.blocks, &mut |_, tex| {
        if let Some(source) = restored.next().flatten() {
            *tex = source;
        }
    });
}

fn kinds(formulas: &[Formula]) -> Vec<bool> {
    formulas.iter().map(|(display, _)| *display).collect()
}

/// All formulas in order.
fn formulas(blocks: &mut [Block]) -> Vec<Formula> {
    let mut found = Vec::new();
    in_blocks(blocks, &mut |display, tex| found.push((display, tex.clone())));
    found
}

/// What of a formula does not depend on who wrote it down: neither white space, nor braces, nor the size of fences, nor
/// whether a function is a command.
fn shape(tex: &str) -> String {
    let plain = tex.replace("\\left", "").replace("\\right", "");
    plain.chars().filter(|next| !next.is_whitespace() && !matches!(next, '\\' | '{' | '}')).collect()
}

fn in_blocks(blocks: &mut [Block], look: &mut dyn FnMut(bool, &mut String)) {
    for block in blocks {
        match block {
            Block::Math(tex) => look(true, tex),
            Block::Heading { content, .. } | Block::Paragraph(content) => in_line(content, look),
            Block::List(list) => list.items.iter_mut().for_each(|item| in_blocks(&mut item.content, look)),
            Block::Table(table) => {
                in_line(&mut table.caption, look);
                let cells = table.header.iter_mut().chain(table.rows.iter_mut().flatten());
                cells.for_each(|cell| in_line(cell, look));
            }
            Block::Admonition { title, content, .. } => {
                title.iter_mut().for_each(|title| in_line(title, look));
                in_blocks(content, look);
            }
            Block::DefinitionList(entries) => {
                for entry in entries {
                    entry.terms.iter_mut().for_each(|term| in_line(term, look));
                    entry.definitions.iter_mut().for_each(|definition| in_blocks(definition, look));
                }
            }
            Block::Details { summary, content } => {
                in_line(summary, look);
                in_blocks(content, look);
            }
            Block::Quote(content) | Block::Footnote { content, .. } => in_blocks(content, look),
            Block::Tabs(tabs) => tabs.iter_mut().for_each(|tab| in_blocks(&mut tab.content, look)),
            Block::Code(_) | Block::Rule => {}
        }
    }
}

fn in_line(line: &mut [Inline], look: &mut dyn FnMut(bool, &mut String)) {
    for inline in line {
        match inline {
            Inline::Math(tex) => look(false, tex),
            Inline::Emphasis(content)
            | Inline::Strong(content)
            | Inline::Strikethrough(content)
            | Inline::Subscript(content)
            | Inline::Superscript(content)
            | Inline::Link { content, .. } => in_line(content, look),
            Inline::Text(_)
            | Inline::Code(_)
            | Inline::Keyboard(_)
            | Inline::Image { .. }
            | Inline::FootnoteReference(_)
            | Inline::Break => {}
        }
    }
}
