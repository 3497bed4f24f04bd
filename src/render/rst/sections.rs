//! Headings: a line of text between, or above, lines of one punctuation mark. Which mark is of which level is for the
//! text to say by the order in which it uses them.

use super::lines::{indent_of, is_blank};

/// A heading at the top of some lines.
pub(super) struct Section<'a> {
    pub(super) title: &'a str,
    pub(super) style: (char, bool),
    /// How many lines it takes.
    pub(super) taken: usize,
}

/// The mark of a line that underlines, and its length.
pub(super) fn adornment(line: &str) -> Option<(char, usize)> {
    let mark = line.chars().next().filter(|mark| mark.is_ascii_punctuation())?;
    line.chars().all(|letter| letter == mark).then_some((mark, line.len()))
}

/// The heading that the lines begin with.
pub(super) fn section<'a>(lines: &[&'a str]) -> Option<Section<'a>> {
    let first = lines.first()?;
    if let Some((mark, length)) = adornment(first) {
        let (title, under) = (lines.get(1)?, lines.get(2)?);
        let is_over = adornment(under) == Some((mark, under.len())) && !is_blank(title);
        // A simple table begins so too; its second line has no third like the first.
        let fits = length >= 4 || length >= width(title.trim());
        let is_title = is_over && fits && under.len() >= 4.min(width(title.trim()));
        return is_title.then(|| Section { title: title.trim(), style: (mark, true), taken: 3 });
    }
    let under = lines.get(1)?;
    let (mark, length) = adornment(under)?;
    let fits = length >= width(first) || length >= 4;
    let is_title = indent_of(first) == 0 && !is_blank(first) && fits && !is_mark(first);
    is_title.then(|| Section { title: first.trim(), style: (mark, false), taken: 2 })
}

/// Whether a line is a border or a comment rather than a title.
fn is_mark(line: &str) -> bool {
    line.starts_with(".. ") || line.starts_with("+-") || line.starts_with("| ")
}

/// The columns that a text takes; letters of East Asia take two.
fn width(text: &str) -> usize {
    text.chars().map(|letter| if ('\u{1100}'..='\u{ffdc}').contains(&letter) { 2 } else { 1 }).sum()
}

/// The id that docutils gives a name.
pub(super) fn id_of(name: &str) -> String {
    let mut id = String::new();
    for letter in name.to_lowercase().chars() {
        if letter.is_alphanumeric() {
            id.push(letter);
        } else if !id.is_empty() && !id.ends_with('-') {
            id.push('-');
        }
    }
    id.trim_end_matches('-').to_owned()
}
