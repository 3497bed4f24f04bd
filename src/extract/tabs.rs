//! Tabs: every panel with its label, whichever a visitor would see first.
//!
//! Generators write all labels and then all panels, or label and panel in turn. Where ids tie a label to its panel they
//! decide; else the order does. Some fill a panel only when it is chosen: then the label of the chosen tab is its own,
//! unless the browser has clicked through them all and wrote down what it saw, as [`COLLECTED_MARK`] says.

use scraper::ElementRef;

use crate::document::{Block, Tab, plain_text};
use crate::extract::code;
use crate::extract::dom::{ancestry, attr, descendants};
use crate::extract::file_name;
use crate::extract::flow::Flow;
use crate::extract::hidden::{is_left_out, is_never_shown};
use crate::extract::inline::{flat_text, read_line};
use crate::extract::reader::{Reader, read_blocks};
use crate::extract::text::one_line;

/// The attribute of a set of tabs that the browser collected by clicking. Its children are, in turn, labels with
/// [`COLLECTED_TAB_MARK`] and panels with [`COLLECTED_PANEL_MARK`], each as a visitor sees it when it is chosen.
const COLLECTED_MARK: &str = "data-skillcrawl-tabs";
/// The attribute of a label in a collected set.
const COLLECTED_TAB_MARK: &str = "data-skillcrawl-tab";
/// The attribute of a panel in a collected set.
const COLLECTED_PANEL_MARK: &str = "data-skillcrawl-panel";

/// The panels that belong to a row of labels: what stands directly behind the row, or in the element behind it.
fn panels_behind<'a>(reader: &Reader<'_>, row: ElementRef<'a>) -> Vec<ElementRef<'a>> {
    let rules = &reader.profile.tabs;
    if !rules.rows.matches(row) {
        return Vec::new();
    }
    let mut labels = descendants(row).filter(|below| rules.labels.matches(*below)).peekable();
    // Labels that lead to other pages are links, whatever they look like.
    if labels.peek().is_none() || labels.any(leads_away) {
        return Vec::new();
    }
    // A row that is left out would take its panels with it.
    if is_left_out(row, reader.profile) {
        return Vec::new();
    }
    // What the browser collected stands in place of the panels, and knows their labels.
    if ancestry(row).any(is_collected)
        || row.next_siblings().filter_map(ElementRef::wrap).any(holds_collected)
    {
        return Vec::new();
    }
    let behind = || row.next_siblings().filter_map(ElementRef::wrap);
    let direct: Vec<_> = behind().take_while(|next| rules.panels.matches(*next)).collect();
    if !direct.is_empty() {
        return direct;
    }
    // An element with anything else in it is not there for the panels alone.
    let Some(holder) = behind().next() else { return Vec::new() };
    let parts: Vec<_> = holder.child_elements().filter(|part| !is_never_shown(*part)).collect();
    if parts.iter().all(|part| rules.panels.matches(*part)) { parts } else { Vec::new() }
}

fn leads_away(label: ElementRef<'_>) -> bool {
    let to = label.attr("href").unwrap_or_default();
    !to.is_empty()
        && !to.starts_with('#')
        && !to.starts_with("javascript:")
        && label.attr("aria-controls").is_none()
}

fn holds_collected(element: ElementRef<'_>) -> bool {
    is_collected(element) || descendants(element).any(is_collected)
}

/// Whether the element was read with the row of labels before it.
pub(super) fn stands_behind_row(reader: &Reader<'_>, element: ElementRef<'_>) -> bool {
    if reader.profile.tabs.rows.is_empty() {
        return false;
    }
    let before = element.prev_siblings().filter_map(ElementRef::wrap);
    let row = before.into_iter().find(|before| !reader.profile.tabs.panels.matches(*before));
    let is_with = |panel: &ElementRef<'_>| ancestry(*panel).any(|above| above.id() == element.id());
    row.is_some_and(|row| panels_behind(reader, row).iter().any(is_with))
}

/// Reads a row of labels with the panels behind it; says `false` where there are none.
pub(super) fn read_row(reader: &Reader<'_>, row: ElementRef<'_>, flow: &mut Flow, depth: usize) -> bool {
    let panels = panels_behind(reader, row);
    if panels.is_empty() {
        return false;
    }
    let labels: Vec<_> =
        descendants(row).filter(|below| reader.profile.tabs.labels.matches(*below)).collect();
    push_tabs(reader, &labels, &panels, flow, depth);
    true
}

/// Whether the browser collected this set.
pub(super) fn is_collected(element: ElementRef<'_>) -> bool {
    attr(element, COLLECTED_MARK).is_some()
}

