//! The quick start of SKILL.md: examples that a reader can run, to the letter, in the order of their page.

use crate::document::CodeBlock;
use crate::skill::pages::commands::prepares;
use crate::skill::pages::excerpt::Example;
use crate::skill::pages::label;
use crate::skill::pages::reference::Reference;
use crate::skill::skill_md::Overview;
use crate::skill::text::quote::{escape, sentences, shorten};

/// The most examples, and their size together in bytes.
const MOST_EXAMPLES: usize = 3;
const MOST_BYTES: usize = 3_500;
/// The longest line of code that is quoted, in bytes.
const LONGEST_LINE: usize = 400;
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
const SURE: usize = 4;
/// What a page is worth that is called a quick start and nothing else.
const SUREST: usize = 7;
/// Languages of blocks that show what came out, or what is nothing to run on its own.
const NOT_RUN: [&str; 14] = [
    "text",
    "console-output",
    "output",
    "json",
    "yaml",
    "yml",
    "toml",
    "ini",
    "diff",
    "mermaid",
    "xml",
    "csv",
    "log",
    "plaintext",
];

/// Languages of blocks that are typed into a shell.
const SHELLS: [&str; 9] =
    ["bash", "sh", "shell", "console", "zsh", "powershell", "shell-session", "shellsession", "terminal"];

/// What begins a line that brings in names.
const IMPORTS: [&str; 4] = ["import ", "from ", "use ", "#include"];

/// The quick start: the first examples of the page that promises one, of `most_lines` lines together.
pub fn quick_start(overview: &Overview<'_>, most_lines: usize) -> Option<String> {
    // The start page comes after a page that is one long quick start and before those that only begin somewhere.
    let rank = |page: &Reference| {
        let promised = if starts_elsewhere(&page.title, &[overview.title, &overview.config.name]) {
            0
        } else {
            promise(page, &STARTING)
        };
        let start = overview.start.and_then(|index| overview.references.get(index));
        match start.is_some_and(|start| start.url == page.url) {
            // A quick start within the first page is the one that everybody is to see.
            true if page.excerpts.examples.iter().any(starts_here) => promised.max(SUREST),
            true => promised.max(SURE),
            false => promised,
        }
    };
    let (index, page, examples) = ranked(overview, rank).into_iter().find_map(|(index, page)| {
        let examples = sequence(page, most_lines);
        // A page on installing shows how to install.
        let installs = page.title.to_lowercase().starts_with("install") && rank(page) < SURE;
        let own = rank(page) > 0 || examples.iter().any(|example| names_the_tool(example, overview));
        (!installs && !examples.is_empty() && own).then_some((index, page, examples))
    })?;
    let heading = if rank(page) >= SURE { "Quick start" } else { "Example" };
    let mut text = format!("## {heading}\n");
    examples.into_iter().for_each(|example| text.push_str(&quoted(example)));
    text.push_str(&format!("\nFrom {}.\n", overview.link(index)?));
    Some(text)
}

/// The first examples of a page that can be run one after the other; empty where the first would already be too long.
fn sequence(page: &Reference, most_lines: usize) -> Vec<&Example> {
    let mut taken: Vec<&Example> = Vec::new();
    let (mut lines, mut bytes) = (0, 0);
    let program = |example: &Example| {
        language(example)
            .filter(|language| !SHELLS.contains(language) && !NOT_RUN.contains(language))
            .map(str::to_owned)
    };
    let mut spoken: Option<String> = None;
    let examples = &page.excerpts.examples;
    // A page may come to its quick start after much else.
    let first = examples.iter().position(starts_here).unwrap_or_default();
    let examples = examples.iter().skip(first);
    for example in examples.filter(|example| !example.alternative && !is_output(example)) {
        let only_prepares = joined_lines(&example.code.text).iter().all(|line| prepares(line));
        // The same step in another programming language is not the next step.
        let other =
            spoken.is_some() && program(example).is_some_and(|language| spoken.as_ref() != Some(&language));
        let same_lead = taken.last().is_some_and(|last| last.lead.is_some() && last.lead == example.lead);
        if only_prepares || same_lead || other {
            continue;
        }
        // A file of settings starts nobody; it may follow what does.
        let settings = language(example).is_some_and(|language| NOT_RUN.contains(&language))
            || (language(example).is_none() && example.code.text.trim_start().starts_with(['{', '[']));
        if taken.is_empty() && (settings || begins_nothing(example)) {
            continue;
        }
        lines += example.code.text.lines().count();
        bytes += example.code.text.len();
        let too_long = example.code.text.lines().any(|line| line.len() > LONGEST_LINE);
        if taken.len() == MOST_EXAMPLES || lines > most_lines || bytes > MOST_BYTES || too_long {
            break;
        }
        spoken = spoken.or_else(|| program(example));
        taken.push(example);
    }
    // Imports on their own are of use to an example without them.
    if let [first, second, ..] = taken.as_slice()
        && !does_something(first)
        && second.code.text.lines().any(|line| IMPORTS.iter().any(|word| line.starts_with(word)))
    {
        taken.remove(0);
    }
    let starts = taken.iter().any(|example| does_something(example));
    if starts { taken } else { Vec::new() }
}

