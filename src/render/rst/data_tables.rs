//! Tables that are written as lists of lists, or as values between commas.

use super::blocks;
use super::inline;
use super::lines::{is_blank, item};
use super::names::Names;

/// The content of a cell, as HTML.
type Row = Vec<String>;

/// A `list-table`: a list of rows, each a list of cells.
pub(super) fn list(
    caption: &str,
    header_rows: Option<&str>,
    content: &[&str],
    names: &Names,
    depth: usize,
) -> String {
    let rows = items(content).into_iter().map(|row| {
        let cells = items(&row).into_iter();
        cells.map(|cell| cell_html(&cell, names, depth)).collect::<Row>()
    });
    table(caption, count(header_rows), rows.collect(), names)
}

/// A `csv-table`: a row a line, with the header in an option or in its first lines.
pub(super) fn csv(
    caption: &str,
    (header, header_rows, delimiter): (Option<&str>, Option<&str>, Option<&str>),
    content: &[&str],
    names: &Names,
    depth: usize,
) -> String {
    let delimiter = match delimiter {
        Some("tab") => '\t',
        Some("space") => ' ',
        Some(text) => text.chars().next().unwrap_or(','),
        None => ',',
    };
    let text = content.join("\n");
    let mut rows = header.map(|header| values(header, delimiter)).unwrap_or_default();
    let heads = rows.len() + count(header_rows);
    rows.extend(values(&text, delimiter));
    let cell = |text: String| cell_html(&text.lines().map(str::trim).collect::<Vec<_>>(), names, depth);
    table(caption, heads, rows.into_iter().map(|row| row.into_iter().map(cell).collect()).collect(), names)
}

fn count(number: Option<&str>) -> usize {
    number.and_then(|number| number.trim().parse().ok()).unwrap_or(0)
}

/// The items of a list of bullets, each as its lines.
fn items<'a>(lines: &[&'a str]) -> Vec<Vec<&'a str>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = lines.get(at..).filter(|rest| !rest.is_empty()) {
        let first = rest.first().copied().unwrap_or_default();
        let mark =
            first.strip_prefix(['*', '-', '+']).filter(|rest| rest.is_empty() || rest.starts_with(' '));
        let Some(behind) = mark else {
            at += 1;
            continue;
        };
        let width = 1 + (behind.len() - behind.trim_start_matches(' ').len()).max(1);
        let (content, taken) = item(rest, width);
        found.push(content);
        at += taken.max(1);
    }
    found
}

fn cell_html(lines: &[&str], names: &Names, depth: usize) -> String {
    let mut html = String::new();
    blocks::write(lines, names, depth + 1, &mut html);
    html
}

fn table(caption: &str, header_rows: usize, rows: Vec<Row>, names: &Names) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut html = String::from("<table>\n");
    if !is_blank(caption) {
        html.push_str(&format!("<caption>{}</caption>\n", inline::write(caption, names)));
    }
    for (at, row) in rows.iter().enumerate() {
        let name = if at < header_rows { "th" } else { "td" };
        html.push_str(match at {
            0 if header_rows > 0 => "<thead>\n",
            _ if at == header_rows => "<tbody>\n",
            _ => "",
        });
        let cells: String = row.iter().map(|cell| format!("<{name}>{cell}</{name}>")).collect();
        html.push_str(&format!("<tr>{cells}</tr>\n"));
        if header_rows > 0 && at + 1 == header_rows {
            html.push_str("</thead>\n");
        }
    }
    html.push_str(if rows.len() > header_rows { "</tbody>\n</table>\n" } else { "</table>\n" });
    html
}

/// Values between delimiters (RFC 4180): quoted ones may hold delimiters, line breaks and doubled quotes.
fn values(text: &str, delimiter: char) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut value = String::new();
    let mut is_quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if is_quoted && letters.peek() == Some(&'"') => {
                value.push('"');
                letters.next();
            }
            '"' if is_quoted => is_quoted = false,
            '"' if value.trim().is_empty() => {
                value.clear();
                is_quoted = true;
            }
            '\n' if !is_quoted => {
                row.push(std::mem::take(&mut value).trim().to_owned());
                rows.push(std::mem::take(&mut row));
            }
            other if other == delimiter && !is_quoted => {
                row.push(std::mem::take(&mut value).trim().to_owned())
            }
            other => value.push(other),
        }
    }
    row.push(value.trim().to_owned());
    rows.push(row);
    rows.retain(|row| row.iter().any(|value| !value.is_empty()));
    rows
}
