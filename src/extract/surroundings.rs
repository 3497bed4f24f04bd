//! Where a page stands in time and in the order of its site: version, last change, the pages before and after.

use std::sync::LazyLock;

use scraper::ElementRef;

use crate::extract::dom::{attr, name};
use crate::extract::page::Page;
use crate::extract::text::one_line;
use crate::profile::Selectors;
use crate::url::CanonicalUrl;

/// Where generators state the version: DocSearch's own tags, Docusaurus, VitePress plugins, Read the Docs.
static VERSIONS: LazyLock<Selectors> = LazyLock::new(|| {
    compiled(
        "meta[name='docsearch:version'], meta[name='docusaurus_version'], meta[name='version'], \
     meta[name='readthedocs-version-slug']",
    )
});
/// What stands between the title of a page and the name of its site.
const SEPARATORS: [&str; 4] = [" — ", " – ", " | ", " - "];
/// Where they state when the page was changed.
static CHANGES: LazyLock<Selectors> = LazyLock::new(|| {
    compiled(
        "meta[property='article:modified_time'], meta[property='og:updated_time'], meta[name='last-modified'], \
     meta[name='dateModified'], meta[itemprop='dateModified'], time[itemprop='dateModified'], .last-updated time[datetime], \
     .theme-last-updated time[datetime], .git-revision-date-localized-plugin time[datetime], \
     .VPLastUpdated time[datetime], .page__date time[datetime], .sl-last-updated time[datetime], footer time[datetime]",
    )
});

/// The version that the page is about.
pub(super) fn version(page: &Page<'_>) -> Option<String> {
    let stated = values(page, &VERSIONS, "content").into_iter().find(|version| {
        // DocSearch's tag may list several, and Docusaurus calls what has no versions `current`.
        !version.contains(',') && version != "current" && version.chars().any(char::is_alphanumeric)
    });
    stated.or_else(|| option_version(page)).or_else(|| title_version(page))
}

/// The version among the options that Sphinx writes into its pages: `VERSION: '2.1'` in a script.
fn option_version(page: &Page<'_>) -> Option<String> {
    let scripts =
        page.html().root_element().descendent_elements().filter(|element| name(*element) == "script");
    scripts.into_iter().find_map(|script| {
        let text: String = script.text().collect();
        let (_, options) = text.split_once("DOCUMENTATION_OPTIONS")?;
        let (_, value) = options.split_once("VERSION:")?;
        let value = value.trim_start();
        let quote = value.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
        let version = value.get(1..)?.split(quote).next()?;
        is_version(version).then(|| version.to_owned())
    })
}

/// The version at the end of the page's `title`, behind the name of the software: `Loading — Tool 2.1 documentation`, as
/// Sphinx writes it.
fn title_version(page: &Page<'_>) -> Option<String> {
    let title = page.html().root_element().descendent_elements().find(|element| name(*element) == "title")?;
    let title = one_line(&title.text().collect::<String>());
    let (_, site) =
        SEPARATORS.iter().filter_map(|mark| title.rsplit_once(mark)).min_by_key(|(_, site)| site.len())?;
    let site = site.strip_suffix(" documentation").or_else(|| site.strip_suffix(" docs")).unwrap_or(site);
    let (software, version) = site.rsplit_once(' ')?;
    (software.chars().any(char::is_alphabetic) && is_version(version)).then(|| version.to_owned())
}

/// Whether a word is a version: a digit, possibly after a `v`, and at least one point.
fn is_version(word: &str) -> bool {
    let digits = word.strip_prefix('v').unwrap_or(word);
    digits.starts_with(|first: char| first.is_ascii_digit())
        && digits.contains('.')
        && digits.chars().all(|character| character.is_ascii_alphanumeric() || ".+-_".contains(character))
}

/// When the page was last changed; what is no date is not taken.
pub(super) fn modified(page: &Page<'_>) -> Option<String> {
    let stated = values(page, &CHANGES, "content").into_iter().chain(values(page, &CHANGES, "datetime"));
    stated.into_iter().find(|date| is_date(date))
}

