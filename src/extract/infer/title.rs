//! Where the title is: the heading whose words the page's `title` repeats.

use std::collections::{BTreeMap, BTreeSet};

use scraper::{ElementRef, Selector};

use crate::extract::dom::{name, text_of};
use crate::extract::infer::Finding;
use crate::extract::infer::candidate::of_element;
use crate::extract::infer::evidence::{Evidence, SitePages};

/// The least share of pages, in per cent, on which the title must be found.
const LEAST: usize = 50;

/// The selectors of the title: in the content if that does about as well, else wherever the heading is.
pub(super) fn infer(site: &SitePages<'_>, main_content: &[Finding]) -> Vec<Finding> {
    let pages: Vec<(&Evidence<'_>, String)> = site
        .speaking()
        .map(|page| (page, letters(&title_text(page))))
        .filter(|(_, title)| !title.is_empty())
        .collect();
    let mut selectors: Vec<String> =
        main_content.iter().map(|finding| format!("{} h1", finding.selector)).collect();
    let mut named = BTreeSet::new();
    for (page, _) in &pages {
        let headings = page.page.html().root_element().descendent_elements();
        named.extend(headings.filter(|element| name(*element) == "h1").flat_map(of_element));
    }
    selectors.extend(named.iter().map(|candidate| candidate.selector()));
    selectors.push("h1".to_owned());
    let counted: Vec<(String, usize)> = selectors
        .into_iter()
        .map(|selector| {
            let count = titles(&pages, &selector);
            (selector, count)
        })
        .collect();
    let most = counted.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let best = counted.into_iter().find(|(_, count)| *count * 100 >= most * 98 && *count > 0);
    best.filter(|(_, count)| count * 100 >= pages.len() * LEAST)
        .map(|(selector, count)| Finding {
            selector,
            evidence: format!("its words are in the `title` of {count} of {} pages", pages.len()),
        })
        .into_iter()
        .collect()
}

/// On how many pages the first match is the title. The name of the site is in every title too, but always the same.
fn titles(pages: &[(&Evidence<'_>, String)], selector: &str) -> usize {
    let Ok(selector) = Selector::parse(selector) else { return 0 };
    let mut texts: BTreeMap<String, usize> = BTreeMap::new();
    for (page, title) in pages {
        let first = page.page.html().select(&selector).next();
        let text = first.map(|element| letters(&text_of(*element))).unwrap_or_default();
        if !text.is_empty() && title.contains(&text) {
            *texts.entry(text).or_default() += 1;
        }
    }
    texts.values().filter(|count| **count * 2 <= pages.len()).sum()
}

fn title_text(page: &Evidence<'_>) -> String {
    let is_title = |element: &ElementRef<'_>| name(*element) == "title";
    let title = page.page.html().root_element().descendent_elements().find(is_title);
    title.map(|title| text_of(*title)).unwrap_or_default()
}

fn letters(text: &str) -> String {
    text.chars().filter(|next| next.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