/// Reads a set of tabs; says `false` where there are no panels to read.
pub(super) fn read(reader: &Reader<'_>, element: ElementRef<'_>, flow: &mut Flow, depth: usize) -> bool {
    if is_collected(element) {
        return read_collected(reader, element, flow, depth);
    }
    // A row with its panels behind it is read where it stands, so that nothing around the two is lost.
    if element.child_elements().any(|child| !panels_behind(reader, child).is_empty()) {
        return false;
    }
    let rules = &reader.profile.tabs;
    let own = |below: &ElementRef<'_>| {
        ancestry(*below)
            .skip(1)
            .find(|above| is_collected(*above) || rules.sets.matches(*above))
            .is_some_and(|set| set.id() == element.id())
    };
    let labels: Vec<_> =
        descendants(element).filter(|below| rules.labels.matches(*below)).filter(own).collect();
    let panels: Vec<_> =
        descendants(element).filter(|below| rules.panels.matches(*below)).filter(own).collect();
    if panels.is_empty() || labels.is_empty() {
        return false;
    }
    push_tabs(reader, &labels, &panels, flow, depth);
    true
}

fn push_tabs(
    reader: &Reader<'_>,
    labels: &[ElementRef<'_>],
    panels: &[ElementRef<'_>],
    flow: &mut Flow,
    depth: usize,
) {
    let mut tabs = Vec::with_capacity(panels.len());
    for (index, panel) in panels.iter().enumerate() {
        let label = label_of(reader, *panel, index, labels, panels.len());
        let content = read_panel(reader, *panel, depth + 1);
        if !content.is_empty() {
            tabs.push(Tab {
                label: label.map(|label| words(reader, label, depth)).unwrap_or_default(),
                content,
            });
        }
    }
    push(tabs, flow);
}

fn push(mut tabs: Vec<Tab>, flow: &mut Flow) {
    tabs.iter_mut().for_each(file_name::state_in);
    if !tabs.is_empty() {
        flow.push(Block::Tabs(tabs));
    }
}

/// Reads what the browser collected: labels and panels in turn.
fn read_collected(reader: &Reader<'_>, element: ElementRef<'_>, flow: &mut Flow, depth: usize) -> bool {
    let mut tabs = Vec::new();
    let mut label = String::new();
    for child in element.child_elements() {
        if child.attr(COLLECTED_TAB_MARK).is_some() {
            label = one_line(&child.text().collect::<String>());
        } else if child.attr(COLLECTED_PANEL_MARK).is_some() {
            let content = read_blocks(reader, child, depth + 1);
            if !content.is_empty() {
                tabs.push(Tab { label: std::mem::take(&mut label), content });
            }
        }
    }
    push(tabs, flow);
    true
}

/// A panel may be a block of code itself.
fn read_panel(reader: &Reader<'_>, panel: ElementRef<'_>, depth: usize) -> Vec<Block> {
    if !code::is_block(reader, panel) {
        return read_blocks(reader, panel, depth);
    }
    let mut flow = Flow::default();
    code::read(reader, panel, &mut flow);
    flow.finish()
}

fn label_of<'a>(
    reader: &Reader<'_>,
    panel: ElementRef<'_>,
    index: usize,
    labels: &[ElementRef<'a>],
    panels: usize,
) -> Option<ElementRef<'a>> {
    let by_id = labels.iter().find(|label| {
        let controls = label.attr("aria-controls").or_else(|| label.attr("href")?.strip_prefix('#'));
        let names =
            |id: Option<&str>, by: Option<&str>| id.is_some_and(|id| !id.is_empty() && by == Some(id));
        names(panel.attr("id"), controls) || names(label.attr("id"), panel.attr("aria-labelledby"))
    });
    let is_chosen = |label: &ElementRef<'_>| {
        label.attr("aria-selected") == Some("true") || reader.profile.interact.tabs.chosen.matches(*label)
    };
    let chosen = || labels.iter().find(|label| is_chosen(label));
    let by_order = || if panels == 1 && labels.len() > 1 { chosen() } else { labels.get(index) };
    by_id.or_else(by_order).copied()
}

/// The words of a label; some generators keep them in an attribute only, behind a sign of an icon font or none at all.
fn words(reader: &Reader<'_>, label: ElementRef<'_>, depth: usize) -> String {
    // Labels are often buttons, which are no content elsewhere.
    let text = if is_never_shown(label) {
        one_line(&flat_text(reader, label))
    } else {
        plain_text(&read_line(reader, label, depth))
    };
    if text.chars().any(char::is_alphanumeric) {
        return text;
    }
    label.attr("data-title").or_else(|| label.attr("title")).map_or(text, str::to_owned)
}
