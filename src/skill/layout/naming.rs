//! Titles and file names of categories, from the names of the groups and pages in them.

use std::collections::{BTreeMap, BTreeSet};

use crate::skill::layout::categorize::{Category, PagePart};
use crate::skill::pages::label;
use crate::skill::pages::place::Place;
use crate::skill::pages::reference::Reference;
use crate::skill::text::slug::file_slug;

/// What the pages at the root of the site are called together.
pub const ROOT: &str = "Overview";
/// What many loose pages are called when the start page is not among them.
pub const REST: &str = "Further topics";
/// The most names that a title lists; beyond, it names the first and the last.
pub const MOST_NAMES: usize = 3;
/// The longest list of names in a title, in bytes.
const LONGEST_LIST: usize = 48;
/// A file name that is longer leaves out the groups around what it names, in bytes.
const GOOD_LENGTH: usize = 44;
/// So many pages of one name in the navigation are called by their titles.
const MANY: usize = 3;
/// A page whose title is longer is called by its address in the name of a file, in bytes.
const LONG_TITLE: usize = 36;

/// A category before it has its name.
#[derive(Clone, Debug)]
pub struct Piece {
    /// The top-level group; empty for pages at the root.
    pub group: String,
    /// The deepest group that holds all of it, where that is not the top-level one.
    pub within: Option<String>,
    /// What is in it, by the names of its groups or pages; empty when it is all of its group or its beginning.
    pub labels: Vec<String>,
    /// The same as they go into a file's name.
    pub slugs: Vec<String>,
    /// The pages in order.
    pub pages: Vec<PagePart>,
    /// Whether it is a part of a page that is too large for one file.
    pub torn: bool,
}

/// What pages are called in titles and file names.
#[derive(Debug)]
pub struct Titles {
    labels: Vec<String>,
    slugs: Vec<String>,
    lengths: Vec<usize>,
}

impl Titles {
    /// The names of all pages.
    pub fn new(references: &[Reference], places: &[Place]) -> Self {
        let mut labels: Vec<String> = references.iter().zip(places).map(page_label).collect();
        // What the navigation calls many pages tells none of them: `Top of chapter`.
        let known = count(labels.iter().cloned());
        for (label, reference) in labels.iter_mut().zip(references) {
            if known.get(label).is_some_and(|count| *count >= MANY) {
                label.clone_from(&reference.title);
            }
        }
        let heads = count(labels.iter().map(|label| head(label)));
        let addresses: Vec<String> =
            references.iter().map(|reference| label::of_url(&reference.url)).collect();
        let known = count(addresses.iter().map(|address| file_slug(address)));
        let slug = |(label, address): (&String, &String)| {
            let short = head(label);
            let short = if heads.get(&short) == Some(&1) { short } else { label.clone() };
            let own = file_slug(address);
            let telling = own.len() > 3 && own.len() < LONG_TITLE && known.get(&own) == Some(&1);
            let long = file_slug(&short).len() > LONG_TITLE || is_foreign(&short);
            if long && telling { address.clone() } else { short }
        };
        let slugs = labels.iter().zip(&addresses).map(slug).collect();
        let lengths = references.iter().map(|reference| reference.markdown.len()).collect();
        Self { labels, slugs, lengths }
    }

    /// What a page is called in a title.
    pub fn label(&self, page: usize) -> String {
        self.labels.get(page).cloned().unwrap_or_default()
    }

    /// What a page is called in the name of a file.
    pub fn slug(&self, page: usize) -> String {
        self.slugs.get(page).cloned().unwrap_or_default()
    }

    /// How many bytes of Markdown a page has.
    pub fn length(&self, page: usize) -> usize {
        self.lengths.get(page).copied().unwrap_or_default()
    }
}

/// The shorter of a page's title and its name in the navigation.
fn page_label((reference, place): (&Reference, &Place)) -> String {
    let title = reference.title.clone();
    let label = place.label.clone();
    label.filter(|label| label.chars().count() < title.chars().count()).unwrap_or(title)
}

/// Whether a title is written in other letters than those of file names, which would only sound it out.
fn is_foreign(title: &str) -> bool {
    let letters = title.chars().filter(|character| character.is_alphabetic());
    let latin = letters.clone().filter(char::is_ascii_alphabetic).count();
    letters.count() > latin * 2
}

