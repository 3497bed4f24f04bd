//! Pages without a first-level heading whose `title` element names only the site.
//!
//! Generators that take the title of a page from its first heading (VitePress, docsify) fall back to the site's name, so
//! that all such pages would be called the same. What the site calls a page elsewhere tells them apart.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::skill::pages::label;
use crate::skill::pages::navigation::Navigation;
use crate::skill::pages::reference::Reference;
use crate::skill::text::outline::{headings, labelled_links};
use crate::url::{CanonicalUrl, PageKey};

/// On how many pages the `title` has to name what is taken for the site's name: two may agree by chance.
const FEWEST_PAGES: usize = 3;
/// The longest words of a link that name a page, in characters; longer ones are a sentence about it.
const LONGEST_LABEL: usize = 60;
/// The shortest word by which words of a link and a page are seen to agree, in characters.
const SHORTEST_WORD: usize = 3;

/// Gives pages that are headed by the site's name for want of a heading what the site calls them: the label in the
/// navigation, the end of the breadcrumbs, the words of links on other pages, else their first heading, else the last
/// part of their address as words. Pages with a heading of their own, and the page at `base`, keep their titles.
pub fn rename_unheaded(references: &mut [Reference], navigation: &Navigation, base: &CanonicalUrl) {
    let sites = names_of_site(references);
    let bearing: Vec<usize> = (0..references.len())
        .filter(|index| references.get(*index).is_some_and(|page| bears_name(page, &sites, base)))
        .collect();
    let renamed: Vec<(usize, String)> = {
        let pages: Vec<&Reference> = bearing.iter().filter_map(|index| references.get(*index)).collect();
        let labels = labels_of_links(references, &pages);
        let openings: Vec<Option<String>> = pages.iter().map(|page| first_heading(page)).collect();
        let name = |page: &Reference, opening: &Option<String>| {
            let entry = navigation.page(&page.url).and_then(|entry| label::of_heading(&entry.title));
            let is_shared = openings.iter().filter(|other| *other == opening).count() > 1;
            entry
                .filter(|entry| !label::is_generic(entry))
                .or_else(|| last_breadcrumb(page, references, navigation))
                .or_else(|| labels.get(&page.url.key()).cloned())
                .or_else(|| opening.clone().filter(|_| !is_shared))
                .or_else(|| (!label::segments(&page.url).is_empty()).then(|| label::of_url(&page.url)))
        };
        let named = bearing.iter().zip(pages.iter().zip(&openings));
        named.filter_map(|(index, (page, opening))| Some((*index, name(page, opening)?))).collect()
    };
    for (index, title) in renamed {
        if let Some(page) = references.get_mut(index) {
            page.markdown = without_opening(&title, &page.markdown).to_owned();
            page.title = title;
        }
    }
}

/// What the `title` elements of several pages name beside the pages, at least one of which is called something else.
fn names_of_site(references: &[Reference]) -> HashSet<String> {
    let mut counts: HashMap<&str, (usize, usize)> = HashMap::new();
    for page in references {
        if let Some(site) = page.site.as_deref() {
            let (pages, others) = counts.entry(site).or_default();
            *pages += 1;
            *others += usize::from(page.title != site);
        }
    }
    let sites = counts.into_iter().filter(|(_, (pages, others))| *pages >= FEWEST_PAGES && *others > 0);
    sites.map(|(site, _)| site.to_owned()).collect()
}

/// Whether a page that is not the front page has the site's name for want of a heading.
fn bears_name(page: &Reference, sites: &HashSet<String>, base: &CanonicalUrl) -> bool {
    let path = label::segments(&page.url);
    let is_front = path.is_empty() || page.url.key() == base.key() || path == label::segments(base);
    !page.is_headed && !is_front && sites.contains(&page.title)
}

/// The end of a breadcrumb trail that ends with the page itself and not with the group above it.
fn last_breadcrumb(page: &Reference, references: &[Reference], navigation: &Navigation) -> Option<String> {
    let last = page.breadcrumbs.last()?;
    let bearers = references.iter().filter(|other| other.breadcrumbs.contains(last)).count();
    let names_page = bearers == 1 && *last != page.title && navigation.group(last).is_none();
    label::of_heading(last).filter(|label| names_page && !label::is_generic(label))
}

