//! Notes, warnings, tips and their like.

use scraper::ElementRef;

use crate::document::{Block, Inline, plain_text};
use crate::extract::dom::{ancestry, attr, classes, descendants, name};
use crate::extract::flow::Flow;
use crate::extract::inline::read_line;
use crate::extract::reader::{Reader, read_children, read_node};

/// Words that generators use as the kind of an admonition.
const KINDS: [&str; 41] = [
    "note",
    "info",
    "information",
    "tip",
    "hint",
    "important",
    "warning",
    "caution",
    "danger",
    "error",
    "attention",
    "seealso",
    "see-also",
    "todo",
    "example",
    "question",
    "help",
    "faq",
    "success",
    "check",
    "done",
    "failure",
    "fail",
    "bug",
    "quote",
    "cite",
    "abstract",
    "summary",
    "tldr",
    "deprecated",
    "versionadded",
    "versionchanged",
    "versionremoved",
    "exercise",
    "solution",
    "topic",
    "sidebar",
    "primary",
    "secondary",
    "security",
    "details",
];

/// Whether generators use a word, in lower case, as the kind of an admonition.
pub fn is_admonition_kind(word: &str) -> bool {
    KINDS.contains(&word)
}

/// What stands before the kind in a class, longest first.
const PREFIXES: [&str; 15] = [
    "theme-admonition-",
    "markdown-alert-",
    "blockquote-tag-",
    "hint-container-",
    "admonition--",
    "admonition-",
    "callout--",
    "hint--",
    "hint-",
    "note--",
    "callout-",
    "alert--",
    "alert-",
    "notice--",
    "is-",
];

/// Attributes that state the kind.
const KIND_ATTRIBUTES: [&str; 8] = [
    "data-callout",
    "data-callout-type",
    "data-admonition",
    "data-alert-type",
    "data-alert",
    "data-intent",
    "data-kind",
    "data-type",
];

/// Reads an admonition; says `false` where the element turns out to be none.
pub(super) fn read(reader: &Reader<'_>, element: ElementRef<'_>, flow: &mut Flow, depth: usize) -> bool {
    let title_element = descendants(element)
        .take(24)
        .find(|below| reader.profile.admonition.titles.matches(*below) && owner_is(reader, *below, element));
    // A class like `note` on the box around a whole page is somebody's own.
    if descendants(element).any(|below| name(below) == "h1") {
        return false;
    }
    let stated = kind_of(reader, element);
    if stated.is_none() && title_element.is_none() && !is_plainly_admonition(element) {
        return false;
    }
    let kind = stated.unwrap_or_else(|| "note".to_owned());
    let title = title_element.map(|title| read_line(reader, title, depth)).unwrap_or_default();
    let mut content = read_without(reader, element, title_element, depth);
    let title = if title.is_empty() { take_inline_title(&kind, &mut content) } else { title };
    let title = (!title.is_empty() && says_more(&plain_text(&title), &kind)).then_some(title);
    if title.is_some() || !content.is_empty() {
        flow.push(Block::Admonition { kind, title, content });
    }
    true
}

/// Classes that mean an admonition even where the kind is unknown.
fn is_plainly_admonition(element: ElementRef<'_>) -> bool {
    classes(element).any(|class| {
        matches!(class, "admonition" | "theme-admonition" | "markdown-alert" | "callout" | "hint-container")
    }) || attr(element, "role") == Some("note")
}

fn owner_is(reader: &Reader<'_>, title: ElementRef<'_>, element: ElementRef<'_>) -> bool {
    ancestry(title)
        .skip(1)
        .find(|above| reader.profile.admonition.blocks.matches(*above))
        .is_some_and(|owner| owner.id() == element.id())
}

