//! Splits an index that is over the cap into parts by the groups of the site.

use std::collections::BTreeSet;

use crate::skill::layout::references::ReferenceFile;
use crate::skill::text::quote::{escape, shorten};
use crate::skill::text::slug::file_slug;
use crate::skill::text::tokens::tokens;

/// The longest name of a group or file within the name of a part, in bytes.
const LONGEST_NAME: usize = 28;

/// The longest title of a part, in characters.
const LONGEST_TITLE: usize = 100;

/// A line of the index.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// The file that it names.
    pub file: &'a ReferenceFile,
    /// The line with its break.
    pub line: String,
}

/// The files of an index: all entries below `head` in `index.md` where they have room, else parts beside it.
pub fn split(head: &str, entries: &[Entry<'_>], most: usize) -> Vec<(String, String)> {
    let whole = format!("{head}{}", body(entries));
    if tokens(&whole) <= most {
        return vec![("index.md".to_owned(), whole)];
    }
    let title = head.lines().next().unwrap_or_default();
    let room = most.saturating_sub(tokens(head) + 120).max(most / 2);
    let parts = cut(entries, room);
    let taken: BTreeSet<&str> = entries.iter().map(|entry| entry.file.name.as_str()).collect();
    let mut names: BTreeSet<String> = taken.into_iter().map(str::to_owned).collect();
    let mut files = Vec::new();
    let mut list = String::new();
    // What each part may say of itself in `index.md`.
    let share = most.saturating_sub(tokens(head)) * 8 / 10 / parts.len().max(1);
    for part in &parts {
        let called = shorten(&called(part), LONGEST_TITLE);
        let name = free_name(part, &called, &mut names);
        list.push_str(&line(&called, &name, part, share));
        files.push((name, format!("{title}: {}\n{}", escape(&called), body(part))));
    }
    files.insert(0, ("index.md".to_owned(), format!("{head}\n{list}")));
    files
}

/// Entries below the titles of their files.
fn body(entries: &[Entry<'_>]) -> String {
    let mut text = String::new();
    let mut open = "";
    for entry in entries {
        if entry.file.name != open {
            text.push_str(&format!("\n## {}\n\n", escape(&entry.file.title)));
            open = &entry.file.name;
        }
        text.push_str(&entry.line);
    }
    text
}

/// Cuts entries into runs of at most `room` tokens, where a group ends if the run is half full by then.
fn cut<'a, 'b>(entries: &'b [Entry<'a>], room: usize) -> Vec<&'b [Entry<'a>]> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut held = 0;
    for (at, entry) in entries.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| entries.get(at));
        let opens = before.is_none_or(|before| before.file.name != entry.file.name);
        let title = if opens || at == start { tokens(&entry.file.title) + 4 } else { 0 };
        let size = tokens(&entry.line) + title;
        let next_group = before.is_some_and(|before| before.file.group != entry.file.group);
        if at > start && (held + size > room || next_group && held > room / 2) {
            parts.extend(entries.get(start..at));
            start = at;
            held = 0;
        }
        held += size;
    }
    parts.extend(entries.get(start..));
    parts
}

/// What a part is called: its group or groups; where a group has several parts, its first and last file as well.
fn called(part: &[Entry<'_>]) -> String {
    let (Some(first), Some(last)) = (part.first(), part.last()) else { return String::new() };
    let range = |first: &str, last: &str| {
        if first == last { first.to_owned() } else { format!("{first} to {last}") }
    };
    if first.file.group == last.file.group {
        return range(&first.file.title, inner(last.file));
    }
    range(outer(first.file), outer(last.file))
}

/// The title of a file within its group.
fn inner(file: &ReferenceFile) -> &str {
    file.title
        .strip_prefix(file.group.as_str())
        .map_or(&file.title, |rest| rest.trim_start_matches([':', ' ']))
}

fn outer(file: &ReferenceFile) -> &str {
    if file.group.is_empty() { &file.title } else { &file.group }
}

/// A name that no other file has.
fn free_name(part: &[Entry<'_>], called: &str, names: &mut BTreeSet<String>) -> String {
    let stem = |entry: Option<&Entry<'_>>| {
        let slug = entry.map(|entry| entry.file.name.trim_end_matches(".md").to_owned()).unwrap_or_default();
        let cut = slug.match_indices('-').map(|(at, _)| at).take_while(|at| *at <= LONGEST_NAME).last();
        let fits = slug.len() <= LONGEST_NAME;
        let mut stem = slug.get(..cut.filter(|_| !fits).unwrap_or(slug.len())).unwrap_or(&slug);
        while let Some(shorter) =
            ["-to", "-and", "-of", "-for", "-the"].iter().find_map(|word| stem.strip_suffix(word))
        {
            stem = shorter;
        }
        stem.to_owned()
    };
    let short = file_slug(called);
    let range = format!("{}-to-{}", stem(part.first()), stem(part.last()));
    let base = if short.is_empty() || short.len() > LONGEST_NAME { range } else { short };
    let plain = format!("index-{base}.md");
    let numbered = (2..).map(|number| format!("index-{base}-{number}.md"));
    let name = std::iter::once(plain).chain(numbered).find(|name| !names.contains(name)).unwrap_or_default();
    names.insert(name.clone());
    name
}

/// What `index.md` says of a part: its name and as many titles of its pages as there is room for.
fn line(called: &str, name: &str, part: &[Entry<'_>], share: usize) -> String {
    let mut text = format!("- [{}]({name})", escape(called));
    let mut held = tokens(&text) + 4;
    let mut titles = Vec::new();
    for page in part.iter().flat_map(|entry| &entry.file.pages).filter(|page| !page.continued) {
        let title = escape(&page.title);
        held += tokens(&title) + 1;
        if held > share {
            break;
        }
        if !titles.contains(&title) {
            titles.push(title);
        }
    }
    if !titles.is_empty() {
        text.push_str(&format!(": {}", titles.join("; ")));
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::{Entry, split};
    use crate::skill::layout::references::ReferenceFile;
    use crate::skill::text::tokens::tokens;

    #[test]
    fn an_index_over_the_cap_is_split_by_groups() {
        let file = |group: &str, number: usize| ReferenceFile {
            group: group.to_owned(),
            title: format!("{group}: Topic {number}"),
            name: format!("{}-topic-{number}.md", group.to_lowercase()),
            text: String::new(),
            pages: Vec::new(),
        };
        let files: Vec<ReferenceFile> = ["Guide", "API", "Recipes"]
            .iter()
            .flat_map(|group| (0..6).map(|number| file(group, number)))
            .collect();
        let entry = |file| Entry { file, line: format!("- what it says {}\n", "and more ".repeat(20)) };
        let entries: Vec<Entry<'_>> = files.iter().map(entry).collect();
        let whole = split("# Index\n\nHead.\n", &entries, 10_000);
        assert_eq!(whole.len(), 1);
        let parts = split("# Index\n\nHead.\n", &entries, 500);
        let names: Vec<&str> = parts.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            [
                "index.md",
                "index-guide-topic-0-to-topic-5.md",
                "index-api-topic-0-to-topic-5.md",
                "index-recipes-topic-0-to-topic-5.md"
            ]
        );
        assert!(parts.iter().all(|(_, text)| tokens(text) <= 500));
        assert_eq!(parts.iter().map(|(_, text)| text.matches("what it says").count()).sum::<usize>(), 18);
    }
}
