//! Where pages stand by the tables of contents in the text of other pages.
//!
//! Books without a menu beside the text, and themes whose menu lists the page's own sections, say what belongs together
//! only there: a chapter lists its sections, the start page the chapters. What a menu says already is not said again.

use std::collections::{BTreeMap, HashSet, VecDeque};

use crate::document::NavigationItem;
use crate::skill::pages::navigation::same_entry;
use crate::url::{CanonicalUrl, PageKey};

/// The table of contents of one page.
#[derive(Clone, Debug)]
pub(super) struct Contents {
    /// What the page is called.
    pub(super) title: String,
    /// The pages below it.
    pub(super) items: Vec<NavigationItem>,
}

/// Hangs every table of contents below the entry of its page. The one of `start` is the top of the site; one of a page
/// that nothing lists stands at the top with its page.
pub(super) fn hang(
    items: &mut Vec<NavigationItem>,
    mut contents: BTreeMap<CanonicalUrl, Contents>,
    start: &CanonicalUrl,
) {
    if contents.is_empty() {
        return;
    }
    // A menu's entries at its top without any below them may be links to the next page: they place nothing.
    let mut placed = HashSet::from([start.key()]);
    for item in items.iter().filter(|item| !item.children.is_empty()) {
        collect(std::slice::from_ref(item), &mut placed);
    }
    let loose: HashSet<PageKey> =
        items.iter().filter(|item| item.children.is_empty()).filter_map(key_of).collect();
    let root = contents.keys().find(|url| url.key() == start.key()).cloned();
    if let Some(tree) = root.and_then(|url| contents.remove(&url)) {
        lay(items, None, tree.items, &mut placed);
    }
    while !contents.is_empty() {
        let listed = contents.keys().find(|url| placed.contains(&url.key())).cloned();
        let Some(url) = listed.or_else(|| outermost(&contents)) else { break };
        let Some(tree) = contents.remove(&url) else { break };
        let key = url.key();
        if placed.insert(key.clone()) {
            items.push(NavigationItem { title: tree.title, url: Some(url), children: Vec::new() });
        }
        lay(items, Some(key), tree.items, &mut placed);
    }
    let is_loose = |item: &NavigationItem| {
        item.children.is_empty()
            && key_of(item).is_some_and(|key| loose.contains(&key) && count(items, &key) > 1)
    };
    let kept = items.iter().filter(|item| !is_loose(item)).cloned().collect();
    *items = kept;
}

/// A page that no other table of contents lists, else the first.
fn outermost(contents: &BTreeMap<CanonicalUrl, Contents>) -> Option<CanonicalUrl> {
    let mut listed = HashSet::new();
    contents.values().for_each(|tree| collect(&tree.items, &mut listed));
    contents.keys().find(|url| !listed.contains(&url.key())).or_else(|| contents.keys().next()).cloned()
}

/// Lays the entries below the page `under`, or at the top; what stands somewhere already stays there.
fn lay(
    items: &mut Vec<NavigationItem>,
    under: Option<PageKey>,
    tree: Vec<NavigationItem>,
    placed: &mut HashSet<PageKey>,
) {
    let mut waiting = VecDeque::from([(under, tree)]);
    while let Some((under, tree)) = waiting.pop_front() {
        let new = unplaced(tree, placed, &mut waiting);
        collect(&new, placed);
        match &under {
            None => append(items, new),
            Some(key) => match find(items, key) {
                Some(entry) => append(&mut entry.children, new),
                None => append(items, new),
            },
        }
    }
}

/// The entries that stand nowhere yet; those below others wait to be laid where these are.
fn unplaced(
    tree: Vec<NavigationItem>,
    placed: &HashSet<PageKey>,
    waiting: &mut VecDeque<(Option<PageKey>, Vec<NavigationItem>)>,
) -> Vec<NavigationItem> {
    let mut new = Vec::new();
    for item in tree {
        match key_of(&item).filter(|key| placed.contains(key)) {
            Some(_) if item.children.is_empty() => {}
            Some(key) => waiting.push_back((Some(key), item.children)),
            None => {
                let children = unplaced(item.children, placed, waiting);
                if item.url.is_some() || !children.is_empty() {
                    new.push(NavigationItem { children, ..item });
                }
            }
        }
    }
    new
}

