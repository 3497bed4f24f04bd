//! Headings That Write Each Word Large, as they stand within a sentence.
//!
//! Which words of such a heading are names, its own pages know: they write a name large within their sentences too.

use std::collections::BTreeMap;

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::skill::text::outline::parser;

/// How often some words stand small, and large within a sentence.
#[derive(Clone, Debug, Default)]
pub struct Casing {
    counts: BTreeMap<String, (usize, usize)>,
}

impl Casing {
    /// Counts the words of these phrases in the prose of these pages.
    pub fn count<'a>(phrases: &[String], pages: impl Iterator<Item = &'a str>) -> Self {
        let words = phrases.iter().flat_map(|phrase| words(phrase)).filter(|word| is_large(word));
        let mut casing = Self { counts: words.map(|word| (word.to_lowercase(), (0, 0))).collect() };
        if !casing.counts.is_empty() {
            pages.for_each(|markdown| casing.read(markdown));
        }
        casing
    }

    /// The phrase with every word small that its pages write small more often than large; the first word stays.
    pub fn within_sentence(&self, phrase: &str) -> String {
        let mut first = true;
        let small = |word: &str| {
            let is_first = std::mem::take(&mut first);
            let part = words(word).next().unwrap_or_default();
            let (small, large) = self.counts.get(&part.to_lowercase()).copied().unwrap_or_default();
            let ordinary = !is_first && is_large(part) && words(word).count() == 1 && small > large;
            if ordinary { word.to_lowercase() } else { word.to_owned() }
        };
        phrase.split(' ').map(small).collect::<Vec<_>>().join(" ")
    }

    /// Reads the prose of a page: headings and code say nothing of how a word is written in a sentence.
    fn read(&mut self, markdown: &str) {
        let (mut aside, mut begins) = (0_usize, true);
        for event in parser(markdown) {
            match event {
                Event::Start(Tag::Heading { .. } | Tag::CodeBlock(_) | Tag::Link { .. }) => aside += 1,
                Event::End(TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::Link) => {
                    aside = aside.saturating_sub(1);
                    begins = false;
                }
                Event::Start(Tag::Paragraph | Tag::Item | Tag::TableCell) => begins = true,
                Event::Text(text) if aside == 0 => begins = self.read_text(&text, begins),
                Event::Code(_) => begins = false,
                _ => {}
            }
        }
    }

    /// Counts the words of a run of text; whether what follows it begins a sentence.
    fn read_text(&mut self, text: &str, begins: bool) -> bool {
        let mut begins = begins;
        for word in text.split_whitespace() {
            let part = words(word).next().unwrap_or_default();
            if let Some((small, large)) = self.counts.get_mut(&part.to_lowercase()) {
                *small += usize::from(part.chars().all(char::is_lowercase));
                *large += usize::from(!begins && is_large(part));
            }
            begins = word.ends_with(['.', '!', '?', ':', '。']);
        }
        begins
    }
}

/// The runs of letters of a text.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Whether a word has a large letter and then small ones alone.
fn is_large(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase)
        && word.chars().count() > 1
        && letters.all(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::Casing;

    #[test]
    fn words_are_small_where_the_page_writes_them_small() {
        let page = "# Setting the Seed\n\nSet a seed on Slurm. Seed it with Slurm, or set its seed.\n\n```\nslurm slurm slurm\n```\n\nThe `Trainer` is a Trainer. A trainer is none, says the Trainer.\n";
        let check = |phrase: &str, expected: &str| {
            let casing = Casing::count(&[phrase.to_owned()], std::iter::once(page));
            assert_eq!(casing.within_sentence(phrase), expected);
        };
        check("set the Seed", "set the seed");
        check("Seed the Seed with FSDP", "Seed the seed with FSDP");
        check("run the Trainer on Slurm", "run the Trainer on Slurm");
        check("set the Unheard-Of Seed-Set", "set the Unheard-Of Seed-Set");
    }
}
