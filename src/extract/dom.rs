//! Small questions about elements.

use ego_tree::NodeRef;
use scraper::{ElementRef, Node};

/// The element's name in lower case, as `pre`.
pub(super) fn name<'a>(element: ElementRef<'a>) -> &'a str {
    element.value().name()
}

/// The value of an attribute. Scraper's own look-up makes an atom of the name first, which takes a lock for every name that
/// HTML does not define; elements have few attributes.
pub(super) fn attr<'a>(element: ElementRef<'a>, key: &str) -> Option<&'a str> {
    element.value().attrs().find(|(own, _)| *own == key).map(|(_, value)| value)
}

/// The classes of an element as they are written: scraper sorts them, but what stands before what may say something.
pub(super) fn classes<'a>(element: ElementRef<'a>) -> impl Iterator<Item = &'a str> {
    attr(element, "class").unwrap_or_default().split_ascii_whitespace()
}

/// Whether the element has the class, to the letter.
pub(super) fn has_class(element: ElementRef<'_>, class: &str) -> bool {
    classes(element).any(|own| own == class)
}

/// The element's parent, if that is an element.
pub(super) fn parent<'a>(element: ElementRef<'a>) -> Option<ElementRef<'a>> {
    element.parent().and_then(ElementRef::wrap)
}

/// The element and its ancestors, innermost first.
pub(super) fn ancestry<'a>(element: ElementRef<'a>) -> impl Iterator<Item = ElementRef<'a>> {
    std::iter::successors(Some(element), |element| parent(*element))
}

/// The elements below one, without itself, in document order.
pub(super) fn descendants<'a>(element: ElementRef<'a>) -> impl Iterator<Item = ElementRef<'a>> {
    element.descendants().skip(1).filter_map(ElementRef::wrap)
}

/// All text below a node with white space folded, hidden or not.
pub(super) fn text_of(node: NodeRef<'_, Node>) -> String {
    let mut text = String::new();
    for descendant in node.descendants() {
        if let Some(run) = descendant.value().as_text() {
            text.push_str(run);
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether the node is text that is all white space.
pub(super) fn is_blank_text(node: NodeRef<'_, Node>) -> bool {
    node.value().as_text().is_some_and(|text| text.trim().is_empty())
}
