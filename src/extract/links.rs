//! Links: targets made absolute, permalinks out.

use scraper::ElementRef;
use url::Url;

use crate::document::{Block, Inline};
use crate::extract::dom::{ancestry, attr, classes, name, text_of};
use crate::extract::flow::Flow;
use crate::extract::inline::read_content;
use crate::extract::reader::{Reader, read_blocks};
use crate::extract::text::clean;

/// What generators print as the link of a heading to itself.
const PERMALINK_TEXTS: [&str; 10] = ["", "#", "##", "¶", "§", "🔗", "¤", "∞", "◆", "\u{F0C1}"];

/// The same in words, which count only in headings and signatures.
const PERMALINK_WORDS: [&str; 7] = [
    "link",
    "anchor",
    "permalink",
    "link to this heading",
    "permalink to this heading",
    "link to this section",
    "link to this definition",
];

/// What the class of such a link has in it, where its text says something else.
const PERMALINK_CLASSES: [&str; 6] =
    ["permalink", "headerlink", "hash-link", "header-anchor", "heading-anchor", "anchor-link"];

/// Reads a link within a line.
pub(super) fn read(reader: &Reader<'_>, element: ElementRef<'_>, line: &mut Vec<Inline>, depth: usize) {
    if is_permalink(element) || is_anchor_of_heading(element) {
        return;
    }
    let content = read_content(reader, element, depth);
    match target(reader, element) {
        // A heading that links to itself is a heading, not a link.
        Some(url) if !is_own_heading(element) => line.push(Inline::Link { url, content }),
        _ => line.extend(content),
    }
}

/// Reads a link around blocks, as cards are: the first line of the card carries the link.
pub(super) fn read_block_link(reader: &Reader<'_>, element: ElementRef<'_>, flow: &mut Flow, depth: usize) {
    let mut blocks = read_blocks(reader, element, depth);
    if let Some(url) = target(reader, element) {
        let first = blocks.iter_mut().find_map(|block| match block {
            Block::Heading { content, .. } | Block::Paragraph(content) => Some(content),
            _ => None,
        });
        if let Some(line) = first
            && !line.iter().any(|inline| matches!(inline, Inline::Link { .. }))
        {
            let content = std::mem::take(line);
            line.push(Inline::Link { url, content });
        }
    }
    flow.end_line();
    for block in blocks {
        flow.push(block);
    }
}

/// The absolute address of a link; `None` where it leads nowhere that a reader can follow.
pub(super) fn target(reader: &Reader<'_>, element: ElementRef<'_>) -> Option<String> {
    resolve(reader, attr(element, "href")?)
}

/// The absolute form of an address in the page.
pub(super) fn resolve(reader: &Reader<'_>, reference: &str) -> Option<String> {
    let reference = clean(reference.trim());
    // A mere fragment belongs to the page, whatever `<base>` says, save that hash routers write pages like that.
    let base = if reference.starts_with('#') { reader.page } else { reader.base };
    let url = base.as_url().join(&reference).ok()?;
    is_followed(&url).then(|| url.to_string())
}

fn is_followed(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https" | "mailto" | "ftp" | "tel")
}

/// Whether the link is the symbol beside a heading or signature that leads to itself.
pub(super) fn is_permalink(element: ElementRef<'_>) -> bool {
    let Some(href) = attr(element, "href") else { return false };
    if !href.contains('#') || holds_image(element) {
        return false;
    }
    let text = text_of(*element);
    let text = clean(&text);
    let text = text.trim();
    if PERMALINK_TEXTS.contains(&text) {
        return true;
    }
    // A term may be the word itself; a permalink has other words beside it.
    let holder =
        || ancestry(element).skip(1).take(4).find(|above| is_heading(*above) || name(*above) == "dt");
    PERMALINK_WORDS.contains(&text.to_lowercase().as_str())
        && holder().is_some_and(|holder| text_of(*holder).len() > text_of(*element).len())
}

/// Whether the link is a control of a heading: a class says that it leads to the heading, and the heading has other words.
fn is_anchor_of_heading(element: ElementRef<'_>) -> bool {
    let is_anchor = attr(element, "href").is_some_and(|href| href.contains('#'))
        && classes(element).any(|class| PERMALINK_CLASSES.iter().any(|word| class.contains(word)));
    if !is_anchor {
        return false;
    }
    let Some(heading) = ancestry(element).skip(1).find(|above| is_heading(*above)) else { return false };
    text_of(*heading).len() > text_of(*element).len()
}

/// Whether the link is inside of a heading and leads to it: `<h1><a href="#x">Title</a></h1>`.
fn is_own_heading(element: ElementRef<'_>) -> bool {
    let Some(heading) = ancestry(element).skip(1).find(|above| is_heading(*above)) else { return false };
    let Some((_, fragment)) = attr(element, "href").and_then(|href| href.rsplit_once('#')) else {
        return false;
    };
    let fragment = fragment.rsplit("id=").next().unwrap_or(fragment);
    let names = [attr(heading, "id"), attr(element, "id"), attr(element, "name"), attr(element, "data-id")];
    names.into_iter().flatten().any(|id| id == fragment)
        || attr(element, "href").is_some_and(|href| href.starts_with('#') && !href.starts_with("#/"))
}

fn is_heading(element: ElementRef<'_>) -> bool {
    matches!(name(element), "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

fn holds_image(element: ElementRef<'_>) -> bool {
    element.descendent_elements().any(|below| name(below) == "img")
}
