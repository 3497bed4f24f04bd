//! The examples of a page that a reader can run one after the other.
//!
//! The first of them stands by itself ([`mod@whole`]) and is no special case; those after it need nothing but what
//! came before.

use std::collections::BTreeSet;

use crate::skill::pages::commands::prepares;
use crate::skill::pages::excerpt::Example;
use crate::skill::pages::reference::Reference;
use crate::skill::skill_md::quick_start::{STARTING, SURE};
use crate::skill::skill_md::whole::{self, Names};
use crate::skill::text::quote::sentences;

/// The most bytes of the examples together.
const MOST_BYTES: usize = 3_500;
/// The longest line of code that is quoted, in bytes.
const LONGEST_LINE: usize = 400;
/// Languages of blocks that show what came out, or what is nothing to run on its own.
const NOT_RUN: [&str; 18] = [
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
    "markdown",
    "md",
    "rst",
    "css",
];

/// Languages of blocks that are typed into a shell.
const SHELLS: [&str; 9] =
    ["bash", "sh", "shell", "console", "zsh", "powershell", "shell-session", "shellsession", "terminal"];

/// What begins a line that brings in names.
pub(super) const IMPORTS: [&str; 4] = ["import ", "from ", "use ", "#include"];
/// Headings of sections that show how the tool is used, where they are called so and nothing else.
const USING: [&str; 4] = ["usage", "basic usage", "basic example", "example usage"];
/// Words of a heading over what most readers do not need.
const SPECIAL: [&str; 4] = ["(advanced)", "optional", "troubleshoot", "appendix"];
/// How the sentence before an example begins that only some readers run.
const CONDITIONAL: [&str; 6] = ["if ", "alternatively", "optionally", "in case ", "you can also", "also,"];
/// What the sentence before an example says that shows what something looks like.
const SHOWING: [&str; 4] = ["the format", "of the form", "looks like", "look like"];

/// What the first example of a sequence must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// It stands by itself: it gives a meaning to all names that it uses.
    Whole,
    /// It does but for values that the reader has, as `model` in `fit(model)`.
    Given,
    /// It may lean on what the page says around it.
    Any,
}

/// What is asked of the examples of a page.
pub(super) struct Wanted<'a> {
    /// How the first of them begins, and those after it go on.
    pub start: Start,
    /// The most examples, and lines of them together.
    pub examples: usize,
    pub lines: usize,
    /// Whether an example may be the first.
    pub fits: &'a dyn Fn(&Example) -> bool,
}

/// Where on a page its examples are looked for, and go on: a page may come to its quick start, and that to how the tool
/// is used, after much else.
const AREAS: [fn(&Example) -> bool; 3] = [called_so, starts_here, |_| true];

