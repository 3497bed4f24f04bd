//! The section of SKILL.md on the tasks that the guides cover, each with the file to read for it.
//!
//! A task is said in the words of the page's title or heading. Where that begins with a verb, the verb is put as one does
//! something; a title that names a subject stays as it is.

use std::collections::BTreeSet;

use crate::skill::layout::references::ReferenceFile;
use crate::skill::pages::reference::Reference;
use crate::skill::pages::symbols::{SymbolRole, looks_like_code};
use crate::skill::skill_md::Overview;
use crate::skill::skill_md::casing::Casing;
use crate::skill::skill_md::phrase::{LONGEST, is_verb, phrase};
use crate::skill::text::quote::{escape, shorten};

/// The most tasks of one page besides its own.
const MOST_OF_A_PAGE: usize = 2;
/// A page that declares so many names documents an interface and is no guide.
const MOST_SIGNATURES: usize = 4;
/// The level of a page's sections in its file.
const SECTION: u8 = 3;
/// Titles of pages that help nobody do anything.
const NO_TASKS: [&str; 44] = [
    "changelog",
    "change log",
    "release note",
    "what's new",
    "release history",
    "contribut",
    "code of conduct",
    "license",
    "licence",
    "glossary",
    "acknowledg",
    "team",
    "community",
    "search",
    "index",
    "home",
    "welcome",
    "overview",
    "introduction",
    "readme",
    "faq",
    "frequently asked",
    "table of contents",
    "sponsor",
    "security policy",
    "support",
    "citation",
    "cite",
    "papers",
    "next steps",
    "see also",
    "references",
    "bibliography",
    "getting help",
    "getting started",
    "get started",
    "no title",
    "<no title",
    "installation",
    "install guide",
    "quickstart",
    "quick start",
    "quicktour",
    "quick tour",
];

/// A page or section on a task.
struct Task<'a> {
    /// `To` and what is done, `For` and a subject, or a question or verb.
    text: String,
    /// In brackets the page that it is a section of, where the text does not say it.
    of: String,
    target: String,
    file: &'a ReferenceFile,
    /// The index of its page.
    reference: usize,
    rank: (u8, std::cmp::Reverse<usize>),
}

