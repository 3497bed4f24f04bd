//! Tables that are drawn: grids with all their lines, and simple ones with lines above and below.

use super::blocks;
use super::lines::{dedent, indent_of, is_blank};
use super::names::Names;

/// The largest grid that is read, in letters; each cell of it is looked for by its borders.
const MAX_GRID: usize = 400_000;

/// A cell: its lines, and how many columns and rows it spans.
struct Cell {
    row: usize,
    column: usize,
    rows: usize,
    columns: usize,
    lines: Vec<String>,
}

/// The grid table that the lines begin with, as HTML.
pub(super) fn grid(lines: &[&str], names: &Names, depth: usize) -> Option<(String, usize)> {
    let first = lines.first()?;
    let is_border = |line: &str| {
        line.len() >= 3
            && line.starts_with('+')
            && line.ends_with('+')
            && line.chars().all(|letter| "+-=".contains(letter))
    };
    if !is_border(first) {
        return None;
    }
    let count = lines.iter().take_while(|line| line.starts_with(['+', '|'])).count();
    let drawn: Vec<Vec<char>> = lines.iter().take(count).map(|line| line.chars().collect()).collect();
    if count < 3 || drawn.iter().map(Vec::len).sum::<usize>() > MAX_GRID {
        return None;
    }
    let head = lines.iter().take(count).position(|line| is_border(line) && line.contains('='));
    let cells = cells_of(&drawn)?;
    let header_rows = head.map_or(0, |head| {
        let tops: std::collections::BTreeSet<usize> = cells.iter().map(|(top, ..)| *top).collect();
        tops.iter().filter(|top| **top < head).count()
    });
    let placed = place(&cells, &drawn);
    Some((html(&placed, header_rows, names, depth), count))
}

/// The corners of every cell: top, left, bottom, right. Found as docutils finds them, by following the borders from each
/// corner that is known.
fn cells_of(drawn: &[Vec<char>]) -> Option<Vec<(usize, usize, usize, usize)>> {
    let at =
        |row: usize, column: usize| drawn.get(row).and_then(|line| line.get(column)).copied().unwrap_or(' ');
    let (bottom, right) = (drawn.len() - 1, drawn.first()?.len() - 1);
    let mut done = vec![0_usize; right];
    let mut corners = std::collections::BTreeSet::from([(0, 0)]);
    let mut cells = Vec::new();
    while let Some((top, left)) = corners.pop_first() {
        if top == bottom || left >= right || done.get(left).is_some_and(|row| top < *row) {
            continue;
        }
        let Some((low, far)) = cell_at(&at, (top, left), (bottom, right)) else { continue };
        done.iter_mut().take(far).skip(left).for_each(|row| *row = low);
        cells.push((top, left, low, far));
        corners.insert((top, far));
        corners.insert((low, left));
    }
    cells.sort_unstable();
    (!cells.is_empty()).then_some(cells)
}

/// The lower right corner of the smallest cell from a corner on.
fn cell_at(
    at: &dyn Fn(usize, usize) -> char,
    (top, left): (usize, usize),
    (bottom, right): (usize, usize),
) -> Option<(usize, usize)> {
    if at(top, left) != '+' {
        return None;
    }
    for far in left + 1..=right {
        match at(top, far) {
            '+' => {}
            '-' | '=' => continue,
            _ => return None,
        }
        for low in top + 1..=bottom {
            match at(low, far) {
                '+' => {}
                '|' => continue,
                _ => break,
            }
            let is_closed = (left..=far).all(|column| "+-=".contains(at(low, column)))
                && (top..=low).all(|row| "+|".contains(at(row, left)));
            if is_closed && at(low, left) == '+' {
                return Some((low, far));
            }
        }
    }
    None
}

/// The cells by row and column.
fn place(cells: &[(usize, usize, usize, usize)], drawn: &[Vec<char>]) -> Vec<Cell> {
    let mut tops: Vec<usize> = cells.iter().map(|(top, ..)| *top).collect();
    let mut lefts: Vec<usize> = cells.iter().map(|(_, left, ..)| *left).collect();
    for list in [&mut tops, &mut lefts] {
        list.sort_unstable();
        list.dedup();
    }
    let index = |list: &[usize], value: usize| list.iter().take_while(|known| **known < value).count();
    let cell = |(top, left, low, far): &(usize, usize, usize, usize)| {
        let inside = drawn.get(top + 1..*low).unwrap_or_default().iter();
        let text = |line: &Vec<char>| {
            line.get(left + 1..(*far).min(line.len())).unwrap_or_default().iter().collect::<String>()
        };
        Cell {
            row: index(&tops, *top),
            column: index(&lefts, *left),
            rows: index(&tops, *low) - index(&tops, *top),
            columns: index(&lefts, *far) - index(&lefts, *left),
            lines: inside.map(text).map(|text| text.trim_end().to_owned()).collect(),
        }
    };
    cells.iter().map(cell).collect()
}