/// The first examples of a page that can be run one after the other; empty where there is none, or where it would
/// already be too long.
pub(super) fn sequence<'a>(page: &'a Reference, wanted: &Wanted<'_>) -> Vec<&'a Example> {
    let start = wanted.start;
    let examples = &page.excerpts.examples;
    let may_begin = |example: &Example| begins(example, start) && (wanted.fits)(example);
    let found = AREAS.into_iter().find_map(|here| {
        Some((here, examples.iter().position(|example| here(example) && may_begin(example))?))
    });
    let Some((here, first)) = found else { return Vec::new() };
    let mut taken: Vec<&Example> = Vec::new();
    let (mut lines, mut bytes) = (0, 0);
    let mut spoken: Option<&str> = None;
    let mut known = BTreeSet::new();
    let goes_on = examples.iter().skip(first).filter(|example| here(example) && can_be_shown(example));
    for example in goes_on {
        // The same step in another programming language is not the next step.
        let other = spoken.is_some() && program(example).is_some_and(|language| spoken != Some(language));
        let same_lead = taken.last().is_some_and(|last| last.lead.is_some() && last.lead == example.lead);
        // What fetches sources begins again.
        let fetches = example.code.text.trim_start_matches(['$', '%', ' ']).starts_with("git clone ");
        let special = fetches || (start != Start::Any && is_conditional(example));
        let follows =
            !same_lead && !other && !special && !is_aside(example) && is_whole(example, start, &known);
        if !taken.is_empty() && !follows {
            continue;
        }
        lines += example.code.text.lines().count();
        bytes += example.code.text.len();
        let too_long = example.code.text.lines().any(|line| line.len() > LONGEST_LINE);
        if taken.len() == wanted.examples || lines > wanted.lines || bytes > MOST_BYTES || too_long {
            break;
        }
        spoken = spoken.or_else(|| program(example));
        known.extend(whole::names_given(&example.code.text));
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

/// Whether an example is code to run, and not another way to say the one before it.
fn can_be_shown(example: &Example) -> bool {
    let only_prepares = joined_lines(&example.code.text).iter().all(|line| prepares(line));
    !example.alternative && !is_output(example) && !only_prepares
}

/// Whether a reader can begin with an example.
fn begins(example: &Example, start: Start) -> bool {
    // A file of settings starts nobody, nor does a script that is to be written first; either may follow what does.
    let text = example.code.text.trim_start();
    let file = language(example).is_some_and(|language| NOT_RUN.contains(&language))
        || (language(example).is_none() && text.starts_with(['{', '[']))
        || text.starts_with("#!");
    let lead = last_sentence(example);
    let goes_on = ["of course", "finally", "for instance", "for even "];
    let leans = SHOWING.iter().any(|words| lead.contains(words))
        || goes_on.iter().any(|words| lead.starts_with(words));
    let special = start != Start::Any && is_conditional(example);
    let fits = !file && !leans && !special && !is_aside(example);
    fits && can_be_shown(example) && is_whole(example, start, &BTreeSet::new())
}

/// Whether an example is for some readers only, by the sentence before it.
fn is_conditional(example: &Example) -> bool {
    let lead = last_sentence(example);
    // Whoever starts wants to.
    let wants = lead.starts_with("if you want to ");
    (!wants && CONDITIONAL.iter().any(|words| lead.starts_with(words))) || lead.contains("you can also")
}

/// Whether an example is for some readers only, by the headings above it.
fn is_aside(example: &Example) -> bool {
    let headings = example.above.iter().chain([&example.section]).map(|heading| heading.to_lowercase());
    headings.into_iter().any(|heading| SPECIAL.iter().any(|words| heading.contains(words)))
}

/// Whether an example stands by itself, as far as that is asked, where these names are known.
fn is_whole(example: &Example, start: Start, known: &BTreeSet<String>) -> bool {
    let text = &example.code.text;
    let python = whole::is_python(language(example), text);
    let unknown = |names| python && !whole::unknown_names(text, names, known).is_empty();
    let lacks = match start {
        Start::Whole => unknown(Names::Used),
        Start::Given => unknown(Names::Called),
        Start::Any => return true,
    };
    !lacks && !whole::leaves_out(text, is_shell(example))
}

/// Whether an example is typed into a shell, as what names no language mostly is.
pub(super) fn is_shell(example: &Example) -> bool {
    let python = whole::is_python(language(example), &example.code.text);
    language(example).map_or(!python, |language| SHELLS.contains(&language))
}

/// The end of the paragraph before an example, which says what the code does, in lower case.
fn last_sentence(example: &Example) -> String {
    let lead = example.lead.as_deref().unwrap_or_default();
    sentences(lead).last().map(|sentence| sentence.to_lowercase()).unwrap_or_default()
}

/// The programming language of an example; a shell is none.
fn program(example: &Example) -> Option<&str> {
    language(example).filter(|language| !SHELLS.contains(language) && !NOT_RUN.contains(language))
}

/// Whether an example stands in a section that is itself called a quick start, or says how the tool is used.
fn called_so(example: &Example) -> bool {
    let heading = example.section.to_lowercase();
    let heading = heading.trim_matches(|character: char| !character.is_alphabetic());
    promises(heading) || USING.contains(&heading)
}

/// Whether an example stands in a section that promises a quick start, or below one.
pub(super) fn starts_here(example: &Example) -> bool {
    example.above.iter().chain([&example.section]).any(|heading| promises(&heading.to_lowercase()))
}

fn promises(heading: &str) -> bool {
    STARTING.iter().any(|(words, score)| *score >= SURE && heading.contains(words))
}

/// The lines of code, those that go on over several as one.
pub(super) fn joined_lines(code: &str) -> Vec<String> {
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
pub(super) fn does_something(example: &Example) -> bool {
    let is_import = |line: &str| {
        IMPORTS.iter().chain(&["const ", "let "]).any(|word| line.starts_with(word))
            && (!line.starts_with("const ") && !line.starts_with("let ") || line.contains("require("))
    };
    let comment =
        |line: &str| ["#", "//", "/*", "*", "\"\"\"", "--"].iter().any(|mark| line.starts_with(mark));
    // What greets the reader does nothing.
    let greets = |line: &str| ["print(\"", "print('", "echo \""].iter().any(|word| line.starts_with(word));
    let mut lines =
        example.code.text.lines().map(str::trim).filter(|line| line.chars().any(char::is_alphanumeric));
    lines.any(|line| {
        !is_import(line)
            && !comment(line)
            && !greets(line)
            && !prepares(line)
            && !matches!(line, ")" | "}" | "]")
    })
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
