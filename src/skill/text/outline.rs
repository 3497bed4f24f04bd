//! Reading and editing Markdown by its structure: code fences are never mistaken for headings or links.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

/// The deepest heading that Markdown knows.
const DEEPEST: u8 = 6;

/// A heading of a Markdown text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Its plain text.
    pub text: String,
    /// Where it stands, in bytes, its line break included.
    pub range: Range<usize>,
    /// Whether it stands on its own and not in a quotation or list.
    pub outermost: bool,
}

/// GitHub-flavoured Markdown, as the references are written.
pub fn parser(markdown: &str) -> Parser<'_> {
    Parser::new_ext(markdown, options())
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM
}

/// The headings of a Markdown text in order.
pub fn headings(markdown: &str) -> Vec<Heading> {
    let mut found = Vec::new();
    let mut open: Option<Heading> = None;
    let mut depth = 0_usize;
    for (event, range) in parser(markdown).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                open =
                    Some(Heading { level: level as u8, text: String::new(), range, outermost: depth == 0 });
            }
            Event::End(TagEnd::Heading(_)) => {
                if let Some(mut heading) = open.take() {
                    heading.text = heading.text.trim().to_owned();
                    found.push(heading);
                }
            }
            Event::Start(Tag::BlockQuote(_) | Tag::List(_) | Tag::FootnoteDefinition(_)) => depth += 1,
            Event::End(TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::FootnoteDefinition) => {
                depth = depth.saturating_sub(1);
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut open {
                    heading.text.push_str(&text);
                }
            }
            Event::SoftBreak | Event::HardBreak => {
                if let Some(heading) = &mut open {
                    heading.text.push(' ');
                }
            }
            _ => {}
        }
    }
    found
}

/// Shifts all headings so that the highest of them stands at `highest`; levels below the sixth stay there.
pub fn shift_headings(markdown: &str, highest: u8) -> String {
    let headings = headings(markdown);
    let Some(top) = headings.iter().map(|heading| heading.level).min() else { return markdown.to_owned() };
    let edits = headings.iter().map(|heading| {
        let level = (heading.level - top + highest).min(DEEPEST);
        (heading.range.clone(), heading_line(&markdown[heading.range.clone()], level))
    });
    apply(markdown, edits.collect())
}

/// The heading's source as one ATX heading of the given level.
fn heading_line(source: &str, level: u8) -> String {
    let hashes = "#".repeat(usize::from(level));
    let line_break = if source.ends_with('\n') { "\n" } else { "" };
    let atx = source.trim_start().starts_with('#');
    let text = if atx {
        source.trim().trim_start_matches('#').trim().to_owned()
    } else {
        let lines: Vec<&str> = source.trim_end().lines().map(str::trim).collect();
        lines.split_last().map(|(_underline, text)| text.join(" ")).unwrap_or_default()
    };
    format!("{hashes} {text}{line_break}")
}

/// Prefixes the labels of footnotes, so that the notes of two pages in one file stay apart.
pub fn prefix_footnotes(markdown: &str, prefix: &str) -> String {
    if !markdown.contains("[^") {
        return markdown.to_owned();
    }
    let edits = parser(markdown).into_offset_iter().filter_map(|(event, range)| match event {
        Event::FootnoteReference(_) | Event::Start(Tag::FootnoteDefinition(_)) => {
            let mark = range.start + markdown.get(range)?.find("[^")? + 2;
            Some((mark..mark, format!("{prefix}-")))
        }
        _ => None,
    });
    apply(markdown, edits.collect())
}

/// Replaces the targets of inline links for which `target` has another.
pub fn rewrite_links(markdown: &str, target: &dyn Fn(&str) -> Option<String>) -> String {
    let mut edits = Vec::new();
    for (event, range) in parser(markdown).into_offset_iter() {
        if let Event::Start(Tag::Link { link_type: LinkType::Inline, dest_url, .. }) = event
            && let Some(new) = target(&dest_url)
            && let Some(place) = target_range(markdown, range, &dest_url)
        {
            edits.push((place, new));
        }
    }
    apply(markdown, edits)
}

/// Where the target of an inline link stands in the source; `None` when it is written with escapes.
fn target_range(markdown: &str, link: Range<usize>, target: &CowStr<'_>) -> Option<Range<usize>> {
    let source = markdown.get(link.clone())?;
    let opening = source.rfind("](")? + 2;
    let at = opening + source.get(opening..)?.find(target.as_ref())?;
    (!target.is_empty()).then(|| link.start + at..link.start + at + target.len())
}

/// How many fenced blocks of code a Markdown text has.
pub fn count_code_blocks(markdown: &str) -> usize {
    let is_fenced = |event: &Event<'_>| {
        matches!(event, Event::Start(Tag::CodeBlock(pulldown_cmark::CodeBlockKind::Fenced(_))))
    };
    parser(markdown).filter(is_fenced).count()
}

