//! The site's menu as a tree of labels and pages.
//!
//! Menus are nested lists; what counts as an entry and what as the heading of a group is for the profile to say. The
//! walk goes from each entry to the entries directly below it, so elements in between do not matter.

use std::collections::HashSet;

use ego_tree::NodeId;
use scraper::ElementRef;

use crate::document::NavigationItem;
use crate::extract::addressing::addressing;
use crate::extract::dom::{ancestry, descendants, name};
use crate::extract::hidden::{is_hidden, is_never_shown};
use crate::extract::page::Page;
use crate::extract::text::one_line;
use crate::profile::{NavigationRules, SelectorProfile};
use crate::url::CanonicalUrl;

/// The deepest level that is kept; deeper entries join it.
const MAX_LEVEL: usize = 12;

/// The menu of the page: the first container with any entries that lead to other pages. A table of contents of the page
/// itself is no menu.
pub(super) fn read(page: &Page<'_>, profile: &SelectorProfile) -> Vec<NavigationItem> {
    page.select_by_preference(&profile.navigation.containers)
        .filter(|matches| !matches.is_empty())
        .map(|matches| read_containers(&matches, &profile.navigation, page.base()))
        .find(|items| items.iter().any(|item| leads_away(item, page.url())))
        .unwrap_or_default()
}

/// The pages below this one, from the tables of contents in its text.
pub(super) fn read_contents(page: &Page<'_>, profile: &SelectorProfile) -> Vec<NavigationItem> {
    page.select_by_preference(&profile.navigation.contents)
        .map(|matches| read_containers(&matches, &profile.navigation, page.base()))
        .find(|items| items.iter().any(|item| leads_away(item, page.url())))
        .unwrap_or_default()
}

/// Whether an entry or one below it leads to another page.
fn leads_away(item: &NavigationItem, page: &CanonicalUrl) -> bool {
    item.url.as_ref().is_some_and(|url| url.key() != page.key())
        || item.children.iter().any(|child| leads_away(child, page))
}

fn read_containers(
    containers: &[ElementRef<'_>],
    rules: &NavigationRules,
    base: &CanonicalUrl,
) -> Vec<NavigationItem> {
    let ids: HashSet<NodeId> = containers.iter().map(|container| container.id()).collect();
    let mut items = Vec::new();
    for container in containers {
        let is_inner = ancestry(*container).skip(1).any(|above| ids.contains(&above.id()));
        if is_inner {
            continue;
        }
        if name(*container) == "a" {
            items.extend(item_of_link(*container, base));
        } else {
            items.extend(read_level(*container, rules, base, 0));
        }
    }
    without_repetitions(items)
}

/// The entries directly below an element, grouped by the headings between them.
fn read_level(
    element: ElementRef<'_>,
    rules: &NavigationRules,
    base: &CanonicalUrl,
    level: usize,
) -> Vec<NavigationItem> {
    let mut items: Vec<NavigationItem> = Vec::new();
    let mut in_group = false;
    let mut found_entry = false;
    for part in top_parts(element, rules) {
        if rules.groups.matches(part) {
            let title = label_text(part, None);
            if !title.is_empty() {
                let url = first_link(part, None).and_then(|link| target(link, base));
                items.push(NavigationItem { title, url, children: Vec::new() });
                in_group = true;
            }
            continue;
        }
        found_entry = true;
        if name(part) == "dd" {
            // A definition list nests by what stands behind a term, not in it.
            let children = read_level(part, rules, base, level + 1);
            match items.last_mut() {
                Some(term) => term.children.extend(children),
                None => items.extend(children),
            }
            continue;
        }
        let Some(item) = read_item(part, rules, base, level) else { continue };
        match items.last_mut().filter(|_| in_group) {
            Some(group) => group.children.push(item),
            None => items.push(item),
        }
    }
    if !found_entry && level == 0 {
        // A menu without lists: its links in order.
        let links = descendants(element).filter(|below| name(*below) == "a");
        items.extend(links.filter_map(|link| item_of_link(link, base)));
    }
    items
}

/// Entries and headings of groups below an element, without those inside of other entries.
fn top_parts<'a>(element: ElementRef<'a>, rules: &NavigationRules) -> Vec<ElementRef<'a>> {
    let mut found = Vec::new();
    let mut pending: Vec<ElementRef<'a>> = children_reversed(element);
    while let Some(below) = pending.pop() {
        if rules.groups.matches(below) || rules.items.matches(below) {
            found.push(below);
        } else {
            pending.extend(children_reversed(below));
        }
    }
    found
}

