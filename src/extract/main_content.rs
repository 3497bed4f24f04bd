//! Finds the element that holds the content.

use std::collections::{HashMap, HashSet};

use ego_tree::NodeId;
use scraper::{ElementRef, Html, Selector};

use crate::extract::dom::{ancestry, name};
use crate::extract::hidden::{is_hidden, is_never_shown};
use crate::extract::page::Page;
use crate::profile::SelectorProfile;

/// The least text, in bytes, that makes an element worth reading when others wait.
const MIN_TEXT: usize = 40;

/// The least share of a page's score that an element must hold to stand for all of it.
const SHARE: usize = 70;

/// The least running text, in bytes, that is content when it stands beside an element which holds most of a page.
const MIN_BESIDE: usize = 100;

/// How the content was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A selector of the profile matched.
    Selected,
    /// No selector matched; the densest part of the page was taken.
    Scored,
}

/// The element that holds the content: the best match of the first selector that matches text, else the densest part.
pub(super) fn find<'a>(page: &'a Page<'_>, profile: &SelectorProfile) -> Option<(ElementRef<'a>, Found)> {
    let mut short = None;
    for matches in page.select_by_preference(&profile.main_content) {
        let ids: HashSet<NodeId> = matches.iter().map(|candidate| candidate.id()).collect();
        let outermost = matches
            .iter()
            .filter(|candidate| !ancestry(**candidate).skip(1).any(|above| ids.contains(&above.id())));
        let best = outermost.map(|candidate| (text_len(*candidate), *candidate)).max_by(|left, right| {
            // Of equal matches the first wins.
            left.0.cmp(&right.0).then(std::cmp::Ordering::Greater)
        });
        match best {
            Some((length, element)) if length >= MIN_TEXT => return Some((element, Found::Selected)),
            Some((length, element)) if length > 0 && short.is_none() => short = Some(element),
            _ => {}
        }
    }
    if let Some(element) = short {
        return Some((element, Found::Selected));
    }
    densest(page.html()).map(|element| (element, Found::Scored))
}

/// The length of the text in an element that is not hidden, in bytes without white space at the borders of runs.
fn text_len(element: ElementRef<'_>) -> usize {
    let mut length = 0;
    let mut pending = vec![*element];
    while let Some(node) = pending.pop() {
        if let Some(text) = node.value().as_text() {
            length += text.trim().len();
        } else if ElementRef::wrap(node).is_none_or(|below| !is_never_shown(below) && !is_hidden(below)) {
            pending.extend(node.children());
        }
    }
    length
}

/// The deepest element that still holds most of the page's running text.
///
/// Text counts where it stands in paragraphs, code and cells; text within links counts against it, since menus are
/// made of links. Where what stands beside that element is running text too, it is one long section among others, and
/// the element around them is meant.
fn densest(html: &Html) -> Option<ElementRef<'_>> {
    let selector =
        Selector::parse("body p, body pre, body td, body li, body dd, body h1, body h2, body h3").ok()?;
    let mut scores: HashMap<NodeId, usize> = HashMap::new();
    let mut total = 0;
    for block in html.select(&selector) {
        let score = block_score(block);
        total += score;
        for above in ancestry(block).skip(1) {
            *scores.entry(above.id()).or_default() += score;
        }
    }
    let body = html.root_element().descendent_elements().find(|element| name(*element) == "body")?;
    let mut best = body;
    let score = |element: ElementRef<'_>| scores.get(&element.id()).copied().unwrap_or(0);
    while let Some(child) = best
        .child_elements()
        .filter(|child| !matches!(name(*child), "p" | "pre" | "table" | "ul" | "ol" | "dl"))
        .find(|child| score(*child) * 100 >= total.max(1) * SHARE)
    {
        let beside = score(best).saturating_sub(score(child));
        if beside >= MIN_BESIDE && 2 * beside >= text_len(best).saturating_sub(text_len(child)) {
            break;
        }
        best = child;
    }
    Some(best)
}

/// The text of a block less that of its links, counted twice.
fn block_score(block: ElementRef<'_>) -> usize {
    if matches!(name(block), "li" | "td" | "dd") && block.child_elements().any(|child| name(child) == "p") {
        return 0;
    }
    let links: usize = block
        .descendent_elements()
        .filter(|below| name(*below) == "a")
        .map(|link| link.text().map(str::len).sum::<usize>())
        .sum();
    text_len(block).saturating_sub(2 * links)
}

#[cfg(test)]
mod tests {
    use scraper::Html;

    use super::densest;
    use crate::extract::dom::name;

    fn check(html: &str, expected: &str) {
        let html = Html::parse_document(html);
        let found = densest(&html).unwrap();
        assert_eq!(found.value().id().unwrap_or(name(found)), expected);
    }

    #[test]
    fn one_long_section_is_not_all_of_a_page() {
        let words = "some words that are read ".repeat(8);
        let menu = "<li><a href=a>An entry of the menu</a></li>".repeat(12);
        let section = |id: &str, times: usize| {
            format!("<section id={id}><h2>{id}</h2>{}</section>", format!("<p>{words}</p>").repeat(times))
        };
        let (first, long) = (section("first", 1), section("long", 9));
        let article = format!("<div id=article><h1>Title</h1>{first}{long}</div>");
        let header = "<div id=top><h1><a href=/>The site</a></h1></div>";
        check(&format!("{header}<ul>{menu}</ul>{article}"), "article");
        check(&format!("{header}<div id=frame>{article}<div><ul>{menu}</ul></div></div>"), "article");
        check(&format!("{header}<ul>{menu}</ul>{long}<p>All rights reserved.</p>"), "long");
    }
}
