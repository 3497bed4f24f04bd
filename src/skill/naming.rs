//! Titles and file names of categories, from the names of the groups and pages in them.

use std::collections::BTreeSet;

use crate::skill::categorize::{Category, PagePart};
use crate::skill::reference::Reference;
use crate::skill::slug::file_slug;

/// What the pages at the root of the site are called together.
pub const ROOT: &str = "Overview";
/// What many loose pages are called when the start page is not among them.
pub const REST: &str = "Further topics";
/// The most names that a title lists; beyond, it names the first and the last.
pub const MOST_NAMES: usize = 3;
/// The longest list of names in a title, in bytes.
const LONGEST_LIST: usize = 48;

/// A category before it has its name.
#[derive(Clone, Debug)]
pub struct Piece {
    /// The top-level group; empty for pages at the root.
    pub group: String,
    /// What is in it, by the names of its groups or pages; empty when it is all of its group or its beginning.
    pub labels: Vec<String>,
    /// The pages in order.
    pub pages: Vec<PagePart>,
    /// Its size in bytes of Markdown.
    pub bytes: usize,
    /// Whether it is a part of a page that was over the cap.
    pub torn: bool,
}

/// Gives every piece a title and a file name of its own.
pub fn name(pieces: Vec<Piece>, references: &[Reference]) -> Vec<Category> {
    let mut slugs = BTreeSet::from(["index".to_owned()]);
    let mut categories = Vec::new();
    for piece in pieces {
        let mut title = title_of(&piece);
        if slugs.contains(&file_slug(&title)) {
            let first = piece.pages.first().and_then(|part| references.get(part.reference));
            title = format!("{title}: {}", first.map_or("", |reference| reference.title.as_str()));
        }
        let base =
            Some(file_slug(&title)).filter(|slug| !slug.is_empty()).unwrap_or_else(|| "reference".to_owned());
        // A long group can leave no room for what tells its pieces apart.
        let inner = file_slug(&piece.labels.join(" "));
        let base = if slugs.contains(&base) && !inner.is_empty() { inner } else { base };
        let mut slug = base.clone();
        let mut number = 2;
        while !slugs.insert(slug.clone()) {
            slug = format!("{base}-{number}");
            number += 1;
        }
        categories.push(Category { group: piece.group, title, slug, pages: piece.pages });
    }
    categories
}

fn title_of(piece: &Piece) -> String {
    // Within its group, a label that says the group's name again says nothing.
    let others = piece.labels.iter().filter(|label| !label.eq_ignore_ascii_case(&piece.group));
    let names: Vec<String> = others.cloned().collect();
    let labels = match names.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [page, heading] if piece.torn => format!("{page}: {heading}"),
        [first, .., last] if names.len() > MOST_NAMES => format!("{first} to {last}"),
        [first, middle @ .., last] => {
            let listed = [std::slice::from_ref(first), middle].concat().join(", ");
            let long = !middle.is_empty() && listed.len() + last.len() > LONGEST_LIST;
            if long { format!("{first} to {last}") } else { format!("{listed} and {last}") }
        }
    };
    match (piece.group.is_empty(), labels.is_empty()) {
        (true, true) => ROOT.to_owned(),
        (true, false) => labels,
        (false, true) => piece.group.clone(),
        (false, false) => format!("{}: {labels}", piece.group),
    }
}
