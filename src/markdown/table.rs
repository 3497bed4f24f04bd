//! Tables: one line a row, pipes escaped.

use crate::document::{Alignment, Inline, Table};
use crate::markdown::inline;

/// A table; one without header gets an empty one, since GFM wants it.
pub(super) fn write(table: &Table) -> String {
    let columns = table.rows.iter().map(Vec::len).chain([table.header.len()]).max().unwrap_or(0);
    if columns == 0 {
        return String::new();
    }
    let mut lines = Vec::with_capacity(table.rows.len() + 2);
    lines.push(write_row(&table.header, columns));
    let rule: Vec<&str> = (0..columns).map(|column| dashes(table.alignment.get(column).copied())).collect();
    lines.push(format!("| {} |", rule.join(" | ")));
    lines.extend(table.rows.iter().map(|row| write_row(row, columns)));
    let grid = lines.join("\n");
    if table.caption.is_empty() {
        return grid;
    }
    format!("{}\n\n{grid}", inline::write_line(&[Inline::Strong(table.caption.clone())]))
}

fn dashes(alignment: Option<Alignment>) -> &'static str {
    match alignment.unwrap_or_default() {
        Alignment::None => "---",
        Alignment::Left => ":---",
        Alignment::Center => ":---:",
        Alignment::Right => "---:",
    }
}

fn write_row(cells: &[Vec<Inline>], columns: usize) -> String {
    let mut row = String::from("|");
    for column in 0..columns {
        let text = cells.get(column).map(|cell| inline::write_cell(cell)).unwrap_or_default();
        row.push(' ');
        row.push_str(&text);
        row.push_str(if text.is_empty() { "|" } else { " |" });
    }
    row
}