/// The page that the head or a link of the page names as the one before (`prev`) or after (`next`) it.
pub(super) fn neighbour(page: &Page<'_>, direction: &str) -> Option<CanonicalUrl> {
    let is_stated = |element: &ElementRef<'_>| {
        matches!(name(*element), "link" | "a")
            && attr(*element, "rel").is_some_and(|rel| {
                rel.split_ascii_whitespace().any(|word| {
                    word.eq_ignore_ascii_case(direction)
                        || (direction == "prev" && word.eq_ignore_ascii_case("previous"))
                })
            })
    };
    // Few pages state any, and only to know the first of several it takes a walk in document order.
    if !page.names().with_attribute(page.html(), "rel").any(|element| is_stated(&element)) {
        return None;
    }
    let first = page.html().root_element().descendent_elements().find(is_stated)?;
    page.base().join(attr(first, "href")?).ok()
}

/// A constant as selectors; a test shows that it is some.
fn compiled(selector: &str) -> Selectors {
    Selectors::parse(&[selector]).unwrap_or_default()
}

fn values(page: &Page<'_>, selectors: &Selectors, attribute: &str) -> Vec<String> {
    let found = page
        .select_by_preference(selectors)
        .flatten()
        .filter_map(|element| attr(element, attribute))
        .map(one_line);
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
    use super::{modified, neighbour, version};
    use crate::extract::page::Page;
    use crate::render::{Rendered, Source};
    use crate::url::CanonicalUrl;

    fn rendered(html: &str) -> Rendered {
        let url = CanonicalUrl::parse("https://docs.example/guide/").unwrap();
        Rendered { base: url.clone(), url, html: html.to_owned(), source: Source::Sent }
    }

    #[test]
    fn generators_state_the_version_in_titles_and_scripts() {
        let check = |html: &str, expected: Option<&str>| {
            let rendered_page = rendered(html);
            assert_eq!(version(&Page::parse(&rendered_page)).as_deref(), expected, "{html}");
        };
        check("<title>Loading &mdash; Tool Box 2.1.0rc1 documentation</title>", Some("2.1.0rc1"));
        check("<title>Loading — Tool 3.0.0.dev0</title>", Some("3.0.0.dev0"));
        check("<title>What is new in 2.1</title>", None);
        check("<title>Loading — Tool documentation</title>", None);
        check("<title>Loading - a guide to v2</title>", None);
        check(
            "<script>var DOCUMENTATION_OPTIONS = {URL_ROOT: './', VERSION: '1.4', LANGUAGE: 'en'}</script>",
            Some("1.4"),
        );
        check("<script>VERSION: '1.4'</script>", None);
    }

    #[test]
    fn what_a_page_says_of_its_time_and_place() {
        let rendered_page = rendered(
            "<meta name=docusaurus_version content=current><meta name='docsearch:version' content='2.1'>\
             <meta property='article:modified_time' content='May 3'><main><a rel=nofollow href=x>x</a></main>\
             <a rel=prev href=a>A</a><a rel='next' href=b>B</a><footer><time datetime='2026-05-03T10:00:00Z'>May 3</time></footer>",
        );
        let page = Page::parse(&rendered_page);
        let path = |direction: &str| neighbour(&page, direction).map(|url| url.path().to_owned());
        assert_eq!(version(&page).as_deref(), Some("2.1"));
        assert_eq!(modified(&page).as_deref(), Some("2026-05-03T10:00:00Z"));
        assert_eq!((path("prev").as_deref(), path("next").as_deref()), (Some("/guide/a"), Some("/guide/b")));
        let rendered_page = rendered("<p>Nothing.");
        let plain = Page::parse(&rendered_page);
        assert_eq!((version(&plain), modified(&plain), neighbour(&plain, "next")), (None, None, None));
    }
}
