//! Definition lists; API entries of Sphinx are such lists with signatures as their terms.

use scraper::ElementRef;

use crate::document::{Block, Definition, Inline};
use crate::extract::dom::{has_class, name};
use crate::extract::flow::Flow;
use crate::extract::hidden::is_left_out;
use crate::extract::inline::read_line;
use crate::extract::reader::{Reader, read_blocks};
use crate::extract::{api, footnote, signature};

/// Reads a `dl`.
pub(super) fn read(reader: &Reader<'_>, element: ElementRef<'_>, flow: &mut Flow, depth: usize) {
    let is_api = reader.profile.api.entries.matches(element);
    // docutils before 0.18 writes footnotes and citations as a list of terms.
    let is_notes = has_class(element, "footnote") || has_class(element, "citation");
    let mut list: Vec<Definition> = Vec::new();
    let mut expects_term = true;
    for part in parts(reader, element) {
        match name(part) {
            "dt" => {
                let term = read_term(reader, part, is_api, depth);
                if term.is_empty() {
                    continue;
                }
                match list.last_mut() {
                    Some(current) if current.definitions.is_empty() && !expects_term => {
                        current.terms.push(term)
                    }
                    _ => list.push(Definition { terms: vec![term], definitions: Vec::new() }),
                }
                expects_term = false;
            }
            _ => {
                let content = read_blocks(reader, part, depth + 1);
                expects_term = true;
                match list.last_mut() {
                    Some(current) if !content.is_empty() => current.definitions.push(content),
                    None if !content.is_empty() => {
                        list.push(Definition { terms: Vec::new(), definitions: vec![content] });
                    }
                    _ => {}
                }
            }
        }
    }
    if is_notes {
        list.into_iter().for_each(|entry| flow.push(footnote::from_definition(entry)));
    } else if !list.is_empty() {
        if is_api {
            let language = signature::language(reader.profile, element);
            flow.push_entries(
                list.into_iter().map(|entry| api::with_lines(entry, language.clone())).collect(),
            );
        } else {
            flow.push(Block::DefinitionList(list));
        }
    }
}

/// Terms and definitions in order; HTML allows a `div` around each group.
fn parts<'a>(reader: &Reader<'_>, list: ElementRef<'a>) -> Vec<ElementRef<'a>> {
    let mut found = Vec::new();
    for child in list.child_elements().filter(|child| !is_left_out(*child, reader.profile)) {
        if matches!(name(child), "dt" | "dd") {
            found.push(child);
        } else {
            let inside = child.child_elements().filter(|below| matches!(name(*below), "dt" | "dd"));
            found.extend(inside.filter(|below| !is_left_out(*below, reader.profile)));
        }
    }
    found
}

fn read_term(reader: &Reader<'_>, term: ElementRef<'_>, is_api: bool, depth: usize) -> Vec<Inline> {
    if is_api && reader.profile.api.signatures.matches(term) {
        let signature = signature::text(reader, &[term]);
        return if signature.is_empty() { Vec::new() } else { vec![Inline::Code(signature)] };
    }
    read_line(reader, term, depth)
}
