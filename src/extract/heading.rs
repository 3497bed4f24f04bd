//! Headings, with the anchor that links point at.

use scraper::ElementRef;

use crate::document::{Block, Inline};
use crate::extract::api;
use crate::extract::dom::{attr, name, parent};
use crate::extract::flow::Flow;
use crate::extract::inline::{flat_text, read_line};
use crate::extract::reader::Reader;
use crate::extract::text::one_line;

/// How many elements of an empty heading are looked at for the button that is its text.
const MOST_BELOW: usize = 8;

/// Reads a heading.
pub(super) fn read(reader: &Reader<'_>, element: ElementRef<'_>, flow: &mut Flow, depth: usize) {
    let level = level_of(reader, element);
    let line = if reader.profile.api.names.matches(element) {
        api::name_of(reader, element)
    } else {
        read_line(reader, element, depth)
    };
    let content: Vec<_> = line.into_iter().filter(|inline| !matches!(inline, Inline::Break)).collect();
    let content = if content.is_empty() { accordion_label(reader, element) } else { content };
    if !content.is_empty() {
        // A profile may know that what has the name of a heading is none.
        flow.push(match level {
            0 => Block::Paragraph(content),
            level => Block::Heading { level, id: anchor(element), content },
        });
    }
}

/// Whether the element is a heading by its name, its role, or the profile.
pub(super) fn is_heading(reader: &Reader<'_>, element: ElementRef<'_>) -> bool {
    matches!(name(element), "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
        || attr(element, "role") == Some("heading")
        || reader.profile.headings.level(element).is_some()
}

/// The level that the profile or the name states, or the attribute of an element that has the role of a heading.
fn level_of(reader: &Reader<'_>, element: ElementRef<'_>) -> u8 {
    if let Some(level) = reader.profile.headings.level(element) {
        return level;
    }
    let stated = || attr(element, "aria-level").and_then(|level| level.trim().parse().ok()).unwrap_or(2);
    let of_name = match name(element).as_bytes() {
        [b'h', digit @ b'1'..=b'6'] => Some(digit - b'0'),
        _ => None,
    };
    of_name.unwrap_or_else(stated).clamp(1, 6)
}

/// The header of an accordion is a heading around nothing but the button that opens it (ARIA Authoring Practices).
fn accordion_label(reader: &Reader<'_>, heading: ElementRef<'_>) -> Vec<Inline> {
    let mut below = heading.descendent_elements().skip(1).take(MOST_BELOW);
    let button = below.find(|below| name(*below) == "button" && attr(*below, "aria-expanded").is_some());
    let label = button.map(|button| one_line(&flat_text(reader, button))).unwrap_or_default();
    if label.is_empty() { Vec::new() } else { vec![Inline::Text(label)] }
}

/// The anchor of a heading: its own, its section's (Sphinx), or that of a link inside (GitHub).
fn anchor(heading: ElementRef<'_>) -> Option<String> {
    let of_section = parent(heading)
        .filter(|section| matches!(name(*section), "section" | "div"))
        .filter(|section| section.child_elements().next().is_some_and(|first| first.id() == heading.id()))
        .and_then(|section| section.attr("id"));
    let inside = || {
        heading.descendent_elements().skip(1).find_map(|below| {
            attr(below, "id").or_else(|| attr(below, "name")).or_else(|| attr(below, "data-id"))
        })
    };
    attr(heading, "id").or(of_section).or_else(inside).filter(|id| !id.is_empty()).map(str::to_owned)
}
