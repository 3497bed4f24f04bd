//! Where a page stands in time and in the order of its site: version, last change, the pages before and after.

use scraper::{ElementRef, Html, Selector};

use crate::extract::dom::{attr, name};
use crate::extract::text::one_line;
use crate::url::CanonicalUrl;

/// Where generators state the version: DocSearch's own tags, Docusaurus, VitePress plugins, Read the Docs.
const VERSIONS: &str = "meta[name='docsearch:version'], meta[name='docusaurus_version'], meta[name='version'], \
     meta[name='readthedocs-version-slug']";
/// Where they state when the page was changed.
const CHANGES: &str = "meta[property='article:modified_time'], meta[property='og:updated_time'], meta[name='last-modified'], \
     meta[name='dateModified'], meta[itemprop='dateModified'], time[itemprop='dateModified'], .last-updated time[datetime], \
     .theme-last-updated time[datetime], .git-revision-date-localized-plugin time[datetime], \
     .VPLastUpdated time[datetime], .page__date time[datetime], .sl-last-updated time[datetime], footer time[datetime]";

/// The version that the page is about.
pub(super) fn version(html: &Html) -> Option<String> {
    values(html, VERSIONS, "content").into_iter().find(|version| {
        // DocSearch's tag may list several, and Docusaurus calls what has no versions `current`.
        !version.contains(',') && version != "current" && version.chars().any(char::is_alphanumeric)
    })
}

/// When the page was last changed; what is no date is not taken.
pub(super) fn modified(html: &Html) -> Option<String> {
    let stated = values(html, CHANGES, "content").into_iter().chain(values(html, CHANGES, "datetime"));
    stated.into_iter().find(|date| is_date(date))
}

/// The page that the head or a link of the page names as the one before (`prev`) or after (`next`) it.
pub(super) fn neighbour(html: &Html, base: &CanonicalUrl, direction: &str) -> Option<CanonicalUrl> {
    let is_stated = |element: &ElementRef<'_>| {
        attr(*element, "rel").is_some_and(|rel| {
            rel.split_ascii_whitespace().any(|word| {
                word.eq_ignore_ascii_case(direction)
                    || (direction == "prev" && word.eq_ignore_ascii_case("previous"))
            })
        })
    };
    let mut links =
        html.root_element().descendent_elements().filter(|element| matches!(name(*element), "link" | "a"));
    base.join(attr(links.find(is_stated)?, "href")?).ok()
}

fn values(html: &Html, selector: &str, attribute: &str) -> Vec<String> {
    let Ok(selector) = Selector::parse(selector) else { return Vec::new() };
    let found = html.select(&selector).filter_map(|element| attr(element, attribute)).map(one_line);
    found.filter(|value| !value.is_empty()).collect()
}

/// Whether a text begins as an ISO 8601 date does.
fn is_date(text: &str) -> bool {
    let date: Vec<&str> = text.get(..10).unwrap_or_default().split('-').collect();
    let is_number =
        |part: &&str, length: usize| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    matches!(date.as_slice(), [year, month, day] if is_number(year, 4) && is_number(month, 2) && is_number(day, 2))
}

#[cfg(test)]
mod tests {
    use scraper::Html;

    use super::{modified, neighbour, version};
    use crate::url::CanonicalUrl;

    #[test]
    fn what_a_page_says_of_its_time_and_place() {
        let html = Html::parse_document(
            "<meta name=docusaurus_version content=current><meta name='docsearch:version' content='2.1'>\
             <meta property='article:modified_time' content='May 3'><main><a rel=nofollow href=x>x</a></main>\
             <a rel=prev href=a>A</a><a rel='next' href=b>B</a><footer><time datetime='2026-05-03T10:00:00Z'>May 3</time></footer>",
        );
        let base = CanonicalUrl::parse("https://docs.example/guide/").unwrap();
        let path = |direction: &str| neighbour(&html, &base, direction).map(|url| url.path().to_owned());
        assert_eq!(version(&html).as_deref(), Some("2.1"));
        assert_eq!(modified(&html).as_deref(), Some("2026-05-03T10:00:00Z"));
        assert_eq!((path("prev").as_deref(), path("next").as_deref()), (Some("/guide/a"), Some("/guide/b")));
        let plain = Html::parse_document("<p>Nothing.");
        assert_eq!((version(&plain), modified(&plain), neighbour(&plain, &base, "next")), (None, None, None));
    }
}
