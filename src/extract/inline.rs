//! Runs of text within a block: emphasis, code, links, keys, images.

use ego_tree::NodeRef;
use scraper::{ElementRef, Node};

use crate::document::Inline;
use crate::extract::dom::name;
use crate::extract::hidden::is_left_out;
use crate::extract::reader::{Reader, is_block};
use crate::extract::text::{fold, without_final_breaks};
use crate::extract::{api, footnote, links, math, media};

/// The deepest nesting that is read as structure.
const MAX_DEPTH: usize = 120;

/// Everything inside of an element as one finished line; blocks in it are set apart by spaces.
pub(super) fn read_line(reader: &Reader<'_>, element: ElementRef<'_>, depth: usize) -> Vec<Inline> {
    without_final_breaks(fold(read_content(reader, element, depth)))
}

/// Reads an element with its own meaning into a line.
pub(super) fn read(reader: &Reader<'_>, element: ElementRef<'_>, line: &mut Vec<Inline>, depth: usize) {
    if math::is_math(element) {
        line.extend(math::inline_of(element));
        return;
    }
    if is_left_out(element, reader.profile) {
        return;
    }
    if depth > MAX_DEPTH {
        line.push(Inline::Text(flat_text(reader, element)));
        return;
    }
    if reader.profile.footnote.references.matches(element)
        && let Some(reference) = footnote::reference(reader, element)
    {
        line.push(reference);
        return;
    }
    if reader.profile.api.names.matches(element) || reader.profile.api.labels.matches(element) {
        line.extend(api::name_of(reader, element));
        return;
    }
    // docutils before 0.15 wrote the colon itself.
    if reader.profile.api.classifiers.matches(element) && !ends_with_colon(line) {
        line.push(Inline::Text(" : ".to_owned()));
    }
    match name(element) {
        "br" => line.push(Inline::Break),
        "wbr" => {}
        "strong" | "b" => wrap(reader, element, line, depth, Inline::Strong),
        "em" | "i" | "cite" | "dfn" | "var" => wrap(reader, element, line, depth, Inline::Emphasis),
        "del" | "s" | "strike" => wrap(reader, element, line, depth, Inline::Strikethrough),
        "sub" => wrap(reader, element, line, depth, Inline::Subscript),
        "sup" => read_superscript(reader, element, line, depth),
        "code" | "samp" | "tt" => read_code(reader, element, line, depth),
        "pre" => line.push(Inline::Code(flat_text(reader, element))),
        "kbd" => line.push(Inline::Keyboard(keys_of(reader, element))),
        "q" => {
            line.push(Inline::Text("\u{201C}".to_owned()));
            line.extend(read_content(reader, element, depth));
            line.push(Inline::Text("\u{201D}".to_owned()));
        }
        "a" => links::read(reader, element, line, depth),
        "img" => line.extend(media::image(reader, element)),
        "iframe" | "video" | "audio" => line.extend(media::embedded(reader, element)),
        _ if is_block(element) => {
            line.push(Inline::Text(" ".to_owned()));
            line.extend(read_content(reader, element, depth));
            line.push(Inline::Text(" ".to_owned()));
        }
        _ => line.extend(read_content(reader, element, depth)),
    }
}

fn ends_with_colon(line: &[Inline]) -> bool {
    let mut texts = line.iter().rev().map(|inline| match inline {
        Inline::Text(text) => text.trim_end(),
        _ => "-",
    });
    texts.find(|text| !text.is_empty()).is_some_and(|text| text.ends_with(':'))
}

/// What is inside of an element, not yet folded.
pub(super) fn read_content(reader: &Reader<'_>, element: ElementRef<'_>, depth: usize) -> Vec<Inline> {
    let mut line = Vec::new();
    for child in element.children() {
        if let Some(text) = child.value().as_text() {
            line.push(Inline::Text(text.to_string()));
        } else if let Some(child) = ElementRef::wrap(child) {
            read(reader, child, &mut line, depth + 1);
        }
    }
    line
}

