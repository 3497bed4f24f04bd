//! Names for files and anchors.

use std::collections::BTreeMap;

/// The longest file name that a title gives, without its extension.
const LONGEST: usize = 60;
/// Words that a shortened name does not end with.
const JOINING: [&str; 10] = ["and", "or", "to", "of", "with", "for", "from", "in", "the", "a"];

/// An ASCII file name of a title: lower-case words joined by hyphens, empty when the title holds no letter or digit.
pub fn file_slug(title: &str) -> String {
    // Pictures have names in letters too (a flash is `zap`), which nobody looks for.
    let is_text = |character: char| character.is_ascii() || character.is_alphanumeric() || character == '’';
    let title: String =
        title.chars().map(|character| if is_text(character) { character } else { ' ' }).collect();
    let ascii = deunicode::deunicode(&title).to_ascii_lowercase().replace('\'', "");
    let words: Vec<&str> = ascii
        .split(|character: char| !character.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.get(..LONGEST).unwrap_or(word))
        .collect();
    let mut length = 0;
    let fitting = words.iter().take_while(|word| {
        length += word.len() + 1;
        length <= LONGEST + 1
    });
    let mut kept: Vec<&str> = fitting.copied().collect();
    while kept.len() < words.len() && kept.last().is_some_and(|word| JOINING.contains(word)) {
        kept.pop();
    }
    kept.join("-")
}

/// Hands out the anchors of one Markdown file, in document order, as GitHub names them.
#[derive(Debug, Default)]
pub struct Anchors {
    seen: BTreeMap<String, usize>,
}

impl Anchors {
    /// The anchor of the next heading: lower case, punctuation dropped, spaces as hyphens, repeats numbered.
    pub fn next(&mut self, heading: &str) -> String {
        let anchor: String = heading
            .to_lowercase()
            .chars()
            .filter_map(|character| match character {
                ' ' => Some('-'),
                '-' | '_' => Some(character),
                _ if character.is_alphanumeric() => Some(character),
                _ => None,
            })
            .collect();
        let count = self.seen.entry(anchor.clone()).or_insert(0);
        let this = if *count == 0 { anchor.clone() } else { format!("{anchor}-{count}") };
        *count += 1;
        if this != anchor {
            self.seen.entry(this.clone()).or_insert(1);
        }
        this
    }
}

#[cfg(test)]
mod tests {
    use super::{Anchors, file_slug};

    #[test]
    fn file_names_are_ascii_words() {
        let check = |title: &str, slug: &str| assert_eq!(file_slug(title), slug);
        check("Getting started", "getting-started");
        check("API: `Trainer.fit()` & more", "api-trainer-fit-more");
        check("Über uns", "uber-uns");
        check("What’s new", "whats-new");
        check("训练", "xun-lian");
        check("***", "");
        check("⚡ Fast start", "fast-start");
        check(
            "Fully sharded data parallel in the training of a large model and more",
            "fully-sharded-data-parallel-in-the-training-of-a-large-model",
        );
        check(&"word ".repeat(40), &"word-".repeat(12)[..59]);
    }

    #[test]
    fn anchors_are_those_of_github() {
        let mut anchors = Anchors::default();
        let mut check = |heading: &str, anchor: &str| assert_eq!(anchors.next(heading), anchor);
        check("Quick start", "quick-start");
        check("What's `trainer.fit()`?", "whats-trainerfit");
        check("Quick start", "quick-start-1");
        check("Quick start", "quick-start-2");
        check("Größe & Maß", "größe--maß");
    }
}
