//! The quick start of SKILL.md: examples that a reader can run, to the letter, in the order of their page.

use crate::document::CodeBlock;
use crate::skill::pages::excerpt::Example;
use crate::skill::pages::label;
use crate::skill::pages::reference::Reference;
use crate::skill::skill_md::Overview;
use crate::skill::skill_md::sequence::{
    IMPORTS, Start, Wanted, does_something, is_shell, joined_lines, sequence, starts_here,
};
use crate::skill::skill_md::tool_name::letters;
use crate::skill::text::quote::{escape, sentences, shorten};

/// The most examples.
const MOST_EXAMPLES: usize = 3;
/// The longest lead of an example, in characters.
const LONGEST_LEAD: usize = 240;

/// Words of a title or address that promise a quick start, the surest first.
pub(super) const STARTING: [(&str, usize); 12] = [
    ("quick start", 6),
    ("quickstart", 6),
    ("quick tour", 6),
    ("quicktour", 6),
    ("getting started", 5),
    ("get started", 5),
    ("first steps", 4),
    ("tutorial", 3),
    ("basic", 2),
    ("usage", 2),
    ("introduction", 1),
    ("overview", 1),
];
/// From here on a page is a quick start and not only a beginning.
pub(super) const SURE: usize = 4;
/// What a page is worth that is called a quick start and nothing else.
const SUREST: usize = 7;

/// The quick start: the first examples of the page that promises one, of `most_lines` lines together.
pub fn quick_start(overview: &Overview<'_>, most_lines: usize) -> Option<String> {
    // The start page comes after a page that is one long quick start and before those that only begin somewhere.
    let rank = |index: usize, page: &Reference| {
        let promised = if starts_elsewhere(&page.title, &[overview.title, &overview.config.name]) {
            0
        } else {
            promise(page, &STARTING)
        };
        match overview.start == Some(index) {
            // A quick start within the first page is the one that everybody is to see.
            true if page.excerpts.examples.iter().any(starts_here) => promised.max(SUREST),
            true => promised.max(SURE),
            false => promised,
        }
    };
    let (index, page, examples) = ranked(overview, rank).into_iter().find_map(|(index, page)| {
        // A page on installing shows how to install.
        let rank = rank(index, page);
        if page.title.to_lowercase().starts_with("install") && rank < SURE {
            return None;
        }
        // Where no quick start is promised, the steps of a page are those of its own subject: one piece does, if it uses the
        // tool. Where one is and nothing in it stands by itself, the site knows no better one.
        let sure = promise(page, &STARTING) >= SURE || page.excerpts.examples.iter().any(starts_here);
        let sure = sure && rank >= SURE;
        // The first page shows the tool, whatever its modules are called.
        let start = overview.start == Some(index);
        let fits = |example: &Example| {
            sure || (does_something(example)
                && (uses_the_tool(example, overview) || (start && imports(example))))
        };
        let starts: &[Start] =
            if sure { &[Start::Whole, Start::Given, Start::Any] } else { &[Start::Whole, Start::Given] };
        let examples = starts.iter().map(|form| {
            let most = if sure { MOST_EXAMPLES } else { 1 };
            sequence(page, &Wanted { start: *form, examples: most, lines: most_lines, fits: &fits })
        });
        let examples = examples.into_iter().find(|examples| !examples.is_empty()).unwrap_or_default();
        (!examples.is_empty()).then_some((index, page, examples))
    })?;
    let heading = if rank(index, page) >= SURE { "Quick start" } else { "Example" };
    let mut text = format!("## {heading}\n");
    examples.into_iter().for_each(|example| text.push_str(&quoted(example)));
    text.push_str(&format!("\nFrom {}.\n", overview.link(index)?));
    Some(text)
}

/// Whether a title promises to start with something else than the tool, as an extension of it or one of its tasks.
fn starts_elsewhere(title: &str, names: &[&str]) -> bool {
    let lower = title.to_lowercase();
    let with =
        ["getting started with ", "get started with "].iter().find_map(|words| lower.split_once(words));
    with.is_some_and(|(_, what)| !names.iter().any(|name| letters(what).contains(&letters(name))))
}

