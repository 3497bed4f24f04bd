//! The sections of a Markdown file: what stands between one heading and the next.

use crate::skill::text::outline::{Heading, headings};
use crate::skill::text::slug::Anchors;

/// What stands between a heading and the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Section {
    /// The file within the skill.
    pub file: String,
    /// The anchor of the heading; empty above the first.
    pub anchor: String,
    /// The heading, after those that it stands below.
    pub heading: Vec<String>,
    /// The first line, from 1: that of the heading.
    pub first_line: usize,
    /// The last line that is not empty.
    pub last_line: usize,
    /// What stands below the heading.
    pub text: String,
}

impl Section {
    /// Where it stands, for an order that does not depend on anything else.
    pub fn place(&self) -> (&str, usize) {
        (&self.file, self.first_line)
    }
}

/// Cuts a file at its headings. The frontmatter of `SKILL.md` is a section too: it says what the skill is for.
pub(super) fn sections(file: &str, text: &str) -> Vec<Section> {
    let start = frontmatter_end(text);
    let headings: Vec<Heading> = headings(text.get(start..).unwrap_or_default())
        .into_iter()
        .map(|heading| Heading { range: heading.range.start + start..heading.range.end + start, ..heading })
        .collect();
    let mut anchors = Anchors::default();
    let mut above: Vec<(u8, String)> = Vec::new();
    let mut found = Vec::new();
    let lines = Lines::new(text);
    let first = headings.first().map_or(text.len(), |heading| heading.range.start);
    found.extend(section(file, text, &lines, (0, 0, first), (String::new(), Vec::new())));
    for (index, heading) in headings.iter().enumerate() {
        above.retain(|(level, _)| *level < heading.level);
        above.push((heading.level, heading.text.clone()));
        let end = headings.get(index + 1).map_or(text.len(), |next| next.range.start);
        let names = above.iter().map(|(_, text)| text.clone()).collect();
        let range = (heading.range.start, heading.range.end, end);
        found.extend(section(file, text, &lines, range, (anchors.next(&heading.text), names)));
    }
    found
}

/// Where the frontmatter ends; 0 where there is none.
fn frontmatter_end(text: &str) -> usize {
    let Some(rest) = text.strip_prefix("---\n") else { return 0 };
    rest.find("\n---\n").map_or(0, |at| "---\n".len() + at + "\n---\n".len())
}

/// A section from the start of its heading, over the start of its text, to its end; none where there is nothing at all.
fn section(
    file: &str,
    text: &str,
    lines: &Lines,
    (start, body, end): (usize, usize, usize),
    (anchor, heading): (String, Vec<String>),
) -> Option<Section> {
    let whole = text.get(start..end)?.trim_end();
    if whole.trim().is_empty() {
        return None;
    }
    let first_line = lines.of(start + whole.len() - whole.trim_start().len());
    let last_line = lines.of(start + whole.len() - 1);
    let text = text.get(body..end)?.trim().to_owned();
    Some(Section { file: file.to_owned(), anchor, heading, first_line, last_line, text })
}

/// Where the lines of a text begin.
struct Lines(Vec<usize>);

impl Lines {
    fn new(text: &str) -> Self {
        Self(std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect())
    }

    /// The line of a byte, from 1.
    fn of(&self, at: usize) -> usize {
        self.0.partition_point(|start| *start <= at)
    }
}
