//! Boxes around Markdown: notes, tips, disclosures, tabs, and groups that show nothing of themselves.

use super::escape;
use crate::extract::is_admonition_kind;

/// An open box.
#[derive(Clone, Debug)]
pub(super) struct Box {
    kind: Kind,
    title: String,
    indent: String,
    end: End,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    /// A note of this kind.
    Admonition(String),
    /// Something that a reader opens.
    Details,
    /// A panel or a card with a label.
    Labelled,
    /// Nothing that is seen.
    Group,
}

/// The line that closes a box.
#[derive(Clone, Debug, PartialEq, Eq)]
enum End {
    /// As many marks, or more, and nothing else.
    Marks { mark: char, least: usize },
    /// This tag of JSX.
    Tag(String),
    /// This word between `{%` and `%}`.
    Word(String),
}

/// A box whose content is indented.
pub(super) struct Indented {
    pub(super) start: String,
    pub(super) body: Vec<String>,
    pub(super) end: String,
}

impl Box {
    /// The box of a fenced directive; `None` where its name is that of no box.
    pub(super) fn of_directive(
        name: &str,
        argument: &str,
        indent: &str,
        (mark, least): (char, usize),
    ) -> Option<Self> {
        let kind = kind_of(name)?;
        Some(Self {
            kind,
            title: argument.trim().to_owned(),
            indent: indent.to_owned(),
            end: End::Marks { mark, least },
        })
    }

    /// The box that a line opens, and how many of the lines after it state its options.
    pub(super) fn opened_by(line: &str, rest: &[&str]) -> Option<(Self, usize)> {
        let text = line.trim();
        let indent = line.get(..line.len() - line.trim_start().len()).unwrap_or_default();
        let of = |(kind, title, end)| Self { kind, title, indent: indent.to_owned(), end };
        if text.starts_with(":::") {
            return of_colons(text).map(|found| (of(found), super::fences::options(rest).1));
        }
        if let Some(inner) = text.strip_prefix("{%").and_then(|text| text.strip_suffix("%}")) {
            return of_word(inner.trim()).map(|found| (of(found), 0));
        }
        of_tag(text).map(|found| (of(found), 0))
    }

    pub(super) fn is_closed_by(&self, line: &str) -> bool {
        let text = line.trim();
        match &self.end {
            End::Marks { mark, least } => {
                text.len() >= *least && !text.is_empty() && text.chars().all(|letter| letter == *mark)
            }
            End::Tag(name) => {
                text.strip_prefix("</").and_then(|text| text.strip_suffix('>')) == Some(name.as_str())
            }
            End::Word(word) => {
                let inner = text.strip_prefix("{%").and_then(|text| text.strip_suffix("%}"));
                inner.map(str::trim) == Some(word.as_str())
            }
        }
    }

    pub(super) fn start(&self) -> String {
        let (indent, title) = (&self.indent, escape(&self.title));
        match &self.kind {
            Kind::Admonition(kind) if title.is_empty() => {
                format!("\n{indent}<div class=\"admonition {kind}\">\n\n")
            }
            Kind::Admonition(kind) => format!(
                "\n{indent}<div class=\"admonition {kind}\"><p class=\"admonition-title\">{title}</p>\n\n"
            ),
            Kind::Details => format!("\n{indent}<details><summary>{title}</summary>\n\n"),
            Kind::Labelled if !title.is_empty() => format!("\n{indent}<p><strong>{title}</strong></p>\n\n"),
            Kind::Labelled | Kind::Group => "\n".to_owned(),
        }
    }

    pub(super) fn end(&self) -> String {
        let indent = &self.indent;
        match &self.kind {
            Kind::Admonition(_) => format!("\n{indent}</div>\n\n"),
            Kind::Details => format!("\n{indent}</details>\n\n"),
            Kind::Labelled | Kind::Group => "\n".to_owned(),
        }
    }
}

/// A box of Python-Markdown: `!!! note "Title"`, `??? tip`, `=== "Tab"`, and the lines indented below it.
pub(super) fn indented(line: &str, rest: &[&str]) -> Option<(Indented, usize)> {
    let indent = line.len() - line.trim_start().len();
    let text = line.trim();
    let (mark, words) = text.split_once(' ')?;
    let (words, title) = match words.split_once('"') {
        Some((words, title)) => (words.trim(), Some(title.trim_end().trim_end_matches('"').to_owned())),
        None => (words.trim(), None),
    };
    let name = words.split_whitespace().next().unwrap_or_default();
    let kind = match mark {
        "!!!" => Kind::Admonition(kind_word(name)),
        "???" | "???+" => Kind::Details,
        "===" | "===+" | "===!" if title.is_some() && words.is_empty() => Kind::Labelled,
        _ => return None,
    };
    let own = if kind == Kind::Details { name.to_owned() } else { String::new() };
    let deep = " ".repeat(indent + 4);
    let is_inside =
        |line: &&&str| line.trim().is_empty() || line.starts_with(&deep) || line.starts_with('\t');
    let mut taken = rest.iter().take_while(is_inside).count();
    while taken > 0 && rest.get(taken - 1).is_some_and(|line| line.trim().is_empty()) {
        taken -= 1;
    }
    if taken == 0 {
        return None;
    }
    let margin = " ".repeat(indent);
    let body = rest.iter().take(taken).map(|line| {
        let inner = line.strip_prefix(&deep).or_else(|| line.strip_prefix('\t')).unwrap_or_default();
        if inner.is_empty() { String::new() } else { format!("{margin}{inner}") }
    });
    let open = Box {
        kind,
        title: title.unwrap_or(own),
        indent: margin.clone(),
        end: End::Marks { mark: ':', least: 3 },
    };
    Some((Indented { start: open.start(), body: body.collect(), end: open.end() }, taken))
}

