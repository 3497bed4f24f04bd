//! What a page says about itself: title, description, language, place in the site.

use scraper::{ElementRef, Html, Selector};

use crate::document::{Block, plain_text};
use crate::extract::addressing::addressing;
use crate::extract::dom::{ancestry, attr, descendants, name};
use crate::extract::inline::{flat_text, read_line};
use crate::extract::page::Page;
use crate::extract::reader::Reader;
use crate::extract::text::one_line;

/// What stands between the name of a page and that of its site in a `title`.
const TITLE_SEPARATORS: [&str; 7] = [" | ", " — ", " – ", " · ", " • ", " :: ", " - "];

/// What Sphinx writes in the place of a title that it does not know.
const UNTITLED: &str = "<no title>";

/// The title in plain text: the first heading of the content, what the profile points at, or the page's `title`.
pub(super) fn title(page: &Page<'_>, reader: &Reader<'_>, blocks: &[Block]) -> String {
    let stated = || title_element(page, reader).map(|element| plain_text(&read_line(reader, element, 0)));
    first_heading(blocks).or_else(stated).or_else(|| document_title(page.html())).unwrap_or_default()
}

/// The heading that stands outside of the content, as themes with a banner have it.
pub(super) fn outer_heading(
    page: &Page<'_>,
    reader: &Reader<'_>,
    root: ElementRef<'_>,
    blocks: &[Block],
) -> Option<Block> {
    let element = title_element(page, reader)?;
    // Where the profile says that the title is a heading although it is no `h1`, those of the content are below it.
    let is_stated = reader.profile.headings.level(element) == Some(1);
    let content = read_line(reader, element, 0);
    let begins_with_title = matches!(blocks.first(), Some(Block::Heading { level: 1, .. }));
    let is_first = if is_stated {
        !begins_with_title
    } else {
        first_heading(blocks).is_none() || is_named(page, &plain_text(&content), blocks)
    };
    if !is_first || (name(element) != "h1" && !is_stated) {
        return None;
    }
    let is_inside = ancestry(element).any(|above| above.id() == root.id());
    (!is_inside).then(|| Block::Heading { level: 1, id: element.attr("id").map(str::to_owned), content })
}

/// Whether the page's `title` says that a heading outside of the content is the page's own, and the content does not
/// repeat it: a writer may use first-level headings for the parts of a page.
fn is_named(page: &Page<'_>, heading: &str, blocks: &[Block]) -> bool {
    let is_repeated = blocks.iter().any(
        |block| matches!(block, Block::Heading { level: 1, content, .. } if plain_text(content) == heading),
    );
    !is_repeated && document_title(page.html()).is_some_and(|title| title == heading)
}

/// The element that the profile points at for the title.
fn title_element<'a>(page: &'a Page<'_>, reader: &Reader<'_>) -> Option<ElementRef<'a>> {
    let matches = page.select_by_preference(&reader.profile.title);
    let mut first_of_each =
        matches.filter_map(|matches| matches.into_iter().find(|found| !is_of_menu(*found)));
    first_of_each.find(|element| !read_line(reader, *element, 0).is_empty())
}

/// Whether an element stands in a menu, whose heading names the site.
fn is_of_menu(element: ElementRef<'_>) -> bool {
    let is_menu = |above: ElementRef<'_>| {
        matches!(name(above), "aside" | "nav") || attr(above, "role") == Some("navigation")
    };
    ancestry(element).any(is_menu)
}

/// A first-level heading of the content.
fn first_heading(blocks: &[Block]) -> Option<String> {
    blocks.iter().find_map(|block| match block {
        Block::Heading { level: 1, content, .. } => Some(plain_text(content)),
        _ => None,
    })
}

/// The page's `title` or Open Graph title without the name of the site.
fn document_title(html: &Html) -> Option<String> {
    let title = title_text(html).or_else(|| meta(html, "meta[property='og:title']"))?;
    Some(first_part(&title).to_owned()).filter(|title| !title.is_empty())
}

