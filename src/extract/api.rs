//! Entries of an API reference: the signature as code, then what is said about it.

use ego_tree::NodeRef;
use scraper::{ElementRef, Node};

use crate::document::{Block, Definition, Inline};
use crate::extract::dom::{ancestry, descendants, name};
use crate::extract::flow::Flow;
use crate::extract::hidden::is_left_out;
use crate::extract::links::is_permalink;
use crate::extract::reader::{Reader, read_blocks, read_node};
use crate::extract::text::one_line;

/// Reads an entry that is no definition list: the signature may stand in several elements.
pub(super) fn read_entry(reader: &Reader<'_>, element: ElementRef<'_>, flow: &mut Flow, depth: usize) {
    let signatures: Vec<_> = descendants(element)
        .filter(|below| reader.profile.api.signatures.matches(*below))
        .filter(|below| own_entry(reader, *below).is_some_and(|entry| entry.id() == element.id()))
        .collect();
    let signature = signature_text(reader, &signatures);
    if signature.is_empty() {
        let blocks = read_blocks_of(reader, element, &[], depth);
        return blocks.into_iter().for_each(|block| flow.push(block));
    }
    let content = read_blocks_of(reader, element, &signatures, depth);
    flow.push(Block::DefinitionList(vec![Definition {
        terms: vec![vec![Inline::Code(signature)]],
        definitions: if content.is_empty() { Vec::new() } else { vec![content] },
    }]));
}

/// The entry that an element belongs to.
fn own_entry<'a>(reader: &Reader<'_>, element: ElementRef<'a>) -> Option<ElementRef<'a>> {
    ancestry(element).skip(1).find(|above| reader.profile.api.entries.matches(*above))
}

/// Reads an entry without its signature. Elements that hold only a signature dissolve.
fn read_blocks_of(
    reader: &Reader<'_>,
    element: ElementRef<'_>,
    signatures: &[ElementRef<'_>],
    depth: usize,
) -> Vec<Block> {
    if signatures.is_empty() {
        return read_blocks(reader, element, depth);
    }
    let holders: Vec<_> =
        signatures.iter().flat_map(|found| ancestry(*found)).map(|above| above.id()).collect();
    let mut flow = Flow::default();
    // Walks down only through the elements around signatures; everything else is read as usual.
    let mut pending: Vec<NodeRef<'_, Node>> = element.children().rev().collect();
    while let Some(node) = pending.pop() {
        if signatures.iter().any(|found| found.id() == node.id()) {
            continue;
        }
        if holders.contains(&node.id()) {
            pending.extend(node.children().rev());
        } else {
            read_node(reader, node, &mut flow, depth);
        }
    }
    flow.finish()
}

/// The text of a signature in one line, without links to the source and to itself.
pub(super) fn signature_text(reader: &Reader<'_>, elements: &[ElementRef<'_>]) -> String {
    let mut text = String::new();
    for element in elements {
        push_signature(reader, *element, &mut text);
    }
    let text = one_line(&text).replace(" ,", ",").replace("( ", "(").replace(" )", ")");
    text.replace(" → ", " -> ").replace("→ ", "-> ").replace(",)", ")")
}

fn push_signature(reader: &Reader<'_>, element: ElementRef<'_>, text: &mut String) {
    let mut pending: Vec<NodeRef<'_, Node>> = element.children().rev().collect();
    while let Some(node) = pending.pop() {
        if let Some(run) = node.value().as_text() {
            text.push_str(run);
            continue;
        }
        let Some(child) = ElementRef::wrap(node) else { continue };
        if is_left_out(child, reader.profile) || is_permalink(child) {
            continue;
        }
        // Parameters over several lines stand in a list, and some generators draw the comma by style alone.
        if matches!(name(child), "dd" | "br") {
            text.push(' ');
        }
        if reader.profile.api.parameters.matches(child) && needs_comma(text) {
            text.push_str(", ");
        }
        pending.extend(node.children().rev());
    }
}

fn needs_comma(text: &str) -> bool {
    text.trim_end().chars().next_back().is_some_and(|last| !matches!(last, '(' | ',' | '['))
}
