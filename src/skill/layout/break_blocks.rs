//! Breaks blocks that no file could hold, so that the cap on tokens holds for whatever a page is made of.
//!
//! It is the last resort. A table goes on with its header repeated, a code block in a second fence of the same language,
//! at an empty line where there is one; an item or quotation that is larger than a file lends its content to the page.
//! Everything else stays as it is, to the byte.

use crate::skill::text::blocks::{BlockKind, MarkdownBlock, blocks};
use crate::skill::text::tokens::tokens;

/// How much a block may hold, in tokens.
#[derive(Clone, Copy, Debug)]
pub struct BlockLimit {
    /// A code block, table or paragraph beyond this is broken.
    pub whole: usize,
    /// Its pieces are at most this.
    pub piece: usize,
}

/// How deep quotations and lists are opened; what is nested deeper is broken as plain text.
const DEEPEST: usize = 24;

/// The text with every block that is over the limit broken.
pub fn break_blocks(markdown: &str, limit: BlockLimit) -> String {
    broken(markdown, limit, 0)
}

fn broken(markdown: &str, limit: BlockLimit, depth: usize) -> String {
    // No text has more tokens than bytes, so most pages are not even counted.
    if markdown.len() <= limit.whole {
        return markdown.to_owned();
    }
    let mut text = String::with_capacity(markdown.len());
    for block in blocks(markdown) {
        let source = markdown.get(block.range.clone()).unwrap_or_default();
        if source.len() <= limit.whole || tokens(source) <= limit.whole {
            text.push_str(source);
            continue;
        }
        let pieces = match block.kind {
            BlockKind::Code => code(source, limit.piece),
            BlockKind::Table => table(source, limit.piece),
            BlockKind::List if depth < DEEPEST => items(markdown, &block, limit, depth),
            BlockKind::Quote if depth < DEEPEST => vec![broken(&unquoted(source), limit, depth + 1)],
            _ => pack(&sentences(source), limit.piece, "").collect(),
        };
        for piece in pieces {
            text.push_str(piece.trim_matches('\n'));
            text.push_str("\n\n");
        }
    }
    text
}

/// A list whose large items are opened: what they say stands at the margin, between the lists of the others.
fn items(markdown: &str, list: &MarkdownBlock, limit: BlockLimit, depth: usize) -> Vec<String> {
    let ends = list.items.iter().skip(1).copied().chain([list.range.end]);
    let mut pieces = Vec::new();
    let mut small = String::new();
    for (start, end) in list.items.iter().zip(ends) {
        let item = markdown.get(*start..end).unwrap_or_default();
        if item.len() <= limit.whole || tokens(item) <= limit.whole {
            small.push_str(item);
        } else {
            pieces.push(std::mem::take(&mut small));
            pieces.push(broken(&opened(item), limit, depth + 1));
        }
    }
    pieces.push(small);
    pieces.retain(|piece| !piece.trim().is_empty());
    pieces
}

/// The content of a list's item without the mark and the margin.
fn opened(item: &str) -> String {
    let mark = item.find(|character: char| character.is_whitespace()).unwrap_or(item.len());
    let rest = item.get(mark..).unwrap_or_default();
    let margin = mark + (rest.len() - rest.trim_start_matches(' ').len()).clamp(1, 4);
    let mut lines = item.lines();
    let mut text = lines.next().and_then(|line| line.get(mark..)).unwrap_or_default().trim_start().to_owned();
    for line in lines {
        let indent = line.len() - line.trim_start_matches(' ').len();
        text.push('\n');
        text.push_str(line.get(indent.min(margin)..).unwrap_or_default());
    }
    text
}

/// The content of a quotation without its marks.
fn unquoted(quote: &str) -> String {
    let line = |line: &str| {
        let rest = line.trim_start_matches(' ').strip_prefix('>').unwrap_or(line);
        rest.strip_prefix(' ').unwrap_or(rest).to_owned()
    };
    quote.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// A fenced code block as several.
fn code(source: &str, piece: usize) -> Vec<String> {
    let mut lines: Vec<&str> = source.trim_end().split_inclusive('\n').collect();
    let opening = lines.first().copied().unwrap_or_default().trim_end().to_owned();
    let mark = opening.chars().next().filter(|mark| matches!(mark, '`' | '~'));
    let Some(mark) = mark else {
        // Code by its margin has no fence to repeat; each of its lines bears the margin.
        return pack(&lines, piece, "").collect();
    };
    let fence: String = opening.chars().take_while(|character| *character == mark).collect();
    lines.remove(0);
    if lines.last().is_some_and(|line| line.trim() == fence) {
        lines.pop();
    }
    let room = piece.saturating_sub(tokens(&opening) + 4).max(1);
    let paragraphs = paragraphs(&lines, room);
    let parts = paragraphs.iter().map(String::as_str).collect::<Vec<_>>();
    pack(&parts, room, "").map(|part| format!("{opening}\n{}\n{fence}", part.trim_matches('\n'))).collect()
}

/// Runs of lines up to an empty one; a run that is too large is left as its lines.
fn paragraphs(lines: &[&str], room: usize) -> Vec<String> {
    let mut runs = Vec::new();
    for run in lines.split_inclusive(|line| line.trim().is_empty()) {
        let text = run.concat();
        if tokens(&text) <= room {
            runs.push(text);
        } else {
            runs.extend(run.iter().map(|line| (*line).to_owned()));
        }
    }
    runs
}

/// A table as several with the same header.
fn table(source: &str, piece: usize) -> Vec<String> {
    let lines: Vec<&str> = source.trim_end().split_inclusive('\n').collect();
    let Some((head, rows)) = lines.split_at_checked(2) else { return pack(&lines, piece, "").collect() };
    let header = head.concat();
    let room = piece.saturating_sub(tokens(&header));
    // Beside a header that fills the piece no row has room, nor has a row in which a cell is as large.
    if room < piece / 4 || rows.iter().any(|row| row.len() > room && tokens(row) > room) {
        return pack(&sentences(source), piece, "").collect();
    }
    pack(rows, room, "").map(|rows| format!("{header}{rows}")).collect()
}

/// The lines of a text, long ones cut behind the ends of sentences.
fn sentences(source: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    for line in source.split_inclusive('\n') {
        let mut start = 0;
        for (at, _) in line.match_indices(". ") {
            parts.extend(line.get(start..at + 2));
            start = at + 2;
        }
        parts.extend(line.get(start..).filter(|rest| !rest.is_empty()));
    }
    parts
}

/// Packs parts into pieces of at most `room` tokens; a part that is larger is cut between words, or wherever it must be.
fn pack<'a>(parts: &[&'a str], room: usize, between: &'a str) -> impl Iterator<Item = String> + use<> {
    let mut pieces: Vec<String> = Vec::new();
    let mut open = String::new();
    let mut held = 0;
    let mut small = Vec::new();
    for part in parts {
        cut_to(part, room, &mut small);
    }
    for (part, size) in small {
        if held + size > room && !open.is_empty() {
            pieces.push(std::mem::take(&mut open));
            held = 0;
        }
        open.push_str(part);
        open.push_str(between);
        held += size;
    }
    pieces.push(open);
    pieces.into_iter().filter(|piece| !piece.trim().is_empty())
}

