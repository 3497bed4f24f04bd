//! The site's navigation as one tree, merged from what every page shows of it.
//!
//! A menu often expands only the section of the page it stands on, so that no page shows the whole. The trees of all
//! pages are laid over each other: equal entries are one, and an entry that is new goes where its page shows it.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::document::NavigationItem;
use crate::skill::pages::contents_tree::{self, Contents};
use crate::skill::pages::label;
use crate::url::{CanonicalUrl, PageKey};

/// Collects the navigation of pages, in any order, without keeping the same tree twice.
#[derive(Debug, Default)]
pub struct NavigationCollector {
    /// Each distinct tree, under the first URL that showed it, so that the order of merging is the pages' own.
    trees: BTreeMap<CanonicalUrl, Vec<NavigationItem>>,
    seen: HashMap<String, CanonicalUrl>,
    /// The tables of contents in the text of pages.
    contents: BTreeMap<CanonicalUrl, Contents>,
}

impl NavigationCollector {
    /// Adds what a page shows of the navigation.
    pub fn add(&mut self, url: &CanonicalUrl, items: &[NavigationItem]) {
        if items.is_empty() {
            return;
        }
        // A tree is recognised by its text; serialising plain values into a string cannot fail.
        let identity = serde_json::to_string(items).unwrap_or_default();
        match self.seen.get(&identity) {
            Some(first) if first <= url => return,
            Some(first) => {
                self.trees.remove(&first.clone());
            }
            None => {}
        }
        self.seen.insert(identity, url.clone());
        self.trees.insert(url.clone(), items.to_vec());
    }

    /// Adds the pages below a page, as the table of contents in its text lists them.
    pub fn add_contents(&mut self, url: &CanonicalUrl, title: &str, items: &[NavigationItem]) {
        if !items.is_empty() {
            self.contents.insert(url.clone(), Contents { title: title.to_owned(), items: items.to_vec() });
        }
    }

    /// The merged tree; the one of `start` is laid down first.
    pub fn merge(mut self, start: &CanonicalUrl) -> Navigation {
        let mut items = Vec::new();
        let first = self.trees.keys().find(|url| url.key() == start.key()).cloned();
        if let Some(tree) = first.and_then(|url| self.trees.remove(&url)) {
            merge_into(&mut items, &tree);
        }
        self.trees.values().for_each(|tree| merge_into(&mut items, tree));
        contents_tree::hang(&mut items, self.contents, start);
        Navigation::index(&items)
    }
}

fn merge_into(items: &mut Vec<NavigationItem>, from: &[NavigationItem]) {
    let mut next = 0;
    for item in from {
        let found = items.iter().position(|known| same_entry(known, item));
        let at = found.unwrap_or_else(|| {
            let at = next.min(items.len());
            items.insert(at, NavigationItem { children: Vec::new(), ..item.clone() });
            at
        });
        if let Some(known) = items.get_mut(at) {
            known.url = known.url.take().or_else(|| item.url.clone());
            merge_into(&mut known.children, &item.children);
        }
        next = at + 1;
    }
}

pub(super) fn same_entry(left: &NavigationItem, right: &NavigationItem) -> bool {
    let titles = left.title.trim().eq_ignore_ascii_case(right.title.trim());
    match (&left.url, &right.url) {
        (Some(left), Some(right)) => titles && left.key() == right.key(),
        _ => titles,
    }
}

/// The merged navigation, ready for questions about pages and groups.
#[derive(Debug, Default)]
pub struct Navigation {
    pages: HashMap<PageKey, Entry>,
    groups: HashMap<String, Entry>,
}

/// Where a page or group stands in the navigation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The names of the groups above it, outermost first; for a page that has entries below it, its own name too.
    pub trail: Vec<String>,
    /// Its number in reading order.
    pub position: usize,
    /// What the navigation calls it.
    pub title: String,
}

impl Navigation {
    /// Where a page stands.
    pub fn page(&self, url: &CanonicalUrl) -> Option<&Entry> {
        self.pages.get(&url.key())
    }

    /// Where a group of this name stands; its trail ends with the group itself.
    pub fn group(&self, title: &str) -> Option<&Entry> {
        self.groups.get(&title.trim().to_lowercase())
    }

