//! What a change of the profile gained and lost, page by page.

use std::collections::{BTreeMap, HashMap};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use serde::Serialize;
use similar::TextDiff;

use crate::document::{Block, Document};
use crate::tune::tally::{own_lines, visit};
use crate::tune::{ReadAgain, percent};
use crate::url::CanonicalUrl;

/// Lines of a diff that are kept; the rest is counted.
const DIFF_LINES: usize = 40;
/// Unchanged lines around a change.
const CONTEXT: usize = 1;

/// What changed on all pages together.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Comparison {
    /// Pages whose Markdown is the same to the letter.
    pub same: usize,
    /// What is there now and was not.
    pub gained: Change,
    /// What was there and is no more.
    pub lost: Change,
    /// The share of the words that were there and are no more, in per cent.
    pub lost_percent: f64,
    /// The pages that differ, the largest difference first.
    pub changed: Vec<PageDifference>,
    /// Pages that only one of the two has.
    pub only_in_one: Vec<CanonicalUrl>,
}

/// An amount of content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Blocks of every kind.
    pub blocks: usize,
    /// Blocks of code.
    pub code: usize,
    /// Headings.
    pub headings: usize,
    /// Words.
    pub words: usize,
}

/// A page that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PageDifference {
    /// The page.
    pub url: CanonicalUrl,
    /// What is there now and was not.
    pub gained: Change,
    /// What was there and is no more.
    pub lost: Change,
    /// The difference of the Markdown, unified; only of the first pages.
    pub diff: Option<String>,
}

/// Compares two readings of one record; the diff is made of the `diffs` pages that differ most.
pub fn compare(before: &[ReadAgain], after: &[ReadAgain], diffs: usize) -> Comparison {
    let known: HashMap<&CanonicalUrl, &ReadAgain> = before.iter().map(|page| (&page.url, page)).collect();
    let now: HashMap<&CanonicalUrl, &ReadAgain> = after.iter().map(|page| (&page.url, page)).collect();
    let pairs: Vec<(&ReadAgain, &ReadAgain)> =
        after.iter().filter_map(|page| Some((*known.get(&page.url)?, page))).collect();
    let mut changed: Vec<PageDifference> = pairs
        .par_iter()
        .filter(|(before, after)| before.markdown != after.markdown)
        .map(|(before, after)| difference(before, after))
        .collect();
    changed.sort_by(|left, right| right.words().cmp(&left.words()).then_with(|| left.url.cmp(&right.url)));
    for page in changed.iter_mut().take(diffs) {
        if let (Some(before), Some(after)) = (known.get(&page.url), now.get(&page.url)) {
            page.diff = Some(unified(&before.markdown, &after.markdown));
        }
    }
    let alone = before.iter().filter(|page| !now.contains_key(&page.url));
    let alone = alone.chain(after.iter().filter(|page| !known.contains_key(&page.url)));
    let lost = changed.iter().fold(Change::default(), |sum, page| sum.plus(page.lost));
    let words_before = pairs.iter().map(|(before, _)| before.markdown.split_whitespace().count()).sum();
    Comparison {
        same: pairs.len() - changed.len(),
        gained: changed.iter().fold(Change::default(), |sum, page| sum.plus(page.gained)),
        lost,
        lost_percent: percent(lost.words, words_before),
        only_in_one: alone.map(|page| page.url.clone()).collect(),
        changed,
    }
}

impl PageDifference {
    fn words(&self) -> usize {
        self.gained.words + self.lost.words
    }
}

impl Change {
    fn plus(self, other: Self) -> Self {
        Self {
            blocks: self.blocks + other.blocks,
            code: self.code + other.code,
            headings: self.headings + other.headings,
            words: self.words + other.words,
        }
    }
}

fn difference(before: &ReadAgain, after: &ReadAgain) -> PageDifference {
    let (old, new) = (parts(&before.survey.reading.document), parts(&after.survey.reading.document));
    let change = |from: &Parts, to: &Parts, from_text: &str, to_text: &str| Change {
        blocks: missing(&from.blocks, &to.blocks),
        code: missing(&from.code, &to.code),
        headings: missing(&from.headings, &to.headings),
        words: missing(
            &from_text.split_whitespace().collect::<Vec<_>>(),
            &to_text.split_whitespace().collect::<Vec<_>>(),
        ),
    };
    PageDifference {
        url: after.url.clone(),
        gained: change(&new, &old, &after.markdown, &before.markdown),
        lost: change(&old, &new, &before.markdown, &after.markdown),
        diff: None,
    }
}

/// The parts of a document by their texts.
#[derive(Default)]
struct Parts {
    blocks: Vec<String>,
    code: Vec<String>,
    headings: Vec<String>,
}

fn parts(document: &Document) -> Parts {
    let mut parts = Parts::default();
    visit(&document.blocks, &mut |block| {
        let text = own_lines(block).join("\n");
        match block {
            Block::Code(_) => parts.code.push(text.clone()),
            Block::Heading { .. } => parts.headings.push(text.clone()),
            _ => {}
        }
        if !text.is_empty() {
            parts.blocks.push(text);
        }
    });
    parts
}

/// How many of these texts the other side does not have; each there serves one here.
fn missing<T: Ord>(of: &[T], from: &[T]) -> usize {
    let mut there: BTreeMap<&T, usize> = BTreeMap::new();
    for text in from {
        *there.entry(text).or_default() += 1;
    }
    let is_missing = |text: &&T| match there.get_mut(*text) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    };
    of.iter().filter(is_missing).count()
}

fn unified(before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(before, after).unified_diff().context_radius(CONTEXT).to_string();
    let lines: Vec<&str> = diff.lines().collect();
    let shown = lines.iter().take(DIFF_LINES).copied().collect::<Vec<_>>().join("\n");
    match lines.len().saturating_sub(DIFF_LINES) {
        0 => shown,
        more => format!("{shown}\n… {more} more lines"),
    }
}
