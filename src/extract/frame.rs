//! Boxes around code: a listing with the name of its file, the name of its language and its buttons.
//!
//! Generators give the parts of such a box any class they like, so it is known by what it holds: one listing, and beside
//! it nothing but words that name a language, name a file or work a button. A word of prose makes it no box.

use std::collections::HashMap;

use ego_tree::NodeId;
use scraper::ElementRef;

use crate::extract::dom::{ancestry, descendants, name};
use crate::extract::hidden::is_left_out;
use crate::extract::language::display_name;
use crate::extract::links::is_permalink;
use crate::extract::text::one_line;
use crate::profile::SelectorProfile;

/// How far above its listing a box may reach, and how many nodes of a part are looked at.
const MAX_LEVELS: usize = 4;
const MAX_NODES: usize = 48;

/// The longest name of a file.
const MAX_NAME: usize = 100;

/// What the controls of a box say.
const CONTROLS: [&str; 18] = [
    "copy",
    "copy code",
    "copied",
    "copied!",
    "copy to clipboard",
    "copy to clipboard!",
    "copy snippet",
    "copy command",
    "click to copy",
    "expand",
    "collapse",
    "wrap",
    "wrap lines",
    "toggle word wrap",
    "download",
    "code",
    "+",
    "\u{2026}",
];

/// What a box says about its listing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Frame {
    /// The name of the file, or a caption.
    pub(super) caption: Option<String>,
    /// The language that stands beside the listing.
    pub(super) language: Option<String>,
}

/// The boxes of a page by their outermost element.
pub(super) fn find(root: ElementRef<'_>, profile: &SelectorProfile) -> HashMap<NodeId, Frame> {
    let mut frames = HashMap::new();
    for listing in descendants(root).filter(|below| is_listing(*below, profile)) {
        let mut frame = Frame::default();
        let mut outermost = None;
        let mut inner = listing;
        for above in ancestry(listing).skip(1).take(MAX_LEVELS) {
            if above.id() == root.id() || !is_box(above, profile) {
                break;
            }
            match read_beside(above, inner, profile, &mut frame) {
                Beside::Nothing => {}
                Beside::Words => outermost = Some(above.id()),
                Beside::Prose => break,
            }
            inner = above;
        }
        if let Some(outermost) = outermost {
            frames.insert(outermost, frame);
        }
    }
    frames
}

fn is_listing(element: ElementRef<'_>, profile: &SelectorProfile) -> bool {
    name(element) == "pre" || (name(element) == "table" && profile.code.tables.matches(element))
}

/// Whether the element may be there for the sake of a listing.
fn is_box(element: ElementRef<'_>, profile: &SelectorProfile) -> bool {
    (matches!(name(element), "div" | "figure" | "section" | "span") || name(element).contains('-'))
        && !profile.tabs.panels.matches(element)
        && !profile.admonition.blocks.matches(element)
        && !profile.main_content.matches(element)
}

/// What stands in a box beside the part of it that holds the listing.
enum Beside {
    Nothing,
    Words,
    Prose,
}

fn read_beside(
    above: ElementRef<'_>,
    inner: ElementRef<'_>,
    profile: &SelectorProfile,
    frame: &mut Frame,
) -> Beside {
    let mut found = frame.clone();
    let mut has_words = false;
    for child in above.children().filter(|child| child.id() != inner.id()) {
        if let Some(text) = child.value().as_text() {
            if !text.trim().is_empty() {
                return Beside::Prose;
            }
            continue;
        }
        let Some(element) = ElementRef::wrap(child).filter(|element| !is_left_out(*element, profile)) else {
            continue;
        };
        match read_part(element, profile, &mut found) {
            Some(is_empty) => has_words |= !is_empty,
            None => return Beside::Prose,
        }
    }
    if !has_words {
        return Beside::Nothing;
    }
    *frame = found;
    Beside::Words
}

/// Reads one part of a box; `None` where it is more than words of a box, else whether it was empty.
fn read_part(part: ElementRef<'_>, profile: &SelectorProfile, frame: &mut Frame) -> Option<bool> {
    if profile.code.captions.matches(part) {
        let caption = caption_text(part, profile);
        let is_empty = caption.is_empty();
        if !is_empty && !is_control(&caption) {
            frame.caption.get_or_insert(caption);
        }
        return Some(is_empty);
    }
    let mut is_empty = true;
    let mut pending = vec![part];
    let mut seen = 0;
    while let Some(element) = pending.pop() {
        seen += 1;
        let is_structure = matches!(
            name(element),
            "pre"
                | "table"
                | "ul"
                | "ol"
                | "dl"
                | "img"
                | "iframe"
                | "video"
                | "blockquote"
                | "details"
                | "h1"
                | "h2"
                | "h3"
                | "h4"
                | "h5"
                | "h6"
                | "code"
                | "math"
        );
        if is_structure || seen > MAX_NODES {
            return None;
        }
        for child in element.children() {
            if let Some(text) = child.value().as_text() {
                let word = one_line(text);
                if !word.is_empty() {
                    is_empty = false;
                    read_word(word, frame)?;
                }
            } else if let Some(below) = ElementRef::wrap(child).filter(|below| !is_left_out(*below, profile))
            {
                pending.push(below);
            }
        }
    }
    Some(is_empty)
}

/// The words of a caption without what is left out of it and without its permalink.
pub(super) fn caption_text(caption: ElementRef<'_>, profile: &SelectorProfile) -> String {
    let mut text = String::new();
    let mut pending = vec![*caption];
    while let Some(node) = pending.pop() {
        if let Some(run) = node.value().as_text() {
            text.push_str(run);
        } else if ElementRef::wrap(node)
            .is_none_or(|below| !is_left_out(below, profile) && !is_permalink(below))
        {
            pending.extend(node.children().rev());
        }
    }
    one_line(&text)
}

/// Takes a word for the name of a language or of a file, or for a control; `None` where it is none of them.
fn read_word(word: String, frame: &mut Frame) -> Option<()> {
    if is_control(&word) {
        return Some(());
    }
    if let Some(language) = display_name(&word) {
        if !language.is_empty() {
            frame.language.get_or_insert_with(|| language.to_owned());
        }
        return Some(());
    }
    if is_file_name(&word) {
        frame.caption.get_or_insert(word);
        return Some(());
    }
    None
}

fn is_control(word: &str) -> bool {
    let plain = word.to_lowercase();
    CONTROLS.contains(&plain.as_str())
}

/// A word that can only name a file: no spaces, and an ending or a folder.
fn is_file_name(word: &str) -> bool {
    let is_plain = |next: char| next.is_alphanumeric() || "._-/\\@+()[]{}$~:*".contains(next);
    let has_ending = word.rsplit_once('.').is_some_and(|(stem, ending)| {
        (1..=10).contains(&ending.len())
            && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && !stem.ends_with('.')
    });
    word.len() <= MAX_NAME
        && word.chars().all(is_plain)
        && (has_ending
            || word.contains('/')
            || matches!(word, "Dockerfile" | "Makefile" | "Gemfile" | "Procfile"))
        && word.chars().any(char::is_alphabetic)
}
