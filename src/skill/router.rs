//! A skill that only says which skill to open: for a library of skills, or the parts of one that is large.
//!
//! It is made of what the skills say of themselves. The other skills are named by their path in code and not by links:
//! a link of a skill stays within its folder, and where the skills are installed one by one, their names suffice.

use std::collections::BTreeMap;

use crate::skill::Skill;
use crate::skill::frontmatter::{Frontmatter, write};
use crate::skill::limits::MAX_TOKENS;
use crate::skill::skill_md::budget::fits;
use crate::skill::skill_md::description::LONGEST;
use crate::skill::text::clean::strip_unseen;
use crate::skill::text::quote::{code_span, escape, first_sentences, shorten};
use crate::skill::text::slug::file_slug;
use crate::skill::text::tokens::tokens;

/// The longest name, term, path and heading that is shown, in characters.
const LONGEST_WORD: usize = 80;
/// How much is said of each skill: characters of its description and number of terms; tried in this order until the
/// whole fits.
const DETAIL: [(usize, usize); 6] = [(LONGEST, 12), (400, 12), (240, 8), (120, 6), (0, 4), (0, 0)];
/// What the lists in `references/` say of each skill.
const FULL: (usize, usize) = (LONGEST, 12);
/// The most lists that SKILL.md names when it cannot name all.
const MOST_LISTS: usize = 40;
/// Where all lists are named then.
const INDEX: &str = "references/index.md";

/// A skill to choose from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RouterEntry {
    /// Its name.
    pub name: String,
    /// The path of its folder as seen from the folder of the router, with `/`, as `../3-fine-tuning/axolotl`.
    pub folder: String,
    /// What it is and when to use it.
    pub description: String,
    /// The heading it is listed under; empty for none.
    pub category: String,
    /// The words of a task that call for it, the most telling first.
    pub key_terms: Vec<String>,
}

/// Makes the router. Entries and categories keep the order that they come in. `name` is the skill's name and `title` its
/// heading; the same values give the same bytes.
///
/// Where the entries do not fit into one SKILL.md even by their names, each category has its list in `references/`.
pub fn router(name: &str, title: &str, entries: &[RouterEntry]) -> Skill {
    let categories = by_category(entries);
    let heading = clean(title, LONGEST_WORD);
    let head = Frontmatter {
        name: name.to_owned(),
        description: description(&heading, &categories),
        ..Frontmatter::default()
    };
    let head = format!("{}\n# {}\n", write(&head), escape(&heading));
    let whole = DETAIL.iter().map(|detail| format!("{head}\n{}", sections(&categories, *detail)));
    let mut files = BTreeMap::new();
    let skill_md = whole.into_iter().find(|text| fits(text)).unwrap_or_else(|| {
        let lists =
            if categories.len() > MOST_LISTS { lists(&as_one(categories)) } else { lists(&categories) };
        let text = short_of_lists(&head, &lists, &mut files);
        files.extend(lists.into_iter().map(|list| (format!("references/{}", list.file), list.text)));
        text
    });
    files.insert("SKILL.md".to_owned(), skill_md);
    Skill {
        name: name.to_owned(),
        title: title.to_owned(),
        files,
        references: Vec::new(),
        outline: Vec::new(),
        folded: Vec::new(),
        places: BTreeMap::new(),
    }
}

/// SKILL.md with a line for each list; where those are too many, with as many as fit and an index of all.
fn short_of_lists(head: &str, lists: &[List], files: &mut BTreeMap<String, String>) -> String {
    let whole = format!("{head}\n{}", list_of_lists(lists, "references/"));
    if fits(&whole) {
        return whole;
    }
    files.insert(INDEX.to_owned(), format!("# Index\n\n{}", list_of_lists(lists, "")));
    let first = list_of_lists(lists.get(..MOST_LISTS).unwrap_or(lists), "references/");
    format!("{head}\nAll lists: [{INDEX}]({INDEX})\n\n{first}")
}

/// A category and its skills.
struct Category<'a> {
    title: String,
    entries: Vec<Shown<'a>>,
}

/// A skill with its terms, those that few others share first.
struct Shown<'a> {
    entry: &'a RouterEntry,
    terms: Vec<String>,
}

fn by_category(entries: &[RouterEntry]) -> Vec<Category<'_>> {
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    for term in entries.iter().flat_map(|entry| &entry.key_terms) {
        *uses.entry(term.to_lowercase()).or_default() += 1;
    }
    let mut categories: Vec<Category<'_>> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for entry in entries {
        let mut terms: Vec<String> = entry
            .key_terms
            .iter()
            .map(|term| clean(term, LONGEST_WORD))
            .filter(|term| !term.is_empty())
            .collect();
        terms.sort_by_key(|term| uses.get(&term.to_lowercase()).copied());
        terms.dedup();
        let title = clean(&entry.category, LONGEST_WORD);
        let place = *places.entry(title.clone()).or_insert_with(|| {
            categories.push(Category { title, entries: Vec::new() });
            categories.len() - 1
        });
        if let Some(category) = categories.get_mut(place) {
            category.entries.push(Shown { entry, terms });
        }
    }
    categories
}

