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
    let mut numbers = Numbers::of(element);
    let mut start = numbers.as_ref().map(|numbers| numbers.next);
    let mut in_turn = start.unwrap_or(0);
    let mut items = Vec::new();
    for child in element.children() {
        match ElementRef::wrap(child) {
            Some(item) if is_left_out(item, reader.profile) => {}
            Some(item) if reader.profile.footnote.notes.matches(item) => {
                footnote::read(reader, item, flow, depth);
            }
            Some(item) if name(item) == "li" => {
                if let Some(numbers) = &mut numbers {
                    let number = numbers.take(item);
                    // A number out of turn begins a list of its own; Markdown counts on from the first number.
                    if number != in_turn {
                        push(flow, start, std::mem::take(&mut items));
                        start = Some(number);
                    }
                    in_turn = number + 1;
                }
                items.extend(read_item(reader, item, depth));
            }
            _ if is_blank_text(child) => {}
            _ => read_stray(reader, child, &mut items, depth),
        }
    }
    push(flow, start, items);
}

fn push(flow: &mut Flow, start: Option<u64>, items: Vec<ListItem>) {
    if !items.is_empty() {
        flow.push(Block::List(List { start, items }));
    }
}

/// How an ordered list counts (HTML §4.4.5). Markdown has no numbers below zero: those are counted from zero.
struct Numbers {
    next: u64,
    is_reversed: bool,
}

impl Numbers {
    fn of(list: ElementRef<'_>) -> Option<Self> {
        if name(list) != "ol" {
            return None;
        }
        let is_reversed = list.attr("reversed").is_some();
        let items = || list.child_elements().filter(|child| name(*child) == "li").count() as u64;
        let first = if is_reversed { items() } else { 1 };
        Some(Self { next: number_in(list, "start").unwrap_or(first), is_reversed })
    }

    /// The number of an item.
    fn take(&mut self, item: ElementRef<'_>) -> u64 {
        let number = number_in(item, "value").unwrap_or(self.next);
        self.next = if self.is_reversed { number.saturating_sub(1) } else { number.saturating_add(1) };
        number
    }
}

fn number_in(element: ElementRef<'_>, attribute: &str) -> Option<u64> {
    // CommonMark allows nine digits.
    element.attr(attribute)?.trim().parse().ok().filter(|number| *number <= 999_999_999)
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