/// For each of the pages, the words that most links of other pages have for it.
fn labels_of_links(references: &[Reference], pages: &[&Reference]) -> HashMap<PageKey, String> {
    let words: HashMap<PageKey, BTreeSet<String>> =
        pages.iter().map(|page| (page.url.key(), own_words(page))).collect();
    let mut counts: HashMap<PageKey, BTreeMap<String, usize>> = HashMap::new();
    if words.is_empty() {
        return HashMap::new();
    }
    for reference in references {
        for (text, target) in labelled_links(&reference.markdown) {
            let Some(key) = page_of(&target).filter(|key| *key != reference.url.key()) else { continue };
            let is_telling =
                words.get(&key).is_some_and(|own| long_words(&text).any(|word| own.contains(&word)));
            if is_telling
                && text.chars().count() <= LONGEST_LABEL
                && let Some(label) = label::of_heading(&text)
            {
                *counts.entry(key).or_default().entry(label).or_default() += 1;
            }
        }
    }
    // Of equally many the first in the alphabet.
    let best = |labels: BTreeMap<String, usize>| {
        let most = labels.values().max().copied()?;
        labels.into_iter().find(|(_, count)| *count == most).map(|(label, _)| label)
    };
    counts.into_iter().filter_map(|(key, labels)| Some((key, best(labels)?))).collect()
}

/// The page that a link leads to; `None` where it leads to a part of a page, whose name it has.
fn page_of(target: &str) -> Option<PageKey> {
    let url = CanonicalUrl::parse(target).ok()?;
    let leads_to_part = match url.route() {
        Some(route) => route.contains("?id="),
        None => target.contains('#'),
    };
    (!leads_to_part).then(|| url.key())
}

/// The words of a page's address and headings: a link that has none of them (`here`, `read on`) does not name the page.
fn own_words(page: &Reference) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    words.extend(label::segments(&page.url).last().into_iter().flat_map(|segment| long_words(segment)));
    words.extend(headings(&page.markdown).iter().flat_map(|heading| long_words(&heading.text)));
    words
}

fn long_words(text: &str) -> impl Iterator<Item = String> {
    text.split(|character: char| !character.is_alphanumeric())
        .filter(|word| word.chars().count() >= SHORTEST_WORD)
        .map(str::to_lowercase)
}

/// The first heading of a page; the one that repeated the site's name is no longer in its Markdown.
fn first_heading(page: &Reference) -> Option<String> {
    let first = headings(&page.markdown).into_iter().next()?;
    label::of_heading(&first.text).filter(|label| !label::is_generic(label))
}

/// The Markdown without an opening heading that says the title and no more.
fn without_opening<'a>(title: &str, markdown: &'a str) -> &'a str {
    let all = headings(markdown);
    let first = all.first().filter(|first| first.outermost && first.range.start == 0 && first.text == title);
    first.and_then(|first| markdown.get(first.range.end..)).map_or(markdown, str::trim)
}

#[cfg(test)]
mod tests {
    use super::rename_unheaded;
    use crate::document::NavigationItem;
    use crate::skill::pages::navigation::{Navigation, NavigationCollector};
    use crate::skill::pages::reference::{Reference, plain_reference};
    use crate::url::CanonicalUrl;

    fn url(path: &str) -> CanonicalUrl {
        CanonicalUrl::parse(&format!("https://d.example/docs/{path}")).unwrap()
    }

    /// A page with a heading, which its `title` names before the site.
    fn headed(path: &str, title: &str, markdown: &str) -> Reference {
        let page = plain_reference(url(path).as_str(), title, markdown);
        Reference { is_headed: true, site: Some("Harbour".to_owned()), ..page }
    }

    /// A page without a heading, whose `title` names the site.
    fn unheaded(path: &str, markdown: &str) -> Reference {
        Reference { is_headed: false, ..headed(path, "Harbour", markdown) }
    }

    fn menu(entries: &[(&str, &str)]) -> Navigation {
        let item = |(title, path): &(&str, &str)| NavigationItem {
            title: (*title).to_owned(),
            url: Some(url(path)),
            children: Vec::new(),
        };
        let mut navigation = NavigationCollector::default();
        navigation.add(&url(""), &entries.iter().map(item).collect::<Vec<_>>());
        navigation.merge(&url(""))
    }