fn wrap(
    reader: &Reader<'_>,
    element: ElementRef<'_>,
    line: &mut Vec<Inline>,
    depth: usize,
    wrapper: fn(Vec<Inline>) -> Inline,
) {
    line.push(wrapper(read_content(reader, element, depth)));
}

/// Superscript, save that a reference to a footnote needs none around it.
fn read_superscript(reader: &Reader<'_>, element: ElementRef<'_>, line: &mut Vec<Inline>, depth: usize) {
    let content = read_content(reader, element, depth);
    let is_reference = content.iter().any(|inline| matches!(inline, Inline::FootnoteReference(_)));
    if is_reference {
        line.extend(content);
    } else {
        line.push(Inline::Superscript(content));
    }
}

/// Inline code; a link in it is kept around its own part.
fn read_code(reader: &Reader<'_>, element: ElementRef<'_>, line: &mut Vec<Inline>, depth: usize) {
    let has_parts = element
        .children()
        .filter_map(ElementRef::wrap)
        .any(|child| matches!(name(child), "a" | "code" | "img") || math::is_math(child));
    if !has_parts {
        let text = flat_text(reader, element);
        // A space in the letters of code keeps words apart and is no code.
        let is_space = !text.is_empty() && text.chars().all(char::is_whitespace);
        line.push(if is_space { Inline::Text(" ".to_owned()) } else { Inline::Code(text) });
        return;
    }
    let mut run = String::new();
    for child in element.children() {
        if let Some(text) = child.value().as_text() {
            run.push_str(text);
        } else if let Some(child) = ElementRef::wrap(child) {
            match name(child) {
                "a" if !links::is_permalink(child) => match links::target(reader, child) {
                    Some(url) => {
                        push_code(&mut run, line);
                        line.push(Inline::Link {
                            url,
                            content: vec![Inline::Code(flat_text(reader, child))],
                        });
                    }
                    None => run.push_str(&flat_text(reader, child)),
                },
                "a" => {}
                "img" => {
                    push_code(&mut run, line);
                    read(reader, child, line, depth + 1);
                }
                _ => run.push_str(&flat_text(reader, child)),
            }
        }
    }
    push_code(&mut run, line);
}

/// Moves what is there of a line of code into the line, with the spaces around it outside of the code.
fn push_code(run: &mut String, line: &mut Vec<Inline>) {
    let code = std::mem::take(run);
    let inner = code.trim();
    let space = || Inline::Text(" ".to_owned());
    if code.starts_with(char::is_whitespace) {
        line.push(space());
    }
    if !inner.is_empty() {
        line.push(Inline::Code(inner.to_owned()));
        if code.ends_with(char::is_whitespace) {
            line.push(space());
        }
    }
}

/// Keys in one element, joined as they are shown.
fn keys_of(reader: &Reader<'_>, element: ElementRef<'_>) -> String {
    flat_text(reader, element).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The visible text of an element without structure. It does not recurse, so any depth is safe.
pub(super) fn flat_text(reader: &Reader<'_>, element: ElementRef<'_>) -> String {
    let mut text = String::new();
    let mut pending: Vec<NodeRef<'_, Node>> = vec![*element];
    while let Some(node) = pending.pop() {
        if let Some(run) = node.value().as_text() {
            text.push_str(run);
        } else if let Some(child) = ElementRef::wrap(node) {
            if child.id() != element.id() && is_left_out(child, reader.profile) {
                continue;
            }
            if name(child) == "br" {
                text.push('\n');
            }
            if child.id() != element.id() && is_block(child) && !text.ends_with(char::is_whitespace) {
                text.push(' ');
            }
            let first = pending.len();
            pending.extend(node.children());
            if let Some(added) = pending.get_mut(first..) {
                added.reverse();
            }
        }
    }
    text
}