/// Whether an example has a line that brings in names.
fn imports(example: &Example) -> bool {
    example.code.text.lines().any(|line| IMPORTS.iter().any(|word| line.starts_with(word)))
}

/// Whether an example brings in the tool or runs it: names it where code says what it needs, or in a command.
fn uses_the_tool(example: &Example, overview: &Overview<'_>) -> bool {
    let tail = overview.config.name.rsplit('-').next().unwrap_or_default();
    let names = [letters(overview.title), letters(&overview.config.name), letters(tail)];
    let says = |line: &str| names.iter().any(|name| name.len() > 2 && letters(line).contains(name));
    let lines = joined_lines(&example.code.text);
    lines.iter().map(|line| line.trim()).any(|line| {
        let brings = IMPORTS.iter().any(|word| line.trim_start_matches(">>> ").starts_with(word))
            || ["require(", "src=", "href="].iter().any(|word| line.contains(word));
        // A command begins small; prose without a language does not.
        let runs = is_shell(example)
            && line
                .trim_start_matches(['$', '%', ' '])
                .starts_with(|first: char| first.is_ascii_lowercase() || matches!(first, '.' | '/'));
        (brings || runs) && says(line)
    })
}

/// Pages by what they promise, then the start page, then those that most others lead to, then in reading order.
pub(super) fn ranked<'a>(
    overview: &Overview<'a>,
    score: impl Fn(usize, &Reference) -> usize,
) -> Vec<(usize, &'a Reference)> {
    let order = overview.files.iter().flat_map(|file| file.pages.iter().filter(|page| !page.continued));
    let mut ranked: Vec<(usize, &Reference)> =
        order.filter_map(|page| Some((page.reference, overview.references.get(page.reference)?))).collect();
    ranked.sort_by_cached_key(|(index, page)| {
        let links = overview.inlinks.get(*index).copied().unwrap_or_default();
        (std::cmp::Reverse(score(*index, page)), overview.start != Some(*index), std::cmp::Reverse(links))
    });
    ranked
}

pub(super) fn promise(page: &Reference, words: &[(&str, usize)]) -> usize {
    let title = page.title.to_lowercase();
    let name = label::segments(&page.url).pop().unwrap_or_default().to_lowercase().replace(['-', '_'], " ");
    let says = |text: &str, word: &str| text.contains(word);
    let exact = |word: &str| usize::from(title == word || name == word);
    let found = words.iter().filter(|(word, _)| says(&title, word) || says(&name, word));
    found.map(|(word, score)| score + exact(word)).max().unwrap_or(0)
}

fn quoted(example: &Example) -> String {
    let lead = example.lead.as_deref().map(last_sentences).filter(|lead| !lead.is_empty());
    let section = shorten(&example.section, LONGEST_LEAD);
    let lead = lead.or_else(|| (!section.is_empty()).then(|| format!("{}:", escape(&section))));
    let lead = lead.map_or_else(String::new, |lead| format!("\n{lead}\n"));
    format!("{lead}\n{}\n", fenced(&example.code))
}

/// The end of a lead, which is what says what the code does.
fn last_sentences(lead: &str) -> String {
    let all = sentences(lead);
    let mut from = all.len();
    while from > 0 && all.get(from - 1..).is_some_and(|kept| kept.join(" ").chars().count() <= LONGEST_LEAD) {
        from -= 1;
    }
    let kept = all.get(from..).unwrap_or_default();
    if kept.is_empty() { shorten(lead.trim(), LONGEST_LEAD) } else { kept.join(" ") }
}

/// A fenced block whose fence is longer than any run of backticks in the code.
pub fn fenced(code: &CodeBlock) -> String {
    let longest = code.text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{}\n{}\n{fence}", code.language.as_deref().unwrap_or_default(), code.text)
}

#[cfg(test)]
mod tests {
    use super::starts_elsewhere;

    #[test]
    fn a_quick_start_is_one_of_the_tool() {
        let check = |title: &str, elsewhere: bool| {
            assert_eq!(starts_elsewhere(title, &["My Tool", "mytool"]), elsewhere, "{title}");
        };
        check("Getting started", false);
        check("Getting Started with MyTool", false);
        check("Getting started with the paid edition", true);
    }
}
