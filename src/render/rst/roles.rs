//! What a role shows.

use super::escape;
use super::inline::{anchor, plain, unescaped};
use super::names::Names;

/// Roles that are words, whatever they mark.
const WORDS: [&str; 12] = [
    "term",
    "abbr",
    "abbreviation",
    "acronym",
    "guilabel",
    "menuselection",
    "dfn",
    "title-reference",
    "title",
    "t",
    "token",
    "any",
];

/// Writes a role. The last part of its name says what it is, and the parts before of which language.
pub(super) fn write(role: &str, content: &str, names: &Names) -> String {
    let name = role.rsplit(':').next().unwrap_or(role);
    let (label, target) = match content.strip_suffix('>').and_then(|content| content.rsplit_once('<')) {
        Some((label, target)) => (Some(label.trim()), target.trim()),
        None => (None, content),
    };
    let shown = || label.unwrap_or(target).trim_start_matches('!');
    match name {
        "code" | "literal" | "samp" | "file" | "kbd" | "command" | "program" | "option" | "envvar"
        | "makevar" | "mimetype" | "regexp" | "newsgroup" | "mailheader" | "keyword" | "confval"
        | "setting" | "cmdoption" | "paramref" => {
            if name == "kbd" {
                return format!("<kbd>{}</kbd>", escape(content));
            }
            let text = shown();
            // Braces mark what varies in a sample or a path.
            if matches!(name, "samp" | "file") { code(&text.replace(['{', '}'], "")) } else { code(text) }
        }
        "emphasis" => format!("<em>{}</em>", escape(content)),
        "strong" => format!("<strong>{}</strong>", escape(content)),
        "sub" | "subscript" => format!("<sub>{}</sub>", escape(content)),
        "sup" | "superscript" => format!("<sup>{}</sup>", escape(content)),
        "math" | "eq" => format!("<span class=\"math inline\">{}</span>", escape(content)),
        "doc" => anchor(target, &escape(label.unwrap_or(target))),
        "download" => anchor(target, &escape(label.unwrap_or(target))),
        "ref" | "numref" => {
            let words = label.or_else(|| names.title(target)).unwrap_or(target);
            match names.address(target) {
                Some(address) => anchor(&address, &escape(words)),
                None => escape(words),
            }
        }
        "pep" | "PEP" => format!("PEP {}", escape(shown())),
        "rfc" | "RFC" => format!("RFC {}", escape(shown())),
        "raw" | "raw-html" => String::new(),
        _ if WORDS.contains(&name) => escape(shown()),
        "func" | "meth" => {
            let name = short(shown(), label);
            code(&if name.ends_with(')') || label.is_some() { name } else { format!("{name}()") })
        }
        _ => match label {
            // A role that somebody made up, such as one for issues, says what it shows in words.
            Some(label) if label.contains(' ') => escape(label),
            _ => code(&short(shown(), label)),
        },
    }
}

/// Interpreted text without a role: a name in most texts, else words that are set apart.
pub(super) fn without_role(content: &str) -> String {
    let content =
        content.strip_suffix('>').and_then(|text| text.rsplit_once(" <")).map_or(content, |(text, _)| text);
    if content.contains(char::is_whitespace) {
        format!("<em>{}</em>", escape(content))
    } else {
        code(&short(content, None))
    }
}

/// The name without what `~` leaves out.
fn short(target: &str, label: Option<&str>) -> String {
    match target.strip_prefix('~').filter(|_| label.is_none()) {
        Some(name) => name.rsplit('.').next().unwrap_or(name).to_owned(),
        None => target.to_owned(),
    }
}

fn code(text: &str) -> String {
    format!("<code>{}</code>", escape(text))
}

/// The text of a label, as a tab or a card shows it.
pub(super) fn label(text: &str) -> String {
    plain(&unescaped(text))
}
