//! What most pages of a site say alike: most likely no content.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::document::{Block, Document, plain_text};
use crate::tune::tally::visit;

/// With fewer pages nothing can be said.
const MIN_PAGES: usize = 5;
/// The share of pages, in per cent, that must hold a text.
const SHARE: usize = 50;
/// The fewest letters that are a text.
const MIN_LETTERS: usize = 2;

/// A text that most pages hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Repeated {
    /// The text.
    pub text: String,
    /// How many pages hold it.
    pub pages: usize,
    /// Where it stands in the HTML of one of them, as a CSS selector.
    pub stands_in: Option<String>,
}

/// The paragraphs and list items that most pages hold, the most frequent first. Headings repeat with good reason
/// ("Parameters"), code too.
pub fn repeated<'a>(documents: impl IntoIterator<Item = &'a Document>) -> Vec<Repeated> {
    let mut pages_with: BTreeMap<String, usize> = BTreeMap::new();
    let mut pages = 0;
    for document in documents {
        pages += 1;
        for text in texts(document) {
            *pages_with.entry(text).or_default() += 1;
        }
    }
    if pages < MIN_PAGES {
        return Vec::new();
    }
    pages_with.retain(|_, count| *count * 100 > pages * SHARE);
    let mut found: Vec<Repeated> =
        pages_with.into_iter().map(|(text, pages)| Repeated { text, pages, stands_in: None }).collect();
    found.sort_by(|left, right| right.pages.cmp(&left.pages).then_with(|| left.text.cmp(&right.text)));
    found
}

/// The texts of a document that may be repeated, each once.
pub(super) fn texts(document: &Document) -> BTreeSet<String> {
    let mut texts = BTreeSet::new();
    visit(&document.blocks, &mut |block| {
        if let Block::Paragraph(line) = block {
            let text = plain_text(line);
            if text.chars().filter(|letter| letter.is_alphanumeric()).count() >= MIN_LETTERS {
                texts.insert(text);
            }
        }
    });
    texts
}

/// Whether a document holds a text that may be repeated.
pub fn holds_text(document: &Document, text: &str) -> bool {
    texts(document).contains(text)
}
