//! Blocks of code, to the letter.
//!
//! What a visitor would copy is wanted: the lines as they stand, without numbers, buttons and markers. Highlighters
//! wrap lines in elements and some leave the line break to the style sheet, so a line element always begins a line.

use ego_tree::NodeRef;
use ego_tree::iter::Edge;
use scraper::{ElementRef, Node};

use crate::document::CodeBlock;
use crate::extract::dom::{ancestry, descendants, has_class, is_blank_text, name};
use crate::extract::file_name::language_of;
use crate::extract::flow::Flow;
use crate::extract::frame::caption_text;
use crate::extract::hidden::{is_hidden, is_never_shown};
use crate::extract::language::stated_language;
use crate::extract::reader::Reader;
use crate::extract::signature::language;
use crate::extract::text::{clean_code, one_line};
use crate::profile::{SelectorProfile, Selectors};

/// Attributes of a listing that name its file.
const NAME_ATTRIBUTES: [&str; 5] =
    ["data-filename", "data-file", "data-title", "data-code-title", "filename"];

/// Whether the element is a block of code as a whole.
pub(super) fn is_block(reader: &Reader<'_>, element: ElementRef<'_>) -> bool {
    match name(element) {
        "pre" => true,
        "table" => reader.profile.code.tables.matches(element),
        _ => reader.profile.code.blocks.matches(element) && holds_one_block(reader, element),
    }
}

/// A wrapper around several blocks is no block itself.
fn holds_one_block(reader: &Reader<'_>, element: ElementRef<'_>) -> bool {
    let blocks = descendants(element).filter(|below| {
        name(*below) == "pre"
            && !ancestry(*below).skip(1).any(|above| name(above) == "pre" || name(above) == "table")
    });
    let tables = descendants(element).filter(|below| reader.profile.code.tables.matches(*below));
    match blocks.count() + tables.count() {
        // Editors in the page show each line in an element of its own and have no `pre`.
        0 => descendants(element).any(|below| reader.profile.code.lines.matches(below)),
        held => held == 1,
    }
}

/// Whether the element is `code` that stands alone and is set in lines, as some write a listing without `pre`.
pub(super) fn is_lone_listing(element: ElementRef<'_>) -> bool {
    if name(element) != "code" {
        return false;
    }
    let keeps_lines = element.attr("style").is_some_and(|style| {
        let style: String = style.chars().filter(|next| !next.is_whitespace()).collect();
        style.contains("white-space:pre")
    });
    let has_lines = (keeps_lines && element.text().any(|run| run.trim().contains('\n')))
        || element.child_elements().any(|child| name(child) == "br");
    let is_other = |node: NodeRef<'_, Node>| {
        node.id() != element.id()
            && (node.value().is_element() || !is_blank_text(node))
            && !node.value().is_comment()
    };
    has_lines && element.parent().is_some_and(|parent| !parent.children().any(is_other))
}

/// Reads a block of code. Empty blocks leave nothing.
pub(super) fn read(reader: &Reader<'_>, element: ElementRef<'_>, flow: &mut Flow) {
    let holder = code_holder(reader, element);
    let versions = versions_in(holder);
    if versions.is_empty() {
        return read_listing(reader, element, holder, flow);
    }
    versions.into_iter().for_each(|version| read_listing(reader, version, version, flow));
}

