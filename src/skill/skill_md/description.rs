//! The description of a skill: what it is and when to use it, in the site's own key terms.
//!
//! It is put before a model together with those of other skills, so it speaks of the tool in the third person.

use std::collections::BTreeSet;

use crate::skill::pages::symbols::looks_like_code;
use crate::skill::pages::usage::most_used;
use crate::skill::skill_md::Overview;
use crate::skill::skill_md::opening::Opening;
use crate::skill::skill_md::phrase::phrase;
use crate::skill::text::outline::plain;
use crate::skill::text::quote::{first_sentences, sentences, shorten};

/// The longest description that the specification allows, in characters.
pub const LONGEST: usize = 1024;
/// How much of it says what the tool is.
const LONGEST_WHAT: usize = 420;
/// The most topics and names that it lists.
const MOST_TOPICS: usize = 12;
const MOST_NAMES: usize = 10;
/// A longer title is a headline, not a topic; a longer name is a path.
const LONGEST_TOPIC: usize = 50;
const LONGEST_NAME: usize = 40;
/// Words of which topics are made that every site has.
const EVERYWHERE: [&str; 67] = [
    "about",
    "advanced",
    "and",
    "api",
    "appendix",
    "basic",
    "basics",
    "changelog",
    "community",
    "concept",
    "concepts",
    "conceptual",
    "contributing",
    "contribution",
    "developer",
    "docs",
    "documentation",
    "example",
    "examples",
    "faq",
    "faqs",
    "further",
    "general",
    "generated",
    "get",
    "getting",
    "guide",
    "guides",
    "help",
    "home",
    "how",
    "how-to",
    "index",
    "install",
    "installation",
    "introduction",
    "latest",
    "learn",
    "license",
    "main",
    "methods",
    "miscellaneous",
    "more",
    "news",
    "notes",
    "other",
    "overview",
    "package",
    "quick",
    "quickstart",
    "quicktour",
    "reference",
    "references",
    "release",
    "resources",
    "start",
    "started",
    "support",
    "the",
    "to",
    "topics",
    "tour",
    "tutorial",
    "tutorials",
    "usage",
    "user",
    "welcome",
];

/// Writes the description; plain text without angle brackets, on one line.
pub fn description(overview: &Overview<'_>, opening: Option<&Opening>) -> String {
    let what = overview.config.description.clone().or_else(|| what_it_is(overview, opening));
    let mut parts: Vec<String> = what.iter().map(|text| sentence(&shorten(text, LONGEST))).collect();
    let says_when = what.as_deref().is_some_and(|text| text.to_lowercase().contains("use when"));
    let topics = topics(overview);
    if !says_when {
        let of = if topics.is_empty() { String::new() } else { format!(": {}", topics.join("; ")) };
        parts.push(format!("Use when working with {}{of}.", overview.title));
    } else if !topics.is_empty() {
        parts.push(format!("Topics: {}.", topics.join("; ")));
    }
    let names = names(overview);
    // Names are added as far as there is room.
    let with_names = (1..=names.len()).rev().find_map(|most| {
        let named = format!("Documents {}.", names.get(..most)?.join(", "));
        let text = one_line(&[parts.as_slice(), &[named]].concat());
        (text.chars().count() <= LONGEST).then_some(text)
    });
    shorten(&with_names.unwrap_or_else(|| one_line(&parts)), LONGEST)
}

/// The words that call for the skill: its own name, its topics and the names it documents.
pub fn key_terms(overview: &Overview<'_>) -> Vec<String> {
    let mut terms = vec![overview.title.to_owned()];
    terms.extend(names(overview));
    terms.extend(topics(overview));
    terms
}

