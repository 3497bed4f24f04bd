//! The section of SKILL.md on how to install the tool: the site's own commands, one of each way.

use std::collections::BTreeSet;

use crate::document::CodeBlock;
use crate::skill::pages::commands::{Way, install_commands, prepares, way};
use crate::skill::pages::reference::Reference;
use crate::skill::skill_md::Overview;
use crate::skill::skill_md::quick_start::{STARTING, SURE, fenced, promise, ranked};
use crate::skill::skill_md::sequence::joined_lines;
use crate::skill::skill_md::tool_name::letters;

/// The most commands of one page, and those of the same way.
const MOST: usize = 6;
const MOST_OF_A_WAY: usize = 2;
/// A longer command is a page of its own, in characters.
const LONGEST: usize = 400;
const INSTALLING: [(&str, usize); 4] = [("installation", 4), ("installing", 4), ("install", 4), ("setup", 2)];

/// The most lines of a block that is quoted whole.
const MOST_LINES: usize = 14;
/// Words of a heading over how the tool is put on a machine.
const HEADINGS: [&str; 4] = ["install", "setup", "dependencies", "requirements"];

/// The install section: the commands that name the tool, from the installation page, else from where a reader starts;
/// where none does, what is run to install it there, or what another page installs the tool with. `most` is how many there
/// may be.
pub fn install(overview: &Overview<'_>, most: usize) -> Option<String> {
    if most == 0 {
        return None;
    }
    let found = by_name(overview, Elsewhere::Plain, most).or_else(|| by_section(overview));
    let (index, commands) = found.or_else(|| by_name(overview, Elsewhere::Any, most))?;
    Some(format!("## Install\n\n{commands}\nMore in {}.\n", overview.link(index)?))
}

/// What a page is worth to somebody who wants to install the tool; 0 where it is about something else.
fn score(overview: &Overview<'_>, index: usize, page: &Reference) -> usize {
    promise(page, &INSTALLING) * 2 + promise(page, &STARTING) + usize::from(overview.start == Some(index))
}

/// What counts of the commands on pages that are not about installing or starting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Elsewhere {
    /// Those that install a release of the tool and nothing else.
    Plain,
    /// Those too that add what such a page needs.
    Any,
}

/// The commands that name the tool and the block that fetches its sources, as Markdown, with the page they stand on.
fn by_name(overview: &Overview<'_>, elsewhere: Elsewhere, most: usize) -> Option<(usize, String)> {
    let mut chosen: Option<(usize, Fit, Vec<String>)> = None;
    for (index, page) in ranked(overview, |index, page| score(overview, index, page)) {
        let starts = promise(page, &INSTALLING) > 0
            || promise(page, &STARTING) >= SURE
            || overview.start == Some(index);
        let elsewhere = if starts { None } else { Some(elsewhere) };
        let (fit, commands) = commands_of(overview, page, elsewhere, most);
        // A page that only installs an extension gives way to one that installs the tool.
        if !commands.is_empty() && chosen.as_ref().is_none_or(|(_, known, _)| fit < *known) {
            chosen = Some((index, fit, commands));
        }
    }
    let (index, _, commands) = chosen?;
    let code = CodeBlock { language: Some("bash".into()), caption: None, text: commands.join("\n") };
    let page = overview.references.get(index)?;
    let source = sources(overview, page).filter(|source| most > 1 && source.text.len() <= 2 * LONGEST);
    let source = source.map_or_else(String::new, |source| format!("\n{}\n", fenced(source)));
    Some((index, format!("{}\n{source}", fenced(&code))))
}

/// The first block that does nothing but install, of a section that is about that, on a page where a reader starts: the
/// way of a tool that is no package.
fn by_section(overview: &Overview<'_>) -> Option<(usize, String)> {
    ranked(overview, |index, page| score(overview, index, page)).into_iter().find_map(|(index, page)| {
        let about = promise(page, &INSTALLING) > 2;
        if !about && overview.start != Some(index) {
            return None;
        }
        let of_section = page.excerpts.examples.iter().filter(|example| {
            let heading = example.section.to_lowercase();
            about || HEADINGS.iter().any(|words| heading.contains(words))
        });
        let first = of_section.map(|example| &example.code).find(|code| only_installs(&code.text));
        let code = sources(overview, page).or(first)?;
        Some((index, format!("{}\n", fenced(code))))
    })
}

/// Whether a block is a few commands that install, and what prepares for them.
fn only_installs(code: &str) -> bool {
    let lines = joined_lines(code);
    lines.len() <= MOST_LINES
        && code.len() <= 2 * LONGEST
        && !install_commands(code).is_empty()
        && lines.iter().all(|line| prepares(line))
}

/// The block of a page that fetches the tool's sources and installs from them.
fn sources<'a>(overview: &Overview<'_>, page: &'a Reference) -> Option<&'a CodeBlock> {
    page.excerpts.source_installs.iter().find(|code| clones(code, overview))
}

/// Whether a block clones the tool, and not what one of its examples is about.
fn clones(code: &CodeBlock, overview: &Overview<'_>) -> bool {
    let clones = code.text.lines().filter_map(|line| line.split_once("git clone ").map(|(_, rest)| rest));
    let first = clones.map(|rest| format!("git clone {rest}")).next();
    first.is_some_and(|command| fit(&command, &overview.config.name, overview.title).is_some())
}

/// How surely a command installs the tool, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It names the tool and nothing else.
    Exact,
    /// It names something whose name holds the tool's, and so many letters more.
    Part(usize),
}

