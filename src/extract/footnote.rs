//! Footnotes: references and notes that find each other by the id of the note.

use std::collections::HashMap;

use scraper::ElementRef;

use crate::document::{Block, Definition, Inline, plain_text};
use crate::extract::dom::{descendants, has_class, is_blank_text, name, text_of};
use crate::extract::flow::Flow;
use crate::extract::page::Page;
use crate::extract::reader::{Reader, read_node};
use crate::profile::SelectorProfile;

/// The labels of all notes by their ids; a label is what the note shows, or its number.
pub(super) fn labels(
    page: &Page<'_>,
    root: ElementRef<'_>,
    profile: &SelectorProfile,
) -> HashMap<String, String> {
    let mut labels = HashMap::new();
    let notes = &profile.footnote.notes;
    // Most pages have none, which takes no walk to know.
    if page.select_by_preference(notes).all(|found| found.is_empty()) {
        return labels;
    }
    for (index, note) in notes.select_below(root).into_iter().enumerate() {
        let Some(id) = id_of(note) else { continue };
        let label = shown_label(note).unwrap_or_else(|| (index + 1).to_string());
        labels.entry(id.to_owned()).or_insert(label);
    }
    labels
}

/// A reference in the text, if its note is on the page.
pub(super) fn reference(reader: &Reader<'_>, element: ElementRef<'_>) -> Option<Inline> {
    let link = if name(element) == "a" {
        Some(element)
    } else {
        descendants(element).find(|below| name(*below) == "a")
    };
    let (_, id) = link?.attr("href")?.rsplit_once('#')?;
    reader.footnotes.get(id).cloned().map(Inline::FootnoteReference)
}

/// Reads a note without its label and its way back.
pub(super) fn read(reader: &Reader<'_>, element: ElementRef<'_>, flow: &mut Flow, depth: usize) {
    let label = id_of(element)
        .and_then(|id| reader.footnotes.get(id).cloned())
        .or_else(|| shown_label(element))
        .unwrap_or_else(|| "note".to_owned());
    let mut inner = Flow::default();
    for child in element.children() {
        if !ElementRef::wrap(child).is_some_and(|child| is_label(child) || is_anchor(element, child)) {
            read_node(reader, child, &mut inner, depth);
        }
    }
    let mut content = inner.finish();
    content.iter_mut().for_each(drop_way_back);
    content.iter_mut().take(1).for_each(drop_stop);
    content.retain(|block| !matches!(block, Block::Paragraph(line) if line.is_empty()));
    flow.push(Block::Footnote { label, content });
}

/// A note of docutils before 0.18: the term is the label.
pub(super) fn from_definition(entry: Definition) -> Block {
    let label = entry.terms.first().map(|term| strip_brackets(&plain_text(term))).unwrap_or_default();
    Block::Footnote { label, content: entry.definitions.into_iter().flatten().collect() }
}

/// How many elements of a note without an id are looked at for the one that a reference leads to.
const MOST_BELOW: usize = 4;

/// What a reference leads to: the note, or the link in front of its text that leads back (DokuWiki).
fn id_of<'a>(note: ElementRef<'a>) -> Option<&'a str> {
    note.attr("id").or_else(|| descendants(note).take(MOST_BELOW).find_map(|below| below.attr("id")))
}

/// Whether a child of a note is that link and nothing else.
fn is_anchor(note: ElementRef<'_>, child: ElementRef<'_>) -> bool {
    note.attr("id").is_none() && matches!(name(child), "sup" | "a") && id_of(child).is_some()
}

fn shown_label(note: ElementRef<'_>) -> Option<String> {
    let label = note.child_elements().find(|child| is_label(*child) || is_anchor(note, *child))?;
    Some(strip_brackets(&text_of(*label))).filter(|label| !label.is_empty())
}

/// Whether a child of a note is its label, or what leads back to several references.
pub(super) fn is_label(element: ElementRef<'_>) -> bool {
    has_class(element, "label")
        || has_class(element, "backrefs")
        || has_class(element, "footnote-definition-label")
        || is_number_back(element)
}

/// Asciidoctor begins a note with its number, which leads back, and a full stop.
fn is_number_back(element: ElementRef<'_>) -> bool {
    name(element) == "a"
        && element.attr("href").is_some_and(|to| to.starts_with("#_footnoteref"))
        && element.prev_sibling().is_none_or(is_blank_text)
}

/// Takes the full stop behind the label out of the first line.
fn drop_stop(block: &mut Block) {
    let Block::Paragraph(line) = block else { return };
    if let Some(Inline::Text(text)) = line.first_mut()
        && let Some(kept) = text.strip_prefix(". ")
    {
        *text = kept.to_owned();
    }
}

pub(super) fn strip_brackets(label: &str) -> String {
    label.trim().trim_start_matches('[').trim_end_matches([']', '.', ':', ')']).trim().to_owned()
}

/// Takes the arrow that leads back to the text out of the last line.
fn drop_way_back(block: &mut Block) {
    let Block::Paragraph(line) = block else { return };
    line.retain(|inline| match inline {
        Inline::Link { content, .. } => !is_arrow(&plain_text(content)),
        Inline::Superscript(content) => !is_arrow(&plain_text(content)),
        _ => true,
    });
    while let Some(Inline::Text(text)) = line.last_mut() {
        let kept = text.trim_end().len();
        text.truncate(kept);
        if !text.is_empty() {
            break;
        }
        line.pop();
    }
}

/// An arrow; behind those to a second and later reference stands which one it is.
fn is_arrow(text: &str) -> bool {
    let arrow = text.trim_end_matches(|next: char| next.is_ascii_digit());
    !arrow.is_empty()
        && arrow.chars().all(|next| matches!(next, '↩' | '↑' | '⤴' | '^' | '\u{FE0E}' | '\u{FE0F}'))
}
