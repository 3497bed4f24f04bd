//! Runs within a line.

use crate::document::{Inline, plain_text};
use crate::markdown::code::longest_run;
use crate::markdown::escape;

/// Where a line stands decides what a break is and what needs a backslash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// A paragraph: a break is a backslash at the end of the line.
    Paragraph,
    /// A heading or label: a break is a space.
    Line,
    /// A cell of a table: a break is `<br>`, and pipes need a backslash.
    Cell,
}

/// The inlines of a paragraph.
pub(super) fn write(inlines: &[Inline]) -> String {
    write_in(inlines, Place::Paragraph)
}

/// The inlines of a heading or label, on one line.
pub(super) fn write_line(inlines: &[Inline]) -> String {
    write_in(inlines, Place::Line)
}

/// The inlines of a table cell.
pub(super) fn write_cell(inlines: &[Inline]) -> String {
    write_in(inlines, Place::Cell)
}

/// A label as a footnote may have it.
pub(super) fn footnote_label(label: &str) -> String {
    let plain = |next: char| if next.is_whitespace() || matches!(next, '[' | ']' | '^') { '-' } else { next };
    label.trim().chars().map(plain).collect()
}

fn write_in(inlines: &[Inline], place: Place) -> String {
    let mut line = String::new();
    write_all(inlines, place, Around::default(), &mut line);
    line.trim().to_owned()
}

/// What surrounds the inlines that are written: emphasis and links do not nest in themselves.
#[derive(Clone, Copy, Default)]
struct Around {
    is_strong: bool,
    is_emphasis: bool,
    is_link: bool,
}

fn write_all(inlines: &[Inline], place: Place, around: Around, line: &mut String) {
    for (index, inline) in inlines.iter().enumerate() {
        let next = inlines.get(index + 1);
        match inline {
            Inline::Text(text) => line.push_str(&in_place(&escape::text(text), place)),
            Inline::Code(code) => push_code(code, place, line),
            Inline::Keyboard(key) => {
                line.push_str(&format!("<kbd>{}</kbd>", in_place(&escape::text(key), place)));
            }
            Inline::Emphasis(content) if around.is_emphasis => write_all(content, place, around, line),
            Inline::Emphasis(content) => {
                let mark = if line.ends_with('*') { "_" } else { "*" };
                let inside = Around { is_emphasis: true, ..around };
                push_marked(content, [mark, "<em>", "</em>"], place, inside, next, line);
            }
            Inline::Strong(content) if around.is_strong => write_all(content, place, around, line),
            Inline::Strong(content) => {
                let inside = Around { is_strong: true, ..around };
                push_marked(content, ["**", "<strong>", "</strong>"], place, inside, next, line);
            }
            Inline::Strikethrough(content) => {
                push_marked(content, ["~~", "<del>", "</del>"], place, around, next, line);
            }
            Inline::Subscript(content) => push_tagged(content, "sub", place, around, line),
            Inline::Superscript(content) => push_tagged(content, "sup", place, around, line),
            Inline::Link { content, .. } if around.is_link => write_all(content, place, around, line),
            Inline::Link { url, content } => push_link(url, content, place, around, line),
            Inline::Image { url, alt } => {
                let alt = escape::in_brackets(&in_place(&escape::text(alt), place));
                line.push_str(&format!("![{alt}]({})", destination(url, place)));
            }
            Inline::Math(tex) => {
                let tex = tex.split_whitespace().collect::<Vec<_>>().join(" ");
                let tex = if place == Place::Cell { tex.replace('|', "\\|") } else { tex };
                line.push_str(&format!("${tex}$"));
            }
            Inline::FootnoteReference(label) => line.push_str(&format!("[^{}]", footnote_label(label))),
            Inline::Break if around.is_link => line.push(' '),
            Inline::Break => line.push_str(match place {
                Place::Paragraph => "\\\n",
                Place::Line => " ",
                Place::Cell => "<br>",
            }),
        }
    }
}

/// What is written already, fit for its place.
fn in_place(written: &str, place: Place) -> String {
    if place == Place::Cell { written.replace('|', "\\|") } else { written.to_owned() }
}

/// Inline code behind as many backticks as it takes (CommonMark §6.1).
fn push_code(code: &str, place: Place, line: &mut String) {
    let fence = "`".repeat(if code.contains('`') { longest_run(code, '`') + 1 } else { 1 });
    let is_padded = code.starts_with('`')
        || code.ends_with('`')
        || (code.starts_with(' ') && code.ends_with(' ') && !code.trim().is_empty());
    let pad = if is_padded { " " } else { "" };
    let code = in_place(&code.replace('\n', " "), place);
    line.push_str(&format!("{fence}{pad}{code}{pad}{fence}"));
}

