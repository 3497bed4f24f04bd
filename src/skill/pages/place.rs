//! Where each page stands: the groups above it and its number in reading order.
//!
//! The first of these that knows the page decides: the config's own keywords, the site's navigation, the page's
//! breadcrumbs, a page nearby in the URL tree that the navigation knows, the URL itself.

use std::collections::{BTreeMap, BTreeSet};

use crate::skill::pages::label;
use crate::skill::pages::navigation::Navigation;
use crate::skill::pages::reference::Reference;
use crate::skill::pages::symbols::looks_like_code;

/// Where a page stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The names of the groups above it, outermost first.
    pub trail: Vec<String>,
    /// Pages in reading order have growing positions.
    pub position: usize,
    /// What the navigation calls the page, where it knows it.
    pub label: Option<String>,
}

/// The place of every reference, in the order of `references`.
pub fn places(
    references: &[Reference],
    navigation: &Navigation,
    keywords: &[(String, Vec<String>)],
) -> Vec<Place> {
    let site = Site::of(references);
    let known: Vec<Option<Place>> = references
        .iter()
        .enumerate()
        .map(|(index, reference)| {
            from_navigation(index, reference, navigation, &site)
                .or_else(|| from_breadcrumbs(index, navigation, &site))
        })
        .collect();
    let mut places: Vec<Place> = known
        .iter()
        .enumerate()
        .map(|(index, place)| {
            place
                .clone()
                .or_else(|| from_neighbour(index, &known, &site))
                .unwrap_or_else(|| from_url(index, &site))
        })
        .collect();
    for (place, reference) in places.iter_mut().zip(references) {
        place.trail.retain(|name| !label::is_generic(name));
        if let Some((order, category)) = by_keywords(reference, keywords) {
            place.trail = vec![category];
            place.position = order * references.len() * 2;
        } else if !keywords.is_empty() {
            place.position = place.position.saturating_add(keywords.len() * references.len() * 2);
        }
    }
    places
}

/// What is known of the site as a whole.
struct Site {
    /// The path segments of every page without those that all share.
    segments: Vec<Vec<String>>,
    /// The breadcrumbs of every page without the site's own.
    breadcrumbs: Vec<Vec<String>>,
    /// Folders of the URL tree that hold other pages, with the title of the page that stands at their root.
    folders: BTreeMap<Vec<String>, Option<String>>,
}

impl Site {
    fn of(references: &[Reference]) -> Self {
        let mut segments: Vec<Vec<String>> =
            references.iter().map(|reference| label::segments(&reference.url)).collect();
        let shared = shared_prefix(&segments);
        segments.iter_mut().for_each(|path| drop(path.drain(..shared.min(path.len()))));
        let mut folders = BTreeMap::new();
        for path in &segments {
            for depth in 1..path.len() {
                folders.insert(path[..depth].to_vec(), None);
            }
        }
        for (path, reference) in segments.iter().zip(references) {
            if let Some(title) = folders.get_mut(path) {
                *title = label::of_heading(&reference.title);
            }
        }
        Self { segments, breadcrumbs: own_breadcrumbs(references), folders }
    }

    /// The folder of a page: its path without its own name, unless it is the root of a folder.
    fn folder(&self, index: usize) -> &[String] {
        let path = self.segments.get(index).map(Vec::as_slice).unwrap_or_default();
        if self.folders.contains_key(path) {
            path
        } else {
            path.split_last().map_or(&[], |(_, folder)| folder)
        }
    }
}

/// How many leading segments all pages share; the last segment of the longest path is a name, never shared.
fn shared_prefix(paths: &[Vec<String>]) -> usize {
    let Some(longest) = paths.iter().max_by_key(|path| path.len()) else { return 0 };
    let shared =
        |path: &Vec<String>| path.iter().zip(longest).take_while(|(left, right)| left == right).count();
    paths.iter().map(shared).min().unwrap_or(0).min(longest.len().saturating_sub(1))
}

/// Breadcrumbs without the entries that nearly every page begins with, such as the site's name.
fn own_breadcrumbs(references: &[Reference]) -> Vec<Vec<String>> {
    let groups = |reference: &Reference| -> Vec<String> {
        let crumbs = reference.breadcrumbs.iter().filter(|crumb| names_group(crumb, &reference.title));
        crumbs.cloned().collect()
    };
    let mut all: Vec<Vec<String>> = references.iter().map(groups).collect();
    loop {
        let with: Vec<&String> = all.iter().filter_map(|crumbs| crumbs.first()).collect();
        let Some(first) = with.first().map(|first| (*first).clone()) else { return all };
        let shared = with.iter().filter(|crumb| ***crumb == first).count();
        if with.len() < 3 || shared * 10 < with.len() * 9 {
            return all;
        }
        for crumbs in &mut all {
            if crumbs.first() == Some(&first) {
                crumbs.remove(0);
            }
        }
    }
}

/// Whether a breadcrumb names a group: the page itself, in full or cut short, and classes around a method do not.
fn names_group(crumb: &str, title: &str) -> bool {
    let start = crumb.trim_end_matches(['.', '…']);
    !title.starts_with(start) && !looks_like_code(crumb)
}

