//! Text as a visitor sees it: white space folded, invisible characters out.

use std::borrow::Cow;

use crate::document::Inline;
use crate::extract::invisible::{shown, unseen};

/// The text without invisible characters.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    if text.is_ascii() && !text.bytes().any(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace()) {
        return Cow::Borrowed(text);
    }
    let mut cleaned = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    let mut previous = None;
    while let Some(character) = characters.next() {
        // Line breaks of other systems are folded by who asks.
        let kind =
            if character == '\r' { None } else { unseen(previous, character, characters.peek().copied()) };
        if kind.is_none() {
            previous = Some(character);
        }
        cleaned.extend(shown(character, kind));
    }
    Cow::Owned(cleaned)
}

/// Code without invisible characters, with plain spaces and line feeds.
pub(super) fn clean_code(text: &str) -> String {
    // Nearly all code has none of them.
    if !text.contains(['\r', '\u{2028}', '\u{2029}', '\u{A0}']) {
        return clean(text).into_owned();
    }
    clean(&text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n").replace('\u{A0}', " "))
        .into_owned()
}

/// White space as HTML folds it; the no-break space is folded too, since Markdown has no use for it.
fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r' | '\u{000C}' | '\u{A0}' | '\u{202F}' | '\u{2007}')
}

/// Plain text in one line.
pub(super) fn one_line(text: &str) -> String {
    clean(text).split(is_space).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Folds white space over the borders of inlines, moves it out of emphasis and links, and drops what is empty.
pub(super) fn fold(inlines: Vec<Inline>) -> Vec<Inline> {
    let mut folded = Vec::with_capacity(inlines.len());
    let mut after_space = true;
    fold_into(inlines, &mut folded, &mut after_space);
    trim_end(&mut folded);
    folded
}

fn fold_into(inlines: Vec<Inline>, out: &mut Vec<Inline>, after_space: &mut bool) {
    for inline in inlines {
        match inline {
            Inline::Text(text) => {
                fold_run(&clean(&text), out, after_space);
            }
            Inline::Code(text) => {
                let code = fold_code(&text);
                if code.is_empty() {
                    continue;
                }
                *after_space = false;
                if let Some(Inline::Code(before)) = out.last_mut() {
                    before.push_str(&code);
                } else {
                    out.push(Inline::Code(code));
                }
            }
            Inline::Break => {
                trim_end(out);
                if !out.is_empty() {
                    out.push(Inline::Break);
                }
                *after_space = true;
            }
            Inline::Emphasis(content) => fold_wrapper(content, Inline::Emphasis, out, after_space),
            Inline::Strong(content) => fold_wrapper(content, Inline::Strong, out, after_space),
            Inline::Strikethrough(content) => fold_wrapper(content, Inline::Strikethrough, out, after_space),
            Inline::Subscript(content) => fold_wrapper(content, Inline::Subscript, out, after_space),
            Inline::Superscript(content) => fold_wrapper(content, Inline::Superscript, out, after_space),
            Inline::Link { url, content } => {
                fold_wrapper(content, |content| Inline::Link { url, content }, out, after_space);
            }
            whole @ (Inline::Keyboard(_)
            | Inline::Image { .. }
            | Inline::Math(_)
            | Inline::FootnoteReference(_)) => {
                *after_space = false;
                out.push(whole);
            }
        }
    }
}

/// Folds the content of a wrapper; a space at its border moves outside, because `** word **` is no emphasis.
fn fold_wrapper(
    content: Vec<Inline>,
    wrap: impl FnOnce(Vec<Inline>) -> Inline,
    out: &mut Vec<Inline>,
    after_space: &mut bool,
) {
    let mut inner = Vec::with_capacity(content.len());
    fold_into(content, &mut inner, after_space);
    let leading = strip_leading_space(&mut inner);
    while matches!(inner.first(), Some(Inline::Break)) {
        inner.remove(0);
    }
    let mut breaks = 0;
    while matches!(inner.last(), Some(Inline::Break)) {
        inner.pop();
        breaks += 1;
    }
    let trailing = strip_trailing_space(&mut inner);
    if leading {
        push_text(out, " ");
    }
    if !inner.is_empty() {
        merge_or_push(wrap(inner), out);
    }
    if trailing && !(leading && ends_with_space(out)) {
        push_text(out, " ");
    }
    out.extend(std::iter::repeat_n(Inline::Break, breaks));
}

/// Two neighbours of the same emphasis are one; `**a****b**` would not be read back.
fn merge_or_push(inline: Inline, out: &mut Vec<Inline>) {
    match (out.last_mut(), inline) {
        (Some(Inline::Strong(before)), Inline::Strong(content))
        | (Some(Inline::Emphasis(before)), Inline::Emphasis(content)) => before.extend(content),
        (_, inline) => out.push(inline),
    }
}

fn ends_with_space(out: &[Inline]) -> bool {
    matches!(out.last(), Some(Inline::Text(text)) if text.ends_with(' '))
}

/// Adds a run of text to the line.
fn fold_run(text: &str, out: &mut Vec<Inline>, after_space: &mut bool) {
    if text.chars().all(|character| *after_space && is_space(character)) {
        return;
    }
    if !matches!(out.last(), Some(Inline::Text(_))) {
        out.push(Inline::Text(String::with_capacity(text.len())));
    }
    let Some(Inline::Text(run)) = out.last_mut() else { return };
    for character in text.chars() {
        if is_space(character) {
            if !*after_space {
                run.push(' ');
            }
            *after_space = true;
        } else {
            run.push(character);
            *after_space = false;
        }
    }
}

fn fold_code(text: &str) -> String {
    let cleaned = clean_code(text);
    if !cleaned.contains(['\n', '\t']) {
        return cleaned.trim().to_owned();
    }
    cleaned.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn push_text(out: &mut Vec<Inline>, run: &str) {
    if run.is_empty() {
        return;
    }
    if let Some(Inline::Text(before)) = out.last_mut() {
        before.push_str(run);
    } else {
        out.push(Inline::Text(run.to_owned()));
    }
}

fn strip_leading_space(inlines: &mut Vec<Inline>) -> bool {
    let Some(Inline::Text(text)) = inlines.first_mut() else { return false };
    if !text.starts_with(' ') {
        return false;
    }
    text.remove(0);
    if text.is_empty() {
        inlines.remove(0);
    }
    true
}

fn strip_trailing_space(inlines: &mut Vec<Inline>) -> bool {
    let Some(Inline::Text(text)) = inlines.last_mut() else { return false };
    if !text.ends_with(' ') {
        return false;
    }
    text.pop();
    if text.is_empty() {
        inlines.pop();
    }
    true
}

/// Drops spaces and breaks at the end.
fn trim_end(inlines: &mut Vec<Inline>) {
    loop {
        if strip_trailing_space(inlines) {
            continue;
        }
        if matches!(inlines.last(), Some(Inline::Break)) && inlines.len() == 1 {
            inlines.pop();
            continue;
        }
        return;
    }
}

/// Drops breaks at the end of a finished line.
pub(super) fn without_final_breaks(mut inlines: Vec<Inline>) -> Vec<Inline> {
    while matches!(inlines.last(), Some(Inline::Break)) {
        inlines.pop();
        trim_end(&mut inlines);
    }
    inlines
}

#[cfg(test)]
mod tests {
    use super::{clean, fold};
    use crate::document::Inline;

    fn text(run: &str) -> Inline {
        Inline::Text(run.to_owned())
    }

    #[test]
    fn hidden_characters_go_and_joiners_of_scripts_stay() {
        assert_eq!(clean("a\u{200B}b\u{E0041}c\u{202E}d\u{200D}e"), "abcde");
        assert_eq!(clean("👩\u{200D}💻 می\u{200C}خواهم"), "👩\u{200D}💻 می\u{200C}خواهم");
    }

    #[test]
    fn spaces_move_out_of_emphasis() {
        let folded = fold(vec![
            text(" see\n"),
            Inline::Strong(vec![text(" the "), Inline::Emphasis(vec![text(" manual ")])]),
            text(" now "),
            Inline::Strong(vec![text(" ")]),
        ]);
        assert_eq!(
            folded,
            [
                text("see "),
                Inline::Strong(vec![text("the "), Inline::Emphasis(vec![text("manual")])]),
                text(" now"),
            ]
        );
    }
}
