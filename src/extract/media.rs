//! Images, embedded media and diagrams.

use scraper::ElementRef;

use crate::document::{CodeBlock, Inline};
use crate::extract::addressing::addressing;
use crate::extract::dom::{descendants, has_class, name};
use crate::extract::flow::Flow;
use crate::extract::links::resolve;
use crate::extract::reader::Reader;
use crate::extract::text::{clean_code, one_line};

/// Where scripts keep the address of an image until it is in view, best first.
const LAZY_SOURCES: [&str; 4] = ["data-src", "data-lazy-src", "data-original", "data-canonical-src"];

/// An image; an emoji drawn as one is its character, and one without an address its words.
pub(super) fn image(reader: &Reader<'_>, element: ElementRef<'_>) -> Option<Inline> {
    let alt = unspoken(element.attr("alt").unwrap_or_default());
    let is_emoji = element
        .value()
        .classes()
        .any(|class| matches!(class, "emoji" | "twemoji" | "emojione" | "gemoji" | "g-emoji"));
    if is_emoji && !alt.is_empty() {
        return Some(Inline::Text(alt));
    }
    let lazy = LAZY_SOURCES.iter().find_map(|key| element.attr(key));
    let source = lazy.or_else(|| element.attr("src")).filter(|source| !source.trim().is_empty());
    let first_of_set =
        || element.attr("srcset").or_else(|| element.attr("data-srcset"))?.split_whitespace().next();
    let source = source.or_else(first_of_set);
    let url = source.filter(|source| !source.starts_with("data:")).and_then(|source| resolve(reader, source));
    match url {
        Some(url) => Some(Inline::Image { url, alt }),
        None if !alt.is_empty() => Some(Inline::Text(alt)),
        None => None,
    }
}

/// The words of an attribute that nobody sees where all is well; none where they give orders to an assistant.
fn unspoken(words: &str) -> String {
    let words = one_line(words);
    if addressing(&words).is_some() { String::new() } else { words }
}

/// Embedded media between blocks: a paragraph of its own.
pub(super) fn read_embedded(reader: &Reader<'_>, element: ElementRef<'_>, flow: &mut Flow) {
    if let Some(inline) = embedded(reader, element) {
        flow.end_line();
        flow.push_inline(inline);
        flow.end_line();
    }
}

/// A frame, video or sound as a link to it.
pub(super) fn embedded(reader: &Reader<'_>, element: ElementRef<'_>) -> Option<Inline> {
    let inside =
        || descendants(element).find(|below| name(*below) == "source").and_then(|found| found.attr("src"));
    let source = element.attr("src").or_else(|| element.attr("data-src")).or_else(inside)?;
    let url = resolve(reader, source).filter(|url| url.starts_with("http"))?;
    let words = ["title", "aria-label"].iter().find_map(|key| element.attr(key)).map(unspoken);
    let label = words.filter(|words| !words.is_empty()).unwrap_or_else(|| url.clone());
    Some(Inline::Link { url, content: vec![Inline::Text(label)] })
}

/// Whether the element is a diagram in a language of text.
pub(super) fn is_diagram(element: ElementRef<'_>) -> bool {
    has_class(element, "mermaid") && matches!(name(element), "div" | "pre" | "figure")
}

/// Reads the source of a diagram; one that a script has drawn has none any more.
pub(super) fn read_diagram(element: ElementRef<'_>, flow: &mut Flow) {
    if descendants(element).any(|below| name(below) == "svg") {
        return;
    }
    let text = clean_code(&element.text().collect::<String>());
    let text = without_margin(text.trim_matches('\n').trim_end());
    if !text.trim().is_empty() {
        flow.push_code(CodeBlock { language: Some("mermaid".to_owned()), caption: None, text });
    }
}

/// The text without the margin that a template puts before its first line, or before all of them.
fn without_margin(text: &str) -> String {
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let least = rest.lines().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
    let margin = if least < indent(first) { 0 } else { indent(first) };
    let mut kept = first.trim_start_matches(' ').to_owned();
    for line in rest.lines() {
        kept.push('\n');
        kept.push_str(line.get(margin.min(indent(line))..).unwrap_or_default());
    }
    kept
}
