//! The sections of SKILL.md that get a reader going: install lines and the first examples, to the letter.

use crate::document::CodeBlock;
use crate::skill::excerpt::{Example, install_command};
use crate::skill::label;
use crate::skill::quote::shorten;
use crate::skill::reference::Reference;
use crate::skill::skill_md::Overview;

/// The most install lines.
const MOST_INSTALLS: usize = 4;
/// The most examples, and their size together in lines and bytes.
const MOST_EXAMPLES: usize = 3;
const MOST_LINES: usize = 60;
const MOST_BYTES: usize = 3_500;
/// The longest lead of an example, in characters.
const LONGEST_LEAD: usize = 240;

/// Words of a title or address that promise a quick start, the surest first.
const STARTING: [(&str, usize); 12] = [
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
const INSTALLING: [(&str, usize); 4] = [("installation", 4), ("installing", 4), ("install", 4), ("setup", 2)];

/// The install section: the commands that name the tool, from the installation page, else from where a reader starts.
pub fn install(overview: &Overview<'_>) -> Option<String> {
    let ranked = ranked(overview, |page| promise(page, &INSTALLING) * 2 + promise(page, &STARTING));
    let own = |page: &Reference| -> Vec<String> {
        let commands =
            page.excerpts.installs.iter().filter(|command| installs(command, &overview.config.name));
        // An image that some page happens to pull is not how the tool is installed.
        let image = promise(page, &INSTALLING) + promise(page, &STARTING) == 0;
        let commands = commands.filter(|command| !(image && command.starts_with("docker")));
        commands.take(MOST_INSTALLS).cloned().collect()
    };
    let (index, commands) = ranked
        .into_iter()
        .map(|(index, page)| (index, own(page)))
        .find(|(_, commands)| !commands.is_empty())?;
    let code = CodeBlock { language: Some("bash".into()), caption: None, text: commands.join("\n") };
    Some(format!("## Install\n\n{}\n\nMore in {}.\n", fenced(&code), overview.link(index)?))
}

/// Whether a command names the tool, whole, and leaves nothing to fill in.
fn installs(command: &str, name: &str) -> bool {
    let letters =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let tail = name.rsplit('-').next().unwrap_or(name);
    let packages = command
        .split_whitespace()
        .skip(2)
        .filter(|word| !word.starts_with('-') || word.starts_with("--from"));
    let mut names =
        packages.map(|word| letters(word.split(['[', '=', '<', '>', '@']).next().unwrap_or(word)));
    let whole = letters(name);
    !command.contains(['<', '$'])
        && names
            .any(|package| package.contains(&whole) || package == letters(tail) || package.ends_with(tail))
}

/// The quick start: the first examples of the page that promises one.
pub fn quick_start(overview: &Overview<'_>) -> Option<String> {
    // The start page comes after a page that is one long quick start and before those that only begin somewhere.
    let rank = |page: &Reference| {
        let promised = promise(page, &STARTING);
        let start = overview.start.and_then(|index| overview.references.get(index));
        if start.is_some_and(|start| start.url == page.url) { promised.max(SURE) } else { promised }
    };
    let ranked = ranked(overview, rank);
    let chosen = ranked.into_iter().find(|(_, page)| page.excerpts.examples.iter().any(starts_someone))?;
    let (index, page) = chosen;
    let heading = if rank(page) >= SURE { "Quick start" } else { "Example" };
    let mut text = format!("## {heading}\n");
    let (mut lines, mut count) = (0, 0);
    for example in page.excerpts.examples.iter().filter(|example| starts_someone(example)) {
        lines += example.code.text.lines().count();
        let full = lines > MOST_LINES || text.len() + example.code.text.len() > MOST_BYTES;
        if count == MOST_EXAMPLES || (full && count > 0) {
            break;
        }
        text.push_str(&quoted(example));
        count += 1;
    }
    text.push_str(&format!("\nFrom {}.\n", overview.link(index)?));
    Some(text)
}

/// Pages by what they promise, then the start page, then in reading order.
fn ranked<'a>(overview: &Overview<'a>, score: impl Fn(&Reference) -> usize) -> Vec<(usize, &'a Reference)> {
    let order: Vec<usize> =
        overview.files.iter().flat_map(|file| file.pages.iter().map(|page| page.reference)).collect();
    let mut ranked: Vec<(usize, &Reference)> =
        order.into_iter().filter_map(|index| Some((index, overview.references.get(index)?))).collect();
    ranked.sort_by_key(|(index, page)| (std::cmp::Reverse(score(page)), overview.start != Some(*index)));
    ranked.dedup_by_key(|(index, _)| *index);
    ranked
}

fn promise(page: &Reference, words: &[(&str, usize)]) -> usize {
    let title = page.title.to_lowercase();
    let name = label::segments(&page.url).pop().unwrap_or_default().to_lowercase().replace(['-', '_'], " ");
    let says = |text: &str, word: &str| text.contains(word);
    let exact = |word: &str| usize::from(title == word || name == word);
    let found = words.iter().filter(|(word, _)| says(&title, word) || says(&name, word));
    found.map(|(word, score)| score + exact(word)).max().unwrap_or(0)
}

/// Whether an example shows more than how to install.
fn starts_someone(example: &Example) -> bool {
    let mut lines =
        example.code.text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let shown_as_text =
        matches!(example.code.language.as_deref(), Some("text" | "console-output" | "output"));
    let small = example.code.text.len() <= MOST_BYTES;
    small
        && !shown_as_text
        && !example.code.text.starts_with('`')
        && lines.any(|line| install_command(line).is_none())
}

fn quoted(example: &Example) -> String {
    let lead = example.lead.as_deref().filter(|lead| !lead.trim().is_empty());
    let lead = lead.map(|lead| shorten(lead, LONGEST_LEAD));
    let lead = lead.or_else(|| (!example.section.is_empty()).then(|| format!("{}:", example.section)));
    let lead = lead.map_or_else(String::new, |lead| format!("\n{lead}\n"));
    format!("{lead}\n{}\n", fenced(&example.code))
}

/// A fenced block whose fence is longer than any run of backticks in the code.
pub fn fenced(code: &CodeBlock) -> String {
    let longest = code.text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{}\n{}\n{fence}", code.language.as_deref().unwrap_or_default(), code.text)
}
