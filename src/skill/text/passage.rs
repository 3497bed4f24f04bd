//! A section of a page as one compares it with others: its text without spelling differences, its code to the letter.

use std::collections::BTreeSet;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::ops::Range;

use crate::skill::text::blocks::{BlockKind, blocks};
use crate::skill::text::outline::headings;

/// How many words in a row are compared.
const SHINGLE: usize = 4;

/// A section with what stands below it, or a whole page.
#[derive(Clone, Debug)]
pub struct Passage {
    /// The index of its page.
    pub reference: usize,
    /// Its heading in plain text; of a page its title.
    pub heading: String,
    /// Its bytes in the page's Markdown.
    pub range: Range<usize>,
    /// Where its body begins, behind the heading; of a page the beginning.
    pub body: usize,
    /// Passages that may be the same have the same key.
    pub key: u64,
    /// Its body without white space that says nothing.
    pub text: String,
    /// Its code blocks to the letter.
    pub code: u64,
    /// Its blocks: the same without white space that says nothing, and as they are written.
    blocks: Vec<(String, String)>,
}

/// What a passage says that another does not.
#[derive(Clone, Debug)]
pub struct Rest {
    /// The blocks that the other one lacks.
    pub text: String,
}

impl Passage {
    /// Reads what it says from its page.
    pub fn read(&mut self, markdown: &str) {
        let source = markdown.get(self.body..self.range.end).unwrap_or_default();
        let mut code = DefaultHasher::new();
        self.blocks.clear();
        for block in blocks(source) {
            let text = source.get(block.range.clone()).unwrap_or_default();
            // Code within lists and quotations counts to the letter as well: its lines keep their margin.
            let exact = block.kind == BlockKind::Code || text.contains("```") || text.contains("~~~");
            let plain = if exact { text.trim_end().to_owned() } else { words(text) };
            if exact {
                plain.hash(&mut code);
            }
            self.blocks.push((plain, text.to_owned()));
        }
        self.code = code.finish();
        self.text = self.blocks.iter().map(|(plain, _)| plain.as_str()).collect::<Vec<_>>().join("\n");
    }

    /// Whether it is a whole page.
    pub fn is_page(&self) -> bool {
        self.range.start == self.body
    }

    /// Whether the two stand on one page and share bytes of it.
    pub fn touches(&self, other: &Self) -> bool {
        self.reference == other.reference
            && self.range.start < other.range.end
            && other.range.start < self.range.end
    }

    /// The share of runs of words that both have, of those that either has; 1 when they are the same.
    pub fn likeness(&self, other: &Self) -> f64 {
        let (left, right) = (self.text.len().max(1) as f64, other.text.len().max(1) as f64);
        if left.min(right) / left.max(right) < 0.9 {
            return 0.0;
        }
        let (mine, others) = (shingles(&self.text), shingles(&other.text));
        let both = mine.intersection(&others).count() as f64;
        let either = (mine.len() + others.len()) as f64 - both;
        if either == 0.0 { 0.0 } else { both / either }
    }

    /// The blocks of this passage that are not in the other one.
    pub fn rest(&self, other: &Self) -> Rest {
        let there: BTreeSet<&str> = other.blocks.iter().map(|(plain, _)| plain.as_str()).collect();
        let own = self.blocks.iter().filter(|(plain, _)| !there.contains(plain.as_str()));
        Rest { text: own.map(|(_, text)| text.trim()).collect::<Vec<_>>().join("\n\n") }
    }
}

/// The sections of a page, those within others too, and the page itself; none of them read yet.
pub fn passages(reference: usize, title: &str, markdown: &str) -> Vec<Passage> {
    let all: Vec<_> = headings(markdown).into_iter().filter(|heading| heading.outermost).collect();
    let outline = all.iter().map(|heading| heading.text.as_str()).collect::<Vec<_>>();
    // A page has its headings in common with a page that repeats it; one without tells itself by how it opens.
    let opening: String =
        if outline.len() < 2 { markdown.chars().take(80).collect() } else { outline.join("\n") };
    let unread = |heading: &str, range: Range<usize>, body: usize, key: u64| Passage {
        reference,
        heading: heading.to_owned(),
        range,
        body,
        key,
        text: String::new(),
        code: 0,
        blocks: Vec::new(),
    };
    let mut found = vec![unread(title, 0..markdown.len(), 0, hash(&("page", opening)))];
    for (at, heading) in all.iter().enumerate() {
        let next = all.iter().skip(at + 1).find(|next| next.level <= heading.level);
        let end = next.map_or(markdown.len(), |next| next.range.start);
        let range = heading.range.start..end;
        let key = hash(&("section", heading.text.to_lowercase()));
        found.push(unread(&heading.text, range, heading.range.end, key));
    }
    found
}

fn shingles(text: &str) -> BTreeSet<u64> {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.windows(SHINGLE).map(hash).collect()
}

/// The words of a text with one space between them.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The hash of a value; the hasher of the standard library gives the same in every run.
fn hash<T: Hash + ?Sized>(value: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
