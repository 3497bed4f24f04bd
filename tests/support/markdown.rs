//! Markdown as its readers parse it.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// A fenced block of code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fence {
    /// The first word of the info string; empty where there is none.
    pub language: String,
    /// The code.
    pub text: String,
}

/// The fenced blocks of a text, in order, those inside of lists and quotations included.
pub fn code_blocks(markdown: &str) -> Vec<Fence> {
    let mut blocks = Vec::new();
    let mut open: Option<Fence> = None;
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_GFM) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                let language = info.split_whitespace().next().unwrap_or_default().to_owned();
                open = Some(Fence { language, text: String::new() });
            }
            Event::Text(text) => {
                if let Some(fence) = &mut open {
                    fence.text.push_str(&text);
                }
            }
            Event::End(TagEnd::CodeBlock) => blocks.extend(open.take()),
            _ => {}
        }
    }
    blocks
}

/// The words of all headings, a text for each.
pub fn headings(markdown: &str) -> Vec<String> {
    texts(markdown, |tag| matches!(tag, Tag::Heading { .. }))
}

/// The words of all table cells that hold any, a text for each.
pub fn cells(markdown: &str) -> Vec<String> {
    texts(markdown, |tag| matches!(tag, Tag::TableCell))
}

/// Lower-case words without punctuation, one space between them.
pub fn words(text: &str) -> String {
    let letters: String = text
        .chars()
        .map(|letter| if letter.is_alphanumeric() { letter.to_ascii_lowercase() } else { ' ' })
        .collect();
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn texts(markdown: &str, wanted: impl Fn(&Tag<'_>) -> bool) -> Vec<String> {
    let mut texts = Vec::new();
    let mut open: Option<(TagEnd, String)> = None;
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_GFM) {
        match event {
            Event::Start(tag) if wanted(&tag) => open = Some((tag.to_end(), String::new())),
            Event::Text(text) | Event::Code(text) => {
                if let Some((_, run)) = &mut open {
                    run.push_str(&text);
                }
            }
            Event::SoftBreak | Event::HardBreak | Event::InlineHtml(_) => {
                if let Some((_, run)) = &mut open {
                    run.push(' ');
                }
            }
            Event::End(end) if open.as_ref().is_some_and(|(open, _)| *open == end) => {
                texts.extend(open.take().map(|(_, run)| words(&run)));
            }
            _ => {}
        }
    }
    texts
}

/// Code without trailing white space, which nobody sees and generators trim.
pub fn normal_text(code: &str) -> String {
    let lines: Vec<&str> = code.lines().map(str::trim_end).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

#[test]
fn fences_are_read_as_readers_do() {
    let blocks = code_blocks("- item\n\n  ```rust title=\"a.rs\"\n  let a = 1;\n  ```\n\n````\n```\n````\n");
    let fence = |language: &str, text: &str| Fence { language: language.to_owned(), text: text.to_owned() };
    assert_eq!(blocks, [fence("rust", "let a = 1;\n"), fence("", "```\n")]);
}
