//! The reference files: every page of a category under its own heading, links between pages turned inwards.
//!
//! A file opens with a heading of the first level, what it covers and a table of contents. Every page stands below
//! a heading of the second level with its source, its own headings begin at the third. Nothing else is at the second
//! level, so a reader (or a program) finds pages by it.

use std::collections::{BTreeMap, BTreeSet};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use crate::skill::layout::aliases::Aliases;
use crate::skill::layout::categorize::{Category, PagePart};
use crate::skill::layout::contents::contents;
use crate::skill::layout::targets::{Spot, Targets};
use crate::skill::pages::place::Place;
use crate::skill::pages::reference::Reference;
use crate::skill::text::outline::{
    Heading, headings, open_fence, prefix_footnotes, rewrite_links, shift_headings,
};
use crate::skill::text::quote::{escape, shorten};
use crate::skill::text::slug::{Anchors, file_slug};

/// The longest heading of a page, in characters; only a page that is broken has a longer one.
const LONGEST_TITLE: usize = 200;

/// A file of `references/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferenceFile {
    /// The top-level group that it belongs to.
    pub group: String,
    /// Its title.
    pub title: String,
    /// Its name within `references/`, as `getting-started.md`.
    pub name: String,
    /// Its Markdown.
    pub text: String,
    /// The pages in it, in order.
    pub pages: Vec<PageEntry>,
}

impl ReferenceFile {
    /// The group, or for a file that stands alone its title.
    pub fn group_name(&self) -> &str {
        if self.group.is_empty() { &self.title } else { &self.group }
    }
}

/// A page, or a part of one, within a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageEntry {
    /// The index of the reference.
    pub reference: usize,
    /// The heading it stands under.
    pub title: String,
    /// The anchor of that heading.
    pub anchor: String,
    /// Whether it is a later part of a torn page.
    pub continued: bool,
    /// The headings within it, in order.
    pub sections: Vec<Section>,
}

/// A section of a page within a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its heading in plain text.
    pub title: String,
    /// Its anchor in the file.
    pub anchor: String,
    /// How deep it stands; 0 for the outermost.
    pub depth: u8,
}

/// Writes the reference files of all categories.
pub fn reference_files(
    skill_title: &str,
    categories: &[Category],
    references: &[Reference],
    places: &[Place],
    aliases: &Aliases,
) -> Vec<ReferenceFile> {
    let titles = Titles::of(categories, references, places);
    let drafts: Vec<Draft> =
        categories.par_iter().map(|category| draft(skill_title, category, references, &titles)).collect();
    let mut targets = Targets::new(aliases);
    for draft in &drafts {
        for page in &draft.pages {
            let Some(reference) = references.get(page.entry.reference) else { continue };
            let spot = Spot { file: draft.name.clone(), anchor: page.entry.anchor.clone() };
            targets.add(&reference.url, spot, &page.anchors, &page.names);
        }
    }
    targets.move_headings();
    drafts.par_iter().map(|draft| finish(skill_title, draft, references, &targets)).collect()
}

/// Titles that tell pages, and the parts of a page, apart: where several pages share one, the group they stand in is
/// added, and a later part has the heading that it begins with, or its number where that tells nothing.
struct Titles(BTreeMap<(usize, usize), String>);

impl Titles {
    fn of(categories: &[Category], references: &[Reference], places: &[Place]) -> Self {
        let pages = page_titles(references, places);
        let mut parts: BTreeMap<usize, usize> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        let mut titles = BTreeMap::new();
        for part in categories.iter().flat_map(|category| &category.pages) {
            let page =
                pages.get(part.reference).map_or_else(String::new, |title| shorten(title, LONGEST_TITLE));
            let number = parts.entry(part.reference).or_default();
            *number += 1;
            let mut title = match part.from.as_deref() {
                Some(heading) if !heading.is_empty() => {
                    format!("{page}: {}", shorten(heading, LONGEST_TITLE))
                }
                _ => page,
            };
            if *number > 1 && seen.contains(&(part.reference, title.clone())) {
                title = format!("{title} (part {number})");
            }
            seen.insert((part.reference, title.clone()));
            titles.insert((part.reference, part.range.start), title);
        }
        Self(titles)
    }

    fn get(&self, part: &PagePart) -> String {
        self.0.get(&(part.reference, part.range.start)).cloned().unwrap_or_default()
    }
}

fn page_titles(references: &[Reference], places: &[Place]) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for reference in references {
        *counts.entry(&reference.title).or_default() += 1;
    }
    let title = |(reference, place): (&Reference, &Place)| {
        let shared = counts.get(reference.title.as_str()).is_some_and(|count| *count > 1);
        match place.trail.iter().rev().find(|group| **group != reference.title) {
            Some(group) if shared => format!("{} ({group})", reference.title),
            _ => reference.title.clone(),
        }
    };
    references.iter().zip(places).map(title).collect()
}