/// Whether a title promises to start with something else than the tool, as an extension of it or one of its tasks.
fn starts_elsewhere(title: &str, names: &[&str]) -> bool {
    let lower = title.to_lowercase();
    let with =
        ["getting started with ", "get started with "].iter().find_map(|words| lower.split_once(words));
    with.is_some_and(|(_, what)| !names.iter().any(|name| letters(what).contains(&letters(name))))
}

/// Whether an example belongs to what comes after the manual, or goes on from something that is not quoted.
fn begins_nothing(example: &Example) -> bool {
    let lead = example.lead.as_deref().map(str::to_lowercase).unwrap_or_default();
    let leans = ["of course", "alternatively", "you can also", "also,", "finally"];
    let headings = example.above.iter().chain([&example.section]);
    headings.into_iter().any(|heading| heading.to_lowercase().starts_with("appendix"))
        || leans.iter().any(|words| lead.starts_with(words))
}

fn letters(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>().to_lowercase()
}

/// Whether an example stands in a section that promises a quick start.
fn starts_here(example: &Example) -> bool {
    example.above.iter().chain([&example.section]).any(|heading| {
        let heading = heading.to_lowercase();
        STARTING.iter().any(|(words, score)| *score >= SURE && heading.contains(words))
    })
}

/// The lines of code, those that go on over several as one.
fn joined_lines(code: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in code.lines() {
        match lines.last_mut().filter(|last| last.ends_with('\\')) {
            Some(last) => {
                last.pop();
                last.push_str(line);
            }
            None => lines.push(line.to_owned()),
        }
    }
    lines
}

fn language(example: &Example) -> Option<&str> {
    example.code.language.as_deref()
}

/// Whether there is more in it than imports, comments and preparations.
fn does_something(example: &Example) -> bool {
    let is_import = |line: &str| {
        IMPORTS.iter().chain(&["const ", "let "]).any(|word| line.starts_with(word))
            && (!line.starts_with("const ") && !line.starts_with("let ") || line.contains("require("))
    };
    let comment =
        |line: &str| ["#", "//", "/*", "*", "\"\"\"", "--"].iter().any(|mark| line.starts_with(mark));
    let mut lines =
        example.code.text.lines().map(str::trim).filter(|line| line.chars().any(char::is_alphanumeric));
    lines
        .any(|line| !is_import(line) && !comment(line) && !prepares(line) && !matches!(line, ")" | "}" | "]"))
}

/// Whether a block shows what came out, or a tree of files.
fn is_output(example: &Example) -> bool {
    let text = &example.code.text;
    let shown = matches!(language(example), Some("text" | "console-output" | "output" | "log" | "mermaid"));
    let drawn = text.contains(['├', '└', '│', '╭', '┌', '█']);
    let reported = ["Traceback (most", "[INFO]", "INFO:", "WARNING:", "{'", "tensor("];
    // What a lead announces as a result, in no programming language, is none to run.
    let announced = example.lead.as_deref().is_some_and(|lead| {
        let lead = lead.to_lowercase();
        ["output", "prints", "should see", "will see", "looks like this", "which gives", "returns", "result"]
            .iter()
            .any(|word| lead.contains(word))
    });
    let announced = announced && language(example).is_none();
    shown
        || announced
        || drawn
        || text.starts_with('`')
        || reported.iter().any(|word| text.trim_start().starts_with(word))
}

/// Whether an example says the tool's name, as code writes it.
fn names_the_tool(example: &Example, overview: &Overview<'_>) -> bool {
    let code = letters(&example.code.text);
    let tail = overview.config.name.rsplit('-').next().unwrap_or_default();
    let names = [letters(overview.title), letters(&overview.config.name), letters(tail)];
    names.iter().any(|name| name.len() > 2 && code.contains(name))
}

/// Pages by what they promise, then the start page, then those that most others lead to, then in reading order.
pub(super) fn ranked<'a>(
    overview: &Overview<'a>,
    score: impl Fn(&Reference) -> usize,
) -> Vec<(usize, &'a Reference)> {
    let order = overview.files.iter().flat_map(|file| file.pages.iter().filter(|page| !page.continued));
    let mut ranked: Vec<(usize, &Reference)> =
        order.filter_map(|page| Some((page.reference, overview.references.get(page.reference)?))).collect();
    ranked.sort_by_cached_key(|(index, page)| {
        let links = overview.inlinks.get(*index).copied().unwrap_or_default();
        (std::cmp::Reverse(score(page)), overview.start != Some(*index), std::cmp::Reverse(links))
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