/// The skills by category and, as far as there is room, the words that call for them.
fn description(title: &str, categories: &[Category<'_>]) -> String {
    let count: usize = categories.iter().map(|category| category.entries.len()).sum();
    let list = |category: &Category<'_>| {
        let names: Vec<&str> = category.entries.iter().map(|shown| shown.entry.name.as_str()).collect();
        let names = names.join(", ");
        if category.title.is_empty() { names } else { format!("{}: {names}", category.title) }
    };
    let lists: Vec<String> = categories.iter().map(list).collect();
    let what = format!("Says which of {count} skills on {title} to open ({}).", lists.join("; "));
    let all = || categories.iter().flat_map(|category| &category.entries);
    // A term of each skill before the second of any.
    let deepest = all().map(|shown| shown.terms.len()).max().unwrap_or_default();
    let mut terms: Vec<&str> = Vec::new();
    for turn in 0..deepest {
        let of_turn = all().filter_map(|shown| shown.terms.get(turn));
        for term in of_turn {
            if !terms.iter().any(|known| known.eq_ignore_ascii_case(term)) {
                terms.push(term);
            }
        }
    }
    let when = |terms: &[&str]| format!("{what} Use when a task mentions {}.", terms.join(", "));
    let most = (1..=terms.len().min(60)).rev().find_map(|most| {
        let text = when(terms.get(..most)?);
        (text.chars().count() <= LONGEST).then_some(text)
    });
    let text = most.unwrap_or(what);
    let text: String = text.chars().filter(|character| !matches!(character, '<' | '>')).collect();
    shorten(&text, LONGEST)
}

fn sections(categories: &[Category<'_>], detail: (usize, usize)) -> String {
    let section = |category: &Category<'_>| {
        let lines: Vec<String> = category.entries.iter().map(|shown| line(shown, detail)).collect();
        let heading = if category.title.is_empty() {
            String::new()
        } else {
            format!("## {}\n\n", escape(&category.title))
        };
        format!("{heading}{}\n", lines.join("\n"))
    };
    categories.iter().map(section).collect::<Vec<_>>().join("\n")
}

fn line(shown: &Shown<'_>, (longest, most): (usize, usize)) -> String {
    let entry = shown.entry;
    let path = clean(&format!("{}/SKILL.md", entry.folder.trim_end_matches('/')), 3 * LONGEST_WORD);
    let said = if longest == 0 {
        String::new()
    } else {
        let text = escape(&first_sentences(&clean(&entry.description, LONGEST), longest));
        if text.is_empty() { text } else { format!(": {text}") }
    };
    let terms: Vec<String> = shown.terms.iter().take(most).map(|term| escape(term)).collect();
    let terms = if terms.is_empty() { String::new() } else { format!(" Terms: {}", terms.join(", ")) };
    format!("- **{}** ({}){said}{terms}", escape(&clean(&entry.name, LONGEST_WORD)), code_span(&path))
}

/// So many categories that even their lists are too many: the skills in one row.
fn as_one(categories: Vec<Category<'_>>) -> Vec<Category<'_>> {
    let entries = categories.into_iter().flat_map(|category| category.entries).collect();
    vec![Category { title: String::new(), entries }]
}

/// A file that lists the skills of a category, or some of them.
struct List {
    title: String,
    file: String,
    text: String,
    skills: usize,
}

fn lists(categories: &[Category<'_>]) -> Vec<List> {
    let mut lists: Vec<List> = Vec::new();
    for (number, category) in categories.iter().enumerate() {
        let heading = if category.title.is_empty() { "Skills" } else { category.title.as_str() };
        let start = format!("# {}\n\n", escape(heading));
        let mut open =
            List { title: heading.to_owned(), file: String::new(), text: start.clone(), skills: 0 };
        let mut size = tokens(&start);
        let mut closed = Vec::new();
        for shown in &category.entries {
            let line = line(shown, FULL) + "\n";
            let length = tokens(&line);
            if open.skills > 0 && size + length > MAX_TOKENS {
                let next =
                    List { title: heading.to_owned(), file: String::new(), text: start.clone(), skills: 0 };
                closed.push(std::mem::replace(&mut open, next));
                size = tokens(&start);
            }
            open.text.push_str(&line);
            open.skills += 1;
            size += length;
        }
        closed.push(open);
        let slug = file_slug(heading);
        let slug = if slug.is_empty() || slug == "index" { "skills".to_owned() } else { slug };
        let taken = lists.iter().any(|list| list.file == format!("{slug}.md"));
        let slug = if taken { format!("{slug}-{}", number + 1) } else { slug };
        for (part, mut list) in closed.into_iter().enumerate() {
            let part = if part == 0 { String::new() } else { format!("-part-{}", part + 1) };
            list.file = format!("{slug}{part}.md");
            lists.push(list);
        }
    }
    lists
}

/// One line for each list.
fn list_of_lists(lists: &[List], folder: &str) -> String {
    let line = |list: &List| {
        let noun = if list.skills == 1 { "skill" } else { "skills" };
        format!(
            "- **{}** ({} {noun}): [{folder}{2}]({folder}{2})\n",
            escape(&list.title),
            list.skills,
            list.file
        )
    };
    lists.iter().map(line).collect()
}

/// Text on one line without what nobody sees, shortened.
fn clean(text: &str, longest: usize) -> String {
    let (text, _) = strip_unseen(text);
    shorten(&text.split_whitespace().collect::<Vec<_>>().join(" "), longest)
}
