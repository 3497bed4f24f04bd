//! `skillcrawl search`: which sections of a skill say most about some words.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, anyhow};

use super::args::SearchArgs;
use super::exit::ExitCode;
use super::failure::Failure;
use super::printer::Printer;
use super::validate::skill_folder;
use crate::skill::search::{Found, Hit, search};

/// Runs the command: the best sections on stdout, best first; none is no failure.
///
/// # Errors
///
/// A [`Failure`] when there is no such skill, it cannot be read, or nothing is asked.
pub fn run(args: &SearchArgs, printer: &Printer) -> Result<ExitCode, Failure> {
    skill_folder(&args.skill_dir)?;
    let query = args.query.join(" ");
    if !query.chars().any(char::is_alphanumeric) {
        return Err(Failure::with_code(anyhow!("there is no word to search for"), ExitCode::Usage)
            .hint("name what you look for, as `skillcrawl search output/my-docs install gpu`"));
    }
    let files = read(&args.skill_dir)?;
    let found = search(&files, &query, args.offset, args.limit.get());
    if found.hits.is_empty() {
        printer.note(&format!("nothing in `{}` says `{query}`", args.skill_dir.display()));
    }
    printer.result(&in_words(&found), &found);
    Ok(ExitCode::Success)
}

/// The Markdown of a skill: `SKILL.md` and what lies in `references/`. Symbolic links are left out; they could lead out
/// of the skill.
fn read(skill: &Path) -> Result<BTreeMap<String, String>, Failure> {
    let mut files = BTreeMap::new();
    let mut add = |name: String| -> Result<(), Failure> {
        let path = skill.join(&name);
        let bytes = std::fs::read(&path)
            .with_context(|| format!("cannot read `{}`", path.display()))
            .map_err(Failure::new)?;
        files.insert(name, String::from_utf8_lossy(&bytes).into_owned());
        Ok(())
    };
    if !is_file(&skill.join("SKILL.md")) {
        let error = anyhow!("there is no `SKILL.md` in `{}`", skill.display());
        return Err(Failure::with_code(error, ExitCode::Usage).hint("give the folder that holds `SKILL.md`"));
    }
    add("SKILL.md".to_owned())?;
    for entry in std::fs::read_dir(skill.join("references")).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".md") && is_file(&entry.path()) {
            add(format!("references/{name}"))?;
        }
    }
    Ok(files)
}

fn is_file(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|metadata| metadata.is_file())
}

fn in_words(found: &Found) -> String {
    let hits: Vec<String> = found.hits.iter().map(hit_in_words).collect();
    hits.join("\n\n")
}

fn hit_in_words(hit: &Hit) -> String {
    let anchor = if hit.anchor.is_empty() { String::new() } else { format!("#{}", hit.anchor) };
    let place = format!("{}{anchor}, lines {} to {}", hit.file, hit.first_line, hit.last_line);
    let excerpt = hit.excerpt.lines().map(|line| format!("  {line}"));
    let heading = (!hit.heading.is_empty()).then(|| hit.heading.join(" > "));
    std::iter::once(place).chain(heading).chain(excerpt).collect::<Vec<_>>().join("\n")
}
