//! Keeps text from being read as markup, with as few backslashes as that takes.

/// Text within a line.
pub(super) fn text(run: &str) -> String {
    // Most runs are plain words.
    if !run.contains(['\\', '`', '*', '_', '[', ']', '<', '&', '~']) {
        return run.to_owned();
    }
    let characters: Vec<char> = run.chars().collect();
    let tildes = characters.iter().filter(|character| **character == '~').count();
    let mut escaped = String::with_capacity(run.len() + 8);
    for (index, character) in characters.iter().copied().enumerate() {
        let before = index.checked_sub(1).and_then(|at| characters.get(at)).copied();
        let after = characters.get(index + 1).copied();
        let must = match character {
            '\\' => after.is_none_or(|after| after.is_ascii_punctuation()),
            '`' => true,
            '*' => !(is_space(before) && is_space(after)),
            '_' => !is_inside_word(&characters, index),
            '[' => after == Some('^') || after == Some(']'),
            ']' => matches!(after, Some('(' | '[' | ':')),
            '<' => after.is_some_and(|after| after.is_ascii_alphabetic() || matches!(after, '/' | '!' | '?')),
            '&' => starts_entity(&characters, index),
            '~' => tildes > 1,
            _ => false,
        };
        if must {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// Text within the brackets of a link or an image, where brackets count.
pub(super) fn in_brackets(written: &str) -> String {
    let mut escaped = String::with_capacity(written.len());
    let mut before = None;
    for character in written.chars() {
        if matches!(character, '[' | ']') && before != Some('\\') {
            escaped.push('\\');
        }
        escaped.push(character);
        before = Some(character);
    }
    escaped
}

/// The beginnings of the lines of a paragraph: what would begin another block there gets a backslash.
pub(super) fn line_starts(written: &str) -> String {
    let lines: Vec<String> = written.split('\n').map(line_start).collect();
    lines.join("\n")
}

fn line_start(line: &str) -> String {
    let marked = |mark: char| line.starts_with(mark) && line.get(1..).is_none_or(begins_with_space);
    let hashes = line.len() - line.trim_start_matches('#').len();
    let is_heading = (1..=6).contains(&hashes) && line.get(hashes..).is_none_or(begins_with_space);
    let is_rule = line.len() > 1 && (only(line, '-') || only(line, '='));
    if is_heading
        || line.starts_with('>')
        || marked('-')
        || marked('+')
        || marked('*')
        || is_rule
        || line == "="
    {
        return format!("\\{line}");
    }
    let digits = line.len() - line.trim_start_matches(|digit: char| digit.is_ascii_digit()).len();
    if (1..=9).contains(&digits) {
        let (number, rest) = line.split_at(digits);
        if rest.starts_with(['.', ')']) && rest.get(1..).is_none_or(begins_with_space) {
            return format!("{number}\\{rest}");
        }
    }
    line.to_owned()
}

fn begins_with_space(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with([' ', '\t'])
}

fn only(line: &str, mark: char) -> bool {
    line.chars().all(|character| character == mark)
}

fn is_space(neighbour: Option<char>) -> bool {
    neighbour.is_none_or(char::is_whitespace)
}

/// Underscores between letters, or between spaces, are no emphasis.
fn is_inside_word(characters: &[char], index: usize) -> bool {
    let is_other = |character: &&char| **character != '_';
    let before = characters.get(..index).and_then(|start| start.iter().rev().find(is_other));
    let after = characters.get(index..).and_then(|rest| rest.iter().find(is_other));
    match (before, after) {
        (Some(before), Some(after)) => {
            (before.is_alphanumeric() && after.is_alphanumeric())
                || (before.is_whitespace() && after.is_whitespace())
        }
        _ => false,
    }
}

/// Whether an ampersand begins what Markdown reads as a character reference.
fn starts_entity(characters: &[char], index: usize) -> bool {
    let rest = characters.get(index + 1..).unwrap_or_default();
    let name: String =
        rest.iter().take(32).take_while(|next| next.is_ascii_alphanumeric() || **next == '#').collect();
    !name.is_empty() && rest.get(name.len()) == Some(&';')
}

#[cfg(test)]
mod tests {
    use super::{line_starts, text};

    #[test]
    fn escapes_only_what_would_be_markup() {
        let check = |run: &str, written: &str| assert_eq!(text(run), written);
        check("snake_case and __init__", "snake_case and \\_\\_init\\_\\_");
        check("2 * 3 and *args", "2 * 3 and \\*args");
        check("a < b, Vec<T>, <div>", "a < b, Vec\\<T>, \\<div>");
        check("AT&T &amp; &copy", "AT&T \\&amp; &copy");
        check("[a](b) [c] [^d]", "[a\\](b) [c] \\[^d]");
        check("~5 and ~~x~~", "\\~5 and \\~\\~x\\~\\~");
        check("C:\\dir \\* `x`", "C:\\dir \\\\\\* \\`x\\`");
    }

    #[test]
    fn escapes_what_would_begin_a_block() {
        let check = |line: &str, written: &str| assert_eq!(line_starts(line), written);
        check("# no heading", "\\# no heading");
        check("#hashtag", "#hashtag");
        check("1. first\n2) second", "1\\. first\n2\\) second");
        check("1.5 times", "1.5 times");
        check("- dash\n-dash\n---", "\\- dash\n-dash\n\\---");
        check("> quote", "\\> quote");
    }
}
