//! Fenced code.

use crate::document::{CodeBlock, Inline};
use crate::markdown::inline;

/// A block of code behind a fence that is longer than any run of backticks in it.
///
/// A caption goes where MkDocs and Docusaurus have it, behind the language; without a language it stands in bold above,
/// since the first word behind a fence is always read as the language.
pub(super) fn write(block: &CodeBlock) -> String {
    let fence = "`".repeat(longest_run(&block.text, '`').max(2) + 1);
    // A backtick may not stand on the line of the fence.
    let on_fence = |text: &str| text.replace('`', "'").replace('\n', " ").trim().to_owned();
    let language = block.language.as_deref().map(on_fence).unwrap_or_default();
    let caption = block.caption.as_deref().map(str::trim).filter(|caption| !caption.is_empty());
    match caption {
        Some(caption) if !language.is_empty() => {
            let title = on_fence(caption).replace('"', "'").replace('\\', "/");
            format!("{fence}{language} title=\"{title}\"\n{}\n{fence}", block.text)
        }
        Some(caption) => {
            let caption = vec![Inline::Strong(vec![Inline::Text(caption.to_owned())])];
            format!("{}\n\n{fence}\n{}\n{fence}", inline::write_line(&caption), block.text)
        }
        None => format!("{fence}{language}\n{}\n{fence}", block.text),
    }
}

/// The length of the longest run of a character.
pub(super) fn longest_run(text: &str, wanted: char) -> usize {
    let (mut longest, mut current) = (0, 0);
    for character in text.chars() {
        current = if character == wanted { current + 1 } else { 0 };
        longest = longest.max(current);
    }
    longest
}
