//! The index for people: `README.md`, a table a category. A column that nothing is known for in the whole library is left
//! out.

use super::{Checklist, Entry};

/// The first line, by which a README is known as ours to write anew.
const MARK: &str = "<!-- Written by `skillcrawl index`, and written anew each time. -->";

/// So much of a commit tells it apart.
const COMMIT_LENGTH: usize = 12;

type Cell = fn(&Entry) -> Option<String>;

/// The columns after the name, each with what stands in it.
const COLUMNS: [(&str, Alignment, Cell); 7] = [
    ("What it is for", Alignment::Left, |entry| Some(escaped(&entry.description))),
    ("Pages", Alignment::Right, |entry| entry.pages.map(grouped)),
    ("Tokens", Alignment::Right, |entry| Some(grouped(entry.tokens.skill_md + entry.tokens.references))),
    ("Version", Alignment::Left, |entry| entry.version.as_deref().map(version)),
    ("Source", Alignment::Left, |entry| entry.source.as_deref().map(source)),
    ("Checklist", Alignment::Left, |entry| entry.checklist.as_ref().map(checklist)),
    ("Fetched", Alignment::Left, |entry| entry.date.clone()),
];

#[derive(Clone, Copy)]
enum Alignment {
    Left,
    Right,
}

/// Writes the index of entries that are in their order (see [`super::sort`]).
pub fn readme(entries: &[Entry]) -> String {
    let columns: Vec<&(&str, Alignment, Cell)> =
        COLUMNS.iter().filter(|(_, _, cell)| entries.iter().any(|entry| cell(entry).is_some())).collect();
    let pages: usize = entries.iter().filter_map(|entry| entry.pages).sum();
    let tokens: usize = entries.iter().map(|entry| entry.tokens.skill_md + entry.tokens.references).sum();
    let mut text = format!(
        "{MARK}\n\n# Skills\n\n{}, {}, {} tokens.\n",
        counted(entries.len(), "skill"),
        counted(pages, "page"),
        grouped(tokens)
    );
    for group in entries.chunk_by(|left, right| left.category == right.category) {
        if let Some(category) = group.first().and_then(|entry| entry.category.as_deref()) {
            text.push_str(&format!("\n## {category}\n"));
        } else if group.len() < entries.len() {
            text.push_str("\n## Without a category\n");
        }
        text.push_str("\n| Skill |");
        columns.iter().for_each(|(title, _, _)| text.push_str(&format!(" {title} |")));
        text.push_str("\n|---|");
        columns.iter().for_each(|(_, alignment, _)| {
            text.push_str(match alignment {
                Alignment::Left => "---|",
                Alignment::Right => "---:|",
            });
        });
        text.push('\n');
        for entry in group {
            text.push_str(&format!("| [{}]({}/SKILL.md) |", entry.name, entry.path()));
            for (_, _, cell) in &columns {
                text.push_str(&format!(" {} |", cell(entry).unwrap_or_default()));
            }
            text.push('\n');
        }
    }
    text
}

/// Whether a README was written by [`readme`].
pub fn is_ours(text: &str) -> bool {
    text.starts_with(MARK)
}

fn checklist(checklist: &Checklist) -> String {
    let Checklist { score, passed, remarks, failed } = checklist;
    let counts = format!("{passed} passed, {}, {failed} failed", counted(*remarks, "remark"));
    match score {
        Some(score) => format!("{score}/100: {counts}"),
        None => counts,
    }
}

/// A commit is cut to what tells it apart.
fn version(version: &str) -> String {
    let is_commit = version.len() == 40 && version.bytes().all(|byte| byte.is_ascii_hexdigit());
    format!("`{}`", if is_commit { &version[..COMMIT_LENGTH] } else { version }.replace(['`', '|'], ""))
}

/// A link that shows the address without its scheme.
fn source(source: &str) -> String {
    let shown = source.split_once("://").map_or(source, |(_, rest)| rest).trim_end_matches('/');
    format!("[{}](<{}>)", escaped(shown), source.replace('|', "%7C"))
}

/// Text in a cell, where bars, brackets and backticks would mean something.
fn escaped(text: &str) -> String {
    let mut cell = String::with_capacity(text.len());
    for letter in text.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        if "\\|<>[]`*_".contains(letter) {
            cell.push('\\');
        }
        cell.push(letter);
    }
    cell
}

fn counted(count: usize, word: &str) -> String {
    format!("{} {word}{}", grouped(count), if count == 1 { "" } else { "s" })
}

/// A number with its thousands apart.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