/// A box to tick within a listing shows one of several versions of it, each in a `code` of its own (Node.js: modules of
/// ECMAScript or CommonJS).
fn versions_in(holder: ElementRef<'_>) -> Vec<ElementRef<'_>> {
    let children = |tag: &'static str| holder.child_elements().filter(move |child| name(*child) == tag);
    let versions: Vec<_> = children("code").collect();
    let has_switch = || children("input").any(|input| input.attr("type") == Some("checkbox"));
    if versions.len() > 1 && has_switch() { versions } else { Vec::new() }
}

fn read_listing(reader: &Reader<'_>, element: ElementRef<'_>, holder: ElementRef<'_>, flow: &mut Flow) {
    let frame = reader.frames.get(&element.id());
    let said = stated_language(reader.profile, holder);
    let is_silent = said.is_none();
    let stated = match said {
        Some(language) => (!language.is_empty()).then_some(language),
        None => frame
            .and_then(|frame| frame.language.clone())
            .or_else(|| signature_language(reader.profile, holder)),
    };
    let signs = signs_of(reader.profile, holder, stated.as_deref());
    let text = code_text(reader.profile, holder, signs);
    if text.trim().is_empty() {
        return;
    }
    // Old and new lines side by side are code of no language but that of differences.
    let language = if signs == Signs::Drawn { Some("diff".to_owned()) } else { stated };
    let caption = descendants(element)
        .find(|below| reader.profile.code.captions.matches(*below))
        .map(|caption| caption_text(caption, reader.profile))
        .filter(|caption| !caption.is_empty())
        .or_else(|| frame.and_then(|frame| frame.caption.clone()))
        .or_else(|| stated_name(holder));
    let by_name = || caption.as_deref().filter(|_| is_silent).and_then(language_of);
    let language = language.or_else(by_name);
    flow.push_code(CodeBlock { language, caption, text });
}

/// The language of code that is a signature.
fn signature_language(profile: &SelectorProfile, holder: ElementRef<'_>) -> Option<String> {
    let is_signature = |element: ElementRef<'_>| profile.api.signatures.matches(element);
    ancestry(holder).take(3).find(|above| is_signature(*above)).and_then(|above| language(profile, above))
}

/// The name of the file where an attribute has it.
fn stated_name(holder: ElementRef<'_>) -> Option<String> {
    let code = holder.child_elements().find(|child| name(*child) == "code");
    let attribute = |element: ElementRef<'_>| {
        NAME_ATTRIBUTES.iter().find_map(|key| element.attr(key)).map(one_line).filter(|name| !name.is_empty())
    };
    attribute(holder).or_else(|| code.and_then(attribute))
}

/// Whether the signs of a difference are in the text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Signs {
    /// They are, or there are none.
    Written,
    /// The style sheet draws them beside the lines.
    Drawn,
}

/// A visitor sees a plus or minus beside each changed line. Where lines are only added, the block as it will be is worth
/// more with its own language; where some are taken away too, nobody could tell what holds without the signs.
fn signs_of(profile: &SelectorProfile, holder: ElementRef<'_>, language: Option<&str>) -> Signs {
    let has = |lines: &Selectors| !lines.is_empty() && descendants(holder).any(|below| lines.matches(below));
    let are_needed = has(&profile.code.removed) || (language == Some("diff") && has(&profile.code.added));
    if are_needed { Signs::Drawn } else { Signs::Written }
}

/// The innermost element with all of the code: the table of numbers and code, the `pre`, or the element itself.
fn code_holder<'a>(reader: &Reader<'_>, element: ElementRef<'a>) -> ElementRef<'a> {
    let inside = || {
        descendants(element).find(|below| reader.profile.code.tables.matches(*below) || name(*below) == "pre")
    };
    if matches!(name(element), "pre" | "table") { element } else { inside().unwrap_or(element) }
}

/// The code inside of an element, without line breaks at either end.
fn code_text(profile: &SelectorProfile, holder: ElementRef<'_>, signs: Signs) -> String {
    let mut lines = Lines { signs, ..Lines::default() };
    // `traverse` has no way to pass over a subtree, so the edges of one that is left out are counted off.
    let mut left_out: Option<ego_tree::NodeId> = None;
    for edge in holder.traverse() {
        match edge {
            Edge::Open(node) if left_out.is_none() => open(profile, holder, node, &mut lines, &mut left_out),
            Edge::Close(node) if left_out == Some(node.id()) => left_out = None,
            Edge::Close(node)
                if left_out.is_none() && node.id() != holder.id() && ends_line(profile, node) =>
            {
                lines.end_line_element();
            }
            _ => {}
        }
    }
    tidy(&clean_code(&lines.text))
}

fn open(
    profile: &SelectorProfile,
    holder: ElementRef<'_>,
    node: NodeRef<'_, Node>,
    lines: &mut Lines,
    left_out: &mut Option<ego_tree::NodeId>,
) {
    if let Some(text) = node.value().as_text() {
        if !is_markup_space(node) {
            lines.push(text);
        }
        return;
    }
    let Some(element) = ElementRef::wrap(node).filter(|element| element.id() != holder.id()) else { return };
    if is_never_shown(element)
        || profile.code.remove.matches(element)
        || (is_hidden(element) && !profile.keep.matches(element))
    {
        *left_out = Some(element.id());
    } else if name(element) == "br" {
        lines.push("\n");
    } else if is_line(profile, node) {
        lines.begin_line_element();
        lines.sign = match signs_at(profile, element) {
            Some(sign) if lines.signs == Signs::Drawn => Some(sign),
            _ => lines.sign,
        };
    }
}

