//! The Markdown that a site serves beside a page, as HTML that `extract` reads like any other.

use std::collections::HashSet;

use pulldown_cmark::{BlockQuoteKind, CowStr, Event, Options, Parser, Tag, TagEnd, html};

use super::dialect::plain_markdown;
use super::words::Words;
use crate::url::CanonicalUrl;

/// Turns Markdown (GitHub-flavoured, with math, footnotes and definition lists) into the body of a page.
pub(super) fn to_html(markdown: &str) -> String {
    format!("<main>{}</main>", to_body(markdown))
}

/// The same for the Markdown that a site serves beside a page. Where it links to the Markdown of other pages, those pages
/// are meant.
pub(super) fn to_html_of(markdown: &str, page: &CanonicalUrl) -> String {
    format!("<main>{}</main>", to_body_with(markdown, |target| page_of(target, page)))
}

/// The same without an element around it.
pub(super) fn to_body(markdown: &str) -> String {
    to_body_with(markdown, |_| None)
}

fn to_body_with(markdown: &str, retarget: impl Fn(&str) -> Option<String>) -> String {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_HEADING_ATTRIBUTES;
    let markdown = plain_markdown(markdown);
    let mut output = String::new();
    let mut words = Words::default();
    // A note that nothing refers to is not shown.
    let referred: HashSet<String> = Parser::new_ext(&markdown, options)
        .filter_map(|event| match event {
            Event::FootnoteReference(label) => Some(label.into_string()),
            _ => None,
        })
        .collect();
    let mut unseen = 0_usize;
    let is_seen = move |event: &Event<'_>| match event {
        Event::Start(Tag::FootnoteDefinition(label)) if unseen > 0 || !referred.contains(&**label) => {
            unseen += 1;
            false
        }
        Event::End(TagEnd::FootnoteDefinition) if unseen > 0 => {
            unseen -= 1;
            false
        }
        _ => unseen == 0,
    };
    let events = Parser::new_ext(&markdown, options)
        .filter(is_seen)
        .map(|event| retargeted(own_markup(words.settle(event)), &retarget));
    html::push_html(&mut output, events);
    output
}

/// A link to where it is to lead.
fn retargeted<'a>(event: Event<'a>, retarget: &impl Fn(&str) -> Option<String>) -> Event<'a> {
    match event {
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let dest_url = retarget(&dest_url).map_or(dest_url, CowStr::from);
            Event::Start(Tag::Link { link_type, dest_url, title, id })
        }
        other => other,
    }
}

/// The address of the page whose Markdown a link leads to, spelled as `page` is; `None` where it leads elsewhere.
fn page_of(target: &str, page: &CanonicalUrl) -> Option<String> {
    if is_markdown(page.path()) || page.join(target).ok()?.authority() != page.authority() {
        return None;
    }
    let end = target.find(['?', '#']).unwrap_or(target.len());
    let (path, rest) = target.split_at(end);
    let stem =
        path.strip_suffix(".md").or_else(|| path.strip_suffix(".mdx")).filter(|stem| !stem.is_empty())?;
    let folder = stem.strip_suffix("index").filter(|folder| folder.is_empty() || folder.ends_with('/'));
    let path = match (folder, page.path()) {
        (_, own) if own.ends_with(".html") => format!("{stem}.html"),
        (Some(""), _) => "./".to_owned(),
        (Some(folder), own) if own.ends_with('/') => folder.to_owned(),
        (Some(folder), _) => {
            folder.strip_suffix('/').filter(|clean| !clean.is_empty()).unwrap_or(folder).to_owned()
        }
        (None, own) if own.ends_with('/') && own != "/" => format!("{stem}/"),
        (None, _) => stem.to_owned(),
    };
    Some(path + rest)
}

fn is_markdown(path: &str) -> bool {
    path.ends_with(".md") || path.ends_with(".mdx")
}

/// Alerts and math in the markup that `extract` knows from GitHub and from Pandoc.
fn own_markup(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Start(Tag::BlockQuote(Some(kind))) => {
            let kind = alert_word(kind);
            html_event(format!("<div class=\"markdown-alert markdown-alert-{kind}\">"))
        }
        Event::End(TagEnd::BlockQuote(Some(_))) => html_event("</div>".to_owned()),
        Event::InlineMath(tex) => html_event(format!("<span class=\"math inline\">{}</span>", escape(&tex))),
        Event::DisplayMath(tex) => {
            html_event(format!("<span class=\"math display\">{}</span>", escape(&tex)))
        }
        other => other,
    }
}

fn html_event(markup: String) -> Event<'static> {
    Event::InlineHtml(CowStr::from(markup))
}

fn alert_word(kind: BlockQuoteKind) -> &'static str {
    match kind {
        BlockQuoteKind::Note => "note",
        BlockQuoteKind::Tip => "tip",
        BlockQuoteKind::Important => "important",
        BlockQuoteKind::Warning => "warning",
        BlockQuoteKind::Caution => "caution",
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::page_of;
    use crate::url::CanonicalUrl;

    #[track_caller]
    fn check(page: &str, target: &str, expected: Option<&str>) {
        let page = CanonicalUrl::parse(&format!("https://d.example{page}")).unwrap();
        assert_eq!(page_of(target, &page).as_deref(), expected, "{target} in {page}");
    }

    #[test]
    fn links_to_the_markdown_of_pages_lead_to_the_pages() {
        check("/a/b", "c.md", Some("c"));
        check("/a/b", "/x/c.mdx#part", Some("/x/c#part"));
        check("/a/b", "https://d.example/a/c.md", Some("https://d.example/a/c"));
        check("/a/b.html", "../c.md", Some("../c.html"));
        check("/a/b.html", "../x/index.md", Some("../x/index.html"));
        check("/a/b/", "../c.md?x", Some("../c/?x"));
        check("/a/b/", "../x/index.md", Some("../x/"));
        check("/a/b", "index.md", Some("./"));
        check("/a/b", "../x/index.md", Some("../x"));
        check("/a/b", "c.html", None);
        check("/a/b", "https://x.example/c.md", None);
        check("/a/b.md", "c.md", None);
    }
}
