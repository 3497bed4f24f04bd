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

/// What the cap needs to know of an element.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// It has no content, or its end tag may be left out.
    Shallow,
    /// Its content is text, up to its end tag.
    RawText,
    /// The tree builder opens it again in every block until it is closed (HTML §13.2.4.3).
    Formatting,
    /// Anything else must be closed.
    Nesting,
}

/// The HTML without tags beyond the caps; borrowed where there are none.
pub(super) fn cap_nesting(html: &str) -> Cow<'_, str> {
    let mut kept = String::new();
    let mut copied = 0;
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut formatting = 0;
    let mut at = 0;
    while let Some(tag) = next_tag(html, at) {
        at = tag.end;
        let drop = if tag.is_end {
            close(&mut open, &mut formatting, tag.name)
        } else {
            let dropped = open.len() >= MAX_DEPTH || (tag.is_formatting && formatting >= MAX_FORMATTING);
            if tag.is_formatting && !dropped {
                formatting += 1;
            }
            // Beyond twice the cap nothing is remembered: an end tag that finds no partner is harmless.
            if open.len() < 2 * MAX_DEPTH || !dropped {
                open.push(Open { name: tag.name, is_formatting: tag.is_formatting, dropped });
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

struct Open<'a> {
    name: &'a str,
    is_formatting: bool,
    dropped: bool,
}

struct Tag<'a> {
    start: usize,
    end: usize,
    /// The name as it is written.
    name: &'a str,
    is_end: bool,
    is_formatting: bool,
}

/// Closes the innermost open element of the name; says whether its start tag was dropped.
fn close(open: &mut Vec<Open<'_>>, formatting: &mut usize, name: &str) -> bool {
    // The partner is nearly always on top; searching further than this would be quadratic.
    let searched = open.len().saturating_sub(64);
    let is_partner = |element: &Open<'_>| element.name.eq_ignore_ascii_case(name);
    let Some(found) = open.iter().rposition(is_partner).filter(|at| *at >= searched) else {
        return open.len() >= MAX_DEPTH;
    };
    let mut dropped = false;
    for element in open.drain(found..) {
        if element.is_formatting && !element.dropped {
            *formatting = formatting.saturating_sub(1);
        }
        if is_partner(&element) {
            dropped = element.dropped;
        }
    }
    dropped
}

/// The next tag that nests, from a byte offset on; comments and raw text are passed over.
fn next_tag(html: &str, from: usize) -> Option<Tag<'_>> {
    let bytes = html.as_bytes();
    let mut at = from;
    loop {
        let start = at + html.get(at..)?.find('<')?;
        if bytes.get(start + 1) == Some(&b'!') && html.get(start..)?.starts_with("<!--") {
            at = start + 4 + html.get(start + 4..)?.find("-->")? + 3;
            continue;
        }
        let is_end = bytes.get(start + 1) == Some(&b'/');
        let name_start = start + 1 + usize::from(is_end);
        at = name_start;
        if !bytes.get(name_start).is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        let rest = bytes.get(name_start..)?;
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
        let length = rest.iter().position(|byte| !is_name(byte)).unwrap_or(rest.len());
        let name = html.get(name_start..name_start + length)?;
        let end = tag_end(html, name_start + length)?;
        at = end;
        match sort(name) {
            Sort::Shallow => {}
            Sort::RawText if !is_end => at = end_of_raw_text(html, end, name)?,
            sort => {
                return Some(Tag { start, end, name, is_end, is_formatting: sort == Sort::Formatting });
            }
        }
    }
}

/// What an element is by its name, whatever its case.
fn sort(name: &str) -> Sort {
    let mut lower = [0_u8; 12];
    // No name in the lists is longer.
    let Some(lower) = lower.get_mut(..name.len()) else { return Sort::Nesting };
    lower.copy_from_slice(name.as_bytes());
    lower.make_ascii_lowercase();
    match &*lower {
        b"area" | b"base" | b"br" | b"col" | b"embed" | b"hr" | b"img" | b"input" | b"link" | b"meta"
        | b"param" | b"source" | b"track" | b"wbr" => Sort::Shallow,
        // They nest only through others, which are counted.
        b"p" | b"li" | b"dt" | b"dd" | b"tr" | b"td" | b"th" | b"thead" | b"tbody" | b"tfoot"
        | b"colgroup" | b"caption" | b"option" | b"optgroup" | b"rt" | b"rp" => Sort::Shallow,
        b"script" | b"style" | b"textarea" | b"title" | b"xmp" | b"iframe" | b"noembed" | b"noframes" => {
            Sort::RawText
        }
        b"a" | b"b" | b"big" | b"code" | b"em" | b"font" | b"i" | b"nobr" | b"s" | b"small" | b"strike"
        | b"strong" | b"tt" | b"u" => Sort::Formatting,
        _ => Sort::Nesting,
    }
}

/// The offset behind a tag's `>`, outside of quotes.
fn tag_end(html: &str, from: usize) -> Option<usize> {
    let bytes = html.as_bytes();
    let mut at = from;
    loop {
        let rest = bytes.get(at..)?;
        let length = rest.iter().position(|byte| matches!(byte, b'>' | b'"' | b'\''))?;
        at += length + 1;
        let found = *rest.get(length)?;
        if found == b'>' {
            return Some(at);
        }
        at += bytes.get(at..)?.iter().position(|byte| *byte == found)? + 1;
    }
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
