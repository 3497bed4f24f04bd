//! Blocks to lines.

use crate::document::{Block, Definition, Inline};
use crate::markdown::list::{Bullet, write_list};
use crate::markdown::{code, escape, inline, table};

/// All blocks with an empty line between them.
pub(super) fn write_all(blocks: &[Block]) -> String {
    let mut written: Vec<String> = Vec::with_capacity(blocks.len());
    let mut bullet = Bullet::First;
    let mut after_list = false;
    for block in blocks {
        // Two lists in a row would be read as one, unless their bullets differ.
        let is_list = matches!(block, Block::List(_) | Block::DefinitionList(_));
        bullet = if is_list && after_list { bullet.other() } else { Bullet::First };
        let text = match block {
            Block::List(list) => write_list(list, bullet),
            Block::DefinitionList(entries) => write_definitions(entries, bullet),
            other => write(other),
        };
        if !text.is_empty() {
            after_list = is_list;
            written.push(text);
        }
    }
    written.join("\n\n")
}

/// One block, without a line break at its end.
pub(super) fn write(block: &Block) -> String {
    match block {
        Block::Heading { level, content, .. } => write_heading(*level, content),
        Block::Paragraph(content) => write_paragraph(content),
        Block::List(list) => write_list(list, Bullet::First),
        Block::Code(block) => code::write(block),
        Block::Table(block) => table::write(block),
        Block::Admonition { kind, title, content } => write_admonition(kind, title.as_deref(), content),
        Block::DefinitionList(entries) => write_definitions(entries, Bullet::First),
        Block::Quote(content) => quoted(&write_all(content)),
        Block::Tabs(tabs) => join(tabs.iter().map(|tab| {
            let label = (!tab.label.is_empty()).then(|| bold(&[Inline::Text(tab.label.clone())]));
            join([label.unwrap_or_default(), write_all(&tab.content)])
        })),
        Block::Details { summary, content } => join([bold(summary), write_all(content)]),
        Block::Math(tex) => format!("$$\n{}\n$$", without_blank_lines(tex)),
        Block::Footnote { label, content } => {
            let label = inline::footnote_label(label);
            format!("[^{label}]: {}", write_note(content))
        }
        Block::Rule => "---".to_owned(),
    }
}

fn write_heading(level: u8, content: &[Inline]) -> String {
    let text = inline::write_line(content);
    if text.is_empty() {
        return text;
    }
    let marks = "#".repeat(usize::from(level.clamp(1, 6)));
    // A `#` at the end would be taken for the closing sequence of the heading.
    match text.strip_suffix('#') {
        Some(start) if !start.ends_with('\\') => format!("{marks} {start}\\#"),
        _ => format!("{marks} {text}"),
    }
}

fn write_paragraph(content: &[Inline]) -> String {
    escape::line_starts(&inline::write(content))
}

/// The five kinds that GitHub shows as alerts.
fn alert_of(kind: &str) -> Option<&'static str> {
    match kind {
        "note" | "info" | "information" => Some("NOTE"),
        "tip" | "hint" | "success" | "check" | "done" => Some("TIP"),
        "important" => Some("IMPORTANT"),
        "warning" | "attention" => Some("WARNING"),
        "caution" | "danger" | "error" | "failure" | "fail" => Some("CAUTION"),
        _ => None,
    }
}

/// The words for a kind that is no alert; version notes begin with words of their own.
fn words_of(kind: &str) -> String {
    match kind {
        "seealso" | "see-also" => "See also".to_owned(),
        "todo" => "To do".to_owned(),
        "tldr" => "Summary".to_owned(),
        "faq" => "FAQ".to_owned(),
        "versionadded" | "versionchanged" | "versionremoved" | "deprecated" | "topic" | "sidebar"
        | "quote" => String::new(),
        other => {
            let mut letters = other.chars();
            letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
        }
    }
}

fn write_admonition(kind: &str, title: Option<&[Inline]>, content: &[Block]) -> String {
    let title = title.map(bold).unwrap_or_default();
    let content = write_all(content);
    match alert_of(kind) {
        Some(alert) => {
            let text = join([title, content]);
            quoted(&if text.is_empty() { format!("[!{alert}]") } else { format!("[!{alert}]\n{text}") })
        }
        None => {
            let words = words_of(kind);
            let title = if title.is_empty() && !words.is_empty() { format!("**{words}**") } else { title };
            quoted(&join([title, content]))
        }
    }
}

/// Terms as a list, with what is said about each below it; nesting shows what belongs to what.
fn write_definitions(entries: &[Definition], bullet: Bullet) -> String {
    let mut written = Vec::with_capacity(entries.len());
    for entry in entries {
        let terms: Vec<String> = entry.terms.iter().map(|term| write_term(term)).collect();
        let head = terms.into_iter().filter(|term| !term.is_empty()).collect::<Vec<_>>().join("\\\n");
        let body = join(entry.definitions.iter().map(|blocks| write_all(blocks)));
        let text = indented(&join([head, body]), 2);
        written.push(format!("{} {text}", bullet.mark()));
    }
    let is_tight = entries.iter().all(|entry| entry.definitions.is_empty());
    written.join(if is_tight { "\n" } else { "\n\n" })
}

/// A term in bold, a signature as code.
fn write_term(term: &[Inline]) -> String {
    match term {
        [Inline::Code(_)] => inline::write_line(term),
        _ => bold(term),
    }
}

/// A line in bold; one that is bold or holds an image stays as it is.
fn bold(line: &[Inline]) -> String {
    match line {
        [Inline::Strong(_)] => inline::write_line(line),
        [] => String::new(),
        _ => inline::write_line(&[Inline::Strong(line.to_vec())]),
    }
}

/// The text of a footnote. Paragraphs stay on one line with breaks between them, which readers without footnotes
/// understand as well; only other blocks need the indentation that those would take for code.
fn write_note(content: &[Block]) -> String {
    let mut line = Vec::new();
    for block in content {
        let Block::Paragraph(paragraph) = block else { return indented(&write_all(content), 4) };
        if !line.is_empty() {
            line.push(Inline::Break);
        }
        line.extend_from_slice(paragraph);
    }
    inline::write(&line)
}

fn quoted(text: &str) -> String {
    let lines = text.lines().map(|line| if line.is_empty() { ">".to_owned() } else { format!("> {line}") });
    lines.collect::<Vec<_>>().join("\n")
}

/// All lines but the first moved to the right; empty ones stay empty.
pub(super) fn indented(text: &str, width: usize) -> String {
    let margin = " ".repeat(width);
    let mut lines = text.lines();
    let mut moved = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        moved.push('\n');
        if !line.is_empty() {
            moved.push_str(&margin);
            moved.push_str(line);
        }
    }
    moved
}

fn join(parts: impl IntoIterator<Item = String>) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// An empty line would end displayed math.
fn without_blank_lines(tex: &str) -> String {
    tex.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}
