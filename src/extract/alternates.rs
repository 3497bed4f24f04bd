//! Links to a page in other languages, which are no pages of the site that is read.

use std::collections::HashSet;

use scraper::ElementRef;

use crate::extract::page::Page;
use crate::url::CanonicalUrl;

/// The addresses of the page in languages other than its own, as its head names them.
pub(super) fn translations(page: &Page<'_>) -> HashSet<CanonicalUrl> {
    let heads = page.names().with_attribute(page.html(), "hreflang");
    heads
        .filter(|link| is_translation(page, *link))
        .filter_map(|link| page.base().join(link.attr("href")?).ok())
        .filter(|url| url != page.url())
        .collect()
}

/// Whether a link leads to this page in another language. A page that does not state its own has none.
pub(super) fn is_translation(page: &Page<'_>, link: ElementRef<'_>) -> bool {
    let Some(language) = link.attr("hreflang").filter(|_| has_relation(link, "alternate")) else {
        return false;
    };
    let Some(own) = page.html().root_element().attr("lang") else { return false };
    let (language, own) = (primary(language), primary(own));
    !language.is_empty() && !own.is_empty() && language != own && language != "x"
}

/// Whether `rel` holds this word.
pub(super) fn has_relation(link: ElementRef<'_>, relation: &str) -> bool {
    let words = link.attr("rel").unwrap_or_default();
    words.split_whitespace().any(|word| word.eq_ignore_ascii_case(relation))
}

/// `zh` of `zh-Hans`, `x` of `x-default` (BCP 47).
fn primary(language: &str) -> String {
    language.trim().split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase()
}