/// Halves a part, at a space near its middle where there is one, until each half has room.
fn cut_to<'a>(part: &'a str, room: usize, cut: &mut Vec<(&'a str, usize)>) {
    let size = tokens(part);
    let middle = part.floor_char_boundary(part.len() / 2);
    if size <= room || middle == 0 {
        cut.push((part, size));
        return;
    }
    let space = part.get(..middle).and_then(|half| half.rfind(' ')).map(|at| at + 1);
    let at = space.filter(|at| *at > part.len() / 4).unwrap_or(middle);
    let (left, right) = part.split_at(at);
    cut_to(left, room, cut);
    cut_to(right, room, cut);
}

#[cfg(test)]
mod tests {
    use super::{BlockLimit, break_blocks};
    use crate::skill::text::blocks::blocks;
    use crate::skill::text::tokens::tokens;

    const LIMIT: BlockLimit = BlockLimit { whole: 400, piece: 200 };

    /// Every block of the result is within the limit, and the words are all there in their order.
    fn check(markdown: &str) -> String {
        let broken = break_blocks(markdown, LIMIT);
        for block in blocks(&broken) {
            let source = &broken[block.range.clone()];
            let starts = block.items.iter().copied().chain([block.range.end]).collect::<Vec<_>>();
            let largest = starts.windows(2).map(|item| tokens(&broken[item[0]..item[1]])).max();
            let size = largest.unwrap_or_else(|| tokens(source));
            assert!(size <= LIMIT.whole, "{size} tokens in {:?}: {source}", block.kind);
        }
        broken
    }

    #[test]
    fn code_goes_on_in_a_fence_of_its_language() {
        let function = |number: usize| format!("def f{number}(x):\n    return x + {number}\n");
        let all: Vec<String> = (0..60).map(function).collect();
        let broken = check(&format!("Before\n\n```python\n{}```\n\nAfter\n", all.join("\n")));
        assert!(broken.starts_with("Before\n\n```python\ndef f0"));
        assert!(broken.matches("```python\n").count() > 2);
        assert!(all.iter().all(|function| broken.contains(function)), "no function is torn");
        assert!(broken.ends_with("```\n\nAfter\n"));
    }

    #[test]
    fn a_table_repeats_its_header() {
        let rows: Vec<String> = (0..300).map(|number| format!("| key{number} | what it does |\n")).collect();
        let broken = check(&format!("| key | meaning |\n| --- | --- |\n{}", rows.concat()));
        let headers = broken.matches("| key | meaning |\n| --- | --- |\n").count();
        assert!(headers > 5);
        assert!(rows.iter().all(|row| broken.contains(row.trim_end())));
    }

    #[test]
    fn a_large_item_lends_its_content_to_the_page() {
        let method = |number: usize| format!("  - `method{number}()`\n\n    It does thing {number}.\n\n");
        let methods: Vec<String> = (0..80).map(method).collect();
        let broken = check(&format!("- `class A`\n\n  About it.\n\n{}- `class B`\n", methods.concat()));
        assert!(broken.starts_with("`class A`\n\nAbout it.\n\n- `method0()`\n\n  It does thing 0.\n"));
        assert!(broken.contains("\n- `class B`"));
    }

    #[test]
    fn what_has_no_border_at_all_is_cut_all_the_same() {
        check(&"word ".repeat(4_000));
        check(&"x".repeat(20_000));
        check(&format!("```\n{}\n```\n", "ab+/".repeat(5_000)));
        check(&format!("> {}\n", "quoted words. ".repeat(900)));
        check(&format!("| a |\n| - |\n| {} |\n", "cell ".repeat(2_000)));
        check(&format!("# {}\n", "heading ".repeat(2_000)));
        check(&format!("{}deep\n", "> ".repeat(3_000)));
    }

    #[test]
    fn what_fits_is_left_to_the_byte() {
        let markdown = "# A\n\n1. one\n2. two\n\n```\nx\n```\n";
        assert_eq!(break_blocks(markdown, LIMIT), markdown);
    }
}