fn one_line(parts: &[String]) -> String {
    let text = parts.join(" ").replace(">=", "≥").replace("<=", "≤");
    let text: String = text.chars().filter(|character| !matches!(character, '<' | '>')).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn names(overview: &Overview<'_>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let names = most_used(overview.used, false, MOST_NAMES);
    let settings = most_used(overview.used, true, MOST_NAMES / 3);
    let short = names.into_iter().chain(settings).map(|symbol| symbol.short().to_owned());
    short
        .filter(|name| name.chars().count() <= LONGEST_NAME && seen.insert(name.clone()))
        .take(MOST_NAMES)
        .collect()
}

/// The sentences on what the tool is that speak of it in the third person; where there are none, what the start page
/// calls itself.
fn what_it_is(overview: &Overview<'_>, opening: Option<&Opening>) -> Option<String> {
    let text = plain(&opening?.text);
    let third: Vec<&str> = sentences(&text).into_iter().filter(|sentence| !addresses(sentence)).collect();
    let lower = third.first().map(|first| first.to_lowercase()).unwrap_or_default();
    // `The library is …` after a sentence that was left out says nothing of which library.
    let named = lower.contains(&overview.title.to_lowercase())
        || !["it ", "the library", "these ", "this is", "they "].iter().any(|words| lower.starts_with(words));
    if !third.is_empty() && named {
        return Some(first_sentences(&third.join(" "), LONGEST_WHAT));
    }
    let start = overview.references.get(overview.start?)?;
    let telling = start.title.split_whitespace().count() > overview.title.split_whitespace().count() + 1;
    Some(if telling { start.title.clone() } else { first_sentences(&text, LONGEST_WHAT) })
}

/// Whether a sentence speaks of its writer or to its reader.
fn addresses(sentence: &str) -> bool {
    let persons = [
        "i", "we", "us", "our", "ours", "my", "i'm", "we're", "we've", "i've", "let's", "you", "you'll",
        "you're",
    ];
    let mut words =
        sentence.split(|character: char| !(character.is_alphanumeric() || matches!(character, '\'' | '’')));
    words.any(|word| {
        let lower = word.to_lowercase().replace('’', "'");
        // `US` is a country, and `I` in `I/O` stands for input.
        persons.contains(&lower.as_str()) && word != "US" && !sentence.contains("I/O")
    })
}

fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?', '…', '。']) { text.to_owned() } else { format!("{text}.") }
}

/// What users would name: the top-level groups of the skill and its loose pages in order, and, where those are few, the
/// tasks and titles of the pages that others lead to most. What bears the skill's own name says nothing, nor what every
/// site has.
fn topics(overview: &Overview<'_>) -> Vec<String> {
    let own = overview.title.to_lowercase();
    let mut seen = BTreeSet::new();
    let groups = overview.files.iter().flat_map(|file| {
        let pages = file.pages.iter().filter(|page| file.group.is_empty() && !page.continued);
        let titles = pages.map(|page| page.title.clone());
        titles.chain((!file.group.is_empty()).then(|| file.group.clone()))
    });
    let mut order: Vec<usize> = (0..overview.references.len()).collect();
    order.sort_by_key(|index| std::cmp::Reverse(overview.inlinks.get(*index).copied().unwrap_or_default()));
    let titles =
        || order.iter().filter_map(|index| overview.references.get(*index)).map(|page| page.title.clone());
    let tasks = titles().filter(|title| phrase(title).is_some());
    groups
        .chain(tasks)
        .chain(titles())
        .filter(|topic| {
            topic.chars().count() <= LONGEST_TOPIC && !looks_like_code(topic) && !is_fragment(topic)
        })
        .filter(|topic| {
            let lower = topic.to_lowercase();
            let tells = lower.split_whitespace().any(|word| !EVERYWHERE.contains(&word));
            !lower.contains(&own)
                && !lower.contains("no title")
                && !lower.contains("://")
                && tells
                && seen.insert(lower)
        })
        .take(MOST_TOPICS)
        .map(|topic| topic.trim_end_matches('.').to_owned())
        .collect()
}

/// Whether a title is the name of a module or what is left of a numbered one: `parsing`, `6 regular`.
fn is_fragment(topic: &str) -> bool {
    let mut words = topic.split_whitespace();
    let first = words.next().unwrap_or_default();
    let numbered = first.trim_end_matches('.').chars().all(|character| character.is_ascii_digit());
    numbered || (words.next().is_none() && first.starts_with(|letter: char| letter.is_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::{addresses, is_fragment};

    #[test]
    fn fragments_of_titles_are_no_topics() {
        assert!(is_fragment("parsing") && is_fragment("6 regular") && is_fragment("2. lids"));
        assert!(!is_fragment("tiny crates") && !is_fragment("3D lids") && !is_fragment("Parsing"));
    }

    #[test]
    fn first_and_second_person_are_heard() {
        for text in ["We provide tools.", "It is our library.", "With it you can train.", "Let’s begin."] {
            assert!(addresses(text), "{text}");
        }
        for text in ["Trains models on your own records.", "Made in the US.", "Fast I/O for all."] {
            assert!(!addresses(text), "{text}");
        }
    }
}
