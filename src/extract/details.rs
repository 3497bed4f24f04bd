//! Disclosures that a visitor can open.

use scraper::ElementRef;

use crate::document::Block;
use crate::extract::dom::{descendants, name};
use crate::extract::flow::Flow;
use crate::extract::heading;
use crate::extract::inline::read_line;
use crate::extract::reader::{Reader, read_node};

/// Reads a `details` element. One whose label is a heading folds a section of the page away, as references of interfaces
/// do it: then it is that section.
pub(super) fn read(reader: &Reader<'_>, element: ElementRef<'_>, flow: &mut Flow, depth: usize) {
    let mut summary = Vec::new();
    let mut inner = Flow::default();
    for child in element.children() {
        match ElementRef::wrap(child).filter(|child| name(*child) == "summary") {
            // What a profile takes for a control and not for a label, as "Expand description", leaves its content alone.
            Some(label) if reader.profile.remove.matches(label) => {}
            Some(label) if summary.is_empty() => summary = read_line(reader, label, depth),
            _ => read_node(reader, child, &mut inner, depth),
        }
    }
    let content = inner.finish();
    if let Some(heading) = heading_of(element) {
        heading::read(reader, heading, flow, depth);
        return content.into_iter().for_each(|block| flow.push(block));
    }
    if summary.is_empty() && is_unlabelled(reader, element) {
        content.into_iter().for_each(|block| flow.push(block));
    } else if !content.is_empty() || !summary.is_empty() {
        flow.push(Block::Details { summary, content });
    }
}

/// The only heading in the label.
fn heading_of(element: ElementRef<'_>) -> Option<ElementRef<'_>> {
    let label = element.child_elements().find(|child| name(*child) == "summary")?;
    let mut headings =
        descendants(label).filter(|below| matches!(name(*below), "h1" | "h2" | "h3" | "h4" | "h5" | "h6"));
    let first = headings.next()?;
    headings.next().is_none().then_some(first)
}

/// Whether the summary is a control, so that a visitor sees nothing but the content.
fn is_unlabelled(reader: &Reader<'_>, element: ElementRef<'_>) -> bool {
    let mut summaries = element.child_elements().filter(|child| name(*child) == "summary");
    summaries.any(|summary| reader.profile.remove.matches(summary))
}
