//! Directives of docutils, of Sphinx and of its usual extensions.

mod parts;
mod picture;

use super::blocks::{self, code_block};
use super::data_tables;
use super::inline::{self, anchor};
use super::lines::is_blank;
use super::names::Names;
use super::{escape, roles};

pub(super) use picture::image;

use parts::Parts;
use picture::image_of;

/// Boxes whose name is their kind.
const ADMONITIONS: [&str; 14] = [
    "note",
    "warning",
    "tip",
    "hint",
    "important",
    "caution",
    "danger",
    "error",
    "attention",
    "seealso",
    "todo",
    "admonition",
    "topic",
    "sidebar",
];
/// What marks a change in a version.
const VERSIONS: [(&str, &str, &str); 4] = [
    ("versionadded", "added", "Added in version"),
    ("versionchanged", "changed", "Changed in version"),
    ("deprecated", "deprecated", "Deprecated since version"),
    ("versionremoved", "removed", "Removed in version"),
];
/// Directives whose content is code, with their argument as its language.
const CODE: [&str; 7] =
    ["code-block", "code", "sourcecode", "highlight-block", "jupyter-execute", "ipython", "prompt"];
/// Directives whose content is a text of another language, which is not in their argument.
const LANGUAGES: [(&str, &str); 10] = [
    ("mermaid", "mermaid"),
    ("graphviz", "dot"),
    ("digraph", "dot"),
    ("graph", "dot"),
    ("uml", "plantuml"),
    ("doctest", "pycon"),
    ("testcode", "python"),
    ("testoutput", "text"),
    ("plot", "python"),
    ("productionlist", "text"),
];
/// Directives that a reader never sees.
const UNSEEN: [&str; 34] = [
    "contents",
    "sectnum",
    "section-numbering",
    "header",
    "footer",
    "meta",
    "title",
    "role",
    "default-role",
    "index",
    "tabularcolumns",
    "currentmodule",
    "currentlibrary",
    "module",
    "program",
    "testsetup",
    "testcleanup",
    "automodule",
    "autosummary",
    "codeauthor",
    "sectionauthor",
    "moduleauthor",
    "acks",
    "toctree-hidden",
    "target-notes",
    "date",
    "include-hidden",
    "bibliography",
    "raw-latex",
    "restructuredtext-test-directive",
    "py:module",
    "py:currentmodule",
    "js:module",
    "default-domain",
];
/// The kinds of things that a reference describes.
const OBJECTS: [&str; 42] = [
    "function",
    "class",
    "method",
    "attribute",
    "data",
    "exception",
    "staticmethod",
    "classmethod",
    "decorator",
    "decoratormethod",
    "property",
    "type",
    "macro",
    "var",
    "member",
    "struct",
    "union",
    "enum",
    "enumerator",
    "alias",
    "concept",
    "namespace",
    "option",
    "cmdoption",
    "envvar",
    "confval",
    "describe",
    "object",
    "directive",
    "role",
    "setting",
    "templatetag",
    "templatefilter",
    "fieldlookup",
    "django-admin",
    "signal",
    "autofunction",
    "autoclass",
    "automethod",
    "autoattribute",
    "autodata",
    "autoexception",
];

