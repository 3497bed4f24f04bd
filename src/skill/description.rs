//! The description of a skill: what it is and when to use it, in the site's own key terms.

use std::collections::BTreeSet;

use crate::skill::outline::plain;
use crate::skill::quote::{first_sentences, shorten};
use crate::skill::skill_md::Overview;
use crate::skill::symbols::looks_like_code;
use crate::skill::usage::most_used;

/// The longest description that the specification allows, in characters.
pub const LONGEST: usize = 1024;
/// How much of it says what the tool is.
const LONGEST_WHAT: usize = 420;
/// The most topics and names that it lists.
const MOST_TOPICS: usize = 10;
const MOST_NAMES: usize = 8;
/// A longer title is a headline, not a topic.
const LONGEST_TOPIC: usize = 50;

/// Writes the description; plain text without angle brackets, on one line.
pub fn description(overview: &Overview<'_>) -> String {
    let what = overview.config.description.clone().or_else(|| what_it_is(overview));
    let mut parts: Vec<String> = what.iter().map(|text| sentence(text)).collect();
    let says_when = what.as_deref().is_some_and(|text| text.to_lowercase().contains("use when"));
    let topics = topics(overview);
    if !says_when {
        let of = if topics.is_empty() { String::new() } else { format!(": {}", topics.join("; ")) };
        parts.push(format!("Use when working with {}{of}.", overview.title));
    } else if !topics.is_empty() {
        parts.push(format!("Topics: {}.", topics.join("; ")));
    }
    let names: Vec<String> = most_used(overview.references, MOST_NAMES)
        .into_iter()
        .map(|symbol| symbol.short().to_owned())
        .collect();
    let with_names = [parts.clone(), vec![format!("Documents {}.", names.join(", "))]].concat();
    let text = if names.is_empty() { parts.join(" ") } else { with_names.join(" ") };
    let text = if text.chars().count() > LONGEST { parts.join(" ") } else { text };
    let text: String = text.chars().filter(|character| !matches!(character, '<' | '>')).collect();
    shorten(&text.split_whitespace().collect::<Vec<_>>().join(" "), LONGEST)
}

fn what_it_is(overview: &Overview<'_>) -> Option<String> {
    let start = overview.references.get(overview.start?)?;
    let opening = start.excerpts.opening_on(overview.title).map(plain);
    let text = opening.or_else(|| start.description.clone())?;
    Some(first_sentences(&text, LONGEST_WHAT))
}

fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?', '…', '。']) { text.to_owned() } else { format!("{text}.") }
}

/// The top-level groups of the skill in order, and the titles of its loose pages; one that bears the skill's own name
/// says nothing.
fn topics(overview: &Overview<'_>) -> Vec<String> {
    let own = overview.title.to_lowercase();
    let mut seen = BTreeSet::new();
    let topics = overview.files.iter().flat_map(|file| {
        let pages = file.pages.iter().filter(|page| file.group.is_empty() && !page.continued);
        let titles = pages.map(|page| page.title.clone());
        titles.chain((!file.group.is_empty()).then(|| file.group.clone()))
    });
    topics
        .filter(|topic| topic.chars().count() <= LONGEST_TOPIC && !looks_like_code(topic))
        .filter(|topic| !topic.to_lowercase().contains(&own) && seen.insert(topic.to_lowercase()))
        .take(MOST_TOPICS)
        .collect()
}
