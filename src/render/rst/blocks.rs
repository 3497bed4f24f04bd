//! Blocks: what the lines are is told by the first of them.

use super::explicit;
use super::inline;
use super::lines::{count_indented, dedent, indent_of, is_blank};
use super::lists;
use super::names::Names;
use super::sections::{adornment, id_of, section};
use super::{escape, table};

/// The deepest nesting that is read; what is deeper is text.
const MAX_DEPTH: usize = 24;

/// Writes lines as HTML.
pub(super) fn write(lines: &[&str], names: &Names, depth: usize, html: &mut String) {
    if depth > MAX_DEPTH {
        return html.push_str(&format!("<p>{}</p>\n", escape(&lines.join(" "))));
    }
    let mut at = 0;
    while let Some(rest) = lines.get(at..).filter(|rest| !rest.is_empty()) {
        at += if rest.first().is_some_and(|line| is_blank(line)) {
            1
        } else {
            block(rest, names, depth, html).max(1)
        };
    }
}

/// Writes the block that the lines begin with; says how many of them it is.
fn block(lines: &[&str], names: &Names, depth: usize, html: &mut String) -> usize {
    let Some(first) = lines.first() else { return 0 };
    if indent_of(first) > 0 {
        return quote(lines, names, depth, html);
    }
    if *first == ".." || first.starts_with(".. ") {
        return explicit::write(lines, names, depth, html);
    }
    if *first == "__" || first.starts_with("__ ") {
        return 1 + count_indented(lines.get(1..).unwrap_or_default(), 1);
    }
    if let Some((drawn, taken)) =
        table::grid(lines, names, depth).or_else(|| table::simple(lines, names, depth))
    {
        html.push_str(&drawn);
        return taken;
    }
    if let Some(found) = section(lines) {
        let level = names.level(found.style).min(6);
        let id = id_of(&inline::plain(found.title));
        let title = inline::write(found.title, names);
        html.push_str(&format!("<h{level} id=\"{id}\">{title}</h{level}>\n"));
        return found.taken;
    }
    if adornment(first).is_some_and(|(_, length)| length >= 4)
        && lines.get(1).is_none_or(|line| is_blank(line))
    {
        html.push_str("<hr>\n");
        return 1;
    }
    if first.starts_with(">>> ") || *first == ">>>" {
        return doctest(lines, html);
    }
    if *first == "|" || first.starts_with("| ") {
        return lists::line_block(lines, names, html);
    }
    lists::write(lines, names, depth, html).unwrap_or_else(|| paragraph(lines, names, depth, html))
}

/// A paragraph, with the literal block behind it where it ends with two colons; or a term with its definition.
fn paragraph(lines: &[&str], names: &Names, depth: usize, html: &mut String) -> usize {
    let is_term = lines.get(1).is_some_and(|line| !is_blank(line) && indent_of(line) > 0);
    let ends_literal = lines.first().is_some_and(|line| line.ends_with("::"));
    if is_term && !ends_literal {
        return lists::definitions(lines, names, depth, html);
    }
    let count = lines.iter().take_while(|line| !is_blank(line) && indent_of(line) == 0).count();
    let text: Vec<&str> = lines.iter().take(count).map(|line| line.trim()).collect();
    let mut text = text.join("\n");
    let is_literal = text.ends_with("::") && !text.ends_with("\\::");
    if is_literal {
        let length = text.len() - 2;
        text.truncate(length);
        // A colon stays where words stand before it.
        let is_bare = text.is_empty() || text.ends_with(char::is_whitespace);
        text.truncate(text.trim_end().len());
        if !is_bare {
            text.push(':');
        }
    }
    if !text.trim().is_empty() {
        html.push_str(&format!("<p>{}</p>\n", inline::write(&text, names)));
    }
    if !is_literal {
        return count;
    }
    count + literal(lines.get(count..).unwrap_or_default(), names, html)
}

/// A literal block: indented lines, or lines that all begin with the same mark.
fn literal(lines: &[&str], names: &Names, html: &mut String) -> usize {
    let blank = lines.iter().take_while(|line| is_blank(line)).count();
    let rest = lines.get(blank..).unwrap_or_default();
    let Some(first) = rest.first() else { return blank };
    let mark = first.chars().next().filter(|mark| mark.is_ascii_punctuation());
    let count = match mark {
        _ if indent_of(first) > 0 => count_indented(rest, 1),
        Some(mark) => rest.iter().take_while(|line| line.starts_with(mark)).count(),
        None => 0,
    };
    if count > 0 {
        let code = dedent(rest.get(..count).unwrap_or_default()).join("\n");
        html.push_str(&code_block(&names.highlight(), &code));
    }
    if count > 0 { blank + count } else { 0 }
}

/// Code in a language; an empty one is none.
pub(super) fn code_block(language: &str, code: &str) -> String {
    let language: String =
        language.chars().filter(|letter| letter.is_alphanumeric() || "+#-_.".contains(*letter)).collect();
    if language.is_empty() {
        format!("<pre><code>{}</code></pre>\n", escape(code))
    } else {
        format!("<pre><code class=\"language-{language}\">{}</code></pre>\n", escape(code))
    }
}

fn doctest(lines: &[&str], html: &mut String) -> usize {
    let count = lines.iter().take_while(|line| !is_blank(line)).count();
    html.push_str(&code_block("pycon", &lines.get(..count).unwrap_or_default().join("\n")));
    count
}

/// Indented lines: a quotation, whose last paragraph may say who is quoted.
fn quote(lines: &[&str], names: &Names, depth: usize, html: &mut String) -> usize {
    let count = count_indented(lines, 1);
    let mut inner = String::new();
    let content = dedent(lines.get(..count).unwrap_or_default());
    write(&content, names, depth + 1, &mut inner);
    html.push_str(&format!("<blockquote>\n{inner}</blockquote>\n"));
    count
}
