//! Lists: bullets, numbers, terms, fields, options, and lines of verse.

use super::blocks;
use super::escape;
use super::inline;
use super::lines::{count_indented, indent_of, is_blank, item};
use super::names::Names;

/// Fields at the top of a file that are for Sphinx alone.
const FILE_FIELDS: [&str; 6] =
    ["orphan", "nocomments", "nosearch", "tocdepth", "github_url", "html_theme.sidebar_secondary.remove"];

/// Writes the list that the lines begin with; `None` where they begin with none.
pub(super) fn write(lines: &[&str], names: &Names, depth: usize, html: &mut String) -> Option<usize> {
    let first = lines.first()?;
    if bullet(first).is_some() {
        return Some(bullets(lines, names, depth, html));
    }
    if let Some(found) = number(first).filter(|found| continues(lines, found)) {
        return Some(numbers(lines, &found, names, depth, html));
    }
    if field(first).is_some() {
        return Some(fields(lines, names, depth, html));
    }
    if option(first).is_some() && has_description(lines) {
        return Some(options(lines, names, depth, html));
    }
    None
}

fn bullet(line: &str) -> Option<char> {
    let mark = line.chars().next().filter(|mark| "*+-•‣⁃".contains(*mark))?;
    let rest = line.get(mark.len_utf8()..)?;
    (rest.is_empty() || rest.starts_with(' ')).then_some(mark)
}

fn bullets(lines: &[&str], names: &Names, depth: usize, html: &mut String) -> usize {
    let mark = lines.first().and_then(|line| bullet(line));
    html.push_str("<ul>\n");
    let taken = items(lines, names, depth, html, |line| {
        bullet(line).filter(|own| Some(*own) == mark).map(|own| width_of(line, own.len_utf8()))
    });
    html.push_str("</ul>\n");
    taken
}

/// The columns of a mark with the spaces behind it.
fn width_of(line: &str, mark: usize) -> usize {
    let rest = line.get(mark..).unwrap_or_default();
    mark + (rest.len() - rest.trim_start_matches(' ').len()).max(1)
}

fn items(
    lines: &[&str],
    names: &Names,
    depth: usize,
    html: &mut String,
    width: impl Fn(&str) -> Option<usize>,
) -> usize {
    let mut at = 0;
    loop {
        let rest = lines.get(at..).unwrap_or_default();
        let blank = rest.iter().take_while(|line| is_blank(line)).count();
        let rest = rest.get(blank..).unwrap_or_default();
        let Some(columns) = rest.first().and_then(|line| width(line)) else { return at };
        let (content, taken) = item(rest, columns);
        html.push_str("<li>");
        blocks::write(&content, names, depth + 1, html);
        html.push_str("</li>\n");
        at += blank + taken;
    }
}

