//! The words and the names of code that a part of a page uses, counted.
//!
//! Prose counts word by word and its code spans as names. Of a block of code only flags count, since the rest of an example
//! is what somebody happened to call things, and the lines that report an error, since readers ask with them.

use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

use crate::skill::pages::symbols::{looks_like_code, symbol_name};
use crate::skill::pages::usage::is_common;
use crate::skill::text::outline::parser;

/// A shorter word says too little, unless it is an abbreviation in capitals.
const SHORTEST_WORD: usize = 4;
/// A longer word or name is none, in characters.
const LONGEST: usize = 48;
/// From here on most scripts are written without spaces, so that words cannot be told apart.
const FIRST_UNSPACED: char = '\u{2e80}';

/// What a text is made of.
#[derive(Clone, Debug, Default)]
pub struct CountedTerms {
    /// By word in lower case: how often it stands there, by spelling.
    pub words: BTreeMap<String, BTreeMap<String, usize>>,
    /// By name of code: how often it stands there.
    pub names: BTreeMap<String, usize>,
}

/// Counts the terms of a Markdown text without the words of `common`.
pub fn count_terms(markdown: &str, common: &BTreeSet<&str>) -> CountedTerms {
    let mut found = CountedTerms::default();
    // Text comes in pieces wherever a character might have begun something, as within `max_steps`.
    let mut run = String::new();
    let mut in_code = false;
    // Of each link and picture that is open, whether its text is left out.
    let mut unread = Vec::new();
    for event in parser(markdown) {
        match event {
            Event::Text(text) if in_code => found.count_code(&text, common),
            Event::Text(text) if !unread.contains(&true) => run.push_str(&text),
            Event::Text(_) => {}
            other => {
                found.count_prose(&run, common);
                run.clear();
                match other {
                    Event::Code(code) => found.count_span(&code, common),
                    Event::Start(Tag::CodeBlock(_)) => in_code = true,
                    Event::End(TagEnd::CodeBlock) => in_code = false,
                    Event::Start(tag @ (Tag::Link { .. } | Tag::Image { .. })) => {
                        unread.push(is_unread(&tag))
                    }
                    Event::End(TagEnd::Link | TagEnd::Image) => {
                        unread.pop();
                    }
                    _ => {}
                }
            }
        }
    }
    found.count_prose(&run, common);
    found
}

/// Pictures, and addresses that are their own text.
fn is_unread(tag: &Tag<'_>) -> bool {
    matches!(tag, Tag::Image { .. } | Tag::Link { link_type: LinkType::Autolink | LinkType::Email, .. })
}

impl CountedTerms {
    fn count_prose(&mut self, text: &str, common: &BTreeSet<&str>) {
        let mut in_formula = false;
        for chunk in text.split_whitespace() {
            // A formula stands between signs of the dollar; a price has one alone.
            let signs = chunk.matches('$').count();
            let opens = signs % 2 == 1;
            if in_formula || signs > 1 || (opens && chunk.contains(['\\', '{', '_', '^'])) {
                in_formula ^= opens;
                continue;
            }
            if chunk.contains("://") || chunk.contains('\\') {
                continue;
            }
            if chunk.contains("--") || chunk.contains('_') {
                self.count_names(chunk);
                continue;
            }
            let letter =
                |character: char| !(character.is_alphanumeric() || matches!(character, '-' | '\'' | '’'));
            for word in chunk.split(letter) {
                let word = word.trim_matches(['-', '\'', '’']);
                let word = word.trim_end_matches("'s").trim_end_matches("’s");
                let lower = word.to_lowercase();
                if is_telling(word) && !common.contains(lower.as_str()) {
                    *self.words.entry(lower).or_default().entry(word.to_owned()).or_default() += 1;
                }
            }
        }
    }

    /// A span is one name, or code in which some names are set apart.
    fn count_span(&mut self, code: &str, common: &BTreeSet<&str>) {
        if code.split_whitespace().count() > 1 {
            return self.count_names(code);
        }
        // A word such as `value` tells no more in code than in prose.
        if let Some(name) = symbol_name(code).filter(|name| !common.contains(name.to_lowercase().as_str())) {
            self.count_name(name);
        }
    }

    fn count_names(&mut self, code: &str) {
        let ends = |character: char| character.is_whitespace() || "`\"'()[]{},;=".contains(character);
        for word in code.split(ends).filter(|word| looks_like_code(word)) {
            if let Some(name) = symbol_name(word) {
                self.count_name(name);
            }
        }
    }

    fn count_name(&mut self, name: String) {
        let short = name.chars().filter(char::is_ascii_alphabetic).count() < 3;
        if !short && name.len() <= LONGEST && !is_common(&name) {
            *self.names.entry(name).or_default() += 1;
        }
    }

    fn count_code(&mut self, text: &str, common: &BTreeSet<&str>) {
        for line in text.lines() {
            if reports_error(line) {
                self.count_prose(line, common);
            }
            for word in line.split_whitespace().filter(|word| word.starts_with("--")) {
                if let Some(name) = symbol_name(word) {
                    self.count_name(name);
                }
            }
        }
    }
}

/// Whether a word may say what a page is about.
fn is_telling(word: &str) -> bool {
    let letters = word.chars().count();
    let abbreviates =
        letters > 1 && word.chars().all(|letter| letter.is_uppercase() || letter.is_ascii_digit());
    let begins = word.chars().next().is_some_and(char::is_alphabetic);
    // Adverbs say how, not what.
    begins
        && (letters >= SHORTEST_WORD || abbreviates)
        && letters <= LONGEST / 2
        && !word.ends_with("ly")
        && !word.contains(|letter| matches!(letter, '\'' | '’') || letter >= FIRST_UNSPACED)
}

/// Whether a line of output or code says what went wrong: `error: …`, `ImportError: …`, `thread 'main' panicked at …`.
fn reports_error(line: &str) -> bool {
    let Some((before, after)) = line.split_once(':') else { return false };
    let kind = before.split_whitespace().last().unwrap_or_default();
    let named = ["Error", "Exception", "error", "ERROR"].iter().any(|end| kind.ends_with(end))
        || kind.starts_with("error[")
        || before.contains(" panicked at");
    named && after.starts_with(' ')
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::count_terms;

    fn check(markdown: &str, words: &str, names: &str) {
        let found = count_terms(markdown, &BTreeSet::from(["with", "this"]));
        let spelled = found.words.values().flat_map(|spellings| spellings.keys().cloned());
        assert_eq!(spelled.collect::<Vec<_>>().join(" "), words, "{markdown}");
        assert_eq!(found.names.into_keys().collect::<Vec<_>>().join(" "), names, "{markdown}");
    }

    #[test]
    fn prose_counts_by_word_and_its_code_by_name() {
        check("Ship it with Redux’s store quickly, on AMD.", "AMD Redux Ship store", "");
        check(
            "Set `max_steps=4` or max_seq_len; `run --dry-run now`.",
            "",
            "--dry-run max_seq_len max_steps",
        );
        check("The [guide](x-y.md) at <https://d.example/deep> ![Picture](p.png)", "guide", "");
        check("It costs $5 per hour, $\\alpha_t + 1$ is small", "costs hour small", "");
        check("训练模型 Text", "Text", "");
    }

    #[test]
    fn examples_count_by_flags_and_reported_errors() {
        check("```\nlet guess = tool --stream true\n```", "", "--stream");
        check(
            "```\nImportError: cannot import name 'Pickler'\nerror[E0382]: borrow of moved value\n```",
            "borrow cannot E0382 error import ImportError moved name Pickler value",
            "",
        );
    }
}