fn children_reversed<'a>(element: ElementRef<'a>) -> Vec<ElementRef<'a>> {
    let mut children: Vec<_> = element.child_elements().collect();
    children.reverse();
    children
}

fn read_item(
    entry: ElementRef<'_>,
    rules: &NavigationRules,
    base: &CanonicalUrl,
    level: usize,
) -> Option<NavigationItem> {
    let nested = top_parts(entry, rules);
    let children = if level < MAX_LEVEL && !nested.is_empty() {
        read_level(entry, rules, base, level + 1)
    } else {
        Vec::new()
    };
    let link = first_link(entry, nested.first().copied());
    let title = link
        .map(|link| label_text(link, None))
        .filter(|title| !title.is_empty())
        .unwrap_or_else(|| label_text(entry, nested.first().copied()));
    let url = link.and_then(|link| target(link, base));
    // The headings of the current page, which some menus list below it, are no pages.
    let children: Vec<_> = children
        .into_iter()
        .filter(|child: &NavigationItem| url.is_none() || child.url != url || !child.children.is_empty())
        .collect();
    if title.is_empty() && url.is_none() {
        // An entry without a label is a mere wrapper when it has one entry itself.
        return (children.len() == 1).then(|| children.into_iter().next()).flatten();
    }
    (!title.is_empty()).then_some(NavigationItem { title, url, children })
}

/// The first link of an entry that stands before the entries inside of it.
fn first_link<'a>(entry: ElementRef<'a>, end: Option<ElementRef<'_>>) -> Option<ElementRef<'a>> {
    descendants(entry)
        .take_while(|below| end.is_none_or(|end| below.id() != end.id()))
        .find(|below| name(*below) == "a" && below.attr("href").is_some())
}

/// The words of an element up to the first entry inside of it, without controls.
fn label_text(element: ElementRef<'_>, end: Option<ElementRef<'_>>) -> String {
    let mut label = String::new();
    let mut pending = vec![*element];
    while let Some(node) = pending.pop() {
        if end.is_some_and(|end| end.id() == node.id()) {
            break;
        }
        if let Some(text) = node.value().as_text() {
            label.push_str(text);
            continue;
        }
        let has_label = !label.trim().is_empty();
        let is_silent = ElementRef::wrap(node).is_some_and(|below| {
            // What folds the entries away says so behind the label: "Submodules".
            if name(below) == "summary" && has_label {
                return true;
            }
            let is_control = is_never_shown(below) && name(below) != "button";
            below.id() != element.id() && (is_control || is_hidden(below))
        });
        if !is_silent {
            pending.extend(node.children().rev());
        }
    }
    let label = one_line(&label);
    // A menu that is folded up is hidden, so a label is judged by what it says.
    if addressing(&label).is_some() {
        return String::new();
    }
    label.trim_end_matches(['¶', '#']).trim().to_owned()
}

fn item_of_link(link: ElementRef<'_>, base: &CanonicalUrl) -> Option<NavigationItem> {
    let title = label_text(link, None);
    let url = target(link, base)?;
    (!title.is_empty()).then_some(NavigationItem { title, url: Some(url), children: Vec::new() })
}

fn target(link: ElementRef<'_>, base: &CanonicalUrl) -> Option<CanonicalUrl> {
    base.join(link.attr("href")?).ok()
}

/// Menus are often in the page twice, for wide and narrow screens.
fn without_repetitions(items: Vec<NavigationItem>) -> Vec<NavigationItem> {
    let mut kept: Vec<NavigationItem> = Vec::with_capacity(items.len());
    let mut seen = HashSet::new();
    for item in items {
        let key = (item.title.clone(), item.url.clone(), item.children.len());
        if seen.insert(key) {
            kept.push(item);
        }
    }
    kept
}