/// The number of an item, its form, and the columns of its mark.
struct Number {
    form: (char, char, &'static str),
    value: Option<u64>,
    width: usize,
}

fn number(line: &str) -> Option<Number> {
    let (open, text) = match line.strip_prefix('(') {
        Some(text) => ('(', text),
        None => (' ', line),
    };
    let end = text.find(['.', ')'])?;
    let word = text.get(..end)?;
    let close = text.get(end..)?.chars().next()?;
    let behind = text.get(end + 1..)?;
    if (open == '(') != (close == ')') && open == '(' || !(behind.is_empty() || behind.starts_with(' ')) {
        return None;
    }
    let is_digits = !word.is_empty() && word.len() < 10 && word.bytes().all(|byte| byte.is_ascii_digit());
    let is_roman = word.len() > 1 && word.chars().all(|letter| "ivxlcdmIVXLCDM".contains(letter));
    let is_letter = word.len() == 1 && word.chars().all(|letter| letter.is_ascii_alphabetic());
    let (kind, value) = match word {
        "#" => ("#", None),
        _ if is_digits => ("1", word.parse().ok()),
        _ if is_letter => {
            ("a", word.bytes().next().map(|byte| u64::from(byte.to_ascii_lowercase() - b'a') + 1))
        }
        _ if is_roman => ("i", Some(1)),
        _ => return None,
    };
    let mark = line.len() - behind.len();
    Some(Number { form: (open, close, kind), value, width: width_of(line, mark) })
}

/// A number that begins the line of a paragraph is no item: the line after it would be indented.
fn continues(lines: &[&str], found: &Number) -> bool {
    let Some(next) = lines.get(1) else { return true };
    is_blank(next) || indent_of(next) >= found.width || number(next).is_some()
}

fn numbers(lines: &[&str], first: &Number, names: &Names, depth: usize, html: &mut String) -> usize {
    let start = first.value.unwrap_or(1);
    html.push_str(&if start == 1 { "<ol>\n".to_owned() } else { format!("<ol start=\"{start}\">\n") });
    let same = |kind: &str| {
        kind == first.form.2
            || kind == "#"
            || (first.form.2 == "i" && kind == "a")
            || (first.form.2 == "a" && kind == "i")
    };
    let taken = items(lines, names, depth, html, |line| {
        number(line).filter(|own| own.form.1 == first.form.1 && same(own.form.2)).map(|own| own.width)
    });
    html.push_str("</ol>\n");
    taken
}

/// Terms with the lines indented below them; a term may have a class behind ` : `.
pub(super) fn definitions(lines: &[&str], names: &Names, depth: usize, html: &mut String) -> usize {
    let mut at = 0;
    html.push_str("<dl>\n");
    loop {
        let rest = lines.get(at..).unwrap_or_default();
        let blank = rest.iter().take_while(|line| is_blank(line)).count();
        let rest = rest.get(blank..).unwrap_or_default();
        let is_term = rest
            .first()
            .is_some_and(|line| indent_of(line) == 0 && !line.starts_with(".. ") && !line.ends_with("::"))
            && rest.get(1).is_some_and(|line| !is_blank(line) && indent_of(line) > 0);
        let begins_other = at > 0
            && rest.first().is_some_and(|line| {
                bullet(line).is_some() || number(line).is_some() || field(line).is_some()
            });
        if !is_term || begins_other {
            html.push_str("</dl>\n");
            return at;
        }
        let term = rest.first().copied().unwrap_or_default();
        let mut parts = term.split(" : ");
        let name = inline::write(parts.next().unwrap_or_default(), names);
        let classes: String = parts
            .map(|class| format!(" <span class=\"classifier\">{}</span>", inline::write(class, names)))
            .collect();
        html.push_str(&format!("<dt>{name}{classes}</dt>\n<dd>"));
        let below = rest.get(1..).unwrap_or_default();
        let count = count_indented(below, 1);
        let content = super::lines::dedent(below.get(..count).unwrap_or_default());
        blocks::write(&content, names, depth + 1, html);
        html.push_str("</dd>\n");
        at += blank + 1 + count;
    }
}

/// The name of a field and the columns of its mark.
fn field(line: &str) -> Option<(&str, usize)> {
    let rest = line.strip_prefix(':')?;
    let end = rest.match_indices(':').map(|(at, _)| at).find(|at| {
        let behind = rest.get(at + 1..).unwrap_or_default();
        let is_escaped = rest.get(..*at).is_some_and(|before| before.ends_with('\\'));
        (behind.is_empty() || behind.starts_with(' ')) && !is_escaped
    })?;
    let name =
        rest.get(..end).filter(|name| !name.is_empty() && !name.starts_with(' ') && !name.contains('`'))?;
    Some((name, end + 2))
}

fn fields(lines: &[&str], names: &Names, depth: usize, html: &mut String) -> usize {
    let mut at = 0;
    let mut inner = String::new();
    loop {
        let rest = lines.get(at..).unwrap_or_default();
        let blank = rest.iter().take_while(|line| is_blank(line)).count();
        let rest = rest.get(blank..).unwrap_or_default();
        let Some((name, width)) = rest.first().and_then(|line| field(line)) else { break };
        // What is below is indented by as much as its author liked.
        let below = count_indented(rest.get(1..).unwrap_or_default(), 1);
        let head = rest.first().and_then(|line| line.get(width..)).unwrap_or_default().trim();
        let body = super::lines::dedent(rest.get(1..=below).unwrap_or_default());
        let content = if head.is_empty() { body } else { [vec![head], body].concat() };
        at += blank + 1 + below;
        if FILE_FIELDS.contains(&name) {
            continue;
        }
        inner.push_str(&format!("<dt>{}</dt>\n<dd>", field_name(name, names)));
        blocks::write(&content, names, depth + 1, &mut inner);
        inner.push_str("</dd>\n");
    }
    if !inner.is_empty() {
        html.push_str(&format!("<dl class=\"field-list\">\n{inner}</dl>\n"));
    }
    at
}

/// The name of a field as Sphinx shows it: `param int size` is a parameter of a type.
fn field_name(name: &str, names: &Names) -> String {
    let mut words = name.split_whitespace();
    let kind = words.next().unwrap_or_default();
    let rest: Vec<&str> = words.collect();
    let own = rest.last().map(|word| escape(word)).unwrap_or_default();
    let of_type = rest.split_last().map(|(_, of_type)| of_type.join(" ")).filter(|text| !text.is_empty());
    match (kind, rest.is_empty()) {
        ("param" | "parameter" | "arg" | "argument" | "key" | "keyword" | "kwarg", false) => {
            let of_type = of_type.map_or_else(String::new, |text| format!(" (<em>{}</em>)", escape(&text)));
            format!("<strong>{own}</strong>{of_type}")
        }
        ("type", false) => format!("type of <strong>{own}</strong>"),
        ("raises" | "raise" | "except" | "exception", false) => format!("Raises <code>{own}</code>"),
        ("returns" | "return", true) => "Returns".to_owned(),
        ("rtype", true) => "Return type".to_owned(),
        _ => inline::write(name, names),
    }
}

/// The options of a command that a line begins with, and the columns before their description.
fn option(line: &str) -> Option<(&str, usize)> {
    let is_option = |word: &str| {
        let name =
            word.strip_prefix("--").or_else(|| word.strip_prefix('-')).or_else(|| word.strip_prefix('/'));
        name.is_some_and(|name| name.starts_with(|first: char| first.is_ascii_alphanumeric()))
    };
    let (words, width) = match line.find("  ") {
        Some(at) => (line.get(..at)?, line.len() - line.get(at..)?.trim_start().len()),
        None => (line, line.len()),
    };
    let is_all = words.split(", ").all(|part| {
        let mut parts = part.split([' ', '=']);
        parts.next().is_some_and(is_option) && parts.clone().count() <= 1
    });
    is_all.then_some((words, width))
}

/// A line that looks like an option is one only where it is described.
fn has_description(lines: &[&str]) -> bool {
    let is_beside = lines.first().is_some_and(|line| line.contains("  "));
    is_beside || lines.get(1).is_some_and(|line| !is_blank(line) && indent_of(line) > 0)
}

fn options(lines: &[&str], names: &Names, depth: usize, html: &mut String) -> usize {
    let mut at = 0;
    html.push_str("<dl class=\"option-list\">\n");
    loop {
        let rest = lines.get(at..).unwrap_or_default();
        let blank = rest.iter().take_while(|line| is_blank(line)).count();
        let rest = rest.get(blank..).unwrap_or_default();
        let found = rest.first().and_then(|line| option(line)).filter(|_| has_description(rest));
        let Some((words, width)) = found else {
            html.push_str("</dl>\n");
            return at;
        };
        let below = count_indented(rest.get(1..).unwrap_or_default(), 1);
        let head = rest.first().and_then(|line| line.get(width..)).unwrap_or_default().trim();
        let body = super::lines::dedent(rest.get(1..=below).unwrap_or_default());
        let content = if head.is_empty() { body } else { [vec![head], body].concat() };
        html.push_str(&format!("<dt><code>{}</code></dt>\n<dd>", escape(words)));
        blocks::write(&content, names, depth + 1, html);
        html.push_str("</dd>\n");
        at += blank + 1 + below;
    }
}

/// Lines that stay lines.
pub(super) fn line_block(lines: &[&str], names: &Names, html: &mut String) -> usize {
    let mut shown: Vec<String> = Vec::new();
    let mut taken = 0;
    for line in lines {
        match line.strip_prefix('|') {
            Some(text) if text.is_empty() || text.starts_with(' ') => shown.push(text.trim().to_owned()),
            // A line that goes on.
            None if indent_of(line) > 0 && !is_blank(line) => match shown.last_mut() {
                Some(last) => last.push_str(&format!(" {}", line.trim())),
                None => break,
            },
            _ => break,
        }
        taken += 1;
    }
    html.push_str("<div class=\"line-block\">\n");
    for text in shown {
        html.push_str(&format!("<div class=\"line\">{}</div>\n", inline::write(&text, names)));
    }
    html.push_str("</div>\n");
    taken
}
