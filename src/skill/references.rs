//! The reference files: every page of a category under its own heading, links between pages turned inwards.
//!
//! A file opens with a heading of the first level, what it covers and a table of contents. Every page stands below
//! a heading of the second level with its source, its own headings begin at the third. Nothing else is at the second
//! level, so a reader (or a program) finds pages by it.

use std::collections::{BTreeMap, HashMap};

use crate::skill::categorize::{Category, PagePart};
use crate::skill::outline::{headings, open_fence, prefix_footnotes, rewrite_links, shift_headings};
use crate::skill::place::Place;
use crate::skill::quote::escape;
use crate::skill::reference::Reference;
use crate::skill::slug::{Anchors, file_slug};
use crate::url::{CanonicalUrl, PageKey};

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
}

/// Writes the reference files of all categories.
pub fn reference_files(
    skill_title: &str,
    categories: &[Category],
    references: &[Reference],
    places: &[Place],
) -> Vec<ReferenceFile> {
    let titles = Titles::of(references, places);
    let drafts: Vec<Draft> =
        categories.iter().map(|category| draft(skill_title, category, references, &titles)).collect();
    let targets = targets(&drafts, references);
    drafts.iter().map(|draft| finish(skill_title, draft, references, &targets)).collect()
}

/// Titles that tell pages apart: where several pages share one, the group they stand in is added.
struct Titles(Vec<String>);

impl Titles {
    fn of(references: &[Reference], places: &[Place]) -> Self {
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
        Self(references.iter().zip(places).map(title).collect())
    }

    fn get(&self, part: &PagePart) -> String {
        let title = self.0.get(part.reference).cloned().unwrap_or_default();
        part.from.as_ref().map_or(title.clone(), |heading| format!("{title}: {heading}"))
    }
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
}

fn draft(skill_title: &str, category: &Category, references: &[Reference], titles: &Titles) -> Draft {
    let heading = format!("{skill_title}: {}", category.title);
    let mut anchors = Anchors::default();
    anchors.next(&heading);
    let mut pages = Vec::new();
    for part in &category.pages {
        let Some(reference) = references.get(part.reference) else { continue };
        let title = titles.get(part);
        let text = page_text(reference, part, &title);
        let mut own = Anchors::default();
        let mut inner = headings(&text).into_iter();
        let anchor = anchors.next(&inner.next().map_or(title.clone(), |heading| heading.text));
        let mut ids = reference.heading_ids.iter();
        let mut known = BTreeMap::new();
        for heading in inner {
            let anchor = anchors.next(&heading.text);
            // The page's own anchor is what its links use; the name that GitHub would give is the next best.
            let mut rest = ids.clone();
            if let Some((_, id)) = rest.find(|(text, _)| *text == heading.text) {
                ids = rest;
                known.insert(id.to_lowercase(), anchor.clone());
            }
            known.entry(own.next(&heading.text)).or_insert(anchor);
        }
        let entry = PageEntry { reference: part.reference, title, anchor, continued: part.from.is_some() };
        pages.push(DraftPage { entry, text, anchors: known });
    }
    Draft {
        heading,
        group: category.group.clone(),
        title: category.title.clone(),
        name: format!("{}.md", category.slug),
        pages,
    }
}

fn page_text(reference: &Reference, part: &PagePart, title: &str) -> String {
    let markdown = reference.markdown.get(part.range.clone()).unwrap_or_default().trim();
    let body = shift_headings(markdown, 3);
    let body = prefix_footnotes(&body, &file_slug(&reference.title));
    // A fence left open would swallow the pages after it.
    let end = open_fence(&body).map_or_else(String::new, |(_, fence)| format!("\n{fence}"));
    format!("## {}\n\nSource: <{}>\n\n{}{end}\n", escape(title), reference.url, body.trim_end())
}

/// Where the pages of the skill are, for links between them.
struct Target {
    file: String,
    anchor: String,
    /// The file and anchor of each heading of the page.
    headings: BTreeMap<String, (String, String)>,
}

fn targets(drafts: &[Draft], references: &[Reference]) -> HashMap<PageKey, Target> {
    let mut targets: HashMap<PageKey, Target> = HashMap::new();
    for draft in drafts {
        for page in &draft.pages {
            let Some(reference) = references.get(page.entry.reference) else { continue };
            let target = targets.entry(reference.url.key()).or_insert_with(|| Target {
                file: draft.name.clone(),
                anchor: page.entry.anchor.clone(),
                headings: BTreeMap::new(),
            });
            for (own, anchor) in &page.anchors {
                target.headings.entry(own.clone()).or_insert_with(|| (draft.name.clone(), anchor.clone()));
            }
        }
    }
    targets
}

fn finish(
    skill_title: &str,
    draft: &Draft,
    references: &[Reference],
    targets: &HashMap<PageKey, Target>,
) -> ReferenceFile {
    let local = |url: &str| local_target(url, &draft.name, targets);
    let mut text = format!(
        "# {}

{}",
        escape(&draft.heading),
        contents(skill_title, draft, references)
    );
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

/// The sentence on what the file covers and the list of its pages.
fn contents(skill_title: &str, draft: &Draft, references: &[Reference]) -> String {
    let count = draft.pages.len();
    let pages = if count == 1 { "1 page".to_owned() } else { format!("{count} pages") };
    let mut text = format!("{pages} of the {} documentation:\n\n", escape(skill_title));
    for page in &draft.pages {
        let entry = &page.entry;
        let summary =
            references.get(entry.reference).filter(|_| !entry.continued).and_then(Reference::summary);
        let summary = summary.map_or_else(String::new, |summary| format!(": {summary}"));
        text.push_str(&format!("- [{}](#{}){summary}\n", escape(&entry.title), entry.anchor));
    }
    text
}

/// The place in the skill that a URL leads to, as seen from a reference file; `None` when it leads out.
fn local_target(url: &str, from: &str, targets: &HashMap<PageKey, Target>) -> Option<String> {
    let canonical = CanonicalUrl::parse(url).ok()?;
    let target = targets.get(&canonical.key())?;
    let fragment = url.split_once('#').map(|(_, fragment)| fragment);
    let own = |fragment: &str| target.headings.get(&fragment.to_lowercase()).cloned();
    let (file, anchor) = fragment
        .filter(|fragment| !fragment.starts_with('/'))
        .and_then(own)
        .unwrap_or_else(|| (target.file.clone(), target.anchor.clone()));
    Some(if file == from { format!("#{anchor}") } else { format!("{file}#{anchor}") })
}
