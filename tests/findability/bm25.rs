//! Plain word search: BM25 (Robertson and Zaragoza 2009) with its usual constants, over words in lower case.

use std::collections::BTreeMap;

/// How fast a word that is repeated stops to count, and how much the length of a document matters.
const K: f64 = 1.2;
const B: f64 = 0.75;

/// Words that nobody searches for; a search leaves them out of a question.
pub const STOP: [&str; 40] = [
    "a", "an", "the", "of", "to", "in", "on", "for", "and", "or", "with", "by", "from", "is", "are", "be",
    "as", "at", "it", "its", "this", "that", "your", "you", "my", "we", "our", "how", "what", "why", "when",
    "do", "does", "can", "using", "use", "into", "via", "not", "i",
];

/// Documents that can be searched.
pub struct Index {
    documents: Vec<BTreeMap<String, usize>>,
    lengths: Vec<usize>,
    having: BTreeMap<String, usize>,
}

impl Index {
    pub fn new<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut index = Self { documents: vec![], lengths: vec![], having: BTreeMap::new() };
        for text in texts {
            let mut counts: BTreeMap<String, usize> = BTreeMap::new();
            let words = words(text);
            index.lengths.push(words.len());
            for word in words {
                *counts.entry(word).or_default() += 1;
            }
            for word in counts.keys() {
                *index.having.entry(word.clone()).or_default() += 1;
            }
            index.documents.push(counts);
        }
        index
    }

    /// The documents that have a word of the query, the best first; of equals the first.
    pub fn search(&self, query: &str) -> Vec<usize> {
        let total = self.documents.len() as f64;
        let mean = self.lengths.iter().sum::<usize>() as f64 / total.max(1.0);
        let mut scores: Vec<(f64, usize)> = Vec::new();
        let mut query = words(query);
        query.retain(|word| !STOP.contains(&word.as_str()));
        for (at, counts) in self.documents.iter().enumerate() {
            let mut score = 0.0;
            for word in &query {
                let Some(count) = counts.get(word) else { continue };
                let having = self.having[word] as f64;
                let rarity = ((total - having + 0.5) / (having + 0.5) + 1.0).ln();
                let count = *count as f64;
                let length = 1.0 - B + B * self.lengths[at] as f64 / mean;
                score += rarity * count * (K + 1.0) / (count + K * length);
            }
            if score > 0.0 {
                scores.push((score, at));
            }
        }
        scores.sort_by(|left, right| right.0.total_cmp(&left.0).then(left.1.cmp(&right.1)));
        scores.into_iter().map(|(_, at)| at).collect()
    }
}

/// The words of a text in lower case. Names of code are words as a whole and in their parts.
pub fn words(text: &str) -> Vec<String> {
    text.split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}
