//! Lines and their indentation, which is what reStructuredText is made of.

/// The text with tabs as the spaces that they stand for (eight columns).
pub(super) fn without_tabs(text: &str) -> String {
    if !text.contains(['\t', '\u{b}', '\u{c}']) {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut column = 0;
    for letter in text.chars() {
        match letter {
            '\t' => {
                let width = 8 - column % 8;
                plain.push_str(&" ".repeat(width));
                column += width;
            }
            '\n' => {
                plain.push('\n');
                column = 0;
            }
            '\u{b}' | '\u{c}' => plain.push(' '),
            other => {
                plain.push(other);
                column += 1;
            }
        }
    }
    plain
}

pub(super) fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// Whether a line is blank; no line ends with white space here, so that only a blank one can.
pub(super) fn is_blank(line: &str) -> bool {
    line.as_bytes().last().is_none_or(u8::is_ascii_whitespace)
}

/// How many lines from the first on are indented by at least `least`, blank ones between them included.
pub(super) fn count_indented(lines: &[&str], least: usize) -> usize {
    let mut end = 0;
    for (at, line) in lines.iter().enumerate() {
        if is_blank(line) {
            continue;
        }
        if indent_of(line) < least {
            break;
        }
        end = at + 1;
    }
    end
}

/// The lines without the indentation that all of them share.
pub(super) fn dedent<'a>(lines: &[&'a str]) -> Vec<&'a str> {
    let least = lines.iter().filter(|line| !is_blank(line)).map(|line| indent_of(line)).min().unwrap_or(0);
    let mut found: Vec<&str> = lines.iter().map(|line| line.get(least..).unwrap_or_default()).collect();
    while found.last().is_some_and(|line| is_blank(line)) {
        found.pop();
    }
    let start = found.iter().take_while(|line| is_blank(line)).count();
    found.drain(..start);
    found
}

/// The content of an item whose mark takes `width` columns: the rest of its line and the lines indented below. Returns
/// it with the number of lines taken.
pub(super) fn item<'a>(lines: &[&'a str], width: usize) -> (Vec<&'a str>, usize) {
    let Some((first, rest)) = lines.split_first() else { return (Vec::new(), 0) };
    let head = first.get(width.min(first.len())..).unwrap_or_default().trim_start();
    // Where the mark stands alone, the next line says how far the content is indented.
    let least = if head.is_empty() { 1 } else { width.min(first.len()) };
    let below = count_indented(rest, least.max(1));
    let body = rest.get(..below).unwrap_or_default();
    let deep = body.iter().filter(|line| !is_blank(line)).map(|line| indent_of(line)).min().unwrap_or(0);
    let deep = if head.is_empty() { deep } else { deep.min(width) };
    let mut content = vec![head];
    content.extend(body.iter().map(|line| line.get(deep.min(indent_of(line))..).unwrap_or_default()));
    if head.is_empty() {
        content.remove(0);
    }
    (content, below + 1)
}
