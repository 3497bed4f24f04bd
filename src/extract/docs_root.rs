//! Where a page that is no documentation says that the documentation is.

use scraper::Selector;

use crate::extract::page::Page;
use crate::extract::text::one_line;
use crate::url::CanonicalUrl;

/// What a link to the documentation says, in lower case.
const TEXTS: [&str; 12] = [
    "docs",
    "documentation",
    "read the docs",
    "read docs",
    "view docs",
    "view documentation",
    "read the documentation",
    "developer docs",
    "developer documentation",
    "api docs",
    "product docs",
    "doc",
];

/// How sure a link must be.
const LEAST: u32 = 3;

/// The address to which the page's plainest link to documentation leads, on another host or in another folder. Links
/// count by what they say and by what their address says.
pub(super) fn find(page: &Page<'_>) -> Option<CanonicalUrl> {
    let selector = Selector::parse("a[href]").ok()?;
    let mut best: Option<(u32, CanonicalUrl)> = None;
    for link in page.html().select(&selector) {
        let Some(url) = link.attr("href").and_then(|href| page.base().join(href).ok()) else { continue };
        if url.document() == page.url().document() {
            continue;
        }
        let text = one_line(&link.text().collect::<String>()).to_lowercase();
        let text = text.trim_matches(|c: char| !c.is_alphanumeric());
        let says_so = if TEXTS.contains(&text) { 2 } else { 0 };
        let score = says_so + of_address(&url);
        if score >= LEAST && best.as_ref().is_none_or(|(most, _)| score > *most) {
            best = Some((score, url));
        }
    }
    best.map(|(_, url)| url)
}

fn of_address(url: &CanonicalUrl) -> u32 {
    let on_host = url.host().split('.').any(|label| matches!(label, "docs" | "doc" | "documentation"));
    let first = url.path().split('/').find(|segment| !segment.is_empty()).unwrap_or_default();
    let in_path = matches!(first, "docs" | "doc" | "documentation");
    u32::from(on_host) * 2 + u32::from(in_path) * 2
}

#[cfg(test)]
mod tests {
    use super::find;
    use crate::extract::page::Page;
    use crate::render::{Rendered, Source};
    use crate::url::CanonicalUrl;

    fn check(html: &str, expected: Option<&str>) {
        let url = CanonicalUrl::parse("https://www.tool.example/").unwrap();
        let rendered = Rendered { base: url.clone(), url, html: html.to_owned(), source: Source::Sent };
        let found = find(&Page::parse(&rendered));
        assert_eq!(found.as_ref().map(CanonicalUrl::as_str), expected, "{html}");
    }

    #[test]
    fn the_plainest_link_to_documentation() {
        check(
            "<a href=/pricing>Pricing</a><a href=https://docs.tool.example/en/latest/>Docs</a>",
            Some("https://docs.tool.example/en/latest/"),
        );
        check(
            "<a href=/docs/a/b>How we do it</a><a href=/docs/tool/stable/>Documentation ↗</a>",
            Some("https://www.tool.example/docs/tool/stable/"),
        );
        check("<a href=/blog/docs>Docs as code</a><a href=/>Docs</a><a href=/about>Documentation</a>", None);
    }
}
