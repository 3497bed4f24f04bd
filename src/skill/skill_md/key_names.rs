//! The sections of SKILL.md on names: the symbols and the settings that the documentation uses most, each with the page
//! that documents it.

use crate::skill::pages::usage::most_used;
use crate::skill::skill_md::Overview;
use crate::skill::text::quote::code_span;

/// The names of classes, functions and the like.
pub fn key_names(overview: &Overview<'_>, most: usize) -> Option<String> {
    section(overview, "Key names", false, most)
}

/// Flags, configuration keys and variables of the environment.
pub fn settings(overview: &Overview<'_>, most: usize) -> Option<String> {
    section(overview, "Settings", true, most)
}

/// Names of one page stand on one line, so that the page is named once.
fn section(overview: &Overview<'_>, heading: &str, settings: bool, most: usize) -> Option<String> {
    let mut lines: Vec<(usize, Vec<String>)> = Vec::new();
    for symbol in most_used(overview.used, settings, most) {
        let name = code_span(&symbol.name);
        match lines.iter_mut().find(|(page, _)| *page == symbol.reference) {
            Some((_, names)) => names.push(name),
            None => lines.push((symbol.reference, vec![name])),
        }
    }
    let lines: Vec<String> = lines
        .into_iter()
        .filter_map(|(page, names)| Some(format!("- {}: {}", names.join(", "), overview.link(page)?)))
        .collect();
    (!lines.is_empty()).then(|| format!("## {heading}\n\n{}\n", lines.join("\n")))
}