/// Emphasis. A mark that stands between punctuation and a letter is not read as one (CommonMark §6.2): then the
/// punctuation moves out if it is plain, and else a tag says the same.
fn push_marked(
    content: &[Inline],
    [mark, open, close]: [&str; 3],
    place: Place,
    around: Around,
    next: Option<&Inline>,
    line: &mut String,
) {
    let mut inner = String::new();
    write_all(content, place, around, &mut inner);
    if inner.trim().is_empty() {
        return;
    }
    let follows_letter = line.chars().next_back().is_some_and(is_letter);
    let starts_badly = follows_letter && !inner.starts_with(is_letter);
    let precedes_letter = next.is_some_and(starts_with_letter);
    let ends_badly = precedes_letter && !inner.ends_with(is_letter);
    // An underscore opens nothing within a word.
    let mark = if mark == "_" && (follows_letter || precedes_letter) { "*" } else { mark };
    if !starts_badly && !ends_badly {
        line.push_str(&format!("{mark}{inner}{mark}"));
        return;
    }
    let core = inner.trim_end_matches(|last: char| is_plain_punctuation(last));
    if !starts_badly && core.ends_with(is_letter) {
        let tail = inner.get(core.len()..).unwrap_or_default();
        line.push_str(&format!("{mark}{core}{mark}{tail}"));
    } else {
        line.push_str(&format!("{open}{inner}{close}"));
    }
}

fn is_letter(character: char) -> bool {
    !character.is_whitespace() && !is_punctuation(character)
}

/// Punctuation as CommonMark counts it: ASCII's, and what Unicode has beyond letters and digits.
fn is_punctuation(character: char) -> bool {
    character.is_ascii_punctuation() || (!character.is_ascii() && !character.is_alphanumeric())
}

/// Punctuation that has no part in markup.
fn is_plain_punctuation(character: char) -> bool {
    matches!(character, ':' | '.' | ',' | ';' | '?' | '。' | '，' | '：' | '；' | '！' | '？' | '、' | '…')
}

fn starts_with_letter(inline: &Inline) -> bool {
    match inline {
        Inline::Text(text) => text.starts_with(is_letter),
        _ => false,
    }
}

fn push_tagged(content: &[Inline], tag: &str, place: Place, around: Around, line: &mut String) {
    let mut inner = String::new();
    write_all(content, place, around, &mut inner);
    if !inner.trim().is_empty() {
        line.push_str(&format!("<{tag}>{inner}</{tag}>"));
    }
}

fn push_link(url: &str, content: &[Inline], place: Place, around: Around, line: &mut String) {
    // A link that shows its address is an autolink.
    let is_bare = matches!(content, [Inline::Text(text)] if text == url) && url.starts_with("http");
    if is_bare && place != Place::Cell && !url.contains(['<', '>', ' ']) {
        line.push_str(&format!("<{url}>"));
        return;
    }
    // `!` before a link would make it an image.
    if line.ends_with('!') {
        line.insert(line.len() - 1, '\\');
    }
    let mut inner = String::new();
    write_all(content, place, Around { is_link: true, ..around }, &mut inner);
    let inner = inner.trim();
    let holds_markup = content.iter().any(|part| !matches!(part, Inline::Text(_)));
    let inner = if holds_markup && is_balanced(&plain_text(content)) {
        inner.to_owned()
    } else {
        escape::in_brackets(inner)
    };
    line.push_str(&format!("[{inner}]({})", destination(url, place)));
}

/// Whether brackets close in order, so that they need no backslash inside of a link.
fn is_balanced(text: &str) -> bool {
    let mut open = 0_i32;
    for character in text.chars() {
        match character {
            '[' => open += 1,
            ']' => open -= 1,
            _ => {}
        }
        if open < 0 {
            return false;
        }
    }
    open == 0
}

/// An address as a link needs it: in angle brackets where parentheses would end it.
fn destination(url: &str, place: Place) -> String {
    let url = url.replace(' ', "%20").replace('<', "%3C").replace('>', "%3E").replace('\n', "");
    let url = if place == Place::Cell { url.replace('|', "%7C") } else { url };
    if url.contains(['(', ')']) || url.is_empty() { format!("<{url}>") } else { url }
}