/// Adds entries behind those that are there; groups of one name are one.
fn append(items: &mut Vec<NavigationItem>, new: Vec<NavigationItem>) {
    for item in new {
        match items.iter_mut().find(|known| same_entry(known, &item)) {
            Some(known) => append(&mut known.children, item.children),
            None => items.push(item),
        }
    }
}

fn key_of(item: &NavigationItem) -> Option<PageKey> {
    item.url.as_ref().map(CanonicalUrl::key)
}

fn collect(items: &[NavigationItem], keys: &mut HashSet<PageKey>) {
    for item in items {
        keys.extend(key_of(item));
        collect(&item.children, keys);
    }
}

/// How often a page stands in the tree.
fn count(items: &[NavigationItem], key: &PageKey) -> usize {
    items
        .iter()
        .map(|item| usize::from(key_of(item).as_ref() == Some(key)) + count(&item.children, key))
        .sum()
}

/// The entry of a page, the one with entries below it where it has several.
fn find<'a>(items: &'a mut [NavigationItem], key: &PageKey) -> Option<&'a mut NavigationItem> {
    let at =
        items.iter().position(|item| key_of(item).as_ref() == Some(key) || count(&item.children, key) > 0)?;
    let item = items.get_mut(at)?;
    if key_of(item).as_ref() == Some(key) { Some(item) } else { find(&mut item.children, key) }
}

#[cfg(test)]
mod tests {
    use super::hang;
    use crate::document::NavigationItem;
    use crate::skill::pages::contents_tree::Contents;
    use crate::url::CanonicalUrl;

    fn url(path: &str) -> CanonicalUrl {
        CanonicalUrl::parse(&format!("https://d.example/{path}")).unwrap()
    }

    fn item(title: &str, children: Vec<NavigationItem>) -> NavigationItem {
        NavigationItem { title: title.into(), url: Some(url(&title.to_lowercase())), children }
    }

    fn leaf(title: &str) -> NavigationItem {
        item(title, vec![])
    }

    fn lines(items: &[NavigationItem], depth: usize) -> String {
        let line = |item: &NavigationItem| {
            format!("{}{}\n{}", " ".repeat(depth), item.title, lines(&item.children, depth + 1))
        };
        items.iter().map(line).collect()
    }

    fn check(menu: Vec<NavigationItem>, contents: Vec<(&str, Vec<NavigationItem>)>, tree: &str) {
        let mut items = menu;
        let contents = contents
            .into_iter()
            .map(|(title, items)| (url(&title.to_lowercase()), Contents { title: title.to_owned(), items }));
        hang(&mut items, contents.collect(), &url("start"));
        assert_eq!(lines(&items, 0), tree);
    }

    #[test]
    fn chapters_list_their_sections() {
        check(
            vec![],
            vec![
                ("Afloat", vec![leaf("Knots")]),
                ("Start", vec![item("Boats", vec![leaf("Hull")]), leaf("Ports")]),
                ("Hull", vec![leaf("Afloat"), leaf("Keel")]),
                ("Unlisted", vec![leaf("Ropes")]),
            ],
            "Boats\n Hull\n  Afloat\n   Knots\n  Keel\nPorts\nUnlisted\n Ropes\n",
        );
    }

    #[test]
    fn what_a_menu_places_stays_and_links_to_the_next_page_place_nothing() {
        check(
            vec![item("Guide", vec![leaf("Sails")]), leaf("Masts"), leaf("News")],
            vec![
                ("Start", vec![item("Rig", vec![leaf("Sails"), leaf("Masts")])]),
                ("Sails", vec![leaf("Jib")]),
            ],
            "Guide\n Sails\n  Jib\nNews\nRig\n Masts\n",
        );
    }

    #[test]
    fn pages_that_list_each_other_end() {
        check(vec![], vec![("A", vec![leaf("B")]), ("B", vec![leaf("A")])], "A\n B\n");
    }
}
