//! The section of SKILL.md on what goes wrong: warnings, and the questions of troubleshooting and FAQ sections, each with
//! its place.

use std::collections::BTreeSet;

use crate::skill::pages::excerpt::{Gotcha, Weight};
use crate::skill::pages::reference::Reference;
use crate::skill::pages::trouble::Trouble;
use crate::skill::skill_md::Overview;
use crate::skill::skill_md::statement::{points, statement};
use crate::skill::text::quote::escape;

/// The most lines of one kind of a page.
const MOST_OF_A_PAGE: usize = 5;
/// The longest heading that is put before a warning, in characters.
const LONGEST_SUBJECT: usize = 80;

/// One line of the section.
struct Line {
    turn: usize,
    rank: u8,
    page: usize,
    heading: Option<String>,
    text: String,
}

/// The documentation's own warnings and remedies, the gravest first; of one page only as many as leave room for others.
pub fn gotchas(overview: &Overview<'_>, most: usize) -> Option<String> {
    let mut lines: Vec<Line> = Vec::new();
    let mut seen = BTreeSet::new();
    // What those are told who work on the tool warns nobody who uses it.
    let pages = || overview.references.iter().enumerate().filter(|(_, page)| !is_for_contributors(page));
    for (page, reference) in pages() {
        // What is warned of in several places is said once.
        let fresh = reference.excerpts.gotchas.iter().filter(|gotcha| seen.insert(gotcha.text.clone()));
        let warnings = fresh.filter_map(|gotcha| {
            let text = warning(gotcha, &reference.title)?;
            Some((weight(gotcha.weight), Some(gotcha.section.clone()), text))
        });
        let fresh = warnings.collect::<Vec<_>>();
        push(&mut lines, page, fresh);
    }
    for (page, reference) in pages() {
        let mut troubles: Vec<&Trouble> = reference.excerpts.troubles.iter().collect();
        troubles.sort_by_key(|trouble| !trouble.wrong);
        let troubles = troubles
            .into_iter()
            .filter(|trouble| !trouble.question.to_lowercase().starts_with("step "))
            .filter_map(|trouble| {
                let text = format!("**{}** {}", trouble.question, statement(&trouble.answer)?);
                Some((if trouble.wrong { 0 } else { 2 }, Some(trouble.heading.clone()), text))
            });
        let fresh = troubles.filter(|(_, _, text)| seen.insert(text.clone())).collect::<Vec<_>>();
        push(&mut lines, page, fresh);
    }
    lines.sort_by_key(|line| (line.turn, line.rank, line.page));
    let lines: Vec<String> = lines
        .iter()
        .take(most)
        .filter_map(|line| {
            let link = overview.link_to(line.page, line.heading.as_deref())?;
            Some(format!("- {} ({link})", line.text))
        })
        .collect();
    (!lines.is_empty()).then(|| format!("## Gotchas\n\n{}\n", lines.join("\n")))
}

/// Lines of one kind of a page take turns with those of other pages, two at a time.
fn push(lines: &mut Vec<Line>, page: usize, found: Vec<(u8, Option<String>, String)>) {
    for (number, (rank, heading, text)) in found.into_iter().take(MOST_OF_A_PAGE).enumerate() {
        lines.push(Line { turn: number / 2, rank, page, heading, text });
    }
}

fn is_for_contributors(page: &Reference) -> bool {
    let title = page.title.to_lowercase();
    ["contribut", "code of conduct", "pull request"].iter().any(|words| title.starts_with(words))
}

fn weight(weight: Weight) -> u8 {
    match weight {
        Weight::Danger => 0,
        Weight::Warning => 1,
        Weight::Important => 2,
    }
}

/// A warning that is understood where it stands alone: with the section it is about, where it points at that.
fn warning(gotcha: &Gotcha, title: &str) -> Option<String> {
    let text = statement(&gotcha.text)?;
    if !points(&text) {
        return Some(text);
    }
    let subject = if gotcha.section.is_empty() { title } else { &gotcha.section };
    // A subject as long as a sentence explains nothing.
    (subject.chars().count() <= LONGEST_SUBJECT).then(|| format!("**{}**: {text}", escape(subject)))
}
