//! Quoting a page's own words: inlines as one line of Markdown, first sentences, shortening at word borders.

use crate::document::Inline;

/// Abbreviations whose full stop ends no sentence.
const ABBREVIATIONS: [&str; 10] =
    ["e.g.", "i.e.", "etc.", "vs.", "cf.", "approx.", "incl.", "no.", "fig.", "al."];

/// The inlines as Markdown on one line; links and images are left as their text, so that the quotation stands alone.
pub fn inline_markdown(inlines: &[Inline]) -> String {
    let mut text = String::new();
    push_inlines(inlines, &mut text);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn push_inlines(inlines: &[Inline], text: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(run) => text.push_str(&escape(run)),
            Inline::Code(run) | Inline::Keyboard(run) => text.push_str(&code_span(run)),
            Inline::Math(run) => {
                text.push('$');
                text.push_str(run);
                text.push('$');
            }
            // Emphasis is dropped: a quotation that is cut would leave it open.
            Inline::Emphasis(content)
            | Inline::Strong(content)
            | Inline::Strikethrough(content)
            | Inline::Subscript(content)
            | Inline::Superscript(content)
            | Inline::Link { content, .. } => push_inlines(content, text),
            Inline::Break => text.push(' '),
            Inline::Image { .. } | Inline::FootnoteReference(_) => {}
        }
    }
}

/// Plain text in which nothing reads as Markdown. An underscore within a word is text already.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    let mut before = ' ';
    while let Some(character) = characters.next() {
        let inside = before.is_alphanumeric() && characters.peek().is_some_and(|next| next.is_alphanumeric());
        if matches!(character, '\\' | '*' | '`' | '[' | ']' | '<' | '|') || (character == '_' && !inside) {
            escaped.push('\\');
        }
        escaped.push(character);
        before = character;
    }
    escaped
}

/// A code span that holds the text whatever backticks are in it.
pub fn code_span(text: &str) -> String {
    let fence = if text.contains("``") { "```" } else { "``" };
    if text.contains('`') { format!("{fence} {text} {fence}") } else { format!("`{text}`") }
}

/// The first sentence of a text, at most `longest` characters.
pub fn first_sentence(text: &str, longest: usize) -> String {
    let text = text.trim();
    shorten(text.get(..sentence_end(text)).unwrap_or(text), longest)
}

/// As many whole sentences from the start as fit in `longest` characters; at least a shortened first one.
pub fn first_sentences(text: &str, longest: usize) -> String {
    let text = text.trim();
    let mut end = 0;
    while end < text.len() {
        let next = end + sentence_end(&text[end..]);
        if text[..next].chars().count() > longest {
            break;
        }
        end = next;
    }
    if end == 0 { first_sentence(text, longest) } else { text[..end].trim().to_owned() }
}

/// The sentences of a text in order, each without the space around it.
pub fn sentences(text: &str) -> Vec<&str> {
    let mut rest = text.trim();
    let mut found = Vec::new();
    while !rest.is_empty() {
        let (sentence, after) = rest.split_at(sentence_end(rest));
        found.push(sentence.trim());
        rest = after.trim_start();
    }
    found
}

/// Where the first sentence ends, in bytes; the length of the text when it is all one.
fn sentence_end(text: &str) -> usize {
    let mut in_code = false;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let end = at + character.len_utf8();
        match character {
            '`' => in_code = !in_code,
            '。' | '！' | '？' if !in_code => return end,
            '.' | '!' | '?' if !in_code && ends_here(text, end, characters.peek().map(|(_, next)| *next)) => {
                return end;
            }
            _ => {}
        }
    }
    text.len()
}

fn ends_here(text: &str, end: usize, next: Option<char>) -> bool {
    if !next.is_none_or(char::is_whitespace) {
        return false;
    }
    let word = text[..end].rsplit(|character: char| character.is_whitespace() || character == '(').next();
    let word = word.unwrap_or_default().to_lowercase();
    !ABBREVIATIONS.contains(&word.as_str()) && word.len() > 2
}

/// At most `longest` characters, cut between words with an ellipsis, never within a code span.
pub fn shorten(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.trim().to_owned();
    }
    let cut: String = text.chars().take(longest.saturating_sub(1)).collect();
    let mut kept = cut.rsplit_once(char::is_whitespace).map_or(cut.as_str(), |(before, _)| before);
    if kept.matches('`').count() % 2 == 1 {
        kept = kept.rsplit_once('`').map_or(kept, |(before, _)| before);
    }
    format!("{}…", kept.trim_end_matches([' ', ',', ';', ':', '(', '-', '\\']))
}

#[cfg(test)]
mod tests {
    use super::{first_sentence, first_sentences, inline_markdown, shorten};
    use crate::document::Inline;

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        let check = |text: &str, sentence: &str| assert_eq!(first_sentence(text, 60), sentence);
        check("One. Two.", "One.");
        check("Use e.g. `a. b` for v1.2 files. Then go.", "Use e.g. `a. b` for v1.2 files.");
        check("No end", "No end");
        check("训练模型。然后", "训练模型。");
        check(&"word ".repeat(30), "word word word word word word word word word word word…");
    }

    #[test]
    fn sentences_fit_whole() {
        assert_eq!(first_sentences("One here. Two here. Three here.", 20), "One here. Two here.");
        assert_eq!(shorten("see `a very long code span` now", 20), "see…");
    }

    #[test]
    fn inlines_are_one_line_without_links() {
        let inlines = [
            Inline::Text("Use *x* with ".into()),
            Inline::Link { url: "https://d.example".into(), content: vec![Inline::Code("fit()".into())] },
            Inline::Break,
            Inline::Strong(vec![Inline::Text("now".into())]),
        ];
        assert_eq!(inline_markdown(&inlines), "Use \\*x\\* with `fit()` now");
    }
}
