//! Fences: code as it is, and the directives of MyST and the cells of Quarto that look like code.

use super::boxes::Box;
use super::escape;

/// Directives whose content is code, with their argument as its language.
const CODE: [&str; 5] = ["code-block", "code", "sourcecode", "code-cell", "prompt"];
/// Directives that a reader never sees.
const UNSEEN: [&str; 10] = [
    "contents",
    "tableofcontents",
    "include",
    "raw",
    "currentmodule",
    "autosummary",
    "automodule",
    "bibliography",
    "index",
    "meta",
];

/// The marks that open a fence.
#[derive(Clone, Debug)]
pub(super) struct Fence {
    indent: String,
    mark: char,
    length: usize,
    info: String,
}

/// What a fence that is no plain code is.
pub(super) enum Directive {
    /// Code in a language.
    Code {
        /// The language; may be empty.
        language: String,
    },
    /// Something that is written out here.
    Text(String),
    /// A box.
    Opens(Box),
}

impl Fence {
    pub(super) fn opened_by(line: &str) -> Option<Self> {
        let text = line.trim_start();
        let mark = text.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
        let info = text.trim_start_matches(mark);
        let length = text.len() - info.len();
        let is_fence = length >= 3 && !(mark == '`' && info.contains('`'));
        let indent = line.get(..line.len() - text.len()).unwrap_or_default().to_owned();
        is_fence.then(|| Self { indent, mark, length, info: info.trim().to_owned() })
    }

    pub(super) fn is_closed_by(&self, line: &str) -> bool {
        let text = line.trim();
        text.len() >= self.length && text.chars().all(|letter| letter == self.mark)
    }

    /// The marks as they stand, with their indentation.
    pub(super) fn marks(&self) -> String {
        format!("{}{}", self.indent, self.mark.to_string().repeat(self.length))
    }

    /// What the fence is, and how many of the lines after it belong to that; `None` for plain code.
    pub(super) fn directive(&self, rest: &[&str]) -> Option<(Directive, usize)> {
        let (name, argument) = self.info.strip_prefix('{')?.split_once('}')?;
        let argument = argument.trim();
        // Quarto: ```{python}, ```{python, echo=FALSE}, ```{.python filename="a.py"}
        let word = name.trim().trim_start_matches('.');
        let word = word.split([' ', ',']).next().unwrap_or_default();
        let (values, taken) = options(rest);
        let indent = self.indent.as_str();
        let whole = || {
            let lines = rest.iter().take_while(|line| !self.is_closed_by(line)).count();
            (lines.min(rest.len()), (lines + 1).min(rest.len()))
        };
        if CODE.contains(&word) {
            let language = argument.split_whitespace().next().unwrap_or_default().to_owned();
            return Some((Directive::Code { language }, taken));
        }
        if UNSEEN.contains(&word) {
            return Some((Directive::Text(String::new()), whole().1));
        }
        let (end, all) = whole();
        let body = rest.get(taken..end).unwrap_or_default();
        let text = match word {
            "math" => format!("\n{indent}$$\n{}\n{indent}$$\n\n", lines(argument, body)),
            "image" | "figure" => {
                let alt = value(&values, "alt").unwrap_or_default();
                format!("\n{indent}![{alt}]({argument})\n\n{}\n\n", body.join("\n"))
            }
            "literalinclude" => format!("\n{indent}[{argument}]({argument})\n\n"),
            "toctree" => toctree(body, indent),
            "mermaid" => format!("\n{indent}```mermaid\n{}\n{indent}```\n\n", body.join("\n")),
            "eval-rst" => format!("\n\n{}\n\n", as_one_block(&crate::render::rst_fragment(&body.join("\n")))),
            _ => {
                if let Some(open) = Box::of_directive(word, argument, indent, (self.mark, self.length)) {
                    return Some((Directive::Opens(open), taken));
                }
                // A word alone is a language, and anything else a directive that nobody here knows.
                let is_language = argument.is_empty() && !word.contains(['-', ':']);
                return is_language.then(|| {
                    let cell = rest.iter().take_while(|line| is_cell_option(line)).count();
                    (Directive::Code { language: word.to_owned() }, cell)
                });
            }
        };
        Some((Directive::Text(text), all))
    }
}

/// The options at the top of a directive, as `:key: value` lines or between `---`, and how many lines they take.
pub(super) fn options(rest: &[&str]) -> (Vec<(String, String)>, usize) {
    if rest.first().is_some_and(|line| line.trim() == "---") {
        let end = rest.iter().skip(1).take_while(|line| line.trim() != "---").count();
        return if end + 1 < rest.len() { (Vec::new(), end + 2) } else { (Vec::new(), 0) };
    }
    let mut values = Vec::new();
    for line in rest {
        let option = line.trim().strip_prefix(':').and_then(|text| text.split_once(':'));
        match option {
            Some((key, value)) if !key.is_empty() && !key.contains(' ') => {
                values.push((key.to_owned(), value.trim().to_owned()));
            }
            _ => break,
        }
    }
    let taken = values.len();
    (values, taken)
}

fn value<'a>(values: &'a [(String, String)], key: &str) -> Option<&'a str> {
    values.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
}

/// `#| label: fig-a` and its like at the top of a cell of Quarto.
fn is_cell_option(line: &str) -> bool {
    ["#|", "//|", "--|", "%%|"].iter().any(|mark| line.trim_start().starts_with(mark))
}

fn lines(argument: &str, body: &[&str]) -> String {
    let mut text = argument.to_owned();
    for line in body {
        text.push('\n');
        text.push_str(line.trim());
    }
    text.trim().to_owned()
}

/// The entries of a table of contents as links.
fn toctree(body: &[&str], indent: &str) -> String {
    let entries =
        body.iter().map(|line| line.trim()).filter(|line| !line.is_empty() && !line.starts_with(':'));
    let entry = |line: &str| match line.strip_suffix('>').and_then(|line| line.rsplit_once('<')) {
        Some((label, target)) => format!("{indent}- [{}]({})\n", label.trim(), target.trim()),
        None => format!("{indent}- [{line}]({line})\n"),
    };
    format!("\n{}\n", entries.map(entry).collect::<String>())
}

/// HTML without empty lines, which would end its block.
fn as_one_block(html: &str) -> String {
    let lines: Vec<&str> = html.lines().filter(|line| !line.trim().is_empty()).collect();
    if lines.is_empty() { escape("") } else { format!("<div>{}</div>", lines.join("\n")) }
}
