//! What the forms of one page know of each other: as sent, and rendered.
//!
//! The rendered form knows from style sheets what a visitor cannot see, the sent form does not, and holds all of it as
//! text. The sent form has the source of what a script has drawn since.

use std::collections::HashSet;

use scraper::{ElementRef, Node};

use crate::document::{Block, Document};
use crate::extract::hidden::{HIDDEN_MARK, is_never_shown};
use crate::extract::measure::{letters, novelty};
use crate::extract::page::Page;
use crate::profile::SelectorProfile;

/// How many letters more the page as sent must hold to be read instead of the rendered one. Dates, counters and
/// labels that a script rewrites stay below; an annotation or a diagram that it takes away does not.
pub(super) const MORE: usize = 16;

/// Languages in which a diagram is written down, and in whose place scripts put the picture.
const DIAGRAMS: [&str; 6] = ["mermaid", "plantuml", "dot", "graphviz", "d2", "vega-lite"];

/// Whether one form has that much which the other has not, more than the other way round.
pub(super) fn holds_more(blocks: &[Block], known: &[Block]) -> bool {
    novelty(blocks, known) > novelty(known, blocks) + MORE
}

/// The texts, without white space, that a rendered page has only where it is marked as hidden and the profile does not
/// keep it.
pub(super) fn hidden_texts(page: &Page<'_>, profile: &SelectorProfile) -> HashSet<String> {
    let (mut hidden, mut seen) = (HashSet::new(), HashSet::new());
    let mut pending = vec![(page.html().tree.root(), false)];
    while let Some((node, below_mark)) = pending.pop() {
        let mut is_hidden = below_mark;
        if let Some(element) = ElementRef::wrap(node) {
            if is_never_shown(element) {
                continue;
            }
            is_hidden |= element.attr(HIDDEN_MARK).is_some() && !is_kept(element, profile);
        } else if let Node::Text(text) = node.value() {
            let texts = if is_hidden { &mut hidden } else { &mut seen };
            texts.insert(letters(text));
        }
        pending.extend(node.children().map(|child| (child, is_hidden)));
    }
    hidden.retain(|text| !text.is_empty() && !seen.contains(text));
    hidden
}

fn is_kept(element: ElementRef<'_>, profile: &SelectorProfile) -> bool {
    profile.keep.matches(element) || profile.tabs.panels.matches(element)
}

/// Puts the diagrams and formulas that only `other` has where they stand there: behind the block that is before them in
/// both, else at the end.
pub(super) fn carry_sources(kept: &mut Document, other: &Document) {
    let mut after = None;
    for block in &other.blocks {
        if let Some(at) = kept.blocks.iter().position(|known| known == block) {
            after = Some(at);
        } else if is_source(block) && novelty(std::slice::from_ref(block), &kept.blocks) > 0 {
            let at = after.map_or(kept.blocks.len(), |at| at + 1);
            kept.blocks.insert(at, block.clone());
            after = Some(at);
        }
    }
}

/// Whether a diagram is written in this language.
pub(super) fn is_diagram(language: &str) -> bool {
    DIAGRAMS.contains(&language)
}

fn is_source(block: &Block) -> bool {
    match block {
        Block::Code(code) => code.language.as_deref().is_some_and(is_diagram),
        Block::Math(_) => true,
        _ => false,
    }
}
