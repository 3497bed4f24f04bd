//! Tabs: every panel with its label, whichever a visitor would see first.
//!
//! Generators write all labels and then all panels, or label and panel in turn. Where ids tie a label to its panel they
//! decide; else the order does. Some fill a panel only when it is chosen: then the label of the chosen tab is its own,
//! unless the browser has clicked through them all and wrote down what it saw, as [`COLLECTED_MARK`] says.

use scraper::ElementRef;

use crate::document::{Block, Tab, plain_text};
use crate::extract::code;
use crate::extract::dom::{ancestry, attr, descendants};
use crate::extract::flow::Flow;
use crate::extract::hidden::is_never_shown;
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

/// Whether the browser collected this set.
pub(super) fn is_collected(element: ElementRef<'_>) -> bool {
    attr(element, COLLECTED_MARK).is_some()
}

/// Reads a set of tabs; says `false` where there are no panels to read.
pub(super) fn read(reader: &Reader<'_>, element: ElementRef<'_>, flow: &mut Flow, depth: usize) -> bool {
    if is_collected(element) {
        return read_collected(reader, element, flow, depth);
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
    let mut tabs = Vec::with_capacity(panels.len());
    for (index, panel) in panels.iter().enumerate() {
        let label = label_of(*panel, index, &labels, panels.len());
        let content = read_panel(reader, *panel, depth + 1);
        if !content.is_empty() {
            tabs.push(Tab {
                label: label.map(|label| words(reader, label, depth)).unwrap_or_default(),
                content,
            });
        }
    }
    if !tabs.is_empty() {
        flow.push(Block::Tabs(tabs));
    }
    true
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
    if !tabs.is_empty() {
        flow.push(Block::Tabs(tabs));
    }
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
    let chosen = || labels.iter().find(|label| label.attr("aria-selected") == Some("true"));
    let by_order = || if panels == 1 && labels.len() > 1 { chosen() } else { labels.get(index) };
    by_id.or_else(by_order).copied()
}

/// The words of a label; some generators keep them in an attribute only.
fn words(reader: &Reader<'_>, label: ElementRef<'_>, depth: usize) -> String {
    // Labels are often buttons, which are no content elsewhere.
    let text = if is_never_shown(label) {
        one_line(&flat_text(reader, label))
    } else {
        plain_text(&read_line(reader, label, depth))
    };
    if text.is_empty() {
        label.attr("data-title").or_else(|| label.attr("title")).unwrap_or_default().to_owned()
    } else {
        text
    }
}
