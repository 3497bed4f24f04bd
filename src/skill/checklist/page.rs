//! The checklist as a page to read: `NAME.QA.md`.

use std::fmt::Write as _;

use super::{Checklist, Item, Verdict, number};
use crate::skill::text::quote::escape;

/// How many pages are listed of each kind.
const MOST_PAGES: usize = 200;

/// Writes the page. Writing to a string cannot fail.
pub(super) fn to_markdown(checklist: &Checklist) -> String {
    let mut text = format!("# {}: quality\n\n{checklist}\n\n", escape(&checklist.name));
    for item in &checklist.items {
        let _ = writeln!(text, "{}", line(item));
    }
    let _ = write!(text, "\n## The number\n\n{}/100 = {}\n", checklist.score, checklist.breakdown());
    text.push_str("\n## What was counted\n");
    for item in &checklist.items {
        text.push_str(&section(item));
    }
    if !checklist.pages.is_empty() {
        text.push_str("\n## Pages to look at\n\n");
        for note in checklist.pages.iter().take(MOST_PAGES) {
            let kind = note.kind.replace('_', " ");
            let _ = writeln!(text, "- <{}>: {kind}: {}", note.url, escape(&note.message));
        }
        let more = checklist.pages.len().saturating_sub(MOST_PAGES);
        if more > 0 {
            let _ = writeln!(text, "- and {more} more in the JSON file");
        }
    }
    text
}

/// An item as a line of a task list.
fn line(item: &Item) -> String {
    let tick = if item.verdict == Verdict::Pass { 'x' } else { ' ' };
    let value = item.value.map_or_else(String::new, |value| {
        let unit = if item.unit == "percent" { " %".to_owned() } else { format!(" {}", item.unit) };
        format!(": {}{unit}", number(value))
    });
    format!("- [{tick}] {}{value} ({})", escape(&item.title), item.verdict)
}

fn section(item: &Item) -> String {
    let mut text = format!("\n### {}\n\nMeasured: {}.\n", escape(&item.title), item.how);
    if !item.counts.is_empty() {
        let counts: Vec<String> =
            item.counts.iter().map(|(name, count)| format!("{} {count}", name.replace('_', " "))).collect();
        let _ = write!(text, "\n{}\n", counts.join(", "));
    }
    if !item.notes.is_empty() {
        text.push('\n');
        for note in &item.notes {
            let _ = writeln!(text, "- {note}");
        }
    }
    text
}