/// Writes a directive.
pub(super) fn write(
    name: &str,
    argument: &str,
    body: &[&str],
    names: &Names,
    depth: usize,
    html: &mut String,
) {
    let parts = Parts::of(argument, body);
    let name = name.to_lowercase();
    let bare = name.rsplit(':').next().unwrap_or(&name);
    let inner = |lines: &[&str]| {
        let mut inner = String::new();
        blocks::write(lines, names, depth + 1, &mut inner);
        inner
    };
    if UNSEEN.contains(&name.as_str()) || name.starts_with("rst-class") {
        return;
    }
    if let Some((_, class, words)) = VERSIONS.iter().find(|(known, ..)| *known == name) {
        return version(&parts, (&name, class, words), &inner, names, html);
    }
    if ADMONITIONS.contains(&name.as_str()) {
        return admonition(&name, &parts, &inner, names, html);
    }
    if CODE.contains(&name.as_str()) {
        return code(&parts, names, html);
    }
    // Extensions that run their examples, as `click:example`, name them so.
    if name.contains(':') && matches!(bare, "example" | "run" | "code" | "snippet" | "console") {
        return html.push_str(&code_block(&names.highlight(), &parts.whole().join("\n")));
    }
    if let Some((_, language)) = LANGUAGES.iter().find(|(known, _)| *known == name) {
        return html.push_str(&code_block(language, &parts.whole().join("\n")));
    }
    match name.as_str() {
        "parsed-literal" => {
            let text: Vec<String> = parts.whole().iter().map(|line| inline::write(line, names)).collect();
            html.push_str(&format!("<pre>{}</pre>\n", text.join("\n")));
        }
        "highlight" => names.set_highlight(if parts.argument == "none" { "" } else { &parts.argument }),
        // Sets of characters that come with docutils.
        "include" if parts.argument.starts_with('<') => {}
        "literalinclude" | "include" | "mdinclude" | "notebook" => {
            let path = parts.argument.trim();
            html.push_str(&format!("<p>{}</p>\n", anchor(path, &escape(path))));
        }
        "image" => html.push_str(&format!("<p>{}</p>\n", image_of(&parts, names))),
        "figure" => {
            let picture = image_of(&parts, names);
            let caption = parts.content.iter().take_while(|line| !is_blank(line)).count();
            let (caption, legend) = parts.content.split_at(caption);
            let caption = inline::write(&caption.join("\n"), names);
            html.push_str(&format!(
                "<figure>{picture}<figcaption>{caption}</figcaption></figure>\n{}",
                inner(legend)
            ));
        }
        "math" => html.push_str(&math(&parts)),
        "list-table" | "flat-table" => html.push_str(&data_tables::list(
            &parts.argument,
            parts.option("header-rows"),
            &parts.content,
            names,
            depth,
        )),
        "csv-table" => html.push_str(&data_tables::csv(
            &parts.argument,
            (parts.option("header"), parts.option("header-rows"), parts.option("delim")),
            &parts.content,
            names,
            depth,
        )),
        "table" => {
            if !parts.argument.is_empty() {
                html.push_str(&format!(
                    "<p><strong>{}</strong></p>\n",
                    inline::write(&parts.argument, names)
                ));
            }
            html.push_str(&inner(&parts.content));
        }
        "toctree" => html.push_str(&toctree(&parts)),
        "raw" if parts.argument.contains("html") => {
            html.push_str(&format!("<div>{}</div>\n", parts.content.join("\n")))
        }
        "raw" => {}
        "only" | "ifconfig" if parts.argument.contains("latex") => {}
        // A tag that is not of the builder of pages is not set unless somebody sets it.
        "only" if !parts.argument.contains("html") && !parts.argument.contains("not ") => {}
        "only" | "ifconfig" => html.push_str(&inner(&parts.content)),
        "rubric" | "centered" => {
            html.push_str(&format!("<p><strong>{}</strong></p>\n", inline::write(&parts.argument, names)));
        }
        "epigraph" | "highlights" | "pull-quote" => {
            html.push_str(&format!("<blockquote>{}</blockquote>\n", inner(&parts.whole())));
        }
        "dropdown" | "collapse" | "details" | "toggle" => {
            let label = if parts.argument.is_empty() { "Details" } else { &parts.argument };
            html.push_str(&format!(
                "<details><summary>{}</summary>{}</details>\n",
                inline::write(label, names),
                inner(&parts.content)
            ));
        }
        "tab-item" | "tab" | "group-tab" | "code-tab" | "card" | "grid-item-card" => {
            labelled(bare, &parts, &inner, names, html);
        }
        "youtube" | "vimeo" | "video" => {}
        "glossary" | "hlist" | "container" | "compound" | "class" | "tab-set" | "tabs" | "grid"
        | "grid-item" | "panels" | "columns" | "deprecated-removed" | "div" | "line-block" => {
            let takes_argument = matches!(name.as_str(), "container" | "class" | "grid" | "div");
            let lines = if takes_argument { parts.content.clone() } else { parts.whole() };
            html.push_str(&inner(&lines));
        }
        _ if OBJECTS.contains(&bare) => object(&name, &parts, &inner, html),
        // What nobody here knows keeps its content.
        _ => {
            if !parts.argument.is_empty() && parts.argument.contains(' ') {
                html.push_str(&format!("<p>{}</p>\n", inline::write(&parts.argument, names)));
            }
            html.push_str(&inner(&parts.content));
        }
    }
}

type Inner<'a> = dyn Fn(&[&str]) -> String + 'a;

fn admonition(name: &str, parts: &Parts<'_>, inner: &Inner<'_>, names: &Names, html: &mut String) {
    let is_titled = matches!(name, "admonition" | "topic" | "sidebar");
    let (title, content) = if is_titled {
        (inline::write(&parts.argument, names), inner(&parts.content))
    } else {
        (String::new(), inner(&parts.whole()))
    };
    let kind = if is_titled {
        parts.option("class").and_then(|class| class.split_whitespace().next())
    } else {
        None
    };
    let kind = kind.unwrap_or(if is_titled { "note" } else { name });
    html.push_str(&format!("<div class=\"admonition {}\">", escape(kind)));
    if !title.is_empty() {
        html.push_str(&format!("<p class=\"admonition-title\">{title}</p>"));
    }
    html.push_str(&format!("\n{content}</div>\n"));
}

