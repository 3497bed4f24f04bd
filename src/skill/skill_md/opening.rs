//! What the tool is, in the site's own words: the sentences that say it, wherever a reader starts.
//!
//! Front pages begin with news, badges and directions as often as with what the tool is, so every first paragraph of a
//! page that introduces is weighed by how it speaks of the tool, and only sentences that stand alone are taken.

use std::collections::BTreeMap;

use crate::skill::pages::reference::Reference;
use crate::skill::skill_md::Overview;
use crate::skill::text::outline::plain;
use crate::skill::text::quote::{escape, sentences};

/// What is weighed below this says nothing of the tool.
const LEAST: i32 = 3;
/// What a definition is worth less on a page that introduces nothing.
const ELSEWHERE: i32 = -5;
/// The most pages besides the start page that are asked.
const MOST_PAGES: usize = 6;
/// How far into a sentence the tool may be named by it, and how many words later the verb comes, at the latest.
const NAMED_WITHIN: usize = 24;
const VERB_WITHIN: usize = 5;
/// A site's description with fewer words is a slogan.
const FEWEST_WORDS: usize = 4;
/// Titles of pages that introduce.
const INTRODUCING: [&str; 8] =
    ["introduction", "overview", "what is", "about", "welcome", "getting started", "readme", "home"];
/// Verbs that follow the name of a tool where a sentence says what it is or does.
const SAYING: [&str; 38] = [
    "is",
    "are",
    "provides",
    "offers",
    "lets",
    "helps",
    "enables",
    "allows",
    "makes",
    "implements",
    "trains",
    "contains",
    "gives",
    "brings",
    "simplifies",
    "accelerates",
    "supports",
    "aims",
    "consists",
    "delivers",
    "empowers",
    "includes",
    "abstracts",
    "runs",
    "renders",
    "reads",
    "writes",
    "turns",
    "converts",
    "creates",
    "generates",
    "manages",
    "builds",
    "wraps",
    "adds",
    "takes",
    "works",
    "extends",
];
/// What begins a sentence whose subject comes later.
const SUBORDINATE: [&str; 10] =
    ["while", "although", "though", "if", "when", "since", "because", "before", "after", "once"];
/// What a sentence begins with that names no tool and still says what it is.
const ARTICLES: [&str; 10] = [
    "a ",
    "an ",
    "the most ",
    "the simplest",
    "the fastest",
    "open-source ",
    "this repository",
    "this library",
    "this package",
    "this project",
];
/// What a sentence holds that points elsewhere.
const PASSING: [&str; 29] = [
    "©",
    "licensed under",
    "copyright",
    "all rights reserved",
    "this page",
    "this section",
    "this guide",
    "this chapter",
    "this tutorial",
    "this document",
    "this site",
    "this notebook",
    "this example",
    "on this",
    "in this ",
    "click ",
    "see ",
    " below",
    "check out",
    "join ",
    "please",
    "read more",
    "learn more",
    "more information",
    "deprecated",
    "refer to",
    "head over",
    "here:",
    "http",
];
/// What a sentence holds that is of its day, or about the site.
const NEWS: [&str; 15] = [
    "cookie",
    "latest news",
    "new:",
    "update ",
    "announc",
    "just released",
    "now available",
    "coming soon",
    "sign up",
    "breaking",
    "you are viewing",
    "you are reading",
    "hiring",
    "subscribe",
    "star us",
];

/// What the tool is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Whole sentences of one paragraph, as one line of Markdown.
    pub text: String,
    /// The index of the page that says so; `None` for what the site says of itself on every page.
    pub reference: Option<usize>,
}

/// The sentences that best say what the tool is, if any do.
pub fn opening(overview: &Overview<'_>) -> Option<Opening> {
    let mut best: Option<(i32, Opening)> = None;
    for (bonus, reference, text) in candidates(overview) {
        let kept = standing_alone(&text, overview.title);
        let Some((weight, text)) = kept else { continue };
        let weight = weight + bonus;
        if weight >= LEAST && best.as_ref().is_none_or(|(most, _)| weight > *most) {
            best = Some((weight, Opening { text, reference }));
        }
    }
    best.map(|(_, opening)| opening)
}

/// What most pages give as their description: it describes the site. Only one that names the tool, or says what kind of
/// thing it is, is of use: a publisher may put its own motto on every page.
pub fn site_description(references: &[Reference], title: &str) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for text in references.iter().filter_map(|page| page.description.as_deref()) {
        *counts.entry(text).or_default() += 1;
    }
    let (text, count) = counts.into_iter().max_by_key(|(text, count)| (*count, std::cmp::Reverse(*text)))?;
    let named = text.to_lowercase().contains(&title.to_lowercase());
    let own = named || !speaks_of_writer(text);
    let shared = count > 1 && count * 2 > references.len();
    (shared && own && text.split_whitespace().count() >= FEWEST_WORDS).then(|| text.to_owned())
}

