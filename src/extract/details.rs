//! Disclosures that a visitor can open.

use scraper::ElementRef;

use crate::document::Block;
use crate::extract::dom::name;
use crate::extract::flow::Flow;
use crate::extract::inline::read_line;
use crate::extract::reader::{Reader, read_node};

/// Reads a `details` element.
pub(super) fn read(reader: &Reader<'_>, element: ElementRef<'_>, flow: &mut Flow, depth: usize) {
    let mut summary = Vec::new();
    let mut inner = Flow::default();
    for child in element.children() {
        match ElementRef::wrap(child).filter(|child| name(*child) == "summary") {
            Some(label) if summary.is_empty() => summary = read_line(reader, label, depth),
            _ => read_node(reader, child, &mut inner, depth),
        }
    }
    let content = inner.finish();
    if !content.is_empty() || !summary.is_empty() {
        flow.push(Block::Details { summary, content });
    }
}