/// The place that the navigation gives. Where it lists a page outside of every group, as menus do that show one section
/// at their top level, the page's breadcrumbs or its address may name the group.
fn from_navigation(
    index: usize,
    reference: &Reference,
    navigation: &Navigation,
    site: &Site,
) -> Option<Place> {
    let entry = navigation.page(&reference.url)?;
    let trail = if entry.trail.is_empty() {
        from_breadcrumbs(index, navigation, site).unwrap_or_else(|| from_url(index, site)).trail
    } else {
        entry.trail.clone()
    };
    Some(Place { trail, position: entry.position, label: label::of_heading(&entry.title) })
}

fn from_breadcrumbs(index: usize, navigation: &Navigation, site: &Site) -> Option<Place> {
    let crumbs: Vec<String> =
        site.breadcrumbs.get(index)?.iter().filter_map(|crumb| label::of_heading(crumb)).collect();
    for (depth, crumb) in crumbs.iter().enumerate().rev() {
        if let Some(group) = navigation.group(crumb) {
            let below = crumbs.iter().skip(depth + 1).cloned();
            return Some(Place {
                trail: group.trail.iter().cloned().chain(below).collect(),
                position: group.position,
                label: None,
            });
        }
    }
    (!crumbs.is_empty()).then_some(Place { trail: crumbs, position: usize::MAX / 4, label: None })
}

/// The place that the known pages of the deepest folder shared with this one have in common; they need not agree on more
/// than their outer groups, and where they agree on nothing the folder says nothing.
fn from_neighbour(index: usize, known: &[Option<Place>], site: &Site) -> Option<Place> {
    let folder = site.folder(index);
    let shared = |other: usize| {
        let path = site.segments.get(other).map(Vec::as_slice).unwrap_or_default();
        folder.iter().zip(path).take_while(|(left, right)| left == right).count()
    };
    let near: Vec<(usize, &Place)> = known
        .iter()
        .enumerate()
        .filter_map(|(other, place)| Some((shared(other), place.as_ref()?)))
        .collect();
    let deepest = near.iter().map(|(depth, _)| *depth).max().filter(|depth| *depth > 0)?;
    let mut neighbours = near.iter().filter(|(depth, _)| *depth == deepest).map(|(_, place)| *place);
    let first = neighbours.next()?.clone();
    let common = neighbours.fold(first, |common, place| {
        let same = common.trail.iter().zip(&place.trail).take_while(|(left, right)| left == right).count();
        Place {
            trail: common.trail.iter().take(same).cloned().collect(),
            position: common.position.min(place.position),
            label: None,
        }
    });
    (!common.trail.is_empty()).then_some(Place { label: None, ..common })
}

fn from_url(index: usize, site: &Site) -> Place {
    let folder = site.folder(index);
    let trail = (1..=folder.len()).filter_map(|depth| {
        let path = folder.get(..depth)?;
        let title = site.folders.get(path).cloned().flatten();
        let named = label::of_segment(path.last()?)?;
        // The title of a folder's own page is how the site calls it, unless it is a whole sentence.
        Some(title.filter(|title| title.split_whitespace().count() <= 4).unwrap_or(named))
    });
    Place { trail: trail.collect(), position: usize::MAX / 2, label: None }
}

/// The category of a config that fits best, with its number; an address says more than a title.
fn by_keywords(reference: &Reference, categories: &[(String, Vec<String>)]) -> Option<(usize, String)> {
    let path = label::segments(&reference.url).join("/").to_lowercase();
    let title = reference.title.to_lowercase();
    let scored = categories.iter().enumerate().map(|(order, (category, keywords))| {
        let unique: BTreeSet<String> = keywords.iter().map(|keyword| keyword.to_lowercase()).collect();
        let score: usize = unique
            .iter()
            .map(|keyword| {
                3 * usize::from(has_word(&path, keyword)) + 2 * usize::from(has_word(&title, keyword))
            })
            .sum();
        (score, order, category)
    });
    let (score, order, category) =
        scored.max_by_key(|(score, order, _)| (*score, std::cmp::Reverse(*order)))?;
    let name = label::of_segment(category).unwrap_or_else(|| category.clone());
    (score > 0).then_some((order, name))
}

/// Whether a word of the text begins with the keyword: `tuning` is in `fine-tuning`, `rain` is not in `training`.
fn has_word(text: &str, keyword: &str) -> bool {
    !keyword.is_empty()
        && text
            .match_indices(keyword)
            .any(|(at, _)| text[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::{has_word, shared_prefix};

    #[test]
    fn keywords_begin_a_word() {
        assert!(has_word("fine-tuning", "tuning"));
        assert!(has_word("guide/fine_tuning", "fine"));
        assert!(!has_word("training", "rain"));
        assert!(!has_word("training", ""));
    }

    #[test]
    fn the_folder_of_the_start_page_is_shared() {
        let path = |text: &str| {
            text.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>()
        };
        let check = |paths: &[&str], shared: usize| {
            assert_eq!(shared_prefix(&paths.iter().map(|text| path(text)).collect::<Vec<_>>()), shared);
        };
        check(&["docs", "docs/guide/a", "docs/api/b"], 1);
        check(&["docs/guide/a", "docs/guide/b"], 2);
        check(&["", "a", "b"], 0);
        check(&["docs/a"], 1);
    }
}