/// The commands of a page, of those that name the tool best; without `elsewhere` it is one where a reader starts.
fn commands_of(
    overview: &Overview<'_>,
    page: &Reference,
    elsewhere: Option<Elsewhere>,
    most: usize,
) -> (Fit, Vec<String>) {
    let named: Vec<(Fit, Way, &String)> = page
        .excerpts
        .installs
        .iter()
        .filter(|command| command.chars().count() <= LONGEST)
        .filter_map(|command| {
            Some((fit(command, &overview.config.name, overview.title)?, way(command)?, command))
        })
        // What some other page happens to install is the tool with what that page needs, or another tool.
        .filter(|(fit, way, command)| {
            let exact = *fit == Fit::Exact && *way != Way::Docker;
            elsewhere.is_none_or(|elsewhere| exact && (elsewhere == Elsewhere::Any || is_plain(command)))
        })
        .collect();
    let best = named.iter().map(|(fit, _, _)| *fit).min().unwrap_or(Fit::Part(0));
    let mut commands: Vec<String> = Vec::new();
    let mut turn: BTreeSet<(Way, usize)> = BTreeSet::new();
    let mut named: Vec<(Fit, Way, &String)> = named.into_iter().filter(|(fit, _, _)| *fit == best).collect();
    // What is released stands before what is on its way.
    named.sort_by_key(|(_, _, command)| command.contains("git+"));
    for (_, way, command) in named {
        let room = (0..MOST_OF_A_WAY).any(|number| turn.insert((way, number)));
        if room && commands.len() < most.min(MOST) {
            commands.push(command.clone());
        }
    }
    (best, commands)
}

/// Whether a command installs a release without anything added.
fn is_plain(command: &str) -> bool {
    !command.contains("git+") && !command.contains('[')
}

/// Whether a command names the tool, leaves nothing to fill in and needs no sources that lie there.
fn fit(command: &str, name: &str, title: &str) -> Option<Fit> {
    let editable = command.split_whitespace().any(|word| matches!(word, "-e" | "--editable"));
    if command.contains(['<', '$']) || editable {
        return None;
    }
    let whole = letters(name);
    let parts: Vec<&str> = name.split('-').collect();
    let heads = (1..parts.len()).filter_map(|end| parts.get(..end));
    let tails = (1..parts.len()).filter_map(|first| parts.get(first..));
    let mut names: Vec<String> = heads.chain(tails).map(|parts| letters(&parts.concat())).collect();
    names.extend([whole.clone(), letters(title)]);
    let words = command.split_whitespace().skip(2).filter(|word| !word.starts_with('-') && *word != "\\");
    let fits = words.filter_map(|word| {
        let word = word.trim_matches(['"', '\'']);
        let bare = word.split(['[', '=', '<', '>', '~', ';']).next().unwrap_or(word);
        // `@publisher/tool@version`
        let bare = bare.strip_prefix('@').unwrap_or(bare).split('@').next().unwrap_or(bare);
        let last =
            bare.trim_end_matches(".git").rsplit(['/', ':']).find(|part| !part.is_empty()).unwrap_or(bare);
        // The name of an image stands before its tag.
        let image = bare.split(':').next().and_then(|image| image.rsplit('/').next()).unwrap_or(bare);
        let spelled = [bare, last, image].map(letters);
        let extras = letters(&word.replace(['[', ']'], ""));
        if names.iter().any(|name| name.len() > 1 && (spelled.contains(name) || extras == *name)) {
            return Some(Fit::Exact);
        }
        let near = spelled.iter().filter_map(|package| {
            let ending = whole.ends_with(package.as_str()) && package.len() >= 4;
            let holds = package.contains(&whole).then(|| package.len() - whole.len());
            ending.then_some(0).or(holds).or_else(|| abbreviates(package, &whole))
        });
        near.min().map(Fit::Part)
    });
    fits.min()
}

/// How many letters a name has beyond what it shares with a longer one that it cuts short: one for `flashattn` of
/// `flashattention`; `None` where it shares too little.
fn abbreviates(short: &str, long: &str) -> Option<usize> {
    let common = short.bytes().zip(long.bytes()).take_while(|(left, right)| left == right).count();
    (common >= 6 && common * 5 >= short.len() * 4).then(|| short.len() - common)
}

#[cfg(test)]
mod tests {
    use super::{Fit, fit};

    #[test]
    fn a_command_installs_the_tool_when_it_names_it() {
        let check = |command: &str, name: &str, expected: Option<Fit>| {
            assert_eq!(fit(command, name, "Some Title"), expected, "{command}");
        };
        check("pip install trl", "trl", Some(Fit::Exact));
        check("pip install 'trl[vllm]==1.0'", "trl", Some(Fit::Exact));
        check("pip install -U \"ray[train]\"", "ray-train", Some(Fit::Exact));
        check("pip install git+https://d.example/x/trl.git", "trl", Some(Fit::Exact));
        check("docker run --gpus all acme/axolotl:main-1", "axolotl", Some(Fit::Exact));
        check("npm install @acme/trl@next", "trl", Some(Fit::Exact));
        check("pip install trl-extras", "trl", Some(Fit::Part(6)));
        check("pip install flash-attn --no-build-isolation", "flash-attention", Some(Fit::Part(1)));
        check("pip install numpy", "trl", None);
        check("pip install trl==<version>", "trl", None);
        check("pip install -r requirements.txt", "trl", None);
    }
}