    fn check(mut pages: Vec<Reference>, navigation: &Navigation, titles: &[&str]) {
        rename_unheaded(&mut pages, navigation, &url(""));
        assert_eq!(pages.iter().map(|page| page.title.as_str()).collect::<Vec<_>>(), titles);
    }

    #[test]
    fn the_menu_names_a_page_before_its_own_words_do() {
        let pages = vec![
            unheaded("", "Boats and their ports."),
            headed("sails", "Sails", "All of them."),
            unheaded("ropes", "## Kinds\n\nHemp and steel."),
            headed("hulls", "Hulls", "Of oak."),
        ];
        check(
            pages,
            &menu(&[("Home", ""), ("Ropes and chains", "ropes")]),
            &["Harbour", "Sails", "Ropes and chains", "Hulls"],
        );
    }

    #[test]
    fn links_name_a_page_if_they_have_a_word_of_it() {
        let ropes = "See [here](https://d.example/docs/ropes), [here](https://d.example/docs/ropes), \
                     [ropes and chains](https://d.example/docs/ropes) or [rope length](https://d.example/docs/ropes#length).";
        let pages = vec![
            headed("sails", "Sails", ropes),
            unheaded("ropes", "## Kinds of ropes\n\nHemp and steel."),
            headed("hulls", "Hulls", "Of oak."),
        ];
        check(pages, &Navigation::default(), &["Sails", "ropes and chains", "Hulls"]);
    }

    #[test]
    fn breadcrumbs_name_a_page_if_they_end_with_it() {
        let trail = |page: Reference, last: &str| Reference {
            breadcrumbs: vec!["Gear".to_owned(), last.to_owned()],
            ..page
        };
        let pages = vec![
            trail(unheaded("ropes", "Hemp and steel."), "Ropes and chains"),
            trail(unheaded("knots", "Tight ones."), "Hand work"),
            trail(headed("sails", "Sails", "All of them."), "Hand work"),
        ];
        check(pages, &Navigation::default(), &["Ropes and chains", "Knots", "Sails"]);
    }

    #[test]
    fn the_first_heading_names_a_page_unless_others_have_the_same() {
        let mut pages = vec![
            headed("sails", "Sails", "All of them."),
            unheaded("ropes", "## Kinds of ropes\n\nHemp and steel."),
            unheaded("hulls-of-oak", "## Overview\n\nOak."),
            unheaded("masts", "## Overview\n\nPine."),
            unheaded("knots.html", "Tight ones.\n\n```sh\n# tie\n```"),
        ];
        rename_unheaded(&mut pages, &Navigation::default(), &url(""));
        let shown: Vec<_> = pages.iter().map(|page| (page.title.as_str(), page.markdown.as_str())).collect();
        assert_eq!(
            shown,
            [
                ("Sails", "All of them."),
                ("Kinds of ropes", "Hemp and steel."),
                ("Hulls of oak", "## Overview\n\nOak."),
                ("Masts", "## Overview\n\nPine."),
                ("Knots", "Tight ones.\n\n```sh\n# tie\n```"),
            ]
        );
    }

    #[test]
    fn headings_and_names_that_are_not_the_sites_stay() {
        let of_its_own = || Reference { site: None, ..unheaded("a/install", "## First\n\nUnpack.") };
        let installs = vec![
            Reference { title: "Installation".to_owned(), ..of_its_own() },
            Reference { title: "Installation".to_owned(), ..of_its_own() },
            headed("harbour", "Harbour", "## Where\n\nAt sea."),
            headed("hulls", "Hulls", "Of oak."),
            headed("sails", "Sails", "All of them."),
        ];
        check(
            installs,
            &menu(&[("Of the harbour", "harbour"), ("First steps", "a/install")]),
            &["Installation", "Installation", "Harbour", "Hulls", "Sails"],
        );
        let few = vec![unheaded("ropes", "## Kinds\n\nHemp."), headed("hulls", "Hulls", "Of oak.")];
        check(few, &menu(&[("Ropes", "ropes")]), &["Harbour", "Hulls"]);
    }
}