/// Paragraphs with what their place is worth.
fn candidates(overview: &Overview<'_>) -> Vec<(i32, Option<usize>, String)> {
    let mut found = Vec::new();
    let mut of_page = |index: usize, bonus: i32| {
        let Some(page) = overview.references.get(index) else { return };
        for (number, text) in page.excerpts.openings.iter().enumerate() {
            found.push((bonus - i32::try_from(number).unwrap_or(i32::MAX / 2), Some(index), text.clone()));
        }
        found.extend(page.description.as_deref().map(|text| (bonus - 1, Some(index), escape(text))));
    };
    if let Some(start) = overview.start {
        of_page(start, 3);
    }
    let introducing = overview.references.iter().enumerate().filter(|(index, page)| {
        let title = page.title.to_lowercase();
        overview.start != Some(*index)
            && (INTRODUCING.iter().any(|word| title.starts_with(word))
                || title == overview.title.to_lowercase())
    });
    let introducing: Vec<usize> = introducing.map(|(index, _)| index).take(MOST_PAGES).collect();
    for index in introducing {
        let title = overview.references.get(index).map(|page| page.title.to_lowercase()).unwrap_or_default();
        // How to get started with something is rarely the place to say what the whole is.
        let own = title.contains(&overview.title.to_lowercase());
        let beginning = (title.starts_with("getting started") && !own) || title.starts_with("home");
        of_page(index, if beginning { -4 } else { 0 });
    }
    found.extend(overview.site_description.map(|text| (5, None, escape(text))));
    // Where nobody introduces the tool, a page may say in passing what it is.
    for (index, page) in overview.references.iter().enumerate() {
        let first = page.excerpts.openings.iter().take(2);
        let defining = first.filter(|text| begins_as_definition(&plain(text), overview.title));
        found.extend(defining.map(|text| (ELSEWHERE, Some(index), text.clone())));
    }
    found
}

/// The sentences of a paragraph from the first that speaks of the tool on, without those that point elsewhere, and what
/// the paragraph is worth.
fn standing_alone(text: &str, title: &str) -> Option<(i32, String)> {
    let kept: Vec<&str> =
        sentences(text).into_iter().filter(|sentence| !is_passing(&plain(sentence))).collect();
    let weights = kept.iter().enumerate().map(|(number, sentence)| (weight(&plain(sentence), title), number));
    let (weight, first) = weights.max_by_key(|(weight, number)| (*weight, std::cmp::Reverse(*number)))?;
    let joined = kept.get(first..)?.join(" ");
    (!joined.is_empty()).then_some((weight, joined))
}

/// Whether a text is of its day, or about the site and not about its subject.
pub fn is_news(text: &str) -> bool {
    let lower = text.to_lowercase();
    NEWS.iter().any(|words| lower.contains(words))
}

fn is_passing(sentence: &str) -> bool {
    let lower = format!("{} ", sentence.to_lowercase());
    is_news(&lower)
        || PASSING.iter().any(|words| lower.contains(words))
        || lower.trim_end().ends_with([':', '?'])
}

/// Whether a sentence says what the tool of this name is or does.
fn defines(sentence: &str, title: &str) -> bool {
    let (lower, title) = (sentence.to_lowercase(), title.to_lowercase());
    let Some((before, after)) = lower.split_once(&title) else { return false };
    // `ToolBox` within `ToolBox-3` or `MyToolBox` is another name.
    let whole = !after.starts_with(|next: char| next.is_alphanumeric() || matches!(next, '-' | '.' | '\''))
        && !before.ends_with(|last: char| last.is_alphanumeric() || matches!(last, '-' | '.'));
    // `While Tool is fast, …` says something else.
    let subordinate = SUBORDINATE.contains(&before.split_whitespace().next().unwrap_or_default());
    let mut words =
        after.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
    whole
        && !subordinate
        && before.chars().count() <= NAMED_WITHIN
        && (words.by_ref().take(VERB_WITHIN).any(|word| SAYING.contains(&word))
            || (before.starts_with("welcome to") && after.starts_with(',')))
}

/// Whether a text speaks of those who wrote it, as a publisher's motto does.
fn speaks_of_writer(text: &str) -> bool {
    let mut words = text.split(|character: char| !character.is_alphanumeric());
    words.any(|word| matches!(word.to_lowercase().as_str(), "we" | "our" | "us"))
}

/// Whether a text begins by saying what kind of thing the tool is: `Tool is a …`.
fn begins_as_definition(text: &str, title: &str) -> bool {
    let lower = text.to_lowercase();
    let lower = lower.trim_start_matches(|character: char| !character.is_alphanumeric());
    let rest = lower.strip_prefix("the ").unwrap_or(lower).strip_prefix(&title.to_lowercase());
    rest.is_some_and(|rest| [" is a ", " is an ", " is the "].iter().any(|words| rest.starts_with(words)))
}

/// How much a sentence says of the tool.
fn weight(sentence: &str, title: &str) -> i32 {
    let lower = sentence.to_lowercase();
    let named = lower.contains(&title.to_lowercase());
    let defines = defines(sentence, title);
    let article = ARTICLES.iter().any(|article| lower.starts_with(article));
    let first_person = lower.starts_with("we ") || lower.starts_with("i ");
    i32::from(defines) * 6 + i32::from(named) * 2 + i32::from(article) * 3
        - i32::from(first_person) * 2
        - i32::from(lower.starts_with("welcome") && !defines) * 2
}

#[cfg(test)]
mod tests {
    use super::{is_passing, standing_alone, weight};

    #[test]
    fn a_definition_weighs_more_than_a_mention() {
        let check = |text: &str, least: i32| assert!(weight(text, "Tool Box") >= least, "{text}");
        check("Tool Box is a library.", 8);
        check("Welcome to Tool Box, a library.", 8);
        check("The Tool Box project provides parts.", 8);
        check("A library for small parts.", 3);
        assert!(weight("While Tool Box is fast, it is no library.", "Tool Box") < 3);
        assert!(weight("We made Tool Box in our spare time.", "Tool Box") < 3);
    }

    #[test]
    fn news_and_directions_are_passed_over() {
        assert!(is_passing("Update May: Tool Box 3 is out."));
        assert!(is_passing("This page lists the parts."));
        assert!(!is_passing("Tool Box trains models."));
        let text = "Please read the notes. Tool Box is a library. It has parts.";
        assert_eq!(
            standing_alone(text, "Tool Box"),
            Some((8, "Tool Box is a library. It has parts.".to_owned()))
        );
    }
}