/// What stands before the dash of a title that explains itself: `argparse — Parser for command-line options`.
fn head(title: &str) -> String {
    let head =
        [" — ", " – ", " - "].iter().find_map(|dash| title.split_once(dash)).map(|(head, _)| head.trim());
    let telling = |head: &&str| head.chars().filter(|character| character.is_alphabetic()).count() > 1;
    head.filter(telling).unwrap_or(title).to_owned()
}

fn count(names: impl Iterator<Item = String>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for name in names {
        *counts.entry(name).or_default() += 1;
    }
    counts
}

/// Gives every piece a title and a file name of its own.
pub fn name(pieces: Vec<Piece>, titles: &Titles) -> Vec<Category> {
    let mut slugs = BTreeSet::from(["index".to_owned()]);
    let mut taken = BTreeSet::new();
    let mut categories = Vec::new();
    for piece in pieces {
        let mut title = title_of(&piece);
        if taken.contains(&title.to_lowercase()) {
            let part = piece.pages.first();
            let page = part.map(|part| titles.label(part.reference)).unwrap_or_default();
            let other = part.and_then(|part| part.from.clone()).unwrap_or(page);
            title = if title.ends_with(&other) { title } else { format!("{title}: {other}") };
        }
        let base = title.clone();
        let mut number = 2;
        while !taken.insert(title.to_lowercase()) {
            title = format!("{base} (part {number})");
            number += 1;
        }
        let slug = slug_of(&piece, &title, &slugs);
        slugs.insert(slug.clone());
        categories.push(Category { group: piece.group, title, slug, pages: piece.pages });
    }
    categories
}

/// The shortest of the names that tell what is in the file; none is given twice.
fn slug_of(piece: &Piece, title: &str, taken: &BTreeSet<String>) -> String {
    let inner = joined(&own(piece, &piece.slugs), piece.torn);
    let within = piece.within.clone().unwrap_or_default();
    let full = file_slug(&once(&[&piece.group, &within, &inner]));
    let middle = file_slug(&once(&[&within, &inner]));
    let bare = file_slug(if inner.is_empty() { &piece.group } else { &inner });
    let fitting = |slug: &&String| !slug.is_empty() && slug.len() <= GOOD_LENGTH;
    let candidates = [full, middle, bare, file_slug(title)];
    let free = |slug: &&String| !slug.is_empty() && !taken.contains(*slug);
    let good = candidates.iter().filter(fitting).find(free);
    // Where none is short, the one without its groups is the most telling, and it is cut between words.
    let long = || candidates.iter().skip(2).find(free);
    if let Some(slug) = good.or_else(long) {
        return slug.clone();
    }
    let base = candidates.iter().skip(2).find(|slug| !slug.is_empty());
    let base = base.filter(|slug| *slug != "index").map_or("reference", String::as_str);
    let numbered = (2..).map(|number| format!("{base}-{number}"));
    numbered.into_iter().find(|slug| !taken.contains(slug)).unwrap_or_default()
}

/// Names one after the other, without those that the next begins with.
fn once(names: &[&str]) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for name in names.iter().filter(|name| !name.is_empty()) {
        let slug = file_slug(name);
        kept.retain(|before| !format!("{slug}-").starts_with(&format!("{}-", file_slug(before))));
        kept.push(name);
    }
    kept.join(" ")
}

/// Within its group, a label that says the group's name again says nothing.
fn own(piece: &Piece, labels: &[String]) -> Vec<String> {
    let said = |label: &String| {
        let around = piece.within.as_ref().unwrap_or(&piece.group);
        label.eq_ignore_ascii_case(around)
    };
    labels.iter().filter(|label| !said(label)).cloned().collect()
}

fn joined(names: &[String], torn: bool) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [page, heading] if torn => format!("{page}: {heading}"),
        [first, .., last] if names.len() > MOST_NAMES => format!("{first} to {last}"),
        [first, middle @ .., last] => {
            let listed = [std::slice::from_ref(first), middle].concat().join(", ");
            let long = !middle.is_empty() && listed.len() + last.len() > LONGEST_LIST;
            if long { format!("{first} to {last}") } else { format!("{listed} and {last}") }
        }
    }
}

fn title_of(piece: &Piece) -> String {
    let labels = joined(&own(piece, &piece.labels), piece.torn);
    let parts = [piece.group.clone(), piece.within.clone().unwrap_or_default(), labels];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { ROOT.to_owned() } else { parts.join(": ") }
}
