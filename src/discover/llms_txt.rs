//! `llms.txt`: text in, URLs out.
//!
//! The file is Markdown that lists a site's pages for language models. Many sites list the Markdown twin of each page
//! (`guide.md`) rather than the page; where both kinds stand, the pages win, since only they are sure to be the page
//! that other links name. This module neither fetches nor judges a URL.

use pulldown_cmark::{Event, Parser, Tag};

use crate::url::CanonicalUrl;

/// The links of the file in order, resolved against its own address: those to pages, or, when there are none, those
/// to Markdown twins. An HTML page, which some servers answer for any path, lists nothing.
pub fn parse_llms_txt(text: &str, address: &CanonicalUrl) -> Vec<CanonicalUrl> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with('<') {
        return Vec::new();
    }
    let links = Parser::new(text).filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. }) => address.join(&dest_url).ok(),
        _ => None,
    });
    let (twins, pages): (Vec<_>, Vec<_>) = links.partition(is_markdown);
    if pages.is_empty() { twins } else { pages }
}

fn is_markdown(url: &CanonicalUrl) -> bool {
    let path = url.path().to_ascii_lowercase();
    path.ends_with(".md") || path.ends_with(".mdx")
}

#[cfg(test)]
mod tests {
    use super::parse_llms_txt;
    use crate::url::CanonicalUrl;

    fn check(text: &str, urls: &[&str]) {
        let address = CanonicalUrl::parse("https://d.example/docs/llms.txt").unwrap();
        let found = parse_llms_txt(text, &address);
        assert_eq!(found.iter().map(|url| url.as_str()).collect::<Vec<_>>(), urls, "{text}");
    }

    #[test]
    fn pages_win_over_twins() {
        check(
            "# Tool\n\n> What it is.\n\n## Docs\n- [A](https://d.example/docs/a): first\n- [B](b.html)\n- [C](c.md)\n",
            &["https://d.example/docs/a", "https://d.example/docs/b.html"],
        );
        check("- [A](a.md)\n- [B](/b.MD)", &["https://d.example/docs/a.md", "https://d.example/b.MD"]);
    }

    #[test]
    fn what_is_no_list_gives_nothing() {
        check("<!doctype html><a href='/x'>x</a>", &[]);
        check("just words, [no link] and [mail](mailto:a@d.example)", &[]);
        check("", &[]);
    }
}