/// The text of a piece of Markdown without its marks, on one line.
pub fn plain(markdown: &str) -> String {
    let mut text = String::new();
    for event in parser(markdown) {
        match event {
            Event::Text(run) | Event::Code(run) => text.push_str(&run),
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Paragraph | TagEnd::Item) => {
                text.push(' ')
            }
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The targets of the links and images of a Markdown text, with the line on which each stands.
pub fn links(markdown: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut line = 1;
    let mut counted = 0;
    for (event, range) in parser(markdown).into_offset_iter() {
        if let Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) = event {
            if range.start > counted {
                line += markdown[counted..range.start].matches('\n').count();
                counted = range.start;
            }
            found.push((line, dest_url.into_string()));
        }
    }
    found
}

/// The words and the target of every link of a Markdown text.
pub fn labelled_links(markdown: &str) -> Vec<(String, String)> {
    let links = parser(markdown).into_offset_iter().filter_map(|(event, range)| match event {
        Event::Start(Tag::Link { dest_url, .. }) => {
            Some((plain(markdown.get(range).unwrap_or_default()), dest_url.into_string()))
        }
        _ => None,
    });
    links.collect()
}

/// The line, from 1, and the marks of a fence that is still open at the end. A fence in a list or quotation ends with its container, so only
/// those at the margin can swallow what follows.
pub fn open_fence(text: &str) -> Option<(usize, String)> {
    let mut open: Option<(usize, char, usize)> = None;
    for (number, line) in text.lines().enumerate() {
        let indent = line.len() - line.trim_start_matches(' ').len();
        let rest = line.trim_start_matches(' ');
        let Some(mark) = rest.chars().next().filter(|mark| matches!(mark, '`' | '~')) else { continue };
        let length = rest.chars().take_while(|character| *character == mark).count();
        let after = rest.get(length..).unwrap_or_default();
        if length < 3 || indent > 3 {
            continue;
        }
        open = match open {
            None if mark == '`' && after.contains('`') => None,
            // An indented fence may belong to a list item; whether it does is for the parser to say.
            None if indent > 0 => None,
            None => Some((number + 1, mark, length)),
            Some((_, opening, least)) if mark == opening && length >= least && after.trim().is_empty() => {
                None
            }
            still => still,
        };
    }
    open.map(|(line, mark, length)| (line, mark.to_string().repeat(length)))
}

fn apply(markdown: &str, mut edits: Vec<(Range<usize>, String)>) -> String {
    edits.sort_by_key(|(range, _)| range.start);
    let mut edited = String::with_capacity(markdown.len() + 64);
    let mut done = 0;
    for (range, text) in edits {
        if range.start < done {
            continue;
        }
        edited.push_str(&markdown[done..range.start]);
        edited.push_str(&text);
        done = range.end;
    }
    edited.push_str(&markdown[done..]);
    edited
}

#[cfg(test)]
mod tests {
    use super::{headings, links, open_fence, prefix_footnotes, rewrite_links, shift_headings};

    #[test]
    fn headings_shift_and_code_stays() {
        let check = |markdown: &str, shifted: &str| assert_eq!(shift_headings(markdown, 3), shifted);
        check("# A\n\n## B\n", "### A\n\n#### B\n");
        check("## `A`\n\n```sh\n# not a heading\n```\n", "### `A`\n\n```sh\n# not a heading\n```\n");
        check("A\n===\n\nB\n---\n", "### A\n\n#### B\n");
        check(
            "- item\n\n  ```\n  # no\n  ```\n\n##### deep\n",
            "- item\n\n  ```\n  # no\n  ```\n\n### deep\n",
        );
        check("# a\n\n###### f\n", "### a\n\n###### f\n");
        check("> ## quoted\n", "> ### quoted\n");
        check("no heading", "no heading");
    }

    #[test]
    fn headings_know_their_text() {
        let found = headings("# The `fit()` *way*\n\n> ## in a quote\n");
        assert_eq!(found[0].text, "The fit() way");
        assert!(found[0].outermost && !found[1].outermost);
    }

    #[test]
    fn footnotes_and_links_are_edited_outside_of_code() {
        assert_eq!(
            prefix_footnotes("a[^1] `[^1]`\n\n[^1]: note\n", "page"),
            "a[^page-1] `[^1]`\n\n[^page-1]: note\n"
        );
        let local = |url: &str| (url == "https://d.example/a").then(|| "a.md#a".to_owned());
        assert_eq!(
            rewrite_links(
                "[a](https://d.example/a \"t\") `[a](https://d.example/a)` <https://d.example/a>",
                &local
            ),
            "[a](a.md#a \"t\") `[a](https://d.example/a)` <https://d.example/a>"
        );
    }

    #[test]
    fn links_know_their_line() {
        assert_eq!(links("[a](x.md)\n\n![b](y.png)\n"), [(1, "x.md".to_owned()), (3, "y.png".to_owned())]);
    }

    #[test]
    fn open_fences_are_found() {
        let check = |text: &str, line: Option<usize>| {
            assert_eq!(open_fence(text).map(|(line, _)| line), line, "{text}");
        };
        check("```sh\nx\n```\n", None);
        check("a\n```sh\nx\n", Some(2));
        check("````\n```\n````\n", None);
        check("```\n~~~\n", Some(1));
        check("```inline```\n", None);
    }
}
