//! The terms that tell a page from the others: those that it uses much and few others use at all.
//!
//! A title, a summary and headings say what a page is about; a reader often asks with a word from within it. Terms are
//! weighed by their count on a log scale times the logarithm of their rarity over the pages (tf-idf, Spärck Jones 1972).

use std::collections::{BTreeMap, BTreeSet};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use crate::skill::layout::common_words::common_words;
use crate::skill::layout::counted_terms::{CountedTerms, count_terms};
use crate::skill::layout::references::ReferenceFile;
use crate::skill::text::outline::headings;
use crate::skill::text::quote::{code_span, escape};

/// The level of a page's heading in its file.
const PAGE: u8 = 2;
/// The most terms of a page.
const MOST: usize = 12;
/// What the terms of a page take at least and at most, in bytes, and how many bytes of the page earn one more.
const LEAST_ROOM: usize = 70;
const MOST_ROOM: usize = 115;
const BYTES_A_ROOM: usize = 250;
/// A name of code counts for less than a word: its parts are seldom asked for.
const NAME_WEIGHT: f64 = 0.9;

/// The terms of all parts of pages, the most telling first.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    /// By the numbers of the file and of the page within it: terms as Markdown, and how much room they have in bytes.
    parts: BTreeMap<(usize, usize), (Vec<String>, usize)>,
}

impl Terms {
    /// Counts and weighs the terms of all files.
    pub fn new(files: &[ReferenceFile]) -> Self {
        let common = common_words();
        let texts: Vec<((usize, usize), &str)> = files
            .iter()
            .enumerate()
            .flat_map(|(number, file)| {
                let texts = pages(&file.text).into_iter().enumerate();
                texts.map(move |(page, text)| ((number, page), text))
            })
            .collect();
        let counted: Vec<CountedTerms> =
            texts.par_iter().map(|(_, text)| count_terms(text, &common)).collect();
        let having = having(&counted);
        let ranked = counted.iter().map(|terms| ranked(terms, &having, texts.len()));
        let parts = texts.iter().zip(ranked).map(|((part, text), ranked)| {
            let room = (LEAST_ROOM + text.len() / BYTES_A_ROOM).min(MOST_ROOM);
            (*part, (ranked, room))
        });
        Self { parts: parts.collect() }
    }

    /// The terms of a page within a file that its line does not say yet, as many as have room; `most` is how many bytes
    /// there are at most.
    pub fn of(&self, file: usize, page: usize, line: &str, most: usize) -> Vec<&str> {
        let Some((terms, room)) = self.parts.get(&(file, page)) else { return Vec::new() };
        let mut room = most.min(*room);
        let mut said: BTreeSet<String> = stems(line).collect();
        let mut kept = Vec::new();
        for term in terms {
            if kept.len() == MOST {
                break;
            }
            if term.len() + 2 > room || stems(term).all(|stem| said.contains(&stem)) {
                continue;
            }
            room -= term.len() + 2;
            said.extend(stems(term));
            kept.push(term.as_str());
        }
        kept
    }
}

/// The pages of a file, each with its heading.
fn pages(text: &str) -> Vec<&str> {
    let own = headings(text).into_iter().filter(|heading| heading.level == PAGE && heading.outermost);
    let starts: Vec<usize> = own.map(|heading| heading.range.start).collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).filter_map(|(start, end)| text.get(*start..end)).collect()
}

/// How many parts have a word or a name.
fn having(counted: &[CountedTerms]) -> BTreeMap<&str, usize> {
    let mut having = BTreeMap::new();
    for term in counted.iter().flat_map(|terms| terms.words.keys().chain(terms.names.keys())) {
        *having.entry(term.as_str()).or_default() += 1;
    }
    having
}

/// The terms as Markdown by weight, those of one weight in the order of the alphabet. What more than half of all parts
/// have tells none of them.
fn ranked(terms: &CountedTerms, having: &BTreeMap<&str, usize>, parts: usize) -> Vec<String> {
    let weight = |term: &str, count: usize, factor: f64| {
        let having = having.get(term).copied().unwrap_or(1);
        let rarity = ((parts + 1) as f64 / having as f64).ln();
        let weight = (1.0 + (count as f64).ln()) * rarity * factor;
        // Whole thousandths: a last digit that a machine rounds otherwise changes no order.
        (having * 2 <= parts).then_some((weight * 1_000.0).round() as u64)
    };
    let words = terms.words.iter().filter_map(|(word, spellings)| {
        let count = spellings.values().sum();
        let (spelling, _) = spellings.iter().max_by_key(|(_, count)| **count)?;
        Some((weight(word, count, 1.0)?, escape(spelling)))
    });
    let names = terms
        .names
        .iter()
        .filter_map(|(name, count)| Some((weight(name, *count, NAME_WEIGHT)?, code_span(name))));
    let mut ranked: Vec<(u64, String)> = words.chain(names).collect();
    ranked.sort_by(|left, right| (right.0, &left.1).cmp(&(left.0, &right.1)));
    ranked.into_iter().map(|(_, term)| term).collect()
}

/// The words of a text in lower case without their endings, so that `copies` says what `copy` and `copied` do.
fn stems(text: &str) -> impl Iterator<Item = String> {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(|word| {
        let lower = word.to_lowercase();
        let endings = ["ies", "es", "s", "ing", "ed"].iter();
        let stem = endings.filter_map(|end| lower.strip_suffix(end)).find(|stem| stem.chars().count() >= 4);
        stem.unwrap_or(&lower).to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::Terms;
    use crate::skill::layout::references::ReferenceFile;

    fn file(name: &str, text: &str) -> ReferenceFile {
        ReferenceFile {
            group: String::new(),
            title: name.to_owned(),
            name: format!("{name}.md"),
            text: format!("# {name}\n\n{text}"),
            pages: Vec::new(),
        }
    }

    #[test]
    fn a_page_is_told_by_what_it_uses_much_and_others_do_not() {
        let files = [
            file(
                "training",
                "## Precision\n\nLoss scaling keeps gradients of half floats. Scaling is set by `loss_scale`.\n\n\
                 ## Launch\n\nA launcher starts workers on each machine; gradients are reduced.\n",
            ),
            file("serving", "## Serve\n\nA server answers requests from a queue on each machine.\n"),
            file("storage", "## Store\n\nBuckets hold shards on a machine.\n"),
        ];
        let terms = Terms::new(&files);
        assert_eq!(
            terms.of(0, 0, "- [Precision](training.md#precision): Scaled floats.", 1_000),
            ["Loss", "half", "`loss_scale`", "gradients"]
        );
        assert_eq!(terms.of(0, 1, "- [Launch](training.md#launch)", 1_000)[..2], ["launcher", "reduced"]);
        assert_eq!(terms.of(1, 0, "- [Serve](serving.md#serve)", 12), ["answers"]);
        assert!(terms.of(2, 1, "", 1_000).is_empty());
    }

    #[test]
    fn one_page_has_nothing_to_be_told_from() {
        let terms = Terms::new(&[file("all", "## All\n\nBuckets hold shards.\n")]);
        assert!(terms.of(0, 0, "", 1_000).is_empty());
    }
}