/// What a style sheet draws before a line, where signs are drawn at all.
fn signs_at(profile: &SelectorProfile, line: ElementRef<'_>) -> Option<char> {
    if profile.code.added.matches(line) {
        Some('+')
    } else if profile.code.removed.matches(line) {
        Some('-')
    } else {
        profile.code.lines.matches(line).then_some(' ')
    }
}

/// White space between the tags of a table of code is markup, not code.
fn is_markup_space(node: NodeRef<'_, Node>) -> bool {
    is_blank_text(node)
        && node
            .parent()
            .and_then(ElementRef::wrap)
            .is_some_and(|parent| matches!(name(parent), "table" | "thead" | "tbody" | "tr" | "ol" | "ul"))
}

/// Whether the node is an element that holds one line (or begins one, as blocks do).
fn is_line(profile: &SelectorProfile, node: NodeRef<'_, Node>) -> bool {
    let Some(element) = ElementRef::wrap(node) else { return false };
    profile.code.lines.matches(element)
        || matches!(name(element), "div" | "p" | "li" | "tr")
            && !has_class(element, "highlight")
            && !stands_in_span_line(profile, node)
}

/// A block within a line that is a `span` is a part of it: what shows a note when one points at a word (twoslash).
fn stands_in_span_line(profile: &SelectorProfile, node: NodeRef<'_, Node>) -> bool {
    node.ancestors().take_while(|above| !is_pre(*above)).any(|above| is_span_line(profile, above))
}

/// Whether a line is over where the element ends. A token of several lines makes a highlighter that knows nothing of
/// tokens put lines into a line; what stands behind the last of them is on that line still.
fn ends_line(profile: &SelectorProfile, node: NodeRef<'_, Node>) -> bool {
    let is_inside = || {
        let is_span = ElementRef::wrap(node).is_some_and(|element| name(element) == "span");
        is_span && stands_in_span_line(profile, node)
    };
    is_line(profile, node) && !is_inside()
}

fn is_pre(node: NodeRef<'_, Node>) -> bool {
    ElementRef::wrap(node).is_none_or(|element| name(element) == "pre")
}

fn is_span_line(profile: &SelectorProfile, node: NodeRef<'_, Node>) -> bool {
    ElementRef::wrap(node)
        .is_some_and(|element| name(element) == "span" && profile.code.lines.matches(element))
}

/// Text with a line break that is due but not yet written, and the sign of the line that has begun.
struct Lines {
    text: String,
    is_due: bool,
    signs: Signs,
    sign: Option<char>,
    /// Where the innermost line element began.
    begun: usize,
}

impl Default for Lines {
    fn default() -> Self {
        Self { text: String::new(), is_due: false, signs: Signs::Written, sign: None, begun: 0 }
    }
}

impl Lines {
    fn push(&mut self, run: &str) {
        if run.is_empty() {
            return;
        }
        if std::mem::take(&mut self.is_due) && !run.starts_with('\n') && !run.starts_with("\r\n") {
            self.text.push('\n');
        }
        if let Some(sign) = self.sign.take() {
            self.text.push(sign);
        }
        self.text.push_str(run);
    }

    fn begin_line_element(&mut self) {
        let is_open = !self.text.is_empty() && !self.text.ends_with('\n');
        if std::mem::take(&mut self.is_due) || is_open {
            self.text.push('\n');
        }
        self.begun = self.text.len();
    }

    /// A line that brought its own break needs none; an empty line needs one like any other.
    fn end_line_element(&mut self) {
        self.is_due = self.text.len() == self.begun || !self.text.ends_with('\n');
    }
}

/// Without blank lines at either end, and without the final line break.
fn tidy(code: &str) -> String {
    let mut kept = code;
    while let Some((first, rest)) = kept.split_once('\n') {
        if !first.trim().is_empty() {
            break;
        }
        kept = rest;
    }
    kept.trim_end().to_owned()
}
