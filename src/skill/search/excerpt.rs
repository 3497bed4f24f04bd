//! The lines of a section that say most about what was asked.

use std::collections::BTreeSet;

use super::words::terms;

/// The longest excerpt, in characters.
const LONGEST: usize = 320;
/// Lines that are shown together.
const WINDOW: usize = 4;

/// The window of lines in which most of the words stand, the earliest of the best; shortened at its end.
pub(super) fn excerpt(text: &str, wanted: &BTreeSet<String>) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).filter(|line| is_telling(line)).collect();
    let held: Vec<BTreeSet<String>> = lines
        .iter()
        .map(|line| terms(line).into_iter().filter(|word| wanted.contains(word)).collect())
        .collect();
    let said = |start: usize| {
        let window = held.iter().skip(start).take(WINDOW);
        let distinct: BTreeSet<&String> = window.clone().flatten().collect();
        // A line that holds words itself is the better beginning.
        (distinct.len(), usize::from(held.get(start).is_some_and(|line| !line.is_empty())))
    };
    let mut best = 0;
    for start in 1..lines.len() {
        if said(start) > said(best) {
            best = start;
        }
    }
    let shown: Vec<&str> = lines.into_iter().skip(best).take(WINDOW).collect();
    shorten(&shown.join("\n"))
}

/// Lines that only hold the source of a page, the bounds of code, or nothing, tell nothing.
fn is_telling(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with("Source: <") && !line.starts_with("```")
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        None => text.to_owned(),
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or(text).trim_end()),
    }
}
