//! How much a page matters to its site: by how many other pages lead to it.

use std::collections::{BTreeMap, BTreeSet};

use crate::skill::pages::reference::Reference;
use crate::skill::text::outline::links;
use crate::url::{CanonicalUrl, PageKey};

/// For every page, in the order of `references`, how many other pages link to it.
pub fn inlinks(references: &[Reference]) -> Vec<usize> {
    let places: BTreeMap<PageKey, usize> =
        references.iter().enumerate().map(|(index, page)| (page.url.key(), index)).collect();
    let mut counts = vec![0; references.len()];
    for (from, page) in references.iter().enumerate() {
        let targets = links(&page.markdown).into_iter().filter_map(|(_, url)| {
            let url = CanonicalUrl::parse(&url).ok()?;
            places.get(&url.key()).copied()
        });
        for to in targets.filter(|to| *to != from).collect::<BTreeSet<_>>() {
            if let Some(count) = counts.get_mut(to) {
                *count += 1;
            }
        }
    }
    counts
}
