//! What every page of a site repeats at its edges: "Powered by", "Edit this page", a banner.
//!
//! One page cannot tell such lines from content; all pages together can. Only blocks at the beginning and at the end
//! are looked at, so that what repeats within the text (a common heading, the same example) is never touched.

use std::collections::{HashMap, HashSet};

use crate::document::{Block, Document, plain_text};

/// With fewer pages nothing can be said.
const MIN_PAGES: usize = 5;

/// The share of pages, in per cent, that must repeat a block.
const SHARE: usize = 60;

/// How many blocks at either end are looked at.
const EDGE: usize = 4;

/// The longest text, in letters, that counts as such a line.
const MAX_LETTERS: usize = 300;

/// Takes the blocks that most pages of one site repeat out of their beginnings and ends.
///
/// The documents must be of one site. Titles, code and tables are never taken out.
pub(super) fn drop_repeated_edges<'a>(documents: impl IntoIterator<Item = &'a mut Document>) {
    let documents: Vec<&mut Document> = documents.into_iter().collect();
    if documents.len() < MIN_PAGES {
        return;
    }
    let mut pages_with: HashMap<String, usize> = HashMap::new();
    for document in &documents {
        let blocks = &document.blocks;
        let head = blocks.iter().take(EDGE);
        let tail = blocks.iter().skip(EDGE).rev().take(EDGE);
        let keys: HashSet<String> = head.chain(tail).filter_map(key).collect();
        keys.into_iter().for_each(|key| *pages_with.entry(key).or_default() += 1);
    }
    let enough = documents.len() * SHARE / 100;
    pages_with.retain(|_, pages| *pages > enough);
    for document in documents {
        trim(&mut document.blocks, &pages_with);
    }
}

fn trim(blocks: &mut Vec<Block>, repeated: &HashMap<String, usize>) {
    let is_repeated = |block: &Block| key(block).is_some_and(|key| repeated.contains_key(&key));
    for _ in 0..EDGE {
        let last_text = blocks.iter().rposition(|block| !matches!(block, Block::Rule));
        let Some(last) = last_text.filter(|last| blocks.get(*last).is_some_and(is_repeated)) else { break };
        // A rule that set the line apart goes with it.
        blocks.truncate(last);
        while matches!(blocks.last(), Some(Block::Rule)) {
            blocks.pop();
        }
    }
    // Before and just after the title.
    let mut at = 0;
    for _ in 0..EDGE {
        match blocks.get(at) {
            Some(Block::Heading { level: 1, .. }) => at += 1,
            Some(block) if is_repeated(block) => {
                blocks.remove(at);
            }
            _ => break,
        }
    }
}

/// What makes two blocks the same line: their words. Only lines of text have a key.
fn key(block: &Block) -> Option<String> {
    let text = match block {
        Block::Paragraph(line) => plain_text(line),
        Block::List(list) => {
            let lines = list.items.iter().flat_map(|item| &item.content).map(key);
            lines.collect::<Option<Vec<_>>>()?.join("\n")
        }
        _ => return None,
    };
    (!text.is_empty() && text.chars().count() <= MAX_LETTERS).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::drop_repeated_edges;
    use crate::document::{Block, Document, Inline};

    fn paragraph(text: &str) -> Block {
        Block::Paragraph(vec![Inline::Text(text.to_owned())])
    }

    #[test]
    fn repeated_footers_go_and_repeated_content_stays() {
        let page = |number: usize| Document {
            blocks: vec![
                paragraph(&format!("Page {number}")),
                paragraph("See below."),
                paragraph(&format!("Text {number}")),
                Block::Rule,
                paragraph("Powered by a generator"),
            ],
            ..Document::default()
        };
        let mut site: Vec<Document> = (0..6).map(page).collect();
        drop_repeated_edges(&mut site);
        for (number, document) in site.iter().enumerate() {
            assert_eq!(document.blocks, page(number).blocks[..3]);
        }
        let mut few: Vec<Document> = (0..4).map(page).collect();
        drop_repeated_edges(&mut few);
        assert_eq!(few[0].blocks.len(), 5, "four pages say nothing");
    }
}