/// The tasks, a first of each group before the second of any, in reading order.
pub fn tasks(overview: &Overview<'_>, most: usize) -> Option<String> {
    let mut groups: Vec<(&str, Vec<Task<'_>>)> = Vec::new();
    for task in all(overview) {
        let name = task.file.group_name();
        match groups.iter_mut().find(|(group, _)| *group == name) {
            Some((_, tasks)) => tasks.push(task),
            None => groups.push((name, vec![task])),
        }
    }
    // The sort is stable: what matters as much keeps its order.
    groups.iter_mut().for_each(|(_, tasks)| tasks.sort_by_key(|task| task.rank));
    let deepest = groups.iter().map(|(_, tasks)| tasks.len()).max().unwrap_or_default();
    let turns = (0..deepest).flat_map(|turn| groups.iter().filter_map(move |(_, tasks)| tasks.get(turn)));
    let mut seen = BTreeSet::new();
    let chosen: Vec<&Task<'_>> =
        turns.filter(|task| seen.insert((task.text.to_lowercase(), task.of.as_str()))).take(most).collect();
    // What begins with `To` is a sentence in the making; a subject keeps the letters of its title.
    let done = |task: &&&Task<'_>| task.text.starts_with("To ");
    let phrases: Vec<String> = chosen.iter().filter(done).map(|task| task.text.clone()).collect();
    let pages: BTreeSet<usize> = chosen.iter().filter(done).map(|task| task.reference).collect();
    let pages = pages.into_iter().filter_map(|page| overview.references.get(page));
    let casing = Casing::count(&phrases, pages.map(|page| page.markdown.as_str()));
    let lines: Vec<String> = chosen.iter().map(|task| line(task, &casing)).collect();
    (!lines.is_empty()).then(|| format!("## Tasks\n\n{}\n", lines.join("\n")))
}

fn line(task: &Task<'_>, casing: &Casing) -> String {
    let text =
        if task.text.starts_with("To ") { casing.within_sentence(&task.text) } else { task.text.clone() };
    let read = if text.ends_with(['?', '？']) { " Read" } else { ", read" };
    format!("- {text}{read} [references/{}]({}){}", task.file.name, task.target, task.of)
}

fn all<'a>(overview: &Overview<'a>) -> Vec<Task<'a>> {
    let mut found = Vec::new();
    for (number, file) in overview.files.iter().enumerate() {
        for page in file.pages.iter().filter(|page| !page.continued) {
            let Some(reference) = overview.references.get(page.reference) else { continue };
            let signatures =
                reference.symbols.iter().filter(|symbol| symbol.role == SymbolRole::Signature).count();
            let links = overview.inlinks.get(page.reference).copied().unwrap_or_default();
            let target = |anchor: &str| overview.address(&file.name, anchor);
            let mut push = |text: String, of: String, anchor: &str, rank: u8| {
                found.push(Task {
                    text,
                    of,
                    target: target(anchor),
                    file,
                    reference: page.reference,
                    rank: (rank, std::cmp::Reverse(links)),
                });
            };
            if helps_nobody(&reference.title) || overview.start == Some(page.reference) {
                continue;
            }
            // The name of the tool is no verb where it begins a title.
            let own = overview.title.to_lowercase();
            let phrase = |title: &str| {
                let names = title.split_whitespace().next().is_some_and(|first| first.to_lowercase() == own);
                if names { None } else { phrase(title) }
            };
            let done = phrase(&subject(&reference.title));
            if let Some(done) = &done {
                push(format!("To {}", escape(done)), String::new(), &page.anchor, 0);
            }
            if signatures >= MOST_SIGNATURES {
                continue;
            }
            let own = overview.sections.get(&page.reference).into_iter().flatten();
            let own = own.filter(|section| section.file == number && section.level == SECTION);
            let phrases = own.filter(|section| !helps_nobody(&section.text));
            let phrases = phrases.filter_map(|section| Some((phrase(&section.text)?, &section.anchor)));
            let subject = subject(&reference.title);
            for (part, anchor) in phrases.filter(|(part, _)| done.as_ref() != Some(part)).take(MOST_OF_A_PAGE)
            {
                // `Preparing the data` stands on many pages, each for its own purpose.
                let said = part.to_lowercase().contains(&subject.to_lowercase());
                let of = if said { String::new() } else { format!(" ({})", escape(&subject)) };
                push(format!("To {}", escape(&part)), of, anchor, 1);
            }
            if done.is_none() && !names_itself(reference, &subject) && subject != overview.title {
                let asks = subject.ends_with(['?', '？']) || is_verb(&subject);
                let text = if asks { escape(&subject) } else { format!("For {}", escape(&subject)) };
                push(text, String::new(), &page.anchor, 2);
            }
        }
    }
    found
}

/// Whether a title is a name that the page documents; who asks for it looks the name up.
fn names_itself(page: &Reference, title: &str) -> bool {
    let last = |name: &str| name.rsplit(['.', ':']).next().is_some_and(|last| last == title);
    let declared = page.symbols.iter().filter(|symbol| symbol.role == SymbolRole::Signature);
    looks_like_code(title) || declared.into_iter().any(|symbol| last(&symbol.name))
}

/// A title without the address that some give behind it in brackets.
fn subject(title: &str) -> String {
    shorten(title.split(" (http").next().unwrap_or(title), LONGEST)
}

fn helps_nobody(title: &str) -> bool {
    let lower = title.to_lowercase();
    NO_TASKS.iter().any(|word| lower.starts_with(word))
        || (lower.ends_with("changelog") || lower.ends_with("release notes"))
}

#[cfg(test)]
mod tests {
    use super::helps_nobody;

    #[test]
    fn some_pages_help_nobody_do_anything() {
        assert!(
            helps_nobody("Changelog")
                && helps_nobody("Release notes 2.0")
                && helps_nobody("Plugin changelog")
        );
        assert!(!helps_nobody("Fine-tuning with LoRA"));
    }
}