    fn index(items: &[NavigationItem]) -> Self {
        let mut navigation = Self::default();
        let mut position = 0;
        navigation.visit(items, &mut Vec::new(), &mut position);
        navigation
    }

    fn visit(&mut self, items: &[NavigationItem], trail: &mut Vec<String>, position: &mut usize) {
        for item in items {
            *position += 1;
            let at = *position;
            let name = label::of_heading(&item.title);
            let deeper = has_other_pages(item);
            let pushed = match name {
                Some(name) if deeper && trail.last() != Some(&name) => {
                    trail.push(name);
                    true
                }
                _ => false,
            };
            let entry = Entry { trail: trail.clone(), position: at, title: item.title.trim().to_owned() };
            if let Some(url) = &item.url {
                let known = self.pages.entry(url.key()).or_insert_with(|| entry.clone());
                // A page that a header links to and a section lists belongs to the section.
                if known.trail.is_empty() && !entry.trail.is_empty() {
                    *known = Entry { position: known.position, ..entry.clone() };
                }
            }
            if deeper {
                self.groups.entry(entry.title.to_lowercase()).or_insert(entry);
                self.visit(&item.children, trail, position);
            }
            if pushed {
                trail.pop();
            }
        }
    }
}

/// Whether an entry groups other pages; menus also list the headings of the page itself below it.
fn has_other_pages(item: &NavigationItem) -> bool {
    let mut others = HashSet::new();
    collect_keys(&item.children, &mut others);
    if let Some(own) = &item.url {
        others.remove(&own.key());
    }
    !others.is_empty()
}

fn collect_keys(items: &[NavigationItem], keys: &mut HashSet<PageKey>) {
    for item in items {
        keys.extend(item.url.as_ref().map(CanonicalUrl::key));
        collect_keys(&item.children, keys);
    }
}

#[cfg(test)]
mod tests {
    use super::NavigationCollector;
    use crate::document::NavigationItem;
    use crate::url::CanonicalUrl;

    fn url(path: &str) -> CanonicalUrl {
        CanonicalUrl::parse(&format!("https://d.example/{path}")).unwrap()
    }

    fn item(title: &str, path: Option<&str>, children: Vec<NavigationItem>) -> NavigationItem {
        NavigationItem { title: title.into(), url: path.map(url), children }
    }

    #[test]
    fn menus_that_show_one_section_each_become_one_tree() {
        let mut collector = NavigationCollector::default();
        collector.add(
            &url("b"),
            &[
                item("Guide", None, vec![]),
                item(
                    "API",
                    None,
                    vec![item("Trainer", Some("b"), vec![]), item("Config", Some("c"), vec![])],
                ),
            ],
        );
        collector.add(
            &url("a"),
            &[
                item("Guide", None, vec![item("1. Install", Some("a"), vec![])]),
                item("API", None, vec![]),
                item("2024", None, vec![item("News", Some("n"), vec![])]),
            ],
        );
        let navigation = collector.merge(&url(""));
        let trail = |path: &str| navigation.page(&url(path)).map(|entry| entry.trail.clone());
        assert_eq!(trail("a"), Some(vec!["Guide".to_owned()]));
        assert_eq!(trail("c"), Some(vec!["API".to_owned()]));
        assert_eq!(trail("n"), Some(vec![]), "a year names no group");
        assert_eq!(trail("x"), None);
        let position = |path: &str| navigation.page(&url(path)).unwrap().position;
        assert!(
            position("a") < position("b") && position("b") < position("c") && position("c") < position("n")
        );
    }

    #[test]
    fn a_page_with_pages_below_it_opens_their_group() {
        let mut collector = NavigationCollector::default();
        collector.add(
            &url(""),
            &[
                item("Guide", Some("guide"), vec![item("Install", Some("guide/install"), vec![])]),
                item("FAQ", Some("faq"), vec![item("A question", Some("faq"), vec![])]),
            ],
        );
        let navigation = collector.merge(&url(""));
        assert_eq!(navigation.page(&url("guide/")).unwrap().trail, ["Guide"]);
        assert!(navigation.page(&url("faq")).unwrap().trail.is_empty());
        assert_eq!(navigation.group("guide").unwrap().trail, ["Guide"]);
    }
}