/// A file whose pages have their anchors but whose links still lead to the web.
struct Draft {
    heading: String,
    group: String,
    title: String,
    name: String,
    pages: Vec<DraftPage>,
}

struct DraftPage {
    entry: PageEntry,
    /// The page from its heading on.
    text: String,
    /// For each anchor that the page has on its own, the one that it has in the file.
    anchors: BTreeMap<String, String>,
    /// For the last part of each name that a signature gives, the anchor of the heading it stands under.
    names: BTreeMap<String, String>,
}

fn draft(skill_title: &str, category: &Category, references: &[Reference], titles: &Titles) -> Draft {
    let heading = format!("{skill_title}: {}", shorten(&category.title, LONGEST_TITLE));
    let mut anchors = Anchors::default();
    anchors.next(&heading);
    let mut pages = Vec::new();
    for part in &category.pages {
        let Some(reference) = references.get(part.reference) else { continue };
        pages.push(draft_page(reference, part, titles.get(part), &mut anchors));
    }
    Draft {
        heading,
        group: category.group.clone(),
        title: category.title.clone(),
        name: format!("{}.md", category.slug),
        pages,
    }
}

fn draft_page(reference: &Reference, part: &PagePart, title: String, anchors: &mut Anchors) -> DraftPage {
    let text = page_text(reference, part, &title);
    let mut own = Anchors::default();
    let mut inner = headings(&text).into_iter();
    let anchor = anchors.next(&inner.next().map_or(title.clone(), |heading| heading.text));
    let mut ids = reference.heading_ids.iter();
    let mut known = BTreeMap::new();
    let mut sections = Vec::new();
    let mut spots: Vec<(usize, String)> = vec![(0, anchor.clone())];
    for Heading { text: title, level, range, outermost } in inner {
        let anchor = anchors.next(&title);
        // The page's own anchor is what its links use; the name that GitHub would give is the next best.
        let mut rest = ids.clone();
        if let Some((_, id)) = rest.find(|(text, _)| *text == title) {
            ids = rest;
            known.insert(id.to_lowercase(), anchor.clone());
        }
        known.entry(own.next(&title)).or_insert(anchor.clone());
        spots.push((range.start, anchor.clone()));
        if outermost {
            sections.push(Section { title, anchor, depth: level.saturating_sub(3) });
        }
    }
    let names = names(&text, &spots);
    let entry =
        PageEntry { reference: part.reference, title, anchor, continued: part.from.is_some(), sections };
    DraftPage { entry, text, anchors: known, names }
}

/// The names that the signatures of a text give, with the heading above each.
fn names(text: &str, spots: &[(usize, String)]) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if let Some(signature) = line.trim_start().strip_prefix("- `") {
            let code = signature.split(['`', '(', '=', ':']).next().unwrap_or_default();
            let name = code.split_whitespace().next_back().and_then(|word| word.rsplit('.').next());
            let above = spots.iter().rev().find(|(start, _)| *start <= at);
            if let (Some(name), Some((_, anchor))) = (name.filter(|name| !name.is_empty()), above) {
                names.entry(name.to_lowercase()).or_insert_with(|| anchor.clone());
            }
        }
        at += line.len();
    }
    names
}

fn page_text(reference: &Reference, part: &PagePart, title: &str) -> String {
    let markdown = reference.markdown.get(part.range.clone()).unwrap_or_default().trim();
    let body = shift_headings(markdown, 3);
    let body = prefix_footnotes(&body, &file_slug(&reference.title));
    // A fence left open would swallow the pages after it.
    let end = open_fence(&body).map_or_else(String::new, |(_, fence)| format!("\n{fence}"));
    format!("## {}\n\nSource: <{}>\n\n{}{end}\n", escape(title), reference.url, body.trim_end())
}

fn finish(
    skill_title: &str,
    draft: &Draft,
    references: &[Reference],
    targets: &Targets<'_>,
) -> ReferenceFile {
    let local = |url: &str| targets.link(url, &draft.name);
    let pages: Vec<(&PageEntry, usize)> =
        draft.pages.iter().map(|page| (&page.entry, page.text.len())).collect();
    let mut text = format!("# {}\n\n{}", escape(&draft.heading), contents(skill_title, &pages, references));
    for page in &draft.pages {
        text.push('\n');
        text.push_str(&rewrite_links(&page.text, &local));
    }
    ReferenceFile {
        group: draft.group.clone(),
        title: draft.title.clone(),
        name: draft.name.clone(),
        text,
        pages: draft.pages.iter().map(|page| page.entry.clone()).collect(),
    }
}
