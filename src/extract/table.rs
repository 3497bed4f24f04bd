//! Tables: header, alignment, spans filled, and blocks in cells written into the line.

use scraper::ElementRef;

use crate::document::{Alignment, Block, Inline, List, ListItem, Table};
use crate::extract::api;
use crate::extract::cell::blocks_to_line;
use crate::extract::dom::{descendants, has_class, is_blank_text, name};
use crate::extract::flow::Flow;
use crate::extract::hidden::is_left_out;
use crate::extract::inline::read_line;
use crate::extract::reader::{Reader, read_blocks};

/// The most columns of a table and the most rows that one cell may span; more is a broken page.
const MAX_COLUMNS: usize = 200;
const MAX_ROW_SPAN: usize = 1000;

/// A row as it stands in the page.
struct Row<'a> {
    cells: Vec<ElementRef<'a>>,
    is_head: bool,
}

/// Reads a table; one that only arranges the page is dissolved into its cells.
pub(super) fn read(reader: &Reader<'_>, element: ElementRef<'_>, flow: &mut Flow, depth: usize) {
    let rows = rows_of(reader, element);
    if let Some(list) = list_of_callouts(reader, element, &rows, depth)
        .or_else(|| list_in_columns(reader, element, &rows, depth))
    {
        flow.push(Block::List(list));
        return;
    }
    let is_grid = reader.profile.table.grids.matches(element);
    if !is_grid && is_layout(element, &rows) {
        for cell in rows.iter().flat_map(|row| &row.cells) {
            read_blocks(reader, *cell, depth + 2).into_iter().for_each(|block| flow.push(block));
        }
        return;
    }
    let caption = element
        .child_elements()
        .find(|child| name(*child) == "caption")
        .map(|caption| read_line(reader, caption, depth))
        .unwrap_or_default();
    let alignment = rows.first().map(|row| row.cells.iter().map(|cell| alignment(*cell)).collect());
    let heads = usize::from(rows.first().is_some_and(|row| row.is_head));
    let mut grid = fill_spans(reader, &rows, depth);
    grid.retain(|row| !row.is_empty());
    let columns = grid.iter().map(Vec::len).max().unwrap_or(0);
    if columns == 0 || grid.iter().flatten().all(Vec::is_empty) {
        return;
    }
    for row in &mut grid {
        row.resize_with(columns, Vec::new);
    }
    let header = if heads == 1 && !grid.is_empty() { grid.remove(0) } else { Vec::new() };
    let alignment: Vec<Alignment> = alignment.unwrap_or_default();
    let alignment =
        if alignment.iter().all(|side| *side == Alignment::None) { Vec::new() } else { alignment };
    flow.push(Block::Table(Table { caption, header, alignment, rows: grid }));
}

/// Whether the element is a table by its role alone (ARIA 1.2 §5.3.2).
pub(super) fn is_table_by_role(element: ElementRef<'_>) -> bool {
    matches!(name(element), "div" | "span" | "section")
        && matches!(element.attr("role"), Some("table" | "grid"))
}

/// What a part of a table is, by its name or its role.
fn part(element: ElementRef<'_>) -> &str {
    match (name(element), element.attr("role")) {
        (_, Some("row")) => "tr",
        (_, Some("rowgroup")) if !matches!(name(element), "thead" | "tfoot") => "tbody",
        ("div" | "span", Some("cell" | "gridcell")) => "td",
        ("div" | "span", Some("columnheader" | "rowheader")) => "th",
        (name, _) => name,
    }
}

/// The rows of this table, not of tables inside of it; those of a `thead` first, of a `tfoot` last.
fn rows_of<'a>(reader: &Reader<'_>, table: ElementRef<'a>) -> Vec<Row<'a>> {
    if reader.profile.table.grids.matches(table) {
        return rows_of_grid(reader, table);
    }
    let (mut head, mut body, mut foot) = (Vec::new(), Vec::new(), Vec::new());
    for child in table.child_elements().filter(|child| !is_left_out(*child, reader.profile)) {
        match part(child) {
            "tr" => body.push(child),
            "thead" => head.extend(table_rows(child)),
            "tfoot" => foot.extend(table_rows(child)),
            "tbody" => body.extend(table_rows(child)),
            _ => {}
        }
    }
    let head_rows = head.len();
    let ordered = head.into_iter().chain(body).chain(foot);
    let visible = ordered.filter(|row| !is_left_out(*row, reader.profile));
    visible
        .enumerate()
        .map(|(index, row)| {
            let cells: Vec<_> = row
                .child_elements()
                .filter(|cell| matches!(part(*cell), "td" | "th") && !is_left_out(*cell, reader.profile))
                .collect();
            let all_heads = !cells.is_empty() && cells.iter().all(|cell| part(*cell) == "th");
            Row { cells, is_head: index < head_rows || (index == 0 && all_heads) }
        })
        .filter(|row| !row.cells.is_empty())
        .collect()
}

/// The rows of a grid: its children are the cells, and those of the first row are marked as such.
fn rows_of_grid<'a>(reader: &Reader<'_>, grid: ElementRef<'a>) -> Vec<Row<'a>> {
    let cells: Vec<_> = grid.child_elements().filter(|cell| !is_left_out(*cell, reader.profile)).collect();
    let columns = cells.iter().take_while(|cell| reader.profile.table.heads.matches(**cell)).count();
    let rows = cells.chunks(columns.max(1)).enumerate();
    rows.map(|(index, cells)| Row { cells: cells.to_vec(), is_head: index == 0 && columns > 0 }).collect()
}

