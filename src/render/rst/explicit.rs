//! What begins with two dots: notes, citations, directives; targets and substitutions, which `names` knows; comments.

use super::lines::{count_indented, dedent};
use super::names::Names;
use super::sections::id_of;
use super::{blocks, directive, escape};

/// Writes what the lines begin with; says how many of them it is.
pub(super) fn write(lines: &[&str], names: &Names, depth: usize, html: &mut String) -> usize {
    let Some((first, below)) = lines.split_first() else { return 0 };
    let count = count_indented(below, 1);
    let body = below.get(..count).unwrap_or_default();
    let text = first.strip_prefix("..").unwrap_or_default().trim();
    if let Some((label, head)) = note_of(text) {
        note(label, head, body, names, depth, html);
    } else if let Some(name) = target_of(text) {
        // The place itself, which links of this text and of others name.
        html.push_str(&format!("<span id=\"{}\"></span>\n", id_of(name)));
    } else if let Some((name, argument)) = directive_of(text) {
        directive::write(name, argument, body, names, depth, html);
    }
    // Two dots alone end what is before them, and what is indented below belongs to nobody.
    count + 1
}

/// A footnote or a citation.
fn note_of(text: &str) -> Option<(&str, &str)> {
    let (label, head) = text.strip_prefix('[')?.split_once(']')?;
    let is_label = !label.is_empty()
        && label.chars().all(|letter| letter.is_alphanumeric() || "-_.:+#*".contains(letter));
    (is_label && (head.is_empty() || head.starts_with(' '))).then(|| (label, head.trim()))
}

/// A target that has no address of its own.
fn target_of(text: &str) -> Option<&str> {
    let name = text.strip_prefix('_')?.strip_suffix(':')?;
    let name = name.trim_matches('`');
    (!name.is_empty() && name != "_" && !name.contains(": ")).then_some(name)
}

/// `name:: argument`; of a substitution only its definition is one.
fn directive_of(text: &str) -> Option<(&str, &str)> {
    let (name, argument) = text.split_once("::")?;
    let name = name.trim_end();
    let is_name = !name.is_empty()
        && name.chars().all(|letter| letter.is_alphanumeric() || "-_.:+".contains(letter))
        && (argument.is_empty() || argument.starts_with(' '));
    is_name.then(|| (name, argument.trim()))
}

fn note(label: &str, head: &str, body: &[&str], names: &Names, depth: usize, html: &mut String) {
    let Some(shown) = names.own_note(label) else { return };
    let shown = escape(&shown);
    html.push_str(&format!(
        "<div class=\"footnote-definition\" id=\"note-{shown}\"><sup class=\"footnote-definition-label\">{shown}</sup>\n"
    ));
    let content = [vec![head], dedent(body)].concat();
    blocks::write(&content, names, depth + 1, html);
    html.push_str("</div>\n");
}
