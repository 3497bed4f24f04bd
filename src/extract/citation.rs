//! Entries of a bibliography, as docutils writes them: the label in brackets, then the work.

use scraper::ElementRef;

use crate::document::{Block, Inline};
use crate::extract::dom::{attr, has_class};
use crate::extract::flow::Flow;
use crate::extract::footnote::{is_label, strip_brackets};
use crate::extract::inline::flat_text;
use crate::extract::reader::{Reader, read_node};

/// Whether the element is an entry (DPUB-ARIA 1.1, `doc-biblioentry`) with its label in an element of its own.
pub(super) fn is_citation(element: ElementRef<'_>) -> bool {
    attr(element, "role") == Some("doc-biblioentry")
        && element.child_elements().any(|child| has_class(child, "label"))
}

/// Reads an entry into a paragraph that begins with the label, without the ways back to the text.
///
/// It is no footnote: labels are unique to the text that they belong to, of which a page of an API reference has many.
pub(super) fn read(reader: &Reader<'_>, element: ElementRef<'_>, flow: &mut Flow, depth: usize) {
    let mut label = String::new();
    let mut inner = Flow::default();
    for child in element.children() {
        match ElementRef::wrap(child).filter(|child| is_label(*child)) {
            Some(shown) if has_class(shown, "label") => label = strip_brackets(&flat_text(reader, shown)),
            Some(_) => {}
            None => read_node(reader, child, &mut inner, depth),
        }
    }
    let mut content = inner.finish();
    let shown = Inline::Text(format!("[{label}] "));
    match content.first_mut() {
        Some(Block::Paragraph(line)) => line.insert(0, shown),
        _ => content.insert(0, Block::Paragraph(vec![Inline::Text(format!("[{label}]"))])),
    }
    content.into_iter().for_each(|block| flow.push(block));
}