/// The simple table that the lines begin with, as HTML.
pub(super) fn simple(lines: &[&str], names: &Names, depth: usize) -> Option<(String, usize)> {
    let first = lines.first()?;
    let is_border =
        |line: &str| line.starts_with('=') && line.chars().all(|letter| letter == '=' || letter == ' ');
    if !is_border(first) || !first.contains(' ') || first.len() < 3 {
        return None;
    }
    let borders: Vec<usize> =
        (1..lines.len()).filter(|at| lines.get(*at).is_some_and(|line| is_border(line))).collect();
    // One border below where there is no header, else two; a blank line, or the end, comes after the last.
    let ends = |at: &usize| lines.get(at + 1).is_none_or(|line| is_blank(line));
    let place = borders.iter().take(2).position(ends)?;
    let end = *borders.get(place)?;
    let head = (place == 1).then(|| borders.first().copied()).flatten();
    let columns = columns_of(first);
    let mut rows: Vec<(Vec<Vec<String>>, bool)> = Vec::new();
    let mut is_split = true;
    for (at, line) in lines.iter().enumerate().take(end).skip(1) {
        let is_rule = is_border(line)
            || (line.starts_with('-') && line.chars().all(|letter| letter == '-' || letter == ' '));
        if is_rule || is_blank(line) {
            // A blank line within a row of several lines is a part of it.
            if is_blank(line)
                && let Some((row, _)) = rows.last_mut()
            {
                row.iter_mut().for_each(|cell| cell.push(String::new()));
            }
            is_split |= is_rule;
            continue;
        }
        let cells = cut(line, &columns);
        let goes_on = !is_split && cells.first().is_some_and(|cell| is_blank(cell)) && !rows.is_empty();
        is_split = false;
        match rows.last_mut() {
            Some((row, _)) if goes_on => {
                row.iter_mut().zip(cells).for_each(|(known, cell)| known.push(cell));
            }
            _ => rows.push((
                cells.into_iter().map(|cell| vec![cell]).collect(),
                head.is_some_and(|head| at < head),
            )),
        }
    }
    let header_rows = rows.iter().filter(|(_, is_head)| *is_head).count();
    let cells = rows.into_iter().enumerate().flat_map(|(row, (cells, _))| {
        let cell =
            move |(column, lines): (usize, Vec<String>)| Cell { row, column, rows: 1, columns: 1, lines };
        cells.into_iter().enumerate().map(cell).collect::<Vec<_>>()
    });
    Some((html(&cells.collect::<Vec<_>>(), header_rows, names, depth), end + 1))
}

/// Where each column begins, in letters.
fn columns_of(border: &str) -> Vec<usize> {
    let letters: Vec<char> = border.chars().collect();
    let starts =
        |at: &usize| letters.get(*at) == Some(&'=') && (*at == 0 || letters.get(at - 1) == Some(&' '));
    (0..letters.len()).filter(starts).collect()
}

/// A line of a simple table by its columns; the last goes on to the end of the line. Text over the border between two
/// columns spans them, and stands in the first.
fn cut(line: &str, columns: &[usize]) -> Vec<String> {
    let letters: Vec<char> = line.chars().collect();
    let mut cells = Vec::new();
    let mut from = 0;
    for at in 0..columns.len() {
        let end = columns.get(at + 1).copied().unwrap_or(letters.len());
        let spans =
            end > 0 && letters.get(end - 1).is_some_and(|before| *before != ' ') && end < letters.len();
        if spans {
            cells.push(None);
            continue;
        }
        let text: String =
            letters.get(from.min(letters.len())..end.min(letters.len())).unwrap_or_default().iter().collect();
        let skipped = cells.iter().rev().take_while(|cell: &&Option<String>| cell.is_none()).count();
        let place = cells.len() - skipped;
        cells.insert(place, Some(text.trim_end().to_owned()));
        from = end;
    }
    let indented = cells.into_iter().map(Option::unwrap_or_default);
    indented.collect()
}

/// Writes cells as a table.
fn html(cells: &[Cell], header_rows: usize, names: &Names, depth: usize) -> String {
    let mut table = String::from("<table>\n");
    let rows = cells.iter().map(|cell| cell.row + 1).max().unwrap_or(0);
    for row in 0..rows {
        let is_head = row < header_rows;
        if row == 0 && is_head {
            table.push_str("<thead>\n");
        } else if row == header_rows {
            table.push_str("<tbody>\n");
        }
        table.push_str("<tr>");
        let mut own: Vec<&Cell> = cells.iter().filter(|cell| cell.row == row).collect();
        own.sort_by_key(|cell| cell.column);
        for cell in own {
            let name = if is_head { "th" } else { "td" };
            let span = |word: &str, count: usize| {
                if count > 1 { format!(" {word}=\"{count}\"") } else { String::new() }
            };
            table.push_str(&format!(
                "<{name}{}{}>",
                span("rowspan", cell.rows),
                span("colspan", cell.columns)
            ));
            let lines: Vec<&str> = cell.lines.iter().map(String::as_str).collect();
            blocks::write(&unmargined(&lines), names, depth + 1, &mut table);
            table.push_str(&format!("</{name}>"));
        }
        table.push_str("</tr>\n");
        if is_head && row + 1 == header_rows {
            table.push_str("</thead>\n");
        }
    }
    table.push_str(if rows > header_rows { "</tbody>\n</table>\n" } else { "</table>\n" });
    table
}

/// The lines of a cell without its margin. In a simple table, the first line may stand further left than the rest.
fn unmargined<'a>(lines: &[&'a str]) -> Vec<&'a str> {
    let lines = dedent(lines);
    let is_ragged = lines.first().is_some_and(|line| indent_of(line) > 0);
    if is_ragged { lines.iter().map(|line| line.trim_start()).collect() } else { lines }
}
