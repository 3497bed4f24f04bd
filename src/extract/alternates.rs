//! Links to the page itself in another language or form, which are no further pages.

use std::collections::HashSet;

use scraper::ElementRef;

use crate::extract::page::Page;
use crate::fetched::Fetched;
use crate::render::{Source, renderings};
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

/// Whether an address is that of this page's own Markdown, as it stands behind a button "View as Markdown": the page says
/// so in its head, or the address is made of the page's own. Kept as a page, it would be the same page twice.
pub(super) fn is_own_markdown(page: &Page<'_>, url: &CanonicalUrl) -> bool {
    if !url.path().ends_with(".md") || url == page.url() {
        return false;
    }
    let own = page.url().path().trim_end_matches('/');
    let own = own.strip_suffix(".html").unwrap_or(own);
    let stem = own.strip_suffix("/index").unwrap_or(own);
    let endings = [".md", ".html.md", "/index.md", "/index.html.md"];
    let is_named_alike = url.authority() == page.url().authority()
        && endings.iter().any(|ending| url.path().strip_suffix(ending) == Some(stem));
    is_named_alike || is_declared_markdown(page, url)
}

fn is_declared_markdown(page: &Page<'_>, url: &CanonicalUrl) -> bool {
    declared(page).any(|named| named == *url)
}

/// Where a page as sent says that its own Markdown is: `<link rel="alternate" type="text/markdown">`.
pub fn declared_markdown(fetched: &Fetched) -> Option<CanonicalUrl> {
    let sent = renderings(fetched).into_iter().find(|rendered| rendered.source == Source::Sent)?;
    let page = Page::parse(&sent);
    declared(&page).find(|named| named != page.url())
}

fn declared<'a>(page: &'a Page<'_>) -> impl Iterator<Item = CanonicalUrl> + 'a {
    let heads = page.names().with_attribute(page.html(), "type").filter(|link| {
        let media_type = link.attr("type").unwrap_or_default();
        has_relation(*link, "alternate") && media_type.trim().eq_ignore_ascii_case("text/markdown")
    });
    heads.filter_map(|link| page.base().join(link.attr("href")?).ok())
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
