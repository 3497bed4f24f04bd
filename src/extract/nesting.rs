//! Takes the depth out of hostile HTML before it is parsed.
//!
//! A tree builder walks its stack of open elements for every tag, so a page of 100,000 nested elements costs minutes,
//! and unclosed formatting elements multiply themselves into every paragraph after them. Browsers cap the depth at 512
//! by moving deeper elements up; here the tags beyond the cap are left out and their text stays. Ordinary pages nest
//! less than a hundred deep and pass through without a copy.

use std::borrow::Cow;

/// The deepest nesting of elements that must be closed; what Chromium allows.
const MAX_DEPTH: usize = 512;

/// The most formatting elements that may be open at the same time.
const MAX_FORMATTING: usize = 24;

/// Elements without content.
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
];

/// Elements whose end tag may be left out; they nest only through others, which are counted.
const OPTIONAL_END: [&str; 16] = [
    "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup", "caption", "option",
    "optgroup", "rt", "rp",
];

/// Elements that the tree builder opens again in every block until they are closed (HTML §13.2.4.3).
const FORMATTING: [&str; 14] =
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// Elements whose content is text, up to their end tag.
const RAW_TEXT: [&str; 8] = ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"];

/// The HTML without tags beyond the caps; borrowed where there are none.
pub(super) fn cap_nesting(html: &str) -> Cow<'_, str> {
    let mut kept = String::new();
    let mut copied = 0;
    let mut open: Vec<Open> = Vec::new();
    let mut formatting = 0;
    let mut at = 0;
    while let Some(tag) = next_tag(html, at) {
        at = tag.end;
        let drop = if tag.is_end {
            close(&mut open, &mut formatting, &tag.name)
        } else {
            let is_formatting = FORMATTING.contains(&tag.name.as_str());
            let dropped = open.len() >= MAX_DEPTH || (is_formatting && formatting >= MAX_FORMATTING);
            if is_formatting && !dropped {
                formatting += 1;
            }
            // Beyond twice the cap nothing is remembered: an end tag that finds no partner is harmless.
            if open.len() < 2 * MAX_DEPTH || !dropped {
                open.push(Open { name: tag.name, is_formatting, dropped });
            }
            dropped
        };
        if drop {
            kept.push_str(html.get(copied..tag.start).unwrap_or_default());
            copied = tag.end;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(html);
    }
    kept.push_str(html.get(copied..).unwrap_or_default());
    Cow::Owned(kept)
}

struct Open {
    name: String,
    is_formatting: bool,
    dropped: bool,
}

struct Tag {
    start: usize,
    end: usize,
    name: String,
    is_end: bool,
}

/// Closes the innermost open element of the name; says whether its start tag was dropped.
fn close(open: &mut Vec<Open>, formatting: &mut usize, name: &str) -> bool {
    // The partner is nearly always on top; searching further than this would be quadratic.
    let searched = open.len().saturating_sub(64);
    let Some(found) = open.iter().rposition(|element| element.name == name).filter(|at| *at >= searched)
    else {
        return open.len() >= MAX_DEPTH;
    };
    let mut dropped = false;
    for element in open.drain(found..) {
        if element.is_formatting && !element.dropped {
            *formatting = formatting.saturating_sub(1);
        }
        if element.name == name {
            dropped = element.dropped;
        }
    }
    dropped
}

/// The next tag that nests, from a byte offset on; comments and raw text are passed over.
fn next_tag(html: &str, from: usize) -> Option<Tag> {
    let bytes = html.as_bytes();
    let mut at = from;
    loop {
        let start = at + html.get(at..)?.find('<')?;
        if html.get(start..)?.starts_with("<!--") {
            at = start + 4 + html.get(start + 4..)?.find("-->")? + 3;
            continue;
        }
        let is_end = bytes.get(start + 1) == Some(&b'/');
        let name_start = start + 1 + usize::from(is_end);
        let name: String = html
            .get(name_start..)?
            .chars()
            .take_while(|next| next.is_ascii_alphanumeric() || *next == '-')
            .collect::<String>()
            .to_ascii_lowercase();
        at = name_start;
        if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
            continue;
        }
        let end = tag_end(html, name_start)?;
        at = end;
        if !is_end && RAW_TEXT.contains(&name.as_str()) {
            at = end_of_raw_text(html, end, &name)?;
            continue;
        }
        let nests = !VOID.contains(&name.as_str()) && !OPTIONAL_END.contains(&name.as_str());
        if nests {
            return Some(Tag { start, end, name, is_end });
        }
    }
}

/// The offset behind a tag's `>`, outside of quotes.
fn tag_end(html: &str, from: usize) -> Option<usize> {
    let mut quote = None;
    for (offset, byte) in html.as_bytes().get(from..)?.iter().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(from + offset + 1),
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(open), byte) if open == *byte => quote = None,
            _ => {}
        }
    }
    None
}

fn end_of_raw_text(html: &str, from: usize, name: &str) -> Option<usize> {
    let bytes = html.as_bytes();
    let mut at = from;
    loop {
        let start = at + html.get(at..)?.find("</")?;
        let found = bytes.get(start + 2..start + 2 + name.len())?;
        if found.eq_ignore_ascii_case(name.as_bytes()) {
            return tag_end(html, start + 2);
        }
        at = start + 2;
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::cap_nesting;

    #[test]
    fn ordinary_pages_are_not_copied() {
        let html = "<p>one<p>two<ul><li>a<li>b</ul><!-- <div> --><script>'<div>'</script><b title='>'>x</b>";
        assert!(matches!(cap_nesting(html), Cow::Borrowed(same) if same == html));
        let long = "<p>unclosed <li>item".repeat(5000);
        assert!(matches!(cap_nesting(&long), Cow::Borrowed(_)));
    }

    #[test]
    fn deep_elements_go_and_their_text_stays() {
        let deep = format!("{}text{}after", "<div>".repeat(100_000), "</div>".repeat(100_000));
        let capped = cap_nesting(&deep);
        assert!(capped.matches("<div>").count() <= 512);
        assert!(capped.contains("text") && capped.ends_with("after"));
        let bold = format!("{}text", "<b class=x>".repeat(10_000));
        assert_eq!(cap_nesting(&bold).matches("<b").count(), 24);
    }
}