/// `:::note Title`, `:::{note} Title`, `::: {.callout-note title="…"}`, `::: details Label`.
fn of_colons(text: &str) -> Option<(Kind, String, End)> {
    let words = text.trim_start_matches(':');
    let end = End::Marks { mark: ':', least: text.len() - words.len() };
    let words = words.trim();
    if words.is_empty() {
        return None;
    }
    if let Some((inner, after)) = words.strip_prefix('{').and_then(|words| words.split_once('}')) {
        if !inner.starts_with(['.', '#']) {
            // MyST: the name of a directive in braces, then its argument.
            return Some((kind_of(inner.trim()).unwrap_or(Kind::Labelled), after.trim().to_owned(), end));
        }
        let class = inner.split_whitespace().find_map(|word| word.strip_prefix('.')).unwrap_or_default();
        let kind =
            class.strip_prefix("callout-").map_or(Kind::Group, |name| Kind::Admonition(kind_word(name)));
        return Some((kind, attribute(inner, "title").unwrap_or_default(), end));
    }
    let (name, title) = words.split_once([' ', '[', '{']).unwrap_or((words, ""));
    let title = title.split('{').next().unwrap_or_default().trim().trim_end_matches(']').trim();
    Some((kind_of(name).unwrap_or(Kind::Group), title.to_owned(), end))
}

/// `{% hint style="info" %}`, `{% tab title="…" %}`.
fn of_word(inner: &str) -> Option<(Kind, String, End)> {
    let name = inner.split_whitespace().next()?;
    let end = End::Word(format!("end{name}"));
    match name {
        "hint" => {
            let style = attribute(inner, "style").unwrap_or_else(|| "note".to_owned());
            Some((Kind::Admonition(kind_word(&style)), String::new(), end))
        }
        "tab" | "code" | "step" => Some((Kind::Labelled, attribute(inner, "title").unwrap_or_default(), end)),
        "tabs" | "columns" | "column" | "stepper" | "content-ref" => Some((Kind::Group, String::new(), end)),
        _ => None,
    }
}

/// A component of JSX that stands alone on its line, as `<Tip>` or `<TabItem label="…">`. Components that are written
/// in lower case are elements of HTML, and one that ends itself holds nothing.
fn of_tag(text: &str) -> Option<(Kind, String, End)> {
    let inner = text.strip_prefix('<')?.strip_suffix('>').filter(|inner| !inner.contains(['<', '>']))?;
    let name = inner
        .split_whitespace()
        .next()
        .filter(|name| name.starts_with(|first: char| first.is_ascii_uppercase()))?;
    if inner.ends_with('/') || !name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '.') {
        return None;
    }
    let title =
        ["title", "label", "summary"].iter().find_map(|key| attribute(inner, key)).unwrap_or_default();
    let kind = match kind_of(&name.to_lowercase()) {
        Some(kind) => kind,
        None if matches!(name, "Callout" | "Admonition" | "Aside" | "Alert") => {
            let kind = attribute(inner, "type").or_else(|| attribute(inner, "kind"));
            Kind::Admonition(kind_word(&kind.unwrap_or_else(|| "note".to_owned())))
        }
        None if matches!(name, "Accordion" | "Expandable" | "Collapse" | "Details") => Kind::Details,
        None => Kind::Labelled,
    };
    Some((kind, title, End::Tag(name.to_owned())))
}

/// The kind of a box by the name that a tool gives it; `None` for one that is no box.
fn kind_of(name: &str) -> Option<Kind> {
    let name = name.to_lowercase();
    Some(match name.as_str() {
        "dropdown" | "details" | "collapse" | "toggle" => Kind::Details,
        "tab-item" | "tab" | "card" | "grid-item-card" | "sidebar" | "margin" => Kind::Labelled,
        "tab-set" | "tabs" | "grid" | "grid-item" | "card-carousel" | "div" | "container" | "only"
        | "code-group" | "centered" | "rubric" | "epigraph" | "figure-md" | "table" => Kind::Group,
        word if word == "admonition" || is_admonition_kind(word) => Kind::Admonition(kind_word(word)),
        _ => return None,
    })
}

/// A kind as the extraction knows it.
fn kind_word(name: &str) -> String {
    match name.to_lowercase().as_str() {
        "" | "admonition" => "note".to_owned(),
        "see-also" => "seealso".to_owned(),
        word => word.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-').collect(),
    }
}

/// The value of an attribute in the text of a tag.
fn attribute(text: &str, name: &str) -> Option<String> {
    let (_, rest) = text.split_once(&format!("{name}="))?;
    let rest = rest.trim_start_matches('{');
    let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    rest.get(1..)?.split(quote).next().map(str::to_owned)
}
