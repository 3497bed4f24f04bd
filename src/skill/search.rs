//! Searches the Markdown of a skill: which sections say most about some words.
//!
//! In order: `sections` cuts each file at its headings, `words` says what of a text is compared (words and pairs of them),
//! and [`search`] ranks the sections by Okapi BM25 (Robertson and Zaragoza, 2009), where the words of headings count more
//! than those below them; `excerpt` shows the lines that say most. The same files and words give the same answer.

mod excerpt;
mod sections;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use excerpt::excerpt;
use sections::{Section, sections};
use words::{terms, terms_of_query};

/// How soon a word that is said again stops to count (BM25's k₁).
const SATURATION: f64 = 1.2;
/// How much a long section is held against it (BM25's b).
const LENGTH: f64 = 0.75;
/// How many times a word of a section's own heading counts.
const HEADING: u32 = 4;
/// How many times a word of the headings around it counts.
const AROUND: u32 = 1;

/// A section that says something about what was asked.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hit {
    /// The file within the skill, with `/`.
    pub file: String,
    /// The anchor of the heading, as GitHub names it; empty above the first heading.
    pub anchor: String,
    /// The heading with those that it stands below, from the highest.
    pub heading: Vec<String>,
    /// The section's first line, from 1.
    pub first_line: usize,
    /// Its last line.
    pub last_line: usize,
    /// How well it fits, rounded to three places; only comparable within one answer.
    pub score: f64,
    /// The lines that say most, shortened.
    pub excerpt: String,
}

/// What a search found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Found {
    /// How many sections hold one of the words.
    pub total: usize,
    /// The best of them, best first.
    pub hits: Vec<Hit>,
}

/// A section with its words counted.
struct Counted {
    section: Section,
    counts: BTreeMap<String, u32>,
    length: f64,
}

/// The sections that fit a query best, at most `limit` after the first `offset`. Files are given by path within the
/// skill and text; those that are no Markdown should not be among them.
pub fn search(files: &BTreeMap<String, String>, query: &str, offset: usize, limit: usize) -> Found {
    let wanted: BTreeSet<String> = terms_of_query(query).into_iter().collect();
    let counted: Vec<Counted> =
        files.iter().flat_map(|(file, text)| sections(file, text)).map(count).collect();
    let average = counted.iter().map(|section| section.length).sum::<f64>() / size(counted.len()).max(1.0);
    let rarity: BTreeMap<&str, f64> =
        wanted.iter().map(|word| (word.as_str(), rarity(word, &counted))).collect();
    let mut scored: Vec<(f64, &Counted)> = counted
        .iter()
        .map(|section| (score(section, &rarity, average), section))
        .filter(|(score, _)| *score > 0.0)
        .collect();
    scored.sort_by(|(left, one), (right, other)| {
        right.total_cmp(left).then_with(|| one.section.place().cmp(&other.section.place()))
    });
    let best = scored.iter().skip(offset).take(limit);
    let hits = best.map(|(score, counted)| hit(*score, &counted.section, &wanted)).collect();
    Found { total: scored.len(), hits }
}

fn count(section: Section) -> Counted {
    let mut counts = BTreeMap::new();
    let mut add = |text: &str, times: u32| {
        for word in terms(text) {
            *counts.entry(word).or_insert(0) += times;
        }
    };
    add(&section.text, 1);
    if let Some((own, around)) = section.heading.split_last() {
        add(own, HEADING);
        around.iter().for_each(|heading| add(heading, AROUND));
    }
    let length = f64::from(counts.values().sum::<u32>());
    Counted { section, counts, length }
}

/// The inverse document frequency, kept above zero.
fn rarity(word: &str, sections: &[Counted]) -> f64 {
    let holding = size(sections.iter().filter(|section| section.counts.contains_key(word)).count());
    let all = size(sections.len());
    (1.0 + (all - holding + 0.5) / (holding + 0.5)).ln()
}

fn score(section: &Counted, rarity: &BTreeMap<&str, f64>, average: f64) -> f64 {
    let relative = section.length / average.max(1.0);
    let of_word = |(word, rarity): (&&str, &f64)| {
        let times = f64::from(section.counts.get(*word).copied().unwrap_or(0));
        rarity * times * (SATURATION + 1.0) / (times + SATURATION * (1.0 - LENGTH + LENGTH * relative))
    };
    rarity.iter().map(of_word).sum()
}

fn hit(score: f64, section: &Section, wanted: &BTreeSet<String>) -> Hit {
    Hit {
        file: section.file.clone(),
        anchor: section.anchor.clone(),
        heading: section.heading.clone(),
        first_line: section.first_line,
        last_line: section.last_line,
        score: (score * 1000.0).round() / 1000.0,
        excerpt: excerpt(&section.text, wanted),
    }
}

/// Numbers of sections are far below what a float holds exactly.
fn size(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests;
