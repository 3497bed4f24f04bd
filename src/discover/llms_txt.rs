//! `llms.txt`: text in, URLs out.
//!
//! The file is Markdown that lists a site's pages for language models. Many sites list the Markdown twin of each page
//! (`guide.md`) rather than the page. A twin is no page of its own: its page is taken instead, once a page that is known
//! shows how the site spells them. This module neither fetches nor judges a URL.

use pulldown_cmark::{Event, Parser, Tag};

use super::Knows;
use super::spelling::Spelling;
use crate::url::CanonicalUrl;

/// What a `llms.txt` lists, in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LlmsTxt {
    /// Pages, or twins where nothing tells the addresses of their pages.
    pub pages: Vec<CanonicalUrl>,
    /// Further files of this kind: those of parts of the site, and `llms-full.txt`.
    pub files: Vec<CanonicalUrl>,
}

/// The links of the file, resolved against its own address. An HTML page, which some servers answer for any path, lists
/// nothing.
pub fn parse_llms_txt(text: &str, address: &CanonicalUrl, knows: &Knows<'_>) -> LlmsTxt {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with('<') {
        return LlmsTxt::default();
    }
    let links: Vec<CanonicalUrl> = Parser::new(text)
        .filter_map(|event| match event {
            Event::Start(Tag::Link { dest_url, .. }) => address.join(&dest_url).ok(),
            _ => None,
        })
        .collect();
    let (files, links): (Vec<_>, Vec<_>) = links.into_iter().partition(is_llms_file);
    let files = files.into_iter().filter(|file| file.key() != address.key()).collect();
    LlmsTxt { pages: pages_of(links, knows), files }
}

/// Pages as they are, twins as their pages. Where no page tells how they are spelled, the twins stay, if there is nothing
/// else on the host that could be a page.
pub(super) fn pages_of(links: Vec<CanonicalUrl>, knows: &Knows<'_>) -> Vec<CanonicalUrl> {
    let twins: Vec<&CanonicalUrl> = links.iter().filter(|url| name_of_twin(url).is_some()).collect();
    let Some(host) = twins.first().map(|twin| twin.authority()) else { return links };
    let listed: std::collections::HashSet<_> =
        links.iter().filter(|url| name_of_twin(url).is_none()).map(CanonicalUrl::key).collect();
    let names: Vec<(&CanonicalUrl, String)> =
        twins.iter().filter_map(|twin| Some((*twin, name_of_twin(twin)?))).collect();
    let is_known = |url: &CanonicalUrl| listed.contains(&url.key()) || knows(url);
    let spelling = names.first().and_then(|(twin, _)| twin.join("/").ok()).and_then(|root| {
        let names = names.iter().filter(|(twin, _)| twin.authority() == host);
        let names = names.map(|(_, name)| name.as_str());
        Spelling::learn(&[Spelling::Clean, Spelling::Html], &root, names, &is_known)
    });
    let has_pages =
        links.iter().any(|url| name_of_twin(url).is_none() && url.authority() == host && is_page(url));
    let page = |url: CanonicalUrl| match (name_of_twin(&url), spelling) {
        (None, _) => Some(url),
        // `page.html.md` says itself what its page is called.
        (Some(name), _) if name.ends_with(".html") => url.join(&format!("/{name}")).ok(),
        (Some(name), Some(spelling)) => spelling.encoded(&url.join("/").ok()?, &name),
        (Some(_), None) => (!has_pages).then_some(url),
    };
    let mut seen = std::collections::HashSet::new();
    links.into_iter().filter_map(page).filter(|url| seen.insert(url.key())).collect()
}

/// The path of a twin below the root of its host, without its ending; `None` for what is no Markdown.
fn name_of_twin(url: &CanonicalUrl) -> Option<String> {
    let path = url.path().trim_start_matches('/');
    let (name, ending) = path.rsplit_once('.')?;
    let is_markdown = ending.eq_ignore_ascii_case("md") || ending.eq_ignore_ascii_case("mdx");
    is_markdown.then(|| name.to_owned())
}