/// What the page's `title` names besides the page, which is mostly the site: its last part, or all of it where it has
/// one part and that is not the first heading of the content.
pub(super) fn site(html: &Html, blocks: &[Block]) -> Option<String> {
    let title = title_text(html)?;
    let last =
        TITLE_SEPARATORS.iter().find_map(|separator| title.split_once(separator)?.1.rsplit(separator).next());
    let own = || first_heading(blocks).is_some_and(|heading| heading == title);
    let site = match last {
        // The site may have a motto behind its name.
        Some(last) => first_part(last).to_owned(),
        None if own() => return None,
        None => title,
    };
    (!site.is_empty()).then_some(site)
}

/// The words of the page's `title` element; of a page without a title, those that name the site.
fn title_text(html: &Html) -> Option<String> {
    let text = first(html, "head title, title").map(|title| one_line(&title.text().collect::<String>()))?;
    let text = match text.strip_prefix(UNTITLED) {
        Some(site) => site.trim_start_matches(|next: char| !next.is_alphanumeric()).to_owned(),
        None => text,
    };
    (!text.is_empty()).then_some(text)
}

/// What stands before the first mark that separates the parts of a title.
fn first_part(title: &str) -> &str {
    let own = TITLE_SEPARATORS.iter().find_map(|separator| title.split_once(separator)).map(|(own, _)| own);
    own.unwrap_or(title).trim()
}

/// The page's own one-line description.
pub(super) fn description(page: &Page<'_>) -> Option<String> {
    let named = first_meta(page, "name", |name| name.eq_ignore_ascii_case("description"));
    let stated = named.or_else(|| first_meta(page, "property", |name| name == "og:description"));
    // No visitor sees it, so it is no place to speak to an assistant.
    stated.filter(|text| addressing(text).is_none())
}

/// What the first `meta` of a name states, if that is anything.
fn first_meta(page: &Page<'_>, attribute: &str, is_wanted: fn(&str) -> bool) -> Option<String> {
    let mut stated = page.names().with_attribute(page.html(), attribute);
    let first =
        stated.find(|element| name(*element) == "meta" && attr(*element, attribute).is_some_and(is_wanted));
    attr(first?, "content").map(one_line).filter(|content| !content.is_empty())
}

/// The language tag of the page.
pub(super) fn language(html: &Html) -> Option<String> {
    let root = html.root_element();
    let tag = root.attr("lang").or_else(|| root.attr("xml:lang"))?.trim();
    (!tag.is_empty()).then(|| tag.to_owned())
}

/// The labels of the breadcrumb trail, without the page itself.
pub(super) fn breadcrumbs(page: &Page<'_>, reader: &Reader<'_>, title: &str) -> Vec<String> {
    let found = page.select_by_preference(&reader.profile.breadcrumbs).find(|matches| !matches.is_empty());
    let mut labels = Vec::new();
    for entry in found.unwrap_or_default() {
        let label = label_of(reader, entry);
        let is_mark = !label.chars().any(char::is_alphanumeric);
        if !is_mark && labels.last() != Some(&label) {
            labels.push(label);
        }
    }
    if labels.last().is_some_and(|last| last == title) {
        labels.pop();
    }
    labels
}

/// The words of a breadcrumb: those of its link, if it has one.
fn label_of(reader: &Reader<'_>, entry: ElementRef<'_>) -> String {
    let link = descendants(entry).find(|below| name(*below) == "a").unwrap_or(entry);
    one_line(&flat_text(reader, link))
}

fn meta(html: &Html, selector: &str) -> Option<String> {
    first(html, selector)?.attr("content").map(one_line).filter(|content| !content.is_empty())
}

fn first<'a>(html: &'a Html, selector: &str) -> Option<ElementRef<'a>> {
    let selector = Selector::parse(selector).ok()?;
    html.select(&selector).find(|element| name(*element) != "title" || element.parent().is_some_and(not_svg))
}

/// Drawings have titles too.
fn not_svg(parent: ego_tree::NodeRef<'_, scraper::Node>) -> bool {
    parent.value().as_element().is_none_or(|element| matches!(element.name(), "head" | "body" | "html"))
}
