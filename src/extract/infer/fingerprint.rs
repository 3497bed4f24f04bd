//! What the generator of a site calls itself, by which its profile can be found on other sites.

use std::collections::BTreeMap;

use scraper::Selector;

use crate::extract::infer::Finding;
use crate::extract::infer::evidence::SitePages;

/// The share of pages, in per cent, that must name the generator.
const SHARE: usize = 80;

/// The word with which the generator's name begins on nearly all pages.
pub(super) fn infer(site: &SitePages<'_>) -> Vec<Finding> {
    let Ok(selector) = Selector::parse("meta[name=generator i]") else { return Vec::new() };
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    for page in &site.pages {
        let stated = page.page.html().select(&selector).find_map(|meta| meta.attr("content"));
        let word = stated.and_then(|name| name.split_whitespace().next()).unwrap_or_default();
        if word.len() > 2 && word.starts_with(char::is_alphabetic) {
            *names.entry(word.to_lowercase()).or_default() += 1;
        }
    }
    let all = site.pages.len();
    let most = names.into_iter().max_by_key(|(_, pages)| *pages);
    let is_sure = |(_, pages): &(String, usize)| pages * 100 >= all * SHARE;
    let finding = |(selector, pages)| Finding {
        selector,
        evidence: format!("the generator names itself so on {pages} of {all} pages"),
    };
    most.filter(is_sure).map(finding).into_iter().collect()
}
