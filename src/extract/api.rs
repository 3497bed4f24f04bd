//! Entries of an API reference: the signature as code, then what is said about it. `signature` reads the former.

use ego_tree::NodeRef;
use scraper::{ElementRef, Node};

use crate::document::{Block, CodeBlock, Definition, Inline};
use crate::extract::dom::{ancestry, descendants};
use crate::extract::flow::Flow;
use crate::extract::hidden::is_left_out;
use crate::extract::inline::flat_text;
use crate::extract::reader::{Reader, read_blocks, read_node};
use crate::extract::signature;
use crate::extract::text::one_line;

/// Reads an entry that is no definition list: the signature may stand in several elements, and what is said about it in
/// the entry or behind it.
pub(super) fn read_entry(reader: &Reader<'_>, element: ElementRef<'_>, flow: &mut Flow, depth: usize) {
    let signatures: Vec<_> = descendants(element)
        .filter(|below| reader.profile.api.signatures.matches(*below))
        .filter(|below| own_entry(reader, *below).is_some_and(|entry| entry.id() == element.id()))
        .collect();
    let text = signature::text(reader, &signatures);
    let mut content = read_blocks_of(reader, element, &signatures, depth);
    let behind = element.next_siblings().filter_map(ElementRef::wrap);
    for description in behind.take_while(|next| reader.profile.api.descriptions.matches(*next)) {
        content.extend(read_blocks(reader, description, depth));
    }
    if text.is_empty() {
        return content.into_iter().for_each(|block| flow.push(block));
    }
    let labels = labels_of(reader, &signatures);
    if !labels.is_empty() {
        content.insert(0, Block::Paragraph(labels));
    }
    let entry = Definition {
        terms: vec![vec![Inline::Code(text)]],
        definitions: if content.is_empty() { Vec::new() } else { vec![content] },
    };
    let inner = signatures.first().copied().unwrap_or(element);
    flow.push_entries(vec![with_lines(entry, signature::language(reader.profile, inner))]);
}

/// Reads a signature that belongs to no entry: a heading stands above it, and what is said about it below.
pub(super) fn read_declaration(reader: &Reader<'_>, element: ElementRef<'_>, flow: &mut Flow) {
    let text = signature::text(reader, &[element]);
    if text.is_empty() {
        return;
    }
    flow.push_code(CodeBlock { language: signature::language(reader.profile, element), caption: None, text });
    let labels = labels_of(reader, &[element]);
    if !labels.is_empty() {
        flow.push(Block::Paragraph(labels));
    }
}

/// Whether the element was read with the entry that stands before it.
pub(super) fn is_described_above(reader: &Reader<'_>, element: ElementRef<'_>) -> bool {
    element
        .prev_siblings()
        .filter_map(ElementRef::wrap)
        .find(|before| !reader.profile.api.descriptions.matches(*before))
        .is_some_and(|before| reader.profile.api.entries.matches(before))
}

/// A name as code, behind the labels that stand in it.
pub(super) fn name_of(reader: &Reader<'_>, element: ElementRef<'_>) -> Vec<Inline> {
    let space = || Inline::Text(" ".to_owned());
    let api = &reader.profile.api;
    if api.labels.matches(element) {
        let label = one_line(&flat_text(reader, element));
        return if label.is_empty() { Vec::new() } else { vec![space(), Inline::Code(label), space()] };
    }
    let mut line = labels_of(reader, &[element]);
    let text = signature::text(reader, &[element]);
    if !line.is_empty() {
        line.push(space());
    }
    if !text.is_empty() {
        line.push(Inline::Code(one_line(&text)));
    }
    line
}

/// The labels inside of signatures.
fn labels_of(reader: &Reader<'_>, elements: &[ElementRef<'_>]) -> Vec<Inline> {
    let inside = elements.iter().flat_map(|element| descendants(*element));
    let mut line = Vec::new();
    for label in inside.filter(|below| reader.profile.api.labels.matches(*below)) {
        let text = one_line(&flat_text(reader, label));
        let says_something = text.chars().any(char::is_alphanumeric);
        if says_something && !is_left_out(label, reader.profile) {
            if !line.is_empty() {
                line.push(Inline::Text(" ".to_owned()));
            }
            line.push(Inline::Code(text));
        }
    }
    line
}

/// An entry whose signature has several lines shows it as a block of code, which a term cannot be.
pub(super) fn with_lines(mut entry: Definition, language: Option<String>) -> Definition {
    let codes: Option<Vec<&str>> = entry
        .terms
        .iter()
        .map(|term| match term.as_slice() {
            [Inline::Code(text)] => Some(text.as_str()),
            _ => None,
        })
        .collect();
    let Some(codes) = codes.filter(|codes| codes.iter().any(|text| text.contains('\n'))) else {
        return entry;
    };
    let code = Block::Code(CodeBlock { language, caption: None, text: codes.join("\n") });
    entry.terms.clear();
    match entry.definitions.first_mut() {
        Some(content) => content.insert(0, code),
        None => entry.definitions.push(vec![code]),
    }
    entry
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