/// Whether an address may be that of a page, as descriptions of APIs and other data are not.
fn is_page(url: &CanonicalUrl) -> bool {
    let name = url.path().rsplit('/').next().unwrap_or_default();
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    !matches!(ending, "json" | "yaml" | "yml" | "txt" | "xml" | "pdf" | "zip")
}

/// `llms.txt`, `llms-full.txt`, `llms-small.txt`.
fn is_llms_file(url: &CanonicalUrl) -> bool {
    let name = url.path().rsplit('/').next().unwrap_or_default();
    name.starts_with("llms") && name.ends_with(".txt")
}

#[cfg(test)]
mod tests {
    use super::parse_llms_txt;
    use crate::url::CanonicalUrl;

    fn check_with(text: &str, known: &[&str], urls: &[&str], files: &[&str]) {
        let address = CanonicalUrl::parse("https://d.example/docs/llms.txt").unwrap();
        let found = parse_llms_txt(text, &address, &|url| known.contains(&url.as_str()));
        let texts =
            |urls: &[CanonicalUrl]| urls.iter().map(|url| url.as_str().to_owned()).collect::<Vec<_>>();
        assert_eq!(texts(&found.pages), urls, "{text}");
        assert_eq!(texts(&found.files), files, "{text}");
    }

    fn check(text: &str, urls: &[&str]) {
        check_with(text, &[], urls, &[]);
    }

    #[test]
    fn pages_win_over_twins() {
        check(
            "# Tool\n\n> What it is.\n\n## Docs\n- [A](https://d.example/docs/a): first\n- [B](b.html)\n- [C](c.md)\n",
            &["https://d.example/docs/a", "https://d.example/docs/b.html"],
        );
        check("- [A](a.md)\n- [B](/b.MD)", &["https://d.example/docs/a.md", "https://d.example/b.MD"]);
        // What lies elsewhere or is no page does not speak for how the site writes its list.
        check(
            "- [A](a.md)\n- [Code](https://x.example/repo)\n- [API](api.json)",
            &["https://d.example/docs/a.md", "https://x.example/repo", "https://d.example/docs/api.json"],
        );
    }

    #[test]
    fn twins_are_their_pages_where_one_page_is_known() {
        let twins = "- [A](a.md)\n- [B](b/c.md)\n- [I](d/index.md)\n- [P](p%20q.md)";
        check_with(
            twins,
            &["https://d.example/docs/a"],
            &[
                "https://d.example/docs/a",
                "https://d.example/docs/b/c",
                "https://d.example/docs/d/",
                "https://d.example/docs/p%20q",
            ],
            &[],
        );
        check_with(
            "- [A](a.md)\n- [B](b/c.md)",
            &["https://d.example/docs/b/c.html"],
            &["https://d.example/docs/a.html", "https://d.example/docs/b/c.html"],
            &[],
        );
        check(
            "- [A](a.md)\n- [A](/docs/a)\n- [B](b.md)",
            &["https://d.example/docs/a", "https://d.example/docs/b"],
        );
        check("- [A](a.html.md)", &["https://d.example/docs/a.html"]);
    }

    #[test]
    fn further_files_are_no_pages() {
        check_with(
            "- [A](a)\n- [All](llms-full.txt)\n- [Part](/docs/part/llms.txt)\n- [This](llms.txt)",
            &[],
            &["https://d.example/docs/a"],
            &["https://d.example/docs/llms-full.txt", "https://d.example/docs/part/llms.txt"],
        );
    }

    #[test]
    fn what_is_no_list_gives_nothing() {
        check("<!doctype html><a href='/x'>x</a>", &[]);
        check("just words, [no link] and [mail](mailto:a@d.example)", &[]);
        check("", &[]);
    }
}