fn table_rows<'a>(section: ElementRef<'a>) -> impl Iterator<Item = ElementRef<'a>> {
    section.child_elements().filter(|row| part(*row) == "tr")
}

/// Whether the table arranges the page rather than data.
fn is_layout(table: ElementRef<'_>, rows: &[Row<'_>]) -> bool {
    if matches!(table.attr("role"), Some("presentation" | "none")) {
        return true;
    }
    let cells: usize = rows.iter().map(|row| row.cells.len()).sum();
    let has_head = rows.iter().flat_map(|row| &row.cells).any(|cell| part(*cell) == "th");
    if cells == 1 && !has_head {
        return true;
    }
    !has_head
        && descendants(table).any(|below| match name(below) {
            "table" | "h1" | "h2" | "h3" | "h4" => true,
            "pre" => below.text().any(|run| run.trim_end().contains('\n')),
            _ => false,
        })
}

/// What Asciidoctor says below a listing about the marks in it: a number and a text in each row.
fn list_of_callouts(
    reader: &Reader<'_>,
    table: ElementRef<'_>,
    rows: &[Row<'_>],
    depth: usize,
) -> Option<List> {
    let is_of_callouts = ElementRef::wrap(table.parent()?).is_some_and(|parent| has_class(parent, "colist"));
    if !is_of_callouts || rows.is_empty() || rows.iter().any(|row| row.cells.len() != 2) {
        return None;
    }
    let texts = rows.iter().filter_map(|row| row.cells.last());
    let items = texts
        .map(|text| ListItem { checked: None, content: read_blocks(reader, *text, depth + 2) })
        .collect();
    Some(List { start: Some(1), items })
}

/// A list that was cut into columns to save room, as Sphinx does it: one row, no heading, and lists in all cells.
fn list_in_columns(
    reader: &Reader<'_>,
    table: ElementRef<'_>,
    rows: &[Row<'_>],
    depth: usize,
) -> Option<List> {
    let [row] = rows else { return None };
    let holds_list = |cell: &ElementRef<'_>| {
        part(*cell) == "td"
            && cell.child_elements().all(|child| matches!(name(child), "ul" | "menu"))
            && cell.children().all(|child| child.value().is_element() || is_blank_text(child))
    };
    let has_caption = table.child_elements().any(|child| name(child) == "caption");
    if row.cells.len() < 2 || has_caption || !row.cells.iter().all(holds_list) {
        return None;
    }
    let mut items = Vec::new();
    for block in row.cells.iter().flat_map(|cell| read_blocks(reader, *cell, depth + 2)) {
        let Block::List(List { start: None, items: more }) = block else { return None };
        items.extend(more);
    }
    (!items.is_empty()).then_some(List { start: None, items })
}

/// The cells of each row in their columns; what a span covers is empty.
fn fill_spans(reader: &Reader<'_>, rows: &[Row<'_>], depth: usize) -> Vec<Vec<Vec<Inline>>> {
    // For each column, how many rows a cell above still covers.
    let mut covered: Vec<usize> = Vec::new();
    let mut grid = Vec::with_capacity(rows.len());
    for row in rows {
        let mut filled: Vec<Vec<Inline>> = Vec::new();
        for cell in &row.cells {
            skip_covered(&mut covered, &mut filled);
            let columns = span(*cell, "colspan", MAX_COLUMNS);
            let depth_of_span = span(*cell, "rowspan", MAX_ROW_SPAN);
            let mut content = Some(read_cell(reader, *cell, depth));
            for _ in 0..columns {
                if filled.len() >= MAX_COLUMNS {
                    break;
                }
                let column = filled.len();
                if covered.len() <= column {
                    covered.resize(column + 1, 0);
                }
                if let Some(rows_below) = covered.get_mut(column) {
                    *rows_below = depth_of_span - 1;
                }
                filled.push(content.take().unwrap_or_default());
            }
        }
        skip_covered(&mut covered, &mut filled);
        grid.push(filled);
    }
    grid
}

/// Passes over the columns that a cell above covers.
fn skip_covered(covered: &mut [usize], filled: &mut Vec<Vec<Inline>>) {
    while let Some(rows_below) = covered.get_mut(filled.len()).filter(|rows_below| **rows_below > 0) {
        *rows_below -= 1;
        filled.push(Vec::new());
    }
}

fn span(cell: ElementRef<'_>, attribute: &str, most: usize) -> usize {
    cell.attr(attribute).and_then(|span| span.trim().parse().ok()).unwrap_or(1).clamp(1, most)
}

fn read_cell(reader: &Reader<'_>, cell: ElementRef<'_>, depth: usize) -> Vec<Inline> {
    if reader.profile.api.names.matches(cell) {
        api::name_of(reader, cell)
    } else if reader.holds_block(cell) {
        blocks_to_line(read_blocks(reader, cell, depth + 2))
    } else {
        read_line(reader, cell, depth + 2)
    }
}

/// How a cell is aligned, by attribute, style or the class names that Sphinx and Docusaurus use.
fn alignment(cell: ElementRef<'_>) -> Alignment {
    let style = cell.attr("style").unwrap_or_default().to_ascii_lowercase().replace(' ', "");
    let class = cell.attr("class").unwrap_or_default();
    let says = |side: &str| {
        cell.attr("align") == Some(side)
            || style.contains(&format!("text-align:{side}"))
            || class.split_whitespace().any(|word| word == format!("text-{side}"))
    };
    if says("center") {
        Alignment::Center
    } else if says("right") {
        Alignment::Right
    } else if says("left") {
        Alignment::Left
    } else {
        Alignment::None
    }
}