fn version(
    parts: &Parts<'_>,
    (name, class, words): (&str, &str, &str),
    inner: &Inner<'_>,
    names: &Names,
    html: &mut String,
) {
    let mut lines = parts.argument.lines();
    let first = lines.next().unwrap_or_default();
    let (number, text) = first.split_once(' ').unwrap_or((first, ""));
    let text: Vec<&str> = std::iter::once(text).chain(lines).collect();
    let text = text.join("\n");
    let colon = if text.trim().is_empty() && parts.content.is_empty() { "." } else { ": " };
    html.push_str(&format!(
        "<div class=\"{name}\"><p><span class=\"versionmodified {class}\">{words} {}{colon}</span>{}</p>\n{}</div>\n",
        escape(number),
        inline::write(text.trim(), names),
        inner(&parts.content)
    ));
}

fn code(parts: &Parts<'_>, names: &Names, html: &mut String) {
    let mut lines = parts.argument.lines();
    let language = lines.next().unwrap_or_default().split_whitespace().next().unwrap_or_default().to_owned();
    let language = if language.is_empty() { names.highlight() } else { language };
    // Where the empty line is missing, code stands where the argument goes on.
    let early: Vec<&str> = lines.collect();
    let text = [early, parts.content.clone()].concat().join("\n");
    let block = code_block(if language == "none" { "text" } else { &language }, &text);
    match parts.option("caption").or_else(|| parts.option("name").filter(|name| name.contains('.'))) {
        Some(caption) => html.push_str(&format!(
            "<div class=\"literal-block-wrapper\"><div class=\"code-block-caption\"><span class=\"caption-text\">{}</span></div>{block}</div>\n",
            inline::write(caption, names)
        )),
        None => html.push_str(&block),
    }
}

fn math(parts: &Parts<'_>) -> String {
    let text = parts.whole().join("\n");
    let formulas = text.split("\n\n").map(str::trim).filter(|formula| !formula.is_empty());
    formulas
        .map(|formula| format!("<p><span class=\"math display\">{}</span></p>\n", escape(formula)))
        .collect()
}

/// The entries of a table of contents as links, also where the page hides it: they say what there is.
fn toctree(parts: &Parts<'_>) -> String {
    let lines = parts.content.iter().map(|line| line.trim());
    let entries = lines
        .filter(|line| !line.is_empty() && !line.starts_with("..") && !line.contains('*') && *line != "self");
    let entry = |line: &str| {
        let (label, target) = match line.strip_suffix('>').and_then(|line| line.rsplit_once('<')) {
            Some((label, target)) => (label.trim(), target.trim()),
            None => (line, line),
        };
        format!("<li>{}</li>\n", anchor(target, &escape(label)))
    };
    let list: String = entries.map(entry).collect();
    let caption =
        parts.option("caption").map(|caption| format!("<p><strong>{}</strong></p>\n", escape(caption)));
    if list.is_empty() {
        String::new()
    } else {
        format!("{}<ul>\n{list}</ul>\n", caption.unwrap_or_default())
    }
}

/// A panel or a card under its label.
fn labelled(name: &str, parts: &Parts<'_>, inner: &Inner<'_>, names: &Names, html: &mut String) {
    let (label, language) = match name {
        // `code-tab` names the language, then the label.
        "code-tab" => {
            let (language, label) =
                parts.argument.split_once(' ').unwrap_or((&parts.argument, &parts.argument));
            (label, Some(language))
        }
        _ => (parts.argument.as_str(), None),
    };
    if !label.trim().is_empty() {
        let label = inline::write(label, names);
        html.push_str(&format!("<p><strong>{label}</strong></p>\n"));
    }
    match language {
        Some(language) => html.push_str(&code_block(language, &parts.content.join("\n"))),
        None => html.push_str(&inner(&parts.content)),
    }
    if let Some(link) = parts.option("link") {
        html.push_str(&format!("<p>{}</p>\n", anchor(link, &escape(&roles::label(link)))));
    }
}

/// A thing that a reference describes: its signatures, then what it is.
fn object(name: &str, parts: &Parts<'_>, inner: &Inner<'_>, html: &mut String) {
    let domain = name.split_once(':').map_or("py", |(domain, _)| domain);
    html.push_str(&format!("<dl class=\"{}\">\n", escape(domain)));
    // A line that ends with a backslash goes on.
    let signatures = parts.argument.replace("\\\n", " ");
    for signature in signatures.lines() {
        let signature = inline::unescaped(signature.trim());
        html.push_str(&format!("<dt class=\"sig\"><code>{}</code></dt>\n", escape(&signature)));
    }
    html.push_str(&format!("<dd>{}</dd>\n</dl>\n", inner(&parts.content)));
}
