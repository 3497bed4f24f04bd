//! Ordered, unordered and task lists.

use scraper::ElementRef;

use crate::document::{Block, List, ListItem};
use crate::extract::dom::{ancestry, descendants, is_blank_text, name};
use crate::extract::flow::Flow;
use crate::extract::footnote;
use crate::extract::hidden::{is_hidden, is_left_out};
use crate::extract::reader::{Reader, read_blocks, read_node};

/// Reads a list; a list of footnotes becomes footnotes.
pub(super) fn read(reader: &Reader<'_>, element: ElementRef<'_>, flow: &mut Flow, depth: usize) {
    let start = (name(element) == "ol")
        .then(|| element.attr("start").and_then(|start| start.trim().parse().ok()).unwrap_or(1));
    let mut items = Vec::new();
    for child in element.children() {
        match ElementRef::wrap(child) {
            Some(item) if is_left_out(item, reader.profile) => {}
            Some(item) if reader.profile.footnote.notes.matches(item) => {
                footnote::read(reader, item, flow, depth);
            }
            Some(item) if name(item) == "li" => items.extend(read_item(reader, item, depth)),
            _ if is_blank_text(child) => {}
            _ => read_stray(reader, child, &mut items, depth),
        }
    }
    if !items.is_empty() {
        flow.push(Block::List(List { start, items }));
    }
}

fn read_item(reader: &Reader<'_>, item: ElementRef<'_>, depth: usize) -> Option<ListItem> {
    let checked = checkbox(item);
    let content = read_blocks(reader, item, depth + 1);
    (checked.is_some() || !content.is_empty()).then_some(ListItem { checked, content })
}

/// Something other than an item in a list: a nested list belongs to the item before it.
fn read_stray(
    reader: &Reader<'_>,
    node: ego_tree::NodeRef<'_, scraper::Node>,
    items: &mut Vec<ListItem>,
    depth: usize,
) {
    let mut flow = Flow::default();
    read_node(reader, node, &mut flow, depth);
    let content = flow.finish();
    if content.is_empty() {
        return;
    }
    let is_list = matches!(content.as_slice(), [Block::List(_)]);
    match (items.last_mut(), is_list) {
        (Some(before), true) => before.content.extend(content),
        _ => items.push(ListItem { checked: None, content }),
    }
}

/// Whether a box stands in the item itself, and whether it is ticked.
fn checkbox(item: ElementRef<'_>) -> Option<bool> {
    let input = descendants(item)
        .take(4)
        .find(|below| name(*below) == "input" && below.attr("type").is_some_and(|kind| kind == "checkbox"))?;
    let owner = ancestry(input).find(|above| name(*above) == "li")?;
    (owner.id() == item.id() && !is_hidden(input)).then(|| input.attr("checked").is_some())
}