/// The kind that an attribute or a class states, in their order. One that says what it is (`hint-warning`) counts before
/// one that may be the name of all of them (`hint`).
fn kind_of(reader: &Reader<'_>, element: ElementRef<'_>) -> Option<String> {
    let kinds = &reader.profile.admonition.kinds;
    let stated = KIND_ATTRIBUTES.iter().filter_map(|key| attr(element, key)).map(str::trim);
    // `classes()` would give them sorted; Docusaurus writes the kind before the colour.
    let written = element.attr("class").unwrap_or_default().split_whitespace();
    let words: Vec<String> = stated.chain(written).map(str::to_ascii_lowercase).collect();
    let after_prefix = |word: &String| {
        let rest = PREFIXES.iter().find_map(|prefix| word.strip_prefix(prefix)).unwrap_or_default();
        let own = kinds.get(word).or_else(|| kinds.get(rest)).cloned();
        // An empty meaning says that the word is no kind, as the `hint` of GitBook.
        own.filter(|kind| !kind.is_empty()).or_else(|| KINDS.contains(&rest).then(|| rest.to_owned()))
    };
    let is_kind = |word: &&String| {
        KINDS.contains(&word.as_str()) && kinds.get(*word).is_none_or(|kind| !kind.is_empty())
    };
    let bare = || words.iter().find(is_kind).cloned();
    words.iter().find_map(after_prefix).or_else(bare).or_else(|| kind_of_colour(element))
}

/// The kind that the colour of a callout is called after, where an inline style states nothing else of it:
/// `--callout-color: var(--color-fd-warning)`.
fn kind_of_colour(element: ElementRef<'_>) -> Option<String> {
    let (_, value) = attr(element, "style")?.split_once("--callout-color:")?;
    let value = value.split([';', ',']).next()?;
    value.split(|next: char| !next.is_alphanumeric()).find(|word| KINDS.contains(word)).map(str::to_owned)
}

/// The content without the title; elements that hold nothing but the title dissolve.
fn read_without(
    reader: &Reader<'_>,
    element: ElementRef<'_>,
    title: Option<ElementRef<'_>>,
    depth: usize,
) -> Vec<Block> {
    let mut flow = Flow::default();
    let Some(title) = title else {
        read_children(reader, element, &mut flow, depth);
        return flow.finish();
    };
    let holders: Vec<_> = ancestry(title).skip(1).map(|above| above.id()).collect();
    let mut pending: Vec<_> = element.children().rev().collect();
    while let Some(node) = pending.pop() {
        if node.id() == title.id() {
            flow.end_line();
        } else if holders.contains(&node.id()) {
            pending.extend(node.children().rev());
        } else {
            read_node(reader, node, &mut flow, depth);
        }
    }
    flow.finish()
}

/// Some write the title as the bold beginning of the first paragraph, alone on its line: `<strong>Note</strong><br>`.
fn take_inline_title(kind: &str, content: &mut Vec<Block>) -> Vec<Inline> {
    let Some(Block::Paragraph(line)) = content.first_mut() else { return Vec::new() };
    let is_title = match line.as_slice() {
        [Inline::Strong(_), Inline::Break, ..] => true,
        [Inline::Strong(words)] => !says_more(&plain_text(words), kind),
        _ => false,
    };
    if !is_title {
        return Vec::new();
    }
    let rest = line.split_off(1);
    let title = std::mem::take(line);
    *line = rest.into_iter().skip_while(|inline| matches!(inline, Inline::Break)).collect();
    if line.is_empty() {
        content.remove(0);
    }
    match title.into_iter().next() {
        Some(Inline::Strong(words)) => words,
        _ => Vec::new(),
    }
}

/// Whether a title is more than the kind in other letters: `Tips` for `tip`, `See also` for `seealso`.
fn says_more(title: &str, kind: &str) -> bool {
    let plain: String =
        title.chars().filter(|next| next.is_alphanumeric()).collect::<String>().to_lowercase();
    let kind: String = kind.chars().filter(|next| next.is_alphanumeric()).collect();
    !plain.is_empty() && plain != kind && plain.strip_suffix('s') != Some(&kind)
}
